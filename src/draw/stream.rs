//! Random words, and what is drawn with them.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::Digest;

/// The ChaCha20 key stream of one key, read as little-endian `u64` words (nonce 0, counter from 0).
#[derive(Clone)]
pub struct Stream {
    words: ChaCha20Rng,
}

impl Stream {
    /// The words of `key`.
    pub fn from_key(key: Digest) -> Self {
        Self { words: ChaCha20Rng::from_seed(key) }
    }

    /// The next word.
    pub fn word(&mut self) -> u64 {
        self.words.next_u64()
    }

    /// A number from 0 to `n - 1`, each equally likely: words that would favour the low numbers
    /// are thrown away.
    ///
    /// # Panics
    /// Where `n` is 0: nothing can be drawn from nothing.
    ///
    /// ```
    /// use foureyes::draw::Stream;
    /// let mut stream = Stream::from_key([7; 32]);
    /// assert!((0..100).all(|_| stream.below(3) < 3));
    /// ```
    pub fn below(&mut self, n: u64) -> u64 {
        below(n, || self.word())
    }

    /// [`below`](Self::below) for an index.
    pub fn index(&mut self, n: usize) -> usize {
        self.below(n as u64) as usize
    }

    /// Puts `items` into a random order, each order equally likely (Fisher and Yates, from the end).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.index(i + 1));
        }
    }
}

/// The rejection of [`Stream::below`] over any source of words.
fn below(n: u64, mut word: impl FnMut() -> u64) -> u64 {
    assert!(n > 0, "nothing can be drawn from nothing");
    let excess = (u64::MAX % n + 1) % n;
    loop {
        let word = word();
        if word <= u64::MAX - excess {
            return word % n;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_would_favour_low_numbers_are_thrown_away() {
        let mut words = [u64::MAX, u64::MAX - 5, 7].into_iter();
        assert_eq!(below(10, || words.next().unwrap()), 7);
        assert_eq!(words.next(), None);
    }

    #[test]
    fn below_one_takes_a_word_and_gives_nought() {
        let mut words = [u64::MAX].into_iter();
        assert_eq!(below(1, || words.next().unwrap()), 0);
        assert_eq!(words.next(), None);
    }
}
