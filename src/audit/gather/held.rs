//! What a ledger tells: the records of its draws, who stepped in and by what chance, who went and who did not, who signed what.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Gathering, RawStoodIn, Unreadable};
use crate::audit::evidence::{Act, Kind};
use crate::model::Level;
use crate::record::changes::{Amendment, Change, Held, Move, PastDraw, What, read_change};
use crate::record::ledger::{Body, Course, Ending, Entry, LEDGER, read_ledger};
use crate::record::{Files, below, change_file, draw_folder, read_reserves};

/// How many could step in for somebody on a day.
type Choices = BTreeMap<(NaiveDate, String, Option<String>), usize>;

impl Gathering {
    /// Adds a ceremony: every record and change that is there.
    ///
    /// # Errors
    /// Where a record or a change that is there can't be read, or it is of another office than what was added before.
    pub fn ceremony(&mut self, source: &str, files: &Files) -> Result<(), Unreadable> {
        let unreadable = |what: String| Unreadable::Record { folder: source.to_owned(), what };
        let (entries, flaws) = read_ledger(files.get(LEDGER).map(Vec::as_slice).unwrap_or_default());
        if let Some(flaw) = flaws.first() {
            return Err(unreadable(format!("line {} of {LEDGER}: {}", flaw.line.unwrap_or(0), flaw.says)));
        }
        let (course, _) = Course::of(&entries);
        self.one_origin(source, course.origin())?;
        self.not_drawn(&course, &entries);
        let (mut held, mut choices) = (Held::default(), Choices::new());
        let mut place_of: BTreeMap<String, String> = BTreeMap::new();
        for entry in &entries {
            self.act(entry);
            match &entry.body {
                Body::Draw(draw) => {
                    let files = below(files, &draw_folder(draw.counter));
                    if files.is_empty() {
                        continue;
                    }
                    self.record(source, &files)?;
                    let past = PastDraw::read(&files).map_err(|error| unreadable(error.to_string()))?;
                    for visit in &past.case.visits {
                        let place = past.case.establishment(visit.establishment).id.clone();
                        place_of.insert(visit.id.clone(), place);
                    }
                    choices.extend(of_draw(&files, &past));
                    held.draw(&past);
                }
                body => {
                    if let Some((number, _)) = body.change() {
                        self.change(files, number, &mut held, &choices, &place_of, source)?;
                    }
                }
            }
        }
        let late = held.absences().map(|days| (days.inspector.clone(), days.from, days.to));
        self.absences.extend(late);
        Ok(())
    }

    fn one_origin(&mut self, source: &str, origin: &str) -> Result<(), Unreadable> {
        match &self.origin {
            Some(known) if known != origin => Err(Unreadable::Mixed {
                folder: source.to_owned(),
                what: format!("its ledger is that of `{origin}`, and the one before that of `{known}`"),
            }),
            _ => {
                self.origin = Some(origin.to_owned());
                Ok(())
            }
        }
    }

    /// Commitments that nothing was drawn from, each in a sentence.
    fn not_drawn(&mut self, course: &Course, entries: &[Entry]) {
        for made in &course.commitments {
            let counter = made.commit.counter;
            match made.ending {
                Ending::Drawn(_) | Ending::Open => {}
                Ending::Dropped(line) => {
                    self.undrawn.push(format!(
                        "commitment {counter} was dropped: line {line} commits anew without a draw or a void"
                    ));
                }
                Ending::Void(line) => {
                    let entry = entries.iter().find(|entry| entry.line == line);
                    let reason = entry.map(|entry| match &entry.body {
                        Body::Void(void) => void.reason.clone(),
                        _ => String::new(),
                    });
                    let signed = entry.map(|entry| names(entry).join(" and ")).unwrap_or_default();
                    let reason = reason.unwrap_or_default();
                    self.undrawn.push(format!("commitment {counter} was made void by {signed}: {reason}"));
                }
            }
        }
    }

    fn act(&mut self, entry: &Entry) {
        let kind = match entry.body {
            Body::Amend(_) => Kind::Amendment,
            Body::Override(_) => Kind::Override,
            Body::Void(_) => Kind::Void,
            _ => return,
        };
        self.acts.push(Act { kind, signed: names(entry) });
    }

    fn change(
        &mut self,
        files: &Files,
        number: u64,
        held: &mut Held,
        choices: &Choices,
        place_of: &BTreeMap<String, String>,
        source: &str,
    ) -> Result<(), Unreadable> {
        let name = change_file(number);
        let Some(bytes) = files.get(&name) else { return Ok(()) };
        let (change, flaws) = read_change(bytes, &name);
        let Some(change) = change.filter(|_| flaws.is_empty()) else {
            let what = flaws.first().map_or("it can't be read".to_owned(), |flaw| flaw.says.clone());
            return Err(Unreadable::Record { folder: source.to_owned(), what: format!("{name}: {what}") });
        };
        self.took_seats(&change, held, choices, place_of);
        held.change(&change);
        Ok(())
    }

    fn took_seats(&mut self, change: &Change, held: &Held, choices: &Choices, place_of: &BTreeMap<String, String>) {
        match &change.what {
            What::Amend(Amendment { moves, .. }) => {
                for one in moves {
                    let (chance, whole_day) = (chance(one, choices), one.level == Level::Day);
                    for place in one.visits.iter().filter_map(|visit| place_of.get(visit)) {
                        for by in one.by.iter().chain(&one.team) {
                            let (by, from, place) = (by.clone(), one.from.clone(), place.clone());
                            self.stood_in.push(RawStoodIn { by, from, place, date: one.date, whole_day, chance });
                        }
                    }
                }
            }
            What::Executed { held: went, .. } => {
                for one in went {
                    let (Some(visit), Some(place)) = (held.visit(&one.visit), place_of.get(&one.visit)) else {
                        continue;
                    };
                    for who in visit.team() {
                        let there = one.team.iter().any(|id| id == who);
                        self.seats.push((who.to_owned(), place.clone(), there));
                    }
                }
            }
            What::Override { .. } => {}
        }
    }
}

fn names(entry: &Entry) -> Vec<String> {
    entry.signed.iter().map(|signed| signed.name.clone()).collect()
}

/// How likely whoever stepped in was to. Whoever knows nothing of the choice knows of no surprise: so it is where a level was asked that the record has no
/// count of, and of teams, whose members are not as likely as one another.
fn chance(one: &Move, choices: &Choices) -> f64 {
    let visit = one.visits.first().filter(|_| one.level != Level::Day);
    let of = choices.get(&(one.date, one.member.clone(), visit.cloned())).copied().unwrap_or(0);
    let passed = one.passed.iter().filter(|passed| passed.level == one.level).count();
    if of == 0 { 1.0 } else { ((passed + 1) as f64 / of as f64).min(1.0) }
}

fn of_draw(files: &Files, draw: &PastDraw) -> Choices {
    let mut choices = Choices::new();
    for (_, one) in read_reserves(files, &draw.case).0 {
        let member = &draw.case.inspector(one.member).id;
        choices.insert((one.date, member.clone(), None), one.of);
        for visit in &one.by_visit {
            let id = draw.case.visit(visit.visit).id.clone();
            // A team's count is no count of people.
            let of = if visit.by.level() == Level::Visit { visit.of } else { 0 };
            choices.insert((one.date, member.clone(), Some(id)), of);
        }
    }
    choices
}
