use crate::{ActorId, Sector, Span};
use serde::{Deserialize, Serialize};

/// What a name names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntityType {
    /// A person.
    Person,
    /// An organisation, a ministry, a party, an armed group.
    Organisation,
    /// A country, city, region or other place.
    Place,
    /// A nationality, a people, a religious or political group.
    Nationality,
    /// A named happening.
    Event,
    /// Anything else.
    Other,
}

impl EntityType {
    /// The word used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            EntityType::Person => "person",
            EntityType::Organisation => "organisation",
            EntityType::Place => "place",
            EntityType::Nationality => "nationality",
            EntityType::Event => "event",
            EntityType::Other => "other",
        }
    }
}

/// How a mention refers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MentionKind {
    /// By a name: "Masri", "Iraq", "Iraqi" in "Iraqi forces".
    Named,
    /// By a description: "the premier", "the two leaders", "protesters".
    Nominal,
    /// By a pronoun.
    Pronoun,
    /// By something that only implies it: an inferred party.
    Implied,
}

impl MentionKind {
    /// The word used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            MentionKind::Named => "named",
            MentionKind::Nominal => "nominal",
            MentionKind::Pronoun => "pronoun",
            MentionKind::Implied => "implied",
        }
    }
}

/// A stretch of text that refers to one actor or, for "the two leaders", to several.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mention {
    /// The words: the full noun phrase core ("Libyan Prime Minister Omar al-Masri").
    pub span: Span,
    /// The token that heads it in the dependency tree.
    pub head: u32,
    /// First token.
    pub first_token: u32,
    /// One past the last token.
    pub end_token: u32,
    /// How it refers.
    pub kind: MentionKind,
    /// What it names.
    pub entity_type: EntityType,
    /// Indexes into [`crate::CodedDocument::doc_actors`]; more than one for "the two leaders". Empty when the mention
    /// stays unresolved.
    pub actors: Vec<u32>,
    /// 0 to 1: how sure the link is.
    pub link_score: f32,
    /// How it was linked, for a person: `table: persons.tsv al-masri-m`, `office + country in text`, `surname of
    /// "..."`, `pronoun: subject of the sentence before`.
    pub basis: String,
}

/// What an actor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// One person.
    Person,
    /// A state, named by its name, its people's adjective or its capital.
    Country,
    /// An organisation with a name.
    Organisation,
    /// An unnamed collective: "Malian soldiers", "protesters in Lima".
    Group,
}

impl ActorKind {
    /// The word used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            ActorKind::Person => "person",
            ActorKind::Country => "country",
            ActorKind::Organisation => "organisation",
            ActorKind::Group => "group",
        }
    }
}

/// An office that a text or a table gives to an actor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeHeld {
    /// Canonical id of `offices.tsv`: `head-of-government`.
    pub office: String,
    /// As printed: "Iraqi Prime Minister".
    pub title: String,
    /// ISO-3 or special code of the state or body served; empty when unknown.
    pub code: String,
    /// PLOVER sector.
    pub sector: Option<Sector>,
    /// ISO date or prefix; empty when unknown.
    pub start: String,
    /// ISO date or prefix, exclusive; empty when unknown or in office.
    pub end: String,
    /// Whether the text says former, late, acting, elect: as printed, lower case, else empty.
    pub qualifier: String,
    /// `text`, `table` or `import`.
    pub basis: String,
    /// The words, when from the text.
    pub span: Option<Span>,
}

/// What [`DocActor::basis`] says of a country that the text names only by its places: "shelled Kharkiv".
pub const COUNTRY_OF_A_PLACE: &str = "country of a place";

/// An actor as one document shows it: the cluster of mentions that refer to it there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocActor {
    /// The fullest name in the document, without titles.
    pub name: String,
    /// Every name form in the document (no pronouns, no nominals), first seen first.
    pub names: Vec<String>,
    /// What it is.
    pub kind: ActorKind,
    /// ISO-3, or IGO UNO EUR NGO ISM IMG MNC; empty when unknown.
    pub code: String,
    /// PLOVER sector.
    pub sector: Option<Sector>,
    /// Further sectors.
    pub other_sectors: Vec<Sector>,
    /// Offices, from text and table.
    pub offices: Vec<OfficeHeld>,
    /// Row of the shipped tables: `person:al-masri-m`, `country:IRQ`, `org:un-security-council`.
    pub table_id: Option<String>,
    /// Wikidata id where the base has one.
    pub wikidata_id: Option<String>,
    /// Why it may never be a party to an event: `reporter`, `cited medium`, `reader who commented`; empty when it may.
    pub excluded: String,
    /// How code and sector were found.
    pub basis: String,
}

/// An actor across documents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Actor {
    /// Stable id.
    pub actor_id: ActorId,
    /// Canonical name.
    pub name: String,
    /// What it is.
    pub kind: ActorKind,
    /// ISO-3 or special code; empty when unknown.
    pub code: String,
    /// PLOVER sector.
    pub sector: Option<Sector>,
    /// Further sectors.
    pub other_sectors: Vec<Sector>,
    /// Wikidata id.
    pub wikidata_id: Option<String>,
    /// Every name form seen or known, sorted.
    pub aliases: Vec<String>,
    /// Why the document actors were joined, one line a join.
    pub reasons: Vec<String>,
    /// As in [`DocActor::excluded`].
    pub excluded: String,
}

/// An office of an actor, with its evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorRole {
    /// Who.
    pub actor_id: ActorId,
    /// The office.
    pub office: OfficeHeld,
    /// Index of the document whose text says so.
    pub doc: Option<u32>,
}
