//! Texts of XLS: letters of one or two bytes, and a record of at most 8 KiB goes on in others, also in the middle of a text.

use crate::read::biff::{damaged, u16_at, u32_at, wide};
use crate::read::csv::Stop;

/// The bytes of records that go on with each other.
pub(super) struct Pieces<'a> {
    pieces: &'a [&'a [u8]],
    piece: usize,
    at: usize,
}

impl<'a> Pieces<'a> {
    pub(super) fn new(pieces: &'a [&'a [u8]]) -> Self {
        Self { pieces, piece: 0, at: 0 }
    }

    /// What is left of the record that is being read; of the next one, where that is at its end.
    fn rest(&mut self) -> &'a [u8] {
        while let Some(piece) = self.pieces.get(self.piece) {
            if self.at < piece.len() {
                return &piece[self.at..];
            }
            (self.piece, self.at) = (self.piece + 1, 0);
        }
        &[]
    }

    pub(super) fn is_at_end(&mut self) -> bool {
        self.rest().is_empty()
    }

    /// The next `N` bytes, of one record or of two.
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Stop> {
        let mut bytes = [0; N];
        for byte in &mut bytes {
            *byte = *self.rest().first().ok_or_else(|| damaged("a text is cut short"))?;
            self.at += 1;
        }
        Ok(bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, Stop> {
        Ok(u32_at(&self.take::<4>()?, 0))
    }

    fn u16(&mut self) -> Result<u16, Stop> {
        Ok(u16_at(&self.take::<2>()?, 0))
    }

    pub(super) fn skip(&mut self, mut count: usize) -> Result<(), Stop> {
        while count > 0 {
            let here = self.rest().len().min(count);
            if here == 0 {
                return Err(damaged("a text is cut short"));
            }
            (self.at, count) = (self.at + here, count - here);
        }
        Ok(())
    }

    /// A text with its length, and what it says of its looks (XLUnicodeRichExtendedString).
    pub(super) fn text(&mut self) -> Result<String, Stop> {
        let (count, flags) = (self.u16()?, self.take::<1>()?[0]);
        let runs = if flags & 8 != 0 { usize::from(self.u16()?) } else { 0 };
        let more = if flags & 4 != 0 { self.u32()? } else { 0 };
        let text = self.letters(count.into(), flags & 1 != 0)?;
        self.skip(runs * 4)?;
        self.skip(usize::try_from(more).map_err(|_| damaged("a text is cut short"))?)?;
        Ok(text)
    }

    /// So many letters; each record that they go on in says anew how many bytes a letter has.
    fn letters(&mut self, mut count: usize, mut two_bytes: bool) -> Result<String, Stop> {
        let mut units: Vec<u8> = Vec::new();
        while count > 0 {
            let before = self.piece;
            let mut rest = self.rest();
            // A text that begins with a new record has its flags before it already.
            if self.piece != before {
                two_bytes = rest.first().is_some_and(|flags| flags & 1 != 0);
                self.at += 1;
                rest = rest.get(1..).unwrap_or_default();
            }
            let size = if two_bytes { 2 } else { 1 };
            let here = (rest.len() / size).min(count);
            if here == 0 {
                return Err(damaged("a text is cut short"));
            }
            let bytes = &rest[..here * size];
            match two_bytes {
                true => units.extend_from_slice(bytes),
                false => units.extend(bytes.iter().flat_map(|byte| [*byte, 0])),
            }
            (self.at, count) = (self.at + here * size, count - here);
        }
        Ok(wide(&units))
    }
}

/// A text with its length in two bytes (XLUnicodeString), in one record or several.
pub(super) fn text(pieces: &[&[u8]]) -> Result<String, Stop> {
    let mut pieces = Pieces::new(pieces);
    let (count, flags) = (pieces.u16()?, pieces.take::<1>()?[0]);
    pieces.letters(count.into(), flags & 1 != 0)
}

/// A text with its length in one byte (ShortXLUnicodeString).
pub(super) fn short(data: &[u8]) -> Result<String, Stop> {
    let [count, flags, ..] = data else { return Err(damaged("a name is cut short")) };
    Pieces { pieces: &[data], piece: 0, at: 2 }.letters(usize::from(*count), flags & 1 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_goes_on_in_the_next_record_with_other_letters() {
        let pieces: [&[u8]; 2] = [&[4, 0, 0, b'a', b'b'], &[1, 0x3B, 4, b'c', 0]];
        assert_eq!(text(&pieces).ok().as_deref(), Some("abлc"));
        assert!(text(&pieces[..1]).is_err());
    }

    #[test]
    fn what_a_text_says_of_its_looks_is_passed_over() {
        let pieces: [&[u8]; 1] = [&[1, 0, 8 | 4, 1, 0, 2, 0, 0, 0, b'a', 1, 2, 3, 4, 5, 6, 1, 0, 0, b'b']];
        let mut pieces = Pieces::new(&pieces);
        assert_eq!([pieces.text().ok(), pieces.text().ok()], [Some("a".to_owned()), Some("b".to_owned())]);
        assert!(pieces.is_at_end());
    }
}
