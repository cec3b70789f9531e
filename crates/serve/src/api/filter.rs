//! Filters that several lists share.

use crate::problem::Problem;
use crate::request::Request;
use crate::snapshot::{EventHead, Side, Snapshot, Word};
use jiff::civil::Date;
use polybius_store::fold_name;
use polybius_text::EventType;

pub const POLARITIES: [&str; 3] = ["affirmed", "negated", "denied"];
pub const MODALITIES: [&str; 4] = ["actual", "future", "hypothetical", "historical"];

/// Words that a filter allows; `None` allows all, an empty list nothing.
pub type Allowed = Option<Vec<Word>>;

/// The numbers of the words of a parameter; words that the store does not have allow nothing.
pub fn allowed(s: &Snapshot, words: &[&str]) -> Allowed {
    (!words.is_empty()).then(|| words.iter().filter_map(|w| s.words.find(w)).collect())
}

/// Whether one of the words is allowed.
pub fn any(allowed: &Allowed, mut has: impl FnMut(&Word) -> bool) -> bool {
    allowed.as_ref().is_none_or(|list| list.iter().any(&mut has))
}

/// PLOVER types of a parameter, checked.
pub fn event_types(request: &Request) -> Result<Vec<String>, Problem> {
    let types: Vec<String> = request.list("type").iter().map(|t| t.to_uppercase()).collect();
    match types.iter().find(|t| t.parse::<EventType>().is_err()) {
        None => Ok(types),
        Some(t) => {
            let known: Vec<&str> = EventType::ALL.iter().map(|t| t.as_str()).collect();
            Err(Problem::bad(format!("there is no event type `{t}`"))
                .hint(format!("one of {}", known.join(", "))))
        }
    }
}

/// Someone by code or by part of a name. A code that some party has goes before names.
pub struct Who {
    code: Option<Word>,
    /// By number of the actor.
    actors: Vec<bool>,
    /// By number of the word.
    names: Vec<bool>,
}

impl Who {
    /// Looks up who is meant.
    pub fn new(s: &Snapshot, key: &str) -> Who {
        let code = s.words.find(key).filter(|&w| {
            s.events.iter().any(|e| [&e.doers, &e.recipients].iter().any(|side| side.codes.contains(&w)))
        });
        let folded = fold_name(key);
        let named = |names: &[String]| names.iter().any(|n| n.contains(&folded));
        Who {
            code,
            actors: s.actors.iter().map(|a| named(&a.folded)).collect(),
            names: s.words.holding(&folded),
        }
    }

    /// Only the actor of an id.
    pub fn only(s: &Snapshot, actor: usize) -> Who {
        let mut actors = vec![false; s.actors.len()];
        actors[actor] = true;
        Who { code: None, actors, names: Vec::new() }
    }

    /// Whether someone of a side is meant.
    pub fn is_in(&self, side: &Side) -> bool {
        match self.code {
            Some(code) => side.codes.contains(&code),
            None => {
                side.actors.iter().any(|&a| self.actors[a as usize])
                    || side.names.iter().any(|&n| self.names.get(n as usize) == Some(&true))
            }
        }
    }

    /// Whether someone of a story is meant.
    pub fn is_in_story(&self, has: &crate::snapshot::StoryHas) -> bool {
        match self.code {
            Some(code) => has.codes.contains(&code),
            None => has.actors.iter().any(|&a| self.actors[a as usize]),
        }
    }

    /// Whether one who is cited is meant, by his name or the code of his actor.
    pub fn is_cited(&self, s: &Snapshot, side: &Side) -> bool {
        let coded = |a: &u32| {
            self.code.is_some_and(|c| s.words.word(c).eq_ignore_ascii_case(&s.actors[*a as usize].row.code))
        };
        side.actors.iter().any(|a| coded(a) || self.code.is_none() && self.actors[*a as usize])
            || side.names.iter().any(|&n| self.names.get(n as usize) == Some(&true))
    }
}

/// Whether days touch the asked stretch; what has no day touches only an open one.
pub fn touches(dates: Option<(Date, Date)>, from: Option<Date>, to: Option<Date>) -> bool {
    match dates {
        None => from.is_none() && to.is_none(),
        Some((first, last)) => from.is_none_or(|f| last >= f) && to.is_none_or(|t| first <= t),
    }
}

/// Whether either side of an event has someone.
pub fn either(who: &Who, e: &EventHead) -> bool {
    who.is_in(&e.doers) || who.is_in(&e.recipients)
}
