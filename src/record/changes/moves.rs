//! What an amendment does, made from nothing: whose seats fall vacant, and who steps in.
//!
//! Nobody chooses anything here: seats follow from the cause, the order from the draw, and who is passed over from the rules.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::change::{AbsentDays, Cause, Conflicted, Move};
use super::draws::PastDraw;
use super::fill::Filling;
use super::held::Held;
use super::orders::Orders;
use super::refusal::Refusal;
use crate::model::{Case, ConflictTarget, Schedule, VisitId};
use crate::record::TargetKind;
use crate::rules::{Book, Violation};

/// The visits of each seat that falls vacant: by day, then by the member for whom it was drawn.
pub(super) type Vacant = BTreeMap<(NaiveDate, String), Vec<String>>;

/// The moves of an amendment because of `cause`, after `draws` (in their order) and with `held` as everything before it left it.
///
/// # Errors
/// Where the cause can't be, or changes nothing.
pub fn moves(draws: &[PastDraw], held: &Held, cause: &Cause) -> Result<Vec<Move>, Refusal> {
    moves_by(&mut Orders::default(), draws, held, cause)
}

/// The same, with who tells the orders of reserves: it serves many amendments after one draw.
///
/// # Errors
/// As [`moves`].
pub fn moves_by<'d>(
    orders: &mut Orders<'d>,
    draws: &'d [PastDraw],
    held: &Held,
    cause: &Cause,
) -> Result<Vec<Move>, Refusal> {
    let last = draws.last().ok_or(Refusal::NothingDrawn)?;
    let (who, vacant) = match cause {
        Cause::Absence(days) => (days.inspector.as_str(), by_absence(last, held, days)?),
        Cause::Conflict(conflict) => by_conflict(draws, held, conflict)?,
        Cause::Cancelled(visit) => return may_cancel(held, visit),
        Cause::Restored(visit) => return may_restore(draws, held, visit),
        Cause::Withdrawn(conflict) => return may_withdraw(held, conflict),
    };
    if vacant.is_empty() {
        return Err(Refusal::NothingToChange(who.to_owned()));
    }
    let mut after = held.clone();
    after.declare(cause);
    Ok(Filling { draws, orders, held: after, leaves: who }.fill(&vacant))
}

fn by_absence(last: &PastDraw, held: &Held, days: &AbsentDays) -> Result<Vacant, Refusal> {
    let (who, from, to) = (days.inspector.clone(), days.from, days.to);
    known(&last.case, held, &who)?;
    if from > to {
        return Err(Refusal::Backwards { from, to });
    }
    let goes = |visit: &super::HeldVisit| days.contains(visit.date) && visit.seats.contains_key(&who);
    let over = held.visits().map(|(_, visit)| visit).filter(|visit| goes(visit) && held.is_executed(visit.date));
    if let Some(date) = over.map(|visit| visit.date).min() {
        return Err(Refusal::Went { who, date });
    }
    Ok(seats(held, &who, |date| days.contains(date)))
}

/// Somebody whom the last freeze has, or who goes on a visit.
fn known(case: &Case, held: &Held, who: &str) -> Result<(), Refusal> {
    let found = case.find_inspector(who).is_some() || held.visits().any(|(_, visit)| visit.seats.contains_key(who));
    if found { Ok(()) } else { Err(Refusal::UnknownInspector(who.to_owned())) }
}

/// The seats of `who` on those days that are not over.
fn seats(held: &Held, who: &str, wanted: impl Fn(NaiveDate) -> bool) -> Vacant {
    let mut vacant = Vacant::new();
    for (id, visit) in held.visits().filter(|(_, visit)| wanted(visit.date) && !held.is_executed(visit.date)) {
        if let Some(member) = visit.seats.get(who) {
            vacant.entry((visit.date, member.clone())).or_default().push(id.to_owned());
        }
    }
    vacant
}

/// Who leaves, and the seats.
fn by_conflict<'c>(draws: &[PastDraw], held: &Held, conflict: &'c Conflicted) -> Result<(&'c str, Vacant), Refusal> {
    let last = draws.last().ok_or(Refusal::NothingDrawn)?;
    known(&last.case, held, &conflict.inspector)?;
    check_target(&last.case, conflict)?;
    let mut days = BTreeSet::new();
    for (at, draw) in draws.iter().enumerate() {
        let named = named(draw, held, conflict).into_iter().filter_map(|id| held.visit(&id).map(|visit| (id, visit)));
        let judged = named.filter(|(id, visit)| judge(draws, visit.date, std::slice::from_ref(id)) == Some(at));
        days.extend(judged.map(|(_, visit)| visit.date));
    }
    let who = leaver(draws, days.first().copied(), conflict).unwrap_or(&conflict.inspector);
    Ok((who, seats(held, who, |date| days.contains(&date))))
}

/// Which of two leaves, where the draw says it: the one with the greater key, by the words of the last draw that has the first of their common days. So it
/// does not matter whom the amendment names first, and waiting for another draw changes nothing while that day is to come.
fn leaver<'c>(draws: &[PastDraw], first: Option<NaiveDate>, conflict: &'c Conflicted) -> Option<&'c str> {
    let has_day = |draw: &&PastDraw| first.is_some_and(|first| draw.span.contains(first));
    let draw = draws.iter().rev().find(has_day).or(draws.last()).filter(|_| conflict.drawn)?;
    let (one, other) = (conflict.inspector.as_str(), conflict.target.as_str());
    let key = |who: &&str| draw.root.key("leave", &format!("{}|{}|{who}", one.min(other), one.max(other)));
    [one, other].into_iter().max_by_key(key)
}

fn check_target(case: &Case, conflict: &Conflicted) -> Result<(), Refusal> {
    let target = &conflict.target;
    let any = |of: fn(&crate::model::Establishment) -> &Option<String>| {
        case.establishments.iter().any(|place| of(place).as_ref() == Some(target))
    };
    let (kind, found) = match conflict.target_kind {
        TargetKind::Establishment => ("establishment", case.establishments.iter().any(|place| place.id == *target)),
        TargetKind::Inspector if conflict.inspector == *target => return Err(Refusal::Themselves(target.clone())),
        TargetKind::Inspector => ("inspector", case.find_inspector(target).is_some()),
        TargetKind::Owner => ("owner", any(|place| &place.owner)),
        TargetKind::Sector => ("sector", any(|place| &place.sector)),
        TargetKind::District => ("district", any(|place| &place.district)),
    };
    if found { Ok(()) } else { Err(Refusal::UnknownTarget(kind, target.clone())) }
}

/// The visits on which the conflict alone, under the freeze of `draw`, has its person break a rule: so that its last day, its cooling-off and its waivers are
/// what the rules say.
fn named(draw: &PastDraw, held: &Held, conflict: &Conflicted) -> Vec<String> {
    let Some(one) = conflict.in_case(&draw.case) else { return Vec::new() };
    let (who, apart) = (one.inspector, matches!(one.target, ConflictTarget::Inspector(_)));
    let mut schedule = held.schedule(&draw.case);
    schedule.assignments.retain(|_, to| to.team.contains(who) && !held.is_executed(to.date));
    let mut case = Case { conflicts: Vec::new(), ..draw.case.clone() };
    let before = violations(&case, &draw.book, &schedule);
    case.conflicts.push(one);
    let mut found = violations(&case, &draw.book, &schedule);
    found.retain(|violation| !before.contains(violation) && (apart || violation.inspectors.contains(&who)));
    let visits: BTreeSet<VisitId> = found.into_iter().flat_map(|violation| violation.visits).collect();
    visits.into_iter().map(|visit| case.visit(visit).id.clone()).collect()
}

/// Every way in which `schedule` breaks a rule.
pub fn violations(case: &Case, book: &Book, schedule: &Schedule) -> BTreeSet<Violation> {
    book.check(case, schedule).into_iter().collect()
}

/// Under which draw's freeze a seat is judged: the last one that has the day in its period, and these visits.
pub(super) fn judge(draws: &[PastDraw], date: NaiveDate, visits: &[String]) -> Option<usize> {
    draws.iter().rposition(|draw| draw.judges(date, visits))
}

fn may_cancel(held: &Held, visit: &str) -> Result<Vec<Move>, Refusal> {
    match held.visit(visit) {
        None => Err(Refusal::NotHeld(visit.to_owned())),
        Some(one) if held.is_executed(one.date) => Err(Refusal::DayOver(one.date)),
        Some(_) => Ok(Vec::new()),
    }
}

fn may_withdraw(held: &Held, conflict: &Conflicted) -> Result<Vec<Move>, Refusal> {
    let Conflicted { inspector, target, .. } = conflict;
    let unknown = || Refusal::UnknownConflict(inspector.clone(), target.clone());
    if held.stands(conflict) { Ok(Vec::new()) } else { Err(unknown()) }
}

fn may_restore(draws: &[PastDraw], held: &Held, visit: &str) -> Result<Vec<Move>, Refusal> {
    let date = held.cancelled(visit).ok_or_else(|| Refusal::NotCancelled(visit.to_owned()))?.date;
    let at = judge(draws, date, &[visit.to_owned()]).ok_or_else(|| Refusal::UnknownVisit(visit.to_owned()))?;
    let draw = draws.get(at).ok_or(Refusal::NothingDrawn)?;
    let case = held.declared(&draw.case);
    let mut after = held.clone();
    after.declare(&Cause::Restored(visit.to_owned()));
    let restored = after.schedule(&case);
    if case.find_visit(visit).is_none_or(|visit| !restored.assignments.contains_key(&visit)) {
        let says = vec!["the last freeze does not have everybody who would go".to_owned()];
        return Err(Refusal::Breaks { visit: visit.to_owned(), says });
    }
    let without = violations(&case, &draw.book, &held.schedule(&case));
    let new = violations(&case, &draw.book, &restored).into_iter().filter(|one| !without.contains(one));
    let says: Vec<String> = new.map(|one| one.says).collect();
    if says.is_empty() { Ok(Vec::new()) } else { Err(Refusal::Breaks { visit: visit.to_owned(), says }) }
}
