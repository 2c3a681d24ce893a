//! `changes/NNN.json`: one line, with one spelling.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::change::{AbsentDays, Amendment, ByHand, Cause, Change, Conflicted, Move, Passed, Went, What};
use crate::draw::Digest;
use crate::model::{Level, is_blank};
use crate::record::canonical::{line, rows_from};
use crate::record::day::Day;
use crate::record::flaw::{Flaw, Flaws, flaws};
use crate::record::heads::DRAWN;
use crate::record::layout::{CHANGES, TEAM_MAX, change_file};
use crate::record::ledger::hexed;
use crate::record::lines::ConflictLine;

/// The number of the change that stands in file `name`.
///
/// ```
/// use foureyes::record::changes::number_of_change;
/// assert_eq!(number_of_change("changes/007.json"), Some(7));
/// assert_eq!(number_of_change("changes/7.json"), None);
/// assert_eq!(number_of_change("changes/000.json"), None);
/// ```
pub fn number_of_change(name: &str) -> Option<u64> {
    let number = name.strip_prefix(CHANGES)?.strip_suffix(".json")?.parse().ok()?;
    (number > 0).then_some(number).filter(|number| change_file(*number) == name)
}

/// All fields that a change of any kind may have.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    #[serde(skip_serializing_if = "Option::is_none")]
    absence: Option<AbsenceOf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancelled: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conflict: Option<ConflictLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    held: Option<Vec<WentLine>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    leaves: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    moves: Vec<MoveLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    restored: Option<String>,
    #[serde(with = "hexed")]
    salt: Digest,
    #[serde(skip_serializing_if = "Option::is_none")]
    teams: Option<Vec<HandLine>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn: Option<ConflictLine>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AbsenceOf {
    from: Day,
    inspector: String,
    to: Day,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WentLine {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    team: Vec<String>,
    visit: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MoveLine {
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    date: Day,
    #[serde(rename = "for")]
    member: String,
    from: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    level: Option<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    passed: Vec<PassedLine>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    team: Vec<String>,
    visits: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PassedLine {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    inspector: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    level: Option<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rules: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    team: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HandLine {
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    slot: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    team: Vec<String>,
    visit: String,
}

/// The bytes of a change's file.
pub fn change_line(change: &Change) -> Vec<u8> {
    let mut all = Line { salt: change.salt, ..Line::default() };
    match &change.what {
        What::Amend(amendment) => {
            all.evidence = Some(amendment.evidence.clone());
            all.moves = amendment.moves.iter().map(move_line).collect();
            match &amendment.cause {
                Cause::Absence(days) => all.absence = Some(absence_line(days)),
                Cause::Conflict(conflict) => {
                    all.conflict = Some(conflict_line(conflict));
                    all.leaves = conflict.drawn.then(|| DRAWN.to_owned());
                }
                Cause::Cancelled(visit) => all.cancelled = Some(visit.clone()),
                Cause::Restored(visit) => all.restored = Some(visit.clone()),
                Cause::Withdrawn(conflict) => all.withdrawn = Some(conflict_line(conflict)),
            }
        }
        What::Override { evidence, teams } => {
            all.evidence = Some(evidence.clone());
            all.teams = Some(teams.iter().map(hand_line).collect());
        }
        What::Executed { date, held } => {
            all.date = Some(Day(*date));
            let went = |went: &Went| WentLine { team: went.team.clone(), visit: went.visit.clone() };
            all.held = Some(held.iter().map(went).collect());
        }
    }
    line(&all).into_bytes()
}

fn absence_line(days: &AbsentDays) -> AbsenceOf {
    AbsenceOf { from: Day(days.from), inspector: days.inspector.clone(), to: Day(days.to) }
}

fn conflict_line(conflict: &Conflicted) -> ConflictLine {
    ConflictLine {
        category: conflict.category.clone(),
        declared_on: conflict.declared_on.map(Day),
        from: conflict.from.map(Day),
        inspector: conflict.inspector.clone(),
        target: conflict.target.clone(),
        target_kind: conflict.target_kind,
        to: conflict.to.map(Day),
    }
}

fn move_line(one: &Move) -> MoveLine {
    let level = |level: Level| (level != Level::Day).then(|| level.number());
    let passed = |one: &Passed| PassedLine {
        inspector: (one.level != Level::Team).then(|| one.inspector.clone()),
        level: level(one.level),
        rules: one.rules.clone(),
        team: one.team.clone(),
    };
    MoveLine {
        level: level(one.level),
        team: one.team.clone(),
        by: one.by.clone(),
        date: Day(one.date),
        member: one.member.clone(),
        from: one.from.clone(),
        passed: one.passed.iter().map(passed).collect(),
        visits: one.visits.clone(),
    }
}

fn hand_line(one: &ByHand) -> HandLine {
    let (visit, held) = (one.visit.clone(), one.held.as_ref());
    HandLine {
        date: held.map(|(date, _, _)| Day(*date)),
        slot: held.map(|(_, slot, _)| slot.clone()),
        team: held.map(|(_, _, team)| team.clone()).unwrap_or_default(),
        visit,
    }
}

/// The change in `bytes`, which stand in file `name`, and everything that is wrong with them. None where it can't be said what the
/// change would be.
pub fn read_change(bytes: &[u8], name: &str) -> (Option<Change>, Vec<Flaw>) {
    let mut flaws = Flaws::default();
    let mut lines = rows_from::<Line>(bytes, 1, name, &mut flaws);
    if let Some((number, _)) = lines.get(1) {
        flaws.add(flaws::REPEATED, name, Some(*number), "a change is one line");
    }
    lines.truncate(1);
    if bytes.is_empty() {
        flaws.add(flaws::BLANK_LINE, name, None, "the file is empty");
    }
    let mut reader = Reader { flaws: &mut flaws, name };
    let change = lines.pop().and_then(|(_, line)| reader.change(line));
    (change, flaws.into_vec())
}

/// The level of a move of which these are said; none where it can't be.
fn level_of(level: Option<u64>, by: bool, team: &[String]) -> Option<Level> {
    let level = said_level(level)?;
    let fits = if level == Level::Team { !by } else { team.is_empty() && (by || level == Level::Day) };
    fits.then_some(level)
}

/// The level of whole days is not said.
fn said_level(level: Option<u64>) -> Option<Level> {
    match level {
        None => Some(Level::Day),
        Some(number) => Level::of(number).filter(|level| *level != Level::Day),
    }
}

/// Who was passed over in a move of `level`: nobody at a level below it.
fn passed_of(line: PassedLine, of: Option<u64>) -> Option<Passed> {
    let PassedLine { inspector, level, rules, team } = line;
    let fits = level.unwrap_or(1) <= of.unwrap_or(1);
    let level = said_level(level).filter(|_| fits)?;
    let is_team = level == Level::Team;
    let one = is_team != inspector.is_some() && is_team != team.is_empty();
    one.then(|| Passed { level, inspector: inspector.unwrap_or_default(), team, rules })
}

struct Reader<'f> {
    flaws: &'f mut Flaws,
    name: &'f str,
}

impl Reader<'_> {
    fn flaw(&mut self, name: &'static str, says: impl Into<String>) {
        self.flaws.add(name, self.name, Some(1), says);
    }

    fn change(&mut self, line: Line) -> Option<Change> {
        let Line {
            absence,
            cancelled,
            conflict,
            date,
            evidence,
            held,
            leaves,
            moves,
            restored,
            salt,
            teams,
            withdrawn,
        } = line;
        let conflict = self.conflict(conflict, leaves)?;
        let whole = date.is_some() == held.is_some();
        let moves: Option<Vec<Move>> = moves.into_iter().map(|one| self.one_move(one)).collect();
        let moves = moves?;
        // One seat has one move; or one for each of its visits.
        let visit = |one: &Move| one.visits.first().filter(|_| one.level != Level::Day).cloned();
        self.in_order("moves", &moves, |one| (one.date, one.member.clone(), visit(one)));
        let causes = [
            absence.map(|days| Cause::Absence(days.into())),
            conflict.map(Cause::Conflict),
            cancelled.map(Cause::Cancelled),
            restored.map(Cause::Restored),
            withdrawn.map(|conflict| Cause::Withdrawn(conflict.into())),
        ];
        let mut causes = causes.into_iter().flatten();
        let what = match (causes.next(), evidence, teams, date.zip(held)) {
            (Some(cause), Some(evidence), None, None) if whole && causes.next().is_none() => {
                self.amendment(cause, evidence, moves)
            }
            (None, Some(evidence), Some(teams), None) if whole && moves.is_empty() => self.by_hand(teams, evidence),
            (None, None, None, Some((date, held))) if moves.is_empty() => self.executed(date.0, held),
            _ => {
                let says = "a change is an amendment, an override or an execution, with the fields of one of them";
                self.flaw(flaws::MALFORMED, says);
                None
            }
        };
        Some(Change { salt, what: what? })
    }

    /// The conflict, and whether the draw says who of two leaves. None where that is said of something else.
    fn conflict(&mut self, line: Option<ConflictLine>, leaves: Option<String>) -> Option<Option<Conflicted>> {
        let conflict: Option<Conflicted> = line.map(Into::into);
        let Some(leaves) = leaves else { return Some(conflict) };
        let Some(conflict) = conflict.filter(Conflicted::is_between_two) else {
            self.flaw(flaws::MALFORMED, "only of a conflict between two inspectors it is said who leaves");
            return None;
        };
        if leaves != DRAWN {
            self.flaw(flaws::BAD_VALUE, format!("who leaves is `{leaves}`; it can only be `{DRAWN}`"));
        }
        Some(Some(Conflicted { drawn: true, ..conflict }))
    }

    fn amendment(&mut self, cause: Cause, evidence: String, moves: Vec<Move>) -> Option<What> {
        match &cause {
            Cause::Absence(days) if days.from > days.to => {
                let says = format!("the absence ends on {} before it starts on {}", days.to, days.from);
                self.flaw(flaws::BAD_VALUE, says);
            }
            Cause::Cancelled(_) | Cause::Restored(_) | Cause::Withdrawn(_) if !moves.is_empty() => {
                self.flaw(
                    flaws::MALFORMED,
                    "nobody moves where a visit is cancelled or restored, or a conflict withdrawn",
                );
                return None;
            }
            _ => {}
        }
        Some(What::Amend(Amendment { cause, evidence: self.said("evidence", evidence), moves }))
    }

    fn said(&mut self, what: &str, text: String) -> String {
        if is_blank(&text) {
            self.flaw(flaws::BAD_VALUE, format!("the {what} is blank"));
        }
        text
    }

    /// None where it is of no level, or does not say what a move of its level does.
    fn one_move(&mut self, line: MoveLine) -> Option<Move> {
        let MoveLine { by, date, member, from, level, passed, team, visits } = line;
        let passed: Option<Vec<Passed>> = passed.into_iter().map(|one| passed_of(one, level)).collect();
        let level_of = level_of(level, by.is_some(), &team);
        let alone = level_of.is_some_and(|level| level == Level::Day || visits.len() == 1);
        let (Some(level), Some(passed), true) = (level_of, passed, alone) else {
            let says =
                "a move is of a seat on all its visits; or of one visit at level 2, by somebody, or 3, by a team";
            self.flaw(flaws::MALFORMED, says);
            return None;
        };
        for team in passed.iter().map(|one| &one.team).chain([&team]).filter(|team| !team.is_empty()) {
            self.team(visits.first().map_or("", String::as_str), team)?;
        }
        self.in_order("visits of a move", &visits, String::clone);
        if visits.is_empty() {
            self.flaw(flaws::BAD_VALUE, "a move has no visits");
        }
        passed.iter().for_each(|one| self.in_order("rules of a move", &one.rules, String::clone));
        Some(Move { level, by, team, date: date.0, member, from, passed, visits })
    }

    fn by_hand(&mut self, lines: Vec<HandLine>, evidence: String) -> Option<What> {
        let teams: Option<Vec<ByHand>> = lines.into_iter().map(|line| self.one_by_hand(line)).collect();
        let teams = teams?;
        self.in_order("visits", &teams, |one| one.visit.clone());
        if teams.is_empty() {
            self.flaw(flaws::BAD_VALUE, "an override sets nothing");
        }
        Some(What::Override { evidence: self.said("evidence", evidence), teams })
    }

    fn one_by_hand(&mut self, line: HandLine) -> Option<ByHand> {
        let HandLine { date, slot, team, visit } = line;
        self.team(&visit, &team)?;
        match (date, slot) {
            (Some(date), Some(slot)) if !team.is_empty() => Some(ByHand { visit, held: Some((date.0, slot, team)) }),
            (None, None) if team.is_empty() => Some(ByHand { visit, held: None }),
            _ => {
                self.flaw(flaws::MALFORMED, format!("visit `{visit}` has a day, a slot and a team, or none of them"));
                None
            }
        }
    }

    fn executed(&mut self, date: NaiveDate, lines: Vec<WentLine>) -> Option<What> {
        let mut held = Vec::new();
        for WentLine { team, visit } in lines {
            self.team(&visit, &team)?;
            held.push(Went { visit, team });
        }
        self.in_order("visits", &held, |went| went.visit.clone());
        Some(What::Executed { date, held })
    }

    /// None where nobody could look at so many people.
    fn team(&mut self, visit: &str, team: &[String]) -> Option<()> {
        if team.len() > TEAM_MAX {
            let says = format!("visit `{visit}` names {} people; at most {TEAM_MAX} are read", team.len());
            self.flaw(flaws::TEAM_SIZE, says);
            return None;
        }
        self.in_order(&format!("people of visit `{visit}`"), team, String::clone);
        Some(())
    }

    fn in_order<T, K: Ord>(&mut self, what: &str, list: &[T], key: impl Fn(&T) -> K) {
        if !list.is_sorted_by(|a, b| key(a) < key(b)) {
            self.flaw(flaws::ORDER, format!("the {what} are not in order, or one stands there twice"));
        }
    }
}

impl From<AbsenceOf> for AbsentDays {
    fn from(line: AbsenceOf) -> Self {
        Self { inspector: line.inspector, from: line.from.0, to: line.to.0 }
    }
}

impl From<ConflictLine> for Conflicted {
    fn from(line: ConflictLine) -> Self {
        let day = |day: Option<Day>| day.map(|day| day.0);
        Self {
            inspector: line.inspector,
            target_kind: line.target_kind,
            target: line.target,
            category: line.category,
            from: day(line.from),
            to: day(line.to),
            declared_on: day(line.declared_on),
            drawn: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{conflict, day, ids};
    use super::*;
    use crate::record::TargetKind;

    fn every_kind() -> Vec<Change> {
        let days = AbsentDays { inspector: "ana".to_owned(), from: day(4), to: day(5) };
        let passed = vec![
            Passed { inspector: "cem".to_owned(), rules: ids("lead workload"), ..Passed::default() },
            Passed { inspector: "dea".to_owned(), ..Passed::default() },
        ];
        let one = Move {
            level: Level::Day,
            team: vec![],
            by: Some("eva".to_owned()),
            date: day(4),
            member: "ana".to_owned(),
            from: "ana".to_owned(),
            passed,
            visits: ids("v1 v2"),
        };
        let unfilled = Move { by: None, date: day(5), passed: vec![], ..one.clone() };
        let alone = Move { level: Level::Visit, visits: ids("v1"), ..one.clone() };
        let team = Passed { level: Level::Team, inspector: String::new(), team: ids("fay gus"), rules: ids("lead") };
        let teams = vec![Passed { level: Level::Visit, inspector: "cem".to_owned(), ..Passed::default() }, team];
        let team = ids("dea eva");
        let of_team = Move { level: Level::Team, team, by: None, passed: teams, visits: ids("v2"), ..one.clone() };
        let lost = Move { team: vec![], passed: vec![], visits: ids("v3"), ..of_team.clone() };
        let of = |cause, moves| What::Amend(Amendment { cause, evidence: "a letter".to_owned(), moves });
        let teams = vec![
            ByHand { visit: "v1".to_owned(), held: Some((day(4), "am".to_owned(), ids("ana ben"))) },
            ByHand { visit: "v2".to_owned(), held: None },
        ];
        let held =
            vec![Went { visit: "v1".to_owned(), team: ids("ana") }, Went { visit: "v2".to_owned(), team: vec![] }];
        let whats = [
            of(Cause::Absence(days.clone()), vec![one, unfilled]),
            of(Cause::Absence(days), vec![alone, of_team, lost]),
            of(Cause::Conflict(conflict("ana", TargetKind::Owner, "O")), vec![]),
            of(Cause::Conflict(Conflicted { drawn: true, ..conflict("ana", TargetKind::Inspector, "ben") }), vec![]),
            of(Cause::Cancelled("v1".to_owned()), vec![]),
            of(Cause::Restored("v1".to_owned()), vec![]),
            of(Cause::Withdrawn(conflict("ana", TargetKind::Owner, "O")), vec![]),
            What::Override { evidence: "a letter".to_owned(), teams },
            What::Executed { date: day(4), held },
        ];
        whats.map(|what| Change { salt: [7; 32], what }).to_vec()
    }

    /// The names of the flaws of one change.
    fn flaws(text: &str) -> Vec<&'static str> {
        read_change(text.as_bytes(), "changes/001.json").1.iter().map(|flaw| flaw.name).collect()
    }

    #[test]
    fn a_change_of_every_kind_reads_as_it_was_written() {
        for change in every_kind() {
            let bytes = change_line(&change);
            assert_eq!(read_change(&bytes, "changes/001.json"), (Some(change), vec![]));
        }
    }

    #[test]
    fn a_change_has_one_spelling() {
        let text = String::from_utf8(change_line(&every_kind()[0])).unwrap();
        let salt = "07".repeat(32);
        let wanted = format!(
            "{{\"absence\":{{\"from\":\"2027-01-04\",\"inspector\":\"ana\",\"to\":\"2027-01-05\"}},\"evidence\":\"a letter\",\
             \"moves\":[{{\"by\":\"eva\",\"date\":\"2027-01-04\",\"for\":\"ana\",\"from\":\"ana\",\"passed\":[\
             {{\"inspector\":\"cem\",\"rules\":[\"lead\",\"workload\"]}},{{\"inspector\":\"dea\"}}],\"visits\":[\"v1\",\"v2\"]}},\
             {{\"date\":\"2027-01-05\",\"for\":\"ana\",\"from\":\"ana\",\"visits\":[\"v1\",\"v2\"]}}],\"salt\":\"{salt}\"}}\n"
        );
        assert_eq!(text, wanted);
        assert_eq!(flaws(&text.replace(",\"salt\"", ", \"salt\"")), ["not-canonical"]);
        assert_eq!(flaws(&text.replace("\"v1\",\"v2\"", "\"v2\",\"v1\"")), ["order", "order"]);
        assert_eq!(flaws(&text.replace("\"to\":\"2027-01-05\"", "\"to\":\"2027-01-03\"")), ["bad-value"]);
        assert_eq!(flaws(&text.replace("a letter", " ")), ["bad-value"]);
        assert_eq!(flaws(text.trim_end()), ["line-ending"]);
        assert_eq!(flaws(&format!("{text}{text}")), ["repeated"]);
        assert_eq!(flaws(""), ["blank-line"]);
        assert_eq!(flaws(&text.replace(&salt, "07")), ["malformed"]);
    }

    #[test]
    fn a_move_says_what_a_move_of_its_level_does() {
        let text = String::from_utf8(change_line(&every_kind()[1])).unwrap();
        let of_team = "\"level\":3,\"passed\":[{\"inspector\":\"cem\",\"level\":2},{\"level\":3,\"rules\":[\"lead\"],\"team\":[\"fay\",\"gus\"]}],\
                       \"team\":[\"dea\",\"eva\"],\"visits\":[\"v2\"]";
        assert!(text.contains(of_team), "{text}");
        let altered = |old: &str, new: &str| {
            assert!(text.contains(old), "{old}");
            flaws(&text.replacen(old, new, 1))
        };
        assert_eq!(altered("[\"v2\"]", "[\"v2\",\"v4\"]"), ["malformed"]);
        assert_eq!(altered("\"level\":3,\"passed\"", "\"level\":4,\"passed\""), ["malformed"]);
        assert_eq!(altered("\"level\":3,\"passed\"", "\"level\":1,\"passed\""), ["malformed"]);
        assert_eq!(altered("\"level\":3,\"passed\"", "\"level\":2,\"passed\""), ["malformed"]);
        assert_eq!(
            altered("{\"inspector\":\"cem\",\"level\":2}", "{\"inspector\":\"cem\",\"level\":3}"),
            ["malformed"]
        );
        assert_eq!(altered("{\"inspector\":\"cem\",\"level\":2}", "{\"level\":2}"), ["malformed"]);
        assert_eq!(altered("[\"dea\",\"eva\"]", "[\"eva\",\"dea\"]"), ["order"]);
        assert_eq!(altered("[\"v3\"]", "[\"v1\"]"), ["order"]);
    }

    #[test]
    fn it_is_said_of_a_conflict_between_two_alone_that_the_draw_says_who_leaves() {
        let text = String::from_utf8(change_line(&every_kind()[3])).unwrap();
        assert!(text.contains("\"leaves\":\"drawn\",\"salt\""), "{text}");
        assert_eq!(flaws(&text.replace("drawn", "ana")), ["bad-value"]);
        assert_eq!(flaws(&text.replace("\"inspector\"},", "\"owner\"},")), ["malformed"]);
        let cancelled = format!(
            "{{\"cancelled\":\"v1\",\"evidence\":\"e\",\"leaves\":\"drawn\",\"salt\":\"{}\"}}\n",
            "07".repeat(32)
        );
        assert_eq!(flaws(&cancelled), ["malformed"]);
    }

    #[test]
    fn a_change_is_of_one_kind() {
        let salt = format!("\"salt\":\"{}\"", "07".repeat(32));
        for fields in [
            "".to_owned(),
            "\"cancelled\":\"v1\",".to_owned(),
            "\"cancelled\":\"v1\",\"date\":\"2027-01-04\",\"evidence\":\"e\",".to_owned(),
            "\"cancelled\":\"v1\",\"evidence\":\"e\",\"restored\":\"v1\",".to_owned(),
            "\"date\":\"2027-01-04\",\"evidence\":\"e\",\"held\":[],".to_owned(),
            "\"date\":\"2027-01-04\",".to_owned(),
            "\"evidence\":\"e\",".to_owned(),
        ] {
            assert_eq!(flaws(&format!("{{{fields}{salt}}}\n")), ["malformed"], "{fields}");
        }
        let teams = |team: &str| format!("{{\"evidence\":\"e\",{salt},\"teams\":[{team}]}}\n");
        assert_eq!(flaws(&teams("{\"visit\":\"v1\"}")), Vec::<&str>::new());
        assert_eq!(flaws(&teams("{\"team\":[\"ana\"],\"visit\":\"v1\"}")), ["malformed"]);
        assert_eq!(flaws(&teams("{\"date\":\"2027-01-04\",\"slot\":\"am\",\"visit\":\"v1\"}")), ["malformed"]);
        assert_eq!(flaws(&teams("")), ["bad-value"]);
        let crowd = format!("[{}]", (1000..1101).map(|who| format!("\"i{who}\"")).collect::<Vec<_>>().join(","));
        let crowd = format!("{{\"date\":\"2027-01-04\",\"slot\":\"am\",\"team\":{crowd},\"visit\":\"v1\"}}");
        assert_eq!(flaws(&teams(&crowd)), ["team-size"]);
    }
}
