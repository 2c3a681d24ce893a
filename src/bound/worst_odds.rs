//! The smallest worst odds that any lottery could have, and a cut that proves it.
//!
//! In plain words: let nobody go on any visit in more than n tickets. Each visit must be filled as often as the urn holds
//! it, out of people whose seats are limited week by week. Whether that is possible is a question of flow: from each
//! person's week, through the person on the visit (at most n), to the visit's seats, of which those that ask for a quality
//! take only people who have it. We begin with the n that some visit needs for itself and fill the network. Where seats
//! stay empty, the smallest cut says which n they need at least; capacities are raised to it, and the flow goes on. The last
//! cut is the proof.
//!
//! Of several needs of one visit the scarcest is in the network, and every one is counted for itself.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::flow::{ArcId, Flow, Node};
use super::groups::Groups;
use crate::model::{Cut, CutVisit, InspectorId, VisitId, WorstOdds};
use crate::rules::{Asked, Eligible, Goer};

/// The smallest worst odds of any lottery of `tickets` tickets in which each visit is held in `held` of them, by visit.
///
/// ```
/// # use foureyes::{bound::worst_odds, model::{Schedule, Span}, read::read_case, rules::{Book, Eligible}};
/// let case = read_case("examples/harbour".as_ref()).case.expect("the harbour ships in order");
/// let book = Book::new(&case.settings).expect("and its policy too");
/// let span = Span { from: case.period.from, to: case.period.to };
/// let eligible = Eligible::new(&case, &book, span, &Schedule::default());
/// let bound = worst_odds(&eligible, 1000, &vec![1000; case.visits.len()]);
/// assert!(bound.at_least <= 1000 && !bound.cut.visits.is_empty());
/// ```
pub fn worst_odds(eligible: &Eligible, tickets: u32, held: &[u32]) -> WorstOdds {
    let lottery = Lottery { eligible, tickets, held };
    let (mut odds, mut reason) = lottery.scarcest();
    if odds > 0 && odds <= tickets {
        let mut network = Network::new(&lottery, odds);
        while !network.fill() {
            let (more, why) = lottery.strongest_part(&network.cut());
            assert!(more > odds, "a cut that is too narrow asks for more");
            reason = why;
            if more > tickets {
                odds = more;
                break;
            }
            network.raise(odds, more);
            odds = more;
        }
    }
    WorstOdds { at_least: odds, cut: reason.told(eligible) }
}

/// What a lottery must do.
struct Lottery<'e, 'c> {
    eligible: &'e Eligible<'c>,
    tickets: u32,
    held: &'e [u32],
}

/// A cut by numbers: visits, and cells (a person in a week).
#[derive(Clone, Debug, Default)]
struct Reason {
    visits: Vec<CutVisit>,
    full: BTreeSet<usize>,
}

impl Reason {
    fn told(self, eligible: &Eligible) -> Cut {
        let weeks: Vec<_> = eligible.weeks().collect();
        let full = self.full.into_iter().map(|cell| (InspectorId::at(cell / weeks.len()), weeks[cell % weeks.len()]));
        Cut { visits: self.visits, full: full.collect() }
    }
}

/// The cells whose seats a goer may take, in order.
fn cells<'g>(eligible: &'g Eligible, goer: &'g Goer) -> impl Iterator<Item = usize> + 'g {
    let first = goer.who.index() * eligible.weeks().len();
    eligible.weeks_of(&goer.days).map(move |week| first + week)
}

impl Lottery<'_, '_> {
    fn held(&self, visit: VisitId) -> u32 {
        self.held.get(visit.index()).copied().unwrap_or(0)
    }

    fn visits(&self) -> impl Iterator<Item = VisitId> + '_ {
        self.eligible.case.visit_ids().filter(|visit| self.held(*visit) > 0)
    }

    fn asked(&self, part: CutVisit) -> Option<&Asked> {
        part.need.and_then(|need| self.eligible.needs(part.visit).get(need as usize))
    }

    /// Seats that a part of a visit has in one ticket.
    fn seats(&self, part: CutVisit) -> usize {
        self.asked(part).map_or(self.eligible.size(part.visit), |asked| asked.at_least)
    }

    /// Who may sit there.
    fn goers(&self, part: CutVisit) -> impl Iterator<Item = Goer> + '_ {
        let asked = self.asked(part);
        self.eligible.goers(part.visit).filter(move |goer| asked.is_none_or(|asked| asked.met_by(goer.who)))
    }

    /// The greatest odds that a visit needs for itself, or one of its needs does.
    fn scarcest(&self) -> (u32, Reason) {
        let mut most = (0, Reason::default());
        for visit in self.visits() {
            let needs = (0..self.eligible.needs(visit).len()).map(|need| u32::try_from(need).ok());
            for part in std::iter::once(None).chain(needs).map(|need| CutVisit { visit, need }) {
                let odds = self.odds_alone(part, self.goers(part).count());
                if odds > most.0 {
                    most = (odds, Reason { visits: vec![part], full: BTreeSet::new() });
                }
            }
        }
        most
    }

    fn odds_alone(&self, part: CutVisit, people: usize) -> u32 {
        let seats = self.seats(part);
        let wanted = u64::from(self.held(part.visit)) * seats as u64;
        match people {
            people if people < seats => self.tickets.saturating_add(1),
            0 => 0,
            people => u32::try_from(wanted.div_ceil(people as u64)).unwrap_or(u32::MAX),
        }
    }

    /// The smallest odds that `reason` does not forbid; one more than there are tickets where it forbids all.
    fn odds(&self, reason: &Reason) -> u32 {
        let weeks = self.eligible.weeks().len();
        let seats = |cell: &usize| self.eligible.seats(InspectorId::at(cell / weeks), cell % weeks);
        let there: u128 = reason.full.iter().map(|cell| u128::from(seats(cell)) * u128::from(self.tickets)).sum();
        let mut wanted = 0u128;
        let mut crossing: BTreeMap<u32, u128> = BTreeMap::new();
        for part in &reason.visits {
            let held = self.held(part.visit);
            wanted += u128::from(held) * self.seats(*part) as u128;
            let crosses = self.goers(*part).filter(|goer| !self.is_full(reason, goer)).count();
            *crossing.entry(held).or_default() += crosses as u128;
        }
        let room = |odds: u32| crossing.iter().map(|(held, goers)| u128::from(odds.min(*held)) * goers).sum::<u128>();
        let (mut low, mut high) = (0, self.tickets.saturating_add(1));
        while low < high {
            let middle = low + (high - low) / 2;
            if wanted > there + room(middle) { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// Whether all weeks in which they may go are full, so that their odds need not be counted.
    fn is_full(&self, reason: &Reason, goer: &Goer) -> bool {
        goer.takes_seat && cells(self.eligible, goer).all(|cell| reason.full.contains(&cell))
    }

    /// The part of `reason` that asks for most, and of those the smallest. Visits hang together where they share somebody
    /// who is full; what does not hang together proves for itself.
    fn strongest_part(&self, reason: &Reason) -> (u32, Reason) {
        let mut groups = Groups::new(reason.visits.len());
        let mut first: BTreeMap<usize, usize> = BTreeMap::new();
        for (at, part) in reason.visits.iter().enumerate() {
            for goer in self.goers(*part).filter(|goer| self.is_full(reason, goer)) {
                cells(self.eligible, &goer).for_each(|cell| groups.join(*first.entry(cell).or_insert(at), at));
            }
        }
        let mut parts: BTreeMap<usize, Reason> = BTreeMap::new();
        for (at, visit) in reason.visits.iter().enumerate() {
            parts.entry(groups.of(at)).or_default().visits.push(*visit);
        }
        for (cell, at) in first {
            parts.entry(groups.of(at)).or_default().full.insert(cell);
        }
        let rated = parts.into_values().map(|part| (self.odds(&part), part));
        let best = rated.min_by_key(|(odds, part)| (Reverse(*odds), part.visits.len(), part.full.len()));
        best.unwrap_or_default()
    }
}

/// The flow network of a lottery.
struct Network {
    flow: Flow,
    /// The node of each cell that is in it.
    cells: BTreeMap<usize, Node>,
    visits: Vec<Parts>,
    /// Each person on a visit: how often it is held, and their arc.
    odds: Vec<(u32, ArcId)>,
    wanted: u64,
    filled: u64,
}

/// The seats of one visit: all of them, and those for the need that is counted.
struct Parts {
    visit: VisitId,
    all: Node,
    need: Option<(u32, Node)>,
}

impl Network {
    fn new(lottery: &Lottery, odds: u32) -> Self {
        let (cells, visits) = (BTreeMap::new(), Vec::new());
        let mut network = Self { flow: Flow::new(), cells, visits, odds: Vec::new(), wanted: 0, filled: 0 };
        for visit in lottery.visits() {
            network.add(lottery, visit, odds);
        }
        network
    }

    fn add(&mut self, lottery: &Lottery, visit: VisitId, odds: u32) {
        let held = lottery.held(visit);
        let size = lottery.eligible.size(visit);
        let need = scarcest_need(lottery, visit);
        let asked = need.map(|need| &lottery.eligible.needs(visit)[need as usize]);
        let for_need = asked.map_or(0, |asked| asked.at_least);
        let all = self.part(u64::from(held) * size.saturating_sub(for_need) as u64);
        let need = need.map(|need| (need, self.part(u64::from(held) * for_need as u64)));
        if let Some((_, need)) = need {
            self.flow.arc(need, all, u64::MAX >> 1);
        }
        for goer in lottery.eligible.goers(visit) {
            let skilled = need.filter(|_| asked.is_some_and(|asked| asked.met_by(goer.who)));
            let seats = skilled.map_or(all, |(_, node)| node);
            let from = self.from(lottery, &goer);
            self.odds.push((held, self.flow.arc(from, seats, u64::from(odds.min(held)))));
        }
        self.visits.push(Parts { visit, all, need });
    }

    /// The seats of a part, which are wanted so often.
    fn part(&mut self, wanted: u64) -> Node {
        let node = self.flow.node();
        self.flow.arc(node, self.flow.sink(), wanted);
        self.wanted += wanted;
        node
    }

    /// Where the time of a goer comes from: the source, one week, or several.
    fn from(&mut self, lottery: &Lottery, goer: &Goer) -> Node {
        if !goer.takes_seat {
            return self.flow.source();
        }
        let cells: Vec<_> = cells(lottery.eligible, goer).map(|cell| self.cell(lottery, cell)).collect();
        if let [only] = cells.as_slice() {
            return *only;
        }
        let node = self.flow.node();
        for cell in cells {
            self.flow.arc(cell, node, u64::MAX >> 1);
        }
        node
    }

    fn cell(&mut self, lottery: &Lottery, cell: usize) -> Node {
        if let Some(known) = self.cells.get(&cell) {
            return *known;
        }
        let weeks = lottery.eligible.weeks().len();
        let seats = lottery.eligible.seats(InspectorId::at(cell / weeks), cell % weeks);
        let node = self.flow.node();
        self.flow.arc(self.flow.source(), node, seats.saturating_mul(u64::from(lottery.tickets)));
        self.cells.insert(cell, node);
        node
    }

    /// Fills it; whether every seat is filled.
    fn fill(&mut self) -> bool {
        self.filled += self.flow.fill();
        self.filled == self.wanted
    }

    fn raise(&mut self, from: u32, to: u32) {
        for (held, arc) in &self.odds {
            self.flow.raise(*arc, u64::from(to.min(*held) - from.min(*held)));
        }
    }

    /// The smallest cut, after filling.
    fn cut(&self) -> Reason {
        let short = |parts: &Parts| {
            let (visit, reaches) = (parts.visit, |node| self.flow.reaches_sink(node));
            let need = parts.need.filter(|(_, node)| reaches(*node));
            match (reaches(parts.all), need) {
                (true, _) => Some(CutVisit { visit, need: None }),
                (false, Some((need, _))) => Some(CutVisit { visit, need: Some(need) }),
                (false, None) => None,
            }
        };
        let full = self.cells.iter().filter(|(_, node)| self.flow.reaches_sink(**node)).map(|(cell, _)| *cell);
        Reason { visits: self.visits.iter().filter_map(short).collect(), full: full.collect() }
    }
}

/// The need of a visit for which there are fewest people a seat.
fn scarcest_need(lottery: &Lottery, visit: VisitId) -> Option<u32> {
    let needs = lottery.eligible.needs(visit).iter().enumerate().filter(|(_, asked)| asked.at_least > 0);
    let rated = needs.filter_map(|(at, asked)| {
        let need = u32::try_from(at).ok()?;
        Some((need, asked.at_least, lottery.goers(CutVisit { visit, need: Some(need) }).count()))
    });
    let scarcest = rated.min_by(|a, b| (a.2 * b.1).cmp(&(b.2 * a.1)).then(a.0.cmp(&b.0)));
    scarcest.map(|(need, ..)| need)
}

#[cfg(test)]
mod tests {
    use super::super::small::{self, lottery};
    use super::*;
    use crate::model::{Schedule, Span};
    use crate::rules::Book;
    use crate::rules::testing::fixture;

    fn of(text: &str, tickets: u32) -> (WorstOdds, Vec<String>, Vec<String>) {
        let (case, before) = fixture(text);
        let book = Book::new(&case.settings).unwrap();
        let span = Span { from: case.period.from, to: case.period.to };
        let eligible = Eligible::new(&case, &book, span, &before);
        let held = case.visit_ids().map(|visit| u32::from(!before.assignments.contains_key(&visit)) * tickets);
        let bound = worst_odds(&eligible, tickets, &held.collect::<Vec<_>>());
        let visits = bound.cut.visits.iter().map(|part| {
            let need = part.need.map(|need| eligible.needs(part.visit)[need as usize].quality.clone());
            format!("{} {}", case.visit(part.visit).id, need.unwrap_or_default())
        });
        let visits = visits.collect();
        let full = bound.cut.full.iter().map(|(who, week)| format!("{} {}", case.inspector(*who).id, week.number));
        let full = full.collect();
        (bound, visits, full)
    }

    #[test]
    fn seven_leads_make_one_in_seven() {
        let mut text = String::from("places p1\n visit v1 p1\n visit v2 p1\n inspectors q1 q2 q3\n");
        (0..7).for_each(|at| text.push_str(&format!("inspector l{at} lead\n")));
        let (bound, visits, full) = of(&format!("{text} conflict q1 establishment p1 kin"), 1000);
        assert_eq!((bound.at_least, full.len()), (223, 0), "two of nine people");
        assert_eq!(visits, ["v1 "]);
        let (bound, visits, _) = of(&format!("{text} inspectors q4 q5 q6 q7 q8"), 1000);
        assert_eq!((bound.at_least, visits), (143, vec!["v1 lead".to_owned()]));
    }

    #[test]
    fn two_who_have_seats_left_share_what_the_others_can_not_take() {
        let text = "
            period 2027-01-04..2027-01-08
            set lead.leads 0
            inspectors ana ben
            inspector cem per_week=1
            inspector dea per_week=1
            places p1
            visit v1 p1
            visit v2 p1
            visit v3 p1
            visit v4 p1
        ";
        let (bound, visits, full) = of(text, 100);
        // Eight seats a ticket: cem and dea fill two, ana and ben the other six, over four visits: 75 of 100 each.
        assert_eq!(bound.at_least, 75);
        assert_eq!((visits.len(), full), (4, vec!["cem 1".to_owned(), "dea 1".to_owned()]));
    }

    #[test]
    fn a_visit_that_is_held_less_often_needs_less() {
        let (case, _) = fixture("set lead.leads 0\n inspectors ana ben cem\n places p1\n visit v1 p1\n visit v2 p1");
        let book = Book::new(&case.settings).unwrap();
        let span = Span { from: case.period.from, to: case.period.to };
        let eligible = Eligible::new(&case, &book, span, &Schedule::default());
        assert_eq!(worst_odds(&eligible, 90, &[90, 30]).at_least, 60);
        assert_eq!(worst_odds(&eligible, 90, &[15, 30]).at_least, 20);
        assert_eq!(worst_odds(&eligible, 90, &[0, 0]), WorstOdds::default());
        assert_eq!(worst_odds(&eligible, 90, &[]), WorstOdds::default());
    }

    #[test]
    fn what_no_lottery_can_do_asks_for_more_than_there_is() {
        assert_eq!(of("inspector ana lead\n places p1\n visit v1 p1", 50).0.at_least, 51);
        let full = "period 2027-01-04..2027-01-04\n inspector ana lead\n inspectors ben\n places p1\n visit v1 p1\n visit v2 p1\n visit v3 p1";
        let (bound, visits, full) = of(full, 50);
        assert_eq!((bound.at_least, visits.len(), full.is_empty()), (51, 3, false));
    }

    #[test]
    fn a_waiver_of_workload_leaves_only_the_odds() {
        let text = "
            period 2027-01-04..2027-01-08
            inspector ana lead per_week=1
            inspector ben lead per_week=1
            inspector cem lead per_week=2
            places p1
            visit v1 p1
            visit v2 p1
        ";
        assert_eq!(of(text, 100).0.at_least, 100, "cem goes on both");
        assert_eq!(of(&format!("{text} waiver workload v1 ana\n waiver workload v1 ben"), 100).0.at_least, 67);
    }

    #[test]
    fn on_many_small_cases_it_is_the_least_that_a_linear_program_finds() {
        let mut capped = 0;
        for number in 0..150 {
            let small = lottery(number);
            let (case, before) = fixture(&small.text);
            let book = Book::new(&case.settings).unwrap();
            let eligible = Eligible::new(&case, &book, small.span, &before);
            let bound = worst_odds(&eligible, small.tickets, &small.held);
            let least = small::least_worst(&eligible, small.tickets, &small.held);
            match least {
                None => assert_eq!(bound.at_least, small.tickets + 1, "{}", small.text),
                Some(least) if small.one_need => {
                    assert_eq!(bound.at_least, (least - 1e-4).ceil() as u32, "{least} in {}", small.text);
                }
                Some(least) => assert!(f64::from(bound.at_least) < least + 1.0, "{least} in {}", small.text),
            }
            capped += usize::from(!bound.cut.full.is_empty());
        }
        assert!(capped > 8, "{capped}");
    }
}
