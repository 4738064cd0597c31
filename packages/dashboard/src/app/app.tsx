/** Header, the view that is asked for, footer. Views are chunks of their own. */
import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect, useErrorBoundary, useRef } from "preact/hooks";
import { WatchPositions } from "../data/positions.tsx";
import { Boundary } from "../ui/boundary.tsx";
import { Failed, Wait } from "../ui/states.tsx";
import { OpenTransactions, Toasts, TransactionDialog } from "../ui/tx.tsx";
import { AccountDialog } from "./account.tsx";
import { Header } from "./header.tsx";
import { route, titles, type View } from "./router.ts";
import { begin, connection, failure, live } from "./session.ts";

const loaders: Record<View, () => Promise<{ default: ComponentType }>> = {
  pool: () => import("../views/pool.tsx"),
  markets: () => import("../views/markets.tsx"),
  trade: () => import("../views/trade.tsx"),
  earn: () => import("../views/earn.tsx"),
  risk: () => import("../views/risk.tsx"),
  solvency: () => import("../views/solvency.tsx"),
};

const leads: Record<View, string> = {
  pool: "What the pool has, what it owes, and how near its thresholds are.",
  markets: "What is traded, what it costs, and how the assets move together.",
  trade: "Orders fill at the price of a coming interval, never at one that anybody has seen.",
  earn: "Collateral in, dollars out against it, and a share of what the traders win or lose.",
  risk: "Who is near to liquidation, what a shock would do, and what is for sale.",
  solvency: "Both sides of the book, and how far the pool is from not being able to pay.",
};

const loaded = signal<Partial<Record<View, ComponentType>>>({});
const broken = signal<unknown>(null);

function load(view: View): void {
  if (loaded.peek()[view]) return;
  loaders[view]().then(
    (module) => {
      loaded.value = { ...loaded.peek(), [view]: module.default };
      broken.value = null;
    },
    (error: unknown) => {
      broken.value = error;
    },
  );
}

// beside the first answers, not after them
load(route.peek().view);

export function App() {
  const { view } = route.value;
  const main = useRef<HTMLElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  useEffect(() => {
    document.title = `${titles[view]} · Shared Debt Pools`;
    load(view);
    if (first.current) first.current = false;
    else {
      title.current?.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
  }, [view]);
  const Found = loaded.value[view];
  const ready = connection.value !== null;
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <Header />
      <main class="page" id="main" ref={main} tabIndex={-1}>
        <div class="page-head">
          <h1 ref={title} tabIndex={-1}>
            {titles[view]}
          </h1>
          <p>{leads[view]}</p>
        </div>
        <Notices />
        <OpenTransactions />
        {failure.value ? (
          <section class="card" aria-label="Error">
            <Failed what="The deployment" error={failure.value} retry={() => void begin()} />
          </section>
        ) : broken.value ? (
          <Failed what="This part of the page" error={broken.value} retry={() => load(view)} />
        ) : ready && Found ? (
          <Boundary what={titles[view]} key={view}>
            <Found />
          </Boundary>
        ) : (
          <Wait what={titles[view]} lines={10} />
        )}
      </main>
      {ready && <Footer />}
      {ready && <Watch />}
      <Boundary what="The dialog">
        <AccountDialog />
        <TransactionDialog />
      </Boundary>
      <Toasts />
    </>
  );
}

/** Nothing of it is seen, so neither is what goes wrong in it. */
function Watch() {
  const [error] = useErrorBoundary((error) => console.error(error));
  return error === undefined ? <WatchPositions /> : null;
}

/** What somebody should know before he believes the numbers. */
function Notices() {
  const following = live.value;
  if (!following) return null;
  const { paused, shown, head, trouble, late } = following;
  const behind = (head.value?.height ?? 0) - (shown.value?.height ?? 0);
  return (
    <>
      {trouble.value ? (
        <p class="notice bad" role="status">
          The chain does not answer. The numbers stay those of block {shown.value?.height}.
        </p>
      ) : null}
      {late.value && !trouble.value && (
        <p class="notice bad" role="status">
          The numbers are those of block {shown.value?.height}; the chain is at {head.value?.height}, and the page can't keep
          up with it.
        </p>
      )}
      {paused.value && (
        <p class="notice" role="status">
          Paused at block {shown.value?.height}
          {behind > 0 && `, ${behind} ${behind === 1 ? "block" : "blocks"} ago`}. Nothing on the page moves.
          <button type="button" class="button small" onClick={() => following.resume()}>
            Go on
          </button>
        </p>
      )}
    </>
  );
}

function Footer() {
  const { config } = connection.value!;
  return (
    <footer class="footer">
      <span>{config.name === config.chain_id ? config.name : `${config.name} on ${config.chain_id}`}</span>
      <span>{config.mode === "embedded" ? "embedded chain, for development" : config.rpc}</span>
      <span>
        pool <span class="address">{config.contracts.pool}</span>
      </span>
      <span>
        Every number is a contract's answer at the block in the header. It has not been audited and holds no money.
      </span>
    </footer>
  );
}
