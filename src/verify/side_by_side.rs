//! Work on many things side by side, on all cores. What comes of it stands in the order of the things, so that the cores can't be
//! seen in it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// What `work` makes of each of `all`, in their order. Each core takes the next that is left, so few are under way at a time.
pub(super) fn side_by_side<T: Sync, R: Send>(all: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let cores = thread::available_parallelism().map_or(1, usize::from).min(all.len());
    let next = AtomicUsize::new(0);
    let taken = || {
        let numbers = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        let taken = numbers.map_while(|number| Some((number, all.get(number)?)));
        taken.map(|(number, one)| (number, work(one))).collect::<Vec<_>>()
    };
    let taken = &taken;
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..cores).map(|_| scope.spawn(taken)).collect();
        let mut done = taken();
        for other in others {
            done.extend(other.join().expect("what is recounted gives findings and does not fail"));
        }
        done
    });
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_stands_in_the_order_of_what_it_is_made_of() {
        for count in [0, 1, 2, 3, 100] {
            let all: Vec<usize> = (0..count).collect();
            let made = side_by_side(&all, |one| one * 2);
            assert!(made.into_iter().eq(all.iter().map(|one| one * 2)));
        }
    }
}
