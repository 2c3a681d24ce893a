//! Bytes as text: two lower-case hexadecimal digits each, and no other spelling.

/// The bytes that `text` spells: `2 * N` digits of `0-9a-f`, nothing else.
///
/// ```
/// use foureyes::draw::from_hex;
/// assert_eq!(from_hex("00ff"), Some([0, 255]));
/// assert_eq!(from_hex::<2>("00FF"), None);
/// assert_eq!(from_hex::<2>("00f"), None);
/// ```
pub const fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let (digits, mut bytes, mut at) = (text.as_bytes(), [0; N], 0);
    if digits.len() % 2 != 0 || digits.len() / 2 != N {
        return None;
    }
    while at < N {
        let (Some(high), Some(low)) = (value(digits[2 * at]), value(digits[2 * at + 1])) else { return None };
        bytes[at] = high << 4 | low;
        at += 1;
    }
    Some(bytes)
}

const fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

/// `bytes` as text, which [`from_hex`] reads back.
///
/// ```
/// assert_eq!(foureyes::draw::to_hex(&[0, 255]), "00ff");
/// ```
pub fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_spelling() {
        assert_eq!(from_hex("0123456789abcdef"), Some([0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef]));
        for text in ["", "0", "000", "0x", "0A", " 0", "+0", "-1", "é", "00 ", "\u{0}0"] {
            assert_eq!(from_hex::<1>(text), None, "{text:?}");
        }
        assert_eq!(from_hex::<0>(""), Some([]));
    }
}
