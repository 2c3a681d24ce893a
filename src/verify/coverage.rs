//! Part of the claim of bounds: no schedule could staff more visits than is stated. What is counted is counted again, in one pass.

use std::collections::BTreeSet;

use crate::model::{Case, Coverage, DayOrWeek, InspectorId, MostStaffed, Schedule, Shortfall, VisitId, Week};
use crate::rules::{Asked, Eligible, Goer};

/// A finding, and the facts.
type Wrong = (&'static str, String);

/// What is wrong with the stated bound, given who may go where from its first day to the end of the period, and what was
/// drawn before.
pub(super) fn weigh(eligible: &Eligible, before: &Schedule, most: &MostStaffed) -> Vec<Wrong> {
    let open = |visit: &VisitId| !before.assignments.contains_key(visit);
    let all: BTreeSet<_> = eligible.case.visit_ids().filter(open).collect();
    let mandatory = all.iter().copied().filter(|visit| eligible.case.visit(*visit).kind.is_mandatory()).collect();
    let scales = Scales { eligible, weeks: eligible.weeks().collect() };
    let of = |name, coverage, visits| {
        let wrong = scales.weigh(coverage, visits);
        wrong.into_iter().map(move |(finding, says)| (finding, format!("coverage of {name} visits: {says}")))
    };
    of("all", &most.visits, &all).chain(of("the mandatory", &most.mandatory, &mandatory)).collect()
}

struct Scales<'e, 'c> {
    eligible: &'e Eligible<'c>,
    weeks: Vec<Week>,
}

impl Scales<'_, '_> {
    fn weigh(&self, coverage: &Coverage, visits: &BTreeSet<VisitId>) -> Vec<Wrong> {
        let mut wrong = self.strangers(coverage, visits);
        if !wrong.is_empty() {
            return wrong;
        }
        let mut without = 0usize;
        for visit in &coverage.hopeless {
            match self.is_hopeless(*visit) {
                true => without += 1,
                false => wrong.push(("bound", format!("visit {} has people enough for itself", self.id(*visit)))),
            }
        }
        for short in &coverage.short {
            let counted = self.counted(short);
            let stated = (short.wanted, short.there, short.missing);
            without = without.saturating_add(counted.2);
            if counted != stated {
                let says = format!(
                    "the visits from {} on are said to want {} seats of {}, so that {} go without; counted again it is {}, {} and {}",
                    short.visits.first().map_or("nowhere", |visit| self.id(*visit)),
                    stated.0,
                    stated.1,
                    stated.2,
                    counted.0,
                    counted.1,
                    counted.2
                );
                wrong.push(("bound", says));
            }
        }
        if coverage.at_most < visits.len().saturating_sub(without) {
            let says = format!(
                "at most {} are said to be staffed; what is counted shows {}",
                coverage.at_most,
                visits.len().saturating_sub(without)
            );
            wrong.push(("bound", says));
        }
        wrong
    }

    fn id(&self, visit: VisitId) -> &str {
        &self.eligible.case.visit(visit).id
    }

    /// What the proof names and the span does not have, or names twice.
    fn strangers(&self, coverage: &Coverage, visits: &BTreeSet<VisitId>) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        let mut stranger = |says: String| wrong.push(("bound-proof", says));
        if coverage.of != visits.len() {
            stranger(format!("there are {} visits, not {}", visits.len(), coverage.of));
        }
        let mut known = BTreeSet::new();
        let named = coverage.short.iter().flat_map(|short| &short.visits).chain(&coverage.hopeless);
        for visit in named {
            if !visits.contains(visit) {
                stranger(format!("visit {} is not among them", self.id(*visit)));
            } else if !known.insert(visit) {
                stranger(format!("visit {} is counted twice", self.id(*visit)));
            }
        }
        for short in &coverage.short {
            let unasked = |visit: &&VisitId| short.quality.is_some() && self.asked(short, **visit).is_none();
            if let Some(visit) = short.visits.iter().find(unasked) {
                stranger(format!("visit {} does not ask for the quality that is counted", self.id(*visit)));
            }
            let times = short.full.iter().filter(|(who, time)| self.seats(*who, *time).is_none());
            times.for_each(|(who, time)| stranger(told_of(self.eligible.case, *who, *time)));
        }
        wrong
    }

    /// Whether there are too few people for the visit even if there were no other.
    fn is_hopeless(&self, visit: VisitId) -> bool {
        let people = |asked: Option<&Asked>| {
            self.eligible.goers(visit).filter(|goer| asked.is_none_or(|asked| asked.met_by(goer.who))).count()
        };
        people(None) < self.eligible.size(visit)
            || self.eligible.needs(visit).iter().any(|asked| people(Some(asked)) < asked.at_least)
    }

    fn asked(&self, short: &Shortfall, visit: VisitId) -> Option<&Asked> {
        let (rule, quality) = short.quality.as_ref()?;
        self.eligible.needs(visit).iter().find(|asked| asked.rule == rule && asked.quality == *quality)
    }

    /// The seats of a person then; none where the span has no such time.
    fn seats(&self, who: InspectorId, time: DayOrWeek) -> Option<u64> {
        match time {
            DayOrWeek::Week(week) => Some(self.eligible.seats(who, self.weeks.binary_search(&week).ok()?)),
            DayOrWeek::Day(date) => {
                let day = self.eligible.calendar.day(date)?;
                let week = self.weeks.binary_search(&Week::of(date)).ok()?;
                self.eligible.days_of(week).has(day).then(|| self.eligible.seats_on(who, day))
            }
        }
    }

    /// The seats that the visits want, those that they can have, and how many go without at least.
    fn counted(&self, short: &Shortfall) -> (u64, u64, usize) {
        let full: BTreeSet<_> = short.full.iter().copied().collect();
        let seats = |(who, time): &(InspectorId, DayOrWeek)| self.seats(*who, *time).unwrap_or(0);
        let mut there = full.iter().map(seats).fold(0, u64::saturating_add);
        let mut wanted = Vec::new();
        for visit in &short.visits {
            let asked = self.asked(short, *visit);
            wanted.push(asked.map_or(self.eligible.size(*visit), |asked| asked.at_least) as u64);
            let goers = self.eligible.goers(*visit).filter(|goer| asked.is_none_or(|asked| asked.met_by(goer.who)));
            there = there.saturating_add(goers.filter(|goer| !self.is_counted(&full, goer)).count() as u64);
        }
        wanted.sort_unstable();
        let mut left = there;
        let fits = wanted.iter().take_while(|seats| match left.checked_sub(**seats) {
            Some(rest) => {
                left = rest;
                true
            }
            None => false,
        });
        let staffed = fits.count();
        (wanted.iter().fold(0, |sum, seats| sum.saturating_add(*seats)), there, wanted.len() - staffed)
    }

    /// Whether all the days on which they may go are counted with all their seats.
    fn is_counted(&self, full: &BTreeSet<(InspectorId, DayOrWeek)>, goer: &Goer) -> bool {
        goer.takes_seat
            && goer.days.iter().all(|day| {
                let date = self.eligible.calendar.date(day);
                [DayOrWeek::Week(Week::of(date)), DayOrWeek::Day(date)]
                    .iter()
                    .any(|time| full.contains(&(goer.who, *time)))
            })
    }
}

fn told_of(case: &Case, who: InspectorId, time: DayOrWeek) -> String {
    let time = match time {
        DayOrWeek::Day(day) => format!("on {day}"),
        DayOrWeek::Week(week) => format!("in week {week}"),
    };
    format!("{} is named {time}, which is not among its days", case.inspector(who).id)
}
