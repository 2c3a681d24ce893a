//! Tickets as bytes and what is counted in them, held against the plainest possible counting.

#![allow(clippy::unwrap_used, reason = "a test that can't set up fails")]

use std::collections::{BTreeMap, BTreeSet};

use foureyes::draw::{Stream, digest};
use foureyes::model::{
    Assignment, Case, InspectorId, Layout, Odds, Schedule, SlotId, Span, Spread, Stage, Team, TicketFlaw, Urn, UrnFlaw,
    VisitId,
};
use foureyes::read::read_case;
use proptest::prelude::*;

/// The harbour, cut down so that people and teams come together again and again.
fn small(inspectors: usize, visits: usize) -> Case {
    let mut case = read_case("examples/harbour".as_ref()).case.unwrap();
    case.inspectors.truncate(inspectors);
    case.visits.truncate(visits);
    case
}

fn size(visit: VisitId) -> usize {
    2 + usize::from(visit.0.is_multiple_of(5))
}

/// Teams at random times: nothing lawful, but everything that bytes can say.
fn ticket(case: &Case, span: Span, before: &Schedule, stream: &mut Stream) -> Schedule {
    let days: Vec<_> = case.period.days().into_iter().filter(|day| *day >= span.from).collect();
    let mut ticket = Schedule::default();
    for visit in case.visit_ids().filter(|visit| !before.assignments.contains_key(visit)) {
        let mut people: Vec<_> = case.inspector_ids().collect();
        stream.shuffle(&mut people);
        let assignment = Assignment {
            date: days[stream.index(days.len().min(3))],
            slot: SlotId::at(stream.index(case.period.slots.len())),
            team: Team::new(people.into_iter().take(size(visit))).unwrap(),
        };
        if stream.below(4) > 0 {
            ticket.assignments.insert(visit, assignment);
        }
    }
    ticket
}

/// Some tickets of a stage, and the urn they make.
fn urn(case: &Case, stage: Stage, number: usize, tickets: usize, seed: u64) -> (Vec<Schedule>, Urn) {
    let mut stream = Stream::from_key(digest(&seed.to_le_bytes()));
    let spans = stage.spans(&case.period);
    let span = spans[number.min(spans.len() - 1)];
    let before = Schedule { assignments: ticket(case, spans[0], &Schedule::default(), &mut stream).assignments };
    let before = if number == 0 { Schedule::default() } else { before };
    let mut drawn: Vec<_> = (0..tickets).map(|_| ticket(case, span, &before, &mut stream)).collect();
    // Two alike, so that multiplicity is seen.
    drawn.push(drawn[0].clone());
    let layout = Layout::new(case, span, &before, size);
    let mut bytes = Vec::new();
    drawn.iter().for_each(|ticket| layout.encode(ticket, &mut bytes));
    (drawn, Urn::new(layout, bytes).unwrap())
}

fn spread(counts: impl IntoIterator<Item = u32>) -> Spread {
    counts.into_iter().fold(Spread::default(), |spread, n| Spread {
        distinct: spread.distinct + 1,
        most: spread.most.max(n),
        squares: spread.squares + u64::from(n) * u64::from(n),
    })
}

/// Groups of tickets as a map, and what remains of them in tenths.
fn remaining<K: Ord>(sights: impl Iterator<Item = K>) -> u64 {
    let (mut groups, mut tickets) = (BTreeMap::<K, u64>::new(), 0);
    for sight in sights {
        *groups.entry(sight).or_default() += 1;
        tickets += 1;
    }
    groups.values().map(|g| g * g).sum::<u64>() * 10 / tickets
}

fn check_counts(case: &Case, tickets: &[Schedule], urn: &Urn, odds: &Odds) {
    let span = urn.layout().span();
    let parts: Vec<BTreeMap<VisitId, &Assignment>> = tickets
        .iter()
        .map(|ticket| ticket.assignments.iter().map(|(v, a)| (*v, a)).filter(|(_, a)| span.contains(a.date)).collect())
        .collect();
    let drawn = || parts.iter().flatten();
    let held: BTreeSet<VisitId> = drawn().map(|(visit, _)| *visit).collect();
    assert_eq!(odds.visits.iter().map(|odds| odds.visit).collect::<BTreeSet<_>>(), held);
    assert_eq!(odds.distinct as usize, tickets.iter().collect::<BTreeSet<_>>().len());
    assert_eq!(odds.outcomes as usize, parts.iter().collect::<BTreeSet<_>>().len());
    for of in &odds.visits {
        let assigned: Vec<&Assignment> = drawn().filter(|(v, _)| **v == of.visit).map(|(_, a)| *a).collect();
        assert_eq!(of.held as usize, assigned.len());
        let count = |holds: &dyn Fn(&Assignment) -> bool| assigned.iter().filter(|a| holds(a)).count() as u32;
        for who in case.inspector_ids() {
            assert_eq!(of.of(who), count(&|a| a.team.contains(who)));
        }
        assert!(of.inspectors.is_sorted_by(|a, b| a.0 < b.0) && of.inspectors.iter().all(|(_, n)| *n > 0));
        assert!(of.times.is_sorted_by(|a, b| (a.0, a.1) < (b.0, b.1)));
        assert_eq!(of.times.iter().map(|(.., n)| n).sum::<u32>(), of.held);
        for (date, slot, n) in &of.times {
            assert_eq!(*n, count(&|a| (a.date, a.slot) == (*date, *slot)));
        }
        let teams: BTreeSet<_> = assigned.iter().map(|a| &a.team).collect();
        assert_eq!(of.teams, spread(teams.iter().map(|team| count(&|a| a.team == **team))));
        let pairs: BTreeSet<_> = assigned.iter().flat_map(|a| a.team.pairs()).collect();
        let both = |(a, b): (InspectorId, InspectorId)| count(&|x| x.team.contains(a) && x.team.contains(b));
        assert_eq!(of.pairs, spread(pairs.into_iter().map(both)));
    }
    let meet = |a, b| parts.iter().filter(|p| p.values().any(|x| x.team.contains(a) && x.team.contains(b))).count();
    let pairs: Vec<_> = case
        .inspector_ids()
        .flat_map(|a| {
            (a.0 + 1..).map(move |b| (a, InspectorId(b))).take_while(|(_, b)| b.index() < case.inspectors.len())
        })
        .collect();
    let met: Vec<_> = pairs.into_iter().map(|(a, b)| (meet(a, b) as u32, (a, b))).filter(|(n, _)| *n > 0).collect();
    let meetings = odds.meetings.unwrap();
    assert_eq!(meetings.spread, spread(met.iter().map(|(n, _)| *n)));
    assert_eq!(meetings.most, met.iter().find(|(n, _)| *n == meetings.spread.most).map(|(_, pair)| *pair));
    check_people(case, &parts, odds);
}

fn check_people(case: &Case, parts: &[BTreeMap<VisitId, &Assignment>], odds: &Odds) {
    let own = |who: InspectorId| {
        parts.iter().map(move |part| {
            let mut own: Vec<_> = part.iter().filter(|(_, a)| a.team.contains(who)).collect();
            own.sort_by_key(|(visit, a)| (a.date, a.slot, **visit));
            own
        })
    };
    let (mut first, mut all) = (Vec::new(), Vec::new());
    for who in case.inspector_ids() {
        let serves = own(who).filter(|own| !own.is_empty()).count();
        assert_eq!(odds.serves[who.index()] as usize, serves);
        if serves > 0 {
            first.push(remaining(own(who).map(|own| own.first().copied())));
            all.push(remaining(own(who)));
        }
    }
    let leak = odds.leak.unwrap();
    for (told, mut each) in [(leak.first, first), (leak.all, all)] {
        each.sort_unstable();
        assert_eq!(told.least, each.first().copied().unwrap_or(0));
        assert_eq!(told.median, each.get(each.len().saturating_sub(1) / 2).copied().unwrap_or(0));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn counts_are_those_of_the_plainest_counting(
        inspectors in 3usize..9, visits in 1usize..9, tickets in 1usize..30, number in 0usize..3, seed: u64,
    ) {
        let case = small(inspectors, visits);
        for stage in [Stage::Day, Stage::Week, Stage::Period] {
            let (drawn, urn) = urn(&case, stage, number, tickets, seed);
            let odds = Odds::count_on(&urn, 1);
            check_counts(&case, &drawn, &urn, &odds);
            for threads in [2, 3, 8] {
                prop_assert_eq!(&Odds::count_on(&urn, threads), &odds);
            }
        }
    }

    #[test]
    fn a_ticket_is_read_as_it_was_written(
        inspectors in 3usize..40, visits in 0usize..80, number in 0usize..4, seed: u64,
    ) {
        let case = small(inspectors, visits);
        let (drawn, urn) = urn(&case, Stage::Day, number, 2, seed);
        for (at, ticket) in drawn.iter().enumerate() {
            prop_assert_eq!(&urn.ticket(at), ticket);
            let part = urn.part(at);
            prop_assert!(part.assignments.values().all(|a| urn.layout().span().contains(a.date)));
            let mut told = 0;
            urn.layout().for_each(urn.bytes_of(at), |held| {
                let assignment = &ticket.assignments[&held.visit];
                assert_eq!((held.date, held.slot, held.team), (assignment.date, assignment.slot, assignment.team.members()));
                assert_eq!(case.period.days()[held.day], held.date);
                assert_eq!(held.in_span, part.assignments.contains_key(&held.visit));
                told += 1;
            });
            prop_assert_eq!(told, ticket.assignments.len());
        }
    }

    #[test]
    fn bits_are_a_ticket_or_a_flaw_and_a_ticket_has_one_spelling(bytes in prop::collection::vec(any::<u8>(), 0..24)) {
        let case = small(5, 7);
        let span = Stage::Period.spans(&case.period)[0];
        let layout = Layout::new(&case, span, &Schedule::default(), |_| 2);
        let mut ticket = bytes;
        ticket.resize(layout.bytes_per_ticket(), 0);
        if let Ok(schedule) = layout.decode(&ticket) {
            let mut again = Vec::new();
            layout.encode(&schedule, &mut again);
            prop_assert_eq!(again, ticket);
        }
    }
}

/// Five people (3 bits) and ten days of two slots (5 bits): a visit of two takes 11 bits, two of them three bytes.
fn two_visits() -> (Case, Layout) {
    let case = small(5, 2);
    let span = Stage::Period.spans(&case.period)[0];
    let times = case.period.days().len() * case.period.slots.len();
    assert!((16..32).contains(&times), "{times}");
    let layout = Layout::new(&case, span, &Schedule::default(), |_| 2);
    assert_eq!(layout.bytes_per_ticket(), 3);
    (case, layout)
}

fn bytes(fields: [u32; 6], filling: u32) -> [u8; 3] {
    let widths = [5, 3, 3, 5, 3, 3];
    let bits = fields.iter().zip(widths).fold(0u32, |bits, (field, width)| bits << width | field) << 2 | filling;
    let [_, bytes @ ..] = bits.to_be_bytes();
    bytes
}

#[test]
fn every_other_spelling_is_a_flaw() {
    let (_, layout) = two_visits();
    let (first, second) = (VisitId(0), VisitId(1));
    for (ticket, flaw) in [
        (bytes([1, 0, 4, 0, 0, 0], 0), None),
        (bytes([0; 6], 0), None),
        (bytes([0; 6], 1), Some(TicketFlaw::Padding)),
        (bytes([0, 0, 1, 0, 0, 0], 0), Some(TicketFlaw::Nobody(first))),
        (bytes([0, 0, 0, 31, 0, 1], 0), Some(TicketFlaw::Time(second))),
        (bytes([1, 0, 5, 0, 0, 0], 0), Some(TicketFlaw::Person(first))),
        (bytes([1, 2, 1, 0, 0, 0], 0), Some(TicketFlaw::Order(first))),
        (bytes([0, 0, 0, 1, 3, 3], 0), Some(TicketFlaw::Order(second))),
        (bytes([0, 0, 0, 1, 0, 0], 0), Some(TicketFlaw::Order(second))),
    ] {
        assert_eq!(layout.decode(&ticket).err(), flaw, "{ticket:?}");
    }
    assert_eq!(layout.check(&[0; 2]), Err(TicketFlaw::Length { expected: 3, found: 2 }));
    let (_, layout) = two_visits();
    assert_eq!(Urn::new(layout.clone(), vec![0; 4]), Err(UrnFlaw::Length { bytes: 4, each: 3 }));
    assert_eq!(Urn::new(layout.clone(), vec![]), Err(UrnFlaw::Length { bytes: 0, each: 3 }));
    let flaw = TicketFlaw::Padding;
    assert_eq!(Urn::new(layout, vec![0, 0, 0, 0, 0, 1]), Err(UrnFlaw::Ticket { ticket: 1, flaw }));
}

#[test]
fn a_visit_whose_team_is_too_large_has_no_room() {
    let case = small(20, 3);
    let span = Stage::Period.spans(&case.period)[0];
    let sizes = [0, 9, 8];
    let layout = Layout::new(&case, span, &Schedule::default(), |visit| sizes[visit.index()]);
    assert_eq!(layout.visits().collect::<Vec<_>>(), [VisitId(2)]);
    let layout = Layout::new(&case, span, &Schedule::default(), |_| usize::MAX);
    assert_eq!(layout.bytes_per_ticket(), 1);
    assert_eq!(layout.decode(&[0]), Ok(Schedule::default()));
    assert_eq!(layout.decode(&[128]), Err(TicketFlaw::Padding));
}

#[test]
fn large_teams_are_counted_too() {
    // Eight of 12 take four bits each, and eight of 400 take nine: more than is read as one word.
    [12, 400].into_iter().for_each(count_large_teams);
}

fn count_large_teams(roster: usize) {
    let mut case = small(12, 2);
    case.inspectors = case.inspectors.iter().cycle().take(roster).cloned().collect();
    let span = Stage::Period.spans(&case.period)[0];
    let layout = Layout::new(&case, span, &Schedule::default(), |_| 8);
    let mut bytes = Vec::new();
    let mut tickets = Vec::new();
    for first in [0, 1, 4, 1] {
        let team = Team::new((first..first + 8).map(InspectorId)).unwrap();
        let assignment = Assignment { date: span.from, slot: SlotId(0), team };
        let ticket = Schedule { assignments: BTreeMap::from([(VisitId(1), assignment)]) };
        layout.encode(&ticket, &mut bytes);
        tickets.push(ticket);
    }
    let urn = Urn::new(layout, bytes).unwrap();
    let odds = Odds::count(&urn);
    check_counts(&case, &tickets, &urn, &odds);
    assert_eq!(odds.visits[0].teams, Spread { distinct: 3, most: 2, squares: 6 });
    assert_eq!(odds.visits[0].effective_teams(), 26);
    assert_eq!(odds.worst().map(|worst| (worst.n, worst.inspector)), Some((4, InspectorId(4))));
    assert_eq!((odds.support(), odds.squares(), odds.seats()), (12, 104, 32));
    assert_eq!((odds.worst_sum(), odds.held(), odds.effective_teams()), (4, 4, (26, 26)));
    assert_eq!(odds.never_drawn().count(), roster - 12);
}

/// Tickets of three visits with eight people, whose numbers are those of `people` among a roster of so many.
fn urn_of_eight(roster: usize, people: [u32; 8]) -> Urn {
    let mut case = small(8, 3);
    case.inspectors = case.inspectors.iter().cycle().take(roster).cloned().collect();
    let span = Stage::Period.spans(&case.period)[0];
    let layout = Layout::new(&case, span, &Schedule::default(), |_| 2);
    let (mut stream, mut bytes) = (Stream::from_key(digest(b"eight")), Vec::new());
    for _ in 0..1000 {
        let mut order = people;
        stream.shuffle(&mut order);
        let assignment = |team: &[u32], slot| Assignment {
            date: span.from,
            slot: SlotId(slot),
            team: Team::new(team.iter().copied().map(InspectorId)).unwrap(),
        };
        let slot = stream.index(2) as u8;
        let assignments = case.visit_ids().zip(order.chunks(3).map(|three| assignment(&three[..2], slot))).collect();
        layout.encode(&Schedule { assignments }, &mut bytes);
    }
    Urn::new(layout, bytes).unwrap()
}

#[test]
fn a_large_roster_is_counted_in_parts_and_comes_to_the_same() {
    let few = Odds::count_on(&urn_of_eight(8, [0, 1, 2, 3, 4, 5, 6, 7]), 1);
    let many = Odds::count_on(&urn_of_eight(5000, [0, 1, 2, 2500, 4100, 4200, 4300, 4999]), 2);
    assert_eq!(many.leak, few.leak);
    assert!(few.leak.unwrap().all.least > 10, "some tickets look alike to everybody");
    assert_eq!((many.outcomes, many.distinct), (few.outcomes, few.distinct));
    assert_eq!(many.meetings.unwrap().spread, few.meetings.unwrap().spread);
    assert_eq!(many.serves.into_iter().filter(|n| *n > 0).collect::<Vec<_>>(), few.serves);
}
