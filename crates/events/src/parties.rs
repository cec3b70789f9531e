//! From a noun phrase to the actors it stands for.

use crate::codebook::Codebook;
use crate::scene::Scene;
use crate::slot::Kind;
use crate::tree::Tree;
use polybius_text::{ActorKind, DocActor, Mention, MentionKind, Place, Quote, QuoteKind, Sector, Span};
use rustc_hash::FxHashMap;

/// An actor as one noun phrase names it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    pub actor: u32,
    pub span: Span,
    pub mention: Option<u32>,
    pub token: u32,
    /// Where it rests on less than the noun phrase itself, why; also lowers confidence.
    pub through: Option<&'static str>,
}

impl Found {
    /// Whether both stand for one party: the same actor, unless two different noun phrases only share a country.
    pub fn same_party(&self, other: &Found) -> bool {
        let by_scene = self.through == Some(BY_SCENE) || other.through == Some(BY_SCENE);
        self.actor == other.actor && (!by_scene || self.token == other.token)
    }

    /// Whether only the scene says whose people these are.
    pub fn is_by_scene(&self) -> bool {
        self.through == Some(BY_SCENE)
    }
}

const BY_SCENE: &str = "country of the scene";

/// Mentions by token, with the document's actors.
pub(crate) struct Parties<'d> {
    pub tree: &'d Tree<'d>,
    pub mentions: &'d [Mention],
    pub actors: &'d [DocActor],
    pub places: &'d [Place],
    pub quotes: &'d [Quote],
    book: &'d Codebook,
    by_head: FxHashMap<u32, Vec<u32>>,
    /// Smallest mention that covers a token, or `NONE`.
    cover: Vec<u32>,
    pub scene: Scene,
    /// Two persons joined by "and", by token.
    couples: Vec<(u32, [u32; 2])>,
}

const NONE: u32 = u32::MAX;
const MAX_DEPTH: u32 = 5;

impl<'d> Parties<'d> {
    pub fn new(
        tree: &'d Tree<'d>,
        mentions: &'d [Mention],
        actors: &'d [DocActor],
        places: &'d [Place],
        quotes: &'d [Quote],
        book: &'d Codebook,
    ) -> Parties<'d> {
        let mut by_head: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        let mut cover = vec![NONE; tree.doc.tokens.len()];
        for (i, m) in mentions.iter().enumerate() {
            by_head.entry(m.head).or_default().push(i as u32);
            for t in m.first_token..m.end_token.min(cover.len() as u32) {
                let slot = &mut cover[t as usize];
                let size = |j: u32| {
                    let m = &mentions[j as usize];
                    m.end_token - m.first_token
                };
                if *slot == NONE || size(i as u32) < size(*slot) {
                    *slot = i as u32;
                }
            }
        }
        let couples = Parties::couples(tree, mentions, actors);
        let scene = Scene::new(mentions, actors, places);
        Parties { tree, mentions, actors, places, quotes, book, by_head, cover, scene, couples }
    }

    /// The smallest mention over a token.
    pub fn covering(&self, token: u32) -> Option<&'d Mention> {
        let i = self.cover[token as usize];
        (i != NONE).then(|| &self.mentions[i as usize])
    }

    /// The actors that a noun phrase stands for, its coordinated phrases included.
    pub fn of(&self, token: u32) -> Vec<Found> {
        let mut out = Vec::new();
        for head in self.tree.companions(token) {
            let before = out.len();
            self.of_head(head, MAX_DEPTH, &mut out);
            self.settle(head, before, &mut out);
        }
        out
    }

    /// Gives "the two sides" and "both men" their two, and collectives without a country ("the police") that of the scene.
    fn settle(&self, head: u32, from: usize, out: &mut Vec<Found>) {
        let tree = self.tree;
        let lemma = tree.lemma(head);
        let kind = |names: &[&str]| names.iter().any(|k| self.book.kind_holds(lemma, k));
        let span = || self.covering(head).map_or(tree.doc.tokens[head as usize].span, |m| m.span);
        let scene = self.scene.country_at(tree.doc.sentence_of(head)).filter(|_| !kind(&["visiting"]));
        let both = tree.upos(head) == "NOUN"
            && tree.kids(head).iter().any(|&k| matches!(tree.lemma(k), "two" | "both"))
            && out[from..].iter().all(|f| self.actors[f.actor as usize].code.is_empty());
        if both && let Some(two) = self.two_before(head, lemma) {
            let through = Some("the two named before");
            out.truncate(from);
            out.extend(two.map(|actor| Found { actor, span: span(), mention: None, token: head, through }));
            return;
        }
        // "The two presidents met in Geneva": nothing says of what two countries.
        if both && out.len() == from {
            return;
        }
        if out.len() == from {
            if tree.upos(head) != "NOUN" || self.covering(head).is_some_and(|m| !m.actors.is_empty()) {
                return;
            }
            if let Some(actor) = scene.filter(|_| kind(&["state", "armed", "people"])) {
                out.push(Found { actor, span: span(), mention: None, token: head, through: Some(BY_SCENE) });
            }
            return;
        }
        for f in &mut out[from..] {
            let actor = &self.actors[f.actor as usize];
            if !actor.code.is_empty() || f.through == Some("adjective") {
                continue;
            }
            // "Asmara denied it": a town that nothing else gives a code stands for its state.
            if let Some(of_place) = self.country_of_place(f.token).filter(|p| p.span == f.span) {
                f.actor = of_place.actor;
                f.through = of_place.through;
            } else if let Some(country) = scene
                && (actor.kind == ActorKind::Group
                    || (actor.kind == ActorKind::Person && actor.names.is_empty()))
            {
                f.actor = country;
                f.mention = None;
                f.through = Some(BY_SCENE);
            }
        }
    }

    /// The two that "the two" or "both" of a plural noun stands for: the last two persons that "and" joined, or the two
    /// countries of the scene.
    fn two_before(&self, head: u32, lemma: &str) -> Option<[u32; 2]> {
        if self.book.kind_holds(lemma, "person") {
            let last = self.couples.partition_point(|&(at, _)| at < head);
            if let Some(&(_, two)) = self.couples[..last].last() {
                return Some(two);
            }
        }
        let (a, b) = self.scene.pair().filter(|_| self.book.kind_holds(lemma, "side"))?;
        Some([a, b])
    }

    /// Two persons joined by "and", by the token of the first.
    fn couples(tree: &Tree, mentions: &[Mention], actors: &[DocActor]) -> Vec<(u32, [u32; 2])> {
        let mut by_head: FxHashMap<u32, u32> = FxHashMap::default();
        for m in mentions.iter().filter(|m| m.kind != MentionKind::Pronoun) {
            // A name in a stretch that is not read has no token.
            if (m.head as usize) < tree.doc.tokens.len()
                && let &[actor] = m.actors.as_slice()
                && actors
                    .get(actor as usize)
                    .is_some_and(|a| a.kind == ActorKind::Person && a.excluded.is_empty())
            {
                by_head.insert(m.head, actor);
            }
        }
        let mut out = Vec::new();
        for (&head, &first) in &by_head {
            if let [_, other] = tree.conjuncts(head)[..]
                && let Some(&second) = by_head.get(&other).filter(|&&s| s != first)
            {
                out.push((head, [first, second]));
            }
        }
        out.sort_unstable();
        out
    }

    fn of_head(&self, token: u32, depth: u32, out: &mut Vec<Found>) {
        if depth == 0 {
            return;
        }
        let tree = self.tree;
        if tree.is_relative(token) {
            if let Some(antecedent) = tree.antecedent(token)
                && antecedent != token
            {
                for head in tree.conjuncts(antecedent) {
                    self.of_head(head, depth - 1, out);
                }
            }
            return;
        }
        let before = out.len();
        if self.first_person(token)
            && let Some(speaker) = self.speaker_at(token)
        {
            self.push(
                speaker,
                tree.doc.tokens[token as usize].span,
                None,
                token,
                Some("speaker of the quote"),
                out,
            );
            return;
        }
        self.members(token, out);
        if out.len() > before {
            return;
        }
        self.own_mention(token, out);
        if out.len() > before {
            return;
        }
        let lemma = tree.lemma(token);
        let of = || {
            tree.kids(token).iter().copied().filter(|&k| tree.base_rel(k) == "nmod" && tree.has_case(k, "of"))
        };
        // "two of the soldiers", "members of the junta", "the government of Mali"
        if tree.upos(token) == "NUM" || self.book.kind_holds(lemma, "partitive") {
            for k in of() {
                for head in tree.conjuncts(k) {
                    self.of_head(head, depth - 1, out);
                }
            }
            if out.len() > before {
                return;
            }
        }
        for k in tree.kids_with(token, "appos") {
            self.of_head(k, depth - 1, out);
            if out.len() > before {
                return;
            }
        }
        for k in tree.kids_with(token, "nmod:desc").chain(tree.kids_with(token, "flat")) {
            self.own_mention(k, out);
            if out.len() > before {
                return;
            }
        }
        let agent =
            ["state", "armed", "people", "instrument", "org"].iter().any(|k| self.book.kind_holds(lemma, k));
        if agent {
            self.modifiers(token, "through its adjective or possessor", out);
            if out.len() > before {
                return;
            }
            // "the shelling by the army", "the government of Mali"
            let case = if self.book.kind_holds(lemma, "instrument") { "by" } else { "of" };
            let held =
                tree.kids(token).iter().filter(|&&k| tree.base_rel(k) == "nmod" && tree.has_case(k, case));
            for head in held.flat_map(|&k| tree.conjuncts(k)) {
                self.of_head(head, depth - 1, out);
            }
            for f in &mut out[before..] {
                f.through = f.through.or(Some("through what it belongs to"));
            }
        }
    }

    /// "the contact group, made up of France, Brazil and the United Nations": a body whose members are named is its members, if two
    /// or more of them are states or bodies of states.
    fn members(&self, noun: u32, out: &mut Vec<Found>) {
        let tree = self.tree;
        let clause = tree.kids(noun).iter().copied().find(|&k| {
            tree.base_rel(k) == "acl" && k > noun && self.book.kind_holds(tree.lemma(k), "made of")
        });
        let Some(clause) = clause else { return };
        let listed = tree.kids(clause).iter().copied().filter(|&k| {
            matches!(tree.base_rel(k), "obl" | "obj") && tree.case(k).is_none_or(|c| matches!(c, "of" | "by"))
        });
        let mut found = Vec::new();
        for member in listed.flat_map(|k| tree.companions(k)) {
            self.own_mention(member, &mut found);
        }
        let state = |f: &Found| {
            let actor = &self.actors[f.actor as usize];
            matches!(actor.kind, ActorKind::Country | ActorKind::Organisation) && !actor.code.is_empty()
        };
        found.retain(state);
        if found.len() > 1 {
            out.extend(found.into_iter().map(|f| Found { through: Some("member of the body"), ..f }));
        }
    }

    /// Actors among the adjectives, compounds and possessors of a noun: "the French raid", "US-Iran talks".
    pub fn modifiers(&self, noun: u32, why: &'static str, out: &mut Vec<Found>) {
        for &k in self.tree.kids(noun) {
            if matches!(
                self.tree.rel(k),
                "amod" | "compound" | "nmod:poss" | "nmod:unmarked" | "nmod:desc" | "nmod"
            ) && self.tree.case(k).is_none_or(|c| c == "'s" || c == "’s" || c == "'")
            {
                self.modifier(k, why, 4, out);
            }
        }
    }

    /// Actors of adjectives and compounds only.
    pub fn adjectives(&self, noun: u32, out: &mut Vec<Found>) {
        for &k in self.tree.kids(noun) {
            if matches!(self.tree.rel(k), "amod" | "compound" | "nmod:unmarked" | "nmod:desc") {
                self.modifier(k, "adjective", 4, out);
            }
        }
    }

    fn modifier(&self, token: u32, why: &'static str, depth: u32, out: &mut Vec<Found>) {
        let from = out.len();
        self.own_mention(token, out);
        for f in &mut out[from..] {
            f.through = Some(why);
        }
        if depth == 0 {
            return;
        }
        for &k in self.tree.kids(token) {
            if matches!(self.tree.rel(k), "compound" | "conj" | "amod" | "dep" | "nmod:unmarked") {
                self.modifier(k, why, depth - 1, out);
            }
        }
    }

    /// The mention headed by a token, or the smallest one over it whose head lies inside the same noun phrase.
    fn own_mention(&self, token: u32, out: &mut Vec<Found>) {
        let heads = self.by_head.get(&token).map(Vec::as_slice).unwrap_or_default();
        let best = heads.iter().copied().max_by_key(|&i| {
            let m = &self.mentions[i as usize];
            (!m.actors.is_empty(), m.end_token - m.first_token)
        });
        let covering = || {
            let i = self.cover[token as usize];
            (i != NONE).then_some(i).filter(|&i| {
                let head = self.mentions[i as usize].head;
                // A mention whose head the reader put elsewhere: "Minister" over a flat name.
                self.tree.under(head, token)
                    && matches!(
                        self.tree.rel(head),
                        "flat" | "appos" | "compound" | "nmod:desc" | "nmod:unmarked" | "list" | "dep"
                    )
            })
        };
        let Some(i) = best.or_else(covering) else {
            return;
        };
        let m = &self.mentions[i as usize];
        let weak = (m.kind == MentionKind::Pronoun).then_some("pronoun");
        for &actor in &m.actors {
            self.push(actor, m.span, Some(i), token, weak, out);
        }
    }

    fn push(
        &self,
        actor: u32,
        span: Span,
        mention: Option<u32>,
        token: u32,
        through: Option<&'static str>,
        out: &mut Vec<Found>,
    ) {
        let Some(doc_actor) = self.actors.get(actor as usize) else {
            return;
        };
        if doc_actor.excluded.is_empty() && !out.iter().any(|f| f.actor == actor) {
            out.push(Found { actor, span, mention, token, through });
        }
    }

    fn first_person(&self, token: u32) -> bool {
        self.tree.upos(token) == "PRON"
            && matches!(self.tree.lemma(token), "I" | "i" | "we" | "my" | "our" | "us" | "me" | "ours")
    }

    /// The speaker of the smallest quote with words of the speaker that holds the token.
    fn speaker_at(&self, token: u32) -> Option<u32> {
        let span = self.tree.doc.tokens[token as usize].span;
        let quotes = self
            .quotes
            .iter()
            .filter(|q| q.kind != QuoteKind::Indirect && q.span.contains(span) && q.speaker.is_some());
        quotes.min_by_key(|q| q.span.len()).and_then(|q| q.speaker)
    }

    /// The country where a place lies, as an actor of this document.
    pub fn country_of_place(&self, token: u32) -> Option<Found> {
        let span = match self.covering(token) {
            Some(m) => m.span,
            None => self.tree.doc.tokens[token as usize].span,
        };
        let place = self.places.iter().find(|p| p.span.overlaps(span) && !p.country.is_empty())?;
        let actor = self
            .actors
            .iter()
            .position(|a| a.kind == ActorKind::Country && a.code == place.country && a.excluded.is_empty())?;
        Some(Found {
            actor: actor as u32,
            span: place.span,
            mention: None,
            token,
            through: Some("country of the place"),
        })
    }

    /// Whether a noun phrase names a place.
    pub fn is_place(&self, token: u32) -> bool {
        let span = self.tree.doc.tokens[token as usize].span;
        self.places.iter().any(|p| p.span.contains(span))
            || self.book.kind_holds(self.tree.lemma(token), "place")
    }

    /// Whether what fills a slot is of a kind.
    pub fn is(&self, token: u32, kind: Kind) -> bool {
        let tree = self.tree;
        let found = self.of(token);
        let actor =
            |test: &dyn Fn(&DocActor) -> bool| found.iter().any(|f| test(&self.actors[f.actor as usize]));
        let word =
            |name: &str| tree.conjuncts(token).iter().any(|&t| self.book.kind_holds(tree.lemma(t), name));
        match kind {
            Kind::Actor => !found.is_empty() || word("armed") || word("state") || word("people"),
            Kind::Person => actor(&|a| a.kind == ActorKind::Person) || word("person"),
            Kind::Country => actor(&|a| a.kind == ActorKind::Country),
            Kind::Org => actor(&|a| a.kind == ActorKind::Organisation) || word("org"),
            Kind::Armed => actor(&|a| a.sector.is_some_and(is_armed)) || word("armed"),
            Kind::State => {
                actor(&|a| a.kind == ActorKind::Country || a.sector.is_some_and(is_state)) || word("state")
            }
            Kind::People => {
                word("people")
                    || actor(&|a| {
                        a.kind == ActorKind::Person
                            || (a.kind == ActorKind::Group && !a.sector.is_some_and(is_armed))
                            || a.sector == Some(Sector::Civilian)
                    })
            }
            Kind::Place => self.is_place(token),
            Kind::Thing => {
                found.is_empty()
                    && !word("armed")
                    && !word("state")
                    && !word("people")
                    && !self.is_place(token)
            }
        }
    }

    /// Whether an actor without a code may yet act in politics: somebody named in a text about one or two countries.
    pub fn may_be_political(&self, actor: u32) -> bool {
        let a = &self.actors[actor as usize];
        a.code.is_empty() && a.excluded.is_empty() && a.kind != ActorKind::Country && self.scene.is_known()
    }

    /// Whether an actor acts in politics: has a code, or is a collective with a sector.
    pub fn is_political(&self, actor: u32) -> bool {
        let a = &self.actors[actor as usize];
        let sector = a.sector.is_some_and(|s| !matches!(s, Sector::Business | Sector::Unspecified));
        match a.kind {
            ActorKind::Country => !a.code.is_empty(),
            ActorKind::Group => sector || !a.code.is_empty(),
            _ => sector && (!a.code.is_empty() || a.sector.is_some_and(|s| is_state(s) || is_armed(s))),
        }
    }
}

fn is_armed(s: Sector) -> bool {
    matches!(s, Sector::Military | Sector::Rebel | Sector::Paramilitary | Sector::Terrorist | Sector::Police)
}

fn is_state(s: Sector) -> bool {
    matches!(
        s,
        Sector::Government
            | Sector::Military
            | Sector::Legislature
            | Sector::Judiciary
            | Sector::Police
            | Sector::Spy
    )
}
