//! What stands around the rows: titles, headers, blanks, quotes, sheets; and the bytes.

use std::collections::BTreeMap;

use foureyes::draw::Stream;

use super::office::{Cell, Form, Office, Sheet, text};

fn either(stream: &mut Stream) -> &'static str {
    ["absences", "conflicts"][stream.index(2)]
}

fn blank() -> Vec<Cell> {
    Vec::new()
}

pub fn titles_above(office: &mut Office, stream: &mut Stream) {
    let table = either(stream);
    let sheet = office.sheet(table);
    let wide = sheet.titles.len();
    let mut title = vec![text("Provincial Inspectorate: list of 2027")];
    if stream.below(2) == 0 {
        title.resize(wide, text(""));
    }
    sheet.above = vec![title, blank(), vec![text("as of"), text("3 January 2027")]];
    sheet.above.truncate(1 + stream.index(3));
}

pub fn blank_lines(office: &mut Office, stream: &mut Stream) {
    for table in ["absences", "conflicts", "inspectors"] {
        let sheet = office.sheet(table);
        let wide = sheet.titles.len();
        let at = 1 + stream.index(sheet.rows.len().max(1));
        sheet.rows.insert(at.min(sheet.rows.len()), vec![text(""); if stream.below(2) == 0 { wide } else { 1 }]);
        if stream.below(2) == 0 {
            sheet.above.insert(0, blank());
        }
    }
}

pub fn trailing_blanks(office: &mut Office, stream: &mut Stream) {
    let blanks = ["  ", "\u{a0}", "\t", "\u{3000}", "\u{200b}"][stream.index(5)];
    let table = either(stream);
    for cell in office.sheet(table).rows.iter_mut().flatten() {
        cell.change(|text| format!("{text}{blanks}"));
    }
    office.sheet(table).titles.iter_mut().for_each(|title| title.push_str(blanks));
}

pub fn a_stray_cell(office: &mut Office, stream: &mut Stream) {
    let table = either(stream);
    let sheet = office.sheet(table);
    let wide = sheet.titles.len() + stream.index(2);
    let at = stream.index(sheet.rows.len());
    sheet.rows[at].resize(wide, text(""));
    sheet.rows[at].push(text("checked"));
}

pub fn duplicates(office: &mut Office, stream: &mut Stream) {
    let table = either(stream);
    let rows = &mut office.sheet(table).rows;
    let again = rows[stream.index(rows.len())].clone();
    rows.push(again);
}

pub fn a_last_line(office: &mut Office, stream: &mut Stream) {
    let table = either(stream);
    let line =
        ["Total: 5", "--- end of report ---", "Approved by: A. Núñez, 3.1.2027", "(5 rows affected)"][stream.index(4)];
    office.sheet(table).rows.push(vec![text(line)]);
}

pub fn the_header_again(office: &mut Office, stream: &mut Stream) {
    let table = either(stream);
    let sheet = office.sheet(table);
    let header: Vec<Cell> = sheet.titles.iter().map(text).collect();
    sheet.rows.insert(1, header);
}

/// A conflict that somebody wrote below the table, in a sentence.
pub fn a_conflict_in_prose(office: &mut Office, stream: &mut Stream) {
    let mut conflict = office.truth.conflicts[0].clone();
    conflict.who = stream.index(office.truth.people.len());
    conflict.target = super::truth::Target::Place(1);
    let (who, place) = (office.truth.people[conflict.who].clone(), office.truth.places[1].clone());
    office.truth.conflicts.push(conflict);
    office.truth.conflicts.last_mut().unwrap().from = None;
    office.truth.conflicts.last_mut().unwrap().to = None;
    let says = format!("Also: {} ({}) is married to the owner of {} ({})", who.name(), who.id, place.name, place.id);
    office.sheet("conflicts").rows.push(vec![text(says)]);
}

fn note(office: &mut Office, table: &str, at: usize, cell: Cell) {
    let sheet = office.sheet(table);
    sheet.titles.push("note".to_owned());
    for (row, line) in sheet.rows.iter_mut().enumerate() {
        line.push(if row == at { cell.clone() } else { text("") });
    }
}

/// A quote that nobody closed, or that a later one closes rows below.
pub fn open_quotes(office: &mut Office, stream: &mut Stream) {
    let table = either(stream);
    let rows = office.sheet(table).rows.len();
    let at = stream.index(rows);
    note(office, table, at, Cell::Raw(["\"12 Main", "\"ill", "\"see 5\" x"][stream.index(3)].to_owned()));
    if stream.below(2) == 0 {
        let last = office.sheet(table).rows.last_mut().unwrap();
        let end = last.len() - 1;
        if end > 0 && last[end].plain().is_empty() {
            last[end] = Cell::Raw(["x\"", "5\" x", "end\""][stream.index(3)].to_owned());
        }
    }
}

pub fn text_after_a_quote(office: &mut Office, stream: &mut Stream) {
    let table = either(stream);
    let rows = office.sheet(table).rows.len();
    let at = stream.index(rows);
    note(office, table, at, Cell::Raw(["\"Bar\" Sol", "\"a\"b\"", "5\" pipe", "\"\"x"][stream.index(4)].to_owned()));
}

pub fn lines_in_a_cell(office: &mut Office, stream: &mut Stream) {
    let table = either(stream);
    let rows = office.sheet(table).rows.len();
    let at = stream.index(rows);
    note(office, table, at, text(["first line\nsecond line", "a, b\nc, d\ne", "\n"][stream.index(3)]));
}

pub fn header_of_another_language(office: &mut Office, stream: &mut Stream) {
    let language = stream.index(10);
    for table in ["inspectors", "establishments", "absences", "conflicts"] {
        for title in &mut office.sheet(table).titles {
            if let Some((_, words)) = HEADERS.iter().find(|(ours, _)| ours == title) {
                *title = words.split('|').nth(language).unwrap().to_owned();
            }
        }
    }
}

/// Our columns in Spanish, Portuguese, French, German, Russian, Turkish, Polish, Italian, Arabic and Chinese.
const HEADERS: [(&str, &str); 11] = [
    ("id", "Nº|Matrícula|Matricule|Personalnummer|Табельный номер|Sicil no|Numer|Matricola|الرقم|工号"),
    ("name", "Nombre|Nome|Nom|Name|ФИО|Ad Soyad|Imię i nazwisko|Nome e cognome|الاسم|姓名"),
    ("owner", "Titular|Proprietário|Propriétaire|Inhaber|Владелец|Sahibi|Właściciel|Proprietario|المالك|业主"),
    ("inspector", "Inspector|Inspetor|Inspecteur|Mitarbeiter|Сотрудник|Müfettiş|Inspektor|Ispettore|المفتش|检查员"),
    ("from", "Desde|De|Du|Von|С|Başlangıç|Od|Dal|من|开始"),
    ("to", "Hasta|Até|Au|Bis|По|Bitiş|Do|Al|إلى|结束"),
    ("leave", "Vacaciones|Férias|Congés|Urlaub|Отпуск|İzin|Urlop|Ferie|إجازة|休假"),
    ("target_kind", "Tipo|Tipo|Type|Art|Вид|Tür|Rodzaj|Tipo|النوع|类型"),
    ("target", "Objeto|Objeto|Objet|Betrifft|О чем|Konu|Podmiot|Oggetto|الجهة|对象"),
    ("category", "Relación|Relação|Lien|Grund|Связь|İlişki|Relacja|Legame|العلاقة|关系"),
    ("note", "Notas|Notas|Notes|Notiz|Примечание|Not|Uwagi|Note|ملاحظات|备注"),
];

pub fn odd_header(office: &mut Office, stream: &mut Stream) {
    let table = either(stream);
    let way = stream.index(5);
    let sheet = office.sheet(table);
    match way {
        0 => sheet.titles.iter_mut().for_each(|title| *title = title.to_uppercase()),
        1 => sheet.titles.iter_mut().for_each(|title| *title = format!("{title}\n(required)")),
        _ if sheet.titles.is_empty() => {}
        2 => *sheet.titles.last_mut().unwrap() = String::new(),
        3 => sheet.titles.clear(),
        _ => sheet.titles[0] = String::new(),
    }
}

pub fn another_order_of_columns(office: &mut Office, stream: &mut Stream) {
    let table = either(stream);
    let sheet = office.sheet(table);
    sheet.titles.reverse();
    let wide = sheet.titles.len();
    for row in &mut sheet.rows {
        row.resize(wide.max(row.len()), text(""));
        row.reverse();
    }
}

fn workbook<'a>(office: &'a mut Office, table: &str) -> &'a mut super::office::Table {
    let table = office.table(table);
    table.form = Form::Xlsx;
    table
}

/// Moves the later half of the rows to a sheet of their own.
fn halved(office: &mut Office, table: &str, change: impl Fn(&mut Sheet)) {
    let table = workbook(office, table);
    let half = table.sheet.rows.len().div_ceil(2);
    let mut later = Sheet {
        name: "Feb".to_owned(),
        titles: table.sheet.titles.clone(),
        rows: table.sheet.rows.split_off(half),
        ..Sheet::default()
    };
    change(&mut later);
    table.more.push(later);
}

pub fn a_sheet_a_month(office: &mut Office, stream: &mut Stream) {
    let table = either(stream);
    halved(office, table, |_| {});
}

pub fn a_sheet_without_header(office: &mut Office, stream: &mut Stream) {
    let table = either(stream);
    halved(office, table, |sheet| sheet.titles.clear());
}

pub fn a_sheet_with_other_headers(office: &mut Office, stream: &mut Stream) {
    let table = either(stream);
    let all = stream.below(2) == 0;
    let other = BTreeMap::from([
        ("inspector", "who"),
        ("from", "start"),
        ("to", "end"),
        ("leave", "away"),
        ("target", "place"),
        ("target_kind", "what"),
    ]);
    halved(office, table, |sheet| {
        let named = sheet.titles.iter_mut().skip(usize::from(!all));
        named.for_each(|title| *title = other.get(title.as_str()).map_or(title.clone(), |other| (*other).to_owned()));
    });
}

pub fn a_hidden_sheet(office: &mut Office, stream: &mut Stream) {
    let table = either(stream);
    halved(office, table, |sheet| sheet.hidden = true);
}

pub fn a_sheet_of_notes(office: &mut Office, stream: &mut Stream) {
    let table = either(stream);
    let notes = Sheet {
        name: "Notes".to_owned(),
        rows: vec![vec![text("Please fill in")], vec![text("Legend"), text("kin = family")]],
        ..Sheet::default()
    };
    workbook(office, table).more.push(notes);
}

pub fn hidden_rows(office: &mut Office, stream: &mut Stream) {
    let table = either(stream);
    let rows = office.sheet(table).rows.len();
    let at = stream.index(rows);
    workbook(office, table).sheet.hidden_rows.insert(at);
}

/// The rows of one person under one merged cell with the id.
pub fn ids_merged_down(office: &mut Office, _: &mut Stream) {
    for table in ["absences", "conflicts"] {
        let sheet = &mut workbook(office, table).sheet;
        // Only rows that all say whose they are may change places.
        if sheet.rows.iter().all(|row| row.len() == sheet.titles.len() && !row[0].plain().is_empty()) {
            sheet.rows.sort_by_key(|row| row[0].plain());
        }
        let ids: Vec<String> = sheet.rows.iter().map(|row| row.first().map(Cell::plain).unwrap_or_default()).collect();
        let mut first = 0;
        for at in 1..=ids.len() {
            if at < ids.len() && ids[at] == ids[first] && !ids[at].is_empty() {
                sheet.rows[at][0] = text("");
                continue;
            }
            if at - first > 1 {
                sheet.merged.push((i32::try_from(first).unwrap(), i32::try_from(at - 1).unwrap(), 0, 0));
            }
            first = at;
        }
    }
}

pub fn ids_merged_across(office: &mut Office, stream: &mut Stream) {
    let table = either(stream);
    let sheet = &mut workbook(office, table).sheet;
    let header = if sheet.titles.is_empty() { 0 } else { -1 };
    sheet.titles.insert(1.min(sheet.titles.len()), String::new());
    sheet.rows.iter_mut().for_each(|row| row.insert(1.min(row.len()), text("")));
    let rows = i32::try_from(sheet.rows.len()).unwrap();
    sheet.merged.extend((header..rows).map(|row| (row, row, 0, 1)));
}

/// A sheet for each person, called after them, in some way of filling it in.
pub fn sheets_of_persons(office: &mut Office, stream: &mut Stream) {
    let way = stream.index(5);
    let truth = office.truth.clone();
    let rows = office.sheet("conflicts").rows.clone();
    let titles: Vec<String> = office.sheet("conflicts").titles.iter().skip(1).cloned().collect();
    let last = truth.conflicts.iter().map(|one| one.who).next_back();
    let mut sheets = Vec::new();
    for (at, person) in truth.people.iter().enumerate() {
        let own = rows.iter().zip(&truth.conflicts).filter(|(_, conflict)| conflict.who == at);
        let own: Vec<Vec<Cell>> = own.map(|(row, _)| row[1..].to_vec()).collect();
        let above = vec![vec![text(format!("Inspector: {}", person.id))]];
        let mut sheet = Sheet { name: person.name(), above, titles: titles.clone(), rows: own, ..Sheet::default() };
        let odd = Some(at) == last;
        match way {
            _ if sheet.rows.is_empty() => {
                (sheet.titles, sheet.rows) = (Vec::new(), vec![vec![text("Nothing to declare")]])
            }
            1 if odd => {
                let says = |row: &Vec<Cell>| vec![text(format!("My sister works for {}", row[1].plain()))];
                (sheet.titles, sheet.rows) = (Vec::new(), sheet.rows.iter().map(says).collect());
            }
            2 if odd => {
                sheet.titles = vec!["Kind of interest".to_owned(), "Place".to_owned()];
                sheet.rows.iter_mut().for_each(|row| row.truncate(2));
            }
            3 if odd => {
                sheet.titles.clear();
                sheet.rows.iter_mut().for_each(|row| row.truncate(2));
            }
            4 if odd => {
                sheet.titles.clear();
                let pairs =
                    |row: &Vec<Cell>| [vec![text("What:"), row[0].clone()], vec![text("Which:"), row[1].clone()]];
                sheet.rows = sheet.rows.iter().flat_map(pairs).collect();
            }
            _ => {}
        }
        sheets.push(sheet);
    }
    let table = workbook(office, "conflicts");
    table.sheet = sheets.remove(0);
    table.more = sheets;
}

pub fn a_formula_of_a_target(office: &mut Office, stream: &mut Stream) {
    let sheet = &mut workbook(office, "conflicts").sheet;
    let (at, column) = (stream.index(sheet.rows.len()), [0, 1, 2][stream.index(3)]);
    // Another kind of dirt may have left a row that is shorter.
    let row = &mut sheet.rows[at];
    let last = row.len() - 1;
    row[column.min(last)] = Cell::Formula("=VLOOKUP(A2,Other!A:B,2,0)".to_owned());
}

pub fn two_tables_on_a_sheet(office: &mut Office, stream: &mut Stream) {
    let table = either(stream);
    let sheet = office.sheet(table);
    let half = sheet.rows.len().div_ceil(2);
    let later = sheet.rows.split_off(half);
    let way = stream.index(2);
    let header =
        sheet.titles.iter().map(|title| if way == 0 { text(title) } else { text(format!("{title} (new)")) }).collect();
    sheet.rows.push(blank());
    sheet.rows.push(vec![text("Second half")]);
    sheet.rows.push(header);
    sheet.rows.extend(later);
}

/// Other bytes: the encoding and the delimiter of every CSV, or a workbook.
pub fn bytes(office: &mut Office, stream: &mut Stream) {
    let delimiter = [',', ';', '\t', '|'][stream.index(4)];
    let encoding =
        ["utf-8", "utf-8 with a mark", "windows-1252", "utf-16", "cp850", "macintosh", "windows-1251"][stream.index(7)];
    for table in office.tables.values_mut().filter(|table| table.form != Form::Xlsx) {
        table.form = Form::Csv { delimiter, encoding };
    }
}

pub fn workbooks(office: &mut Office, _: &mut Stream) {
    office.tables.values_mut().for_each(|table| table.form = Form::Xlsx);
}
