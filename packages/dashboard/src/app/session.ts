/** What there is one of: the connection, what follows the chain, and who acts. */
import { signal } from "@preact/signals";
import { connect, loadConfig, type Connection, type Signer } from "@sdp/client";
import { Live } from "../data/live.ts";

export interface Actor {
  /** What to call him. */
  name: string;
  address: string;
  signer: Signer;
}

export const connection = signal<Connection | null>(null);
export const live = signal<Live | null>(null);
export const account = signal<Actor | null>(null);
export const failure = signal<unknown>(null);

const key = "sdp.account";

/** `?pause` stops at the first block, `?pause=12` at that one. */
function pauseAt(): number | null {
  const asked = new URLSearchParams(location.search).get("pause");
  return asked === null ? null : Number(asked) || 0;
}

export async function begin(): Promise<void> {
  try {
    const config = await loadConfig();
    const found = await connect(config);
    const following = new Live(found, pauseAt());
    await following.start();
    connection.value = found;
    live.value = following;
    failure.value = null;
    const known = remembered();
    if (known) await signInAs(known).catch(() => forget());
  } catch (error) {
    failure.value = error;
  }
}

/** An account for development, by its name. */
export async function signInAs(name: string): Promise<void> {
  become(await connection.value!.account(name), name);
}

export function become(signer: Signer, remember: string | null): void {
  account.value = { name: signer.label, address: signer.address, signer };
  if (remember !== null) store(remember);
}

export function signOut(): void {
  account.value = null;
  forget();
}

/** Address of a person: as it is, or by a name for development. */
export async function addressOf(text: string): Promise<string> {
  const { config } = connection.value!;
  if (text.startsWith(`${config.prefix}1`)) return text;
  return (await connection.value!.account(text)).address;
}

function store(name: string): void {
  try {
    sessionStorage.setItem(key, name);
  } catch {
    // no storage: until the page is closed
  }
}

function remembered(): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

function forget(): void {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // nothing was stored
  }
}
