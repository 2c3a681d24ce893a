//! A ceremony's folder, as commands that explain look at it: the schedule as it is held now, under the case of the freeze that the
//! last draw rests on. Draws may rest on different freezes; what the newest does not know is told, never dropped in silence.

use std::path::Path;

use chrono::NaiveDate;

use super::Stop;
use super::input::Drawn;
use crate::ceremony::{CeremonyError, Office, Past, read_file};
use crate::model::{By, Case, InspectorId, OfVisit, Reserves, Team, VisitId};
use crate::record::changes::{Held, HeldVisit, heads};
use crate::record::{Files, ODDS, RESERVES, STAGES, draw_folder, read_reserves};
use crate::rules::Book;

/// No table of odds or of reserves is longer.
const TABLE_BYTES_MAX: u64 = 1 << 30;

/// Which visits are held otherwise than they were drawn, and what of a ceremony its newest freeze does not know.
pub(super) struct Since {
    past: Past,
    /// Visits that are held, and that the case does not know, or people on them, in order of id.
    pub(super) unknown: Vec<String>,
}

/// What is held by the ledger in `folder`, under the case of the last draw.
pub(super) fn held(folder: &Path) -> Result<Drawn, Stop> {
    let office = Office::view(folder)?;
    let past = Past::of(&office)?;
    let files: Vec<Files> = past.draws.iter().map(|draw| tables(&office, draw.counter)).collect::<Result<_, _>>()?;
    of(past, files, None).ok_or_else(|| nothing_drawn(folder))
}

/// The same for the orders of a day, under the case of the draw that drew it.
pub(super) fn held_on(folder: &Path, office: &Office, date: NaiveDate) -> Result<Drawn, Stop> {
    let past = Past::of(office)?;
    let files = vec![Files::new(); past.draws.len()];
    let last = past.draws.last().ok_or_else(|| nothing_drawn(folder))?;
    let (period, until) = (last.case.period.clone(), past.draws.iter().map(|draw| draw.span.to).max());
    let is_planned = period.from <= date && date <= period.to;
    match of(past, files, Some(date)) {
        Some(drawn) => Ok(drawn),
        None if is_planned => Err(Stop::new(
            format!("{date} is not drawn yet"),
            format!(
                "the draws go up to {}; draw it first (`foureyes commit`, `foureyes draw`)",
                until.unwrap_or(period.from)
            ),
        )),
        None => Err(outside(date, (period.from, period.to))),
    }
}

/// A day that no schedule is for.
pub(super) fn outside(date: NaiveDate, (from, to): (NaiveDate, NaiveDate)) -> Stop {
    Stop::new(format!("{date} is outside the period of this schedule"), format!("give a --date from {from} to {to}"))
}

/// The same from draws and changes, and the tables of each draw: under the case of the last draw, or the last that drew `date`; none where there is none.
fn of(past: Past, files: Vec<Files>, date: Option<NaiveDate>) -> Option<Drawn> {
    let last = past.draws.iter().rev().find(|draw| date.is_none_or(|date| draw.span.contains(date)))?;
    let case = past.held.declared(&last.case);
    // The rules were read once, to read the draw.
    let book = Book::new(&case.settings).ok()?;
    let schedule = past.held.schedule(&case);
    let is_known = |id: &str| case.find_visit(id).is_some_and(|visit| schedule.assignments.contains_key(&visit));
    let unknown = past.held.visits().map(|(id, _)| id).filter(|id| !is_known(id)).map(str::to_owned).collect();
    let reserves = past.draws.iter().zip(&files).flat_map(|(draw, files)| {
        let own = read_reserves(files, &draw.case).0.into_iter().map(|(_, one)| one);
        let own: Vec<Reserves> = own.filter(|one| draw.span.contains(one.date)).collect();
        own.into_iter().filter_map(|one| in_case(&draw.case, &case, &one))
    });
    let reserves = reserves.collect();
    let heads = heads(&past.draws.iter().collect::<Vec<_>>(), &case, &schedule);
    Some(Drawn { heads, reserves, case, book, schedule, planned: true, files, since: Some(Since { past, unknown }) })
}

impl Since {
    /// What people are told where something is unknown to the case.
    pub(super) fn warning(&self, folder: &Path) -> Option<String> {
        let ids = self.unknown.join(", ");
        (!self.unknown.is_empty()).then(|| {
            format!(
                "held as well, and left out here, for the freeze of the last draw does not know them, their day or somebody on them: {ids}. \
                 The draw that drew them does: see {}/draws",
                folder.display()
            )
        })
    }

    /// The visit as it is held.
    pub(super) fn visit(&self, id: &str) -> Option<&HeldVisit> {
        self.held().visit(id)
    }

    /// What is held.
    pub(super) fn held(&self) -> &Held {
        &self.past.held
    }

    /// Whether days on which the visit may be held are still to be drawn, so that nobody could know its team.
    pub(super) fn may_come(&self, case: &Case, id: &str) -> bool {
        let visit = case.find_visit(id).map(|visit| case.visit(visit));
        let latest = visit.and_then(|visit| visit.latest).unwrap_or(case.period.to).min(case.period.to);
        let drawn = self.past.draws.iter().map(|draw| draw.span.to).max();
        self.held().cancelled(id).is_none() && drawn.is_none_or(|to| to < latest)
    }

    /// How the visit differs from what was drawn, a sentence each: whoever sits in another's seat, a visit that is cancelled, and one
    /// that was set by hand.
    pub(super) fn changes(&self, id: &str) -> Vec<String> {
        if let Some(was) = self.held().cancelled(id) {
            return vec![format!("Cancelled by an amendment; it was to be held on {}, {}.", was.date, was.slot)];
        }
        let drawn = self.drawn(id);
        match (self.visit(id), drawn) {
            (Some(held), Some(drawn)) => differs(held, &drawn),
            (Some(_), None) => vec!["Set by hand: no draw has it so.".to_owned()],
            (None, Some(drawn)) => vec![format!("It was drawn for {}, and is not held any more.", drawn.date)],
            (None, None) => Vec::new(),
        }
    }

    /// The visit as the last draw that drew it has it.
    fn drawn(&self, id: &str) -> Option<HeldVisit> {
        self.past.draws.iter().rev().find_map(|draw| {
            let mut alone = Held::default();
            alone.draw(draw);
            alone.visit(id).cloned()
        })
    }
}

fn differs(held: &HeldVisit, drawn: &HeldVisit) -> Vec<String> {
    let moved = (held.date, &held.slot) != (drawn.date, &drawn.slot);
    let moved = moved
        .then(|| format!("Set by hand for {}, {}: drawn for {}, {}.", held.date, held.slot, drawn.date, drawn.slot));
    let in_place = held.seats.iter().filter(|(who, seat)| who != seat);
    let in_place = in_place.map(|(who, seat)| format!("{who} goes in place of {seat}, whom the draw had named."));
    let by_hand = held.seats.iter().filter(|(who, seat)| who == seat && !drawn.seats.contains_key(*who));
    let by_hand = by_hand.map(|(who, _)| format!("{who} goes by hand: no draw gave them this seat."));
    moved.into_iter().chain(in_place).chain(by_hand).collect()
}

fn nothing_drawn(folder: &Path) -> Stop {
    let shown = folder.display();
    Stop::new(
        format!("the ceremony in `{shown}` has no draw yet"),
        "look again after `foureyes draw`; until then, ask about the case that was frozen",
    )
}

/// The tables of a draw about odds and reserves; not its tickets, which are large.
fn tables(office: &Office, counter: u64) -> Result<Files, CeremonyError> {
    let mut files = Files::new();
    for name in [ODDS, RESERVES, STAGES] {
        let path = office.path(&format!("{}/{name}", draw_folder(counter)));
        if path.exists() {
            files.insert(name.to_owned(), read_file(&path, TABLE_BYTES_MAX)?);
        }
    }
    Ok(files)
}

/// The same reserves under another case; none where it does not know the member or one of the visits. Of those who may be asked, whom it does not know is left out.
fn in_case(from: &Case, to: &Case, one: &Reserves) -> Option<Reserves> {
    let person = |who: InspectorId| to.find_inspector(&from.inspector(who).id);
    let visits: Option<Vec<VisitId>> = one.visits.iter().map(|visit| to.find_visit(&from.visit(*visit).id)).collect();
    let team = |team: &Team| {
        let known: Option<Vec<InspectorId>> = team.members().iter().map(|who| person(*who)).collect();
        Team::new(known?)
    };
    let of_visit = |one: &OfVisit| {
        let by = match &one.by {
            By::People(people) => By::People(people.iter().filter_map(|who| person(*who)).collect()),
            By::Teams(teams) => By::Teams(teams.iter().filter_map(team).collect()),
        };
        Some(OfVisit { visit: to.find_visit(&from.visit(one.visit).id)?, of: one.of, by })
    };
    Some(Reserves {
        date: one.date,
        member: person(one.member)?,
        stage: one.stage,
        visits: visits?,
        of: one.of,
        order: one.order.iter().filter_map(|who| person(*who)).collect(),
        by_visit: one.by_visit.iter().filter_map(of_visit).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Span;
    use crate::record::changes::{ByHand, Change, PastDraw, What};
    use crate::rules::testing::fixture;

    /// One draw of a small case, after which `teams` were set by hand.
    fn drawn(teams: &[(&str, &[&str])]) -> Drawn {
        let text = "period 2027-01-04..2027-01-05\n inspectors ana ben cem\n place p1\n visit v1 p1\n visit v2 p1\n plan v1 2027-01-04 am ana ben";
        let (case, schedule) = fixture(text);
        let date = case.period.from;
        let book = Book::new(&case.settings).unwrap();
        let root = crate::draw::Root::from_seed(&crate::draw::digest(b""), "a seed");
        let (span, before) = (Span { from: date, to: date }, Default::default());
        let mut past = Past::default();
        let draw = PastDraw { counter: 1, span, case, book, root, schedule, before, heads: true, levels: true };
        past.held.draw(&draw);
        past.draws.push(draw);
        let team = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        let held = |(visit, ids): &(&str, &[&str])| ByHand {
            visit: (*visit).to_owned(),
            held: Some((date, "am".to_owned(), team(ids))),
        };
        let teams: Vec<ByHand> = teams.iter().map(held).collect();
        past.held.change(&Change { salt: [0; 32], what: What::Override { evidence: "a flood".to_owned(), teams } });
        of(past, vec![Files::new()], None).unwrap()
    }

    #[test]
    fn what_the_newest_freeze_does_not_know_is_told() {
        let drawn = drawn(&[("v0", &["ana", "ben"]), ("v2", &["ana", "zoe"])]);
        let since = drawn.since.as_ref().unwrap();
        assert_eq!(since.unknown, ["v0", "v2"]);
        assert!(since.warning(Path::new("river")).unwrap().contains("v0, v2"));
        assert_eq!(drawn.schedule.assignments.len(), 1);
    }

    #[test]
    fn a_visit_differs_from_its_draw_only_where_somebody_changed_it() {
        let drawn = drawn(&[("v1", &["ana", "cem"])]);
        assert_eq!(drawn.changes(VisitId(0)), ["cem goes by hand: no draw gave them this seat."]);
        assert_eq!(drawn.changes(VisitId(1)), [""; 0]);
    }

    #[test]
    fn a_visit_whose_days_are_not_all_drawn_is_not_said_to_have_nobody() {
        let drawn = drawn(&[]);
        assert!(!drawn.is_drawn(VisitId(1)), "the fifth is still to come");
    }
}
