//! The codebook: predicate senses and word lists, read once and compiled to hash maps by trigger lemma.

use crate::factuality::Weights;
use crate::slot::{Condition, Slot};
use crate::table::{Table, TableError, closest};
use polybius_text::EventType;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use std::path::Path;

/// What kind of word carries an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Pos {
    Verb,
    Noun,
    Adjective,
}

impl Pos {
    fn parse(text: &str) -> Option<Pos> {
        match text {
            "v" => Some(Pos::Verb),
            "n" => Some(Pos::Noun),
            "a" => Some(Pos::Adjective),
            _ => None,
        }
    }
}

/// One row of `senses/*.tsv`, compiled.
#[derive(Debug, Clone)]
pub(crate) struct Sense {
    pub event_type: EventType,
    pub mode: Option<SmolStr>,
    pub cameo: SmolStr,
    pub actor: Vec<Slot>,
    pub actor_optional: bool,
    pub recipient: Vec<Slot>,
    pub recipient_optional: bool,
    pub reciprocal: bool,
    pub require: Vec<Condition>,
    pub exclude: Vec<Condition>,
    /// `consult.tsv:12`
    pub rule: SmolStr,
    pub example: String,
}

/// A row of `reader.tsv`: how sure the reader must be of an act.
#[derive(Debug, Clone)]
pub(crate) struct ReaderRow {
    /// The sense that such an event names as its rule.
    pub sense: u32,
    /// Chance from which on an act that no sense names is coded.
    pub least: f32,
    /// Chance from which on it takes the place of a sense that says otherwise.
    pub instead: Option<f32>,
}

/// A row of `agreements.tsv`: how the points of an agreement are told.
#[derive(Debug, Clone)]
pub(crate) struct AgreementRow {
    /// The sense that a point names as its rule.
    pub sense: u32,
    /// Lemmas of what was agreed.
    pub nouns: FxHashSet<SmolStr>,
    /// Lemmas of what such a paper does with its points.
    pub verbs: FxHashSet<SmolStr>,
}

/// A trigger's entry: the rest of the expression and the sense.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub tail: Vec<SmolStr>,
    pub sense: u32,
}

/// What a word does to the event under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Actual,
    Future,
    /// Made known: a measure is taken thereby, anything else lies ahead.
    Announced,
    Hypothetical,
    Negated,
    Denied,
    /// Planned, then called off or put off.
    Cancelled,
    Historical,
}

const EFFECTS: &[(&str, Effect)] = &[
    ("actual", Effect::Actual),
    ("future", Effect::Future),
    ("announced", Effect::Announced),
    ("hypothetical", Effect::Hypothetical),
    ("negated", Effect::Negated),
    ("denied", Effect::Denied),
    ("cancelled", Effect::Cancelled),
    ("historical", Effect::Historical),
];

/// What a word of speech does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Force {
    Say,
    Promise,
    Threaten,
    Demand,
    Accuse,
    Deny,
    Agree,
    Refuse,
    Praise,
}

const FORCES: &[(&str, Force)] = &[
    ("say", Force::Say),
    ("promise", Force::Promise),
    ("threaten", Force::Threaten),
    ("demand", Force::Demand),
    ("accuse", Force::Accuse),
    ("deny", Force::Deny),
    ("agree", Force::Agree),
    ("refuse", Force::Refuse),
    ("praise", Force::Praise),
];

/// A word, with the second word of `call for`, `rule out`.
pub(crate) type Keyed<T> = FxHashMap<SmolStr, Vec<(Pos, Option<SmolStr>, T)>>;

/// Facts on one PLOVER mode.
#[derive(Debug, Clone)]
pub(crate) struct Mode {
    pub score: f32,
}

/// Facts on one CAMEO code.
#[derive(Debug, Clone)]
pub(crate) struct Cameo {
    pub goldstein: f32,
}

/// The compiled codebook. Load it once; it is immutable and may be shared between threads.
#[derive(Debug, Clone)]
pub struct Codebook {
    pub(crate) senses: Vec<Sense>,
    pub(crate) by_lemma: FxHashMap<(Pos, SmolStr), Vec<Entry>>,
    pub(crate) type_scores: FxHashMap<EventType, f32>,
    pub(crate) modes: FxHashMap<(EventType, SmolStr), Mode>,
    pub(crate) cameo: FxHashMap<SmolStr, Cameo>,
    /// word -> contexts; expressions of two or more words by first word.
    pub(crate) contexts: FxHashMap<SmolStr, Vec<(Vec<SmolStr>, SmolStr)>>,
    /// verb -> nouns it may carry (empty set: any noun).
    pub(crate) light_verbs: FxHashMap<SmolStr, FxHashSet<SmolStr>>,
    pub(crate) decisions: FxHashMap<(EventType, SmolStr), EventType>,
    pub(crate) speech: Keyed<Force>,
    pub(crate) modality: Keyed<Effect>,
    pub(crate) factuality: Weights,
    /// head lemma -> kinds of `kinds.tsv`.
    pub(crate) kinds: FxHashMap<SmolStr, Vec<SmolStr>>,
    /// lemma -> topic of `topics.tsv`.
    pub(crate) topics: FxHashMap<SmolStr, SmolStr>,
    /// What an act that only the reader sees is coded as.
    pub(crate) reader: FxHashMap<EventType, ReaderRow>,
    /// How the points of an agreement are told.
    pub(crate) agreements: Vec<AgreementRow>,
    /// lemma -> types that it speaks for, with weight and row, of `cues.tsv`.
    pub(crate) cues: FxHashMap<SmolStr, Vec<(EventType, f32, SmolStr)>>,
}

impl Codebook {
    /// Reads and checks every file of a codebook folder.
    ///
    /// # Errors
    /// The first row that cannot be used, with file, line and what would be right.
    pub fn load(dir: &Path) -> Result<Codebook, TableError> {
        let mut book = Codebook {
            senses: Vec::new(),
            by_lemma: FxHashMap::default(),
            type_scores: FxHashMap::default(),
            modes: FxHashMap::default(),
            cameo: FxHashMap::default(),
            contexts: FxHashMap::default(),
            light_verbs: FxHashMap::default(),
            decisions: FxHashMap::default(),
            speech: FxHashMap::default(),
            modality: FxHashMap::default(),
            factuality: Weights::default(),
            kinds: FxHashMap::default(),
            topics: FxHashMap::default(),
            cues: FxHashMap::default(),
            reader: FxHashMap::default(),
            agreements: Vec::new(),
        };
        book.read_types(&Table::read(&dir.join("types.tsv"))?)?;
        book.read_modes(&Table::read(&dir.join("modes.tsv"))?)?;
        book.read_cameo(&Table::read(&dir.join("cameo.tsv"))?)?;
        book.read_contexts(&Table::read(&dir.join("contexts.tsv"))?)?;
        book.read_light_verbs(&Table::read(&dir.join("light_verbs.tsv"))?)?;
        book.read_decisions(&Table::read(&dir.join("decisions.tsv"))?)?;
        book.speech = read_keyed(&Table::read(&dir.join("speech.tsv"))?, "force", FORCES)?;
        book.modality = read_keyed(&Table::read(&dir.join("modality.tsv"))?, "effect", EFFECTS)?;
        book.factuality = Weights::read(&Table::read(&dir.join("factuality.tsv"))?)?;
        book.kinds = read_groups(&Table::read(&dir.join("kinds.tsv"))?, "kind")?;
        for (word, topics) in read_groups(&Table::read(&dir.join("topics.tsv"))?, "topic")? {
            book.topics.insert(word, topics[0].clone());
        }
        book.read_cues(&Table::read(&dir.join("cues.tsv"))?)?;
        let mut seen = FxHashMap::default();
        for &event_type in EventType::ALL {
            let file = dir.join("senses").join(format!("{}.tsv", event_type.as_str().to_lowercase()));
            book.read_senses(&Table::read(&file)?, event_type, &mut seen)?;
        }
        book.read_reader(&Table::read(&dir.join("reader.tsv"))?)?;
        book.read_agreements(&Table::read(&dir.join("agreements.tsv"))?)?;
        Ok(book)
    }

    /// How many senses each type has, in the order of the types.
    pub fn senses_by_type(&self) -> Vec<(EventType, usize)> {
        let count = |t: EventType| {
            self.senses.iter().filter(|s| s.event_type == t && !self.is_wordless(&s.rule)).count()
        };
        EventType::ALL.iter().map(|&t| (t, count(t))).collect()
    }

    /// The own-written example sentence of each rule, with its type: (rule, type, example), in file order.
    pub fn examples(&self) -> impl Iterator<Item = (&str, EventType, &str)> {
        let of_words = self.senses.iter().filter(|s| !self.is_wordless(&s.rule));
        of_words.map(|s| (s.rule.as_str(), s.event_type, s.example.as_str()))
    }

    /// Whether a rule is a row of `reader.tsv` or `agreements.tsv`, so that no word of the codebook made the event.
    pub(crate) fn is_wordless(&self, rule: &str) -> bool {
        let mut senses = self.reader.values().map(|r| r.sense).chain(self.agreements.iter().map(|a| a.sense));
        senses.any(|s| self.senses[s as usize].rule == rule)
    }

    pub(crate) fn kind_holds(&self, lemma: &str, kind: &str) -> bool {
        self.kinds.get(lemma).is_some_and(|k| k.iter().any(|k| k == kind))
    }

    fn read_types(&mut self, table: &Table) -> Result<(), TableError> {
        for row in table.rows(&["type", "quad", "score", "about"])? {
            let event_type = parse_type(table, row.line, row.cell(0))?;
            if row.cell(1) != event_type.quad().as_str() {
                return Err(
                    table.error(row.line, format!("the quad of {event_type} is `{}`", event_type.quad()))
                );
            }
            let score = parse_number(table, row.line, row.cell(2))?;
            self.type_scores.insert(event_type, score);
        }
        match EventType::ALL.iter().find(|t| !self.type_scores.contains_key(t)) {
            Some(t) => Err(table.error(1, format!("no row for the type `{t}`"))),
            None => Ok(()),
        }
    }

    fn read_modes(&mut self, table: &Table) -> Result<(), TableError> {
        for row in table.rows(&["type", "mode", "score", "cameo", "about"])? {
            let event_type = parse_type(table, row.line, row.cell(0))?;
            let score = parse_number(table, row.line, row.cell(2))?;
            if self.modes.insert((event_type, row.cell(1).into()), Mode { score }).is_some() {
                return Err(
                    table.error(row.line, format!("the mode `{}` of {event_type} stands twice", row.cell(1)))
                );
            }
        }
        Ok(())
    }

    fn read_cameo(&mut self, table: &Table) -> Result<(), TableError> {
        for row in table.rows(&["code", "name", "goldstein", "type", "mode"])? {
            let code = row.cell(0);
            if code.len() < 2 || code.len() > 4 || !code.bytes().all(|b| b.is_ascii_digit()) {
                return Err(table.error(row.line, format!("`{code}` is no CAMEO code: two to four digits")));
            }
            let goldstein = parse_number(table, row.line, row.cell(2))?;
            if !row.cell(3).is_empty() {
                parse_type(table, row.line, row.cell(3))?;
            }
            if self.cameo.insert(code.into(), Cameo { goldstein }).is_some() {
                return Err(table.error(row.line, format!("the code `{code}` stands twice")));
            }
        }
        Ok(())
    }

    fn read_contexts(&mut self, table: &Table) -> Result<(), TableError> {
        for row in table.rows(&["context", "words"])? {
            for expression in row.cell(1).split('|') {
                let mut words = expression.split_whitespace().map(SmolStr::from);
                let Some(first) = words.next() else {
                    return Err(table.error(row.line, "an empty word between two `|`"));
                };
                self.contexts.entry(first).or_default().push((words.collect(), row.cell(0).into()));
            }
        }
        Ok(())
    }

    fn read_light_verbs(&mut self, table: &Table) -> Result<(), TableError> {
        for row in table.rows(&["verb", "nouns"])? {
            for verb in row.cell(0).split('|') {
                let nouns = self.light_verbs.entry(verb.into()).or_default();
                if row.cell(1) != "*" {
                    nouns.extend(row.cell(1).split('|').map(SmolStr::from));
                }
            }
        }
        Ok(())
    }

    fn read_cues(&mut self, table: &Table) -> Result<(), TableError> {
        for row in table.rows(&["type", "weight", "words"])? {
            let event_type = parse_type(table, row.line, row.cell(0))?;
            let weight = parse_number(table, row.line, row.cell(1))?;
            let rule = SmolStr::from(format!("{}:{}", table.name(), row.line));
            for word in row.cell(2).split('|').filter(|w| !w.is_empty()) {
                let entries = self.cues.entry(word.into()).or_default();
                if entries.iter().any(|(t, _, _)| *t == event_type) {
                    return Err(table.error(row.line, format!("`{word}` stands twice for {event_type}")));
                }
                entries.push((event_type, weight, rule.clone()));
            }
        }
        Ok(())
    }

    /// Adds a sense that no word of its own makes, and says which it is.
    fn add_wordless(&mut self, event_type: EventType, cameo: &str, rule: String) -> u32 {
        self.senses.push(Sense {
            event_type,
            mode: None,
            cameo: cameo.into(),
            actor: Vec::new(),
            actor_optional: false,
            recipient: Vec::new(),
            recipient_optional: true,
            reciprocal: false,
            require: Vec::new(),
            exclude: Vec::new(),
            rule: rule.into(),
            example: String::new(),
        });
        self.senses.len() as u32 - 1
    }

    fn read_agreements(&mut self, table: &Table) -> Result<(), TableError> {
        for row in table.rows(&["type", "cameo", "nouns", "verbs"])? {
            let event_type = parse_type(table, row.line, row.cell(0))?;
            let cameo = row.cell(1);
            if !self.cameo.contains_key(cameo) {
                return Err(table.error(row.line, format!("the CAMEO code `{cameo}` is not in cameo.tsv")));
            }
            let words = |cell: &str| cell.split('|').filter(|w| !w.is_empty()).map(SmolStr::from).collect();
            let sense = self.add_wordless(event_type, cameo, format!("{}:{}", table.name(), row.line));
            self.agreements.push(AgreementRow {
                sense,
                nouns: words(row.cell(2)),
                verbs: words(row.cell(3)),
            });
        }
        Ok(())
    }

    fn read_reader(&mut self, table: &Table) -> Result<(), TableError> {
        for row in table.rows(&["type", "cameo", "least", "instead"])? {
            let event_type = parse_type(table, row.line, row.cell(0))?;
            let cameo = row.cell(1);
            if !self.cameo.contains_key(cameo) {
                return Err(table.error(row.line, format!("the CAMEO code `{cameo}` is not in cameo.tsv")));
            }
            let least = parse_number(table, row.line, row.cell(2))?;
            let instead = match row.cell(3) {
                "" => None,
                word => Some(parse_number(table, row.line, word)?),
            };
            let sense = self.add_wordless(event_type, cameo, format!("{}:{}", table.name(), row.line));
            if self.reader.insert(event_type, ReaderRow { sense, least, instead }).is_some() {
                return Err(table.error(row.line, format!("{event_type} stands twice")));
            }
        }
        Ok(())
    }

    fn read_decisions(&mut self, table: &Table) -> Result<(), TableError> {
        for row in table.rows(&["types", "condition", "result", "about"])? {
            let condition = row.cell(1);
            if !DECISION_CONDITIONS.contains(&condition) {
                return Err(table.error(
                    row.line,
                    format!(
                        "unknown condition `{condition}`; conditions are {}",
                        DECISION_CONDITIONS.join(", ")
                    ),
                ));
            }
            let result = parse_type(table, row.line, row.cell(2))?;
            for word in row.cell(0).split('|') {
                let base = parse_type(table, row.line, word)?;
                if self.decisions.insert((base, condition.into()), result).is_some() {
                    return Err(table.error(row.line, format!("{base} under `{condition}` is decided twice")));
                }
            }
        }
        Ok(())
    }

    fn read_senses(
        &mut self,
        table: &Table,
        event_type: EventType,
        seen: &mut FxHashMap<String, String>,
    ) -> Result<(), TableError> {
        let header = ["lemma", "pos", "mode", "cameo", "actor", "recipient", "require", "exclude", "example"];
        for row in table.rows(&header)? {
            let err = |problem: String| table.error(row.line, problem);
            let pos = Pos::parse(row.cell(1))
                .ok_or_else(|| err(format!("unknown part of speech `{}`; v, n or a", row.cell(1))))?;
            let mode = row.cell(2);
            if !mode.is_empty() && !self.modes.contains_key(&(event_type, mode.into())) {
                let known = self.modes.keys().filter(|(t, _)| *t == event_type).map(|(_, m)| m.as_str());
                let hint = closest(mode, known).map(|m| format!("; perhaps `{m}`")).unwrap_or_default();
                return Err(err(format!("{event_type} has no mode `{mode}` in modes.tsv{hint}")));
            }
            let cameo = row.cell(3);
            if !self.cameo.contains_key(cameo) {
                return Err(err(format!(
                    "the CAMEO code `{cameo}` is not in cameo.tsv (codes keep their leading zero)"
                )));
            }
            let (actor, actor_optional) = parse_slots(row.cell(4)).map_err(err)?;
            let reciprocal = row.cell(5) == "=";
            let (recipient, recipient_optional) =
                if reciprocal { (Vec::new(), true) } else { parse_slots(row.cell(5)).map_err(err)? };
            let require = parse_conditions(row.cell(6)).map_err(err)?;
            let exclude = parse_conditions(row.cell(7)).map_err(err)?;
            let rule = format!("{}:{}", table.name(), row.line);
            let sense = self.senses.len() as u32;
            for lemma in row.cell(0).split('|') {
                let mut words = lemma.split([' ', '-']).filter(|w| !w.is_empty()).map(SmolStr::from);
                let Some(first) = words.next() else {
                    return Err(err("an empty lemma between two `|`".into()));
                };
                let tail: Vec<SmolStr> = words.collect();
                let key =
                    format!("{lemma}\t{}\t{}\t{}\t{}", row.cell(1), row.cell(6), row.cell(7), row.cell(2));
                let here = format!("{event_type} {rule}");
                if let Some(there) = seen.get(&key).filter(|t| t.starts_with(event_type.as_str())) {
                    return Err(err(format!(
                        "`{lemma}` with the same conditions already stands in {there}; join the rows"
                    )));
                }
                seen.insert(key, here);
                self.by_lemma.entry((pos, first)).or_default().push(Entry { tail, sense });
            }
            self.senses.push(Sense {
                event_type,
                mode: (!mode.is_empty()).then(|| mode.into()),
                cameo: cameo.into(),
                actor,
                actor_optional,
                recipient,
                recipient_optional,
                reciprocal,
                require,
                exclude,
                rule: rule.into(),
                example: row.cell(8).to_owned(),
            });
        }
        Ok(())
    }
}

/// Conditions that `decisions.tsv` may name.
pub(crate) const DECISION_CONDITIONS: &[&str] =
    &["future-self", "future", "promised", "threatened", "refused", "demanded"];

fn parse_type(table: &Table, line: u32, word: &str) -> Result<EventType, TableError> {
    word.parse().map_err(|()| {
        let hint = closest(word, EventType::ALL.iter().map(|t| t.as_str()));
        let hint = hint.map(|h| format!("; perhaps `{h}`")).unwrap_or_default();
        table.error(line, format!("unknown event type `{word}`{hint}"))
    })
}

fn parse_number(table: &Table, line: u32, word: &str) -> Result<f32, TableError> {
    word.parse().map_err(|_| table.error(line, format!("`{word}` is not a number")))
}

fn parse_slots(text: &str) -> Result<(Vec<Slot>, bool), String> {
    let (list, optional) = match text.strip_suffix('?') {
        Some(list) => (list, true),
        None => (text, text.is_empty()),
    };
    let mut slots = Vec::new();
    for name in list.split('|').filter(|n| !n.is_empty()) {
        slots.push(Slot::parse(name).ok_or_else(|| {
            format!("unknown slot `{name}`; slots are subj, obj, iobj, comp, xsubj, gov, govobj, poss, amod, obj/..., or a preposition")
        })?);
    }
    Ok((slots, optional))
}

fn parse_conditions(text: &str) -> Result<Vec<Condition>, String> {
    text.split(';').map(str::trim).filter(|c| !c.is_empty()).map(Condition::parse).collect()
}

fn read_keyed<T: Copy>(table: &Table, column: &str, values: &[(&str, T)]) -> Result<Keyed<T>, TableError> {
    let mut map: Keyed<T> = FxHashMap::default();
    for row in table.rows(&["lemma", "pos", column])? {
        let pos = Pos::parse(row.cell(1)).ok_or_else(|| {
            table.error(row.line, format!("unknown part of speech `{}`; v, n or a", row.cell(1)))
        })?;
        let Some((_, value)) = values.iter().find(|(n, _)| *n == row.cell(2)) else {
            let known: Vec<&str> = values.iter().map(|(n, _)| *n).collect();
            return Err(table.error(
                row.line,
                format!("unknown {column} `{}`; one of {}", row.cell(2), known.join(", ")),
            ));
        };
        for lemma in row.cell(0).split('|') {
            let (first, second) = match lemma.split_once(' ') {
                Some((a, b)) => (a, Some(SmolStr::from(b))),
                None => (lemma, None),
            };
            if first.is_empty() {
                return Err(table.error(row.line, "an empty lemma between two `|`"));
            }
            let entries = map.entry(first.into()).or_default();
            if entries.iter().any(|(p, s, _)| *p == pos && *s == second) {
                return Err(table.error(row.line, format!("`{lemma}` stands twice")));
            }
            entries.push((pos, second, *value));
        }
    }
    Ok(map)
}

fn read_groups(table: &Table, column: &str) -> Result<FxHashMap<SmolStr, Vec<SmolStr>>, TableError> {
    let mut map: FxHashMap<SmolStr, Vec<SmolStr>> = FxHashMap::default();
    for row in table.rows(&[column, "words"])? {
        for word in row.cell(1).split('|').filter(|w| !w.is_empty()) {
            map.entry(word.into()).or_default().push(row.cell(0).into());
        }
    }
    Ok(map)
}
