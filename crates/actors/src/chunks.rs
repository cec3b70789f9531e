//! From words to noun phrases that can act: who is named, in what office, of which state.

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

    // ---- names of persons ----

    fn find_names(&mut self) {
        let scan = self.scan;
        let mut spans: Vec<(u32, u32)> = Vec::new();
        for e in &scan.doc.entities {
            // "Addis Abeba", "Minusma": the tables know better.
            let known = scan.hit_at(e.first_token).is_some_and(|h| {
                (h.first, h.end) == (e.first_token, e.end_token)
                    && matches!(
                        h.what,
                        What::Country(..) | What::Organisation(_) | What::City | What::Region(_)
                    )
            });
            if e.entity_type == EntityType::Person && !known {
                self.cut_entity(e.first_token, e.end_token, &mut spans);
            }
        }
        for h in &scan.hits {
            match &h.what {
                What::Person => spans.push((h.first, h.end)),
                What::Office(_, false) => self.name_after_title(h.end, &mut spans),
                _ => {}
            }
        }
        for t in 0..self.n() {
            if self.is_rank(t)
                && scan.cap[t as usize]
                && !scan.hit_at(t).is_some_and(|h| matches!(h.what, What::Office(..)))
            {
                self.name_after_title(t + 1, &mut spans);
            }
        }
        spans.retain(|s| s.0 < s.1);
        spans.sort_by_key(|s| (s.0, std::cmp::Reverse(s.1)));
        let mut merged: Vec<(u32, u32)> = Vec::new();
        for s in spans {
            match merged.last_mut() {
                Some(last) if s.0 < last.1 => last.1 = last.1.max(s.1),
                _ => merged.push(s),
            }
        }
        self.names = merged.into_iter().map(|s| self.whole_words(s)).filter(|s| s.0 < s.1).collect();
    }

    /// Words of address. The wide list of the data folder also holds names ("Baba", "Khan"): those count only outside a name.
    fn is_rank(&self, t: u32) -> bool {
        let word = self.folded(t);
        let plural = word.strip_suffix('s').filter(|w| w.len() > 4);
        crate::honorific::is_honorific(word)
            || plural.is_some_and(crate::honorific::is_honorific)
            || (self.scan.entity_type(t) != Some(EntityType::Person)
                && self.scan.tables.honorifics.contains_key(word))
    }

    /// A reader's person span without titles, adjectives and commas.
    fn cut_entity(&self, first: u32, end: u32, spans: &mut Vec<(u32, u32)>) {
        let scan = self.scan;
        let mut start = first;
        let mut t = first;
        while t < end {
            let hit = scan.hit_at(t).filter(|h| h.first == t && h.end < end + 6);
            let cuts = match hit.map(|h| &h.what) {
                Some(What::Office(..) | What::Collective(..)) => true,
                Some(What::Country(_, CountryForm::Demonym)) => t == start,
                Some(What::Country(..)) => {
                    t == start
                        && hit.is_some_and(|h| h.end < end)
                        && scan.fold[t as usize].len() > 1
                        && self.is_possessive(hit.map_or(t, |h| h.end))
                }
                Some(What::Organisation(_)) => hit.is_some_and(|h| {
                    h.end > h.first + 1 || (h.end < end && t == start && self.is_possessive(h.end))
                }),
                _ => false,
            };
            let punctuation =
                scan.upos(t) == "PUNCT" && !self.is_hyphen(t) && !matches!(scan.word(t), "." | "'" | "’");
            if cuts || punctuation || self.is_possessive(t) && t + 1 == end {
                if start < t {
                    spans.push((start, t));
                }
                t = hit.filter(|_| cuts).map_or(t + 1, |h| h.end.min(end));
                start = t;
                continue;
            }
            if t == start
                && self.is_rank(t)
                && t + 1 < end
                && scan.fold[t as usize] != "al"
                && !self.is_hyphen(t + 1)
            {
                start = t + 1;
            }
            t += 1;
        }
        if start < end && !self.is_possessive(start) {
            spans.push((start, end));
        }
    }

    /// A run of capitalised words after a title.
    fn name_after_title(&self, from: u32, spans: &mut Vec<(u32, u32)>) {
        if from >= self.n() || from == 0 {
            return;
        }
        let (_, sentence_end) = self.sentence(from - 1);
        let mut t = from;
        while t < sentence_end
            && (self.is_rank(t) || (t > from && self.scan.word(t) == "." && self.scan.glued[t as usize]))
            && !self.is_hyphen(t + 1)
        {
            t += 1;
        }
        let start = t;
        let mut last = t;
        while t < sentence_end {
            let particle = crate::names::is_name_particle(self.folded(t))
                || self.is_hyphen(t) && self.scan.glued[t as usize];
            if self.nameish(t) && !matches!(self.scan.entity_type(t), Some(EntityType::Organisation)) {
                t += 1;
                last = t;
            } else if particle
                && t + 1 < sentence_end
                && (self.nameish(t + 1) || self.is_hyphen(t + 1))
                && (t > start || crate::names::is_name_particle(self.folded(t)))
            {
                t += 1;
            } else {
                break;
            }
        }
        // "President Obama" yes; "President On Monday" no: the first word must be a proper noun for the reader.
        if last > start && (start..last).any(|t| self.scan.upos(t) == "PROPN") {
            spans.push((start, last));
        }
    }

    /// Widens a span to whole printed words: "al-Kadhimi" and "N'Daw" are one word each.
    fn whole_words(&self, (mut first, mut end): (u32, u32)) -> (u32, u32) {
        let scan = self.scan;
        let joins = |t: u32| {
            self.is_hyphen(t)
                || (matches!(scan.word(t), "'" | "’") && t + 1 < self.n() && scan.glued[t as usize + 1])
        };
        let (low, high) = self.sentence(first);
        while first >= low + 2
            && joins(first - 1)
            && scan.glued[first as usize]
            && scan.glued[first as usize - 1]
            && !self.blocked(first - 2)
        {
            first -= 2;
        }
        while end + 1 < high
            && joins(end)
            && scan.glued[end as usize]
            && scan.glued[end as usize + 1]
            && scan.upos(end + 1) != "ADJ"
            && scan.upos(end + 1) != "VERB"
        {
            end += 2;
        }
        while end > first
            && (self.is_possessive(end - 1) || (scan.upos(end - 1) == "PUNCT" && scan.word(end - 1) != "."))
        {
            end -= 1;
        }
        if end > first + 1 && scan.word(end - 1) == "." && scan.fold[end as usize - 2].len() > 2 {
            end -= 1;
        }
        while first + 1 < end
            && crate::honorific::is_honorific(self.folded(first))
            && !self.is_hyphen(first + 1)
        {
            first += 1;
            while first + 1 < end && scan.word(first) == "." {
                first += 1;
            }
        }
        (first, end)
    }

    fn blocked(&self, t: u32) -> bool {
        matches!(
            self.scan.hit_at(t).map(|h| &h.what),
            Some(What::Country(..) | What::Office(..) | What::Collective(..))
        )
    }

    fn name_at(&self, t: u32) -> Option<(u32, u32)> {
        self.names.iter().copied().find(|n| n.0 == t)
    }

    fn name_ending(&self, t: u32) -> Option<(u32, u32)> {
        self.names.iter().copied().find(|n| n.1 == t)
    }

    // ---- phrases ----

    /// Reads the phrase leftwards from `at`, the first token of its noun.
    fn left_of(&self, at: u32) -> Left {
        let scan = self.scan;
        let (low, _) = self.sentence(at);
        let mut left = Left { first: at, ..Left::default() };
        let mut t = at;
        while t > low {
            let p = t - 1;
            if self.owner[p as usize] {
                break;
            }
            let word = self.folded(p);
            if words().is("qualifier", word) {
                if left.qualifier.is_empty() || words().is("past", word) {
                    left.qualifier = word.to_owned();
                }
                t = p;
            } else if self.is_hyphen(p)
                && p > low
                && scan.glued[p as usize]
                && words().is("qualifier", self.folded(p - 1))
            {
                left.qualifier = self.folded(p - 1).to_owned();
                t = p - 1;
            } else if let Some(h) = scan.hit_at(p).filter(|h| h.end == t) {
                match &h.what {
                    What::Country(rows, form) if left.code.is_empty() && !self.inside_name(p) => {
                        left.code = scan.code_of(rows[0]).to_owned();
                        left.basis = "country in text".to_owned();
                        if let CountryForm::Metonym(sector) = form {
                            left.sector = *sector;
                        }
                        t = h.first;
                    }
                    What::Organisation(rows) if left.code.is_empty() && !self.inside_name(p) => {
                        let o = &scan.tables.organisations[rows[0] as usize];
                        left.code = o.code.clone();
                        left.sector = o.sector;
                        left.basis = format!("organisation {} in text", o.id);
                        t = h.first;
                    }
                    What::City | What::Region(_) if left.code.is_empty() && !self.inside_name(p) => {
                        let Some(code) = crate::places::country_of_hit(scan, h) else { break };
                        left.code = code;
                        left.basis = "country of the place in text".to_owned();
                        t = h.first;
                    }
                    _ => break,
                }
            } else if self.is_possessive(p) && p > low {
                match scan.hit_at(p - 1).filter(|h| h.end == p) {
                    Some(h)
                        if left.code.is_empty()
                            && matches!(
                                h.what,
                                What::Country(..) | What::Organisation(_) | What::City | What::Region(_)
                            ) =>
                    {
                        t = p
                    }
                    _ => {
                        left.possessor_name = self.name_ending(p);
                        break;
                    }
                }
            } else if matches!(word, "his" | "her" | "their" | "its" | "our" | "my" | "your") {
                left.possessor = Some(p);
                left.definite = true;
                left.first = p;
                return left;
            } else if scan.upos(p) == "DET"
                || matches!(word, "the" | "a" | "an" | "this" | "that" | "these" | "those" | "both")
            {
                left.definite = word != "a" && word != "an";
                break;
            } else if self.is_hyphen(p)
                && p > low
                && left.code.is_empty()
                && scan.glued[p as usize]
                && t > p
                && scan.glued[t as usize]
            {
                break;
            } else if (matches!(scan.upos(p), "ADJ" | "NUM")
                || words().is("filler", word)
                || (scan.upos(p) == "NOUN" && scan.rel(p) == "compound"))
                && !self.inside_name(p)
            {
                // "Iran-backed militias": the backer is not the actor's own country.
                if words().is("backed", word) && p > low && self.is_hyphen(p - 1) {
                    left.first = p;
                    break;
                }
                if p > low + 1 && self.is_hyphen(p - 1) && words().is("pro_prefix", self.folded(p - 2)) {
                    break;
                }
                t = p;
            } else {
                break;
            }
            left.first = t;
        }
        left
    }

    fn inside_name(&self, t: u32) -> bool {
        self.names.iter().any(|n| n.0 <= t && t < n.1)
    }

    /// "of the Republic of X", "of the Quds Force", "for X": code, sector and the end of the phrase.
    fn right_of(&self, end: u32, prepositions: &[&str]) -> Option<(String, Option<Sector>, u32, String)> {
        let scan = self.scan;
        let (_, high) = self.sentence(end.saturating_sub(1));
        if end >= high || !prepositions.contains(&self.folded(end)) {
            return None;
        }
        let mut t = end + 1;
        let mut steps = 0;
        while t < high && steps < 6 {
            if let Some(h) = scan.hit_at(t).filter(|h| h.first == t) {
                match &h.what {
                    What::Country(rows, form) => {
                        let code = scan.code_of(rows[0]).to_owned();
                        let mut stop = h.end;
                        // "the head of the Iranian Customs Authority": the named body belongs to the title.
                        if *form == CountryForm::Demonym {
                            while stop < high
                                && (scan.cap[stop as usize] && !self.inside_name(stop)
                                    || scan
                                        .hit_at(stop)
                                        .is_some_and(|h| matches!(h.what, What::Collective(..))))
                                && scan.upos(stop) != "PUNCT"
                            {
                                stop += 1;
                            }
                        }
                        let sector = if let CountryForm::Metonym(s) = form { *s } else { None };
                        return Some((code, sector, stop, "country in text".to_owned()));
                    }
                    What::Organisation(rows) => {
                        let o = &scan.tables.organisations[rows[0] as usize];
                        return Some((
                            o.code.clone(),
                            o.sector,
                            h.end,
                            format!("organisation {} in text", o.id),
                        ));
                    }
                    What::City | What::Region(_) if !self.inside_name(t) => {
                        let code = crate::places::country_of_hit(scan, h)?;
                        return Some((code, None, h.end, "country of the place in text".to_owned()));
                    }
                    _ => {}
                }
            }
            let word = self.folded(t);
            let passes = matches!(scan.upos(t), "DET" | "ADJ")
                || matches!(
                    word,
                    "the"
                        | "of"
                        | "state"
                        | "republic"
                        | "kingdom"
                        | "commission"
                        | "council"
                        | "office"
                        | "government"
                        | "people"
                        | "islamic"
                        | "federal"
                )
                || (scan.upos(t) == "NOUN" && !scan.cap[t as usize])
                || scan.cap[t as usize] && !self.inside_name(t);
            if !passes || scan.upos(t) == "PUNCT" || self.inside_name(t) {
                return None;
            }
            t += 1;
            steps += 1;
        }
        None
    }

    fn office_chunks(&mut self) {
        let scan = self.scan;
        for (i, h) in scan.hits.iter().enumerate() {
            let What::Office(office, plural) = &h.what else { continue };
            if (h.first..h.end).any(|t| self.owner[t as usize])
                || (self.inside_name(h.first) && self.inside_name(h.end - 1))
            {
                continue;
            }
            self.office_chunk(i as u32, h, office, *plural);
        }
    }

    fn office_chunk(&mut self, number: u32, h: &Hit, office: &Office, plural: bool) {
        let scan = self.scan;
        let (_, high) = self.sentence(h.first);
        let left = self.left_of(h.first);
        let mut said = OfficeSaid {
            office: office.office.clone(),
            sector: office.sector,
            code: left.code.clone(),
            weak_code: String::new(),
            qualifier: left.qualifier.clone(),
            first: left.first,
            end: h.end,
            scope: office.scope,
            of_person: left.possessor_name,
        };
        let mut basis = left.basis.clone();
        let mut end = h.end;
        self.portfolio(h, &mut said, &mut end);
        if end < high
            && self.is_hyphen(end)
            && end + 1 < high
            && matches!(self.folded(end + 1), "elect" | "designate")
        {
            said.qualifier = self.folded(end + 1).to_owned();
            end += 2;
        }
        let abroad = matches!(
            said.office.as_str(),
            "ambassador" | "envoy" | "special-representative" | "permanent-representative"
        );
        let prepositions: &[&str] = if abroad { &["of", "from"] } else { &["of", "for", "from", "at", "in"] };
        if let Some((code, sector, stop, why)) = self.right_of(end, prepositions) {
            let locative = matches!(self.folded(end), "in" | "at" | "from");
            if said.code.is_empty()
                || matches!(said.office.as_str(), "head-of-agency" | "commander" | "spokesperson")
            {
                if !locative || said.code.is_empty() {
                    said.code = code;
                    basis = why;
                }
                if office.scope == Scope::Organisation && sector.is_some() && !locative {
                    said.sector = sector;
                }
            }
            if !locative {
                end = stop;
            }
        } else if let Some(h) = scan.hit_at(end).filter(|h| h.first == end && said.code.is_empty()) {
            // Machine translation puts the adjective behind: "the president eritrean", "the Shura Council Iranian X".
            if let What::Country(rows, CountryForm::Demonym) = &h.what {
                said.code = scan.code_of(rows[0]).to_owned();
                basis = "country in text, behind the office".to_owned();
                end = h.end;
            }
        }
        // "commander of the Revolutionary Guard" + "Corps": the rest of a name that the wording cuts.
        while end < high
            && end > h.first + 1
            && scan.cap[end as usize]
            && scan.cap[end as usize - 1]
            && scan.hit_at(end).is_some_and(|x| matches!(x.what, What::Collective(..)))
            && !self.inside_name(end)
        {
            end = scan.hit_at(end).map_or(end + 1, |x| x.end);
        }
        if said.code.is_empty()
            && let Some((code, sector)) = self.named_inside(h)
        {
            said.code = code;
            said.sector =
                if said.scope == Scope::Organisation { sector.or(said.sector) } else { said.sector };
            basis = "country or organisation in the title".to_owned();
        }
        said.weak_code = if h.end > h.first + 1 { office.code.clone() } else { String::new() };
        said.end = end;
        let mut name_from = end;
        let mut ranks = Vec::new();
        if name_from < high
            && scan.word(name_from) == ","
            && !self.belongs_to_outer(left.first)
            && self.title_then_name(name_from + 1, high, &left)
        {
            name_from += 1;
            if self.folded(name_from) == "the" {
                name_from += 1;
            }
        }
        while let Some(next) = self.past_rank(name_from, high) {
            ranks.push(self.folded(name_from).to_owned());
            name_from = next;
        }
        let name = self.name_at(name_from).filter(|_| !plural || name_from == end);
        let first = left.first;
        let stop = name.map_or(end, |n| n.1);
        let kind = if plural && name.is_none() { ChunkKind::Officers } else { ChunkKind::Person };
        let mut c = Chunk::new(first, stop, kind);
        if scan.cap[h.first as usize]
            && matches!(said.office.as_str(), "military-officer" | "religious-leader" | "royal" | "monarch")
        {
            ranks.push(self.folded(h.end - 1).to_owned());
        }
        c.name = name;
        c.code = said.code.clone();
        c.sector = said.sector;
        c.hit = Some(number);
        c.lemma = crate::fold::fold(scan.text(h.first, h.end));
        c.plural = plural;
        c.possessor = left.possessor;
        c.definite = left.definite;
        c.basis = basis;
        c.ranks = ranks;
        if matches!(said.office.as_str(), "journalist") {
            c.excluded = if name.is_some() { "reporter" } else { "" };
        }
        c.office = Some(said);
        self.push(c);
    }

    /// A country or organisation inside the wording itself: "United Nations Secretary-General", "Quds Force commander".
    fn named_inside(&self, h: &Hit) -> Option<(String, Option<Sector>)> {
        let scan = self.scan;
        for len in (1..h.end - h.first).rev() {
            for first in h.first..=h.end - len {
                if !scan.cap[first as usize] && len == 1 {
                    continue;
                }
                let printed = scan.text(first, first + len);
                let capitals = printed.chars().all(|c| !c.is_alphabetic() || c.is_uppercase());
                for row in scan.tables.look_up(&crate::fold::fold(printed), capitals) {
                    match row {
                        crate::tables::Row::Country(row, _) => {
                            return Some((scan.code_of(row).to_owned(), None));
                        }
                        crate::tables::Row::Organisation(row) => {
                            let o = &scan.tables.organisations[row as usize];
                            return Some((o.code.clone(), o.sector));
                        }
                        _ => {}
                    }
                }
            }
        }
        None
    }

    /// "minister of foreign affairs", "minister for oil": the portfolio says which.
    fn portfolio(&self, h: &Hit, said: &mut OfficeSaid, end: &mut u32) {
        if !matches!(said.office.as_str(), "minister" | "deputy-minister") {
            return;
        }
        let (low, high) = self.sentence(h.first);
        if *end + 1 < high && matches!(self.folded(*end), "of" | "for") {
            let from = if self.folded(*end + 1) == "the" { *end + 2 } else { *end + 1 };
            for len in (1..=3).rev() {
                if from + len <= high {
                    let key = crate::fold::fold(self.scan.text(from, from + len));
                    if let Some(office) = self.scan.tables.portfolios.get(&key) {
                        said.office = office.clone();
                        *end = from + len;
                        return;
                    }
                }
            }
        }
        if h.first > low
            && let Some(office) = self.scan.tables.portfolios.get(self.folded(h.first - 1))
        {
            said.office = office.clone();
        }
    }

    /// "Iran's Supreme Leader, Khamenei, also": a name between commas after a definite title.
    fn title_then_name(&self, from: u32, high: u32, left: &Left) -> bool {
        let mut t = from;
        if t < high && self.folded(t) == "the" {
            t += 1;
        }
        while let Some(next) = self.past_rank(t, high) {
            t = next;
        }
        let named = !left.code.is_empty() || left.definite || left.possessor_name.is_some();
        self.name_at(t).is_some_and(|n| {
            named && (n.1 >= high || matches!(self.scan.word(n.1), "," | "." | ")" | "-" | "–" | "—"))
        })
    }

    /// The token behind a rank ("Lt.", "Colonel-Major") that stands at `t` and is no part of a name.
    fn past_rank(&self, t: u32, high: u32) -> Option<u32> {
        if t >= high || !self.is_rank(t) || self.name_at(t).is_some() {
            return None;
        }
        let mut next = t + 1;
        while next < high && self.scan.word(next) == "." {
            next += 1;
        }
        if next + 1 < high && self.is_hyphen(next) && self.is_rank(next + 1) {
            next += 2;
        }
        Some(next)
    }

    /// "the director of the office of the prime minister, X": the name behind the comma is the director's.
    fn belongs_to_outer(&self, first: u32) -> bool {
        let (low, _) = self.sentence(first);
        let mut t = first;
        let mut seen_of = false;
        while t > low && first - t < 7 {
            t -= 1;
            match self.folded(t) {
                "of" | "to" => seen_of = true,
                "the" | "office" | "cabinet" | "a" => {}
                _ => {
                    let office = self
                        .scan
                        .hit_at(t)
                        .is_some_and(|h| matches!(h.what, What::Office(_, false)) && h.end == t + 1);
                    return seen_of && office;
                }
            }
        }
        false
    }

    fn push(&mut self, c: Chunk) {
        for t in c.first..c.end {
            self.owner[t as usize] = true;
        }
        self.chunks.push(c);
    }

    // ---- names without an office beside them ----

    fn bare_names(&mut self) {
        let scan = self.scan;
        for (first, end) in self.names.clone() {
            if (first..end).any(|t| self.owner[t as usize]) {
                continue;
            }
            let (low, _) = self.sentence(first);
            let mut start = first;
            let mut c = Chunk::new(first, end, ChunkKind::Person);
            while start > low
                && !self.owner[start as usize - 1]
                && (self.is_rank(start - 1)
                    || (scan.word(start - 1) == "." && start > low + 1 && self.is_rank(start - 2)))
                && scan.upos(start - 1) != "VERB"
            {
                start -= 1;
                if scan.fold[start as usize].len() > 1 {
                    c.ranks.push(self.folded(start).to_owned());
                }
            }
            // "French military strategist Paul Roy": an adjective of a country before a common noun before the name.
            let left = self.left_of(start);
            if !left.code.is_empty() && left.possessor_name.is_none() {
                c.code = left.code;
                c.basis = left.basis;
                start = left.first;
            }
            c.first = start;
            c.name = Some((first, end));
            self.push(c);
        }
    }

    // ---- groups and institutions ----

    fn group_chunks(&mut self) {
        let scan = self.scan;
        for (i, h) in scan.hits.iter().enumerate() {
            let What::Collective(what, plural) = &h.what else { continue };
            if (h.first..h.end).any(|t| self.owner[t as usize]) || self.inside_name(h.first) {
                continue;
            }
            // A collective that only modifies another noun ("government official", "army base") is no actor by itself.
            if self.is_no_group(h) {
                continue;
            }
            let last = &scan.doc.tokens[h.end as usize - 1];
            if &*last.rel == "amod"
                || &*last.rel == "compound"
                    && last.head.is_some_and(|x| x >= h.end && x < h.end + 3 && !self.owner[x as usize])
            {
                continue;
            }
            let left = self.left_of(h.first);
            let mut c = Chunk::new(left.first, h.end, ChunkKind::Group);
            c.code = left.code.clone();
            c.basis = left.basis.clone();
            c.sector = what.sector;
            c.hit = Some(i as u32);
            c.plural = *plural;
            c.possessor = left.possessor;
            c.definite = left.definite;
            c.lemma = crate::fold::fold(scan.lemma(h.end - 1));
            c.of_person = left.possessor_name.or_else(|| {
                let (_, high) = self.sentence(h.first);
                let of = h.end + 1 < high && self.folded(h.end) == "of";
                // A title may stand before the name.
                (h.end + 1..(h.end + 5).min(high)).find_map(|t| self.name_at(t)).filter(|_| of)
            });
            if c.code.is_empty() {
                if let Some((code, _, stop, why)) = self.right_of(h.end, &["of"]) {
                    c.code = code;
                    c.basis = why;
                    c.end = stop;
                } else if let Some((code, _)) = self.named_inside(h) {
                    c.code = code;
                    c.basis = "country or organisation in its name".to_owned();
                } else if !what.code.is_empty() {
                    c.code = what.code.clone();
                } else if let Some((code, _, _, why)) = self.right_of(h.end, &["in", "from"]) {
                    c.code = code;
                    c.basis = format!("{why}: where they are");
                }
            }
            if what.sector == Some(Sector::Media) || words().is("report_noun", &c.lemma) {
                c.excluded = "cited medium";
            }
            match what.kind {
                CollectiveKind::PersonRole if !plural => {
                    c.kind = ChunkKind::Person;
                    let name = self.name_at(c.end);
                    if let Some(n) = name.filter(|n| !self.owner[n.0 as usize]) {
                        c.name = name;
                        c.end = n.1;
                    }
                }
                // "the Iraqi government" is Iraq as a government.
                CollectiveKind::Institution
                    if what.sector == Some(Sector::Government)
                        && !c.code.is_empty()
                        && !plural
                        && matches!(
                            c.lemma.as_str(),
                            "government"
                                | "cabinet"
                                | "administration"
                                | "regime"
                                | "authorities"
                                | "state"
                                | "republic"
                        ) =>
                {
                    c.kind = ChunkKind::Country
                }
                _ => {}
            }
            self.push(c);
        }
    }

    /// "in front of", "the state of war", "a coup of State": words that name a group elsewhere.
    fn is_no_group(&self, h: &Hit) -> bool {
        let (low, high) = self.sentence(h.first);
        let before = |k: u32| h.first.checked_sub(k).filter(|&t| t >= low).map_or("", |t| self.folded(t));
        let after = if h.end < high { self.folded(h.end) } else { "" };
        if h.end != h.first + 1 {
            return false;
        }
        match self.folded(h.first) {
            "front" => before(1) == "in" || after == "of" && !self.scan.cap[h.first as usize],
            "movement" | "return" => after == "of" && !self.scan.cap[h.first as usize],
            "state" => {
                matches!(after, "of" | "visit") && self.right_of(h.end, &["of"]).is_none()
                    || before(1) == "of"
                        && matches!(
                            before(2),
                            "coup" | "head" | "chief" | "dinner" | "secretary" | "reason" | "palace"
                        )
            }
            _ => false,
        }
    }

    // ---- countries, organisations, places ----

    fn left_over(&mut self) {
        let scan = self.scan;
        self.known_words();
        for (i, h) in scan.hits.iter().enumerate() {
            if (h.first..h.end).any(|t| self.owner[t as usize]) {
                continue;
            }
            let kind = match &h.what {
                What::Country(rows, form) => {
                    let mut c = Chunk::new(h.first, h.end, ChunkKind::Country);
                    c.code = scan.code_of(rows[0]).to_owned();
                    c.hit = Some(i as u32);
                    c.sector = if let CountryForm::Metonym(s) = form { *s } else { None };
                    c.basis = match form {
                        CountryForm::Name => "name of a country",
                        CountryForm::Demonym => "adjective of a country",
                        CountryForm::Capital => "capital for its government",
                        CountryForm::Metonym(_) => "seat for its institution",
                    }
                    .to_owned();
                    c.adjective =
                        *form == CountryForm::Demonym && matches!(scan.rel(h.end - 1), "amod" | "compound");
                    if *form == CountryForm::Capital && !self.capital_acts(h) {
                        c.kind = ChunkKind::Place;
                    }
                    self.push(c);
                    continue;
                }
                What::Organisation(_) => ChunkKind::Organisation,
                What::City | What::Region(_) => ChunkKind::Place,
                _ => continue,
            };
            let mut c = Chunk::new(h.first, h.end, kind);
            c.hit = Some(i as u32);
            if let What::Organisation(rows) = &h.what {
                let o = &scan.tables.organisations[rows[0] as usize];
                c.code = o.code.clone();
                c.sector = o.sector;
                c.basis = format!("table: organisations.tsv {}", o.id);
                if o.kind == "media" {
                    c.excluded = "cited medium";
                }
            }
            self.push(c);
        }
        for e in scan.doc.entities.clone() {
            if (e.first_token..e.end_token).any(|t| self.owner[t as usize]) {
                continue;
            }
            match e.entity_type {
                EntityType::Organisation => self.unknown_organisation(e.first_token, e.end_token),
                EntityType::Place => {
                    let mut c = Chunk::new(e.first_token, e.end_token, ChunkKind::Place);
                    c.name = Some((e.first_token, e.end_token));
                    self.push(c);
                }
                _ => {}
            }
        }
    }

    /// A capitalised word that elsewhere in the document is part of a person's name is that person, whatever the reader took it for.
    fn known_words(&mut self) {
        let scan = self.scan;
        let mut known: rustc_hash::FxHashSet<String> = rustc_hash::FxHashSet::default();
        for c in &self.chunks {
            if let Some((first, end)) = c.name {
                known.extend(
                    crate::names::name_words(scan.text(first, end)).into_iter().filter(|w| w.len() > 2),
                );
            }
        }
        let mut t = 0;
        while t < self.n() {
            let (_, high) = self.sentence(t);
            let mut end = t + 1;
            while end < high
                && scan.glued[end as usize]
                && (self.is_hyphen(end)
                    || matches!(scan.word(end), "'" | "’")
                    || (end > t + 1 && !scan.fold[end as usize].is_empty()))
                && !self.is_possessive(end)
            {
                end += 1;
            }
            while end > t + 1 && scan.fold[end as usize - 1].is_empty() {
                end -= 1;
            }
            let free = (t..end).all(|x| !self.owner[x as usize] && !self.blocked(x))
                && !matches!(scan.hit_at(t).map(|h| &h.what), Some(What::Organisation(_)));
            let proper =
                scan.cap[t as usize] && matches!(scan.upos(t), "PROPN" | "X" | "NOUN" | "ADJ" | "INTJ");
            let inside_org = scan.entity_of[t as usize].is_some_and(|e| {
                let e = scan.doc.entities[e as usize];
                e.entity_type == EntityType::Organisation && e.end_token > end
            });
            if free && proper && !inside_org {
                let words = crate::names::name_words(scan.text(t, end));
                if !words.is_empty() && words.iter().all(|w| known.contains(w)) {
                    let mut c = Chunk::new(t, end, ChunkKind::Person);
                    c.name = Some((t, end));
                    self.push(c);
                }
            }
            t = end;
        }
    }

    /// An organisation that no table knows: code and sector from the words of its name and beside it.
    fn unknown_organisation(&mut self, first: u32, end: u32) {
        let scan = self.scan;
        let mut c = Chunk::new(first, end, ChunkKind::Organisation);
        c.name = Some((first, end));
        let left = self.left_of(first);
        if !left.code.is_empty() {
            c.code = left.code;
            c.basis = left.basis;
        }
        for t in first..end {
            if let Some(What::Country(rows, _)) = scan.hit_at(t).map(|h| &h.what) {
                c.code = scan.code_of(rows[0]).to_owned();
                c.basis = "country in its name".to_owned();
            }
            let found = scan
                .tables
                .collectives
                .get(&scan.fold[t as usize])
                .or_else(|| scan.tables.collectives.get(scan.lemma(t)));
            if let Some(what) = found {
                c.sector = what.sector;
            }
        }
        let (low, high) = self.sentence(first);
        if c.sector.is_none() {
            // "the UNTM unions", "the movement M5": the noun beside it says what it is.
            let beside = |t: u32| match scan.hit_at(t).map(|h| &h.what) {
                Some(What::Collective(what, _)) if what.sector != Some(Sector::Media) => what.sector,
                _ => None,
            };
            let before = (first > low).then(|| beside(first - 1)).flatten();
            c.sector = (end < high).then(|| beside(end)).flatten().or(before);
        }
        let after = (end..(end + 2).min(high)).any(|t| words().is("report_noun", &scan.fold[t as usize]));
        if c.sector == Some(Sector::Media) || after {
            c.excluded = "cited medium";
        }
        self.push(c);
    }

    /// Whether a capital stands for the government here, by its place in the sentence.
    fn capital_acts(&self, h: &Hit) -> bool {
        let scan = self.scan;
        let head = scan.head_of(h.first, h.end);
        self.acts(head, h, 0)
    }

    fn acts(&self, head: u32, h: &Hit, depth: u8) -> bool {
        let scan = self.scan;
        let rel = scan.rel(head);
        let (low, _) = self.sentence(head);
        let case = scan.doc.children(head).filter(|&c| scan.rel(c) == "case" && c < head).last();
        let preposition = case
            .map(|c| self.folded(c))
            .or_else(|| (h.first > low).then(|| self.folded(h.first - 1)))
            .unwrap_or("");
        let governor = scan.doc.tokens[head as usize].head;
        let governor_lemma = governor.map_or("", |g| scan.lemma(g));
        // A dateline: the first words of a paragraph, then a comma, bracket or dash.
        let after = if h.end < self.n() { scan.word(h.end) } else { "" };
        if h.first == low
            && (matches!(after, "(" | "-" | "–" | "—" | "|")
                || (after == "," && scan.word(h.first).chars().all(|c| !c.is_lowercase())))
        {
            return false;
        }
        if words().is("locative_preposition", preposition) {
            // "a blow to Tehran", "policy towards Tehran": the government; "in Tehran", "visit to Tehran": the place.
            let directed = matches!(preposition, "to" | "toward" | "towards");
            return directed && words().is("political_noun", governor_lemma) && governor_lemma != "visit";
        }
        if matches!(
            preposition,
            "unlike" | "against" | "between" | "than" | "like" | "versus" | "among" | "with"
        ) {
            return true;
        }
        match rel {
            "nsubj" | "nsubj:pass" | "csubj" => true,
            "nmod:poss" => words().is("political_noun", governor_lemma),
            "nmod" | "obl" | "obl:agent" => {
                preposition == "by"
                    || (matches!(preposition, "on" | "for")
                        && (words().is("political_noun", governor_lemma)
                            || words().is("speech_verb", governor_lemma)))
                    || (preposition == "of" && words().is("political_noun", governor_lemma))
                    || (preposition == "and" && depth == 0)
            }
            "obj" | "iobj" => !words().is("motion_verb", governor_lemma),
            "conj" if depth < 3 => governor.is_some_and(|g| {
                let neighbour = scan.hit_at(g).filter(|x| matches!(x.what, What::Country(..)));
                neighbour.is_some_and(|x| {
                    !matches!(x.what, What::Country(_, CountryForm::Capital)) || self.acts(g, x, depth + 1)
                })
            }),
            _ => false,
        }
    }

    // ---- "X, the prime minister of Y" ----

    fn appositions(&mut self) {
        for i in 1..self.chunks.len() {
            let (before, after) = self.chunks.split_at_mut(i);
            let (a, b) = (&mut before[i - 1], &mut after[0]);
            let titled = b.kind == ChunkKind::Person
                && b.name.is_none()
                && b.office.is_some()
                && a.kind == ChunkKind::Person
                && a.name.is_some();
            if !titled {
                continue;
            }
            let scan = self.scan;
            if scan.doc.sentence_of(a.first) != scan.doc.sentence_of(b.first) {
                continue;
            }
            let between: Vec<u32> = (a.end..b.first).collect();
            let only = |allowed: &[&str]| {
                between.iter().all(|&t| {
                    allowed.contains(&scan.fold[t as usize].as_str())
                        || scan.upos(t) == "DET"
                        || scan.word(t) == ","
                })
            };
            let comma = between.first().is_some_and(|&t| scan.word(t) == ",")
                && only(&["the", "a", "an", "who", "is", "was"]);
            let bracket = between.first().is_some_and(|&t| scan.word(t) == "(");
            let next = b.end;
            let closes = next as usize >= scan.doc.tokens.len()
                || matches!(scan.word(next), "," | "." | ")" | ";" | "—" | "-" | ":" | "and")
                    && !(scan.word(next) == "and" && scan.rel(b.end - 1) == "conj")
                || scan.fold[next as usize] == "who"
                || scan.doc.sentence_of(next) != scan.doc.sentence_of(b.first);
            let apposition = scan.rel(scan.head_of(b.first, b.end)) == "appos";
            let copula = between
                .iter()
                .any(|&t| matches!(scan.fold[t as usize].as_str(), "is" | "was" | "became" | "becomes"))
                && only(&["is", "was", "the", "became", "becomes", "a", "an", "now", "also", "currently"]);
            if (comma && (closes || apposition)) || (bracket && closes) || copula {
                let said = b.office.clone();
                if a.office.is_none() {
                    a.code = if b.code.is_empty() { a.code.clone() } else { b.code.clone() };
                    a.sector = b.sector;
                    a.office = said;
                    a.basis =
                        format!("{} (apposition)", if b.basis.is_empty() { "office" } else { &b.basis });
                }
                b.name = a.name;
                b.lemma = "=".to_owned();
                b.same_as = Some(i as u32 - 1);
            }
        }
        for i in 0..self.chunks.len() {
            self.title_with_name_behind(i);
        }
    }

    /// "The Prosecutor of the Nation, X, opened": a definite title, the rest of its phrase, and between commas a name.
    fn title_with_name_behind(&mut self, i: usize) {
        let scan = self.scan;
        let title = &self.chunks[i];
        let (_, high) = self.sentence(title.first);
        let bare = title.kind == ChunkKind::Person && title.name.is_none() && title.office.is_some();
        if !bare || !(title.definite || !title.code.is_empty() || title.possessor.is_some()) {
            return;
        }
        const LONGEST_REST: u32 = 10;
        if let Some(j) = self.name_behind_body(i) {
            return self.give_title(i, j);
        }
        let comma = (title.end..high.min(title.end + LONGEST_REST)).find(|&t| scan.word(t) == ",");
        let Some(comma) = comma else { return };
        let plain = (title.end..comma).all(|t| {
            matches!(scan.upos(t), "ADP" | "DET" | "NOUN" | "PROPN" | "ADJ" | "X" | "PART" | "CCONJ")
        });
        let linked =
            title.end == comma || matches!(self.folded(title.end), "of" | "for" | "in" | "at" | "to");
        if !plain || !linked {
            return;
        }
        let Some(j) = (i + 1..self.chunks.len()).find(|&j| self.chunks[j].first > comma) else { return };
        let named = &self.chunks[j];
        if named.name.is_none() || named.kind != ChunkKind::Person || named.office.is_some() {
            return;
        }
        let leads = (comma + 1..named.first)
            .all(|t| self.folded(t) == "the" || self.is_rank(t) || scan.word(t) == ".");
        let closes = named.end >= high
            || matches!(scan.word(named.end), "," | "." | ")" | "—" | "–" | "-" | ";")
            || matches!(scan.upos(named.end), "VERB" | "AUX");
        // "To the president, X said": a title that is no part of the same phrase.
        let head = scan.head_of(named.first, named.end);
        let apart = scan.rel(head).starts_with("nsubj")
            && scan.doc.tokens[head as usize]
                .head
                .is_some_and(|v| scan.doc.children(v).any(|k| (title.first..title.end).contains(&k)));
        if !leads || !closes || apart {
            return;
        }
        self.give_title(i, j);
    }

    /// "the commander of the Quds Force with the Revolutionary Guards X": the body between title and name.
    fn name_behind_body(&self, i: usize) -> Option<usize> {
        let (title, named) = (&self.chunks[i], self.chunks.get(i + 1)?);
        let name = named.name.filter(|_| named.kind == ChunkKind::Person && named.office.is_none())?;
        let (_, high) = self.sentence(title.first);
        let between: Vec<&str> = (title.end..named.first).map(|t| self.folded(t)).collect();
        let led = matches!(between[..], ["with" | "of" | "in", "the"] | ["with" | "of" | "in"]);
        (led && named.first < name.0 && named.first < high).then_some(i + 1)
    }

    fn give_title(&mut self, i: usize, j: usize) {
        let title = &self.chunks[i];
        let (said, code, sector, basis) =
            (title.office.clone(), title.code.clone(), title.sector, title.basis.clone());
        let named = &mut self.chunks[j];
        let name = named.name;
        named.office = said;
        named.sector = sector.or(named.sector);
        if !code.is_empty() {
            named.code = code;
        }
        named.basis = format!("{} (apposition)", if basis.is_empty() { "office" } else { &basis });
        let title = &mut self.chunks[i];
        title.name = name;
        title.lemma = "=".to_owned();
        title.same_as = Some(j as u32);
    }
}
