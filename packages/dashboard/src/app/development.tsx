/** What only the embedded chain has: a faucet, prices that anybody sets, and a clock that can be put forward. */
import { ServeConnection } from "@sdp/client";
import { useState } from "preact/hooks";
import { useConfig } from "../data/reads.ts";
import { SelectField, TextField } from "../ui/field.tsx";
import { Refusal } from "../ui/states.tsx";
import { toast } from "../ui/tx.tsx";
import { explain } from "../words/errors.ts";
import { account, connection, live } from "./session.ts";

export function Development() {
  const { collaterals, feeds } = useConfig();
  const [token, setToken] = useState(collaterals[0]?.symbol ?? "");
  const [amount, setAmount] = useState("1000");
  const [feed, setFeed] = useState(feeds[0] ?? "");
  const [price, setPrice] = useState("");
  const [seconds, setSeconds] = useState("3600");
  const [problem, setProblem] = useState<string | null>(null);
  const chain = connection.value;
  if (!(chain instanceof ServeConnection)) return null;
  const act = async (how: () => Promise<unknown>, said: string) => {
    try {
      await how();
      setProblem(null);
      toast(said);
      await live.value?.catchUp();
    } catch (error) {
      setProblem(explain(error).sentence);
    }
  };
  const options = (names: string[]) => names.map((name) => ({ value: name, label: name }));
  return (
    <details>
      <summary class="muted">Development: faucet, prices, clock</summary>
      <div class="form development">
        <div class="pair">
          <SelectField
            label="Token"
            name="give-token"
            value={token}
            options={options(collaterals.map(({ symbol }) => symbol))}
            onValue={setToken}
          />
          <TextField label="Whole tokens" name="give-amount" value={amount} onValue={setAmount} />
        </div>
        <button
          type="button"
          class="button full"
          onClick={() =>
            void act(() => chain.give(account.value!.name, token, amount), `${amount} ${token} are in the wallet.`)
          }
        >
          Get tokens
        </button>
        <div class="pair">
          <SelectField label="Feed" name="price-feed" value={feed} options={options(feeds)} onValue={setFeed} />
          <TextField label="Price, USD" name="price" value={price} onValue={setPrice} />
        </div>
        <button
          type="button"
          class="button full"
          disabled={price === ""}
          onClick={() =>
            void act(() => chain.setPrice(feed, price), `Publishers report ${feed} at ${price} from now on.`)
          }
        >
          Set price
        </button>
        <TextField label="Seconds" name="skip" value={seconds} onValue={setSeconds} />
        <button
          type="button"
          class="button full"
          onClick={() => void act(() => chain.skip(Number(seconds)), `${seconds} seconds have passed.`)}
        >
          Put the clock forward
        </button>
        {problem && <Refusal why={problem} />}
      </div>
    </details>
  );
}
