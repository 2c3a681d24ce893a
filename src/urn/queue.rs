//! A queue that is brought into order only as far as anybody looks: the cheapest few are wanted of many.

/// How many are brought into order at first.
const FIRST: usize = 8;

/// Items that come in ascending order. What comes when does not depend on how far one has looked.
#[derive(Debug)]
pub(super) struct Queue<T> {
    items: Vec<T>,
    sorted: usize,
}

impl<T: Ord + Copy> Queue<T> {
    pub fn new() -> Self {
        Self { items: Vec::new(), sorted: 0 }
    }

    pub fn clear(&mut self) {
        self.items.clear();
        self.sorted = 0;
    }

    /// Lets somebody stand in the queue; only before anybody looks.
    pub fn push(&mut self, item: T) {
        self.items.push(item);
    }

    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// The item that has `at` before it.
    pub fn get(&mut self, at: usize) -> Option<T> {
        while at >= self.sorted && self.sorted < self.items.len() {
            self.sort_more();
        }
        self.items.get(at).copied()
    }

    fn sort_more(&mut self) {
        let more = FIRST.max(self.sorted * 3);
        let rest = &mut self.items[self.sorted..];
        if more < rest.len() {
            rest.select_nth_unstable(more);
        }
        let more = more.min(rest.len());
        rest[..more].sort_unstable();
        self.sorted += more;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_come_in_order_however_far_one_looks() {
        for many in [0, 1, 7, 8, 9, 32, 33, 500] {
            let mut queue = Queue::new();
            let items: Vec<u64> = (0..many).map(|at| at * 7919 % 509).collect();
            items.iter().for_each(|item| queue.push(*item));
            let mut sorted = items.clone();
            sorted.sort_unstable();
            for look in [0, many / 3, many] {
                let look = look as usize;
                assert_eq!(queue.get(look), sorted.get(look).copied(), "{look} of {many}");
            }
            let all: Vec<u64> = (0..queue.len()).filter_map(|at| queue.get(at)).collect();
            assert_eq!(all, sorted);
        }
    }
}
