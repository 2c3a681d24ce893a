//! `foureyes orders`: the orders of a day, one sheet a team and one set of files a recipient.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use clap::Args;
use serde_json::{Value, json};

use super::folder::{Private, write_private};
use super::hand::day;
use super::held::{held_on, outside};
use super::input::{Drawn, drawn, inspector};
use super::published::{is_ceremony, is_folder, record};
use super::watch::watch;
use super::{End, Ended, Shell, Stop};
use crate::ceremony::{About, Office, receipts};
use crate::draw::{digest, to_hex};
use crate::model::{Hours, InspectorId, VisitId};
use crate::record::{Files, RECORD};
use crate::report::count;
use crate::report::orders::{
    Ask, ORDERS, ORDERS_FORMAT, Orders as Made, Proof, orders_files, orders_in_words, orders_json,
};

/// What `orders` is told.
#[derive(Debug, Args)]
pub struct Orders {
    /// The folder of a published record, or of a ceremony
    record: PathBuf,
    /// The day, such as 2027-01-04
    #[arg(long, value_name = "DATE", value_parser = day)]
    date: NaiveDate,
    /// The folder for the orders, readable by you alone; earlier orders of the same day there are replaced
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Where the teams meet
    #[arg(long, value_name = "TEXT")]
    meet: Option<String>,
    /// When the place may be told on that day, such as 06:00: before then no file says or shows it
    #[arg(long, value_name = "TIME", value_parser = clock)]
    release: Option<NaiveTime>,
    /// Take this to be the local time, such as 2027-01-04T05:00
    #[arg(long, value_name = "TIME", value_parser = moment, requires = "release")]
    now: Option<NaiveDateTime>,
    /// When a slot begins and ends, such as am=09:00-12:00, in place of the hours of the policy; without any, events take the whole day
    #[arg(long, value_name = "SLOT=FROM-TO", value_parser = hours)]
    slot: Vec<(String, Hours)>,
    /// Only the orders of this inspector
    #[arg(long, value_name = "ID")]
    inspector: Vec<String>,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

impl Orders {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        let is_sealed = self.is_sealed(shell);
        is_folder(&self.record)?;
        let office = is_ceremony(&self.record).then(|| Office::view(&self.record)).transpose()?;
        let drawn = self.drawn(shell, office.as_ref())?;
        let only: Vec<InspectorId> =
            self.inspector.iter().map(|id| inspector(&drawn.case, id)).collect::<Result<_, _>>()?;
        let hours = self.hours(&drawn)?;
        let proof = match &office {
            Some(office) => self.ledger(shell, office, is_sealed),
            None => Proof::Record(to_hex(&digest(record(&self.record)?.get(RECORD).map_or(&[], Vec::as_slice)))),
        };
        let changes = |visit: VisitId| drawn.changes(visit);
        let orders = Made::new(&Ask {
            case: &drawn.case,
            schedule: &drawn.schedule,
            heads: &drawn.heads,
            date: self.date,
            only: &only,
            meet: self.meet.as_deref(),
            release: self.release,
            is_sealed,
            hours: &hours,
            changes: &changes,
            proof,
        });
        let lost = self.lost(shell, &drawn, is_sealed);
        let written = self.write(shell, &orders)?;
        match self.json {
            true => {
                let mut value = orders_json(&orders);
                value["files"] = written;
                value["unknown"] = if is_sealed { json!([]) } else { lost.clone().into() };
                shell.print_json(&value);
            }
            false => shell.print_sections(&[orders_in_words(&orders)]),
        }
        Ok(End::findings(!lost.is_empty()))
    }

    fn drawn(&self, shell: &mut Shell, office: Option<&Office>) -> Result<Drawn, Stop> {
        let drawn = match office {
            Some(office) => watch(shell, "reading the ceremony", || held_on(&self.record, office, self.date))?,
            None => drawn(shell, &self.record)?,
        };
        if !drawn.planned {
            let shown = self.record.display();
            return Err(Stop::new(
                format!("`{shown}` is a case: nobody is sent anywhere yet"),
                format!("plan it first: foureyes plan {shown} --seed TEXT; then name the record"),
            ));
        }
        let period = &drawn.case.period;
        match period.from <= self.date && self.date <= period.to {
            true => Ok(drawn),
            false => Err(outside(self.date, (period.from, period.to))),
        }
    }

    /// Whether the place may not be told yet, by the clock of this machine or as `--now` says.
    fn is_sealed(&self, shell: &mut Shell) -> bool {
        let Some(release) = self.release else {
            shell.say("The sheets name the place: no --release says that it is to be kept until then.");
            return false;
        };
        if let Some(now) = self.now {
            shell.warn(&format!("the time is taken to be {}, as --now says", now.format("%Y-%m-%d %H:%M")));
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "whether a place may be told depends on the time; nothing else does"
        )]
        let now = self.now.unwrap_or_else(|| chrono::Local::now().naive_local());
        now < self.date.and_time(release)
    }

    fn hours(&self, drawn: &Drawn) -> Result<BTreeMap<String, Hours>, Stop> {
        let slots = &drawn.case.period.slots;
        match self.slot.iter().find(|(name, _)| !slots.contains(name)) {
            Some((name, _)) => {
                Err(Stop::new(format!("there is no slot `{name}`"), format!("the slots are {}", slots.join(", "))))
            }
            None => Ok(self.slot.iter().cloned().collect()),
        }
    }

    /// The receipts of the day. Orders are needed whether or not they can be proved yet: what is lacking is told.
    fn ledger(&self, shell: &mut Shell, office: &Office, is_sealed: bool) -> Proof {
        let cosigned = office.last_cosigned().map_err(|error| error.to_string());
        let made = cosigned.and_then(|cosigned| match cosigned {
            Some((size, note)) => {
                receipts(office, About::Day(self.date), &[], (size, &note)).map_err(|error| error.to_string())
            }
            None => Err("no checkpoint of this ledger is cosigned".to_owned()),
        });
        let (receipts, lacking) = match made {
            Ok(made) => (made.into_iter().map(|receipt| (receipt.inspector.clone(), receipt.bytes())).collect(), None),
            Err(why) => (BTreeMap::new(), Some(why)),
        };
        if let Some(why) = lacking.as_ref().filter(|_| !is_sealed) {
            shell.warn(&format!(
                "the orders have no receipts: {why}. Have it cosigned (foureyes cosign), and give this again"
            ));
        }
        Proof::Ledger { origin: office.origin().to_owned(), lines: office.entries().len() as u64, receipts, lacking }
    }

    /// Visits that are held on the day and that the day's freeze does not know: somebody set them by hand.
    fn lost(&self, shell: &mut Shell, drawn: &Drawn, is_sealed: bool) -> Vec<String> {
        let Some(since) = &drawn.since else { return Vec::new() };
        let on_it = |id: &&String| since.visit(id).is_some_and(|visit| visit.date == self.date);
        let lost: Vec<String> = since.unknown.iter().filter(on_it).cloned().collect();
        if !lost.is_empty() {
            let which = if is_sealed { "named once the place may be told".to_owned() } else { lost.join(", ") };
            let visits = count(lost.len(), "visit is", "visits are");
            shell.warn(&format!(
                "{visits} held on this day too and NOT among these orders, for the freeze of the day does not know it all: {which}"
            ));
        }
        lost
    }

    /// Writes the folder, if there is anything to order, and says whose files are where.
    fn write(&self, shell: &mut Shell, orders: &Made) -> Result<Value, Stop> {
        if orders.sheets.is_empty() {
            shell.say(&format!("Nothing was written: nobody {}goes anywhere on {}.", self.whom(), self.date));
            return Ok(json!([]));
        }
        let made = orders_files(orders);
        let (files, recipients) =
            made.map_err(|why| Stop::new(format!("a workbook can't be made: {why}"), "nothing was written"))?;
        let shown = self.out.display();
        let wrote = write_private(&self.out, &files, |there| is_ours(there, orders)).map_err(|error| {
            Stop::new(
                format!("`{shown}` could not be written: {error}"),
                "nothing was written; choose another folder with --out, or make room",
            )
        })?;
        if wrote == Private::NotOurs {
            return Err(Stop::new(
                format!(
                    "`{shown}` holds something else than orders of {} for these people; nothing was written",
                    self.date
                ),
                "choose another folder with --out; only unchanged orders of the same day are replaced",
            ));
        }
        let form = if orders.is_sealed { "SEALED, without the place" } else { "with the place" };
        let people = count(recipients.len(), "recipient", "recipients");
        let again = if wrote == Private::Replaced { ", in place of earlier ones" } else { "" };
        shell.say(&format!(
            "Orders {form}, for {people}, in {shown}{again}. Give people/ID.* to its owner alone; the rest is yours."
        ));
        Ok(recipients.iter().map(|(id, names)| json!({ "inspector": id, "names": names })).collect())
    }

    fn whom(&self) -> &'static str {
        if self.inspector.is_empty() { "" } else { "of those who were asked for " }
    }
}

/// Whether a folder holds orders that these may replace: of the same day, for nobody whom these leave out, and every file as it was written.
fn is_ours(files: &Files, orders: &Made) -> bool {
    let listed: Value = files.get(ORDERS).and_then(|bytes| serde_json::from_slice(bytes).ok()).unwrap_or_default();
    let same = |name: &str, is: &str| listed.get(name).and_then(Value::as_str) == Some(is);
    let digests = listed.get("files").and_then(Value::as_object);
    let as_written = digests.is_some_and(|digests| {
        let others = || files.iter().filter(|(name, _)| *name != ORDERS);
        let is_listed = |(name, bytes): (&String, &Vec<u8>)| {
            digests.get(name).and_then(Value::as_str) == Some(&to_hex(&digest(bytes)))
        };
        digests.len() == others().count() && others().all(is_listed)
    });
    let ids = listed.get("recipients").and_then(Value::as_array).cloned().unwrap_or_default();
    let has = |id: &Value| orders.people.iter().any(|member| Some(member.id.as_str()) == id.as_str());
    same("format", ORDERS_FORMAT) && same("date", &orders.date.to_string()) && as_written && ids.iter().all(has)
}

fn clock(text: &str) -> Result<NaiveTime, String> {
    NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| "write it as 06:00: hours and minutes".to_owned())
}

fn moment(text: &str) -> Result<NaiveDateTime, String> {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").map_err(|_| "write it as 2027-01-04T05:00".to_owned())
}

fn hours(text: &str) -> Result<(String, Hours), String> {
    let given = text.rsplit_once('=').and_then(|(name, hours)| Some((name.to_owned(), Hours::parse(hours)?)));
    given.ok_or_else(|| "write it as am=09:00-12:00".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::fixture;

    /// Orders of the fourth for those in `only`, or everybody.
    fn orders(only: &[u32]) -> Made {
        let text = "period 2027-01-04..2027-01-05\n inspectors ana ben\n place p1\n visit v1 p1\n plan v1 2027-01-04 am ana ben";
        let (case, schedule) = fixture(text);
        let only: Vec<InspectorId> = only.iter().map(|who| InspectorId(*who)).collect();
        Made::new(&Ask {
            case: &case,
            schedule: &schedule,
            heads: &crate::record::Heads::of(&case, &schedule, |_| None),
            date: case.period.from,
            only: &only,
            meet: None,
            release: None,
            is_sealed: false,
            hours: &BTreeMap::new(),
            changes: &|_| Vec::new(),
            proof: Proof::Record("ab".to_owned()),
        })
    }

    #[test]
    fn only_unchanged_orders_of_the_same_day_and_people_are_replaced() {
        let all = orders(&[]);
        let files = orders_files(&all).unwrap().0;
        assert!(is_ours(&files, &all));
        assert!(!is_ours(&files, &orders(&[0])), "ben would lose theirs");
        assert!(is_ours(&orders_files(&orders(&[0])).unwrap().0, &all));
        let mut tomorrow = all.clone();
        tomorrow.date = tomorrow.date.succ_opt().unwrap();
        assert!(!is_ours(&files, &tomorrow));
        let with = |name: &str, bytes: &[u8]| {
            let mut files = files.clone();
            files.insert(name.to_owned(), bytes.to_vec());
            files
        };
        assert!(!is_ours(&with("notes.txt", b"mine"), &all), "somebody's notes");
        assert!(!is_ours(&with("orders.csv", b"mine"), &all), "somebody's changes");
        assert!(!is_ours(&Files::new(), &all));
    }

    #[test]
    fn times_are_read_in_one_way() {
        assert_eq!(hours("am=09:00-12:30").unwrap().0, "am");
        for wrong in ["am", "am=9", "am=09:00", "am=25:00-26:00"] {
            assert!(hours(wrong).is_err(), "{wrong}");
        }
        assert!(clock("6").is_err() && clock("06:00").is_ok() && moment("2027-01-04").is_err());
    }
}
