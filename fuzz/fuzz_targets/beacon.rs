//! Whatever the file of a beacon has, only a round that the network signed is taken from it.
//!
//! The input is read as a file; then it is put over a real one from a place on, so that the fuzzer begins next to a genuine round; then
//! its first bytes are taken for a signature and for a time.

#![no_main]

use foureyes::draw::beacon::{Round, round_at, time_of};
use foureyes::record::read_beacon;
use libfuzzer_sys::fuzz_target;

const FILE: &[u8] = include_bytes!("../../tests/vectors/quicknet-1000.json");

fuzz_target!(|data: &[u8]| {
    genuine(data);
    if let [at, over @ ..] = data {
        let at = usize::from(*at) % FILE.len();
        let end = (at + over.len()).min(FILE.len());
        genuine(&[&FILE[..at], over, &FILE[end..]].concat());
    }
    if let Some((signature, rest)) = data.split_first_chunk() {
        let round = rest.first_chunk().map_or(1, |bytes| u64::from_be_bytes(*bytes));
        assert!(Round { round, signature: *signature }.verify().is_err());
    }
    if let Some(bytes) = data.first_chunk() {
        let (time, round) = (i64::from_be_bytes(*bytes), u64::from_be_bytes(*bytes));
        assert!(time_of(round_at(time)).is_none_or(|at| at >= time));
        assert!(time_of(round).is_none_or(|at| round_at(at) == round));
    }
});

/// No file but one of a round that the corpus begins with can be genuine: nobody who writes a fuzzer's input has the network's key.
fn genuine(file: &[u8]) {
    if let Ok((round, randomness)) = read_beacon(file) {
        assert!([123, 1000, 657_413, 12_040_883].contains(&round.round));
        assert_eq!(round.verify(), Ok(randomness));
    }
}
