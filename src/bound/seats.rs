//! The seats that there are: how many visits each person can make in each week, as far as bars, days and the
//! numbers of the rule workload let them.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::model::{Case, EstablishmentId, InspectorId, Setting, Week};
use crate::rules::{Bar, Book, Target};

/// The seats of everybody in every week.
pub(super) struct Seats<'c> {
    case: &'c Case,
    bars: Vec<Bar<'c>>,
    /// The weeks of the period and their working days.
    pub weeks: Vec<(Week, Vec<NaiveDate>)>,
    numbers: Numbers,
    past_on_day: BTreeMap<(InspectorId, NaiveDate), usize>,
    past_in_week: BTreeMap<(InspectorId, Week), usize>,
}

/// What the rule workload allows: visits a slot, a day, a week. Where it is off, nothing limits but
/// the number of visits that there are.
struct Numbers {
    slot: usize,
    day: usize,
    week: usize,
    own: bool,
}

impl Numbers {
    fn of(case: &Case, book: &Book) -> Self {
        let on = book.all().iter().find(|booked| booked.entry.name == "workload" && booked.rule.is_some());
        let number = |name: &str| match on.and_then(|booked| booked.parameters.get(name)) {
            Some(Setting::Number(number)) => usize::try_from(*number).unwrap_or(0),
            _ => case.visits.len(),
        };
        Self { slot: number("per_slot"), day: number("per_day"), week: number("per_week"), own: on.is_some() }
    }
}

impl<'c> Seats<'c> {
    /// The seats of a case under a book.
    pub fn new(case: &'c Case, book: &'c Book) -> Self {
        let mut weeks: Vec<(Week, Vec<NaiveDate>)> = Vec::new();
        for day in case.period.days() {
            match weeks.last_mut() {
                Some((week, days)) if *week == Week::of(day) => days.push(day),
                _ => weeks.push((Week::of(day), vec![day])),
            }
        }
        let mut past_on_day = BTreeMap::new();
        let mut past_in_week = BTreeMap::new();
        let (first, last) = (Week::of(case.period.from), Week::of(case.period.to));
        for past in case.history.iter().filter(|past| (first..=last).contains(&Week::of(past.date))) {
            for member in &past.team {
                *past_on_day.entry((*member, past.date)).or_default() += 1;
                *past_in_week.entry((*member, Week::of(past.date))).or_default() += 1;
            }
        }
        let bars = book.rules().flat_map(|(_, rule)| rule.bars(case)).collect();
        Self { case, bars, weeks, numbers: Numbers::of(case, book), past_on_day, past_in_week }
    }

    /// Visits that each person can make in each week, anywhere or in the district of a place: the
    /// least of what the week allows and what its days do, after bars. By person, then week.
    pub fn table(&self, district_of: Option<EstablishmentId>) -> Vec<Vec<usize>> {
        let holds = |target: Target| match target {
            Target::Anywhere => true,
            Target::District(_) | Target::Outside(_) => {
                district_of.is_some_and(|place| target.covers(self.case, place))
            }
            Target::Establishment(_) | Target::Owner(_) | Target::Sector(_) => false,
        };
        let bars = self.bars.iter().filter(|bar| holds(bar.target));
        let mut of = vec![Vec::new(); self.case.inspectors.len()];
        for bar in bars {
            match bar.inspector {
                Some(who) => of[who.index()].push(bar),
                None => of.iter_mut().for_each(|bars| bars.push(bar)),
            }
        }
        self.case.inspector_ids().map(|who| self.weeks_of(who, &of[who.index()])).collect()
    }

    fn weeks_of(&self, who: InspectorId, bars: &[&Bar]) -> Vec<usize> {
        let inspector = self.case.inspector(who);
        let own = |own: Option<u32>| own.filter(|_| self.numbers.own).map(|own| own as usize);
        let most_day = own(inspector.visits_per_day).unwrap_or(self.numbers.day);
        let most_week = own(inspector.visits_per_week).unwrap_or(self.numbers.week);
        let by_slots = self.numbers.slot.saturating_mul(self.case.period.slots.len());
        let free = |day: &&NaiveDate| {
            !bars.iter().any(|bar| bar.from.is_none_or(|from| from <= **day) && bar.to.is_none_or(|to| **day <= to))
        };
        let on_day = |day: &NaiveDate| {
            let past = self.past_on_day.get(&(who, *day)).copied().unwrap_or(0);
            most_day.saturating_sub(past).min(by_slots)
        };
        let week = |(week, days): &(Week, Vec<NaiveDate>)| {
            let past = self.past_in_week.get(&(who, *week)).copied().unwrap_or(0);
            let days = days.iter().filter(free).map(on_day).fold(0, usize::saturating_add);
            days.min(most_week.saturating_sub(past))
        };
        self.weeks.iter().map(week).collect()
    }
}
