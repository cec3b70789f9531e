// Each view shows what it is for; the pictures in docs/screens are made here.

import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, open, ROOT, test } from "./server";

async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(ROOT, "docs/screens", `${name}.png`), animations: "disabled", caret: "hide" });
}

/** The biggest story of the store. */
const STORY = "#/stories/1";

test("the stories can be filtered, and the address keeps the filters", async ({ page, examples }) => {
  await open(page, examples, "#/stories");
  const list = page.getByRole("list", { name: "Stories" });
  await expect(list.getByRole("article").first()).toContainText("from");
  await expect(list.locator(".sparkline").first()).toBeVisible();
  await picture(page, "stories");
  const all = await page.locator("main [role=status]").first().textContent();
  await page.getByLabel("actor").fill("Boluarte");
  await expect(page).toHaveURL(/actor=Boluarte/);
  await expect(page.locator("main [role=status]").first()).not.toHaveText(all ?? "");
  await expect(list.getByRole("article").first()).toContainText("Boluarte");
  await page.reload();
  await expect(page.getByLabel("actor")).toHaveValue("Boluarte");
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(page.locator("main [role=status]").first()).toHaveText(all ?? "");
});

test("a filter by event type, polarity and day leaves fewer stories", async ({ page, examples }) => {
  await open(page, examples, "#/stories");
  const total = async () => Number((await page.locator("main [role=status]").first().textContent())?.match(/\d+/)?.[0]);
  const all = await total();
  for (const address of ["#/stories?type=AID", "#/stories?polarity=denied", "#/stories?from=2022-07-01&to=2022-07-31", "#/stories?country=LKA"]) {
    await open(page, examples, address);
    await expect.poll(total).toBeLessThan(all);
    await expect.poll(total).toBeGreaterThan(0);
  }
});

test("a story shows the brief, the grid, and every filled cell has words", async ({ page, examples }) => {
  await open(page, examples, STORY);
  await expect(page.locator(".brief a").first()).toBeVisible();
  await expect(page.getByRole("grid")).toBeVisible();
  await picture(page, "story");
  const cells = page.locator(".grid [role=gridcell] > a");
  expect(await cells.count()).toBeGreaterThan(10);
  for (const cell of (await cells.all()).slice(0, 12)) {
    await cell.click();
    const reader = page.getByRole("complementary");
    await expect(reader.locator(".lit").first()).toBeVisible();
    await expect(reader.locator(".lit").first()).toBeInViewport();
  }
  await picture(page, "story-reader");
  await page.getByRole("button", { name: "Close, Escape" }).click();
  await expect(page.getByRole("complementary")).toHaveCount(0);
});

test("the verdict filter leaves claims of that verdict only", async ({ page, examples }) => {
  await open(page, examples, STORY);
  const button = page.getByRole("group", { name: "Verdict" }).getByRole("button", { name: /corroborated/ });
  const n = Number((await button.textContent())?.match(/\d+/)?.[0]);
  await button.click();
  await expect(page).toHaveURL(/verdict=corroborated/);
  await expect(page.getByRole("grid")).toHaveAttribute("aria-rowcount", String(n + 1));
  const verdicts = await page.locator(".grid .verdictcell .verdict").allTextContents();
  expect(new Set(verdicts.map((v) => v.replace(/^\S/, "")))).toEqual(new Set(["corroborated"]));
});

for (const section of ["conflicts", "left-out", "timeline", "network", "map", "quotes", "names", "documents"]) {
  test(`the section ${section} of a story`, async ({ page, examples }) => {
    await open(page, examples, `${STORY}?at=${section}`);
    const part = page.locator(`#${section}`);
    await expect(part).toBeVisible();
    await expect(part.getByRole("heading").first()).toBeInViewport();
    if (section === "map") await expect(part.locator(".land").nth(100)).toBeAttached();
    expect(((await part.textContent()) ?? "").length).toBeGreaterThan(120);
    await page.waitForTimeout(150);
    await picture(page, `story-${section}`);
  });
}

test("the time line tells planned, background and denied apart by shape", async ({ page, examples }) => {
  const ask = async (path: string) => page.request.get(`${examples.url}/api/v1/${path}`).then((r) => r.json());
  const { items } = await ask("stories?limit=10");
  let chosen = "";
  for (const { story_id } of items) {
    const { timeline } = (await ask(`stories/${story_id}`)) as { timeline: { mode: string }[] };
    const modes = timeline.slice(0, 40).map((m) => m.mode);
    if (["happened", "planned", "background"].every((m) => modes.includes(m))) chosen ||= story_id;
  }
  expect(chosen).not.toBe("");
  await open(page, examples, `#/stories/${chosen}`);
  for (const mark of ["m-happened", "m-planned", "m-background"]) await expect(page.locator(`#timeline li .${mark}`).first()).toBeAttached();
  await page.locator("#timeline").getByRole("button", { name: /planned/ }).click();
  await expect(page.locator("#timeline li.planned").first()).toBeVisible();
  await expect(page.locator("#timeline li.happened")).toHaveCount(0);
});

test("renderings of one utterance have their own words marked", async ({ page, examples }) => {
  await open(page, examples, `${STORY}?at=quotes`);
  await page.getByRole("button", { name: /in two or more documents/ }).click();
  await expect(page.locator("#quotes .utterance mark").first()).toBeVisible();
  const renderings = page.locator("#quotes .utterance").first().locator(".rendering");
  expect(await renderings.count()).toBeGreaterThan(1);
});

test("a document leads from its text to the list beside it and back", async ({ page, examples }) => {
  await open(page, examples, STORY);
  await page.locator("#documents h3 a").nth(1).click();
  await expect(page.locator(".document .text")).toBeVisible();
  await picture(page, "document");
  const event = page.locator(".document .k-event").first();
  await event.click();
  await expect(page.locator(".notes li.there")).toBeVisible();
  const entry = page.locator(".notes li button").nth(2);
  await entry.click();
  await expect(page.locator(".document .text .lit").first()).toBeInViewport();
});

test("what was cut from a page is grey and can be put back", async ({ page, examples }) => {
  const { items } = await page.request.get(`${examples.url}/api/v1/documents?limit=100`).then((r) => r.json());
  for (const item of items) {
    await open(page, examples, `#/documents/${item.doc_id}`);
    const cut = page.locator(".document details.furniture");
    if ((await cut.count()) === 0) continue;
    await expect(cut.first()).not.toHaveAttribute("open");
    await page.getByRole("button", { name: "all that was cut" }).click();
    await expect(cut.first()).toHaveAttribute("open");
    return;
  }
  throw new Error("no page of the examples has furniture");
});

test("an actor has names with evidence, roles, positions, events", async ({ page, examples }) => {
  await open(page, examples, "#/actors?kind=person");
  await expect(page.getByRole("list", { name: "Actors" })).toBeVisible();
  await picture(page, "actors");
  await page.getByRole("list", { name: "Actors" }).getByRole("link").first().click();
  await expect(page.locator("#aliases table tbody tr").first()).toBeVisible();
  await expect(page.locator("#events .event").first()).toBeVisible();
  await picture(page, "actor");
  await page.locator("#aliases tbody a").first().click();
  await expect(page.getByRole("complementary").locator(".lit").first()).toBeInViewport();
});

test("an event is explained as a picture of its sentence", async ({ page, examples }) => {
  await open(page, examples, "#/events?type=CONSULT&polarity=affirmed");
  await expect(page.getByRole("list", { name: "Events" }).locator(".event").first()).toBeVisible();
  await picture(page, "events");
  await page.locator(".event").first().getByRole("link", { name: "why" }).click();
  await expect(page.locator(".sentence .p-trigger")).toBeVisible();
  await expect(page.locator(".tree path.own").first()).toBeAttached();
  await expect(page.locator("#rule")).toContainText("consult");
  await picture(page, "event");
});

test("relations of a pair over time lead to the events of a month", async ({ page, examples }) => {
  await open(page, examples, "#/relations");
  await expect(page.getByRole("list", { name: "Pairs of codes" }).getByRole("link").first()).toBeVisible();
  await picture(page, "relations");
  await open(page, examples, "#/relations/ARM/AZE");
  await expect(page.locator('.bars .up:not([height="0"])').first()).toBeVisible();
  await picture(page, "relations-pair");
  await page.locator(".bars .month").last().click();
  await expect(page).toHaveURL(/month=\d{4}-\d{2}/);
  await expect(page.locator("#events .event").first()).toBeVisible();
});

test("conflicts of all stories, each value with its words", async ({ page, examples }) => {
  await open(page, examples, "#/conflicts");
  await expect(page.getByRole("list", { name: "Conflicts" }).locator("mark").first()).toBeVisible();
  await picture(page, "conflicts");
});

test("search finds words in documents, quotes and claims", async ({ page, examples }) => {
  await open(page, examples, "#/stories");
  await page.keyboard.press("/");
  await page.keyboard.type("airport");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/search\?q=airport/);
  await expect(page.getByRole("list", { name: "Hits" }).locator("mark").first()).toHaveText(/airport/i);
  await picture(page, "search");
  await page.getByRole("group", { name: "Kind" }).getByRole("button", { name: "quotes" }).click();
  await expect(page.getByRole("list", { name: "Hits" }).locator(".tag").first()).toHaveText("quote");
});

test("dark, narrow, and without motion", async ({ page, examples }) => {
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  await open(page, examples, STORY);
  await picture(page, "story-dark");
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, examples, STORY);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  await picture(page, "story-narrow-dark");
  await page.emulateMedia({ colorScheme: "light" });
  for (const hash of ["#/stories", "#/events", "#/actors", "#/relations", "#/conflicts", "#/sql", "#/search?q=airport"]) {
    await open(page, examples, hash);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide, hash).toBeLessThanOrEqual(0);
  }
  await open(page, examples, "#/stories");
  await picture(page, "stories-narrow");
});
