//! SQL: a query is handed to the engine program, with limits of time, rows and memory.

use crate::App;
use crate::ordered::Ordered;
use crate::problem::{Kind, Problem};
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Rows and seconds of one query at most.
pub const MAX_ROWS: usize = 10_000;
const ROWS: usize = 1000;
const SECONDS: u64 = 30;
/// Kilobytes of address space that the engine may take.
#[cfg(unix)]
const MEMORY_KB: u64 = 4 * 1024 * 1024;
/// Bytes of a row; a longer one ends the answer.
const LINE_BYTES: u64 = 4 * 1024 * 1024;

/// What a person sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    pub query: String,
    pub limit: Option<usize>,
}

/// Runs a query.
pub fn run(app: &App, sent: &Sent) -> Result<Value, Problem> {
    if sent.query.trim().is_empty() {
        return Err(Problem::bad("there is no query"));
    }
    let limit = sent.limit.unwrap_or(ROWS);
    if limit == 0 || limit > MAX_ROWS {
        return Err(Problem::bad("`limit` is no number of rows").hint(format!("1 to {MAX_ROWS}")));
    }
    let Some(engine) = &app.options.engine else {
        return Err(Problem::new(Kind::EngineMissing, "SQL needs the engine program, which is not there").hint(
            "build it once with `cargo build --release -p polybius-engine`; the tables are also plain Parquet files",
        ));
    };
    let started = Instant::now();
    let mut command = limited(engine);
    command.args(["sql", "-", "--format", "jsonl", "--store"]).arg(app.store.root());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command
        .spawn()
        .map_err(|e| Problem::new(Kind::Internal, "the engine program cannot be started").caused(&e))?;
    let answer = read(&mut child, &sent.query, limit);
    let _ = child.kill();
    let status = child.wait();
    match answer {
        Outcome::Slow => Err(Problem::new(Kind::Timeout, format!("the query took longer than {SECONDS} s"))
            .hint("ask for less, or use `polybius sql` on the command line")),
        Outcome::Rows { truncated: false, message, .. } if !status.is_ok_and(|s| s.success()) => {
            let message = message.trim().trim_start_matches("error: ");
            Err(Problem::new(Kind::QueryFailed, "the query failed").detail(message))
        }
        Outcome::Rows { rows, truncated, .. } => {
            let (columns, rows) = in_columns(rows);
            let seconds = (started.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
            Ok(json!({"columns": columns, "rows": rows, "truncated": truncated, "seconds": seconds}))
        }
    }
}

/// The engine with less memory where the system can say so.
fn limited(engine: &std::path::Path) -> Command {
    #[cfg(unix)]
    {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("ulimit -v {MEMORY_KB}; exec \"$0\" \"$@\"")).arg(engine);
        shell
    }
    #[cfg(not(unix))]
    Command::new(engine)
}

enum Outcome {
    Rows { rows: Vec<Ordered>, truncated: bool, message: String },
    Slow,
}

/// Sends the query and takes rows until there are enough, or time is over.
fn read(child: &mut Child, query: &str, limit: usize) -> Outcome {
    let (send, receive) = mpsc::channel();
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let query = query.to_string();
    std::thread::spawn(move || {
        // An engine that has ended takes no query: its message says why.
        let _ = stdin.map(|mut s| s.write_all(query.as_bytes()));
    });
    let errors = std::thread::spawn(move || {
        let mut message = String::new();
        let _ = stderr.map(|s| s.take(64 * 1024).read_to_string(&mut message));
        message
    });
    std::thread::spawn(move || {
        let mut rows = Vec::new();
        let mut reader = stdout.map(BufReader::new);
        let mut line = Vec::new();
        while let Some(out) = &mut reader {
            line.clear();
            match out.by_ref().take(LINE_BYTES).read_until(b'\n', &mut line) {
                Ok(n) if n > 0 && rows.len() < limit => match serde_json::from_slice(&line) {
                    Ok(row) => rows.push(row),
                    Err(_) => break,
                },
                Ok(0) | Err(_) => {
                    let _ = send.send((rows, false));
                    return;
                }
                Ok(_) => break,
            }
        }
        let _ = send.send((rows, true));
    });
    match receive.recv_timeout(Duration::from_secs(SECONDS)) {
        Ok((rows, truncated)) => {
            let message = if truncated { String::new() } else { errors.join().unwrap_or_default() };
            Outcome::Rows { rows, truncated, message }
        }
        Err(_) => Outcome::Slow,
    }
}

/// Objects as a table: names once, values in their order.
fn in_columns(rows: Vec<Ordered>) -> (Vec<String>, Vec<Vec<Value>>) {
    let mut columns: Vec<String> = Vec::new();
    for (key, _) in rows.iter().flat_map(|r| &r.0) {
        if !columns.contains(key) {
            columns.push(key.clone());
        }
    }
    let cell = |row: &Ordered, column: &String| {
        row.0.iter().find(|(key, _)| key == column).map_or(Value::Null, |(_, value)| value.clone())
    };
    let table = rows.iter().map(|row| columns.iter().map(|c| cell(row, c)).collect()).collect();
    (columns, table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_in_the_order_of_the_query() {
        let rows = [r#"{"z":1,"a":"x"}"#, r#"{"z":2,"m":null}"#];
        let rows = rows.iter().map(|r| serde_json::from_str(r).unwrap()).collect();
        let (columns, table) = in_columns(rows);
        assert_eq!(columns, ["z", "a", "m"]);
        assert_eq!(table[1], [json!(2), Value::Null, Value::Null]);
    }
}
