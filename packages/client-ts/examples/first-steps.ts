import {
  connectTo,
  eventsOf,
  formatPercent,
  formatUsd,
  Lens,
  parseAmount,
  parseSize,
  parseUsd,
  Pool,
  ServeConnection,
} from "@sdp/client";
import { LocalConnection, type Load } from "@sdp/client/local";

/**
 * A provider's first steps, and a preview of a trade that nobody has to be asked for. `load` gives the contracts' wasm.
 */
export async function firstSteps(server: string, load: Load, name = "anna"): Promise<string[]> {
  const connection = await connectTo(server);
  const provider = await connection.account(name);
  if (connection instanceof ServeConnection) await connection.give(name, "ATOM", "500");

  const pool = new Pool(connection);
  const outcome = await connection.broadcast(provider, [
    pool.deposit(0, parseAmount("500", 6)),
    pool.mint(0, parseUsd("1000")),
  ]);
  const minted = eventsOf(outcome.events, "minted").map(
    ({ amount }) => `minted ${formatUsd(amount)} sdUSD in block ${outcome.height}`,
  );
  const { ratio } = await pool.position(0, provider.address);

  const local = new LocalConnection(connection, load);
  const market = connection.config.contracts.market ?? "";
  const preview = await new Lens(local).previewTrade(market, provider.address, 0, 0, parseSize("0.1"));
  return [
    ...minted,
    `ratio ${ratio === null || ratio === undefined ? "–" : formatPercent(ratio)}`,
    `a fee of ${formatUsd(preview.fee, { rounding: "up" })}`,
  ];
}
