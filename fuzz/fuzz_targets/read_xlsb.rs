//! Whatever the parts of an XLSB workbook hold, reading gives a case or says why not.
//!
//! The first byte says which part the rest of the input stands for; the others are sound.

#![no_main]

use std::io::{Cursor, Read, Write};

use libfuzzer_sys::fuzz_target;

use zip::write::SimpleFileOptions;

const SOUND: &[u8] = include_bytes!("../../tests/cases/import/leave_in_xlsb_by_sheetjs/in/a.xlsb");
const PARTS: [&str; 4] = ["xl/workbook.bin", "xl/sharedStrings.bin", "xl/styles.bin", "xl/worksheets/sheet1.bin"];

fuzz_target!(|data: &[u8]| {
    let Some((which, part)) = data.split_first() else { return };
    let bytes = with(PARTS[usize::from(*which) % PARTS.len()], part);
    foureyes_fuzz::read_case("absences.xlsb", &bytes);
});

/// The sound workbook with other bytes in one of its parts.
fn with(name: &str, part: &[u8]) -> Vec<u8> {
    let mut sound = zip::ZipArchive::new(Cursor::new(SOUND)).expect("it is sound");
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..sound.len() {
        let mut one = sound.by_index(at).expect("it is sound");
        let (called, mut bytes) = (one.name().to_owned(), Vec::new());
        one.read_to_end(&mut bytes).expect("it is sound");
        writer.start_file(&*called, SimpleFileOptions::default()).expect("a short name");
        writer.write_all(if called == name { part } else { &bytes }).expect("memory");
    }
    writer.finish().expect("memory").into_inner()
}
