//! Every (visit, time, team) that the rules might allow, and a search through all schedules made of them.
//!
//! What breaks a rule alone, or two by two, is left out beforehand, but for the rule no-return at a place that
//! several visits go to: there a third visit between can mend what two break. Every schedule that is found is asked
//! of the whole book again.

use foureyes::model::{Assignment, Case, InspectorId, Schedule, SlotId, Team, VisitId};
use foureyes::rules::{Book, Checker};

/// One way of one visit.
pub struct Column {
    pub visit: VisitId,
    pub assignment: Assignment,
}

/// The columns of a case, and which of them exclude each other.
pub struct Columns<'c> {
    pub case: &'c Case,
    book: &'c Book,
    checker: Checker<'c>,
    pub all: Vec<Column>,
    /// By visit: positions in `all`.
    of: Vec<Vec<usize>>,
    conflict: Vec<Vec<bool>>,
}

/// Visits that a schedule holds: mandatory ones, then all.
pub type Coverage = (usize, usize);

impl<'c> Columns<'c> {
    pub fn new(case: &'c Case, book: &'c Book) -> Self {
        let mut columns =
            Self { case, book, checker: book.checker(case), all: Vec::new(), of: Vec::new(), conflict: Vec::new() };
        for visit in case.visit_ids() {
            let first = columns.all.len();
            for assignment in columns.ways(visit) {
                if columns.stands(&[&Column { visit, assignment: assignment.clone() }]) {
                    columns.all.push(Column { visit, assignment });
                }
            }
            columns.of.push((first..columns.all.len()).collect());
        }
        let count = columns.all.len();
        columns.conflict = vec![vec![false; count]; count];
        for a in 0..count {
            for b in a + 1..count {
                let (one, other) = (&columns.all[a], &columns.all[b]);
                if one.visit != other.visit && may_matter(case, one, other) && !columns.stands(&[one, other]) {
                    columns.conflict[a][b] = true;
                    columns.conflict[b][a] = true;
                }
            }
        }
        columns
    }

    fn ways(&self, visit: VisitId) -> Vec<Assignment> {
        let size = self.book.rules().find_map(|(_, rule)| rule.team_size(self.case, visit)).unwrap_or(2);
        let people = self.case.inspectors.len();
        let sets = (0u32..1 << people).filter(|set| set.count_ones() as usize == size);
        let team = |set: u32| Team::new((0..people).filter(|at| set >> at & 1 == 1).map(InspectorId::at));
        let teams: Vec<Team> = sets.filter_map(team).collect();
        let mut ways = Vec::new();
        for date in self.case.period.days() {
            for slot in (0..self.case.period.slots.len()).map(SlotId::at) {
                if self.book.rules().any(|(_, rule)| rule.closed(self.case, visit, date, slot)) {
                    continue;
                }
                ways.extend(teams.iter().map(|team| Assignment { date, slot, team: team.clone() }));
            }
        }
        ways
    }

    /// Whether these few break nothing that more could not mend.
    fn stands(&self, few: &[&Column]) -> bool {
        let schedule = schedule(few.iter().copied());
        let place = |visit: VisitId| self.case.visit(visit).establishment;
        let open = |visit: &VisitId| {
            let mut others = self.case.visit_ids().filter(|other| place(*other) == place(*visit));
            others.any(|other| !schedule.assignments.contains_key(&other))
        };
        let lasts = |rule: &str, visits: &[VisitId]| rule != "no-return" || !visits.iter().any(open);
        !self.checker.check(&schedule).iter().any(|broken| lasts(broken.rule, &broken.visits))
    }

    /// The most that any schedule holds.
    pub fn most(&self) -> Coverage {
        let mut best = (0, 0);
        self.walk(0, &mut Vec::new(), &mut |found, chosen| {
            if found > best && self.is_sound(chosen) {
                best = found;
            }
            best
        });
        best
    }

    /// The schedule of that coverage with the least price, which is the sum over its seats.
    pub fn cheapest(
        &self,
        coverage: Coverage,
        price: &dyn Fn(VisitId, InspectorId) -> f64,
    ) -> Option<(f64, Vec<usize>)> {
        let cost: Vec<f64> = self
            .all
            .iter()
            .map(|column| column.assignment.team.members().iter().map(|who| price(column.visit, *who)).sum())
            .collect();
        let mut ways: Vec<Vec<usize>> = self.of.clone();
        ways.iter_mut().for_each(|of| of.sort_by(|a, b| cost[*a].total_cmp(&cost[*b])));
        let mut search = Cheapest { columns: self, cost, ways, coverage, best: None };
        search.walk(0, &mut Vec::new(), 0.0, (0, 0));
        search.best
    }

    /// Tells of every choice of columns that are no two in conflict, as long as it may beat what `best` returns.
    fn walk(&self, visit: usize, chosen: &mut Vec<usize>, best: &mut dyn FnMut(Coverage, &[usize]) -> Coverage) {
        let now = self.coverage(chosen);
        let rest = (visit..self.of.len()).fold((0, 0), |sum, at| add(sum, self.worth(VisitId::at(at))));
        let top = add(now, rest);
        if visit == self.of.len() {
            best(now, chosen);
            return;
        }
        if top <= best((0, 0), &[]) {
            return;
        }
        for column in &self.of[visit] {
            if self.may_join(*column, chosen) {
                chosen.push(*column);
                self.walk(visit + 1, chosen, best);
                chosen.pop();
            }
        }
        self.walk(visit + 1, chosen, best);
    }

    fn may_join(&self, column: usize, chosen: &[usize]) -> bool {
        if chosen.iter().any(|other| self.conflict[column][*other]) {
            return false;
        }
        let own = &self.all[column];
        let place = |column: &Column| self.case.visit(column.visit).establishment;
        let others = || chosen.iter().map(|at| &self.all[*at]);
        let crowded = |who: &InspectorId| others().filter(|other| other.assignment.team.contains(*who)).count() > 1;
        let three = own.assignment.team.members().iter().any(crowded)
            || others().filter(|other| place(other) == place(own)).count() > 1;
        !three || self.stands(&others().chain([own]).collect::<Vec<_>>())
    }

    fn worth(&self, visit: VisitId) -> Coverage {
        (usize::from(self.case.visit(visit).kind.is_mandatory()), 1)
    }

    fn coverage(&self, chosen: &[usize]) -> Coverage {
        chosen.iter().fold((0, 0), |sum, column| add(sum, self.worth(self.all[*column].visit)))
    }

    pub fn schedule(&self, chosen: &[usize]) -> Schedule {
        schedule(chosen.iter().map(|column| &self.all[*column]))
    }

    fn is_sound(&self, chosen: &[usize]) -> bool {
        self.checker.check(&self.schedule(chosen)).is_empty()
    }
}

struct Cheapest<'s, 'c> {
    columns: &'s Columns<'c>,
    cost: Vec<f64>,
    ways: Vec<Vec<usize>>,
    coverage: Coverage,
    best: Option<(f64, Vec<usize>)>,
}

impl Cheapest<'_, '_> {
    fn walk(&mut self, visit: usize, chosen: &mut Vec<usize>, spent: f64, now: Coverage) {
        let known = self.best.as_ref().map_or(f64::INFINITY, |(cost, _)| *cost);
        if spent >= known - 1e-9 {
            return;
        }
        let rest = (visit..self.ways.len()).fold((0, 0), |sum, at| add(sum, self.columns.worth(VisitId::at(at))));
        if add(now, rest) < self.coverage {
            return;
        }
        // Where every visit that is left must be held, each costs what its cheapest way does at least.
        let least = |visit: usize| self.ways[visit].first().map_or(f64::INFINITY, |way| self.cost[*way]);
        let ahead: f64 = (visit..self.ways.len()).map(least).sum();
        if add(now, rest) == self.coverage && spent + ahead >= known - 1e-9 {
            return;
        }
        if visit == self.ways.len() {
            if self.columns.is_sound(chosen) {
                self.best = Some((spent, chosen.clone()));
            }
            return;
        }
        for at in 0..self.ways[visit].len() {
            let column = self.ways[visit][at];
            if self.columns.may_join(column, chosen) {
                chosen.push(column);
                let worth = self.columns.worth(VisitId::at(visit));
                self.walk(visit + 1, chosen, spent + self.cost[column], add(now, worth));
                chosen.pop();
            }
        }
        self.walk(visit + 1, chosen, spent, now);
    }
}

fn add(a: Coverage, b: Coverage) -> Coverage {
    (a.0 + b.0, a.1 + b.1)
}

fn schedule<'a>(columns: impl Iterator<Item = &'a Column>) -> Schedule {
    Schedule { assignments: columns.map(|column| (column.visit, column.assignment.clone())).collect() }
}

/// Two columns that share nobody, no place and no operation can't be in each other's way.
fn may_matter(case: &Case, one: &Column, other: &Column) -> bool {
    let (a, b) = (case.visit(one.visit), case.visit(other.visit));
    a.establishment == b.establishment
        || (a.operation.is_some() && a.operation == b.operation)
        || one.assignment.team.members().iter().any(|who| other.assignment.team.contains(*who))
}
