//! XML entities in the cells of workbooks: those that XML knows are read, others are an error. None is passed over in silence, for a name
//! without a letter is another name.

#![allow(clippy::unwrap_used, reason = "a test that can't write its own files fails")]

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use foureyes::read::{Reading, read_files};

/// The name of a place as a cell spells it, and as it reads; none where it is an error.
const SPELLED: &[(&str, Option<&str>)] = &[
    ("Smith &amp; Sons", Some("Smith & Sons")),
    ("&lt;Mill&gt; &quot;old&quot; O&apos;Neil", Some("<Mill> \"old\" O'Neil")),
    ("Mu&#241;oz", Some("Muñoz")),
    ("Mu&#xF1;oz &#x41;", Some("Muñoz A")),
    ("Mu&#241;oz &amp; Mu&#xf1;oz", Some("Muñoz & Muñoz")),
    ("Mu&ntilde;oz", None),
    ("&eacute;", None),
    ("Mill &co;", None),
    ("&#x110000;", None),
    ("&#xD800;", None),
    ("&#;", None),
    ("Mill & Sons", None),
];

fn archive(parts: &[(&str, String)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A sheet of XLSX with these cells; `shared` texts stand in a part of their own.
fn xlsx(cells: [[String; 2]; 2], shared: &str) -> Vec<u8> {
    let rows = cells.map(|cells| format!("<row>{}</row>", cells.concat())).concat();
    archive(&[
        ("xl/workbook.xml", "<workbook><sheets><sheet name='establishments' id='r1'/></sheets></workbook>".to_owned()),
        ("xl/worksheets/sheet1.xml", format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")),
        ("xl/sharedStrings.xml", format!("<sst>{shared}</sst>")),
    ])
}

fn ods(cells: [[String; 2]; 2]) -> Vec<u8> {
    let rows = cells.map(|cells| format!("<table:table-row>{}</table:table-row>", cells.concat())).concat();
    archive(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet".to_owned()),
        (
            "content.xml",
            format!(
                "<office:document-content><office:body><office:spreadsheet><table:table table:name='establishments'>{rows}</table:table>\
                 </office:spreadsheet></office:body></office:document-content>"
            ),
        ),
    ])
}

/// The places of an office whose table of them has this name in it, in every way in which a cell can hold it.
fn tables(name: &str) -> Vec<(&'static str, Vec<u8>)> {
    let with = |cell: &dyn Fn(&str) -> String, own: String| [["id", "name"].map(cell), [cell("E1"), own]];
    let inline = |text: &str| format!("<c t='inlineStr'><is><t>{text}</t></is></c>");
    let formula = |text: &str| format!("<c t='str'><v>{text}</v></c>");
    let shared = "<c t='s'><v>0</v></c>".to_owned();
    let text =
        |text: &str| format!("<table:table-cell office:value-type='string'><text:p>{text}</text:p></table:table-cell>");
    let spans = |text: &str| {
        format!(
            "<table:table-cell office:value-type='string'><text:p><text:span>{text}</text:span></text:p></table:table-cell>"
        )
    };
    vec![
        ("establishments.xlsx", xlsx(with(&inline, inline(name)), "")),
        ("establishments.xlsx", xlsx(with(&inline, formula(name)), "")),
        ("establishments.xlsx", xlsx(with(&inline, shared.clone()), &format!("<si><t>{name}</t></si>"))),
        ("establishments.xlsx", xlsx(with(&inline, shared), &format!("<si><r><t>{name}</t></r></si>"))),
        ("establishments.ods", ods(with(&text, text(name)))),
        ("establishments.ods", ods(with(&text, spans(name)))),
    ]
}

fn office(name: &str, bytes: Vec<u8>) -> Reading {
    let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    let mut files = BTreeMap::from([
        file("policy.toml", "[period]\nfrom = 2027-01-04\nto = 2027-01-08\nslots = [\"am\"]\n"),
        file("inspectors.csv", "id\nI1\nI2\n"),
        file("visits.csv", "id,establishment\nV1,E1\n"),
    ]);
    files.insert(name.to_owned(), bytes);
    read_files(&files)
}

#[test]
fn an_entity_is_read_or_refused_and_never_passed_over() {
    for (spelled, reads) in SPELLED {
        for (at, (name, bytes)) in tables(spelled).into_iter().enumerate() {
            let reading = office(name, bytes);
            let told: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
            let place = reading.case.as_ref().and_then(|case| case.establishments.first()?.name.as_deref());
            assert_eq!(place, *reads, "{spelled} in {name}, way {at}: {told:#?}");
            assert!(reads.is_some() || told.iter().any(|problem| problem.contains(name)), "{spelled}: {told:#?}");
        }
    }
}
