//! `foureyes init`: a case folder to begin from.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::folder::{self, name_of};
use super::{End, Ended, Shell, Stop};
use crate::record::Files;
use crate::report::{CASE_FILES, files_in_words, policy_template};

/// What `init` is told.
#[derive(Debug, Args)]
pub struct Init {
    /// The folder to make; it must be new or empty
    folder: PathBuf,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

impl Init {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        let shown = self.folder.display();
        if !folder::is_free(&self.folder).map_err(|error| unusable(&shown, &error))? {
            return Err(there_already(&shown));
        }
        let files = templates(&name_of(&self.folder).unwrap_or_else(|| "My office".to_owned()));
        folder::write_whole(&self.folder, &files).map_err(|error| unusable(&shown, &error))?;
        let listed = listing(&self.folder, &files);
        match self.json {
            true => shell.print_json(&json!({ "files": listed, "folder": shown.to_string() })),
            false => listed.iter().for_each(|path| shell.print_plain(&format!("{path}\n"))),
        }
        shell.say(&format!(
            "Fill them in (README.md in the folder explains every column), then: foureyes check {shown}"
        ));
        Ok(End::Sound)
    }
}

fn there_already(folder: &dyn std::fmt::Display) -> Stop {
    let says = format!("`{folder}` is there already; nothing was written");
    Stop::new(says, "give the name of a folder that does not exist yet")
}

fn unusable(folder: &dyn std::fmt::Display, error: &std::io::Error) -> Stop {
    if error.kind() == std::io::ErrorKind::AlreadyExists {
        return there_already(folder);
    }
    Stop::new(format!("`{folder}` could not be made: {error}"), "choose a folder that you may write to")
}

fn templates(name: &str) -> Files {
    let mut files: Files =
        CASE_FILES.iter().map(|file| (file.name.to_owned(), format!("{}\n", file.head()).into_bytes())).collect();
    files.insert("policy.toml".to_owned(), policy_template(name).into_bytes());
    files.insert("README.md".to_owned(), files_in_words().into_bytes());
    files
}

fn listing(folder: &std::path::Path, files: &Files) -> Vec<String> {
    files.keys().map(|name| folder.join(name).display().to_string()).collect()
}
