//! The verifier's side of the book: rules made ready for one case, then asked of as many tickets as there are.

use super::{Entry, Held, Sheet, Violation};
use crate::model::{Case, Schedule, VisitId};

/// The verifier's side of one rule, made ready for a case: it may have sorted what the case says, and
/// nothing else. It keeps nothing of the schedules that it has seen.
pub trait Check: Send + Sync {
    /// Tells of every way in which what is held breaks the rule, recounted from the case alone.
    fn check(&self, held: &Held, found: &mut Found);

    /// How much of a schedule it must see at once. A schedule breaks the rule if, and only if, such a part of it does, with nothing
    /// else held: `tests/reach.rs` holds every rule to what it says here.
    fn reach(&self) -> Reach {
        Reach::All
    }

    /// Of a rule that reaches to visits: those that it looks at together, group by group; any other by itself.
    fn ties(&self) -> Vec<Vec<VisitId>> {
        Vec::new()
    }
}

/// How much of a schedule a rule must see at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// One visit with its team, or those that [`Check::ties`] ties together.
    Visits,
    /// The visits of one person in one calendar week, each with its team. It looks at [`Held::people`], and asks for their teams.
    Weeks,
    /// All visits of one person, each with its team. It looks at [`Held::people`], and asks for their teams.
    People,
    /// Everything.
    All,
}

/// What checks have found. Sentences are made only where somebody will read them.
#[derive(Clone, Debug)]
pub struct Found {
    any: bool,
    told: Option<Vec<Violation>>,
}

impl Found {
    /// Nothing yet; keeps every violation.
    pub fn all() -> Self {
        Self { any: false, told: Some(Vec::new()) }
    }

    /// Nothing yet; keeps only whether there is one.
    pub fn any() -> Self {
        Self { any: false, told: None }
    }

    /// One more violation.
    pub fn tell(&mut self, violation: impl FnOnce() -> Violation) {
        self.any = true;
        if let Some(told) = &mut self.told {
            told.push(violation());
        }
    }

    /// Whether none was told of.
    pub fn is_empty(&self) -> bool {
        !self.any
    }

    /// The violations that were kept, as they were told.
    pub fn violations(self) -> Vec<Violation> {
        self.told.unwrap_or_default()
    }
}

/// The checks of a case's book. Made once, it serves any number of tickets, on any number of threads.
///
/// ```
/// # let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/harbour");
/// # let case = foureyes::read::read_case(folder.as_ref()).case.unwrap();
/// use foureyes::model::{InspectorId, SlotId, VisitId};
/// use foureyes::rules::{Book, Sheet};
/// let book = Book::new(&case.settings).unwrap();
/// let (checker, mut sheet) = (book.checker(&case), Sheet::new(&case));
/// assert!(checker.holds(sheet.read()), "an empty schedule breaks nothing");
/// assert!(sheet.put(VisitId(0), case.period.from, SlotId(0), &[InspectorId(0)]));
/// assert!(!checker.holds(sheet.read()), "nobody goes alone");
/// assert_eq!(checker.violations(sheet.read())[0].rule, "team-size");
/// ```
pub struct Checker<'c> {
    case: &'c Case,
    checks: Vec<(&'static Entry, Box<dyn Check + 'c>)>,
}

impl<'c> Checker<'c> {
    pub(super) fn new(case: &'c Case, checks: Vec<(&'static Entry, Box<dyn Check + 'c>)>) -> Self {
        Self { case, checks }
    }

    /// Every way in which what is held breaks a rule that is on, rule by rule.
    pub fn violations(&self, held: &Held) -> Vec<Violation> {
        self.violations_of(held, |_| true)
    }

    /// The same, of those rules whose names are `wanted`.
    pub fn violations_of(&self, held: &Held, wanted: impl Fn(&str) -> bool) -> Vec<Violation> {
        let mut found = Found::all();
        let checks = self.checks.iter().filter(|(entry, _)| wanted(entry.name));
        checks.for_each(|(_, check)| check.check(held, &mut found));
        found.violations()
    }

    /// Whether what is held breaks no rule. It asks no further than the first rule that is broken.
    pub fn holds(&self, held: &Held) -> bool {
        self.checks.iter().all(|(_, check)| keeps(check.as_ref(), held))
    }

    /// Whether what is held breaks no rule of this reach.
    pub fn holds_within(&self, held: &Held, reach: Reach) -> bool {
        let mut checks = self.checks.iter().filter(|(_, check)| check.reach() == reach);
        checks.all(|(_, check)| keeps(check.as_ref(), held))
    }

    /// Whether some rule has this reach.
    pub fn reaches(&self, reach: Reach) -> bool {
        self.checks.iter().any(|(_, check)| check.reach() == reach)
    }

    /// Every visit of the case, together with those that some rule of reach [`Reach::Visits`] looks at together with it, however
    /// far the ties lead; each visit once, in order.
    pub fn tied(&self) -> Vec<Vec<VisitId>> {
        let mut first: Vec<usize> = (0..self.case.visits.len()).collect();
        let near = self.checks.iter().filter(|(_, check)| check.reach() == Reach::Visits);
        for group in near.flat_map(|(_, check)| check.ties()) {
            for two in group.windows(2) {
                let [a, b] = [two[0], two[1]].map(|visit| root(&mut first, visit.index()));
                first[a.max(b)] = a.min(b);
            }
        }
        let mut tied = vec![Vec::new(); first.len()];
        for visit in self.case.visit_ids() {
            tied[root(&mut first, visit.index())].push(visit);
        }
        tied.retain(|visits| !visits.is_empty());
        tied
    }

    /// [`Checker::violations`] of a schedule.
    ///
    /// # Panics
    /// Where the schedule names a visit or a person that the case has not.
    pub fn check(&self, schedule: &Schedule) -> Vec<Violation> {
        self.violations(laid_out(self.case, schedule).read())
    }
}

fn keeps(check: &dyn Check, held: &Held) -> bool {
    let mut found = Found::any();
    check.check(held, &mut found);
    found.is_empty()
}

/// The first visit of those that `visit` is tied to, in a list of the one that each was tied to; shortens the way there.
fn root(first: &mut [usize], mut visit: usize) -> usize {
    while first[visit] != visit {
        first[visit] = first[first[visit]];
        visit = first[visit];
    }
    visit
}

/// A sheet with `schedule` on it.
///
/// # Panics
/// Where the schedule names a visit or a person that the case has not.
pub(super) fn laid_out(case: &Case, schedule: &Schedule) -> Sheet {
    let mut sheet = Sheet::new(case);
    assert!(sheet.put_all(schedule), "a schedule names visits and people of its case");
    sheet
}
