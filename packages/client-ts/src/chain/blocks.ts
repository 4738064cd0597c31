/** New blocks of a node: by its websocket, and by looking where that does not work. */
import type { Block } from "../connection.ts";

/** Milliseconds between two looks, and before the websocket is tried again. */
const POLL = 1_000;
const RETRY = 5_000;

interface HeaderEvent {
  result?: { data?: { value?: { header?: { height: string; time: string } } } };
}

function blockOf(text: string): Block | null {
  const header = (JSON.parse(text) as HeaderEvent).result?.data?.value?.header;
  return header ? { height: Number(header.height), time: Math.floor(Date.parse(header.time) / 1_000) } : null;
}

/** Tells of each block once, in order, until the returned function is called. */
export function follow(rpc: string, look: () => Promise<Block>, onBlock: (block: Block) => void): () => void {
  let over = false;
  let last = 0;
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let told = 0;

  const tell = (block: Block) => {
    if (over || block.height <= last) return;
    last = block.height;
    onBlock(block);
  };
  const listen = () => {
    if (over || typeof WebSocket === "undefined") return;
    const opened = new WebSocket(`${rpc.replace(/^http/, "ws").replace(/\/$/, "")}/websocket`);
    socket = opened;
    const subscription = { jsonrpc: "2.0", method: "subscribe", id: 1, params: { query: "tm.event='NewBlockHeader'" } };
    opened.onopen = () => opened.send(JSON.stringify(subscription));
    opened.onmessage = (message) => {
      const block = blockOf(String(message.data));
      if (!block) return;
      told = Date.now();
      tell(block);
    };
    opened.onclose = () => {
      socket = null;
      if (!over) setTimeout(listen, RETRY);
    };
  };
  // It goes on looking, but asks only while the websocket is silent: that may be open and dead.
  const poll = async () => {
    if (Date.now() - told > 3 * POLL) await look().then(tell, () => {});
    if (!over) timer = setTimeout(() => void poll(), POLL);
  };
  listen();
  void poll();
  return () => {
    over = true;
    clearTimeout(timer);
    socket?.close();
  };
}
