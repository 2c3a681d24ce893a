//! What no plan can change: for each visit the times that are open, the people who may go on each
//! day, and what its team must have. Worked out once a case from the rules' own answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use smallvec::{SmallVec, smallvec};

use super::price::Worth;
use crate::model::{Case, InspectorId, SlotId, VisitId};
use crate::rules::{Barred, Book, Calendar, Days, Guard, Question};

/// The ways that each visit has, whatever else is planned.
pub struct Ways<'c> {
    /// The case.
    pub case: &'c Case,
    pub(super) guards: Vec<Box<dyn Guard + 'c>>,
    /// The numbers of the guards that answer about a person, a pair and a team.
    answers: [Vec<usize>; 3],
    visits: Vec<VisitWays>,
    pools: Vec<Pool>,
    apart: Vec<Apart<'c>>,
    asked: Vec<Asked>,
    worth: Worth,
    /// Working days of the period.
    days: usize,
}

/// Who may go on each day, before what concerns a single place.
struct Pool {
    /// Everybody who may go on any day, in order.
    people: Vec<InspectorId>,
    /// By day: who may go, as positions in `people`, in order.
    days: Vec<Vec<u32>>,
    /// By day: the same, a bit for each inspector.
    bits: Vec<Vec<u64>>,
    /// By inspector: their position in `people`, where they have one.
    positions: Vec<u32>,
}

impl Pool {
    fn new(all: usize, by_day: &[Vec<InspectorId>]) -> Self {
        let mut people: Vec<InspectorId> = by_day.concat();
        people.sort_unstable();
        people.dedup();
        let at = |who: &InspectorId| people.partition_point(|other| other < who) as u32;
        let days = by_day.iter().map(|day| day.iter().map(at).collect()).collect();
        let bits = by_day.iter().map(|day| bits_of(all, day.iter().copied())).collect();
        let mut positions = vec![0; all];
        people.iter().zip(0..).for_each(|(who, at)| positions[who.index()] = at);
        Self { people, days, bits, positions }
    }
}

/// A bit for each of `all` inspectors, set for these.
fn bits_of(all: usize, people: impl Iterator<Item = InspectorId>) -> Vec<u64> {
    let mut bits = vec![0; all.div_ceil(64)];
    people.for_each(|who| bits[who.index() / 64] |= 1 << (who.index() % 64));
    bits
}

/// The people in a set of bits, in order.
pub(super) fn people_in(bits: &[u64]) -> impl Iterator<Item = InspectorId> + '_ {
    bits.iter().enumerate().flat_map(|(at, word)| {
        let mut rest = *word;
        std::iter::from_fn(move || {
            let bit = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some(InspectorId::at(at * 64 + bit))
        })
    })
}

/// The ways of one visit.
pub(super) struct VisitWays {
    /// When it may start, in order.
    pub times: Vec<(usize, SlotId)>,
    /// How many go.
    pub size: usize,
    /// Whether it comes before every visit that is not.
    pub mandatory: bool,
    /// What the team must have.
    pub needs: SmallVec<[TeamNeed; 2]>,
    /// How few ways it has, in eighths of a doubling: the lower, the harder.
    pub hardness: usize,
    /// Whether any waiver names the visit.
    has_waiver: bool,
    pool: usize,
    /// Who of the pool may not go on which days, in order of people.
    removed: Vec<(InspectorId, Days)>,
}

/// A quality that visits ask for: seats that ask for it, and who has it, by inspector.
type Asked = (u64, Holders);

/// Who has a quality, by inspector.
type Holders = Arc<Vec<bool>>;

/// At least so many with a quality.
pub(super) struct TeamNeed {
    pub at_least: usize,
    has: Holders,
    /// The same with those below, a bit for each inspector.
    bits: Arc<Vec<u64>>,
    /// Who counts as having it on this visit, by a waiver.
    granted: Vec<InspectorId>,
}

impl TeamNeed {
    /// Whether `who` has the quality here.
    pub fn met_by(&self, who: InspectorId) -> bool {
        self.has[who.index()] || self.granted.contains(&who)
    }

    /// Whether there are enough of those in `free`.
    pub fn can_be_met_by(&self, free: &[u64]) -> bool {
        let met = free.iter().zip(self.bits.iter()).map(|(free, has)| (free & has).count_ones() as usize);
        met.sum::<usize>() >= self.at_least
    }
}

/// Who may never be together under one rule: a square of bits.
struct Apart<'c> {
    rule: &'c str,
    people: usize,
    bits: Vec<u64>,
}

impl<'c> Ways<'c> {
    /// The ways of every visit of `case` under `book`.
    pub fn new(case: &'c Case, book: &'c Book) -> Self {
        let calendar = Calendar::new(case);
        let barred = Barred::new(case, book, &calendar);
        let mut pools = Pools { barred: &barred, pools: Vec::new(), of_district: BTreeMap::new() };
        let mut qualities = Qualities::new();
        let visits = case
            .visit_ids()
            .map(|visit| VisitWays {
                times: open_times(case, book, &calendar, &barred, visit),
                size: book.rules().find_map(|(_, rule)| rule.team_size(case, visit)).unwrap_or(2),
                mandatory: case.visit(visit).kind.is_mandatory(),
                needs: qualities.needs(case, book, visit),
                hardness: 0,
                has_waiver: case.waivers.iter().any(|waiver| waiver.visit == visit),
                pool: pools.of(visit),
                removed: barred.removed(visit),
            })
            .collect();
        let pools = pools.pools;
        let asked = qualities.known.into_values().collect();
        let guards = book.rules().filter_map(|(_, rule)| rule.guard(case)).collect();
        let apart = book.rules().filter_map(|(entry, rule)| Apart::new(case, entry.name, rule.apart(case))).collect();
        let days = calendar.days().len();
        let guards: Vec<Box<dyn Guard + 'c>> = guards;
        let answers = [Question::Person, Question::Pair, Question::Team]
            .map(|question| (0..guards.len()).filter(|at| guards[*at].answers(question)).collect());
        let mut ways = Self { case, guards, answers, visits, pools, apart, asked, worth: Worth::default(), days };
        ways.worth = Worth::new(&ways);
        for visit in case.visit_ids() {
            let count = ways.count(visit).max(1);
            ways.visits[visit.index()].hardness = (count.ilog2() as usize) * 8 + ((count << 3) >> count.ilog2());
        }
        ways
    }

    pub(super) fn of(&self, visit: VisitId) -> &VisitWays {
        &self.visits[visit.index()]
    }

    /// Who may go on `visit` on `day`, each seen alone, in order. Those whom something keeps from this very
    /// place on other days of the period (a conflict or a gap that ends in it) are among them only as a `last_resort`:
    /// else who goes would depend on which day is drawn, and a late day would let somebody back in.
    ///
    /// Each comes with their number in the visit's [pool](Self::pool).
    pub(super) fn people(
        &self,
        visit: VisitId,
        day: usize,
        last_resort: bool,
    ) -> impl Iterator<Item = (u32, InspectorId)> + '_ {
        let ways = self.of(visit);
        let pool = &self.pools[ways.pool];
        let mut removed = ways.removed.iter().peekable();
        pool.days[day].iter().map(|at| (*at, pool.people[*at as usize])).filter(move |(_, who)| {
            while removed.next_if(|(other, _)| other < who).is_some() {}
            removed.peek().is_none_or(|(other, days)| other != who || (last_resort && !days.has(day)))
        })
    }

    /// The guards that answer about a person, about a pair, and about a team, with their numbers.
    pub(super) fn on_people(&self) -> impl Iterator<Item = (usize, &(dyn Guard + 'c))> {
        self.answers[0].iter().map(|at| (*at, &*self.guards[*at]))
    }

    pub(super) fn on_pairs(&self) -> impl Iterator<Item = &(dyn Guard + 'c)> {
        self.answers[1].iter().map(|at| &*self.guards[*at])
    }

    pub(super) fn on_teams(&self) -> impl Iterator<Item = &(dyn Guard + 'c)> {
        self.answers[2].iter().map(|at| &*self.guards[*at])
    }

    /// Who is among [`people`](Self::people), a bit for each inspector.
    pub(super) fn free(&self, visit: VisitId, day: usize, last_resort: bool, free: &mut Vec<u64>) {
        let ways = self.of(visit);
        free.clear();
        free.extend(&self.pools[ways.pool].bits[day]);
        for (who, _) in ways.removed.iter().filter(|(_, days)| !last_resort || days.has(day)) {
            free[who.index() / 64] &= !(1 << (who.index() % 64));
        }
    }

    /// By inspector: their number in the visit's [pool](Self::pool), where they are in it.
    pub(super) fn positions(&self, visit: VisitId) -> &[u32] {
        &self.pools[self.of(visit).pool].positions
    }

    /// How many pairs of a pool and a day there are.
    pub(super) fn cells(&self) -> usize {
        self.pools.len() * self.days
    }

    /// The number of the visit's pool on a day, among all pools and days.
    pub(super) fn cell(&self, visit: VisitId, day: usize) -> usize {
        self.of(visit).pool * self.days + day
    }

    /// Everybody who may go to places like that of `visit` on any day, in order.
    pub(super) fn pool(&self, visit: VisitId) -> &[InspectorId] {
        &self.pools[self.of(visit).pool].people
    }

    /// Whether `a` and `b` may serve together on `visit`, as far as facts go.
    pub(super) fn together(&self, visit: VisitId, a: InspectorId, b: InspectorId) -> bool {
        self.apart.iter().all(|apart| !apart.holds(a, b) || self.lifted(apart.rule, visit, a, b))
    }

    fn lifted(&self, rule: &str, visit: VisitId, a: InspectorId, b: InspectorId) -> bool {
        let waived = |who| self.case.waived(rule, visit, who);
        self.of(visit).has_waiver && (waived(a) || waived(b))
    }

    /// What each person is worth to all visits.
    pub(super) fn worth(&self) -> &Worth {
        &self.worth
    }

    /// Each quality that a visit asks for.
    pub(super) fn qualities(&self) -> &[Asked] {
        &self.asked
    }

    /// By inspector: on how many days they could go anywhere at all.
    pub(super) fn days_served(&self) -> Vec<u64> {
        let days = self.pools.iter().map(|pool| pool.days.len()).max().unwrap_or(0);
        let mut served = vec![0; self.case.inspectors.len()];
        for day in 0..days {
            let mut there = vec![false; served.len()];
            let there_that_day =
                self.pools.iter().flat_map(|pool| pool.days[day].iter().map(|at| pool.people[*at as usize]));
            there_that_day.for_each(|who| there[who.index()] = true);
            served.iter_mut().zip(there).for_each(|(served, there)| *served += u64::from(there));
        }
        served
    }

    /// How many ways a visit has, roughly: over all its times, how many people could go who have the
    /// scarcest thing that it needs.
    fn count(&self, visit: VisitId) -> usize {
        let mut count = 0;
        let mut known: Option<(usize, usize)> = None;
        for (day, _) in &self.of(visit).times {
            let on_day = match known {
                Some((before, scarcest)) if before == *day => scarcest,
                _ => self.scarcest(visit, *day),
            };
            known = Some((*day, on_day));
            count += on_day;
        }
        count
    }

    fn scarcest(&self, visit: VisitId, day: usize) -> usize {
        let needs = &self.of(visit).needs;
        let mut met: SmallVec<[usize; 4]> = smallvec![0; needs.len() + 1];
        for (_, who) in self.people(visit, day, false) {
            met[needs.len()] += 1;
            needs.iter().zip(&mut met).for_each(|(need, met)| *met += usize::from(need.met_by(who)));
        }
        met.into_iter().min().unwrap_or(0)
    }
}

fn open_times(case: &Case, book: &Book, calendar: &Calendar, barred: &Barred, visit: VisitId) -> Vec<(usize, SlotId)> {
    let shut = barred.everybody(visit);
    let slots = (0..case.period.slots.len()).map(SlotId::at);
    let open = |(day, slot): &(usize, SlotId)| {
        book.rules().all(|(_, rule)| !rule.closed(case, visit, calendar.date(*day), *slot))
    };
    let days = (0..calendar.days().len()).filter(|day| !shut.has(*day));
    days.flat_map(|day| slots.clone().map(move |slot| (day, slot))).filter(open).collect()
}

impl<'c> Apart<'c> {
    fn new(case: &Case, rule: &'c str, apart: crate::rules::Apart) -> Option<Self> {
        let people = case.inspectors.len();
        let mut square = Self { rule, people, bits: vec![0; (people * people).div_ceil(64)] };
        let mut any = false;
        let grouped = apart.groups.iter().flat_map(|group| group.iter().flat_map(|a| group.iter().map(|b| (*a, *b))));
        for (a, b) in apart.pairs.iter().copied().chain(grouped).filter(|(a, b)| a != b) {
            square.set(a, b);
            square.set(b, a);
            any = true;
        }
        any.then_some(square)
    }

    fn set(&mut self, a: InspectorId, b: InspectorId) {
        let bit = a.index() * self.people + b.index();
        self.bits[bit / 64] |= 1 << (bit % 64);
    }

    fn holds(&self, a: InspectorId, b: InspectorId) -> bool {
        let bit = a.index() * self.people + b.index();
        self.bits[bit / 64] >> (bit % 64) & 1 == 1
    }
}

/// Pools, shared by all visits of one district that no waiver names.
struct Pools<'b, 'c> {
    barred: &'b Barred<'c>,
    pools: Vec<Pool>,
    of_district: BTreeMap<Option<&'c str>, usize>,
}

impl Pools<'_, '_> {
    fn of(&mut self, visit: VisitId) -> usize {
        let place = self.barred.case.visit(visit).establishment;
        let district = self.barred.case.establishment(place).district.as_deref();
        let all = self.barred.case.inspectors.len();
        if !self.barred.waived_on(visit).is_empty() {
            return self.add(Pool::new(all, &self.barred.by_day(|who| self.barred.on_visit(visit, who))));
        }
        if let Some(known) = self.of_district.get(&district) {
            return *known;
        }
        let pool = self.add(Pool::new(all, &self.barred.by_day(|who| self.barred.in_district(who, district))));
        self.of_district.insert(district, pool);
        pool
    }

    fn add(&mut self, pool: Pool) -> usize {
        self.pools.push(pool);
        self.pools.len() - 1
    }
}

/// Which inspectors have which quality, asked once each.
struct Qualities<'c> {
    known: BTreeMap<(&'c str, String), Asked>,
    bits: BTreeMap<(&'c str, String), Arc<Vec<u64>>>,
}

impl<'c> Qualities<'c> {
    fn new() -> Self {
        Self { known: BTreeMap::new(), bits: BTreeMap::new() }
    }

    fn needs(&mut self, case: &Case, book: &'c Book, visit: VisitId) -> SmallVec<[TeamNeed; 2]> {
        let mut needs = SmallVec::new();
        let bits = &mut self.bits;
        for (entry, rule) in book.rules() {
            for need in rule.needs(case, visit) {
                let granted = case.waivers.iter().filter(|w| w.visit == visit && w.rule == entry.name);
                let granted = granted.map(|waiver| waiver.inspector).collect();
                let (asked, holders) = self.known.entry((entry.name, need.quality.clone())).or_insert_with(|| {
                    (0, Arc::new(case.inspector_ids().map(|who| rule.has(case, who, &need.quality)).collect()))
                });
                *asked += need.at_least as u64;
                let granted: Vec<InspectorId> = granted;
                let bits = bits.entry((entry.name, need.quality.clone())).or_insert_with(|| {
                    let has = case.inspector_ids().filter(|who| holders[who.index()]);
                    Arc::new(bits_of(case.inspectors.len(), has))
                });
                let mut bits = Arc::clone(bits);
                if !granted.is_empty() {
                    let own = Arc::make_mut(&mut bits);
                    granted.iter().for_each(|who| own[who.index() / 64] |= 1 << (who.index() % 64));
                }
                needs.push(TeamNeed { at_least: need.at_least, has: Arc::clone(holders), bits, granted });
            }
        }
        needs
    }
}
