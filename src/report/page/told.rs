//! What a page tells: one structure, from which the HTML and the JSON are made, so that neither has what the other lacks.
//!
//! People, places and visits are named by their ids, as in every file of a record. [`people`](Told::people) and
//! [`places`](Told::places) say once how they are called.

use std::fmt;

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

use super::View;

/// A day, as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub NaiveDate);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Everything that a page tells.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    /// For whom.
    pub view: View,
    /// The name of the case.
    pub case: String,
    /// The folder that the page was made from, as it was named.
    pub folder: String,
    /// Whether a ledger stands behind it, or a literal seed.
    pub ceremony: bool,
    /// The days.
    pub period: Period,
    /// The case and its schedule, counted.
    pub counts: Counts,
    /// What two hands did past the draw: overrides, voids, dice in the place of a round.
    pub loud: Vec<Loud>,
    /// What is lawful and must be known.
    pub notices: Vec<Notice>,
    /// What changed after a draw, in the order of the ledger.
    pub changes: Vec<Change>,
    /// What was fixed when, what decided, and what came of checking it.
    pub evidence: Evidence,
    /// What is staffed, by kind of visit.
    pub coverage: Vec<Kind>,
    /// The most that any schedule could staff, and why no more; nothing where no bound was handed on.
    pub most: Vec<String>,
    /// Visits that nobody goes on.
    pub open: Vec<Open>,
    /// Visits that later draws of a ceremony may still staff.
    pub to_come: usize,
    /// Visits that are held, and that the freeze of the last draw does not know, or their day or somebody on them: they stand in no
    /// other list.
    pub unknown: Vec<String>,
    /// What would help the mandatory ones of them together.
    pub would_help: Vec<String>,
    /// Signed exceptions to the rules.
    pub waivers: Vec<Waiver>,
    /// Rules that are on by default and that the policy turned off.
    pub rules_off: Vec<RuleOff>,
    /// What the policy says of rules beside their defaults.
    pub settings: Vec<String>,
    /// How many people have how many visits.
    pub load: Vec<Load>,
    /// What each stage was drawn from.
    pub stages: Vec<Stage>,
    /// How easily each visit is guessed.
    pub guesses: Vec<Guess>,
    /// Thin pools.
    pub pools: Pools,
    /// Programmed visits, by risk class.
    pub programmed: Vec<Class>,
    /// The roster.
    pub people: Vec<Person>,
    /// The places of the visits.
    pub places: Vec<Place>,
    /// The visits.
    pub visits: Vec<Visit>,
    /// Places of visits whose day is over, where they may be told without anything else.
    pub released: Vec<Released>,
    /// The last day of which they are told.
    pub released_to: Option<Day>,
}

/// The days that are planned.
#[derive(Clone, Debug, Serialize)]
pub struct Period {
    /// The first.
    pub from: Day,
    /// The last.
    pub to: Day,
    /// Those that are worked.
    pub days: Vec<Day>,
    /// The parts of a day.
    pub slots: Vec<String>,
}

/// What there is, counted: each field is the number of what its name says.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Counts {
    pub inspectors: usize,
    pub leads: usize,
    pub visits: usize,
    pub staffed: usize,
    pub mandatory: usize,
    pub mandatory_staffed: usize,
    pub seats: usize,
    pub conflicts: usize,
    pub absences: usize,
    pub past_visits: usize,
    pub waivers: usize,
    /// Visits with thin pools.
    pub thin: usize,
    /// Days of service that fewer people than the policy's `pool_min` could take over.
    pub thin_days: usize,
    /// Changes after the draw.
    pub changes: usize,
}

/// Something that two hands did past the draw.
#[derive(Clone, Debug, Serialize)]
pub struct Loud {
    /// `override`, `void` or `fallback`.
    pub kind: &'static str,
    /// The line of the ledger.
    pub line: u64,
    /// What was done.
    pub says: String,
    /// Why, as they wrote it; not told in public, where it may name somebody.
    pub reason: Option<String>,
    /// What follows from it, sentence by sentence.
    pub details: Vec<String>,
    /// Who signed.
    pub signed: Vec<String>,
}

/// What is no finding, and nobody may overlook.
#[derive(Clone, Debug, Serialize)]
pub struct Notice {
    /// Its name.
    pub name: &'static str,
    /// The line of the ledger, where there is one.
    pub line: Option<u64>,
    /// The facts; in public only how many.
    pub says: String,
    /// What it means, and what to ask.
    pub means: &'static str,
    /// The facts counted, where they name somebody.
    #[serde(skip)]
    pub counts: Option<String>,
}

/// A change after a draw, or what was executed.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// The line of the ledger.
    pub line: u64,
    /// `amend`, `override` or `executed`.
    pub kind: &'static str,
    /// What the ledger says of it.
    pub says: String,
    /// What it does, sentence by sentence.
    pub details: Vec<String>,
}

/// What was fixed when, what decided, and what came of checking it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Evidence {
    /// What was done, in order.
    pub steps: Vec<Step>,
    /// What follows from it.
    pub follows: Vec<String>,
    /// What does not follow from it.
    pub limits: Vec<String>,
    /// Digests that can be compared.
    pub digests: Vec<Digest>,
    /// Whether nothing was found wrong when the page was made.
    pub sound: bool,
    /// The same in a sentence.
    pub verdict: String,
    /// Each claim, and what came of checking it.
    pub claims: Vec<Claim>,
    /// Everything that is wrong.
    pub findings: Vec<Finding>,
    /// Of a ledger, what auditors read to one another.
    pub head: Option<String>,
    /// Those who take part in it.
    pub parties: Vec<Party>,
    /// Who cosigned how many lines of it, and when.
    pub cosignatures: Vec<Cosigned>,
    /// How to check it without this page.
    pub commands: Vec<Command>,
}

/// One of those who take part.
#[derive(Clone, Debug, Serialize)]
pub struct Party {
    /// The name.
    pub name: String,
    /// `planner`, `auditor` or `officer`.
    pub role: &'static str,
    /// The Ed25519 key, in hex.
    pub key: String,
}

/// An auditor's word that they saw so many lines.
#[derive(Clone, Debug, Serialize)]
pub struct Cosigned {
    /// The auditor.
    pub name: String,
    /// How many lines.
    pub lines: u64,
    /// When, in UTC.
    pub time: String,
}

/// One step of a draw.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Step {
    /// What was done.
    pub says: String,
    /// What it is for.
    pub means: Option<&'static str>,
    /// The line of the ledger that says so.
    pub line: Option<u64>,
    /// When an auditor saw it, and what that shows.
    pub seen: Option<String>,
}

/// A digest.
#[derive(Clone, Debug, Serialize)]
pub struct Digest {
    /// Of what.
    pub of: String,
    /// In hex.
    pub hex: String,
}

/// A claim of the record or the ledger.
#[derive(Clone, Debug, Serialize)]
pub struct Claim {
    /// Its name.
    pub claim: &'static str,
    /// What is claimed.
    pub says: &'static str,
    /// What came of it, as `verify` words it.
    pub state: &'static str,
}

/// Something that is wrong.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// Its name.
    pub name: &'static str,
    /// The claim that it breaks.
    pub claim: &'static str,
    /// Where and what; not told in public, where it may name somebody.
    pub says: Option<String>,
    /// What it would take to explain it.
    pub explain: &'static str,
}

/// A command that checks something.
#[derive(Clone, Debug, Serialize)]
pub struct Command {
    /// What for.
    pub says: &'static str,
    /// As it is typed.
    pub run: String,
}

/// Visits of one kind.
#[derive(Clone, Debug, Serialize)]
pub struct Kind {
    /// The kind.
    pub kind: &'static str,
    /// How many there are.
    pub visits: usize,
    /// How many have a team.
    pub staffed: usize,
}

/// A visit that nobody goes on.
#[derive(Clone, Debug, Serialize)]
pub struct Open {
    /// The visit.
    pub visit: String,
    /// Whether it must be made.
    pub mandatory: bool,
    /// Why nobody goes, sentence by sentence; nothing where it is only named.
    pub says: Vec<String>,
    /// The rules that keep people away at the best time for it.
    pub rules: Vec<Removed>,
    /// Any one of these would be enough.
    pub would_help: Vec<String>,
}

/// How many people a rule keeps away.
#[derive(Clone, Debug, Serialize)]
pub struct Removed {
    /// The rule.
    pub rule: &'static str,
    /// At the best time.
    pub at_best: usize,
    /// Of them, those whom no other rule keeps away.
    pub alone: usize,
    /// At every time.
    pub always: usize,
}

/// A signed exception, with the columns of waivers.csv.
#[derive(Clone, Debug, Serialize)]
pub struct Waiver {
    pub rule: String,
    pub visit: String,
    pub inspector: String,
    pub reason: String,
    pub approver: String,
    pub date: Day,
    /// Whether the person goes on the visit.
    pub used: bool,
}

/// A rule that the policy turned off.
#[derive(Clone, Debug, Serialize)]
pub struct RuleOff {
    /// Its name.
    pub rule: &'static str,
    /// What it would say.
    pub says: String,
}

/// People with the same number of visits.
#[derive(Clone, Debug, Serialize)]
pub struct Load {
    /// Visits of each.
    pub visits: usize,
    /// How many they are.
    pub people: usize,
}

/// What a stage was drawn from.
#[derive(Clone, Debug, Serialize)]
pub struct Stage {
    /// Its number; in a ceremony, that of the commitment.
    pub stage: u64,
    /// Its first day.
    pub from: Day,
    /// Its last day.
    pub to: Day,
    /// Tickets in its urn.
    pub tickets: u32,
    /// Different ones among them.
    pub distinct: u32,
    /// The number of the ticket that was drawn, from 0.
    pub drawn: u32,
    /// Visits that it drew; not told in public, where it would tell how busy a day is.
    pub visits: Option<usize>,
    /// In how many tickets the likeliest person goes on the visit that is easiest to guess.
    pub worst: Option<u32>,
    /// No lottery could have less.
    pub bound: Option<u32>,
    /// As how many equally likely teams the visit in the middle is as hard to guess, in tenths.
    pub teams_in_tenths: u64,
    /// Tickets that remain possible to somebody who holds the urn and has seen all of their own visits, in tenths.
    pub left_in_tenths: Option<u64>,
    /// The easiest guess, and why no lottery could do better, in words; not told in public.
    pub says: Vec<String>,
}

/// How easily visits are guessed: those on which the likeliest person goes in such a part of the tickets that hold them.
#[derive(Clone, Debug, Serialize)]
pub struct Guess {
    /// From so many per cent.
    pub from: u32,
    /// To below so many.
    pub to: u32,
    /// Visits of which that is so.
    pub visits: usize,
    /// Visits of which it would be so if everybody who could have gone were equally likely.
    pub even: usize,
}

/// Thin pools.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Pools {
    /// What makes a pool thin.
    pub limits: String,
    /// The pools, those that are alike together.
    pub thin: Vec<Pool>,
    /// Days of service that hardly anybody could take over.
    pub days: Vec<ThinDay>,
}

/// A thin pool.
#[derive(Clone, Debug, Serialize)]
pub struct Pool {
    /// The visits that have it.
    pub visits: Vec<String>,
    /// How thin it is.
    pub says: String,
    /// What made it so.
    pub causes: Vec<String>,
}

/// A day of service that hardly anybody could take over.
#[derive(Clone, Debug, Serialize)]
pub struct ThinDay {
    /// The day.
    pub date: Day,
    /// Who serves.
    pub inspector: String,
    /// How many could step in.
    pub of: usize,
}

/// Programmed visits of one risk class.
#[derive(Clone, Debug, Serialize)]
pub struct Class {
    /// The class; none where the policy names none.
    pub class: Option<String>,
    /// How many there are.
    pub visits: usize,
    /// How often each is to be made in the period, of 1000.
    pub target: u32,
    /// How many were drawn.
    pub drawn: usize,
}

/// Somebody on the roster.
#[derive(Clone, Debug, Serialize)]
pub struct Person {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: Option<String>,
    /// Their unit.
    pub unit: Option<String>,
    /// Whether they may lead.
    pub lead: bool,
    /// How many visits they have.
    pub visits: usize,
    /// Days on which they are absent.
    pub away: Vec<Day>,
}

/// A place with a visit.
#[derive(Clone, Debug, Serialize)]
pub struct Place {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Its district.
    pub district: Option<String>,
}

/// Whether a visit is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It is held.
    Held,
    /// Nobody goes.
    Open,
    /// A later draw of the ceremony may staff it.
    ToCome,
    /// It was cancelled after the draw.
    Cancelled,
}

/// A visit.
#[derive(Clone, Debug, Serialize)]
pub struct Visit {
    /// Its id.
    pub id: String,
    /// Where.
    pub place: String,
    /// Its kind.
    pub kind: &'static str,
    /// Whether it is held.
    pub state: State,
    /// When.
    pub date: Option<Day>,
    /// The first slot, and the last where there are several.
    pub slots: Vec<String>,
    /// Who goes, whoever heads the team first.
    pub team: Vec<String>,
    /// How it differs from what was drawn, sentence by sentence.
    pub changed: Vec<String>,
    /// The odds by which it was drawn.
    pub odds: Option<Odds>,
    /// Those who could have gone in the place of a member, all else as drawn.
    pub could: Vec<String>,
    /// Those who could not, by the first rule in the way; of those who stand in some ticket nothing is said.
    pub could_not: Vec<KeptAway>,
    /// Who steps in for each member.
    pub reserves: Vec<Reserve>,
}

/// The odds of a visit.
#[derive(Clone, Debug, Serialize)]
pub struct Odds {
    /// The stage that drew it.
    pub stage: u64,
    /// Tickets of its urn.
    pub tickets: u32,
    /// Tickets that hold the visit in the stage.
    pub held: u32,
    /// Different teams among them.
    pub different_teams: u64,
    /// In how many tickets everybody goes, the likeliest first.
    pub people: Vec<Chance>,
    /// In how many tickets it starts when.
    pub times: Vec<Time>,
}

/// In how many tickets somebody goes.
#[derive(Clone, Debug, Serialize)]
pub struct Chance {
    /// Who.
    pub inspector: String,
    /// So many.
    pub tickets: u32,
}

/// In how many tickets a visit starts at a time.
#[derive(Clone, Debug, Serialize)]
pub struct Time {
    /// The day.
    pub date: Day,
    /// The slot.
    pub slot: String,
    /// So many.
    pub tickets: u32,
}

/// People whom a rule keeps away.
#[derive(Clone, Debug, Serialize)]
pub struct KeptAway {
    /// The rule.
    pub rule: &'static str,
    /// Who.
    pub inspectors: Vec<String>,
}

/// Who steps in for a member.
#[derive(Clone, Debug, Serialize)]
pub struct Reserve {
    /// For whom.
    pub member: String,
    /// Their other visits of the day, which a reserve takes over too at level 1.
    pub also: Vec<String>,
    /// 1: whoever steps in takes over the whole day; 2: this visit alone, where nobody may take over the day; 3: another whole team goes, where nobody may
    /// step in beside those who stay.
    pub level: u64,
    /// Those who are asked first, in order; nobody at level 3.
    pub order: Vec<String>,
    /// The teams that are asked first, in order; none below level 3.
    pub teams: Vec<Vec<String>>,
    /// How many people, or teams, may step in.
    pub of: usize,
}

/// A visit whose day is over, told without anything but its place.
#[derive(Clone, Debug, Serialize)]
pub struct Released {
    /// The day.
    pub date: Day,
    /// The place.
    pub place: String,
    /// Its name.
    pub name: Option<String>,
    /// The kind of visit.
    pub kind: &'static str,
}
