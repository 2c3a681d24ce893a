//! The two streams: data on stdout, everything else on stderr.
//!
//! Nothing is lost when the reader of a pipe goes away (`foureyes plan ... | head`): what is left of
//! the output is dropped, the work is done, and the exit code is that of the work.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use clap::{Args, ValueEnum};
use serde_json::Value;

use super::{End, Ended};
#[cfg(feature = "plan")]
use crate::read::{Level, Problem};
#[cfg(feature = "plan")]
use crate::report::Section;

/// How much is said, and how.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct Output {
    /// Say nothing on stderr but errors
    #[arg(long, short, global = true)]
    pub(super) quiet: bool,
    /// When to use colour: auto, always or never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_possible_values = true)]
    pub(super) color: Color,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Where a command says what it has to say.
pub struct Shell {
    out: AutoStream<io::Stdout>,
    err: AutoStream<io::Stderr>,
    quiet: bool,
    /// Whether a machine reads what is printed.
    json: bool,
    /// What stands beside a failure, for machines.
    beside: Value,
    broken: Option<io::Error>,
}

#[cfg(feature = "plan")]
const TITLE: Style = Style::new().bold();
const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();

impl Shell {
    /// The shell that the arguments ask for.
    pub fn new(output: Output) -> Self {
        let choice = match output.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        let (out, err) = (AutoStream::new(io::stdout(), choice), AutoStream::new(io::stderr(), choice));
        Self { out, err, quiet: output.quiet, json: asks_for_json(), beside: serde_json::json!({}), broken: None }
    }

    /// Whether somebody watches: then work that takes long shows that it goes on.
    pub(super) fn is_watched(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// Data, as it stands.
    pub(super) fn print(&mut self, text: &str) {
        let written = self.out.write_all(text.as_bytes());
        self.keep(written);
    }

    /// Data for people that names what stands in files.
    pub(super) fn print_plain(&mut self, text: &str) {
        self.print(&plain(text));
    }

    /// Data for machines.
    pub(super) fn print_json(&mut self, value: &Value) {
        self.print(&format!("{value:#}\n"));
    }

    /// What machines are to see beside the failure that is about to be told, so that they get one object and not two.
    #[cfg(feature = "plan")]
    pub(super) fn fails_beside(&mut self, value: Value) {
        self.beside = value;
    }

    /// Data for people, in sections with a title each.
    #[cfg(feature = "plan")]
    pub(super) fn print_sections(&mut self, sections: &[Section]) {
        let one = |section: &Section| format!("{TITLE}{}{TITLE:#}\n{}\n", plain(&section.title), plain(&section.body));
        let all: Vec<String> = sections.iter().map(one).collect();
        self.print(&all.join("\n"));
    }

    /// What the program is doing, for people.
    pub(super) fn say(&mut self, text: &str) {
        if !self.quiet {
            self.tell(&plain(text));
        }
    }

    /// Whether nothing but errors is to be said.
    #[cfg(feature = "plan")]
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// A problem of a file; it says itself whether it is an error or a warning.
    #[cfg(feature = "plan")]
    pub(super) fn problem(&mut self, problem: &Problem) {
        let style = if problem.level == Level::Error { ERROR } else { WARNING };
        let text = problem.to_string();
        let (level, rest) = text.split_once(':').unwrap_or(("problem", &text));
        self.tell(&format!("{style}{level}:{style:#}{}", plain(rest)));
    }

    /// Something that somebody must know although the work goes on; said even when quiet.
    pub(super) fn warn(&mut self, text: &str) {
        self.tell(&format!("{WARNING}warning:{WARNING:#} {}", plain(text)));
    }

    /// Something that is wrong; said even when quiet.
    pub(super) fn error(&mut self, text: &str) {
        self.tell(&format!("{ERROR}error:{ERROR:#} {}", plain(text)));
    }

    /// Nobody listens to complaints that stderr is closed.
    fn tell(&mut self, text: &str) {
        let _unheard = writeln!(self.err, "{text}");
    }

    fn keep(&mut self, written: io::Result<()>) {
        if let Err(error) = written
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            self.broken.get_or_insert(error);
        }
    }

    /// Says how it ended, and gives the exit code.
    pub fn close(mut self, ended: Ended) -> ExitCode {
        if let Err(stop) = ended.as_ref()
            && self.json
        {
            let mut value = std::mem::take(&mut self.beside);
            value["error"] = failure(&stop.says, &stop.hint);
            self.print_json(&value);
        }
        let flushed = self.out.flush();
        self.keep(flushed);
        if let Some(error) = self.broken.take() {
            self.error(&format!("the output could not be written: {error}"));
            return ExitCode::from(2);
        }
        match ended {
            Ok(End::Sound) => ExitCode::SUCCESS,
            Ok(End::Findings) => ExitCode::from(1),
            Err(stop) => {
                self.error(&stop.says);
                self.tell(&format!("{HINT}hint:{HINT:#} {}", plain(&stop.hint)));
                ExitCode::from(2)
            }
        }
    }
}

/// Whether `--json` stands among the arguments: known too where they can't be understood.
fn asks_for_json() -> bool {
    std::env::args_os().skip(1).take_while(|argument| argument != "--").any(|argument| argument == "--json")
}

/// What kept a command from running, for machines.
fn failure(says: &str, hint: &str) -> Value {
    serde_json::json!({ "hint": hint, "says": says })
}

/// Says why the arguments can't be understood, and ends; help and the version that were asked for are a normal end. Machines get it too.
pub fn refused(error: &clap::Error) -> ! {
    if error.use_stderr() && asks_for_json() {
        let text = error.render().to_string();
        let says = text.split("\n\n").next().unwrap_or_default().trim_start_matches("error: ");
        let hint = "`--help` after the command tells how it is used";
        let _unheard = writeln!(io::stdout(), "{:#}", serde_json::json!({ "error": failure(says, hint) }));
    }
    error.exit()
}

/// `text` with every character but a line break that could move a cursor, or hide or turn round what
/// stands beside it, written as its number: names come from files that anybody may have written.
pub(super) fn plain(text: &str) -> String {
    let moves = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    text.chars().map(|c| if moves(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_move_the_cursor() {
        assert_eq!(plain("a\u{1b}[2J\u{202e}b\n"), "a\\u{1b}[2J\\u{202e}b\n");
    }
}
