/** How to cite what is shown: the version of the store makes it findable again. */

import { rangeWords, timeWords } from "./dates";
import type { DocumentView, Story } from "./types";
import { count, fileName } from "./words";

/** A story as a sentence and as BibTeX, with the sources by origin. */
export function storyCitation(story: Story, store: string, today: string): string {
  const when = rangeWords(story.date_start, story.date_end);
  const sources = story.documents.map(
    (d) => `  ${d.label}: ${[d.outlet ?? d.agency, d.title, timeWords(d.published_at), d.url ?? d.path].filter(Boolean).join(". ")} (origin ${d.origin})`,
  );
  return [
    `“${story.title}”${when ? `, ${when}` : ""}. Story ${story.story_id}, compared from ${count(story.n_documents, "document")} of ${count(story.n_origins, "origin")} by Polybius, store ${store}, version ${story.version}. Read ${today}.`,
    "",
    `@misc{polybius:${story.story_id},`,
    `  title = {${bibtex(story.title)}},`,
    `  note = {Story ${story.story_id}, store version ${story.version}, ${count(story.n_documents, "document")}, ${count(story.n_origins, "origin")}},`,
    "  howpublished = {Polybius},",
    `  urldate = {${today}}`,
    "}",
    "",
    "Sources:",
    ...sources,
  ].join("\n");
}

/** A document as its outlet would be cited. */
export function documentCitation(doc: DocumentView, today: string): string {
  const parts = [doc.byline, doc.title && `“${doc.title}”`, doc.outlet ?? doc.agency, timeWords(doc.published_at), doc.url ?? fileName(doc.path)];
  return `${parts.filter(Boolean).join(". ")}. Read ${today}. Polybius document ${doc.doc_id}.`;
}

function bibtex(text: string): string {
  return text.replace(/[{}\\]/g, "").replace(/[%&#$_]/g, (c) => `\\${c}`);
}

/** Today as an ISO day. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
