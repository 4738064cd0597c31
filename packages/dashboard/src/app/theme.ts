/** Dark or light: as the system says until somebody chooses. */
import { effect, signal } from "@preact/signals";

export type Theme = "dark" | "light";

const key = "sdp.theme";
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const chosen = document.documentElement.dataset.theme;

export const theme = signal<Theme>(chosen === "dark" || chosen === "light" ? chosen : dark.matches ? "dark" : "light");

dark.addEventListener("change", (event) => {
  if (!document.documentElement.dataset.theme) theme.value = event.matches ? "dark" : "light";
});

export function choose(next: Theme): void {
  document.documentElement.dataset.theme = next;
  theme.value = next;
  try {
    localStorage.setItem(key, next);
  } catch {
    // no storage: chosen until the page is closed
  }
}

effect(() => {
  document.documentElement.style.setProperty("--theme", theme.value);
});

/** A colour of the style sheet as a canvas takes it. */
export function colour(name: string): string {
  const probe = document.createElement("i");
  probe.style.cssText = `color: var(--${name}); display: none`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}
