//! The model: one option a visit, the waivers that these take, as few changes as can be.
//!
//! What rules say of several options together is not in the model from the start. It is asked again and again: the checks look at what
//! was chosen, and for each thing that they find wrong a line is added that says so: *not all of these options, unless one of
//! these waivers is signed*. A choice that they find sound costs no more than any other, for every line is true of
//! every sound choice: what breaks a rule breaks it whatever else is planned, and more waivers never do harm. Only the order of visits
//! at one place is different (`no-return` looks at the visit before), so a line takes all that was chosen at the place with it.
//!
//! Floats are the solver's; what it says is read as yes and no, and the checks have the last word.

use std::collections::{BTreeMap, BTreeSet};

use good_lp::{Expression, ProblemVariables, Solution, SolverModel, Variable, constraint, variable};

#[cfg(feature = "highs")]
use good_lp::highs as in_whole_numbers;
#[cfg(not(feature = "highs"))]
use good_lp::microlp as in_whole_numbers;

use super::super::change::Change;
use super::options::{Choosable, Lifted, Options, are_near, is_limit, price, what_lifts};
use crate::model::{Assignment, Case, InspectorId, Schedule, VisitId, Waiver};
use crate::rules::{Checker, Sheet, Violation};

/// Times that the model is asked.
const ROUNDS: usize = 60;

/// Which changes may be made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Allowed {
    /// Waivers.
    pub waivers: bool,
    /// People whom the roster does not have.
    pub further: bool,
}

/// What was chosen.
pub(super) struct Choice<'o> {
    /// One option a visit.
    pub options: Vec<&'o Choosable>,
    /// The waivers.
    pub lifted: BTreeSet<Lifted>,
}

/// Not all of `all` visits' options among these, unless one of the waivers is signed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    among: BTreeSet<usize>,
    all: usize,
    lifts: BTreeSet<Lifted>,
}

/// The cheapest choice that the rules' checks find sound; none where the model finds none in so many rounds.
pub(super) fn choose<'o>(options: &'o Options, allowed: Allowed) -> Option<Choice<'o>> {
    let mut lines = first_lines(options, allowed);
    for _ in 0..ROUNDS {
        let (chosen, lifted) = solve(options, allowed, &lines)?;
        let found = Trial::new(options, &lifted).lines(&chosen, allowed);
        if found.is_empty() {
            let options = chosen.iter().map(|at| &options.all[*at]).collect();
            return Some(Choice { options, lifted });
        }
        let before = lines.len();
        lines.extend(found);
        if lines.len() == before {
            return None;
        }
    }
    None
}

/// What each option needs for itself; options of a visit that need the same stand in one line.
fn first_lines(options: &Options, allowed: Allowed) -> BTreeSet<Line> {
    let mut grouped: BTreeMap<(VisitId, &Vec<Lifted>), BTreeSet<usize>> = BTreeMap::new();
    for (at, lifts) in &options.needs {
        grouped.entry((options.all[*at].visit, lifts)).or_default().insert(*at);
    }
    let line = |((_, lifts), among): ((VisitId, &Vec<Lifted>), BTreeSet<usize>)| {
        let lifts = if allowed.waivers { lifts.iter().copied().collect() } else { BTreeSet::new() };
        Line { among, all: 1, lifts }
    };
    grouped.into_iter().map(line).collect()
}

/// The cheapest choice that keeps to the lines.
fn solve(options: &Options, allowed: Allowed, lines: &BTreeSet<Line>) -> Option<(Vec<usize>, BTreeSet<Lifted>)> {
    let mut variables = ProblemVariables::new();
    let mut costs = Expression::from(0.0);
    let mut taken: Vec<Option<Variable>> = Vec::new();
    let mut of_visit: BTreeMap<VisitId, Expression> = BTreeMap::new();
    for option in &options.all {
        let may = allowed.further || option.further.is_empty();
        let variable = may.then(|| variables.add(variable().binary()));
        if let Some(variable) = variable {
            costs += variable * option.cost as f64;
            *of_visit.entry(option.visit).or_insert_with(|| Expression::from(0.0)) += variable;
        }
        taken.push(variable);
    }
    let mut waived: BTreeMap<Lifted, Variable> = BTreeMap::new();
    for (rule, visit, who) in lines.iter().flat_map(|line| &line.lifts) {
        waived.entry((*rule, *visit, *who)).or_insert_with(|| {
            let change = Change::Waive { rule, inspector: *who };
            let signed = variables.add(variable().binary());
            costs += signed * price(&options.case, options.book, *visit, &change) as f64;
            signed
        });
    }
    let mut model = variables.minimise(costs).using(in_whole_numbers);
    for sum in of_visit.into_values() {
        model = model.with(constraint!(sum == 1.0));
    }
    for line in lines {
        let sum: Expression = line.among.iter().filter_map(|at| taken[*at]).sum();
        let lifts: Expression = line.lifts.iter().filter_map(|lifted| waived.get(lifted)).sum();
        model = model.with(constraint!(sum - lifts <= line.all as f64 - 1.0));
    }
    let solved = model.solve().ok()?;
    let yes = |variable: &Variable| solved.value(*variable) > 0.5;
    let chosen = (0..taken.len()).filter(|at| taken[*at].as_ref().is_some_and(yes)).collect();
    Some((chosen, waived.into_iter().filter(|(_, variable)| yes(variable)).map(|(lifted, _)| lifted).collect()))
}

/// The rules' own checks, with some waivers signed.
struct Trial<'o> {
    options: &'o Options<'o>,
    case: Case,
    lifted: &'o BTreeSet<Lifted>,
}

impl<'o> Trial<'o> {
    fn new(options: &'o Options<'o>, lifted: &'o BTreeSet<Lifted>) -> Self {
        let mut case = options.case.clone();
        case.waivers.extend(lifted.iter().map(|(rule, visit, who)| Waiver {
            rule: (*rule).to_owned(),
            visit: *visit,
            inspector: *who,
            reason: String::new(),
            approver: String::new(),
            date: options.case.period.from,
        }));
        case.waivers.sort();
        Self { options, case, lifted }
    }

    /// What is wrong with what was chosen, as lines of the model.
    fn lines(&self, chosen: &[usize], allowed: Allowed) -> BTreeSet<Line> {
        let checker = self.options.book.checker(&self.case);
        let mut lines = BTreeSet::new();
        for violation in self.found(&checker, chosen) {
            let core = self.core(&checker, chosen, &violation);
            let lifts = self.open(allowed, &core, &violation);
            let plain = Line { among: core.iter().copied().collect(), all: core.len(), lifts };
            for at in &core {
                let just_so = |core: &[usize], found: &Violation| self.open(allowed, core, found) == plain.lifts;
                let mut line = plain.clone();
                line.among.extend(self.alike(&checker, &core, *at, &violation, just_so));
                lines.insert(line);
            }
        }
        lines
    }

    /// What the checks find wrong with these options, beside what was wrong before.
    fn found(&self, checker: &Checker, chosen: &[usize]) -> Vec<Violation> {
        let mut sheet = Sheet::new(&self.case);
        let options = self.around(chosen);
        let put = sheet.put_all(&options);
        assert!(put, "options name visits and people of the case");
        let mut found = checker.violations(sheet.read());
        found.retain(|violation| !self.options.before.contains(violation));
        found
    }

    /// These options, and those visits that stay and share a place, an owner, an operation or a person with them.
    fn around(&self, chosen: &[usize]) -> Schedule {
        let options = || chosen.iter().map(|at| &self.options.all[*at]);
        let people: BTreeSet<InspectorId> =
            options().filter_map(|one| one.held.as_ref()).flat_map(|held| held.team.members()).copied().collect();
        let matters = |visit: VisitId, team: &[InspectorId]| {
            team.iter().any(|who| people.contains(who)) || options().any(|one| are_near(&self.case, one.visit, visit))
        };
        let base = self.options.base.assignments.iter();
        let mut part: BTreeMap<_, _> = base
            .filter(|(visit, held)| matters(**visit, held.team.members()))
            .map(|(visit, held)| (*visit, held.clone()))
            .collect();
        part.extend(options().filter_map(|one| Some((one.visit, one.held.clone()?))));
        Schedule { assignments: part }
    }

    /// The chosen options without which the violation would not be there.
    fn core(&self, checker: &Checker, chosen: &[usize], violation: &Violation) -> Vec<usize> {
        let (mut core, limit) = (chosen.to_vec(), is_limit(violation.rule));
        for at in chosen {
            let option = &self.options.all[*at];
            let near = |visit: &VisitId| are_near(&self.case, option.visit, *visit);
            if violation.visits.contains(&option.visit) || (limit && violation.visits.iter().any(near)) {
                continue;
            }
            let fewer: Vec<_> = core.iter().copied().filter(|other| other != at).collect();
            if option.held.is_none() || self.is_there(checker, &fewer, violation) {
                core = fewer;
            }
        }
        core
    }

    /// Whether the same people break the same rule at the same visits.
    fn is_there(&self, checker: &Checker, chosen: &[usize], violation: &Violation) -> bool {
        self.found(checker, chosen).iter().any(|found| {
            (found.rule, &found.visits, &found.inspectors) == (violation.rule, &violation.visits, &violation.inspectors)
        })
    }

    /// The waivers that might lift it and are not signed yet.
    fn open(&self, allowed: Allowed, core: &[usize], violation: &Violation) -> BTreeSet<Lifted> {
        if !allowed.waivers {
            return BTreeSet::new();
        }
        let team = |visit| {
            let own = core.iter().map(|at| &self.options.all[*at]).find(|option| option.visit == visit);
            let held = own.map_or_else(|| self.options.base.assignments.get(&visit), |option| option.held.as_ref());
            held.map(|held| held.team.members())
        };
        let all = what_lifts(violation, self.options.roster, team);
        all.into_iter().filter(|lifted| !self.lifted.contains(lifted)).collect()
    }

    /// The options of one visit of the core with which its others break the rule just so.
    fn alike(
        &self,
        checker: &Checker,
        core: &[usize],
        at: usize,
        violation: &Violation,
        as_open: impl Fn(&[usize], &Violation) -> bool,
    ) -> Vec<usize> {
        let own = &self.options.all[at];
        let Some(held) = &own.held else { return Vec::new() };
        let named: Vec<_> = held.team.members().iter().filter(|who| violation.inspectors.contains(who)).collect();
        let mut alike = Vec::new();
        for (other, option) in self.options.all.iter().enumerate().filter(|(other, _)| *other != at) {
            let has_them = |held: &Assignment| named.iter().all(|who| held.team.contains(**who));
            if option.visit != own.visit || !option.held.as_ref().is_some_and(has_them) {
                continue;
            }
            let exchanged: Vec<_> = core.iter().map(|one| if *one == at { other } else { *one }).collect();
            let breaks = |found: &Violation| found.rule == violation.rule && as_open(&exchanged, found);
            alike.extend(self.found(checker, &exchanged).iter().any(breaks).then_some(other));
        }
        alike
    }
}
