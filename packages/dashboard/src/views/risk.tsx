/** What can go wrong, for whom, and how near that is; and what anybody can do about it. */
import { Auctions } from "./risk/auctions.tsx";
import { Backstop } from "./risk/backstop.tsx";
import { Providers } from "./risk/providers.tsx";
import { Sales } from "./risk/sales.tsx";
import { Shock } from "./risk/shock.tsx";
import { Traders } from "./risk/traders.tsx";

export default function Risk() {
  return (
    <div class="grid loose">
      <div class="stack span-8">
        <Auctions />
        <Sales />
        <Shock />
      </div>
      <Backstop class="span-4" />
      <Traders class="span-6" />
      <Providers class="span-6" />
    </div>
  );
}
