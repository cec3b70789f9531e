//! `polybius run --cluster` from outside, on loopback: the same tables as a run by itself, also when a worker is killed. The program
//! `polybius` must lie beside the engine, as it does after `cargo build --workspace`.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

fn polybius() -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_polybius-engine")).with_file_name("polybius");
    assert!(program.is_file(), "build it first: cargo build -p polybius");
    Command::new(program)
}

/// A scheduler or worker, which is stopped with the value.
struct Service(Child);

impl Service {
    /// Starts it and gives its first line, which it writes when it is ready.
    fn start(arguments: &[&str]) -> (Service, String) {
        let mut child = polybius().args(arguments).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let first = lines.next().expect("it says something").expect("in UTF-8");
        // The rest is read too, so that a full pipe never stops it.
        std::thread::spawn(move || lines.count());
        (Service(child), first)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn scheduler() -> (Service, String) {
    let (scheduler, line) = Service::start(&["scheduler", "--listen", "127.0.0.1:0"]);
    (scheduler, line.rsplit(' ').next().unwrap().to_string())
}

fn worker(address: &str) -> Service {
    Service::start(&["worker", "--cluster", address, "--threads", "1"]).0
}

fn corpus(folder: &Path, pages: &str) -> PathBuf {
    let path = folder.join("corpus.jsonl");
    let arguments = ["bench", "generate", "--pages", pages, "--out"];
    assert!(polybius().args(arguments).arg(&path).status().unwrap().success());
    path
}

fn run(corpus: &Path, store: &Path, more: &[&str]) -> Output {
    polybius().args(["run", "--json", "--store"]).arg(store).arg(corpus).args(more).output().unwrap()
}

/// How many pages a run that ended well analysed.
fn read_now(output: &Output) -> String {
    assert!(output.status.success(), "{}", words(output));
    let summary = String::from_utf8_lossy(&output.stdout);
    let rest = summary.split_once("\"read_now\":").expect("a summary").1;
    rest.split(',').next().unwrap().to_string()
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The file of every table as it is now, with its bytes.
fn tables(store: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let folders = fs::read_dir(store).unwrap().flatten();
    let shown = folders.filter(|e| !e.file_name().to_string_lossy().starts_with('_'));
    let files = shown.flat_map(|folder| fs::read_dir(folder.path()).into_iter().flatten().flatten());
    let parquet = files.map(|f| f.path()).filter(|p| p.extension().is_some_and(|e| e == "parquet"));
    parquet.map(|p| (p.strip_prefix(store).unwrap().to_path_buf(), fs::read(&p).unwrap())).collect()
}

#[test]
fn a_run_on_a_cluster_gives_the_bytes_of_a_run_by_itself() {
    let root = tempfile::tempdir().unwrap();
    let corpus = corpus(root.path(), "40");
    let (alone, together) = (root.path().join("alone"), root.path().join("to gether é"));
    read_now(&run(&corpus, &alone, &[]));
    let (_scheduler, address) = scheduler();
    let _workers = [worker(&address), worker(&address)];
    assert_eq!(read_now(&run(&corpus, &together, &["--cluster", &address])), "40");
    assert!(tables(&alone) == tables(&together), "the cluster gives other tables");
    assert_eq!(fs::read_dir(together.join("_cluster")).unwrap().count(), 0, "the job is cleared away");
    assert_eq!(read_now(&run(&corpus, &together, &["--cluster", &address])), "0");
}

#[test]
fn a_worker_of_another_build_is_refused_and_says_what_differs() {
    let root = tempfile::tempdir().unwrap();
    let corpus = corpus(root.path(), "3");
    let store = root.path().join("store");
    let (_scheduler, address) = scheduler();
    let _worker = worker(&address);
    let refused = run(&corpus, &store, &["--cluster", &address, "--model", "fast"]);
    assert_eq!(refused.status.code(), Some(1));
    let words = words(&refused);
    assert!(words.contains("it is of another build than the run, in its model"), "{words}");
    assert!(words.contains("hint: start all workers with the program of the run"), "{words}");
    assert!(words.contains("0 of 3 pages were analysed and are kept"), "{words}");
}

#[test]
fn a_cluster_that_is_not_there_is_told_with_the_way_out_and_pages_are_kept() {
    let root = tempfile::tempdir().unwrap();
    let corpus = corpus(root.path(), "3");
    let store = root.path().join("store");
    let nobody = run(&corpus, &store, &["--cluster", "127.0.0.1:1"]);
    assert_eq!(nobody.status.code(), Some(1));
    let nobody = words(&nobody);
    assert!(nobody.contains("cause: cannot reach the scheduler at `127.0.0.1:1`"), "{nobody}");
    assert!(nobody.contains("hint: start it with `polybius scheduler`"), "{nobody}");
    let (_scheduler, address) = scheduler();
    let idle = words(&run(&corpus, &store, &["--cluster", &address, "--patience", "1"]));
    assert!(idle.contains("no worker finished a page in 1 s"), "{idle}");
    assert!(
        idle.contains(&format!("hint: start workers with `polybius worker --cluster {address}`")),
        "{idle}"
    );
    assert!(words(&run(&corpus, &store, &["--cluster", "nowhere"])).contains("give HOST:PORT"));
    fs::remove_file(&corpus).unwrap();
    fs::write(&corpus, "").unwrap();
    assert_eq!(read_now(&run(&corpus, &store, &[])), "3", "the pages are in the store");
}

#[test]
#[ignore = "takes minutes: the scheduler waits 15 s for a worker that is lost"]
fn a_run_whose_worker_is_killed_gives_the_same_bytes_or_says_so_and_gives_them_the_next_time() {
    let root = tempfile::tempdir().unwrap();
    let corpus = corpus(root.path(), "400");
    let alone = root.path().join("alone");
    read_now(&run(&corpus, &alone, &[]));
    // Before the first shard is done, in the middle, and near the end of 25.
    for after in [0, 8, 20] {
        let together = root.path().join(format!("killed-after-{after}"));
        let (_scheduler, address) = scheduler();
        let (first, _second) = (worker(&address), worker(&address));
        let killer = std::thread::spawn({
            let together = together.clone();
            move || {
                let began = Instant::now();
                while shards_begun(&together) == 0 || shards_done(&together) < after {
                    assert!(began.elapsed() < Duration::from_secs(300), "the shards are not done");
                    std::thread::sleep(Duration::from_millis(5));
                }
                drop(first);
            }
        });
        let done = run(&corpus, &together, &["--cluster", &address, "--patience", "60"]);
        killer.join().unwrap();
        if done.status.success() {
            eprintln!("killed after {after} shards: the other worker did the rest");
        } else {
            eprintln!("killed after {after} shards: {}", words(&done));
            assert!(words(&done).contains("were analysed and are kept"));
            read_now(&run(&corpus, &together, &["--cluster", &address, "--patience", "60"]));
        }
        assert!(tables(&alone) == tables(&together), "killed after {after} shards: other tables");
    }
}

/// Files in a folder of the job that runs.
fn in_jobs(store: &Path, folder: &str) -> usize {
    let jobs = fs::read_dir(store.join("_cluster")).into_iter().flatten().flatten();
    jobs.map(|job| fs::read_dir(job.path().join(folder)).into_iter().flatten().count()).sum()
}

fn shards_done(store: &Path) -> usize {
    in_jobs(store, "done")
}

fn shards_begun(store: &Path) -> usize {
    in_jobs(store, "begun")
}
