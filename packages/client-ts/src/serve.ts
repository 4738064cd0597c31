/** The embedded chain behind `sdp serve`. */
import { fromBase64 } from "./bytes.ts";
import type { Config } from "./config.ts";
import type { AsOf, Block, Connection, Message, Outcome, Sample, Signer, Transaction } from "./connection.ts";
import { SdpError, type Kind } from "./errors.ts";
import { UnknownOutcome } from "./sent.ts";
import { PATIENCE, within } from "./within.ts";

/** Milliseconds between two looks for a new block, where there are no server-sent events. */
const POLL = 1_000;

/** Milliseconds for what makes blocks: they take the time that they take. */
const MAKING = 120_000;

const kinds: readonly Kind[] = ["refused", "setup", "panicked"];

export class ServeConnection implements Connection {
  private readonly base: string;

  /** `base` is the server's address, that of the page by default. */
  constructor(
    readonly config: Config,
    base = "",
  ) {
    this.base = base.replace(/\/$/, "");
  }

  block(): Promise<Block> {
    return this.get("block");
  }

  async query<T>(contract: string, query: object, height: number | null = null): Promise<T> {
    return (await this.ask<T>(contract, query, height)).data;
  }

  ask<T>(contract: string, query: object, height: number | null = null): Promise<AsOf<T>> {
    return this.post("query", { contract, query, height });
  }

  /** The chain keeps the present only: at another height it is a miss. */
  async raw(contract: string, key: string, height: number | null = null): Promise<AsOf<Uint8Array | null>> {
    const { data, ...block } = await this.post<AsOf<string | null>>("raw", { contract, key });
    present(block.height, height);
    return { data: data === null ? null : fromBase64(data), ...block };
  }

  async balance(address: string, denom: string, height: number | null = null): Promise<AsOf<string>> {
    const { amount, ...block } = await this.post<{ amount: string } & Block>("balance", { address, denom });
    present(block.height, height);
    return { data: amount, ...block };
  }

  subscribe(onBlock: (block: Block) => void): () => void {
    if (typeof EventSource === "undefined") return this.poll(onBlock);
    const source = new EventSource(`${this.base}/api/stream`);
    source.addEventListener("block", (event) => onBlock(JSON.parse((event as MessageEvent<string>).data) as Block));
    return () => source.close();
  }

  private poll(onBlock: (block: Block) => void): () => void {
    let last = 0;
    const timer = setInterval(() => {
      this.block().then(
        (block) => {
          if (block.height > last) onBlock(block);
          last = block.height;
        },
        // The next look may find it again.
        () => {},
      );
    }, POLL);
    return () => clearInterval(timer);
  }

  async history(): Promise<Sample[]> {
    return (await this.get<{ samples: Sample[] }>("history")).samples;
  }

  async events(address: string | null = null, since = 0): Promise<Transaction[]> {
    const of = new URLSearchParams({ since: String(since), ...(address === null ? {} : { address }) });
    return (await this.get<{ transactions: Transaction[] }>(`events?${of}`)).transactions;
  }

  async account(name: string): Promise<Signer> {
    const { address } = await this.get<{ address: string }>(`address/${encodeURIComponent(name)}`);
    return { address, label: name };
  }

  async broadcast(signer: Signer, messages: readonly Message[]): Promise<Outcome> {
    // asked before anything leaves: by this a transaction is known whose answer is lost, as this chain has no hashes
    const before = await this.events(signer.address);
    try {
      const body = { sender: signer.label, messages };
      const outcome = await this.post<Omit<Outcome, "hash">>("broadcast", body, MAKING);
      return { ...outcome, hash: null };
    } catch (error) {
      // an answer of the server's own is one that says no
      if (!(error instanceof SdpError) || error.kind !== "network") throw error;
      throw new UnknownOutcome(null, () => this.newer(signer.address, before), error);
    }
  }

  /** The first transaction of an account that it did not have then. */
  private async newer(address: string, before: readonly Transaction[]): Promise<Outcome | null> {
    const since = before[0]?.height ?? 0;
    const own = (found: readonly Transaction[]) =>
      found.filter(({ sender, height }) => sender === address && height >= since);
    const found = own(await this.events(address, since)).at(-1 - own(before).length);
    return found ? { height: found.height, time: found.time, events: found.events, gas_used: null, hash: null } : null;
  }

  /** Development: whole tokens out of nothing. */
  async give(account: string, token: string, amount: string): Promise<Block> {
    return this.post("give", { account, token, amount }, MAKING);
  }

  /** Development: publishers report this price from now on. */
  async setPrice(feed: string, price: string): Promise<Block> {
    return this.post("price", { feed, price }, MAKING);
  }

  /** Development: lets block time pass. */
  async skip(seconds: number): Promise<Block> {
    return this.post("skip", { seconds }, MAKING);
  }

  private get<T>(path: string): Promise<T> {
    return this.fetch(path, {}, PATIENCE);
  }

  private post<T>(path: string, body: unknown, patience = PATIENCE): Promise<T> {
    const headers = { "content-type": "application/json" };
    return this.fetch(path, { method: "POST", headers, body: JSON.stringify(body) }, patience);
  }

  private async fetch<T>(path: string, request: RequestInit, patience: number): Promise<T> {
    let answer: Response;
    let text: string;
    try {
      // the body can be lost on its way, too
      [answer, text] = await within(
        fetch(`${this.base}/api/${path}`, request).then(async (answer) => [answer, await answer.text()] as const),
        patience,
      );
    } catch (cause) {
      if (cause instanceof SdpError) throw cause;
      throw new SdpError("network", "the chain can't be reached", { cause });
    }
    const body = json(text);
    if (answer.ok && body !== undefined) return body as T;
    const error = (body as { error?: { kind?: string; code?: string | null; text?: string } } | undefined)?.error;
    if (!error) throw new SdpError("network", text.slice(0, 300) || `HTTP ${answer.status}`);
    const kind = kinds.find((known) => known === error.kind) ?? "setup";
    throw new SdpError(kind, error.text ?? "", { code: error.code ?? null });
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The same words as the server has for a query. */
function present(found: number, wanted: number | null): void {
  if (wanted !== null && found !== wanted)
    throw new SdpError("setup", `block ${wanted} is not the present one, ${found}`);
}
