// What happens in the store is seen in the open page; what is decided in the page is kept in the store.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, forgiveFailedRequests, open, polybius, somePages, test } from "./server";

test("a new story comes into the open page without a reload", async ({ page, growing }) => {
  await open(page, growing, "#/stories");
  const status = page.locator("main [role=status]").first();
  const before = await status.textContent();
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  const pages = somePages(growing.folder, "juliaca-2023");
  polybius("run", pages, "--store", growing.store, "--quiet");
  await expect(page.locator(".story .tag.new").first()).toBeVisible({ timeout: 5000 });
  await expect(status).not.toHaveText(before ?? "");
  expect(await page.evaluate(() => (window as unknown as { sameDocument?: boolean }).sameDocument)).toBe(true);
});

test("a correction is written and can be taken back", async ({ page, growing }) => {
  await open(page, growing, "#/events");
  await page.locator(".event").first().getByRole("link", { name: "why" }).click();
  await page.getByRole("button", { name: "Wrong?" }).click();
  await page.getByLabel("what is wrong").selectOption("event_type");
  await page.getByLabel("should be").fill("AGREE");
  await page.getByLabel("note").fill("a test of the page <b>");
  await page.getByRole("button", { name: "Keep the correction" }).click();
  await expect(page.locator("#corrections")).toContainText("AGREE");
  expect(readFileSync(join(growing.store, "corrections.jsonl"), "utf8")).toContain("a test of the page <b>");
  await page.locator("#corrections").getByRole("button", { name: "Undo" }).click();
  await expect(page.locator("#corrections")).toHaveCount(0);
});

test("two actors are merged, and the merge is undone", async ({ page, growing }) => {
  test.setTimeout(120_000);
  await open(page, growing, "#/actors?kind=person");
  const names = await page.getByRole("list", { name: "Actors" }).getByRole("link").allTextContents();
  const [first = "", second = ""] = names;
  await page.getByRole("link", { name: first, exact: true }).first().click();
  await page.getByLabel("the same as").fill(second);
  await page.getByRole("button", { name: "Merge" }).first().click();
  await expect(page.locator("main")).toContainText("Merged");
  await expect(page.locator("#merge")).toContainText("merge", { timeout: 60_000 });
  await page.locator("#merge").getByRole("button", { name: "Undo" }).first().click();
  await expect(page.locator("main")).toContainText("Taken back");
});

test("a spelling is split from its actor, and the split is undone", async ({ page, growing }) => {
  test.setTimeout(180_000);
  const ask = async (path: string) => page.request.get(`${growing.url}/api/v1/${path}`).then((r) => r.json());
  const { items } = await ask("actors?kind=person&limit=60");
  // A spelling of its own: one that is a part of the actor's name stands in the name, too.
  type Alias = { name: string; mentions: number };
  let actor: { actor_id: string; name: string; aliases: Alias[] } | undefined;
  let alias = "";
  for (const { actor_id } of items) {
    const one = await ask(`actors/${actor_id}`);
    const own = (a: Alias) => a.mentions > 0 && /^\p{Lu}\S+ \p{Lu}/u.test(a.name) && !a.name.split(/[\s-]+/).some((word) => one.name.split(/[\s-]+/).includes(word));
    const found = (one.aliases as Alias[]).find(own);
    if (found && !actor) [actor, alias] = [one, found.name];
  }
  test.skip(!actor, "no person of the example has a spelling of another's");
  if (!actor) return;

  await open(page, growing, `#/actors/${actor.actor_id}`);
  await page.getByLabel("why (kept with the decision)").fill("a namesake");
  await page.getByRole("button", { name: `${alias} is somebody else` }).click();
  await expect(page.getByRole("status").filter({ hasText: "Split" })).toBeVisible();
  const decisions = page.locator("#merge li").filter({ hasText: "split" });
  await expect(decisions).toContainText("a namesake");
  expect(readFileSync(join(growing.store, "actors.txt"), "utf8")).toMatch(/^split .*# a namesake$/m);
  // Compared anew, the spelling is no longer one of this actor's.
  const row = page.locator("#aliases tbody tr").filter({ has: page.getByText(alias, { exact: true }) });
  await expect(row).toHaveCount(0, { timeout: 60_000 });
  await expect(page.locator("main h1")).toHaveText(actor.name);
  expect(((await ask(`actors?q=${encodeURIComponent(alias)}`)).items as { name: string }[]).map((a) => a.name)).toContain(alias);

  await decisions.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Taken back" })).toBeVisible();
  await expect(row).toHaveCount(1, { timeout: 60_000 });
  expect(readFileSync(join(growing.store, "actors.txt"), "utf8")).not.toMatch(/^split /m);
  expect((await ask(`actors/${actor.actor_id}`)).aliases.map((a: Alias) => a.name)).toContain(alias);
});

test("in one document the name is said to be somebody else's, and that is undone", async ({ page, growing }) => {
  test.setTimeout(180_000);
  await open(page, growing, "#/actors?kind=person");
  await page.getByRole("list", { name: "Actors" }).getByRole("link").first().click();
  const documents = page.locator("#mentions li");
  await expect(documents.first()).toBeVisible();
  const before = await documents.count();
  expect(before).toBeGreaterThan(2);
  await documents.last().getByRole("button", { name: /it is somebody else/ }).click();
  await expect(page.getByRole("status").filter({ hasText: "Split" })).toBeVisible();
  // Compared anew, the actor has lost that document, or has it alone where it was the first of its name.
  await expect(documents).not.toHaveCount(before, { timeout: 60_000 });
  const decision = page.locator("#merge li").filter({ hasText: "split" });
  await decision.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Taken back" })).toBeVisible();
  await expect(documents).toHaveCount(before, { timeout: 60_000 });
  await expect(decision).toHaveCount(0);
});

test("the page says when the server is gone", async ({ page, examples, troubles }) => {
  await open(page, examples, "#/stories");
  await page.route("**/api/v1/**", (route) => route.abort());
  await page.evaluate(() => (location.hash = "#/actors"));
  await expect(page.getByRole("alert")).toContainText("does not answer");
  forgiveFailedRequests(troubles);
});
