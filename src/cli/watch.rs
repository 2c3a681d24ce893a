//! Showing that long work goes on: only to somebody who watches, and only after a second.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::Shell;

const PATIENCE: Duration = Duration::from_secs(1);

/// Does `work`; if it takes more than a second and somebody watches, shows `doing` until it is done.
pub(super) fn watch<T>(shell: &Shell, doing: &str, work: impl FnOnce() -> T) -> T {
    if !shell.is_watched() {
        return work();
    }
    thread::scope(|scope| {
        let (done, waiting) = mpsc::channel::<()>();
        scope.spawn(move || {
            if waiting.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                let bar = ProgressBar::new_spinner().with_message(doing.to_owned()).with_elapsed(PATIENCE);
                let style = ProgressStyle::with_template("{spinner} {msg}, {elapsed} so far");
                bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
                bar.enable_steady_tick(Duration::from_millis(120));
                let _done = waiting.recv();
                bar.finish_and_clear();
            }
        });
        let value = work();
        drop(done);
        value
    })
}
