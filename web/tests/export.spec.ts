// What is on the screen can be taken along.

import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expect, open, test } from "./server";

async function saved(page: Page, section: string, what: string): Promise<{ name: string; bytes: Buffer }> {
  const part = section ? page.locator(section) : page.locator("main");
  await part.getByRole("button", { name: "Save as" }).first().click();
  const [download] = await Promise.all([page.waitForEvent("download"), part.getByText(what).first().click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

test("the claims that are shown, as CSV", async ({ page, examples }) => {
  await open(page, examples, "#/stories/1?verdict=corroborated");
  const { name, bytes } = await saved(page, "#claims", "CSV");
  expect(name).toMatch(/\.csv$/);
  const lines = bytes.toString("utf8").replace(/^\ufeff/, "").trimEnd().split("\r\n");
  expect(lines[0]).toMatch(/^number,claim,verdict,documents,origins,/);
  expect(lines.length).toBe(Number(await page.getByRole("grid").getAttribute("aria-rowcount")));
  expect(lines.slice(1).every((line) => line.includes("corroborated"))).toBe(true);
});

test("the time line, the network and the map as pictures that stand alone", async ({ page, examples }) => {
  await open(page, examples, "#/stories/1?at=map");
  await expect(page.locator("#map .land").first()).toBeAttached();
  for (const section of ["#timeline", "#network", "#map"]) {
    const svg = (await saved(page, section, "SVG")).bytes.toString("utf8");
    expect(svg).toMatch(/^<svg/);
    expect(svg).toContain("xmlns=\"http://www.w3.org/2000/svg\"");
    expect(svg).toMatch(/stroke="rgb/);
    expect(svg).not.toContain("class=");
    const png = (await saved(page, section, "PNG")).bytes;
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect(png.length).toBeGreaterThan(10_000);
  }
});

test("tables of the store come from the server", async ({ page, examples }) => {
  await open(page, examples, "#/stories/1");
  const { bytes } = await saved(page, "", "Events, CSV");
  expect(bytes.toString("utf8")).toMatch(/event_id/);
  const parquet = await saved(page, "", "Events, Parquet");
  expect(parquet.bytes.subarray(0, 4).toString()).toBe("PAR1");
});

test("a citation names the version of the store", async ({ page, examples, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page, examples, "#/stories/1");
  await page.locator("main").getByRole("button", { name: "Save as" }).first().click();
  await page.getByRole("button", { name: /Citation/ }).click();
  await expect(page.getByText("citation copied")).toBeAttached();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toMatch(/version \d+/);
  expect(text).toContain("@misc{polybius:");
});
