//! Small accounts made by hand for the tests: `met|meet` is a verb with its dictionary form, all else is read by its look.

use jiff::civil::Date;
use polybius_text::*;

/// An account under construction.
pub(crate) struct Page {
    doc: CodedDocument,
}

pub(crate) fn page(name: &str) -> Page {
    let mut article = Article::from_sentence("", None);
    article.path = format!("{name}.txt");
    article.doc_id = DocId::of_page(name, b"");
    let annotated = Annotated {
        article,
        sentences: Vec::new(),
        tokens: Vec::new(),
        entities: Vec::new(),
        acts: Vec::new(),
        reads_acts: false,
    };
    let doc = CodedDocument {
        annotated,
        times: Vec::new(),
        places: Vec::new(),
        doc_actors: Vec::new(),
        mentions: Vec::new(),
        quotes: Vec::new(),
        events: Vec::new(),
    };
    Page { doc }
}

impl Page {
    pub(crate) fn published(mut self, day: Date) -> Page {
        let date = DateRange::day(day);
        self.doc.annotated.article.published =
            Some(Published { date, instant: None, basis: "test".to_string(), span: None });
        self
    }

    pub(crate) fn url(mut self, address: &str) -> Page {
        self.doc.annotated.article.url = Some(address.to_string());
        self
    }

    pub(crate) fn spun(mut self) -> Page {
        let flag = Flag { kind: FlagKind::WordSpun, evidence: Vec::new(), detail: String::new() };
        self.doc.annotated.article.flags.push(flag);
        self
    }

    /// A person with state and office, named in the sentences that follow.
    pub(crate) fn person(self, name: &str, code: &str, office: &str) -> Page {
        self.actor(name, ActorKind::Person, code, office)
    }

    fn actor(mut self, name: &str, kind: ActorKind, code: &str, office: &str) -> Page {
        let held = OfficeHeld {
            office: office.to_string(),
            title: office.to_string(),
            code: code.to_string(),
            sector: None,
            start: String::new(),
            end: String::new(),
            qualifier: String::new(),
            basis: "text".to_string(),
            span: None,
        };
        self.doc.doc_actors.push(DocActor {
            name: name.to_string(),
            names: vec![name.to_string()],
            kind,
            code: code.to_string(),
            sector: None,
            other_sectors: Vec::new(),
            offices: if office.is_empty() { Vec::new() } else { vec![held] },
            table_id: None,
            wikidata_id: None,
            excluded: String::new(),
            basis: "test".to_string(),
        });
        self
    }

    pub(crate) fn sentence(mut self, line: &str) -> Page {
        let a = &mut self.doc.annotated;
        let first_token = a.tokens.len() as u32;
        let start = a.article.text.len();
        let words: Vec<&str> = line.split(' ').collect();
        for (n, word) in words.iter().enumerate() {
            if n > 0 {
                a.article.text.push(' ');
            }
            let (shown, lemma) = word.split_once('|').unwrap_or((word, word));
            let at = a.article.text.len();
            a.article.text.push_str(shown);
            let upos = match shown.chars().next() {
                _ if word.contains('|') => "VERB",
                Some('.') => "PUNCT",
                Some(c) if c.is_ascii_digit() => "NUM",
                Some(c) if c.is_uppercase() => "PROPN",
                _ if ["not", "never"].contains(&shown) => "PART",
                _ if shown.len() <= 3 => "ADP",
                _ => "NOUN",
            };
            let lemma = if upos == "NOUN" { lemma.trim_end_matches('s') } else { lemma };
            a.tokens.push(Token {
                span: Span::new(at, a.article.text.len()),
                lemma: lemma.to_lowercase().into(),
                upos: upos.into(),
                xpos: "".into(),
                head: None,
                rel: "obl".into(),
            });
        }
        let end_token = a.tokens.len() as u32;
        let root =
            (first_token..end_token).find(|&t| a.tokens[t as usize].upos == "VERB").unwrap_or(first_token);
        for t in first_token..end_token {
            // Numbers count the next word.
            let head = if a.tokens[t as usize].upos == "NUM" && t + 1 < end_token { t + 1 } else { root };
            let token = &mut a.tokens[t as usize];
            token.rel =
                if head == t + 1 && token.upos == "NUM" { "nummod".into() } else { token.rel.clone() };
            token.head = (t != root).then_some(head);
        }
        let span = Span::new(start, a.article.text.len());
        a.sentences.push(Sentence {
            span,
            first_token,
            end_token,
            segment: 0,
            vector: Vec::new(),
            political: None,
            repeats: None,
        });
        a.article.text.push('\n');
        let all = Span::new(0, a.article.text.len());
        a.article.segments = vec![Segment { kind: SegmentKind::Body, span: all, raw: all, block: 0 }];
        for n in 0..self.doc.doc_actors.len() {
            let name = self.doc.doc_actors[n].name.clone();
            if let Some(span) = self.find(&name) {
                self.mention(n as u32, span);
            }
        }
        self
    }

    fn find(&self, words: &str) -> Option<Span> {
        let a = &self.doc.annotated;
        let last = a.sentences.last()?.span;
        let at = last.start as usize + a.slice(last).find(words)?;
        Some(Span::new(at, at + words.len()))
    }

    fn mention(&mut self, actor: u32, span: Span) {
        let a = &self.doc.annotated;
        let (first_token, end_token) = (a.token_from(span.start), a.token_from(span.end));
        self.doc.mentions.push(Mention {
            span,
            head: end_token - 1,
            first_token,
            end_token,
            kind: MentionKind::Named,
            entity_type: EntityType::Person,
            actors: vec![actor],
            link_score: 1.0,
            basis: "test".to_string(),
        });
    }

    fn parties(&self, names: &[&str]) -> Vec<Party> {
        let party = |name: &&str| {
            let actor =
                self.doc.doc_actors.iter().position(|a| a.name == *name).expect("a known actor") as u32;
            let mention = self.doc.mentions.iter().rposition(|m| m.actors == [actor]).map(|m| m as u32);
            let span = self.find(name).expect("named in the sentence");
            Party { actor, span, mention, basis: "test".to_string() }
        };
        names.iter().map(party).collect()
    }

    /// An event of the last sentence.
    pub(crate) fn event(self, t: EventType, trigger: &str, actors: &[&str], recipients: &[&str]) -> Page {
        self.event_of(t, trigger, actors, recipients, Polarity::Affirmed)
    }

    pub(crate) fn event_of(
        mut self,
        event_type: EventType,
        trigger: &str,
        actors: &[&str],
        recipients: &[&str],
        polarity: Polarity,
    ) -> Page {
        let a = &self.doc.annotated;
        let sentence = a.sentences.len() as u32 - 1;
        let trigger = self.find(trigger).expect("the trigger stands in the sentence");
        let time = self.doc.times.iter().rposition(|t| t.sentence == sentence && t.range.is_some());
        let date = time.map(|t| EventDate {
            range: self.doc.times[t].range.expect("filtered"),
            basis: "test".to_string(),
            time: Some(t as u32),
            alternatives: Vec::new(),
        });
        let id = format!("{} {}", a.article.path, trigger.start);
        let event = Event {
            event_id: EventId::from_parts("e", &[&id]),
            sentence,
            evidence: a.sentences[sentence as usize].span,
            trigger,
            trigger_token: a.token_from(trigger.start),
            event_type,
            modes: Vec::new(),
            contexts: Vec::new(),
            cameo: "".into(),
            goldstein: 0.0,
            score: 2.0,
            actors: self.parties(actors),
            recipients: self.parties(recipients),
            polarity,
            modality: Modality::Actual,
            factuality: 1.0,
            date,
            place: None,
            attribution: Vec::new(),
            quote: None,
            dead: None,
            injured: None,
            arrested: None,
            rule: "test".to_string(),
            confidence: 0.9,
            explanation: Explanation::default(),
        };
        self.doc.events.push(event);
        self
    }

    /// A time expression of the last sentence: with its day, or open for the story to say.
    pub(crate) fn time(mut self, words: &str, value: &str, day: Option<Date>) -> Page {
        let span = self.find(words).expect("the words stand in the sentence");
        self.doc.times.push(TimeExpression {
            span,
            sentence: self.doc.annotated.sentences.len() as u32 - 1,
            time_type: TimeType::Date,
            value: value.to_string(),
            range: day.map(DateRange::day),
            basis: "test".to_string(),
            alternatives: Vec::new(),
            needs_story: day.is_none(),
        });
        self
    }

    pub(crate) fn done(self) -> CodedDocument {
        self.doc
    }
}
