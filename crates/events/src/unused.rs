//! Actors that were lent to the coder and that no event took.

use polybius_text::{DocActor, Event};

/// Drops the actors from number `known` on that no event names as a party or a source, and numbers the others anew.
pub fn drop_unused(actors: &mut Vec<DocActor>, known: usize, events: &mut [Event]) {
    let mut number: Vec<Option<u32>> = vec![None; actors.len().saturating_sub(known)];
    each_actor(events, |actor| {
        if let Some(slot) = (*actor as usize).checked_sub(known) {
            number[slot] = Some(0);
        }
    });
    for (next, slot) in (known as u32..).zip(number.iter_mut().flatten()) {
        *slot = next;
    }
    let mut at = 0;
    actors.retain(|_| {
        at += 1;
        at <= known || number[at - known - 1].is_some()
    });
    each_actor(events, |actor| {
        if let Some(new) = (*actor as usize).checked_sub(known).and_then(|slot| number[slot]) {
            *actor = new;
        }
    });
}

fn each_actor(events: &mut [Event], mut f: impl FnMut(&mut u32)) {
    for e in events {
        let parties = e.actors.iter_mut().chain(&mut e.recipients).map(|p| &mut p.actor);
        let sources = e.attribution.iter_mut().filter_map(|a| a.actor.as_mut());
        parties.chain(sources).for_each(&mut f);
    }
}
