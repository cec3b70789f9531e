//! From a draft to an event: ids, codes, counts, contexts, place, and the notes that explain it.

use crate::coder::{Coder, Draft};
use crate::counts::counts;
use crate::matcher::Trigger;
use crate::parties::Found;
use crate::status::{Status, factuality};
use polybius_text::{Event, EventId, EventPlace, EventType, Explanation, Modality, Party, Span};
use smol_str::SmolStr;

impl Coder<'_> {
    /// An event as it leaves the coder; its date comes later.
    pub fn event(&self, number: u32, d: &Draft) -> Event {
        let doc = self.tree.doc;
        let sense = &self.book.senses[d.m.sense as usize];
        let trigger = self.trigger_span(&d.m.trigger);
        let mode = if d.event_type == sense.event_type {
            sense.mode.clone()
        } else {
            self.mode_for(d.event_type, sense.mode.as_ref(), sense.event_type)
        };
        let codes = self.codes(&d.m.actors).join(";");
        let event_id = EventId::from_parts(
            "e",
            &[
                doc.article.doc_id.as_str(),
                &trigger.start.to_string(),
                d.event_type.as_str(),
                &sense.rule,
                &codes,
            ],
        );
        let counts = match sense.event_type {
            EventType::Assault | EventType::Coerce | EventType::Protest => {
                counts(self.tree, self.book, d.m.trigger.token)
            }
            _ => Default::default(),
        };
        let (place, place_note) = self.place(number, d);
        let mut explanation = Explanation::default();
        let from = d.m.trigger.token;
        for f in d.m.actors.iter().chain(&d.m.recipients) {
            explanation.paths.push(self.tree.path(from, f.token));
        }
        explanation.notes.push(format!(
            "type: {} by {} (\"{}\")",
            sense.event_type,
            sense.rule,
            doc.slice(trigger)
        ));
        explanation.notes.extend(d.notes.iter().cloned());
        if d.m.actor_missing {
            explanation.notes.push("actor: the sentence names none".into());
        }
        if d.m.recipient_missing {
            explanation.notes.push("recipient: the sentence names none".into());
        }
        explanation.notes.extend(d.status.notes.iter().cloned());
        explanation.notes.extend(place_note);
        let score = mode
            .as_ref()
            .and_then(|m| self.book.modes.get(&(d.event_type, m.clone())))
            .map_or_else(|| self.book.type_scores[&d.event_type], |m| m.score);
        let cameo =
            if d.event_type == sense.event_type { sense.cameo.clone() } else { self.cameo_for(d.event_type) };
        let goldstein = self.book.cameo.get(&cameo).map_or(0.0, |c| c.goldstein);
        Event {
            event_id,
            sentence: number,
            evidence: doc.sentences[number as usize].span,
            trigger,
            trigger_token: d.m.trigger.token,
            event_type: d.event_type,
            modes: mode.into_iter().collect(),
            contexts: self.contexts(number),
            cameo,
            goldstein,
            score,
            actors: self.as_parties(&d.m.actors, d.m.actor_basis),
            recipients: self.as_parties(&d.m.recipients, d.m.recipient_basis),
            polarity: d.status.polarity,
            modality: d.status.modality,
            factuality: factuality(&d.status),
            date: None,
            place,
            attribution: d.status.attribution.clone(),
            quote: d.status.quote,
            dead: counts.dead,
            injured: counts.injured,
            arrested: counts.arrested,
            rule: sense.rule.to_string(),
            confidence: d.confidence,
            explanation,
        }
    }

    /// An event that rests on a cue word alone.
    pub fn bare_event(
        &self,
        number: u32,
        token: u32,
        event_type: EventType,
        rule: SmolStr,
        status: &Status,
    ) -> Event {
        let doc = self.tree.doc;
        let trigger = doc.tokens[token as usize].span;
        let cameo = self.cameo_for(event_type);
        Event {
            event_id: EventId::from_parts(
                "e",
                &[doc.article.doc_id.as_str(), &trigger.start.to_string(), event_type.as_str(), &rule],
            ),
            sentence: number,
            evidence: doc.sentences[number as usize].span,
            trigger,
            trigger_token: token,
            event_type,
            modes: Vec::new(),
            contexts: self.contexts(number),
            goldstein: self.book.cameo.get(&cameo).map_or(0.0, |c| c.goldstein),
            cameo,
            score: self.book.type_scores[&event_type],
            actors: Vec::new(),
            recipients: Vec::new(),
            polarity: status.polarity,
            modality: status.modality,
            factuality: factuality(status),
            date: None,
            place: None,
            attribution: status.attribution.clone(),
            quote: status.quote,
            dead: None,
            injured: None,
            arrested: None,
            rule: rule.to_string(),
            confidence: 0.2,
            explanation: Explanation {
                paths: Vec::new(),
                notes: vec![format!("type: {event_type} by the cue word \"{}\"", doc.word(token))],
            },
        }
    }

    fn as_parties(&self, found: &[Found], basis: &str) -> Vec<Party> {
        found
            .iter()
            .map(|f| Party {
                actor: f.actor,
                span: f.span,
                mention: f.mention,
                basis: match f.through {
                    Some(t) if t != "adjective" => format!("{basis}, {t}"),
                    _ => basis.to_owned(),
                },
            })
            .collect()
    }

    fn trigger_span(&self, t: &Trigger) -> Span {
        let span = |i: u32| self.tree.doc.tokens[i as usize].span;
        let mut out = span(t.token);
        for &w in &t.tail {
            if w.abs_diff(t.token) <= 4 {
                out = out.cover(span(w));
            }
        }
        if let Some(v) = t.light
            && v < t.token
            && t.token - v <= 4
        {
            out = out.cover(span(v));
        }
        out
    }

    /// What becomes of a mode when the type was decided anew: a threatened arrest keeps `arrest`.
    fn mode_for(&self, event_type: EventType, mode: Option<&SmolStr>, base: EventType) -> Option<SmolStr> {
        let has = |m: &str| self.book.modes.contains_key(&(event_type, SmolStr::from(m)));
        if let Some(m) = mode.filter(|m| has(m)) {
            return Some(m.clone());
        }
        let guess = match (event_type, base) {
            (EventType::Threaten, EventType::Assault) => "violence",
            (EventType::Agree | EventType::Request | EventType::Reject, EventType::Consult) => "meet",
            (
                EventType::Agree | EventType::Request | EventType::Reject,
                EventType::Aid | EventType::Cooperate,
            ) => "assist",
            (
                EventType::Agree | EventType::Request | EventType::Reject,
                EventType::Concede | EventType::Retreat,
            ) => "yield",
            (EventType::Threaten, EventType::Sanction) => "relations",
            (EventType::Threaten, EventType::Coerce) => "restrict",
            _ => return None,
        };
        has(guess).then(|| guess.into())
    }

    fn cameo_for(&self, event_type: EventType) -> SmolStr {
        match event_type {
            EventType::Agree => "030",
            EventType::Consult => "040",
            EventType::Support => "050",
            EventType::Cooperate => "060",
            EventType::Aid => "070",
            EventType::Concede | EventType::Retreat => "080",
            EventType::Request => "020",
            EventType::Accuse => "110",
            EventType::Reject => "120",
            EventType::Threaten => "130",
            EventType::Protest => "140",
            EventType::Mobilize => "150",
            EventType::Sanction => "160",
            EventType::Coerce => "170",
            EventType::Assault => "190",
        }
        .into()
    }

    /// Contexts whose words stand in the sentence, at most three.
    fn contexts(&self, number: u32) -> Vec<SmolStr> {
        let tree = self.tree;
        let s = &tree.doc.sentences[number as usize];
        let mut out: Vec<SmolStr> = Vec::new();
        for t in s.first_token..s.end_token {
            let lemma = tree.lemma(t);
            let entries = self.book.contexts.get(lemma).or_else(|| {
                lemma
                    .bytes()
                    .any(|b| b.is_ascii_uppercase())
                    .then(|| self.book.contexts.get(lemma.to_lowercase().as_str()))
                    .flatten()
            });
            for (tail, context) in entries.into_iter().flatten() {
                let follows = tail.iter().enumerate().all(|(i, w)| {
                    let at = t + 1 + i as u32;
                    at < s.end_token && tree.lemma(at).eq_ignore_ascii_case(w)
                });
                if follows && !out.contains(context) {
                    out.push(context.clone());
                }
            }
            if out.len() >= 3 {
                break;
            }
        }
        out.truncate(3);
        out
    }

    /// The nearest place of the clause, else of the sentence, else the dateline of an actual event.
    fn place(&self, number: u32, d: &Draft) -> (Option<EventPlace>, Option<String>) {
        let doc = self.tree.doc;
        let places = self.parties.places;
        let from = d.m.trigger.light.unwrap_or(d.m.trigger.token);
        let mut best: Option<(u32, u32, &str)> = None;
        for (i, place) in places.iter().enumerate() {
            if place.sentence != number {
                continue;
            }
            let Some(token) = self.head_of(place.span, number) else {
                continue;
            };
            let case = self.tree.case(token).unwrap_or("");
            let stands = matches!(
                case,
                "in" | "at"
                    | "near"
                    | "outside"
                    | "inside"
                    | "around"
                    | "on"
                    | "off"
                    | "over"
                    | "across"
                    | "from"
                    | "to"
                    | "into"
                    | "through"
                    | "toward"
                    | "towards"
                    | "between"
            );
            let of_town = case == "of";
            let in_clause = self.tree.under(token, from) || self.tree.under(token, d.m.trigger.token);
            if !stands
                && !of_town
                && !(in_clause
                    && d.m.recipients.iter().any(|r| r.token == token)
                    && d.event_type == EventType::Consult)
            {
                continue;
            }
            if matches!(case, "to" | "from" | "into") && !in_clause {
                continue;
            }
            let broad = u32::from(place.precision == "country") * 6;
            let cost = token.abs_diff(from) + broad + if in_clause { 0 } else { 30 } + u32::from(of_town) * 4;
            if best.is_none_or(|(c, _, _)| cost < c) {
                best = Some((cost, i as u32, if in_clause { "in the clause" } else { "in the sentence" }));
            }
        }
        if let Some((_, place, basis)) = best {
            let note = format!("place: {} {basis}", places[place as usize].name);
            return (Some(EventPlace { place, basis: basis.into() }), Some(note));
        }
        if d.status.modality == Modality::Actual
            && let Some(dateline) = &doc.article.dateline
            && let Some(i) = places.iter().position(|p| dateline.span.overlaps(p.span))
        {
            return (
                Some(EventPlace { place: i as u32, basis: "dateline".into() }),
                Some(format!("place: {} from the dateline", places[i].name)),
            );
        }
        (None, None)
    }

    /// The token of a span whose head lies outside it.
    fn head_of(&self, span: Span, number: u32) -> Option<u32> {
        let doc = self.tree.doc;
        let s = &doc.sentences[number as usize];
        let first = doc.token_from(span.start).max(s.first_token);
        let inside = |t: u32| span.contains(doc.tokens[t as usize].span);
        (first..s.end_token)
            .take_while(|&t| inside(t))
            .find(|&t| self.tree.head(t).is_none_or(|h| !inside(h)))
    }
}
