/** Runs of a document, cut once more where words are to be lit. */

import { ByteText } from "./bytes";
import { runs } from "./runs";
import type { Mark, MarkedRun, Segment } from "./types";

export interface Stretch {
  start: number;
  end: number;
}

export interface Piece {
  text: string;
  start: number;
  end: number;
  marks: readonly Mark[];
  lit: boolean;
}

/** Cuts a run where lit stretches begin or end in it. */
export function pieces(run: MarkedRun, lit: readonly Stretch[]): Piece[] {
  const own = lit.filter((l) => l.start < run.end && l.end > run.start);
  if (own.length === 0) return [{ text: run.text, start: run.start, end: run.end, marks: run.marks, lit: false }];
  const words = new ByteText(run.text);
  return runs(
    run.start,
    run.end,
    own.map((l) => ({ ...l, value: true })),
  ).map(({ start, end, values }) => ({
    text: words.slice(start - run.start, end - run.start),
    start,
    end,
    marks: run.marks,
    lit: values.length > 0,
  }));
}

/** Is any of it lit? */
export function isLit(segment: Segment, lit: readonly Stretch[]): boolean {
  const start = segment.runs[0]?.start ?? 0;
  const end = segment.runs.at(-1)?.end ?? 0;
  return lit.some((l) => l.start < end && l.end > start);
}

/** `412-455` as a stretch. */
export function stretchOf(text: string | null): Stretch | null {
  const match = /^(\d+)-(\d+)$/.exec(text ?? "");
  if (!match) return null;
  const stretch = { start: Number(match[1]), end: Number(match[2]) };
  return stretch.start < stretch.end ? stretch : null;
}
