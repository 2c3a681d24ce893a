//! Between two days of service lies rest, and some of each seven days are free.
//!
//! # Says
//! A day of service is all visits of one person that begin on one date. Between the end of a visit and the beginning of each visit that
//! the same person has on a later date lie at least so many hours. A visit begins with its first slot and ends with its last, by the hours
//! that `[period.hours]` of the policy gives to slots; a slot that ends after midnight belongs to the date on which it begins. Hours run on
//! through nights, weekends and days on which nobody works. Nothing is asked between visits of one day of service; nor where the last slot
//! of the earlier visit or the first slot of the later one has no hours; nor of visits in history, whose hours nobody knows. Every day is
//! taken to have 24 hours: in a night in which the clocks are put forward the rest is an hour shorter than counted. A waiver for the later
//! visit lifts this for that person.
//! Where days off are asked for, a person has in any 7 running days at least so many dates on which no visit of theirs begins; days that are
//! no working days are such dates, and what history records counts by its date. A visit for which the person has a waiver does not count
//! as one.
//!
//! # Why
//! Who has been on a raid until six in the morning sees nothing at eight, and drives there.
//!
//! # Passes
//! A raid from 22:00 on Monday to 06:00 on Tuesday, and a visit on Tuesday from 17:00 on.
//!
//! # Breaks
//! The same raid, and a visit on Tuesday from 13:00 on.
//!
//! # Source
//! Directive 2003/88/EC, art. 3 (eleven hours in a row in each period of 24) and art. 5 (and 24 hours more in each seven days).

use chrono::NaiveDate;
use smallvec::SmallVec;

use super::held::day_number;
use super::seats::Waived;
use super::{
    Bar, Board, Check, Chosen, Clash, Entry, Found, Guard, Held, Idle, Parameter, Place, Question, Reach, Rule, Shape,
    Start, Target, Value, Violation,
};
use crate::model::{Case, InspectorId, SlotId, VisitId, time_of_day};

const NAME: &str = "rest";
/// Days of the window in which days off are counted.
const WINDOW: i32 = 7;
/// A visit ends less than two days after its date began, and rest lasts at most two: later dates are never too near.
const REACH: i32 = 3;

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    since: 2,
    shape: Shape::Limit,
    enabled: false,
    waivable: true,
    parameters: &[
        Parameter {
            name: "hours",
            value: Value::Number(11, 1, 48),
            says: "hours from the end of a visit to the beginning of one on a later date, where slots have hours",
        },
        Parameter {
            name: "days_off",
            value: Value::Number(0, 0, 3),
            says: "days without a visit in any 7 running days; 0 asks for none",
        },
    ],
    later: &[],
    text: include_str!("rest.rs"),
    make: |chosen: &Chosen| Box::new(Rest { minutes: chosen.number("hours") * 60, days_off: chosen.count("days_off") }),
};

struct Rest {
    minutes: i64,
    days_off: usize,
}

impl Rest {
    /// Most dates with a visit in a window.
    fn most(&self) -> usize {
        WINDOW as usize - self.days_off
    }

    /// Whether it asks anything of this case.
    fn asks(&self, case: &Case) -> bool {
        self.days_off > 0 || !case.period.hours.is_empty()
    }
}

impl Rule for Rest {
    fn bars<'c>(&self, case: &'c Case) -> Vec<Bar<'c>> {
        if self.days_off == 0 || case.history.is_empty() {
            return Vec::new();
        }
        let days = case.period.days();
        let mut bars = Vec::new();
        for (who, past) in case.inspector_ids().zip(past_days(case)).filter(|(_, past)| !past.is_empty()) {
            let full = |day: i32| windows(day).any(|first| served(&past, first, day) > self.most());
            let barred: Vec<NaiveDate> = days.iter().copied().filter(|date| full(day_number(*date))).collect();
            bars.extend(barred.chunk_by(|a, b| a.succ_opt() == Some(*b)).map(|run| Bar {
                inspector: Some(who),
                target: Target::Anywhere,
                from: run.first().copied(),
                to: run.last().copied(),
            }));
        }
        bars
    }

    fn guard<'c>(&self, case: &'c Case) -> Option<Box<dyn Guard + 'c>> {
        self.asks(case).then(|| {
            let past = if self.days_off > 0 { past_days(case) } else { Vec::new() };
            let days = case.period.days().into_iter().map(day_number).collect();
            let guard = Resting {
                minutes: self.minutes,
                most: self.most(),
                has_hours: !case.period.hours.is_empty(),
                waived: Waived::of(case, NAME),
                past,
                days,
            };
            Box::new(guard) as Box<dyn Guard>
        })
    }

    fn checker<'c>(&'c self, case: &'c Case) -> Option<Box<dyn Check + 'c>> {
        let duties = || Duties {
            minutes: self.minutes,
            days_off: self.days_off,
            case,
            waived: Waived::of(case, NAME),
            past: past_days(case),
        };
        self.asks(case).then(|| Box::new(duties()) as Box<dyn Check>)
    }

    fn idle(&self, case: &Case) -> Option<Idle> {
        let slots = case.period.slots.iter().enumerate();
        let without: Vec<String> = slots
            .filter(|(at, _)| !case.period.hours.contains_key(&SlotId::at(*at)))
            .map(|(_, slot)| format!("`{slot}`"))
            .collect();
        let why = match without.len() {
            0 => return None,
            all if all == case.period.slots.len() => "no slot has hours, and so this asks nothing".to_owned(),
            1 => format!("slot {} has no hours, and so this asks nothing before and after it", without[0]),
            _ => format!("slots {} have no hours, and so this asks nothing before and after them", without.join(", ")),
        };
        let advice = "Write under [period.hours] when each slot begins and ends, like night = \"22:00-06:00\"";
        Some(Idle { parameter: "hours", why, advice })
    }
}

/// By person: the days on which history has them, in order, each once.
fn past_days(case: &Case) -> Vec<Vec<i32>> {
    let mut past = vec![Vec::new(); case.inspectors.len()];
    for row in &case.history {
        row.team.iter().for_each(|who| past[who.index()].push(day_number(row.date)));
    }
    past.iter_mut().for_each(Vec::dedup);
    past
}

/// The first days of the windows that `day` lies in.
fn windows(day: i32) -> impl Iterator<Item = i32> {
    day - (WINDOW - 1)..=day
}

/// How many days of the window that begins with `first` are among `past` or are `day`.
fn served(past: &[i32], first: i32, day: i32) -> usize {
    let from = past.partition_point(|past| *past < first);
    let to = past.partition_point(|past| *past < first + WINDOW);
    to - from + usize::from(past[from..to].binary_search(&day).is_err())
}

/// What the rule asks of each person.
struct Duties<'c> {
    minutes: i64,
    days_off: usize,
    case: &'c Case,
    waived: Waived,
    past: Vec<Vec<i32>>,
}

impl Check for Duties<'_> {
    fn check(&self, held: &Held, found: &mut Found) {
        for (who, starts) in held.people() {
            self.check_hours(who, starts, found);
            if self.days_off > 0 {
                self.check_days(who, starts, found);
            }
        }
    }

    fn reach(&self) -> Reach {
        Reach::People
    }
}

impl Duties<'_> {
    /// One violation for each two visits with too little between them.
    fn check_hours(&self, who: InspectorId, starts: &[Start], found: &mut Found) {
        let period = &self.case.period;
        for (at, later) in starts.iter().enumerate() {
            let Some(begins) = period.begins(later.date, later.slot).filter(|_| !self.waived.lifts(later.visit, who))
            else {
                continue;
            };
            for earlier in starts[..at].iter().rev().skip_while(|earlier| earlier.day == later.day) {
                if later.day - earlier.day > REACH {
                    break;
                }
                let ends = period.ends(earlier.date, earlier.slot, self.case.visit(earlier.visit).duration);
                if let Some(ends) = ends.filter(|ends| begins - ends < self.minutes) {
                    found.tell(|| self.too_soon(who, (earlier, ends), (later, begins)));
                }
            }
        }
    }

    fn too_soon(&self, who: InspectorId, (earlier, ends): (&Start, i64), (later, begins): (&Start, i64)) -> Violation {
        let id = |visit| &self.case.visit(visit).id;
        let between = match begins - ends {
            none if none <= 0 => "nothing".to_owned(),
            rest => format!("{} h {:02} min", rest / 60, rest % 60),
        };
        let says = format!(
            "{} has visit {} on {} until {}, and visit {} on {} from {} on, with {between} between; at least {} h are asked for",
            self.case.inspector(who).id,
            id(earlier.visit),
            earlier.date,
            self.clock(*earlier, ends),
            id(later.visit),
            later.date,
            self.clock(*later, begins),
            self.minutes / 60,
        );
        let mut visits = vec![earlier.visit, later.visit];
        visits.sort_unstable();
        Violation { rule: NAME, visits, inspectors: vec![who], says }
    }

    /// The time of day of a moment of a visit.
    fn clock(&self, start: Start, at: i64) -> String {
        u16::try_from(at - self.case.period.midnight(start.date)).map(time_of_day).unwrap_or_default()
    }

    /// One violation for each day that is one too many in the seven that end with it.
    fn check_days(&self, who: InspectorId, starts: &[Start], found: &mut Found) {
        let counted: Vec<&Start> = starts.iter().filter(|start| !self.waived.lifts(start.visit, who)).collect();
        if counted.is_empty() {
            return;
        }
        let mut days: Vec<i32> =
            counted.iter().map(|start| start.day).chain(self.past[who.index()].iter().copied()).collect();
        days.sort_unstable();
        days.dedup();
        let most = WINDOW as usize - self.days_off;
        for (at, last) in days.iter().enumerate() {
            let first = days.partition_point(|day| *day <= last - WINDOW);
            let inside = counted.iter().filter(|start| days[first..=at].contains(&start.day));
            let mut visits: Vec<VisitId> = inside.map(|start| start.visit).collect();
            let worked = at + 1 - first;
            if worked > most && !visits.is_empty() {
                visits.sort_unstable();
                let id = &self.case.inspector(who).id;
                let from = days[first];
                found.tell(|| {
                    let date = |day| NaiveDate::from_num_days_from_ce_opt(day).map(|date| date.to_string());
                    let (from, to) = (date(from).unwrap_or_default(), date(*last).unwrap_or_default());
                    let says = format!(
                        "{id} has visits on {worked} days from {from} to {to}; at most {most} in 7 days are allowed"
                    );
                    Violation { rule: NAME, visits, inspectors: vec![who], says }
                });
            }
        }
    }
}

/// The builder's side.
struct Resting {
    minutes: i64,
    most: usize,
    has_hours: bool,
    waived: Waived,
    /// By person: days of the past, in order; nothing where no days off are asked for.
    past: Vec<Vec<i32>>,
    /// The numbers of the working days.
    days: Vec<i32>,
}

impl Guard for Resting {
    fn answers(&self, question: Question) -> bool {
        question == Question::Person
    }

    fn person(&self, board: &Board, place: Place, who: InspectorId, clash: &mut dyn FnMut(Clash)) {
        if self.has_hours {
            self.hours(board, place, who, clash);
        }
        if self.most < WINDOW as usize && !self.waived.lifts(place.visit, who) {
            self.days_off(board, place, who, clash);
        }
    }
}

impl Resting {
    /// The working days other than that of `place` that lie at most so many days from it.
    fn near(&self, place: Place, reach: i32) -> impl Iterator<Item = usize> {
        let today = self.days[place.day];
        let before = (0..place.day).rev().take_while(move |day| today - self.days[*day] <= reach);
        let after = (place.day + 1..self.days.len()).take_while(move |day| self.days[*day] - today <= reach);
        before.chain(after)
    }

    fn hours(&self, board: &Board, place: Place, who: InspectorId, clash: &mut dyn FnMut(Clash)) {
        let (case, excused) = (board.case, self.waived.lifts(place.visit, who));
        let times = |day: usize, slot: SlotId, visit: VisitId| {
            let date = board.calendar.date(day);
            (case.period.begins(date, slot), case.period.ends(date, slot, case.visit(visit).duration))
        };
        let (begins, ends) = times(place.day, place.slot, place.visit);
        for day in self.near(place, REACH) {
            for duty in board.duties(who, day) {
                let (other_begins, other_ends) = times(day, duty.slot, duty.visit);
                let (from, to, excused) = match day < place.day {
                    true => (other_ends, begins, excused),
                    false => (ends, other_begins, self.waived.lifts(duty.visit, who)),
                };
                if !excused && from.zip(to).is_some_and(|(from, to)| to - from < self.minutes) {
                    clash(Clash::Planned { visits: &[duty.visit], go: 1 });
                }
            }
        }
    }

    fn days_off(&self, board: &Board, place: Place, who: InspectorId, clash: &mut dyn FnMut(Clash)) {
        let (today, past) = (self.days[place.day], &self.past[who.index()]);
        // Of each day near by that history does not have: its visits that count.
        let mut planned: SmallVec<[(i32, SmallVec<[VisitId; 2]>); 12]> = SmallVec::new();
        for day in self.near(place, WINDOW - 1).filter(|day| past.binary_search(&self.days[*day]).is_err()) {
            let counted = board.duties(who, day).iter().filter(|duty| !self.waived.lifts(duty.visit, who));
            let visits: SmallVec<[VisitId; 2]> = counted.map(|duty| duty.visit).collect();
            if !visits.is_empty() {
                planned.push((self.days[day], visits));
            }
        }
        for first in windows(today) {
            let by_past = served(past, first, today);
            let inside = planned.iter().filter(|(day, _)| (first..first + WINDOW).contains(day));
            let days: SmallVec<[&[VisitId]; 6]> = inside.map(|(_, visits)| visits.as_slice()).collect();
            // What history alone fills is a bar, and told there.
            if by_past <= self.most && by_past + days.len() > self.most {
                make_room(&days, by_past + days.len() - self.most, clash);
            }
        }
    }
}

/// Tells which visits must go so that `over` of these days have none. Where enough days have one visit each, any of these will do; else so
/// many of all must go that the rest has no more days than are allowed.
fn make_room(days: &[&[VisitId]], over: usize, clash: &mut dyn FnMut(Clash)) {
    let single: SmallVec<[VisitId; 6]> = days.iter().filter(|day| day.len() == 1).map(|day| day[0]).collect();
    if single.len() >= over {
        return clash(Clash::Planned { visits: &single, go: over });
    }
    let all: SmallVec<[VisitId; 12]> = days.iter().flat_map(|day| day.iter().copied()).collect();
    clash(Clash::Planned { visits: &all, go: all.len() - (days.len() - over) });
}

#[cfg(test)]
mod tests {
    use super::super::Book;
    use super::super::testing::{broken, fixture};

    const CASE: &str = "
        slots am pm night
        hours am=08:00-12:00 pm=13:00-17:00 night=22:00-06:00
        inspectors ana ben cem dea
        places p1 p2
        visit v1 p1
        visit v2 p1
        visit v3 p2
        visit v4 p2
        visit v5 p2
        visit v6 p2
        visit long p2 duration=2
    ";

    fn says(lines: &str) -> Vec<String> {
        broken("rest", &format!("{CASE}\n{lines}"))
    }

    #[test]
    fn the_afternoon_and_the_next_morning_pass() {
        assert!(says("plan v1 2027-01-04 pm ana ben\nplan v2 2027-01-05 am ana cem").is_empty());
    }

    #[test]
    fn a_night_and_the_next_morning_break() {
        let found = says("plan v1 2027-01-04 night ana ben\nplan v2 2027-01-05 am ana cem");
        let expected = "ana has visit v1 on 2027-01-04 until 06:00, and visit v2 on 2027-01-05 from 08:00 on, with 2 h 00 min between; at least 11 h are asked for";
        assert_eq!(found, [expected]);
        assert_eq!(says("plan v1 2027-01-04 night ana ben\nplan v2 2027-01-05 pm ana cem").len(), 1);
        assert!(says("plan v1 2027-01-04 night ana ben\nplan v2 2027-01-05 night ana cem").is_empty());
        assert!(says("plan v1 2027-01-04 night ana ben\nplan v2 2027-01-05 am cem dea").is_empty());
    }

    #[test]
    fn so_many_hours_are_enough_and_a_minute_less_is_not() {
        let plan = "plan v1 2027-01-04 pm ana ben\nplan v2 2027-01-05 am ana cem";
        assert!(says(&format!("set rest.hours 15\n{plan}")).is_empty());
        assert_eq!(says(&format!("set rest.hours 16\n{plan}")).len(), 1);
        let sixteen = CASE.replace("pm=13:00-17:00", "pm=13:00-16:01");
        assert_eq!(broken("rest", &format!("{sixteen}\nset rest.hours 16\n{plan}")).len(), 1);
        let sixteen = sixteen.replace("16:01", "16:00");
        assert!(broken("rest", &format!("{sixteen}\nset rest.hours 16\n{plan}")).is_empty());
    }

    #[test]
    fn nothing_is_asked_within_a_day_of_service() {
        assert!(says("set rest.hours 48\nplan v1 2027-01-04 am ana ben\nplan v2 2027-01-04 night ana cem").is_empty());
    }

    #[test]
    fn hours_run_on_over_a_weekend() {
        let plan = "plan v1 2027-01-08 night ana ben\nplan v2 2027-01-11 am ana cem";
        assert!(says(&format!("set rest.hours 48\n{plan}")).is_empty(), "50 hours");
        let short = "plan v1 2027-01-08 night ana ben\nplan v2 2027-01-10 am ana cem";
        assert_eq!(says(&format!("weekdays mon tue wed thu fri sun\nset rest.hours 48\n{short}")).len(), 1, "26 hours");
    }

    #[test]
    fn a_visit_ends_with_its_last_slot() {
        let found = says("plan long 2027-01-04 pm ana ben\nplan v2 2027-01-05 am ana cem");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(says("plan long 2027-01-04 am ana ben\nplan v2 2027-01-05 am ana cem").is_empty());
    }

    #[test]
    fn nothing_is_asked_of_slots_without_hours_and_of_history() {
        let some = CASE.replace(" am=08:00-12:00", "");
        let plan = "plan v1 2027-01-04 night ana ben\nplan v2 2027-01-05 am ana cem";
        assert!(broken("rest", &format!("{some}\n{plan}")).is_empty());
        let to_pm = "plan v1 2027-01-04 night ana ben\nplan v2 2027-01-05 pm ana cem";
        assert_eq!(broken("rest", &format!("{some}\n{to_pm}")).len(), 1);
        let early = "period 2027-01-05..2027-01-08\nhistory 2027-01-04 p2 ana ben\nplan v2 2027-01-05 am ana cem";
        assert!(says(early).is_empty());
    }

    #[test]
    fn a_slot_of_the_next_day_that_begins_before_the_night_is_over_breaks() {
        let early = CASE.replace("am=08:00-12:00", "am=04:00-12:00");
        let plan = "set rest.hours 1\nplan v1 2027-01-04 night ana ben\nplan v2 2027-01-05 am ana cem";
        let found = broken("rest", &format!("{early}\n{plan}"));
        assert!(found[0].contains("with nothing between"), "{found:?}");
    }

    #[test]
    fn a_waiver_for_the_later_visit_lifts_it_for_that_person() {
        let plan = "plan v1 2027-01-04 night ana ben\nplan v2 2027-01-05 am ana ben";
        assert_eq!(says(plan).len(), 2);
        assert_eq!(says(&format!("waiver rest v2 ana\n{plan}")).len(), 1);
        assert_eq!(says(&format!("waiver rest v1 ana\n{plan}")).len(), 2);
    }

    #[test]
    fn days_off_are_asked_for_in_any_seven_running_days() {
        let days = ["06", "07", "08", "11", "12"];
        let lines = (1..).zip(days).map(|(at, day)| format!("plan v{at} 2027-01-{day} am ana ben"));
        let plan = lines.collect::<Vec<_>>().join("\n");
        assert!(says(&plan).is_empty());
        assert!(says(&format!("set rest.days_off 2\n{plan}")).is_empty());
        let found = says(&format!("set rest.days_off 3\n{plan}"));
        let of =
            |who| format!("{who} has visits on 5 days from 2027-01-06 to 2027-01-12; at most 4 in 7 days are allowed");
        assert_eq!(found, [of("ana"), of("ben")]);
        assert_eq!(says(&format!("set rest.days_off 3\nwaiver rest v5 ana\n{plan}")).len(), 1);
        let past = format!("set rest.days_off 2\nhistory 2027-01-10 p2 ana cem\n{plan}");
        assert_eq!(
            says(&past),
            ["ana has visits on 6 days from 2027-01-06 to 2027-01-12; at most 5 in 7 days are allowed"]
        );
    }

    #[test]
    fn history_alone_can_fill_the_days() {
        let past: String = ["31", "30", "29", "28"].map(|day| format!("history 2026-12-{day} p1 ana\n")).concat();
        let lines = format!("{past}history 2027-01-02 p1 ana\nset rest.days_off 2\nplan v1 2027-01-03 am ana ben");
        let week = "period 2027-01-03..2027-01-15\nweekdays mon tue wed thu fri sun";
        assert_eq!(says(&format!("{week}\n{lines}")).len(), 1);
        assert!(says(&format!("{week}\n{}", lines.replace("days_off 2", "days_off 1"))).is_empty());
    }

    #[test]
    fn two_visits_on_one_date_are_one_day() {
        let plan = "plan v1 2027-01-04 am ana ben\nplan v2 2027-01-04 pm ana ben\nplan v3 2027-01-05 am ana ben";
        let next = "plan v4 2027-01-05 pm ana ben\nplan v5 2027-01-06 am ana ben\nplan v6 2027-01-07 am ana ben";
        assert!(says(&format!("set rest.days_off 3\n{plan}\n{next}")).is_empty());
        let long = format!("set rest.days_off 3\n{plan}\n{next}\nplan long 2027-01-08 am ana ben");
        assert_eq!(says(&long).len(), 2);
    }

    #[test]
    fn it_says_which_slots_have_no_hours() {
        let idle = |text: &str| {
            let (case, _) = fixture(&format!("{text}\nset rest.enabled true"));
            let book = Book::new(&case.settings).unwrap();
            book.rules().find_map(|(_, rule)| rule.idle(&case)).map(|idle| idle.why)
        };
        assert_eq!(idle(CASE), None);
        let some = CASE.replace(" am=08:00-12:00 pm=13:00-17:00", "");
        assert_eq!(
            idle(&some).unwrap(),
            "slots `am`, `pm` have no hours, and so this asks nothing before and after them"
        );
        let none = some.replace("hours night=22:00-06:00", "");
        assert_eq!(idle(&none).unwrap(), "no slot has hours, and so this asks nothing");
    }
}
