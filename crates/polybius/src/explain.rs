//! `polybius explain`: what an event rests on, from the bytes of the page to the row of the codebook.

mod marks;
mod sheet;

use crate::args::{EngineArgs, ExplainArgs};
use crate::days;
use crate::events::{json_of, parties};
use crate::failure::Failure;
use crate::find::{find_event, stories_by_number};
use crate::resources::data_folder;
use crate::term::{Style, Terminal, Text};
use marks::{Mark, underlined};
use polybius_store::Store;
use polybius_store::rows::*;
use polybius_text::Article;
use polybius_view::event::{Found, analysis_of, as_read, in_page, parties_of, whole_paths};
use polybius_view::rule::{Rule, rule_of};
use serde_json::json;
use sheet::Sheet;
use std::collections::BTreeMap;

/// Shows what the event that the user named rests on.
pub fn explain(args: &ExplainArgs) -> Result<(), Failure> {
    let store = args.store.open()?;
    let events: Vec<EventRow> = store.read()?;
    let event = events[find_event(&events, &args.event, &store)?].clone();
    let explained = Explained::gather(&store, event)?;
    let terminal = Terminal::of_stdout();
    let lines = if args.json {
        vec![Text::raw(serde_json::to_string_pretty(&explained.json()).expect("plain data"))]
    } else {
        explained.lines(&args.store.store.display().to_string(), terminal.width.min(120))
    };
    terminal.print(&lines).map_err(|e| Failure::caused("cannot write to standard output", &e))
}

struct Explained {
    event: EventRow,
    doc: DocumentRow,
    found: Vec<Found>,
    times: Vec<TimeRow>,
    quote: Option<QuoteRow>,
    rule: Option<Rule>,
    chain: Option<ChainRow>,
    /// Number and title.
    story: Option<(usize, String)>,
    claims: Vec<String>,
    /// From the page as it came; `None` when the store does not hold it.
    article: Option<Article>,
}

impl Explained {
    fn gather(store: &Store, event: EventRow) -> Result<Explained, Failure> {
        let doc =
            store.read::<DocumentRow>()?.into_iter().find(|d| d.doc_id == event.doc_id).ok_or_else(|| {
                damaged(&format!("the event names document `{}`, which is not there", event.doc_id))
            })?;
        let mentions: Vec<MentionRow> =
            store.read()?.into_iter().filter(|m: &MentionRow| m.doc_id == event.doc_id).collect();
        let actors: BTreeMap<String, ActorRow> =
            store.read()?.into_iter().map(|a: ActorRow| (a.actor_id.clone(), a)).collect();
        let mut found = parties_of(&event, &mentions, |id| actors.get(id), &store.read::<RoleRow>()?);
        // Where the tables name only the ends of a path, the tree that the event was found in has the steps between.
        if event.paths.iter().any(|p| p.contains(" ... "))
            && let Some(coded) = analysis_of(store.root(), &settings_of(store), &event.doc_id)
        {
            whole_paths(&mut found, &event, &coded.annotated);
        }
        let inside = |start: u32, end: u32| start >= event.evidence_start && end <= event.evidence_end;
        let times = store
            .read::<TimeRow>()?
            .into_iter()
            .filter(|t| t.doc_id == event.doc_id && inside(t.start, t.end))
            .collect();
        let quote =
            store.read::<QuoteRow>()?.into_iter().find(|q| event.quote_id.as_deref() == Some(&q.quote_id));
        let chain = store.read::<ChainRow>()?.into_iter().find(|c| c.chain_id == event.chain_id);
        let claims = store
            .read::<ClaimRow>()?
            .into_iter()
            .filter(|c| !event.chain_id.is_empty() && c.chain_id.as_deref() == Some(&event.chain_id))
            .map(|c| c.claim)
            .collect();
        let stories = stories_by_number(store)?;
        let story = stories
            .iter()
            .position(|s| s.story_id == doc.story_id)
            .map(|n| (n + 1, stories[n].title.clone()));
        let data = data_folder(&EngineArgs { threads: None, model: String::new(), data: None }).ok();
        let rule = data.as_deref().and_then(|d| rule_of(&d.join("codebook"), &event));
        let article = data.and_then(|d| as_read(store.root(), &doc, &d.join("ingest")));
        Ok(Explained { event, doc, found, times, quote, rule, chain, story, claims, article })
    }

    fn words(&self, start: u32, end: u32) -> &str {
        self.doc.text.get(start as usize..end as usize).unwrap_or("")
    }

    fn json(&self) -> serde_json::Value {
        json!({
            "event": json_of(&self.event, &self.doc),
            "parties": self.found,
            "rule": self.rule,
            "times": self.times,
            "quote": self.quote,
            "chain": self.chain,
            "claims": self.claims,
            "story": self.story.as_ref().map(|(number, title)| json!({"number": number, "title": title})),
            "page": {
                "path": self.doc.path,
                "evidence": self.in_page(self.event.evidence_start, self.event.evidence_end),
                "trigger": self.in_page(self.event.trigger_start, self.event.trigger_end),
            },
        })
    }

    /// Bytes of the page as it came.
    fn in_page(&self, start: u32, end: u32) -> Option<[u32; 2]> {
        Some(in_page(self.article.as_ref()?, start, end))
    }

    fn lines(&self, store: &str, width: usize) -> Vec<Text> {
        let e = &self.event;
        let mut out = Sheet { lines: Vec::new(), width };
        let mut head = Text::styled(Style::Strong, &e.event_type);
        if let Some(mode) = e.modes.first() {
            head.push(Style::Plain, &format!("/{mode}"));
        }
        head.push(Style::Plain, " ");
        out.lines.extend(head.joined(&parties(e)).wrapped(width));
        out.lines.push(Text::styled(Style::Faint, &e.event_id));
        out.lines.push(Text::new());
        let mut marks = vec![Mark { start: e.trigger_start, end: e.trigger_end, sign: '^' }];
        let sides = [(&e.actors, 'a'), (&e.recipients, 'r')];
        for (p, sign) in sides.iter().flat_map(|(list, sign)| list.iter().map(move |p| (p, *sign))) {
            marks.push(Mark { start: p.start, end: p.end, sign });
        }
        marks.extend(e.attribution.iter().map(|a| Mark { start: a.start, end: a.end, sign: 's' }));
        marks.extend(self.times.iter().map(|t| Mark { start: t.start, end: t.end, sign: 't' }));
        let (lines, used) = underlined(&self.doc.text, e.evidence_start, e.evidence_end, &marks, width - 2);
        out.lines.extend(lines.into_iter().map(|l| l.indented(2)));
        let legend: Vec<&str> = [
            ('^', "^ trigger"),
            ('a', "a actor"),
            ('r', "r recipient"),
            ('s', "s who says so"),
            ('t', "t time"),
        ]
        .iter()
        .filter(|(sign, _)| used.contains(sign))
        .map(|(_, words)| *words)
        .collect();
        out.lines.push(Text::styled(Style::Faint, &legend.join(" · ")).indented(2));
        out.lines.push(Text::new());

        out.field("trigger", Text::plain(&format!("“{}”", self.words(e.trigger_start, e.trigger_end))));
        for f in &self.found {
            out.party(f);
        }
        for note in e.notes.iter().filter(|n| n.starts_with("actor:") || n.starts_with("recipient:")) {
            let (side, words) = note.split_once(": ").unwrap_or(("", note));
            out.field(side, Text::styled(Style::Faint, words));
        }
        out.rule(e, self.rule.as_ref());
        let others = e.notes.iter().filter(|n| {
            !["type:", "actor:", "recipient:", "date:", "place:"].iter().any(|p| n.starts_with(p))
        });
        out.field(
            "polarity",
            Text::plain(&format!("{}, {} (factuality {:+.1})", e.polarity, e.modality, e.factuality)),
        );
        for note in others {
            out.under(Text::styled(Style::Faint, note));
        }
        out.date(e, &self.times);
        let place = e.notes.iter().find_map(|n| n.strip_prefix("place: "));
        match (&e.place_name, place) {
            (Some(name), basis) => {
                let country = e.place_country.as_deref().map(|c| format!(", {c}")).unwrap_or_default();
                out.field("place", Text::plain(&format!("{name}{country}")));
                if let (Some(lat), Some(lon)) = (e.lat, e.lon) {
                    let geo = e.geonameid.map(|g| format!(", GeoNames {g}")).unwrap_or_default();
                    out.under(Text::styled(Style::Faint, &format!("{lat:.3}, {lon:.3}{geo}")));
                }
                if let Some(basis) = basis {
                    out.under(Text::styled(Style::Faint, basis));
                }
            }
            (None, _) => out.field("place", Text::styled(Style::Faint, "none said")),
        }
        self.saying(&mut out);
        for (name, n) in [("dead", e.dead), ("injured", e.injured), ("arrested", e.arrested)] {
            if let Some(n) = n {
                out.field(name, Text::plain(&n.to_string()));
            }
        }
        out.field("confidence", Text::plain(&format!("{:.2}", e.confidence)));
        self.around(&mut out, store);
        out.lines
    }

    fn saying(&self, out: &mut Sheet) {
        let e = &self.event;
        if e.attribution.is_empty() {
            out.field("said by", Text::styled(Style::Faint, "the narrator"));
        } else {
            let chain: Vec<String> = e
                .attribution
                .iter()
                .map(|a| format!("{} (“{}”)", a.name, self.words(a.start, a.end)))
                .collect();
            out.field("said by", Text::plain(&chain.join(", who cites ")));
        }
        if let Some(q) = &self.quote {
            out.under(Text::styled(
                Style::Faint,
                &format!("{} quote, speaker by {}: “{}”", q.kind, q.basis, self.words(q.start, q.end)),
            ));
        }
    }

    fn around(&self, out: &mut Sheet, store: &str) {
        let e = &self.event;
        if let Some(c) = &self.chain {
            let claim = self.claims.first().map(|c| format!(": {c}")).unwrap_or_default();
            let support = format!(
                "{}, {} / {}",
                c.verdict,
                days::count(c.n_documents as usize, "document", "documents"),
                days::count(c.n_origins as usize, "origin", "origins")
            );
            out.field("happening", Text::plain(&support).with(Style::Plain, &claim));
            out.under(Text::styled(Style::Faint, &c.chain_id));
        }
        if let Some((number, title)) = &self.story {
            out.field(
                "story",
                Text::styled(Style::Key, &number.to_string()).with(Style::Plain, &format!(" {title}")),
            );
            out.under(Text::styled(Style::Faint, &format!("polybius story {number} --store {store}")));
        }
        out.field("page", Text::plain(&self.doc.path));
        let offsets = |start: u32, end: u32| match self.in_page(start, end) {
            Some([a, b]) => format!("bytes {a}-{b} of the page, {start}-{end} of its text"),
            None => format!("bytes {start}-{end} of the document's text"),
        };
        out.under(Text::styled(
            Style::Faint,
            &format!("sentence: {}", offsets(e.evidence_start, e.evidence_end)),
        ));
        out.under(Text::styled(
            Style::Faint,
            &format!("trigger: {}", offsets(e.trigger_start, e.trigger_end)),
        ));
    }
}

/// The hash of the settings that the last commit rests on.
fn settings_of(store: &Store) -> String {
    let commit = store.commit_read().ok().flatten();
    commit.and_then(|mut c| c.settings.remove("settings")).unwrap_or_default()
}

fn damaged(problem: &str) -> Failure {
    Failure::new(format!("the store is damaged: {problem}"))
        .hint("`polybius check` lists all that is wrong with it")
}
