//! Finds and loads the model and the data files, from any folder that the program is called in.

use crate::args::EngineArgs;
use crate::build::{Build, program_hash};
use crate::failure::Failure;
use polybius_actors::ActorTables;
use polybius_events::Codebook;
use polybius_events::quotes::QuoteKnowledge;
use polybius_events::times::TimeKnowledge;
use polybius_ingest::IngestKnowledge;
use polybius_parse::Reader;
use polybius_text::stable_hash;
use std::path::{Path, PathBuf};

/// All that the stages are given.
pub struct Resources {
    pub reader: Reader,
    pub ingest: IngestKnowledge,
    pub tables: ActorTables,
    pub codebook: Codebook,
    pub times: TimeKnowledge,
    pub quotes: QuoteKnowledge,
    /// Names program, model and data: what an analysis depends on.
    pub settings_hash: String,
    pub model_hash: String,
    pub codebook_hash: String,
    /// The same part by part.
    pub build: Build,
}

impl Resources {
    /// Loads model and data at the same time on two threads.
    pub fn load(engine: &EngineArgs) -> Result<Resources, Failure> {
        let data = data_folder(engine)?;
        let model_path = model_path(engine, &data)?;
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| {
                Reader::open(&model_path).map_err(|e| Failure::caused("cannot load the model", &e))
            });
            let data_hash = scope.spawn(|| hash_of_folder(&data));
            let ingest = load("the reading rules", IngestKnowledge::load(&data.join("ingest")))?;
            let tables = load("the actor tables", ActorTables::load(&data))?;
            let codebook = load("the codebook", Codebook::load(&data.join("codebook")))?;
            let times = load("the time words", TimeKnowledge::load(&data))?;
            let quotes = load("the quote words", QuoteKnowledge::load(&data))?;
            let reader = reader.join().expect("loading does not panic")?;
            let data_hash = data_hash.join().expect("hashing does not panic");
            let model_hash = reader.hash().to_string();
            let build = Build {
                program: program_hash().to_string(),
                model: model_hash.clone(),
                data: data_hash,
                base: String::new(),
            };
            Ok(Resources {
                reader,
                ingest,
                tables,
                codebook,
                times,
                quotes,
                settings_hash: settings_hash(&build),
                model_hash,
                codebook_hash: codebook_hash(&data),
                build,
            })
        })
    }
}

impl Resources {
    /// Opens the base that is given, or the one that lies in the store, and says which. Pages analysed with another base are
    /// analysed anew.
    pub fn open_base(&mut self, given: Option<&Path>, store: &Path) -> Result<Option<PathBuf>, Failure> {
        let path = match given {
            Some(path) => path.to_path_buf(),
            None => store.join(crate::actors::BASE),
        };
        if given.is_none() && !path.exists() {
            return Ok(None);
        }
        let base = crate::actors::open_base(&path)?;
        let stamp = std::fs::metadata(&path).map(|m| format!("{} {:?}", m.len(), m.modified().ok()));
        self.build.base = stamp.unwrap_or_default();
        self.settings_hash = settings_hash(&self.build);
        self.tables.set_base(base);
        Ok(Some(path))
    }
}

/// One hash over all that an analysis depends on.
fn settings_hash(build: &Build) -> String {
    let own = format!("{:016x}", stable_hash(&[&build.program, &build.model, &build.data]));
    if build.base.is_empty() { own } else { format!("{:016x}", stable_hash(&[&own, &build.base])) }
}

fn load<T, E: std::error::Error + 'static>(what: &str, result: Result<T, E>) -> Result<T, Failure> {
    result.map_err(|e| {
        Failure::caused(&format!("cannot load {what}"), &e).hint("`polybius data check` lists every bad row")
    })
}

/// The folder `data`: given, or beside the program, or above it (in a build folder), or where it was built.
pub fn data_folder(engine: &EngineArgs) -> Result<PathBuf, Failure> {
    if let Some(given) = &engine.data {
        if given.join("codebook").is_dir() {
            return Ok(given.clone());
        }
        return Err(Failure::new(format!("`{}` is not a data folder", given.display()))
            .hint("it must hold codebook/, actors/ and model/"));
    }
    let mut candidates = Vec::new();
    if let Ok(program) = std::env::current_exe().and_then(|p| p.canonicalize()) {
        for folder in program.ancestors().skip(1) {
            candidates.push(folder.join("data"));
            candidates.push(folder.join("share/polybius/data"));
        }
    }
    candidates.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data"));
    candidates.into_iter().find(|c| c.join("codebook").is_dir() && c.join("actors").is_dir()).ok_or_else(
        || {
            Failure::new("cannot find the data folder".to_string())
                .hint("give it with --data DIR or POLYBIUS_DATA: it holds codebook/, actors/ and model/")
        },
    )
}

/// The model file of a profile, or the path itself.
pub fn model_path(engine: &EngineArgs, data: &Path) -> Result<PathBuf, Failure> {
    let profile = data.join("model").join(format!("{}.safetensors", engine.model));
    let path = PathBuf::from(&engine.model);
    if profile.is_file() {
        Ok(profile)
    } else if path.is_file() {
        Ok(path)
    } else {
        Err(Failure::new(format!("there is no model `{}`", engine.model)).hint(&format!(
            "profiles lie in {}; a path to a .safetensors file works too",
            data.join("model").display()
        )))
    }
}

/// Only the reader, for the commands that need no tables.
pub fn load_reader(engine: &EngineArgs) -> Result<Reader, Failure> {
    let data = data_folder(engine)?;
    let path = model_path(engine, &data)?;
    Reader::open(&path).map_err(|e| Failure::caused("cannot load the model", &e))
}

/// Tells one codebook from another.
pub fn codebook_hash(data: &Path) -> String {
    hash_of_folder(&data.join("codebook"))
}

/// Names and content of all text tables; the model has its own hash.
fn hash_of_folder(data: &Path) -> String {
    let mut files = Vec::new();
    let mut folders = vec![data.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "tsv" || e == "txt") {
                files.push(path);
            }
        }
    }
    files.sort();
    let mut hash = 0_u64;
    for path in files {
        let bytes = std::fs::read(&path).unwrap_or_default();
        // Eight bytes at a time: the place table alone has two megabytes.
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            hash = (hash ^ u64::from_le_bytes(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
        }
        hash ^= bytes.len() as u64;
    }
    format!("{hash:016x}")
}
