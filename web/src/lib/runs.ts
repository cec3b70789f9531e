/** Cuts a text where annotations begin and end, so that overlapping ones can be shown as flat runs. */

/** An annotation over bytes `start..end` of a text. */
export interface Annotation<T> {
  start: number;
  end: number;
  value: T;
}

/** A stretch in which the same annotations hold, in the order in which they were given. */
export interface Run<T> {
  start: number;
  end: number;
  values: T[];
}

/** The runs of `from..to`, without gaps. Empty and reversed annotations are left out. */
export function runs<T>(from: number, to: number, annotations: readonly Annotation<T>[]): Run<T>[] {
  const own = annotations
    .map((a, order) => ({ start: Math.max(a.start, from), end: Math.min(a.end, to), value: a.value, order }))
    .filter((a) => a.start < a.end);
  const cuts = [...new Set([from, to, ...own.flatMap((a) => [a.start, a.end])])].sort((a, b) => a - b);
  const opening = own.sort((a, b) => a.start - b.start);
  let next = 0;
  let open: typeof own = [];
  const result: Run<T>[] = [];
  for (let i = 0; i + 1 < cuts.length; i += 1) {
    const start = cuts[i] ?? 0;
    const end = cuts[i + 1] ?? 0;
    open = open.filter((a) => a.end > start);
    for (let a = opening[next]; a !== undefined && a.start <= start; a = opening[next]) {
      open.push(a);
      next += 1;
    }
    const values = [...open].sort((a, b) => a.order - b.order).map((a) => a.value);
    result.push({ start, end, values });
  }
  return result;
}
