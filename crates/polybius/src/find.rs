//! What the user named to rows of the store: stories by number or id, events by id, labels of documents.

use crate::failure::Failure;
use polybius_store::rows::{ChainRow, EventRow, StoryRow};
use polybius_store::{Store, StoreError};
use std::collections::BTreeMap;

/// The stories in the order of their numbers: most documents first, then the latest, then by id.
pub fn stories_by_number(store: &Store) -> Result<Vec<StoryRow>, StoreError> {
    let mut stories: Vec<StoryRow> = store.read()?;
    stories.sort_by(|a, b| {
        (b.n_documents, &b.date_start).cmp(&(a.n_documents, &a.date_start)).then(a.story_id.cmp(&b.story_id))
    });
    Ok(stories)
}

/// The index of the story that a number from 1, an id or the beginning of an id names.
pub fn find_story(stories: &[StoryRow], key: &str, store: &Store) -> Result<usize, Failure> {
    let list = format!("`polybius stories --store {}` lists them", store.root().display());
    if stories.is_empty() {
        return Err(Failure::new("the store holds no story".to_string())
            .hint("add pages with `polybius run PAGES --store DIR`"));
    }
    if let Ok(number) = key.parse::<usize>() {
        return number.checked_sub(1).filter(|n| *n < stories.len()).ok_or_else(|| {
            let range = if stories.len() == 1 {
                "there is one, number 1".to_string()
            } else {
                format!("numbers go from 1 to {}", stories.len())
            };
            Failure::new(format!("there is no story {number}")).hint(&format!("{range}; {list}"))
        });
    }
    let ids: Vec<&str> = stories.iter().map(|s| s.story_id.as_str()).collect();
    by_prefix(&ids, key, "story", "stories", &list)
}

/// The index of the event that an id or its beginning names.
pub fn find_event(events: &[EventRow], key: &str, store: &Store) -> Result<usize, Failure> {
    let list = format!("`polybius events --store {}` lists them", store.root().display());
    let ids: Vec<&str> = events.iter().map(|e| e.event_id.as_str()).collect();
    by_prefix(&ids, key.trim_end_matches('…'), "event", "events", &list)
}

/// The index of the chain that an id or its beginning names.
pub fn find_chain(chains: &[ChainRow], key: &str, store: &Store) -> Result<usize, Failure> {
    let list = format!("`polybius chains --store {}` lists them", store.root().display());
    let ids: Vec<&str> = chains.iter().map(|c| c.chain_id.as_str()).collect();
    by_prefix(&ids, key.trim_end_matches('…'), "chain", "chains", &list)
}

/// The id of the story that the user named, where one was named.
pub fn story_id_of(key: Option<&String>, store: &Store) -> Result<Option<String>, Failure> {
    let Some(key) = key else { return Ok(None) };
    let stories = stories_by_number(store)?;
    Ok(Some(stories[find_story(&stories, key, store)?].story_id.clone()))
}

fn by_prefix(ids: &[&str], key: &str, one: &str, many: &str, list: &str) -> Result<usize, Failure> {
    if let Some(exact) = ids.iter().position(|id| *id == key) {
        return Ok(exact);
    }
    let found: Vec<usize> = (0..ids.len()).filter(|&i| !key.is_empty() && ids[i].starts_with(key)).collect();
    match found.as_slice() {
        [only] => Ok(*only),
        [] => {
            let common = |id: &str| id.bytes().zip(key.bytes()).take_while(|(a, b)| a == b).count();
            let nearest = ids.iter().copied().max_by_key(|id| (common(id), std::cmp::Reverse(*id)));
            let hint = match nearest {
                Some(id) if common(id) > 1 => format!("the nearest is `{id}`; {list}"),
                _ => list.to_string(),
            };
            Err(Failure::new(format!("there is no {one} `{key}`")).hint(&hint))
        }
        several => {
            let shown: Vec<String> = several.iter().take(4).map(|&i| format!("`{}`", ids[i])).collect();
            let more = if several.len() > 4 { ", …" } else { "" };
            Err(Failure::new(format!("`{key}` begins the ids of {} {many}", several.len()))
                .hint(&format!("give more of it: {}{more}", shown.join(", "))))
        }
    }
}

/// The shortest length of id beginnings, at least six letters, that still tells all ids apart.
pub fn short_length<'i>(ids: impl Iterator<Item = &'i str>) -> usize {
    let mut ids: Vec<&str> = ids.collect();
    ids.sort_unstable();
    let common = |a: &str, b: &str| a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    ids.windows(2).map(|w| common(w[0], w[1]) + 1).max().unwrap_or(0).max(6)
}

/// Short labels of documents by path, each naming one: `004` of `004_c71f.html` where that is enough, the file's name, its
/// folder and label, or a number `d1`.
pub fn labels(paths: &[&str]) -> Vec<String> {
    let tries: [fn(&str) -> String; 4] = [
        |path| first_piece(stem(path)).to_string(),
        |path| stem(path).to_string(),
        |path| format!("{}/{}", folder(path), first_piece(stem(path))),
        |path| format!("{}/{}", folder(path), stem(path)),
    ];
    for (make, longest) in tries.into_iter().zip([8, 12, 24, 24]) {
        let labels: Vec<String> = paths.iter().map(|p| crate::term::clean(&make(p))).collect();
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for label in &labels {
            *seen.entry(label).or_default() += 1;
        }
        let good = |l: &String| !l.is_empty() && !l.starts_with('/') && l.chars().count() <= longest;
        if labels.iter().all(good) && seen.values().all(|n| *n == 1) {
            return labels;
        }
    }
    (1..=paths.len()).map(|n| format!("d{n}")).collect()
}

fn stem(path: &str) -> &str {
    let name = path.trim_end_matches('/').rsplit(['/', '\\']).next().unwrap_or("");
    name.split_once('.').map_or(name, |(stem, _)| stem)
}

fn folder(path: &str) -> &str {
    path.trim_end_matches('/').rsplit(['/', '\\']).nth(1).unwrap_or("")
}

fn first_piece(stem: &str) -> &str {
    stem.split(['_', '-', ' ']).next().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_short_where_that_is_enough_and_always_name_one_document() {
        assert_eq!(labels(&["x/000_ab.txt", "x/001_cd.html"]), ["000", "001"]);
        assert_eq!(labels(&["a/000_ab.txt", "b/000_cd.txt"]), ["000_ab", "000_cd"]);
        assert_eq!(labels(&["a/000_4f5e6d7c8b9a.txt", "b/000_4f5e6d7c8b9a.txt"]), ["a/000", "b/000"]);
        assert_eq!(labels(&["p.txt", "p.html"]), ["d1", "d2"]);
        assert_eq!(labels(&["https://x.org/"]), ["x"]);
        assert!(labels(&[]).is_empty());
        assert_eq!(short_length(["e12ab12345", "e12ab12355"].into_iter()), 9);
    }

    #[test]
    fn an_id_is_found_by_its_beginning_and_a_wrong_one_gets_a_hint() {
        let ids = ["e12ab", "e12cd", "e9f00"];
        assert_eq!(by_prefix(&ids, "e9", "event", "events", "list").unwrap(), 2);
        let unknown = by_prefix(&ids, "e12ff", "event", "events", "list").unwrap_err().message();
        assert!(unknown.contains("nearest is `e12ab`"), "{unknown}");
        let several = by_prefix(&ids, "e12", "event", "events", "list").unwrap_err().message();
        assert!(several.contains("2 events") && several.contains("`e12cd`"), "{several}");
    }
}
