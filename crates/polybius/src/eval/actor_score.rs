//! Whether every name of a gold actor was found and linked to that actor, and with what code and sector.

use super::gold::texts;
use polybius_store::StoreTables;
use polybius_store::rows::{ActorRow, MentionRow};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Counts of one set.
#[derive(Debug, Default)]
pub struct ActorScore {
    forms: usize,
    found: usize,
    linked: usize,
    actors: usize,
    codes_right: usize,
    sectors_right: usize,
    false_joins: usize,
    /// One line each.
    pub misses: Vec<String>,
}

/// A printed name of a gold actor, in one document.
struct Form<'a> {
    key: &'a str,
    doc_id: &'a str,
    start: usize,
    end: usize,
    text: &'a str,
}

impl ActorScore {
    /// `actor_linked`: share of the printed names that carry the actor that most names of the same gold actor carry.
    /// `actor_code`, `actor_sector`: share of the gold actors found whose code and first sector are right.
    /// `actor_false_joins`: pairs of `not_same_actor` that share an actor.
    pub fn figures(&self) -> Value {
        let share = |a: usize, b: usize| (a as f64 / b.max(1) as f64 * 1000.0).round() / 1000.0;
        json!({
            "n_actor_names": self.forms,
            "actor_found": share(self.found, self.forms),
            "actor_linked": share(self.linked, self.forms),
            "n_actors": self.actors,
            "actor_code": share(self.codes_right, self.actors),
            "actor_sector": share(self.sectors_right, self.actors),
            "actor_false_joins": self.false_joins,
        })
    }
}

/// Scores the tables of one set against the `forms` of its gold actors.
///
/// Names count where they stand in title, teaser, subheads or body, the longest form first. Which actor a gold actor is, its
/// own names decide by majority; of two gold actors with one majority, the one with fewer names is linked nowhere.
pub fn score(gold: &Value, tables: &StoreTables) -> ActorScore {
    let mut score = ActorScore::default();
    let forms = printed_forms(gold, tables);
    let found: Vec<Found> = forms.iter().map(|f| Found::of(f, tables)).collect();
    let mut votes: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for (form, found) in forms.iter().zip(&found) {
        let votes = votes.entry(form.key).or_default();
        if !found.actors.is_empty() {
            *votes.entry(&found.actors).or_default() += 1;
        }
    }
    let winner = winners(&votes);
    let row_of: BTreeMap<&str, &ActorRow> = tables.actors.iter().map(|a| (a.actor_id.as_str(), a)).collect();
    for (form, found) in forms.iter().zip(&found) {
        score.form(form, found, winner.get(form.key).copied(), &row_of);
    }
    for (key, actor) in &winner {
        if let Some(row) = row_of.get(actor) {
            score.codes(key, &gold["actors"][key], row);
        }
    }
    score.joins(gold, &forms, &found);
    score
}

impl ActorScore {
    fn form(&mut self, form: &Form, found: &Found, winner: Option<&str>, row_of: &BTreeMap<&str, &ActorRow>) {
        self.forms += 1;
        // "in Pyongyang" names the state as a place.
        let state =
            winner.and_then(|w| row_of.get(w)).filter(|r| r.kind == "country").map(|r| r.code.as_str());
        let placed = state.is_some() && state == found.country;
        self.found += usize::from(!found.actors.is_empty() || placed);
        if placed || !found.actors.is_empty() && Some(found.actors.as_str()) == winner {
            self.linked += 1;
            return;
        }
        let name = |ids: &str| {
            let one =
                |id: &str| row_of.get(id).map_or(id.to_string(), |r| format!("{} [{}]", r.name, r.code));
            ids.split('+').map(one).collect::<Vec<_>>().join(" and ")
        };
        let what = match found.mention {
            None => "no mention".to_string(),
            Some(m) if found.actors.is_empty() => format!("`{}` is linked to nobody ({})", m.text, m.basis),
            Some(m) => format!(
                "`{}` is {} ({}), most are {}",
                m.text,
                name(&found.actors),
                m.basis,
                winner.map_or("?".to_string(), name)
            ),
        };
        self.misses.push(format!("{} ACTOR {} `{}`: {what}", form.doc_id, form.key, form.text));
    }

    fn codes(&mut self, key: &str, gold: &Value, row: &ActorRow) {
        self.actors += 1;
        let (code, sector) = (texts(&gold["code"]), texts(&gold["sector"]));
        let code_right = code.contains(&row.code);
        let sector_right = sector.contains(&row.sector);
        self.codes_right += usize::from(code_right);
        self.sectors_right += usize::from(sector_right);
        if !code_right || !sector_right {
            let (code, sector) = (code.join("/"), sector.join("/"));
            self.misses.push(format!("CODE {key}: {code} {sector}, found {} {}", row.code, row.sector));
        }
    }

    fn joins(&mut self, gold: &Value, forms: &[Form], found: &[Found]) {
        let actors_of = |key: &str| -> BTreeSet<&str> {
            let of_key = forms.iter().zip(found).filter(|(f, _)| f.key == key);
            of_key.map(|(_, found)| found.actors.as_str()).filter(|a| !a.is_empty()).collect()
        };
        for pair in gold["not_same_actor"].as_array().into_iter().flatten() {
            if let [a, b] = &texts(pair)[..]
                && !actors_of(a).is_disjoint(&actors_of(b))
            {
                self.false_joins += 1;
                self.misses.push(format!("JOINED {a} and {b}"));
            }
        }
    }
}

/// For each gold actor the actor that most of its names carry; an actor that two gold actors claim goes to the one with more.
fn winners<'a>(votes: &BTreeMap<&'a str, BTreeMap<&'a str, usize>>) -> BTreeMap<&'a str, &'a str> {
    let mut claims: Vec<(usize, &str, &str)> = Vec::new();
    for (key, actors) in votes {
        let best = actors.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
        claims.extend(best.map(|(actor, n)| (*n, *key, *actor)));
    }
    claims.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    let mut taken = BTreeSet::new();
    claims
        .into_iter()
        .filter(|(_, _, actor)| taken.insert(*actor))
        .map(|(_, key, actor)| (key, actor))
        .collect()
}

/// All printed names of the gold actors in what is read as text of the article, not overlapping, in order.
fn printed_forms<'a>(gold: &'a Value, tables: &'a StoreTables) -> Vec<Form<'a>> {
    let mut wanted: Vec<(&str, &str)> = Vec::new();
    for (key, actor) in gold["actors"].as_object().into_iter().flatten() {
        let forms = actor["forms"].as_array().into_iter().flatten().filter_map(Value::as_str);
        wanted.extend(forms.map(|f| (f, key.as_str())));
    }
    wanted.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.cmp(b)));
    let mut forms = Vec::new();
    for doc in &tables.documents {
        let mut taken: Vec<(usize, usize)> = Vec::new();
        for (form, key) in &wanted {
            for (start, _) in doc.text.match_indices(form) {
                let end = start + form.len();
                let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                let inside =
                    letter(doc.text[..start].chars().next_back()) || letter(doc.text[end..].chars().next());
                let overlaps = taken.iter().any(|&(s, e)| start < e && s < end);
                let read = tables.segments.iter().any(|s| {
                    s.doc_id == doc.doc_id
                        && s.start as usize <= start
                        && end <= s.end as usize
                        && matches!(s.kind.as_str(), "title" | "teaser" | "subhead" | "body")
                });
                if !inside && !overlaps && read {
                    taken.push((start, end));
                    forms.push(Form { key, doc_id: &doc.doc_id, start, end, text: &doc.text[start..end] });
                }
            }
        }
    }
    forms.sort_by_key(|f| (f.doc_id, f.start));
    forms
}

/// What stands where a form is printed.
struct Found<'a> {
    mention: Option<&'a MentionRow>,
    /// Ids of the actors of the mention, sorted, joined by `+`: "the two leaders" are two.
    actors: String,
    /// The state of a place there.
    country: Option<&'a str>,
}

impl<'a> Found<'a> {
    /// The mention that covers most of a form: with an actor before without, a name before a description, the shortest.
    fn of(form: &Form, tables: &'a StoreTables) -> Found<'a> {
        let common = |start: u32, end: u32| {
            (end as usize).min(form.end).saturating_sub((start as usize).max(form.start))
        };
        let here =
            |m: &&MentionRow| m.doc_id == form.doc_id && m.kind != "pronoun" && common(m.start, m.end) > 0;
        let mention = tables.mentions.iter().filter(here).max_by_key(|m| {
            let named = m.kind == "named";
            (
                m.actor_id.is_some(),
                common(m.start, m.end),
                named,
                std::cmp::Reverse(m.end - m.start),
                &m.mention_id,
            )
        });
        let same =
            |m: &&MentionRow| mention.is_some_and(|x| (m.start, m.end, &m.kind) == (x.start, x.end, &x.kind));
        let rows = tables.mentions.iter().filter(|m| m.doc_id == form.doc_id).filter(same);
        let actors: BTreeSet<&str> = rows.filter_map(|m| m.actor_id.as_deref()).collect();
        let place = tables.places.iter().find(|p| p.doc_id == form.doc_id && common(p.start, p.end) > 0);
        Found {
            mention,
            actors: actors.into_iter().collect::<Vec<_>>().join("+"),
            country: place.map(|p| p.country.as_str()).filter(|c| !c.is_empty()),
        }
    }
}
