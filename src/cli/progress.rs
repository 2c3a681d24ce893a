//! Showing how far work has come of which it is known how much there is, and how much time is left; to nobody where nobody watches.

use indicatif::{ProgressBar, ProgressStyle};

use super::Shell;
use crate::urn::Keeper;

/// A bar for so many parts; hidden where nobody watches.
pub(super) fn bar(shell: &Shell, doing: &str, of: u64) -> ProgressBar {
    let bar = if shell.is_watched() { ProgressBar::new(of) } else { ProgressBar::hidden() };
    let style = ProgressStyle::with_template("{msg} {wide_bar} {percent} %, {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.with_message(doing.to_owned())
}

/// How far urns are filled.
pub(super) struct Filling(ProgressBar);

impl Filling {
    pub(super) fn new(shell: &Shell) -> Self {
        Self(bar(shell, "filling urns", 0))
    }

    /// Ends the display.
    pub(super) fn end(&self) {
        self.0.finish_and_clear();
    }
}

impl Keeper for Filling {
    fn progress(&mut self, number: usize, stages: usize, tickets: usize, of: usize) {
        self.0.set_length((stages * of) as u64);
        self.0.set_position(((number - 1) * of + tickets) as u64);
        self.0.set_message(format!("filling urn {number} of {stages}"));
    }
}
