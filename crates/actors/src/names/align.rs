//! Two names set word by word against each other.

use super::forms::{FormWord, NameForm};
use super::{MILD, SAME_NAME, SPARE_OF_BODY};

/// 0 to 1: how well two names agree, their words as they are cut or with two neighbours of the longer name as one. What was
/// compared goes to `reasons`, best first.
pub(super) fn agree(x: &NameForm, y: &NameForm, mut reasons: Option<&mut Vec<String>>) -> f32 {
    let organisation = x.organisation || y.organisation;
    let (a, b): (Vec<&FormWord>, Vec<&FormWord>) = (x.words.iter().collect(), y.words.iter().collect());
    let plain = align(&a, &b, organisation, reasons.as_deref_mut());
    // "Gebremeskel" and "Jabr Meskel": one name cut in two.
    let (long, short) = if a.len() >= b.len() { (&a, &b) } else { (&b, &a) };
    if plain >= 0.9 || long.len() == short.len() || organisation {
        return plain;
    }
    let mut best: Option<(f32, FormWord, usize)> = None;
    for i in 1..long.len() {
        let glued = long[i - 1].glued(long[i]);
        let score = align(&with_glued(long, &glued, i), short, false, None);
        if best.as_ref().is_none_or(|b| score >= b.0) {
            best = Some((score, glued, i));
        }
    }
    let (score, glued, i) = best.expect("the longer name has two words");
    if score - 0.03 <= plain {
        return plain;
    }
    if let Some(reasons) = reasons {
        reasons.clear();
        align(&with_glued(long, &glued, i), short, false, Some(reasons));
    }
    score - 0.03
}

/// The words of a name with the word at `i` and the one before it as one.
fn with_glued<'w>(words: &[&'w FormWord], glued: &'w FormWord, i: usize) -> Vec<&'w FormWord> {
    let mut all = words.to_vec();
    all.remove(i);
    all[i - 1] = glued;
    all
}

fn align(x: &[&FormWord], y: &[&FormWord], organisation: bool, mut reasons: Option<&mut Vec<String>>) -> f32 {
    let (long, short) = if x.len() >= y.len() { (x, y) } else { (y, x) };
    // Best pairs first: names are short, so greedy pairing over sorted scores is exact enough and stable.
    let mut pairs = Vec::with_capacity(short.len() * long.len());
    for (i, s) in short.iter().enumerate() {
        for (j, l) in long.iter().enumerate() {
            let mut score = if s.initial != l.initial && s.first == l.first {
                0.85
            } else if s.initial || l.initial {
                if s.text() == l.text() { 1.0 } else { 0.0 }
            } else {
                s.spelling.score(&l.spelling)
            };
            if organisation && score < 0.9 {
                score *= 0.8;
            }
            if s.digits && s.text() != l.text() {
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
    let (mut of_short, mut of_long) = (vec![None; short.len()], vec![None; long.len()]);
    let mut matched: Vec<(usize, usize)> = Vec::new();
    for (score, i, j) in pairs {
        if of_short[i].is_none() && of_long[j].is_none() && score > 0.0 {
            of_short[i] = Some(score);
            of_long[j] = Some(score);
            if short[i].weight >= 0.5 && long[j].weight >= 0.5 {
                matched.push((i, j));
            }
            let (s, l) = (short[i].text(), long[j].text());
            if let Some(reasons) = reasons.as_deref_mut().filter(|_| short[i].weight >= 0.5) {
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
    for (w, score) in short.iter().zip(&of_short) {
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
    if score < SAME_NAME && one_slip(x, y, organisation) {
        if let Some(reasons) = reasons.as_deref_mut() {
            reasons.push("one letter otherwise".to_owned());
        }
        score = SLIP;
    }
    let full = |n: &[&FormWord]| n.iter().filter(|w| w.weight >= 0.5).count();
    let (n_short, n_long) = (full(short), full(long));
    let spare: usize = long.iter().zip(&of_long).filter(|(w, s)| s.is_none() && w.weight >= 1.0).count();
    if spare > 0 {
        let penalty = match (organisation, n_short) {
            // "Bank of X" and "Bank of X Mexico" are two bodies.
            (true, 1) => 0.16,
            (true, _) => SPARE_OF_BODY,
            (false, 1) => 0.16,
            (false, _) => 0.06,
        };
        score *= 1.0 - (penalty * spare as f32).min(0.4);
        if let Some(reasons) = reasons {
            reasons.push(format!("{spare} of {n_long} words only in the longer name"));
        }
    }
    score
}

/// What a name scores that differs from the other by a slip of the keyboard: enough for [`SAME_NAME`], not for joining persons
/// without further evidence.
const SLIP: f32 = 0.63;

/// Whether all words of weight are equal, in order, but one that a single letter parts: left out, put in, another, or two
/// turned round; in long words two letters.
fn one_slip(x: &[&FormWord], y: &[&FormWord], organisation: bool) -> bool {
    let heavy = |w: &&&FormWord| w.weight >= 0.5;
    let n = x.iter().filter(heavy).count();
    if n != y.iter().filter(heavy).count() || n == 0 {
        return false;
    }
    let both = x.iter().filter(heavy).zip(y.iter().filter(heavy)).map(|(a, b)| (a.text(), b.text()));
    let mut other = both.filter(|(p, q)| p != q);
    let (Some((p, q)), None) = (other.next(), other.next()) else { return false };
    let shorter = p.chars().count().min(q.chars().count());
    // A single family name of a person says too little for that.
    let alone = n == 1;
    if alone && !organisation {
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
fn turned_filiation(x: &[&FormWord], y: &[&FormWord]) -> bool {
    let filiation = |n: &[&FormWord]| n.iter().any(|w| w.weight < 0.15);
    if !filiation(x) || !filiation(y) {
        return false;
    }
    let first = |n: &[&FormWord]| n.iter().position(|w| w.weight >= 0.5);
    match (first(x), first(y)) {
        (Some(i), Some(j)) => {
            let (a, b) = (x[i].text(), y[j].text());
            a != b && x.iter().any(|w| w.text() == b) && y.iter().any(|w| w.text() == a)
        }
        _ => false,
    }
}
