//! Whatever bytes an old Excel workbook has, reading gives a case or says why not.
//!
//! The first byte says how the rest is taken: as the whole file, as the stream of records in it, or as changes to a sound file.
//!
//! A fault of the library that opens containers is caught where it is used; the fuzzer stops at those that nothing catches.

#![no_main]

use libfuzzer_sys::fuzz_target;

const SOUND: &[u8] = include_bytes!("../../tests/cases/read/dates_a_moment_before_midnight/history.xls");
const BOF: &[u8] = b"\x09\x08\x10\x00\x00\x06\x05\x00\0\0\0\0\0\0\0\0\0\0\0\0";

fuzz_target!(init: drop(std::panic::take_hook()), |data: &[u8]| {
    let Some((form, rest)) = data.split_first() else { return };
    let bytes = match form % 3 {
        0 => [b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", rest].concat(),
        1 => [BOF, rest].concat(),
        _ => {
            let mut bytes = SOUND.to_vec();
            rest.chunks(6).for_each(|change| foureyes_fuzz::splice(&mut bytes, change));
            bytes
        }
    };
    foureyes_fuzz::read_case("history.xls", &bytes);
});
