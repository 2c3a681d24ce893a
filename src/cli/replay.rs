//! Claim: the builder gives exactly these files for these inputs and this seed.
//!
//! The one door from verification to planning. It is no part of `verify/`, which must do without a
//! builder.

use super::lottery::with_bounds;
use super::progress::Filling;
use crate::ceremony::StageToDraw;
use crate::draw::Root;
use crate::model::Case;
use crate::record::{
    BUILDER, BUILDERS, Ceremony, Files, Record, freeze, publish, read_fixed, read_record, stage_of_urn, thaw,
    with_heads_by_id, with_reserves_of_days,
};
use crate::urn::{Options, draw_stages};
use crate::verify::{Claim, Finding, REPLAY};

pub(super) const CLAIM: Claim =
    Claim { name: REPLAY, says: "the builder gives these files, byte for byte, for these inputs and this seed" };

/// The builder that made a record, where it is an older one than this program's.
pub(super) fn other_builder(files: &Files) -> Option<String> {
    let stated = read_record(files).0?.builder;
    (stated != BUILDER && BUILDERS.contains(&stated.as_str())).then_some(stated)
}

/// What differs from what the builder gives; none where the record can't be replayed at all: another
/// builder made it, or its inputs can't be read.
pub(super) fn check(files: &Files, threads: usize, filling: &mut Filling) -> Option<Vec<Finding>> {
    let record = read_record(files).0.filter(|record| record.builder == BUILDER)?;
    let (case, book) = thaw(files).ok()?;
    if let Some(ceremony) = &record.ceremony {
        return of_ceremony(files, ceremony, &record, (threads, filling));
    }
    let frozen = freeze(&case, &book);
    let root = Root::from_seed(&frozen.digest, &record.seed);
    let drawn = draw_stages(&case, &book, &root, &Options { threads }, filling);
    let mut again = publish(&case, &book, &frozen, &record.seed, &drawn);
    if record.heads.is_none() {
        with_heads_by_id(&mut again, &case, &drawn.schedule);
    }
    if record.levels.is_none() {
        with_reserves_of_days(&mut again, &case);
    }
    let again = with_bounds(&case, &book, &drawn, again);
    Some(differences(files, &again))
}

/// The same for the one stage of a ceremony's draw. Where its seed comes from is for the verification of the whole ceremony.
fn of_ceremony(
    files: &Files,
    ceremony: &Ceremony,
    record: &Record,
    (threads, filling): (usize, &mut Filling),
) -> Option<Vec<Finding>> {
    let fixed = |case: &Case| Ok(read_fixed(files, case).schedule);
    let stage = StageToDraw::new(files, ceremony.counter, ceremony.span(), fixed).ok()?;
    let urn = stage.urn(&Options { threads }, filling);
    let (drawn, mut again) = stage.publish(urn, &record.seed, ceremony.clone());
    if record.heads.is_none() {
        with_heads_by_id(&mut again, stage.case(), &drawn.schedule);
    }
    if record.levels.is_none() {
        with_reserves_of_days(&mut again, stage.case());
    }
    Some(differences(files, &again))
}

/// One finding for each file that differs, with the first line that does.
fn differences(files: &Files, again: &Files) -> Vec<Finding> {
    let differ = |(name, bytes): (&String, &Vec<u8>)| match files.get(name) {
        Some(published) if published == bytes => None,
        // The replay has just built what was not handed on.
        None if stage_of_urn(name).is_some() => None,
        published => Some(difference(name, published.map_or(&[], Vec::as_slice), bytes)),
    };
    again.iter().filter_map(differ).collect()
}

fn difference(name: &str, published: &[u8], built: &[u8]) -> Finding {
    let lines = |bytes| <[u8]>::split(bytes, |byte| *byte == b'\n');
    let at = lines(published).zip(lines(built)).take_while(|(one, other)| one == other).count();
    let shown = |bytes| lines(bytes).nth(at).map(shorten).unwrap_or_default();
    let says = format!("published is `{}`; the builder gives `{}`", shown(published), shown(built));
    Finding::new(REPLAY, name, Some(at as u64 + 1), says)
}

const SHOWN_MAX: usize = 160;

fn shorten(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let mut shown: String = text.chars().take(SHOWN_MAX).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_differs_is_shown() {
        let files = Files::from([("schedule.jsonl".to_owned(), b"a\nb\nc\n".to_vec())]);
        let again = Files::from([("schedule.jsonl".to_owned(), b"a\nx\nc\n".to_vec())]);
        let found = differences(&files, &again);
        assert_eq!(found[0].place.line, Some(2));
        assert_eq!(found[0].says, "published is `b`; the builder gives `x`");
        assert!(differences(&files, &files).is_empty());
    }

    #[test]
    fn a_file_that_ends_early_differs_after_its_last_line() {
        let found = difference("schedule.csv", b"a\n", b"a\nb\n");
        assert_eq!((found.place.line, found.says.as_str()), (Some(2), "published is ``; the builder gives `b`"));
    }
}
