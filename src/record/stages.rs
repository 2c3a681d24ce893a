//! `stages.jsonl` and `odds.jsonl`: what is counted in the urn of each stage, as whole numbers, n of K.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::canonical::{line, rows, shortened};
use super::day::Day;
use super::flaw::{Flaw, Flaws, flaws};
use super::layout::{Files, ODDS, STAGES};
use super::schedule::slot_name;
use crate::draw::{Digest, to_hex};
use crate::model::{Case, DrawnStage, Leak, Meetings, Odds, Remaining, Schedule, Span, Spread, VisitId, VisitOdds};

/// What is said of one stage, fields in order of name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageLine {
    /// Bytes of one ticket.
    pub bytes: u64,
    /// Different tickets, completions looked at too.
    pub distinct: u32,
    /// The number of the ticket that was drawn, from 0.
    pub drawn: u32,
    /// Effective teams a visit, in tenths.
    pub effective: LeastMedian,
    from: Day,
    /// Visits held, over all tickets.
    pub held: u64,
    /// Tickets that remain possible to an inspector, in tenths; absent where it is not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leak: Option<LeakLine>,
    /// How pairs meet; absent where it is not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meetings: Option<MeetingsLine>,
    /// Inspectors whom no ticket has serve in the stage.
    pub never: u64,
    /// Different outcomes of the draw.
    pub outcomes: u32,
    /// The root of the tickets' Merkle tree, in hex.
    pub root: String,
    /// Seats filled, over all tickets.
    pub seats: u64,
    /// The sum of squares of n(v, i).
    pub squares: u64,
    /// The number of the stage, from 1.
    pub stage: u64,
    /// How many n(v, i) are above nought.
    pub support: u64,
    /// Tickets in the urn.
    pub tickets: u32,
    to: Day,
    /// Visits that some ticket holds in the stage.
    pub visits: u64,
    /// The easiest guess; absent where no ticket holds a visit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worst: Option<WorstLine>,
    /// The sum of each visit's worst odds, in tickets.
    pub worst_sum: u64,
}

/// The least of some numbers, and the one in the middle (the lower of two).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeastMedian {
    /// The least.
    pub least: u64,
    /// The one in the middle.
    pub median: u64,
}

/// What remains possible to somebody who holds the urn, in tenths of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeakLine {
    /// After all of their own visits in the stage.
    pub all: LeastMedian,
    /// After the first of them.
    pub first: LeastMedian,
}

/// How counts are spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpreadLine {
    /// How many are above nought.
    pub distinct: u64,
    /// The largest.
    pub most: u32,
    /// The sum of their squares.
    pub squares: u64,
}

/// How often two people meet in the stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeetingsLine {
    /// The first pair of those that meet most often.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pair: Option<[String; 2]>,
    /// How their counts are spread.
    pub spread: SpreadLine,
}

/// The easiest guess.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorstLine {
    /// The inspector.
    pub inspector: String,
    /// In how many tickets they go on the visit.
    pub n: u32,
    /// The visit.
    pub visit: String,
}

/// The odds of one visit that was drawn, fields in order of name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OddsLine {
    /// Tickets that hold it in the stage.
    pub held: u32,
    /// Everybody who could have gone by the urn, and in how many tickets; in order of id.
    pub inspectors: Vec<(String, u32)>,
    /// How the pairs within its teams are spread.
    pub pairs: SpreadLine,
    /// The stage that drew it.
    pub stage: u64,
    /// How its teams are spread.
    pub teams: SpreadLine,
    /// When it could have started: day, slot, and in how many tickets; in order of time.
    pub times: Vec<(Time, String, u32)>,
    /// The visit.
    pub visit: String,
}

/// A day, as records spell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(Day);

impl Time {
    /// The day.
    pub fn date(self) -> chrono::NaiveDate {
        self.0.0
    }
}

impl StageLine {
    /// What `odds` say of stage `number`, from 1, whose tickets have the Merkle root `root` and of which number `drawn`
    /// was drawn.
    pub fn of(case: &Case, number: usize, (urn, root): (&crate::model::Urn, &Digest), odds: &Odds, drawn: u32) -> Self {
        let (least, median) = odds.effective_teams();
        Self {
            bytes: urn.layout().bytes_per_ticket() as u64,
            distinct: odds.distinct,
            drawn,
            effective: LeastMedian { least, median },
            from: Day(odds.span.from),
            held: odds.held(),
            leak: odds.leak.map(Into::into),
            meetings: odds.meetings.map(|meetings| meetings_line(case, meetings)),
            never: odds.never_drawn().count() as u64,
            outcomes: odds.outcomes,
            root: to_hex(root),
            seats: odds.seats(),
            squares: odds.squares(),
            stage: number as u64,
            support: odds.support(),
            tickets: odds.tickets,
            to: Day(odds.span.to),
            visits: odds.visits.len() as u64,
            worst: odds.worst().map(|worst| WorstLine {
                inspector: case.inspector(worst.inspector).id.clone(),
                n: worst.n,
                visit: case.visit(worst.visit).id.clone(),
            }),
            worst_sum: odds.worst_sum(),
        }
    }

    /// The days that the stage decides.
    pub fn span(&self) -> Span {
        Span { from: self.from.0, to: self.to.0 }
    }

    /// The first count that differs from what is `counted`: what is said, and what it should be. Days, root and the
    /// number of the ticket that was drawn are no counts.
    pub fn differs(&self, counted: &Self) -> Option<String> {
        difference(self, counted, &["from", "to", "root", "drawn"])
    }
}

impl OddsLine {
    /// The odds of a visit that stage `number`, from 1, drew.
    pub fn of(case: &Case, number: usize, odds: &VisitOdds) -> Self {
        let id = |who: &crate::model::InspectorId| case.inspector(*who).id.clone();
        Self {
            held: odds.held,
            inspectors: odds.inspectors.iter().map(|(who, n)| (id(who), *n)).collect(),
            pairs: odds.pairs.into(),
            stage: number as u64,
            teams: odds.teams.into(),
            times: odds
                .times
                .iter()
                .map(|(date, slot, n)| (Time(Day(*date)), slot_name(case, *slot).to_owned(), *n))
                .collect(),
            visit: case.visit(odds.visit).id.clone(),
        }
    }

    /// The first count that differs from what is `counted`: what is said, and what it should be.
    pub fn differs(&self, counted: &Self) -> Option<String> {
        difference(self, counted, &[])
    }
}

/// The first field of two lines, in order of name, that differs and is not among those `left_out`.
fn difference(said: &impl Serialize, counted: &impl Serialize, left_out: &[&str]) -> Option<String> {
    let (said, counted) = (fields(said), fields(counted));
    let mut names = said.keys().chain(counted.keys()).filter(|name| !left_out.contains(&name.as_str()));
    let name = names.find(|name| said.get(*name) != counted.get(*name))?;
    let shown =
        |line: &Map<String, Value>| line.get(name).map_or("absent".to_owned(), |value| shortened(&value.to_string()));
    Some(format!("`{name}` is {}; counted is {}", shown(&said), shown(&counted)))
}

fn fields(line: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(line) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

impl From<Spread> for SpreadLine {
    fn from(Spread { distinct, most, squares }: Spread) -> Self {
        Self { distinct, most, squares }
    }
}

impl From<Remaining> for LeastMedian {
    fn from(Remaining { least, median }: Remaining) -> Self {
        Self { least, median }
    }
}

impl From<Leak> for LeakLine {
    fn from(Leak { first, all }: Leak) -> Self {
        Self { all: all.into(), first: first.into() }
    }
}

fn meetings_line(case: &Case, meetings: Meetings) -> MeetingsLine {
    let id = |who| case.inspector(who).id.clone();
    MeetingsLine { pair: meetings.most.map(|(a, b)| [id(a), id(b)]), spread: meetings.spread.into() }
}

/// The bytes of `odds.jsonl`: the visits that were drawn, in order.
pub(super) fn odds_lines(case: &Case, schedule: &Schedule, stages: &[DrawnStage]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (visit, assignment) in &schedule.assignments {
        let drew = stages.iter().find(|stage| stage.span().contains(assignment.date));
        let odds = drew.and_then(|stage| Some((stage.number, stage.odds.of(*visit)?)));
        bytes.extend(odds.map(|(number, odds)| line(&OddsLine::of(case, number, odds))).unwrap_or_default().bytes());
    }
    bytes
}

/// The bytes of `stages.jsonl`.
pub(super) fn stage_lines(lines: &[StageLine]) -> Vec<u8> {
    lines.iter().flat_map(|stage| line(stage).into_bytes()).collect()
}

/// The stages as they were published, each with its line, and everything wrong with the file's bytes.
pub fn read_stages(files: &Files) -> (Vec<(u64, StageLine)>, Vec<Flaw>) {
    let mut flaws = Flaws::default();
    let stages = rows(files, STAGES, &mut flaws);
    (stages, flaws.into_vec())
}

/// The first thing in a line that stands for nobody and nothing: people first, then times.
fn stranger(case: &Case, line: &OddsLine) -> Option<(&'static str, String)> {
    let nobody = line.inspectors.iter().find(|(id, _)| case.find_inspector(id).is_none());
    if let Some((id, _)) = nobody {
        return Some((flaws::UNKNOWN_ID, format!("there is no inspector `{id}`")));
    }
    line.times.iter().find_map(|(day, slot, _)| match case.period.contains(day.date()) {
        _ if !case.period.slots.contains(slot) => Some((flaws::UNKNOWN_ID, format!("there is no slot `{slot}`"))),
        false => Some((flaws::BAD_VALUE, format!("{} is no working day of the period", day.date()))),
        true => None,
    })
}

/// The odds as they were published, by visit, each with its line, and everything wrong with the file's bytes.
pub fn read_odds(files: &Files, case: &Case) -> (Vec<(VisitId, u64, OddsLine)>, Vec<Flaw>) {
    let mut flaws = Flaws::default();
    let mut found: Vec<(VisitId, u64, OddsLine)> = Vec::new();
    for (number, line) in rows::<OddsLine>(files, ODDS, &mut flaws) {
        let Some(visit) = case.find_visit(&line.visit) else {
            flaws.add(flaws::UNKNOWN_ID, ODDS, Some(number), format!("there is no visit `{}`", line.visit));
            continue;
        };
        if found.last().is_some_and(|(before, ..)| *before >= visit) {
            flaws.add(flaws::ORDER, ODDS, Some(number), "the visit should stand before the one above it");
            continue;
        }
        if let Some((name, says)) = stranger(case, &line) {
            flaws.add(name, ODDS, Some(number), says);
            continue;
        }
        found.push((visit, number, line));
    }
    (found, flaws.into_vec())
}
