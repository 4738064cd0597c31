/** Keplr, which signs on real chains: asked only when somebody wants it, and followed when its owner changes to another account. */
import { toast } from "../ui/tx.tsx";
import { explain } from "../words/errors.ts";
import { account, become, connection, signOut } from "./session.ts";

export const hasKeplr = () => "keplr" in window;

/** Address of the account that Keplr has given. */
let given: string | null = null;
/** Counts what Keplr was asked: only the last answer is of the account that it has now. */
let asked = 0;
let hears = false;

export async function signInByKeplr(): Promise<void> {
  const turn = ++asked;
  const { keplrSigner } = await import("@sdp/client/chain");
  const signer = await keplrSigner(connection.value!.config);
  if (turn !== asked) return;
  become(signer, null);
  given = signer.address;
  if (hears) return;
  hears = true;
  window.addEventListener("keplr_keystorechange", () => void change());
}

/** Keplr signs for its new account only: whoever was signed in by it is no more. */
async function change(): Promise<void> {
  const old = account.peek();
  if (old === null || old.address !== given) return;
  try {
    await signInByKeplr();
    const now = account.peek();
    if (now && now.address !== old.address) toast(`Signed in as ${now.name}, as Keplr has changed its account.`);
  } catch (error) {
    if (account.peek()?.address !== old.address) return;
    signOut();
    toast(`Signed out, as Keplr has changed its account: ${explain(error).sentence}`);
  }
}
