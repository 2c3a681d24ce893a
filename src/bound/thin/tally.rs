//! Counting the teams of one visit: people, the days on which each may go, what the team needs, who may not be together.

use std::collections::BTreeMap;

use smallvec::{SmallVec, smallvec};

/// Teams that are counted one by one in larger teams, before the count is broken off.
const MOST: u64 = 20_000;
/// Beginnings of teams that are looked at, before it is broken off.
const STEPS: u32 = 100_000;

/// A set of small numbers: days of the period, or people of a pool.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Bits(SmallVec<[u64; 2]>);

impl Bits {
    /// Nothing of `size` numbers.
    pub fn none(size: usize) -> Self {
        Self(smallvec![0; size.div_ceil(64)])
    }

    /// All of `size` numbers.
    pub fn all(size: usize) -> Self {
        let mut all = Self::none(size);
        (0..size).for_each(|at| all.set(at));
        all
    }

    pub fn set(&mut self, at: usize) {
        if let Some(word) = self.0.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }

    pub fn clear(&mut self, at: usize) {
        if let Some(word) = self.0.get_mut(at / 64) {
            *word &= !(1 << (at % 64));
        }
    }

    pub fn has(&self, at: usize) -> bool {
        self.0.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    pub fn len(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    pub fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
    }

    pub fn keep(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= other);
    }

    pub fn take(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= !other);
    }

    /// The numbers in it, in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = rest.trailing_zeros() as usize;
                rest &= rest.wrapping_sub(1);
                (bit < 64).then_some(at * 64 + bit)
            })
        })
    }
}

/// Whether rules let these people, in order, go together on one of these days.
pub(super) type Judge<'j> = dyn Fn(&[usize], &Bits) -> bool + 'j;

/// The people who may go on one visit, by their place in the pool.
pub(super) struct Pool<'j> {
    /// People in a team.
    pub size: usize,
    /// By person: the days on which they may go, at least one.
    pub days: Vec<Bits>,
    /// Each need: how many must have it, and who does.
    pub needs: Vec<(usize, Bits)>,
    /// By person: with whom they may never serve there.
    pub apart: Vec<Bits>,
    /// By person: with whom they may not serve on some days, and which.
    pub past: Vec<Vec<(usize, Bits)>>,
    /// What rules say of a whole team: the people, in order, and the days on which they may all go. Asked of each team, so only where
    /// there are few.
    pub judge: Option<&'j Judge<'j>>,
}

/// How many teams there are, and how many each person is in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub teams: u64,
    /// By person of the pool.
    pub with: Vec<u64>,
    /// Whether all were counted.
    pub complete: bool,
}

/// Counts the teams of a pool: exactly for pairs, up to a bound for larger teams.
pub(super) fn tally(pool: &Pool<'_>) -> Tally {
    let people = pool.days.len();
    let mut count = Count { pool, on: by_day(pool), known: BTreeMap::new(), sum: Tally::default(), steps: 0 };
    count.sum = Tally { teams: 0, with: vec![0; people], complete: true };
    if pool.size == 2 && pool.judge.is_none() {
        count.pairs();
    } else {
        let days = pool.days.iter().map(|days| days.0.len() * 64).max().unwrap_or(0);
        count.walk(0, &mut Vec::new(), &Bits::all(days));
    }
    count.sum
}

/// By day: who may go.
fn by_day(pool: &Pool<'_>) -> Vec<Bits> {
    let mut on: Vec<Bits> = Vec::new();
    for (person, days) in pool.days.iter().enumerate() {
        for day in days.iter() {
            if on.len() <= day {
                on.resize(day + 1, Bits::none(pool.days.len()));
            }
            on[day].set(person);
        }
    }
    on
}

struct Count<'p> {
    pool: &'p Pool<'p>,
    on: Vec<Bits>,
    known: BTreeMap<Bits, Bits>,
    sum: Tally,
    steps: u32,
}

impl Count<'_> {
    fn pairs(&mut self) {
        for one in 0..self.pool.days.len() {
            let with = self.last(&[one], &self.pool.days[one]).len();
            self.sum.with[one] = with;
            self.sum.teams += with;
        }
        self.sum.teams /= 2;
    }

    /// Everybody who may join these people on one of the days `common` to them and complete the team.
    fn last(&mut self, members: &[usize], common: &Bits) -> Bits {
        let mut row = self.there(common);
        for (at_least, has) in &self.pool.needs {
            match at_least.saturating_sub(members.iter().filter(|one| has.has(**one)).count()) {
                0 => {}
                1 => row.keep(has),
                _ => return Bits::none(self.pool.days.len()),
            }
        }
        for member in members {
            row.clear(*member);
            row.take(&self.pool.apart[*member]);
        }
        for (other, _) in members.iter().flat_map(|member| &self.pool.past[*member]) {
            if row.has(*other) && self.common(members, common, *other).is_empty() {
                row.clear(*other);
            }
        }
        row
    }

    /// Who may go on any of these days.
    fn there(&mut self, days: &Bits) -> Bits {
        if let Some(known) = self.known.get(days) {
            return known.clone();
        }
        let mut row = Bits::none(self.pool.days.len());
        days.iter().filter_map(|day| self.on.get(day)).for_each(|on| row.add(on));
        self.known.insert(days.clone(), row.clone());
        row
    }

    /// The days on which `next` may go with these people too.
    fn common(&self, members: &[usize], common: &Bits, next: usize) -> Bits {
        let mut days = common.clone();
        days.keep(&self.pool.days[next]);
        for (other, past) in &self.pool.past[next] {
            if members.contains(other) {
                days.take(past);
            }
        }
        days
    }

    fn walk(&mut self, from: usize, members: &mut Vec<usize>, common: &Bits) {
        self.steps += 1;
        self.sum.complete &= self.steps < STEPS;
        if !self.sum.complete {
            return;
        }
        if members.len() + 1 >= self.pool.size {
            return self.finish(from, members, common);
        }
        for next in from..self.pool.days.len() {
            let days = self.common(members, common, next);
            if days.is_empty() || members.iter().any(|member| self.pool.apart[*member].has(next)) {
                continue;
            }
            members.push(next);
            let open = self.pool.size - members.len();
            let lacks = |(at_least, has): &(usize, Bits)| {
                members.iter().filter(|one| has.has(**one)).count().saturating_add(open) < *at_least
            };
            if !self.pool.needs.iter().any(lacks) {
                self.walk(next + 1, members, &days);
            }
            members.pop();
        }
    }

    fn finish(&mut self, from: usize, members: &[usize], common: &Bits) {
        let row = self.last(members, common);
        let last: Vec<usize> = row.iter().filter(|one| *one >= from && self.is_lawful(members, common, *one)).collect();
        let more = last.len() as u64;
        self.sum.teams += more;
        members.iter().for_each(|member| self.sum.with[*member] += more);
        last.iter().for_each(|one| self.sum.with[*one] += 1);
        self.sum.complete = self.sum.teams < MOST;
    }
}

impl Count<'_> {
    /// What rules say of these people and `last` as a team.
    fn is_lawful(&self, members: &[usize], common: &Bits, last: usize) -> bool {
        self.pool.judge.is_none_or(|judge| {
            let mut team = members.to_vec();
            team.push(last);
            judge(&team, &self.common(members, common, last))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(size: usize, of: &[usize]) -> Bits {
        let mut bits = Bits::none(size);
        of.iter().for_each(|at| bits.set(*at));
        bits
    }

    /// Five people; the first two are leads; the last is there on the second day only.
    fn pool(size: usize) -> Pool<'static> {
        let mut days = vec![bits(2, &[0]); 5];
        days[1] = bits(2, &[0, 1]);
        days[4] = bits(2, &[1]);
        let needs = vec![(1, bits(5, &[0, 1]))];
        Pool { size, days, needs, apart: vec![Bits::none(5); 5], past: vec![Vec::new(); 5], judge: None }
    }

    #[test]
    fn pairs_are_counted_with_what_they_need_and_when_they_are_there() {
        // 0-1, 0-2, 0-3, 1-2, 1-3, 1-4.
        assert_eq!(tally(&pool(2)), Tally { teams: 6, with: vec![3, 4, 2, 2, 1], complete: true });
    }

    #[test]
    fn larger_teams_are_counted_too() {
        // On the first day 0-1-2, 0-1-3, 0-2-3, 1-2-3; on the second only 1 and 4.
        assert_eq!(tally(&pool(3)), Tally { teams: 4, with: vec![3, 3, 3, 3, 0], complete: true });
    }

    #[test]
    fn who_may_not_be_together_is_no_team() {
        for size in [2, 3] {
            let mut pool = pool(size);
            pool.apart[0].set(1);
            pool.apart[1].set(0);
            assert_eq!(tally(&pool).teams, if size == 2 { 5 } else { 2 });
        }
    }

    #[test]
    fn teams_that_a_rule_forbids_as_a_whole_are_none() {
        let none_of_the_first = |team: &[usize], _: &Bits| team != [0, 1] && team != [0, 1, 2];
        for (size, teams) in [(2, 5), (3, 3)] {
            let judged = Pool { judge: Some(&none_of_the_first), ..pool(size) };
            assert_eq!(tally(&judged).teams, teams);
        }
        let not_on_the_second = |_: &[usize], days: &Bits| days.has(0);
        let judged = Pool { judge: Some(&not_on_the_second), ..pool(2) };
        assert_eq!(tally(&judged), Tally { teams: 5, with: vec![3, 3, 2, 2, 0], complete: true });
    }

    #[test]
    fn who_served_together_is_a_team_again_on_later_days() {
        let mut pool = pool(2);
        pool.past[0].push((2, bits(2, &[0])));
        pool.past[2].push((0, bits(2, &[0])));
        assert_eq!(tally(&pool).teams, 5);
        pool.days[0].set(1);
        pool.days[2].set(1);
        assert_eq!(tally(&pool).teams, 6 + 1, "0-2 on the second day, and 0-4");
    }

    #[test]
    fn a_count_without_end_is_broken_off() {
        let people = 60;
        let (days, apart) = (vec![bits(1, &[0]); people], vec![Bits::none(people); people]);
        let pool = Pool { size: 5, days, needs: Vec::new(), apart, past: vec![Vec::new(); people], judge: None };
        assert!(!tally(&pool).complete);
    }
}
