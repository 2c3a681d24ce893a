//! The odds of one visit: in how many tickets everybody goes, beside who went and who could have.

use serde_json::{Value, json};

use super::times::day;
use super::{Section, Side, count, person, table};
use crate::bound::{Other, Who};
use crate::model::{Case, InspectorId};
use crate::record::OddsLine;

/// People and times that are told unless all are asked for.
const PEOPLE: usize = 20;
const TIMES: usize = 8;

/// The odds of one visit, as they were published.
#[derive(Clone, Debug)]
pub struct Chances {
    /// What was counted.
    pub line: OddsLine,
    /// Tickets of the urn of its stage.
    pub tickets: u32,
}

impl Chances {
    fn of(&self, id: &str) -> u32 {
        let found = self.line.inspectors.binary_search_by(|(who, _)| who.as_str().cmp(id)).ok();
        found.and_then(|at| self.line.inspectors.get(at)).map_or(0, |(_, n)| *n)
    }
}

/// Everybody who could have gone, those first who go in the most tickets.
pub(super) fn chances(case: &Case, who: &Who, chances: &Chances, all: bool) -> Section {
    let line = &chances.line;
    let goes = who.assignment.team.members().iter().map(|member| (*member, "goes".to_owned(), true));
    let others = who.others.iter().map(|other| (other.inspector, word(case, other), !other.instead_of.is_empty()));
    let mut people: Vec<_> =
        goes.chain(others).map(|(who, word, could)| (chances.of(&case.inspector(who).id), who, word, could)).collect();
    let neither = people.iter().filter(|(n, .., could)| *n == 0 && !could).count();
    people.retain(|(n, .., could)| *n > 0 || *could);
    people.sort_by_key(|(n, who, ..)| (std::cmp::Reverse(*n), *who));
    let columns = [("inspector", Side::Left), ("tickets", Side::Right), ("", Side::Left)];
    let shown = if all { people.len() } else { PEOPLE };
    let rows = people.iter().take(shown).map(|(n, who, word, _)| [person(case, *who), n.to_string(), word.clone()]);
    let mut lines = vec![table(&columns, rows)];
    if people.len() > shown {
        lines.push(format!("... and {} more (--all tells every one)", people.len() - shown));
    }
    if neither > 0 {
        lines.push(format!(
            "{} in no ticket and could not go, as told below.",
            if neither == 1 { "1 more person is".to_owned() } else { format!("{neither} more people are") }
        ));
    }
    lines.push(times(line, all));
    let held = if line.held == chances.tickets { String::new() } else { format!(", of which {} hold it", line.held) };
    let title =
        format!("Who could have gone, in how many of the {} tickets of stage {}{held}", chances.tickets, line.stage);
    Section::new(title, lines.join("\n"))
}

/// What would have to be so that somebody else had gone, all else as planned.
fn word(case: &Case, other: &Other) -> String {
    if other.instead_of.is_empty() {
        let mut rules: Vec<&str> = other.hindrances.iter().map(|hindrance| hindrance.rule).collect();
        rules.dedup();
        return format!("not with all else as drawn: {}", rules.join(", "));
    }
    let ids: Vec<&str> = other.instead_of.iter().map(|who: &InspectorId| case.inspector(*who).id.as_str()).collect();
    format!("could have gone in the place of {}", ids.join(" or "))
}

fn times(line: &OddsLine, all: bool) -> String {
    let shown = if all { line.times.len() } else { TIMES };
    let told: Vec<String> =
        line.times.iter().take(shown).map(|(date, slot, n)| format!("{} {slot} in {n}", day(date.date()))).collect();
    let more = match line.times.len().saturating_sub(shown) {
        0 => String::new(),
        more => format!(", and {}", count(more, "more time", "more times")),
    };
    format!("When: {}{more}.", told.join(", "))
}

/// The odds for machines.
pub(super) fn chances_json(chances: &Chances) -> Value {
    let line = &chances.line;
    let people = line.inspectors.iter().map(|(who, n)| json!({ "inspector": who, "tickets": n }));
    let times =
        line.times.iter().map(|(date, slot, n)| json!({ "date": date.date().to_string(), "slot": slot, "tickets": n }));
    json!({
        "stage": line.stage,
        "tickets": chances.tickets,
        "held": line.held,
        "inspectors": people.collect::<Vec<_>>(),
        "times": times.collect::<Vec<_>>(),
        "different_teams": line.teams.distinct,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bound::who;
    use crate::model::{Odds, Schedule, Stage, Urn};
    use crate::rules::Book;
    use crate::rules::testing::fixture;

    #[test]
    fn who_went_stands_beside_who_could_and_was_not_drawn() {
        let text = "
            period 2027-01-04..2027-01-04
            inspector ana lead
            inspectors ben cem dea
            inspector eve left=2026-12-31
            places p1
            visit v1 p1
        ";
        let plans = ["am ana ben", "pm ana cem", "am ana ben"]
            .map(|plan| fixture(&format!("{text} plan v1 2027-01-04 {plan}")));
        let mut case = plans[0].0.clone();
        case.urn.stage = Stage::Period;
        let book = Book::new(&case.settings).unwrap();
        let layout = book.layout(&case, case.urn.stage.spans(&case.period)[0], &Schedule::default());
        let mut tickets = Vec::new();
        plans.iter().for_each(|(_, plan)| layout.encode(plan, &mut tickets));
        let odds = Odds::count(&Urn::new(layout, tickets).unwrap());
        let visit = odds.visits[0].visit;
        let given = Chances { line: OddsLine::of(&case, 1, &odds.visits[0]), tickets: 3 };
        let answer = who(&case, &book, &plans[0].1, visit).unwrap();
        let told = chances(&case, &answer, &given, false);
        assert_eq!(told.title, "Who could have gone, in how many of the 3 tickets of stage 1");
        let lines: Vec<&str> = told.body.lines().collect();
        assert_eq!(
            lines[1..4].iter().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>(),
            ["ana 3 goes", "ben 2 goes", "cem 1 could have gone in the place of ben",]
        );
        assert!(
            lines[4].starts_with("dea") && lines[4].contains("0  could have gone in the place of ben"),
            "{lines:?}"
        );
        assert_eq!(lines[5], "1 more person is in no ticket and could not go, as told below.");
        assert_eq!(lines[6], "When: Mon 2027-01-04 am in 2, Mon 2027-01-04 pm in 1.");
        assert_eq!(chances_json(&given)["inspectors"][1], json!({ "inspector": "ben", "tickets": 2 }));
    }
}
