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

test("the page says when the server is gone", async ({ page, examples, troubles }) => {
  await open(page, examples, "#/stories");
  await page.route("**/api/v1/**", (route) => route.abort());
  await page.evaluate(() => (location.hash = "#/actors"));
  await expect(page.getByRole("alert")).toContainText("does not answer");
  forgiveFailedRequests(troubles);
});
