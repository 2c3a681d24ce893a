//! Numbers of a few bits each, one behind the other, the highest bit first.

/// Bits that [`word`] gives in any case.
pub(super) const WORD: u32 = 57;

/// The number in the `width` bits that begin with bit `at`; bits beyond the end are nought. A width is 0 to 32.
pub(super) fn read(bytes: &[u8], at: usize, width: u32) -> u32 {
    highest(word(bytes, at), width) as u32
}

/// The bits that begin with bit `at`, from the highest of the word on: at least [`WORD`] of them. Bits beyond the end are
/// nought.
#[inline]
pub(super) fn word(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at / 8..).unwrap_or_default();
    let word = match rest.first_chunk::<8>() {
        Some(eight) => u64::from_be_bytes(*eight),
        None => last_word(rest),
    };
    word << (at % 8)
}

/// The number in the highest `width` bits of a word. A width is 0 to 63.
#[inline]
pub(super) fn highest(word: u64, width: u32) -> u64 {
    (word >> 1) >> (63 - width)
}

/// Fewer than eight bytes as a word, with nought behind them.
fn last_word(rest: &[u8]) -> u64 {
    let mut eight = [0; 8];
    eight[..rest.len()].copy_from_slice(rest);
    u64::from_be_bytes(eight)
}

/// Bits that the numbers from 0 to `most` take.
pub(super) fn width(most: usize) -> u32 {
    usize::BITS - most.leading_zeros()
}

/// Writes numbers behind what is there.
pub(super) struct Writer<'b> {
    bytes: &'b mut Vec<u8>,
    word: u64,
    bits: u32,
}

impl<'b> Writer<'b> {
    pub fn new(bytes: &'b mut Vec<u8>) -> Self {
        Self { bytes, word: 0, bits: 0 }
    }

    /// Writes `value` in `width` bits, of which it must need no more.
    pub fn push(&mut self, value: u32, width: u32) {
        if width == 0 {
            return;
        }
        // At most seven bits wait, so 39 of the word's 64 are ever in use.
        self.word |= u64::from(value) << (64 - self.bits - width);
        self.bits += width;
        while self.bits >= 8 {
            self.bytes.push((self.word >> 56) as u8);
            self.word <<= 8;
            self.bits -= 8;
        }
    }

    /// Fills the last byte with nought.
    pub fn finish(self) {
        if self.bits > 0 {
            self.bytes.push((self.word >> 56) as u8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let fields = [(5, 3), (0, 0), (u32::MAX, 32), (1, 1), (1000, 10), (0, 7), (123_456, 17), (3, 2)];
        let mut bytes = vec![0xff];
        let mut writer = Writer::new(&mut bytes);
        for (value, width) in fields {
            writer.push(value, width);
        }
        writer.finish();
        assert_eq!(bytes.len(), 1 + 72usize.div_ceil(8));
        let mut at = 8;
        for (value, width) in fields {
            assert_eq!(read(&bytes, at, width), value);
            at += width as usize;
        }
        assert_eq!(read(&bytes, at + 1000, 9), 0);
    }

    #[test]
    fn widths_are_those_of_the_largest_number() {
        assert_eq!([0, 1, 2, 3, 4, 255, 256].map(width), [0, 1, 2, 2, 3, 8, 9]);
    }
}
