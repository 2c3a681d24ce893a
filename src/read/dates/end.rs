//! Ends of whole days at midnight: calendars write the morning after the last day (RFC 5545), other programs the last day itself.
//!
//! Outlook and others export `Start Date, Start Time, End Date, End Time, All day event`. Whether the last day of such rows is part of
//! the absence can't be seen in the file: it is asked once, and kept as `end = "exclusive"` or `"included"`.

use chrono::NaiveDate;

use super::super::header::Header;
use super::super::ids::fold;
use super::super::problem::{Level, Log, Problem};
use super::super::table::Row;
use super::clock;

/// What the policy says of such ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::read) enum End {
    /// The last day is the day before.
    Exclusive,
    /// The last day is the one that is written.
    Included,
}

const STARTS: &str = "start time; begin time; beginnt um; startzeit; beginn uhrzeit; heure de début; hora de inicio; hora de comienzo; \
    hora de início; ora inizio; ora di inizio; begintijd; время начала; godzina rozpoczęcia; ώρα έναρξης; başlangıç saati; 開始時刻; \
    开始时间; 시작 시간; وقت البدء";
const ENDS: &str = "end time; endet um; endzeit; ende uhrzeit; heure de fin; hora de fin; hora de finalización; hora de término; \
    ora fine; ora di fine; eindtijd; время окончания; godzina zakończenia; ώρα λήξης; bitiş saati; 終了時刻; 结束时间; 종료 시간; \
    وقت الانتهاء";
const WHOLE: &str = "all day event; all day; ganztägiges ereignis; ganztägig; ganztags; journée entière; toute la journée; \
    todo el día; evento de todo el día; dia inteiro; o dia todo; giornata intera; tutto il giorno; hele dag; duurt hele dag; \
    весь день; целый день; cały dzień; wydarzenie całodniowe; ολοήμερο; ολοήμερο συμβάν; tüm gün; tüm gün süren olay; 終日; \
    終日イベント; 全天; 全天事件; 하루 종일; طوال اليوم; حدث طوال اليوم";
const YES: &str = "true yes 1 x ja wahr vrai oui sí si verdadero verdadeiro sim vero да истина tak prawda ναι αληθές evet doğru 是 はい 예 نعم";

/// The columns that say when on a day an absence begins and ends.
pub(in crate::read) struct Ends {
    start: Option<usize>,
    end: Option<usize>,
    whole: Option<usize>,
}

/// The end of one row.
pub(in crate::read) struct Whole<'a> {
    pub(in crate::read) row: u64,
    pub(in crate::read) from: NaiveDate,
    pub(in crate::read) to: &'a mut NaiveDate,
}

impl Ends {
    /// Finds the columns among those that are none of ours.
    pub(in crate::read) fn of<'a>(others: impl Iterator<Item = (usize, &'a str)>) -> Self {
        let mut ends = Self { start: None, end: None, whole: None };
        for (at, title) in others {
            let title = fold(title).replace(['-', '_'], " ");
            let is = |words: &str| words.split("; ").any(|word| word.trim() == title);
            let place = if is(STARTS) {
                &mut ends.start
            } else if is(ENDS) {
                &mut ends.end
            } else if is(WHOLE) {
                &mut ends.whole
            } else {
                continue;
            };
            place.get_or_insert(at);
        }
        ends
    }

    /// Whether a row is of whole days by these columns, so that its end may be the morning after.
    pub(in crate::read) fn is_whole(&self, row: &Row<'_>) -> bool {
        let cell = |place: Option<usize>| place.map(|place| row.other(place));
        let (start, end) = (cell(self.start), cell(self.end));
        let midnights = [start, end].into_iter().flatten().all(|text| text.is_empty() || is_midnight(text));
        let whole = cell(self.whole).map(|text| YES.split(' ').any(|yes| yes == fold(text)));
        let stated = end.is_some_and(|text| !text.is_empty() && is_midnight(text));
        midnights && (stated || whole == Some(true))
    }
}

/// A time that is midnight, as a text or as a workbook's cell of a time.
fn is_midnight(text: &str) -> bool {
    let time = text.split_once(' ').filter(|(date, _)| date.contains('-')).map_or(text, |(_, time)| time);
    matches!(time, "0" | "0.0" | "1899-12-30" | "1899-12-31" | "1900-01-00")
        || clock::alone(time).is_some_and(|clock| clock.seconds == 0)
}

/// Takes the day off the ends of whole days where the policy says so, or asks. `rows` are those of whole days.
pub(in crate::read) fn settle(header: &Header, column: usize, rows: Vec<Whole<'_>>, log: &mut Log) {
    let says = header.says();
    let place = |row: u64, to: NaiveDate, why: String, advice: &str| {
        Problem::error(&header.file, why, advice).row(row).column(header.title(column)).value(&to.to_string())
    };
    match (says.end, rows.first()) {
        (None, Some(first)) => {
            let why = "the end is at midnight: it is the last day in some programs, and the morning after it in Outlook and other calendars";
            let offers: [super::super::choice::Offer<'_>; 2] = [
                ("the last day is the day before", &[("end", "exclusive")]),
                ("the day that is written is the last day", &[("end", "included")]),
            ];
            log.ask(says, place(first.row, *first.to, why.to_owned(), ""), &offers);
        }
        (Some(End::Exclusive), Some(_)) => {
            let count = rows.len();
            for one in rows {
                match one.to.pred_opt().filter(|day| *day >= one.from) {
                    Some(day) => *one.to = day,
                    None => log.one_of(Level::Error, &header.file, "ends at midnight before they begin", || {
                        let why = format!("it begins on {} and ends before that day, as policy.toml says that an end at midnight is the morning after", one.from);
                        let advice = format!("Correct the end; or, if ends are the last day: {}", says.how("end", "included"));
                        place(one.row, *one.to, why, &advice)
                    }),
                }
            }
            let rows = super::super::problem::counted(count as u64, "end", "ends");
            log.note(&header.file, format!("{rows} at midnight: the last day is the day before, as policy.toml says"));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn midnight_is_written_in_many_ways() {
        for text in ["12:00:00 AM", "00:00", "0:00:00", "0", "1899-12-30", "1899-12-30 00:00:00", "上午12:00"] {
            assert!(is_midnight(text), "{text}");
        }
        for text in ["12:00:00 PM", "23:59", "0.5", "1899-12-30 12:00:00", "5:00 PM", ""] {
            assert!(!is_midnight(text), "{text}");
        }
    }
}
