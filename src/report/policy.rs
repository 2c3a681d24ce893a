//! A `policy.toml` to begin from: every rule and every default, written out and commented out.

use super::rulebook::{literal, may_be, shape};
use crate::rules::{BOOK, Entry};

/// The text of a `policy.toml` for an office called `name`.
pub fn policy_template(name: &str) -> String {
    let name = name.replace('\\', "\\\\").replace('"', "\\\"");
    let rules: String = BOOK.iter().map(chapter).collect();
    format!("{}{rules}", HEAD.replace("OFFICE", &name))
}

const HEAD: &str = "\
# What is planned, and by which rules. Lines that begin with # are not read; those below are the
# defaults, so take the # away only from what you change. `foureyes rules NAME` explains a rule.

[case]
name = \"OFFICE\"

# The days to plan, both included. Change them.
[period]
from = 2027-01-04
to = 2027-01-15
weekdays = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]
slots = [\"am\", \"pm\"]
# When slots begin and end, such as { night = \"22:00-06:00\" }: orders and calendars say it, and the rule `rest` counts it.
# hours = {}
# Days on which nobody inspects, such as [\"2027-01-06\"], or a file of the case that has them: \"holidays.ics\".
# holidays = []

# How many complete schedules lie in the urn, how much one draw decides (day, week, period), and which visits are told of
# before it: with fewer possible teams than pool_min, or where one person has more than odds_max per cent of the odds.
# [urn]
# tickets = 1000
# stage = \"day\"
# pool_min = 4
# odds_max = 25

# Programmed visits fill what capacity is left. Months from one visit to the next by risk class, such as
# { high = 3, medium = 12, low = 36 }; the least odds of a place in the period, per mille; and whether every place of the
# register that no visit names has such odds too.
# [programmed]
# every_months = {}
# floor = 5
# places = false

# `foureyes import` keeps here, under [import.inspectors] and so on, which header of an export is which column.
";

fn chapter(entry: &Entry) -> String {
    let mut text = format!("\n# {} ({})\n# [rules.{}]\n", entry.page().title, shape(entry.shape), entry.name);
    for parameter in entry.all_parameters() {
        let (name, default) = (parameter.name, literal(&parameter.value.default()));
        text.push_str(&format!("# {name} = {default}  # {}; {}\n", parameter.says, may_be(parameter.value)));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::{Programmed, UrnPolicy};
    use crate::read::{Level, read_files};
    use crate::rules::Book;

    /// The template with every # taken away that stands before a line of TOML.
    fn uncommented() -> String {
        let toml = |line: &&str| {
            ["[rules.", "[urn]", "[programmed]"].iter().any(|section| line.starts_with(section))
                || line
                    .split_once(" = ")
                    .is_some_and(|(name, _)| name.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
        };
        let line = |line: &str| line.strip_prefix("# ").filter(toml).unwrap_or(line).to_owned() + "\n";
        policy_template("A \"quoted\" office").lines().map(line).collect()
    }

    #[test]
    fn every_default_of_the_template_is_what_holds_without_it() {
        let file = |name: &str, text: String| (name.to_owned(), text.into_bytes());
        let reading = read_files(&BTreeMap::from([
            file("policy.toml", uncommented()),
            file("inspectors.csv", "id\nI1\n".into()),
            file("establishments.csv", "id\nE1\n".into()),
            file("visits.csv", "id,establishment\nV1,E1\n".into()),
        ]));
        let wrong = reading.problems.iter().filter(|one| one.level == Level::Error && one.file == "policy.toml");
        assert_eq!(wrong.map(ToString::to_string).collect::<Vec<_>>(), [""; 0]);
        assert_eq!(reading.settings.len(), BOOK.len(), "every rule is written out");
        let case = reading.case.unwrap();
        assert_eq!((case.urn, case.programmed), (UrnPolicy::default(), Programmed::default()));
        let stated = Book::new(&reading.settings).unwrap();
        let default = Book::new(&Default::default()).unwrap();
        for (stated, default) in stated.all().iter().zip(default.all()) {
            assert_eq!(stated.parameters, default.parameters, "{}", default.entry.name);
        }
    }
}
