/** A sentence as a picture: its words in a row, arcs for what hangs on what. */

import type { MarkedRun, Token } from "./types";

export interface Word {
  text: string;
  tag: string;
  rel: string;
  /** Middle, in pixels. */
  x: number;
  width: number;
  role: string;
}

export interface Arc {
  path: string;
  label: string;
  x: number;
  y: number;
  /** On the way from the act to one of its parties. */
  isOwn: boolean;
}

export interface Tree {
  words: Word[];
  arcs: Arc[];
  width: number;
  /** Height of the words' line. */
  base: number;
}

const ROLES = ["trigger", "actor", "recipient", "attribution", "time", "place"];
const LEVEL = 26;
const GAP = 14;

/** The picture of a sentence; `runs` are the same words with their parts marked. */
export function treeOf(tokens: readonly Token[], runs: readonly MarkedRun[]): Tree {
  const roles = rolesOf(tokens, runs);
  let x = GAP;
  const words = tokens.map((t, i) => {
    // Room for the name of the arc, too, which is as short as the way to the next word.
    const width = Math.max(18, Array.from(t.text).length * 7.8, t.tag.length * 6.4, t.rel.length * 4.6);
    const word = { text: t.text, tag: t.tag, rel: t.rel, x: x + width / 2, width, role: roles[i] ?? "" };
    x += width + GAP;
    return word;
  });
  const levels = heights(tokens);
  const own = ownArcs(tokens, roles);
  const top = Math.max(1, ...levels);
  const base = 34 + top * LEVEL;
  const arcs = tokens.flatMap((t, i) => {
    const head = t.head === null ? undefined : words[t.head];
    const word = words[i];
    if (!head || !word || t.head === null) return [];
    const side = t.head < i ? 1 : -1;
    const from = head.x + side * 4;
    const to = word.x;
    const y = base - 14 - (levels[i] ?? 1) * LEVEL;
    const bend = Math.min(14, Math.abs(to - from) / 3);
    const path = `M${from} ${base - 14}V${y + 8}Q${from} ${y} ${from + side * bend} ${y}H${to - side * bend}Q${to} ${y} ${to} ${y + 8}V${base - 14}`;
    return [{ path, label: t.rel, x: (from + to) / 2, y: y - 3, isOwn: own.has(i) }];
  });
  return { words, arcs, width: x, base };
}

/** The part of the event that each token belongs to: that of the run in which it begins. */
function rolesOf(tokens: readonly Token[], runs: readonly MarkedRun[]): string[] {
  return tokens.map((t) => {
    const run = runs.find((r) => r.start <= t.start && t.start < r.end);
    return ROLES.find((kind) => run?.marks.some((m) => m.kind === kind)) ?? "";
  });
}

/** How high each token's arc must be to cross none that lies inside it. */
function heights(tokens: readonly Token[]): number[] {
  const spans = tokens.map((t, i) => (t.head === null ? null : { low: Math.min(i, t.head), high: Math.max(i, t.head), i }));
  const sorted = spans.filter((s) => s !== null).sort((a, b) => a.high - a.low - (b.high - b.low) || a.low - b.low);
  const levels = tokens.map(() => 0);
  const done: { low: number; high: number; level: number }[] = [];
  for (const s of sorted) {
    const inside = done.filter((d) => d.low < s.high && d.high > s.low).map((d) => d.level);
    const level = Math.max(0, ...inside) + 1;
    levels[s.i] = level;
    done.push({ low: s.low, high: s.high, level });
  }
  return levels;
}

/** Tokens whose arc is part of a path between the act and a party. */
function ownArcs(tokens: readonly Token[], roles: readonly string[]): Set<number> {
  const up = (i: number) => {
    const path = [i];
    for (let head = tokens[i]?.head ?? null; head !== null && path.length <= tokens.length; head = tokens[head]?.head ?? null) path.push(head);
    return path;
  };
  // The word of a stretch that hangs on a word outside it.
  const top = (i: number) => roles[i] !== "" && roles[tokens[i]?.head ?? -1] !== roles[i];
  const tops = tokens.flatMap((_, i) => (top(i) ? [i] : []));
  const acts = tops.filter((i) => roles[i] === "trigger").map(up);
  const own = new Set<number>();
  for (const party of tops.filter((i) => roles[i] === "actor" || roles[i] === "recipient")) {
    const path = up(party);
    for (const act of acts) {
      const meeting = path.find((i) => act.includes(i));
      if (meeting === undefined) continue;
      for (const side of [path, act]) for (const i of side.slice(0, side.indexOf(meeting))) own.add(i);
    }
  }
  return own;
}
