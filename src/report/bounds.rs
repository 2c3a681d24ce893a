//! Bounds in words: why nobody can do better, and why no more visits can be staffed.

use serde_json::{Value, json};

use super::count;
use crate::model::{
    Case, Coverage, Cut, CutVisit, DayOrWeek, InspectorId, LeastSquares, MostStaffed, Schedule, Shortfall, VisitId,
    WorstOdds,
};
use crate::rules::Eligible;

/// Visits and people named in one sentence.
const NAMED: usize = 6;

/// Why nobody can have better worst odds, in one sentence. `held` says in how many of the `tickets` each visit is held; nought
/// where that is not known.
pub fn worst_odds_in_words(eligible: &Eligible, tickets: u32, held: &[u32], bound: &WorstOdds) -> String {
    let case = eligible.case;
    let end = if bound.at_least > tickets {
        "no lottery can hold them so often".to_owned()
    } else {
        format!("somebody goes in at least {} of {tickets} tickets, whatever is drawn from", bound.at_least)
    };
    match bound.cut.visits.as_slice() {
        [] => "No visit is held, so nobody can be guessed.".to_owned(),
        [only] if bound.cut.full.is_empty() => {
            let (seats, people, what) = one_visit(eligible, *only);
            let times = held.get(only.visit.index()).copied().unwrap_or(0);
            let often = match times {
                // Nobody counted it, or only somebody who holds the urn could.
                0 => ", as often as the urn holds it,".to_owned(),
                times if times == tickets => String::new(),
                times => format!(", held in {times} of {tickets} tickets,"),
            };
            let (id, people) = (&case.visit(only.visit).id, count(people, "person", "people"));
            format!("Visit {id}{often} has {people} for {what}: {end}; nobody can do better than {seats}.")
        }
        visits => {
            let seats: usize = visits.iter().map(|part| one_visit(eligible, *part).0.seats).sum();
            let named = names(visits.iter().map(|part| &case.visit(part.visit).id));
            let full = people(case, bound.cut.full.iter().map(|(who, _)| *who));
            format!(
                "{} ({named}) have {} in all, and {full} can't take more of them than their weeks allow; of the others {end}.",
                count(visits.len(), "visit", "visits"),
                count(seats, "seat", "seats"),
            )
        }
    }
}

/// So many seats for so many people.
struct Share {
    seats: usize,
    people: usize,
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} in {}", self.seats, self.people)
    }
}

/// The seats of a part of a visit, who may sit there, and what the seats are.
fn one_visit(eligible: &Eligible, part: CutVisit) -> (Share, usize, String) {
    let need = part.need.and_then(|need| eligible.needs(part.visit).get(need as usize));
    let people = eligible.goers(part.visit).filter(|goer| need.is_none_or(|need| need.met_by(goer.who))).count();
    let seats = need.map_or(eligible.size(part.visit), |need| need.at_least);
    let what = match need {
        Some(need) => format!("{} with `{}` ({})", count(seats, "seat", "seats"), need.quality, need.rule),
        None => count(seats, "seat", "seats"),
    };
    (Share { seats, people }, people, what)
}

fn names<'s>(ids: impl ExactSizeIterator<Item = &'s String>) -> String {
    let more = ids.len().saturating_sub(NAMED);
    let mut named: Vec<_> = ids.take(NAMED).map(String::as_str).map(str::to_owned).collect();
    if more > 0 {
        named.push(format!("and {more} more"));
    }
    named.join(", ")
}

/// Some people, each once.
fn people(case: &Case, who: impl Iterator<Item = InspectorId>) -> String {
    let mut who: Vec<_> = who.collect();
    who.sort_unstable();
    who.dedup();
    let named = names(who.iter().map(|who| &case.inspector(*who).id));
    format!("{} ({named})", count(who.len(), "person", "people"))
}

/// Why no more visits can be staffed, a sentence a reason.
pub fn coverage_bound_in_words(case: &Case, coverage: &Coverage) -> Vec<String> {
    let visits = |visits: &[VisitId]| names(visits.iter().map(|visit| &case.visit(*visit).id));
    let mut says = Vec::new();
    if !coverage.hopeless.is_empty() {
        let (number, named) = (coverage.hopeless.len(), visits(&coverage.hopeless));
        says.push(format!(
            "{} ({named}) can't be staffed by anybody, even with nothing else to do.",
            count(number, "visit", "visits")
        ));
    }
    says.extend(coverage.short.iter().map(|short| {
        let kind = short.quality.as_ref().map(|(rule, quality)| format!(" with `{quality}` ({rule})"));
        let full = people(case, short.full.iter().map(|(who, _)| *who));
        format!(
            "{} ({}) want {} {}{} and can have {}, and {full} can take no more: at least {} without a team.",
            count(short.visits.len(), "visit", "visits"),
            visits(&short.visits),
            short.wanted,
            if short.wanted == 1 { "seat" } else { "seats" },
            kind.unwrap_or_default(),
            short.there,
            count(short.missing, "visit goes", "visits go"),
        )
    }));
    says
}

/// What is staffed beside the most that any schedule could staff, and why no more.
pub fn coverage_beside_bound(case: &Case, most: &MostStaffed, schedule: &Schedule) -> String {
    let head = most_in_words(case, most, schedule);
    [head].into_iter().chain(coverage_bound_in_words(case, &most.visits)).collect::<Vec<_>>().join("\n")
}

/// The most visits that any schedule could staff, where that is more than are staffed.
pub(super) fn most_in_words(case: &Case, most: &MostStaffed, schedule: &Schedule) -> String {
    let staffed = |visit: &VisitId| schedule.assignments.contains_key(visit);
    let mandatory = schedule.assignments.keys().filter(|visit| case.visit(**visit).kind.is_mandatory()).count();
    let all = case.visit_ids().filter(staffed).count();
    let MostStaffed { visits, mandatory: must } = most;
    match (visits.at_most <= all, must.at_most <= mandatory) {
        (true, true) => "No schedule could staff more.".to_owned(),
        _ => format!(
            "No schedule could staff more than {} of {} visits, nor more than {} of the {} mandatory ones.",
            visits.at_most, visits.of, must.at_most, must.of
        ),
    }
}

/// A bound on coverage, for machines.
pub fn coverage_bound_json(case: &Case, coverage: &Coverage) -> Value {
    let ids = |visits: &[VisitId]| visits.iter().map(|visit| case.visit(*visit).id.clone()).collect::<Vec<_>>();
    let short = |short: &Shortfall| {
        let full = short.full.iter().map(|(who, time)| match time {
            DayOrWeek::Day(day) => json!({ "inspector": case.inspector(*who).id, "day": day.to_string() }),
            DayOrWeek::Week(at) => json!({ "inspector": case.inspector(*who).id, "week": at.to_string() }),
        });
        json!({
            "rule": short.quality.as_ref().map(|(rule, _)| rule),
            "quality": short.quality.as_ref().map(|(_, quality)| quality),
            "visits": ids(&short.visits),
            "full": full.collect::<Vec<_>>(),
            "wanted": short.wanted,
            "there": short.there,
            "missing": short.missing,
        })
    };
    json!({
        "visits": coverage.of,
        "at_most": coverage.at_most,
        "hopeless": ids(&coverage.hopeless),
        "short": coverage.short.iter().map(short).collect::<Vec<_>>(),
    })
}

/// A bound on the worst odds, with its cut, for machines.
pub fn worst_odds_json(eligible: &Eligible, tickets: u32, held: &[u32], bound: &WorstOdds) -> Value {
    let Cut { visits, full } = &bound.cut;
    let case = eligible.case;
    let visit = |part: &CutVisit| {
        let need = part.need.and_then(|need| eligible.needs(part.visit).get(need as usize));
        json!({
            "visit": case.visit(part.visit).id,
            "rule": need.map(|need| need.rule),
            "quality": need.map(|need| &need.quality),
        })
    };
    let full = full.iter().map(|(who, at)| json!({ "inspector": case.inspector(*who).id, "week": at.to_string() }));
    json!({
        "at_least": bound.at_least,
        "of": tickets,
        "visits": visits.iter().map(visit).collect::<Vec<_>>(),
        "full": full.collect::<Vec<_>>(),
        "says": worst_odds_in_words(eligible, tickets, held, bound),
    })
}

/// How even any lottery can be, in one sentence.
pub fn least_squares_in_words(bound: &LeastSquares) -> String {
    let (weeks, visits) = (bound.prices.weeks.len(), bound.prices.visits.len());
    format!(
        "The squares of all odds, n of K, sum to at least {}: prices of {} and {} prove it.",
        bound.at_least,
        count(weeks, "week of a person", "weeks of people"),
        count(visits, "visit", "visits"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bound::{most_staffed, worst_odds};
    use crate::model::Span;
    use crate::rules::Book;
    use crate::rules::testing::fixture;

    fn worst(text: &str, tickets: u32) -> String {
        let (case, before) = fixture(text);
        let book = Book::new(&case.settings).unwrap();
        let span = Span { from: case.period.from, to: case.period.to };
        let eligible = Eligible::new(&case, &book, span, &before);
        let held = vec![tickets; case.visits.len()];
        let bound = worst_odds(&eligible, tickets, &held);
        let json = worst_odds_json(&eligible, tickets, &held, &bound);
        assert_eq!(json["at_least"], bound.at_least);
        worst_odds_in_words(&eligible, tickets, &held, &bound)
    }

    #[test]
    fn one_visit_with_few_leads_is_the_reason() {
        let text = "inspector ana lead\n inspector ben lead\n inspectors cem dea eli fay gus\n places p1\n visit v1 p1";
        assert_eq!(
            worst(text, 1000),
            "Visit v1 has 2 people for 1 seat with `lead` (lead): somebody goes in at least 500 of 1000 tickets, \
             whatever is drawn from; nobody can do better than 1 in 2."
        );
        assert_eq!(worst("", 10), "No visit is held, so nobody can be guessed.");
    }

    #[test]
    fn several_visits_and_people_whose_weeks_are_full_are_the_reason() {
        let text = "
            period 2027-01-04..2027-01-08
            set lead.leads 0
            inspectors ana ben
            inspector cem per_week=1
            inspector dea per_week=1
            places p1
            visit v1 p1
            visit v2 p1
            visit v3 p1
            visit v4 p1
        ";
        assert_eq!(
            worst(text, 100),
            "4 visits (v1, v2, v3, v4) have 8 seats in all, and 2 people (cem, dea) can't take more of them than their \
             weeks allow; of the others somebody goes in at least 75 of 100 tickets, whatever is drawn from."
        );
    }

    #[test]
    fn what_is_short_is_told_with_the_people_who_are_full() {
        let text = "
            period 2027-01-04..2027-01-04
            inspector ana lead
            inspectors ben cem dea eli
            places p1
            visit v1 p1
            visit v2 p1
            visit v3 p1
            visit dive p1 skills=diving
        ";
        let (case, before) = fixture(text);
        let book = Book::new(&case.settings).unwrap();
        let span = Span { from: case.period.from, to: case.period.to };
        let most = most_staffed(&case, &book, span, &before);
        assert_eq!(
            coverage_bound_in_words(&case, &most.visits),
            [
                "1 visit (dive) can't be staffed by anybody, even with nothing else to do.",
                "3 visits (v1, v2, v3) want 3 seats with `lead` (lead) and can have 2, and 1 person (ana) can take no more: \
                 at least 1 visit goes without a team.",
            ]
        );
        assert_eq!(coverage_bound_json(&case, &most.visits)["at_most"], 2);
    }
}
