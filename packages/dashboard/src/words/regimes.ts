/** What each regime still allows, and why it stands. */
export type Regime = "normal" | "caution" | "close_only" | "emergency" | "shut_down";

export const regimeName: Record<Regime, string> = {
  normal: "Normal",
  caution: "Caution",
  close_only: "Close-only",
  emergency: "Emergency",
  shut_down: "Shut down",
};

export const regimeTone: Record<Regime, "good" | "warn" | "bad"> = {
  normal: "good",
  caution: "warn",
  close_only: "bad",
  emergency: "bad",
  shut_down: "bad",
};

export const regimeMeaning: Record<Regime, string> = {
  normal: "Everything is allowed.",
  caution: "Everything is allowed; what raises risk costs more, and no ceiling rises.",
  close_only: "Positions only shrink. Nobody mints, and no provider leaves.",
  emergency: "Positions only shrink, and no profit is drawn.",
  shut_down: "The pool is shut down: prices are frozen, and everything is paid out.",
};

export const reasonName: Record<string, string> = {
  governance: "the guardian or the owner asked for it",
  price_deviation: "a price ran away from its average",
  utilisation: "debt is high for the collateral",
  expected_shortfall: "expected shortfall is high for the free collateral",
  insurance: "the insurance fund is too small for the exposure",
  debt_growth: "the markets' cost grew fast within an hour",
  withdrawals: "much profit was drawn within an hour",
};
