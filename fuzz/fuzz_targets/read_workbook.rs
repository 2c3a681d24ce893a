//! Whatever bytes a workbook has, reading gives a case or says why not.
//!
//! The first byte says how the rest is taken: as the whole file, or as XML parts (one after the other,
//! a zero byte between them) of an XLSX or an ODS, so that the fuzzer need not learn to compress.

#![no_main]

use std::io::{Cursor, Write};

use libfuzzer_sys::fuzz_target;
use zip::write::SimpleFileOptions;

const XLSX: [&str; 5] = [
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/workbook.xml",
];
const WORKBOOK: &[u8] = b"<workbook><sheets><sheet name='history' id='r1'/></sheets></workbook>";

fuzz_target!(|data: &[u8]| {
    let Some((form, bytes)) = data.split_first() else { return };
    let mut parts = bytes.split(|byte| *byte == 0);
    let (name, bytes) = match form % 4 {
        0 => ("history.xlsx", bytes.to_vec()),
        1 => ("history.ods", bytes.to_vec()),
        2 => ("history.ods", archive(&[("content.xml", parts.next().unwrap_or_default())])),
        _ => {
            let mut all: Vec<(&str, &[u8])> = XLSX.into_iter().zip(parts).collect();
            if all.len() < XLSX.len() {
                all.push(("xl/workbook.xml", WORKBOOK));
            }
            ("history.xlsx", archive(&all))
        }
    };
    foureyes_fuzz::read_case(name, &bytes);
});

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).expect("a short name");
        writer.write_all(bytes).expect("memory");
    }
    writer.finish().expect("memory").into_inner()
}
