//! Tables as files.

use super::{Answer, Context, asked_story};
use crate::ordered::Ordered;
use crate::problem::{Kind, Problem};
use crate::request::Request;
use crate::snapshot::Snapshot;
use polybius_store::Store;
use polybius_store::rows::*;
use polybius_store::write_parquet_to;
use rustc_hash::FxHashSet;
use serde_json::Value;

const FORMATS: [&str; 3] = ["csv", "jsonl", "parquet"];

/// Tables that can be had.
pub const TABLES: [&str; 11] = [
    "stories",
    "documents",
    "events",
    "quotes",
    "claims",
    "claim_cells",
    "conflicts",
    "chains",
    "relations",
    "actors",
    "roles",
];

/// Which rows are meant.
struct Wanted<'s> {
    story_id: Option<&'s str>,
    claims: Option<FxHashSet<&'s str>>,
    doc_id: Option<&'s str>,
    path: Option<&'s str>,
    paths: Option<FxHashSet<&'s str>>,
    docs: Option<FxHashSet<&'s str>>,
    types: Vec<String>,
}

/// The rows of a table, of one story or document where one is named.
pub fn export(c: &Context<'_>, request: &Request) -> Result<Answer, Problem> {
    let s = c.snapshot;
    let table = request.piece("table");
    let format = request.one_of("format", &FORMATS)?.unwrap_or("csv");
    let w = wanted(s, request)?;
    let store = Store::open(c.root())?;
    let own = |id: &str, of: Option<&str>| of.is_none_or(|x| x == id);
    let among = |id: &str, of: &Option<FxHashSet<&str>>| of.as_ref().is_none_or(|set| set.contains(id));
    let typed = |t: &String| w.types.is_empty() || w.types.contains(t);
    let body = match table {
        "stories" => file(&store, format, |r: &StoryRow| own(&r.story_id, w.story_id)),
        "documents" => {
            file(&store, format, |r: &DocumentRow| own(&r.doc_id, w.doc_id) && own(&r.story_id, w.story_id))
        }
        "events" => file(&store, format, |r: &EventFlatRow| {
            own(&r.story_id, w.story_id) && own(&r.path, w.path) && typed(&r.event_type)
        }),
        "quotes" => file(&store, format, |r: &QuoteFlatRow| own(&r.path, w.path) && among(&r.path, &w.paths)),
        "claims" => file(&store, format, |r: &ClaimRow| own(&r.story_id, w.story_id)),
        "claim_cells" => {
            file(&store, format, |r: &ClaimCellRow| own(&r.doc_id, w.doc_id) && among(&r.claim_id, &w.claims))
        }
        "conflicts" => file(&store, format, |r: &ConflictRow| own(&r.story_id, w.story_id)),
        "chains" => file(&store, format, |r: &ChainRow| own(&r.story_id, w.story_id) && typed(&r.event_type)),
        "relations" => file(&store, format, |_: &RelationRow| true),
        "actors" => file(&store, format, |_: &ActorRow| true),
        "roles" => file(&store, format, |r: &RoleRow| {
            r.doc_id.as_deref().is_none_or(|d| own(d, w.doc_id) && among(d, &w.docs))
        }),
        other => {
            let hint = format!("one of {}", TABLES.join(", "));
            return Err(Problem::missing("table", other).hint(hint));
        }
    }?;
    let content_type = match format {
        "csv" => "text/csv; charset=utf-8",
        "jsonl" => "application/x-ndjson",
        _ => "application/vnd.apache.parquet",
    };
    Ok(Answer { status: 200, content_type, body, attachment: Some(format!("{table}.{format}")) })
}

fn wanted<'s>(s: &'s Snapshot, request: &Request) -> Result<Wanted<'s>, Problem> {
    let story = asked_story(s, request)?;
    let doc = request
        .get("document")
        .map(|id| s.doc(id).ok_or_else(|| Problem::missing("document", id)))
        .transpose()?;
    let docs = |n: usize| s.stories[n].docs.iter().map(|&d| &s.documents[d as usize]);
    Ok(Wanted {
        story_id: story.map(|n| s.stories[n].row.story_id.as_str()),
        claims: story.map(|n| s.claims_of(n).iter().map(|c| c.claim_id.as_str()).collect()),
        doc_id: doc.map(|d| s.documents[d].doc_id.as_str()),
        path: doc.map(|d| s.documents[d].path.as_str()),
        paths: story.map(|n| docs(n).map(|d| d.path.as_str()).collect()),
        docs: story.map(|n| docs(n).map(|d| d.doc_id.as_str()).collect()),
        types: super::filter::event_types(request)?,
    })
}

fn file<R: Row>(store: &Store, format: &str, wanted: impl Fn(&R) -> bool) -> Result<Vec<u8>, Problem> {
    let rows: Vec<R> = store.read::<R>()?.into_iter().filter(wanted).collect();
    let mut out = Vec::new();
    match format {
        "parquet" => write_parquet_to(&mut out, &rows)
            .map_err(|e| Problem::new(Kind::Internal, "the rows cannot be written").caused(&e))?,
        "jsonl" => {
            for row in &rows {
                serde_json::to_writer(&mut out, row).expect("rows are plain data");
                out.push(b'\n');
            }
        }
        _ => csv(&mut out, &rows),
    }
    Ok(out)
}

/// Names of the columns, then a line a row; lists are joined by `;`, structures stand as JSON.
fn csv<R: Row>(out: &mut Vec<u8>, rows: &[R]) {
    let header = columns::<R>();
    line(out, header.iter().map(|h| h.to_string()));
    for row in rows {
        let value = serde_json::to_value(row).expect("rows are plain data");
        line(out, header.iter().map(|h| cell(&value[h.as_str()])));
    }
}

/// The columns in the order of the struct.
fn columns<R: Row>() -> Vec<String> {
    let text = serde_json::to_string(&R::default()).expect("rows are plain data");
    let row: Ordered = serde_json::from_str(&text).expect("a row is an object");
    row.0.into_iter().map(|(name, _)| name).collect()
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(s) => s.clone(),
        Value::Array(list) if list.iter().all(|v| !v.is_object() && !v.is_array()) => {
            list.iter().map(cell).collect::<Vec<_>>().join(";")
        }
        other => other.to_string(),
    }
}

fn line(out: &mut Vec<u8>, cells: impl Iterator<Item = String>) {
    for (n, cell) in cells.enumerate() {
        if n > 0 {
            out.push(b',');
        }
        // A spreadsheet takes what begins so for a formula.
        let risky = cell.starts_with(['=', '+', '@', '\t', '\r'])
            || cell.starts_with('-') && cell.parse::<f64>().is_err();
        let cell = if risky { format!("'{cell}") } else { cell };
        if cell.contains(['"', ',', '\n', '\r']) {
            out.extend_from_slice(format!("\"{}\"", cell.replace('"', "\"\"")).as_bytes());
        } else {
            out.extend_from_slice(cell.as_bytes());
        }
    }
    out.extend_from_slice(b"\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_keeps_the_columns_in_order_and_quotes_what_must_be() {
        let row = StoryRow {
            story_id: "s1".into(),
            title: "Moon, \"Kim\"".into(),
            n_documents: 3,
            ..StoryRow::default()
        };
        let formula = StoryRow { title: "=HYPERLINK(1)".into(), ..StoryRow::default() };
        let mut out = Vec::new();
        csv(&mut out, &[row, formula]);
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "story_id,title,date_start,date_end,n_documents,n_origins");
        assert_eq!(lines[1], "s1,\"Moon, \"\"Kim\"\"\",,,3,0");
        assert_eq!(lines[2], ",'=HYPERLINK(1),,,0,0");
    }
}
