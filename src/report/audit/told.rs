//! Sentences that text and page share: who, where, how often, and how sure it is.

use crate::audit::{Answer, Audit, Evidence, Power, Question, Statement, Subject};
use crate::report::count;

/// The title of a question's table.
pub(super) fn title(question: Question) -> &'static str {
    match question {
        Question::Places => "Inspector and place",
        Question::Owners => "Inspector and owner",
        Question::Pairs => "Two inspectors",
        Question::Repeats => "Somebody of the last team comes back",
        Question::Runs => "The same inspector again and again",
        Question::Absences => "Away when a place has its turn",
        Question::Conflicts => "Conflicts declared just before a visit",
        Question::Reserves => "Reserves who step in",
        Question::Overrides => "Exceptions by approver",
        Question::Executed => "Drawn, and did not go",
    }
}

/// What is compared, and what chance means there.
pub(super) fn null(question: Question) -> &'static str {
    match question {
        Question::Places => {
            "Days on which an inspector came to a place. By chance: with the odds of each draw; where a visit is only remembered, as if the month's work in the district had been dealt out by lot."
        }
        Question::Owners => "The same for all places of one owner.",
        Question::Pairs => "Days on which two served in one team. By chance: with the odds that each had.",
        Question::Repeats => {
            "Visits to which somebody of the place's last team came back. By chance: with the odds that they had for it."
        }
        Question::Runs => {
            "Visits of one inspector to one place without a break. By chance: the odds of each visit after the first, multiplied."
        }
        Question::Absences => {
            "Days of a place's visits on which an inspector was away. By chance: the visits fall anywhere among the same weekdays of the quarter."
        }
        Question::Conflicts => {
            "Conflicts with a visit within 14 days after they were declared. By chance: declared on any day."
        }
        Question::Reserves => {
            "Seats that a reserve took over. By chance: everybody who could is as likely to stand first."
        }
        Question::Overrides => {
            "Overrides and voids among what somebody signed, and waivers for one person or place. By chance: as often as among what all signed."
        }
        Question::Executed => {
            "Seats of days that are over whose inspector did not go. By chance: as often as anybody's."
        }
    }
}

/// What is counted.
pub(super) fn unit(question: Question) -> (&'static str, &'static str) {
    match question {
        Question::Places | Question::Owners | Question::Pairs | Question::Absences => ("day", "days"),
        Question::Repeats | Question::Runs => ("visit", "visits"),
        Question::Conflicts => ("conflict", "conflicts"),
        Question::Reserves | Question::Executed => ("seat", "seats"),
        Question::Overrides => ("exception", "exceptions"),
    }
}

/// An inspector, as reports call people.
pub(super) fn person(evidence: &Evidence, who: usize) -> String {
    let Some(person) = evidence.people.get(who) else { return String::new() };
    named(&person.id, person.name.as_deref())
}

/// A place, as reports call places.
pub(super) fn place(evidence: &Evidence, at: usize) -> String {
    let Some(place) = evidence.places.get(at) else { return String::new() };
    named(&place.id, place.name.as_deref())
}

fn named(id: &str, name: Option<&str>) -> String {
    match name {
        Some(name) if name != id => format!("{id} {name}"),
        _ => id.to_owned(),
    }
}

/// Whom a comparison is about.
pub(super) fn subject(evidence: &Evidence, subject: &Subject) -> String {
    let (who, at) = (|who: usize| person(evidence, who), |at: usize| place(evidence, at));
    match subject {
        Subject::Office => "the whole office".to_owned(),
        Subject::Remembered => "visits that are only remembered".to_owned(),
        Subject::Drawn => "visits that were drawn".to_owned(),
        Subject::Person(one) => who(*one),
        Subject::Place(one) => at(*one),
        Subject::Meeting { who: one, place } => format!("{} at {}", who(*one), at(*place)),
        Subject::Owner { who: one, owner } => format!("{} at the places of {owner}", who(*one)),
        Subject::Pair(one, two) => format!("{} with {}", who(*one), who(*two)),
        Subject::Run { who: one, place, days } => {
            format!("{} at {}, {} to {}", who(*one), at(*place), days.start(), days.end())
        }
        Subject::Approver(name) => format!("signed by {name}"),
        Subject::ApproverFor { approver, who: one } => format!("signed by {approver} for {}", who(*one)),
        Subject::ApproverAt { approver, place } => format!("signed by {approver} at {}", at(*place)),
    }
}

/// One sentence: who, where, how often, and how sure.
pub(super) fn sentence(evidence: &Evidence, question: Question, statement: &Statement) -> String {
    let (one, many) = unit(question);
    let happened = match question {
        Question::Runs => format!("{} without a break", count(statement.observed, one, many)),
        _ => format!("{} of {}", statement.observed, count(statement.of, one, many)),
    };
    let doing = match question {
        Question::Places | Question::Owners => "met on",
        Question::Pairs => "served together on",
        Question::Repeats => "somebody of the last team came back to",
        Question::Runs => "made",
        Question::Absences => "away on",
        Question::Conflicts => "declared just before a visit,",
        Question::Reserves => "stepped in for",
        Question::Overrides => "bent the draw in",
        Question::Executed => "did not go, for",
    };
    let expected = expected(statement);
    let about = subject(evidence, &statement.subject);
    format!("{about}: {doing} {happened}, where chance makes {expected}; {}", sure(statement.ln_any))
}

/// What was to be expected; over the whole office too, where that differs.
pub(super) fn expected(statement: &Statement) -> String {
    let (near, wide) = (short(statement.expected), short(statement.expected_wide));
    if near == wide { near } else { format!("{near} ({wide} if districts are left out)") }
}

/// A figure in as few digits as tell it.
pub(super) fn short(value: f64) -> String {
    if value > 0.0 && value < 0.001 { "under 0.001".to_owned() } else { crate::report::html::chart::short(value) }
}

/// How sure it is: in how many honest offices anything as surprising would be found by chance.
pub(super) fn sure(ln_any: f64) -> String {
    match one_in(ln_any) {
        None => "chance would explain it".to_owned(),
        Some(n) => format!("chance does that in fewer than 1 of {n} honest offices"),
    }
}

/// `1 of so many` as a round number below it; none where it is more than 1 of 10.
pub(super) fn one_in(ln_any: f64) -> Option<String> {
    let digits = -ln_any / std::f64::consts::LN_10;
    if digits < 1.0 {
        return None;
    }
    let (whole, rest) = (digits.floor(), digits - digits.floor());
    if whole >= 12.0 {
        return Some(format!("10^{whole:.0}"));
    }
    let first = if rest >= 5f64.log10() {
        5
    } else if rest >= 2f64.log10() {
        2
    } else {
        1
    };
    Some(spaced(first * 10_u64.pow(whole as u32)))
}

/// Thousands apart: `1,000,000`.
pub(super) fn spaced(n: u64) -> String {
    let digits = n.to_string();
    let parts: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|part| std::str::from_utf8(part).unwrap_or_default()).collect();
    parts.join(",")
}

/// A tail as people read one: `0.012`, or `10^-30`.
pub(super) fn tail(ln_tail: f64) -> String {
    let digits = ln_tail / std::f64::consts::LN_10;
    if digits <= -4.0 { format!("10^{:.0}", digits.ceil()) } else { format!("{:.4}", ln_tail.exp()) }
}

/// The smallest effect that would have been found.
pub(super) fn power(question: Question, power: Option<&Power>) -> String {
    if question == Question::Runs {
        return "as inspector and place".to_owned();
    }
    let Some(Power { expected, alarm_at, times }) = power else {
        return "too little to find anything in".to_owned();
    };
    let found = times.map(|times| format!("; {} times as often is found in 8 of 10 offices", short(times)));
    let unit = unit(question).1;
    format!("where {} {unit} are expected, {alarm_at} are an alarm{}", short(*expected), found.unwrap_or_default())
}

/// The first line of all: how many things there are.
pub(super) fn headline(audit: &Audit) -> String {
    match audit.alarms().count() {
        0 => "Nothing here that chance does not explain".to_owned(),
        1 => "1 thing that chance does not explain".to_owned(),
        n => format!("{} things that chance does not explain", spaced(n as u64)),
    }
}

/// How often an honest office would get an alarm, and what an alarm is.
pub(super) fn stated(audit: &Audit) -> String {
    let of_100 = short(audit.level * 100.0);
    format!(
        "Of 100 honest offices at most {of_100} get any alarm in the whole audit. An alarm says that chance is a bad explanation, not which other one is true."
    )
}

/// Alarms with their questions.
pub(super) type Named<'a> = Vec<(&'a Answer, &'a Statement)>;

/// The alarms to name: the most surprising of each question, so many of each; and how many more there are by question.
pub(super) fn named_alarms(audit: &Audit, each: usize) -> (Named<'_>, Vec<(Question, usize)>) {
    let (mut named, mut more): (Named, _) = (Vec::new(), Vec::new());
    for answer in &audit.answers {
        let alarms: Vec<_> = answer.alarms(audit.level).collect();
        named.extend(alarms.iter().take(each).map(|statement| (answer, *statement)));
        if alarms.len() > each {
            more.push((answer.question, alarms.len() - each));
        }
    }
    named.sort_by(|a, b| a.1.ln_any.total_cmp(&b.1.ln_any));
    (named, more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_sure_it_is_is_never_told_as_surer() {
        for (any, told) in
            [(0.2, None), (0.05, Some("20")), (0.011, Some("50")), (0.0004, Some("2,000")), (1e-30, Some("10^30"))]
        {
            assert_eq!(one_in(f64::ln(any) - 1e-12).as_deref(), told, "{any}");
        }
        assert_eq!(tail((2e-31f64).ln()), "10^-30");
        assert_eq!(spaced(1_234_567), "1,234,567");
    }
}
