//! `polybius eval`: the scores of the stages on gold story sets, and the acceptance checks.

mod acceptance;
mod actor_score;
mod claim_causes;
mod claim_score;
mod cluster_score;
mod cluster_sets;
mod gold;
mod labelled;
mod pages;
mod place_score;
mod sets;
mod stability;
mod status_set;
mod story_score;
mod time_set;

use crate::analyse::analyse_page;
use crate::args::EvalArgs;
use crate::failure::Failure;
use crate::resources::Resources;
use crate::term::say;
use polybius_store::{Analysis, AnalysisLog, StoreTables, tables_of};
use polybius_text::{CodedDocument, DocId, Reject};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Runs the evaluations that the arguments ask for; `false` when a figure is under its floor.
pub fn eval(args: &EvalArgs) -> Result<bool, Failure> {
    let resources = Resources::load(&args.engine)?;
    let floors = match &args.floors {
        Some(path) => gold::read_json(path)?,
        None => Value::Null,
    };
    let mut all_above = true;
    if args.geo.is_some() || args.links.is_some() {
        if let Some(path) = &args.geo {
            let score = place_score::geo(path, &resources)?;
            print_score("geo", &score.figures, &score.misses, args);
            all_above &= above_floors("geo", &score.figures, &floors["geo"]);
        }
        if let Some(path) = &args.links {
            let score = place_score::links(path, &resources)?;
            print_score("links", &score.figures, &score.misses, args);
            all_above &= above_floors("links", &score.figures, &floors["links"]);
        }
        return Ok(all_above);
    }
    if let Some(file) = &args.times {
        for (name, score) in time_set::times(file, &resources)? {
            print_score(&name, &score.figures, &score.misses, args);
            all_above &= above_floors(&name, &score.figures, &floors[&name]);
        }
        return Ok(all_above);
    }
    let clusters: [(&str, &Option<PathBuf>, fn(&Path, &Resources) -> Result<sets::SetScore, Failure>); 3] = [
        ("stories-b3", &args.stories_b3, cluster_sets::stories),
        ("chains", &args.chains, cluster_sets::chains),
        ("gold-mentions", &args.gold_mentions, cluster_sets::gold_mentions),
    ];
    let mut clustered = false;
    for (name, path, scored) in clusters {
        let Some(path) = path else { continue };
        let score = scored(path, &resources)?;
        print_score(name, &score.figures, &score.misses, args);
        all_above &= above_floors(name, &score.figures, &floors[name]);
        clustered = true;
    }
    if clustered {
        return Ok(all_above);
    }
    let status = args.status.iter().map(|f| status_set::status(f, &resources));
    let factuality = args.factuality.iter().map(|f| status_set::factuality(f, &resources));
    let mut asked = false;
    for scored in status.chain(factuality) {
        let (name, score) = scored?;
        print_score(&name, &score.figures, &score.misses, args);
        all_above &= above_floors(&name, &score.figures, &floors[&name]);
        asked = true;
    }
    if asked {
        return Ok(all_above);
    }
    if args.seeds.is_none() || args.gold.is_some() {
        for set in story_sets(args)? {
            let coded = analyse_folder(&set.docs, &resources, args.keep.as_deref())?;
            let tables = coded.compare(&resources);
            let mut score = story_score::score(&set.gold, &tables);
            let mut actors = actor_score::score(&set.gold, &tables);
            score.misses.append(&mut actors.misses);
            let mut figures = score.figures();
            if let (Some(all), Value::Object(more)) = (figures.as_object_mut(), actors.figures()) {
                all.extend(more);
            }
            let (stable, mut changes) = stability::stability(&coded.docs);
            score.misses.append(&mut changes);
            if let (Some(all), Value::Object(more)) = (figures.as_object_mut(), stable) {
                all.extend(more);
            }
            print_score(&set.name, &figures, &score.misses, args);
            all_above &= above_floors(&set.name, &figures, &floors[&set.name]);
        }
    }
    if args.seeds.is_none() && args.gold.is_none() {
        let evals = repository().join("evals");
        let silent: Vec<PathBuf> =
            (1..=10).map(|i| evals.join(format!("labelled/silence-{i:02}.txt"))).collect();
        let scores = [
            ("sentences", sets::sentences(&evals.join("sentences/sentences.jsonl"), &resources)?),
            ("wire-dev", labelled::wire(&evals.join("labelled/wire-dev.txt"), &resources)?),
            ("wire-test", labelled::wire(&evals.join("labelled/wire-test.txt"), &resources)?),
            ("silence", labelled::silence(&silent, &resources)?),
            ("names", sets::names(&evals.join("names.jsonl"))?),
        ];
        for (name, score) in scores {
            print_score(name, &score.figures, &score.misses, args);
            all_above &= above_floors(name, &score.figures, &floors[name]);
        }
        for (name, score) in pages::scores(&evals.join("pages"), &resources.ingest)? {
            print_score(&name, &score.figures, &score.misses, args);
            all_above &= above_floors(&name, &score.figures, &floors[&name]);
        }
    }
    if let Some(folder) = &args.seeds {
        let checks = gold::read_json(&repository().join("evals/acceptance.json"))?;
        let coded = analyse_folder(folder, &resources, args.keep.as_deref())?;
        let outcomes = acceptance::run(&checks, &coded, &resources)?;
        let holds = outcomes.iter().filter(|o| o.failure.is_none()).count();
        for o in &outcomes {
            match &o.failure {
                None => say!("{:>3} holds  {}", o.number, o.what),
                Some(why) => say!("{:>3} FAILS  {}\n           {why}", o.number, o.what),
            }
        }
        say!("{holds} of {} checks hold", outcomes.len());
        let figures = json!({"checks": holds});
        all_above &= above_floors("acceptance", &figures, &floors["acceptance"]);
    }
    Ok(all_above)
}

/// Documents of a folder, coded one by one.
pub struct Coded {
    pub docs: Vec<CodedDocument>,
    pub rejects: Vec<Reject>,
}

impl Coded {
    /// Compares the documents and gives the tables, as `polybius run` would commit them.
    pub fn compare(&self, resources: &Resources) -> StoreTables {
        compare_docs(self.docs.clone(), &self.rejects, resources)
    }
}

/// Compares documents given in any order.
pub fn compare_docs(mut docs: Vec<CodedDocument>, rejects: &[Reject], resources: &Resources) -> StoreTables {
    docs.sort_by(|a, b| a.annotated.article.doc_id.cmp(&b.annotated.article.doc_id));
    let corpus = polybius_stories::compare_corpus(&mut docs, &resources.tables);
    tables_of(&docs, &corpus, rejects)
}

/// Codes the pages of a folder; takes from the log in `keep` what the same program made of a page before.
fn analyse_folder(folder: &Path, resources: &Resources, keep: Option<&Path>) -> Result<Coded, Failure> {
    if !folder.is_dir() {
        return Err(Failure::new(format!("there is no folder `{}`", folder.display())));
    }
    let mut known: BTreeMap<DocId, CodedDocument> = BTreeMap::new();
    let mut log = match keep {
        Some(root) => Some(AnalysisLog::open_analysis(root, &resources.settings_hash, |_, analysis| {
            if let Analysis::Coded(doc) = analysis {
                known.insert(doc.annotated.article.doc_id.clone(), *doc);
            }
        })?),
        None => None,
    };
    let mut rejects = Vec::new();
    let mut docs = Vec::new();
    for item in polybius_sources::pages(&[folder.to_path_buf()], Default::default()) {
        let coded = item.and_then(|page| {
            let id = DocId::of_page(&page.path, &page.bytes);
            known
                .remove(&id)
                .map_or_else(|| Ok((analyse_page(&id, &page, resources)?, true)), |doc| Ok((doc, false)))
        });
        match (coded, &mut log) {
            (Ok((doc, true)), Some(log)) => {
                let analysis = Analysis::Coded(Box::new(doc));
                log.append(&analysis)?;
                if let Analysis::Coded(doc) = analysis {
                    docs.push(*doc);
                }
            }
            (Ok((doc, _)), _) => docs.push(doc),
            (Err(reject), _) => rejects.push(reject),
        }
    }
    Ok(Coded { docs, rejects })
}

/// A gold file with its pages.
struct StorySet {
    name: String,
    gold: Value,
    docs: PathBuf,
}

fn story_sets(args: &EvalArgs) -> Result<Vec<StorySet>, Failure> {
    let Some(gold) = &args.gold else {
        let root = repository();
        return sets_in(&root.join("evals/stories"), |name| root.join("examples").join(name));
    };
    if gold.is_file() {
        let docs = args
            .docs
            .clone()
            .or_else(|| gold.parent().map(|p| p.join("docs")))
            .ok_or_else(|| Failure::new("give the pages with --docs DIR".to_string()))?;
        let name = gold.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        return Ok(vec![StorySet { name, gold: gold::read_json(gold)?, docs }]);
    }
    let mut folders = vec![gold.clone()];
    for entry in std::fs::read_dir(gold)
        .map_err(|e| Failure::caused(&format!("cannot read `{}`", gold.display()), &e))?
        .flatten()
    {
        folders.push(entry.path());
    }
    folders.sort();
    let mut sets = Vec::new();
    for folder in folders {
        let file = folder.join("gold.json");
        if file.is_file() {
            let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            sets.push(StorySet { name, gold: gold::read_json(&file)?, docs: folder.join("docs") });
        }
    }
    if sets.is_empty() {
        return Err(Failure::new(format!("no gold.json in or under `{}`", gold.display()))
            .hint("a set is a folder with gold.json and docs/"));
    }
    Ok(sets)
}

/// Gold files `<name>.json` of one folder, with the pages that `docs` gives for a name.
fn sets_in(folder: &Path, docs: impl Fn(&str) -> PathBuf) -> Result<Vec<StorySet>, Failure> {
    let entries = std::fs::read_dir(folder)
        .map_err(|e| Failure::caused(&format!("cannot read `{}`", folder.display()), &e))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "json"));
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            Ok(StorySet { docs: docs(&name), gold: gold::read_json(&file)?, name })
        })
        .collect()
}

/// The folder that holds `evals/` and `examples/`: where the program was built.
fn repository() -> PathBuf {
    let here = PathBuf::from(".");
    if here.join("evals").is_dir() { here } else { Path::new(env!("CARGO_MANIFEST_DIR")).join("../..") }
}

fn print_score(name: &str, figures: &Value, misses: &[String], args: &EvalArgs) {
    if args.json {
        say!("{}", json!({"set": name, "figures": figures}));
    } else {
        say!("{name}");
        if let Value::Object(map) = figures {
            for (figure, value) in map {
                say!("  {figure:<28} {value}");
            }
        }
    }
    if args.misses {
        for miss in misses {
            say!("    {miss}");
        }
    }
}

/// Prints each figure that is under its floor, on standard error.
fn above_floors(name: &str, figures: &Value, floors: &Value) -> bool {
    let mut above = true;
    for (figure, floor) in floors.as_object().into_iter().flatten() {
        let (Some(is), Some(least)) = (figures[figure].as_f64(), floor.as_f64()) else { continue };
        // "at most" floors carry the name of what must not happen.
        let at_most = matches!(
            figure.as_str(),
            "forbidden"
                | "leaks"
                | "wrong"
                | "dates_wrong"
                | "clean_flagged"
                | "flags_on_clean_pages"
                | "actor_false_joins"
                | "coded"
                | "order_changes"
                | "left_out_changes"
        );
        if (at_most && is > least) || (!at_most && is < least) {
            eprintln!("{name}: {figure} is {is}, its floor is {least}");
            above = false;
        }
    }
    above
}
