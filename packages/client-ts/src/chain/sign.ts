/** Signing, which needs the most code: loaded when somebody is to sign. */
import { SigningCosmWasmClient } from "@cosmjs/cosmwasm";
import type { CometClient } from "@cosmjs/tendermint-rpc";
import { MsgExecuteContract } from "cosmjs-types/cosmwasm/wasm/v1/tx";
import { toUtf8 } from "../bytes.ts";
import type { Message } from "../connection.ts";
import { SdpError } from "../errors.ts";
import type { ChainSigner } from "./keys.ts";

/** What is paid for, above what the simulation took: others' transactions come in between. */
const GAS_MARGIN = 1.3;
/** Milliseconds between two looks for a transaction that was sent. */
const POLL = 300;

/**
 * One transaction: simulated, signed, sent, and waited for. One that has failed in its block comes back with a `code`.
 */
export async function send(
  comet: CometClient,
  signer: ChainSigner,
  messages: readonly Message[],
  gasPrice: string | null,
) {
  const encoded = messages.map(({ contract, msg, funds = [] }) => ({
    typeUrl: "/cosmwasm.wasm.v1.MsgExecuteContract",
    value: MsgExecuteContract.fromPartial({
      sender: signer.address,
      contract,
      msg: toUtf8(JSON.stringify(msg)),
      funds: [...funds],
    }),
  }));
  const client = SigningCosmWasmClient.createWithSigner(comet, signer.offline, { broadcastPollIntervalMs: POLL });
  const gas = Math.ceil((await client.simulate(signer.address, encoded, "")) * GAS_MARGIN);
  return client.signAndBroadcast(signer.address, encoded, { amount: feeFor(gas, gasPrice), gas: String(gas) }, "");
}

/** Gas at a price such as `0.025uatom`, rounded up; nothing where it costs nothing. */
export function feeFor(gas: number, price: string | null): { denom: string; amount: string }[] {
  if (price === null) return [];
  const parts = /^(\d+)(?:\.(\d+))?([a-zA-Z][\w/:-]*)$/.exec(price);
  if (!parts) throw new SdpError("setup", `"${price}" is no price of gas`);
  const [, whole = "0", fraction = "", denom = ""] = parts;
  const scale = 10n ** BigInt(fraction.length);
  const amount = (BigInt(gas) * BigInt(whole + fraction) + scale - 1n) / scale;
  return amount === 0n ? [] : [{ denom, amount: amount.toString() }];
}
