//! The same work on many items, shared out to all cores.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Items that a thread takes at a time.
const AT_A_TIME: usize = 16;

/// `f` of each item, in the order of the items whatever the number of threads.
///
/// `f` must depend on its item alone.
pub fn map<'t, T: Sync, R: Send>(items: &'t [T], f: impl Fn(&'t T) -> R + Sync) -> Vec<R> {
    in_parts(items, AT_A_TIME, f)
}

/// The same for items that each take long.
pub fn map_each<'t, T: Sync, R: Send>(items: &'t [T], f: impl Fn(&'t T) -> R + Sync) -> Vec<R> {
    in_parts(items, 1, f)
}

fn in_parts<'t, T: Sync, R: Send>(items: &'t [T], part: usize, f: impl Fn(&'t T) -> R + Sync) -> Vec<R> {
    let parts: Vec<&'t [T]> = items.chunks(part).collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(parts.len());
    if threads <= 1 {
        return items.iter().map(f).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut own: Vec<(usize, Vec<R>)> = Vec::new();
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            let Some(part) = parts.get(n) else { return own };
            own.push((n, part.iter().map(&f).collect()));
        }
    };
    let mut done: Vec<(usize, Vec<R>)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|w| w.join().expect("a comparison does not panic")).collect()
    });
    done.sort_unstable_by_key(|(n, _)| *n);
    done.into_iter().flat_map(|(_, results)| results).collect()
}

#[cfg(test)]
mod tests {
    use super::{map, map_each};

    #[test]
    fn results_stand_in_the_order_of_the_items() {
        let items: Vec<u64> = (0..1000).collect();
        let doubled: Vec<u64> = items.iter().map(|i| 2 * i).collect();
        assert_eq!(map(&items, |i| 2 * i), doubled);
        assert_eq!(map_each(&items, |i| 2 * i), doubled);
        assert_eq!(map(&items[..0], |i| 2 * i), Vec::<u64>::new());
    }
}
