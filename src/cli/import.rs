//! `foureyes import`: an office's exports become the tables of a case.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::folder::name_of;
use super::input::is_case;
use super::nearest::did_you_mean;
use super::published::parent;
use super::replace::{self, Replaced};
use super::watch::watch;
use super::{End, Ended, Shell, Stop, asked};
use crate::read::import::{ALIASES, Import, Request, Said, import, tables};
use crate::read::{Choice, Level};
use crate::report::{Section, count, import_in_words, import_json, policy_template, questions_in_words};

/// What `import` is told.
#[derive(Debug, Args)]
pub struct ImportFiles {
    /// The folder of the case; it is made if it is not there
    case: PathBuf,
    /// An export of people, a row a person or a posting (CSV, XLSX or ODS); may be given again, as all of these
    #[arg(long, value_name = "FILE")]
    inspectors: Vec<PathBuf>,
    /// An export of places
    #[arg(long, value_name = "FILE")]
    establishments: Vec<PathBuf>,
    /// An export of the visits to be made
    #[arg(long, value_name = "FILE")]
    visits: Vec<PathBuf>,
    /// An export of conflicts of interest, in one table or on a sheet a person
    #[arg(long, value_name = "FILE")]
    conflicts: Vec<PathBuf>,
    /// An export of leave, in two columns, in words or as a calendar of letters
    #[arg(long, value_name = "FILE")]
    absences: Vec<PathBuf>,
    /// An export of visits that were made
    #[arg(long, value_name = "FILE")]
    history: Vec<PathBuf>,
    /// Say, for good, which header is which column, or set an option of the import, such as inspectors.id="Staff no"
    #[arg(long = "map", value_name = "TABLE.COLUMN=HEADER")]
    map: Vec<String>,
    /// Take every column as proposed that has no rival; it is told which
    #[arg(long)]
    yes: bool,
    /// Add past visits to those that the case has; a visit that stands in both is one
    #[arg(long, conflicts_with = "replace")]
    append: bool,
    /// Let past visits take the place of those that the case has, even where most of them are lost
    #[arg(long)]
    replace: bool,
    /// Show what would be written, and write nothing
    #[arg(long)]
    preview: bool,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

impl ImportFiles {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        self.is_importable()?;
        if !self.preview && replace::finish(&self.case).map_err(|error| self.unwritable(&error))? {
            shell.warn(
                "an earlier import was interrupted while it was written; its files were put in their places first",
            );
        }
        let import = self.import(shell)?;
        if self.json {
            shell.fails_beside(self.for_machines(&import, None));
        }
        if !import.questions.is_empty() {
            return Err(ask_by_hand(&import));
        }
        let errors = import.problems.iter().filter(|problem| problem.level == Level::Error).count();
        if self.preview || (errors > 0 && !self.json) {
            self.tell(shell, &import, None);
        }
        match errors {
            0 if self.preview => Ok(End::Sound),
            0 => self.write(shell, &import),
            _ if self.preview => Ok(End::Findings),
            _ => Err(Stop::new(
                format!("the import has {} (above); nothing was written", count(errors, "error", "errors")),
                "mend them in the export or where it comes from, and give the same command again",
            )),
        }
    }

    /// The files, each with its table.
    fn sources(&self) -> Vec<(&'static str, PathBuf)> {
        let of = |table| match table {
            "inspectors" => &self.inspectors,
            "establishments" => &self.establishments,
            "visits" => &self.visits,
            "conflicts" => &self.conflicts,
            "absences" => &self.absences,
            _ => &self.history,
        };
        tables().flat_map(|table| of(table).iter().map(move |path| (table, path.clone()))).collect()
    }

    fn is_importable(&self) -> Result<(), Stop> {
        let sources = self.sources();
        if sources.is_empty() {
            let hint = "give at least one, such as --inspectors FILE; foureyes import --help lists them";
            return Err(Stop::new("there is nothing to import", hint));
        }
        if self.case.exists() {
            is_case(&self.case)?;
        }
        let inside = |path: &Path| {
            let folder = parent(path);
            let same = std::fs::canonicalize(folder).ok().zip(std::fs::canonicalize(&self.case).ok());
            let stem = path.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()).unwrap_or_default();
            same.is_some_and(|(a, b)| a == b) && tables().any(|table| table == stem)
        };
        match sources.iter().find(|(_, path)| inside(path)) {
            Some((_, path)) => Err(Stop::new(
                format!("`{}` is a table of the case itself, and would be written over", path.display()),
                "keep exports in a folder of their own, and name them from there",
            )),
            None => Ok(()),
        }
    }

    fn said(&self) -> Result<Vec<Said>, Stop> {
        let sources = self.sources();
        let one = |text: &String| {
            let (place, value) = text.split_once('=').ok_or_else(|| unreadable(text))?;
            let (table, key) = match (place.split_once('.'), sources.as_slice()) {
                (Some((table, key)), _) => (table, key),
                (None, [(table, _), rest @ ..]) if rest.iter().all(|(other, _)| other == table) => (*table, place),
                _ => return Err(unreadable(text)),
            };
            if table != ALIASES && !tables().any(|known| known == table) {
                let hint = did_you_mean(table, tables(), "the tables are those that foureyes import --help lists");
                return Err(Stop::new(format!("--map {text}: there is no table `{table}`"), hint));
            }
            Ok(Said { table: table.to_owned(), key: key.trim().to_owned(), value: unquoted(value.trim()).to_owned() })
        };
        self.map.iter().map(one).collect()
    }

    /// Reads the files, and asks whoever sits at a terminal which column is which.
    fn import(&self, shell: &mut Shell) -> Result<Import, Stop> {
        let name = name_of(&self.case).unwrap_or_else(|| "My office".to_owned());
        let mut request = Request {
            sources: self.sources(),
            said: self.said()?,
            accept: self.yes,
            append: self.append,
            replace: self.replace,
            template: policy_template(&name),
        };
        let read = watch(shell, "reading", || import(&self.case, &request));
        let watched = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        if (read.questions.is_empty() && read.choices.is_empty()) || self.json || !watched {
            return Ok(read);
        }
        for question in &read.questions {
            request.said.extend(asked::columns(shell, question)?);
        }
        self.settled(shell, request)
    }

    /// Reads again for as long as there is something to choose that was not asked yet.
    fn settled(&self, shell: &mut Shell, mut request: Request) -> Result<Import, Stop> {
        loop {
            let read = watch(shell, "reading", || import(&self.case, &request));
            let known = request.said.clone();
            let open = |choice: &&Choice| {
                !choice.answers.iter().any(|answer| answer.said.iter().all(|said| known.contains(said)))
            };
            let Some(choice) = read.choices.iter().find(open) else { return Ok(read) };
            request.said.extend(asked::choice(shell, choice)?);
        }
    }

    fn tell(&self, shell: &mut Shell, import: &Import, written: Option<&Replaced>) {
        if self.json {
            return shell.print_json(&self.for_machines(import, written));
        }
        let names = self.names(import);
        let mut sections = import_in_words(import);
        let nothing = names.is_empty();
        sections.extend(match written {
            _ if !import.is_sound() => None,
            None => Some(Section::new("Nothing was written: this is a preview", names.join("\n"))),
            Some(_) if nothing => Some(Section::new("Nothing was written: all is as it was", self.next())),
            Some(replaced) => {
                let before = replaced.before.as_ref().map(|before| format!("\nwhat was there before lies in {before}"));
                let body = format!("{}{}\n{}", names.join("\n"), before.unwrap_or_default(), self.next());
                Some(Section::new("Written", body))
            }
        });
        shell.print_sections(&sections);
    }

    fn for_machines(&self, import: &Import, written: Option<&Replaced>) -> Value {
        let mut value = import_json(import);
        value["written"] = written.map_or(Value::Null, |_| json!(self.names(import)));
        value["before"] = json!(written.and_then(|replaced| replaced.before.as_ref()));
        value
    }

    /// The files that are to be written.
    fn names(&self, import: &Import) -> Vec<String> {
        import.files.keys().map(|name| self.case.join(name).display().to_string()).collect()
    }

    fn next(&self) -> String {
        format!("Next: foureyes check {}", self.case.display())
    }

    fn write(&self, shell: &mut Shell, import: &Import) -> Ended {
        let new = !self.case.join("policy.toml").exists();
        let replaced = replace::replace(&self.case, &import.files, &import.replaced);
        let replaced = replaced.map_err(|error| self.unwritable(&error))?;
        self.tell(shell, import, Some(&replaced));
        let gone = import
            .changes
            .iter()
            .find(|changes| changes.table == "conflicts")
            .map_or(0, |changes| changes.removed.len());
        if gone > 0 {
            let conflicts = count(gone, "conflict of interest is", "conflicts of interest are");
            shell.warn(&format!("{conflicts} gone since the last import; whoever was kept out may go there"));
        }
        if new {
            shell.warn("policy.toml is a template: look at the period in it, and change it");
        }
        Ok(End::Sound)
    }

    fn unwritable(&self, error: &std::io::Error) -> Stop {
        Stop::new(
            format!("`{}` could not be written: {error}", self.case.display()),
            "make room, or look at its permissions, and give the same command again",
        )
    }
}

/// What to write by hand where nobody can be asked.
fn ask_by_hand(import: &Import) -> Stop {
    let files = count(import.questions.len(), "file", "files");
    Stop::new(
        format!("nobody has said which column is which in {files}; nothing was written"),
        format!(
            "say it once, and it is kept in policy.toml: add what is right of these, or --yes to take what is proposed\n{}",
            questions_in_words(&import.questions)
        ),
    )
}

fn unreadable(text: &str) -> Stop {
    Stop::new(format!("--map {text} is not understood"), "write it like --map inspectors.id=\"Staff no\"")
}

/// A value without the quotes around it. A name may end with a quote of its own.
fn unquoted(value: &str) -> &str {
    let within = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    within.filter(|rest| !rest.contains('"')).unwrap_or(value)
}
