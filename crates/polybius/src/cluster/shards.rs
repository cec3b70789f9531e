//! `polybius annotate-shards`: what a worker of the engine program runs, one for each of its threads. It takes a shard a line on
//! standard input and says on standard output which page it begins and when the shard is done. A page that ends the program, or takes
//! too long so that the worker ends it, is left out the next time.

use super::job::Job;
use crate::analyse::analyse_page;
use crate::args::ShardsArgs;
use crate::build::Build;
use crate::failure::Failure;
use crate::resources::Resources;
use polybius_store::{Analysis, AnalysisLog, PageReader, StoreError, each_analysis};
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

/// A shard to be done.
#[derive(Debug, Deserialize)]
struct Request {
    /// The folder of the job.
    job: PathBuf,
    /// Number of the shard.
    shard: u64,
    /// Positions of its pages in the log of pages.
    pages: Vec<u64>,
    /// Those that are to be left out.
    skip: Vec<u64>,
    /// The worker, for the names of drafts.
    worker: String,
}

/// Does one shard after the other until standard input ends, or nobody listens any more.
pub fn annotate_shards(args: &ShardsArgs) -> Result<(), Failure> {
    let mut at_work = AtWork { args, resources: Resources::load(&args.engine)? };
    let build = serde_json::to_value(&at_work.resources.build).expect("plain data");
    tell(&json!({ "ready": build }))?;
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|e| Failure::caused("cannot read standard input", &e))?;
        let answer = match serde_json::from_str::<Request>(&line) {
            Ok(request) => match at_work.shard(&request)? {
                Ok(()) => json!({ "done": request.pages.len() }),
                Err(words) => json!({ "refused": words }),
            },
            Err(e) => json!({ "refused": format!("it does not understand the request: {e}") }),
        };
        tell(&answer)?;
    }
    Ok(())
}

/// One line for the worker. An error where it is gone: then nothing more is to be done.
fn tell(line: &Value) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).map_err(|e| Failure::caused("the worker is gone", &e))
}

struct AtWork<'a> {
    args: &'a ShardsArgs,
    resources: Resources,
}

impl AtWork<'_> {
    /// Writes the analyses of a shard beside their place and moves them there whole.
    ///
    /// # Errors
    /// The inner ones are words for the run: this worker cannot do it. The outer ones end the program.
    fn shard(&mut self, request: &Request) -> Result<Result<(), String>, Failure> {
        let name = format!("{:05}", request.shard);
        let place = Job::done(&request.job).join(format!("{name}.log"));
        if each_analysis(&place, |_| {}).is_ok() {
            // The scheduler took another worker for lost that was only slow.
            return Ok(Ok(()));
        }
        let job = match self.job(&request.job) {
            Ok(job) => job,
            Err(words) => return Ok(Err(words)),
        };
        let worker = request.worker.replace([':', '.'], "-");
        let draft = Job::begun(&request.job).join(format!("{name}-{worker}-{}.log", std::process::id()));
        let opened = AnalysisLog::create(&draft).and_then(|log| Ok((log, PageReader::open(&job.store)?)));
        let (mut log, mut pages) = match opened {
            Ok(opened) => opened,
            Err(e) => return Ok(Err(words(&e))),
        };
        for at in request.pages.iter().filter(|at| !request.skip.contains(at)) {
            tell(&json!({ "page": at }))?;
            if let Err(e) = self.page(*at, &mut pages, &mut log) {
                return Ok(Err(words(&e)));
            }
        }
        let moved = log.sync().map_err(|e| words(&e)).and_then(|()| {
            std::fs::rename(&draft, &place).map_err(|e| format!("cannot write `{}`: {e}", place.display()))
        });
        Ok(moved)
    }

    fn page(&self, at: u64, pages: &mut PageReader, log: &mut AnalysisLog) -> Result<(), StoreError> {
        let (id, page) = pages.read_at(at)?;
        let analysis = match analyse_page(&id, &page, &self.resources) {
            Ok(doc) => Analysis::Coded(Box::new(doc)),
            Err(reject) => Analysis::Rejected(id, reject),
        };
        log.append(&analysis).map(|_| ())
    }

    /// The job, where model and data are those that it asks for. Only the base comes with a job; all else is as it was when the
    /// worker was started.
    fn job(&mut self, folder: &Path) -> Result<Job, String> {
        let job = Job::read(folder).map_err(|e| {
            format!(
                "cannot read the job in `{}`: {e}\n  hint: the store must lie under the same path for all workers",
                folder.display()
            )
        })?;
        let own = Build { base: job.build.base.clone(), ..self.resources.build.clone() };
        refuse_other(&own, &job.build)?;
        if self.resources.build != job.build {
            let failed = |failure: Failure| failure.in_one_line();
            self.resources = Resources::load(&self.args.engine).map_err(failed)?;
            if let Some(base) = &job.base {
                self.resources.open_base(Some(base), &job.store).map_err(failed)?;
            }
            refuse_other(&self.resources.build, &job.build)?;
        }
        Ok(job)
    }
}

fn refuse_other(own: &Build, wanted: &Build) -> Result<(), String> {
    match own.difference(wanted) {
        None => Ok(()),
        Some(parts) => Err(format!(
            "it is of another build than the run, in its {parts}\n  hint: start all workers with the program of the run, and \
             with the same --model, --data and --base"
        )),
    }
}

fn words(error: &StoreError) -> String {
    Failure::of(error).in_one_line()
}
