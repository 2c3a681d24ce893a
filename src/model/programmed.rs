//! Programmed visits: how often a place of each risk class is to be seen, and the odds that follow from it.

use std::collections::BTreeMap;

use super::{Case, Kind, VisitId};

/// What the policy says of programmed visits. Without classes each is made wherever capacity is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Programmed {
    /// By risk class, as the register writes it: months from one visit to the next, at least 1.
    pub classes: BTreeMap<String, u32>,
    /// The least odds of a place in one period, per mille, at least 1: no place is ever safe.
    pub floor: u32,
    /// Whether every place of the register that no visit names becomes a programmed visit itself.
    pub places: bool,
}

impl Default for Programmed {
    fn default() -> Self {
        Self { classes: BTreeMap::new(), floor: 5, places: false }
    }
}

impl Programmed {
    /// The months between two visits to a place of this class, where the policy names it.
    pub fn months(&self, risk: Option<&str>) -> Option<u32> {
        self.classes.get(risk?).copied()
    }
}

/// The odds with which `visit` should be made in the period, per mille: always (1000) but for a programmed
/// one at a place whose risk class the policy names. There it is the part of the interval that the period's
/// calendar days are (a year has 365, a month the twelfth of that), and never below the floor.
///
/// ```
/// # use foureyes::model::{target, VisitId};
/// # let mut case = foureyes::read::read_case("examples/harbour".as_ref()).case.unwrap();
/// # case.visits[0].kind = foureyes::model::Kind::Programmed;
/// # let place = case.visits[0].establishment;
/// # case.establishments[place.index()].risk = Some("medium".into());
/// assert_eq!(target(&case, VisitId(0)), 1000, "no class is named");
/// case.programmed.classes.insert("medium".into(), 12);
/// # let days = case.period.to.signed_duration_since(case.period.from).num_days() + 1;
/// assert_eq!(i64::from(target(&case, VisitId(0))), 1000 * days / 365);
/// ```
pub fn target(case: &Case, visit: VisitId) -> u32 {
    let months = case.programmed.months(case.place_of(visit).risk.as_deref());
    let Some(months) = months.filter(|_| case.visit(visit).kind == Kind::Programmed) else { return 1000 };
    let days = case.period.to.signed_duration_since(case.period.from).num_days().saturating_add(1).max(0);
    let part = 1000i64.saturating_mul(days).saturating_mul(12) / (i64::from(months.max(1)) * 365);
    u32::try_from(part).unwrap_or(1000).min(1000).max(case.programmed.floor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::fixture;

    const CASE: &str = "
        period 2027-01-01..2027-01-31
        inspector ana lead
        place p1 risk=high
        place p2 risk=low
        place p3
        visit v1 p1
        visit v2 p1 kind=programmed
        visit v3 p2 kind=programmed
        visit v4 p3 kind=programmed
    ";

    fn targets(classes: &[(&str, u32)], floor: u32) -> Vec<u32> {
        let (mut case, _) = fixture(CASE);
        let classes = classes.iter().map(|(class, months)| ((*class).to_owned(), *months)).collect();
        case.programmed = Programmed { classes, floor, places: false };
        case.visit_ids().map(|visit| target(&case, visit)).collect()
    }

    #[test]
    fn without_classes_every_visit_is_wanted() {
        assert_eq!(targets(&[], 5), [1000; 4]);
    }

    #[test]
    fn a_programmed_visit_is_wanted_as_often_as_its_class_says() {
        // 31 of 91.25 days; 31 of 3,650.
        assert_eq!(targets(&[("high", 3), ("low", 120)], 5), [1000, 339, 8, 1000]);
    }

    #[test]
    fn no_place_is_ever_safe_and_none_is_wanted_more_than_always() {
        assert_eq!(targets(&[("high", 1), ("low", 1200)], 20), [1000, 1000, 20, 1000]);
    }
}
