//! Clauses that the tree leaves unfinished: coordinated verbs whose forms do not go together, finite verbs without a subject.

use crate::model::Labels;
use crate::reader::WordReading;

/// Longest way up from a verb to the clause that its partner belongs to.
const MAX_CLAUSES: usize = 6;

/// "demanded that he resign and accused him": a finite verb without a subject of its own cannot go on from a bare infinitive
/// or a subjunctive; it goes on with the nearest finite verb above. Heads stay a tree, since only ancestors are taken.
pub(crate) fn raise_finite_conjuncts(words: &mut [WordReading], labels: &Labels) {
    let xpos = |w: &WordReading| labels.xpos[usize::from(w.xpos)].as_str();
    let rel = |w: &WordReading| labels.rel[usize::from(w.rel)].as_str();
    for i in 0..words.len() {
        if rel(&words[i]) != "conj" || !matches!(xpos(&words[i]), "VBD" | "VBZ") {
            continue;
        }
        let partner = words[i].head as usize;
        if partner == 0 || partner > i || xpos(&words[partner - 1]) != "VB" {
            continue;
        }
        let subject = |w: &WordReading| {
            w.head as usize == i + 1 && matches!(rel(w).split(':').next(), Some("nsubj" | "csubj" | "expl"))
        };
        if words.iter().any(subject) {
            continue;
        }
        let mut above = partner;
        for _ in 0..MAX_CLAUSES {
            let word = &words[above - 1];
            let clause =
                matches!(rel(word).split(':').next(), Some("conj" | "xcomp" | "ccomp" | "advcl" | "acl"));
            if !clause || word.head == 0 {
                break;
            }
            above = word.head as usize;
            if matches!(xpos(&words[above - 1]), "VBD" | "VBZ" | "VBP") {
                words[i].head = above as u32;
                break;
            }
        }
    }
}

/// "at the site where a drone strike killed the general": a finite verb of an inner clause that has no subject takes the bare noun
/// before it, where that noun hangs as an attribute without preposition, which no English noun does from so far.
pub(crate) fn find_subjects(words: &mut [WordReading], labels: &Labels) {
    let Some(subject) = labels.rel.iter().position(|r| r == "nsubj") else { return };
    let base = |w: &WordReading| base_of(labels, w);
    for i in 1..words.len() {
        let finite = matches!(labels.xpos[usize::from(words[i].xpos)].as_str(), "VBD" | "VBZ");
        if !finite || !matches!(base(&words[i]), "advcl" | "ccomp" | "parataxis" | "acl") {
            continue;
        }
        let has = |of: usize, wanted: &[&str]| {
            words.iter().any(|w| w.head as usize == of + 1 && wanted.contains(&base(w)))
        };
        if has(i, &["nsubj", "csubj", "expl", "aux"]) {
            continue;
        }
        let mut noun = i - 1;
        while matches!(base(&words[noun]), "compound" | "flat")
            && (1..=i).contains(&(words[noun].head as usize))
        {
            let head = words[noun].head as usize - 1;
            if head == noun {
                break;
            }
            noun = head;
        }
        let nominal = matches!(labels.upos[usize::from(words[noun].upos)].as_str(), "NOUN" | "PROPN");
        let bare = matches!(base(&words[noun]), "nmod" | "dep") && !has(noun, &["case"]);
        if noun < i && nominal && bare && !is_under(words, i, noun) {
            words[noun].head = i as u32 + 1;
            words[noun].rel = subject as u8;
        }
    }
}

/// A relation without its subtype.
fn base_of<'l>(labels: &'l Labels, word: &WordReading) -> &'l str {
    let rel = labels.rel[usize::from(word.rel)].as_str();
    rel.split_once(':').map_or(rel, |(base, _)| base)
}

/// Whether `word` hangs somewhere under `above`.
fn is_under(words: &[WordReading], word: usize, above: usize) -> bool {
    let mut at = word;
    for _ in 0..words.len() {
        match words[at].head as usize {
            0 => return false,
            head if head - 1 == above => return true,
            head => at = head - 1,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The head of `word` after mending; each word is form, tag, head, relation.
    fn mended(sentence: &[(&str, &str, u32, &str)], word: usize) -> u32 {
        let mut labels = Labels {
            upos: vec!["NOUN".to_owned()],
            xpos: Vec::new(),
            rel: vec!["nsubj".to_owned()],
            ner: Vec::new(),
        };
        let number = |list: &mut Vec<String>, name: &str| {
            list.iter().position(|l| l == name).unwrap_or_else(|| {
                list.push(name.to_owned());
                list.len() - 1
            }) as u8
        };
        let mut words: Vec<WordReading> = sentence
            .iter()
            .map(|(form, tag, head, rel)| WordReading {
                upos: 0,
                xpos: number(&mut labels.xpos, tag),
                rel: number(&mut labels.rel, rel),
                head: *head,
                lemma: (*form).to_owned(),
                ner: 0,
            })
            .collect();
        raise_finite_conjuncts(&mut words, &labels);
        find_subjects(&mut words, &labels);
        words[word - 1].head
    }

    #[test]
    fn a_finite_verb_goes_on_with_the_finite_verb_above() {
        let sentence = [
            ("unions", "NNS", 2, "nsubj"),
            ("demanded", "VBD", 0, "root"),
            ("that", "IN", 5, "mark"),
            ("he", "PRP", 5, "nsubj"),
            ("resign", "VB", 2, "ccomp"),
            ("and", "CC", 7, "cc"),
            ("accused", "VBD", 5, "conj"),
            ("him", "PRP", 7, "obj"),
        ];
        assert_eq!(mended(&sentence, 7), 2);
    }

    #[test]
    fn a_bare_noun_before_a_finite_verb_is_its_subject() {
        let sentence = [
            ("stopped", "VBD", 0, "root"),
            ("at", "IN", 3, "case"),
            ("site", "NN", 1, "obl"),
            ("where", "WRB", 6, "advmod"),
            ("strike", "NN", 3, "nmod"),
            ("killed", "VBD", 1, "advcl"),
            ("general", "NN", 6, "obj"),
        ];
        assert_eq!(mended(&sentence, 5), 6);
        // "the soldiers killed there": the verb hangs under the noun.
        let reduced = [
            ("soldiers", "NNS", 4, "nmod"),
            ("killed", "VBD", 1, "acl"),
            ("there", "RB", 2, "advmod"),
            ("left", "VBD", 0, "root"),
        ];
        assert_eq!(mended(&reduced, 1), 4);
    }

    #[test]
    fn infinitives_and_verbs_with_a_subject_stay() {
        let infinitives = [
            ("vowed", "VBD", 0, "root"),
            ("to", "TO", 3, "mark"),
            ("stay", "VB", 1, "xcomp"),
            ("and", "CC", 5, "cc"),
            ("fight", "VB", 3, "conj"),
        ];
        assert_eq!(mended(&infinitives, 5), 3);
        let own_subject = [
            ("asked", "VBD", 0, "root"),
            ("that", "IN", 3, "mark"),
            ("leave", "VB", 1, "ccomp"),
            ("and", "CC", 6, "cc"),
            ("they", "PRP", 6, "nsubj"),
            ("left", "VBD", 3, "conj"),
        ];
        assert_eq!(mended(&own_subject, 6), 3);
    }
}
