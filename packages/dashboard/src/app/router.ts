/** Which view is shown: the part of the address behind `#`, so that a static host serves every view. */
import { computed, signal } from "@preact/signals";

export const views = ["pool", "markets", "trade", "earn", "risk", "solvency"] as const;
export type View = (typeof views)[number];

export const titles: Record<View, string> = {
  pool: "Pool",
  markets: "Markets",
  trade: "Trade",
  earn: "Earn",
  risk: "Risk",
  solvency: "Solvency",
};

const hash = signal(location.hash);
window.addEventListener("hashchange", () => {
  hash.value = location.hash;
});

/** A part of an address as its text; one that is none, such as a lone `%`, as it is. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** `#/trade/BTC` is the view `trade` with the detail `BTC`. */
export const route = computed(() => {
  const [name = "", ...rest] = hash.value.replace(/^#\/?/, "").split("/");
  const view = views.find((known) => known === name) ?? "pool";
  return { view, detail: rest.map(decoded) };
});

export function link(view: View, ...detail: string[]): string {
  return `#/${[view, ...detail.map(encodeURIComponent)].join("/")}`;
}

export function go(view: View, ...detail: string[]): void {
  location.hash = link(view, ...detail);
}
