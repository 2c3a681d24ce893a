//! What hangs together: things, numbered from 0, that were joined one to another.

/// Things that hang together.
pub(super) struct Groups(Vec<usize>);

impl Groups {
    /// Each thing for itself.
    pub fn new(things: usize) -> Self {
        Self((0..things).collect())
    }

    /// The first thing of the group that the thing at `at` is in.
    pub fn of(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    /// Makes the groups of two things one.
    pub fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.of(a), self.of(b));
        self.0[a.max(b)] = a.min(b);
    }
}
