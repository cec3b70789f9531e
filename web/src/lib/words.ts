/** Words of the page: plurals, numbers, the names of codes. */

/** `1 document`, `12,345 documents`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${number(n)} ${n === 1 ? one : many}`;
}

/** `12,345`. */
export function number(n: number): string {
  return n.toLocaleString("en-GB");
}

/** `machine_translated` as `machine translated`. */
export function plain(code: string): string {
  return code.replaceAll("_", " ");
}

/** The last part of a path, which is what people call the file. */
export function fileName(path: string): string {
  return path.split(/[/\\]/).filter(Boolean).at(-1) ?? path;
}

/** At most `most` characters, cut at a word where one is near, with an ellipsis. */
export function shortened(text: string, most: number): string {
  // A page may have a title of megabytes; only its beginning is looked at.
  const characters = Array.from(text.slice(0, 2 * most + 2));
  if (characters.length <= most) return text;
  const cut = characters.slice(0, most - 1).join("");
  const space = cut.lastIndexOf(" ");
  return `${(space > most * 0.6 ? cut.slice(0, space) : cut).trimEnd()}…`;
}

/** Parts of a name with its code, `Kim Jong-un (PRK/GOV)`. */
export function withCode(name: string, code?: string | null, sector?: string | null): string {
  const codes = [code, sector].filter(Boolean).join("/");
  return codes ? `${name} (${codes})` : name;
}
