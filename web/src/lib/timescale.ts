/** Where the moments of a story stand on its axis. */

import { scaleUtc, type ScaleTime } from "d3-scale";
import { rangeWords, timeOf } from "./dates";
import type { Moment } from "./types";

const DAY = 86_400_000;
/** What lies further from the story than this is shown at the edge, with an arrow. */
const FAR_DAYS = 200;
/** Days on both sides of the story that are drawn wider than the rest when the rest is long. */
const FOCUS_DAYS = 3;
/** Room for arrows at both ends. */
const EDGE = 14;

export interface Axis {
  scale: ScaleTime<number, number>;
  /** The days of the story where they are drawn wider than the others, in pixels. */
  focus: { from: number; to: number } | null;
  ticks: { x: number; text: string }[];
}

/** An axis over the days around the story, `width` pixels long; `null` when nothing is dated. */
export function axisOf(moments: readonly Moment[], from: string | null, to: string | null, width: number): Axis | null {
  const dated = moments.flatMap((m) => {
    const start = timeOf(m.date_start) ?? timeOf(m.date_end);
    return start === null ? [] : [{ start, end: timeOf(m.date_end) ?? start, isNear: m.mode !== "background" }];
  });
  const middle = timeOf(from) ?? median(dated.filter((d) => d.isNear).map((d) => d.start)) ?? median(dated.map((d) => d.start));
  if (middle === null) return null;
  const last = Math.max(middle, timeOf(to) ?? middle);
  const near = dated.filter((d) => d.isNear && d.start >= middle - FAR_DAYS * DAY && d.end <= last + FAR_DAYS * DAY);
  const low = Math.min(middle, ...near.map((d) => d.start));
  const high = Math.max(last, ...near.map((d) => d.end)) + DAY;
  const right = Math.max(60, width - EDGE);
  const inner = [middle - FOCUS_DAYS * DAY, last + (FOCUS_DAYS + 1) * DAY] as const;
  const rest = Math.max(0, inner[0] - low) + Math.max(0, high - inner[1]);
  if (rest < 3 * (inner[1] - inner[0])) return evenAxis(Math.min(low, inner[0]), Math.max(high, inner[1]), right);
  return focusedAxis(low, inner, high, right);
}

function evenAxis(low: number, high: number, right: number): Axis {
  const scale = scaleUtc([low, high], [EDGE, right]);
  return { scale, focus: null, ticks: spaced(scale.ticks(3).map((t) => tick(scale, t.getTime()))) };
}

/** The days of the story take three fifths of the width. */
function focusedAxis(low: number, inner: readonly [number, number], high: number, right: number): Axis {
  const length = right - EDGE;
  const before = low < inner[0] ? 1 : 0;
  const after = high > inner[1] ? 1 : 0;
  const side = (0.4 / (before + after)) * length;
  const focus = { from: EDGE + before * side, to: right - after * side };
  const domain = [...(before ? [low] : []), inner[0], inner[1], ...(after ? [high] : [])];
  const range = [...(before ? [EDGE] : []), focus.from, focus.to, ...(after ? [right] : [])];
  const scale = scaleUtc(domain, range);
  const within = scaleUtc([inner[0], inner[1]], [focus.from, focus.to]).ticks(2).map((t) => tick(scale, t.getTime()));
  const ends = [...(before ? [tick(scale, low)] : []), ...(after ? [tick(scale, high)] : [])];
  return { scale, focus, ticks: spaced([...within, ...ends]) };
}

function tick(scale: ScaleTime<number, number>, time: number): { x: number; text: string } {
  const day = new Date(time).toISOString().slice(0, 10);
  return { x: scale(time), text: rangeWords(day, day).replace(/ \d{4}$/, "") };
}

/** The ticks that do not stand on an earlier one of the list, from left to right. */
function spaced(ticks: readonly { x: number; text: string }[]): { x: number; text: string }[] {
  const kept: { x: number; text: string }[] = [];
  for (const t of ticks) if (kept.every((k) => Math.abs(k.x - t.x) > 46)) kept.push(t);
  return kept.sort((a, b) => a.x - b.x);
}

function median(times: readonly number[]): number | null {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? null;
}

export interface Mark {
  /** Pixels; the same where the day is known. */
  from: number;
  to: number;
  /** Beyond an edge of the axis. */
  beyond: "" | "before" | "after";
  /** Only the beginning or only the end is known. */
  isOpen: boolean;
}

/** Where a stretch of days stands, cut at the edges; `null` without a day. */
export function markOf(axis: Axis, start: string | null, end: string | null, precision = "day"): Mark | null {
  const { scale } = axis;
  const range = scale.range();
  const low = range[0] ?? 0;
  const high = range.at(-1) ?? 0;
  const first = timeOf(start);
  const last = timeOf(end);
  const isOpen = precision === "open" && (first === null || last === null);
  const from = first ?? (isOpen ? null : last);
  const to = last ?? (isOpen ? null : first);
  if (from === null && to === null) return null;
  const left = from === null ? low : scale(from);
  const right = to === null ? high : scale(to + DAY);
  if (right < low) return { from: low, to: low, beyond: "before", isOpen };
  if (left > high) return { from: high, to: high, beyond: "after", isOpen };
  if (!isOpen && from !== null && from === to) {
    const centre = scale(from + DAY / 2);
    return { from: centre, to: centre, beyond: "", isOpen };
  }
  return { from: Math.max(low, left), to: Math.min(high, right), beyond: "", isOpen };
}
