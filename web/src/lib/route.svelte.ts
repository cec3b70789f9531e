/** Where the page is: the hash of its address, `#/stories/s1?verdict=differs`. */

export interface Place {
  /** Path without the first slash, `["stories", "s1"]`. */
  parts: string[];
  query: URLSearchParams;
}

function read(): Place {
  const [path = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?", 2);
  return { parts: path.split("/").filter(Boolean).map(decoded), query: new URLSearchParams(query) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

let place = $state.raw(read());

addEventListener("hashchange", () => {
  place = read();
});

/** Where the page is now. */
export function here(): Place {
  return place;
}

type Values = Record<string, string | number | null | undefined>;

/** The address of a view: `href("stories", id)`, `href(["documents", id], { at: "3-9" })`. */
export function href(path: string | readonly string[], query: Values = {}): string {
  const parts = typeof path === "string" ? [path] : path;
  const given = Object.entries(query).filter(([, v]) => v !== undefined && v !== null && v !== "");
  const text = new URLSearchParams(given.map(([k, v]) => [k, String(v)])).toString();
  return `#/${parts.map(encodeURIComponent).join("/")}${text ? `?${text}` : ""}`;
}

/** Goes to a view; the back button leads back. */
export function go(to: string): void {
  location.hash = to;
}

/** Sets parameters of the present view without a step in the history. */
export function amend(values: Values): void {
  const query = new URLSearchParams(place.query);
  for (const [key, value] of Object.entries(values)) {
    if (value === null || value === undefined || value === "") query.delete(key);
    else query.set(key, String(value));
  }
  const text = query.toString();
  const path = place.parts.map(encodeURIComponent).join("/");
  history.replaceState(null, "", `#/${path}${text ? `?${text}` : ""}`);
  place = read();
}

export const toStory = (id: string | number) => href(["stories", String(id)]);
export const toActor = (id: string) => href(["actors", id]);
export const toEvent = (id: string) => href(["events", id]);
export const toDocument = (id: string, start?: number, end?: number) =>
  href(["documents", id], start === undefined || end === undefined ? {} : { at: `${start}-${end}` });
