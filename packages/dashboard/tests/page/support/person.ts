/** What a person does on the page, by what he sees: labels, buttons, headings. */
import type { Locator, Page } from "playwright-core";
import { pause } from "./world.ts";

/** Signs in by the button in the header. */
export async function signIn(page: Page, name: string): Promise<void> {
  const header = page.getByRole("banner");
  await header.getByRole("button", { name: /^Sign in$/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Development account").fill(name);
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await header.getByRole("button", { name }).waitFor();
}

/** The dialog that says what will happen: signs, and waits until it says what became of it. Returns what it then says. */
export async function sign(page: Page, action: string): Promise<string> {
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: action, exact: true }).click();
  await dialog.getByText(/^(Done|Refused\.|Not (sent|done)\.|Nobody knows yet\.)$/).waitFor();
  const said = await dialog.innerText();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await dialog.waitFor({ state: "detached" });
  return said;
}

/** The same for what must not be refused. */
export async function confirm(page: Page, action: string): Promise<string> {
  const said = await sign(page, action);
  if (!said.includes("Done in block")) throw new Error(`${action}: ${said}`);
  return said;
}

/**
 * Presses a button as soon as it is there, unless somebody else has done by then what it is for: on most networks keepers are about. Returns
 * whether it was done here.
 */
export async function unlessDone(
  page: Page,
  button: Locator,
  action: string,
  done: () => Promise<boolean>,
  seconds = 60,
): Promise<boolean> {
  for (const end = Date.now() + seconds * 1_000; Date.now() < end; await pause(300)) {
    if (await done()) return false;
    const found = button.first();
    if (!(await found.isVisible())) continue;
    // it may be gone a moment later, or not be enabled yet
    const asked = await found.click({ timeout: 2_000 }).then(
      () => true,
      () => false,
    );
    if (!asked) continue;
    await page.getByRole("dialog").waitFor();
    if ((await sign(page, action)).includes("Done in block")) return true;
  }
  throw new Error(`${action}: neither done nor possible within ${seconds} s`);
}

/** Fills the form of a tab, and presses its button. */
export async function fill(page: Page, form: string, fields: Record<string, string>, button: string): Promise<void> {
  const found = page.getByRole("form", { name: form });
  for (const [label, value] of Object.entries(fields)) await found.getByLabel(label, { exact: true }).fill(value);
  await found.getByRole("button", { name: button }).click();
}
