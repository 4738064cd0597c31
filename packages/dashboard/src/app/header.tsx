/** Name, navigation, the block that the numbers are of, prices, who acts, dark or light. */
import { useBoard } from "../data/reads.ts";
import { icons } from "../ui/icons.tsx";
import { Boundary } from "../ui/boundary.tsx";
import { Num } from "../ui/num.tsx";
import { explain } from "../words/errors.ts";
import { signIn } from "./account.tsx";
import { link, route, titles, views } from "./router.ts";
import { account, connection, live } from "./session.ts";
import { choose, theme } from "./theme.ts";

export function Header() {
  const { view } = route.value;
  const dark = theme.value === "dark";
  return (
    <header class="header">
      <div class="header-row">
        <a class="brand" href={link("pool")} aria-label="Shared Debt Pools">
          <img src="./mark.svg" alt="" width="24" height="24" />
          <span>Shared Debt Pools</span>
        </a>
        <nav class="nav" aria-label="Views">
          {views.map((name) => {
            const Icon = icons[name];
            return (
              <a key={name} href={link(name)} aria-current={name === view ? "page" : undefined}>
                <Icon />
                {titles[name]}
              </a>
            );
          })}
        </nav>
        <div class="header-end">
          {live.value && <BlockChip />}
          {connection.value && (
            <button type="button" class="chip" onClick={signIn}>
              <icons.person />
              <span class="account-name">{account.value ? account.value.name : "Sign in"}</span>
            </button>
          )}
          <button
            type="button"
            class="chip icon"
            aria-label={dark ? "Light theme" : "Dark theme"}
            onClick={() => choose(dark ? "light" : "dark")}
          >
            {dark ? <icons.sun /> : <icons.moon />}
          </button>
        </div>
      </div>
      {live.value && (
        <Boundary what="Prices">
          <PriceStrip />
        </Boundary>
      )}
    </header>
  );
}

const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });

/** The block, and the switch that holds the page at it. */
function BlockChip() {
  const following = live.value!;
  const { shown, paused, trouble } = following;
  const block = shown.value;
  const state = trouble.value ? "off" : paused.value ? "paused" : "";
  return (
    <button
      type="button"
      class="chip block"
      aria-pressed={paused.value}
      data-block={block?.height}
      title={paused.value ? "Paused: go on with the newest block" : "Follows every block: pause here"}
      onClick={() => (paused.value ? following.resume() : following.pause())}
    >
      <span class={`dot ${state}`} />
      <span>
        <span class="block-word">Block </span>
        {block ? block.height.toLocaleString("en-US") : "…"}
      </span>
      {block && <span class="muted block-time">{time.format(block.time * 1000)}</span>}
      {paused.value ? <icons.play /> : <icons.pause />}
      <span class="hidden-text">{paused.value ? "paused, go on" : "pause"}</span>
    </button>
  );
}

/** Prices of the board. */
function PriceStrip() {
  const { answer, error, retry } = useBoard();
  return (
    <section class="strip" aria-label="Prices">
      <ul tabIndex={0}>
        {(answer?.data.prices ?? []).map((entry, n) => (
          <li key={entry.feed}>
            <b>{entry.symbol}</b>
            <span>
              <Num of={answer} at={`prices.${n}.quote.price`} as="price" />
            </span>
            <span class="muted">
              ±<Num of={answer} at={`prices.${n}.quote.confidence`} as="percent" />
            </span>
            {entry.regime !== "normal" && <span class="loss">{entry.regime.replace("_", "-")}</span>}
          </li>
        ))}
        {!answer && !error && <li class="muted">loading prices …</li>}
        {!answer && error ? (
          <li>
            <span class="loss">Prices could not be read. {explain(error).sentence}</span>
            <button type="button" class="link" onClick={retry}>
              Try again
            </button>
          </li>
        ) : null}
      </ul>
    </section>
  );
}
