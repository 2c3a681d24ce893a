//! Whatever stands in a workbook that is one XML document, reading gives a case or says why not.
//!
//! The first byte says whether it is flat ODF or an Excel workbook of 2003.

#![no_main]

use libfuzzer_sys::fuzz_target;

const FLAT: &[u8] = b"<office:document xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0'>";
const EXCEL: &[u8] = b"<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>";

fuzz_target!(|data: &[u8]| {
    let Some((form, rest)) = data.split_first() else { return };
    let bytes = [if form % 2 == 0 { FLAT } else { EXCEL }, rest].concat();
    foureyes_fuzz::read_case("history.xml", &bytes);
});
