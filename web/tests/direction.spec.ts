// Words that run from right to left, in a page that runs from left to right.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, polybius, serving, test } from "./server";

const TITLE = "وزير الخارجية يصل إلى المدينة";
const HTML = `<!doctype html><html lang="en"><head><title>${TITLE}</title><meta property="article:published_time" content="2019-03-04T08:00:00Z"></head>
<body><article><h1>${TITLE}</h1><p>The foreign minister of Jordan met the president of Egypt in Cairo on Monday, the official agency said. The two sides agreed to
hold a second round of talks in April. “${TITLE}”, the agency wrote in its own language (2 of 3).</p><p>Egypt said that it had asked Jordan to send aid to
the border region. Jordan denied that any aid had been sent before Sunday.</p></article></body></html>`;

test("titles and words keep their direction, and turn nothing beside them", async ({ page, examples }) => {
  const file = join(examples.folder, "right-to-left.html");
  writeFileSync(file, HTML);
  const store = join(examples.folder, "right-to-left");
  polybius("run", file, "--store", store, "--quiet");
  const direction = (selector: string) => page.locator(selector).first().evaluate((e) => getComputedStyle(e).direction);
  await serving(store, {}, async (url) => {
    await page.goto(`${url}/#/stories`);
    await page.getByRole("list", { name: "Stories" }).getByRole("article").first().getByRole("link").first().click();
    const heading = page.locator("#documents h3").first();
    await expect(heading).toContainText(TITLE);
    expect(await direction("#documents h3 bdi")).toBe("rtl");
    expect(await direction("#documents h3")).toBe("ltr");
    // The label stays on the left of the title, whatever way the title runs.
    const [label, title] = [await heading.locator(".label").boundingBox(), await heading.locator("bdi").boundingBox()];
    expect((label?.x ?? 0) + (label?.width ?? 0)).toBeLessThanOrEqual((title?.x ?? 0) + 1);
    await page.locator("#documents h3 a").first().click();
    await expect(page.locator(".document .text")).toContainText(`“${TITLE}”, the agency wrote in its own language (2 of 3).`);
    expect(await direction("main h1")).toBe("rtl");
    expect(await direction(".document .text .body")).toBe("ltr");
    for (const width of [390, 1200]) {
      await page.setViewportSize({ width, height: 844 });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    }
  });
});
