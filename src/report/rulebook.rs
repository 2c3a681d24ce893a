//! The rule book for people: as a list, a page a rule, and the whole as RULES.md.

use super::{Side, table};
use crate::model::Setting;
use crate::rules::{BOOK, Entry, Later, Parameter, Shape, Value};

/// Every rule in a line: name, shape, whether it is on unless the policy says otherwise, and its title.
pub fn rule_list() -> String {
    let columns = [("rule", Side::Left), ("shape", Side::Left), ("default", Side::Left), ("says", Side::Left)];
    let row = |entry: &Entry| {
        [entry.name.to_owned(), shape(entry.shape).to_owned(), on(entry.enabled).to_owned(), entry.page().title]
    };
    table(&columns, BOOK.iter().map(row))
}

/// One rule's page.
pub fn rule_page(entry: &Entry) -> String {
    let page = entry.page();
    let (shape, on) = (shape(entry.shape), on(entry.enabled));
    let head = format!("{} ({shape}, {on} by default{})\n\n{}", entry.name, since(entry), page.title);
    let parts = [
        ("Says", &page.says),
        ("Why", &page.why),
        ("Passes", &page.passes),
        ("Breaks", &page.breaks),
        ("Source", &page.source),
    ];
    let parts: Vec<String> = parts.iter().map(|(name, text)| format!("{name}\n{}", indented(text))).collect();
    let line = |p: &Parameter| {
        format!(
            "  {} = {}\n    {} ({}{})",
            p.name,
            literal(&p.value.default()),
            p.says,
            may_be(p.value),
            came(entry, p)
        )
    };
    let lines: Vec<String> = entry.all_parameters().map(line).collect();
    let parameters = format!("In policy.toml, [rules.{}], with its defaults\n{}", entry.name, lines.join("\n"));
    format!("{head}\n\n{}\n\n{parameters}\n", parts.join("\n\n"))
}

/// The whole book as RULES.md has it.
pub fn rules_markdown() -> String {
    let mut text = String::from(HEAD);
    for entry in BOOK {
        text.push_str(&format!(
            "| [`{0}`](#{0}) | {1} | {2} | {3} |\n",
            entry.name,
            shape(entry.shape),
            on(entry.enabled),
            entry.page().title
        ));
    }
    for entry in BOOK {
        text.push_str(&chapter(entry));
    }
    text
}

const HEAD: &str = "\
# The rule book

Everything that a plan may and may not do. Each rule is an exclusion (this inspector may not go there, because of a
fact), a team rule (these people may not form that team) or a limit (at most so many of these within a time). A
policy changes a rule in `[rules.NAME]` of `policy.toml`; `enabled = false` turns it off, all but `team-size`; what it
does not name has its default. A signed line in `waivers.csv` lifts a rule for one person on one visit.

What all rules mean by it:

- A **past team** is everybody whom history records at one place on one day, whether it has one line for them or one a person. Lines with
  an `agency` that name nobody of the roster are no part of it, and alone they are no team.
- Of two visits the **later** is the one on the later day, then in the later slot, then with the greater id; what history records comes
  before everything that is planned for its day.
- So many **months** after a day is the same day of the month, or the last of a shorter one. Weeks go from Monday to Sunday.
- **Editions.** The book grows; a rule or a parameter that came after the first edition says in which, under its heading or in its row. In a policy that was frozen before,
  the rule is off and the parameter is as it says it was before. Each rule that came later is off until a policy turns it on.
- Grades, units, agencies, tags, skills, languages, risk classes, kinds of visits and categories of conflicts are one word where they differ in **upper and lower case** alone;
  ids are not. Owners, sectors and districts are compared letter by letter: whoever reads an office's files has given each of them one
  spelling before, whatever case, blanks and look-alike marks they were written with, and by the names that `[aliases]` of the policy joins.

This file is printed from the rules themselves: `cargo run -- rules --markdown > RULES.md`.

| rule | shape | default | says |
|---|---|---|---|
";

fn chapter(entry: &Entry) -> String {
    let page = entry.page();
    let row = |p: &Parameter| {
        format!(
            "| `{}` | `{}` | {} | {}{} |\n",
            p.name,
            literal(&p.value.default()),
            may_be(p.value),
            p.says,
            came(entry, p)
        )
    };
    let rows: String = entry.all_parameters().map(row).collect();
    format!(
        "\n## {}\n\n{} ({}{}.)\n\n**Says.** {}\n\n**Why.** {}\n\n**Passes.** {}\n\n**Breaks.** {}\n\n**Source.** {}\n\n\
         | parameter | default | may be | means |\n|---|---|---|---|\n{rows}",
        entry.name,
        page.title,
        capital(shape(entry.shape)),
        since(entry),
        page.says,
        page.why,
        page.passes,
        page.breaks,
        page.source,
    )
}

/// In which edition of the book the rule came, if that was not the first.
fn since(entry: &Entry) -> String {
    if entry.since > 1 { format!(", since edition {}", entry.since) } else { String::new() }
}

/// In which edition the parameter came, if that was after its rule, and what the rule did before.
fn came(entry: &Entry, parameter: &Parameter) -> String {
    let later = entry.later.iter().find(|later| later.parameter == parameter.name);
    let says =
        |later: &Later| format!("; since edition {}, before it `{}`", later.since, literal(&later.before.default()));
    later.map(says).unwrap_or_default()
}

/// What a rule's shape is called.
pub(super) fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Exclusion => "exclusion",
        Shape::TeamRule => "team rule",
        Shape::Limit => "limit",
    }
}

fn on(enabled: bool) -> &'static str {
    if enabled { "on" } else { "off" }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

fn indented(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| format!("  {line}").trim_end().to_owned()).collect();
    lines.join("\n")
}

/// A value as `policy.toml` spells it.
pub(super) fn literal(value: &Setting) -> String {
    value.to_string()
}

/// What else a parameter may be.
pub(super) fn may_be(value: Value) -> String {
    match value {
        Value::Switch(_) => "true or false".to_owned(),
        Value::Number(_, least, most) => format!("{least} to {most}"),
        Value::Choice(_, among) => among.join(", "),
        Value::List(..) => "a list of texts".to_owned(),
        Value::Dates => "a list of dates".to_owned(),
        Value::Counts(least, most, _) => format!("a list of words with {least} to {most} each, such as `high=4`"),
    }
}
