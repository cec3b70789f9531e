// A real store, the real program, a real browser: what the tests share.

import { test as base, expect, type Page } from "@playwright/test";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { copyFileSync, cpSync, existsSync, linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { writeHostilePages } from "./hostile";

const HERE = dirname(fileURLToPath(import.meta.url));
export const ROOT = resolve(HERE, "../..");
const PROGRAM = process.env.POLYBIUS ?? join(process.env.CARGO_TARGET_DIR ?? join(ROOT, "target"), "release/polybius");

/** Runs the program; what it writes to standard error is shown only when it fails. */
export function polybius(...args: string[]): string {
  return execFileSync(PROGRAM, args, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

export interface Served {
  url: string;
  store: string;
  /** A folder that is gone after the tests. */
  folder: string;
}

interface ServeOptions {
  /** Another program than the one that is tested otherwise. */
  program?: string;
  /** More flags; without `--addr` it is a free port of loopback. */
  flags?: string[];
}

/** Starts a server; the address is the one that it printed. */
async function serve(store: string, { program = PROGRAM, flags = [] }: ServeOptions = {}): Promise<{ url: string; child: ChildProcess }> {
  const address = flags.includes("--addr") ? [] : ["--addr", "127.0.0.1:0"];
  const child = spawn(program, ["serve", "--store", store, ...address, ...flags], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  const url = await new Promise<string>((found, failed) => {
    let said = "";
    let trouble = "";
    child.stdout.on("data", (bytes: Buffer) => {
      said += bytes.toString();
      const address = /http:\/\/\S+/.exec(said)?.[0];
      if (address) found(address.replace(/\/$/, ""));
    });
    child.stderr.on("data", (bytes: Buffer) => (trouble += bytes.toString()));
    child.on("error", failed);
    child.on("exit", (code) => failed(new Error(`serve ended with ${code}: ${trouble}`)));
  });
  return { url, child };
}

/** Serves a store beside the shared servers for the time of one test. */
export async function serving(store: string, options: ServeOptions, use: (url: string) => Promise<void>): Promise<void> {
  const { url, child } = await serve(store, options);
  try {
    await use(url);
  } finally {
    child.removeAllListeners("exit");
    child.kill("SIGTERM");
  }
}

/** The program in a folder of its own, with the engine that is given beside it or none. */
export function programWith(folder: string, engine: string | null): string {
  const own = mkdtempSync(join(folder, "bin-"));
  const put = (from: string, name: string) => {
    try {
      linkSync(realpathSync(from), join(own, name));
    } catch {
      copyFileSync(from, join(own, name));
    }
    return join(own, name);
  };
  if (engine) put(engine, "polybius-engine");
  return put(PROGRAM, "polybius");
}

/** The engine program, where it has been built. */
export function builtEngine(): string | undefined {
  const folder = dirname(PROGRAM);
  const places = [process.env.POLYBIUS_ENGINE ?? "", join(folder, "polybius-engine"), join(folder, "../debug/polybius-engine")];
  return places.find((path) => path && existsSync(path));
}

async function served(build: (folder: string) => string, use: (served: Served) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "polybius-web-"));
  const store = build(folder);
  const { url, child } = await serve(store);
  try {
    await use({ url, store, folder });
  } finally {
    child.removeAllListeners("exit");
    child.kill("SIGTERM");
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A store of the pages in `examples/`. */
function buildExamples(folder: string): string {
  const store = join(folder, "examples");
  polybius("run", "examples", "--store", store, "--quiet");
  return store;
}

/** A store of pages that would like to run. */
function buildHostile(folder: string): string {
  const pages = join(folder, "pages");
  mkdirSync(pages);
  writeHostilePages(pages);
  const store = join(folder, "hostile");
  polybius("run", pages, "--store", store, "--quiet");
  return store;
}

/** Pages that a test may add to a store while it is served. */
export function somePages(folder: string, set: string): string {
  const to = join(folder, set);
  cpSync(join(ROOT, "examples", set), to, { recursive: true });
  return to;
}

interface Workers {
  examples: Served;
  hostile: Served;
  /** The pages of one example only, to be added to. */
  growing: Served;
}

interface Fixtures {
  /** What must not have happened: errors, dialogs, requests to elsewhere. */
  troubles: string[];
}

export const test = base.extend<Fixtures, Workers>({
  examples: [async ({}, use) => served(buildExamples, use), { scope: "worker", timeout: 400_000 }],
  hostile: [async ({}, use) => served(buildHostile, use), { scope: "worker", timeout: 400_000 }],
  growing: [
    async ({}, use) =>
      served((folder) => {
        const store = join(folder, "growing");
        polybius("run", join(ROOT, "examples", "panmunjom-2018"), "--store", store, "--quiet");
        return store;
      }, use),
    { scope: "worker", timeout: 400_000 },
  ],
  troubles: [
    async ({ page }, use) => {
      const troubles: string[] = [];
      watch(page, troubles);
      await use(troubles);
      expect(troubles).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Takes out what the browser says by itself of answers that a test asks for: missing things, a server that is gone. */
export function forgiveFailedRequests(troubles: string[]): void {
  const left = troubles.filter((t) => !t.startsWith("console error: Failed to load resource"));
  troubles.splice(0, troubles.length, ...left);
}

function watch(page: Page, troubles: string[]): void {
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") troubles.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => troubles.push(`page error: ${error.message}`));
  page.on("dialog", (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const address = request.url();
    const isOwn = /^http:\/\/127\.0\.0\.1:\d+\//.test(address) || /^(blob|data):/.test(address);
    if (!isOwn) troubles.push(`request to ${address}`);
  });
}

/** Goes to a view and waits until it is there. */
export async function open(page: Page, served: Served, hash: string): Promise<void> {
  await page.goto(`${served.url}/${hash}`);
  await expect(page.locator("main")).not.toContainText("reading …");
  await page.evaluate(() => document.fonts.ready);
  // What stands in for a part that failed.
  await expect(page.locator("[data-broken]")).toHaveCount(0);
}
