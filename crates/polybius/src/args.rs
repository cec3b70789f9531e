//! The command line as a user types it.

use crate::actors::args::ActorsArgs;
use clap::{Args, Parser, Subcommand, ValueEnum};
use polybius_store::{AsOf, Store, StoreError};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Reads many news accounts of one happening and sets them side by side: who did what to whom, who says so, and where
/// the accounts agree, differ or stay silent.
#[derive(Debug, Parser)]
#[command(
    name = "polybius",
    version,
    max_term_width = 100,
    after_help = "\
Examples:
  polybius run pages/ --store out         read a folder of pages into the store `out`
  polybius stories --store out            what happened, in how many documents, from how many origins
  polybius story 1 --store out            one story: claim grid, timeline, quotes, why each document is in
  polybius story 1 --store out --html s.html
  polybius events --store out --type CONSULT
  polybius quotes --store out --speaker Abe
  polybius conflicts --store out --hard   where accounts cannot both be true
  polybius explain e3f… --store out       why an event is coded as it is
  polybius sql \"select event_type, count(*) from events group by 1\" --store out

Exit codes: 0 done (pages that could not be read are rows of `rejects`), 1 failed, 2 wrong usage."
)]
pub struct Cli {
    /// Settings; `polybius.toml` in this folder or one above it when not given.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read pages into a store: articles, actors, events, quotes, stories, claims.
    Run(RunArgs),
    /// List the stories of a store.
    Stories(StoriesArgs),
    /// Show one story: documents, timeline, claims side by side, conflicts, quotes.
    Story(StoryArgs),
    /// List events.
    Events(EventsArgs),
    /// List quotes: who is said to have said what.
    Quotes(QuotesArgs),
    /// List happenings across documents, or show one with every account of it.
    Chains(ChainsArgs),
    /// List where accounts disagree: values, who gives them, why it is a conflict.
    Conflicts(ConflictsArgs),
    /// Show what an event rests on: sentence, parties, rule, date, place.
    Explain(ExplainArgs),
    /// Show a store in the browser, and answer programs over HTTP.
    Serve(ServeArgs),
    /// Follow feeds, folders and sitemaps, and commit what is new.
    Watch(WatchArgs),
    /// Query the tables in SQL (needs the engine program beside this one).
    #[command(disable_help_flag = true)]
    Sql(EngineProgramArgs),
    /// Keep the workers of a cluster and give them their tasks (needs the engine program).
    #[command(disable_help_flag = true)]
    Scheduler(EngineProgramArgs),
    /// Analyse pages for the runs of a cluster (needs the engine program).
    #[command(disable_help_flag = true)]
    Worker(EngineProgramArgs),
    /// Analyse the shards that a worker names, one after the other (what `polybius worker` runs).
    #[command(hide = true)]
    AnnotateShards(ShardsArgs),
    /// Write a table to a file or standard output.
    Export(ExportArgs),
    /// Pages to articles, one JSON line a page.
    Extract(ExtractArgs),
    /// Text or CoNLL-U on standard input or in files to CoNLL-U.
    Parse(ParseArgs),
    /// Code sentences: JSON lines {"id","text"[,"date"][,"actor","recipient"]} on standard input to {"id","events"}.
    Code(CodeArgs),
    /// Compare names: JSON lines {"a","b"} on standard input to {"score","same"}.
    Match(MatchArgs),
    /// Who is who in a store; merges, splits, bases of other collections.
    Actors(ActorsArgs),
    /// Look into the codebook: its types, the senses of a type or a word; try cases.
    Codebook(CodebookArgs),
    /// Check the data files (tables, codebook) row by row.
    Data(DataArgs),
    /// Check that a store is whole, or mend it.
    Check(CheckArgs),
    /// List the versions of a store: when, made by what, how many rows came.
    Log(LogArgs),
    /// Remove the files of old versions.
    Vacuum(VacuumArgs),
    /// Make the logs beside the tables small.
    Compact(StoreArgs),
    /// Say what each table and column holds: the data dictionary.
    Tables(TablesArgs),
    /// Write a frozen, citable data set: tables, dictionary, settings, checksums.
    Release(ReleaseArgs),
    /// Show every setting and where it comes from.
    Config(ConfigArgs),
    /// Corpora for measuring.
    Bench(BenchArgs),
    /// Score the stages on gold story sets.
    Eval(EvalArgs),
    /// Print a completion script for a shell.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
}

/// Where the store is.
#[derive(Debug, Clone, Args)]
pub struct StoreArgs {
    /// The store's folder.
    #[arg(long, short = 's', default_value = "polybius-store", env = "POLYBIUS_STORE")]
    pub store: PathBuf,
}

/// Where the store is, and which of its states is meant.
#[derive(Debug, Clone, Args)]
pub struct StateArgs {
    /// The store's folder.
    #[arg(long, short = 's', default_value = "polybius-store", env = "POLYBIUS_STORE")]
    pub store: PathBuf,
    /// The state after a version (3) or at the end of a day (2024-05-31, UTC); `polybius log` lists them.
    #[arg(long, value_name = "VERSION|DATE")]
    pub as_of: Option<AsOf>,
}

impl StateArgs {
    /// Opens that state for reading.
    pub fn open(&self) -> Result<Store, StoreError> {
        Store::open_at(&self.store, self.as_of)
    }
}

/// `polybius run`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  polybius run pages/ --store out
  polybius run 'crawl/*.warc.gz' news.jsonl.zst --store out --threads 8
  polybius run dump.parquet --text-field body --date-field published --store out
  polybius run https://news.example/rss.xml --store out      fetch a feed and the pages that it names
  polybius run --urls list.txt --store out
  zcat pages.jsonl.gz | polybius run - --format jsonl --store out
  polybius run pages/ --store out --dry-run                  what would be read, without writing
  polybius run pages/ --store out --cluster 10.0.0.1:50050   with the workers of `polybius scheduler` and `polybius worker`
A run that was stopped goes on where it was; pages that are already in the store are not read again.")]
pub struct RunArgs {
    /// Files, folders, globs and addresses: HTML, text, WARC, WET, JSON lines, Parquet, RSS, Atom, sitemaps, also packed
    /// with gzip or Zstandard; `-` is standard input.
    #[arg(required_unless_present = "urls")]
    pub inputs: Vec<PathBuf>,
    #[command(flatten)]
    pub store: StoreArgs,
    #[command(flatten)]
    pub engine: EngineArgs,
    /// Only errors on standard error.
    #[arg(long, short = 'q')]
    pub quiet: bool,
    /// Print the summary as one JSON object.
    #[arg(long)]
    pub json: bool,
    /// Wait while another program writes to the store, instead of giving up.
    #[arg(long)]
    pub wait: bool,
    /// Keep only the last N versions of the store; all when not given.
    #[arg(long, value_name = "N")]
    pub keep: Option<u64>,
    /// A base of `polybius actors import`; `people.base` in the store is used when not given.
    #[arg(long, value_name = "FILE")]
    pub base: Option<PathBuf>,
    /// Only say which pages are new, known or changed, and what would be analysed; write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Let the workers of this scheduler analyse the pages; comparing and committing happen here.
    #[arg(long, value_name = "HOST:PORT", conflicts_with = "dry_run")]
    pub cluster: Option<String>,
    /// Give up when no worker finishes a page for so many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 120, requires = "cluster")]
    pub patience: u64,
    // Last, since its heading in the help would go on.
    #[command(flatten)]
    pub sources: SourceArgs,
}

impl RunArgs {
    /// A run that adds nothing and compares what the store holds.
    pub fn anew(store: PathBuf, engine: EngineArgs) -> RunArgs {
        /// The sources as they are when nothing is said of them.
        #[derive(Parser)]
        struct Defaults {
            #[command(flatten)]
            sources: SourceArgs,
        }
        RunArgs {
            inputs: Vec::new(),
            store: StoreArgs { store },
            sources: Defaults::parse_from(["polybius"]).sources,
            engine,
            quiet: false,
            json: false,
            wait: false,
            keep: None,
            base: None,
            dry_run: false,
            cluster: None,
            patience: 0,
        }
    }
}

/// Model, data and threads.
#[derive(Debug, Clone, Args)]
pub struct EngineArgs {
    /// Threads; all cores when not given.
    #[arg(long, short = 'j')]
    pub threads: Option<usize>,
    /// Profile of the reader, or the path of a model file.
    #[arg(long, default_value = "accurate")]
    pub model: String,
    /// The folder with codebook, tables and models; found beside the program when not given.
    #[arg(long, env = "POLYBIUS_DATA")]
    pub data: Option<PathBuf>,
}

impl EngineArgs {
    /// What only needs the data folder.
    pub fn of_data(data: Option<PathBuf>) -> EngineArgs {
        EngineArgs { threads: None, model: String::new(), data }
    }
}

/// `polybius stories`.
#[derive(Debug, Args)]
pub struct StoriesArgs {
    #[command(flatten)]
    pub store: StateArgs,
    /// JSON lines instead of a table.
    #[arg(long)]
    pub json: bool,
}

/// `polybius story`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  polybius story 1 --store out              number of `polybius stories`, or a story id or its beginning
  polybius story 1 --store out --html story.html
  polybius story 1 --store out --json | jq .claims")]
pub struct StoryArgs {
    /// Number in `polybius stories`, or id.
    pub story: String,
    #[command(flatten)]
    pub store: StateArgs,
    /// Write one self-contained page instead.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// One JSON object instead.
    #[arg(long, conflicts_with = "html")]
    pub json: bool,
    /// All claims, quotes and events, not only the most important.
    #[arg(long)]
    pub all: bool,
}

/// `polybius events`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  polybius events --store out --type ASSAULT --modality actual
  polybius events --store out --story 1 --actor FRA
  polybius events --store out --polarity denied --attribution police
  polybius events --store out --json | jq -r .evidence")]
pub struct EventsArgs {
    #[command(flatten)]
    pub store: StateArgs,
    /// PLOVER type.
    #[arg(long = "type", value_name = "TYPE")]
    pub event_type: Option<String>,
    /// Code (IRQ, UNO) or part of a name among the actors or recipients.
    #[arg(long)]
    pub actor: Option<String>,
    /// Story number or id.
    #[arg(long)]
    pub story: Option<String>,
    /// Part of the path of a document.
    #[arg(long)]
    pub document: Option<String>,
    /// actual, future, hypothetical, historical.
    #[arg(long)]
    pub modality: Option<String>,
    /// affirmed, negated, denied.
    #[arg(long)]
    pub polarity: Option<String>,
    /// Who says so: code or part of a name anywhere in the chain; `narrator` for what no one else is made to say.
    #[arg(long, value_name = "WHO")]
    pub attribution: Option<String>,
    /// At most so many.
    #[arg(long, short = 'n')]
    pub limit: Option<usize>,
    /// JSON lines instead of a table.
    #[arg(long)]
    pub json: bool,
}

/// `polybius quotes`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  polybius quotes --store out --speaker ministry
  polybius quotes --store out --story 1 --kind direct
  polybius quotes --store out --json | jq -r '[.speaker_name, .text] | @tsv'")]
pub struct QuotesArgs {
    #[command(flatten)]
    pub store: StateArgs,
    /// Code (IRQ, UNO) or part of a name of the speaker, or of the words that stand for him.
    #[arg(long)]
    pub speaker: Option<String>,
    /// direct, indirect, mixed.
    #[arg(long)]
    pub kind: Option<String>,
    /// Story number or id.
    #[arg(long)]
    pub story: Option<String>,
    /// Part of the path of a document.
    #[arg(long)]
    pub document: Option<String>,
    /// At most so many.
    #[arg(long, short = 'n')]
    pub limit: Option<usize>,
    /// JSON lines instead of a table.
    #[arg(long)]
    pub json: bool,
}

/// `polybius chains`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  polybius chains --store out --type ASSAULT --min-origins 2
  polybius chains --store out --story 1 --actor FRA --verdict differs
  polybius chains c3f… --store out                 one happening: every account, with its sentence
  polybius chains --store out --json | jq -r '[.date_start, .event_type, .claim] | @tsv'")]
pub struct ChainsArgs {
    /// Chain id, or its beginning: show this one with its accounts.
    #[arg(conflicts_with_all = ["event_type", "actor", "story", "document", "verdict", "min_documents", "min_origins", "limit"])]
    pub chain: Option<String>,
    #[command(flatten)]
    pub store: StoreArgs,
    /// PLOVER type.
    #[arg(long = "type", value_name = "TYPE")]
    pub event_type: Option<String>,
    /// Code (IRQ, UNO) or part of a name among the actors or recipients.
    #[arg(long)]
    pub actor: Option<String>,
    /// Story number or id.
    #[arg(long)]
    pub story: Option<String>,
    /// Part of the path of a document that tells it.
    #[arg(long)]
    pub document: Option<String>,
    /// corroborated, only-here, differs, contradicted, self-inconsistent.
    #[arg(long)]
    pub verdict: Option<String>,
    /// Told by at least so many documents.
    #[arg(long, value_name = "N", default_value = "1")]
    pub min_documents: u32,
    /// Told by at least so many independent origins.
    #[arg(long, value_name = "N", default_value = "1")]
    pub min_origins: u32,
    /// At most so many.
    #[arg(long, short = 'n')]
    pub limit: Option<usize>,
    /// JSON lines instead of a table; one object for one chain.
    #[arg(long)]
    pub json: bool,
}

/// `polybius conflicts`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  polybius conflicts --store out --hard
  polybius conflicts --store out --story 1 --field deaths
  polybius conflicts --store out --json | jq -r '.field, (.values[] | [.value, .owner, .path] | @tsv)'")]
pub struct ConflictsArgs {
    #[command(flatten)]
    pub store: StoreArgs,
    /// Field: deaths, date, place, parties, who-started, denial, ...
    #[arg(long)]
    pub field: Option<String>,
    /// Only those that cannot both be true.
    #[arg(long, conflicts_with = "soft")]
    pub hard: bool,
    /// Only those that may fit together.
    #[arg(long)]
    pub soft: bool,
    /// Story number or id.
    #[arg(long)]
    pub story: Option<String>,
    /// Part of the path of a document that gives one of the values.
    #[arg(long)]
    pub document: Option<String>,
    /// At most so many.
    #[arg(long, short = 'n')]
    pub limit: Option<usize>,
    /// JSON lines instead of a list.
    #[arg(long)]
    pub json: bool,
}

/// `polybius serve`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  polybius serve --store out                                  prints the address to open
  polybius serve --store out --addr 127.0.0.1:0               any free port
  polybius serve --store out --addr 0.0.0.0:7171 --token \"$(openssl rand -hex 16)\"
  curl -s http://127.0.0.1:7171/api/v1/stories | jq .items[].title

A new commit of the store shows on open pages by itself. The API is described at /api/v1/openapi.json.
Nothing is asked of who comes from this machine; on any other address every request needs the token.")]
pub struct ServeArgs {
    #[command(flatten)]
    pub store: StoreArgs,
    /// Address and port to listen on.
    #[arg(long, default_value = "127.0.0.1:7171")]
    pub addr: SocketAddr,
    /// What requests must carry, at least 16 letters, digits or - . _ ~; needed for an address that others can reach.
    #[arg(long, env = "POLYBIUS_TOKEN", hide_env_values = true)]
    pub token: Option<String>,
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// `polybius watch`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  polybius watch feeds.toml --store out
  polybius watch feeds.toml --store out --once        one round, e.g. from cron

feeds.toml:
  every = \"10m\"                         # pause between two looks, where a source has none of its own
  [[source]]
  input = \"https://news.example/rss.xml\"
  every = \"2m\"
  [[source]]
  input = \"incoming/\"                   # a folder, also with WARC files, JSON lines, feeds
  [[hook]]                              # is sent new and changed stories and conflicts as JSON
  name = \"desk\"
  url = \"https://desk.example/polybius\"
  secret_env = \"DESK_SECRET\"           # signs what is sent (HMAC-SHA256, Standard Webhooks)
  kinds = [\"story.new\", \"conflict.new\"]
  countries = [\"PRK\"]                 # also types, actors, outlets, allow_private, queue, retry, give_up: docs/watch.md

A source that fails is asked less and less often, up to once in six hours. A watch that was stopped goes on where it was,
and so do its hooks: what could not be sent waits in the store.
`polybius serve` beside it shows what is new by itself.")]
pub struct WatchArgs {
    /// What is followed.
    pub feeds: PathBuf,
    #[command(flatten)]
    pub store: StoreArgs,
    #[command(flatten)]
    pub engine: EngineArgs,
    /// Pages of one commit at most; the rest follows in the next.
    #[arg(long, value_name = "N", default_value = "50")]
    pub batch: usize,
    /// Look once at every source and end.
    #[arg(long)]
    pub once: bool,
    /// Only errors on standard error.
    #[arg(long, short = 'q')]
    pub quiet: bool,
    #[command(flatten)]
    pub sources: SourceArgs,
}

/// `polybius explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Event id, or its beginning.
    pub event: String,
    #[command(flatten)]
    pub store: StateArgs,
    /// One JSON object instead.
    #[arg(long)]
    pub json: bool,
}

/// A command of the engine program, handed over as it is.
#[derive(Debug, Args)]
pub struct EngineProgramArgs {
    /// Arguments of the engine.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub arguments: Vec<String>,
}

/// `polybius annotate-shards`.
#[derive(Debug, Args)]
pub struct ShardsArgs {
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// Formats of `polybius export`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// One JSON object a line.
    Jsonl,
    /// Comma-separated values, lists joined by `;`.
    Csv,
    /// Parquet.
    Parquet,
    /// Arrow IPC file.
    Arrow,
    /// PLOVER JSON (events only).
    Plover,
    /// GDELT 2.0 event columns, tab-separated (events only).
    Gdelt,
    /// Columns as POLECAT has them, tab-separated (events only).
    Polecat,
    /// FollowTheMoney entities, one JSON object a line: actors, articles, events.
    Ftm,
    /// GraphML of the relations.
    Graphml,
    /// A SQLite database of all tables, or of the one that is named; needs --out.
    Sqlite,
}

/// `polybius export`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  polybius export --store out --table events_flat --format csv > events.csv
  polybius export --store out --table claims --format parquet --out claims.parquet
  polybius export --store out --format sqlite --out all.sqlite
  polybius export --store out --format ftm | ftm validate
  polybius export --store out --as-of 2024-05-31 --table events
Parquet files of the last version lie ready under out/TABLE/; `polybius tables` says what the columns mean.")]
pub struct ExportArgs {
    #[command(flatten)]
    pub store: StateArgs,
    /// Table or view, `events_flat` when not given; `polybius export --table list` names them.
    #[arg(long)]
    pub table: Option<String>,
    /// Format.
    #[arg(long, value_enum, default_value = "jsonl")]
    pub format: ExportFormat,
    /// File; standard output when not given.
    #[arg(long, short = 'o')]
    pub out: Option<PathBuf>,
    /// The folder with the tables of countries; found beside the program when not given.
    #[arg(long, env = "POLYBIUS_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
}

/// `polybius check`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  polybius check --store out
  polybius check --store out --repair
A repair puts damaged files aside, saves the pages that are whole, writes the logs of the tables anew, and makes the tables again
from the pages where theirs are lost. Exit code 1 when something is wrong at the end.")]
pub struct CheckArgs {
    #[command(flatten)]
    pub store: StateArgs,
    /// Mend what can be mended, then check.
    #[arg(long, conflicts_with = "as_of")]
    pub repair: bool,
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// `polybius log`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  polybius log --store out
  polybius log --store out --json | jq -r '[.version, .at, .rows.events] | @tsv'
  polybius stories --store out --as-of 3")]
pub struct LogArgs {
    #[command(flatten)]
    pub store: StoreArgs,
    /// The last so many.
    #[arg(long, short = 'n')]
    pub limit: Option<usize>,
    /// JSON lines instead of a table.
    #[arg(long)]
    pub json: bool,
}

/// `polybius vacuum`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  polybius vacuum --store out --keep 10             the last ten versions stay readable
  polybius vacuum --store out --older-than 30d --dry-run
  polybius vacuum --store out --older-than 2024-05-31
The last version always stays. `polybius log` goes on telling what the removed versions held.")]
pub struct VacuumArgs {
    #[command(flatten)]
    pub store: StoreArgs,
    /// Keep the last N versions.
    #[arg(long, value_name = "N", conflicts_with = "older_than")]
    pub keep: Option<u64>,
    /// Keep what was the state at that day or later, or in the last so many days (30d) or hours (12h).
    #[arg(long, value_name = "DATE|AGE", required_unless_present = "keep")]
    pub older_than: Option<String>,
    /// Only say what would go.
    #[arg(long)]
    pub dry_run: bool,
}

/// `polybius tables`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  polybius tables                          all tables
  polybius tables events                   the columns of one, with type, unit and meaning
  polybius tables --format csv > dictionary.csv")]
pub struct TablesArgs {
    /// Only this table.
    pub table: Option<String>,
    /// How it is written.
    #[arg(long, value_enum, default_value = "text")]
    pub format: DictionaryFormat,
}

/// Formats of `polybius tables`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DictionaryFormat {
    /// For a person.
    Text,
    /// One JSON object a table.
    Json,
    /// A line a column.
    Csv,
    /// A Markdown table for each table.
    Markdown,
}

/// `polybius release`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  polybius release data-2024/ --store out --title \"Events in the Sahel\" --author \"Doe, Jane\"
  polybius release data-2024/ --store out --as-of 3 --without-text
  (cd data-2024 && sha256sum -c SHA256SUMS)
The text of news pages is often not yours to hand on: --without-text leaves the words out and keeps every span.")]
pub struct ReleaseArgs {
    /// The folder to write; it must be empty or not there.
    pub folder: PathBuf,
    #[command(flatten)]
    pub store: StateArgs,
    /// Title of the data set.
    #[arg(long, default_value = "Political events coded with Polybius")]
    pub title: String,
    /// Who made it, `Family, Given`; may be given several times.
    #[arg(long = "author", value_name = "NAME")]
    pub authors: Vec<String>,
    /// Leave out the texts of the documents and sentences.
    #[arg(long)]
    pub without_text: bool,
    /// The folder with the codebook; found beside the program when not given.
    #[arg(long, env = "POLYBIUS_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
}

/// `polybius config`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  polybius config
  polybius config --config team.toml --json
A file polybius.toml in this folder or one above it holds settings, e.g.
  store = \"out\"
  threads = 8
  [fetch]
  delay = 2.5
The environment goes before the file (POLYBIUS_STORE, POLYBIUS_FETCH_DELAY), flags go before both.")]
pub struct ConfigArgs {
    /// One JSON object a setting.
    #[arg(long)]
    pub json: bool,
}

/// `polybius bench`.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: BenchAction,
}

/// Actions of `polybius bench`.
#[derive(Debug, Subcommand)]
pub enum BenchAction {
    /// Write a corpus of made-up news: stories told by several outlets, copies, noise, and stories that only look alike.
    #[command(after_help = "\
Examples:
  polybius bench generate --pages 1000 | polybius run - --format jsonl --store out
  polybius bench generate --pages 10000 --seed 7 --out corpus.jsonl.gz
The same number and seed give the same bytes. Each line has `id`, `url`, `date`, `title`, `text` and `story`, the story that it
was made from (empty for noise).")]
    Generate {
        /// How many pages.
        #[arg(long, value_name = "N")]
        pages: usize,
        /// Another seed gives another corpus.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// File, packed when it ends in .gz; standard output when not given.
        #[arg(long, short = 'o')]
        out: Option<PathBuf>,
    },
}

/// `polybius extract`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  polybius extract page.html | jq -r .text
  polybius extract CC-NEWS-20240101.warc.gz > articles.jsonl
  polybius extract https://news.example/story.html
  polybius extract - < page.html")]
pub struct ExtractArgs {
    /// Files, folders, globs and addresses, as `polybius run` takes them; `-` is standard input.
    #[arg(required_unless_present = "urls")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub engine: EngineArgs,
    #[command(flatten)]
    pub sources: SourceArgs,
}

/// What the inputs hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    /// By name and first bytes.
    Auto,
    /// One page, HTML or text.
    Page,
    /// A JSON object a line.
    Jsonl,
    /// A page a row.
    Parquet,
    /// WARC or WET.
    Warc,
    /// RSS, Atom or a sitemap.
    Feed,
    /// Addresses, one a line.
    Urls,
}

/// What is read, and how it is fetched.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Inputs")]
pub struct SourceArgs {
    /// What the inputs hold.
    #[arg(long, value_enum, default_value = "auto")]
    pub format: FormatArg,
    /// Field (JSON lines) or column (Parquet) with the text; dots reach into objects.
    #[arg(long, value_name = "NAME", default_value = "text")]
    pub text_field: String,
    /// Field with the HTML; goes before the text.
    #[arg(long, value_name = "NAME", default_value = "html")]
    pub html_field: String,
    /// Field with the address.
    #[arg(long, value_name = "NAME", default_value = "url")]
    pub url_field: String,
    /// Field with the day or time of publication.
    #[arg(long, value_name = "NAME", default_value = "date")]
    pub date_field: String,
    /// Field with the headline.
    #[arg(long, value_name = "NAME", default_value = "title")]
    pub title_field: String,
    /// File with addresses to fetch, one a line; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    pub urls: Vec<PathBuf>,
    /// Fetch the pages that feed files and sitemap files name.
    #[arg(long)]
    pub follow: bool,
    /// Ask again for pages that were fetched within the last day.
    #[arg(long)]
    pub refresh: bool,
    /// Also fetch from this machine and from private networks.
    #[arg(long)]
    pub allow_private: bool,
    /// Seconds between two requests to one host.
    #[arg(long, value_name = "SECONDS", default_value = "1")]
    pub delay: f64,
    /// Seconds for one request.
    #[arg(long, value_name = "SECONDS", default_value = "30")]
    pub timeout: f64,
    /// Fetch at most so many addresses.
    #[arg(long, value_name = "N", default_value = "1000")]
    pub max_pages: usize,
}

/// `polybius parse`.
#[derive(Debug, Args)]
pub struct ParseArgs {
    /// Files; standard input when none.
    pub files: Vec<PathBuf>,
    /// The input is CoNLL-U: keep its sentences and tokens, fill in the rest.
    #[arg(long)]
    pub conllu: bool,
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// `polybius code`.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  echo '{\"id\":1,\"text\":\"Iraqi troops shelled the village.\"}' | polybius code
  echo '{\"id\":1,\"text\":\"The critics shelled the film.\"}' | polybius code --silent    what was left out, and why")]
pub struct CodeArgs {
    /// Also give, as `silent`, the acts that were seen and not coded, each with the reason.
    #[arg(long)]
    pub silent: bool,
    /// Files of JSON lines; standard input when none.
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// `polybius match`.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  echo '{\"a\":\"Moammar Khadafy\",\"b\":\"Muammar al-Qaddafi\"}' | polybius match")]
pub struct MatchArgs {
    /// Files of JSON lines; standard input when none.
    pub files: Vec<PathBuf>,
}

/// `polybius codebook`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  polybius codebook list                     types, quads, how many senses each has
  polybius codebook show SANCTION            all senses of a type, its modes, how time and negation turn it
  polybius codebook show --word expel        what the codebook makes of a word
  polybius codebook test my-cases.md         do these texts give these events? (a case: `## heading`, `> text`, `- event` lines)
A codebook of your own: copy the folder `data`, change the tables, name it with --data; `polybius data check --data DIR` finds bad rows.")]
pub struct CodebookArgs {
    /// What to show.
    #[command(subcommand)]
    pub action: CodebookAction,
}

/// Actions of `polybius codebook`.
#[derive(Debug, Subcommand)]
pub enum CodebookAction {
    /// The types with what they mean and how many senses they have.
    List {
        #[command(flatten)]
        engine: EngineArgs,
    },
    /// The senses of a type, or of a word.
    Show {
        /// A PLOVER type, such as `ASSAULT`.
        #[arg(required_unless_present = "word", value_name = "TYPE")]
        event_type: Option<String>,
        /// Only senses of this word (its dictionary form).
        #[arg(long, short = 'w')]
        word: Option<String>,
        #[command(flatten)]
        engine: EngineArgs,
    },
    /// Code the texts of case files and compare the events with those expected; exits with 1 where they differ.
    Test {
        /// Case files in Markdown.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        engine: EngineArgs,
    },
}

/// `polybius data`.
#[derive(Debug, Args)]
pub struct DataArgs {
    /// What to do with the data files.
    #[command(subcommand)]
    pub action: DataAction,
}

/// Actions of `polybius data`.
#[derive(Debug, Subcommand)]
pub enum DataAction {
    /// Load every table and the codebook and report each bad row.
    Check {
        #[command(flatten)]
        engine: EngineArgs,
    },
}

/// `polybius eval`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  polybius eval                                     the story sets of this repository
  polybius eval --gold stories/                     every folder with docs/ and gold.json under it
  polybius eval --gold gold.json --docs pages/ --misses
  polybius eval --times evals/times.jsonl --misses  time expressions and their values
  polybius eval --status evals/labelled/modality-dev.txt  polarity and modality, with the confusion tables
  polybius eval --geo places.jsonl --links items.jsonl
  polybius bench generate --pages 600 --out made.jsonl && polybius eval --stories-b3 made.jsonl --misses
  polybius eval --chains coref.jsonl                chains of the whole pipeline against the same-stem baseline")]
pub struct EvalArgs {
    /// A gold file, a folder with gold.json and docs/, or a folder of such folders.
    #[arg(long)]
    pub gold: Option<PathBuf>,
    /// The pages, where they do not lie in docs/ beside the gold.
    #[arg(long)]
    pub docs: Option<PathBuf>,
    /// The pages of the acceptance checks (the five seed pages): print each check as holds / fails.
    #[arg(long, value_name = "DIR")]
    pub seeds: Option<PathBuf>,
    /// Score time expressions on this file instead: lines {"text","date","timex":[{"start","end","value"}]}.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["gold", "seeds"])]
    pub times: Option<PathBuf>,
    /// Score polarity and modality on a file of marked sentences instead: `{S Kenya} {SANCTION:future will expel} ...`.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["gold", "seeds", "times"])]
    pub status: Option<PathBuf>,
    /// Score factuality on this file instead: lines {"text","events":[{"start","end","value"}]}, values -3 to 3.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["gold", "seeds", "times", "status"])]
    pub factuality: Option<PathBuf>,
    /// Texts with gold places, JSON lines {"text","toponyms":[{"start","end","lat","lon"}]}: score spans and points only.
    #[arg(long, value_name = "FILE")]
    pub geo: Option<PathBuf>,
    /// Texts with Wikidata ids, JSON lines {"text","mentions":[{"start","end","type","qid"}]}: score the links only.
    #[arg(long, value_name = "FILE")]
    pub links: Option<PathBuf>,
    /// Texts with their stories, JSON lines {"text","story"} (no story: alone): score the grouping only (B3).
    #[arg(long, value_name = "FILE", conflicts_with_all = ["gold", "seeds"])]
    pub stories_b3: Option<PathBuf>,
    /// Texts with gold chains of events, JSON lines {"id","text","mentions":[{"start","end","type","chain"}]}: score the
    /// chains of the events that were found, beside the chains that equal stems of words give.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["gold", "seeds"])]
    pub chains: Option<PathBuf>,
    /// The same lines: set the gold mentions themselves in chains over all texts.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["gold", "seeds"])]
    pub gold_mentions: Option<PathBuf>,
    /// List every miss.
    #[arg(long)]
    pub misses: bool,
    /// Keep what each page gave by itself in this folder: a change of the comparison alone is scored without reading the pages
    /// again.
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// One JSON object a set.
    #[arg(long)]
    pub json: bool,
    /// Fail with exit code 1 when a figure is under the floor in this file.
    #[arg(long, value_name = "FILE")]
    pub floors: Option<PathBuf>,
    #[command(flatten)]
    pub engine: EngineArgs,
}
