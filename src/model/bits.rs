//! Numbers of a few bits each, one behind the other, the highest bit first.

/// The number in the `width` bits that begin with bit `at`; bits beyond the end are nought. A width is 0 to 32.
pub(super) fn read(bytes: &[u8], at: usize, width: u32) -> u32 {
    let first = at / 8;
    let word = match bytes.get(first..).and_then(|rest| rest.first_chunk::<8>()) {
        Some(eight) => u64::from_be_bytes(*eight),
        None => last_word(bytes.get(first..).unwrap_or_default()),
    };
    match width {
        0 => 0,
        _ => ((word << (at % 8)) >> (64 - width)) as u32,
    }
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
