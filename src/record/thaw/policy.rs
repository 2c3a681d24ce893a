//! The policy: the period, the urn, and the rules with their parameters, as its edition of the rule book wrote them down.

use std::collections::BTreeMap;

use crate::model::{Hours, Parameters, Period, Programmed, Setting, Settings, SlotId, UrnPolicy};
use crate::rules::{Book, EDITION};

use crate::record::canonical::rows_from;
use crate::record::flaw::{Flaws, flaws};
use crate::record::layout::{Files, MONTHS_MAX, PERIOD_DAYS_MAX, POLICY, POOL_MIN_MAX, SLOTS_MAX, TICKETS_MAX};
use crate::record::lines::{self, CaseLine, RuleLine, WEEKDAYS};

/// What the policy says.
pub(super) struct Head {
    pub name: String,
    pub period: Period,
    pub urn: UrnPolicy,
    pub programmed: Programmed,
    pub settings: Settings,
    pub book: Book,
}

/// The policy, where its first line can be read and its rules can be kept.
pub(super) fn thaw(files: &Files, flaws: &mut Flaws) -> Option<Head> {
    let Some(bytes) = files.get(POLICY) else {
        flaws.add(flaws::MISSING_FILE, POLICY, None, "the file is not there");
        return None;
    };
    let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
    let (first, others) = bytes.split_at(end);
    let head = rows_from::<CaseLine>(first, 1, POLICY, flaws).pop();
    let rules = rows_from::<RuleLine>(others, 2, POLICY, flaws);
    let Some((_, head)) = head else {
        flaws.add(flaws::MALFORMED, POLICY, Some(1), "the first line must name the case, its period and its urn");
        return None;
    };
    let (settings, book) = rule_book(edition(&head, flaws)?, &rules, flaws)?;
    let (urn, programmed) = (urn(&head, flaws), programmed(&head, flaws));
    Some(Head { period: period(&head, flaws)?, name: head.name, urn, programmed, settings, book })
}

/// The edition of the rule book, if this program knows it. The first was not stated.
fn edition(head: &CaseLine, flaws: &mut Flaws) -> Option<u32> {
    let stated = head.edition.unwrap_or(1);
    if head.edition.is_some_and(|stated| stated < 2) {
        flaws.add(flaws::BAD_VALUE, POLICY, Some(1), "a policy states an edition of 2 or later, or none");
    }
    if stated > EDITION {
        let says = format!("the policy is of edition {stated} of the rule book; this program knows {EDITION}");
        flaws.add(flaws::UNKNOWN_EDITION, POLICY, Some(1), says);
        return None;
    }
    Some(stated.max(1))
}

fn urn(head: &CaseLine, flaws: &mut Flaws) -> UrnPolicy {
    let mut refuse = |says: &str| flaws.add(flaws::BAD_VALUE, POLICY, Some(1), says);
    if !(1..=TICKETS_MAX).contains(&head.tickets) {
        refuse("an urn has 1 to 1000000 tickets");
    }
    if head.pool_min > POOL_MIN_MAX {
        refuse(&format!("pool_min is at most {POOL_MIN_MAX}"));
    }
    if !(1..=100).contains(&head.odds_max) {
        refuse("odds_max is 1 to 100 per cent");
    }
    UrnPolicy { tickets: head.tickets, stage: head.stage.into(), pool_min: head.pool_min, odds_max: head.odds_max }
}

fn programmed(head: &CaseLine, flaws: &mut Flaws) -> Programmed {
    if !head.classes.is_sorted_by(|a, b| a.class < b.class) {
        flaws.add(flaws::ORDER, POLICY, Some(1), "the risk classes are in order, none of them twice");
    }
    if head.classes.iter().any(|one| one.class.is_empty() || !(1..=MONTHS_MAX).contains(&one.months)) {
        let says = format!("a risk class has a name and 1 to {MONTHS_MAX} months");
        flaws.add(flaws::BAD_VALUE, POLICY, Some(1), says);
    }
    if !(1..=1000).contains(&head.floor) {
        flaws.add(flaws::BAD_VALUE, POLICY, Some(1), "floor is 1 to 1000 per mille");
    }
    let classes = head.classes.iter().map(|one| (one.class.clone(), one.months)).collect();
    Programmed { classes, floor: head.floor, places: head.places }
}

fn period(head: &CaseLine, flaws: &mut Flaws) -> Option<Period> {
    let mut refuse = |name, says: &str| flaws.add(name, POLICY, Some(1), says);
    let (from, to) = (head.from.0, head.to.0);
    let days = to.signed_duration_since(from).num_days();
    if !(0..PERIOD_DAYS_MAX).contains(&days) {
        refuse(
            flaws::BAD_VALUE,
            &format!("the period from {from} to {to} has none or more than {PERIOD_DAYS_MAX} days"),
        );
        return None;
    }
    if head.slots.is_empty() || head.slots.len() > SLOTS_MAX {
        refuse(flaws::BAD_VALUE, &format!("a day has 1 to {SLOTS_MAX} slots"));
        return None;
    }
    if (1..head.slots.len()).any(|at| head.slots[..at].contains(&head.slots[at])) {
        refuse(flaws::REPEATED, "two slots have one name");
    }
    if head.weekdays.is_empty() || !head.weekdays.is_sorted_by(|a, b| a < b) {
        refuse(flaws::ORDER, "the weekdays are in order from Monday, none of them twice, at least one");
    }
    let weekdays = WEEKDAYS.map(|day| head.weekdays.contains(&day));
    let period = Period { from, to, weekdays, slots: head.slots.clone(), hours: hours(head, flaws) };
    if let Some((earlier, later)) = period.overlap() {
        let name = |slot: SlotId| head.slots.get(slot.index()).map_or("", String::as_str);
        let says = format!("slot `{}` begins before slot `{}` has ended", name(later), name(earlier));
        flaws.add(flaws::BAD_VALUE, POLICY, Some(1), says);
    }
    Some(period)
}

/// The hours of slots that there are.
fn hours(head: &CaseLine, flaws: &mut Flaws) -> BTreeMap<SlotId, Hours> {
    let mut hours = BTreeMap::new();
    for (name, given) in &head.hours {
        match head.slots.iter().position(|slot| slot == name) {
            Some(at) => {
                hours.insert(SlotId::at(at), given.0);
            }
            None => flaws.add(flaws::UNKNOWN_ID, POLICY, Some(1), format!("there is no slot `{name}`")),
        }
    }
    hours
}

/// The rules, each written down once as `edition` wrote them.
fn rule_book(edition: u32, rules: &[(u64, RuleLine)], flaws: &mut Flaws) -> Option<(Settings, Book)> {
    for pair in rules.windows(2).filter(|pair| pair[0].1.rule >= pair[1].1.rule) {
        let name = if pair[0].1.rule == pair[1].1.rule { flaws::REPEATED } else { flaws::ORDER };
        let says = format!("rule `{}` stands after `{}`", pair[1].1.rule, pair[0].1.rule);
        flaws.add(name, POLICY, Some(pair[1].0), says);
    }
    let given: Settings = rules.iter().map(|(_, line)| (line.rule.clone(), parameters(line))).collect();
    let mut tell = |rule: &str, says: String| {
        let line = rules.iter().find(|(_, line)| line.rule == rule).map(|(number, _)| *number);
        flaws.add(flaws::POLICY_RULES, POLICY, line.or(rule.is_empty().then_some(1)), says);
    };
    match Book::frozen(edition, &given) {
        Ok(read) => {
            read.gaps.into_iter().for_each(|gap| tell(&gap.rule, gap.says));
            Some((in_force(&read.book), read.book))
        }
        Err(problems) => {
            problems.iter().for_each(|problem| tell(&problem.rule, problem.to_string()));
            None
        }
    }
}

fn in_force(book: &Book) -> Settings {
    book.all().iter().map(|booked| (booked.entry.name.to_owned(), booked.parameters.clone())).collect()
}

fn parameters(line: &RuleLine) -> Parameters {
    line.parameters.iter().map(|(name, value)| (name.clone(), setting(value))).collect()
}

fn setting(value: &lines::Setting) -> Setting {
    match value {
        lines::Setting::Switch(on) => Setting::Switch(*on),
        lines::Setting::Number(number) => Setting::Number(*number),
        lines::Setting::Text(text) => Setting::Text(text.clone()),
        lines::Setting::List(list) => Setting::List(list.clone()),
    }
}
