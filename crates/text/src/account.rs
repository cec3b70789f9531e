use crate::{
    Actor, ActorId, ActorRole, Annotated, Chain, Claim, Conflict, DocActor, Event, Mention, Place, Quote,
    Story, StoryLink, TimeExpression, Utterance,
};
use serde::{Deserialize, Serialize};

/// All that one document gives by itself. Indexes in its parts point into its own lists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CodedDocument {
    /// Text, sentences, tokens.
    pub annotated: Annotated,
    /// In text order.
    pub times: Vec<TimeExpression>,
    /// In text order.
    pub places: Vec<Place>,
    /// Actors in order of first mention.
    pub doc_actors: Vec<DocActor>,
    /// In text order.
    pub mentions: Vec<Mention>,
    /// In text order.
    pub quotes: Vec<Quote>,
    /// In text order.
    pub events: Vec<Event>,
}

/// What comparing the documents gives. Documents are indexes into the slice that was compared, sorted by document id.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Corpus {
    /// Actors across documents, sorted by id.
    pub actors: Vec<Actor>,
    /// For each document, the actor of each of its document actors.
    pub actor_of: Vec<Vec<ActorId>>,
    /// Offices with their evidence.
    pub roles: Vec<ActorRole>,
    /// Largest first, ties by id.
    pub stories: Vec<Story>,
    /// See-also links.
    pub story_links: Vec<StoryLink>,
    /// One happening across documents.
    pub chains: Vec<Chain>,
    /// Comparable statements.
    pub claims: Vec<Claim>,
    /// Where accounts disagree.
    pub conflicts: Vec<Conflict>,
    /// One utterance in several renderings.
    pub utterances: Vec<Utterance>,
}
