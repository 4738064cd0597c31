import { loadConfig, type Config } from "./config.ts";
import type { Connection } from "./connection.ts";
import { ServeConnection } from "./serve.ts";

/** By what `config.json` says. What talks to a real chain is large, and is loaded only for one. */
export async function connect(config: Config, base = ""): Promise<Connection> {
  if (config.mode === "embedded") return new ServeConnection(config, base);
  const { ChainConnection } = await import("./chain.ts");
  return ChainConnection.open(config);
}

/** Of whatever a server is about: `connectTo("http://127.0.0.1:8080")`. */
export async function connectTo(base: string): Promise<Connection> {
  const root = base.replace(/\/$/, "");
  return connect(await loadConfig(`${root}/config.json`), root);
}
