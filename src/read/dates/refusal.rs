//! Why a cell of a column of dates is no date, and what to do. What can be no date in any reading may be a word for a blank.

use super::super::header::Header;
use super::super::policy::Says;
use super::super::problem::{grouped, shown};
use super::Cell;
use super::cut::Not;
use super::never::{Role, role};
use super::plain::plain;

/// Why and what to do.
pub(super) fn refusal(cell: &Cell, not: Option<&Not>, header: &Header, column: usize) -> (String, String) {
    let again = if cell.count > 1 { format!(" ({} cells)", grouped(cell.count)) } else { String::new() };
    let (says, stated) = (header.says(), &header.says().dates);
    match (not, stated) {
        (Some(Not::Century), None) => {
            let advice = format!(
                "Write the year with four digits, best of all like 2026-04-03; or state the format: {}",
                two_digits(&cell.text, says)
            );
            (format!("the year has two digits, so its century is a guess{again}"), advice)
        }
        (Some(Not::Serial), _) if !header.workbook => {
            let advice = "Format the column as a date in the spreadsheet and save it again";
            (format!("this is a spreadsheet's number of a day, not a date{again}"), advice.to_owned())
        }
        (Some(Not::Month(word, which)), _) => {
            let advice = format!("State the language, such as {}", says.how("language", "pl"));
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
            let ends = role(header.name(column)) == Role::End;
            let advice = match (ends, header.needs(column)) {
                (true, true) => {
                    "Write it like 2026-04-03; if it means that there is no end, write 9999-12-31".to_owned()
                }
                (true, false) => format!(
                    "Write it like 2026-04-03; if it means that there is no end, leave the cell blank or write 9999-12-31, or say that the word is a blank: {}",
                    says.how("na", &cell.text)
                ),
                (false, true) => "Write it like 2026-04-03, or delete the row".to_owned(),
                (false, false) => {
                    format!("Write it like 2026-04-03; if it is a word for a blank: {}", says.how("na", &cell.text))
                }
            };
            (why, advice)
        }
    }
}

/// How a format is said that fits a date whose year has two digits; both that may fit, where nothing in it says which part is the day.
fn two_digits(text: &str, says: &Says) -> String {
    let text = plain(text);
    let mark = text.chars().find(|letter| matches!(letter, '-' | '/' | '.' | ' ')).unwrap_or('/');
    let parts: Vec<u32> = text.split(mark).filter_map(|part| part.trim().parse().ok()).collect();
    let how = |a: &str, b: &str| says.how("dates", &format!("%{a}{mark}%{b}{mark}%y"));
    match parts.as_slice() {
        _ if text.contains(char::is_alphabetic) => how("d", "b"),
        [first, ..] if *first > 12 => how("d", "m"),
        [_, second, ..] if *second > 12 => how("m", "d"),
        _ => format!("{} (day first) or {} (month first)", how("d", "m"), how("m", "d")),
    }
}
