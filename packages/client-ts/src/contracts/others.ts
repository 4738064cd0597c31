/** Contracts beside the core: `new Spot(connection).ask("totals", {})`, `.execute({ … })`. */
import type { Connection } from "../connection.ts";
import { balancer } from "../generated/balancer.codec.ts";
import type * as balancerTypes from "../generated/balancer.types.ts";
import { bonded } from "../generated/bonded.codec.ts";
import type * as bondedTypes from "../generated/bonded.types.ts";
import { custody } from "../generated/custody.codec.ts";
import type * as custodyTypes from "../generated/custody.types.ts";
import { event } from "../generated/event.codec.ts";
import type * as eventTypes from "../generated/event.types.ts";
import { reserve } from "../generated/reserve.codec.ts";
import type * as reserveTypes from "../generated/reserve.types.ts";
import { spot } from "../generated/spot.codec.ts";
import type * as spotTypes from "../generated/spot.types.ts";
import { Contract } from "./contract.ts";

/** Synthetics. */
export class Spot extends Contract<spotTypes.QueryMsg, spotTypes.ExecuteMsg, spotTypes.Answers> {
  constructor(connection: Connection, height: number | null = null, which = "spot") {
    super(connection, spot, which, height);
  }
}

/** Tokens that are sdUSD at par. */
export class Reserve extends Contract<reserveTypes.QueryMsg, reserveTypes.ExecuteMsg, reserveTypes.Answers> {
  constructor(connection: Connection, height: number | null = null, which = "reserve") {
    super(connection, reserve, which, height);
  }
}

/** Keeps positions at their owners' ratios. */
export class Balancer extends Contract<balancerTypes.QueryMsg, balancerTypes.ExecuteMsg, balancerTypes.Answers> {
  constructor(connection: Connection, height: number | null = null, which = "balancer") {
    super(connection, balancer, which, height);
  }
}

/** Traders' tokens as margin. */
export class Custody extends Contract<custodyTypes.QueryMsg, custodyTypes.ExecuteMsg, custodyTypes.Answers> {
  constructor(connection: Connection, height: number | null = null, which = "custody") {
    super(connection, custody, which, height);
  }
}

/** The desk of bonded markets. */
export class Bonded extends Contract<bondedTypes.QueryMsg, bondedTypes.ExecuteMsg, bondedTypes.Answers> {
  constructor(connection: Connection, height: number | null = null, which = "bonded") {
    super(connection, bonded, which, height);
  }
}

/** The example market. */
export class EventMarket extends Contract<eventTypes.QueryMsg, eventTypes.ExecuteMsg, eventTypes.Answers> {
  constructor(connection: Connection, height: number | null = null, which = "event") {
    super(connection, event, which, height);
  }
}
