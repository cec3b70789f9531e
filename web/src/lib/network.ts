/** Places of the actors on a circle and the curves between them. The same edges give the same picture. */

import type { Edge } from "./types";

export interface Node {
  id: string;
  name: string;
  code: string;
  x: number;
  y: number;
  anchor: "start" | "middle" | "end";
}

export interface Curve {
  edge: Edge;
  path: string;
  heads: string[];
  middle: Point;
  width: number;
}

export interface Picture {
  nodes: Node[];
  curves: Curve[];
  /** Actors, and edges between those that are shown, that the picture leaves out. */
  left: number;
  leftEdges: number;
}

interface Point {
  x: number;
  y: number;
}

export const WIDTH = 880;
export const HEIGHT = 600;
export const RADIUS = 9;
const RADIUS_X = 235;
const RADIUS_Y = 225;

/** The edges among the `most` actors that have most witnesses, as many as can still be told apart. */
export function picture(edges: readonly Edge[], most = 14, mostEdges = 30): Picture {
  const names = new Map<string, { name: string; code: string }>();
  const shown: Edge[] = [];
  const all = new Set<string>();
  for (const edge of edges) {
    const ends = [...new Set([from(edge), to(edge)])];
    for (const end of ends) all.add(end);
    const fresh = ends.filter((e) => !names.has(e)).length;
    if (names.size + fresh > most) continue;
    names.set(from(edge), { name: edge.from, code: edge.from_code });
    names.set(to(edge), { name: edge.to, code: edge.to_code });
    shown.push(edge);
  }
  const drawn = thinned(shown, mostEdges);
  const order = circleOrder(names, drawn);
  const nodes = order.map((id, i) => place(id, names.get(id), i, order.length));
  const byId = new Map(nodes.map((n) => [n.id, n]));
  return { nodes, curves: curves(drawn, byId), left: all.size - names.size, leftEdges: shown.length - drawn.length };
}

/** Of too many edges those that connect an actor first, then those of most witnesses; in their order. */
function thinned(edges: readonly Edge[], most: number): Edge[] {
  if (edges.length <= most) return [...edges];
  const degree = new Map<string, number>();
  const kept = new Set<Edge>();
  for (const limit of [1, 2, 3, 5, Infinity]) {
    for (const edge of edges) {
      const ends = [from(edge), to(edge)];
      if (kept.size >= most || kept.has(edge) || ends.every((end) => (degree.get(end) ?? 0) >= limit)) continue;
      kept.add(edge);
      for (const end of ends) degree.set(end, (degree.get(end) ?? 0) + 1);
    }
  }
  return edges.filter((edge) => kept.has(edge));
}

export const from = (edge: Edge) => edge.from_id || edge.from;
export const to = (edge: Edge) => edge.to_id || edge.to;

/** Neighbours are those who have most to do with each other, as far as a greedy walk finds them. */
function circleOrder(names: ReadonlyMap<string, { name: string; code: string }>, edges: readonly Edge[]): string[] {
  const weight = (a: string, b: string) => {
    const own = edges.filter((e) => (from(e) === a && to(e) === b) || (from(e) === b && to(e) === a));
    const code = names.get(a)?.code;
    return own.reduce((n, e) => n + 2 * e.n_origins, code && code === names.get(b)?.code ? 1 : 0);
  };
  const degree = (a: string) => edges.filter((e) => from(e) === a || to(e) === a).reduce((n, e) => n + e.n_origins, 0);
  const left = [...names.keys()].sort();
  const order: string[] = [];
  while (left.length > 0) {
    const last = order.at(-1);
    const score = (id: string) => [last ? weight(last, id) : 0, degree(id)] as const;
    const best = left.reduce((a, b) => {
      const [wa, da] = score(a);
      const [wb, db] = score(b);
      return wb > wa || (wb === wa && db > da) ? b : a;
    });
    left.splice(left.indexOf(best), 1);
    order.push(best);
  }
  return order;
}

function place(id: string, known: { name: string; code: string } | undefined, i: number, n: number): Node {
  const turn = (2 * Math.PI * i) / n - Math.PI / 2;
  const x = WIDTH / 2 + RADIUS_X * Math.cos(turn);
  const y = HEIGHT / 2 + RADIUS_Y * Math.sin(turn);
  const side = x - WIDTH / 2;
  return { id, name: known?.name ?? id, code: known?.code ?? "", x, y, anchor: side > 30 ? "start" : side < -30 ? "end" : "middle" };
}

function curves(edges: readonly Edge[], nodes: ReadonlyMap<string, Node>): Curve[] {
  // Several edges of one pair lie beside each other.
  const beside = new Map<string, number>();
  return edges.flatMap((edge) => {
    const a = nodes.get(from(edge));
    const b = nodes.get(to(edge));
    if (!a || !b || a === b) return [];
    const pair = [a.id, b.id].sort().join("\n");
    const n = beside.get(pair) ?? 0;
    beside.set(pair, n + 1);
    return [curve(edge, a, b, n, a.id < b.id)];
  });
}

function curve(edge: Edge, a: Node, b: Node, beside: number, isAhead: boolean): Curve {
  const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  const length = Math.max(1, Math.hypot(b.x - a.x, b.y - a.y));
  // Bent towards the centre, further for every other edge of the same pair.
  const side = (beside % 2 === 0 ? 1 : -1) * (isAhead ? 1 : -1);
  const bend = side * (16 + 26 * Math.ceil(beside / 2));
  const control = {
    x: middle.x + (WIDTH / 2 - middle.x) * 0.16 - ((b.y - a.y) / length) * bend,
    y: middle.y + (HEIGHT / 2 - middle.y) * 0.16 + ((b.x - a.x) / length) * bend,
  };
  const start = towards(a, control, RADIUS + (edge.mutual ? 12 : 3));
  const end = towards(b, control, RADIUS + 12);
  const heads = [head(end, towards(b, control, RADIUS + 2))];
  if (edge.mutual) heads.push(head(start, towards(a, control, RADIUS + 2)));
  return {
    edge,
    path: `M${at(start)}Q${at(control)} ${at(end)}`,
    heads,
    middle: {
      x: 0.25 * start.x + 0.5 * control.x + 0.25 * end.x,
      y: 0.25 * start.y + 0.5 * control.y + 0.25 * end.y,
    },
    width: 1.2 + 1.2 * Math.min(6, edge.n_origins),
  };
}

function towards(p: Point, q: Point, by: number): Point {
  const d = Math.max(1, Math.hypot(q.x - p.x, q.y - p.y));
  return { x: p.x + ((q.x - p.x) / d) * by, y: p.y + ((q.y - p.y) / d) * by };
}

function head(base: Point, tip: Point): string {
  const d = Math.max(0.1, Math.hypot(tip.x - base.x, tip.y - base.y));
  const nx = (-(tip.y - base.y) / d) * 5;
  const ny = ((tip.x - base.x) / d) * 5;
  return `M${at(tip)}L${at({ x: base.x + nx, y: base.y + ny })}L${at({ x: base.x - nx, y: base.y - ny })}Z`;
}

const at = (p: Point) => `${p.x.toFixed(1)} ${p.y.toFixed(1)}`;
