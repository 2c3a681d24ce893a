//! What the binary workbooks of Excel (XLS and XLSB) have in common: little-endian fields, and numbers in fewer bits.

use super::csv::Stop;
use super::values::{number, serial};

/// Most cells of a workbook that is kept whole, or of which each cell is numbered.
pub(super) const MOST_CELLS: usize = 8 << 20;
/// Most texts, fonts or styles of a workbook.
pub(super) const MOST_COUNT: usize = 8 << 20;

/// What a style says of its cells.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Look {
    /// A number is shown as a date.
    pub(super) date: bool,
    /// The text is struck through.
    pub(super) struck: bool,
}

/// A field of two bytes; zero where the record is too short for it.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    array(bytes, at).map(u16::from_le_bytes).unwrap_or_default()
}

/// A field of four bytes; zero where the record is too short for it.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    array(bytes, at).map(u32::from_le_bytes).unwrap_or_default()
}

/// A number of eight bytes; none where the record is too short for it.
pub(super) fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    array(bytes, at).map(f64::from_le_bytes)
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

/// A number in 30 bits and two flags (RkNumber): a whole number or the upper half of a fraction, perhaps of hundredths.
pub(super) fn rk(bits: u32) -> f64 {
    let number = match bits & 2 {
        0 => f64::from_bits(u64::from(bits & !3) << 32),
        // The sign is kept: this is a whole number of 30 bits.
        _ => f64::from(bits.cast_signed() >> 2),
    };
    if bits & 1 == 1 { number / 100.0 } else { number }
}

/// What a number shows.
pub(super) fn show(value: f64, look: Look, from_1904: bool) -> String {
    if look.date { serial(value.to_string(), from_1904) } else { number(value.to_string()) }
}

/// What an error shows.
pub(super) fn error(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        _ => "#ERROR!",
    }
}

/// What yes and no show.
pub(super) fn yes_no(value: u8) -> &'static str {
    if value == 0 { "false" } else { "true" }
}

/// Text in UTF-16.
pub(super) fn wide(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).map(|pair| u16_at(pair, 0));
    char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// The stop of a workbook whose records make no sense.
pub(super) fn damaged(what: &str) -> Stop {
    Stop::Workbook(format!("it is damaged ({what})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_thirty_bits() {
        assert_eq!(rk(46_391 << 2 | 2), 46_391.0);
        assert_eq!(rk(123 << 2 | 3), 1.23);
        assert_eq!(rk(u32::MAX << 2 | 2), -1.0);
        assert_eq!(rk(0x3FF0_0000), 1.0);
    }
}
