/** The rows of a list with small pictures in them as one picture that can be saved. */

const SVG = "http://www.w3.org/2000/svg";
const ROW = 26;
const HEAD = 30;
const LEFT = 150;
const GAP = 16;
const LETTER = 6.4;

export interface SheetRow {
  when: string;
  what: string;
  picture: SVGSVGElement | null;
}

/** Day, picture and words of each row below each other, under the axis. */
export function sheet(axis: SVGSVGElement | null, rows: readonly SheetRow[], width: number): SVGSVGElement {
  const words = LEFT + GAP + width + GAP;
  const right = words + Math.max(...rows.map((r) => Array.from(r.what).length), 10) * LETTER + GAP;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${Math.ceil(right)} ${HEAD + rows.length * ROW + 8}`);
  if (axis) svg.append(moved(axis, LEFT + GAP, 6));
  rows.forEach((row, i) => {
    const y = HEAD + i * ROW;
    svg.append(text(row.when, LEFT, y + 16, "end"));
    if (row.picture) svg.append(moved(row.picture, LEFT + GAP, y));
    svg.append(text(row.what, words, y + 16, "start"));
  });
  return svg;
}

function moved(picture: SVGSVGElement, x: number, y: number): SVGGElement {
  const group = document.createElementNS(SVG, "g");
  group.setAttribute("transform", `translate(${x} ${y})`);
  group.append(...[...picture.children].map((child) => child.cloneNode(true)));
  return group;
}

function text(words: string, x: number, y: number, anchor: string): SVGTextElement {
  const node = document.createElementNS(SVG, "text");
  node.setAttribute("x", String(x));
  node.setAttribute("y", String(y));
  node.setAttribute("text-anchor", anchor);
  node.textContent = words;
  return node;
}
