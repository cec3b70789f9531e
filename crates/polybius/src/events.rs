//! `polybius events`: who did what to whom, filtered.

use crate::args::EventsArgs;
use crate::days;
use crate::failure::Failure;
use crate::find::{find_story, short_length, stories_by_number};
use crate::table::{Column, Table};
use crate::term::{Style, Terminal, Text};
use polybius_store::rows::{ActorRow, DocumentRow, EventRow, PartyRow};
use polybius_store::{Store, fold_name};
use polybius_text::EventType;
use polybius_view::labels;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const MODALITIES: [&str; 4] = ["actual", "future", "hypothetical", "historical"];
const POLARITIES: [&str; 3] = ["affirmed", "negated", "denied"];

/// Lists the events that pass every filter, by document and place in it.
pub fn events(args: &EventsArgs) -> Result<(), Failure> {
    let store = args.store.open()?;
    let documents: Vec<DocumentRow> = store.read()?;
    let mut by_id: Vec<&DocumentRow> = documents.iter().collect();
    by_id.sort_by(|a, b| (&a.path, &a.doc_id).cmp(&(&b.path, &b.doc_id)));
    let names = labels(&by_id.iter().map(|d| d.path.as_str()).collect::<Vec<_>>());
    let place: BTreeMap<&str, usize> =
        by_id.iter().enumerate().map(|(i, d)| (d.doc_id.as_str(), i)).collect();
    let all: Vec<EventRow> = store.read()?;
    let filter = Filter::new(args, &store, &all)?;
    let short = short_length(all.iter().map(|e| e.event_id.as_str()));
    let total = all.len();
    let mut events: Vec<EventRow> = all
        .into_iter()
        .filter(|e| place.get(e.doc_id.as_str()).is_some_and(|&i| filter.passes(e, by_id[i])))
        .collect();
    events.sort_by_key(|e| (place[e.doc_id.as_str()], e.trigger_start, e.trigger_end, e.event_id.clone()));
    let found = events.len();
    events.truncate(args.limit.unwrap_or(usize::MAX));

    let terminal = Terminal::of_stdout();
    let document = |e: &EventRow| (by_id[place[e.doc_id.as_str()]], names[place[e.doc_id.as_str()]].as_str());
    let lines = if args.json {
        events.iter().map(|e| Text::raw(json_of(e, document(e).0).to_string())).collect()
    } else {
        let mut table = columns();
        for e in &events {
            let (doc, label) = document(e);
            table.row(row(e, doc, label, short));
        }
        let mut lines = if events.is_empty() { Vec::new() } else { table.lines(terminal.width) };
        lines.push(Text::new());
        let mut foot = if found == total {
            days::count(total, "event", "events")
        } else {
            format!("{found} of {}", days::count(total, "event", "events"))
        };
        if events.len() < found {
            foot.push_str(&format!(", {} shown", events.len()));
        }
        if let Some(e) = events.first() {
            let id = e.event_id.get(..short).unwrap_or(&e.event_id);
            foot.push_str(&format!(" · why: polybius explain {id} --store {}", args.store.store.display()));
        }
        lines.extend(Text::styled(Style::Faint, &foot).wrapped(terminal.width));
        lines
    };
    terminal.print(&lines).map_err(|e| Failure::caused("cannot write to standard output", &e))
}

/// What the user asked for, checked.
struct Filter<'a> {
    args: &'a EventsArgs,
    event_type: Option<String>,
    /// Folded.
    actor: Option<String>,
    /// The actor is a code that some party has: names do not count then.
    by_code: bool,
    story_id: Option<String>,
    /// Folded; `narrator` stands for nobody.
    attribution: Option<String>,
    /// Ids of the actors with the code that was asked for.
    coded: BTreeSet<String>,
}

impl<'a> Filter<'a> {
    fn new(args: &'a EventsArgs, store: &Store, events: &[EventRow]) -> Result<Filter<'a>, Failure> {
        let event_type = args.event_type.as_ref().map(|t| t.to_uppercase());
        if let Some(t) = &event_type
            && t.parse::<EventType>().is_err()
        {
            let known: Vec<&str> = EventType::ALL.iter().map(|t| t.as_str()).collect();
            return Err(Failure::new(format!("there is no event type `{t}`"))
                .hint(&format!("types: {}", known.join(", "))));
        }
        for (given, known, what) in [
            (&args.modality, MODALITIES.as_slice(), "modality"),
            (&args.polarity, POLARITIES.as_slice(), "polarity"),
        ] {
            if let Some(word) = given
                && !known.contains(&word.as_str())
            {
                return Err(Failure::new(format!("there is no {what} `{word}`"))
                    .hint(&format!("one of {}", known.join(", "))));
            }
        }
        let story_id = match &args.story {
            None => None,
            Some(key) => {
                let stories = stories_by_number(store)?;
                Some(stories[find_story(&stories, key, store)?].story_id.clone())
            }
        };
        let mut parties = events.iter().flat_map(|e| e.actors.iter().chain(&e.recipients));
        let by_code = args.actor.as_ref().is_some_and(|key| parties.any(|p| p.code == *key));
        let attribution = args.attribution.as_deref().map(fold_name);
        let coded = match &args.attribution {
            None => BTreeSet::new(),
            Some(code) => {
                let actors: Vec<ActorRow> = store.read()?;
                let with_code = actors.into_iter().filter(|a| a.code.eq_ignore_ascii_case(code));
                with_code.map(|a| a.actor_id).collect()
            }
        };
        let actor = args.actor.as_deref().map(fold_name);
        Ok(Filter { args, event_type, actor, by_code, story_id, attribution, coded })
    }

    fn passes(&self, e: &EventRow, doc: &DocumentRow) -> bool {
        let is = |given: &Option<String>, value: &str| given.as_ref().is_none_or(|g| g == value);
        let party = |p: &PartyRow| {
            self.actor.as_ref().is_none_or(|key| {
                p.code.eq_ignore_ascii_case(key)
                    || (!self.by_code
                        && (fold_name(&p.name).contains(key.as_str())
                            || fold_name(&p.text).contains(key.as_str())))
            })
        };
        is(&self.event_type, &e.event_type)
            && is(&self.args.modality, &e.modality)
            && is(&self.args.polarity, &e.polarity)
            && self.said_by(e)
            && is(&self.story_id, &doc.story_id)
            && self.args.document.as_ref().is_none_or(|part| doc.path.contains(part.as_str()))
            && (self.actor.is_none() || e.actors.iter().chain(&e.recipients).any(party))
    }
}

impl Filter<'_> {
    fn said_by(&self, e: &EventRow) -> bool {
        match self.attribution.as_deref() {
            None => true,
            Some("narrator") => e.attribution.is_empty(),
            Some(key) => e
                .attribution
                .iter()
                .any(|a| self.coded.contains(&a.actor_id) || fold_name(&a.name).contains(key)),
        }
    }
}

/// The row of the table with the words it rests on.
pub fn json_of(e: &EventRow, doc: &DocumentRow) -> Value {
    let words = |start: u32, end: u32| doc.text.get(start as usize..end as usize);
    let mut value = serde_json::to_value(e).expect("plain data");
    if let Value::Object(map) = &mut value {
        map.insert("path".to_string(), json!(doc.path));
        map.insert("story_id".to_string(), json!(doc.story_id));
        map.insert("evidence".to_string(), json!(words(e.evidence_start, e.evidence_end)));
        map.insert("trigger".to_string(), json!(words(e.trigger_start, e.trigger_end)));
    }
    value
}

fn columns() -> Table {
    Table::new(vec![
        Column::new("date").wraps(11),
        Column::new("type"),
        Column::new("who → whom").wraps(24),
        Column::new("marks").wraps(8),
        Column::new("words").wraps(8),
        Column::new("place").wraps(10).only_from(130),
        Column::new("said by").wraps(14).only_from(150),
        Column::new("in"),
        Column::new("id").only_from(72),
    ])
}

fn row(e: &EventRow, doc: &DocumentRow, label: &str, short: usize) -> Vec<Text> {
    let style = if e.score < 0.0 { Style::Bad } else { Style::Good };
    let mut kind = Text::styled(style, &e.event_type);
    if let Some(mode) = e.modes.first() {
        kind.push(Style::Faint, &format!("/{mode}"));
    }
    let said: Vec<&str> = e.attribution.iter().map(|a| a.name.as_str()).collect();
    vec![
        match days::range(e.date_start.as_deref(), e.date_end.as_deref()) {
            none if none.is_empty() => Text::styled(Style::Faint, "no date"),
            when => Text::plain(&when),
        },
        kind,
        parties(e),
        marks(e),
        Text::plain(doc.text.get(e.trigger_start as usize..e.trigger_end as usize).unwrap_or("")),
        Text::plain(e.place_name.as_deref().unwrap_or("")),
        Text::plain(&said.join(" ← ")),
        Text::styled(Style::Key, label),
        Text::styled(Style::Faint, e.event_id.get(..short).unwrap_or(&e.event_id)),
    ]
}

/// `Moon Jae-in KOR → Kim Jong Un PRK`; `A ↔ B` where all stand on one side.
pub fn parties(e: &EventRow) -> Text {
    let list = |parties: &[PartyRow], glue: &str| {
        let mut text = Text::new();
        let mut seen = BTreeSet::new();
        for p in parties {
            if !seen.insert((&p.name, &p.code)) {
                continue;
            }
            if !text.is_empty() {
                text.push(Style::Faint, glue);
            }
            text.push(Style::Plain, &p.name);
            let code = [p.code.as_str(), p.sector.as_str()]
                .iter()
                .filter(|c| !c.is_empty())
                .copied()
                .collect::<Vec<_>>();
            if !code.is_empty() {
                text.push(Style::Faint, &format!(" {}", code.join("/")));
            }
        }
        text
    };
    let nobody = || Text::styled(Style::Faint, "?");
    match (e.actors.is_empty(), e.recipients.is_empty()) {
        (_, true) if e.actors.len() > 1 => list(&e.actors, " ↔ "),
        (false, true) => list(&e.actors, ", "),
        (true, true) => nobody(),
        (true, false) => nobody().with(Style::Faint, " → ").joined(&list(&e.recipients, ", ")),
        (false, false) => list(&e.actors, ", ").with(Style::Faint, " → ").joined(&list(&e.recipients, ", ")),
    }
}

/// What keeps it from being a plain fact of the story's days: `denied`, `future`.
pub fn marks(e: &EventRow) -> Text {
    let mut text = Text::new();
    if e.polarity != "affirmed" {
        text.push(Style::Bad, &e.polarity);
    }
    if e.modality != "actual" {
        if !text.is_empty() {
            text.push(Style::Plain, " ");
        }
        text.push(Style::Warn, &e.modality);
    }
    text
}
