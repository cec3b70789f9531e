/** Answers of the server as state: what is there, what is on its way, what went wrong. */

import { asProblem, get, isAbort, Problem, type Query } from "./api";
import type { Page } from "./types";

/**
 * One answer that follows what it depends on. `ask` is run in an effect: every state that it reads is followed.
 * What was shown stays until the next answer is there.
 */
export class Loaded<T> {
  value: T | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  loading = $state(true);

  constructor(ask: (signal: AbortSignal) => Promise<T>) {
    $effect(() => {
      const control = new AbortController();
      this.loading = true;
      ask(control.signal).then(
        (value) => {
          if (control.signal.aborted) return;
          this.value = value;
          this.problem = null;
          this.loading = false;
        },
        (cause: unknown) => {
          if (control.signal.aborted || isAbort(cause)) return;
          this.problem = asProblem(cause);
          this.loading = false;
        },
      );
      return () => control.abort();
    });
  }
}

const STEP = 100;

/**
 * A list that is read on while it is scrolled. `query` is run in an effect; when it changes the list begins anew.
 * `null` asks for nothing.
 */
export class Listed<T> {
  items: T[] = $state.raw([]);
  total = $state(0);
  problem: Problem | null = $state.raw(null);
  loading = $state(true);
  private cursor: string | null = null;
  private control = new AbortController();
  private readonly path: string;
  private query: Query = {};

  constructor(path: string, query: () => Query | null) {
    this.path = path;
    $effect(() => {
      const asked = query();
      this.control.abort();
      this.control = new AbortController();
      if (asked === null) {
        this.items = [];
        this.total = 0;
        this.loading = false;
        return;
      }
      this.query = asked;
      void this.read(this.control.signal, null);
      return () => this.control.abort();
    });
  }

  /** Reads the next page, unless one is on its way or all is there. */
  more(): void {
    if (this.loading || this.cursor === null) return;
    void this.read(this.control.signal, this.cursor);
  }

  /** Reads anew what is shown, without going back to the beginning. */
  refresh(): void {
    void this.read(this.control.signal, null, Math.min(500, Math.max(STEP, this.items.length)));
  }

  private async read(signal: AbortSignal, cursor: string | null, limit = STEP): Promise<void> {
    this.loading = true;
    try {
      const page = await get<Page<T>>(this.path, { ...this.query, limit, cursor }, signal);
      if (signal.aborted) return;
      this.items = cursor === null ? page.items : [...this.items, ...page.items];
      this.total = page.total;
      this.cursor = page.next_cursor;
      this.problem = null;
      this.loading = false;
    } catch (cause) {
      if (signal.aborted || isAbort(cause)) return;
      this.loading = false;
      // The store has moved on: the list begins anew, as it is now.
      if (cause instanceof Problem && cause.kind === "stale-cursor" && cursor !== null) {
        await this.read(signal, null);
      } else {
        this.problem = asProblem(cause);
      }
    }
  }
}
