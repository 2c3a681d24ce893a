//! Orders as tables: a workbook, and a text for whoever reads that.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::words::{team, told_from, when};
use super::{Orders, Sheet};
use crate::model::cell;

/// The head and the rows: of one person's sheets, or of all.
pub(super) fn rows(orders: &Orders, id: Option<&str>) -> Vec<Vec<String>> {
    let own: Vec<&Sheet> = match id {
        Some(id) => orders.of(id).map(|(_, sheet)| sheet).collect(),
        None => orders.sheets.iter().collect(),
    };
    let head: &[&str] = match orders.is_sealed {
        true => &["date", "slot", "team", "meet", "place"],
        false => &[
            "date",
            "slot",
            "visit",
            "kind",
            "establishment",
            "name",
            "address",
            "district",
            "owner",
            "sector",
            "team",
            "meet",
            "skills",
            "operation",
            "changed",
            "waivers",
        ],
    };
    let head = head.iter().map(|name| (*name).to_owned()).collect();
    std::iter::once(head).chain(own.into_iter().map(|sheet| row(orders, sheet))).collect()
}

fn row(orders: &Orders, sheet: &Sheet) -> Vec<String> {
    let (date, meet) = (orders.date.to_string(), orders.meet.clone().unwrap_or_default());
    let Some(told) = &sheet.told else {
        return vec![date, when(sheet), team(sheet), meet, told_from(orders).unwrap_or_default()];
    };
    let or_blank = |text: &Option<String>| text.clone().unwrap_or_default();
    vec![
        date,
        when(sheet),
        told.visit.clone(),
        told.kind.to_owned(),
        told.establishment.clone(),
        or_blank(&told.name),
        or_blank(&told.address),
        or_blank(&told.district),
        or_blank(&told.owner),
        or_blank(&told.sector),
        team(sheet),
        meet,
        told.skills.join(", "),
        or_blank(&told.operation),
        told.changes.join(" "),
        told.waivers.join("; "),
    ]
}

/// The rows as CSV.
pub(super) fn csv(rows: &[Vec<String>]) -> Vec<u8> {
    let line = |row: &Vec<String>| row.iter().map(|text| cell(text)).collect::<Vec<_>>().join(",") + "\n";
    rows.iter().map(line).collect::<String>().into_bytes()
}

/// The rows as a workbook. Every cell is a text, and says nothing of who wrote it, where and when: the same orders have the same bytes.
pub(super) fn workbook(orders: &Orders, rows: &[Vec<String>]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // A workbook must say when it was made; it says a day of our choice.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let sheet = book.add_worksheet();
    sheet.set_name(orders.date.to_string())?;
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    sheet.set_freeze_panes(1, 0)?;
    fill(sheet, rows)?;
    book.save_to_buffer()
}

/// The number that stands for A4 in a workbook.
const A4: u8 = 9;

fn fill(sheet: &mut Worksheet, rows: &[Vec<String>]) -> Result<(), XlsxError> {
    let plain = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    // What a leading apostrophe is in a text: should the cell ever be typed anew, it stays a text.
    let quoted = plain.clone().set_quote_prefix();
    let head = plain.clone().set_bold();
    for (at, row) in (0..).zip(rows) {
        for (column, text) in (0..).zip(row) {
            let format = match at {
                0 => &head,
                _ if text.starts_with(['=', '+', '-', '@']) => &quoted,
                _ => &plain,
            };
            // No cell holds more.
            let text: String = text.chars().take(32_767).collect();
            sheet.write_string_with_format(at, column, text, format)?;
        }
    }
    let columns = rows.first().map_or(0, Vec::len);
    for (column, at) in (0..).zip(0..columns) {
        let longest = rows.iter().filter_map(|row| row.get(at)).map(|text| text.chars().count()).max().unwrap_or(0);
        sheet.set_column_width(column, (longest.clamp(6, 40) + 2) as f64)?;
    }
    Ok(())
}
