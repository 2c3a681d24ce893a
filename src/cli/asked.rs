//! What is asked of whoever sits at a terminal: which header is which column, once and kept in the policy; and whether something is meant.

use dialoguer::{Confirm, Select};

use super::shell::plain;
use super::{Shell, Stop};
use crate::read::Choice;
use crate::read::import::{Header, Question, Said};

/// What a header is if it is none of our columns.
const NOT_READ: &str = "(not read)";

/// Columns that several headers may be together, such as one for each member of the team.
const LISTS: [&str; 5] = ["inspectors", "skills", "languages", "territory", "tags"];

/// Asks, header by header.
pub(super) fn columns(shell: &mut Shell, question: &Question) -> Result<Vec<Said>, Stop> {
    shell.say(&format!("\n{} is to become {}.csv. Which column is which?", question.file, question.table));
    if !question.lacking.is_empty() {
        shell.say(&format!("It can't do without {}.", question.lacking.join(", ")));
    }
    let stopped = || Stop::new("stopped; nothing was written", "give the same command again to be asked again");
    answered(question, choose).ok_or_else(stopped)
}

/// Asks what only a person can know.
pub(super) fn choice(shell: &mut Shell, choice: &Choice) -> Result<Vec<Said>, Stop> {
    shell.say(&format!("\n{}: {}.", plain(&choice.about), plain(&choice.why)));
    let answers: Vec<String> = choice.answers.iter().map(|answer| plain(&answer.says)).collect();
    let answers: Vec<&str> = answers.iter().map(String::as_str).collect();
    let stopped = || Stop::new("stopped; nothing was written", "give the same command again to be asked again");
    let chosen = choose("Which is right?", &answers).and_then(|at| choice.answers.get(at));
    chosen.map(|answer| answer.said.clone()).ok_or_else(stopped)
}

/// Whether somebody at a terminal says yes; no is what they say who say nothing.
pub(super) fn yes(prompt: &str) -> bool {
    Confirm::new().with_prompt(plain(prompt)).default(false).interact_opt().ok().flatten().unwrap_or(false)
}

/// What somebody who is shown these choices under a prompt takes; none where they stop.
fn choose(prompt: &str, choices: &[&str]) -> Option<usize> {
    Select::new().with_prompt(prompt).items(choices).default(0).max_length(12).interact_opt().ok().flatten()
}

/// What `choose` answers of each header; none as soon as it answers nothing.
fn answered(question: &Question, mut choose: impl FnMut(&str, &[&str]) -> Option<usize>) -> Option<Vec<Said>> {
    let (mut open, mut ignored, mut said) = (question.open.clone(), Vec::new(), Vec::new());
    let of = |key: &str, value: String| Said { table: question.table.to_owned(), key: key.to_owned(), value };
    for header in &question.headers {
        let choices = choices(header, &open);
        let chosen = choices.get(choose(&prompt(header), &choices)?).copied();
        match chosen.filter(|name| *name != NOT_READ) {
            Some(ours) => {
                open.retain(|other| *other != ours || LISTS.contains(other));
                match said.iter_mut().find(|said: &&mut Said| said.key == ours) {
                    Some(several) => several.value = format!("{}|{}", several.value, header.title),
                    None => said.push(of(ours, header.title.clone())),
                }
            }
            None => ignored.push(header.title.clone()),
        }
    }
    said.push(of("ignore", ignored.join("|")));
    Some(said)
}

/// What a header may be: the likeliest stands first, and nothing is taken until somebody says so.
fn choices(header: &Header, open: &[&'static str]) -> Vec<&'static str> {
    let likely = || header.likely.iter().copied().filter(|name| open.contains(name));
    let rest = open.iter().copied().filter(|name| !header.likely.contains(name));
    likely().chain([NOT_READ]).chain(rest).collect()
}

/// The header with some of its cells, on one line: a file may have been written by anybody.
fn prompt(header: &Header) -> String {
    plain(&format!("`{}` ({})", header.title, header.samples.join(", "))).replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(title: &str, samples: &[&str], likely: &[&'static str]) -> Header {
        let samples = samples.iter().map(|sample| (*sample).to_owned()).collect();
        Header { title: title.to_owned(), samples, likely: likely.to_vec() }
    }

    fn question() -> Question {
        let headers = vec![
            header("Matr\u{1b}[2J\nícula", &["007", "012"], &["id"]),
            header("Personal", &["x"], &["id", "name"]),
            header("Notas", &[], &[]),
        ];
        let (open, lacking) = (vec!["id", "name", "lead"], vec!["id"]);
        Question { table: "inspectors", file: "staff.csv".into(), row: 1, headers, lacking, open, proposed: Vec::new() }
    }

    #[test]
    fn what_is_likeliest_stands_first_and_what_was_taken_is_not_offered_again() {
        let (mut wanted, mut offered) = (["id", "name", NOT_READ].iter(), Vec::new());
        let said = answered(&question(), |prompt, choices| {
            assert!(!prompt.contains(['\u{1b}', '\n']), "{prompt:?}");
            offered.push(choices.join(" "));
            let wanted = wanted.next().unwrap();
            choices.iter().position(|one| one == wanted)
        });
        assert_eq!(offered, ["id (not read) name lead", "name (not read) lead", "(not read) lead"]);
        let said: Vec<(String, String)> = said.unwrap().into_iter().map(|one| (one.key, one.value)).collect();
        let expected = [("id", "Matr\u{1b}[2J\nícula"), ("name", "Personal"), ("ignore", "Notas")];
        assert_eq!(said, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
    }

    #[test]
    fn who_stops_has_said_nothing() {
        let mut asked = 0;
        let said = answered(&question(), |_, _| {
            asked += 1;
            (asked < 2).then_some(0)
        });
        assert!(said.is_none() && asked == 2);
    }
}
