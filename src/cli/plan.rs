//! `foureyes plan`: draw a schedule from a seed, print it, publish its record.

use std::io::IsTerminal as _;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::asked;
use super::folder::{self, Published, name_of};
use super::input::{case_to_work_with, heads, is_case};
use super::kept::Kept;
use super::lottery::Lottery;
use super::watch::watch;
use super::{End, Ended, Shell, Stop};
use crate::bound::{Thin, thin_pools, why_unstaffed};
use crate::draw::{Root, to_hex};
use crate::model::{Case, Reserves, Schedule, VisitId, has_blank_edge, is_blank};
use crate::record::{Files, Frozen, Heads, TABLE, freeze, one_spelling, publish, read_reserves};
use crate::report::{
    Section, count, coverage, coverage_json, exceptions, load, load_json, rules_off, safe_places, safe_places_json,
    thin_days, thin_days_json, thin_in_brief, thin_json, timetable, timetable_json, unstaffed, unstaffed_json,
};
use crate::rules::Book;
use crate::urn::{self, draw_stages};
use crate::verify::verify;

/// Visits without a team that are explained at once; the others are named.
const EXPLAINED: usize = 5;
/// Of those others, so many are named, and so many of them on a line.
const NAMED: usize = 100;
const A_LINE: usize = 10;

/// What `plan` is told.
#[derive(Debug, Args)]
pub struct Plan {
    /// The folder of the case
    case: PathBuf,
    /// The seed: any text, best one that was agreed upon before the files were final
    #[arg(long, value_name = "TEXT")]
    seed: String,
    /// The seed is meant although it is blank, or begins or ends with a blank
    #[arg(long)]
    seed_as_is: bool,
    /// The folder to publish in; `schedules/` and the name of the case folder unless given
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// How many threads to use; they change the time, never the schedule
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

/// What was planned, and what was made of it.
struct Planned {
    case: Case,
    book: Book,
    schedule: Schedule,
    thin: Vec<Thin>,
    lottery: Lottery,
    files: Files,
    inputs: String,
}

impl Plan {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        let (target, seed) = (self.target()?, one_spelling(&self.seed));
        self.is_meant(shell)?;
        is_case(&self.case)?;
        folder::may_publish(&target, &seed)?;
        shell.say(&format!("Reading {}", self.case.display()));
        let (case, book) = case_to_work_with(shell, &self.case)?;
        let frozen = watch(shell, "freezing the inputs", || freeze(&case, &book));
        folder::may_publish_these(&target, &to_hex(&frozen.digest))?;
        warn_of_size(shell, &case);
        let thin = self.thin_pools(shell, &case, &book);
        shell.say(&format!(
            "Drawing {} for {} from the seed `{}`",
            count(case.visits.len(), "visit", "visits"),
            count(case.inspectors.len(), "inspector", "inspectors"),
            seed
        ));
        let (planned, kept) = self.draw(shell, (case, book), thin, &frozen, (&seed, &target));
        shell.say("Recounting every rule from the files to be published");
        let recounted = watch(shell, "recounting every rule", || recount(&planned.files));
        let published = match recounted.and_then(|()| folder::publish(&target, &planned.files)) {
            Ok(published) => published,
            Err(why) if !folder::is_free(&target).unwrap_or(true) => {
                kept.forget();
                return Err(why);
            }
            Err(why) => return Err(kept.stays(why)),
        };
        kept.forget();
        self.show(shell, &planned, &target);
        say_where(shell, published, &target);
        let mandatory = |visit: &VisitId| planned.case.visit(*visit).kind.is_mandatory();
        Ok(End::findings(planned.not_staffed().iter().any(mandatory)))
    }

    fn target(&self) -> Result<PathBuf, Stop> {
        let name = || {
            let nameless = || format!("`{}` has no name to publish under", self.case.display());
            name_of(&self.case).ok_or_else(|| Stop::new(nameless(), "give a folder with --out"))
        };
        self.out.clone().map_or_else(|| Ok(Path::new("schedules").join(name()?)), Ok)
    }

    /// Holds that the seed is no slip: a variable of the shell that is not set leaves a blank, and everybody could have drawn with that.
    fn is_meant(&self, shell: &mut Shell) -> Result<(), Stop> {
        let doubt = match self.seed.as_str() {
            seed if is_blank(seed) => "the seed is blank",
            seed if has_blank_edge(seed) => {
                "the seed begins or ends with a blank, or with a character that is not seen"
            }
            _ => return Ok(()),
        };
        if self.seed_as_is {
            shell.warn(&format!("{doubt}, and is taken as it is"));
            return Ok(());
        }
        let watched = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        match !self.json && watched && asked::yes(&format!("{doubt}. Is it meant?")) {
            true => Ok(()),
            false => Err(Stop::new(
                format!("{doubt}: `{}`; nothing was done", self.seed),
                "a variable of the shell that is not set looks like that. Give the seed that was agreed; if this is it, add --seed-as-is",
            )),
        }
    }

    /// The visits with thin pools, told before anything is drawn.
    fn thin_pools(&self, shell: &mut Shell, case: &Case, book: &Book) -> Vec<Thin> {
        let thin = watch(shell, "looking for thin pools", || thin_pools(case, book));
        if let Some(section) = thin_in_brief(case, &thin).filter(|_| !self.json) {
            shell.print_sections(&[section]);
            shell.print("\n");
        }
        if !thin.is_empty() {
            shell.say(&format!(
                "{} with thin pools, told before anything is drawn",
                count(thin.len(), "visit", "visits")
            ));
        }
        thin
    }

    fn draw(
        &self,
        shell: &Shell,
        (case, book): (Case, Book),
        thin: Vec<Thin>,
        frozen: &Frozen,
        (seed, target): (&str, &Path),
    ) -> (Planned, Kept) {
        let root = Root::from_seed(&frozen.digest, seed);
        let options = urn::Options { threads: threads(self.threads) };
        let mut kept = Kept::new(target, &frozen.digest, seed, shell);
        let drawn = draw_stages(&case, &book, &root, &options, &mut kept);
        kept.end();
        let schedule = drawn.schedule.clone();
        let mut files = watch(shell, "writing the record", || publish(&case, &book, frozen, seed, &drawn));
        let lottery = watch(shell, "looking for bounds", || Lottery::new(&case, &book, drawn));
        lottery.publish(&case, &mut files);
        (Planned { thin, case, book, schedule, lottery, files, inputs: to_hex(&frozen.digest) }, kept)
    }

    fn show(&self, shell: &mut Shell, planned: &Planned, target: &Path) {
        if self.json {
            let value = watch(shell, "looking for reasons", || planned.as_json(&self.seed, target));
            shell.print_json(&value);
        } else {
            let sections = watch(shell, "looking for reasons", || planned.in_words(target));
            shell.print_sections(&sections);
        }
    }
}

/// Visits above which a plan takes so long that somebody who hears nothing would think that it stands still.
const MANY: usize = 50_000;

/// Says, even when quiet, that it will take long: once, by the size of the case and no clock.
fn warn_of_size(shell: &mut Shell, case: &Case) {
    if case.visits.len() > MANY {
        shell.warn(&format!(
            "{} take many minutes to draw, or hours; if it is stopped, the same command goes on with the urns that it had",
            count(case.visits.len(), "visit", "visits")
        ));
    }
}

/// As many threads as were asked for, or as the machine has.
pub(super) fn threads(asked: Option<NonZeroUsize>) -> usize {
    asked.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get)
}

/// Holds what is about to be published to every claim that a verifier checks: what would not pass is
/// not published.
fn recount(files: &Files) -> Result<(), Stop> {
    let verdict = verify(files);
    let Some(first) = verdict.findings.first() else { return Ok(()) };
    Err(Stop::new(
        format!(
            "the schedule does not pass its own verification ({}, first {}: {}); nothing was published",
            count(verdict.findings.len(), "finding", "findings"),
            first.name,
            first.says
        ),
        "this is a fault of the program: please report it with the case and the seed",
    ))
}

fn say_where(shell: &mut Shell, published: Published, target: &Path) {
    let shown = target.display();
    match published {
        Published::Written => shell.say(&format!("Published in {shown}; to verify: foureyes verify {shown}")),
        Published::AsBefore => shell.say(&format!("{shown} was there already, with the same bytes")),
    }
}

impl Planned {
    /// The visits that nobody goes on, the mandatory ones first.
    fn not_staffed(&self) -> Vec<VisitId> {
        let open = self.case.visit_ids().filter(|visit| !self.schedule.assignments.contains_key(visit));
        let mut open: Vec<VisitId> = open.collect();
        open.sort_by_key(|visit| (!self.case.visit(*visit).kind.is_mandatory(), *visit));
        open
    }

    /// Who heads each team, as it is published.
    fn heads(&self) -> Heads {
        heads(&self.files, &self.case, &self.schedule)
    }

    /// Who may step in, as it is published.
    fn reserves(&self) -> Vec<Reserves> {
        read_reserves(&self.files, &self.case).0.into_iter().map(|(_, one)| one).collect()
    }

    fn in_words(&self, target: &Path) -> Vec<Section> {
        let (case, schedule) = (&self.case, &self.schedule);
        let mut sections = timetable(case, schedule, &self.heads());
        let Section { title, body } = coverage(case, schedule);
        sections.push(Section::new(title, format!("{body}\n{}", self.lottery.coverage(case))));
        sections.extend(self.lottery.in_words(case, &self.book, target));
        sections.push(load(case, schedule));
        sections.extend(thin_days(case, &self.reserves()));
        sections.extend(safe_places(case, &self.book, schedule));
        sections.extend(rules_off(&self.book));
        sections.extend(exceptions(case, schedule));
        let open = self.not_staffed();
        sections.extend(
            open.iter()
                .take(EXPLAINED)
                .map(|visit| unstaffed(case, &why_unstaffed(case, &self.book, schedule, *visit))),
        );
        if open.len() > EXPLAINED {
            sections.push(self.not_explained(&open[EXPLAINED..], target));
        }
        sections.extend(self.lottery.relief_in_words(case));
        sections
    }

    /// The visits without a team whose reasons are not told at once.
    fn not_explained(&self, open: &[VisitId], target: &Path) -> Section {
        let mut ids: Vec<&str> = open.iter().take(NAMED).map(|visit| self.case.visit(*visit).id.as_str()).collect();
        let more = match open.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!("\n... and {more} more, among the last rows of {}", target.join(TABLE).display()),
        };
        let mut lines: Vec<String> = Vec::new();
        while !ids.is_empty() {
            let rest = ids.split_off(ids.len().min(A_LINE));
            lines.push(ids.join(", "));
            ids = rest;
        }
        let body = format!("{}{more}\nWhy, one by one: foureyes explain {} VISIT", lines.join(",\n"), target.display());
        Section::new(format!("Not staffed either: {}", count(open.len(), "visit", "visits")), body)
    }

    fn as_json(&self, seed: &str, target: &Path) -> Value {
        let (case, schedule) = (&self.case, &self.schedule);
        let open = self.not_staffed();
        let off = self.book.all().iter().filter(|booked| booked.entry.enabled && booked.rule.is_none());
        let reasons = open
            .iter()
            .take(EXPLAINED)
            .map(|visit| unstaffed_json(case, &why_unstaffed(case, &self.book, schedule, *visit)));
        let mut value = json!({
            "folder": target.display().to_string(),
            "seed": seed,
            "inputs": self.inputs,
            "schedule": timetable_json(case, schedule, &self.heads()),
            "coverage": coverage_json(case, schedule),
            "load": load_json(case, schedule),
            "thin_days": thin_days_json(case, &self.reserves()),
            "rules_off": off.map(|booked| booked.entry.name).collect::<Vec<_>>(),
            "safe_places": safe_places_json(case, &self.book, schedule),
            "waivers": waivers_json(case),
            "unstaffed": open.iter().map(|visit| &case.visit(*visit).id).collect::<Vec<_>>(),
            "reasons": reasons.collect::<Vec<_>>(),
            "pools": thin_json(case, &self.thin),
        });
        self.lottery.add_to_json(case, &self.book, &mut value);
        value
    }
}

fn waivers_json(case: &Case) -> Value {
    let one = |waiver: &crate::model::Waiver| {
        json!({
            "rule": waiver.rule, "visit": case.visit(waiver.visit).id,
            "inspector": case.inspector(waiver.inspector).id, "reason": waiver.reason,
            "approver": waiver.approver, "date": waiver.date.to_string(),
        })
    };
    case.waivers.iter().map(one).collect()
}
