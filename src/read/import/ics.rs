//! Leave as calendars have it: each event a row, and whose it is by whom it names.
//!
//! A person is found by id, or by the words of their name in any order and without accents, since mail has none. One whom nobody
//! knows, or a text that names two, is an error of the row: leave that is nobody's would be lost.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days as Count, NaiveDate};
use unicode_normalization::UnicodeNormalization;

use super::super::ics::{self, Days, Person, Wanted};
use super::super::policy::{Policy, Says};
use super::super::problem::{Level, Log, Problem, counted, shown};
use super::super::source::{Folder, Source};
use super::clerk::Clerk;
use super::grid::{Grid, Line, Sheet};
use super::kind::{Kind, Wishes};
use super::lay::{Laid, Layout, tell};
use super::rows::{self, Tidy};
use super::titles::{Mapping, Titles};
use crate::model::Period;

/// Where the name of a person may stand.
pub(in crate::read) const PLACES: [&str; 4] = ["attendee", "organizer", "file", "summary"];

/// The columns of a calendar as a sheet.
const TITLES: [&str; 10] =
    ["summary", "inspector", "from", "to", "attendee", "organizer", "categories", "status", "uid", "file"];

/// A calendar, read.
pub(super) struct Events {
    file: String,
    days: Vec<Days>,
}

/// Whether `file` is a calendar; one that is to become another table than leave is refused.
pub(super) fn is_one(source: &dyn Source, file: &str, kind: &Kind, log: &mut Log) -> Option<bool> {
    if !ics::is_calendar(source, file) {
        return Some(false);
    }
    if kind.table.name != "absences" {
        let why = format!("this is a calendar (iCalendar), and only leave is read from one, not {}", kind.table.name);
        log.push(Problem::error(file, why, "Export a table (CSV, XLSX or ODS); leave is given with --absences"));
        return None;
    }
    Some(true)
}

/// Reads the calendars of leave of an import; they are read together, for one may cancel events of another.
pub(super) fn read(files: &[(Folder, String)], wishes: &Wishes, period: Option<&Period>, log: &mut Log) -> Vec<Events> {
    let Some(period) = period else { return Vec::new() };
    let events = &wishes.events;
    let wanted = Wanted {
        asks: true,
        zone: events.zone.as_deref(),
        zones: &events.zones,
        free: events.free,
        cancelled: events.cancelled,
        declined: events.declined,
        end_included: events.end_included,
        ..Wanted::of_days(&wishes.says, (year_before(period.from), period.to))
    };
    let open = files.iter().filter_map(|(source, file)| ics::open(source, file, &wanted, log)).collect();
    ics::days(open, &wanted, log).into_iter().map(|(file, days)| Events { file, days }).collect()
}

fn year_before(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Count::new(366)).unwrap_or(day)
}

impl Clerk<'_> {
    /// The rows of all calendars of leave, laid out as a sheet of a table is.
    pub(super) fn agenda(
        &mut self,
        kind: &'static Kind,
        wishes: &Wishes,
        policy: &Policy,
        rows: &mut Vec<Tidy>,
        heads: &mut Vec<Laid>,
    ) {
        let calendars = std::mem::take(&mut self.events);
        let Some(first) = calendars.first() else { return };
        let people = Index::of(self.roster().iter().map(|(id, name)| (id.as_str(), name.as_str())));
        if people.ids.is_empty() {
            let why = "it is not known whose leave this is: the inspectors are not known yet";
            self.log.push(Problem::error(&first.file, why, "Import them first, or together with this"));
            return;
        }
        let Some(place) = place(&calendars, &people, wishes, &mut self.log) else { return };
        let says = Says {
            dates: None,
            missing: Vec::new(),
            ignore: TITLES.map(str::to_owned).to_vec(),
            ..wishes.says.clone()
        };
        let wishes = Wishes { says, skip: wishes.skip.clone(), ..Wishes::default() };
        let mapping: Mapping = ["inspector", "from", "to"].map(|name| (name.to_owned(), Titles::one(name))).into();
        let layout = Layout { kind, mapping: &mapping, wishes: &wishes, own: false, kept: true };
        for calendar in &calendars {
            let grid = grid(calendar, place, &people, &wishes, &mut self.log);
            for sheet in &grid.sheets {
                let Some(head) = layout.head(sheet) else { continue };
                let Some(laid) = layout.lay(&grid, sheet, &head, &mut self.log) else { continue };
                rows.append(&mut rows::tidy(&laid, kind, &wishes, policy, &mut self.log));
                heads.push(laid);
            }
        }
    }
}

/// Where the names stand, as the policy says. If it does not, that is asked; the likeliest first.
fn place(calendars: &[Events], people: &Index, wishes: &Wishes, log: &mut Log) -> Option<&'static str> {
    if let Some(place) = wishes.events.person {
        return Some(place);
    }
    let all = || calendars.iter().flat_map(|calendar| calendar.days.iter().map(move |days| (calendar, days)));
    let Some((first, days)) = all().next() else { return Some("file") };
    let one =
        |place: &&str| all().filter(|(calendar, days)| whose(calendar, days, place, people).is_ok()).count() as u64;
    let mut places: Vec<(u64, &str)> = PLACES.iter().map(|place| (one(place), *place)).collect();
    places.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let total = counted(all().count() as u64, "row", "rows");
    let words: Vec<String> = places
        .iter()
        .map(|(count, place)| format!("{} ({count} of {total} name somebody known)", told(place)))
        .collect();
    let sets: Vec<[(&str, &str); 1]> = places.iter().map(|(_, place)| [("whose", *place)]).collect();
    let options: Vec<(&str, &[(&str, &str)])> =
        words.iter().zip(&sets).map(|(words, sets)| (words.as_str(), sets.as_slice())).collect();
    let problem = Problem::error(&first.file, "a calendar does not say by itself whose leave an event is", "");
    log.ask(&wishes.says, problem.row(days.row), &options);
    None
}

fn told(place: &str) -> &'static str {
    match place {
        "attendee" => "whoever attends",
        "organizer" => "whoever organizes it",
        "file" => "the name of the file",
        _ => "whom the summary names",
    }
}

/// A calendar as a sheet.
fn grid(calendar: &Events, place: &str, people: &Index, wishes: &Wishes, log: &mut Log) -> Grid {
    let mut lines = vec![Line { row: 1, cells: TITLES.map(str::to_owned).to_vec() }];
    let mut strangers = 0;
    for days in &calendar.days {
        let skipped = wishes.skip.iter().any(|skip| fold(&days.about.summary).starts_with(&fold(skip)));
        let found = if skipped { Ok((vec![String::new()], 0)) } else { whose(calendar, days, place, people) };
        match found {
            Ok((ids, others)) => {
                strangers += others;
                lines.extend(ids.into_iter().map(|id| line(calendar, days, id)));
            }
            Err(why) => tell(log, Level::Error, "events of nobody known", refusal(calendar, days, place, why)),
        }
    }
    if strangers > 0 {
        let people = counted(strangers, "person who attends is no inspector", "people who attend are no inspectors");
        log.note(&calendar.file, format!("{people}; others of the same events are"));
    }
    Grid { file: calendar.file.clone(), workbook: true, sheets: vec![Sheet { lines, ..Sheet::default() }] }
}

fn fold(text: &str) -> String {
    super::super::ids::fold(text)
}

fn line(calendar: &Events, days: &Days, id: String) -> Line {
    let about = &days.about;
    let names = |people: &[Person]| people.iter().map(Person::to_string).collect::<Vec<_>>().join(", ");
    let (from, to, stem) = (days.from.to_string(), days.to.to_string(), stem(&calendar.file).to_owned());
    let told = |text: &str| text.replace('\n', " ");
    let cells = [
        told(&about.summary),
        id,
        from,
        to,
        names(&about.attendees),
        names(&about.organizer),
        told(&about.categories),
        about.status.clone(),
        about.uid.clone(),
        stem,
    ];
    Line { row: days.row, cells: cells.to_vec() }
}

/// A file's name without its ending.
fn stem(file: &str) -> &str {
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

fn refusal(calendar: &Events, days: &Days, place: &str, why: String) -> Problem {
    let about = &days.about;
    let names = |people: &[Person]| people.iter().map(Person::to_string).collect::<Vec<_>>().join(", ");
    let value = match place {
        "attendee" => names(&about.attendees),
        "organizer" => names(&about.organizer),
        "file" => stem(&calendar.file).to_owned(),
        _ => about.summary.clone(),
    };
    let advice = "Write the id or the whole name as the inspectors have it, or say where else the name stands (--map absences.whose=attendee, \
        organizer, file or summary); what is nobody's leave is left out by how its summary begins (--map absences.skip=\"Team meeting\")";
    let problem = Problem::error(&calendar.file, why, advice).row(days.row).column(place);
    if value.is_empty() { problem } else { problem.value(&value) }
}

/// The ids of those whose leave it is, and how many others attend.
fn whose(calendar: &Events, days: &Days, place: &str, people: &Index) -> Result<(Vec<String>, u64), String> {
    let about = &days.about;
    let named: Vec<BTreeSet<String>> = match place {
        "attendee" => about.attendees.iter().map(|person| people.person(person)).collect(),
        "organizer" => about.organizer.iter().map(|person| people.person(person)).collect(),
        "file" => vec![people.within(stem(&calendar.file))],
        _ => vec![people.within(&about.summary)],
    };
    if let Some(two) = named.iter().find(|ids| ids.len() > 1) {
        let ids: Vec<String> = two.iter().map(|id| shown(id)).collect();
        return Err(format!("the {place} names more than one inspector: {}", ids.join(", ")));
    }
    let ids: BTreeSet<&String> = named.iter().flatten().collect();
    let others = named.iter().filter(|ids| ids.is_empty()).count() as u64;
    if ids.is_empty() {
        return Err(format!("nobody knows whose leave this is: the {place} names no inspector by id or by whole name"));
    }
    Ok((ids.into_iter().cloned().collect(), others))
}

/// People by id and by the words of their names.
pub(super) struct Index {
    ids: BTreeSet<String>,
    /// By the words of a name in order of letters.
    names: BTreeMap<Vec<String>, BTreeSet<String>>,
    /// Words of the longest name.
    longest: usize,
}

/// What may stand between a name and something else.
const APART: [char; 14] = ['/', '(', ')', '[', ']', ':', '|', '–', '—', ';', ',', '#', '•', '\n'];

impl Index {
    pub(super) fn of<'a>(people: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut index = Self { ids: BTreeSet::new(), names: BTreeMap::new(), longest: 0 };
        for (id, name) in people {
            index.ids.insert(id.to_owned());
            let mut words = words(name);
            index.longest = index.longest.max(words.len().min(12));
            words.sort_unstable();
            if !words.is_empty() {
                index.names.entry(words).or_default().insert(id.to_owned());
            }
        }
        index
    }

    /// Whom a name or a mail address names.
    fn person(&self, person: &Person) -> BTreeSet<String> {
        let by_name = self.within(&person.name);
        let account = person.mail.split('@').next().unwrap_or_default();
        if by_name.is_empty() {
            self.within(&account.replace(['.', '_', '+', '-'], " ")).into_iter().chain(self.within(account)).collect()
        } else {
            by_name
        }
    }

    /// Whether a text names anybody, also by a name that is one word among others.
    pub(super) fn names(&self, text: &str) -> bool {
        let one = |word: String| self.names.contains_key(&vec![word]);
        !self.within(text).is_empty() || words(text).into_iter().any(one)
    }

    /// Whom a text names, by an id that stands apart or by all words of a name, the longest name first.
    fn within(&self, text: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let apart = text.replace(" - ", ":").replace('_', " ");
        for piece in apart.split(APART).chain(text.split(APART)).map(str::trim).filter(|piece| !piece.is_empty()) {
            found.extend(self.ids.get(piece).cloned());
            // A name of one word is only taken where nothing stands beside it.
            found.extend(
                self.names.get(&words(piece)).filter(|_| words(piece).len() == 1).into_iter().flatten().cloned(),
            );
            found.extend(
                piece.split_whitespace().filter_map(|word| self.ids.get(word)).filter(|id| is_mixed(id)).cloned(),
            );
        }
        let words = words(text);
        let mut taken = vec![false; words.len()];
        for length in (2..=self.longest).rev() {
            for at in 0..(words.len() + 1).saturating_sub(length) {
                let mut key = words[at..at + length].to_vec();
                key.sort_unstable();
                if taken[at..at + length].iter().any(|taken| *taken) {
                    continue;
                }
                if let Some(ids) = self.names.get(&key) {
                    found.extend(ids.iter().cloned());
                    taken[at..at + length].fill(true);
                }
            }
        }
        found
    }
}

/// Whether an id has letters and digits, so that it can't be a number of days or a word.
fn is_mixed(id: &str) -> bool {
    id.chars().any(char::is_alphabetic) && id.chars().any(char::is_numeric)
}

/// The words of a text: small letters without accents.
fn words(text: &str) -> Vec<String> {
    let plain: String = text.nfkd().filter(|letter| !unicode_normalization::char::is_combining_mark(*letter)).collect();
    let mut out = String::new();
    for letter in plain.to_lowercase().chars() {
        match letter {
            'ł' => out.push('l'),
            'ø' => out.push('o'),
            'đ' | 'ð' => out.push('d'),
            'ı' => out.push('i'),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            '\u{307}' | '\'' | '’' => {}
            letter if letter.is_alphanumeric() => out.push(letter),
            _ => out.push(' '),
        }
    }
    out.split_whitespace().take(1000).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn within(text: &str) -> String {
        let people = [
            ("007", "Ana Núñez Pérez"),
            ("0108", "Bo Ekström"),
            ("A-12", "Chen Wei"),
            ("9", "Ana Núñez"),
            ("21", "Łukasz O’Neill"),
            ("5", "Prince"),
        ];
        let found = Index::of(people.into_iter()).within(text);
        found.into_iter().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn who_is_named_in_a_text() {
        for (text, ids) in [
            ("Ana Núñez Pérez: leave", "007"),
            ("Nunez Perez, Ana - vacaciones", "007"),
            ("Ana Núñez (vacaciones)", "9"),
            ("Urlaub - Bo Ekström", "0108"),
            ("PTO Chen (A-12)", "A-12"),
            ("A-12 holiday", "A-12"),
            ("leave 007", ""),
            ("leave (007)", "007"),
            ("Bo Ekström and Chen Wei", "0108 A-12"),
            ("Bo: 9 days", ""),
            ("bo_ekstrom", "0108"),
            ("Lukasz Oneill", "21"),
            ("Prince: away", "5"),
            ("Prince Charles: away", ""),
            ("", ""),
        ] {
            assert_eq!(within(text), ids, "{text}");
        }
    }

    #[test]
    fn mail_names_people() {
        let index = Index::of([("1", "Ana Núñez"), ("B-2", "Bo")].into_iter());
        let by = |name: &str, mail: &str| {
            index
                .person(&Person { name: name.into(), mail: mail.into(), declined: false })
                .into_iter()
                .collect::<Vec<_>>()
        };
        assert_eq!(by("", "ana.nunez@office.example"), ["1"]);
        assert_eq!(by("", "b-2@office.example"), [""; 0]);
        assert_eq!(by("Nobody", "B-2@office.example"), ["B-2"]);
    }
}
