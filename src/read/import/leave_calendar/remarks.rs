//! Words above, among and below the rows of a calendar: what names somebody there may speak of their leave, and is under no day.

use std::collections::BTreeSet;

use super::super::super::problem::{Level, Log, Problem};
use super::super::ics::Index;
use super::super::lay::tell;
use super::super::names::Known;
use super::Part;
use super::board::Board;
use super::legend;
use super::line::is_number;
use super::rows::code;

/// Most texts of a sheet that are looked at, and the longest of them in bytes.
const MOST: usize = 2_000;
const LONGEST: usize = 1_000;
const ADVICE: &str = "Write their letters into their row; what means nothing, take out";

/// Whoever looks at the lines of a sheet that no block has read.
pub(super) struct Remarks<'a> {
    pub(super) board: &'a Board,
    pub(super) people: &'a Known,
    pub(super) names: &'a Index,
    pub(super) codes: &'a BTreeSet<String>,
}

impl Remarks<'_> {
    /// Looks at the lines that are nobody's in any of the blocks, and at the titles.
    pub(super) fn look<'p>(&self, parts: impl Iterator<Item = &'p Part<'p>>, log: &mut Log) {
        let count = self.board.sheet.lines.len();
        let (mut taken, mut below) = (vec![false; count], vec![false; count]);
        for Part { block, nobody, .. } in parts {
            let beside: BTreeSet<usize> = nobody.beside.iter().copied().collect();
            for at in block.body..block.end.min(count) {
                below[at] = true;
                taken[at] |= !beside.contains(&at);
            }
            taken[block.line] = true;
        }
        let mut left = MOST;
        for at in (0..count).filter(|at| !taken[*at]) {
            let Some(line) = self.board.sheet.lines.get(at) else { continue };
            let texts: Vec<&str> = line.filled().map(|(_, text)| text).collect();
            if below[at] && legend::read(&texts, self.codes).is_some() {
                continue;
            }
            for (column, text) in line.filled().filter(|(_, text)| !is_number(text)) {
                let Some(rest) = left.checked_sub(1) else { return self.too_many(at, log) };
                left = rest;
                self.one(at, column, text, below[at], log);
            }
        }
    }

    fn one(&self, at: usize, column: usize, text: &str, below: bool, log: &mut Log) {
        let problem = |level: Level, why: &str| {
            let problem = self.board.problem(self.board.number(at), column, why, ADVICE).value(text);
            Problem { level, ..problem }
        };
        let parts =
            || text.split(['-', '–', '—', ':', ';', '(', ')', '*']).map(str::trim).filter(|part| !part.is_empty());
        let begins = || parts().count() > 1 && parts().any(|part| self.people.find_quietly(part).is_some());
        if text.len() > LONGEST {
            let why = "the text is too long to be looked at for names, stands under no day, and is not read";
            tell(log, Level::Warning, "long texts that are not read", problem(Level::Warning, why));
        } else if below && begins() {
            let why = "the text names somebody and says more, and stands under no day";
            tell(log, Level::Error, "words beside the calendar that name somebody", problem(Level::Error, why));
        } else if self.names.names(text) {
            let why = "the text names somebody, stands under no day, and is not read";
            tell(log, Level::Warning, "words that name somebody and are not read", problem(Level::Warning, why));
        } else if below && self.codes.contains(&code(text)) {
            let why = "a code stands in a row that is nobody's and under no day, and is not read";
            tell(log, Level::Warning, "codes under no day that are not read", problem(Level::Warning, why));
        }
    }

    fn too_many(&self, at: usize, log: &mut Log) {
        let why =
            format!("more than {MOST} texts stand beside the rows of people; those from here on were not looked at");
        let advice = "Look whether they name anybody, or keep the calendar in a sheet of its own";
        let problem = self.board.problem(self.board.number(at), 0, why, advice);
        log.push(Problem { level: Level::Warning, ..problem });
    }
}
