/** Answers of the HTTP API (docs/api.md), as far as the page reads them. */

export interface Page<T> {
  items: T[];
  total: number;
  next_cursor: string | null;
  version: number;
}

/** A text cut where something begins or ends. */
export interface MarkedRun {
  text: string;
  start: number;
  end: number;
  marks: Mark[];
}

export interface Mark {
  kind: string;
  id: string;
}

/** Words of a document with the rest of their sentence. */
export interface Span {
  document: number;
  label: string;
  start: number;
  end: number;
  sentence_start: number;
  sentence_end: number;
  text: string;
  before: string;
  after: string;
  doc_id?: string;
  path?: string;
}

/** Words of a document with a few around them. */
export interface Passage {
  document: string;
  doc_id: string;
  path: string;
  start: number;
  end: number;
  words: string;
}

export interface Counted {
  value: string;
  n: number;
}

export interface Health {
  status: "ok" | "stale" | "empty";
  program: string;
  store: string;
  version: number;
  documents: number;
  stories: number;
  origins: number;
  events: number;
  quotes: number;
  claims: number;
  conflicts: number;
  actors: number;
  rejects: number;
  date_start: string | null;
  date_end: string | null;
  comparing: boolean;
  problem: string | null;
  sql: boolean;
}

export interface Facets {
  outlets: Counted[];
  countries: Counted[];
  types: Counted[];
  modes: Counted[];
  polarities: Counted[];
  modalities: Counted[];
  languages: Counted[];
  flags: Counted[];
  date_start: string | null;
  date_end: string | null;
}

export interface StoryItem {
  story_id: string;
  number: number;
  title: string;
  date_start: string | null;
  date_end: string | null;
  n_documents: number;
  n_origins: number;
  n_claims: number;
  n_corroborated: number;
  n_differs: number;
  n_contradicted: number;
  n_conflicts: number;
  n_events: number;
  outlets: string[];
  countries: string[];
  types: Counted[];
  flags: Counted[];
  languages: string[];
  actors: { actor_id: string; name: string; code: string; n: number }[];
  sparkline: { day: string; n: number }[];
}

export interface Flag {
  flag: string;
  detail: string;
  spans: Span[];
}

export interface StoryDocument {
  label: string;
  doc_id: string;
  path: string;
  url: string | null;
  outlet: string | null;
  agency: string | null;
  title: string | null;
  byline: string | null;
  language: string;
  published_at: string | null;
  published_precision: string;
  published_basis: string;
  n_words: number;
  flags: Flag[];
  score: number;
  reasons: string[];
  origin_id: string;
  origin: string;
  origin_reason: string;
}

export interface Moment {
  date_start: string | null;
  date_end: string | null;
  precision: string;
  mode: string;
  polarity: string;
  what: string;
  event_type: string;
  chain_id: string;
  verdict: string;
  n_documents: number;
  n_origins: number;
  documents: number[];
  basis: string[];
  other_dates: string[];
  spans: Span[];
}

export interface Cell {
  document: number;
  stance: string;
  detail: string;
  spans: Span[];
}

export interface Claim {
  number: number;
  claim_id: string;
  chain_id: string | null;
  claim: string;
  verdict: string;
  n_documents: number;
  n_origins: number;
  importance: number;
  citation: string;
  cells: Cell[];
}

export interface Conflict {
  conflict_id: string;
  field: string;
  hard: boolean;
  reason: string;
  claim: number | null;
  values: { value: string; spans: Span[] }[];
}

export interface Rendering {
  quote_id: string;
  kind: string;
  cue: string;
  speaker_text: string;
  span: Span;
  runs: { text: string; differs: boolean }[];
}

export interface Speaker {
  actor_id: string | null;
  name: string | null;
  code: string;
  utterances: { utterance_id: string; renderings: Rendering[] }[];
}

export interface Name {
  actor_id: string;
  name: string;
  kind: string;
  code: string;
  sector: string;
  offices: string[];
  variants: { text: string; documents: number[]; times: number; first: Span }[];
  reasons: string[];
}

export interface Edge {
  from: string;
  from_id: string;
  from_code: string;
  to: string;
  to_id: string;
  to_code: string;
  sign: "+" | "-" | "0";
  mutual: boolean;
  background: boolean;
  planned: boolean;
  n_origins: number;
  event_types: string[];
  documents: number[];
  spans: Span[];
}

export interface Place {
  name: string;
  country: string;
  geonameid: number | null;
  lat: number;
  lon: number;
  precision: string;
  times: number;
  events: number;
  documents: number[];
  spans: Span[];
}

export interface Story {
  number: number;
  story_id: string;
  title: string;
  date_start: string | null;
  date_end: string | null;
  n_documents: number;
  n_origins: number;
  version: number;
  brief: number[];
  documents: StoryDocument[];
  timeline: Moment[];
  claims: Claim[];
  conflicts: Conflict[];
  speakers: Speaker[];
  left_out: { document: number; claims: number[] }[];
  names: Name[];
  network: Edge[];
  places: Place[];
  see_also: { number: number; story_id: string; title: string; kind: string; reasons: string[] }[];
  near_misses: {
    doc_id: string;
    path: string;
    title: string | null;
    story: number | null;
    story_id: string | null;
    score: number;
    reasons: string[];
  }[];
  events: string[];
}

export interface DocumentItem {
  doc_id: string;
  path: string;
  url: string | null;
  outlet: string | null;
  agency: string | null;
  title: string | null;
  byline: string | null;
  language: string;
  published_at: string | null;
  published_precision: string;
  published_basis: string;
  n_words: number;
  flags: string[];
  story_id: string | null;
  story_number: number | null;
  story_title: string | null;
  origin_id: string;
  label: string;
}

export interface MarkTitle {
  kind: string;
  title: string;
  verdict?: string;
  number?: number;
  actor_id?: string;
  start?: number;
  end?: number;
}

export interface Segment {
  kind: string;
  evidence: boolean;
  runs: MarkedRun[];
}

export interface DocumentView extends DocumentItem {
  flag_details: Flag[];
  segments: Segment[];
  marks: Record<string, MarkTitle>;
  events: EventItem[];
  quotes: QuoteItem[];
  why: { score: number; reasons: string[]; origin_id: string; origin_reason: string } | null;
}

export interface Party {
  actor_id: string;
  name: string;
  code: string;
  sector: string;
  text: string;
  basis: string;
  start: number;
  end: number;
}

export interface EventItem {
  event_id: string;
  doc_id: string;
  path: string;
  label: string;
  outlet: string | null;
  story_id: string | null;
  story_number: number | null;
  chain_id: string;
  sentence: number;
  event_type: string;
  modes: string[];
  contexts: string[];
  quad: string;
  score: number;
  cameo: string;
  goldstein: number;
  actors: Party[];
  recipients: Party[];
  polarity: string;
  modality: string;
  factuality: number;
  date_start: string | null;
  date_end: string | null;
  date_precision: string;
  date_basis: string;
  date_alternatives: string[];
  place_name: string | null;
  place_country: string | null;
  lat: number | null;
  lon: number | null;
  attribution: { actor_id: string; name: string; start: number; end: number }[];
  quote_id: string | null;
  dead: number | null;
  injured: number | null;
  arrested: number | null;
  rule: string;
  confidence: number;
  trigger: string;
  evidence_start: number;
  evidence_end: number;
  runs: MarkedRun[];
}

export interface QuoteItem {
  quote_id: string;
  doc_id: string;
  path: string;
  label: string;
  outlet: string | null;
  story_id: string | null;
  story_number: number | null;
  kind: string;
  text: string;
  cue: string;
  speaker_text: string;
  speaker_actor_id: string | null;
  speaker_name: string;
  speaker_code: string;
  utterance_id: string;
  basis: string;
  start: number;
  end: number;
}

export interface Token {
  text: string;
  lemma: string;
  tag: string;
  head: number | null;
  rel: string;
  space: string;
  start: number;
  end: number;
}

export interface Correction {
  id: string;
  event_id: string;
  field: string;
  was: string;
  should_be: string;
  note: string;
  time: string;
}

export interface EventView {
  event: EventItem;
  parties: {
    side: string;
    party: Party;
    path: string | null;
    mention_kind: string;
    link_score: number;
    link_basis: string;
    offices: string[];
    joined: string[];
  }[];
  tokens: Token[];
  rule: {
    file: string;
    line: number;
    cells: [string, string][];
    type_about: string | null;
    mode_about: string | null;
    cameo_name: string | null;
  } | null;
  times: { text: string; value: string; basis: string }[];
  quote: QuoteItem | null;
  chain: { chain_id: string; n_documents: number; n_origins: number; verdict: string; what?: string } | null;
  claims: { claim_id: string; claim: string; verdict: string }[];
  notes: string[];
  story: { number: number; story_id: string; title: string } | null;
  page: { path: string; evidence: [number, number] | null; trigger: [number, number] | null } | null;
  corrections: Correction[];
}

export interface ActorItem {
  actor_id: string;
  name: string;
  kind: string;
  code: string;
  sector: string;
  other_sectors: string[];
  wikidata_id: string | null;
  office: string;
  mentions: number;
  documents: number;
  events: number;
  excluded: string;
}

export interface Decision {
  line: number;
  text: string;
  note?: string;
}

export interface ActorView {
  actor_id: string;
  name: string;
  kind: string;
  code: string;
  sector: string;
  other_sectors: string[];
  wikidata_id: string | null;
  excluded: string;
  aliases: { name: string; mentions: number; documents: number; basis: string; evidence: Passage | null }[];
  roles: {
    office: string;
    title: string;
    code: string;
    sector: string;
    start_date: string;
    end_date: string;
    qualifier: string;
    basis: string;
    evidence: Passage | null;
  }[];
  mentions: {
    document: string;
    doc_id: string;
    path: string;
    named: number;
    described: number;
    pronouns: number;
    evidence: Passage[];
  }[];
  positions: {
    utterance_id: string;
    date: string | null;
    story_id: string | null;
    story_number: number | null;
    renderings: QuoteItem[];
  }[];
  events: { total: number; items: EventItem[] };
  partners: { actor_id: string; name: string; code: string; n_events: number; score_sum: number }[];
  stories: { story_id: string; story_number: number; title: string; date_start: string | null; documents: number }[];
  decisions: Decision[];
  reasons: string[];
}

export interface Pair {
  actor_code: string;
  recipient_code: string;
  n_events: number;
  n_origins: number;
  score_sum: number;
  positive: number;
  negative: number;
  first: string;
  last: string;
}

export interface Period {
  period: string;
  n_events: number;
  n_origins: number;
  score_sum: number;
  positive: number;
  negative: number;
}

export interface Relation {
  a: string;
  b: string;
  forward: Period[];
  back: Period[];
}

export interface Hit {
  kind: string;
  id: string;
  score: number;
  title: string;
  doc_id: string | null;
  label: string | null;
  outlet: string | null;
  published_at: string | null;
  story_id: string | null;
  story_number: number | null;
  story_title: string | null;
  runs: { text: string; hit: boolean }[];
  start: number | null;
}

export interface ConflictItem {
  conflict_id: string;
  story_id: string;
  story_number: number;
  story_title: string;
  claim_id: string | null;
  claim: string | null;
  field: string;
  hard: boolean;
  reason: string;
  values: {
    value: string;
    doc_id: string;
    path: string;
    label: string;
    outlet: string | null;
    start: number;
    end: number;
    text: string;
    before: string;
    after: string;
  }[];
}

export interface SqlAnswer {
  columns: string[];
  rows: (string | number | boolean | null | object)[][];
  truncated: boolean;
  seconds: number;
}
