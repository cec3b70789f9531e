//! From words to noun phrases that can act: who is named, in what office, of which state.

mod appositions;
mod bodies;
mod groups;
mod leaders;
mod names;
mod offices;
mod phrases;

use crate::scan::{Hit, Scan, What};
use crate::tables::{CollectiveKind, CountryForm, Office, Scope};
use crate::words::words;
use polybius_text::{EntityType, Sector};

/// What a chunk names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChunkKind {
    /// A person, by name, office or both.
    Person,
    /// A state by name, adjective, capital or metonym.
    Country,
    Organisation,
    /// An unnamed collective or institution.
    Group,
    /// Several holders of an office: "the two presidents", "ministers".
    Officers,
    Place,
}

#[derive(Debug, Clone)]
pub(crate) struct OfficeSaid {
    pub office: String,
    pub sector: Option<Sector>,
    pub code: String,
    /// `IGO` or `EUR` where the wording suggests it; used when nothing better is known.
    pub weak_code: String,
    pub qualifier: String,
    /// Tokens of the title.
    pub first: u32,
    pub end: u32,
    pub scope: Scope,
    /// The person whose office it is ("Abiy's chief of staff"): tokens of the possessor.
    pub of_person: Option<(u32, u32)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Chunk {
    pub first: u32,
    pub end: u32,
    pub kind: ChunkKind,
    /// Tokens of the name, where there is one.
    pub name: Option<(u32, u32)>,
    pub office: Option<OfficeSaid>,
    pub code: String,
    pub sector: Option<Sector>,
    /// Index into `scan.hits` of the table hit that names it.
    pub hit: Option<u32>,
    /// Folded lemma of the collective.
    pub lemma: String,
    pub plural: bool,
    /// "his", "their" before the noun: token of the pronoun.
    pub possessor: Option<u32>,
    pub definite: bool,
    pub basis: String,
    pub excluded: &'static str,
    /// Rank words printed before the name, folded: "colonel".
    pub ranks: Vec<String>,
    /// A demonym used as adjective inside nothing larger.
    pub adjective: bool,
    /// The chunk that names the person whom this one describes in apposition.
    pub same_as: Option<u32>,
    /// The noun that describes him there, folded.
    pub role: String,
    /// Of a group: tokens of the person whose it is ("the government of X", "X's men").
    pub of_person: Option<(u32, u32)>,
}

impl Chunk {
    fn new(first: u32, end: u32, kind: ChunkKind) -> Chunk {
        Chunk {
            first,
            end,
            kind,
            name: None,
            office: None,
            code: String::new(),
            sector: None,
            hit: None,
            lemma: String::new(),
            plural: false,
            possessor: None,
            definite: false,
            basis: String::new(),
            excluded: "",
            ranks: Vec::new(),
            adjective: false,
            same_as: None,
            role: String::new(),
            of_person: None,
        }
    }
}

/// What stands left of a noun in its phrase.
#[derive(Debug, Default)]
struct Left {
    first: u32,
    code: String,
    sector: Option<Sector>,
    qualifier: String,
    possessor: Option<u32>,
    possessor_name: Option<(u32, u32)>,
    definite: bool,
    basis: String,
}

pub(crate) struct Builder<'s, 'a> {
    scan: &'s Scan<'a>,
    names: Vec<(u32, u32)>,
    /// Chunk that owns each token.
    owner: Vec<bool>,
    pub chunks: Vec<Chunk>,
}

/// All chunks of a document in text order; they do not overlap.
pub(crate) fn build_chunks(scan: &Scan) -> Vec<Chunk> {
    let mut b =
        Builder { scan, names: Vec::new(), owner: vec![false; scan.doc.tokens.len()], chunks: Vec::new() };
    b.find_names();
    b.office_chunks();
    b.bare_names();
    b.group_chunks();
    b.left_over();
    b.chunks.sort_by_key(|c| (c.first, c.end));
    b.appositions();
    b.chunks
}

impl<'s, 'a> Builder<'s, 'a> {
    fn n(&self) -> u32 {
        self.scan.doc.tokens.len() as u32
    }

    fn sentence(&self, t: u32) -> (u32, u32) {
        let s = &self.scan.doc.sentences[self.scan.doc.sentence_of(t) as usize];
        (s.first_token, s.end_token)
    }

    fn folded(&self, t: u32) -> &str {
        &self.scan.fold[t as usize]
    }

    fn is_possessive(&self, t: u32) -> bool {
        t < self.n()
            && (self.folded(t) == "s" || self.folded(t).is_empty())
            && matches!(self.scan.word(t), "'s" | "’s" | "'" | "’" | "`s" | "s'")
    }

    fn is_hyphen(&self, t: u32) -> bool {
        t < self.n() && matches!(self.scan.word(t), "-" | "‐" | "–" | "‑")
    }

    /// Whether a token can be part of a person's name.
    fn nameish(&self, t: u32) -> bool {
        if self.scan.entity_type(t) == Some(EntityType::Person) {
            return true;
        }
        let blocked = match self.scan.hit_at(t).map(|h| &h.what) {
            Some(What::Person | What::City | What::Region(_)) | None => false,
            Some(_) => true,
        };
        self.scan.cap[t as usize] && !blocked && matches!(self.scan.upos(t), "PROPN" | "X" | "NOUN" | "ADJ")
    }

    fn push(&mut self, c: Chunk) {
        for t in c.first..c.end {
            self.owner[t as usize] = true;
        }
        self.chunks.push(c);
    }
}
