//! The processes that analyse pages for a worker: `polybius annotate-shards`. They are processes and not threads so that a page that
//! ends one, or never ends, costs nothing but itself.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// A page that takes longer is left to the run.
const LONGEST_PAGE: Duration = Duration::from_secs(60);
/// How long loading model and data may take.
const LONGEST_START: Duration = Duration::from_secs(120);
const PROGRAM: &str = "polybius";

/// Processes that wait for a shard. More are started as they are needed.
pub struct Readers {
    program: PathBuf,
    arguments: Vec<std::ffi::OsString>,
    idle: Mutex<Vec<Reader>>,
}

impl Readers {
    /// Those of one model and data folder. None is started yet.
    pub fn new(model: &str, data: Option<&Path>) -> Readers {
        let mut arguments = vec!["annotate-shards".into(), "--model".into(), model.into()];
        if let Some(data) = data {
            arguments.push("--data".into());
            arguments.push(data.into());
        }
        let program = beside().unwrap_or_else(|| PathBuf::from(PROGRAM));
        Readers { program, arguments, idle: Mutex::default() }
    }

    /// One that waits, or a new one.
    pub fn take(&self) -> Result<Reader, String> {
        let idle = self.idle.lock().unwrap_or_else(|fault| fault.into_inner()).pop();
        idle.map_or_else(|| self.start(), Ok)
    }

    /// Keeps one for the next shard.
    pub fn give_back(&self, reader: Reader) {
        self.idle.lock().unwrap_or_else(|fault| fault.into_inner()).push(reader);
    }

    /// Starts one and waits until it has loaded model and data.
    pub fn start(&self) -> Result<Reader, String> {
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|e| {
                format!(
                    "cannot start `{}`: {e}\n  hint: the program must lie beside the engine",
                    self.program.display()
                )
            })?;
        let lines = lines_of(child.stdout.take().expect("it is a pipe"));
        let errors = lines_of(child.stderr.take().expect("it is a pipe"));
        let requests = child.stdin.take().expect("it is a pipe");
        let mut reader = Reader { child, requests, lines, build: String::new() };
        match reader.line(LONGEST_START) {
            Ok(line) => {
                reader.build = parts(&line["ready"]);
                Ok(reader)
            }
            Err(why) => {
                let _ = reader.child.kill();
                let told: Vec<String> = errors.iter().collect();
                let told = told.join("\n");
                let told = told.trim_start_matches("error: ");
                Err(if told.is_empty() {
                    format!("`{}` {why}", self.program.display())
                } else {
                    told.to_string()
                })
            }
        }
    }
}

/// The lines of a pipe, read to its end also when nobody takes them, so that whoever writes is never stopped.
fn lines_of(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (give, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let _ = give.send(line);
        }
    });
    lines
}

/// The parts of a build, as `name hash, name hash`.
fn parts(build: &Value) -> String {
    let parts =
        build.as_object().into_iter().flatten().filter_map(|(name, hash)| Some((name, hash.as_str()?)));
    let parts: Vec<String> =
        parts.filter(|(_, h)| !h.is_empty()).map(|(name, h)| format!("{name} {h}")).collect();
    parts.join(", ")
}

/// A process that was lost over a page.
#[derive(Debug, PartialEq)]
pub struct Lost {
    /// The page that it had begun.
    pub page: Option<u64>,
    /// What became of it, after "the page".
    pub why: String,
}

/// A process that analyses one shard at a time.
pub struct Reader {
    child: Child,
    requests: ChildStdin,
    lines: Receiver<String>,
    /// The build that it is of.
    pub build: String,
}

impl Reader {
    /// Has a shard done. The inner error is a refusal, which holds for every process of this worker.
    pub fn shard(&mut self, request: &Value) -> Result<Result<(), String>, Lost> {
        let sent = writeln!(self.requests, "{request}").and_then(|()| self.requests.flush());
        sent.map_err(|e| Lost { page: None, why: format!("is gone ({e})") })?;
        let mut page = None;
        loop {
            let line = self.line(LONGEST_PAGE).map_err(|why| Lost { page, why })?;
            if let Some(at) = line["page"].as_u64() {
                page = Some(at);
            } else if let Some(words) = line["refused"].as_str() {
                return Ok(Err(words.to_string()));
            } else if line.get("done").is_some() {
                return Ok(Ok(()));
            }
        }
    }

    /// The next line, or what became of the process.
    fn line(&self, longest: Duration) -> Result<Value, String> {
        match self.lines.recv_timeout(longest) {
            Ok(line) => {
                serde_json::from_str(&line).map_err(|e| format!("is answered with what is no JSON ({e})"))
            }
            Err(RecvTimeoutError::Timeout) => Err(format!("takes over {} s", longest.as_secs())),
            Err(RecvTimeoutError::Disconnected) => Err("ends the program".to_string()),
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program in the folder of this one.
fn beside() -> Option<PathBuf> {
    let name = format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::current_exe().ok()?.canonicalize().ok()?.parent()?.join(name);
    path.is_file().then_some(path)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use serde_json::json;

    /// Processes that are a few lines of shell.
    fn readers(script: &str) -> Readers {
        let arguments = vec!["-c".into(), script.into()];
        Readers { program: PathBuf::from("sh"), arguments, idle: Mutex::default() }
    }

    const READY: &str = r#"echo '{"ready":{"program":"p","base":""}}'; read line; "#;

    #[test]
    fn a_shard_is_done_refused_or_lost_over_the_page_that_ends_the_program() {
        let does = |rest: &str| {
            let readers = readers(&format!("{READY}{rest}"));
            readers.start().unwrap().shard(&json!({ "shard": 1 }))
        };
        assert_eq!(does(r#"echo '{"page":8}'; echo '{"done":1}'"#), Ok(Ok(())));
        assert_eq!(does(r#"echo '{"refused":"no"}'"#), Ok(Err("no".to_string())));
        let lost = Lost { page: Some(9), why: "ends the program".to_string() };
        assert_eq!(does(r#"echo '{"page":8}'; echo '{"page":9}'; kill -9 $$"#), Err(lost));
    }

    #[test]
    fn a_program_that_cannot_start_says_why() {
        let told = readers("echo 'error: there is no model `x`' >&2; exit 1").start().err();
        assert_eq!(told, Some("there is no model `x`".to_string()));
        let none = Readers { program: "/no/such".into(), arguments: Vec::new(), idle: Mutex::default() };
        assert!(none.start().err().unwrap().contains("cannot start `/no/such`"));
        assert_eq!(readers(READY).start().unwrap().build, "program p");
    }
}
