//! The words of a name, compared sound by sound.

use super::{SAME_NAME, knowledge};

/// Sounds as bytes; see `words/costs.tsv`.
type Sounds = Vec<u8>;

/// Sounds of one folded word: digraphs read as one sound, doubled sounds once.
pub(crate) fn sounds(word: &str) -> Sounds {
    const DIGRAPHS: [(&str, &[u8]); 24] = [
        ("tsch", b"C"),
        ("sch", b"S"),
        ("tsh", b"C"),
        ("tch", b"C"),
        ("dzh", b"J"),
        ("kh", b"K"),
        ("gh", b"G"),
        ("sh", b"S"),
        ("ch", b"C"),
        ("cz", b"C"),
        ("zh", b"J"),
        ("dj", b"j"),
        ("th", b"T"),
        ("dh", b"D"),
        ("ph", b"f"),
        ("ts", b"c"),
        ("tz", b"c"),
        ("ck", b"k"),
        ("ou", b"u"),
        ("oo", b"u"),
        ("ee", b"i"),
        ("aa", b"a"),
        ("x", b"ks"),
        ("q", b"q"),
    ];
    let mut out: Sounds = Vec::with_capacity(word.len());
    let mut push = |s: u8| {
        if out.last() != Some(&s) {
            out.push(s);
        }
    };
    let bytes = word.as_bytes();
    let mut i = 0;
    'next: while i < bytes.len() {
        for (letters, as_sounds) in DIGRAPHS {
            if bytes[i..].starts_with(letters.as_bytes()) {
                as_sounds.iter().for_each(|&s| push(s));
                i += letters.len();
                continue 'next;
            }
        }
        if bytes[i].is_ascii_alphanumeric() {
            push(bytes[i]);
        }
        i += 1;
    }
    out
}

/// What it costs to turn one word's sounds into another's; 0 for the same sounds.
fn distance(a: &[u8], b: &[u8]) -> f32 {
    let cost = &knowledge().cost;
    let at = |first: bool, x: u8, y: u8| {
        cost[usize::from(first) << 14 | usize::from(x & 127) << 7 | usize::from(y & 127)]
    };
    let mut row: Vec<f32> = vec![0.0; b.len() + 1];
    for j in 1..=b.len() {
        row[j] = row[j - 1] + at(j == 1, 0, b[j - 1]);
    }
    for i in 1..=a.len() {
        let mut diagonal = row[0];
        row[0] += at(i == 1, 0, a[i - 1]);
        for j in 1..=b.len() {
            let swap = if a[i - 1] == b[j - 1] { 0.0 } else { at(i == 1 || j == 1, a[i - 1], b[j - 1]) };
            let best = (diagonal + swap)
                .min(row[j] + at(i == 1, 0, a[i - 1]))
                .min(row[j - 1] + at(j == 1, 0, b[j - 1]));
            diagonal = row[j];
            row[j] = best;
        }
    }
    row[b.len()]
}

/// A folded word of a name with what comparing it takes, so that it can be compared with many.
#[derive(Debug, Clone)]
pub(super) struct Spelling {
    pub text: String,
    sounds: Sounds,
    nicknamed: bool,
    /// The same as English has it, where that differs: see [`plain_rendering`].
    plain: Option<Box<Spelling>>,
}

impl Spelling {
    pub(super) fn of(text: String) -> Spelling {
        let plain = plain_rendering(&text);
        let plain = (plain != text).then(|| Box::new(Spelling::as_written(plain)));
        Spelling { plain, ..Spelling::as_written(text) }
    }

    fn as_written(text: String) -> Spelling {
        let nicknamed = knowledge().nicknamed.contains(text.as_str());
        Spelling { sounds: sounds(&text), nicknamed, plain: None, text }
    }

    /// 0 to 1: how likely two words are spellings of one; [`SAME_NAME`] separates best.
    ///
    /// Bias and slope come from the same fit as `words/costs.tsv`; the slope is set so that the scale agrees with full names.
    pub(super) fn score(&self, other: &Spelling) -> f32 {
        let Some(score) = self.quick(other) else {
            let score = self.by_sounds(other);
            if self.plain.is_none() && other.plain.is_none() {
                return score;
            }
            let (p, q) = (self.plain.as_deref().unwrap_or(self), other.plain.as_deref().unwrap_or(other));
            return score.max(p.quick(q).unwrap_or_else(|| p.by_sounds(q)) - RENDERING);
        };
        score
    }

    /// The score of what need not be compared sound by sound.
    fn quick(&self, other: &Spelling) -> Option<f32> {
        let (a, b) = (self.text.as_str(), other.text.as_str());
        if a == b {
            return Some(1.0);
        }
        let nicknames = &knowledge().nicknames;
        let nickname =
            self.nicknamed && other.nicknamed && (nicknames.contains(&(a, b)) || nicknames.contains(&(b, a)));
        if nickname {
            return Some(0.9);
        }
        (self.sounds == other.sounds).then_some(0.98)
    }

    fn by_sounds(&self, other: &Spelling) -> f32 {
        let (x, y) = (&self.sounds, &other.sounds);
        let length = ((x.len() + y.len()) as f32).min(20.0) / 2.0;
        let logit = FIT_BIAS - distance(x, y) + FIT_LENGTH * length;
        // The fit decides at 0; `SAME_NAME` must stand there.
        let shifted = logit * 0.7 + (SAME_NAME / (1.0 - SAME_NAME)).ln();
        (1.0 / (1.0 + (-shifted).exp())).min(0.97)
    }
}

/// What a rendering of another language costs beside the plain spelling.
const RENDERING: f32 = 0.03;

/// A folded word with the letters of German, French, Polish and Turkish renderings of Slavic and other names as English has them:
/// "gorbatschow" is "gorbachov", "poutine" is "putin".
fn plain_rendering(word: &str) -> String {
    let mut out = word.to_owned();
    for (from, to) in &knowledge().renderings {
        match from.strip_suffix('$') {
            Some(end) => {
                if let Some(stem) = out.strip_suffix(end).filter(|s| s.len() > 2) {
                    out = format!("{stem}{to}");
                }
            }
            None => {
                if out.contains(from) {
                    out = out.replace(from, to);
                }
            }
        }
    }
    out
}

const FIT_BIAS: f32 = 2.85;
const FIT_LENGTH: f32 = -0.093;
