//! Who is quoted, and as what, in short texts read with the shipped data.

mod stages;

use polybius_text::{Article, CodedDocument};
use stages::Stages;

/// The speaker of the quote that holds the words: the name of the actor, else the words that name him.
fn speaker(doc: &CodedDocument, words: &str) -> Option<String> {
    let text = &doc.annotated.article.text;
    let quote = doc.quotes.iter().find(|q| q.span.of(text).contains(words))?;
    let actor = quote.speaker.map(|a| &doc.doc_actors[a as usize]).filter(|a| !a.names.is_empty());
    actor.map(|a| a.name.clone()).or_else(|| quote.speaker_span.map(|s| s.of(text).to_owned()))
}

/// Code and sector of the actor that bears a name.
fn code(doc: &CodedDocument, name: &str) -> String {
    let bears = |a: &&polybius_text::DocActor| a.name == name || a.names.iter().any(|n| n == name);
    doc.doc_actors
        .iter()
        .find(bears)
        .map_or("nobody".to_owned(), |a| format!("{} {}", a.code, a.sector.map_or("", |s| s.as_str())))
}

#[test]
fn the_speaker_is_who_the_words_say_whatever_the_order() {
    let stages = Stages::load();
    let cases = [
        (
            "In Accra, United Nations Secretary-General Amina Osei told reporters that the embargo would end soon.",
            "embargo would end",
            "Amina Osei",
        ),
        (
            "“We have changed the paint, not the house,” a student in the yard, Kofi Mensah, told me.",
            "changed the paint",
            "Kofi Mensah",
        ),
        (
            "Opposition leader Ama Boateng rejected the plan. \"A man without a party has been given a country by \
             a man without a vote,\" she wrote.",
            "without a party",
            "Ama Boateng",
        ),
        (
            "The police, affirms the mother of one of the dead, Rosa Quispe: «They shot us from the roof».",
            "from the roof",
            "Rosa Quispe",
        ),
        (
            "“We will sleep here if we must,” says one of their organisers, the playwright Nadia Haddad.",
            "sleep here",
            "Nadia Haddad",
        ),
        (
            "Kenyan President Peter Otieno wrote on Friday that good things were happening but only time would tell.",
            "happening but only time would tell",
            "Peter Otieno",
        ),
        (
            "Kenya's foreign minister, Peter Otieno, sat beside the general who had just closed the parliament, and \
             promised that Kenya would help.",
            "Kenya would help",
            "Peter Otieno",
        ),
        (
            "Their spokesman, Colonel Issa Traore, announced a curfew. \"We do not cling to power,\" he said.",
            "cling to power",
            "Issa Traore",
        ),
    ];
    let mut wrong = String::new();
    for (text, words, who) in cases {
        let doc = stages.code(Article::from_sentence(text, None));
        let found = speaker(&doc, words);
        if !found.as_deref().is_some_and(|f| f.contains(who)) {
            wrong.push_str(&format!("\n{text}\n  expected {who}, got {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn titles_bodies_and_places_say_whose_a_person_is() {
    let stages = Stages::load();
    let cases = [
        ("Labour Minister Eduardo Paz of Peru resigned on Friday.", "Eduardo Paz", "PER GOV"),
        ("The stands cheered King Philippe of the Belgians.", "Philippe", "BEL GOV"),
        ("The trade union speaker Otto Brandt threatened a strike in Germany.", "Otto Brandt", "DEU LAB"),
        (
            "In Mali the army named Colonels Sidi Traore and Issa Coulibaly, who had been ministers, on Monday.",
            "Issa Coulibaly",
            "MLI MIL",
        ),
        ("The fighters of al-Shabaab attacked the town in Somalia.", "al-Shabaab", "SOM REB"),
        (
            "Peru and its press mourned a policeman, Luis Rojas, on Tuesday. In Peru the flags of Peru were lowered.",
            "Luis Rojas",
            "PER COP",
        ),
        (
            "Two Kenyan doctors, Peter Otieno and Amina Njoroge, were freed in Somalia on Friday.",
            "Amina Njoroge",
            "KEN HLH",
        ),
        (
            "The foreign policy adviser of President Yoweri Museveni, Grace Akello, left Tanzania on Monday.",
            "Grace Akello",
            "UGA GOV",
        ),
        (
            "The president of the teachers' union, Ana Quispe, called a strike in Peru on Monday.",
            "Ana Quispe",
            "PER LAB",
        ),
        ("The commander of police Pedro Vega denied this in Ecuador on Monday.", "Pedro Vega", "ECU COP"),
        (
            "A monk, the Venerable Som Narin, walked to the army's camp in Cambodia to pray.",
            "Som Narin",
            "KHM REL",
        ),
    ];
    let mut wrong = String::new();
    for (text, name, expected) in cases {
        let got = code(&stages.code(Article::from_sentence(text, None)), name);
        if got != expected {
            wrong.push_str(&format!("\n{text}\n  expected {expected}, got {got}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_neighbour_is_the_other_state_of_the_sentence() {
    let stages = Stages::load();
    let text = "Kenya closed the border with Tanzania after its neighbour told the United Nations that rebels were \
                living in camps on Kenyan soil.";
    let doc = stages.code(Article::from_sentence(text, None));
    assert_eq!(speaker(&doc, "rebels were living").as_deref(), Some("Tanzania"));
}

#[test]
fn an_institution_in_another_capital_is_of_that_state() {
    let stages = Stages::load();
    let doc = stages.code(Article::from_sentence("The Foreign Office in Berlin warned its citizens.", None));
    assert!(doc.doc_actors.iter().any(|a| a.code == "DEU") && doc.doc_actors.iter().all(|a| a.code != "GBR"));
}

#[test]
fn the_label_of_a_turn_of_speech_is_its_speaker() {
    let stages = Stages::load();
    let text = "Spokesman Peter Otieno: Good evening, friends.\n\
                Question: Did the army arrange the flight?\n\
                Peter Otieno: No. The army neither arranged nor paid for it.\n\
                Question: Will troops be sent?\n\
                Peter Otieno: I do not answer hypothetical questions.";
    let doc = stages.code(paragraphs(text));
    assert_eq!(speaker(&doc, "neither arranged nor paid").as_deref(), Some("Peter Otieno"));
    assert_eq!(speaker(&doc, "Did the army"), None);
}

#[test]
fn one_colon_makes_no_transcript() {
    let stages = Stages::load();
    let doc =
        stages.code(paragraphs("Peter Otieno: a life in the service of the state.\nHe was born in Kisumu."));
    assert_eq!(speaker(&doc, "a life in the service"), None);
}

/// An article with a paragraph for each line.
fn paragraphs(text: &str) -> Article {
    let mut article = Article::from_sentence(text, None);
    let whole = article.segments[0].clone();
    let mut start = 0;
    article.segments.clear();
    for (block, line) in text.split_inclusive('\n').enumerate() {
        let span = polybius_text::Span::new(start, start + line.trim_end().len());
        article.segments.push(polybius_text::Segment {
            span,
            raw: span,
            block: block as u32,
            ..whole.clone()
        });
        start += line.len();
    }
    article
}
