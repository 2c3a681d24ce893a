//! A place is visited no more often than a published number, whoever comes.
//!
//! # Says
//! A visit counts for `months` months: from its day to the day before the same day so many months later. On the day of a planned visit
//! no more than so many visits to its place count, the visit itself, those planned before it and those that history records up to
//! that day among them. How many that are says the risk class of the place where `classes` names it, and else `visits`; with 0 nobody
//! comes. With the scope `owner` the visits to all places of an owner are counted together, and a place without an owner stands for
//! itself. Visits of the kinds that `uncounted` names neither count nor break the rule; a past visit without a kind counts.
//! What history records at one place on one day is one visit, whichever agencies came, unless its rows have different words in
//! `visit`: then it is one for each word, rows without a word together being one; it counts if one of its rows does. Between a
//! visit that counts and the last one before it to the same place lie at least `gap` days; two visits on one day lie no day
//! apart. No waiver lifts this rule, for it holds back nobody in person: a visit with a cause is of a kind that does not count.
//!
//! # Why
//! Whoever may come as often as they like can come until they are paid. But a place whose visits are used up knows that it is
//! safe, so `plan` says which places are and for how long.
//!
//! # Passes
//! With 2 visits in 12 months: Mill was visited on 4 January 2026 and in June, and is visited again on 4 January 2027.
//!
//! # Breaks
//! With 2 visits in 12 months: Mill was visited on 5 January 2026 and by the tax agency in June, and is visited on 4 January 2027.
//!
//! # Source
//! China, State Council General Office, opinions no. 54 of 2024 (Guobanfa): each agency publishes how often a year it may inspect
//! one enterprise; inspections for a cause are not counted.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use smallvec::SmallVec;

use super::shared::{Moment, Scope};
use super::words::{among, same};
use super::{
    Board, Check, Chosen, Clash, Column, Entry, Found, Guard, Held, Parameter, Place, Question, Reach, Rule, Sent,
    Shape, Value, Violation,
};
use crate::model::{Case, Establishment, EstablishmentId, PastVisit, VisitId};

mod safe;

pub use safe::Safe;
pub(super) use safe::safe_places;

const NAME: &str = "visit-cap";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    since: 2,
    shape: Shape::Limit,
    enabled: false,
    waivable: false,
    parameters: &[
        Parameter {
            name: "visits",
            value: Value::Number(2, 0, 1000),
            says: "visits that may count at one time, at places whose risk class `classes` does not name",
        },
        Parameter {
            name: "classes",
            value: Value::Counts(0, 1000, Column::Risk),
            says: "the same by risk class, such as [\"high=4\", \"low=1\"]",
        },
        Parameter { name: "months", value: Value::Number(12, 1, 1200), says: "months for which a visit counts" },
        Parameter {
            name: "scope",
            value: Value::Choice("establishment", &["establishment", "owner"]),
            says: "whose visits are counted: those to the establishment, or to all that have the same owner",
        },
        Parameter {
            name: "gap",
            value: Value::Number(0, 0, 36_500),
            says: "days between two visits to one place, at least; 0 asks nothing",
        },
        Parameter {
            name: "uncounted",
            value: Value::List(&["complaint", "follow-up", "raid"], Column::Kind),
            says: "kinds of visits that neither count nor are limited, also in the words of history",
        },
    ],
    later: &[],
    text: include_str!("visit_cap.rs"),
    make: |chosen: &Chosen| Box::new(VisitCap::of(chosen)),
};

#[derive(Clone)]
struct VisitCap {
    visits: usize,
    classes: Vec<(String, usize)>,
    months: Months,
    by_owner: bool,
    gap: i64,
    uncounted: Vec<String>,
}

impl VisitCap {
    fn of(chosen: &Chosen) -> Self {
        let count = |number: i64| usize::try_from(number).expect("declared with a least of 0 or more");
        Self {
            visits: chosen.count("visits"),
            classes: chosen
                .counts("classes")
                .into_iter()
                .map(|(class, most)| (class.to_owned(), count(most)))
                .collect(),
            months: Months::new(u32::try_from(chosen.number("months")).expect("declared as 1 to 1,200")),
            by_owner: chosen.choice("scope") == "owner",
            gap: chosen.number("gap"),
            uncounted: chosen.list("uncounted").to_vec(),
        }
    }

    /// Visits that may count at one time at `place`.
    fn most(&self, place: &Establishment) -> usize {
        let named = |risk: &String| self.classes.iter().find(|(class, _)| same(class, risk));
        place.risk.as_ref().and_then(named).map_or(self.visits, |(_, most)| *most)
    }

    fn counts(&self, case: &Case, visit: VisitId) -> bool {
        !among(&self.uncounted, case.visit(visit).kind.word())
    }

    fn past_counts(&self, past: &PastVisit) -> bool {
        past.kind.as_ref().is_none_or(|kind| !among(&self.uncounted, kind))
    }

    /// The first day on which a visit of `date` counts no more.
    fn over(&self, date: NaiveDate) -> NaiveDate {
        date.checked_add_months(self.months).unwrap_or(NaiveDate::MAX)
    }

    fn too_close(&self, a: NaiveDate, b: NaiveDate) -> bool {
        (b - a).num_days().abs() < self.gap
    }

    /// The past visits that count: when, and where; in order.
    fn past(&self, case: &Case) -> Vec<(NaiveDate, EstablishmentId)> {
        let mut all = Vec::new();
        for rows in case.history.chunk_by(|a, b| (a.date, a.establishment) == (b.date, b.establishment)) {
            let counted = rows.iter().filter(|row| self.past_counts(row));
            let mut visits: SmallVec<[Option<&str>; 4]> = counted.map(|row| row.visit.as_deref()).collect();
            visits.sort_unstable();
            visits.dedup();
            all.extend(visits.iter().map(|_| (rows[0].date, rows[0].establishment)));
        }
        all
    }
}

impl Rule for VisitCap {
    fn guard<'c>(&self, case: &'c Case) -> Option<Box<dyn Guard + 'c>> {
        let guard = Used::of(self, case);
        guard.scope_of.iter().any(Option::is_some).then(|| Box::new(guard) as Box<dyn Guard>)
    }

    fn checker<'c>(&'c self, case: &'c Case) -> Option<Box<dyn Check + 'c>> {
        let mut scopes: BTreeMap<Scope, Counted> = BTreeMap::new();
        for visit in case.visit_ids().filter(|visit| self.counts(case, *visit)) {
            let scope = Scope::of(case, case.visit(visit).establishment, self.by_owner);
            scopes.entry(scope).or_default().visits.push(visit);
        }
        for (date, place) in self.past(case) {
            if let Some(counted) = scopes.get_mut(&Scope::of(case, place, self.by_owner)) {
                counted.past.push((date, place));
            }
        }
        let any = !scopes.is_empty();
        any.then(|| {
            Box::new(Capped { rule: self, case, scopes: scopes.into_values().collect() }) as Box<dyn Check + 'c>
        })
    }
}

/// What counts at one place, or at the places of one owner: visits to be made, and days of past ones, in order.
#[derive(Default)]
struct Counted {
    visits: Vec<VisitId>,
    past: Vec<(NaiveDate, EstablishmentId)>,
}

struct Capped<'c> {
    rule: &'c VisitCap,
    case: &'c Case,
    scopes: Vec<Counted>,
}

impl Check for Capped<'_> {
    fn check(&self, held: &Held, found: &mut Found) {
        for scope in &self.scopes {
            let mut sent: SmallVec<[Sent; 4]> = scope.visits.iter().filter_map(|visit| held.visit(*visit)).collect();
            sent.sort_unstable_by_key(|sent| sent.start);
            for at in 0..sent.len() {
                self.check_number(scope, &sent[..=at], found);
                self.check_gap(scope, &sent[..=at], found);
            }
        }
    }

    fn reach(&self) -> Reach {
        Reach::Visits
    }

    fn ties(&self) -> Vec<Vec<VisitId>> {
        self.scopes.iter().map(|scope| scope.visits.clone()).collect()
    }
}

impl Capped<'_> {
    /// Of the visits that are held, in order, the last.
    fn check_number(&self, scope: &Counted, sent: &[Sent], found: &mut Found) {
        let Some(last) = sent.last() else { return };
        let (date, place) = (last.start.date, self.case.place_of(last.visit()));
        let counts = |day: NaiveDate| day <= date && date < self.rule.over(day);
        let past = scope.past.iter().filter(|(day, _)| counts(*day)).count();
        let planned = sent.iter().filter(|one| counts(one.start.date)).count();
        let most = self.rule.most(place);
        if past + planned > most {
            let (id, months) = (&self.case.visit(last.visit()).id, self.rule.months.as_u32());
            let to = match Scope::of(self.case, self.case.visit(last.visit()).establishment, self.rule.by_owner) {
                Scope::Owner(owner) => format!("to places of {owner}"),
                Scope::Place(_) => format!("to {}", place.id),
            };
            let number = past + planned;
            let says =
                format!("visit {id} on {date} is number {number} {to} in {months} months; at most {most} may be");
            found.tell(|| Violation { rule: NAME, visits: vec![last.visit()], inspectors: Vec::new(), says });
        }
    }

    fn check_gap(&self, scope: &Counted, sent: &[Sent], found: &mut Found) {
        let Some((last, earlier)) = sent.split_last() else { return };
        let (date, place) = (last.start.date, self.case.visit(last.visit()).establishment);
        let here = |sent: &&Sent| self.case.visit(sent.visit()).establishment == place;
        let planned = earlier.iter().rev().find(here).map(|sent| sent.start.moment());
        let past = scope.past.iter().rev().find(|(day, at)| *at == place && *day <= date);
        let past: Option<Moment> = past.map(|(day, _)| (*day, None));
        let Some(before) = planned.max(past).filter(|before| self.rule.too_close(before.0, date)) else { return };
        let (id, at, gap) = (&self.case.visit(last.visit()).id, &self.case.place_of(last.visit()).id, self.rule.gap);
        let days = (date - before.0).num_days();
        let how = match before.1 {
            Some((_, visit)) => format!("with visit {}", self.case.visit(visit).id),
            None => "(history)".to_owned(),
        };
        let says =
            format!("visit {id} to {at} on {date} is {days} days after {} {how}; at least {gap} are asked", before.0);
        found.tell(|| Violation { rule: NAME, visits: vec![last.visit()], inspectors: Vec::new(), says });
    }
}

/// How much of each cap history has used up, for the builder.
struct Used {
    rule: VisitCap,
    /// By visit; none where it neither counts nor could break the rule.
    scope_of: Vec<Option<usize>>,
    scopes: Vec<Counted>,
    /// By visit: how many may count at its place.
    most: Vec<usize>,
}

impl Used {
    fn of(rule: &VisitCap, case: &Case) -> Self {
        let mut numbers: BTreeMap<Scope, usize> = BTreeMap::new();
        let mut scopes: Vec<Counted> = Vec::new();
        let mut scope_of = vec![None; case.visits.len()];
        let most: Vec<usize> = case.visit_ids().map(|visit| rule.most(case.place_of(visit))).collect();
        for visit in case.visit_ids().filter(|visit| rule.counts(case, *visit)) {
            let scope = Scope::of(case, case.visit(visit).establishment, rule.by_owner);
            let number = *numbers.entry(scope).or_insert(scopes.len());
            if number == scopes.len() {
                scopes.push(Counted::default());
            }
            scopes[number].visits.push(visit);
            scope_of[visit.index()] = Some(number);
        }
        for (date, place) in rule.past(case).into_iter().filter(|(date, _)| *date <= case.period.to) {
            let near = rule.over(date) > case.period.from || rule.too_close(date, case.period.from);
            if let Some(number) = numbers.get(&Scope::of(case, place, rule.by_owner)).filter(|_| near) {
                scopes[*number].past.push((date, place));
            }
        }
        for number in scope_of.iter_mut() {
            let idle = |at: &usize| scopes[*at].cannot_break(rule, &most);
            *number = number.filter(|at| !idle(at));
        }
        Self { rule: rule.clone(), scope_of, scopes, most }
    }
}

impl Counted {
    /// Whether all that counts here together is still allowed.
    fn cannot_break(&self, rule: &VisitCap, most: &[usize]) -> bool {
        let all = self.visits.len() + self.past.len();
        let alone = rule.gap == 0 || all == 1;
        alone && self.visits.iter().all(|visit| all <= most[visit.index()])
    }
}

/// A counted visit on the board, or one that would come to it.
#[derive(Clone, Copy)]
struct Stands {
    moment: Moment,
    visit: VisitId,
}

impl Guard for Used {
    fn answers(&self, question: Question) -> bool {
        question == Question::Time
    }

    fn time(&self, board: &Board, place: Place, clash: &mut dyn FnMut(Clash)) {
        let Some(scope) = self.scope_of[place.visit.index()].map(|number| &self.scopes[number]) else { return };
        let at = |visit: VisitId, day: usize, slot| Stands {
            moment: (board.calendar.date(day), Some((slot, visit))),
            visit,
        };
        let new = at(place.visit, place.day, place.slot);
        let stands = scope.visits.iter().filter_map(|visit| {
            let placed = board.placed(*visit)?;
            Some(at(*visit, placed.day, placed.slot))
        });
        let stands: SmallVec<[Stands; 8]> = stands.collect();
        self.ask_number(scope, &stands, new, new, clash);
        let counts_later = |one: &&Stands| one.moment > new.moment && one.moment.0 < self.rule.over(new.moment.0);
        for later in stands.iter().filter(counts_later) {
            self.ask_number(scope, &stands, new, *later, clash);
        }
        self.ask_gap(board.case, scope, &stands, new, clash);
    }
}

impl Used {
    /// Whether too many count on the day of `last` once `new` has come.
    fn ask_number(&self, scope: &Counted, stands: &[Stands], new: Stands, last: Stands, clash: &mut dyn FnMut(Clash)) {
        let date = last.moment.0;
        let counts = |day: NaiveDate| day <= date && date < self.rule.over(day);
        let past = scope.past.iter().filter(|(day, _)| counts(*day)).count();
        let most = self.most[last.visit.index()];
        let counted = stands.iter().filter(|one| one.moment <= last.moment && counts(one.moment.0));
        let planned: SmallVec<[VisitId; 8]> = counted.map(|one| one.visit).collect();
        let Some(go) = (past + planned.len() + 1).checked_sub(most).filter(|over| *over > 0) else { return };
        if planned.is_empty() || (last.visit == new.visit && past + 1 > most) {
            return clash(Clash::Fixed);
        }
        clash(Clash::Planned { visits: &planned, go: go.min(planned.len()) });
    }

    fn ask_gap(&self, case: &Case, scope: &Counted, stands: &[Stands], new: Stands, clash: &mut dyn FnMut(Clash)) {
        let (date, place) = (new.moment.0, case.visit(new.visit).establishment);
        let near = |day: NaiveDate| self.rule.too_close(day, date);
        if self.rule.gap > 0 && scope.past.iter().any(|(day, at)| *at == place && *day <= date && near(*day)) {
            clash(Clash::Fixed);
        }
        for one in stands.iter().filter(|one| case.visit(one.visit).establishment == place && near(one.moment.0)) {
            clash(Clash::Planned { visits: &[one.visit], go: 1 });
        }
    }
}

#[cfg(test)]
mod tests;
