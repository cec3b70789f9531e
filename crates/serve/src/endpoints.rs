//! All endpoints: the router and the OpenAPI document are made of this one list.

use crate::api::{self, Answer, Context};
use crate::corrections;
use crate::decisions;
use crate::problem::{Kind, Problem};
use crate::request::{MAX_LIMIT, Request};
use crate::{App, writes};
use serde_json::Value;
use std::sync::Arc;

/// How an endpoint is answered.
#[derive(Clone, Copy)]
pub enum Handler {
    /// From the snapshot alone: the same until the next commit.
    Read(fn(&Context<'_>, &Request) -> Result<Answer, Problem>),
    /// Also from files or from what the server does now.
    ReadNow(fn(&Context<'_>, &Request) -> Result<Answer, Problem>),
    /// Takes a JSON body.
    Send(fn(&Arc<App>, &Request, Value) -> Result<Answer, Problem>),
    /// Takes no body.
    Act(fn(&Arc<App>, &Request) -> Result<Answer, Problem>),
    /// Server-sent events.
    Changes,
}

/// What a parameter may be.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub enum Takes {
    Text,
    Day,
    Flag,
    Limit,
    OneOf(&'static [&'static str]),
    SomeOf(&'static [&'static str]),
    List,
}

/// A parameter of the query.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Param {
    pub name: &'static str,
    pub takes: Takes,
    pub about: &'static str,
    pub required: bool,
}

/// An endpoint.
#[allow(missing_docs)]
pub struct Endpoint {
    pub method: &'static str,
    pub path: &'static str,
    pub about: &'static str,
    pub params: Vec<Param>,
    /// The schema of the body that is sent.
    pub body: Option<&'static str>,
    pub status: u16,
    pub content_types: &'static [&'static str],
    /// The schema of the answer.
    pub answer: &'static str,
    /// Problems beside those that every endpoint can answer with.
    pub problems: &'static [Kind],
    pub handler: Handler,
}

const fn param(name: &'static str, takes: Takes, about: &'static str) -> Param {
    Param { name, takes, about, required: false }
}

const POLARITIES: Takes = Takes::SomeOf(&["affirmed", "negated", "denied"]);
const MODALITIES: Takes = Takes::SomeOf(&["actual", "future", "hypothetical", "historical"]);
const VERDICTS: Takes =
    Takes::SomeOf(&["corroborated", "only-here", "differs", "contradicted", "self-inconsistent", "silent"]);
const JSON: &[&str] = &["application/json"];
const Q: Param = param("q", Takes::Text, "words, joined by and; \"a phrase\", -word, a OR b");
const FROM: Param = param("from", Takes::Day, "first day");
const TO: Param = param("to", Takes::Day, "last day");
const STORY: Param = param("story", Takes::Text, "id or number of a story");
const DOCUMENT: Param = param("document", Takes::Text, "id of a document");
const TYPE: Param = param("type", Takes::List, "PLOVER types, joined by commas");
const ACTOR: Param = param("actor", Takes::List, "codes, or parts of names");
const COUNTRY: Param = param("country", Takes::List, "codes");
const OUTLET: Param = param("outlet", Takes::List, "outlets as they are called");
const MODE: Param = param("mode", Takes::List, "PLOVER modes");
const FLAG: Param = param("flag", Takes::List, "flags of documents");
const VERDICT: Param = param("verdict", VERDICTS, "verdicts");
const POLARITY: Param = param("polarity", POLARITIES, "polarities");
const MODALITY: Param = param("modality", MODALITIES, "modalities");

fn get(path: &'static str, about: &'static str, answer: &'static str, handler: Handler) -> Endpoint {
    Endpoint {
        method: "GET",
        path,
        about,
        params: Vec::new(),
        body: None,
        status: 200,
        content_types: JSON,
        answer,
        problems: if path.contains('{') { &[Kind::NotFound] } else { &[] },
        handler,
    }
}

impl Endpoint {
    fn with(mut self, params: &[Param]) -> Endpoint {
        self.params.extend_from_slice(params);
        self
    }

    /// A list has a window.
    fn list(self, params: &[Param]) -> Endpoint {
        let window = [
            param("limit", Takes::Limit, "items of a page"),
            param("cursor", Takes::Text, "`next_cursor` of the page before"),
        ];
        let mut endpoint = self.with(params).with(&window);
        endpoint.problems = &[Kind::NotFound, Kind::StaleCursor];
        endpoint
    }

    fn types(mut self, content_types: &'static [&'static str]) -> Endpoint {
        self.content_types = content_types;
        self
    }

    fn problems(mut self, problems: &'static [Kind]) -> Endpoint {
        self.problems = problems;
        self
    }

    fn writes(mut self, method: &'static str, body: Option<&'static str>, status: u16) -> Endpoint {
        self.method = method;
        self.body = body;
        self.status = status;
        self
    }
}

/// All endpoints under `/api/v1`.
pub fn endpoints() -> Vec<Endpoint> {
    use Handler::{Act, Changes, Read, ReadNow, Send};
    let sort = |words| param("sort", Takes::OneOf(words), "order");
    let mut all = vec![
        get("/health", "whether all is well, and how much there is", "Health", ReadNow(api::health)),
        get(
            "/metrics",
            "counts for Prometheus",
            "Text",
            ReadNow(|c, _| {
                let body = crate::metrics::text(c.app).into_bytes();
                Ok(Answer {
                    status: 200,
                    content_type: "text/plain; version=0.0.4; charset=utf-8",
                    body,
                    attachment: None,
                })
            }),
        )
        .types(&["text/plain"]),
        get(
            "/openapi.json",
            "this document",
            "Object",
            Read(|_, _| Answer::json(&crate::openapi::document())),
        ),
        get("/facets", "what filters can be set to", "Facets", Read(api::facets)),
        get("/changes", "new commits, as they are made", "Text", Changes).types(&["text/event-stream"]),
        get("/feed.atom", "new and changed stories and conflicts", "Text", ReadNow(api::feed))
            .types(&["application/atom+xml"])
            .with(&[
                param("kind", Takes::SomeOf(&["story", "conflict"]), "what is told"),
                ACTOR,
                COUNTRY,
                TYPE,
                OUTLET,
            ]),
        get("/stories", "stories", "StoryList", Read(api::stories)).list(&[
            Q,
            FROM,
            TO,
            ACTOR,
            COUNTRY,
            TYPE,
            MODE,
            POLARITY,
            MODALITY,
            OUTLET,
            FLAG,
            sort(&["size", "newest", "oldest", "conflicts"]),
        ]),
        get("/stories/{id}", "one story", "Story", Read(api::story)),
        get("/stories/{id}/export", "one story as a file", "Text", Read(api::story_page))
            .types(&["text/html"])
            .with(&[param("format", Takes::OneOf(&["html"]), "format")]),
        get("/documents", "documents", "DocumentList", Read(api::documents)).list(&[
            Q,
            STORY,
            OUTLET,
            param("language", Takes::List, "ISO 639-1 codes"),
            FLAG,
            FROM,
            TO,
            param("path", Takes::Text, "part of the path"),
        ]),
        get("/documents/{id}", "one document, cut into runs", "Document", Read(api::document)),
        get("/events", "events", "EventList", Read(api::events)).list(&[
            Q,
            TYPE,
            MODE,
            POLARITY,
            MODALITY,
            ACTOR,
            param("source", Takes::List, "doers"),
            param("recipient", Takes::List, "recipients"),
            param("actor_id", Takes::Text, "id of an actor"),
            param("attribution", Takes::List, "who says so; `narrator` for nobody"),
            COUNTRY,
            STORY,
            DOCUMENT,
            param("chain", Takes::Text, "id of a chain"),
            FROM,
            TO,
            sort(&["document", "newest", "oldest"]),
        ]),
        get("/events/{id}", "why an event is coded as it is", "Event", ReadNow(api::event)),
        get("/chains", "happenings across documents", "ChainList", Read(api::chains))
            .list(&[STORY, TYPE, VERDICT, FROM, TO]),
        get("/claims", "comparable statements", "ClaimList", Read(api::claims)).list(&[Q, STORY, VERDICT]),
        get("/quotes", "quotes", "QuoteList", Read(api::quotes)).list(&[
            Q,
            STORY,
            DOCUMENT,
            param("speaker", Takes::Text, "code, part of a name, or id of an actor"),
            param("kind", Takes::SomeOf(&["direct", "indirect", "mixed"]), "kinds"),
        ]),
        get("/conflicts", "accounts that disagree", "ConflictList", Read(api::conflicts)).list(&[
            STORY,
            param("field", Takes::List, "what they disagree on"),
            param("hard", Takes::Flag, "cannot both be true"),
        ]),
        get("/actors", "actors, most mentioned first", "ActorList", Read(api::actors)).list(&[
            param("q", Takes::Text, "part of a name"),
            param("code", Takes::List, "codes"),
            param("sector", Takes::List, "PLOVER sectors"),
            param("kind", Takes::SomeOf(&["person", "country", "organisation", "group"]), "kinds"),
            STORY,
            param("all", Takes::Flag, "reporters and cited media too"),
        ]),
        get("/actors/{id}", "one actor", "Actor", ReadNow(api::actor)),
        get("/actors/merge", "say that two names are one actor", "Decided", Send(writes::merge))
            .writes("POST", Some("Merge"), 202)
            .problems(&[Kind::NotFound, Kind::QueryFailed]),
        get("/actors/split", "say that a name means two actors", "Decided", Send(writes::split))
            .writes("POST", Some("Split"), 202)
            .problems(&[Kind::NotFound, Kind::QueryFailed]),
        get(
            "/decisions",
            "who is who, as decided",
            "Decisions",
            ReadNow(|c, _| Answer::json(&serde_json::json!({"items": decisions::read(c.root())?}))),
        ),
        get("/decisions/{line}", "undo a decision", "Comparing", Act(writes::undo))
            .writes("DELETE", None, 202)
            .with(&[Param { required: true, ..param("text", Takes::Text, "the decision as it stands") }])
            .problems(&[Kind::NotFound, Kind::Conflict]),
        get("/corrections", "what people found wrong", "Corrections", ReadNow(writes::corrections))
            .with(&[param("event", Takes::Text, "id of an event")]),
        get("/corrections", "say what is wrong with an event", "Correction", Send(writes::correct))
            .writes("POST", Some("SentCorrection"), 201)
            .problems(&[Kind::NotFound]),
        get("/corrections/{id}", "take a correction back", "Nothing", Act(writes::take_back))
            .writes("DELETE", None, 204),
        get("/relations", "pairs of codes", "RelationList", Read(api::relations)).list(&[param(
            "code",
            Takes::List,
            "either side",
        )]),
        get("/relations/{a}/{b}", "a pair over time", "Relation", Read(api::pair)),
        get("/search", "full text", "HitList", Read(api::search)).list(&[
            Param { required: true, ..Q },
            param("kind", Takes::SomeOf(&crate::search::KINDS), "what is looked for"),
            STORY,
        ]),
        get("/sql", "a query over the tables", "Table", Send(writes::sql))
            .writes("POST", Some("Query"), 200)
            .problems(&[Kind::EngineMissing, Kind::QueryFailed]),
        get("/export/{table}", "a table as a file", "Text", ReadNow(api::export))
            .types(&["text/csv", "application/x-ndjson", "application/vnd.apache.parquet"])
            .with(&[
                param("format", Takes::OneOf(&["csv", "jsonl", "parquet"]), "format"),
                STORY,
                DOCUMENT,
                TYPE,
            ]),
    ];
    all.sort_by_key(|e| (e.path, e.method));
    all
}

/// The request with only what the endpoint knows, or what is wrong with it.
pub fn checked(endpoint: &Endpoint, request: Request) -> Result<Request, Problem> {
    for name in request.query.keys() {
        if !endpoint.params.iter().any(|p| p.name == name) {
            let known: Vec<&str> = endpoint.params.iter().map(|p| p.name).collect();
            let hint = match known.as_slice() {
                [] => "it takes none".to_string(),
                some => format!("it takes {}", some.join(", ")),
            };
            return Err(Problem::bad(format!("there is no parameter `{name}` here")).hint(hint));
        }
    }
    match endpoint.params.iter().find(|p| p.required && request.get(p.name).is_none()) {
        Some(p) => Err(Problem::bad(format!("`{}` is missing", p.name)).hint(p.about)),
        None => Ok(request),
    }
}

/// The limits of a number of items, for the OpenAPI document.
pub const LIMITS: (usize, usize) = (1, MAX_LIMIT);

/// What may be corrected, for the OpenAPI document.
pub const CORRECTABLE: [&str; 10] = corrections::FIELDS;
