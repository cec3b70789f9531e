//! States, organisations and places.

use super::*;

impl<'s, 'a> Builder<'s, 'a> {
    pub(super) fn left_over(&mut self) {
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
                    if matches!(form, CountryForm::Metonym(_))
                        && let Some(code) = self.seat_elsewhere(h.end)
                    {
                        c.code = code;
                        c.basis = "institution in another capital".to_owned();
                    }
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

    /// "The Foreign Office in Berlin": the state whose capital stands behind an institution.
    fn seat_elsewhere(&self, end: u32) -> Option<String> {
        let (_, high) = self.sentence(end.saturating_sub(1));
        let behind = (end + 1 < high && self.folded(end) == "in").then(|| self.scan.hit_at(end + 1));
        match &behind.flatten()?.what {
            What::Country(rows, CountryForm::Capital) => Some(self.scan.code_of(rows[0]).to_owned()),
            _ => None,
        }
    }

    /// A capitalised word that elsewhere in the document is part of a person's name is that person, whatever the reader took it for.
    pub(super) fn known_words(&mut self) {
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
    pub(super) fn unknown_organisation(&mut self, first: u32, end: u32) {
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
        // "the Human Rights Commission", "the National Armed Force": the longest wording that the name ends in, or has before "of".
        let of = (first..end).find(|&t| self.folded(t) == "of").unwrap_or(end);
        let wording = |stop: u32| {
            (first..stop.saturating_sub(1))
                .find_map(|from| scan.tables.collectives.get(&crate::fold::fold(scan.text(from, stop))))
        };
        if let Some(what) = wording(end).or_else(|| wording(of)) {
            c.sector = what.sector;
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
    pub(super) fn capital_acts(&self, h: &Hit) -> bool {
        let scan = self.scan;
        let head = scan.head_of(h.first, h.end);
        self.acts(head, h, 0)
    }

    pub(super) fn acts(&self, head: u32, h: &Hit, depth: u8) -> bool {
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
}
