/** What happens in the store while the page is open, told by `/changes`. */

import { address } from "./api";

interface Commit {
  version: number;
  documents: number;
  stories: number;
  new_stories: string[];
  changed_stories: string[];
}

class Live {
  /** `off` until the first event, and while the connection is being made again. */
  state: "on" | "off" = $state("off");
  /** Moves when the store has changed since the page was opened: views read anew. */
  turn = $state(0);
  comparing = $state(false);
  problem: string | null = $state(null);
  /** Stories that came or changed since the page was opened. */
  fresh: ReadonlySet<string> = $state.raw(new Set());
  changed: ReadonlySet<string> = $state.raw(new Set());
  /** What the last commit brought, to be said aloud. */
  news = $state("");
  private source: EventSource | null = null;
  private version = 0;

  open(): void {
    if (this.source) return;
    const source = new EventSource(address("/changes"));
    this.source = source;
    source.addEventListener("open", () => (this.state = "on"));
    source.addEventListener("error", () => (this.state = "off"));
    source.addEventListener("hello", (event) => {
      this.state = "on";
      const { version } = read<{ version: number }>(event, { version: this.version });
      // After a pause the store may have moved on.
      if (this.version > 0 && version !== this.version) this.turn += 1;
      this.version = version;
    });
    source.addEventListener("comparing", (event) => {
      this.comparing = read<{ running: boolean }>(event, { running: false }).running;
    });
    source.addEventListener("problem", (event) => {
      this.problem = read<{ title: string }>(event, { title: "the store cannot be read" }).title;
    });
    source.addEventListener("commit", (event) => this.commit(event));
  }

  close(): void {
    this.source?.close();
    this.source = null;
  }

  private commit(event: Event): void {
    const commit = read<Partial<Commit>>(event, {});
    const added = commit.new_stories ?? [];
    const changed = commit.changed_stories ?? [];
    this.problem = null;
    this.comparing = false;
    if (added.length > 0) this.fresh = new Set([...this.fresh, ...added]);
    if (changed.length > 0) this.changed = new Set([...this.changed, ...changed]);
    this.news = [said(added.length, "new"), said(changed.length, "changed")].filter(Boolean).join(", ");
    this.version = commit.version ?? this.version;
    this.turn += 1;
  }
}

function said(n: number, what: string): string {
  return n > 0 ? `${n} ${what} ${n === 1 ? "story" : "stories"}` : "";
}

function read<T>(event: Event, otherwise: T): T {
  try {
    return JSON.parse((event as MessageEvent<string>).data) as T;
  } catch {
    return otherwise;
  }
}

export const live = new Live();
