//! What words of class and id attributes say. They are hints: who names them has his own reasons.

use crate::knowledge::IngestKnowledge;
use polybius_text::SegmentKind;

/// Longest label that is read, in characters.
const MAX_LABEL: usize = 400;

/// What the labels of one element say.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Label {
    /// What the element holds.
    pub hint: Option<SegmentKind>,
    /// It holds the article's text.
    pub is_container: bool,
    /// Equal for elements with equal classes; 0 without a class.
    pub class: u64,
}

/// Reads class and id.
pub(crate) fn read(class: &str, id: &str, known: &IngestKnowledge) -> Label {
    let words: Vec<String> = words_of(class).into_iter().chain(words_of(id)).collect();
    let pair = |w: &[String]| {
        known.classes.has("container_first", &w[0]) && known.classes.has("container_second", &w[1])
    };
    let hint = words.iter().enumerate().find_map(|(i, word)| {
        let joined = words.get(i + 1).and_then(|next| known.structure.get(&format!("{word}{next}")));
        joined.or_else(|| known.structure.get(word)).copied()
    });
    Label {
        hint,
        is_container: words.windows(2).any(pair) || words.iter().any(|w| known.classes.has("container", w)),
        class: if class.is_empty() { 0 } else { polybius_text::stable_hash(&[class]) | 1 },
    }
}

/// Words of an attribute: `articleBody entry-content` is article, body, entry, content.
pub(crate) fn words_of(labels: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut word = String::new();
    let mut lower_before = false;
    for c in labels.chars().take(MAX_LABEL) {
        if (!c.is_alphanumeric() || (c.is_uppercase() && lower_before)) && !word.is_empty() {
            found.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        lower_before = c.is_lowercase();
    }
    if !word.is_empty() {
        found.push(word);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::words_of;

    #[test]
    fn labels_fall_apart_at_marks_and_capitals() {
        assert_eq!(words_of("articleBody  entry-content"), ["article", "body", "entry", "content"]);
        assert_eq!(words_of("td_post__TEXT x1"), ["td", "post", "text", "x1"]);
    }
}
