//! Scores of one story set: events, parties, dates, polarity and modality, quotes, stories.

use super::claim_score::{self, ChainOf, ClaimScore};
use super::gold::{list, normal, overlap, texts};
use polybius_store::StoreTables;
use polybius_store::rows::{EventFlatRow, QuoteFlatRow};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap, HashSet};

/// How much of an anchor a row must hold to speak of it.
const SAME_WORDS: f64 = 0.8;

/// Counts of one set.
#[derive(Debug, Default)]
pub struct Score {
    events: usize,
    event_hits: usize,
    core: usize,
    core_hits: usize,
    date_hits: usize,
    status_hits: usize,
    dyads: usize,
    dyads_right: usize,
    dyads_elsewhere: usize,
    forbidden: usize,
    leaks: usize,
    quotes: usize,
    quote_hits: usize,
    speaker_hits: usize,
    pairs_right: usize,
    pairs_false: usize,
    pairs_missed: usize,
    published: usize,
    published_right: usize,
    flags_right: usize,
    flags_false: usize,
    flags_missed: usize,
    /// Chain of each gold event that was found.
    chain_of: ChainOf,
    claims: ClaimScore,
    /// One line each.
    pub misses: Vec<String>,
}

impl Score {
    /// Shares of 0 to 1 beside their counts.
    pub fn figures(&self) -> Value {
        let share =
            |a: usize, b: usize| if b == 0 { 0.0 } else { (a as f64 / b as f64 * 1000.0).round() / 1000.0 };
        let pairs = 2 * self.pairs_right + self.pairs_false + self.pairs_missed;
        let story_f1 = if pairs == 0 { 1.0 } else { share(2 * self.pairs_right, pairs) };
        let mut all = json!({
            "n_events": self.events,
            "event_recall": share(self.event_hits, self.events),
            "n_core": self.core,
            "core_recall": share(self.core_hits, self.core),
            "date_ok": share(self.date_hits, self.event_hits),
            "polarity_modality_ok": share(self.status_hits, self.event_hits),
            "dyads": self.dyads,
            "dyad_precision": share(self.dyads_right, self.dyads),
            "dyads_in_unlabelled_sentences": self.dyads_elsewhere,
            "n_quotes": self.quotes,
            "quote_recall": share(self.quote_hits, self.quotes),
            "quote_speaker": share(self.speaker_hits, self.quotes),
            "story_f1": story_f1,
            "published_right": share(self.published_right, self.published),
            "flag_precision": share(self.flags_right, self.flags_right + self.flags_false),
            "flag_recall": share(self.flags_right, self.flags_right + self.flags_missed),
            "forbidden": self.forbidden,
            "leaks": self.leaks,
        });
        if let (Some(all), Value::Object(claims)) = (all.as_object_mut(), self.claims.figures()) {
            all.extend(claims);
        }
        all
    }
}

/// Scores the tables of one set against its gold.
pub fn score(gold: &Value, tables: &StoreTables) -> Score {
    let mut score = Score::default();
    let empty = serde_json::Map::new();
    for (file, page) in gold["documents"].as_object().unwrap_or(&empty) {
        let events: Vec<&EventFlatRow> =
            tables.events_flat.iter().filter(|e| same_file(&e.path, file)).collect();
        let quotes: Vec<&QuoteFlatRow> =
            tables.quotes_flat.iter().filter(|q| same_file(&q.path, file)).collect();
        score.events_of(file, page, &events);
        score.forbidden_of(file, page, &events);
        score.leaks_of(file, page, &events, &quotes);
        score.quotes_of(file, page, &gold["actors"], &quotes);
        score.document(file, page, tables);
    }
    score.stories(gold, tables);
    score.claims = claim_score::score(gold, tables, &score.chain_of);
    score.misses.append(&mut score.claims.misses);
    score
}

fn same_file(path: &str, file: &str) -> bool {
    path.rsplit('/').next() == Some(file)
}

fn split(codes: &str) -> Vec<&str> {
    codes.split(';').filter(|c| !c.is_empty()).collect()
}

/// Whether the codes fit what gold allows; an absent entry allows all.
fn codes_fit(codes: &[&str], allowed: &Value) -> bool {
    if allowed.is_null() {
        return true;
    }
    let allowed = list(allowed);
    let any = |code: Option<&str>| allowed.iter().any(|a| a.as_deref() == code);
    any(Some("*")) || if codes.is_empty() { any(None) } else { codes.iter().any(|c| any(Some(c))) }
}

fn parties_fit(gold: &Value, row: &EventFlatRow) -> bool {
    let actors = split(&row.actor_codes);
    let recipients = split(&row.recipient_codes);
    if codes_fit(&actors, &gold["actor"]) && codes_fit(&recipients, &gold["recipient"]) {
        return true;
    }
    // Meetings and agreements are reciprocal.
    if !matches!(row.event_type.as_str(), "CONSULT" | "AGREE" | "COOPERATE") {
        return false;
    }
    let both: HashSet<&str> = actors.into_iter().chain(recipients).collect();
    let need: Vec<String> = texts(&gold["actor"]).into_iter().filter(|c| c != "*").collect();
    need.is_empty() || (need.iter().all(|c| both.contains(c.as_str())) && both.len() >= 2)
}

fn date_fits(gold: &Value, row: &EventFlatRow) -> bool {
    let start = row.date_start.as_deref().unwrap_or("");
    texts(&gold["dates"]).iter().any(|d| if d.is_empty() { start.is_empty() } else { start.starts_with(d) })
}

impl Score {
    fn events_of(&mut self, file: &str, page: &Value, rows: &[&EventFlatRow]) {
        let mut used = HashSet::new();
        let golds = page["events"].as_array().cloned().unwrap_or_default();
        for gold in &golds {
            let core = gold["core"].as_bool().unwrap_or(false);
            self.events += 1;
            self.core += usize::from(core);
            let anchor = gold["anchor"].as_str().unwrap_or("");
            let types = texts(&gold["types"]);
            let best = rows
                .iter()
                .enumerate()
                .filter(|(_, row)| overlap(anchor, &row.evidence) >= SAME_WORDS)
                .map(|(i, row)| {
                    let right_type = types.contains(&row.event_type);
                    let right_parties = parties_fit(gold, row);
                    let date = date_fits(gold, row);
                    let fits = |field: &str, is: &str| {
                        gold[field].is_null() || texts(&gold[field]).iter().any(|p| p == is)
                    };
                    let status = fits("polarity", &row.polarity) && fits("modality", &row.modality);
                    let rank = (
                        u8::from(right_type) + u8::from(right_parties),
                        right_type,
                        right_parties,
                        u8::from(date) + 2 * u8::from(status),
                    );
                    (rank, std::cmp::Reverse(i), date, status)
                })
                .max();
            match best {
                Some((rank, i, date, status)) if rank.0 == 2 => {
                    self.event_hits += 1;
                    self.core_hits += usize::from(core);
                    self.date_hits += usize::from(date);
                    self.status_hits += usize::from(status);
                    used.insert(i.0);
                    let row = rows[i.0];
                    let about = || format!("{file} {}", gold["id"].as_str().unwrap_or(""));
                    if !date {
                        self.misses.push(format!(
                            "{} DATE {} to {}, gold {}: [{}] {}",
                            about(),
                            row.date_start.as_deref().unwrap_or("none"),
                            row.date_end.as_deref().unwrap_or("none"),
                            texts(&gold["dates"]).join("|"),
                            row.trigger,
                            row.evidence
                        ));
                    }
                    if !status {
                        self.misses.push(format!(
                            "{} STATUS {} {}, gold {} {}: [{}] {}",
                            about(),
                            row.polarity,
                            row.modality,
                            texts(&gold["polarity"]).join("|"),
                            texts(&gold["modality"]).join("|"),
                            row.trigger,
                            row.evidence
                        ));
                    }
                    if let Some(id) = gold["id"].as_str() {
                        let row = (rows[i.0].event_id.clone(), rows[i.0].chain_id.clone());
                        self.chain_of.insert(id.to_string(), row);
                    }
                }
                other => self.misses.push(format!(
                    "{file} {} {} {} > {}: {}",
                    gold["id"].as_str().unwrap_or(""),
                    types.join("|"),
                    texts(&gold["actor"]).join("|"),
                    texts(&gold["recipient"]).join("|"),
                    if other.is_some() { "coded otherwise" } else { "no event in the sentence" },
                )),
            }
        }
        for (i, row) in rows.iter().enumerate() {
            if split(&row.actor_codes).is_empty() || split(&row.recipient_codes).is_empty() {
                continue;
            }
            self.dyads += 1;
            self.dyads_right += usize::from(used.contains(&i));
            let labelled = golds
                .iter()
                .any(|g| overlap(g["anchor"].as_str().unwrap_or(""), &row.evidence) >= SAME_WORDS);
            self.dyads_elsewhere += usize::from(!labelled);
        }
    }

    fn forbidden_of(&mut self, file: &str, page: &Value, rows: &[&EventFlatRow]) {
        for rule in page["forbidden"].as_array().into_iter().flatten() {
            let named = ["actor", "recipient", "pair", "anchor", "dates"].iter().any(|f| !rule[*f].is_null());
            let found = rows.iter().find(|row| {
                let actors = split(&row.actor_codes);
                let recipients = split(&row.recipient_codes);
                let meets = |field: &str, codes: &[&str]| {
                    rule[field].is_null() || texts(&rule[field]).iter().any(|c| codes.contains(&c.as_str()))
                };
                let both: Vec<&str> = actors.iter().chain(&recipients).copied().collect();
                let own_gold = page["events"].as_array().into_iter().flatten().any(|g| {
                    overlap(g["anchor"].as_str().unwrap_or(""), &row.evidence) >= SAME_WORDS
                        && texts(&g["types"]).contains(&row.event_type)
                        && codes_fit(&actors, &g["actor"])
                        && codes_fit(&recipients, &g["recipient"])
                });
                let asserted =
                    row.polarity == "affirmed" && matches!(row.modality.as_str(), "actual" | "historical");
                named
                    && !own_gold
                    && (rule["types"].is_null() || texts(&rule["types"]).contains(&row.event_type))
                    && meets("actor", &actors)
                    && meets("recipient", &recipients)
                    && texts(&rule["pair"]).iter().all(|c| both.contains(&c.as_str()))
                    && (asserted || rule["asserted_only"].as_bool() != Some(true))
                    && rule["anchor"].as_str().is_none_or(|a| overlap(a, &row.evidence) >= SAME_WORDS)
                    && (rule["dates"].is_null()
                        || texts(&rule["dates"]).iter().any(|d| {
                            !d.is_empty() && row.date_start.as_deref().unwrap_or("").starts_with(d.as_str())
                        }))
            });
            if let Some(row) = found {
                self.forbidden += 1;
                self.misses.push(format!(
                    "{file} FORBIDDEN {}: {} {}",
                    rule["why"].as_str().unwrap_or(""),
                    row.event_type,
                    row.evidence
                ));
            }
        }
    }

    fn leaks_of(&mut self, file: &str, page: &Value, events: &[&EventFlatRow], quotes: &[&QuoteFlatRow]) {
        for furniture in texts(&page["drop"]) {
            let words = normal(&furniture);
            let leaks = events.iter().any(|e| normal(&e.evidence).contains(&words))
                || quotes.iter().any(|q| normal(&q.text).contains(&words));
            if leaks {
                self.leaks += 1;
                self.misses.push(format!("{file} LEAK {furniture}"));
            }
        }
    }

    fn quotes_of(&mut self, file: &str, page: &Value, actors: &Value, rows: &[&QuoteFlatRow]) {
        for gold in page["quotes"].as_array().into_iter().flatten() {
            self.quotes += 1;
            let anchor = gold["anchor"].as_str().unwrap_or("");
            let speaker = gold["speaker"].as_str().unwrap_or("");
            let mut forms = texts(&actors[speaker]["forms"]);
            forms.push(speaker.replace('_', " "));
            forms.push(actors[speaker]["name"].as_str().unwrap_or(speaker).to_string());
            let last_words: Vec<String> = forms
                .iter()
                .filter_map(|f| normal(f).split_whitespace().last().map(str::to_string))
                .collect();
            let hits: Vec<String> = rows
                .iter()
                .filter(|q| overlap(anchor, &q.text) >= SAME_WORDS)
                .map(|q| normal(&format!("{} | {}", q.speaker_name, q.speaker_text)))
                .collect();
            self.quote_hits += usize::from(!hits.is_empty());
            let right = hits.iter().any(|said| last_words.iter().any(|w| said.contains(w.as_str())));
            self.speaker_hits += usize::from(right);
            if hits.is_empty() {
                self.misses.push(format!("{file} QUOTE {anchor}"));
            } else if !right {
                self.misses.push(format!("{file} SPEAKER {speaker}: found {}: {anchor}", hits[0]));
            }
        }
    }

    fn document(&mut self, file: &str, page: &Value, tables: &StoreTables) {
        let Some(row) = tables.documents.iter().find(|d| same_file(&d.path, file)) else {
            self.misses.push(format!("{file} NOT READ"));
            return;
        };
        if !page["published"].is_null() {
            self.published += 1;
            let is = row.published_at.as_deref().unwrap_or("");
            let right = texts(&page["published"])
                .iter()
                .any(|d| d == is || (!d.is_empty() && is.starts_with(d.as_str())));
            self.published_right += usize::from(right);
            if !right {
                self.misses.push(format!("{file} PUBLISHED {is:?}, gold {:?}", texts(&page["published"])));
            }
        }
        let gold: HashSet<String> = texts(&page["flags"]).into_iter().collect();
        let found: HashSet<String> = row.flags.iter().cloned().collect();
        self.flags_right += gold.intersection(&found).count();
        for flag in found.difference(&gold) {
            self.flags_false += 1;
            self.misses.push(format!("{file} FLAG {flag} is not in gold"));
        }
        for flag in gold.difference(&found) {
            self.flags_missed += 1;
            self.misses.push(format!("{file} FLAG {flag} missed"));
        }
    }

    /// Pairs of documents in one story.
    fn stories(&mut self, gold: &Value, tables: &StoreTables) {
        let mut gold_story: BTreeMap<String, usize> = BTreeMap::new();
        for (n, group) in gold["stories"]["same"].as_array().into_iter().flatten().enumerate() {
            for file in texts(group) {
                gold_story.insert(file, n);
            }
        }
        let file_of = |path: &str| path.rsplit('/').next().unwrap_or(path).to_string();
        let story: HashMap<String, &str> =
            tables.documents.iter().map(|d| (file_of(&d.path), d.story_id.as_str())).collect();
        let files: Vec<(&String, &usize)> = gold_story.iter().collect();
        for (i, (a, gold_a)) in files.iter().enumerate() {
            for (b, gold_b) in &files[i + 1..] {
                let together = matches!((story.get(*a), story.get(*b)), (Some(x), Some(y)) if x == y);
                match (together, gold_a == gold_b) {
                    (true, true) => self.pairs_right += 1,
                    (true, false) => {
                        self.pairs_false += 1;
                        self.misses.push(format!("STORY joins {a} and {b}"));
                    }
                    (false, true) => {
                        self.pairs_missed += 1;
                        self.misses.push(format!("STORY parts {a} and {b}"));
                    }
                    (false, false) => {}
                }
            }
        }
    }
}
