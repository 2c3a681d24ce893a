//! An audit for machines: everything that text and page show, and what they leave out.

use serde_json::{Value, json};

use super::told::{sentence, subject};
use crate::audit::{Answer, Audit, Evidence, Question, Repeats, Statement, Subject, Term};

/// Comparisons with a tail above this are counted, not listed.
const LISTED: f64 = 0.05;

/// The whole audit. Chances are given as their logarithms to the base of ten, since many are too small for a number.
pub fn audit_json(evidence: &Evidence, audit: &Audit) -> Value {
    let id = |who: usize| evidence.people.get(who).map(|person| person.id.clone());
    let months = audit.repeats.months.iter().map(|(month, (one, drawn))| {
        let mut value = repeats(one);
        value["month"] = json!(month.to_string());
        value["drawn"] = json!(drawn);
        value
    });
    let kinds = audit.repeats.kinds.iter().map(|(kind, one)| (kind.clone(), repeats(one)));
    json!({
        "level": audit.level,
        "sources": evidence.sources,
        "people": evidence.people.len(),
        "places": evidence.places.len(),
        "visits": evidence.visits.len(),
        "visits_with_odds": evidence.visits.iter().filter(|visit| visit.odds.is_some()).count(),
        "working_days": evidence.days.len(),
        "first_day": evidence.days.first().map(ToString::to_string),
        "last_day": evidence.days.last().map(ToString::to_string),
        "alarms": audit.alarms().count(),
        "questions": audit.answers.iter().map(|answer| question(evidence, audit, answer)).collect::<Vec<_>>(),
        "pairs_estimated": audit.pairs_estimated,
        "repeats": {
            "all": repeats(&audit.repeats.all),
            "remembered": repeats(&audit.repeats.remembered),
            "drawn": repeats(&audit.repeats.drawn),
            "kinds": kinds.collect::<serde_json::Map<_, _>>(),
            "months": months.collect::<Vec<_>>(),
        },
        "runs_of_length": audit.runs,
        "longest_runs": longest(evidence, audit),
        "terms": audit.terms.iter().map(|one| term(evidence, one)).collect::<Vec<_>>(),
        "tenure_months": evidence.tenure_months,
        "narrowed": evidence.thinned.iter().map(|one| json!({
            "date": one.date.to_string(), "establishment": evidence.places.get(one.place).map(|place| &place.id),
            "could_go": one.left, "away": one.away.iter().map(|who| id(*who)).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "away_on": audit.away.iter().map(|(day, people)| json!({ "date": day.to_string(), "people": people })).collect::<Vec<_>>(),
        "not_drawn": evidence.undrawn,
    })
}

fn question(evidence: &Evidence, audit: &Audit, answer: &Answer) -> Value {
    let listed = answer.statements.iter().filter(|one| one.ln_tail <= LISTED.ln() || one.ln_any <= audit.level.ln());
    let listed: Vec<Value> = listed.map(|one| statement(evidence, audit, answer.question, one)).collect();
    json!({
        "question": answer.question.name(),
        "comparisons": answer.tests,
        "alarms": answer.alarms(audit.level).count(),
        "smallest_effect": answer.power.map(|power| json!({
            "expected": power.expected, "alarm_at": power.alarm_at, "times_found_in_8_of_10": power.times,
        })),
        "statements": listed,
        "further_statements": answer.statements.len() - listed.len(),
    })
}

fn statement(evidence: &Evidence, audit: &Audit, question: Question, one: &Statement) -> Value {
    let mut value = json!({
        "about": subject(evidence, &one.subject),
        "says": sentence(evidence, question, one),
        "observed": one.observed,
        "of": one.of,
        "expected": one.expected,
        "expected_in_the_whole_office": one.expected_wide,
        "log10_alone": one.ln_tail / std::f64::consts::LN_10,
        "log10_of_honest_offices": one.ln_any / std::f64::consts::LN_10,
        "alarm": one.ln_any <= audit.level.ln(),
    });
    let person = |who: &usize| json!(evidence.people.get(*who).map(|person| &person.id));
    let place = |at: &usize| json!(evidence.places.get(*at).map(|place| &place.id));
    match &one.subject {
        Subject::Office | Subject::Remembered | Subject::Drawn => {}
        Subject::Person(who) => value["inspector"] = person(who),
        Subject::Place(at) => value["establishment"] = place(at),
        Subject::Meeting { who, place: at } => {
            value["inspector"] = person(who);
            value["establishment"] = place(at);
        }
        Subject::Owner { who, owner } => {
            value["inspector"] = person(who);
            value["owner"] = json!(owner);
        }
        Subject::Pair(a, b) => value["inspectors"] = json!([person(a), person(b)]),
        Subject::Run { who, place: at, days } => {
            value["inspector"] = person(who);
            value["establishment"] = place(at);
            value["from"] = json!(days.start().to_string());
            value["to"] = json!(days.end().to_string());
        }
        Subject::Approver(name) => value["approver"] = json!(name),
        Subject::ApproverFor { approver, who } => {
            value["approver"] = json!(approver);
            value["inspector"] = person(who);
        }
        Subject::ApproverAt { approver, place: at } => {
            value["approver"] = json!(approver);
            value["establishment"] = place(at);
        }
    }
    value
}

fn longest(evidence: &Evidence, audit: &Audit) -> Vec<Value> {
    let runs = audit.answers.iter().filter(|answer| answer.question == Question::Runs);
    let mut runs: Vec<&Statement> = runs.flat_map(|answer| &answer.statements).collect();
    runs.sort_by(|a, b| b.observed.cmp(&a.observed).then(a.ln_tail.total_cmp(&b.ln_tail)));
    runs.truncate(100);
    runs.into_iter().map(|one| statement(evidence, audit, Question::Runs, one)).collect()
}

fn repeats(one: &Repeats) -> Value {
    json!({ "of": one.of, "returned": one.returned, "by_chance": one.near, "by_chance_in_the_whole_office": one.wide })
}

fn term(evidence: &Evidence, term: &Term) -> Value {
    json!({
        "inspector": evidence.people.get(term.who).map(|person| &person.id), "district": term.district,
        "from": term.from.to_string(), "to": term.to.to_string(), "months": term.months, "visits": term.visits,
        "goes_on": term.goes_on,
    })
}
