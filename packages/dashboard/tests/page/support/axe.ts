/** What axe-core finds wrong with what is on the page. */
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

interface Violation {
  id: string;
  impact: string | null;
  help: string;
  nodes: { target: string[] }[];
}

/** Faults that are serious or worse, each with where it is. */
export async function serious(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: axe });
  const violations: Violation[] = await page.evaluate(async () => {
    const { run } = (window as unknown as { axe: { run: (options: object) => Promise<{ violations: Violation[] }> } })
      .axe;
    return (await run({ resultTypes: ["violations"] })).violations;
  });
  const bad = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return bad.map(
    ({ id, help, nodes }) =>
      `${id}: ${help} at ${nodes
        .slice(0, 3)
        .map(({ target }) => target.join(" "))
        .join("; ")}`,
  );
}
