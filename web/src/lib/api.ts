/** The one place that speaks to the server. Only addresses under `/api/v1` of the page's own origin are asked. */

import type { Page } from "./types";

const ROOT = "/api/v1";

export type Query = Record<string, string | number | boolean | null | undefined>;

/** A failure as the server words it (RFC 9457), or as the page does when no answer came. */
export class Problem extends Error {
  readonly status: number;
  readonly kind: string;
  readonly detail: string;
  readonly hint: string;

  constructor(title: string, status = 0, kind = "unreachable", detail = "", hint = "") {
    super(title);
    this.status = status;
    this.kind = kind;
    this.detail = detail;
    this.hint = hint;
  }
}

/** `/stories?limit=50`: empty parameters are left out. */
export function address(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, v]) => v !== undefined && v !== null && v !== "");
  const text = new URLSearchParams(given.map(([k, v]) => [k, String(v)])).toString();
  return `${ROOT}${path}${text ? `?${text}` : ""}`;
}

export async function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return ask<T>(address(path, query), signal ? { signal } : {});
}

export async function send<T>(method: "POST" | "DELETE", path: string, query: Query = {}, body?: unknown): Promise<T> {
  const init: RequestInit = { method, headers: { "Content-Type": "application/json" } };
  if (body !== undefined) init.body = JSON.stringify(body);
  return ask<T>(address(path, query), init);
}

async function ask<T>(url: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: "same-origin", ...init });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new Problem("The server does not answer", 0, "unreachable", "", "Is `polybius serve` still running?");
  }
  if (!response.ok) throw await problemOf(response);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

async function problemOf(response: Response): Promise<Problem> {
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  try {
    const body = (await response.json()) as Record<string, unknown>;
    const kind = text(body.type).split("/").at(-1) ?? "";
    return new Problem(text(body.title) || response.statusText, response.status, kind, text(body.detail), text(body.hint));
  } catch {
    return new Problem(`The server answered ${response.status} ${response.statusText}`, response.status, "unknown");
  }
}

/** Was this only a request that nobody waits for any more? */
export function isAbort(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === "AbortError";
}

/** Any failure as a `Problem`, so that it can be shown. */
export function asProblem(cause: unknown): Problem {
  if (cause instanceof Problem) return cause;
  return new Problem(cause instanceof Error ? cause.message : String(cause), 0, "page");
}

/** Reads a whole list, page by page, at most `most` items. */
export async function all<T>(path: string, query: Query, most = 2000): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await get<Page<T>>(path, { ...query, limit: Math.min(500, most), cursor });
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor && items.length < most);
  return items.slice(0, most);
}
