/** The page's few drawings: 24 units wide, drawn with the text's colour, hidden from screen readers. */
import type { ComponentChildren } from "preact";

function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width="18"
      height="18"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export const icons = {
  pool: () => (
    <Icon>
      <ellipse cx="12" cy="6" rx="8" ry="3" />
      <path d="M4 6v6c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12v6c0 1.7 3.6 3 8 3s8-1.3 8-3v-6" />
    </Icon>
  ),
  markets: () => (
    <Icon>
      <path d="M6 4v3m0 9v4M12 3v5m0 8v5M18 5v4m0 6v4" />
      <rect x="4" y="7" width="4" height="9" rx="1" />
      <rect x="10" y="8" width="4" height="8" rx="1" />
      <rect x="16" y="9" width="4" height="6" rx="1" />
    </Icon>
  ),
  trade: () => (
    <Icon>
      <path d="M4 8h14m-4-4 4 4-4 4M20 16H6m4-4-4 4 4 4" />
    </Icon>
  ),
  earn: () => (
    <Icon>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 7.5v9M7.5 12h9" />
    </Icon>
  ),
  risk: () => (
    <Icon>
      <path d="M12 3 4.5 6v5.5c0 4.6 3 7.8 7.5 9.5 4.5-1.7 7.5-4.9 7.5-9.5V6zM12 8.5v4.5m0 3v.1" />
    </Icon>
  ),
  solvency: () => (
    <Icon>
      <path d="M12 4v16M7 20h10M4 7h16M6.5 7 3.5 14h6zM17.5 7l-3 7h6z" />
    </Icon>
  ),
  sun: () => (
    <Icon>
      <circle cx="12" cy="12" r="4" />
      <path d="M12 2.5v2m0 15v2M2.5 12h2m15 0h2M5.3 5.3l1.4 1.4m10.6 10.6 1.4 1.4m0-13.4-1.4 1.4M6.7 17.3l-1.4 1.4" />
    </Icon>
  ),
  moon: () => (
    <Icon>
      <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z" />
    </Icon>
  ),
  pause: () => (
    <Icon>
      <path d="M8 5v14M16 5v14" />
    </Icon>
  ),
  play: () => (
    <Icon>
      <path d="M7 5l12 7-12 7z" />
    </Icon>
  ),
  person: () => (
    <Icon>
      <circle cx="12" cy="8" r="4" />
      <path d="M4.5 20c1-4 4-6 7.5-6s6.5 2 7.5 6" />
    </Icon>
  ),
  close: () => (
    <Icon>
      <path d="M6 6l12 12M18 6 6 18" />
    </Icon>
  ),
};

export type IconName = keyof typeof icons;
