//! Which header is which column, asked of whoever sits at a terminal: once, and kept in the policy.

use dialoguer::Select;

use super::{Shell, Stop};
use crate::read::import::{Header, Question, Said};

/// What a header is if it is none of our columns.
const NOT_READ: &str = "(not read)";

/// Asks, header by header.
pub(super) fn columns(shell: &mut Shell, question: &Question) -> Result<Vec<Said>, Stop> {
    shell.say(&format!("\n{} is to become {}.csv. Which column is which?", question.file, question.table));
    if !question.lacking.is_empty() {
        shell.say(&format!("It can't do without {}.", question.lacking.join(", ")));
    }
    let (mut open, mut ignored, mut said) = (question.open.clone(), Vec::new(), Vec::new());
    let of = |key: &str, value: String| Said { table: question.table.to_owned(), key: key.to_owned(), value };
    for header in &question.headers {
        match one(header, &open)? {
            Some(ours) => {
                open.retain(|other| *other != ours);
                said.push(of(ours, header.title.clone()));
            }
            None => ignored.push(header.title.clone()),
        }
    }
    said.push(of("ignore", ignored.join("|")));
    Ok(said)
}

/// What one header is: what it is likeliest to be stands first, and nothing is taken until somebody says so.
fn one(header: &Header, open: &[&'static str]) -> Result<Option<&'static str>, Stop> {
    let likely: Vec<&'static str> = header.likely.iter().copied().filter(|name| open.contains(name)).collect();
    let rest = open.iter().copied().filter(|name| !likely.contains(name));
    let mut choices: Vec<&'static str> = likely.clone();
    choices.push(NOT_READ);
    choices.extend(rest);
    let prompt = format!("`{}` ({})", header.title, header.samples.join(", "));
    let chosen = Select::new().with_prompt(prompt).items(&choices).default(0).max_length(12).interact_opt();
    let stopped = || Stop::new("stopped; nothing was written", "give the same command again to be asked again");
    match chosen {
        Ok(Some(at)) => Ok(choices.get(at).copied().filter(|name| *name != NOT_READ)),
        _ => Err(stopped()),
    }
}
