//! Every rule's builder side is held against its `check`, on thousands of small random cases, with
//! nothing written for any one rule: a schedule placed in order of time meets no clash exactly
//! where the recount finds nothing; and what is placed in any other order without a clash, or lifted
//! again, stands. A case is a fixture's text, so a failure prints what to look at.

use std::fmt::Write;

use super::testing::{fixture, lay};
use super::{BOOK, Board, Book, Entry, Parameter, Rule, Value};
use crate::model::VisitId;

/// SplitMix64: small, and nothing published depends on it.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((word ^ (word >> 31)) % n as u64) as usize
    }

    fn of<'w>(&mut self, words: &[&'w str]) -> &'w str {
        words[self.below(words.len())]
    }

    /// One of `words` behind `key=`, or nothing, half and half.
    fn maybe(&mut self, key: &str, words: &[&str]) -> String {
        if self.below(2) == 0 { String::new() } else { format!(" {key}={}", self.of(words)) }
    }

    fn some<'w>(&mut self, words: &[&'w str], many: usize) -> Vec<&'w str> {
        let mut left = words.to_vec();
        (0..many.min(words.len())).map(|_| left.swap_remove(self.below(left.len()))).collect()
    }
}

const PEOPLE: &[&str] = &["ana", "ben", "cem", "dea", "eli"];
const PLACES: &[&str] = &["p1", "p2", "p3"];
const DISTRICTS: &[&str] = &["D1", "D2"];
const DAYS: &[&str] = &["2027-01-04", "2027-01-05", "2027-01-07", "2027-01-08", "2027-01-11", "2027-01-12"];
const PAST: &[&str] =
    &["2025-11-30", "2026-01-11", "2026-12-22", "2026-12-29", "2027-01-01", "2027-01-04", "2027-01-06"];

fn text(dice: &mut Dice, rule: &Entry) -> String {
    let mut text = "period 2027-01-04..2027-01-12\n".to_owned();
    let mut line = |line: String| writeln!(text, "{line}").expect("a string takes all");
    for who in PEOPLE {
        line(person(dice, who));
    }
    for place in PLACES {
        let district = dice.maybe("district", DISTRICTS);
        let (owner, tags) = (dice.maybe("owner", &["O", "P"]), dice.maybe("tags", &["x", "y"]));
        line(format!("place {place}{district}{owner}{tags} sector={}", dice.of(&["food", "wood"])));
    }
    for visit in 0..3 + dice.below(3) {
        line(planned(dice, visit));
    }
    for _ in 0..dice.below(3) {
        line(format!("absence {} {}..2027-01-{:02}", dice.of(PEOPLE), DAYS[0], 4 + dice.below(8)));
    }
    for _ in 0..dice.below(4) {
        line(conflict(dice));
    }
    for _ in 0..dice.below(9) {
        let many = dice.below(4);
        line(format!("history {} {} {}", dice.of(PAST), dice.of(PLACES), dice.some(PEOPLE, many).join(" ")));
    }
    for _ in 0..dice.below(3) {
        line(format!("waiver {} v{} {}", rule.name, dice.below(3), dice.of(PEOPLE)));
    }
    rule.parameters.iter().for_each(|parameter| line(set(dice, rule, parameter)));
    // Some limits count by the duty period of one-partner, where that is on.
    line(format!("set one-partner.enabled {}", dice.of(&["true", "false"])));
    line(format!("set {}.enabled true", rule.name));
    text
}

fn person(dice: &mut Dice, who: &str) -> String {
    let mut line = format!("inspector {who} {} {}", dice.of(&["lead", ""]), dice.of(&["woman", "man", "other", ""]));
    for (key, words) in [
        ("unit", ["North", "north"]),
        ("home", ["D1", "D2"]),
        ("territory", ["D1", "D1|D2"]),
        ("grade", ["Trainee", "senior"]),
        ("skills", ["fire", "ΠΥΡ"]),
        ("from", ["2027-01-05", "2026-01-01"]),
        ("to", ["2027-01-08", "2027-12-31"]),
        ("left", ["2027-01-08", "2027-02-01"]),
        ("per_day", ["1", "2"]),
        ("per_week", ["1", "2"]),
        ("supervisor", ["ana", "ben"]),
    ] {
        if dice.below(2) == 0 {
            line += &dice.maybe(key, &words);
        }
    }
    line
}

/// A visit, and mostly where it stands in the plan.
fn planned(dice: &mut Dice, visit: usize) -> String {
    let mut line = format!("visit v{visit} {} kind={}", dice.of(PLACES), dice.of(&["mandatory", "follow-up", "raid"]));
    for (key, words) in [
        ("size", ["2", "3"]),
        ("skills", ["fire", "πυρ|fire"]),
        ("women", ["1", "2"]),
        ("slot", ["am", "pm"]),
        ("duration", ["1", "2"]),
        ("operation", ["dawn", "dawn"]),
        ("earliest", ["2027-01-04", "2027-01-05"]),
        ("latest", ["2027-01-08", "2027-01-12"]),
    ] {
        if dice.below(3) == 0 {
            line += &dice.maybe(key, &words);
        }
    }
    let many = 2 + dice.below(5) / 3 - dice.below(12) / 11;
    let team = dice.some(PEOPLE, many).join(" ");
    if dice.below(5) > 0 {
        write!(line, "\nplan v{visit} {} {} {team}", dice.of(DAYS), dice.of(&["am", "pm"]))
            .expect("a string takes all");
    }
    line
}

fn conflict(dice: &mut Dice) -> String {
    let target = match dice.below(6) {
        0 => format!("establishment {}", dice.of(PLACES)),
        1 => format!("owner {}", dice.of(&["O", "P"])),
        2 => format!("sector {}", dice.of(&["food", "wood"])),
        3 => format!("district {}", dice.of(DISTRICTS)),
        _ => format!("inspector {}", dice.of(PEOPLE)),
    };
    let dates = dice.of(&["", "..2025-01-07", "..2024-12-31", "2026-01-01..2027-01-07", "2027-02-01..2028-01-01"]);
    format!("conflict {} {target} {} {dates}", dice.of(PEOPLE), dice.of(&["", "kin", "employee", "enmity"]))
}

/// Any lawful value of the parameter, the small ones most often.
fn set(dice: &mut Dice, rule: &Entry, parameter: &Parameter) -> String {
    let value = match parameter.value {
        Value::Switch(_) => dice.of(&["true", "false"]).to_owned(),
        Value::Choice(_, words) => dice.of(words).to_owned(),
        Value::Number(default, least, most) => {
            let few = [default, least, least + 1, least + 2, least + 7];
            few[dice.below(few.len())].min(most).to_string()
        }
        Value::List(default) => format!("[{}]", if default.is_empty() { "X".to_owned() } else { default.join(", ") }),
        Value::Dates => format!("[{}]", dice.of(&["", "2027-01-07"])),
    };
    format!("set {}.{} {value}", rule.name, parameter.name)
}

/// Takes one visit off the board, and with it those that the limit then allows no more.
fn lift(board: &mut Board, rule: &dyn Rule, visit: VisitId) {
    let guard = rule.guard(board.case);
    let mut gone = vec![visit];
    while let Some(visit) = gone.pop() {
        if board.lift(visit).is_some()
            && let Some(guard) = &guard
        {
            guard.fallout(board, visit, &mut |broken| gone.push(broken));
        }
    }
}

/// Whether the plan of one random case keeps the rule; and every way in which both sides must agree.
fn keeps(entry: &'static Entry, dice: &mut Dice) -> bool {
    let text = text(dice, entry);
    let (case, schedule) = fixture(&text);
    let book = Book::new(&case.settings).unwrap();
    let (_, rule) = book.rules().find(|(on, _)| on.name == entry.name).expect("the text turns it on");
    let found = rule.check(&case, &schedule);
    let (_, refused) = lay(entry.name, rule, &case, schedule.in_time());
    let agree = refused.is_empty() == found.is_empty();
    assert!(agree, "{}: the builder refuses {refused:?}, the check finds {found:?} in\n{text}", entry.name);
    let stands = |board: &Board, when: &str| {
        let found = rule.check(&case, &board.schedule());
        assert!(found.is_empty(), "{}: {when} the check finds {found:?} in\n{text}", entry.name);
    };
    let by_visit = schedule.assignments.iter().map(|(visit, assignment)| (*visit, assignment));
    let (mut board, refused) = lay(entry.name, rule, &case, by_visit);
    stands(&board, &format!("laid by visit, without {refused:?},"));
    let visit = VisitId::at(dice.below(case.visits.len()));
    lift(&mut board, rule, visit);
    stands(&board, &format!("laid by visit, without {refused:?}, with {visit:?} lifted again,"));
    found.is_empty()
}

#[test]
fn what_the_builder_asks_and_what_the_check_recounts_agree() {
    const CASES: u64 = 400;
    for (number, entry) in BOOK.iter().enumerate() {
        (0..CASES).for_each(|seed| _ = keeps(entry, &mut Dice(seed + CASES * number as u64)));
    }
}
