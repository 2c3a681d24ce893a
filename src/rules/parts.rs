//! Parts of days on which people do not serve, for all who expand bars into days: leave of a morning, or of a day into which last night's
//! visits reach. Whoever may choose the slot of a visit asks the guard ([`PartsGuard`]); whoever counts days asks on which of them
//! every slot that is open to a visit is shut ([`Parts`]).

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::seats::Waived;
use super::{Board, Book, Calendar, Clash, Days, Guard, Place, Question};
use crate::model::{Case, InspectorId, SlotId, VisitId};

/// A set of slots of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slots(u128);

impl Slots {
    /// The slots that a visit fills which starts in `slot`.
    pub fn filled(slot: SlotId, slots: u8) -> Self {
        (slot.0..slot.0.saturating_add(slots.max(1))).map(SlotId).collect()
    }

    /// Whether the two have a slot in common.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// No more than 128 slots are read.
impl FromIterator<SlotId> for Slots {
    fn from_iter<I: IntoIterator<Item = SlotId>>(slots: I) -> Self {
        Self(slots.into_iter().fold(0, |set, slot| set | 1_u128.checked_shl(slot.0.into()).unwrap_or(0)))
    }
}

/// Slots of some days in which a person may go nowhere, whatever else is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartBar {
    /// Who.
    pub inspector: InspectorId,
    /// First day.
    pub from: NaiveDate,
    /// Last day, inclusive.
    pub to: NaiveDate,
    /// No visit that fills any of these.
    pub slots: Slots,
}

/// The builder's answer for the parts of days that one rule closes.
pub(super) struct PartsGuard {
    waived: Waived,
    /// By person.
    of: Vec<Vec<PartBar>>,
}

impl PartsGuard {
    /// None where there is no such part.
    pub(super) fn of(case: &Case, rule: &str, bars: Vec<PartBar>) -> Option<Self> {
        let mut of = vec![Vec::new(); case.inspectors.len()];
        let any = !bars.is_empty();
        bars.into_iter().for_each(|bar| of[bar.inspector.index()].push(bar));
        any.then(|| Self { waived: Waived::of(case, rule), of })
    }
}

impl Guard for PartsGuard {
    fn answers(&self, question: Question) -> bool {
        question == Question::Person
    }

    fn person(&self, board: &Board, place: Place, who: InspectorId, clash: &mut dyn FnMut(Clash)) {
        let own = &self.of[who.index()];
        if own.is_empty() {
            return;
        }
        let (date, filled) =
            (board.calendar.date(place.day), Slots::filled(place.slot, board.case.visit(place.visit).duration));
        let shuts = |bar: &PartBar| bar.from <= date && date <= bar.to && bar.slots.meets(filled);
        if own.iter().any(shuts) && !self.waived.lifts(place.visit, who) {
            clash(Clash::Fixed);
        }
    }
}

/// Of which days so much is closed to people that nothing is left for a visit.
pub struct Parts {
    /// By person: the rule, the days and the slots of each part.
    of_person: Vec<Vec<(&'static str, Days, Slots)>>,
    /// By visit: which of `kinds` it is; nothing where there are no parts.
    of_visit: Vec<usize>,
    kinds: Vec<Kind>,
}

/// Visits that the same slots are open to on every day that has parts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    /// Days that have parts, each with what a visit of this kind would fill, slot by slot in which it may start.
    open: Vec<(usize, Vec<Slots>)>,
}

impl Parts {
    /// The parts of days that the rules of `book` close in `case`.
    pub fn new(case: &Case, book: &Book, calendar: &Calendar) -> Self {
        let mut of_person = vec![Vec::new(); case.inspectors.len()];
        let mut all = Days::none(calendar);
        for (entry, rule) in book.rules() {
            for bar in rule.part_bars(case) {
                let days = Days::between(calendar, Some(bar.from), Some(bar.to));
                if !days.is_empty() {
                    all.add(&days);
                    of_person[bar.inspector.index()].push((entry.name, days, bar.slots));
                }
            }
        }
        let mut parts = Self { of_person, of_visit: Vec::new(), kinds: Vec::new() };
        if !all.is_empty() {
            parts.sort_visits(case, book, calendar, &all);
        }
        parts
    }

    fn sort_visits(&mut self, case: &Case, book: &Book, calendar: &Calendar, all: &Days) {
        let mut known: BTreeMap<Kind, usize> = BTreeMap::new();
        for visit in case.visit_ids() {
            let slots = || (0..case.period.slots.len()).map(SlotId::at);
            let of_day = |day: usize| {
                let date = calendar.date(day);
                let open = |slot: &SlotId| !book.rules().any(|(_, rule)| rule.closed(case, visit, date, *slot));
                let filled = |slot| Slots::filled(slot, case.visit(visit).duration);
                (day, slots().filter(open).map(filled).collect())
            };
            let kind = Kind { open: all.iter().map(of_day).collect() };
            let next = known.len();
            self.of_visit.push(*known.entry(kind).or_insert(next));
        }
        let mut kinds: Vec<(Kind, usize)> = known.into_iter().collect();
        kinds.sort_by_key(|(_, at)| *at);
        self.kinds = kinds.into_iter().map(|(kind, _)| kind).collect();
    }

    /// Everybody who has parts, in order.
    pub fn people(&self) -> impl Iterator<Item = InspectorId> + '_ {
        let all = self.of_person.iter().enumerate().filter(|(_, parts)| !parts.is_empty());
        all.map(|(at, _)| InspectorId::at(at))
    }

    /// The rules that close parts of days to `who`.
    pub fn rules(&self, who: InspectorId) -> impl Iterator<Item = &'static str> + '_ {
        self.of_person[who.index()].iter().map(|(rule, ..)| *rule)
    }

    /// Days on which some slot is open to `visit` and none that `who` could go in, by the rules that are not `lifted`.
    pub fn shut(&self, visit: VisitId, who: InspectorId, lifted: impl Fn(&str) -> bool) -> Vec<usize> {
        let own: Vec<_> = self.of_person[who.index()].iter().filter(|(rule, ..)| !lifted(rule)).collect();
        let kind = self.of_visit.get(visit.index()).map(|kind| &self.kinds[*kind]).filter(|_| !own.is_empty());
        let Some(kind) = kind else { return Vec::new() };
        let shut = |(day, open): &&(usize, Vec<Slots>)| {
            let closed = own.iter().filter(|(_, days, _)| days.has(*day)).fold(0, |all, (.., slots)| all | slots.0);
            !open.is_empty() && open.iter().all(|filled| filled.meets(Slots(closed)))
        };
        kind.open.iter().filter(shut).map(|(day, _)| *day).collect()
    }
}
