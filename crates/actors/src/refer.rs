//! Descriptions and pronouns: "the premier", "the two leaders", "his Iranian counterpart", "she".

mod described;
mod pairs;
mod pronouns;

use crate::chunks::{Chunk, ChunkKind};
use crate::cluster::{Clusters, Link, holds_power, is_leading_office, is_telling, of_state, serves_society};
use crate::words::words;
use polybius_text::{ActorKind, EntityType, Mention, MentionKind, Span};
use rustc_hash::FxHashMap;

/// A mention that is no chunk: pronoun, "both sides", "his country".
#[derive(Debug)]
pub(crate) struct Extra {
    pub first: u32,
    pub end: u32,
    pub kind: MentionKind,
    pub entity_type: EntityType,
    pub link: Link,
}

/// One thing that was mentioned, for salience.
#[derive(Clone, Debug)]
struct Seen {
    ent: u32,
    sentence: u32,
    head: u32,
    subject: bool,
}

pub(crate) struct Referrer<'c, 's, 'a> {
    pub c: &'c mut Clusters<'s, 'a>,
    pub extras: Vec<Extra>,
    seen: Vec<Seen>,
}

const WINDOW: u32 = 4;

impl<'c, 's, 'a> Referrer<'c, 's, 'a> {
    pub fn new(c: &'c mut Clusters<'s, 'a>) -> Referrer<'c, 's, 'a> {
        Referrer { c, extras: Vec::new(), seen: Vec::new() }
    }

    /// Walks the document once, in text order, resolving what refers back.
    pub fn run(&mut self) {
        let scan = self.c.scan;
        let chunks = self.c.chunks;
        let mut next = 0;
        let mut covered = vec![usize::MAX; scan.doc.tokens.len()];
        for (i, c) in chunks.iter().enumerate() {
            for t in c.first..c.end {
                covered[t as usize] = i;
            }
        }
        for t in 0..scan.doc.tokens.len() as u32 {
            let possessor = chunks.get(next).is_some_and(|c| c.first == t && c.possessor == Some(t));
            if scan.upos(t) == "PRON"
                || possessor
                || words().is("pronoun_p", &scan.fold[t as usize])
                || scan.upos(t) == "DET"
            {
                self.pronoun(t);
            }
            if let Some(chunk) = chunks.get(next).filter(|c| c.first == t) {
                self.chunk(next, chunk);
                next += 1;
            } else if covered[t as usize] == usize::MAX {
                self.bare_noun(t);
                self.bare_two(t);
                self.short_name(t);
            }
        }
        self.groups_at_home();
    }

    /// "The opposition accused Moon": a group at home that stays without a state takes that of whom it deals with in its clause.
    fn groups_at_home(&mut self) {
        use polybius_text::Sector::*;
        let scan = self.c.scan;
        for i in 0..self.c.chunks.len() {
            let chunk = &self.c.chunks[i];
            let [e] = self.c.links[i].ents[..] else { continue };
            let ent = &self.c.ents[e as usize];
            let home = matches!(
                ent.actor.sector,
                Some(
                    Opposition
                        | Legislature
                        | Judiciary
                        | Party
                        | Labour
                        | Civilian
                        | CivilSociety
                        | Education
                )
            );
            let bare =
                chunk.kind == ChunkKind::Group && ent.actor.code.is_empty() && ent.actor.excluded.is_empty();
            if !bare || !home {
                continue;
            }
            let head = scan.head_of(chunk.first, chunk.end);
            let Some(verb) =
                scan.doc.tokens[head as usize].head.filter(|_| scan.rel(head).starts_with("nsubj"))
            else {
                continue;
            };
            let mut codes: Vec<String> = Vec::new();
            for k in scan
                .doc
                .children(verb)
                .filter(|&k| k != head && matches!(scan.rel(k), "obj" | "obl" | "iobj" | "obl:agent"))
                // "demanded that Pashinyan resign"
                .chain(scan.doc.children(verb).filter(|&k| scan.rel(k) == "ccomp").filter_map(|clause| {
                    scan.doc.children(clause).find(|&k| scan.rel(k).starts_with("nsubj"))
                }))
            {
                let other = self.c.chunks.iter().position(|c| c.first <= k && k < c.end);
                let party = other.and_then(|c| self.c.links[c].ents.first());
                if let Some(&x) = party {
                    let a = &self.c.ents[x as usize].actor;
                    if a.kind == ActorKind::Person && scan.tables.country_of.contains_key(&a.code) {
                        codes.push(a.code.clone());
                    }
                }
            }
            codes.dedup();
            if let [code] = &codes[..] {
                let x = self.c.group(code, chunk, "state of whom it deals with");
                self.c.link(i, x, 0.4, "state of whom it deals with");
            }
        }
    }

    fn sentence(&self, t: u32) -> u32 {
        self.c.scan.doc.sentence_of(t)
    }

    fn note(&mut self, ents: &[u32], head: u32) {
        let scan = self.c.scan;
        let mut h = head;
        // "Ethiopia and Eritrea signed": a conjunct is subject when its first conjunct is.
        for _ in 0..4 {
            match (scan.rel(h), scan.doc.tokens[h as usize].head) {
                ("conj" | "appos" | "flat", Some(up)) => h = up,
                _ => break,
            }
        }
        let subject = scan.rel(h).starts_with("nsubj");
        for &ent in ents {
            self.seen.push(Seen { ent, sentence: self.sentence(head), head, subject });
        }
    }

    fn chunk(&mut self, i: usize, chunk: &Chunk) {
        let head = self.c.scan.head_of(chunk.first, chunk.end);
        if matches!(chunk.kind, ChunkKind::Group | ChunkKind::Officers)
            && chunk.plural
            && chunk.code.is_empty()
            && (self.counts_two(chunk.first, chunk.end) || self.both(chunk.first))
        {
            let noun = self.c.scan.lemma(chunk.end - 1).to_lowercase();
            if words().is("pair_noun", &noun)
                && let Some(link) = self.pair(&noun, chunk.first)
            {
                self.c.links[i] = link;
            }
        }
        if matches!(chunk.kind, ChunkKind::Group | ChunkKind::Officers)
            && chunk.plural
            && let Some(link) = self.of_two_states(chunk)
        {
            self.c.links[i] = link;
        }
        if self.c.links[i].ents.is_empty() {
            match chunk.kind {
                ChunkKind::Person if chunk.name.is_none() => self.described_person(i, chunk),
                ChunkKind::Officers => self.officers(i, chunk),
                ChunkKind::Group => self.owned_group(i, chunk),
                _ => {}
            }
        }
        if matches!(chunk.kind, ChunkKind::Group | ChunkKind::Officers) && chunk.plural {
            self.of_each_state(i, chunk);
        }
        if let Some(link) = self.body_by_noun(chunk) {
            self.c.links[i] = link;
        }
        self.office_of_possessor(i, chunk);
        let ents = self.c.links[i].ents.clone();
        self.note(&ents, head);
    }

    fn extra(&mut self, first: u32, end: u32, kind: MentionKind, entity_type: EntityType, link: Link) {
        self.extras.push(Extra { first, end, kind, entity_type, link });
    }
}

/// "the leader" may mean a president, "the minister" any minister.
fn general(said: &str, held: &str) -> bool {
    match said {
        "minister" => held.ends_with("-minister"),
        "party-leader" | "politician" | "leader" | "political-leader" => matches!(
            held,
            "head-of-state" | "head-of-government" | "supreme-leader" | "military-ruler" | "monarch"
        ),
        "official" => false,
        _ => false,
    }
}

/// As a mention of the output.
pub(crate) fn mention(
    scan: &crate::scan::Scan,
    first: u32,
    end: u32,
    kind: MentionKind,
    entity_type: EntityType,
    link: &Link,
) -> Mention {
    let span: Span = scan.doc.tokens[first as usize].span.cover(scan.doc.tokens[end as usize - 1].span);
    Mention {
        span,
        head: scan.head_of(first, end),
        first_token: first,
        end_token: end,
        kind,
        entity_type,
        actors: link.ents.clone(),
        link_score: link.score,
        basis: link.basis.clone(),
    }
}
