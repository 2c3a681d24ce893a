//! The command line: one thin file a command.
//!
//! A command reads its arguments, calls one or two rooms of the library, and shows what they say.
//! Data goes to stdout, everything else to stderr. What a command ends with is either an [`End`]
//! (exit code 0 or 1) or a [`Stop`], which says what kept it from running and what to do (2).
//! The one door from verification to planning, `verify --replay`, is here too.

#[allow(dead_code, reason = "the commands that publish come next")]
mod folder;
mod init;
mod nearest;
mod rules;
#[allow(dead_code, reason = "the commands that report come next")]
mod shell;
mod stop;

use clap::{Parser, Subcommand};

pub use shell::{Output, Shell};
pub use stop::{End, Ended, Stop};

/// Plans inspections in pairs, at random, with compulsory rotation, so that nobody can predict, steer
/// or re-roll who inspects whom.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, max_term_width = 100, after_help = BEGIN)]
pub struct Cli {
    /// How much is said, and how.
    #[command(flatten)]
    pub output: Output,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const BEGIN: &str = "\
Begin with:  foureyes init my-office   (a case folder with templates)
             foureyes check my-office  (everything that is wrong with its files)
             foureyes plan my-office --seed \"a text agreed beforehand\"
             foureyes verify schedules/my-office

Exit codes:  0 sound; 1 something was found, or could not be staffed; 2 could not run.";

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a case folder with a commented template of every file
    Init(init::Init),
    /// Show the rule book, or one rule's page
    Rules(rules::Rules),
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    /// What kept it from running.
    pub fn run(&self, shell: &mut Shell) -> Ended {
        match self {
            Self::Init(command) => command.run(shell),
            Self::Rules(command) => command.run(shell),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_of_all_commands_fit_together() {
        super::Cli::command().debug_assert();
    }
}
