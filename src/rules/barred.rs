//! On which days each person may not go where: the rules' bars, gathered so that a visit's are found
//! without asking everybody about everything. Shared by all who expand bars into days.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::NaiveDate;
use smallvec::{SmallVec, smallvec};

use super::{Bar, Book, Calendar, Parts, Target};
use crate::model::{Case, EstablishmentId, InspectorId, VisitId};

/// A set of working days of the period, one bit each.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Days(SmallVec<[u64; 1]>);

impl Days {
    /// No day.
    pub fn none(calendar: &Calendar) -> Self {
        Self(smallvec![0; calendar.days().len().div_ceil(64)])
    }

    /// The days from `from` to `to`, inclusive; none of either means without end.
    pub fn between(calendar: &Calendar, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Self {
        let days = calendar.days();
        let first = from.map_or(0, |from| days.partition_point(|day| *day < from));
        let end = to.map_or(days.len(), |to| days.partition_point(|day| *day <= to));
        let mut set = Self::none(calendar);
        (first..end).for_each(|day| set.0[day / 64] |= 1 << (day % 64));
        set
    }

    /// Takes the days of `other` in.
    pub fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
    }

    /// Takes the days of `other` out.
    pub fn take(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= !other);
    }

    /// Takes one day in.
    pub fn add_one(&mut self, day: usize) {
        self.0[day / 64] |= 1 << (day % 64);
    }

    /// Takes one day out.
    pub fn take_one(&mut self, day: usize) {
        self.0[day / 64] &= !(1 << (day % 64));
    }

    /// Leaves only the days that `other` has too.
    pub fn keep(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= other);
    }

    /// Whether the two have a day in common.
    pub fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(word, other)| word & other != 0)
    }

    /// The same, where `other` has no day but some of `within`: it looks no further than there.
    pub fn meets_within(&self, other: &Self, within: &Range<usize>) -> bool {
        let words = within.start / 64..within.end.div_ceil(64);
        let pair = (self.0.get(words.clone()).unwrap_or_default(), other.0.get(words).unwrap_or_default());
        pair.0.iter().zip(pair.1).any(|(word, other)| word & other != 0)
    }

    /// Whether it has no day.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// Whether `day` is in it.
    pub fn has(&self, day: usize) -> bool {
        self.0[day / 64] >> (day % 64) & 1 == 1
    }

    /// Its days, in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            let next = |rest: &u64| Some(rest & (rest - 1)).filter(|rest| *rest != 0);
            let rests = std::iter::successors(Some(*word).filter(|word| *word != 0), next);
            rests.map(move |rest| at * 64 + rest.trailing_zeros() as usize)
        })
    }
}

/// All bars of a case.
pub struct Barred<'c> {
    /// The case.
    pub case: &'c Case,
    days: usize,
    waived: BTreeMap<VisitId, Vec<(&'c str, InspectorId)>>,
    all: Vec<(&'static str, Bar<'c>, Days)>,
    /// By inspector: days on which they may go nowhere.
    anywhere: Vec<Days>,
    /// By inspector: all their bars, as positions in `all`.
    of_person: Vec<Vec<usize>>,
    /// By inspector: bars of districts.
    of_districts: Vec<Vec<usize>>,
    of_establishment: BTreeMap<EstablishmentId, Vec<usize>>,
    of_owner: BTreeMap<&'c str, Vec<usize>>,
    of_sector: BTreeMap<&'c str, Vec<usize>>,
    /// Bars that hold for everybody.
    for_all: Vec<usize>,
    parts: Parts,
}

impl<'c> Barred<'c> {
    /// The bars of `case` under `book`.
    pub fn new(case: &'c Case, book: &Book, calendar: &Calendar) -> Self {
        let none = Days::none(calendar);
        let mut waived: BTreeMap<VisitId, Vec<(&'c str, InspectorId)>> = BTreeMap::new();
        for waiver in &case.waivers {
            waived.entry(waiver.visit).or_default().push((&waiver.rule, waiver.inspector));
        }
        let mut barred = Self {
            case,
            days: calendar.days().len(),
            waived,
            all: Vec::new(),
            anywhere: vec![none; case.inspectors.len()],
            of_person: vec![Vec::new(); case.inspectors.len()],
            of_districts: vec![Vec::new(); case.inspectors.len()],
            of_establishment: BTreeMap::new(),
            of_owner: BTreeMap::new(),
            of_sector: BTreeMap::new(),
            for_all: Vec::new(),
            parts: Parts::new(case, book, calendar),
        };
        for (entry, rule) in book.rules() {
            for bar in rule.bars(case) {
                let days = Days::between(calendar, bar.from, bar.to);
                if !days.is_empty() {
                    barred.gather(entry.name, bar, days);
                }
            }
        }
        barred
    }

    fn gather(&mut self, rule: &'static str, bar: Bar<'c>, days: Days) {
        let at = self.all.len();
        if let Some(who) = bar.inspector {
            self.of_person[who.index()].push(at);
        }
        match (bar.inspector, bar.target) {
            (None, _) => self.for_all.push(at),
            (Some(who), Target::Anywhere) => self.anywhere[who.index()].add(&days),
            (Some(who), Target::District(_) | Target::Outside(_)) => self.of_districts[who.index()].push(at),
            (Some(_), Target::Establishment(place)) => self.of_establishment.entry(place).or_default().push(at),
            (Some(_), Target::Owner(owner)) => self.of_owner.entry(owner).or_default().push(at),
            (Some(_), Target::Sector(sector)) => self.of_sector.entry(sector).or_default().push(at),
        }
        self.all.push((rule, bar, days));
    }

    /// Days on which nobody may go on `visit`.
    pub fn everybody(&self, visit: VisitId) -> Days {
        let place = self.case.visit(visit).establishment;
        let mut days = Days(smallvec![0; self.days.div_ceil(64)]);
        let hold =
            self.for_all.iter().map(|at| &self.all[*at]).filter(|(_, bar, _)| bar.target.covers(self.case, place));
        hold.for_each(|(_, _, barred)| days.add(barred));
        days
    }

    /// Days on which `who` may not go to places in `district`, whatever the place.
    pub fn in_district(&self, who: InspectorId, district: Option<&str>) -> Days {
        let mut days = self.anywhere[who.index()].clone();
        for (_, bar, barred) in self.of_districts[who.index()].iter().map(|at| &self.all[*at]) {
            let holds = match bar.target {
                Target::District(name) => district == Some(name),
                Target::Outside(served) => !district.is_some_and(|name| served.iter().any(|one| one == name)),
                _ => false,
            };
            if holds {
                days.add(barred);
            }
        }
        days
    }

    /// Who is barred from the place of `visit` for the place's own sake, in order; nothing where a waiver
    /// names the visit, since then [`on_visit`](Self::on_visit) has said it all.
    pub fn removed(&self, visit: VisitId) -> Vec<(InspectorId, Days)> {
        if self.waived_on(visit).is_empty() { self.at_place(visit) } else { Vec::new() }
    }

    /// Who is barred from `visit` on days on which they may go elsewhere, in order, whatever waivers say: for the place's own sake, or since
    /// every slot that is open to the visit is closed to them.
    pub fn at_place(&self, visit: VisitId) -> Vec<(InspectorId, Days)> {
        let place = self.case.visit(visit).establishment;
        let at = self.case.establishment(place);
        let lists = [
            self.of_establishment.get(&place),
            at.owner.as_deref().and_then(|owner| self.of_owner.get(owner)),
            at.sector.as_deref().and_then(|sector| self.of_sector.get(sector)),
        ];
        let mut removed: BTreeMap<InspectorId, Days> = BTreeMap::new();
        for (_, bar, days) in lists.into_iter().flatten().flatten().map(|at| &self.all[*at]) {
            if let Some(who) = bar.inspector {
                removed.entry(who).and_modify(|known| known.add(days)).or_insert_with(|| days.clone());
            }
        }
        for who in self.parts.people() {
            let mut shut = Days(smallvec![0; self.days.div_ceil(64)]);
            self.parts.shut(visit, who, |_| false).into_iter().for_each(|day| shut.add_one(day));
            if !shut.is_empty() {
                removed.entry(who).and_modify(|known| known.add(&shut)).or_insert(shut);
            }
        }
        removed.into_iter().collect()
    }

    /// Rules that are waived on `visit`, each with the person.
    pub fn waived_on(&self, visit: VisitId) -> &[(&'c str, InspectorId)] {
        self.waived.get(&visit).map_or(&[], Vec::as_slice)
    }

    /// Days on which `who` may not go on `visit`, all their own bars and waivers counted.
    pub fn on_visit(&self, visit: VisitId, who: InspectorId) -> Days {
        let mut days = self.standing(visit, who, &self.of_person[who.index()]);
        let lifted = |rule: &str| self.waived_on(visit).contains(&(rule, who));
        self.parts.shut(visit, who, lifted).into_iter().for_each(|day| days.add_one(day));
        days
    }

    /// Days on which bars that hold for everybody keep `who` from `visit`, waivers counted.
    pub fn with_everybody(&self, visit: VisitId, who: InspectorId) -> Days {
        self.standing(visit, who, &self.for_all)
    }

    fn standing(&self, visit: VisitId, who: InspectorId, bars: &[usize]) -> Days {
        let place = self.case.visit(visit).establishment;
        let mut days = Days(smallvec![0; self.days.div_ceil(64)]);
        for (rule, bar, barred) in bars.iter().map(|at| &self.all[*at]) {
            if bar.target.covers(self.case, place) && !self.waived_on(visit).contains(&(*rule, who)) {
                days.add(barred);
            }
        }
        days
    }

    /// For each day everybody whom `barred` does not bar, in order.
    pub fn by_day(&self, barred: impl Fn(InspectorId) -> Days) -> Vec<Vec<InspectorId>> {
        let mut by_day = vec![Vec::new(); self.days];
        for who in self.case.inspector_ids() {
            let days = barred(who);
            let free = by_day.iter_mut().enumerate().filter(|(day, _)| !days.has(*day));
            free.for_each(|(_, people)| people.push(who));
        }
        by_day
    }
}
