//! One struct a table: the outer types, apart from the stages' own, so that those can change without breaking a reader.
//!
//! Names and meanings of the columns are a contract. The comment on a field is its entry in the data dictionary
//! ([`crate::dictionary`]): what it means, then, after `Unit:`, what it is counted in. Dates are ISO text in these structs and
//! `Date32` in the files. Offsets are UTF-8 bytes into `documents.text`.

use serde::{Deserialize, Serialize};

/// A row of a table.
pub trait Row: Serialize + for<'de> Deserialize<'de> + Default + 'static {
    /// Name of the table, of its folder and of the SQL relation.
    const TABLE: &'static str;
    /// What one row is.
    const MEANING: &'static str;
    /// Columns stored as `Date32`.
    const DATES: &'static [&'static str];
    /// The columns, in order.
    const COLUMNS: &'static [ColumnDoc];
}

/// A column as its struct declares it.
#[derive(Debug, Clone, Copy)]
pub struct ColumnDoc {
    /// Name of the field.
    pub name: &'static str,
    /// Its type in the struct.
    pub rust_type: &'static str,
    /// The comment on it.
    pub doc: &'static str,
}

/// What is done with each table in turn.
pub trait EachTable {
    /// What ends it early.
    type Error;
    /// One table.
    fn table<R: Row>(&mut self) -> Result<(), Self::Error>;
}

macro_rules! columns {
    ($($(#[doc = $doc:literal])* $field:ident : $ty:ty),*) => {
        &[$(ColumnDoc { name: stringify!($field), rust_type: stringify!($ty), doc: concat!($($doc),*) }),*]
    };
}

macro_rules! tables {
    ($(#[doc = $doc:literal] $row:ident = $name:literal dates [$($date:literal),*] {
        $($(#[doc = $fdoc:literal])* $field:ident : $ty:ty),* $(,)?
    })*) => {
        $(
            #[doc = $doc]
            #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
            #[serde(default)]
            pub struct $row { $($(#[doc = $fdoc])* pub $field: $ty),* }

            impl Row for $row {
                const TABLE: &'static str = $name;
                const MEANING: &'static str = $doc;
                const DATES: &'static [&'static str] = &[$($date),*];
                const COLUMNS: &'static [ColumnDoc] = columns!($($(#[doc = $fdoc])* $field: $ty),*);
            }
        )*

        /// Names of all tables, in the order of the documentation.
        pub const TABLES: &[&str] = &[$($name),*];

        /// Hands every table to the visitor, in the order of the documentation.
        pub fn each_table<V: EachTable>(visitor: &mut V) -> Result<(), V::Error> {
            $(visitor.table::<$row>()?;)*
            Ok(())
        }

        /// Hands the table of that name to the visitor; `None` when there is none.
        pub fn with_table<V: EachTable>(name: &str, visitor: &mut V) -> Option<Result<(), V::Error>> {
            match name {
                $($name => Some(visitor.table::<$row>()),)*
                _ => None,
            }
        }
    };
}

macro_rules! parts {
    ($(#[doc = $doc:literal] $part:ident { $($(#[doc = $fdoc:literal])* $field:ident : $ty:ty),* $(,)? })*) => {
        $(
            #[doc = $doc]
            #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
            #[serde(default)]
            pub struct $part { $($(#[doc = $fdoc])* pub $field: $ty),* }
        )*

        /// The structs that stand in columns, by name.
        pub(crate) const PARTS: &[(&str, &[ColumnDoc])] =
            &[$((stringify!($part), columns!($($(#[doc = $fdoc])* $field: $ty),*))),*];
    };
}

parts! {
    /// A party of an event.
    PartyRow {
        /// The actor across documents, in `actors`; empty where none was joined.
        actor_id: String,
        /// Canonical name.
        name: String,
        /// Country (ISO 3166-1 alpha-3) or IGO, UNO, EUR, NGO, ISM, IMG, MNC; empty when unknown.
        code: String,
        /// PLOVER sector: GOV, MIL, REB and others; empty when unknown.
        sector: String,
        /// First byte of the words that stand for the party. Unit: bytes of UTF-8 in documents.text.
        start: u32,
        /// End of these words, exclusive. Unit: bytes of UTF-8 in documents.text.
        end: u32,
        /// These words.
        text: String,
        /// How the party was found: subject, possessor, sentence before, and others.
        basis: String,
    }
    /// One who says so.
    AttributionRow {
        /// The actor across documents, in `actors`; empty where none was joined.
        actor_id: String,
        /// Canonical name, or the words.
        name: String,
        /// First byte of the words that name the speaker. Unit: bytes of UTF-8 in documents.text.
        start: u32,
        /// End of these words, exclusive. Unit: bytes of UTF-8 in documents.text.
        end: u32,
    }
    /// A value of a conflict.
    ValueRow {
        /// The document that gives it.
        doc_id: String,
        /// The value as compared.
        value: String,
        /// First byte of its words. Unit: bytes of UTF-8 in documents.text.
        start: u32,
        /// End of its words, exclusive. Unit: bytes of UTF-8 in documents.text.
        end: u32,
    }
    /// A flag with its evidence.
    FlagRow {
        /// Name of the flag.
        flag: String,
        /// What raised it.
        detail: String,
        /// First bytes of the stretches that show it. Unit: bytes of UTF-8 in documents.text.
        starts: Vec<u32>,
        /// Ends of these stretches, exclusive. Unit: bytes of UTF-8 in documents.text.
        ends: Vec<u32>,
    }
    /// A stretch of text.
    SpanRow {
        /// First byte. Unit: bytes of UTF-8 in documents.text.
        start: u32,
        /// End, exclusive. Unit: bytes of UTF-8 in documents.text.
        end: u32,
    }
}

tables! {
    /// One document.
    DocumentRow = "documents" dates [] {
        /// Id: the same page under the same path always has the same.
        doc_id: String,
        /// File, record of an archive, or address that it came from.
        path: String,
        /// Address of the page, where known.
        url: Option<String>,
        /// Who published it, as the page says.
        outlet: Option<String>,
        /// News agency that the page credits.
        agency: Option<String>,
        /// Headline.
        title: Option<String>,
        /// Who wrote it.
        byline: Option<String>,
        /// Language of the text. Unit: ISO 639-1 code.
        language: String,
        /// When it was published, as the page says. Unit: ISO 8601 day, month or year, by published_precision.
        published_at: Option<String>,
        /// How exactly that is known: day, month, year, interval, open; empty without a date.
        published_precision: String,
        /// What the date of publication rests on.
        published_basis: String,
        /// What is odd about the page: machine_translated, word_spun, truncated, and others.
        flags: Vec<String>,
        /// All visible text in page order, furniture included; `segments` says what each stretch is.
        text: String,
        /// Words between white space. Unit: words.
        n_words: u32,
        /// Its story.
        story_id: String,
        /// Documents with the same origin are one witness.
        origin_id: String,
        /// The flags with their evidence.
        flag_details: Vec<FlagRow>,
    }
    /// What a stretch of a document is.
    SegmentRow = "segments" dates [] {
        /// Its document.
        doc_id: String,
        /// body, title, subhead, teaser, caption, dateline, byline, navigation, comment, and others.
        kind: String,
        /// First byte. Unit: bytes of UTF-8 in documents.text.
        start: u32,
        /// End, exclusive. Unit: bytes of UTF-8 in documents.text.
        end: u32,
        /// First byte in the page as it came. Unit: bytes of the page.
        raw_start: u32,
        /// End in the page as it came, exclusive. Unit: bytes of the page.
        raw_end: u32,
    }
    /// One sentence that was read.
    SentenceRow = "sentences" dates [] {
        /// Its document.
        doc_id: String,
        /// Number in the document, from 0.
        sentence: u32,
        /// First byte. Unit: bytes of UTF-8 in documents.text.
        start: u32,
        /// End, exclusive. Unit: bytes of UTF-8 in documents.text.
        end: u32,
        /// The earlier sentence of the document that it repeats: a headline or teaser is no second witness.
        repeats: Option<u32>,
    }
    /// A stretch that refers to an actor; one row an actor where it refers to several.
    MentionRow = "mentions" dates [] {
        /// Id of the stretch.
        mention_id: String,
        /// Its document.
        doc_id: String,
        /// First byte. Unit: bytes of UTF-8 in documents.text.
        start: u32,
        /// End, exclusive. Unit: bytes of UTF-8 in documents.text.
        end: u32,
        /// The words.
        text: String,
        /// How it refers: named, nominal, pronoun, implied.
        kind: String,
        /// What it names: person, organisation, place, nationality, event, other.
        entity_type: String,
        /// The actor in `actors`; missing where it stays unresolved.
        actor_id: Option<String>,
        /// How sure the link is. Unit: 0 to 1.
        link_score: f32,
        /// How it was linked.
        basis: String,
    }
    /// An actor across documents.
    ActorRow = "actors" dates [] {
        /// Id.
        actor_id: String,
        /// Canonical name.
        name: String,
        /// person, country, organisation, group.
        kind: String,
        /// Country (ISO 3166-1 alpha-3) or IGO, UNO, EUR, NGO, ISM, IMG, MNC; empty when unknown.
        code: String,
        /// PLOVER sector; empty when unknown.
        sector: String,
        /// Further PLOVER sectors.
        other_sectors: Vec<String>,
        /// Wikidata id, where a table or base has one.
        wikidata_id: Option<String>,
        /// Every form of the name that was seen or is known.
        aliases: Vec<String>,
        /// Why its mentions in several documents are one actor, a line a join.
        reasons: Vec<String>,
        /// Why it is never a party of an event (reporter, cited medium, and others); empty when it may be one.
        excluded: String,
    }
    /// An office of an actor.
    RoleRow = "roles" dates [] {
        /// The actor.
        actor_id: String,
        /// Id of the office in the shipped table.
        office: String,
        /// The office as printed.
        title: String,
        /// Code of the state or body that is served; empty when unknown.
        code: String,
        /// PLOVER sector; empty when unknown.
        sector: String,
        /// First day. Unit: ISO 8601 day, month or year; empty when unknown.
        start_date: String,
        /// Day after the last. Unit: ISO 8601 day, month or year; empty when unknown or in office.
        end_date: String,
        /// former, late, acting, elect, as printed; else empty.
        qualifier: String,
        /// What it rests on: text, table, import.
        basis: String,
        /// The document whose text says so.
        doc_id: Option<String>,
        /// First byte of the words that say so. Unit: bytes of UTF-8 in documents.text.
        start: Option<u32>,
        /// End of these words, exclusive. Unit: bytes of UTF-8 in documents.text.
        end: Option<u32>,
    }
    /// A time expression.
    TimeRow = "times" dates ["date_start", "date_end"] {
        /// Its document.
        doc_id: String,
        /// First byte. Unit: bytes of UTF-8 in documents.text.
        start: u32,
        /// End, exclusive. Unit: bytes of UTF-8 in documents.text.
        end: u32,
        /// The words.
        text: String,
        /// TIMEX3 type: DATE, TIME, DURATION, SET.
        r#type: String,
        /// TIMEX3 value.
        value: String,
        /// First day that it can mean.
        date_start: Option<String>,
        /// Last day that it can mean, inclusive.
        date_end: Option<String>,
        /// How exactly it is known: day, month, year, interval, open; empty without a day.
        precision: String,
        /// What the value rests on.
        basis: String,
        /// Other readings, with their reason.
        alternatives: Vec<String>,
    }
    /// A place named in a document.
    PlaceRow = "places" dates [] {
        /// Its document.
        doc_id: String,
        /// First byte. Unit: bytes of UTF-8 in documents.text.
        start: u32,
        /// End, exclusive. Unit: bytes of UTF-8 in documents.text.
        end: u32,
        /// The words.
        text: String,
        /// Canonical name.
        name: String,
        /// Country. Unit: ISO 3166-1 alpha-3 code; empty when unknown.
        country: String,
        /// Id in GeoNames.
        geonameid: Option<u32>,
        /// Latitude, WGS 84. Unit: degrees north.
        lat: Option<f64>,
        /// Longitude, WGS 84. Unit: degrees east.
        lon: Option<f64>,
        /// What the point stands for: city, region, country, and others.
        precision: String,
    }
    /// Words that somebody is said to have said.
    QuoteRow = "quotes" dates [] {
        /// Id.
        quote_id: String,
        /// Its document.
        doc_id: String,
        /// First byte of the words, without quotation marks. Unit: bytes of UTF-8 in documents.text.
        start: u32,
        /// End, exclusive. Unit: bytes of UTF-8 in documents.text.
        end: u32,
        /// direct, indirect, mixed.
        kind: String,
        /// First byte of the words that say so ("said"). Unit: bytes of UTF-8 in documents.text.
        cue_start: Option<u32>,
        /// End of these words, exclusive. Unit: bytes of UTF-8 in documents.text.
        cue_end: Option<u32>,
        /// The speaker in `actors`.
        speaker_actor_id: Option<String>,
        /// First byte of the words that name the speaker. Unit: bytes of UTF-8 in documents.text.
        speaker_start: Option<u32>,
        /// End of these words, exclusive. Unit: bytes of UTF-8 in documents.text.
        speaker_end: Option<u32>,
        /// The same in all renderings of one utterance; empty where there is one rendering.
        utterance_id: String,
        /// How the speaker was found.
        basis: String,
    }
    /// One event as one document tells it.
    EventRow = "events" dates ["date_start", "date_end"] {
        /// Id.
        event_id: String,
        /// Its document.
        doc_id: String,
        /// Number of the sentence that holds the trigger.
        sentence: u32,
        /// First byte of that sentence. Unit: bytes of UTF-8 in documents.text.
        evidence_start: u32,
        /// End of that sentence, exclusive. Unit: bytes of UTF-8 in documents.text.
        evidence_end: u32,
        /// First byte of the words that carry the type. Unit: bytes of UTF-8 in documents.text.
        trigger_start: u32,
        /// End of these words, exclusive. Unit: bytes of UTF-8 in documents.text.
        trigger_end: u32,
        /// PLOVER type: AGREE, CONSULT, ASSAULT, and others.
        event_type: String,
        /// PLOVER modes: how.
        modes: Vec<String>,
        /// PLOVER contexts: why.
        contexts: Vec<String>,
        /// Quad class: verbal_cooperation, material_cooperation, verbal_conflict, material_conflict.
        quad: String,
        /// PLOVER conflict-cooperation score of type and mode. Unit: -10 to +10.
        score: f32,
        /// CAMEO code as text, with its leading zero.
        cameo: String,
        /// Goldstein score of the CAMEO code. Unit: -10 to +10.
        goldstein: f32,
        /// Doers; all parties of a reciprocal act.
        actors: Vec<PartyRow>,
        /// Those to whom it is done.
        recipients: Vec<PartyRow>,
        /// affirmed, negated, denied.
        polarity: String,
        /// actual, future, hypothetical, historical.
        modality: String,
        /// How sure the text is that it took place. Unit: -3 (certainly not) to +3 (certainly).
        factuality: f32,
        /// First day.
        date_start: Option<String>,
        /// Last day, inclusive.
        date_end: Option<String>,
        /// How exactly the date is known: day, month, year, interval, open; empty without a date.
        date_precision: String,
        /// What the date rests on.
        date_basis: String,
        /// Other readings of the date, with their reason.
        date_alternatives: Vec<String>,
        /// Place, canonical name.
        place_name: Option<String>,
        /// Country of the place. Unit: ISO 3166-1 alpha-3 code.
        place_country: Option<String>,
        /// Id of the place in GeoNames.
        geonameid: Option<u32>,
        /// Latitude, WGS 84. Unit: degrees north.
        lat: Option<f64>,
        /// Longitude, WGS 84. Unit: degrees east.
        lon: Option<f64>,
        /// Who says so, outermost first; empty when the narrator does.
        attribution: Vec<AttributionRow>,
        /// The quote that holds the trigger.
        quote_id: Option<String>,
        /// Killed. Unit: people.
        dead: Option<u64>,
        /// Hurt. Unit: people.
        injured: Option<u64>,
        /// Arrested. Unit: people.
        arrested: Option<u64>,
        /// The row of the codebook that made it, file and line.
        rule: String,
        /// How sure the coding is. Unit: 0 to 1.
        confidence: f32,
        /// The happening that it is one account of, in `chains`.
        chain_id: String,
        /// Dependency paths from the trigger to each party.
        paths: Vec<String>,
        /// One line for each decision of the coder.
        notes: Vec<String>,
    }
    /// Documents on one happening.
    StoryRow = "stories" dates ["date_start", "date_end"] {
        /// Id.
        story_id: String,
        /// One line made from the texts.
        title: String,
        /// First day of its main events.
        date_start: Option<String>,
        /// Last day of its main events, inclusive.
        date_end: Option<String>,
        /// Documents in it. Unit: documents.
        n_documents: u32,
        /// Independent origins of these. Unit: origins.
        n_origins: u32,
    }
    /// A document in a story, and why.
    StoryDocumentRow = "story_documents" dates [] {
        /// The story.
        story_id: String,
        /// The document; each is in one story.
        doc_id: String,
        /// How well it fits. Unit: 0 to 1.
        score: f32,
        /// Why it is in, in order of force.
        reasons: Vec<String>,
        /// Documents of a story with the same origin are one witness.
        origin_id: String,
        /// Why it has that origin.
        origin_reason: String,
    }
    /// A document that almost joined a story, and what kept it out.
    NearMissRow = "story_near_misses" dates [] {
        /// The story.
        story_id: String,
        /// The document.
        doc_id: String,
        /// How well it fits. Unit: 0 to 1.
        score: f32,
        /// What pulled it in and what kept it out.
        reasons: Vec<String>,
    }
    /// See-also between stories.
    StoryLinkRow = "story_links" dates [] {
        /// From.
        story_id: String,
        /// To.
        other_story_id: String,
        /// same_dyad, same_topic, precedes.
        kind: String,
        /// Why.
        reasons: Vec<String>,
    }
    /// One happening across documents.
    ChainRow = "chains" dates ["date_start", "date_end"] {
        /// Id.
        chain_id: String,
        /// Its story.
        story_id: String,
        /// PLOVER type that most of its events have.
        event_type: String,
        /// Codes of the doers.
        actor_codes: Vec<String>,
        /// Codes of those to whom it is done.
        recipient_codes: Vec<String>,
        /// First day: the most exact date that most accounts allow.
        date_start: Option<String>,
        /// Last day, inclusive.
        date_end: Option<String>,
        /// How exactly the date is known: day, month, year, interval, open; empty without a date.
        date_precision: String,
        /// Documents that tell it. Unit: documents.
        n_documents: u32,
        /// Independent origins among them. Unit: origins.
        n_origins: u32,
        /// corroborated, only-here, differs, contradicted, self-inconsistent.
        verdict: String,
    }
    /// One comparable statement.
    ClaimRow = "claims" dates [] {
        /// Id.
        claim_id: String,
        /// Its story.
        story_id: String,
        /// The happening that it is about, where it rests on events.
        chain_id: Option<String>,
        /// One plain sentence made from the texts.
        claim: String,
        /// corroborated, only-here, differs, contradicted, self-inconsistent.
        verdict: String,
        /// Documents that are not silent on it. Unit: documents.
        n_documents: u32,
        /// Independent origins among them. Unit: origins.
        n_origins: u32,
        /// For sorting. Unit: 0 to 1.
        importance: f32,
    }
    /// What one document does with a claim.
    ClaimCellRow = "claim_cells" dates [] {
        /// The claim.
        claim_id: String,
        /// The document.
        doc_id: String,
        /// states, differs, denies, silent.
        stance: String,
        /// First byte of the first span; missing when silent. Unit: bytes of UTF-8 in documents.text.
        start: Option<u32>,
        /// End of the first span, exclusive. Unit: bytes of UTF-8 in documents.text.
        end: Option<u32>,
        /// What differs.
        detail: String,
        /// All spans; several when the document says it more than once.
        spans: Vec<SpanRow>,
    }
    /// Accounts that disagree.
    ConflictRow = "conflicts" dates [] {
        /// Id.
        conflict_id: String,
        /// Its story.
        story_id: String,
        /// The claim that it touches.
        claim_id: Option<String>,
        /// What they disagree on: deaths, date, place, actor, weapon, office, who-started, denial.
        field: String,
        /// Whether they cannot both be true.
        hard: bool,
        /// The values by document.
        values: Vec<ValueRow>,
        /// One line for a person.
        reason: String,
    }
    /// Signed sums by pair of codes and month.
    RelationRow = "relations" dates [] {
        /// Code of the doer.
        actor_code: String,
        /// Code of the one to whom it is done.
        recipient_code: String,
        /// Month. Unit: YYYY-MM; empty for events without a date.
        period: String,
        /// Affirmed events that are not hypothetical. Unit: events.
        n_events: u32,
        /// Independent origins of these. Unit: origins.
        n_origins: u32,
        /// Sum of their PLOVER scores.
        score_sum: f64,
        /// Events with a score above 0. Unit: events.
        positive: u32,
        /// Events with a score below 0. Unit: events.
        negative: u32,
    }
    /// A page that gave no article.
    RejectRow = "rejects" dates [] {
        /// File, record of an archive, or address that it came from.
        path: String,
        /// One of a closed list.
        reason: String,
        /// What was found instead.
        detail: String,
    }
    /// What most people want of the events: lists joined by `;`.
    EventFlatRow = "events_flat" dates ["date_start", "date_end"] {
        /// Id, in `events`.
        event_id: String,
        /// File, record of an archive, or address of the document.
        path: String,
        /// The sentence that holds the trigger.
        evidence: String,
        /// The words that carry the type.
        trigger: String,
        /// PLOVER type.
        event_type: String,
        /// PLOVER modes: how.
        modes: String,
        /// PLOVER contexts: why.
        contexts: String,
        /// Quad class: verbal_cooperation, material_cooperation, verbal_conflict, material_conflict.
        quad: String,
        /// PLOVER conflict-cooperation score of type and mode. Unit: -10 to +10.
        score: f32,
        /// CAMEO code as text, with its leading zero.
        cameo: String,
        /// Names of the doers; all parties of a reciprocal act.
        actor_names: String,
        /// Their codes, in the same order.
        actor_codes: String,
        /// Their PLOVER sectors, in the same order.
        actor_sectors: String,
        /// Names of those to whom it is done.
        recipient_names: String,
        /// Their codes, in the same order.
        recipient_codes: String,
        /// Their PLOVER sectors, in the same order.
        recipient_sectors: String,
        /// affirmed, negated, denied.
        polarity: String,
        /// actual, future, hypothetical, historical.
        modality: String,
        /// First day.
        date_start: Option<String>,
        /// Last day, inclusive.
        date_end: Option<String>,
        /// How exactly the date is known: day, month, year, interval, open; empty without a date.
        date_precision: String,
        /// Place, canonical name.
        place_name: Option<String>,
        /// Country of the place. Unit: ISO 3166-1 alpha-3 code.
        place_country: Option<String>,
        /// Who says so, outermost first; empty when the narrator does.
        attribution: String,
        /// The row of the codebook that made it, file and line.
        rule: String,
        /// How sure the coding is. Unit: 0 to 1.
        confidence: f32,
        /// The happening that it is one account of, in `chains`.
        chain_id: String,
        /// Story of its document.
        story_id: String,
    }
    /// What most people want of the quotes.
    QuoteFlatRow = "quotes_flat" dates [] {
        /// File, record of an archive, or address of the document.
        path: String,
        /// The words, without quotation marks.
        text: String,
        /// direct, indirect, mixed.
        kind: String,
        /// The words that say so.
        cue: String,
        /// The words that name the speaker.
        speaker_text: String,
        /// Canonical name of the speaker.
        speaker_name: String,
        /// Code of the speaker.
        speaker_code: String,
        /// The same in all renderings of one utterance; empty where there is one rendering.
        utterance_id: String,
    }
}
