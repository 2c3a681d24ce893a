//! Who heads a team. Whoever numbers the staff must not choose it: of those who may, the draw's own words name one.
//!
//! Records of before have no field `heads`; there the least id among the leads heads the team.

use std::collections::BTreeMap;

use super::canonical::line;
use super::layout::{Files, RECORD, TABLE};
use super::publish::{Record, read_record};
use super::table::schedule_table;
use crate::draw::Root;
use crate::model::{Case, InspectorId, Schedule, Team, VisitId};
use crate::rules::may_head;

/// What a record says of heads that are drawn.
pub const DRAWN: &str = "drawn";

/// The purpose of the words that name who heads a team.
const PURPOSE: &str = "head";

/// Who heads a team, and of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Who.
    pub who: InspectorId,
    /// The draw named one of so many, each as likely; none where nothing was drawn, and the least id heads.
    pub of: Option<usize>,
}

/// Who heads each team.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heads(BTreeMap<VisitId, Head>);

impl Heads {
    /// Heads of `schedule`: drawn with the words of the root that `root` gives for a visit, or by id where it gives none.
    ///
    /// ```
    /// # use foureyes::{model::Schedule, read::read_case, record::Heads};
    /// # let case = read_case("examples/harbour".as_ref()).case.expect("the harbour ships in order");
    /// assert_eq!(Heads::of(&case, &Schedule::default(), |_| None), Heads::default());
    /// ```
    pub fn of<'r>(case: &Case, schedule: &Schedule, root: impl Fn(VisitId) -> Option<&'r Root>) -> Self {
        let all = schedule.assignments.iter();
        Self(all.filter_map(|(visit, to)| Some((*visit, head(case, root(*visit), *visit, &to.team)?))).collect())
    }

    /// Heads as the record of a draw has them, where `root` is that of its seed and `before` was fixed before it: what another draw drew, that one
    /// has named a head for.
    pub fn of_record(case: &Case, record: &Record, root: &Root, schedule: &Schedule, before: &Schedule) -> Self {
        if record.heads.is_none() {
            return Self::of(case, schedule, |_| None);
        }
        let mut own = schedule.clone();
        own.assignments.retain(|visit, _| !before.assignments.contains_key(visit));
        Self::of(case, &own, |_| Some(root))
    }

    /// Who heads the team of `visit`; nobody where no member may, or another draw has named them.
    pub fn head(&self, visit: VisitId) -> Option<Head> {
        self.0.get(&visit).copied()
    }

    /// The members of the team of `visit`: its head, then the others in order of id.
    pub fn in_order(&self, visit: VisitId, team: &Team) -> Vec<InspectorId> {
        let head = self.head(visit).map(|head| head.who);
        let mut members = team.members().to_vec();
        members.sort_by_key(|who| (Some(*who) != head, *who));
        members
    }
}

/// Of the members who may head the team the one with the least key. Whoever steps in is compared by the same words, so that a change moves the head only
/// where the head leaves, or where who comes has a lesser key.
fn head(case: &Case, root: Option<&Root>, visit: VisitId, team: &Team) -> Option<Head> {
    let leads = may_head(case, team.members());
    let Some(root) = root else { return leads.first().map(|who| Head { who: *who, of: None }) };
    let key = |who: &InspectorId| root.key(PURPOSE, &format!("{}|{}", case.visit(visit).id, case.inspector(*who).id));
    let who = leads.iter().copied().min_by_key(key)?;
    Some(Head { who, of: Some(leads.len()) })
}

/// Makes of a record as it is published today one of before, in which heads are not drawn. A record is replayed in the form that it has.
pub fn with_heads_by_id(files: &mut Files, case: &Case, schedule: &Schedule) {
    if let Some(record) = read_record(files).0 {
        files.insert(RECORD.to_owned(), line(&Record { heads: None, ..record }).into_bytes());
    }
    let heads = Heads::of(case, schedule, |_| None);
    files.insert(TABLE.to_owned(), schedule_table(case, schedule, &heads));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::digest;
    use crate::model::Assignment;
    use crate::rules::testing::fixture;

    /// Sixty visits, each with the same three leads; who of them is called `cem` is for whoever numbers the staff.
    fn sixty(ids: [&str; 3]) -> (Case, Schedule) {
        let [a, b, c] = ids;
        let visits: String = (0..60).map(|at| format!("visit v{at:02} p1\n")).collect();
        let text = format!("inspector {a} lead\ninspector {b} lead\ninspector {c} lead\nplace p1\n{visits}");
        let (case, _) = fixture(&text);
        let team = Team::new(case.inspector_ids()).expect("three people");
        let to =
            |visit| (visit, Assignment { date: case.period.from, slot: crate::model::SlotId(0), team: team.clone() });
        let assignments = case.visit_ids().map(to).collect();
        (case, Schedule { assignments })
    }

    fn root() -> Root {
        Root::from_seed(&digest(b"inputs"), "a seed")
    }

    /// How often each person heads a team, in order of id.
    fn counted((case, schedule): &(Case, Schedule), root: Option<&Root>) -> Vec<usize> {
        let heads = Heads::of(case, schedule, |_| root);
        let of = |who| case.visit_ids().filter(|visit| heads.head(*visit).is_some_and(|head| head.who == who)).count();
        case.inspector_ids().map(of).collect()
    }

    #[test]
    fn each_of_three_who_may_heads_about_a_third() {
        let office = sixty(["ana", "ben", "cem"]);
        let each = counted(&office, Some(&root()));
        assert_eq!(each.iter().sum::<usize>(), 60);
        assert!(each.iter().all(|n| (10..=30).contains(n)), "{each:?}");
        let root = root();
        assert_eq!(Heads::of(&office.0, &office.1, |_| Some(&root)).head(VisitId(0)).and_then(|head| head.of), Some(3));
    }

    #[test]
    fn numbering_the_staff_anew_does_not_say_who_heads() {
        for first in ["aaa", "zzz", "P-01"] {
            let each = counted(&sixty([first, "ben", "cem"]), Some(&root()));
            assert!(each.iter().all(|n| (10..=30).contains(n)), "{first}: {each:?}");
        }
    }

    #[test]
    fn a_record_of_before_has_the_least_id_head_every_team() {
        assert_eq!(counted(&sixty(["ana", "ben", "cem"]), None), [60, 0, 0]);
    }

    #[test]
    fn whoever_steps_in_moves_the_head_only_by_their_own_key() {
        let (case, mut schedule) = sixty(["ana", "ben", "cem"]);
        let root = root();
        let all = Heads::of(&case, &schedule, |_| Some(&root));
        for to in schedule.assignments.values_mut() {
            to.team = Team::new([InspectorId(0), InspectorId(1)]).expect("two people");
        }
        let without = Heads::of(&case, &schedule, |_| Some(&root));
        let is_other =
            |visit: &VisitId| without.head(*visit).map(|head| head.who) != all.head(*visit).map(|head| head.who);
        let moved: Vec<VisitId> = case.visit_ids().filter(is_other).collect();
        assert!(!moved.is_empty());
        assert!(moved.iter().all(|visit| all.head(*visit).is_some_and(|head| head.who == InspectorId(2))));
    }
}
