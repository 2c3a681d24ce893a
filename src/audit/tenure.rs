//! How long everybody has served in one district without a break: counted, not tested, for a term is a rule and no chance.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};

use super::evidence::Evidence;

/// Months without a service after which a new term begins.
const AWAY_MONTHS: u32 = 12;

/// A term in a district.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Who.
    pub who: usize,
    /// Where.
    pub district: String,
    /// The first service of it.
    pub from: NaiveDate,
    /// The last one so far.
    pub to: NaiveDate,
    /// Visits in it.
    pub visits: usize,
    /// Whole months from the first to the last.
    pub months: u32,
    /// Whether it still goes on at the end of what was looked at: its last service is less than a year old.
    pub goes_on: bool,
}

/// The last term of everybody in each district, the longest first.
pub(super) fn terms(evidence: &Evidence) -> Vec<Term> {
    let districts = evidence.districts();
    let mut terms: BTreeMap<(usize, &str), Term> = BTreeMap::new();
    for visit in &evidence.visits {
        let Some(district) = districts[visit.place] else { continue };
        for who in &visit.team {
            let fresh = Term {
                who: *who,
                district: district.to_owned(),
                from: visit.date,
                to: visit.date,
                visits: 0,
                months: 0,
                goes_on: false,
            };
            let term = terms.entry((*who, district)).or_insert_with(|| fresh.clone());
            if back(term.to) <= visit.date {
                *term = fresh;
            }
            term.to = visit.date;
            term.visits += 1;
        }
    }
    let last = evidence.visits.last().map_or(NaiveDate::MIN, |visit| visit.date);
    let mut terms: Vec<Term> = terms.into_values().collect();
    for term in &mut terms {
        term.months = months(term.from, term.to);
        term.goes_on = last < back(term.to);
    }
    terms.sort_by(|a, b| {
        (b.goes_on, b.months, b.visits, a.who, &a.district).cmp(&(a.goes_on, a.months, a.visits, b.who, &b.district))
    });
    terms
}

fn back(last: NaiveDate) -> NaiveDate {
    last.checked_add_months(Months::new(AWAY_MONTHS)).unwrap_or(NaiveDate::MAX)
}

/// Whole months between two days.
fn months(from: NaiveDate, to: NaiveDate) -> u32 {
    let within = |n: &u32| from.checked_add_months(Months::new(*n)).is_some_and(|day| day <= to);
    (1..).take_while(within).last().unwrap_or(0)
}
