//! Why a cell of a column of dates is no date, and what to do. What can be no date in any reading may be a word for a blank.

use super::super::header::Header;
use super::super::problem::{grouped, shown};
use super::Cell;
use super::cut::Not;
use super::plain::plain;

/// Why and what to do.
pub(super) fn refusal(cell: &Cell, not: Option<&Not>, header: &Header) -> (String, String) {
    let again = if cell.count > 1 { format!(" ({} cells)", grouped(cell.count)) } else { String::new() };
    let (section, stated) = (header.says().section(), &header.says().dates);
    match (not, stated) {
        (Some(Not::Century), None) => {
            let advice = format!(
                "Write the year with four digits, best of all like 2026-04-03; or state the format in policy.toml under [{section}]: {}",
                two_digits(&cell.text)
            );
            (format!("the year has two digits, so its century is a guess{again}"), advice)
        }
        (Some(Not::Serial), _) if !header.workbook => {
            let advice = "Format the column as a date in the spreadsheet and save it again";
            (format!("this is a spreadsheet's number of a day, not a date{again}"), advice.to_owned())
        }
        (Some(Not::Month(word, which)), _) => {
            let advice =
                format!("State the language in policy.toml under [{section}]: language = \"xx\", such as \"pl\"");
            (format!("`{}` is month {}{again}", shown(word), which.join(" or ")), advice)
        }
        (_, Some(format)) if format.contains("%y") && plain(&cell.text).ends_with("99") => {
            let why = format!("the year 99 may be 1999, or mean that there is no end{again}");
            (why, "Write the year with four digits; 9999 for no end".to_owned())
        }
        (_, Some(format)) => {
            let advice = "Write it so, or correct the format in policy.toml";
            (format!("this is not a date of the form {format} that policy.toml states{again}"), advice.to_owned())
        }
        _ => {
            let why = format!("this is not a date that the calendar has in the years 1900 to 2200{again}");
            if plain(&cell.text).contains(|letter: char| letter.is_ascii_digit()) {
                return (why, "Write it like 2026-04-03".to_owned());
            }
            let advice = format!(
                "Write it like 2026-04-03; if it is a word for a blank, state it in policy.toml under [{section}]: na = [\"{}\"]",
                shown(&cell.text)
            );
            (why, advice)
        }
    }
}

/// A format that fits a date whose year has two digits; both that may fit, where nothing in it says which part is the day.
fn two_digits(text: &str) -> String {
    let text = plain(text);
    let mark = text.chars().find(|letter| matches!(letter, '-' | '/' | '.' | ' ')).unwrap_or('/');
    let parts: Vec<u32> = text.split(mark).filter_map(|part| part.trim().parse().ok()).collect();
    let day_first = format!("dates = \"%d{mark}%m{mark}%y\"");
    let month_first = format!("dates = \"%m{mark}%d{mark}%y\"");
    match parts.as_slice() {
        _ if text.contains(char::is_alphabetic) => format!("dates = \"%d{mark}%b{mark}%y\""),
        [first, ..] if *first > 12 => day_first,
        [_, second, ..] if *second > 12 => month_first,
        _ => format!("{day_first} (day first) or {month_first}"),
    }
}
