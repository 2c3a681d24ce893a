//! The kinds of dirt, in the order in which they are laid on; of those in one slot an office has at most one.

use foureyes::draw::{Stream, digest};

use super::office::Office;
use super::truth::Truth;
use super::{ids, leave, sheets};

type Make = fn(&mut Office, &mut Stream);

pub struct Kind {
    pub says: &'static str,
    slot: u8,
    make: Make,
}

const fn kind(slot: u8, says: &'static str, make: Make) -> Kind {
    Kind { says, slot, make }
}

/// Most kinds that one office has.
const MOST: usize = 3;

#[rustfmt::skip]
pub static KINDS: &[Kind] = &[
    kind(0, "an owner in several spellings", ids::spellings_of_an_owner),
    kind(0, "a conflict with an owner in another spelling", ids::another_spelling_of_an_owner),
    kind(0, "names in place of ids of places", ids::names_of_places),
    kind(0, "several targets in a cell", ids::several_targets_in_a_cell),
    kind(0, "other words for kinds of target", ids::words_of_target_kinds),
    kind(1, "Date beside From and To", leave::date_beside),
    kind(1, "Leave or Period beside from and to", leave::leave_beside),
    kind(1, "ranges in words", leave::one_language),
    kind(1, "ranges in words of many languages", leave::many_languages),
    kind(1, "year first and a short end", leave::year_first),
    kind(1, "weekdays beside dates", leave::weekdays),
    kind(1, "nouns of leave beside dates", leave::nouns),
    kind(1, "several times of leave in a cell", leave::several_in_a_cell),
    kind(1, "leave without its year", leave::without_year),
    kind(1, "half days in words", leave::half_days_in_words),
    kind(1, "half days in a column", leave::half_days_in_a_column),
    kind(1, "midnight in UTC", leave::utc),
    kind(1, "the last second of the day", leave::last_second),
    kind(1, "midnight of the next day", leave::midnight_of_the_next_day),
    kind(1, "start and number of days", leave::start_and_days),
    kind(1, "two orders of day and month", leave::two_orders),
    kind(1, "no end", leave::no_end),
    kind(1, "other styles of dates", leave::style),
    kind(1, "names of months in dates", leave::month_names),
    kind(1, "times after no-break blanks", leave::times),
    kind(1, "serial numbers as text", leave::serials),
    kind(1, "serial numbers a moment early", leave::a_moment_early),
    kind(1, "other calendars and digits", leave::calendars),
    kind(1, "one day has no end", leave::one_day_has_no_end),
    kind(1, "days by formulas without values", leave::formulas),
    kind(2, "a status of leave", ids::status_of_leave),
    kind(2, "a status of conflicts", ids::status_of_conflicts),
    kind(3, "ids in another case", ids::case_of_ids),
    kind(3, "ids without their zeros", ids::lost_zeros),
    kind(3, "ids of the roster without their zeros", ids::zeros_lost_in_the_roster),
    kind(3, "ids in quotes, with blanks or names", ids::dressed_ids),
    kind(3, "names in place of ids", ids::names),
    kind(3, "a staff number of its own", ids::a_staff_number_of_its_own),
    kind(3, "one person in two rows", ids::one_person_in_two_rows),
    kind(3, "blanks and ditto marks below an id", ids::blank_below),
    kind(4, "titles above the header", sheets::titles_above),
    kind(4, "blank lines", sheets::blank_lines),
    kind(4, "trailing blanks", sheets::trailing_blanks),
    kind(4, "a stray cell right of the header", sheets::a_stray_cell),
    kind(4, "duplicates", sheets::duplicates),
    kind(4, "a last line that is no row", sheets::a_last_line),
    kind(4, "the header again", sheets::the_header_again),
    kind(4, "a conflict in prose below the table", sheets::a_conflict_in_prose),
    kind(4, "quotes left open", sheets::open_quotes),
    kind(4, "text after a quote", sheets::text_after_a_quote),
    kind(4, "cells of several lines", sheets::lines_in_a_cell),
    kind(4, "two tables on a sheet", sheets::two_tables_on_a_sheet),
    kind(4, "another order of columns", sheets::another_order_of_columns),
    kind(5, "headers of another language", sheets::header_of_another_language),
    kind(5, "headers that are odd or missing", sheets::odd_header),
    kind(6, "a sheet a month", sheets::a_sheet_a_month),
    kind(6, "a sheet without header", sheets::a_sheet_without_header),
    kind(6, "a sheet with other headers", sheets::a_sheet_with_other_headers),
    kind(6, "a hidden sheet", sheets::a_hidden_sheet),
    kind(6, "a sheet of notes", sheets::a_sheet_of_notes),
    kind(6, "hidden rows", sheets::hidden_rows),
    kind(6, "ids merged down", sheets::ids_merged_down),
    kind(6, "ids merged over two columns", sheets::ids_merged_across),
    kind(3, "sheets of persons", sheets::sheets_of_persons),
    kind(6, "formulas without values in conflicts", sheets::a_formula_of_a_target),
    kind(7, "encodings and delimiters", sheets::bytes),
    kind(7, "workbooks", sheets::workbooks),
];

/// The office of a number: each kind alone in its turn, then several at once.
pub fn office(number: u64) -> (Vec<&'static str>, Office) {
    let mut stream = Stream::from_key(digest(format!("dirty office {number}").as_bytes()));
    let truth = Truth::new(stream.below(2) == 0, &mut stream);
    let mut office = Office::new(truth);
    let mut laid: Vec<&Kind> = vec![&KINDS[usize::try_from(number).unwrap() % KINDS.len()]];
    let more = if number.is_multiple_of(3) { 0 } else { stream.index(MOST) };
    for _ in 0..more {
        let other = &KINDS[stream.index(KINDS.len())];
        if laid.iter().all(|kind| kind.slot != other.slot) {
            laid.push(other);
        }
    }
    laid.sort_by_key(|kind| kind.slot);
    laid.iter().for_each(|kind| (kind.make)(&mut office, &mut stream));
    (laid.iter().map(|kind| kind.says).collect(), office)
}
