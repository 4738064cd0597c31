/** Tokens that are contracts, and messages that pay with them or with coins. */
import { toBase64, toUtf8 } from "../bytes.ts";
import { addressOf, type TokenId } from "../config.ts";
import type { Connection, Message } from "../connection.ts";
import { amount, fromWire, type Amount, type Usd } from "../units.ts";

/** JSON as the base64 that a token passes on. */
export function hook(message: object): string {
  return toBase64(toUtf8(JSON.stringify(message)));
}

/** A message to a contract that brings money: coins with the message itself, tokens by a `send` to their contract. */
export function pay(token: TokenId, contract: string, money: Amount | Usd, message: object): Message {
  if ("native" in token) return { contract, msg: message, funds: [{ denom: token.native, amount: money.toString() }] };
  return { contract: token.cw20, msg: { send: { contract, amount: money.toString(), msg: hook(message) } }, funds: [] };
}

/** sdUSD for a contract. */
export function paySdusd(connection: Connection, contract: string, money: Usd, message: object): Message {
  return pay({ cw20: addressOf(connection.config, "sdusd") }, contract, money, message);
}

/** What somebody has of a token, in base units. sdUSD has micro-USD. */
export async function holding(
  connection: Connection,
  token: TokenId,
  address: string,
  height: number | null = null,
): Promise<Amount> {
  if ("native" in token) return fromWire("Amount", (await connection.balance(address, token.native, height)).data);
  const { balance } = await connection.query<{ balance: string }>(token.cw20, { balance: { address } }, height);
  return fromWire("Amount", balance);
}

/** sdUSD that somebody has. */
export async function sdusdOf(connection: Connection, address: string, height: number | null = null): Promise<Usd> {
  const token = { cw20: addressOf(connection.config, "sdusd") };
  return (await holding(connection, token, address, height)) as bigint as Usd;
}

/** Tokens or coins for somebody. */
export function transfer(token: { cw20: string }, recipient: string, money: bigint): Message {
  return { contract: token.cw20, msg: { transfer: { recipient, amount: amount(money).toString() } }, funds: [] };
}
