//! Plain tables: columns, two spaces apart, no lines.

use comfy_table::{CellAlignment, Table, presets};

/// Which side the cells of a column keep to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A table with a head. Cells of any script are as wide as a terminal shows them; no line ends in
/// spaces, and none is broken.
///
/// ```
/// use foureyes::report::{Side, table};
/// let text = table(&[("rule", Side::Left), ("days", Side::Right)], [["pair-rotation", "14"], ["return-gap", "0"]]);
/// assert_eq!(text, "rule           days\npair-rotation    14\nreturn-gap        0");
/// ```
pub fn table<Row, Cell>(columns: &[(&str, Side)], rows: impl IntoIterator<Item = Row>) -> String
where
    Row: IntoIterator<Item = Cell>,
    Cell: Into<String>,
{
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    table.set_header(columns.iter().map(|(head, _)| *head));
    for row in rows {
        table.add_row(row.into_iter().map(|cell| one_line(&cell.into())));
    }
    for (column, (_, side)) in table.column_iter_mut().zip(columns) {
        column.set_padding((0, 2));
        column.set_cell_alignment(if *side == Side::Right { CellAlignment::Right } else { CellAlignment::Left });
    }
    let text = table.to_string();
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n")
}

/// A name with a line break in it, or another control character, must not break the table.
fn one_line(cell: &str) -> String {
    cell.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
