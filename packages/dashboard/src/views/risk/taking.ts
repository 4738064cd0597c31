/** What can go wrong for who buys of a falling price, of collateral and of margin tokens alike. */
export const risksOfTaking = (symbol: string): string[] => [
  "Somebody may take it first: then it is refused, and nothing is paid.",
  "The price may have fallen further by then: what is not needed of the payment comes back.",
  `${symbol} may be worth less on the market than you pay.`,
];
