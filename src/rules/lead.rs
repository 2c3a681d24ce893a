//! Every team has somebody who is qualified to head it, and never two trainees.
//!
//! # Says
//! At least one member of the team is a lead. Two people of a trainee grade never serve together,
//! not even beside a lead. A person with a waiver counts as a lead on that visit, and nobody is kept
//! apart from them as a trainee. Whoever heads a team is drawn from its leads: where some are of a grade
//! that `head_grades` names, from those alone.
//!
//! # Why
//! A visit that nobody may sign for is no visit; two beginners watch each other badly.
//!
//! # Passes
//! Ana (lead) and Ben go.
//!
//! # Breaks
//! Ben and Cem go; neither is a lead.
//!
//! # Source
//! Peru, DS 007-2017-TR: auxiliary inspectors take complex matters only beside an inspector.

use super::seats::Waived;
use super::words::among;
use super::{
    Apart, Check, Chosen, Column, ENABLED, Entry, Found, Held, Later, Need, Parameter, Reach, Rule, Sent, Shape, Value,
    Violation,
};
use crate::model::{Case, InspectorId, Setting, VisitId};

const NAME: &str = "lead";
const HEAD_GRADES: &str = "head_grades";
const NO_GRADES: Value = Value::List(&[], Column::Grade);

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    since: 1,
    shape: Shape::TeamRule,
    enabled: true,
    waivable: true,
    parameters: &[
        Parameter { name: "leads", value: Value::Number(1, 0, 8), says: "leads that a team has at least" },
        Parameter {
            name: "trainee_grades",
            value: Value::List(&["trainee", "auxiliary"], Column::Grade),
            says: "grades of which no two serve together",
        },
        Parameter {
            name: HEAD_GRADES,
            value: NO_GRADES,
            says: "grades whose leads head a team; in a team without one of them, or where none is named, any lead may",
        },
    ],
    later: &[Later { parameter: HEAD_GRADES, since: 2, before: NO_GRADES }],
    text: include_str!("lead.rs"),
    make: |chosen: &Chosen| {
        Box::new(Lead { leads: chosen.count("leads"), trainee_grades: chosen.list("trainee_grades").to_vec() })
    },
};

/// Of `team`, those who may head it: its leads, of the grades that `head_grades` names where some are. The draw names one of them.
///
/// ```
/// # use foureyes::{model::InspectorId, read::read_case, rules::may_head};
/// let case = read_case("examples/harbour".as_ref()).case.expect("the harbour ships in order");
/// let everybody: Vec<InspectorId> = case.inspector_ids().collect();
/// assert!(may_head(&case, &everybody).iter().all(|who| case.inspector(*who).lead));
/// ```
pub fn may_head(case: &Case, team: &[InspectorId]) -> Vec<InspectorId> {
    let leads: Vec<InspectorId> = team.iter().copied().filter(|who| case.inspector(*who).lead).collect();
    let grades = head_grades(case);
    let named = |who: &InspectorId| case.inspector(*who).grade.as_deref().is_some_and(|grade| among(grades, grade));
    let of_grade: Vec<InspectorId> = leads.iter().copied().filter(named).collect();
    if of_grade.is_empty() { leads } else { of_grade }
}

/// None where the rule is off: a frozen policy says nothing of it then.
fn head_grades(case: &Case) -> &[String] {
    let own = case.settings.get(NAME).filter(|own| own.get(ENABLED) != Some(&Setting::Switch(false)));
    match own.and_then(|own| own.get(HEAD_GRADES)) {
        Some(Setting::List(grades)) => grades,
        _ => &[],
    }
}

struct Lead {
    leads: usize,
    trainee_grades: Vec<String>,
}

impl Rule for Lead {
    fn needs(&self, _case: &Case, _visit: VisitId) -> Vec<Need> {
        let need = Need { quality: "lead".to_owned(), at_least: self.leads };
        if self.leads == 0 { Vec::new() } else { vec![need] }
    }

    fn has(&self, case: &Case, inspector: InspectorId, _quality: &str) -> bool {
        case.inspector(inspector).lead
    }

    fn apart(&self, case: &Case) -> Apart {
        let trainees = case.inspector_ids().filter(|who| self.is_trainee(case, *who)).collect();
        Apart { pairs: Vec::new(), groups: vec![trainees] }
    }

    fn checker<'c>(&'c self, case: &'c Case) -> Option<Box<dyn Check + 'c>> {
        let is_lead = case.inspectors.iter().map(|inspector| inspector.lead).collect();
        let is_trainee = case.inspector_ids().map(|who| self.is_trainee(case, who)).collect();
        Some(Box::new(Grades { leads: self.leads, case, waived: Waived::of(case, NAME), is_lead, is_trainee }))
    }
}

impl Lead {
    fn is_trainee(&self, case: &Case, who: InspectorId) -> bool {
        let grade = case.inspector(who).grade.as_deref();
        grade.is_some_and(|grade| among(&self.trainee_grades, grade))
    }
}

/// Who is what, by person.
struct Grades<'c> {
    leads: usize,
    case: &'c Case,
    waived: Waived,
    is_lead: Vec<bool>,
    is_trainee: Vec<bool>,
}

impl Check for Grades<'_> {
    fn check(&self, held: &Held, found: &mut Found) {
        for sent in held.visits() {
            let (visit, team) = (sent.visit(), sent.team);
            let counts = |who: &&InspectorId| self.is_lead[who.index()] || self.waived.lifts(visit, **who);
            let leads = team.iter().filter(counts).count();
            if leads < self.leads {
                found.tell(|| self.too_few(sent, leads));
            }
            let trainee = |who: &InspectorId| self.is_trainee[who.index()];
            if team.iter().any(trainee) {
                let both = sent.pairs().filter(|(a, b)| trainee(a) && trainee(b));
                let both = both.filter(|pair| !self.waived.lifts_either(visit, *pair));
                both.for_each(|(a, b)| found.tell(|| self.both_trainees(visit, a, b)));
            }
        }
    }

    fn reach(&self) -> Reach {
        Reach::Visits
    }
}

impl Grades<'_> {
    fn too_few(&self, sent: Sent, leads: usize) -> Violation {
        let id = &self.case.visit(sent.visit()).id;
        let says = format!("the team of visit {id} has {leads} leads and needs {}", self.leads);
        Violation { rule: NAME, visits: vec![sent.visit()], inspectors: sent.team.to_vec(), says }
    }

    fn both_trainees(&self, visit: VisitId, a: InspectorId, b: InspectorId) -> Violation {
        let (one, other) = (&self.case.inspector(a).id, &self.case.inspector(b).id);
        let says =
            format!("{one} and {other} go together on visit {} and both are trainees", self.case.visit(visit).id);
        Violation { rule: NAME, visits: vec![visit], inspectors: vec![a, b], says }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{broken, fixture};
    use super::*;

    const CASE: &str = "
        inspector ana lead
        inspector ben grade=Trainee
        inspector cem grade=auxiliary
        inspector dea
        inspector eli grade=СТАЖЁР
        places p1
        visit v1 p1
    ";

    fn says(lines: &str) -> Vec<String> {
        broken("lead", &format!("{CASE}\n{lines}"))
    }

    #[test]
    fn a_lead_and_a_trainee_pass() {
        assert!(says("plan v1 2027-01-04 am ana ben").is_empty());
    }

    #[test]
    fn a_team_without_a_lead_breaks() {
        assert_eq!(says("plan v1 2027-01-04 am ben dea"), ["the team of visit v1 has 0 leads and needs 1"]);
    }

    #[test]
    fn the_policy_says_whose_leads_head_a_team() {
        let (mut case, _) =
            fixture("inspector ana lead grade=Junior\ninspector ben lead grade=SENIOR\ninspector cem grade=senior");
        let heads = |case: &Case| {
            let may = may_head(case, &case.inspector_ids().collect::<Vec<_>>());
            may.into_iter().map(|who| case.inspector(who).id.clone()).collect::<Vec<_>>()
        };
        assert_eq!(heads(&case), ["ana", "ben"]);
        let grades = |grade: &str| Setting::List(vec![grade.to_owned()]);
        case.settings.entry(NAME.to_owned()).or_default().insert(HEAD_GRADES.to_owned(), grades("senior"));
        assert_eq!(heads(&case), ["ben"], "who is no lead heads nothing");
        case.settings.entry(NAME.to_owned()).or_default().insert(HEAD_GRADES.to_owned(), grades("chief"));
        assert_eq!(heads(&case), ["ana", "ben"], "where nobody is of that grade, any lead may");
        case.settings.entry(NAME.to_owned()).or_default().insert(HEAD_GRADES.to_owned(), grades("senior"));
        case.settings.entry(NAME.to_owned()).or_default().insert(ENABLED.to_owned(), Setting::Switch(false));
        assert_eq!(heads(&case), ["ana", "ben"], "a rule that is off says nothing");
    }

    #[test]
    fn two_leads_may_be_asked_for() {
        let lines = "set lead.leads 2\nplan v1 2027-01-04 am ana dea";
        assert_eq!(says(lines), ["the team of visit v1 has 1 leads and needs 2"]);
    }

    #[test]
    fn two_trainees_break_even_beside_a_lead_and_however_their_grade_is_written() {
        let found = says("plan v1 2027-01-04 am ana ben cem");
        assert_eq!(found, ["ben and cem go together on visit v1 and both are trainees"]);
    }

    #[test]
    fn trainee_grades_are_the_policys_in_any_script() {
        assert!(says("plan v1 2027-01-04 am ana ben eli").is_empty());
        assert_eq!(says("set lead.trainee_grades [trainee, стажёр]\nplan v1 2027-01-04 am ana ben eli").len(), 1);
    }

    #[test]
    fn a_waiver_counts_as_a_lead_and_lifts_the_pair() {
        assert!(says("waiver lead v1 ben\nplan v1 2027-01-04 am ben cem").is_empty());
    }

    #[test]
    fn no_leads_asked_is_no_need() {
        assert!(says("set lead.leads 0\nplan v1 2027-01-04 am ben dea").is_empty());
    }
}
