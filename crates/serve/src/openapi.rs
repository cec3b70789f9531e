//! The OpenAPI document, made of the list of endpoints; `openapi.json` beside the crate is its checked-in copy.

use crate::endpoints::{CORRECTABLE, Endpoint, LIMITS, Param, Takes, endpoints};
use crate::problem::Kind;
use serde_json::{Map, Value, json};

/// Problems that every endpoint can answer with.
const COMMON: [Kind; 7] = [
    Kind::BadRequest,
    Kind::Unauthorized,
    Kind::Forbidden,
    Kind::Internal,
    Kind::Busy,
    Kind::Timeout,
    Kind::StoreUnusable,
];

/// The document.
pub fn document() -> Value {
    let mut paths = Map::new();
    for e in endpoints() {
        let item = paths.entry(format!("/api/v1{}", e.path)).or_insert_with(|| json!({}));
        item[e.method.to_lowercase()] = operation(&e);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Polybius", "version": env!("CARGO_PKG_VERSION"),
            "description": "Stories told by many documents, set side by side. docs/api.md explains shapes and rules.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{}, {"bearer": []}, {"cookie": []}],
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": crate::http::COOKIE},
            },
        },
    })
}

fn operation(e: &Endpoint) -> Value {
    let mut parameters: Vec<Value> = pieces(e.path)
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string", "minLength": 1}}))
        .collect();
    parameters.extend(e.params.iter().map(parameter));
    let mut responses = Map::new();
    responses.insert(e.status.to_string(), answer(e));
    let mut kinds: Vec<Kind> = COMMON.to_vec();
    kinds.extend(e.problems);
    if e.body.is_some() {
        kinds.extend([Kind::TooLarge, Kind::UnsupportedMedia]);
    }
    for kind in kinds {
        let (word, status) = kind.word_and_status();
        let problem = json!({"description": word.replace('-', " "),
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}});
        responses.entry(status.to_string()).or_insert(problem);
    }
    let mut operation = json!({
        "operationId": operation_id(e), "summary": e.about, "parameters": parameters, "responses": responses,
    });
    if let Some(body) = e.body {
        operation["requestBody"] = json!({"required": true,
            "content": {"application/json": {"schema": {"$ref": format!("#/components/schemas/{body}")}}}});
    }
    operation
}

fn operation_id(e: &Endpoint) -> String {
    let words: String = e.path.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let words: Vec<&str> = words.split('_').filter(|w| !w.is_empty()).collect();
    format!("{}_{}", e.method.to_lowercase(), words.join("_"))
}

fn pieces(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|p| p.strip_prefix('{')?.strip_suffix('}'))
}

fn parameter(p: &Param) -> Value {
    let schema = match p.takes {
        Takes::Text | Takes::List => json!({"type": "string"}),
        Takes::Day => json!({"type": "string", "format": "date"}),
        Takes::Flag => json!({"type": "boolean"}),
        Takes::Limit => {
            json!({"type": "integer", "minimum": LIMITS.0, "maximum": LIMITS.1, "default": crate::request::LIMIT})
        }
        Takes::OneOf(words) => json!({"type": "string", "enum": words}),
        Takes::SomeOf(words) => json!({"type": "array", "items": {"type": "string", "enum": words}}),
    };
    let mut parameter = json!({"name": p.name, "in": "query", "required": p.required, "description": p.about, "schema": schema});
    if matches!(p.takes, Takes::SomeOf(_)) {
        parameter["style"] = json!("form");
        parameter["explode"] = json!(false);
    }
    parameter
}

fn answer(e: &Endpoint) -> Value {
    if e.answer == "Nothing" {
        return json!({"description": "done"});
    }
    let schema = match e.answer {
        "Text" => json!({"type": "string"}),
        name => json!({"$ref": format!("#/components/schemas/{name}")}),
    };
    let content: Map<String, Value> =
        e.content_types.iter().map(|t| (t.to_string(), json!({"schema": schema}))).collect();
    json!({"description": e.about, "content": content})
}

/// An object with required members and their types; more members may stand in it.
fn object(members: &[(&str, &str)]) -> Value {
    let properties: Map<String, Value> =
        members.iter().map(|(name, t)| (name.to_string(), typed(t))).collect();
    let required: Vec<&str> = members.iter().map(|m| m.0).collect();
    json!({"type": "object", "required": required, "properties": properties})
}

/// `string?` may be null, `[Run]` is a list, a capital names a schema.
fn typed(t: &str) -> Value {
    if let Some(inner) = t.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
        return json!({"type": "array", "items": typed(inner)});
    }
    if let Some(inner) = t.strip_suffix('?') {
        return match typed(inner) {
            Value::Object(map) if map.contains_key("$ref") => json!({"oneOf": [map, {"type": "null"}]}),
            mut value => {
                value["type"] = json!([inner, "null"]);
                value
            }
        };
    }
    match t {
        "any" => json!({}),
        t if t.starts_with(char::is_uppercase) => json!({"$ref": format!("#/components/schemas/{t}")}),
        t => json!({"type": t}),
    }
}

fn list(item: &str) -> Value {
    object(&[
        ("items", &format!("[{item}]")),
        ("total", "integer"),
        ("next_cursor", "string?"),
        ("version", "integer"),
    ])
}

fn items(item: &str) -> Value {
    object(&[("items", &format!("[{item}]"))])
}

/// A body that is sent: nothing more may stand in it.
fn body(required: &[(&str, &str)], optional: &[(&str, &str)]) -> Value {
    let mut schema = object(required);
    for (name, t) in optional {
        schema["properties"][*name] = typed(t);
    }
    schema["additionalProperties"] = json!(false);
    schema
}

fn schemas() -> Value {
    let mut all = Map::new();
    let mut add = |name: &str, schema: Value| {
        all.insert(name.to_string(), schema);
    };
    add("Object", json!({"type": "object"}));
    add(
        "Problem",
        object(&[
            ("type", "string"),
            ("title", "string"),
            ("status", "integer"),
            ("detail", "string"),
            ("hint", "string"),
        ]),
    );
    answers(&mut add);
    parts(&mut add);
    sent(&mut add);
    Value::Object(all)
}

fn answers(add: &mut impl FnMut(&str, Value)) {
    add(
        "Health",
        object(&[
            ("status", "string"),
            ("program", "string"),
            ("store", "string"),
            ("version", "integer"),
            ("documents", "integer"),
            ("stories", "integer"),
            ("events", "integer"),
            ("quotes", "integer"),
            ("claims", "integer"),
            ("conflicts", "integer"),
            ("actors", "integer"),
            ("rejects", "integer"),
            ("comparing", "boolean"),
            ("problem", "Problem?"),
            ("sql", "boolean"),
        ]),
    );
    let counted =
        ["outlets", "countries", "types", "modes", "polarities", "modalities", "languages", "flags"];
    let mut facets: Vec<(&str, &str)> = counted.iter().map(|n| (*n, "[Counted]")).collect();
    facets.extend([("date_start", "string?"), ("date_end", "string?")]);
    add("Facets", object(&facets));
    for (name, item) in [
        ("StoryList", "StoryItem"),
        ("DocumentList", "DocumentItem"),
        ("EventList", "EventItem"),
        ("ChainList", "ChainItem"),
        ("ClaimList", "ClaimItem"),
        ("QuoteList", "QuoteItem"),
        ("ConflictList", "ConflictItem"),
        ("ActorList", "ActorItem"),
        ("RelationList", "RelationItem"),
        ("HitList", "Hit"),
    ] {
        add(name, list(item));
    }
    add("Decisions", items("Decision"));
    add("Corrections", items("Correction"));
    add(
        "Story",
        object(&[
            ("number", "integer"),
            ("story_id", "string"),
            ("title", "string"),
            ("date_start", "string?"),
            ("date_end", "string?"),
            ("n_documents", "integer"),
            ("n_origins", "integer"),
            ("brief", "[integer]"),
            ("documents", "[object]"),
            ("timeline", "[object]"),
            ("claims", "[object]"),
            ("conflicts", "[object]"),
            ("speakers", "[object]"),
            ("left_out", "[object]"),
            ("names", "[object]"),
            ("network", "[object]"),
            ("places", "[object]"),
            ("see_also", "[object]"),
            ("near_misses", "[object]"),
            ("events", "[string]"),
            ("version", "integer"),
        ]),
    );
    add(
        "Document",
        object(&[
            ("doc_id", "string"),
            ("path", "string"),
            ("title", "string?"),
            ("segments", "[Segment]"),
            ("marks", "object"),
            ("flag_details", "[object]"),
            ("events", "[EventItem]"),
            ("quotes", "[QuoteItem]"),
            ("why", "Object?"),
        ]),
    );
    add(
        "Event",
        object(&[
            ("event", "EventItem"),
            ("parties", "[object]"),
            ("tokens", "[object]"),
            ("rule", "Object?"),
            ("times", "[object]"),
            ("quote", "QuoteItem?"),
            ("chain", "ChainItem?"),
            ("claims", "[object]"),
            ("notes", "[string]"),
            ("story", "Object?"),
            ("page", "object"),
            ("corrections", "[Correction]"),
        ]),
    );
    add(
        "Actor",
        object(&[
            ("actor_id", "string"),
            ("name", "string"),
            ("aliases", "[object]"),
            ("roles", "[object]"),
            ("mentions", "[object]"),
            ("positions", "[object]"),
            ("events", "object"),
            ("partners", "[object]"),
            ("stories", "[object]"),
            ("decisions", "[Decision]"),
            ("reasons", "[string]"),
        ]),
    );
    add(
        "Relation",
        object(&[("a", "string"), ("b", "string"), ("forward", "[object]"), ("back", "[object]")]),
    );
    add(
        "Table",
        object(&[
            ("columns", "[string]"),
            ("rows", "[array]"),
            ("truncated", "boolean"),
            ("seconds", "number"),
        ]),
    );
    add("Decided", object(&[("line", "integer"), ("text", "string"), ("comparing", "boolean")]));
    add("Comparing", object(&[("comparing", "boolean")]));
}

fn parts(add: &mut impl FnMut(&str, Value)) {
    add("Counted", object(&[("value", "string"), ("n", "integer")]));
    add("Mark", object(&[("kind", "string"), ("id", "string")]));
    add("Run", object(&[("text", "string"), ("start", "integer"), ("end", "integer"), ("marks", "[Mark]")]));
    add("Segment", object(&[("kind", "string"), ("evidence", "boolean"), ("runs", "[Run]")]));
    add(
        "StoryItem",
        object(&[
            ("story_id", "string"),
            ("number", "integer"),
            ("title", "string"),
            ("date_start", "string?"),
            ("date_end", "string?"),
            ("n_documents", "integer"),
            ("n_origins", "integer"),
            ("n_claims", "integer"),
            ("n_corroborated", "integer"),
            ("n_differs", "integer"),
            ("n_contradicted", "integer"),
            ("n_conflicts", "integer"),
            ("n_events", "integer"),
            ("outlets", "[string]"),
            ("countries", "[string]"),
            ("types", "[Counted]"),
            ("flags", "[Counted]"),
            ("languages", "[string]"),
            ("actors", "[object]"),
            ("sparkline", "[object]"),
        ]),
    );
    add(
        "DocumentItem",
        object(&[
            ("doc_id", "string"),
            ("path", "string"),
            ("outlet", "string?"),
            ("title", "string?"),
            ("published_at", "string?"),
            ("n_words", "integer"),
            ("flags", "[string]"),
            ("story_id", "string"),
            ("story_number", "integer?"),
            ("label", "string"),
        ]),
    );
    add(
        "EventItem",
        object(&[
            ("event_id", "string"),
            ("doc_id", "string"),
            ("path", "string"),
            ("story_id", "string"),
            ("event_type", "string"),
            ("modes", "[string]"),
            ("contexts", "[string]"),
            ("score", "number"),
            ("actors", "[object]"),
            ("recipients", "[object]"),
            ("polarity", "string"),
            ("modality", "string"),
            ("date_start", "string?"),
            ("date_end", "string?"),
            ("place_name", "string?"),
            ("attribution", "[object]"),
            ("rule", "string"),
            ("trigger", "string"),
            ("runs", "[Run]"),
        ]),
    );
    add(
        "ChainItem",
        object(&[
            ("chain_id", "string"),
            ("story_id", "string"),
            ("story_number", "integer"),
            ("event_type", "string"),
            ("verdict", "string"),
            ("what", "string"),
        ]),
    );
    add(
        "ClaimItem",
        object(&[
            ("claim_id", "string"),
            ("story_id", "string"),
            ("claim", "string"),
            ("verdict", "string"),
            ("n_documents", "integer"),
            ("n_origins", "integer"),
        ]),
    );
    add(
        "QuoteItem",
        object(&[
            ("quote_id", "string"),
            ("doc_id", "string"),
            ("kind", "string"),
            ("text", "string"),
            ("speaker_name", "string"),
            ("utterance_id", "string"),
            ("start", "integer"),
            ("end", "integer"),
        ]),
    );
    add(
        "ConflictItem",
        object(&[
            ("conflict_id", "string"),
            ("story_id", "string"),
            ("field", "string"),
            ("hard", "boolean"),
            ("reason", "string"),
            ("values", "[object]"),
        ]),
    );
    add(
        "ActorItem",
        object(&[
            ("actor_id", "string"),
            ("name", "string"),
            ("kind", "string"),
            ("code", "string"),
            ("sector", "string"),
            ("office", "string"),
            ("mentions", "integer"),
            ("documents", "integer"),
            ("events", "integer"),
            ("excluded", "string"),
        ]),
    );
    add(
        "RelationItem",
        object(&[
            ("actor_code", "string"),
            ("recipient_code", "string"),
            ("n_events", "integer"),
            ("n_origins", "integer"),
            ("score_sum", "number"),
            ("positive", "integer"),
            ("negative", "integer"),
            ("first", "string?"),
            ("last", "string?"),
        ]),
    );
    add(
        "Hit",
        object(&[
            ("kind", "string"),
            ("id", "string"),
            ("score", "number"),
            ("title", "string"),
            ("doc_id", "string?"),
            ("story_id", "string?"),
            ("runs", "[object]"),
        ]),
    );
    add("Decision", object(&[("line", "integer"), ("text", "string"), ("note", "string")]));
    add(
        "Correction",
        object(&[
            ("id", "string"),
            ("event_id", "string"),
            ("field", "string"),
            ("was", "string"),
            ("should_be", "string"),
            ("note", "string"),
            ("doc_id", "string"),
            ("path", "string"),
            ("evidence", "string"),
            ("rule", "string"),
            ("time", "string"),
        ]),
    );
}

fn sent(add: &mut impl FnMut(&str, Value)) {
    add("Merge", body(&[("a", "string"), ("b", "string")], &[("note", "string?")]));
    add("Split", body(&[("a", "string")], &[("b", "string?"), ("document", "string?"), ("note", "string?")]));
    add("Query", body(&[("query", "string")], &[("limit", "integer?")]));
    let mut correction =
        body(&[("event_id", "string"), ("field", "string")], &[("should_be", "string"), ("note", "string")]);
    correction["properties"]["field"] = json!({"type": "string", "enum": CORRECTABLE});
    add("SentCorrection", correction);
}
