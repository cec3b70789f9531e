//! The acceptance checks: what an excellent system shows for a fixed set of pages, as data in `evals/acceptance.json`.
//!
//! Documents are called by the beginning of their file name. Spans are bytes of the raw file, which for plain text are
//! bytes of the document's text.

use super::gold::texts;
use super::{Coded, compare_docs};
use crate::failure::Failure;
use crate::resources::Resources;
use polybius_store::StoreTables;
use polybius_store::rows::{ClaimCellRow, DocumentRow, EventRow};
use polybius_text::CodedDocument;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Whether one check holds.
pub struct Outcome {
    pub number: u64,
    pub what: String,
    pub failure: Option<String>,
}

/// Runs every check.
pub fn run(checks: &Value, coded: &Coded, resources: &Resources) -> Result<Vec<Outcome>, Failure> {
    let tables = coded.compare(resources);
    let view = View { coded, resources, tables: &tables };
    let list = checks.as_array().ok_or_else(|| Failure::new("the checks are not a list".to_string()))?;
    Ok(list
        .iter()
        .map(|check| Outcome {
            number: check["n"].as_u64().unwrap_or(0),
            what: check["what"].as_str().unwrap_or("").to_string(),
            failure: view.check(check).err(),
        })
        .collect())
}

struct View<'a> {
    coded: &'a Coded,
    resources: &'a Resources,
    tables: &'a StoreTables,
}

type Check = Result<(), String>;

/// A stretch of one document as the checks write it: `["001", 1899, 1971]`.
struct Stretch<'a> {
    doc: &'a str,
    start: u32,
    end: u32,
}

fn stretch(value: &Value) -> Stretch<'_> {
    Stretch {
        doc: value[0].as_str().unwrap_or(""),
        start: value[1].as_u64().unwrap_or(0) as u32,
        end: value[2].as_u64().unwrap_or(0) as u32,
    }
}

fn stretches(value: &Value) -> Vec<Stretch<'_>> {
    value.as_array().into_iter().flatten().map(stretch).collect()
}

fn require(holds: bool, why: impl FnOnce() -> String) -> Check {
    if holds { Ok(()) } else { Err(why()) }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

impl View<'_> {
    fn check(&self, check: &Value) -> Check {
        match check["check"].as_str().unwrap_or("") {
            "stories" => self.same_stories(self.tables, &check["same"]),
            "stories_stable" => self.stories_stable(&check["same"]),
            "stories_without_dates" => self.stories_without_dates(&check["same"]),
            "see_also" => self.see_also(check),
            "one_actor" => self.one_actor(check),
            "inferred_actor" => self.inferred_actor(check),
            "no_event_actor" => self.no_event_actor(check),
            "role" => self.role(check),
            "two_holders" => self.two_holders(check),
            "threat" => self.threat(check),
            "no_event" => self.no_event(check),
            "claim" => self.claim(check),
            "apart" => self.apart(check),
            "no_contradiction" => self.no_contradiction(check),
            "one_cell_a_document" => self.one_cell_a_document(check),
            "dated" => self.dated(check),
            "not_realised" => self.not_realised(check),
            "two_dates" => self.two_dates(check),
            "unpublished" => self.unpublished(check),
            "spans_reproduce" => self.spans_reproduce(),
            "parentheses" => self.parentheses(check),
            "furniture_silent" => self.furniture_silent(),
            "flags" => self.flags(check),
            "differences" => self.differences(check),
            "origins_counted" => self.origins_counted(),
            "identical" => self.identical(),
            other => Err(format!("there is no check `{other}`")),
        }
    }

    fn doc(&self, name: &str) -> Option<&DocumentRow> {
        self.tables.documents.iter().find(|d| file_name(&d.path).starts_with(name))
    }

    fn doc_id(&self, name: &str) -> Result<&str, String> {
        self.doc(name).map(|d| d.doc_id.as_str()).ok_or_else(|| format!("document {name} was not read"))
    }

    // Stories.

    fn same_stories(&self, tables: &StoreTables, same: &Value) -> Check {
        let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for d in &tables.documents {
            found.entry(&d.story_id).or_default().insert(&file_name(&d.path)[..3]);
        }
        let present: BTreeSet<&str> = found.values().flatten().copied().collect();
        let is: BTreeSet<BTreeSet<&str>> = found.into_values().collect();
        let expected: Vec<BTreeSet<String>> =
            same.as_array().into_iter().flatten().map(|g| texts(g).into_iter().collect()).collect();
        let should: BTreeSet<BTreeSet<&str>> = expected
            .iter()
            .map(|g| g.iter().map(String::as_str).filter(|d| present.contains(d)).collect::<BTreeSet<_>>())
            .filter(|g| !g.is_empty())
            .collect();
        require(is == should, || format!("stories are {is:?}"))
    }

    fn stories_stable(&self, same: &Value) -> Check {
        let docs = &self.coded.docs;
        let mut orders: Vec<Vec<CodedDocument>> = vec![docs.iter().rev().cloned().collect()];
        for out in 0..docs.len() {
            let rest: Vec<CodedDocument> =
                docs.iter().enumerate().filter(|(i, _)| *i != out).map(|(_, d)| d.clone()).collect();
            orders.push(rest);
        }
        for order in orders {
            let names: Vec<String> =
                order.iter().map(|d| file_name(&d.annotated.article.path)[..3].to_string()).collect();
            let tables = compare_docs(order, &[], self.resources);
            self.same_stories(&tables, same).map_err(|e| format!("of {names:?}: {e}"))?;
        }
        Ok(())
    }

    fn stories_without_dates(&self, same: &Value) -> Check {
        let mut docs = self.coded.docs.clone();
        for doc in &mut docs {
            doc.annotated.article.published = None;
            doc.annotated.article.yearless = None;
            polybius_events::event_date::date_events(&doc.annotated, &doc.times, &mut doc.events);
        }
        self.same_stories(&compare_docs(docs, &[], self.resources), same)
    }

    fn see_also(&self, check: &Value) -> Check {
        let names = texts(&check["between"]);
        let story = |name: &str| self.doc(name).map(|d| d.story_id.as_str()).unwrap_or("");
        let (a, b) = (story(&names[0]), story(&names[1]));
        let linked = self.tables.story_links.iter().any(|l| {
            (l.story_id == a && l.other_story_id == b) || (l.story_id == b && l.other_story_id == a)
        });
        require(a != b && linked, || "no link between the two stories".to_string())
    }

    // Actors.

    /// Actors of mentions of one document whose words hold the form.
    fn actors_of(&self, doc: &str, form: &str) -> BTreeSet<&str> {
        let Ok(doc_id) = self.doc_id(doc) else { return BTreeSet::new() };
        self.tables
            .mentions
            .iter()
            .filter(|m| m.doc_id == doc_id && m.text.contains(form) && m.kind == "named")
            .filter_map(|m| m.actor_id.as_deref())
            .filter(|id| self.tables.actors.iter().any(|a| a.actor_id == *id && a.kind == "person"))
            .collect()
    }

    fn one_actor(&self, check: &Value) -> Check {
        let mut all: BTreeSet<&str> = BTreeSet::new();
        for form in check["forms"].as_array().into_iter().flatten() {
            let (doc, form) = (form[0].as_str().unwrap_or(""), form[1].as_str().unwrap_or(""));
            let found = self.actors_of(doc, form);
            require(!found.is_empty(), || format!("`{form}` in {doc} has no person"))?;
            all.extend(found);
        }
        require(all.len() == 1, || format!("{} persons: {:?}", all.len(), self.names(&all)))?;
        for form in check["other"].as_array().into_iter().flatten() {
            let (doc, form) = (form[0].as_str().unwrap_or(""), form[1].as_str().unwrap_or(""));
            let found = self.actors_of(doc, form);
            require(!found.is_empty(), || format!("`{form}` in {doc} has no person"))?;
            require(found.is_disjoint(&all), || format!("`{form}` in {doc} is the same person"))?;
        }
        Ok(())
    }

    fn names(&self, ids: &BTreeSet<&str>) -> Vec<&str> {
        let of = |id: &&str| {
            self.tables.actors.iter().find(|a| a.actor_id == **id).map_or("", |a| a.name.as_str())
        };
        ids.iter().map(of).collect()
    }

    fn inferred_actor(&self, check: &Value) -> Check {
        let (doc, word) =
            (check["mention"][0].as_str().unwrap_or(""), check["mention"][1].as_str().unwrap_or(""));
        let (other, name) =
            (check["same_as"][0].as_str().unwrap_or(""), check["same_as"][1].as_str().unwrap_or(""));
        let target = self.actors_of(other, name);
        let doc_id = self.doc_id(doc)?;
        let linked = self.tables.mentions.iter().any(|m| {
            m.doc_id == doc_id
                && m.text.contains(word)
                && m.kind != "named"
                && m.actor_id.as_deref().is_some_and(|a| target.contains(a))
        });
        require(linked, || format!("no mention with `{word}` in {doc} is linked to {name}"))
    }

    fn no_event_actor(&self, check: &Value) -> Check {
        let names = texts(&check["names"]);
        let codes = texts(&check["codes"]);
        // Whole words: "admin" is a reporter's name, "administration" is none.
        let spaced = |text: &str| {
            let words: Vec<&str> =
                text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
            format!(" {} ", words.join(" "))
        };
        let names: Vec<String> = names.iter().map(|n| spaced(n)).collect();
        for e in &self.tables.events {
            for p in e.actors.iter().chain(&e.recipients) {
                let (name, text) = (spaced(&p.name), spaced(&p.text));
                let hit =
                    codes.contains(&p.code) || names.iter().any(|n| name.contains(n) || text.contains(n));
                require(!hit, || format!("{} {} ({}) in {}", e.event_type, p.name, p.code, e.rule))?;
            }
        }
        Ok(())
    }

    fn role(&self, check: &Value) -> Check {
        let (doc, form) =
            (check["mention"][0].as_str().unwrap_or(""), check["mention"][1].as_str().unwrap_or(""));
        let actors = self.actors_of(doc, form);
        let offices: BTreeSet<&str> = self
            .tables
            .roles
            .iter()
            .filter(|r| actors.contains(r.actor_id.as_str()))
            .map(|r| r.office.as_str())
            .collect();
        let wanted = check["office"].as_str().unwrap_or("");
        let never = check["not"].as_str().unwrap_or("");
        require(offices.iter().any(|o| o.contains(wanted)) && !offices.contains(never), || {
            format!("offices of {form}: {offices:?}")
        })
    }

    fn two_holders(&self, check: &Value) -> Check {
        let holder = |field: &str| {
            let (doc, form) =
                (check[field][0].as_str().unwrap_or(""), check[field][1].as_str().unwrap_or(""));
            self.actors_of(doc, form).into_iter().next()
        };
        let (Some(a), Some(b)) = (holder("a"), holder("b")) else {
            return Err("one of the two has no person".to_string());
        };
        require(a != b, || "both are one person".to_string())?;
        let wanted = [check["office"].as_str().unwrap_or(""), check["alt"].as_str().unwrap_or("")];
        let times = |id: &str| {
            self.tables
                .roles
                .iter()
                .filter(|r| r.actor_id == id && wanted.iter().any(|w| r.office.contains(w)))
                .map(|r| (r.start_date.clone(), r.end_date.clone()))
                .max()
        };
        let (Some(first), Some(second)) = (times(a), times(b)) else {
            return Err(format!("offices: {:?} and {:?}", times(a), times(b)));
        };
        let before =
            |x: &(String, String), y: &(String, String)| !x.1.is_empty() && !y.0.is_empty() && x.1 <= y.0;
        let unknown = first.0.is_empty() || second.0.is_empty();
        require(unknown || before(&first, &second) || before(&second, &first), || {
            format!("times overlap: {first:?} and {second:?}")
        })
    }

    // Events.

    /// Events of a document whose trigger, or else evidence, meets the stretch.
    fn events_at(&self, s: &Stretch<'_>) -> Vec<&EventRow> {
        let Ok(doc_id) = self.doc_id(s.doc) else { return Vec::new() };
        let mut found: Vec<&EventRow> = self
            .tables
            .events
            .iter()
            .filter(|e| e.doc_id == doc_id && e.evidence_start < s.end && s.start < e.evidence_end)
            .collect();
        found.sort_by_key(|e| !(e.trigger_start < s.end && s.start < e.trigger_end));
        found
    }

    fn threat(&self, check: &Value) -> Check {
        let wanted = check["type"].as_str().unwrap_or("");
        let mut chains = BTreeSet::new();
        let has = |parties: &[polybius_store::rows::PartyRow], field: &str| {
            parties.iter().any(|p| Some(p.code.as_str()) == check[field].as_str())
        };
        for s in stretches(&check["spans"]) {
            let found: Vec<&EventRow> = self
                .events_at(&s)
                .into_iter()
                .filter(|e| e.event_type == wanted && has(&e.actors, "actor"))
                .collect();
            let at = || format!("{}:{}-{}", s.doc, s.start, s.end);
            let event = found.first().ok_or_else(|| format!("no {wanted} at {}", at()))?;
            require(event.modality == check["modality"].as_str().unwrap_or(""), || {
                format!("{} at {}", event.modality, at())
            })?;
            chains.insert(event.chain_id.clone());
        }
        require(chains.len() == 1 && !chains.contains(""), || format!("{} chains", chains.len()))?;
        let with_recipient = self
            .tables
            .events
            .iter()
            .any(|e| chains.contains(&e.chain_id) && has(&e.recipients, "recipient"));
        require(with_recipient, || "no recipient".to_string())
    }

    fn no_event(&self, check: &Value) -> Check {
        let doc_id = match check["doc"].as_str() {
            Some(name) => Some(self.doc_id(name)?),
            None => None,
        };
        let date = check["date"].as_str().unwrap_or("");
        for e in &self.tables.events {
            let hit = doc_id.is_none_or(|d| d == e.doc_id)
                && check["type"].as_str().is_none_or(|t| t == e.event_type)
                && e.date_start.as_deref().is_some_and(|d| d.starts_with(date));
            require(!hit, || {
                format!("{} {:?} by {}: {:?}", e.event_type, e.date_start, e.rule, self.words(e))
            })?;
        }
        Ok(())
    }

    fn words(&self, e: &EventRow) -> &str {
        let doc = self.tables.documents.iter().find(|d| d.doc_id == e.doc_id);
        doc.and_then(|d| d.text.get(e.evidence_start as usize..e.evidence_end as usize)).unwrap_or("")
    }

    fn dated(&self, check: &Value) -> Check {
        for s in stretches(&check["events"]) {
            let found = self.events_at(&s);
            let right = found.iter().any(|e| {
                Some(e.event_type.as_str()) == check["type"].as_str()
                    && e.date_start.as_deref() == check["date"].as_str()
                    && e.date_precision == "day"
            });
            require(right, || {
                let is: Vec<String> =
                    found.iter().map(|e| format!("{} {:?}", e.event_type, e.date_start)).collect();
                format!("{}:{}-{} has {is:?}", s.doc, s.start, s.end)
            })?;
        }
        Ok(())
    }

    fn not_realised(&self, check: &Value) -> Check {
        let s = stretch(&check["span"]);
        let found: Vec<&EventRow> = self
            .events_at(&s)
            .into_iter()
            .filter(|e| Some(e.event_type.as_str()) == check["type"].as_str())
            .collect();
        require(!found.is_empty(), || "no such event".to_string())?;
        require(
            found.iter().all(|e| {
                e.polarity != "affirmed" || matches!(e.modality.as_str(), "future" | "hypothetical")
            }),
            || "it is affirmed as actual".to_string(),
        )?;
        require(found.iter().any(|e| e.date_start.as_deref() == check["date"].as_str()), || {
            format!("dated {:?}", found.iter().map(|e| e.date_start.clone()).collect::<Vec<_>>())
        })
    }

    fn two_dates(&self, check: &Value) -> Check {
        let s = stretch(&check["span"]);
        let doc_id = self.doc_id(s.doc)?;
        let found = texts(&check["dates"]);
        let carried = self.tables.times.iter().any(|t| {
            let all = format!("{} {}", t.value, t.alternatives.join(" "));
            t.doc_id == doc_id
                && t.start < s.end
                && s.start < t.end
                && found.iter().all(|d| all.contains(d.as_str()))
        });
        require(carried, || "no time expression there carries both".to_string())
    }

    fn unpublished(&self, check: &Value) -> Check {
        let doc = self.doc(check["doc"].as_str().unwrap_or("")).ok_or("not read")?;
        require(doc.published_at.is_none(), || {
            format!("published {:?} by {}", doc.published_at, doc.published_basis)
        })
    }

    // Claims.

    /// Cells of claims that are not silent and meet the stretch.
    fn cells_at(&self, s: &Stretch<'_>) -> Vec<&ClaimCellRow> {
        let Ok(doc_id) = self.doc_id(s.doc) else { return Vec::new() };
        let meets = |c: &ClaimCellRow| c.spans.iter().any(|x| x.start < s.end && s.start < x.end);
        self.tables
            .claim_cells
            .iter()
            .filter(|c| c.doc_id == doc_id && c.stance != "silent" && meets(c))
            .collect()
    }

    fn claims_at(&self, s: &Stretch<'_>) -> BTreeSet<&str> {
        self.cells_at(s).iter().map(|c| c.claim_id.as_str()).collect()
    }

    fn claim(&self, check: &Value) -> Check {
        let mut common: Option<BTreeSet<&str>> = None;
        for s in stretches(&check["cells"]) {
            let here = self.claims_at(&s);
            require(!here.is_empty(), || format!("no claim rests on {}:{}-{}", s.doc, s.start, s.end))?;
            common = Some(match common {
                None => here,
                Some(before) => before.intersection(&here).copied().collect(),
            });
        }
        let mut common = common.unwrap_or_default();
        require(!common.is_empty(), || "no one claim rests on all of them".to_string())?;
        for s in stretches(&check["not_with"]) {
            for id in self.claims_at(&s) {
                common.remove(id);
            }
        }
        require(!common.is_empty(), || "merged with the other one".to_string())?;
        let silent = texts(&check["silent"]);
        let silent_ids: Vec<&str> = silent.iter().filter_map(|d| self.doc_id(d).ok()).collect();
        common.retain(|id| {
            self.tables.claim_cells.iter().all(|c| {
                c.claim_id != *id || c.stance == "silent" || !silent_ids.contains(&c.doc_id.as_str())
            })
        });
        require(!common.is_empty(), || format!("one of {silent:?} is not silent"))?;
        if check["speaker"].is_array() {
            let s = stretch(&check["cells"][0]);
            return self.speaker_at(&s, check["speaker"][1].as_str().unwrap_or(""));
        }
        Ok(())
    }

    fn speaker_at(&self, s: &Stretch<'_>, name: &str) -> Check {
        let doc_id = self.doc_id(s.doc)?;
        let text = &self.doc(s.doc).ok_or("not read")?.text;
        let found: Vec<String> = self
            .tables
            .quotes
            .iter()
            .filter(|q| q.doc_id == doc_id && q.start < s.end && s.start < q.end)
            .map(|q| {
                let joined =
                    self.tables.actors.iter().find(|a| Some(&a.actor_id) == q.speaker_actor_id.as_ref());
                let words = match (q.speaker_start, q.speaker_end) {
                    (Some(a), Some(b)) => text.get(a as usize..b as usize).unwrap_or(""),
                    _ => "",
                };
                let aliases = joined.map(|a| a.aliases.join(" ")).unwrap_or_default();
                format!("{} {aliases} {words}", joined.map_or("", |a| a.name.as_str()))
            })
            .collect();
        require(found.iter().any(|f| f.contains(name)), || {
            format!("the speaker at {}:{}-{} is {found:?}, not {name}", s.doc, s.start, s.end)
        })
    }

    fn apart(&self, check: &Value) -> Check {
        let places = stretches(&check["spans"]);
        for (i, a) in places.iter().enumerate() {
            require(!self.claims_at(a).is_empty(), || {
                format!("no claim rests on {}:{}-{}", a.doc, a.start, a.end)
            })?;
            for b in &places[i + 1..] {
                let own = |s: &Stretch<'_>, t: &Stretch<'_>| {
                    self.claims_at(s).difference(&self.claims_at(t)).count()
                };
                require(own(a, b) > 0 && own(b, a) > 0, || {
                    format!("{}:{} and {}:{} share all claims", a.doc, a.start, b.doc, b.start)
                })?;
            }
        }
        Ok(())
    }

    fn no_contradiction(&self, check: &Value) -> Check {
        let places = stretches(&check["spans"]);
        for s in &places {
            for id in self.claims_at(s) {
                let claim = self.tables.claims.iter().find(|c| c.claim_id == id);
                let all = places.iter().all(|p| self.claims_at(p).contains(id));
                require(!(all && claim.is_some_and(|c| c.verdict == "contradicted")), || {
                    format!("{claim:?}")
                })?;
            }
        }
        Ok(())
    }

    fn one_cell_a_document(&self, check: &Value) -> Check {
        let doc_id = self.doc_id(check["doc"].as_str().unwrap_or(""))?;
        for claim in &self.tables.claims {
            let cells: Vec<&ClaimCellRow> =
                self.tables.claim_cells.iter().filter(|c| c.claim_id == claim.claim_id).collect();
            let of_doc = cells.iter().filter(|c| c.doc_id == doc_id).count();
            require(of_doc <= 1, || format!("{of_doc} cells in `{}`", claim.claim))?;
            let told = cells.iter().filter(|c| c.stance != "silent").count();
            require(claim.n_documents as usize == told, || {
                format!("`{}` counts {}", claim.claim, claim.n_documents)
            })?;
        }
        Ok(())
    }

    fn differences(&self, check: &Value) -> Check {
        let visit = self.doc("001").map(|d| d.story_id.clone()).unwrap_or_default();
        let conflicts: Vec<_> = self.tables.conflicts.iter().filter(|c| c.story_id == visit).collect();
        if let Some(hard) = conflicts.iter().find(|c| c.hard && c.field != "date") {
            return Err(format!("hard: {}", hard.reason));
        }
        for field in texts(&check["fields"]) {
            let found = conflicts.iter().any(|c| c.field.contains(&field));
            require(found, || format!("no difference of {field}"))?;
        }
        Ok(())
    }

    fn origins_counted(&self) -> Check {
        require(
            self.tables.stories.iter().all(|s| s.n_origins >= 1 && s.n_origins <= s.n_documents),
            || "a story has no count of origins".to_string(),
        )?;
        let fewer = self.tables.claims.iter().any(|c| c.n_documents > 1 && c.n_origins < c.n_documents);
        require(fewer, || "no claim has fewer origins than documents".to_string())
    }

    // Documents.

    fn spans_reproduce(&self) -> Check {
        let text_of: BTreeMap<&str, &str> =
            self.tables.documents.iter().map(|d| (d.doc_id.as_str(), d.text.as_str())).collect();
        for d in &self.tables.documents {
            let raw = std::fs::read(&d.path).map_err(|e| e.to_string())?;
            for s in self.tables.segments.iter().filter(|s| s.doc_id == d.doc_id) {
                let here = raw.get(s.raw_start as usize..s.raw_end as usize);
                let words = d.text.get(s.start as usize..s.end as usize);
                require(here == words.map(str::as_bytes), || {
                    format!("segment {}..{} of {}", s.start, s.end, d.path)
                })?;
            }
        }
        for m in &self.tables.mentions {
            let words = text_of[m.doc_id.as_str()].get(m.start as usize..m.end as usize);
            require(words == Some(m.text.as_str()), || format!("mention `{}`", m.text))?;
        }
        for e in &self.tables.events {
            let flat = self.tables.events_flat.iter().find(|f| f.event_id == e.event_id);
            let words = text_of[e.doc_id.as_str()].get(e.evidence_start as usize..e.evidence_end as usize);
            require(words.is_some() && words == flat.map(|f| f.evidence.as_str()), || {
                format!("event {}", e.event_id)
            })?;
        }
        Ok(())
    }

    fn parentheses(&self, check: &Value) -> Check {
        let doc = self.doc(check["doc"].as_str().unwrap_or("")).ok_or("not read")?;
        let quotes: Vec<&str> = self
            .tables
            .quotes
            .iter()
            .filter(|q| q.doc_id == doc.doc_id && doc.text[..q.start as usize].trim_end().ends_with('('))
            .filter_map(|q| doc.text.get(q.start as usize..q.end as usize))
            .collect();
        let least = check["least"].as_u64().unwrap_or(0) as usize;
        require(quotes.len() >= least, || format!("{} quotes in parentheses", quotes.len()))?;
        let never = check["never"].as_str().unwrap_or("");
        require(!quotes.contains(&never), || format!("({never}) is a quote"))?;
        for s in check["speakers"].as_array().into_iter().flatten() {
            self.speaker_at(&stretch(s), s[3].as_str().unwrap_or(""))?;
        }
        Ok(())
    }

    fn furniture_silent(&self) -> Check {
        const EVIDENCE: [&str; 4] = ["body", "title", "subhead", "teaser"];
        for cell in self.tables.claim_cells.iter().filter(|c| c.stance != "silent") {
            for span in &cell.spans {
                let furniture = self.tables.segments.iter().find(|s| {
                    s.doc_id == cell.doc_id
                        && !EVIDENCE.contains(&s.kind.as_str())
                        && s.start < span.end
                        && span.start < s.end
                        // Link spam inside a sentence is cut out of it; the sentence stays.
                        && s.kind != "spam"
                });
                require(furniture.is_none(), || format!("a claim rests on {furniture:?}"))?;
            }
        }
        Ok(())
    }

    fn flags(&self, check: &Value) -> Check {
        for (has, field) in [(true, "has"), (false, "not")] {
            for (name, flags) in check[field].as_object().into_iter().flatten() {
                let doc = self.doc(name).ok_or("not read")?;
                for flag in texts(flags) {
                    require(doc.flags.contains(&flag) == has, || format!("{name} has {:?}", doc.flags))?;
                }
            }
        }
        Ok(())
    }

    fn identical(&self) -> Check {
        let mut docs = self.coded.docs.clone();
        docs.reverse();
        let again = compare_docs(docs, &self.coded.rejects, self.resources);
        require(format!("{again:?}") == format!("{:?}", self.tables), || "the tables differ".to_string())
    }
}
