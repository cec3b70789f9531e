//! What the user named to rows of the store: stories by number or id, events by id.

use crate::failure::Failure;
use polybius_store::rows::{ChainRow, EventRow, StoryRow};
use polybius_store::{Store, StoreError};

/// The stories in the order of their numbers.
pub fn stories_by_number(store: &Store) -> Result<Vec<StoryRow>, StoreError> {
    let mut stories: Vec<StoryRow> = store.read()?;
    polybius_view::story::number(&mut stories);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_of_ids_are_as_long_as_they_must_be() {
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
