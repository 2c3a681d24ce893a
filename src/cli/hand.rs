//! What the commands of a ceremony share: the time, secrets on the command line, and what is said of a ledger that was mended
//! or of a proposal that waits.

use std::path::Path;

#[cfg(feature = "plan")]
use chrono::{NaiveDate, NaiveTime};
use chrono::{NaiveDateTime, SubsecRound as _};
use serde_json::json;

use super::{End, Ended, Shell, Stop};
use crate::ceremony::{Office, PROPOSED, Settled, read_file};
use crate::draw::{Digest, from_hex};

/// Now, in seconds since 1970: by the clock, or as `--now` says for an exercise.
pub(super) fn now(shell: &mut Shell, given: Option<i64>) -> Result<i64, Stop> {
    if let Some(seconds) = given {
        shell.warn(&format!(
            "the time is taken to be {}, as --now says: an exercise. A cosignature with this time would be a lie",
            crate::ceremony::utc(seconds)
        ));
        return Ok(seconds);
    }
    #[expect(clippy::disallowed_methods, reason = "a cosignature says when; nothing that is drawn depends on it")]
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let seconds = now.ok().and_then(|since| i64::try_from(since.as_secs()).ok());
    seconds.ok_or_else(|| Stop::new("the clock of this machine stands before 1970", "set it"))
}

/// The time that an argument says: `2023-08-23T15:00:00Z`.
pub(super) fn time(text: &str) -> Result<i64, String> {
    let time = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ").map(|time| time.and_utc().trunc_subsecs(0));
    match time.map(|time| time.timestamp()) {
        Ok(seconds) if seconds >= 0 => Ok(seconds),
        _ => Err("write it as 2023-08-23T15:00:00Z".to_owned()),
    }
}

/// The day that an argument says: `2027-01-04`.
#[cfg(feature = "plan")]
pub(super) fn day(text: &str) -> Result<NaiveDate, String> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| text.len() == 10);
    date.ok_or_else(|| "write it as 2027-01-04: year, month, day".to_owned())
}

/// The time of the day that an argument says: `09:30`.
#[cfg(feature = "plan")]
pub(super) fn hour(text: &str) -> Result<NaiveTime, String> {
    let time = NaiveTime::parse_from_str(text, "%H:%M").ok().filter(|_| text.len() == 5);
    time.ok_or_else(|| "write it as 09:30: hours and minutes, in UTC".to_owned())
}

/// No file with a party's secret is longer: a name, a digest, and the line feed.
const NONCE_BYTES_MAX: u64 = 200;

/// A party's secret: `NAME=HEX`, or `@FILE` where that stands in a file, so that it is in no history of a shell.
pub(super) fn nonce(text: &str) -> Result<(String, Digest), String> {
    if let Some(path) = text.strip_prefix('@') {
        let bytes = read_file(Path::new(path), NONCE_BYTES_MAX).map_err(|error| error.to_string())?;
        let text = String::from_utf8(bytes).map_err(|_| format!("`{path}` is no text"))?;
        return spelled_nonce(text.trim_end());
    }
    spelled_nonce(text)
}

fn spelled_nonce(text: &str) -> Result<(String, Digest), String> {
    let parts = text.split_once('=').and_then(|(name, nonce)| Some((name.to_owned(), from_hex(nonce)?)));
    parts.ok_or_else(|| {
        "write NAME=HEX, with 64 lower-case hexadecimal digits, as `foureyes keys nonce` prints it".to_owned()
    })
}

/// Says what was mended when the ledger was opened.
pub(super) fn told(shell: &mut Shell, office: &Office) {
    for notice in office.notices() {
        shell.warn(notice);
    }
}

/// Says what came of something that needs two hands. `what` is done, as in `commitment 1 is void`. Machines get the warnings that
/// were told beside it.
pub(super) fn settled(
    shell: &mut Shell,
    office: &Office,
    settled: Settled,
    what: &str,
    for_machines: Option<&[String]>,
) -> Ended {
    let proposed = office.path(PROPOSED);
    match (settled, for_machines) {
        (Settled::Landed(line), Some(warnings)) => {
            shell.print_json(&json!({ "line": line, "state": "done", "warnings": warnings }));
        }
        (Settled::Landed(line), None) => shell.print_plain(&format!("{what}, in line {line} of the ledger\n")),
        (Settled::Waits, Some(warnings)) => {
            let proposed = proposed.display().to_string();
            shell.print_json(&json!({ "proposal": proposed, "state": "proposed", "warnings": warnings }));
        }
        (Settled::Waits, None) => {
            let folder = office.folder().display();
            shell.print_plain(&format!(
                "proposed in {}: it takes a second signature. Another party reads and signs it\n  foureyes cosign {folder} --keys \
                 NAME.secret --proposal\nand then the same command again puts it on the ledger\n",
                proposed.display()
            ));
        }
    }
    // Nothing is on the ledger yet: whoever runs commands in a row should notice.
    Ok(End::findings(settled == Settled::Waits))
}
