/** What an address is called: the contracts by their names, the reader as he is, everybody else shortened. */
import { account } from "../../app/session.ts";
import { useConfig } from "../../data/reads.ts";

export function useNames(): (address: string) => string {
  const { contracts } = useConfig();
  const own = account.value;
  return (address) => {
    if (address === own?.address) return `${own.name} (you)`;
    const contract = Object.entries(contracts).find(([, known]) => known === address)?.[0];
    return contract ?? (address.length > 20 ? `${address.slice(0, 8)}…${address.slice(-5)}` : address);
  };
}
