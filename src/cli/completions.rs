//! `foureyes completions`: what lets a shell complete commands and options.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell as Kind;

use super::{Cli, End, Ended, Shell};

/// What `completions` is told.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell: bash, zsh, fish, powershell or elvish
    #[arg(hide_possible_values = true)]
    shell: Kind,
}

impl Completions {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "foureyes", &mut script);
        shell.print(&String::from_utf8_lossy(&script));
        Ok(End::Sound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum as _;

    #[test]
    fn every_shell_learns_every_command() {
        for kind in Kind::value_variants() {
            let mut script = Vec::new();
            clap_complete::generate(*kind, &mut Cli::command(), "foureyes", &mut script);
            let script = String::from_utf8(script).unwrap();
            for command in Cli::command().get_subcommands().filter(|command| !command.is_hide_set()) {
                assert!(script.contains(command.get_name()), "{kind}: {}", command.get_name());
            }
        }
    }
}
