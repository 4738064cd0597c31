/** Who acts: a development account by its name, or Keplr on a real chain; what he has, and on the embedded chain the faucet. */
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { useBalance, useConfig, useSdusd, type Collateral } from "../data/reads.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Form, TextField } from "../ui/field.tsx";
import { Fact, Facts } from "../ui/pieces.tsx";
import { Refusal } from "../ui/states.tsx";
import { Development } from "./development.tsx";
import { hasKeplr, signInByKeplr } from "./keplr.ts";
import { account, connection, signInAs, signOut } from "./session.ts";

const open = signal(false);

export function signIn(): void {
  open.value = true;
}

/** In place of what needs an account. */
export function SignInPrompt({ what }: { what: string }) {
  return (
    <p class="empty">
      <button type="button" class="button small main" onClick={signIn}>
        Sign in
      </button>{" "}
      to {what}.
    </p>
  );
}

export function AccountDialog() {
  if (!open.value || !connection.value) return null;
  const close = () => {
    open.value = false;
  };
  return (
    <Dialog title={account.value ? "Account" : "Sign in"} onClose={close}>
      {account.value ? <Holdings onClose={close} /> : <SignIn onClose={close} />}
    </Dialog>
  );
}

function SignIn({ onClose }: { onClose(): void }) {
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const { mode, development_mnemonic } = useConfig();
  const named = mode === "embedded" || development_mnemonic !== null;
  const become = async (how: () => Promise<void>) => {
    setBusy(true);
    setProblem(null);
    try {
      await how();
      onClose();
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Form onSubmit={() => name.trim() && void become(() => signInAs(name.trim()))}>
      <div class="dialog-body form">
        {mode === "chain" && hasKeplr() && (
          <button type="button" class="button full main" disabled={busy} onClick={() => void become(signInByKeplr)}>
            Sign in with Keplr
          </button>
        )}
        {mode === "chain" && !hasKeplr() && !named && <p>Install the Keplr extension to sign in on this chain.</p>}
        {named && (
          <TextField
            label="Development account"
            name="account-name"
            value={name}
            onValue={setName}
            placeholder="anna"
            hint="Any name is an account. Its key is public: it is for trying things out, and holds no money."
          />
        )}
        {problem !== null && <Refusal lead="Not signed in." why={problem} />}
      </div>
      <div class="dialog-end">
        <button type="button" class="button" onClick={onClose}>
          Cancel
        </button>
        {named && (
          <button type="submit" class="button main" disabled={busy || name.trim() === ""}>
            Sign in
          </button>
        )}
      </div>
    </Form>
  );
}

function Holding({ collateral, address }: { collateral: Collateral; address: string }) {
  const { answer, path } = useBalance(collateral.token, address);
  return <Fact name={collateral.symbol} of={answer} at={path} as="amount" decimals={collateral.decimals} />;
}

function Holdings({ onClose }: { onClose(): void }) {
  const { name, address } = account.value!;
  const { collaterals, mode } = useConfig();
  const sdusd = useSdusd(address);
  return (
    <>
      <div class="dialog-body">
        <p>
          <strong>{name}</strong>
          <br />
          <span class="address muted">{address}</span>
        </p>
        <Facts>
          <Fact name="sdUSD" of={sdusd.answer} at="balance" as="usd" digits={6} />
          {collaterals.map((collateral) => (
            <Holding key={collateral.symbol} collateral={collateral} address={address} />
          ))}
        </Facts>
        {mode === "embedded" && <Development />}
      </div>
      <div class="dialog-end">
        <button
          type="button"
          class="button"
          onClick={() => {
            signOut();
            onClose();
          }}
        >
          Sign out
        </button>
        <button type="button" class="button main" onClick={onClose}>
          Close
        </button>
      </div>
    </>
  );
}
