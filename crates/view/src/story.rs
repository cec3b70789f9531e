//! One story: documents, claims, timeline, quotes, network, places, and why each document is in.

mod gather;
mod network;
mod places;
mod rows;
pub mod view;
mod words;

pub use gather::gather;
pub use rows::{LinkedStory, NearDocument, StoryRows};

use polybius_store::rows::StoryRow;

/// Puts the stories into the order of their numbers, which begin with 1: most documents first, then the latest, then by id.
pub fn number(stories: &mut [StoryRow]) {
    stories.sort_by(|a, b| {
        (b.n_documents, &b.date_start).cmp(&(a.n_documents, &a.date_start)).then(a.story_id.cmp(&b.story_id))
    });
}
