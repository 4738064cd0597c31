/** One contract: its queries with integers where it has units, and its messages. */
import { addressOf } from "../config.ts";
import { decodeAnswer, encodeExecute, encodeQuery, type Codec } from "../codec.ts";
import type { AsOf, Coin, Connection, Message } from "../connection.ts";
import type { Wire } from "../units.ts";

/** What a query of a name takes. */
export type ArgumentsOf<Query, Name extends string> = Query extends Record<Name, infer Arguments> ? Arguments : never;

export class Contract<Query extends object, Execute extends object, Answers extends object> {
  readonly address: string;

  /**
   * `which` is its name in the deployment, or its address. `height` is the block that it is asked about, the newest by
   * default.
   */
  constructor(
    readonly connection: Connection,
    readonly codec: Codec<Query, Execute, Answers>,
    which: string,
    readonly height: number | null = null,
  ) {
    const known =
      Object.values(connection.config.contracts).includes(which) ||
      connection.config.markets.some(({ address }) => address === which);
    this.address =
      known || which.startsWith(`${connection.config.prefix}1`) ? which : addressOf(connection.config, which);
  }

  /** What it answers, and the block that this is of. */
  async asOf<Name extends keyof Answers & string>(
    name: Name,
    args: ArgumentsOf<Query, Name>,
  ): Promise<AsOf<Answers[Name]>> {
    const query = encodeQuery(this.codec, { [name]: args } as unknown as Query) as object;
    const answer = await this.connection.ask<Wire<Answers[Name]>>(this.address, query, this.height);
    return { ...answer, data: decodeAnswer<Answers, Name>(this.codec, name, answer.data) };
  }

  /** What it answers. */
  async ask<Name extends keyof Answers & string>(name: Name, args: ArgumentsOf<Query, Name>): Promise<Answers[Name]> {
    return (await this.asOf(name, args)).data;
  }

  /** A message to it, with coins. */
  execute(message: Execute, funds: readonly Coin[] = []): Message {
    return { contract: this.address, msg: encodeExecute(this.codec, message) as object, funds };
  }
}
