//! Patterns over years: what, in records, ledgers and history, chance does not explain.
//!
//! # The method, in plain words
//!
//! Each question compares how often something happened with how often it would have happened **by chance**: that is the null hypothesis, and each
//! question's file says which. For a drawn visit it is exact, for the record has the odds of everybody: 37 of 1,000 tickets send H-07
//! there. A visit that is only remembered has no odds; it is taken as if the month's work in its district had been dealt out by lot among those who did it, each as
//! often as they really worked.
//!
//! A **tail** is how likely it is, by chance, that something happens at least as often as it did. Tails are exact sums over all ways in which unequal
//! odds can come out ([`Counts`]); all of them are one-sided, for rules such as `no-return` make meetings rarer than chance, and that is no finding.
//!
//! Who compares thousands of pairs finds some that are surprising alone. So a tail is held against its **family**, all comparisons of its question: the chance that
//! any of them looks as surprising by chance is at most the sum of the chances of each to do so (`many`). Between the questions Holm's step-down pays for
//! there being ten of them. What comes out is the chance that an honest office has *anything* as surprising in its *whole* audit. At most so many of 100 honest offices get an alarm as
//! the level says (5, unless another is asked for).
//!
//! # What an alarm proves, and what it does not
//!
//! It proves that chance is a bad explanation. It does not say which other one is true: an assignment by hand that everybody knew of, a territory that no file names, a mistake in
//! a table, or steering. Who could have steered: absences and conflicts are entered by the planner or declared by the inspector; overrides need two signatures; whoever keeps the history decides what is
//! remembered. An alarm is where to ask, with names and dates to ask about. And silence proves only what the data could have shown; each question says the smallest
//! effect that it would have found ([`Power`]).
//!
//! # What is only approximate
//!
//! - Odds of later draws depend on who was drawn before (that is what rotation is), so visits are not quite independent. Measured on urns of this program, rotation and all, the rate
//!   of false alarms stays below what is stated (below).
//! - Odds of pairs follow from the odds of each where the urns were not handed on; [`Audit::pairs_estimated`] says so.
//! - Terms in a district and people away are counted, not tested: the first are a rule, and in every honest office summers come to all at once.
//!
//! # How often it is wrong, and what it finds
//!
//! Measured by simulation (`cargo run --release --example honest_years -- 1000 100`), at the level of 5 in 100: 24 inspectors, 40 places, 250 days of eight visits, each
//! drawn from an urn; leave, conflicts, reserves and exceptions as they come ([`honest`]).
//!
//! | honest offices | with any false alarm |
//! |---|---|
//! | one year | 21 of 1,000 (2.1 %) |
//! | one year, 8 inspectors, 12 places, two visits a day | 26 of 1,000 (2.6 %) |
//! | three years | 6 of 250 (2.4 %) |
//! | half a year of weeks from this program's own urns, under its rules: 12 inspectors, 240 visits | 1 of 100 |
//!
//! | what was planted | found |
//! |---|---|
//! | somebody is away on 25, 50, 75, 100 of 100 days of one place, one year | 32 %, 96 %, 100 %, 100 % of 200 offices |
//! | a pair meets 2, 3, 4 times as often as the odds say, one year | 6 %, 64 %, 98 % |
//! | a pair meets 1.5, 2, 3 times as often, three years | 4 %, 50 %, 100 % |
//! | a pair meets twice as often, five years | 87 % |
//! | one approver signs 45, 60, 75 overrides of 100 lines where others sign 15, one year | 24 %, 54 %, 87 % |
//! | one approver signs 45 of 100, three years | 84 % |
//!
//! So one year shows a pair that meets three or four times as often, and none that meets twice as often: for that it takes some years. There is only so much in 250 days.
//!
//! The pieces: [`Gathering`] puts folders together to [`Evidence`]; [`audit`] asks every [`Question`] of it and gives an [`Answer`] to each.

mod absences;
mod asking;
mod chance;
mod conflicts;
mod evidence;
mod executed;
mod gather;
pub mod honest;
mod many;
mod meetings;
mod overrides;
mod pairs;
mod power;
mod repeats;
mod reserves;
mod runs;
mod tails;
mod tenure;

use std::collections::BTreeMap;

use chrono::NaiveDate;

pub use asking::{Answer, Question, Statement, Subject};
pub use conflicts::JUST_BEFORE_DAYS;
pub use evidence::{
    Absent, Act, Declared, Event, Evidence, Kind, PairStage, Person, Place, Seat, Signed, StoodIn, Thinned,
};
pub use gather::{Gathering, Unreadable};
pub use power::Power;
pub use repeats::{RepeatRates, Repeats};
pub use tails::Counts;
pub use tenure::Term;

/// What came of an audit.
#[derive(Clone, Debug, PartialEq)]
pub struct Audit {
    /// How many of a hundred honest offices may get an alarm, as a part of one.
    pub level: f64,
    /// Each question's, in their order.
    pub answers: Vec<Answer>,
    /// Repeats, counted in several ways.
    pub repeats: RepeatRates,
    /// How many runs there are of each length, from one visit on.
    pub runs: Vec<usize>,
    /// Everybody's last term in each district, the longest first.
    pub terms: Vec<Term>,
    /// Whether the odds of pairs follow from those of each, because an urn was not handed on.
    pub pairs_estimated: bool,
    /// Working days on which somebody was away, those with most people first.
    pub away: Vec<(NaiveDate, usize)>,
}

/// Asks every question of `evidence`, such that at most `level` of honest offices get any alarm.
///
/// ```
/// use foureyes::audit::{Evidence, audit};
/// let nothing = audit(&Evidence::default(), 0.05);
/// assert_eq!(nothing.alarms().count(), 0);
/// ```
pub fn audit(evidence: &Evidence, level: f64) -> Audit {
    let chances = chance::Chances::of(evidence);
    let (repeats, rates) = repeats::ask(evidence, &chances);
    let (runs, run_lengths) = runs::ask(evidence, &chances);
    let mut answers = vec![
        meetings::places(evidence, &chances),
        meetings::owners(evidence, &chances),
        pairs::ask(evidence, &chances),
        repeats,
        runs,
        absences::ask(evidence),
        conflicts::ask(evidence),
        reserves::ask(evidence),
        overrides::ask(evidence),
        executed::ask(evidence),
    ];
    between_questions(&mut answers, level);
    Audit {
        level,
        answers,
        repeats: rates,
        runs: run_lengths,
        terms: tenure::terms(evidence),
        pairs_estimated: pairs::are_estimated(evidence),
        away: away(evidence),
    }
}

/// Pays for there being several questions. Those that had nothing to compare cost nothing.
fn between_questions(answers: &mut [Answer], level: f64) {
    let asked: Vec<usize> = (0..answers.len()).filter(|at| answers[*at].tests > 0).collect();
    let smallest = |at: &usize| answers[*at].statements.first().map_or(0.0, |statement| statement.ln_any);
    let factors = many::holm(&asked.iter().map(smallest).collect::<Vec<_>>());
    for (at, factor) in asked.into_iter().zip(factors) {
        answers[at].raise(factor, level);
    }
}

fn away(evidence: &Evidence) -> Vec<(NaiveDate, usize)> {
    let mut days: BTreeMap<NaiveDate, usize> = BTreeMap::new();
    evidence.absences.iter().for_each(|absent| *days.entry(absent.date).or_default() += 1);
    let mut days: Vec<(NaiveDate, usize)> = days.into_iter().collect();
    days.sort_by_key(|(date, people)| (std::cmp::Reverse(*people), *date));
    days
}

impl Audit {
    /// Everything that chance does not explain at the level, the most surprising first.
    pub fn alarms(&self) -> impl Iterator<Item = (&Answer, &Statement)> {
        let mut alarms: Vec<(&Answer, &Statement)> =
            self.answers.iter().flat_map(|answer| answer.alarms(self.level).map(move |one| (answer, one))).collect();
        alarms.sort_by(|a, b| a.1.ln_tail.total_cmp(&b.1.ln_tail));
        alarms.into_iter()
    }
}
