/**
 * Signing, which needs the most code: loaded when somebody is to sign.
 *
 * Not by `SigningCosmWasmClient`: it keeps an account's number in 53 bits, and since version 0.54 of the Cosmos SDK a new account's
 * number is any of 64.
 */
import { sha256 } from "@cosmjs/crypto";
import { fromBase64 } from "@cosmjs/encoding";
import { isOfflineDirectSigner, makeAuthInfoBytes, type AccountData } from "@cosmjs/proto-signing";
import type { CometClient } from "@cosmjs/tendermint-rpc";
import { QueryAccountInfoRequest, QueryAccountInfoResponse } from "cosmjs-types/cosmos/auth/v1beta1/query";
import { PubKey } from "cosmjs-types/cosmos/crypto/secp256k1/keys";
import { SignMode } from "cosmjs-types/cosmos/tx/signing/v1beta1/signing";
import { SimulateRequest, SimulateResponse } from "cosmjs-types/cosmos/tx/v1beta1/service";
import { SignDoc, TxBody, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { MsgExecuteContract } from "cosmjs-types/cosmwasm/wasm/v1/tx";
import { toHex, toUtf8 } from "../bytes.ts";
import { parseGasPrice } from "../config.ts";
import type { Message } from "../connection.ts";
import { parseRefusal, SdpError } from "../errors.ts";
import { within } from "../within.ts";
import type { ChainSigner } from "./keys.ts";

/** What is paid for, above what the simulation took: others' transactions come in between. In percent. */
const GAS_PERCENT = 130n;
/** Asks the node: `ChainConnection.abciQuery` at the last block. */
type Ask = (path: string, request: Uint8Array) => Promise<{ value: Uint8Array }>;

/** A chain that somebody signs for. */
export interface Chain {
  id: string;
  comet: CometClient;
  ask: Ask;
  /** Such as `0.025uatom`; null where gas costs nothing. */
  gasPrice: string | null;
}

/** Who signs, as the chain has him. */
interface Account {
  number: bigint;
  sequence: bigint;
  key: AccountData;
}

interface Fee {
  amount: { denom: string; amount: string }[];
  gas: bigint;
}

/** One transaction, simulated and signed: nothing of it has left yet. */
export async function signed(
  chain: Chain,
  signer: ChainSigner,
  messages: readonly Message[],
): Promise<{ bytes: Uint8Array; hash: string }> {
  const account = await accountOf(chain.ask, signer);
  const [gas, sequence] = await simulated(chain.ask, account, bodyOf(signer.address, messages));
  const fee = { amount: feeFor(gas, chain.gasPrice), gas };
  const bytes = await sign(chain.id, signer, { ...account, sequence }, messages, fee);
  return { bytes, hash: toHex(sha256(bytes)).toUpperCase() };
}

/**
 * Hands a transaction to the node. What the node says against it is thrown, and then it is in no block. Returns why nobody knows whether
 * it has arrived, where the answer was lost; nothing where the node has it.
 */
export async function hand(comet: Pick<CometClient, "broadcastTxSync">, bytes: Uint8Array): Promise<unknown> {
  try {
    const { code, log = "" } = await within(comet.broadcastTxSync({ tx: bytes }));
    // 19: the node has it already
    if (code !== 0 && code !== 19) throw new SdpError(parseRefusal(log) ? "refused" : "setup", log || `code ${code}`);
    return null;
  } catch (error) {
    if (error instanceof SdpError && error.kind !== "network") throw error;
    const text = error instanceof Error ? error.message : String(error);
    // cosmjs throws a node's own words as their JSON
    if (!text.startsWith("{")) return error;
    if (/already exists in cache/.test(text)) return null;
    throw error;
  }
}

async function accountOf(ask: Ask, signer: ChainSigner): Promise<Account> {
  const key = (await signer.offline.getAccounts()).find(({ address }) => address === signer.address);
  if (!key) throw new SdpError("setup", `whoever signs has no key of ${signer.address}`);
  const request = QueryAccountInfoRequest.encode({ address: signer.address }).finish();
  const answer = await ask("/cosmos.auth.v1beta1.Query/AccountInfo", request).catch((error: Error) => {
    if (!/not found/i.test(error.message)) throw error;
    const text = `the chain has never seen ${signer.address}: it has to receive coins first`;
    throw new SdpError("setup", text, { cause: error });
  });
  const { info } = QueryAccountInfoResponse.decode(answer.value);
  if (!info) throw new SdpError("setup", `the chain does not tell the account of ${signer.address}`);
  return { number: info.accountNumber, sequence: info.sequence, key };
}

/** Gas that is to be paid for, and the sequence to sign with: further than the account's where some are on their way. */
async function simulated(ask: Ask, account: Account, body: Uint8Array): Promise<[gas: bigint, sequence: bigint]> {
  let { sequence } = account;
  for (;;) {
    const authInfoBytes = authInfo({ ...account, sequence }, { amount: [], gas: 0n }, SignMode.SIGN_MODE_UNSPECIFIED);
    const txBytes = TxRaw.encode({ bodyBytes: body, authInfoBytes, signatures: [new Uint8Array()] }).finish();
    const request = SimulateRequest.encode(SimulateRequest.fromPartial({ txBytes })).finish();
    try {
      const answer = SimulateResponse.decode((await ask("/cosmos.tx.v1beta1.Service/Simulate", request)).value);
      const used = answer.gasInfo?.gasUsed;
      if (used === undefined) throw new SdpError("setup", "the chain does not tell the gas");
      return [(used * GAS_PERCENT) / 100n + 1n, sequence];
    } catch (error) {
      const expected = expectedSequence(error instanceof Error ? error.message : String(error));
      if (expected === null || expected <= sequence) throw error;
      sequence = expected;
    }
  }
}

/** From the chain's `account sequence mismatch, expected 5, got 3`. */
function expectedSequence(text: string): bigint | null {
  const expected = /account sequence mismatch, expected (\d+)/.exec(text)?.[1];
  return expected === undefined ? null : BigInt(expected);
}

/** In the wallet's own way: directly, or as amino's JSON, which is all that some hardware can show. */
async function sign(
  chainId: string,
  { offline, address }: ChainSigner,
  account: Account,
  messages: readonly Message[],
  fee: Fee,
): Promise<Uint8Array> {
  if (isOfflineDirectSigner(offline)) {
    const document = SignDoc.fromPartial({
      bodyBytes: bodyOf(address, messages),
      authInfoBytes: authInfo(account, fee, SignMode.SIGN_MODE_DIRECT),
      chainId,
      accountNumber: account.number,
    });
    const { signature, signed } = await offline.signDirect(address, document);
    return encoded(signed.bodyBytes, signed.authInfoBytes, signature.signature);
  }
  const document = aminoDocument(chainId, address, account, messages, fee);
  const { signature, signed } = await offline.signAmino(address, document);
  // its owner may have changed the fee in the wallet
  const paid = { amount: [...signed.fee.amount], gas: BigInt(signed.fee.gas) };
  const auth = authInfo(account, paid, SignMode.SIGN_MODE_LEGACY_AMINO_JSON);
  return encoded(bodyOf(address, messages, signed.memo), auth, signature.signature);
}

function encoded(bodyBytes: Uint8Array, authInfoBytes: Uint8Array, signature: string): Uint8Array {
  return TxRaw.encode({ bodyBytes, authInfoBytes, signatures: [fromBase64(signature)] }).finish();
}

function bodyOf(sender: string, messages: readonly Message[], memo = ""): Uint8Array {
  const executed = messages.map(({ contract, msg, funds = [] }) => ({
    typeUrl: MsgExecuteContract.typeUrl,
    value: MsgExecuteContract.encode(
      MsgExecuteContract.fromPartial({ sender, contract, msg: toUtf8(JSON.stringify(msg)), funds: [...funds] }),
    ).finish(),
  }));
  return TxBody.encode(TxBody.fromPartial({ messages: executed, memo })).finish();
}

function authInfo({ key, sequence }: Pick<Account, "key" | "sequence">, fee: Fee, mode: SignMode): Uint8Array {
  const pubkey = { typeUrl: PubKey.typeUrl, value: PubKey.encode({ key: key.pubkey }).finish() };
  return makeAuthInfoBytes([{ pubkey, sequence }], fee.amount, Number(fee.gas), undefined, undefined, mode);
}

/** What a wallet signs that knows amino only. */
function aminoDocument(
  chainId: string,
  sender: string,
  { number, sequence }: Pick<Account, "number" | "sequence">,
  messages: readonly Message[],
  fee: Fee,
) {
  return {
    chain_id: chainId,
    account_number: number.toString(),
    sequence: sequence.toString(),
    fee: { amount: fee.amount, gas: fee.gas.toString() },
    msgs: messages.map(({ contract, msg, funds = [] }) => ({
      type: "wasm/MsgExecuteContract",
      value: { sender, contract, msg, funds: [...funds] },
    })),
    memo: "",
  };
}

/** Gas at a price such as `0.025uatom`, rounded up; nothing where it costs nothing. */
export function feeFor(gas: bigint, price: string | null): { denom: string; amount: string }[] {
  if (price === null) return [];
  const parts = parseGasPrice(price);
  if (!parts) throw new SdpError("setup", `"${price}" is no price of gas`);
  const { whole, fraction, denom } = parts;
  const scale = 10n ** BigInt(fraction.length);
  const amount = (gas * BigInt(whole + fraction) + scale - 1n) / scale;
  return amount === 0n ? [] : [{ denom, amount: amount.toString() }];
}
