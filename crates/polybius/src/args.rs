//! The command line as a user types it.

use crate::actors::args::ActorsArgs;
use clap::{Args, Parser, Subcommand, ValueEnum};
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
  polybius explain e3f… --store out       why an event is coded as it is
  polybius sql \"select event_type, count(*) from events group by 1\" --store out

Exit codes: 0 done (pages that could not be read are rows of `rejects`), 1 failed, 2 wrong usage."
)]
pub struct Cli {
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
    /// Show what an event rests on: sentence, parties, rule, date, place.
    Explain(ExplainArgs),
    /// Show a store in the browser, and answer programs over HTTP.
    Serve(ServeArgs),
    /// Follow feeds, folders and sitemaps, and commit what is new.
    Watch(WatchArgs),
    /// Query the tables in SQL (needs the engine program beside this one).
    #[command(disable_help_flag = true)]
    Sql(SqlArgs),
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
    /// Check the data files (tables, codebook) row by row.
    Data(DataArgs),
    /// Check that a store is whole.
    Check(StoreArgs),
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
    /// A base of `polybius actors import`; `people.base` in the store is used when not given.
    #[arg(long, value_name = "FILE")]
    pub base: Option<PathBuf>,
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
            base: None,
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
    #[arg(long, default_value = "fast")]
    pub model: String,
    /// The folder with codebook, tables and models; found beside the program when not given.
    #[arg(long, env = "POLYBIUS_DATA")]
    pub data: Option<PathBuf>,
}

/// `polybius stories`.
#[derive(Debug, Args)]
pub struct StoriesArgs {
    #[command(flatten)]
    pub store: StoreArgs,
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
    pub store: StoreArgs,
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
    pub store: StoreArgs,
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

A source that fails is asked less and less often, up to once in six hours. A watch that was stopped goes on where it was.
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
    pub store: StoreArgs,
    /// One JSON object instead.
    #[arg(long)]
    pub json: bool,
}

/// `polybius sql`: handed to the engine program as it is.
#[derive(Debug, Args)]
pub struct SqlArgs {
    /// Arguments of the engine.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub arguments: Vec<String>,
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
    /// GraphML of the relations.
    Graphml,
}

/// `polybius export`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  polybius export --store out --table events_flat --format csv > events.csv
  polybius export --store out --table claims --format parquet --out claims.parquet")]
pub struct ExportArgs {
    #[command(flatten)]
    pub store: StoreArgs,
    /// Table or view; `polybius export --table list` names them.
    #[arg(long, default_value = "events_flat")]
    pub table: String,
    /// Format.
    #[arg(long, value_enum, default_value = "jsonl")]
    pub format: ExportFormat,
    /// File; standard output when not given.
    #[arg(long, short = 'o')]
    pub out: Option<PathBuf>,
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
  echo '{\"id\":1,\"text\":\"Iraqi troops shelled the village.\"}' | polybius code")]
pub struct CodeArgs {
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
  polybius eval --geo places.jsonl --links items.jsonl")]
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
    /// List every miss.
    #[arg(long)]
    pub misses: bool,
    /// One JSON object a set.
    #[arg(long)]
    pub json: bool,
    /// Fail with exit code 1 when a figure is under the floor in this file.
    #[arg(long, value_name = "FILE")]
    pub floors: Option<PathBuf>,
    #[command(flatten)]
    pub engine: EngineArgs,
}
