/** The contracts' messages, typed: what the page sends is what the client writes. */
import { Liquidator, Market, Orders, Pool } from "@sdp/client";
import { connection } from "../app/session.ts";

export const pool = () => new Pool(connection.value!);
export const liquidator = () => new Liquidator(connection.value!);
export const market = (address: string) => new Market(connection.value!, null, address);
export const orders = (name: string) => new Orders(connection.value!, null, name);
