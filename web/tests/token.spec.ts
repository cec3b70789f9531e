// What others can reach wants a token: the page asks for it, programs are refused without it.

import { expect, forgiveFailedRequests, serving, test } from "./server";

const TOKEN = "a-token-of-the-tests-0123456789";
/** Every address of this machine, of which the browser takes loopback. */
const FLAGS = ["--addr", "0.0.0.0:0", "--token", TOKEN];

function port(url: string): string {
  return new URL(url).port;
}

test("the page asks for the token and takes it", async ({ page, examples, troubles }) => {
  await serving(examples.store, { flags: FLAGS }, async (url) => {
    const own = `http://127.0.0.1:${port(url)}`;
    await page.goto(`${own}/`);
    const field = page.getByLabel("Token of this server");
    await expect(field).toBeFocused();
    await expect(page.locator("body")).not.toContainText("stories");
    await field.fill("a-token-of-somebody-else-0123456789");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("alert")).toContainText("not the token");
    await page.getByLabel("Token of this server").fill(TOKEN);
    await page.getByRole("button", { name: "Open" }).click();
    await expect(page.getByRole("list", { name: "Stories" }).getByRole("article").first()).toBeVisible();
    expect(page.url()).not.toContain(TOKEN);
    // The cookie holds for every view and every reload.
    await page.goto(`${own}/#/sql`);
    await page.reload();
    await expect(page.getByRole("button", { name: "Run" })).toBeVisible();
    const [cookie] = await page.context().cookies(own);
    expect([cookie?.httpOnly, cookie?.sameSite]).toEqual([true, "Strict"]);
  });
  // The browser notes the answers 401.
  forgiveFailedRequests(troubles);
});

test("the address that is printed holds the token and opens the page at once", async ({ page, examples }) => {
  await serving(examples.store, { flags: FLAGS }, async (url) => {
    expect(url).toContain(`?token=${TOKEN}`);
    await page.goto(`http://127.0.0.1:${port(url)}/?token=${TOKEN}`);
    await expect(page.getByRole("list", { name: "Stories" }).getByRole("article").first()).toBeVisible();
    expect(page.url()).not.toContain(TOKEN);
  });
});

test("programs are refused without the token", async ({ request, examples }) => {
  await serving(examples.store, { flags: FLAGS }, async (url) => {
    const own = `http://127.0.0.1:${port(url)}`;
    for (const path of ["/api/v1/stories", "/api/v1/changes", "/api/v1/feed.atom", "/app.js"]) {
      const refused = await request.get(own + path);
      expect(refused.status(), path).toBe(401);
      expect(refused.headers()["content-type"], path).toBe("application/problem+json");
    }
    const written = await request.post(`${own}/api/v1/sql`, { data: { query: "select 1" } });
    expect(written.status()).toBe(401);
    const with_ = await request.get(`${own}/api/v1/stories`, { headers: { Authorization: `Bearer ${TOKEN}` } });
    expect(with_.status()).toBe(200);
  });
});
