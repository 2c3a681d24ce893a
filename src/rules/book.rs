//! The rule book of one case: every rule with the parameters in force.

use chrono::NaiveDate;

use super::conflict_of_interest::{self, Expiry};
use super::editions::FIRST;
use super::parameters::{self, Chosen, ENABLED, Parameter, SettingProblem, Value};
use super::{BOOK, Checker, Page, Rule, Safe, Shape, Violation, team_size, visit_cap};
use crate::model::{Case, Conflict, Layout, Parameters, Schedule, Settings, Span, VisitId};

/// A parameter that came in a later edition of the rule book than its rule.
#[derive(Clone, Copy, Debug)]
pub struct Later {
    /// Its name, as among the rule's parameters.
    pub parameter: &'static str,
    /// The edition in which it came.
    pub since: u32,
    /// What the rule did before, as a value of it: a policy that does not name the parameter means this.
    pub before: Value,
}

/// One line of the book: what a rule is called, and how it is made from its parameters.
pub struct Entry {
    /// Its name, such that "broken: NAME" reads well.
    pub name: &'static str,
    /// The edition of the rule book in which it came.
    pub since: u32,
    /// Its shape.
    pub shape: Shape,
    /// Whether it is on where the policy does not say.
    pub enabled: bool,
    /// Whether a signed waiver can lift it for one person on one visit.
    pub waivable: bool,
    /// Its own parameters; `enabled` goes without saying.
    pub parameters: &'static [Parameter],
    /// Those of its parameters that came in a later edition than the rule itself.
    pub later: &'static [Later],
    /// The text of its file, whose head is its page.
    pub text: &'static str,
    /// The rule with the parameters in force.
    pub make: fn(&Chosen) -> Box<dyn Rule>,
}

const ON: Parameter = Parameter { name: ENABLED, value: Value::Switch(true), says: "whether the rule is kept at all" };
const KEPT: Parameter = Parameter { says: "always true: no policy turns this rule off", ..ON };
const OFF: Parameter = Parameter { value: Value::Switch(false), ..ON };

impl Entry {
    /// Its parameters, the switch first.
    pub fn all_parameters(&self) -> impl Iterator<Item = &'static Parameter> + use<> {
        let switch: &'static Parameter = match (self.enabled, self.can_be_off()) {
            (true, true) => &ON,
            (true, false) => &KEPT,
            (false, _) => &OFF,
        };
        std::iter::once(switch).chain(self.parameters)
    }

    /// Whether a policy may turn it off. Nobody inspects alone, whatever a policy says.
    pub fn can_be_off(&self) -> bool {
        self.name != team_size::ENTRY.name
    }

    /// Its page for people.
    pub fn page(&self) -> Page {
        Page::of(self.text)
    }
}

/// Whether a waiver can lift the rule called `name`.
///
/// # Errors
/// Why it can't, as the end of a sentence: there is no such rule, or it is one that nothing lifts.
///
/// ```
/// assert!(foureyes::rules::waivable("no-return").is_ok());
/// assert!(foureyes::rules::waivable("team-size").is_err());
/// ```
pub fn waivable(name: &str) -> Result<(), String> {
    match BOOK.iter().find(|entry| entry.name == name) {
        None => Err(format!("there is no rule `{name}`")),
        Some(entry) if !entry.waivable => Err(format!("rule `{name}` can't be waived")),
        Some(_) => Ok(()),
    }
}

/// One rule of a case's book.
pub struct Booked {
    /// Its line in [`BOOK`].
    pub entry: &'static Entry,
    /// Every parameter, as it is in force.
    pub parameters: Parameters,
    /// The rule itself; none where the policy turned it off.
    pub rule: Option<Box<dyn Rule>>,
}

/// The rules of one case, in the order of [`BOOK`].
pub struct Book {
    all: Vec<Booked>,
    /// Whether it is that of a policy that was frozen in the first edition, which wrote down every rule.
    of_first_edition: bool,
}

impl Book {
    /// The book that `settings` ask for.
    ///
    /// # Errors
    /// Every rule and parameter that does not exist, and every value that can't be.
    ///
    /// ```
    /// use foureyes::{model::Settings, rules::Book};
    /// let book = Book::new(&Settings::new()).unwrap();
    /// assert!(book.rules().any(|(entry, _)| entry.name == "conflict-of-interest"));
    /// ```
    pub fn new(settings: &Settings) -> Result<Self, Vec<SettingProblem>> {
        let in_force = parameters::in_force(BOOK, settings)?;
        let book = |entry: &'static Entry| {
            let chosen = Chosen::new(&in_force, entry.name);
            let rule = chosen.switch(ENABLED).then(|| (entry.make)(&chosen));
            Booked { entry, parameters: in_force[entry.name].clone(), rule }
        };
        Ok(Self { all: BOOK.iter().map(book).collect(), of_first_edition: false })
    }

    /// The same rules, as a policy of `edition` writes them down.
    pub(super) fn of_edition(self, edition: u32) -> Self {
        Self { of_first_edition: edition == FIRST, ..self }
    }

    /// Whether a policy that was frozen in the first edition asked for it.
    pub(super) fn is_of_first_edition(&self) -> bool {
        self.of_first_edition
    }

    /// Every rule, those turned off among them.
    pub fn all(&self) -> &[Booked] {
        &self.all
    }

    /// The rules that are on.
    pub fn rules(&self) -> impl Iterator<Item = (&'static Entry, &dyn Rule)> {
        self.all.iter().filter_map(|booked| Some((booked.entry, booked.rule.as_deref()?)))
    }

    /// How many people a visit's team has.
    pub fn team_size(&self, case: &Case, visit: VisitId) -> usize {
        self.rules().find_map(|(_, rule)| rule.team_size(case, visit)).unwrap_or(2)
    }

    /// The last day on which `conflict` excludes, its cooling-off included, by the parameters of the rule
    /// `conflict-of-interest`, whichever rule keeps it; none where it has no end.
    ///
    /// ```
    /// use foureyes::{model::{Conflict, ConflictTarget, InspectorId, Settings}, rules::Book};
    /// let to = "2025-01-20".parse().ok();
    /// let target = ConflictTarget::Owner("Mill Ltd".into());
    /// let category = Some("employee".into());
    /// let conflict = Conflict { inspector: InspectorId(0), target, category, from: None, to, declared_on: None };
    /// let book = Book::new(&Settings::new()).unwrap();
    /// assert_eq!(book.last_day_of(&conflict), "2027-01-20".parse().ok());
    /// ```
    pub fn last_day_of(&self, conflict: &Conflict) -> Option<NaiveDate> {
        let in_force = self.all.iter().map(|booked| (booked.entry.name, booked.parameters.clone())).collect();
        Expiry::of(&Chosen::new(&in_force, conflict_of_interest::ENTRY.name)).last_day(conflict)
    }

    /// The places that the rule `visit-cap` makes safe on some working day of the period, given what `schedule` plans; none where
    /// the rule is off.
    pub fn safe_places(&self, case: &Case, schedule: &Schedule) -> Vec<Safe> {
        let in_force = self.all.iter().map(|booked| (booked.entry.name, booked.parameters.clone())).collect();
        let chosen = Chosen::new(&in_force, visit_cap::ENTRY.name);
        if chosen.switch(ENABLED) { visit_cap::safe_places(&chosen, case, schedule) } else { Vec::new() }
    }

    /// How the tickets are laid out of the stage that draws the days of `span`, when `before` has been drawn.
    pub fn layout(&self, case: &Case, span: Span, before: &Schedule) -> Layout {
        Layout::new(case, span, before, |visit| self.team_size(case, visit))
    }

    /// The checks of the rules that are on, made ready for `case`: to ask once, or of thousands of tickets.
    pub fn checker<'c>(&'c self, case: &'c Case) -> Checker<'c> {
        let checks = self.rules().filter_map(|(entry, rule)| Some((entry, rule.checker(case)?)));
        Checker::new(case, checks.collect())
    }

    /// Every way in which `schedule` breaks a rule that is on, rule by rule.
    ///
    /// # Panics
    /// Where the schedule names a visit or a person that the case has not.
    pub fn check(&self, case: &Case, schedule: &Schedule) -> Vec<Violation> {
        self.checker(case).check(schedule)
    }
}
