//! An audit as a page: the alarms, the charts, and a table for each question.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::told::{self, expected, one_in, person, place, sentence, spaced, subject, tail, title};
use crate::audit::{Answer, Audit, Evidence, Question, Statement, Subject};
use crate::report::html::chart::{Chart, Series, Shape};
use crate::report::html::{Page, Part, table};

/// Rows of a table.
const ROWS: usize = 25;
/// People and places of the table of meetings.
const CELLS: usize = 12;

/// The page, as one file.
pub fn audit_page(evidence: &Evidence, audit: &Audit) -> String {
    let days = evidence.days.first().zip(evidence.days.last());
    let subtitle = days.map(|(first, last)| format!("{first} to {last}: {}", evidence.sources.join(", ")));
    let mut parts = vec![Part { id: "alarms", title: told::headline(audit), body: alarms(evidence, audit) }];
    parts.extend(repeats(audit));
    parts.extend(meetings(evidence, audit));
    parts.extend(runs(audit));
    parts.extend(heat(evidence));
    parts.push(Part { id: "questions", title: "What was asked".to_owned(), body: questions(audit) });
    let told = audit.answers.iter().filter(|answer| !answer.statements.is_empty());
    parts.extend(told.map(|answer| one(evidence, answer)));
    parts.extend(terms(evidence, audit));
    let page = Page { title: "Audit of inspections", subtitle: subtitle.as_deref(), parts, script: None };
    page.to_html()
}

fn alarms(evidence: &Evidence, audit: &Audit) -> Markup {
    let (named, more) = told::named_alarms(audit, 3);
    html! {
        @if !named.is_empty() {
            ul {
                @for (answer, statement) in named { li { (sentence(evidence, answer.question, statement)) } }
                @for (question, n) in more { li { (title(question)) ": " (spaced(n as u64)) " more" } }
            }
        }
        p { (told::stated(audit)) }
        @for line in &evidence.undrawn { p class="note" { (line) } }
    }
}

/// By month: how often somebody came back, beside what chance makes of it.
fn repeats(audit: &Audit) -> Option<Part> {
    let months = &audit.repeats.months;
    let labels: Vec<String> = months.keys().map(ToString::to_string).collect();
    let percents: Vec<_> = months.values().map(|(one, _)| one.percent()).collect();
    let of =
        |pick: fn((f64, f64, f64)) -> f64| -> Vec<Option<f64>> { percents.iter().map(|all| all.map(pick)).collect() };
    let (was, near, wide) = (of(|all| all.0), of(|all| all.1), of(|all| all.2));
    let series = [
        Series { name: "by chance in the office (line)", shape: Shape::Line, colour: 1, values: &wide },
        Series { name: "by chance in the district (dots)", shape: Shape::Dots, colour: 1, values: &near },
        Series { name: "came back", shape: Shape::Line, colour: 0, values: &was },
    ];
    let caption = "How often somebody of a place's last team came back to its next visit";
    let chart = Chart { caption, across: "month", up: "per cent of visits", labels: &labels, series: &series };
    let (all, drawn) = (audit.repeats.all.percent()?, audit.repeats.drawn.percent());
    let from = months.iter().find(|(_, (_, drawn))| *drawn).map(|(month, _)| month.to_string());
    let body = html! {
        p {
            (format!("{:.1} % of {} visits after a place's first; chance makes {:.1} % within districts, and {:.1} % over the whole office.",
                all.0, spaced(audit.repeats.all.of as u64), all.1, all.2))
            @if let (Some(drawn), Some(from)) = (drawn, from) { (format!(" Since teams are drawn ({from}): {:.1} %.", drawn.0)) }
        }
        (chart.to_markup())
    };
    Some(Part { id: "repeats-by-month", title: "Coming back, month by month".to_owned(), body })
}

/// Observed against expected meetings of those that stand out most.
fn meetings(evidence: &Evidence, audit: &Audit) -> Option<Part> {
    let answer = audit.answers.iter().find(|answer| answer.question == Question::Places)?;
    let most: Vec<&Statement> = answer.statements.iter().take(ROWS).collect();
    let label = |one: &&Statement| match one.subject {
        Subject::Meeting { who, place } => {
            let (who, at) = (evidence.people.get(who), evidence.places.get(place));
            format!("{} {}", who.map_or("", |who| &who.id), at.map_or("", |at| &at.id))
        }
        _ => String::new(),
    };
    // Names would lie on each other; the figures below the chart have them.
    let labels: Vec<String> = (1..=most.len()).map(|n| n.to_string()).collect();
    let values = |of: fn(&Statement) -> f64| -> Vec<Option<f64>> { most.iter().map(|one| Some(of(one))).collect() };
    let (met, chance) = (values(|one| one.observed as f64), values(|one| one.expected));
    let series = [
        Series { name: "met", shape: Shape::Bars, colour: 0, values: &met },
        Series { name: "by chance", shape: Shape::Dots, colour: 2, values: &chance },
    ];
    let caption = "Meetings of an inspector and a place, those that chance explains least";
    let chart = Chart { caption, across: "rank", up: "days", labels: &labels, series: &series };
    let names: Vec<Vec<Markup>> =
        most.iter().enumerate().map(|(at, one)| vec![html! { (at + 1) }, html! { (label(one)) }]).collect();
    let body = html! {
        (chart.to_markup())
        details { summary { "Who and where" } (table("Ranks of the chart", &[("rank", true), ("inspector and place", false)], &names)) }
    };
    (!most.is_empty()).then(|| Part { id: "meetings", title: "Met, and by chance".to_owned(), body })
}

fn runs(audit: &Audit) -> Option<Part> {
    let labels: Vec<String> = (1..=audit.runs.len()).map(|n| n.to_string()).collect();
    let values: Vec<Option<f64>> = audit.runs.iter().map(|n| Some(*n as f64)).collect();
    let series = [Series { name: "runs", shape: Shape::Bars, colour: 0, values: &values }];
    let caption = "Visits of one inspector to one place without a break: how many runs of each length";
    let chart = Chart { caption, across: "visits without a break", up: "runs", labels: &labels, series: &series };
    let body = chart.to_markup();
    (audit.runs.len() > 1).then(|| Part { id: "runs-by-length", title: "Runs".to_owned(), body })
}

/// The places with most visits, and who came: a table whose cells are darker the more of a place's visits somebody made.
fn heat(evidence: &Evidence) -> Option<Part> {
    let mut cells: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let (mut by_place, mut by_person): (BTreeMap<usize, usize>, BTreeMap<usize, usize>) = Default::default();
    for visit in &evidence.visits {
        *by_place.entry(visit.place).or_default() += 1;
        visit.team.iter().for_each(|who| *cells.entry((visit.place, *who)).or_default() += 1);
    }
    let places = most(&by_place);
    for ((place, who), n) in &cells {
        if places.contains(place) {
            *by_person.entry(*who).or_default() += n;
        }
    }
    let people = most(&by_person);
    let ids: Vec<&str> = people.iter().filter_map(|who| Some(evidence.people.get(*who)?.id.as_str())).collect();
    let mut columns = vec![("place", false), ("visits", true)];
    columns.extend(ids.iter().map(|id| (*id, true)));
    let row = |at: &usize| {
        let all = by_place[at];
        let mut row = vec![html! { (place(evidence, *at)) }, html! { (all) }];
        row.extend(people.iter().map(|who| {
            let n = cells.get(&(*at, *who)).copied().unwrap_or(0);
            // Ten shades; the number stands in the cell for whoever can't tell them.
            let shade = n * 10 / all.max(1);
            html! { @if n > 0 { span style=(format!("display:block;padding:0 .3em;background:color-mix(in srgb, var(--series-1) {}%, transparent)", shade * 4)) { (n) } } }
        }));
        row
    };
    let rows: Vec<Vec<Markup>> = places.iter().map(row).collect();
    let body = html! {
        p class="quiet" { "The more of a place's visits somebody made, the darker." }
        (table("The places with most visits, and those who came most often", &columns, &rows))
    };
    (!rows.is_empty()).then(|| Part { id: "who-where", title: "Who came where".to_owned(), body })
}

fn most(counts: &BTreeMap<usize, usize>) -> Vec<usize> {
    let mut all: Vec<(usize, usize)> = counts.iter().map(|(key, n)| (*key, *n)).collect();
    all.sort_by_key(|(key, n)| (std::cmp::Reverse(*n), *key));
    all.into_iter().take(CELLS).map(|(key, _)| key).collect()
}

fn questions(audit: &Audit) -> Markup {
    let columns = [("question", false), ("comparisons", true), ("alarms", true), ("what so much data can find", false)];
    let row = |answer: &Answer| {
        let power = match answer.tests {
            0 => "nothing to compare".to_owned(),
            _ => told::power(answer.question, answer.power.as_ref()),
        };
        let (tests, alarms) = (spaced(answer.tests as u64), spaced(answer.alarms(audit.level).count() as u64));
        vec![html! { (title(answer.question)) }, html! { (tests) }, html! { (alarms) }, html! { (power) }]
    };
    let rows: Vec<Vec<Markup>> = audit.answers.iter().map(row).collect();
    table("Every question, how many comparisons it took, and what it could have found", &columns, &rows)
}

fn one(evidence: &Evidence, answer: &Answer) -> Part {
    let columns = [
        ("who and where", false),
        ("happened", true),
        ("could have", true),
        ("by chance", false),
        ("chance of that alone", true),
        ("of honest offices, 1 in", true),
    ];
    let row = |one: &Statement| {
        let any = one_in(one.ln_any).unwrap_or_else(|| "–".to_owned());
        let cells = [
            subject(evidence, &one.subject),
            spaced(one.observed as u64),
            spaced(one.of as u64),
            expected(one),
            tail(one.ln_tail),
            any,
        ];
        cells.into_iter().map(|cell| html! { (cell) }).collect()
    };
    let rows: Vec<Vec<Markup>> = answer.statements.iter().take(ROWS).map(row).collect();
    let body = html! {
        p { (told::null(answer.question)) }
        (table(title(answer.question), &columns, &rows))
        @if answer.statements.len() > ROWS {
            p class="quiet" { (spaced((answer.statements.len() - ROWS) as u64)) " more happened more often than chance makes them, and are less surprising." }
        }
    };
    Part { id: answer.question.name(), title: title(answer.question).to_owned(), body }
}

fn terms(evidence: &Evidence, audit: &Audit) -> Option<Part> {
    let columns = [("who", false), ("district", false), ("months", true), ("visits", true), ("since", false)];
    let now = audit.terms.iter().filter(|term| term.goes_on).take(ROWS);
    let rows: Vec<Vec<Markup>> = now
        .map(|term| {
            vec![
                html! { (person(evidence, term.who)) },
                html! { (term.district) },
                html! { (term.months) },
                html! { (term.visits) },
                html! { (term.from) },
            ]
        })
        .collect();
    let body = table("Longest in one district now: counted, not tested", &columns, &rows);
    (!rows.is_empty()).then(|| Part { id: "terms", title: "Longest in one district".to_owned(), body })
}
