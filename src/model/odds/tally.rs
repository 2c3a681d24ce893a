//! Counting in boxes: a few of many, again and again.

/// A box for each number below some bound, and which of them are not empty.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    counts: Vec<u32>,
    used: Vec<u32>,
}

impl Tally {
    pub fn new(boxes: usize) -> Self {
        Self { counts: vec![0; boxes], used: Vec::new() }
    }

    /// Adds `n`, which must be above nought, to box `at`.
    #[inline]
    pub fn add(&mut self, at: usize, n: u32) {
        let count = &mut self.counts[at];
        if *count == 0 {
            self.used.push(at as u32);
        }
        *count += n;
    }

    /// The boxes that are not empty with what is in them, in order; empties them.
    pub fn take(&mut self) -> impl Iterator<Item = (usize, u32)> + '_ {
        self.used.sort_unstable();
        let counts = &mut self.counts;
        self.used.drain(..).map(|at| (at as usize, std::mem::take(&mut counts[at as usize])))
    }
}
