//! Whether two names may be one name in two spellings.
//!
//! Names cross scripts and newsrooms: "Gaddafi", "Qadhafi", "Al-Gathafi". A name is cut into words, other scripts are written in
//! Latin, honorifics and particles are set aside, and words are compared sound by sound with learned costs
//! (`words/costs.tsv`). Words of two names are then paired; the family name weighs most.
//!
//! Method of the sound costs: Bilenko and Mooney (2003), "Adaptive duplicate detection using learnable string similarity measures".

mod bearers;

use bearers::{generation_of, is_initialism, other_bearer};

use crate::fold::fold;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::OnceLock;

/// Names at or above this score count as spellings of one name. Tuned on evals/names.jsonl, November 2026.
pub const SAME_NAME: f32 = 0.62;

/// How well two names agree.
#[derive(Debug, Clone, PartialEq)]
pub struct NameMatch {
    /// 0 to 1.
    pub score: f32,
    /// Whether the score reaches [`SAME_NAME`].
    pub same: bool,
    /// What was compared, best first, for a person.
    pub reasons: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum WordKind {
    Article,
    Filiation,
    Particle,
    Organisation,
}

/// Sounds as bytes; see `words/costs.tsv`.
type Sounds = Vec<u8>;

struct Knowledge {
    scripts: FxHashMap<char, &'static str>,
    particles: FxHashMap<&'static str, Vec<WordKind>>,
    nicknames: FxHashSet<(&'static str, &'static str)>,
    /// Longest first as in the file; `$` marks an ending.
    renderings: Vec<(&'static str, &'static str)>,
    /// `cost[first][a][b]` in sounds 0..128; 0 is nothing.
    cost: Vec<f32>,
}

fn knowledge() -> &'static Knowledge {
    static ONCE: OnceLock<Knowledge> = OnceLock::new();
    ONCE.get_or_init(|| {
        let rows = |text: &'static str| {
            text.lines().filter(|l| !l.starts_with('#')).skip(1).map(|l| l.split('\t').collect::<Vec<_>>())
        };
        let mut scripts = FxHashMap::default();
        for row in rows(include_str!("words/scripts.tsv")) {
            if let Some(c) = row[0].chars().next() {
                scripts.insert(c, if row[1] == "-" { "" } else { row[1] });
            }
        }
        let mut particles: FxHashMap<&'static str, Vec<WordKind>> = FxHashMap::default();
        for row in rows(include_str!("words/name_particles.tsv")) {
            let kind = match row[1] {
                "article" => WordKind::Article,
                "filiation" => WordKind::Filiation,
                "organisation" => WordKind::Organisation,
                _ => WordKind::Particle,
            };
            particles.entry(row[0]).or_default().push(kind);
        }
        let mut cost = vec![2.0; 2 * 128 * 128];
        for row in rows(include_str!("words/costs.tsv")) {
            let sound = |w: &str| if w == "-" { 0 } else { usize::from(w.as_bytes()[0]) };
            let (a, b, first) = (sound(row[0]), sound(row[1]), usize::from(row[2] == "i"));
            let value: f32 = row[3].parse().expect("costs.tsv holds numbers");
            cost[first << 14 | a << 7 | b] = value.max(0.01);
            cost[first << 14 | b << 7 | a] = value.max(0.01);
        }
        let nicknames = rows(include_str!("words/nicknames.tsv")).map(|row| (row[0], row[1])).collect();
        let renderings = rows(include_str!("words/renderings.tsv"))
            .map(|row| (row[0], row.get(1).copied().unwrap_or("")))
            .collect();
        Knowledge { scripts, particles, nicknames, renderings, cost }
    })
}

/// Letters of other scripts in Latin; Latin text is returned as it is.
pub fn to_latin(name: &str) -> String {
    if name.is_ascii() {
        return name.to_owned();
    }
    let k = knowledge();
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        let lower = c.to_lowercase().next().unwrap_or(c);
        match k.scripts.get(&lower) {
            Some(latin) => out.push_str(latin),
            None => out.push(c),
        }
    }
    out
}

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

/// 0 to 1: how likely two words are spellings of one; [`SAME_NAME`] separates best.
///
/// Bias and slope come from the same fit as `words/costs.tsv`; the slope is set so that the scale agrees with full names.
fn word_score(a: &str, b: &str) -> f32 {
    spelled_score(a, b, false)
}

fn spelled_score(a: &str, b: &str, rendered: bool) -> f32 {
    if a == b {
        return 1.0;
    }
    let nicknames = &knowledge().nicknames;
    if nicknames.contains(&(a, b)) || nicknames.contains(&(b, a)) {
        return 0.9;
    }
    let (x, y) = (sounds(a), sounds(b));
    if x == y {
        return 0.98;
    }
    let length = ((x.len() + y.len()) as f32).min(20.0) / 2.0;
    let logit = FIT_BIAS - distance(&x, &y) + FIT_LENGTH * length;
    // The fit decides at 0; `SAME_NAME` must stand there.
    let shifted = logit * 0.7 + (SAME_NAME / (1.0 - SAME_NAME)).ln();
    let score = (1.0 / (1.0 + (-shifted).exp())).min(0.97);
    if !rendered {
        let (p, q) = (plain_rendering(a), plain_rendering(b));
        if (p.as_str(), q.as_str()) != (a, b) {
            return score.max(spelled_score(&p, &q, true) - RENDERING);
        }
    }
    score
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

struct Word {
    text: String,
    weight: f32,
    initial: bool,
}

#[derive(Default)]
struct Name {
    words: Vec<Word>,
    organisation: bool,
    /// "II", "Jr": the part that tells one bearer of the name from the next; `generation` as in [`generation_of`].
    generation: Option<u8>,
    /// "H. W." between given and family name.
    middle: Vec<String>,
}

/// The words of a name that carry weight, in order, folded and in Latin; particles and honorifics left out.
pub fn name_words(name: &str) -> Vec<String> {
    parse(name, false).words.into_iter().filter(|w| w.weight >= 0.5).map(|w| w.text).collect()
}

fn parse(name: &str, keep_all: bool) -> Name {
    let k = knowledge();
    let latin = to_latin(name).replace('&', " and ");
    // "Putin, Vladimir" is the family name first; bring it behind.
    let turned = match latin.split_once(',') {
        Some((family, given))
            if !given.contains(',')
                && given.split_whitespace().count() <= 3
                && !given.trim().is_empty()
                && !looks_like_form(given) =>
        {
            format!("{} {}", given.trim(), family.trim())
        }
        _ => latin,
    };
    let mut words: Vec<Word> = Vec::new();
    let mut organisation = false;
    let mut generation = None;
    // Where the whole name is in capitals, "XI" may be a name.
    let capitals = !name.chars().any(char::is_lowercase);
    let pieces: Vec<&str> = turned
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '‐' | '–' | '(' | ')' | ',' | '/' | '"'))
        .filter(|w| !w.is_empty())
        .take(40)
        .collect();
    for (i, piece) in pieces.iter().enumerate() {
        let mut text = fold(piece);
        // Arabic writes its article as part of the word.
        if piece.len() > 4
            && piece.starts_with("al")
            && !name.is_ascii()
            && pieces.len() == 1
            && text.len() > 4
            && name.trim_start().starts_with("ال")
        {
            text.drain(..2);
        }
        if text.is_empty() {
            continue;
        }
        let kinds = k.particles.get(text.as_str()).map(Vec::as_slice).unwrap_or_default();
        if kinds.contains(&WordKind::Organisation) && i > 0 && !keep_all {
            organisation |= !matches!(text.as_str(), "of" | "and" | "the" | "for" | "as" | "ag");
            continue;
        }
        if kinds.contains(&WordKind::Organisation)
            && !kinds.contains(&WordKind::Article)
            && i == 0
            && pieces.len() > 1
        {
            organisation |= text != "the";
            continue;
        }
        if i > 0
            && !capitals
            && let Some(n) = generation_of(piece, i + 1 == pieces.len())
        {
            generation = Some(n);
            continue;
        }
        // "Al-Sisi", but not "Kim Jong-il".
        if kinds.contains(&WordKind::Article) && i + 1 < pieces.len() {
            continue;
        }
        if kinds.contains(&WordKind::Filiation) && i > 0 && i + 1 < pieces.len() {
            words.push(Word { text, weight: 0.1, initial: false });
            continue;
        }
        if kinds.contains(&WordKind::Particle) && i + 1 < pieces.len() {
            // "Abu Mahdi", "de Gaulle", "Abd al-Rahman": the particle belongs to the next word only when that is compared alone.
            words.push(Word { text, weight: 0.15, initial: false });
            continue;
        }
        if crate::honorific::is_honorific(&text) && i + 1 < pieces.len() {
            continue;
        }
        let initial = text.chars().count() == 1
            || (piece.len() <= 3 && text.len() == 2 && piece.chars().all(|c| c.is_uppercase()));
        words.push(Word { weight: if initial { 0.5 } else { 1.0 }, initial, text });
    }
    if let Some(last) = words.iter_mut().rev().find(|w| w.weight >= 1.0) {
        last.weight = 1.6;
    }
    let full = |w: &Word| w.weight >= 1.0;
    let (first, last) = (words.iter().position(full), words.iter().rposition(full));
    let middle = match (first, last) {
        (Some(first), Some(last)) if last > first => {
            words[first..last].iter().filter(|w| w.initial).map(|w| w.text.clone()).collect()
        }
        _ => Vec::new(),
    };
    Name { words, organisation, generation, middle }
}

/// Whether one name has a part of a generation ("Jr", "II") that the other lacks or has otherwise.
pub(crate) fn other_generation(a: &str, b: &str) -> bool {
    parse(a, false).generation != parse(b, false).generation
}

fn looks_like_form(words: &str) -> bool {
    words.split_whitespace().any(|w| {
        knowledge().particles.get(fold(w).as_str()).is_some_and(|k| k.contains(&WordKind::Organisation))
    })
}

/// Compares two names of any script, spelling and word order. Names of absurd length are compared by their first 40 words.
pub fn match_names(a: &str, b: &str) -> NameMatch {
    let (folded_a, folded_b) = (fold(a), fold(b));
    if !folded_a.is_empty() && folded_a == folded_b {
        return NameMatch {
            score: 1.0,
            same: true,
            reasons: vec![format!("`{a}` and `{b}` fold to the same letters")],
        };
    }
    if is_initialism(a, b) {
        return NameMatch {
            score: INITIALISM,
            same: true,
            reasons: vec!["one is made of the first letters of the other".to_owned()],
        };
    }
    let (x, y) = (parse(a, false), parse(b, false));
    if x.words.is_empty() || y.words.is_empty() {
        return NameMatch { score: 0.0, same: false, reasons: vec!["no word to compare".to_owned()] };
    }
    let join = |n: &Name| n.words.iter().map(|w| w.text.as_str()).collect::<String>();
    if other_bearer(&x, &y) {
        return NameMatch {
            score: OTHER_BEARER,
            same: false,
            reasons: vec![
                "another bearer of the name: number, generation or middle letters differ".to_owned(),
            ],
        };
    }
    if join(&x) == join(&y) {
        return NameMatch {
            score: 0.98,
            same: true,
            reasons: vec!["same words, cut or joined otherwise".to_owned()],
        };
    }
    let plain = align(&x, &y);
    // "Gebremeskel" and "Jabr Meskel": one name cut in two.
    let (long, short) = if x.words.len() >= y.words.len() { (&x, &y) } else { (&y, &x) };
    if plain.score >= 0.9 || long.words.len() == short.words.len() || long.organisation || short.organisation
    {
        return plain;
    }
    let glued = (1..long.words.len()).map(|i| {
        let mut words: Vec<Word> = Vec::with_capacity(long.words.len() - 1);
        for (k, w) in long.words.iter().enumerate() {
            if k == i {
                let last = words.last_mut().expect("i is at least 1");
                last.text.push_str(&w.text);
                last.weight = last.weight.max(w.weight);
                last.initial = false;
            } else {
                words.push(Word { text: w.text.clone(), weight: w.weight, initial: w.initial });
            }
        }
        align(&Name { words, ..Name::default() }, short)
    });
    let best = glued.max_by(|a, b| a.score.total_cmp(&b.score)).expect("the longer name has two words");
    if best.score - 0.03 > plain.score {
        NameMatch { score: best.score - 0.03, same: best.score - 0.03 >= SAME_NAME, reasons: best.reasons }
    } else {
        plain
    }
}

fn align(x: &Name, y: &Name) -> NameMatch {
    let (long, short) = if x.words.len() >= y.words.len() { (x, y) } else { (y, x) };
    let strict = x.organisation || y.organisation;
    // Best pairs first: names are short, so greedy pairing over sorted scores is exact enough and stable.
    let mut pairs = Vec::new();
    for (i, s) in short.words.iter().enumerate() {
        for (j, l) in long.words.iter().enumerate() {
            let mut score = if s.initial != l.initial && s.text.chars().next() == l.text.chars().next() {
                0.85
            } else if s.initial || l.initial {
                if s.text == l.text { 1.0 } else { 0.0 }
            } else {
                word_score(&s.text, &l.text)
            };
            if strict && score < 0.9 {
                score *= 0.8;
            }
            if s.text.bytes().any(|b| b.is_ascii_digit()) && s.text != l.text {
                score = 0.0;
            }
            pairs.push((score, i, j));
        }
    }
    pairs.sort_by(|p, q| {
        q.0.total_cmp(&p.0)
            .then(p.1.abs_diff(p.2).cmp(&q.1.abs_diff(q.2)))
            .then(p.1.cmp(&q.1))
            .then(p.2.cmp(&q.2))
    });
    let (mut of_short, mut of_long) = (vec![None; short.words.len()], vec![None; long.words.len()]);
    let mut matched: Vec<(usize, usize)> = Vec::new();
    let mut reasons = Vec::new();
    for (score, i, j) in pairs {
        if of_short[i].is_none() && of_long[j].is_none() && score > 0.0 {
            of_short[i] = Some(score);
            of_long[j] = Some(score);
            if short.words[i].weight >= 0.5 && long.words[j].weight >= 0.5 {
                matched.push((i, j));
            }
            let (s, l) = (&short.words[i].text, &long.words[j].text);
            if short.words[i].weight >= 0.5 {
                reasons.push(if s == l {
                    format!("`{s}` in both")
                } else {
                    format!("`{s}` and `{l}` sound alike: {score:.2}")
                });
            }
        }
    }
    let mut sum = 0.0;
    let mut weight = 0.0;
    let mut worst = 1.0f32;
    for (w, score) in short.words.iter().zip(&of_short) {
        let score = score.unwrap_or(0.0);
        sum += w.weight * score;
        weight += w.weight;
        if w.weight >= 1.0 {
            worst = worst.min(score);
        }
    }
    let mut score = sum / weight;
    // One word of a full name that does not agree is another person: "Yemane Gebremeskel" and "Yemane Gebreab".
    score = score.min(worst * 1.02 + MILD);
    if turned_filiation(x, y) || crossed(&mut matched) {
        score = score.min(0.5);
    }
    if score < SAME_NAME && one_slip(x, y) {
        reasons.push("one letter otherwise".to_owned());
        score = SLIP;
    }
    let full = |n: &Name| n.words.iter().filter(|w| w.weight >= 0.5).count();
    let (n_short, n_long) = (full(short), full(long));
    let spare: usize =
        long.words.iter().zip(&of_long).filter(|(w, s)| s.is_none() && w.weight >= 1.0).count();
    if spare > 0 {
        let penalty = match (strict, n_short) {
            // "Bank of X" and "Bank of X Mexico" are two bodies.
            (true, 1) => 0.16,
            (true, _) => SPARE_OF_BODY,
            (false, 1) => 0.16,
            (false, _) => 0.06,
        };
        score *= 1.0 - (penalty * spare as f32).min(0.4);
        reasons.push(format!("{spare} of {n_long} words only in the longer name"));
    }
    NameMatch { score, same: score >= SAME_NAME, reasons }
}

/// What a name scores that differs from the other by a slip of the keyboard: enough for [`SAME_NAME`], not for joining persons
/// without further evidence.
const SLIP: f32 = 0.63;

/// Whether all words of weight are equal, in order, but one that a single letter parts: left out, put in, another, or two
/// turned round; in long words two letters.
fn one_slip(x: &Name, y: &Name) -> bool {
    let heavy =
        |n: &Name| n.words.iter().filter(|w| w.weight >= 0.5).map(|w| w.text.clone()).collect::<Vec<_>>();
    let (a, b) = (heavy(x), heavy(y));
    if a.len() != b.len() || a.is_empty() {
        return false;
    }
    let other: Vec<(&String, &String)> = a.iter().zip(&b).filter(|(p, q)| p != q).collect();
    let [(p, q)] = other[..] else { return false };
    let shorter = p.chars().count().min(q.chars().count());
    // A single family name of a person says too little for that.
    let alone = a.len() == 1;
    if alone && !(x.organisation || y.organisation) {
        return false;
    }
    let allowed = match shorter {
        0..=3 => 0,
        4..=5 if alone => 0,
        4..=8 => 1,
        _ => 2,
    };
    allowed > 0 && slips(p, q) <= allowed
}

/// Letters to change, to put in, to leave out or to turn round with their neighbour.
fn slips(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(40).collect(), b.chars().take(40).collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = changed.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

/// Whether words are paired across each other with the first or the last left in its place ("Kim Yo-jong", "Kim Jong-un"): no
/// change between family and given name explains that.
fn crossed(matched: &mut [(usize, usize)]) -> bool {
    if matched.len() < 3 {
        return false;
    }
    matched.sort_unstable();
    let falls = matched.windows(2).filter(|w| w[0].1 > w[1].1).count();
    let turned = falls == 1 && matched[0].1 > matched[matched.len() - 1].1;
    falls > 0 && !turned
}

/// "Salman bin Muhammad" is the son of "Muhammad bin Salman".
fn turned_filiation(x: &Name, y: &Name) -> bool {
    let filiation = |n: &Name| n.words.iter().any(|w| w.weight < 0.15);
    let first = |n: &Name| n.words.iter().find(|w| w.weight >= 0.5).map(|w| w.text.clone());
    match (first(x), first(y)) {
        (Some(a), Some(b)) if filiation(x) && filiation(y) => {
            a != b && x.words.iter().any(|w| w.text == b) && y.words.iter().any(|w| w.text == a)
        }
        _ => false,
    }
}

/// What an initialism scores.
const INITIALISM: f32 = 0.9;
/// What two bearers of one name score.
const OTHER_BEARER: f32 = 0.3;
/// What each word costs that only the longer of two names of bodies has.
const SPARE_OF_BODY: f32 = 0.4;

/// How far above its worst word a name may score. Tuned with [`SAME_NAME`].
const MILD: f32 = 0.1;

/// Consonants of a folded word as sound classes: spellings of one name mostly share it. Used for blocking, never as proof.
pub fn skeleton(word: &str) -> String {
    let mut out = String::new();
    for s in sounds(&fold(&to_latin(word))) {
        let class = match s {
            b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'w' | b'h' => continue,
            b'k' | b'q' | b'g' | b'G' | b'K' => 'k',
            b'z' | b's' | b'D' | b'T' | b'd' | b't' | b'c' | b'S' | b'C' | b'J' | b'j' => 't',
            b'v' | b'f' | b'b' | b'p' => 'b',
            b'm' | b'n' => 'n',
            b'l' | b'r' => 'r',
            other => char::from(other),
        };
        if !out.ends_with(class) {
            out.push(class);
        }
    }
    out
}

/// Whether a folded word is a small word inside names: "al", "bin", "van".
pub(crate) fn is_name_particle(folded: &str) -> bool {
    knowledge().particles.get(folded).is_some_and(|k| k.iter().any(|k| *k != WordKind::Organisation))
        && !matches!(folded, "the" | "as" | "at" | "an" | "ad" | "i" | "y" | "e" | "do")
}

#[cfg(test)]
mod tests {
    use super::{SAME_NAME, match_names};

    #[test]
    fn slips_nicknames_and_sons_are_told_apart() {
        let score = |a, b| match_names(a, b).score;
        assert!(score("Bill Harker", "William Harker") >= SAME_NAME);
        assert!(score("Marta Oslnad", "Marta Osland") >= SAME_NAME);
        assert!(score("Marta Osland", "Marta Perez") < SAME_NAME);
        assert!(score("Faisal bin Khalid", "Khalid bin Faisal") < SAME_NAME);
    }
}
