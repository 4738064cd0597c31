/** The oracle: prices, their intervals, volatilities and correlations. */
import type { Connection } from "../connection.ts";
import { oracle } from "../generated/oracle.codec.ts";
import type { Answers, ExecuteMsg, QueryMsg } from "../generated/oracle.types.ts";
import { Contract } from "./contract.ts";

export class Oracle extends Contract<QueryMsg, ExecuteMsg, Answers> {
  constructor(connection: Connection, height: number | null = null, which = "oracle") {
    super(connection, oracle, which, height);
  }

  config = () => this.ask("config", {});
  board = () => this.ask("board", {});
  price = (feed: number) => this.ask("price", { feed });
  interval = (interval: number) => this.ask("interval", { interval });
  covariance = () => this.ask("covariance", {});
  measurement = () => this.ask("measurement", {});
  regimes = () => this.ask("regimes", {});
}
