//! The ways in which offices write days away.

use chrono::{Datelike, Days, NaiveDate};
use foureyes::draw::Stream;

use super::months::{WAYS, months, short_end, words};
use super::office::{Cell, Office, text};
use super::truth::Leave;

/// Writes the two days of every leave, and the headers of all columns.
fn ends(office: &mut Office, titles: &[&str], write: impl Fn(&Leave) -> Vec<Cell>) {
    let leaves = office.truth.leaves.clone();
    let sheet = office.sheet("absences");
    sheet.titles = titles.iter().map(|title| (*title).to_owned()).collect();
    for (row, leave) in sheet.rows.iter_mut().zip(&leaves) {
        row.truncate(1);
        row.extend(write(leave));
    }
}

const OURS: [&str; 3] = ["inspector", "from", "to"];

/// Both days by one way of writing a day.
fn days(office: &mut Office, write: impl Fn(NaiveDate) -> String) {
    ends(office, &OURS, |leave| vec![text(write(leave.from)), text(write(leave.to))]);
}

fn in_words(office: &mut Office, write: impl Fn(&Leave) -> String) {
    ends(office, &["inspector", "leave"], |leave| vec![text(write(leave))]);
}

fn before(day: NaiveDate) -> NaiveDate {
    day - Days::new(1)
}

pub fn date_beside(office: &mut Office, stream: &mut Stream) {
    let title = ["Date", "Fecha", "Datum", "Date of request"][stream.index(4)];
    let asked = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
    ends(office, &["inspector", title, "From", "To"], |leave| {
        vec![Cell::Day(asked), Cell::Day(leave.from), Cell::Day(leave.to)]
    });
}

pub fn leave_beside(office: &mut Office, stream: &mut Stream) {
    let (title, word) =
        [("Leave", "annual"), ("Period", "Q1"), ("Period", "2026"), ("Leave", "12/2026")][stream.index(4)];
    ends(office, &["inspector", title, "from", "to"], |leave| {
        vec![text(word), Cell::Day(leave.from), Cell::Day(leave.to)]
    });
}

pub fn one_language(office: &mut Office, stream: &mut Stream) {
    let way = stream.index(WAYS);
    in_words(office, |leave| words(leave.from, leave.to, way));
}

pub fn many_languages(office: &mut Office, stream: &mut Stream) {
    let first = stream.index(WAYS);
    in_words(office, |leave| words(leave.from, leave.to, (first + leave.from.day() as usize) % WAYS));
}

pub fn year_first(office: &mut Office, stream: &mut Stream) {
    let way = stream.index(6);
    in_words(office, |leave| short_end(leave.from, leave.to, way));
}

pub fn weekdays(office: &mut Office, stream: &mut Stream) {
    let (language, names, link) = [
        ("es", ["Lun", "Mar", "Mié", "Jue", "Vie", "Sáb", "Dom"], " al "),
        ("fr", ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."], " au "),
        ("it", ["lun", "mar", "mer", "gio", "ven", "sab", "dom"], " al "),
        ("pt", ["Seg", "Ter", "Qua", "Qui", "Sex", "Sáb", "Dom"], " a "),
        ("de", ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"], " bis "),
    ][stream.index(5)];
    let month = months(language);
    let day = |day: NaiveDate| {
        let name = names[day.weekday().num_days_from_monday() as usize];
        format!("{name} {} {} {}", day.day(), month[day.month0() as usize], day.year())
    };
    in_words(office, |leave| format!("{}{link}{}", day(leave.from), day(leave.to)));
}

pub fn nouns(office: &mut Office, stream: &mut Stream) {
    let noun = [
        "Urlaub",
        "vacaciones",
        "congés",
        "férias",
        "отпуск",
        "annual leave:",
        "ferie",
        "semester",
        "年假",
        "out of office",
        "sick",
    ][stream.index(11)];
    let way = stream.index(WAYS);
    in_words(office, |leave| format!("{noun} {}", words(leave.from, leave.to, way)));
}

pub fn several_in_a_cell(office: &mut Office, stream: &mut Stream) {
    let (way, apart) = (stream.index(WAYS), [", ", "; ", " and ", "\n", " / ", " + "][stream.index(6)]);
    let leaves = std::mem::take(&mut office.truth.leaves);
    for leave in leaves {
        let later = Leave { from: leave.to + Days::new(9), to: leave.to + Days::new(11), ..leave.clone() };
        office.truth.leaves.extend([leave, later]);
    }
    office.leaves_a_row = 2;
    let all = office.truth.leaves.clone();
    let sheet = office.sheet("absences");
    sheet.titles = vec!["inspector".to_owned(), "leave".to_owned()];
    for (row, pair) in sheet.rows.iter_mut().zip(all.chunks(2)) {
        row.truncate(1);
        let both = pair.iter().map(|one| words(one.from, one.to, way)).collect::<Vec<_>>();
        row.push(text(both.join(apart)));
    }
}

pub fn without_year(office: &mut Office, stream: &mut Stream) {
    let dots = stream.below(2) == 0;
    in_words(office, |leave| match dots {
        true => format!("{}.{}.-{}.{}.", leave.from.day(), leave.from.month(), leave.to.day(), leave.to.month()),
        false => format!(
            "{} {} - {} {}",
            leave.from.day(),
            months("en")[leave.from.month0() as usize],
            leave.to.day(),
            months("en")[leave.to.month0() as usize]
        ),
    });
}

pub fn half_days_in_words(office: &mut Office, stream: &mut Stream) {
    let half = ["half day", "medio día", "½", "halber Tag", "demi-journée", "am", "morning of"][stream.index(7)];
    in_words(office, |leave| match leave.from == leave.to {
        true => format!("{half} {}", words(leave.from, leave.to, 0)),
        false => words(leave.from, leave.to, 0),
    });
}

pub fn half_days_in_a_column(office: &mut Office, _: &mut Stream) {
    ends(office, &["inspector", "from", "to", "half_day"], |leave| {
        vec![Cell::Day(leave.from), Cell::Day(leave.to), text(if leave.from == leave.to { "yes" } else { "" })]
    });
}

pub fn utc(office: &mut Office, stream: &mut Stream) {
    let time = ["T23:00:00.000Z", "T22:00:00Z", "T23:00:00+00:00", " 23:00:00"][stream.index(4)];
    days(office, |day| format!("{}{time}", before(day)));
}

pub fn last_second(office: &mut Office, stream: &mut Stream) {
    let (first, last) =
        [(" 00:00:00", " 23:59:59"), ("T00:00:00", "T23:59:59.999"), (" 00:00", " 23:59")][stream.index(3)];
    ends(office, &OURS, |leave| vec![text(format!("{}{first}", leave.from)), text(format!("{}{last}", leave.to))]);
}

pub fn midnight_of_the_next_day(office: &mut Office, stream: &mut Stream) {
    let time = ["T00:00:00", " 00:00:00", " 12:00:00 AM"][stream.index(3)];
    // Databases write the last day of leave like this, so it is read as a day of leave: a day too many, and none lost.
    office.widens = true;
    ends(office, &OURS, |leave| {
        vec![text(format!("{}{time}", leave.from)), text(format!("{}{time}", leave.to + Days::new(1)))]
    });
}

pub fn start_and_days(office: &mut Office, stream: &mut Stream) {
    let (first, count) = [
        ("date", "days"),
        ("from", "days"),
        ("Start", "Duration"),
        ("Desde", "Días"),
        ("Von", "Anzahl Tage"),
        ("Début", "Jours"),
    ][stream.index(6)];
    ends(office, &["inspector", first, count], |leave| {
        vec![Cell::Day(leave.from), text(((leave.to - leave.from).num_days() + 1).to_string())]
    });
}

pub fn two_orders(office: &mut Office, stream: &mut Stream) {
    let swap = stream.below(2) == 0;
    let (day, month) = ("%d/%m/%Y", "%m/%d/%Y");
    let (first, last) = if swap { (month, day) } else { (day, month) };
    ends(office, &OURS, |leave| {
        vec![text(leave.from.format(first).to_string()), text(leave.to.format(last).to_string())]
    });
}

pub fn no_end(office: &mut Office, stream: &mut Stream) {
    let end =
        ["31.12.9999", "9999-12-31", "12/31/9999", "31/12/2999", "unbefristet", "open", "-", "..."][stream.index(8)];
    let far = NaiveDate::from_ymd_opt(2199, 12, 31).unwrap();
    office.truth.leaves[0].to = far;
    ends(office, &OURS, |leave| {
        let iso = end.starts_with("9999") || end.len() < 4 || !end.contains(['.', '/']);
        let style = if iso {
            "%Y-%m-%d"
        } else if end.starts_with("12/") {
            "%m/%d/%Y"
        } else if end.contains('/') {
            "%d/%m/%Y"
        } else {
            "%d.%m.%Y"
        };
        let to = if leave.to == far { end.to_owned() } else { leave.to.format(style).to_string() };
        vec![text(leave.from.format(style).to_string()), text(to)]
    });
}

pub fn style(office: &mut Office, stream: &mut Stream) {
    let styles = [
        "%d/%m/%Y",
        "%m/%d/%Y",
        "%d.%m.%Y",
        "%d-%m-%Y",
        "%Y/%m/%d",
        "%Y%m%d",
        "%d/%m/%y",
        "%m/%d/%y",
        "%d.%m.%y",
        "%-d.%-m.%Y",
        "%d %m %Y",
    ];
    let style = styles[stream.index(styles.len())];
    days(office, |day| day.format(style).to_string());
}

pub fn month_names(office: &mut Office, stream: &mut Stream) {
    let language = ["en", "es", "de", "fr", "pt", "pl"][stream.index(6)];
    let names = months(language);
    let short = stream.below(3) > 0;
    days(office, |day| {
        let name: String = names[day.month0() as usize].chars().take(if short { 3 } else { 99 }).collect();
        format!("{:02}-{name}-{}", day.day(), day.year())
    });
}

pub fn times(office: &mut Office, stream: &mut Stream) {
    let blank = ["\u{a0}", " ", "  ", "\u{202f}"][stream.index(4)];
    let time = ["00:00:00", "08:00", "0:00", "12:00:00 AM"][stream.index(4)];
    days(office, |day| format!("{day}{blank}{time}"));
}

pub fn serials(office: &mut Office, stream: &mut Stream) {
    let base = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap();
    let fraction = ["", ".0", ",0"][stream.index(3)];
    days(office, |day| format!("{}{fraction}", (day - base).num_days()));
}

pub fn a_moment_early(office: &mut Office, stream: &mut Stream) {
    let base = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap();
    let early = [1e-10, 44.0 / 86_400.0, 0.4 / 86_400.0, 1.0 / 24.0][stream.index(4)];
    let serial = |day: NaiveDate| Cell::Serial(f64::from(i32::try_from((day - base).num_days()).unwrap()) - early);
    ends(office, &OURS, |leave| vec![serial(leave.from), serial(leave.to)]);
    office.table("absences").form = super::office::Form::Xlsx;
}

pub fn calendars(office: &mut Office, stream: &mut Stream) {
    let way = stream.index(4);
    let eastern = |day: NaiveDate, zero: char| {
        let digit = |letter: char| {
            letter.to_digit(10).and_then(|digit| char::from_u32(u32::from(zero) + digit)).unwrap_or(letter)
        };
        format!("{}", day.format("%d/%m/%Y")).chars().map(digit).collect::<String>()
    };
    days(office, |day| match way {
        0 => format!("{}/{}", day.format("%d/%m"), day.year() + 543),
        1 => eastern(day, '٠'),
        2 => format!("令和{}年{}月{}日", day.year() - 2018, day.month(), day.day()),
        _ => eastern(day, '०'),
    });
}

pub fn one_day_has_no_end(office: &mut Office, stream: &mut Stream) {
    let titles = [["inspector", "from", "to"], ["inspector", "Desde", "Hasta"]][stream.index(2)];
    ends(office, &titles, |leave| {
        vec![Cell::Day(leave.from), if leave.from == leave.to { text("") } else { Cell::Day(leave.to) }]
    });
}

pub fn formulas(office: &mut Office, stream: &mut Stream) {
    let only_end = stream.below(2) == 0;
    let formula = |day: NaiveDate| Cell::Formula(format!("=DATE({},{},{})", day.year(), day.month(), day.day()));
    ends(office, &OURS, |leave| {
        vec![if only_end { Cell::Day(leave.from) } else { formula(leave.from) }, formula(leave.to)]
    });
    office.table("absences").form = super::office::Form::Xlsx;
}
