//! Nobody inspects on a day on which they do not serve.
//!
//! # Says
//! No inspector goes on a visit while absent, before the first or after the last day of their
//! authority, on or after the day they left, or on a blackout day. Absences are whole days, and both
//! of their ends count; one that names slots is of these slots of each of its days alone, and closes visits that
//! fill any of them. Where `[period.hours]` of the policy gives hours to slots, an absence of whole days lasts from 00:00 of its first day to
//! 24:00 of its last, so it also closes a visit of the evening before that fills a slot which lasts past midnight; an absence that an amendment
//! declared closes visits that begin on its days alone. A waiver lifts the rule for one person on one visit.
//!
//! # Why
//! An order that names somebody who can't go opens the door to a hand-picked replacement.
//!
//! # Passes
//! Ana's leave ends on 5 January; she inspects on the 6th.
//!
//! # Breaks
//! Ana's leave ends on 5 January; she is sent on the 5th.
//!
//! # Source
//! Philippines DOLE: the yearly authority to inspect ends on 31 December. UN paper of July 2023, para. 53.

use chrono::{Days, NaiveDate};

use super::parts::PartsGuard;
use super::seats::Waived;
use super::{
    Bar, Check, Chosen, Entry, Found, Guard, Held, Parameter, PartBar, Reach, Rule, Shape, Slots, Start, Target, Value,
    Violation,
};
use crate::model::{Absence, Case, Inspector, InspectorId, SlotId};

const NAME: &str = "availability";
/// Minutes of a day.
const DAY: u16 = 24 * 60;

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    since: 1,
    shape: Shape::Exclusion,
    enabled: true,
    waivable: true,
    parameters: &[Parameter { name: "blackout", value: Value::Dates, says: "days on which nobody inspects" }],
    later: &[],
    text: include_str!("availability.rs"),
    make: |chosen: &Chosen| Box::new(Availability { blackout: chosen.dates("blackout") }),
};

struct Availability {
    blackout: Vec<NaiveDate>,
}

impl Rule for Availability {
    fn bars<'c>(&self, case: &'c Case) -> Vec<Bar<'c>> {
        let bar = |inspector, from, to| Bar { inspector, target: Target::Anywhere, from, to };
        let mut bars: Vec<_> = self.blackout.iter().map(|day| bar(None, Some(*day), Some(*day))).collect();
        let whole = case.absences.iter().filter(|a| is_whole(case, a));
        bars.extend(whole.map(|a| bar(Some(a.inspector), Some(a.from), Some(a.to))));
        for (at, inspector) in case.inspectors.iter().enumerate() {
            let who = Some(InspectorId::at(at));
            let before = inspector.authority_from.and_then(|first| first.checked_sub_days(Days::new(1)));
            let after = inspector.authority_to.and_then(|last| last.checked_add_days(Days::new(1)));
            bars.extend(before.map(|last| bar(who, None, Some(last))));
            bars.extend(after.map(|first| bar(who, Some(first), None)));
            bars.extend(inspector.left_on.map(|day| bar(who, Some(day), None)));
        }
        bars
    }

    fn part_bars(&self, case: &Case) -> Vec<PartBar> {
        let part = |a: &Absence, from, to, slots| PartBar { inspector: a.inspector, from, to, slots };
        let some = case.absences.iter().filter(|a| !is_whole(case, a));
        let mut bars: Vec<PartBar> = some.map(|a| part(a, a.from, a.to, a.slots.iter().copied().collect())).collect();
        let late: Slots =
            case.period.hours.iter().filter(|(_, hours)| hours.ends() > DAY).map(|(slot, _)| *slot).collect();
        if late != Slots::default() {
            let evening = |a: &Absence| Some(part(a, a.from.pred_opt()?, a.from.pred_opt()?, late));
            bars.extend(case.absences.iter().filter(|a| a.slots.is_empty()).filter_map(evening));
        }
        bars
    }

    fn guard<'c>(&self, case: &'c Case) -> Option<Box<dyn Guard + 'c>> {
        PartsGuard::of(case, NAME, self.part_bars(case)).map(|guard| Box::new(guard) as Box<dyn Guard>)
    }

    fn checker<'c>(&'c self, case: &'c Case) -> Option<Box<dyn Check + 'c>> {
        let mut away: Vec<Vec<Away>> = case.inspectors.iter().map(Away::of_roster).collect();
        for absence in &case.absences {
            away[absence.inspector.index()].push(Away::Absent(absence));
        }
        Some(Box::new(Service { case, waived: Waived::of(case, NAME), blackout: &self.blackout, away }))
    }
}

/// Whether an absence takes the whole of its days.
fn is_whole(case: &Case, absence: &Absence) -> bool {
    absence.slots.is_empty() || absence.slots.len() == case.period.slots.len()
}

/// When people do not serve.
struct Service<'c> {
    case: &'c Case,
    waived: Waived,
    blackout: &'c [NaiveDate],
    /// By person.
    away: Vec<Vec<Away<'c>>>,
}

/// Why somebody does not serve on some days.
#[derive(Clone, Copy)]
enum Away<'c> {
    Blackout,
    Before(NaiveDate),
    After(NaiveDate),
    Left(NaiveDate),
    Absent(&'c Absence),
}

impl<'c> Away<'c> {
    fn of_roster(inspector: &Inspector) -> Vec<Self> {
        let begins = inspector.authority_from.map(Self::Before);
        let ended = inspector.authority_to.map(Self::After);
        [begins, ended, inspector.left_on.map(Self::Left)].into_iter().flatten().collect()
    }

    fn holds(self, case: &Case, start: Start) -> bool {
        let date = start.date;
        match self {
            Self::Blackout => true,
            Self::Before(first) => date < first,
            Self::After(last) => last < date,
            Self::Left(day) => day <= date,
            Self::Absent(absence) if date < absence.from => {
                absence.slots.is_empty() && lasts_into(case, start, absence.from)
            }
            Self::Absent(absence) => date <= absence.to && takes_a_slot(case, start, absence),
        }
    }

    fn says(self, case: &Case, start: Start) -> String {
        match self {
            Self::Blackout => "nobody inspects on that day (blackout)".to_owned(),
            Self::Before(first) => format!("authority begins on {first}"),
            Self::After(last) => format!("authority ended on {last}"),
            Self::Left(day) => format!("left on {day}"),
            Self::Absent(absence) => absent(case, absence, start),
        }
    }
}

/// The slots that the visit fills.
fn filled(case: &Case, start: Start) -> impl Iterator<Item = SlotId> {
    let first = start.slot.0;
    (first..first.saturating_add(case.visit(start.visit).duration.max(1))).map(SlotId)
}

/// Whether the visit fills a slot that is not over when `day` begins.
fn lasts_into(case: &Case, start: Start, day: NaiveDate) -> bool {
    let over = |slot| case.period.ends(start.date, slot, 1).is_none_or(|ends| ends <= case.period.midnight(day));
    !filled(case, start).all(over)
}

/// Whether the visit fills a slot of those that an absence has on its days.
fn takes_a_slot(case: &Case, start: Start, absence: &Absence) -> bool {
    absence.slots.is_empty() || filled(case, start).any(|slot| absence.slots.contains(&slot))
}

impl Check for Service<'_> {
    fn check(&self, held: &Held, found: &mut Found) {
        for (start, who) in held.seats() {
            let blackout = self.blackout.contains(&start.date).then_some(Away::Blackout);
            let away = blackout.iter().chain(&self.away[who.index()]);
            for away in away.filter(|away| away.holds(self.case, start)) {
                if !self.waived.lifts(start.visit, who) {
                    found.tell(|| self.violation(start, who, *away));
                }
            }
        }
    }

    fn reach(&self) -> Reach {
        Reach::Visits
    }
}

impl Service<'_> {
    fn violation(&self, start: Start, who: InspectorId, away: Away) -> Violation {
        let (id, visit) = (&self.case.inspector(who).id, &self.case.visit(start.visit).id);
        let says = format!("{id} is sent on visit {visit} on {}: {}", start.date, away.says(self.case, start));
        Violation { rule: NAME, visits: vec![start.visit], inspectors: vec![who], says }
    }
}

fn absent(case: &Case, absence: &Absence, start: Start) -> String {
    let why = absence.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    let name = |slot: &SlotId| case.period.slots.get(slot.index()).map_or("?", String::as_str);
    let slots = match is_whole(case, absence) {
        true => String::new(),
        false => format!(", {}", absence.slots.iter().map(name).collect::<Vec<_>>().join(" and ")),
    };
    let late = if start.date < absence.from { ", and the visit is not over then" } else { "" };
    format!("absent from {} to {}{slots}{why}{late}", absence.from, absence.to)
}

#[cfg(test)]
mod tests {
    use super::super::testing::broken;

    const CASE: &str = "
        inspector ana
        inspector ben from=2027-01-05 to=2027-01-12
        inspector cem left=2027-01-08
        inspector dea
        absence ana 2027-01-04..2027-01-05 annual leave
        places p1
        visit v1 p1
    ";

    fn says(lines: &str) -> Vec<String> {
        broken("availability", &format!("{CASE}\n{lines}"))
    }

    #[test]
    fn the_day_after_leave_passes() {
        assert!(says("plan v1 2027-01-06 am ana dea").is_empty());
    }

    #[test]
    fn the_last_day_of_leave_breaks() {
        let found = says("plan v1 2027-01-05 am ana dea");
        let expected = "ana is sent on visit v1 on 2027-01-05: absent from 2027-01-04 to 2027-01-05 (annual leave)";
        assert_eq!(found, [expected]);
    }

    #[test]
    fn half_a_day_of_leave_closes_its_slots_alone() {
        let case = "slots am pm night\nvisit long p1 duration=2\nabsence dea 2027-01-06..2027-01-07 slots=am course\n";
        let says = |plan: &str| says(&format!("{case}{plan}"));
        assert!(says("plan v1 2027-01-06 pm ana dea\nplan long 2027-01-07 pm ana dea").is_empty());
        assert!(says("plan v1 2027-01-08 am ana dea").is_empty());
        let found = says("plan v1 2027-01-07 am ana dea");
        let expected = "dea is sent on visit v1 on 2027-01-07: absent from 2027-01-06 to 2027-01-07, am (course)";
        assert_eq!(found, [expected]);
        let both = says("absence dea 2027-01-08..2027-01-08 slots=pm|night\nplan long 2027-01-08 am ana dea");
        let expected = "dea is sent on visit long on 2027-01-08: absent from 2027-01-08 to 2027-01-08, pm and night";
        assert_eq!(both, [expected]);
        assert!(says("waiver availability v1 dea\nplan v1 2027-01-07 am ana dea").is_empty());
    }

    #[test]
    fn leave_closes_the_night_before_where_its_hours_reach_into_it() {
        let case = "slots am night\nhours night=22:00-06:00\nabsence dea 2027-01-07..2027-01-07\n";
        let plan = "plan v1 2027-01-06 night cem dea";
        let found = says(&format!("{case}{plan}"));
        let expected = "dea is sent on visit v1 on 2027-01-06: absent from 2027-01-07 to 2027-01-07, and the visit is not over then";
        assert_eq!(found, [expected]);
        assert!(says(&format!("{case}plan v1 2027-01-06 am cem dea")).is_empty());
        assert!(says(&format!("{}{plan}", case.replace("06:00", "24:00"))).is_empty());
        assert!(says(&format!("{}{plan}", case.replace("hours night=22:00-06:00", ""))).is_empty());
        assert_eq!(says(&format!("{case}plan v1 2027-01-07 night cem dea")).len(), 1);
        assert!(says(&format!("{}{plan}", case.replace("..2027-01-07", "..2027-01-07 slots=am"))).is_empty());
    }

    #[test]
    fn authority_holds_on_its_first_and_last_day_and_not_beside_them() {
        assert!(says("plan v1 2027-01-05 am ben dea").is_empty());
        assert!(says("plan v1 2027-01-12 am ben dea").is_empty());
        let early = says("plan v1 2027-01-04 am ben dea");
        assert_eq!(early, ["ben is sent on visit v1 on 2027-01-04: authority begins on 2027-01-05"]);
        let late = says("plan v1 2027-01-13 am ben dea");
        assert_eq!(late, ["ben is sent on visit v1 on 2027-01-13: authority ended on 2027-01-12"]);
    }

    #[test]
    fn the_day_of_leaving_is_no_day_of_service() {
        assert!(says("plan v1 2027-01-07 am cem dea").is_empty());
        let found = says("plan v1 2027-01-08 am cem dea");
        assert_eq!(found, ["cem is sent on visit v1 on 2027-01-08: left on 2027-01-08"]);
    }

    #[test]
    fn a_blackout_day_breaks_for_everybody() {
        let found = says("set availability.blackout [2027-01-11]\nplan v1 2027-01-11 am ana dea");
        assert_eq!(found.len(), 2);
        assert_eq!(found[0], "ana is sent on visit v1 on 2027-01-11: nobody inspects on that day (blackout)");
    }

    #[test]
    fn a_waiver_lifts_it_for_that_person_only() {
        let lines = "set availability.blackout [2027-01-04]\nwaiver availability v1 ana\nplan v1 2027-01-04 am ana dea";
        assert_eq!(says(lines).len(), 1);
    }
}
