//! `polybius actors`: who is who in a store, the decisions of its user, and bases of other collections.

pub mod args;
mod decide;
mod import;
mod list;
mod show;

use crate::failure::Failure;
use args::{ActorsAction, ActorsArgs};

pub use import::{FILE as BASE, open_base};

/// Runs one action.
pub fn actors(args: &ActorsArgs) -> Result<(), Failure> {
    match &args.action {
        ActorsAction::List(args) => list::list(args),
        ActorsAction::Show(args) => show::show(args),
        ActorsAction::Merge(args) => decide::merge(args),
        ActorsAction::Split(args) => decide::split(args),
        ActorsAction::Import(args) => import::import(args),
    }
}
