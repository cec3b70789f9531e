// Pages that would like to run stay words: nothing executes, nothing leaves the page, the page stays whole.

import type { Page } from "@playwright/test";
import { PAYLOADS } from "./hostile";
import { expect, forgiveFailedRequests, open, type Served, test } from "./server";

async function isHarmless(page: Page): Promise<void> {
  expect(await page.evaluate(() => (window as unknown as { ran?: number }).ran)).toBeUndefined();
  await expect(page.locator("script:not([src]), iframe, base, main img, main style, main form[action], main link")).toHaveCount(0);
  const addresses = await page.locator("a[href]").evaluateAll((links) => links.map((a) => a.getAttribute("href") ?? ""));
  expect(addresses.filter((a) => !/^(#|https?:\/\/|\/api\/v1\/|#\/)/.test(a))).toEqual([]);
  const outer = await page.locator("a[href^='http']").evaluateAll((links) => links.map((a) => a.getAttribute("rel")));
  expect(outer.filter((rel) => rel !== "noopener noreferrer")).toEqual([]);
  const handlers = await page.evaluate(() => [...document.querySelectorAll("*")].flatMap((e) => [...e.attributes]).filter((a) => a.name.startsWith("on")).length);
  expect(handlers).toBe(0);
  await expect(page.locator("header.top")).toBeVisible();
}

async function items<T>(page: Page, served: Served, list: string): Promise<T[]> {
  return (await page.request.get(`${served.url}/api/v1/${list}`).then((r) => r.json())).items;
}

test("stories of hostile pages are only words", async ({ page, hostile }) => {
  await open(page, hostile, "#/stories");
  await isHarmless(page);
  for (const story of (await items<{ story_id: string }>(page, hostile, "stories?limit=20")).slice(0, 8)) {
    await open(page, hostile, `#/stories/${story.story_id}`);
    await page.locator("#documents details summary").first().click().catch(() => undefined);
    await isHarmless(page);
    const cell = page.locator(".grid [role=gridcell] > a").first();
    if ((await cell.count()) > 0) {
      await cell.hover();
      await cell.click();
      await expect(page.getByRole("complementary").locator(".text")).toBeVisible();
      await isHarmless(page);
      await page.keyboard.press("Escape");
    }
  }
});

test("each payload can be read as it was written", async ({ page, hostile }) => {
  test.setTimeout(120_000);
  const documents = await items<{ doc_id: string; path: string }>(page, hostile, "documents?limit=100");
  expect(documents.length).toBeGreaterThan(15);
  let seen = 0;
  for (const doc of documents) {
    const i = Number(/(\d\d)[ab]\.html$/.exec(doc.path)?.[1] ?? -1);
    await open(page, hostile, `#/documents/${doc.doc_id}`);
    await isHarmless(page);
    const payload = PAYLOADS[i];
    if (payload === undefined) continue;
    const text = ((await page.locator(".document .text").textContent()) ?? "").replace(/\s+/g, " ");
    if (text.includes(payload.replace(/\s+/g, " "))) seen += 1;
  }
  expect(seen).toBeGreaterThan(PAYLOADS.length);
});

test("actors, events, conflicts and hits of hostile pages are only words", async ({ page, hostile }) => {
  for (const hash of ["#/actors?all=true", "#/events", "#/conflicts", "#/relations", "#/search?q=script", "#/search?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E", "#/stories?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E"]) {
    await open(page, hostile, hash).catch(() => undefined);
    await isHarmless(page);
  }
  for (const event of (await items<{ event_id: string }>(page, hostile, "events?limit=6")).slice(0, 6)) {
    await open(page, hostile, `#/events/${event.event_id}`);
    await isHarmless(page);
  }
  for (const actor of (await items<{ actor_id: string }>(page, hostile, "actors?limit=6")).slice(0, 6)) {
    await open(page, hostile, `#/actors/${actor.actor_id}`);
    await isHarmless(page);
  }
});

test("an address made to mislead shows a message, not a page of its own", async ({ page, hostile, troubles }) => {
  for (const hash of ["#/stories/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "#/documents/..%2F..%2Fetc%2Fpasswd", "#/actors/%00", "#/events/%E0%A4%A", "#/nowhere/<img src=x onerror=alert(1)>"]) {
    await page.goto(`${hostile.url}/${hash}`);
    await expect(page.locator("main")).toContainText(/no |not /i);
    expect(await page.evaluate(() => (window as unknown as { ran?: number }).ran)).toBeUndefined();
  }
  forgiveFailedRequests(troubles);
});

test("text that runs backwards does not turn what stands beside it", async ({ page, hostile }) => {
  await open(page, hostile, "#/stories");
  const isolated = await page.locator(".story h3 a, .story bdi").evaluateAll((nodes) => nodes.every((n) => getComputedStyle(n).unicodeBidi.includes("isolate")));
  expect(isolated).toBe(true);
  await expect(page.locator("html")).toHaveAttribute("dir", "ltr");
});

test("a title of 200 kB does not stop the page", async ({ page, hostile }) => {
  const [doc] = (await items<{ doc_id: string; path: string }>(page, hostile, "documents?limit=100&path=lines.jsonl")).filter((d) => d.path.includes("jsonl"));
  if (!doc) throw new Error("the line with the long title was rejected");
  await open(page, hostile, `#/documents/${doc.doc_id}`);
  expect(((await page.locator("h1").textContent()) ?? "").length).toBeLessThan(1000);
});

test("the policy of the page forbids what the page does not need", async ({ page, hostile }) => {
  const answer = await page.goto(`${hostile.url}/`);
  const policy = (await answer?.headerValue("content-security-policy")) ?? "";
  for (const part of ["script-src 'self'", "style-src 'self'", "connect-src 'self'"]) expect(policy).toContain(part);
  expect(policy).not.toContain("unsafe");
});
