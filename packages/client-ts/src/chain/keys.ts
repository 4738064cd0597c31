/** Who signs on a real chain by a key that is here: an account of the development words. */
import { sha256, stringToPath } from "@cosmjs/crypto";
import { DirectSecp256k1HdWallet, type OfflineSigner } from "@cosmjs/proto-signing";
import { toUtf8 } from "../bytes.ts";
import type { Signer } from "../connection.ts";
import { SdpError } from "../errors.ts";

/** Somebody whose key, or whose wallet, is here. */
export interface ChainSigner extends Signer {
  offline: OfflineSigner;
}

/**
 * Number of the account that a name stands for, as `packages/cosmos/src/keys.rs` has it: a plain decimal number below
 * 2³¹ is itself, any other name the first 31 bits of its SHA-256.
 */
export function accountNumber(name: string): number {
  if (/^(0|[1-9]\d{0,9})$/.test(name) && Number(name) < 2 ** 31) return Number(name);
  const [a = 0, b = 0, c = 0, d = 0] = sha256(toUtf8(name));
  return (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) >>> 1;
}

/** Account `m/44'/118'/N'/0/0` of the words. */
export async function developmentSigner(words: string, name: string, prefix: string): Promise<ChainSigner> {
  const path = stringToPath(`m/44'/118'/${accountNumber(name)}'/0/0`);
  const offline = await DirectSecp256k1HdWallet.fromMnemonic(words.trim(), { prefix, hdPaths: [path] });
  const [account] = await offline.getAccounts();
  if (!account) throw new SdpError("setup", `no account of the name ${name}`);
  return { address: account.address, label: name, offline };
}
