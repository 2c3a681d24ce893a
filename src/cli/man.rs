//! `foureyes man`: the pages of the manual, one a command.

use std::path::PathBuf;

use clap::{Args, Command, CommandFactory as _};
use clap_mangen::Man as Page;

use super::{Cli, End, Ended, Shell, Stop};
use crate::ceremony::{Access, CeremonyError, Disk};

/// What `man` is told.
#[derive(Debug, Args)]
pub struct Man {
    /// The folder for the pages, such as ~/.local/share/man/man1; without it the first page is printed
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Man {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        let pages = pages()?;
        let Some(out) = &self.out else {
            pages.first().into_iter().for_each(|(_, page)| shell.print(&String::from_utf8_lossy(page)));
            return Ok(End::Sound);
        };
        for (name, page) in &pages {
            let path = out.join(name);
            Disk::new().write_whole(&path, page, Access::Everybody).map_err(CeremonyError::io(&path))?;
            shell.print_plain(&format!("{}\n", path.display()));
        }
        Ok(End::Sound)
    }
}

/// Every page with the name of its file, that of the program first.
fn pages() -> Result<Vec<(String, Vec<u8>)>, Stop> {
    let mut pages = Vec::new();
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    add(&mut pages, program)
        .map_err(|error| Stop::new(format!("a page can't be made: {error}"), "tell who made this program"))?;
    Ok(pages)
}

fn add(pages: &mut Vec<(String, Vec<u8>)>, command: Command) -> std::io::Result<()> {
    let below: Vec<Command> = command.get_subcommands().filter(|below| !below.is_hide_set()).cloned().collect();
    let page = Page::new(command);
    let mut text = Vec::new();
    page.render(&mut text)?;
    pages.push((page.get_filename(), text));
    below.into_iter().try_for_each(|below| add(pages, below))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page_of_its_own() {
        let names: Vec<String> = pages().unwrap().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names[0], "foureyes.1");
        for command in Cli::command().get_subcommands() {
            let name = format!("foureyes-{}.1", command.get_name());
            assert!(names.contains(&name), "{name}: {names:?}");
        }
        assert!(names.contains(&"foureyes-keys-new.1".to_owned()), "{names:?}");
    }
}
