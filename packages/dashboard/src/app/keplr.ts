/** Keplr, which signs on real chains: asked only when somebody wants it. */
import { become, connection } from "./session.ts";

export const hasKeplr = () => "keplr" in window;

export async function signInByKeplr(): Promise<void> {
  const { keplrSigner } = await import("@sdp/client/chain");
  become(await keplrSigner(connection.value!.config), null);
}
