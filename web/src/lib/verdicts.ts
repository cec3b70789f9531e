/** Verdicts and stances: their signs, names and meanings. The signs are those of the command line. */

interface Known {
  sign: string;
  name: string;
  means: string;
}

export const VERDICTS: Record<string, Known> = {
  corroborated: { sign: "●", name: "corroborated", means: "two or more documents say it; read the origins beside it" },
  differs: { sign: "◐", name: "differs", means: "said with other scope or detail" },
  contradicted: { sign: "✗", name: "contradicted", means: "the accounts cannot both be true" },
  "self-inconsistent": { sign: "↯", name: "against itself", means: "one document against itself" },
  "only-here": { sign: "○", name: "only here", means: "one document says it" },
};

export const STANCES: Record<string, Known> = {
  states: { sign: "●", name: "states", means: "says so" },
  differs: { sign: "◐", name: "differs", means: "says so with other scope or detail" },
  denies: { sign: "✗", name: "denies", means: "says that it is not so" },
  silent: { sign: "·", name: "silent", means: "does not speak of it, which is not a denial" },
};

/** The verdicts as filters count them: a document against itself is a contradiction. */
export function shownVerdict(verdict: string): string {
  return verdict === "self-inconsistent" ? "contradicted" : verdict;
}
