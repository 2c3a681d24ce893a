//! Parse, run, exit: 0 sound, 1 findings, 2 could not run.

use std::process::ExitCode;

use clap::Parser;
use foureyes::cli::{Cli, Shell, refused};

fn main() -> ExitCode {
    let cli = Cli::try_parse().unwrap_or_else(|error| refused(&error));
    let mut shell = Shell::new(cli.output);
    let ended = cli.command.run(&mut shell);
    shell.close(ended)
}
