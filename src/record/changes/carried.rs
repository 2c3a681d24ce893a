//! What was executed stands in the history of every freeze whose period begins after it: who went where is what no-return, rotation and tenure
//! look back at.

use std::collections::BTreeSet;
use std::fmt;

use chrono::NaiveDate;

use super::draws::PastDraw;
use super::held::Held;
use super::lacks::Lack;
use crate::model::{Case, Establishment, PastVisit};

/// A visit that was made, as far as rules look back at it: when, where, and who went.
///
/// ```
/// use foureyes::record::changes::PastRow;
/// let people = vec!["ada".to_owned(), "cem".to_owned()];
/// let row = PastRow { date: "2027-01-04".parse().unwrap(), place: "w-1".to_owned(), people };
/// assert_eq!(row.to_string(), "w-1 on 2027-01-04 by ada and cem");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PastRow {
    /// When.
    pub date: NaiveDate,
    /// The id of the place.
    pub place: String,
    /// Who went, in order of id, also those whom the roster does not have.
    pub people: Vec<String>,
}

impl PastRow {
    /// A row of the history of a case.
    pub fn of(case: &Case, past: &PastVisit) -> Self {
        let team = past.team.iter().map(|who| case.inspector(*who).id.clone());
        let people: BTreeSet<String> = team.chain(past.others.iter().cloned()).collect();
        let place = case.establishment(past.establishment).id.clone();
        Self { date: past.date, place, people: people.into_iter().collect() }
    }
}

impl fmt::Display for PastRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let people = if self.people.is_empty() { "nobody".to_owned() } else { self.people.join(" and ") };
        write!(f, "{} on {} by {people}", self.place, self.date)
    }
}

/// Where a visit is, by the last of these draws that has it.
pub(super) fn place_of<'d>(draws: &'d [PastDraw], visit: &str) -> Option<&'d Establishment> {
    let of = |draw: &'d PastDraw| draw.case.find_visit(visit).map(|visit| draw.case.place_of(visit));
    draws.iter().rev().find_map(of)
}

impl Held {
    /// Every visit that was executed and to which somebody went, with its id, as the ledger tells of it.
    pub fn executed_rows<'h>(&'h self, draws: &'h [PastDraw]) -> impl Iterator<Item = (&'h str, PastRow)> {
        self.went().iter().filter_map(|went| {
            let place = place_of(draws.get(..went.draws).unwrap_or(draws), &went.visit)?.id.clone();
            Some((went.visit.as_str(), PastRow { date: went.date, place, people: went.team.clone() }))
        })
    }

    /// What was executed before the period of `case` and does not stand in its history as it was.
    pub(super) fn lacks_history(&self, draws: &[PastDraw], case: &Case) -> Vec<Lack> {
        let before = self.executed_rows(draws).filter(|(_, row)| row.date < case.period.from);
        before.filter_map(|(visit, row)| lost(case, visit, row)).collect()
    }
}

fn lost(case: &Case, visit: &str, row: PastRow) -> Option<Lack> {
    let start = case.history.partition_point(|past| past.date < row.date);
    let same_day = case.history.iter().skip(start).take_while(|past| past.date == row.date);
    let rows: Vec<PastRow> = same_day.map(|past| PastRow::of(case, past)).collect();
    if rows.contains(&row) {
        return None;
    }
    let named = case.history.iter().find(|past| past.visit.as_deref() == Some(visit));
    let instead =
        named.map(|past| PastRow::of(case, past)).or_else(|| rows.into_iter().find(|one| one.place == row.place));
    let has = instead.map_or(String::new(), |one| format!("; it has {one}"));
    Some(Lack::History(visit.to_owned(), row, has))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Office, conflict, day, draw, ids};
    use super::super::{Cause, Went, What};
    use crate::record::TargetKind;

    const FIRST: &str = "
        inspectors ana ben cem dea
        places p1 p2
        visit v1 p1
        set no-return.enabled false
        set lead.leads 0
        conflict ana establishment p2 employee ..2025-01-05
        conflict ben owner O kin
        plan v1 2027-01-04 am ana ben
    ";

    /// The next period, in which `more` stands.
    fn next(more: &str) -> String {
        format!(
            "period 2027-01-11..2027-01-22
            inspectors ana ben cem dea
            places p1 p2
            visit v2 p2
            {more}"
        )
    }

    fn executed(team: &str) -> Office {
        let mut office = Office::drawn(FIRST);
        office.change(What::Executed { date: day(4), held: vec![Went { visit: "v1".to_owned(), team: ids(team) }] });
        office
    }

    fn lacks(office: &Office, more: &str, from: u32) -> Vec<String> {
        let lacks = office.lacks_of(&draw(2, (11, 12), &next(more)), day(from));
        lacks.iter().map(ToString::to_string).collect()
    }

    const BOTH: &str = "conflict ana establishment p2 employee ..2025-01-05\nconflict ben owner O kin";

    #[test]
    fn who_went_stands_in_the_history_of_the_next_period() {
        let with = |row: &str| lacks(&executed("ana cem"), &format!("{BOTH}\n{row}"), 11);
        assert_eq!(with("history 2027-01-04 p1 ana cem"), [""; 0]);
        let start =
            "visit `v1` was executed: p1 on 2027-01-04 by ana and cem; the history of the freeze does not have it";
        assert_eq!(with(""), [start]);
        assert_eq!(with("history 2027-01-04 p2 ana cem"), [start]);
        assert_eq!(with("history 2027-01-04 p1 ana ben"), [format!("{start}; it has p1 on 2027-01-04 by ana and ben")]);
        let moved = with("history 2027-01-05 p1 ana cem visit=v1");
        assert_eq!(moved, [format!("{start}; it has p1 on 2027-01-05 by ana and cem")]);
    }

    #[test]
    fn whoever_has_left_stands_among_the_others() {
        let text = next(&format!("{BOTH}\nhistory 2027-01-04 p1 ana others=zoe"));
        let office = executed("ana zoe");
        assert_eq!(office.lacks_of(&draw(2, (11, 12), &text), day(11)), []);
    }

    #[test]
    fn a_visit_to_which_nobody_went_is_no_history() {
        assert_eq!(lacks(&executed(""), BOTH, 11), [""; 0]);
    }

    #[test]
    fn a_conflict_of_an_earlier_draw_stands_until_it_ends() {
        let office = executed("");
        assert_eq!(lacks(&office, "", 11).len(), 1, "ana's is over since the sixth: {:?}", lacks(&office, "", 11));
        assert_eq!(lacks(&office, "", 5).len(), 2);
        assert_eq!(lacks(&office, "set conflict-of-interest.cooling_months 23", 5).len(), 1);
        assert_eq!(lacks(&office, "conflict ben owner O kin ..2026-12-31", 11).len(), 1, "one that ends is less");
        assert_eq!(lacks(&office, "conflict ben owner O", 11), [""; 0], "one without a category is more");
    }

    #[test]
    fn a_conflict_that_is_withdrawn_may_go_and_stays_gone() {
        let mut office = executed("");
        let kin =
            super::super::Conflicted { category: Some("kin".to_owned()), ..conflict("ben", TargetKind::Owner, "O") };
        let other = conflict("ben", TargetKind::Owner, "P");
        assert!(office.amend(Cause::Withdrawn(other)).is_err());
        assert_eq!(office.amend(Cause::Withdrawn(kin.clone())), Ok(vec![]));
        assert!(office.amend(Cause::Withdrawn(kin.clone())).is_err(), "it does not stand any more");
        assert_eq!(lacks(&office, "", 11), [""; 0]);
        office.held.draw(&draw(2, (5, 5), FIRST));
        assert!(!office.held.stands(&kin), "a draw from the old freeze does not bring it back");
        office.held.declare(&Cause::Conflict(kin.clone()));
        assert!(office.held.stands(&kin));
    }
}
