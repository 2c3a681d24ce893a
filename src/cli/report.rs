//! `foureyes report`: one page for those who were not there.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::published::{is_ceremony, record};
use super::watch::watch;
use super::{End, Ended, Shell, Stop};
use crate::ceremony::{Access, Disk, change_in_words, in_words, utc};
use crate::draw::beacon::time_of;
use crate::model::Case;
use crate::record::Heads;
use crate::record::changes::{Change, Held, PastDraw, heads, read_change};
use crate::record::ledger::{BeaconLine, Body, Entry, LEDGER, read_ledger};
use crate::record::{Files, below, change_file, draw_folder, load_ceremony, read_record, read_schedule, thaw};
use crate::report::html::is_page;
use crate::report::page::{self, CeremonyFacts, Draw, Facts, LedgerLine, Proof, View};
use crate::verify::{CeremonyVerdict, verify, verify_ceremony};

/// What `report` is told.
#[derive(Debug, Args)]
pub struct Report {
    /// The folder of a record, such as schedules/harbour; or that of a ceremony
    folder: PathBuf,
    /// The page to write; an older page of this program is replaced, nothing else
    #[arg(long, value_name = "FILE", required_unless_present = "json")]
    out: Option<PathBuf>,
    /// For whom: planner (everything, calendar first), auditor (everything, evidence first), public (no names, no places)
    #[arg(long, value_name = "WHO", default_value = "planner", hide_possible_values = true)]
    view: Who,
    /// In the public view, tell the places of visits up to this day, which must be over
    #[arg(long, value_name = "YYYY-MM-DD")]
    released: Option<NaiveDate>,
    /// Print it for machines; with --out, write the page too
    #[arg(long)]
    json: bool,
}

/// For whom a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Who {
    Planner,
    Auditor,
    Public,
}

/// What a page is made from, read and checked.
enum Source {
    Record(Box<OfRecord>),
    Ceremony(Box<OfCeremony>),
}

struct OfRecord {
    files: Files,
    case: Case,
    book: crate::rules::Book,
    schedule: crate::model::Schedule,
    heads: Heads,
    record: crate::record::Record,
    verdict: crate::verify::Verdict,
}

struct OfCeremony {
    case: Case,
    book: crate::rules::Book,
    schedule: crate::model::Schedule,
    heads: Heads,
    draws: Vec<(PastDraw, Files)>,
    held: Held,
    lines: Vec<LedgerLine>,
    verdict: CeremonyVerdict,
}

impl Report {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        let view = self.view(shell)?;
        if let Some(out) = &self.out {
            may_be_written(out)?;
        }
        let source = match is_ceremony(&self.folder) {
            true => Source::Ceremony(Box::new(ceremony(shell, &self.folder)?)),
            false => Source::Record(Box::new(of_record(shell, &self.folder)?)),
        };
        let told = watch(shell, "gathering what there is to say", || page::tell(&source.facts(&self.folder), view));
        if let Some(out) = &self.out {
            let html = page::html(&told);
            let access = if self.view == Who::Public { Access::Everybody } else { Access::Owner };
            Disk::new().write_whole(out, html.as_bytes(), access).map_err(|error| unwritable(out, &error))?;
            let who =
                if access == Access::Owner { "; it names people and places, and only you may read it" } else { "" };
            shell.say(&format!("Written, {} kB{who}", html.len().div_ceil(1000)));
        }
        match (&self.out, self.json) {
            (_, true) => shell.print_json(&page::json(&told)),
            (Some(out), false) => shell.print_plain(&format!("{}\n", out.display())),
            (None, false) => {}
        }
        Ok(End::findings(!source.is_sound()))
    }

    fn view(&self, shell: &mut Shell) -> Result<View, Stop> {
        let Some(released) = self.released else {
            return Ok(match self.view {
                Who::Planner => View::Planner,
                Who::Auditor => View::Auditor,
                Who::Public => View::Public { released: None },
            });
        };
        if self.view != Who::Public {
            return Err(Stop::new("--released is for --view public", "the other views tell every place; leave it out"));
        }
        let now = super::hand::now(shell, None)?;
        let today = chrono::DateTime::from_timestamp(now, 0).map(|now| now.date_naive());
        match today.is_some_and(|today| released < today) {
            true => Ok(View::Public { released: Some(released) }),
            false => Err(Stop::new(
                format!("{released} is not over: places are told only after the visits"),
                "give a day that has passed everywhere, or leave --released out",
            )),
        }
    }
}

impl Source {
    fn is_sound(&self) -> bool {
        match self {
            Self::Record(of) => of.verdict.is_sound(),
            Self::Ceremony(of) => of.verdict.is_sound(),
        }
    }

    fn facts(&self, folder: &Path) -> Facts<'_> {
        let folder = folder.display().to_string();
        match self {
            Self::Record(of) => {
                let OfRecord { files, case, book, schedule, heads, record, verdict } = &**of;
                let draws = vec![Draw { case, book, schedule, files }];
                Facts { folder, case, book, schedule, heads, draws, proof: Proof::Seed { record, verdict } }
            }
            Self::Ceremony(of) => {
                let OfCeremony { case, book, schedule, heads, draws, held, lines, verdict } = &**of;
                let draws = draws.iter().map(|(PastDraw { case, book, schedule, .. }, files)| Draw {
                    case,
                    book,
                    schedule,
                    files,
                });
                let proof = Proof::Ledger(CeremonyFacts { lines: lines.clone(), held, verdict });
                Facts { folder, case, book, schedule, heads, draws: draws.collect(), proof }
            }
        }
    }
}

fn of_record(shell: &mut Shell, folder: &Path) -> Result<OfRecord, Stop> {
    let files = record(folder)?;
    shell.say(&format!("Recounting {}", folder.display()));
    let verdict = watch(shell, "recounting", || verify(&files));
    let unreadable = || unreadable(folder);
    let (case, book) = thaw(&files).map_err(|_| unreadable())?;
    let published = read_schedule(&files, &case);
    let record = read_record(&files).0.filter(|_| published.flaws.is_empty()).ok_or_else(unreadable)?;
    let heads = super::input::heads(&files, &case, &published.schedule);
    Ok(OfRecord { case, book, schedule: published.schedule, heads, record, verdict, files })
}

fn unreadable(folder: &Path) -> Stop {
    let shown = folder.display();
    Stop::new(format!("what lies in `{shown}` can't be read"), format!("`foureyes verify {shown}` names what is wrong"))
}

fn ceremony(shell: &mut Shell, folder: &Path) -> Result<OfCeremony, Stop> {
    let files = load_ceremony(folder).map_err(|error| Stop::new(error, "name a ceremony's folder"))?;
    shell.say(&format!("Checking the ceremony in {}", folder.display()));
    let verdict = watch(shell, "checking", || verify_ceremony(&files));
    let unreadable = || unreadable(folder);
    let entries = files.get(LEDGER).map(|bytes| read_ledger(bytes).0).unwrap_or_default();
    let (mut draws, mut held, mut changes) = (Vec::new(), Held::default(), Vec::new());
    for entry in &entries {
        if let Body::Draw(draw) = &entry.body {
            let own = below(&files, &draw_folder(draw.counter));
            let past = PastDraw::read(&own).map_err(|_| unreadable())?;
            held.draw(&past);
            draws.push((past, own));
        }
        if let Some((number, _)) = entry.body.change() {
            let change = change(&files, number).ok_or_else(unreadable)?;
            held.change(&change);
            changes.push((entry.line, change));
        }
    }
    let last: Option<&(PastDraw, Files)> = draws.last();
    let (_, own) = last.ok_or_else(|| {
        let hint = "a page tells of a draw: `foureyes commit` and `foureyes draw` come first; with ledger.jsonl alone, see `foureyes verify`";
        Stop::new(format!("nothing is drawn yet in `{}`", folder.display()), hint)
    })?;
    let (case, book) = thaw(own).map_err(|_| unreadable())?;
    let case = held.declared(&case);
    let lines = entries.iter().map(|entry| line(entry, &changes, &verdict)).collect();
    let schedule = held.schedule(&case);
    let heads = heads(&draws.iter().map(|(draw, _)| draw).collect::<Vec<_>>(), &case, &schedule);
    Ok(OfCeremony { schedule, heads, case, book, draws, held, lines, verdict })
}

fn change(files: &Files, number: u64) -> Option<Change> {
    let name = change_file(number);
    read_change(files.get(&name)?, &name).0
}

/// A line of the ledger in words, with what auditors saw of it.
fn line(entry: &Entry, changes: &[(u64, Change)], verdict: &CeremonyVerdict) -> LedgerLine {
    let change = changes.iter().find(|(line, _)| *line == entry.line);
    let round = match &entry.body {
        Body::Commit(commit) => match &commit.beacon {
            BeaconLine::Quicknet(round) => time_of(round.round),
            BeaconLine::Dice(_) => None,
        },
        _ => None,
    };
    let seen = verdict.seen.iter().find(|seen| seen.line == entry.line);
    LedgerLine {
        line: entry.line,
        kind: entry.body.kind(),
        says: in_words(&entry.body),
        details: change.map(|(_, change)| change_in_words(change)).unwrap_or_default(),
        decided: round.map(|time| (time, when(time))),
        seen: seen.map(|seen| (seen.time, seen.name.clone(), when(seen.time))),
    }
}

/// A time as people read it: `2023-08-23 15:15:33 UTC`.
fn when(seconds: i64) -> String {
    utc(seconds).replace('T', " ").replace('Z', " UTC")
}

/// Holds that nothing, or a page of this program, stands where a page is to be written.
fn may_be_written(out: &Path) -> Result<(), Stop> {
    let mut head = Vec::new();
    let Ok(about) = out.symlink_metadata() else { return Ok(()) };
    let read = File::open(out).and_then(|file| file.take(2000).read_to_end(&mut head));
    match about.is_file() && read.is_ok() && is_page(&head) {
        true => Ok(()),
        false => Err(Stop::new(
            format!("`{}` is there already, and is no page of this program; nothing was written", out.display()),
            "give another name with --out",
        )),
    }
}

fn unwritable(out: &Path, error: &std::io::Error) -> Stop {
    Stop::new(
        format!("`{}` could not be written: {error}", out.display()),
        "choose another place with --out, or make room",
    )
}
