//! Files that are too large, that pretend to be small, or that are no tables at all.

#![allow(clippy::unwrap_used, reason = "a test that can't write its own files fails")]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Cursor, Write};

use foureyes::read::{Level, Options, Reading, read_case, read_case_with, read_files};
use proptest::prelude::*;
use zip::write::SimpleFileOptions;

type Files = BTreeMap<String, Vec<u8>>;

/// A small sound case.
fn small() -> Files {
    let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    BTreeMap::from([
        file("policy.toml", "[period]\nfrom = 2027-01-04\nto = 2027-01-08\nslots = [\"am\"]\n"),
        file("inspectors.csv", "id\nI1\nI2\n"),
        file("establishments.csv", "id\nE1\n"),
        file("visits.csv", "id,establishment\nV1,E1\n"),
    ])
}

/// The small case with one table in another form.
fn with(name: &str, bytes: Vec<u8>) -> Reading {
    let mut files = small();
    let stem = name.split('.').next().unwrap();
    files.remove(&format!("{stem}.csv"));
    files.insert(name.to_owned(), bytes);
    read_files(&files)
}

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const WORKBOOK: &[u8] = b"<workbook><sheets><sheet name='history' id='r1'/></sheets></workbook>";

fn xlsx(sheet: &str, shared: &str) -> Vec<u8> {
    archive(&[
        ("xl/workbook.xml", WORKBOOK),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ("xl/sharedStrings.xml", shared.as_bytes()),
    ])
}

fn refused(reading: &Reading, words: &str) {
    let told: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
    assert!(reading.case.is_none() && told.iter().any(|problem| problem.contains(words)), "{told:#?}");
}

#[test]
fn the_small_case_is_sound() {
    assert!(read_files(&small()).case.is_some());
}

#[test]
fn a_cell_without_end_is_refused() {
    let mut bytes = b"id,name\nI1,\"".to_vec();
    bytes.resize(3 << 20, b'a');
    refused(&with("inspectors.csv", bytes), "the row is longer than 1,048,576 bytes");
}

#[test]
fn a_row_of_endless_cells_is_refused() {
    let bytes = [b"id,name\nI1".as_slice(), &b",".repeat(5000)].concat();
    refused(&with("inspectors.csv", bytes), "more than 1024 cells");
}

#[test]
fn a_file_of_three_gigabytes_is_refused_unread() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in small() {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    File::create(folder.path().join("history.csv")).unwrap().set_len(3 << 30).unwrap();
    refused(&read_case(folder.path()), "the file has 3,221,225,472 bytes");
}

/// What reading lets through a record must be able to hold, or `plan` could publish nothing.
#[test]
fn a_past_visit_of_a_whole_office_is_refused() {
    let of = |people: usize| {
        let people: Vec<String> = (0..people).map(|at| format!("P{at}")).collect();
        with("history.csv", format!("date,establishment,inspectors\n2026-12-01,E1,{}\n", people.join("|")).into_bytes())
    };
    assert!(of(1000).case.is_some());
    refused(&of(1001), "1001 people on one visit; at most 1000");
}

#[test]
fn a_zip_bomb_is_refused() {
    let bomb = format!("<worksheet><sheetData><row r='1'><c t='str'><v>{}</v></c></row>", "0".repeat(20 << 20));
    let bytes = xlsx(&bomb, "<sst/>");
    assert!(bytes.len() < 100_000, "it looks small from outside");
    refused(&with("history.xlsx", bytes), "a cell in it is longer than 1 MiB");
    let bomb =
        format!("<office:document-content><table:table><table:table-row><table:table-cell>{}", "0".repeat(20 << 20));
    refused(&with("history.ods", archive(&[("content.xml", bomb.as_bytes())])), "a cell in it is longer than 1 MiB");
}

#[test]
fn one_shared_text_can_not_fill_the_memory() {
    let shared = format!("<sst><si><t>{}</t></si></sst>", "a".repeat(600_000));
    let row = "<row><c t='s'><v>0</v></c><c t='s'><v>0</v></c></row>";
    let reading = with("history.xlsx", xlsx(&format!("<worksheet><sheetData>{row}</sheetData></worksheet>"), &shared));
    refused(&reading, "the row is longer than 1,048,576 bytes");
}

#[test]
fn rows_and_cells_that_repeat_without_end_are_refused() {
    let ods = |row: &str, cell: &str| {
        let text = format!(
            "<d><table:table><table:table-row {row}><table:table-cell {cell}><text:p>date</text:p></table:table-cell>\
             </table:table-row></table:table></d>"
        );
        with("history.ods", archive(&[("content.xml", text.as_bytes())]))
    };
    refused(&ods("", "table:number-columns-repeated='9999999999'"), "more than 1024 cells");
    refused(&ods("table:number-rows-repeated='99999999999'", ""), "repeats itself 99999999999 times");
}

#[test]
fn odd_places_in_a_sheet_are_refused() {
    let sheet = |rows: &str| {
        with("history.xlsx", xlsx(&format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"), "<sst/>"))
    };
    refused(&sheet("<row r='2'/><row r='1'/>"), "out of order at row 1");
    refused(&sheet("<row><c r='B1'><v>1</v></c><c r='A1'><v>1</v></c></row>"), "row 1 has cells out of order");
    refused(&sheet("<row><c r='ZZZZZZZZ99999999999'><v>1</v></c></row>"), "more than 1024 cells");
    refused(&sheet("<row r='99999999999999999999999'><c><v>1</v></c></row>"), "none of the columns");
}

#[test]
fn a_missing_folder_is_a_problem() {
    refused(&read_case(std::path::Path::new("/no/such/folder")), "the folder can't be read");
}

#[test]
fn a_policy_may_lie_elsewhere_and_visits_may_be_missing() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in small().into_iter().filter(|(name, _)| name != "visits.csv") {
        std::fs::write(folder.path().join(name.replace("policy", "other")), bytes).unwrap();
    }
    let policy = Some(folder.path().join("other.toml"));
    refused(&read_case_with(folder.path(), &Options { policy: policy.clone(), visits_needed: true }), "visits.csv");
    let reading = read_case_with(folder.path(), &Options { policy, visits_needed: false });
    assert!(reading.case.is_some_and(|case| case.visits.is_empty()), "{:?}", reading.problems);
}

#[test]
fn problems_are_told_as_json_too() {
    let reading = with("visits.csv", b"id,establishment\nV1,E2\n".to_vec());
    let told: serde_json::Value = serde_json::from_str(&reading.to_json()).unwrap();
    let problem = &told["problems"][0];
    assert_eq!(problem["level"], "error");
    assert_eq!(problem["file"], "visits.csv");
    assert_eq!(problem["row"], 2);
    assert_eq!(problem["column"], "establishment");
    assert_eq!(problem["value"], "E2");
    assert!(told["notes"][0]["says"].is_string());
}

#[test]
fn the_order_of_rows_never_matters() {
    let forth = with("inspectors.csv", b"id,unit\nI1,North\nI2,NORTH\nI3,north\n".to_vec());
    let back = with("inspectors.csv", b"id,unit\nI3,north\nI2,NORTH\nI1,North\n".to_vec());
    assert_eq!(forth.case, back.case);
    assert!(forth.case.is_some());
}

/// Scraps of which files are made that are nearly tables.
fn scraps() -> impl Strategy<Value = Vec<u8>> {
    let scrap = prop::sample::select(vec![
        "id",
        "name",
        "inspector",
        "establishment",
        "inspectors",
        "date",
        "from",
        "to",
        "target_kind",
        "target",
        "visit",
        ",",
        ",",
        ",",
        ";",
        "\t",
        "\n",
        "\n",
        "\r\n",
        "\"",
        "\"\"",
        "|",
        "I1",
        "E1",
        "V1",
        "2026-01-05",
        "05/01/2026",
        "31/12/26",
        "2026-02-30",
        "20260105",
        "2017-10-22T04:00:00Z",
        "é",
        "\u{202e}",
        "А",
        "0",
        "99999999999",
        " ",
        "=",
        "[",
        "]",
        "[period]\n",
        "from = 2027-01-01\n",
        "[files.history]\n",
        "na = [\"\"]\n",
        "dates = \"%Y%q\"\n",
    ]);
    prop_oneof![
        prop::collection::vec(scrap, 0..60).prop_map(|scraps| scraps.concat().into_bytes()),
        prop::collection::vec(any::<u8>(), 0..300),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_reading_panic(bytes in scraps(), table in 0..8_usize, form in 0..3_usize) {
        let table = ["policy", "inspectors", "establishments", "visits", "conflicts", "absences", "history", "waivers"][table];
        let form = if table == "policy" { "toml" } else { ["csv", "xlsx", "ods"][form] };
        let reading = with(&format!("{table}.{form}"), bytes);
        let failed = reading.problems.iter().any(|problem| problem.level == Level::Error);
        prop_assert_eq!(reading.case.is_none(), failed);
    }

    #[test]
    fn no_xml_makes_reading_panic(scraps in prop::collection::vec(prop::sample::select(vec![
        "<row>", "<row r='7'>", "</row>", "<c>", "<c r='B2' t='s'>", "<c t='b' s='1'>", "</c>", "<v>", "1", "46024", "</v>", "<t>", "</t>",
        "<sheetData>", "</sheetData>", "<is>", "&amp;", "&#x41;", "&#xFFFFFFFF;", "&x;", "<", ">", "<!--", "-->", "<![CDATA[", "]]>", "id", "'",
        "<table:table>", "</table:table>", "<table:table-row table:number-rows-repeated='3'>", "</table:table-row>",
        "<table:table-cell table:number-columns-repeated='2'>", "</table:table-cell>", "<text:p>", "</text:p>",
    ]), 0..40)) {
        let text = scraps.concat();
        let _ = with("history.xlsx", xlsx(&text, &text));
        let _ = with("history.ods", archive(&[("content.xml", text.as_bytes())]));
    }

    /// Bytes of sound workbooks are changed here and there: what comes of it is a case, or a reason why not.
    #[test]
    fn no_damage_to_a_workbook_makes_reading_panic(
        which in 0..SOUND.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let (name, mut bytes) = (SOUND[which].0, SOUND[which].1.to_vec());
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let reading = with(name, bytes);
        let failed = reading.problems.iter().any(|problem| problem.level == Level::Error);
        prop_assert_eq!(reading.case.is_none(), failed);
    }
}

/// Sound workbooks of forms that are no ZIP archives, where a change of one byte is not found out by a sum.
const SOUND: [(&str, &[u8]); 5] = [
    ("history.xls", include_bytes!("cases/read/dates_a_moment_before_midnight/history.xls")),
    ("absences.xls", include_bytes!("cases/import/leave_in_xls_by_sheetjs/in/a.xls")),
    ("absences.fods", include_bytes!("cases/import/leave_in_fods_by_libreoffice/in/a.fods")),
    ("absences.xml", include_bytes!("cases/read/hidden_and_struck_rows_are_told_xml_of_2003/absences.xml")),
    ("absences.htm", include_bytes!("cases/read/tables_of_a_page/absences.htm")),
];

/// The stream of an old workbook: its beginning, the list of its sheets, and then what `sheet` holds, once for each that is listed.
fn xls(sheets: &[u32], sheet: &[u8]) -> Vec<u8> {
    let begin = b"\x09\x08\x10\0\0\x06\x05\0\0\0\0\0\0\0\0\0\0\0\0\0";
    let mut bytes = begin.to_vec();
    for at in sheets {
        bytes.extend([0x85, 0, 9, 0]);
        bytes.extend(at.to_le_bytes());
        bytes.extend([0, 0, 1, 0, b'S']);
    }
    bytes.extend([0x0A, 0, 0, 0]);
    bytes.extend(begin);
    bytes.extend(sheet);
    bytes
}

#[test]
fn odd_sheets_of_an_old_workbook_are_refused() {
    let end = [0x0A, 0, 0, 0];
    refused(&with("history.xls", xls(&[], &end)), "it has no sheets");
    refused(&with("history.xls", xls(&[37], &[])), "a sheet has no end");
    refused(&with("history.xls", xls(&[37], &[0x03, 2, 14, 0])), "a record is cut short");
    refused(&with("history.xls", xls(&[37], &[0xFD, 0, 2, 0, 0, 0])), "a cell is cut short");
    let shared = [0xFD, 0, 10, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0];
    refused(&with("history.xls", xls(&[37], &[&shared, &end[..]].concat())), "names a text that is not there");
    refused(&with("history.xls", xls(&[141; 9], &end)), "its sheets overlap");
}
