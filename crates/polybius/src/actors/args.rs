//! `polybius actors` as a user types it.

use crate::args::{EngineArgs, StateArgs, StoreArgs};
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `polybius actors`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  polybius actors list --store out --code MLI --sector MIL
  polybius actors show Goita --store out --on 2021-05-24
  polybius actors merge \"Fitsum Arega\" \"Fatsum Arija\" --store out
  polybius actors split \"Baba Cisse\" \"Boubou Cisse\" --store out
  polybius actors split Keita --document 003 --store out
  polybius actors import wikidata.json.bz2 --base people.base

Merges and splits are lines of `actors.txt` in the store; the file may be edited by hand and kept under version control.")]
pub struct ActorsArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: ActorsAction,
}

/// Actions of `polybius actors`.
#[derive(Debug, Subcommand)]
pub enum ActorsAction {
    /// List the actors of a store, most mentioned first.
    List(ListArgs),
    /// Show one actor: names, offices and mentions, each with the words that say so.
    Show(ShowArgs),
    /// Say that two names are one actor; the store is compared anew.
    Merge(MergeArgs),
    /// Say that two names are two actors, or that a name means somebody else in one document.
    Split(SplitArgs),
    /// Read persons, bodies and places of another collection into a base for `polybius run --base FILE`.
    Import(ImportArgs),
}

/// `polybius actors list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    pub store: StateArgs,
    /// Country or special code: IRQ, UNO, IGO.
    #[arg(long)]
    pub code: Option<String>,
    /// PLOVER sector, also as a further sector: GOV, MIL, REB.
    #[arg(long)]
    pub sector: Option<String>,
    /// Part of a name or of an office.
    #[arg(long)]
    pub text: Option<String>,
    /// person, country, organisation or group.
    #[arg(long)]
    pub kind: Option<String>,
    /// The office shown is the one held on this day.
    #[arg(long, value_name = "DATE")]
    pub on: Option<jiff::civil::Date>,
    /// Reporters, cited media and others that are never parties, too.
    #[arg(long)]
    pub all: bool,
    /// At most so many.
    #[arg(long, short = 'n')]
    pub limit: Option<usize>,
    /// JSON lines instead of a table.
    #[arg(long)]
    pub json: bool,
}

/// `polybius actors show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// A name, part of a name, or an actor id or its beginning.
    pub name: String,
    #[command(flatten)]
    pub store: StateArgs,
    /// Only offices held on this day.
    #[arg(long, value_name = "DATE")]
    pub on: Option<jiff::civil::Date>,
    /// One JSON object instead.
    #[arg(long)]
    pub json: bool,
}

/// `polybius actors merge`.
#[derive(Debug, Args)]
pub struct MergeArgs {
    /// A name of the one.
    pub a: String,
    /// A name of the other.
    pub b: String,
    #[command(flatten)]
    pub decide: DecideArgs,
}

/// `polybius actors split`.
#[derive(Debug, Args)]
pub struct SplitArgs {
    /// A name.
    pub a: String,
    /// The name of somebody else.
    #[arg(required_unless_present = "document")]
    pub b: Option<String>,
    /// Part of the path of a document in which the name means somebody else.
    #[arg(long, conflicts_with = "b")]
    pub document: Option<String>,
    #[command(flatten)]
    pub decide: DecideArgs,
}

/// How a decision is kept.
#[derive(Debug, Args)]
pub struct DecideArgs {
    #[command(flatten)]
    pub store: StoreArgs,
    #[command(flatten)]
    pub engine: EngineArgs,
    /// Why, kept as a note behind the line.
    #[arg(long)]
    pub note: Option<String>,
    /// Only write the line; the next `polybius run` applies it.
    #[arg(long)]
    pub later: bool,
}

/// `polybius actors import`.
#[derive(Debug, Args)]
#[command(after_help = "\
The kind of a file is seen from its content: a Wikidata JSON dump (also .gz, .bz2), OpenSanctions FollowTheMoney JSON lines,
PETRARCH or Phoenix actor files, GeoNames tables. Entries that cannot be read are counted and the first are shown; a file that
breaks off leaves no base behind.")]
pub struct ImportArgs {
    /// Files, of one kind or of several.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// The base to write; in the store when not given, where `polybius run` finds it.
    #[arg(long, value_name = "FILE")]
    pub base: Option<PathBuf>,
    #[command(flatten)]
    pub store: StoreArgs,
    #[command(flatten)]
    pub engine: EngineArgs,
    /// Only errors on standard error.
    #[arg(long, short = 'q')]
    pub quiet: bool,
}
