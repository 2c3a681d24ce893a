//! The file of a beacon: what an operator fetched from a relay of drand, kept as evidence.
//!
//! `curl https://api.drand.sh/52db…e971/public/1000` gives `{"round":1000,"randomness":"…","signature":"…"}`, and
//! `curl https://api.drand.sh/v2/beacons/quicknet/rounds/1000` the same without the randomness. It is not our file, so fields that
//! we do not know are let through, and so is white space. The program itself never asks the network.

use serde::Deserialize;
use thiserror::Error;

use super::canonical::shortened;
use crate::draw::beacon::{BeaconFlaw, Round};
use crate::draw::{Digest, digest, from_hex, to_hex};

/// No answer of a relay is longer, by far.
pub const BEACON_BYTES_MAX: usize = 64 * 1024;

#[derive(Deserialize)]
struct Answer {
    round: u64,
    randomness: Option<String>,
    signature: String,
}

/// Why a file is not the file of a genuine round.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BeaconError {
    /// More than [`BEACON_BYTES_MAX`].
    #[error("the file has {0} bytes, and no round of drand has more than {BEACON_BYTES_MAX}; fetch the round again")]
    TooLarge(usize),
    /// Not an object with the fields `round` and `signature`.
    #[error("the file is not what a relay of drand answers ({0}); fetch the round again, with `curl -sSf`")]
    NotAnAnswer(String),
    /// Something else than 96 digits.
    #[error("the signature is not 96 lower-case hexadecimal digits, so it is not one of quicknet")]
    SignatureDigits,
    /// The randomness in the file is not that of the signature in it.
    #[error("the file says that the randomness is {stated}, but the SHA-256 of its signature is {made}")]
    Randomness {
        /// What the file says.
        stated: String,
        /// What its signature gives.
        made: String,
    },
    /// The signature is not the network's.
    #[error(transparent)]
    Flaw(#[from] BeaconFlaw),
}

/// The round that a file has, and its randomness, where everything about it is genuine.
///
/// # Errors
/// What is wrong with the file or with the signature in it.
///
/// ```
/// use foureyes::record::read_beacon;
/// let file = include_bytes!("../../tests/vectors/quicknet-1000.json");
/// let (round, randomness) = read_beacon(file).unwrap();
/// assert_eq!((round.round, randomness[0]), (1000, 0xfe));
/// ```
pub fn read_beacon(bytes: &[u8]) -> Result<(Round, Digest), BeaconError> {
    let answer = answer(bytes)?;
    let signature = from_hex(&answer.signature).ok_or(BeaconError::SignatureDigits)?;
    let made = to_hex(&digest(&signature));
    match answer.randomness {
        Some(stated) if stated != made => {
            let stated = shortened(&stated.escape_debug().to_string());
            Err(BeaconError::Randomness { stated, made })
        }
        _ => {
            let round = Round { round: answer.round, signature };
            Ok((round, round.verify()?))
        }
    }
}

fn answer(bytes: &[u8]) -> Result<Answer, BeaconError> {
    if bytes.len() > BEACON_BYTES_MAX {
        return Err(BeaconError::TooLarge(bytes.len()));
    }
    // serde would take a list in place of the object.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(BeaconError::NotAnAnswer("it does not begin with `{`".to_owned()));
    }
    serde_json::from_slice(bytes).map_err(|error| BeaconError::NotAnAnswer(shortened(&error.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = include_str!("../../tests/vectors/quicknet-123.json");

    fn read(text: &str) -> Result<u64, BeaconError> {
        read_beacon(text.as_bytes()).map(|(round, _)| round.round)
    }

    #[test]
    fn both_answers_of_a_relay_are_read() {
        assert_eq!(read(FILE), Ok(123));
        let (start, _) = FILE.split_once(r#""randomness""#).unwrap();
        let (_, end) = FILE.split_once(r#""signature""#).unwrap();
        assert_eq!(read(&format!("{start}\"signature\"{end}")), Ok(123));
    }

    #[test]
    fn a_file_that_is_not_ours_may_say_more() {
        assert_eq!(read(&FILE.replace("{", "\n { \"time\": {\"a\": [1, null]},\t")), Ok(123));
    }

    #[test]
    fn another_round_number_is_forged() {
        assert_eq!(read(&FILE.replace("123", "124")), Err(BeaconError::Flaw(BeaconFlaw::Forged(124))));
        assert_eq!(read(&FILE.replace(":123", ":0")), Err(BeaconError::Flaw(BeaconFlaw::NoSuchRound)));
    }

    #[test]
    fn other_randomness_than_that_of_the_signature_is_refused() {
        assert!(matches!(read(&FILE.replace("fb8f", "0000")), Err(BeaconError::Randomness { .. })));
        assert!(matches!(read(&FILE.replace("fb8f", "FB8F")), Err(BeaconError::Randomness { .. })));
    }

    #[test]
    fn digits_have_one_spelling() {
        for (from, to) in [("b75c", "B75C"), ("b75c", ""), ("b75c", "b75c00"), ("b75c", "0xb75c"), ("b75c", "é")] {
            assert_eq!(read(&FILE.replace(from, to)), Err(BeaconError::SignatureDigits));
        }
    }

    #[test]
    fn what_no_relay_answers_is_refused() {
        let list = r#"[123,null,"00"]"#;
        let html = "<html>502 Bad Gateway</html>";
        let twice = FILE.replace("{", r#"{"round":123,"#);
        let text = FILE.replace(":123", r#":"123""#);
        let (decimal, negative) = (FILE.replace(":123", ":123.0"), FILE.replace(":123", ":-123"));
        let huge = FILE.replace(":123", ":18446744073709551739");
        for wrong in ["", "{}", "null", list, html, &twice, &text, &decimal, &negative, &huge, &format!("{FILE}{FILE}")]
        {
            assert!(matches!(read(wrong), Err(BeaconError::NotAnAnswer(_))), "{wrong}");
        }
        assert!(matches!(read_beacon(b"{\"round\":\xff}"), Err(BeaconError::NotAnAnswer(_))));
        assert!(matches!(read_beacon(&vec![b' '; BEACON_BYTES_MAX + 1]), Err(BeaconError::TooLarge(_))));
    }
}
