/**
 * A small CosmWasm host: runs a query of a contract's wasm, the very code that the chain runs.
 *
 * What the contract reads is answered by `World` at once. A world that does not know something throws; that goes
 * through the wasm, and the caller begins again when it knows. Each run has an instance of its own, so nothing is left
 * of one that was given up.
 */
import { fromBech32, toBech32 } from "@cosmjs/encoding";
import { SdpError } from "../errors.ts";
import { fromBase64, fromUtf8, toBase64, toUtf8 } from "../bytes.ts";

/** What the contract can ask for. */
export interface World {
  readonly prefix: string;
  /** A record of the contract's own storage; none where there is nothing. */
  read(key: Uint8Array): Uint8Array | null;
  /** A question to the chain, `QueryRequest`; the answer is a `SystemResult`. */
  query(request: unknown): object;
}

export interface Env {
  block: { height: number; time: string; chain_id: string };
  transaction: null;
  contract: { address: string };
}

/** What no host away from the chain can do: a record can be asked for, a range of them can't. */
export class Beyond extends SdpError {
  constructor(what: string) {
    super("setup", `a query that runs here can't ${what}`);
  }
}

/** Offset, capacity and length, u32 each. */
const REGION = 12;
/** Longest text that is taken for an address, as on the chain. */
const LONGEST_ADDRESS = 256;

/** Memory of an instance, by the contract's own allocator. */
class Memory {
  exports!: { memory: WebAssembly.Memory; allocate(size: number): number; query(env: number, msg: number): number };

  private view(at: number) {
    const view = new DataView(this.exports.memory.buffer, at, REGION);
    return {
      offset: view.getUint32(0, true),
      capacity: view.getUint32(4, true),
      length: view.getUint32(8, true),
      view,
    };
  }

  read(at: number): Uint8Array {
    const { offset, length } = this.view(at);
    return new Uint8Array(this.exports.memory.buffer, offset, length).slice();
  }

  /** Into a region that is there. */
  fill(at: number, bytes: Uint8Array): void {
    const { offset, capacity, view } = this.view(at);
    if (bytes.length > capacity) throw new SdpError("panicked", "a region is too small");
    new Uint8Array(this.exports.memory.buffer, offset, bytes.length).set(bytes);
    view.setUint32(8, bytes.length, true);
  }

  write(bytes: Uint8Array): number {
    const at = this.exports.allocate(bytes.length);
    this.fill(at, bytes);
    return at;
  }
}

/** An address that people write, as the chain stores it; or why it is none. */
function canonical(human: string, prefix: string): Uint8Array | string {
  if (human === "") return "Input is empty";
  if (human.length > LONGEST_ADDRESS) return "Input too long";
  try {
    const found = fromBech32(human, LONGEST_ADDRESS);
    return found.prefix === prefix ? found.data : `Wrong bech32 prefix, expected ${prefix}`;
  } catch (error) {
    return `Error decoding bech32: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function imports(memory: Memory, world: World): Record<string, (...args: never[]) => unknown> {
  const never = (what: string) => () => {
    throw new Beyond(what);
  };
  /** 0 for good, else the reason. */
  const refused = (reason: string) => memory.write(toUtf8(reason));
  return {
    db_read: (key: number) => {
      const found = world.read(memory.read(key));
      return found === null ? 0 : memory.write(found);
    },
    query_chain: (request: number) =>
      memory.write(toUtf8(JSON.stringify(world.query(JSON.parse(fromUtf8(memory.read(request))))))),
    addr_validate: (source: number) => {
      const human = fromUtf8(memory.read(source));
      const found = canonical(human, world.prefix);
      if (typeof found === "string") return refused(found);
      return toBech32(world.prefix, found, LONGEST_ADDRESS) === human ? 0 : refused("Address is not normalized");
    },
    addr_canonicalize: (source: number, destination: number) => {
      const found = canonical(fromUtf8(memory.read(source)), world.prefix);
      if (typeof found === "string") return refused(found);
      memory.fill(destination, found);
      return 0;
    },
    addr_humanize: (source: number, destination: number) => {
      memory.fill(destination, toUtf8(toBech32(world.prefix, memory.read(source), LONGEST_ADDRESS)));
      return 0;
    },
    abort: (reason: number) => {
      throw new SdpError("panicked", fromUtf8(memory.read(reason)));
    },
    debug: () => {},
    db_scan: never("go through its records"),
    db_next: never("go through its records"),
    db_next_key: never("go through its records"),
    db_next_value: never("go through its records"),
    db_write: never("write"),
    db_remove: never("write"),
    secp256k1_verify: never("verify signatures"),
    secp256k1_recover_pubkey: never("verify signatures"),
    ed25519_verify: never("verify signatures"),
    ed25519_batch_verify: never("verify signatures"),
  };
}

/** The contract's answer in JSON. A refusal of the contract is thrown. */
export async function run(module: WebAssembly.Module, env: Env, message: object, world: World): Promise<unknown> {
  const memory = new Memory();
  const instance = await WebAssembly.instantiate(module, { env: imports(memory, world) as WebAssembly.ModuleImports });
  memory.exports = instance.exports as unknown as Memory["exports"];
  const json = (value: object) => memory.write(toUtf8(JSON.stringify(value)));
  let answer: Uint8Array;
  try {
    answer = memory.read(memory.exports.query(json(env), json(message)));
  } catch (error) {
    throw error instanceof WebAssembly.RuntimeError ? new SdpError("panicked", error.message, { cause: error }) : error;
  }
  const result = JSON.parse(fromUtf8(answer)) as { ok: string } | { error: string };
  if ("error" in result) throw new SdpError("refused", result.error);
  return JSON.parse(fromUtf8(fromBase64(result.ok)));
}

/** A record, or an answer, as another contract gets it. */
export function delivered(bytes: Uint8Array | null): object {
  return { ok: { ok: bytes === null ? "" : toBase64(bytes) } };
}
