// A story of many documents: the page holds the cells near the screen, not all of them.

import type { Page } from "@playwright/test";
import { expect, open, type Served, test } from "./server";

const DOCUMENTS = 400;
const CLAIMS = 60;

/** The biggest story with its documents and claims over and over, under ids of their own. */
async function widen(page: Page, served: Served): Promise<void> {
  await page.route("**/api/v1/stories/1", async (route) => {
    const story = await page.request.get(`${served.url}/api/v1/stories/1`).then((r) => r.json());
    const { documents, claims } = story;
    const n = documents.length;
    story.documents = Array.from({ length: DOCUMENTS }, (_, i) => ({ ...documents[i % n], label: `d${i}`, doc_id: i < n ? documents[i].doc_id : `d-${i}` }));
    story.claims = Array.from({ length: CLAIMS }, (_, i) => {
      const claim = claims[i % claims.length];
      const cell = (_: unknown, d: number) => {
        const own = claim.cells[d % n];
        return { ...own, document: d, spans: own.spans.map((s: object) => ({ ...s, document: d, label: `d${d}` })) };
      };
      return { ...claim, number: i + 1, claim_id: `c${i}`, cells: Array.from({ length: DOCUMENTS }, cell) };
    });
    story.n_documents = DOCUMENTS;
    await route.fulfill({ json: story });
  });
}

test("of 400 documents and 60 claims the page holds what is near the screen", async ({ page, examples }) => {
  await widen(page, examples);
  await open(page, examples, "#/stories/1");
  const grid = page.getByRole("grid");
  await expect(grid).toHaveAttribute("aria-colcount", String(DOCUMENTS + 2));
  await expect(grid.getByRole("gridcell").first()).toBeVisible();
  const held = () => page.locator(".grid [role=gridcell]").count();
  expect(await held()).toBeLessThan(1200);

  // Scrolled to the end, the last document stands there with its cells.
  await page.locator(".gridbox").evaluate((box) => box.scrollTo({ left: box.scrollWidth, behavior: "instant" }));
  await expect(grid.getByRole("columnheader", { name: `d${DOCUMENTS - 1}` })).toBeInViewport();
  await expect(grid.locator(`[role=gridcell][aria-colindex="${DOCUMENTS + 1}"]`).first()).toBeInViewport();
  expect(await held()).toBeLessThan(1200);
  const header = await grid.getByRole("columnheader", { name: `d${DOCUMENTS - 1}` }).boundingBox();
  const cell = await grid.locator(`[role=gridcell][aria-colindex="${DOCUMENTS + 1}"]`).first().boundingBox();
  expect(Math.abs((header?.x ?? 0) - (cell?.x ?? 0))).toBeLessThan(1);
});

test("the keyboard reaches the last of 400 columns and comes back", async ({ page, examples }) => {
  await widen(page, examples);
  await open(page, examples, "#/stories/1");
  const grid = page.getByRole("grid");
  await grid.locator("[tabindex='0']").focus();
  await page.keyboard.press("End");
  await expect(page.locator(":focus")).toHaveAttribute("data-at", `0-${DOCUMENTS}`);
  await expect(page.locator(":focus")).toBeInViewport();
  await page.keyboard.press("PageDown");
  await expect(page.locator(":focus")).toHaveAttribute("data-at", `10-${DOCUMENTS}`);
  for (let i = 0; i < 12; i += 1) await page.keyboard.press("ArrowLeft");
  await expect(page.locator(":focus")).toHaveAttribute("data-at", `10-${DOCUMENTS - 12}`);
  await expect(page.locator(":focus")).toBeInViewport();
  // The way back in with Tab leads to the same cell, also where it has left the screen.
  await page.locator(".gridbox").evaluate((box) => box.scrollTo({ left: 0, behavior: "instant" }));
  await expect(grid.locator("[tabindex='0']")).toHaveAttribute("data-at", `10-${DOCUMENTS - 12}`);
  await page.keyboard.press("Home");
  await expect(page.locator(":focus")).toHaveAttribute("data-at", "10-0");
});
