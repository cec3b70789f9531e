// Everything can be done without a mouse, and a screen reader is told what is there.

import AxeBuilder from "@axe-core/playwright";
import { expect, open, test } from "./server";

test("from the list to the lit sentence and back by keyboard alone", async ({ page, examples }) => {
  await open(page, examples, "#/stories");
  const first = page.getByRole("list", { name: "Stories" }).getByRole("heading").first().getByRole("link");
  await first.focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#\/stories\/s/);
  const grid = page.getByRole("grid");
  await expect(grid).toBeVisible();
  // One cell of the grid is in the order of Tab.
  await expect(grid.locator("[tabindex='0']")).toHaveCount(1);
  await grid.locator("[tabindex='0']").focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.locator(":focus")).toHaveAttribute("data-at", "0-1");
  await page.keyboard.press("ArrowDown");
  await expect(page.locator(":focus")).toHaveAttribute("data-at", "1-1");
  await page.keyboard.press("Home");
  await expect(page.locator(":focus")).toHaveAttribute("data-at", "1-0");
  await page.keyboard.press("PageDown");
  await expect(page.locator(":focus")).toHaveAttribute("data-at", "11-0");
  await expect(page.locator(":focus")).toBeInViewport();
  await page.keyboard.press("Enter");
  const reader = page.getByRole("complementary");
  await expect(reader.locator(".lit").first()).toBeInViewport();
  await page.keyboard.press("Escape");
  await expect(reader).toHaveCount(0);
  await expect(page.locator(":focus")).toHaveAttribute("data-at", "11-0");
});

test("the arrows reach the last claim of a long grid", async ({ page, examples }) => {
  await open(page, examples, "#/stories/1");
  const grid = page.getByRole("grid");
  const n = Number(await grid.getAttribute("aria-rowcount")) - 1;
  await grid.locator("[tabindex='0']").focus();
  for (let i = 0; i < n; i += 10) await page.keyboard.press("PageDown");
  await expect(page.locator(":focus")).toHaveAttribute("data-at", `${n - 1}-0`);
  // Only the rows near the screen are in the page.
  expect(await grid.getByRole("row").count()).toBeLessThan(n + 1);
});

test("keys and signs are explained, and the dialog closes with Escape", async ({ page, examples }) => {
  await open(page, examples, "#/stories");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toContainText("not a denial");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("Tab reaches the content first through the skip link", async ({ page, examples }) => {
  await open(page, examples, "#/stories");
  await page.locator("body").press("Tab");
  await expect(page.locator(":focus")).toHaveText("to the content");
  await page.keyboard.press("Enter");
  await expect(page.locator("main")).toBeFocused();
});

test("with fewer motions nothing moves", async ({ page, examples }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await open(page, examples, "#/stories/1");
  const moving = await page.evaluate(() => document.getAnimations().length);
  expect(moving).toBe(0);
});

for (const scheme of ["light", "dark"] as const) {
  test(`no view fails the rules of axe for WCAG 2.2 AA, ${scheme}`, async ({ page, examples }) => {
    test.setTimeout(400_000);
    await page.emulateMedia({ colorScheme: scheme });
    const first = async (list: string) => (await page.request.get(`${examples.url}/api/v1/${list}?limit=1`).then((r) => r.json())).items[0];
    const views = [
      "#/stories", "#/stories/1", `#/documents/${(await first("documents")).doc_id}`, "#/actors", `#/actors/${(await first("actors")).actor_id}`,
      "#/events", `#/events/${(await first("events")).event_id}`, "#/relations", "#/relations/ARM/AZE", "#/conflicts", "#/search?q=airport", "#/sql",
    ];
    for (const view of views) {
      await open(page, examples, view);
      const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
      expect(violations.map((v) => `${view}: ${v.id} ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")}`)).toEqual([]);
    }
  });
}
