// SQL in the page: with the engine program beside the server, and without it.

import { chmodSync, copyFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { builtEngine, expect, forgiveFailedRequests, programWith, serving, test } from "./server";

const STAND_IN = join(dirname(fileURLToPath(import.meta.url)), "stand-in-engine.sh");

test("without the engine program the page says how to build it", async ({ page, examples, troubles }) => {
  await serving(examples.store, { program: programWith(examples.folder, null) }, async (url) => {
    await page.goto(`${url}/#/sql`);
    await expect(page.locator("main")).toContainText("The engine program is not there");
    await expect(page.locator("main")).toContainText("cargo build --release -p polybius-engine");
    await page.getByRole("button", { name: "Run" }).click();
    await expect(page.getByRole("alert")).toContainText("SQL needs the engine program");
    await expect(page.getByRole("alert")).toContainText("plain Parquet files");
  });
  forgiveFailedRequests(troubles);
});

test("rows of the engine are shown as words, and what a query lacks is told", async ({ page, examples, troubles }) => {
  const engine = join(examples.folder, "stand-in-engine.sh");
  copyFileSync(STAND_IN, engine);
  chmodSync(engine, 0o755);
  await serving(examples.store, { program: programWith(examples.folder, engine) }, async (url) => {
    await page.goto(`${url}/#/sql`);
    await expect(page.locator("main")).not.toContainText("The engine program is not there");
    await page.getByLabel("Query").fill("select event_type, count(*) as n from events_flat");
    await page.keyboard.press("Control+Enter");
    await expect(page.getByRole("status").filter({ hasText: "2 rows" })).toBeVisible();
    await expect(page.locator("table.data thead th")).toHaveText(["event_type", "n", "share"]);
    await expect(page.locator("table.data tbody td")).toHaveText(["CONSULT", "12", "0.5", "<b>AID</b>", "3", ""]);
    await expect(page).toHaveURL(/q=select/);
    await page.getByLabel("Query").fill("select * from nowhere");
    await page.getByRole("button", { name: "Run" }).click();
    await expect(page.getByRole("alert")).toContainText("table 'nowhere' not found");
    await expect(page.locator("table.data")).toHaveCount(0);
  });
  forgiveFailedRequests(troubles);
});

test("the engine itself counts the events of the store", async ({ page, examples, troubles }) => {
  const engine = builtEngine();
  test.skip(engine === undefined, "cargo build -p polybius-engine builds it");
  test.setTimeout(180_000);
  await serving(examples.store, { program: programWith(examples.folder, engine ?? null) }, async (url) => {
    const { total } = await page.request.get(`${url}/api/v1/events?limit=1`).then((r) => r.json());
    await page.goto(`${url}/#/sql`);
    await page.getByRole("button", { name: "events by type" }).click();
    await page.getByRole("button", { name: "Run" }).click();
    await expect(page.locator("table.data tbody tr").first()).toBeVisible({ timeout: 60_000 });
    await expect(page.locator("table.data thead th")).toHaveText(["event_type", "n"]);
    const counts = await page.locator("table.data tbody td.num").allTextContents();
    expect(counts.map(Number).reduce((a, b) => a + b, 0)).toBe(total);
    // Nothing but reading.
    await page.getByLabel("Query").fill("create table t as select 1");
    await page.getByRole("button", { name: "Run" }).click();
    await expect(page.getByRole("alert")).toBeVisible({ timeout: 60_000 });
  });
  forgiveFailedRequests(troubles);
});
