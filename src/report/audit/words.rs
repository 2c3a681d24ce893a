//! An audit as text: the alarms, the questions in one table, what lies behind the alarms, and what is only counted.

use super::told::{self, expected, one_in, person, place, sentence, short, spaced, subject, tail, title};
use crate::audit::{Answer, Audit, Evidence, Repeats, Subject};
use crate::report::{Section, Side, count, table};

/// Rows of a table that are shown unless all are asked for.
const ROWS: usize = 10;
/// Alarms of one question that are named first.
const NAMED: usize = 3;

/// What came out, the alarms first. Tables have ten rows, or all with `all`.
pub fn audit_in_words(evidence: &Evidence, audit: &Audit, all: bool) -> Vec<Section> {
    let rows = if all { usize::MAX } else { ROWS };
    let mut sections = vec![first(evidence, audit, if all { usize::MAX } else { NAMED }), questions(audit)];
    let told = |answer: &&Answer| all && !answer.statements.is_empty() || answer.alarms(audit.level).next().is_some();
    sections.extend(audit.answers.iter().filter(told).map(|answer| one(evidence, audit, answer, rows)));
    sections.extend(returns(audit, all));
    sections.extend(runs(evidence, audit, rows));
    sections.extend(terms(evidence, audit, rows));
    sections.extend(narrowed(evidence, audit, rows));
    sections.extend(
        (!evidence.undrawn.is_empty()).then(|| Section::new("Not drawn, or drawn twice", evidence.undrawn.join("\n"))),
    );
    sections.push(read(evidence, audit));
    sections
}

fn first(evidence: &Evidence, audit: &Audit, each: usize) -> Section {
    let (named, more) = told::named_alarms(audit, each);
    let mut lines: Vec<String> =
        named.iter().map(|(answer, one)| format!("- {}", sentence(evidence, answer.question, one))).collect();
    lines.extend(more.iter().map(|(question, n)| format!("- {}: {} more", title(*question), spaced(*n as u64))));
    lines.push(told::stated(audit));
    Section::new(told::headline(audit), lines.join("\n"))
}

fn questions(audit: &Audit) -> Section {
    let columns = [
        ("question", Side::Left),
        ("comparisons", Side::Right),
        ("alarms", Side::Right),
        ("what so much data can find", Side::Left),
    ];
    let row = |answer: &Answer| {
        let power = match answer.tests {
            0 => "nothing to compare".to_owned(),
            _ => told::power(answer.question, answer.power.as_ref()),
        };
        let alarms = answer.alarms(audit.level).count();
        [title(answer.question).to_owned(), spaced(answer.tests as u64), spaced(alarms as u64), power]
    };
    Section::new("What was asked", table(&columns, audit.answers.iter().map(row)))
}

fn one(evidence: &Evidence, audit: &Audit, answer: &Answer, rows: usize) -> Section {
    let columns = [
        ("who and where", Side::Left),
        ("happened", Side::Right),
        ("could have", Side::Right),
        ("by chance", Side::Left),
        ("alone", Side::Right),
        ("of honest offices, 1 in", Side::Right),
    ];
    let row = |one: &crate::audit::Statement| {
        let any = one_in(one.ln_any).unwrap_or_else(|| "-".to_owned());
        [
            subject(evidence, &one.subject),
            one.observed.to_string(),
            one.of.to_string(),
            expected(one),
            tail(one.ln_tail),
            any,
        ]
    };
    let alarms = answer.alarms(audit.level).count();
    let mut text =
        format!("{}\n{}", told::null(answer.question), table(&columns, answer.statements.iter().take(rows).map(row)));
    more(&mut text, answer.statements.len(), rows);
    Section::new(format!("{}: {}", title(answer.question), count(alarms, "alarm", "alarms")), text)
}

fn more(text: &mut String, all: usize, rows: usize) {
    if all > rows {
        text.push_str(&format!("\n... and {} more (--all shows them)", spaced((all - rows) as u64)));
    }
}

fn returns(audit: &Audit, all: bool) -> Option<Section> {
    let rates = &audit.repeats;
    let columns = [
        ("", Side::Left),
        ("visits", Side::Right),
        ("came back", Side::Right),
        ("by chance in the district", Side::Right),
        ("in the office", Side::Right),
    ];
    let row = |name: &str, one: &Repeats| {
        let percent = one.percent().map(|(was, near, wide)| [was, near, wide].map(|n| format!("{n:.1} %")));
        let [was, near, wide] = percent.unwrap_or_else(|| std::array::from_fn(|_| "-".to_owned()));
        [name.to_owned(), one.of.to_string(), was, near, wide]
    };
    let mut rows = vec![row("all visits after a place's first", &rates.all)];
    if rates.drawn.of > 0 && rates.remembered.of > 0 {
        rows.extend([row("before: remembered", &rates.remembered), row("after: drawn", &rates.drawn)]);
    }
    rows.extend(rates.kinds.iter().map(|(kind, one)| row(&format!("kind {kind}"), one)));
    if all {
        rows.extend(rates.months.iter().map(|(month, (one, _))| row(&month.to_string(), one)));
    }
    let months = if all {
        String::new()
    } else {
        format!("\n{} by month: --all, or the page (--page)", count(rates.months.len(), "month", "months"))
    };
    (rates.all.of > 0)
        .then(|| Section::new("How often somebody of the last team comes back", table(&columns, rows) + &months))
}

fn runs(evidence: &Evidence, audit: &Audit, rows: usize) -> Option<Section> {
    let answer = audit.answers.iter().find(|answer| answer.question == crate::audit::Question::Runs)?;
    let mut longest: Vec<_> = answer.statements.iter().collect();
    longest.sort_by(|a, b| b.observed.cmp(&a.observed).then(a.ln_tail.total_cmp(&b.ln_tail)));
    let all = longest.len();
    let columns =
        [("who", Side::Left), ("where", Side::Left), ("visits", Side::Right), ("from", Side::Left), ("to", Side::Left)];
    let row = |one: &&crate::audit::Statement| match &one.subject {
        Subject::Run { who, place: at, days } => Some([
            person(evidence, *who),
            place(evidence, *at),
            one.observed.to_string(),
            days.start().to_string(),
            days.end().to_string(),
        ]),
        _ => None,
    };
    let mut text = table(&columns, longest.iter().take(rows).filter_map(row));
    more(&mut text, all, rows);
    (all > 0)
        .then(|| Section::new(format!("Longest runs of one inspector at a place: up to {}", audit.runs.len()), text))
}

fn terms(evidence: &Evidence, audit: &Audit, rows: usize) -> Option<Section> {
    let now: Vec<_> = audit.terms.iter().filter(|term| term.goes_on).collect();
    let columns = [
        ("who", Side::Left),
        ("district", Side::Left),
        ("months", Side::Right),
        ("visits", Side::Right),
        ("since", Side::Left),
    ];
    let row = |term: &&crate::audit::Term| {
        [
            person(evidence, term.who),
            term.district.clone(),
            term.months.to_string(),
            term.visits.to_string(),
            term.from.to_string(),
        ]
    };
    let mut text = table(&columns, now.iter().take(rows).map(row));
    more(&mut text, now.len(), rows);
    if let Some(most) = evidence.tenure_months {
        let over = now.iter().filter(|term| term.months >= most).count();
        text.push_str(&format!("\n{} of {} reach the {most} months of district-tenure.", over, now.len()));
    }
    (!now.is_empty()).then(|| Section::new("Longest in one district now (counted, not tested)", text))
}

fn narrowed(evidence: &Evidence, audit: &Audit, rows: usize) -> Option<Section> {
    let columns = [
        ("day", Side::Left),
        ("place", Side::Left),
        ("could go", Side::Right),
        ("away who could have", Side::Right),
        ("who", Side::Left),
    ];
    let mut visits: Vec<_> = evidence.thinned.iter().collect();
    // The share of the choice that was away, most first.
    visits.sort_by(|a, b| (b.away.len() * (a.left + a.away.len())).cmp(&(a.away.len() * (b.left + b.away.len()))));
    let row = |one: &&crate::audit::Thinned| {
        let mut away: Vec<&str> =
            one.away.iter().filter_map(|who| Some(evidence.people.get(*who)?.id.as_str())).collect();
        if away.len() > 6 {
            away.truncate(5);
            away.push("...");
        }
        [
            one.date.to_string(),
            place(evidence, one.place),
            one.left.to_string(),
            one.away.len().to_string(),
            away.join(", "),
        ]
    };
    let mut text = table(&columns, visits.iter().take(rows).map(row));
    more(&mut text, visits.len(), rows);
    if let Some((day, people)) = audit.away.first() {
        let days =
            audit.away.iter().map(|(_, people)| *people).sum::<usize>() as f64 / evidence.days.len().max(1) as f64;
        text.push_str(&format!(
            "\nMost people away on one day: {people}, on {day}; on an average working day {}.",
            short(days)
        ));
    }
    (!visits.is_empty()).then(|| Section::new("Choices that absences narrowed (counted, not tested)", text))
}

fn read(evidence: &Evidence, audit: &Audit) -> Section {
    let drawn = evidence.visits.iter().filter(|visit| visit.odds.is_some()).count();
    let mut lines = vec![
        format!("from   {}", evidence.sources.join(", ")),
        format!("people {}, places {}", evidence.people.len(), evidence.places.len()),
        format!(
            "visits {}: {drawn} drawn with odds that are known, {} remembered",
            evidence.visits.len(),
            evidence.visits.len() - drawn
        ),
    ];
    if let (Some(first), Some(last)) = (evidence.days.first(), evidence.days.last()) {
        lines.push(format!("days   {} working days from {first} to {last}", evidence.days.len()));
    }
    if audit.pairs_estimated && drawn > 0 {
        lines.push("Odds of pairs follow from the odds of each: the urns were not handed on.".to_owned());
    }
    Section::new("What was read", lines.join("\n"))
}
