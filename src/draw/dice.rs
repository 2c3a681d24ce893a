//! Dice thrown in public: randomness where there is no beacon.
//!
//! Fair dice of one kind are thrown as often as 256 bits take ([`Dice::throws_needed`]), before witnesses, and the throws are written
//! down in order. Two people write them down, or type them in, each for themselves, and the lists are compared ([`agreed`]).
//! Exactly that many throws count: with more, somebody could choose when to stop.
//!
//! Dice with up to ten faces are written digit by digit, the ten as 0, which is what such a die shows; blanks, commas and lines may
//! part the digits in any way. Dice with more faces are written as numbers, parted by blanks, commas or lines.

use std::fmt;

use thiserror::Error;

use super::{Digest, digest, length_prefixed};

/// Dice with fewer faces decide nothing.
pub const FACES_MIN: u8 = 2;

/// Dice with more faces are not to be had.
pub const FACES_MAX: u8 = 100;

/// No list of throws is longer in bytes.
pub const DICE_BYTES_MAX: usize = 16 * 1024;

/// Dice of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dice {
    faces: u8,
}

/// As many throws as the draw takes, each from 1 to the number of faces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Throws {
    dice: Dice,
    throws: Vec<u8>,
}

/// Something in a list of throws that can't be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiceProblem {
    /// Which throw, from 1; none where the list as a whole is meant.
    pub position: Option<usize>,
    /// What stands there.
    pub value: String,
    /// What is wrong, and what to do.
    pub says: String,
}

impl fmt::Display for DiceProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some(position) => {
                let value: String = self.value.chars().take(40).flat_map(char::escape_debug).collect();
                write!(f, "throw {position} `{value}`: {}", self.says)
            }
            None => f.write_str(&self.says),
        }
    }
}

/// Where two lists of the same throws part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DiceDiffer {
    /// The lists are of different dice.
    #[error("one list is of dice with {0} faces, the other of dice with {1}; agree on what was thrown")]
    Faces(u8, u8),
    /// The first throw that differs.
    #[error(
        "throw {position} is {one} in one list and {other} in the other; look at the dice or at the recording, and mend the wrong list"
    )]
    Throw {
        /// Which throw, from 1.
        position: usize,
        /// What one list has.
        one: u8,
        /// What the other has.
        other: u8,
    },
}

impl Dice {
    /// Dice with so many faces, from [`FACES_MIN`] to [`FACES_MAX`].
    ///
    /// ```
    /// use foureyes::draw::dice::Dice;
    /// assert!(Dice::with_faces(6).is_some() && Dice::with_faces(1).is_none());
    /// ```
    pub fn with_faces(faces: u8) -> Option<Self> {
        (FACES_MIN..=FACES_MAX).contains(&faces).then_some(Self { faces })
    }

    /// How many faces each has.
    pub fn faces(self) -> u8 {
        self.faces
    }

    /// How many throws take 256 bits: the smallest m with faces^m at least 2^256.
    ///
    /// ```
    /// use foureyes::draw::dice::Dice;
    /// let needed = |faces| Dice::with_faces(faces).unwrap().throws_needed();
    /// assert_eq!([6, 10, 20].map(needed), [100, 78, 60]);
    /// ```
    pub fn throws_needed(self) -> usize {
        // 256 bits, the lowest 32 first. Whatever is carried out of the last is 2^256 or more.
        let mut power = [0u64; 8];
        power[0] = 1;
        let mut throws = 0;
        loop {
            throws += 1;
            let mut carry = 0;
            for part in &mut power {
                carry += *part * u64::from(self.faces);
                *part = carry & 0xffff_ffff;
                carry >>= 32;
            }
            if carry > 0 {
                return throws;
            }
        }
    }

    /// The throws that `text` has.
    ///
    /// # Errors
    /// Everything that can't be, throw by throw; then whether there are too few or too many.
    ///
    /// ```
    /// use foureyes::draw::dice::Dice;
    /// let dice = Dice::with_faces(6).unwrap();
    /// assert!(dice.parse(&"6 1 3 5 2 ".repeat(20)).is_ok());
    /// let problems = dice.parse(&"61352\n61357\n".repeat(10)).unwrap_err();
    /// assert_eq!(problems[0].to_string(), "throw 10 `7`: a die with 6 faces shows 1 to 6; look at the die or at the recording");
    /// ```
    pub fn parse(self, text: &str) -> Result<Throws, Vec<DiceProblem>> {
        if text.len() > DICE_BYTES_MAX {
            let says = format!("the list has {} bytes; no list of throws has more than {DICE_BYTES_MAX}", text.len());
            return Err(vec![DiceProblem { position: None, value: String::new(), says }]);
        }
        let mut throws = Vec::new();
        let mut problems = Vec::new();
        let written = self.written(text);
        for (position, value) in (1..).zip(&written) {
            match self.throw(value) {
                Ok(throw) => throws.push(throw),
                Err(says) => {
                    problems.push(DiceProblem { position: Some(position), value: (*value).to_owned(), says });
                }
            }
        }
        problems.extend(self.miscounted(written.len()));
        if problems.is_empty() { Ok(Throws { dice: self, throws }) } else { Err(problems) }
    }

    /// Throw by throw what `text` has. A lone `10` among single digits of a die with ten faces stays whole, so that it is asked about.
    fn written(self, text: &str) -> Vec<&str> {
        let parted = || text.split([' ', '\t', '\r', '\n', ',']).filter(|part| !part.is_empty());
        let one_by_one = parted().all(|part| part.chars().count() == 1 || part == "10") && parted().count() > 1;
        if self.faces > 10 || (self.faces == 10 && one_by_one) {
            return parted().collect();
        }
        parted().flat_map(|part| part.split_inclusive(|_: char| true)).collect()
    }

    fn throw(self, value: &str) -> Result<u8, String> {
        let faces = self.faces;
        let digits = value.bytes().all(|byte| byte.is_ascii_digit()) && !(value.len() > 1 && value.starts_with('0'));
        match value.parse() {
            Ok(0) if faces == 10 => Ok(10),
            Ok(10) if faces == 10 => {
                Err("the ten of a die with ten faces is written 0, as the die shows it".to_owned())
            }
            Ok(throw) if digits && (1..=faces).contains(&throw) => Ok(throw),
            _ if faces == 10 => {
                Err("a die with 10 faces shows 1 to 9, and 0; look at the die or at the recording".to_owned())
            }
            _ => Err(format!("a die with {faces} faces shows 1 to {faces}; look at the die or at the recording")),
        }
    }

    fn miscounted(self, throws: usize) -> Option<DiceProblem> {
        let needed = self.throws_needed();
        let what =
            format!("{throws} throws are written down, and dice with {} faces are thrown {needed} times", self.faces);
        let says = match throws {
            _ if throws < needed => format!("{what}; throw {} more, or look for what was left out", needed - throws),
            _ if throws > needed => format!("{what}; only the first {needed} count, take the others away"),
            _ => return None,
        };
        Some(DiceProblem { position: None, value: String::new(), says })
    }
}

impl Throws {
    /// The dice that were thrown.
    pub fn dice(&self) -> Dice {
        self.dice
    }

    /// The throws in order, each from 1 to the number of faces.
    pub fn throws(&self) -> &[u8] {
        &self.throws
    }

    /// The throws in decimal, one blank between them: the one spelling that is hashed and kept.
    pub fn spelled(&self) -> String {
        self.throws.iter().map(u8::to_string).collect::<Vec<_>>().join(" ")
    }

    /// The throws from their one spelling, and from no other.
    ///
    /// ```
    /// use foureyes::draw::dice::{Dice, Throws};
    /// let dice = Dice::with_faces(10).unwrap();
    /// let throws = dice.parse(&"0123456789".repeat(8)[..78]).unwrap();
    /// assert!(throws.spelled().starts_with("10 1 2 3"));
    /// assert_eq!(Throws::from_spelled(dice, &throws.spelled()), Some(throws));
    /// ```
    pub fn from_spelled(dice: Dice, spelled: &str) -> Option<Self> {
        let most = dice.throws_needed();
        let throws: Option<Vec<u8>> = spelled.split(' ').take(most + 1).map(|throw| throw.parse().ok()).collect();
        let throws = Self { dice, throws: throws? };
        let can_be = throws.throws.iter().all(|throw| (1..=dice.faces).contains(throw));
        (can_be && throws.throws.len() == most && throws.spelled() == spelled).then_some(throws)
    }

    /// 256 bits from the throws: `H(LP("foureyes/v1/dice", faces, throws))`, the number of faces in decimal, the throws as
    /// [`spelled`](Self::spelled).
    pub fn randomness(&self) -> Digest {
        let (faces, throws) = (self.dice.faces.to_string(), self.spelled());
        digest(&length_prefixed(&[b"foureyes/v1/dice", faces.as_bytes(), throws.as_bytes()]))
    }
}

/// What two people wrote down, each for themselves, where they wrote the same.
///
/// # Errors
/// The first throw that differs.
///
/// ```
/// use foureyes::draw::dice::{Dice, agreed};
/// let dice = Dice::with_faces(6).unwrap();
/// let (one, other) = (dice.parse(&"61352".repeat(20)).unwrap(), dice.parse(&"61252".repeat(20)).unwrap());
/// assert!(agreed(one.clone(), &one.clone()).is_ok());
/// assert!(agreed(one, &other).unwrap_err().to_string().starts_with("throw 3 is 3 in one list and 2 in the other"));
/// ```
pub fn agreed(one: Throws, other: &Throws) -> Result<Throws, DiceDiffer> {
    if one.dice != other.dice {
        return Err(DiceDiffer::Faces(one.dice.faces, other.dice.faces));
    }
    let mut pairs = (1..).zip(one.throws.iter().zip(&other.throws));
    match pairs.find(|(_, (one, other))| one != other) {
        Some((position, (one, other))) => Err(DiceDiffer::Throw { position, one: *one, other: *other }),
        None => Ok(one),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dice(faces: u8) -> Dice {
        Dice::with_faces(faces).unwrap()
    }

    fn problems(faces: u8, text: &str) -> Vec<String> {
        dice(faces).parse(text).unwrap_err().iter().map(|problem| problem.to_string()).collect()
    }

    #[test]
    fn throws_take_256_bits_and_no_more() {
        for (faces, throws) in
            [(2, 256), (3, 162), (4, 128), (6, 100), (8, 86), (10, 78), (16, 64), (20, 60), (100, 39)]
        {
            assert_eq!(dice(faces).throws_needed(), throws, "{faces} faces");
        }
        assert!([0, 1, 101, 255].into_iter().all(|faces| Dice::with_faces(faces).is_none()));
    }

    #[test]
    fn small_dice_are_read_digit_by_digit() {
        let together = dice(6).parse(&"123456123".repeat(12)[..100]).unwrap();
        for between in [" ", "\n", ", ", "\r\n", "\t"] {
            let apart: Vec<String> = together.throws().iter().map(u8::to_string).collect();
            assert_eq!(dice(6).parse(&format!("{}\n", apart.join(between))).as_ref(), Ok(&together));
        }
    }

    #[test]
    fn the_nought_of_a_ten_is_ten() {
        let throws = dice(10).parse(&"07".repeat(39)).unwrap();
        assert_eq!(throws.throws()[..3], [10, 7, 10]);
        assert_eq!(dice(10).parse(&"0 7 ".repeat(39)).as_ref(), Ok(&throws));
        let ten = problems(10, &"10 7 ".repeat(39));
        assert_eq!(ten.len(), 39);
        assert_eq!(ten[0], "throw 1 `10`: the ten of a die with ten faces is written 0, as the die shows it");
        assert!(dice(10).parse(&"10 71 ".repeat(20)[..117]).is_ok(), "pairs of digits");
    }

    #[test]
    fn large_dice_are_read_as_numbers() {
        let throws = dice(20).parse(&"20 1 7,13\n".repeat(15)).unwrap();
        assert_eq!(throws.throws()[..4], [20, 1, 7, 13]);
        assert_eq!(throws.spelled().len(), 15 * 10 - 1);
        assert!(dice(100).parse(&"100 ".repeat(39)).is_ok());
        assert!(problems(20, "\u{1b}[2J")[0].starts_with("throw 1 `\\u{1b}[2J`"));
        for wrong in ["21", "0", "07", "+7", "256", "1.0", "x", "٣", "-1"] {
            let found = problems(20, &format!("{wrong} {}", "7 ".repeat(59)));
            let says =
                format!("throw 1 `{wrong}`: a die with 20 faces shows 1 to 20; look at the die or at the recording");
            assert_eq!(found, [says]);
        }
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let found = problems(6, "7 1 0 é");
        let places: Vec<&str> = found.iter().filter_map(|problem| problem.split(':').next()).collect();
        assert_eq!(places[..3], ["throw 1 `7`", "throw 3 `0`", "throw 4 `é`"]);
        assert!(found[3].ends_with("thrown 100 times; throw 96 more, or look for what was left out"), "{}", found[3]);
        assert_eq!(problems(6, &"1".repeat(101)).len(), 1);
        assert_eq!(problems(6, "").len(), 1);
        assert_eq!(problems(6, &"1".repeat(DICE_BYTES_MAX + 1)).len(), 1);
    }

    #[test]
    fn two_lists_of_other_dice_differ() {
        let (six, eight) = (dice(6).parse(&"1".repeat(100)).unwrap(), dice(8).parse(&"1".repeat(86)).unwrap());
        assert_eq!(agreed(six.clone(), &eight), Err(DiceDiffer::Faces(6, 8)));
        let last = dice(6).parse(&format!("{}2", "1".repeat(99))).unwrap();
        assert_eq!(agreed(six, &last), Err(DiceDiffer::Throw { position: 100, one: 1, other: 2 }));
    }

    #[test]
    fn throws_have_one_spelling() {
        let text = "1 2 ".repeat(50);
        let spelled = text.trim_end();
        assert_eq!(Throws::from_spelled(dice(6), spelled).map(|throws| throws.spelled()).as_deref(), Some(spelled));
        for other in
            [&text, "", "1", &format!("1 {spelled}"), &spelled.replacen('1', "01", 1), &spelled.replacen('1', "+1", 1)]
        {
            assert_eq!(Throws::from_spelled(dice(6), other), None, "{other}");
        }
        for other in [&spelled.replacen('1', "7", 1), &spelled.replacen('1', "0", 1), &spelled.replacen(' ', "\n", 1)] {
            assert_eq!(Throws::from_spelled(dice(6), other), None, "{other}");
        }
    }
}
