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
";

fn chapter(entry: &Entry) -> String {
    let mut text = format!("\n# {} ({})\n# [rules.{}]\n", entry.page().title, shape(entry.shape), entry.name);
    for parameter in entry.all_parameters() {
        let (name, default) = (parameter.name, literal(&parameter.value.default()));
        text.push_str(&format!("# {name} = {default}  # {}; {}\n", parameter.says, may_be(parameter.value)));
    }
    text
}
