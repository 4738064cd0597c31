/** Whether the pool can pay: its book as a balance sheet, how far default is, and what would hedge it. */
import { BalanceSheet } from "./solvency/sheet.tsx";
import { Default, Distance } from "./solvency/default.tsx";
import { Hedges } from "./solvency/hedges.tsx";

export default function Solvency() {
  return (
    <div class="grid">
      <BalanceSheet />
      <Distance class="span-8" />
      <div class="stack span-4">
        <Default />
        <Hedges />
      </div>
    </div>
  );
}
