//! The options of a remedy: for each visit without a team, and for a few that stand in the way, the times and teams from which a
//! model may choose, each with what it takes.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::super::change::{Change, harm, is_conflict};
use super::super::evidence::new_violations;
use super::super::hunt::{Candidate, everybody};
use super::super::ways::{Asks, Ways};
use super::{Quality, further_person};
use crate::model::{Assignment, Case, InspectorId, Kind, Schedule, Team, VisitId};
use crate::rules::{BOOK, Book, Place, Shape, Violation, waivable};

/// What one change costs, beside its harm: so much that fewer changes are always cheaper.
pub(super) const CHANGE: i64 = 256;
/// What a conflict of interest that is lifted costs more, and a visit that is left without a team.
const CONFLICT: i64 = 1 << 13;
const LEFT: i64 = 1 << 18;
/// A visit that moves costs a trifle, so that none moves in vain.
const MOVED: i64 = 1;
/// Working days by which a window is lengthened at most, at either end.
const LONGER: usize = 5;

/// How far the options reach. All are numbers, never time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    /// Visits without a team that are mended together.
    pub visits: usize,
    /// Visits that may move.
    pub movers: usize,
    /// People from whom teams are formed at one time.
    pub people: usize,
    /// Options of one visit.
    pub options: usize,
}

impl Default for Reach {
    fn default() -> Self {
        Self { visits: 8, movers: 4, people: 10, options: 28 }
    }
}

/// A rule that is lifted for a person on a visit.
pub(super) type Lifted = (&'static str, VisitId, InspectorId);

/// One way to hold a visit, or not to hold it.
#[derive(Clone, Debug)]
pub(super) struct Choosable {
    /// The visit.
    pub visit: VisitId,
    /// When and by whom; people beyond the roster are further ones. None where it is left, or given up.
    pub held: Option<Assignment>,
    /// What this option changes in the case, beside waivers.
    pub changes: Vec<Change>,
    /// What its further people must have.
    pub further: Vec<Vec<Quality>>,
    /// What all that costs.
    pub cost: i64,
    /// What its waivers may cost besides: only to look at the cheap ones first.
    guess: i64,
}

impl Choosable {
    fn not_held(visit: VisitId, changes: Vec<Change>, cost: i64) -> Self {
        Self { visit, held: None, changes, further: Vec::new(), cost, guess: 0 }
    }
}

/// What must be lifted where an option is chosen: one of these at least.
pub(super) type Need = (usize, Vec<Lifted>);

/// Everything that a model chooses from.
pub(super) struct Options<'b> {
    /// The case with longer windows and further people.
    pub case: Case,
    /// What stays as it was drawn.
    pub base: Schedule,
    /// What the checks found wrong before anything was changed.
    pub before: BTreeSet<Violation>,
    /// The options, those of a visit together.
    pub all: Vec<Choosable>,
    /// What each needs, whatever else is chosen.
    pub needs: Vec<Need>,
    /// Whether every team at every time is among them.
    pub complete: bool,
    /// People on the roster.
    pub roster: usize,
    /// The rules.
    pub book: &'b Book,
}

impl<'b> Options<'b> {
    /// The options of `visits`, and of what stands in their way.
    pub fn new(case: &Case, book: &'b Book, schedule: &Schedule, visits: &[VisitId], reach: Reach) -> Self {
        let mut complete = visits.len() <= reach.visits;
        let visits = &visits[..visits.len().min(reach.visits)];
        let mut loose = loosened(case, visits);
        let guests = guests(&mut loose, book, visits);
        let all_of_it = Ways::new(&loose, book, schedule, VisitId(u32::MAX));
        let movers = in_the_way(&all_of_it, visits, case.inspectors.len(), reach.movers);
        drop(all_of_it);
        let mut base = schedule.clone();
        base.assignments.retain(|visit, _| !movers.contains(visit) && !visits.contains(visit));
        let before = book.check(&loose, schedule).into_iter().collect();
        let ways = Ways::new(&loose, book, &base, VisitId(u32::MAX));
        let mut all = Vec::new();
        for visit in visits {
            let search = Search { original: case, ways: &ways, book, reach, guests: guests.get(visit) };
            let (options, whole) = search.of(*visit);
            complete &= whole;
            all.extend(options);
            all.push(Choosable::not_held(*visit, Vec::new(), LEFT));
        }
        for visit in &movers {
            let search = Search { original: case, ways: &ways, book, reach, guests: None };
            all.extend(search.of_mover(*visit, schedule.assignments.get(visit)));
        }
        let (all, needs) = weighed(&ways, &base, case.inspectors.len(), all);
        drop(ways);
        Self { base, before, all, needs, complete, roster: case.inspectors.len(), book, case: loose }
    }
}

/// The case in which the visits may be held some days sooner or later, and in any slot.
fn loosened(case: &Case, visits: &[VisitId]) -> Case {
    let mut loose = case.clone();
    let days = case.period.days();
    for visit in visits {
        let (from, to) = window(case, *visit);
        let sooner = days.iter().rev().filter(|day| **day < from).take(LONGER).last();
        let later = days.iter().filter(|day| **day > to).take(LONGER).last();
        let own = &mut loose.visits[visit.index()];
        own.earliest = Some(sooner.copied().unwrap_or(from));
        own.latest = Some(later.copied().unwrap_or(to));
        own.slot = None;
    }
    loose
}

fn window(case: &Case, visit: VisitId) -> (NaiveDate, NaiveDate) {
    let own = case.visit(visit);
    (own.earliest.unwrap_or(case.period.from), own.latest.unwrap_or(case.period.to))
}

/// Further people of one visit: what they have, and who they are.
type Guests = Vec<(Vec<Quality>, Vec<InspectorId>)>;

/// Adds further people to the roster: for each visit as many as its team has, of each kind that it may lack.
fn guests(case: &mut Case, book: &Book, visits: &[VisitId]) -> BTreeMap<VisitId, Guests> {
    let mut all = BTreeMap::new();
    let mut people = Vec::new();
    let roster = case.inspectors.len();
    for visit in visits {
        let needs = book.rules().flat_map(|(entry, rule)| {
            rule.needs(case, *visit).into_iter().filter(|need| need.at_least > 0).map(|need| (entry.name, need.quality))
        });
        let needs: Vec<Quality> = needs.collect();
        let mut kinds: Vec<Vec<Quality>> = vec![Vec::new()];
        kinds.extend(needs.iter().map(|need| vec![need.clone()]));
        kinds.extend((needs.len() > 1).then(|| needs.clone()));
        let mut of_visit = Guests::new();
        for kind in kinds {
            let Some(person) = further_person(case, book, *visit, &kind) else { continue };
            let ids = (0..book.team_size(case, *visit)).map(|_| {
                people.push(person.clone());
                InspectorId::at(roster + people.len() - 1)
            });
            of_visit.push((kind, ids.collect()));
        }
        all.insert(*visit, of_visit);
    }
    case.inspectors.extend(people);
    all
}

/// Planned visits that most often stand in the way of these.
fn in_the_way(ways: &Ways, visits: &[VisitId], roster: usize, most: usize) -> BTreeSet<VisitId> {
    let mut count: BTreeMap<VisitId, usize> = BTreeMap::new();
    for visit in visits {
        let asks = ways.asks(*visit);
        for time in ways.times(*visit) {
            let mut add = |planned: VisitId| *count.entry(planned).or_default() += 1;
            ways.blocked(time, &mut add);
            for who in (0..roster).map(InspectorId::at) {
                ways.person(&asks, time, who, &mut add);
            }
        }
    }
    let mut by_count: Vec<_> = count.into_iter().map(|(visit, times)| (std::cmp::Reverse(times), visit)).collect();
    by_count.sort_unstable();
    by_count.into_iter().map(|(_, visit)| visit).filter(|visit| !visits.contains(visit)).take(most).collect()
}

/// Looks for the options of one visit.
struct Search<'s, 'c> {
    original: &'s Case,
    ways: &'s Ways<'c>,
    book: &'s Book,
    reach: Reach,
    guests: Option<&'s Guests>,
}

impl Search<'_, '_> {
    /// The cheapest options of a visit without a team, and whether these are all.
    fn of(&self, visit: VisitId) -> (Vec<Choosable>, bool) {
        let asks = self.ways.asks(visit);
        let mut found = Vec::new();
        let mut whole = true;
        for time in self.ways.times(visit) {
            if !self.ways.blocked(time, &mut |_| {}).is_empty() {
                continue;
            }
            let (pool, all) = self.pool(&asks, time);
            whole &= all;
            for further in 0..=asks.size.min(self.guests.map_or(0, |_| asks.size)) {
                combinations(&pool, asks.size - further, &mut |team| {
                    found.extend(self.option(&asks, time, team, further));
                });
            }
        }
        whole &= found.len() <= self.reach.options;
        (varied(found, self.reach.options), whole)
    }

    /// Where a visit that was planned may go without breaking anything; as it was first.
    fn of_mover(&self, visit: VisitId, was: Option<&Assignment>) -> Vec<Choosable> {
        let as_it_was = Choosable { held: was.cloned(), ..Choosable::not_held(visit, Vec::new(), 0) };
        let mut all = vec![as_it_was];
        let (others, _) = self.of(visit);
        let lawful = others.into_iter().filter(|one| one.cost + one.guess == 0 && one.held.as_ref() != was);
        all.extend(lawful.take(self.reach.options / 2).map(|one| Choosable { cost: MOVED, ..one }));
        if self.original.visit(visit).kind == Kind::Programmed {
            let change = Change::Drop(visit);
            let cost = price(self.original, self.book, visit, &change);
            all.push(Choosable::not_held(visit, vec![change], cost));
        }
        all
    }

    /// Those who might go then: whom the fewest rules keep away, and who has what is asked; and whether these are all.
    fn pool(&self, asks: &Asks, time: Place) -> (Vec<Candidate>, bool) {
        let mut all = everybody(self.ways, asks, time);
        let conflict = |rule: usize| super::super::change::CONFLICTS.contains(&self.ways.rules[rule].name);
        all.retain(|one| one.who.index() < self.original.inspectors.len());
        all.retain(|one| one.barred.iter().all(|rule| waivable(self.ways.rules[*rule].name).is_ok()));
        all.sort_by_key(|one| one.barred.iter().any(|rule| conflict(*rule)));
        let mut pool: Vec<Candidate> = all.iter().take(self.reach.people).cloned().collect();
        for (rule, need) in &asks.needs {
            let holders = all.iter().filter(|one| self.ways.has(asks, *rule, &need.quality, one.who)).take(3);
            for one in holders {
                if pool.iter().all(|known| known.who != one.who) {
                    pool.push(one.clone());
                }
            }
        }
        let whole = pool.len() == all.len();
        (pool, whole)
    }

    /// The option that this team and so many further people are; the costs of waivers are a guess here.
    fn option(&self, asks: &Asks, time: Place, team: &[&Candidate], further: usize) -> Option<Choosable> {
        let visit = asks.visit;
        let guests = self.filled(asks, team, further)?;
        let changes = self.changes(time);
        let who = team.iter().map(|one| one.who).chain(guests.iter().map(|(_, who)| *who));
        let held = self.ways.assignment(time, Team::new(who)?);
        let cost: i64 = changes.iter().map(|change| price(self.original, self.book, visit, change)).sum();
        let seats: i64 = guests.iter().map(|(kind, _)| CHANGE + SEAT + i64::from(!kind.is_empty())).sum();
        let guess = self.guess(asks, time, team, guests.len());
        let further = guests.into_iter().map(|(kind, _)| kind).collect();
        Some(Choosable { visit, held: Some(held), changes, further, cost: cost + seats, guess })
    }

    /// The further people who complete a team: each need that is lacking has somebody of its own if the seats suffice.
    fn filled(&self, asks: &Asks, team: &[&Candidate], further: usize) -> Option<Vec<(Vec<Quality>, InspectorId)>> {
        let mut kinds: Vec<Vec<Quality>> = Vec::new();
        if further > 0 {
            let mut lacking: Vec<(Quality, usize)> = Vec::new();
            for (rule, need) in &asks.needs {
                let have = team.iter().filter(|one| self.ways.has(asks, *rule, &need.quality, one.who)).count();
                let quality = (self.ways.rules[*rule].name, need.quality.clone());
                lacking.push((quality, need.at_least.saturating_sub(have)));
            }
            let (sum, most) = lacking.iter().fold((0, 0), |(sum, most), (_, n)| (sum + n, most.max(*n)));
            if sum <= further {
                kinds.extend(lacking.iter().flat_map(|(quality, n)| vec![vec![quality.clone()]; *n]));
            } else if most <= further {
                kinds.extend(vec![lacking.into_iter().map(|(quality, _)| quality).collect(); most]);
            } else {
                return None;
            }
            kinds.resize(further, Vec::new());
        }
        let mut taken: BTreeMap<&Vec<Quality>, usize> = BTreeMap::new();
        let mut found = Vec::new();
        for kind in &kinds {
            let at = taken.entry(kind).or_default();
            let (_, ids) = self.guests?.iter().find(|(known, _)| known == kind)?;
            found.push((kind.clone(), *ids.get(*at)?));
            *at += 1;
        }
        Some(found)
    }

    /// What must change for the visit to be held then.
    fn changes(&self, time: Place) -> Vec<Change> {
        let (date, (from, to)) = (self.ways.board.calendar.date(time.day), window(self.original, time.visit));
        let longer = (date < from || to < date).then(|| Change::Window { from: from.min(date), to: to.max(date) });
        let slot = self.original.visit(time.visit).slot.filter(|slot| *slot != time.slot);
        longer.into_iter().chain(slot.map(|_| Change::AnySlot)).collect()
    }

    /// What the waivers of a team may cost: only to look at the cheap ones first.
    fn guess(&self, asks: &Asks, time: Place, team: &[&Candidate], further: usize) -> i64 {
        let mut rules: Vec<usize> = team.iter().flat_map(|one| one.barred.iter().copied()).collect();
        for (at, a) in team.iter().enumerate() {
            team[at + 1..].iter().for_each(|b| rules.extend(self.ways.pair(asks, time, a.who, b.who)));
        }
        if further == 0 {
            let mut who: Vec<_> = team.iter().map(|one| one.who).collect();
            who.sort_unstable();
            rules.extend(self.ways.team(time, &who));
            for (rule, need) in &asks.needs {
                let have = who.iter().filter(|who| self.ways.has(asks, *rule, &need.quality, **who)).count();
                rules.extend(std::iter::repeat_n(*rule, need.at_least.saturating_sub(have)));
            }
        }
        let waive = |rule: usize| Change::Waive { rule: self.ways.rules[rule].name, inspector: InspectorId(0) };
        rules.into_iter().map(|rule| price(self.original, self.book, asks.visit, &waive(rule))).sum()
    }
}

/// The harm of a further seat: more than of a programmed visit given up, less than of any waiver.
const SEAT: i64 = 4 * 16 + 8;

/// What a change costs.
pub(super) fn price(case: &Case, book: &Book, visit: VisitId, change: &Change) -> i64 {
    let (kind, further) = harm(case, book, visit, change);
    let conflict = if is_conflict(change) { CONFLICT } else { 0 };
    conflict + CHANGE + i64::from(kind) * 16 + further.clamp(0, 15)
}

/// Every choice of `size` out of a pool, in order.
fn combinations<'p>(pool: &'p [Candidate], size: usize, found: &mut dyn FnMut(&[&'p Candidate])) {
    fn walk<'p>(
        pool: &'p [Candidate],
        size: usize,
        team: &mut Vec<&'p Candidate>,
        found: &mut dyn FnMut(&[&'p Candidate]),
    ) {
        if team.len() == size {
            return found(team);
        }
        for (at, one) in pool.iter().enumerate() {
            team.push(one);
            walk(&pool[at + 1..], size, team, found);
            team.pop();
        }
    }
    walk(pool, size, &mut Vec::new(), found);
}

/// At most so many options, one by one: those that take few changes, and whose people and time are not among many already.
fn varied(mut all: Vec<Choosable>, most: usize) -> Vec<Choosable> {
    all.sort_by(|a, b| (a.cost + a.guess, &a.held).cmp(&(b.cost + b.guess, &b.held)));
    let mut chosen: Vec<Choosable> = Vec::new();
    let mut people: BTreeMap<InspectorId, i64> = BTreeMap::new();
    let mut times: BTreeMap<_, i64> = BTreeMap::new();
    while chosen.len() < most {
        let often = |one: &Choosable| {
            let held = one.held.as_ref()?;
            let person = held.team.members().iter().map(|who| people.get(who).copied().unwrap_or(0)).max()?;
            Some(person + times.get(&(held.date, held.slot)).copied().unwrap_or(0))
        };
        let score = |one: &Choosable| 2 * ((one.cost + one.guess) / CHANGE) + often(one).unwrap_or(0);
        let Some(best) = (0..all.len()).min_by_key(|at| (score(&all[*at]), *at)) else { break };
        let one = all.remove(best);
        if let Some(held) = &one.held {
            held.team.members().iter().for_each(|who| *people.entry(*who).or_default() += 1);
            *times.entry((held.date, held.slot)).or_default() += 1;
        }
        chosen.push(one);
    }
    chosen
}

/// Asks the rules' own checks what each option needs, whatever else is chosen; those that nothing lifts are left out. What a
/// limit says is left to the model where another visit that is chosen lies near: at one place the visit before may be another.
fn weighed(ways: &Ways, base: &Schedule, roster: usize, all: Vec<Choosable>) -> (Vec<Choosable>, Vec<Need>) {
    let (mut kept, mut needs) = (Vec::new(), Vec::new());
    let visits: BTreeSet<VisitId> = all.iter().map(|option| option.visit).collect();
    for option in all {
        let near = visits.iter().any(|other| *other != option.visit && are_near(ways.case, *other, option.visit));
        let found = option.held.as_ref().map(|held| new_violations(ways, base, option.visit, held, None));
        let found = found.into_iter().flatten().filter(|violation| !near || !is_limit(violation.rule));
        let team = |visit| {
            let own = option.held.as_ref().filter(|_| visit == option.visit);
            own.or_else(|| base.assignments.get(&visit)).map(|held| held.team.members())
        };
        let lifts: Vec<_> = found.map(|violation| what_lifts(&violation, roster, team)).collect();
        if lifts.iter().any(Vec::is_empty) {
            continue;
        }
        needs.extend(lifts.into_iter().map(|lifts| (kept.len(), lifts)));
        kept.push(option);
    }
    (kept, needs)
}

/// Whether two visits go to one place or owner, or belong to one operation.
pub(super) fn are_near(case: &Case, a: VisitId, b: VisitId) -> bool {
    let (one, other) = (case.visit(a), case.visit(b));
    let owner = |visit| case.place_of(visit).owner.as_ref();
    one.establishment == other.establishment
        || (owner(a).is_some() && owner(a) == owner(b))
        || (one.operation.is_some() && one.operation == other.operation)
}

/// Whether what a rule says of a visit may depend on others.
pub(super) fn is_limit(rule: &str) -> bool {
    BOOK.iter().any(|entry| entry.name == rule && entry.shape == Shape::Limit)
}

/// The waivers of which one at least must be signed before a check finds nothing wrong: of its rule, at its visits, for the people
/// whom it names and who go there. None for a rule that can't be waived.
pub(super) fn what_lifts<'t>(
    violation: &Violation,
    roster: usize,
    team: impl Fn(VisitId) -> Option<&'t [InspectorId]>,
) -> Vec<Lifted> {
    let mut lifts = Vec::new();
    if waivable(violation.rule).is_err() {
        return lifts;
    }
    for visit in &violation.visits {
        let named = |who: &&InspectorId| violation.inspectors.is_empty() || violation.inspectors.contains(who);
        let known = |who: &&InspectorId| who.index() < roster;
        let people = team(*visit).unwrap_or_default().iter().filter(named).filter(known);
        lifts.extend(people.map(|who| (violation.rule, *visit, *who)));
    }
    lifts
}
