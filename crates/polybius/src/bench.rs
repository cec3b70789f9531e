//! `polybius bench generate`: a corpus of made-up news of any size, the same for the same seed.
//!
//! A story is one happening with fixed parties, place, day and numbers; its accounts are told by several outlets in other words. Some accounts
//! are copies with a changed word or two, some give another number, and some stories are decoys: the parties of an earlier
//! story do the same thing at another time and place, or other persons of the same states do it at the same place a few days
//! away. A part of the pages has no politics in it.

use crate::args::{BenchAction, BenchArgs, EngineArgs};
use crate::failure::Failure;
use crate::resources::data_folder;
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Pages in a thousand that are noise.
const NOISE: u64 = 150;
/// Stories in a thousand that repeat the parties and the act of an earlier one.
const DECOYS: u64 = 200;
/// Stories in a thousand that repeat the place, the states and the act of an earlier one, with other persons.
const NEIGHBOURS: u64 = 100;
/// Accounts in a thousand that are near-copies of the account before.
const COPIES: u64 = 200;
/// Accounts in a thousand that give another number.
const OTHER_NUMBER: u64 = 100;
/// The most accounts of one story.
const MOST_ACCOUNTS: u64 = 12;
/// Days over which the stories are spread, from [`FIRST_DAY`].
const DAYS: u64 = 3000;
const FIRST_DAY: Date = date(2015, 1, 5);

/// Writes the corpus.
pub fn bench(args: &BenchArgs) -> Result<(), Failure> {
    let BenchAction::Generate { pages, seed, out } = &args.action;
    let words = Words::load(&data_folder(&EngineArgs::of_data(None))?.join("bench"))?;
    let name = out.as_deref().map_or("standard output".to_string(), |p| p.display().to_string());
    let written = match out {
        None => generate(&words, *pages, *seed, &mut BufWriter::new(io::stdout().lock())),
        Some(path) => File::create(path).and_then(|file| {
            let file = BufWriter::new(file);
            if path.extension().is_some_and(|e| e == "gz") {
                let mut packed = GzEncoder::new(file, Compression::fast());
                generate(&words, *pages, *seed, &mut packed)?;
                packed.finish()?.flush()
            } else {
                let mut file = file;
                generate(&words, *pages, *seed, &mut file)
            }
        }),
    };
    match written {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(|e| Failure::caused(&format!("cannot write `{name}`"), &e)),
    }
}

/// The words that pages are made from.
struct Words {
    /// By act, then by part of a page.
    acts: Vec<(String, BTreeMap<String, Vec<String>>)>,
    noise: BTreeMap<String, Vec<String>>,
    /// Country, adjective, cities.
    places: Vec<(String, String, Vec<String>)>,
    first: Vec<String>,
    last: Vec<String>,
    offices: Vec<String>,
    outlets: Vec<String>,
}

impl Words {
    fn load(folder: &Path) -> Result<Words, Failure> {
        let mut acts: Vec<(String, BTreeMap<String, Vec<String>>)> = Vec::new();
        for [act, part, template] in rows(&folder.join("acts.tsv"))? {
            if acts.last().is_none_or(|(name, _)| *name != act) {
                acts.push((act, BTreeMap::new()));
            }
            acts.last_mut().expect("pushed above").1.entry(part).or_default().push(template);
        }
        let mut noise: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for [part, template] in rows(&folder.join("noise.tsv"))? {
            noise.entry(part).or_default().push(template);
        }
        let places = rows(&folder.join("places.tsv"))?.into_iter();
        let (first, last): (Vec<_>, Vec<_>) =
            rows::<2>(&folder.join("names.tsv"))?.into_iter().partition(|[kind, _]| kind == "first");
        let list = |name: &str| -> Result<Vec<String>, Failure> {
            Ok(lines(&folder.join(name))?.into_iter().map(|(_, l)| l).collect())
        };
        Ok(Words {
            acts,
            noise,
            places: places
                .map(|[country, adjective, cities]| {
                    (country, adjective, cities.split(';').map(str::to_string).collect())
                })
                .collect(),
            first: first.into_iter().map(|[_, name]| name).collect(),
            last: last.into_iter().map(|[_, name]| name).collect(),
            offices: list("offices.txt")?,
            outlets: list("outlets.txt")?,
        })
    }
}

fn lines(path: &Path) -> Result<Vec<(usize, String)>, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|e| Failure::caused(&format!("cannot read `{}`", path.display()), &e))?;
    Ok(text
        .lines()
        .enumerate()
        .filter(|(_, l)| !l.starts_with('#') && !l.is_empty())
        .map(|(n, l)| (n + 1, l.to_string()))
        .collect())
}

/// The rows of a table below its header.
fn rows<const N: usize>(path: &Path) -> Result<Vec<[String; N]>, Failure> {
    lines(path)?
        .into_iter()
        .skip(1)
        .map(|(n, line)| {
            let cells: Vec<String> = line.split('\t').map(str::to_string).collect();
            cells
                .try_into()
                .map_err(|_| Failure::new(format!("{}:{n}: {N} columns are needed", path.display())))
        })
        .collect()
}

/// Splitmix64 (Steele, Lea and Flood 2014).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    fn of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }

    fn happens(&mut self, in_a_thousand: u64) -> bool {
        self.below(1000) < in_a_thousand
    }
}

/// What is fixed about a happening.
#[derive(Debug, Clone)]
struct Story {
    act: usize,
    day: Date,
    /// Index of the country, first name, surname and office of each party.
    parties: [[usize; 4]; 2],
    city: String,
    topic: String,
    numbers: [u64; 2],
}

/// What one page is made from.
enum Plan {
    Noise,
    Account { story: usize, n: u64 },
}

/// Writes `n_pages` pages as JSON lines.
fn generate(words: &Words, n_pages: usize, seed: u64, out: &mut dyn Write) -> io::Result<()> {
    let mut dice = Dice(seed);
    let (stories, mut plans) = plan(words, n_pages, &mut dice);
    // Accounts of one story do not come one after the other.
    for i in (1..plans.len()).rev() {
        plans.swap(i, dice.below(i as u64 + 1) as usize);
    }
    for (i, plan) in plans.iter().enumerate() {
        let page = match plan {
            Plan::Noise => noise(words, &mut dice),
            Plan::Account { story, n } => account(words, &stories[*story], *n, seed ^ (*story as u64) << 20),
        };
        let id = format!("{seed}-{i:07}");
        let story = match plan {
            Plan::Noise => String::new(),
            Plan::Account { story, .. } => format!("s{story}"),
        };
        let url =
            format!("https://{}.example/{}/{id}", page.outlet.to_lowercase().replace(' ', "-"), page.day);
        let line = json!({
            "id": id, "url": url, "date": page.day.to_string(), "title": page.title, "text": page.text, "story": story,
        });
        writeln!(out, "{line}")?;
    }
    out.flush()
}

fn plan(words: &Words, n_pages: usize, dice: &mut Dice) -> (Vec<Story>, Vec<Plan>) {
    let (mut stories, mut plans): (Vec<Story>, Vec<Plan>) = (Vec::new(), Vec::new());
    while plans.len() < n_pages {
        if dice.happens(NOISE) {
            plans.push(Plan::Noise);
            continue;
        }
        let story = if !stories.is_empty() && dice.happens(DECOYS) {
            let earlier = dice.of(&stories).clone();
            decoy(words, earlier, dice)
        } else if !stories.is_empty() && dice.happens(NEIGHBOURS) {
            let earlier = dice.of(&stories).clone();
            neighbour(words, earlier, dice)
        } else {
            story(words, dice)
        };
        stories.push(story);
        // Most stories have few accounts, some have many.
        let most = 1 + dice.below(MOST_ACCOUNTS);
        let n_accounts = 1 + dice.below(most);
        for n in 0..n_accounts.min((n_pages - plans.len()) as u64) {
            plans.push(Plan::Account { story: stories.len() - 1, n });
        }
    }
    (stories, plans)
}

fn story(words: &Words, dice: &mut Dice) -> Story {
    let mut index = |n: usize| dice.below(n as u64) as usize;
    let first = index(words.places.len());
    let second = (first + 1 + index(words.places.len() - 1)) % words.places.len();
    let mut party =
        |country| [country, index(words.first.len()), index(words.last.len()), index(words.offices.len())];
    let parties = [party(first), party(second)];
    Story {
        act: dice.below(words.acts.len() as u64) as usize,
        day: day(dice),
        parties,
        city: dice.of(&words.places[first].2).clone(),
        topic: dice.of(&words.noise["topic"]).clone(),
        numbers: [3 + dice.below(60), 2 + dice.below(40)],
    }
}

/// The same parties do the same at another time and place.
fn decoy(words: &Words, earlier: Story, dice: &mut Dice) -> Story {
    let away = 60 + dice.below(900) as i64;
    Story {
        day: earlier.day.checked_add(away.days()).unwrap_or(earlier.day),
        city: dice.of(&words.places[earlier.parties[1][0]].2).clone(),
        numbers: [3 + dice.below(60), 2 + dice.below(40)],
        ..earlier
    }
}

/// Other persons of the same states do the same at the same place, at most a few days before or after.
fn neighbour(words: &Words, earlier: Story, dice: &mut Dice) -> Story {
    let away = dice.below(7) as i64 - 3;
    let mut parties = earlier.parties;
    for party in &mut parties {
        let step = 1 + dice.below(words.last.len() as u64 - 1) as usize;
        party[1] = dice.below(words.first.len() as u64) as usize;
        party[2] = (party[2] + step) % words.last.len();
        party[3] = dice.below(words.offices.len() as u64) as usize;
    }
    Story {
        day: earlier.day.checked_add(away.days()).unwrap_or(earlier.day),
        parties,
        topic: dice.of(&words.noise["topic"]).clone(),
        numbers: [3 + dice.below(60), 2 + dice.below(40)],
        ..earlier
    }
}

fn day(dice: &mut Dice) -> Date {
    FIRST_DAY.checked_add((dice.below(DAYS) as i64).days()).unwrap_or(FIRST_DAY)
}

struct Made {
    outlet: String,
    day: Date,
    title: String,
    text: String,
}

/// One account of a story. A copy has the words of the account before, but for its outlet and its last sentence.
fn account(words: &Words, story: &Story, n: u64, seed: u64) -> Made {
    let mut own = Dice(seed.wrapping_add(n + 1));
    let copies = n > 0 && own.happens(COPIES);
    let mut dice = if copies { Dice(seed.wrapping_add(n)) } else { Dice(seed.wrapping_add(n + 1)) };
    dice.next();
    let outlet = own.of(&words.outlets).clone();
    let mut numbers = story.numbers;
    if own.happens(OTHER_NUMBER) {
        numbers[0] += 1 + own.below(20);
    }
    let parts = &words.acts[story.act].1;
    let published = story.day.checked_add((dice.below(2) as i64).days()).unwrap_or(story.day);
    let fill = |template: &String| fill(template, words, story, numbers, &outlet);
    let title = fill(dice.of(&parts["title"]));
    let mut body = vec![fill(dice.of(&parts["lead"]))];
    let details = &parts["detail"];
    let from = dice.below(details.len() as u64) as usize;
    let n_details = 2 + dice.below(details.len() as u64 - 2) as usize;
    body.extend((0..n_details).map(|i| fill(&details[(from + i) % details.len()])));
    body.push(fill(dice.of(&parts["quote"])));
    if copies {
        body.pop();
    }
    let text = framed(words, &outlet, published, &title, &body, &mut own);
    Made { outlet, day: published, title, text }
}

fn noise(words: &Words, dice: &mut Dice) -> Made {
    let story = story(words, dice);
    let outlet = dice.of(&words.outlets).clone();
    let fill = |template: &String| fill(template, words, &story, story.numbers, &outlet);
    let title = fill(dice.of(&words.noise["title"]));
    let n = 3 + dice.below(6);
    let body: Vec<String> = (0..n).map(|_| fill(dice.of(&words.noise["body"]))).collect();
    let text = framed(words, &outlet, story.day, &title, &body, dice);
    Made { outlet, day: story.day, title, text }
}

/// The page as an outlet prints it: menus before, furniture behind, two sentences a paragraph.
fn framed(words: &Words, outlet: &str, day: Date, title: &str, body: &[String], dice: &mut Dice) -> String {
    let furniture = &words.noise["furniture"];
    let mut paragraphs = Vec::new();
    if dice.happens(300) {
        paragraphs.push(furniture[0].clone());
    }
    paragraphs.push(title.to_string());
    paragraphs.push(format!("{outlet}, {}", day.strftime("%-d %B %Y")));
    paragraphs.extend(body.chunks(2).map(|pair| pair.join(" ")));
    for _ in 0..dice.below(3) {
        paragraphs.push(dice.of(furniture).clone());
    }
    paragraphs.join("\n\n")
}

/// A template with its slots filled.
fn fill(template: &str, words: &Words, story: &Story, numbers: [u64; 2], outlet: &str) -> String {
    let [a, b] = story.parties;
    let name = |p: [usize; 4]| format!("{} {}", words.first[p[1]], words.last[p[2]]);
    let slots = [
        ("{A}", name(a)),
        ("{B}", name(b)),
        ("{a}", words.last[a[2]].clone()),
        ("{b}", words.last[b[2]].clone()),
        ("{oa}", words.offices[a[3]].clone()),
        ("{ob}", words.offices[b[3]].clone()),
        ("{ca}", words.places[a[0]].0.clone()),
        ("{cb}", words.places[b[0]].0.clone()),
        ("{na}", words.places[a[0]].1.clone()),
        ("{nb}", words.places[b[0]].1.clone()),
        ("{city}", story.city.clone()),
        ("{day}", story.day.strftime("%A").to_string()),
        ("{n}", numbers[0].to_string()),
        ("{m}", numbers[1].to_string()),
        ("{topic}", story.topic.clone()),
        ("{outlet}", outlet.to_string()),
    ];
    slots.iter().fold(template.to_string(), |text, (slot, value)| text.replace(slot, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::collections::BTreeSet;

    fn corpus(n_pages: usize, seed: u64) -> Vec<Value> {
        let words = Words::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/bench")).unwrap();
        let mut out = Vec::new();
        generate(&words, n_pages, seed, &mut out).unwrap();
        String::from_utf8(out).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_pages_and_another_gives_others() {
        assert_eq!(corpus(300, 1), corpus(300, 1));
        assert_ne!(corpus(300, 1), corpus(300, 2));
        assert_eq!(corpus(0, 1).len(), 0);
    }

    #[test]
    fn there_are_as_many_pages_as_asked_for_with_noise_and_stories_of_several_accounts() {
        let pages = corpus(1000, 3);
        assert_eq!(pages.len(), 1000);
        let mut accounts: BTreeMap<&str, usize> = BTreeMap::new();
        for page in &pages {
            *accounts.entry(page["story"].as_str().unwrap()).or_default() += 1;
        }
        let noise = accounts.remove("").unwrap();
        assert!((20..200).contains(&noise), "{noise}");
        assert!(accounts.values().any(|n| *n > 5) && accounts.values().any(|n| *n == 1));
        let texts: BTreeSet<&str> = pages.iter().map(|p| p["text"].as_str().unwrap()).collect();
        assert!(texts.len() > 950, "{}", texts.len());
        let open = pages.iter().find(|p| p["text"].as_str().unwrap().contains(['{', '}']));
        assert_eq!(open, None, "every slot is filled");
    }
}
