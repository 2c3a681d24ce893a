//! Thin pools: visits that too few teams could make, or of which one person has too much of the odds, before anything
//! is drawn. A lottery among three teams is hardly one; and whoever wants a certain team needs only make the others ill.
//! In 2023 in Kyiv, 29 judges of one court fell ill at once, and one was left for the draw.
//!
//! A team is possible if all its members may go on one common day, have what the visit needs, and may serve
//! together, with nothing else planned. What keeps people away is counted without each single fact in turn, and without
//! all that one rule says: the numbers name the cause.

mod facts;
mod tally;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use rayon::prelude::*;

use super::Count;
use crate::model::{Case, ConflictTarget, InspectorId, VisitId};
use crate::rules::Book;
use facts::{Fact, Facts};
use tally::{Bits, Pool, Tally, tally};

/// Visits whose causes are looked for; of further ones only the numbers are told.
const EXPLAINED: usize = 100;
/// Teams that rules are asked of one by one; where there are more, the pool is not thin for what a rule says of whole teams.
const JUDGED: u64 = 1_000;
/// Single facts that are left out in turn, and those that are told.
const TRIED: usize = 100;
const TOLD: usize = 5;

/// A visit with a thin pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thin {
    /// The visit.
    pub visit: VisitId,
    /// People in its team.
    pub size: usize,
    /// People who may go on some day.
    pub people: usize,
    /// The possible teams.
    pub teams: Count,
    /// People who are in more of them than the policy's `odds_max`, most first.
    pub shares: Vec<Share>,
    /// What the pool would be without one fact, the most helpful first.
    pub singles: Vec<Without>,
    /// What it would be without all that one rule says, the most helpful first.
    pub groups: Vec<Group>,
}

/// How many of the possible teams one person is in: the odds if every team were as likely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Who.
    pub inspector: InspectorId,
    /// Teams with them.
    pub teams: u64,
    /// All teams, at least 1.
    pub of: u64,
}

impl Share {
    /// Whether no team goes without them.
    pub fn is_certain(&self) -> bool {
        self.teams == self.of
    }

    fn is_over(&self, per_cent: u32) -> bool {
        u128::from(self.teams) * 100 > u128::from(self.of) * u128::from(per_cent)
    }
}

/// A fact that keeps somebody away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The rule that follows from it.
    pub rule: &'static str,
    /// Who is kept away; nobody where it holds for all.
    pub inspector: Option<InspectorId>,
    /// With whom alone, where two people may not serve together.
    pub with: Option<InspectorId>,
    /// First day, where there is one.
    pub from: Option<NaiveDate>,
    /// Last day, where there is one.
    pub to: Option<NaiveDate>,
    /// Whether it is a row of the absences.
    pub absence: bool,
    /// The reason of the absence, or the category of the conflict.
    pub reason: Option<String>,
}

/// The pool without one fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Without {
    /// The fact.
    pub cause: Cause,
    /// The possible teams without it.
    pub teams: Count,
    /// The greatest share of one person then.
    pub top: Option<Share>,
}

/// The pool without all that one rule says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The rule.
    pub rule: &'static str,
    /// Whether these are rows of the absences, and not what else the rule says.
    pub absences: bool,
    /// The facts that have a part in it; none where the rule forbids whole teams and keeps nobody away.
    pub facts: usize,
    /// The people whom they keep away, on some day at least.
    pub people: usize,
    /// The possible teams without them.
    pub teams: Count,
    /// The greatest share of one person then.
    pub top: Option<Share>,
}

/// The visits of `case` with thin pools, as the policy's `pool_min` and `odds_max` say: mandatory ones first, those
/// with the fewest teams first.
///
/// ```
/// # use foureyes::{bound::thin_pools, read::read_case, rules::Book};
/// let case = read_case("examples/vice-squad".as_ref()).case.expect("the squad ships in order");
/// let thin = thin_pools(&case, &Book::new(&case.settings).expect("and its policy too"));
/// assert!(thin.iter().any(|one| one.teams.teams < 4), "eight people, and a raid that takes them all");
/// ```
pub fn thin_pools(case: &Case, book: &Book) -> Vec<Thin> {
    let facts = Facts::new(case, book);
    let visits: Vec<VisitId> = case.visit_ids().collect();
    let looked: Vec<Option<Thin>> =
        visits.par_iter().map(|visit| Look::new(case, book, &facts, *visit).thin()).collect();
    let mut thin: Vec<Thin> = looked.into_iter().flatten().collect();
    let top = |one: &Thin| one.shares.first().map_or(0, |share| share.teams * 1000 / share.of);
    thin.sort_by_key(|one| {
        let must = case.visit(one.visit).kind.is_mandatory();
        (!must, one.teams.teams.min(u64::from(case.urn.pool_min)), Reverse(top(one)), one.visit)
    });
    thin.par_iter_mut().take(EXPLAINED).for_each(|one| Look::new(case, book, &facts, one.visit).explain(one));
    thin
}

/// One visit that is looked at.
struct Look<'a, 'c> {
    case: &'c Case,
    book: &'c Book,
    facts: &'a Facts<'c>,
    visit: VisitId,
    size: usize,
    open: Bits,
    known: Vec<Fact>,
}

/// What is known of a pool.
struct Known {
    people: Vec<InspectorId>,
    tally: Tally,
    /// How many holders of the scarcest quality there are, and how many of them a team must have.
    scarcest: Option<(u64, u64, Vec<InspectorId>)>,
}

impl<'a, 'c> Look<'a, 'c> {
    fn new(case: &'c Case, book: &'c Book, facts: &'a Facts<'c>, visit: VisitId) -> Self {
        let size = book.rules().filter_map(|(_, rule)| rule.team_size(case, visit)).max().unwrap_or(2);
        Self { case, book, facts, visit, size, open: facts.open(visit), known: facts.of(visit) }
    }

    /// The pool, were it not for the facts that `skip` names.
    fn known(&self, skip: &dyn Fn(&Fact) -> bool) -> Known {
        let mut days = vec![self.open.clone(); self.case.inspectors.len()];
        for fact in self.known.iter().filter(|fact| !skip(fact)) {
            match fact.who {
                Some(who) => days[who.index()].take(&fact.days),
                None => days.iter_mut().for_each(|days| days.take(&fact.days)),
            }
        }
        let people: Vec<InspectorId> = self.case.inspector_ids().filter(|who| !days[who.index()].is_empty()).collect();
        let days = people.iter().map(|who| std::mem::take(&mut days[who.index()])).collect();
        let (mut apart, mut past) = (vec![Bits::none(people.len()); people.len()], vec![Vec::new(); people.len()]);
        let at = |who: Option<InspectorId>| who.and_then(|who| people.binary_search(&who).ok());
        for fact in self.facts.pairs(self.visit, &people).into_iter().filter(|fact| !skip(fact)) {
            let (Some(a), Some(b)) = (at(fact.who), at(fact.with)) else { continue };
            if fact.days.is_empty() {
                apart[a].set(b);
                apart[b].set(a);
            } else {
                past[a].push((b, fact.days.clone()));
                past[b].push((a, fact.days.clone()));
            }
        }
        let needs = self.needs(&people);
        let scarcest = needs.iter().min_by_key(|(at_least, has)| has.len() * 100 / (*at_least).max(1) as u64);
        let scarcest =
            scarcest.map(|(at_least, has)| (has.len(), *at_least as u64, has.iter().map(|at| people[at]).collect()));
        let mut pool = Pool { size: self.size, days, needs, apart, past, judge: None };
        let mut counted = tally(&pool);
        if counted.complete && counted.teams <= JUDGED {
            let judge = |team: &[usize], days: &Bits| {
                let team: Vec<InspectorId> = team.iter().map(|at| people[*at]).collect();
                self.facts.lets(self.visit, &team, days, &|rule| skip(&Fact::of_teams(rule)))
            };
            pool.judge = Some(&judge);
            counted = tally(&pool);
        }
        Known { people, tally: counted, scarcest }
    }

    fn needs(&self, people: &[InspectorId]) -> Vec<(usize, Bits)> {
        let mut needs = Vec::new();
        for (entry, rule) in self.book.rules() {
            for need in rule.needs(self.case, self.visit).into_iter().filter(|need| need.at_least > 0) {
                let mut has = Bits::none(people.len());
                for (at, who) in people.iter().enumerate() {
                    if rule.has(self.case, *who, &need.quality) || self.case.waived(entry.name, self.visit, *who) {
                        has.set(at);
                    }
                }
                needs.push((need.at_least, has));
            }
        }
        needs
    }

    /// The numbers of the visit, if its pool is thin.
    fn thin(&self) -> Option<Thin> {
        let known = self.known(&|_| false);
        let limits = &self.case.urn;
        let mut shares = known.shares();
        shares.retain(|share| share.is_over(limits.odds_max));
        let teams = known.teams();
        let thin = (teams.complete && teams.teams < u64::from(limits.pool_min)) || !shares.is_empty();
        let (visit, size, people) = (self.visit, self.size, known.people.len());
        thin.then_some(Thin { visit, size, people, teams, shares, singles: Vec::new(), groups: Vec::new() })
    }

    /// Adds the causes.
    fn explain(&self, thin: &mut Thin) {
        let everybody: Vec<InspectorId> = self.case.inspector_ids().collect();
        let pairs = self.facts.pairs(self.visit, &everybody);
        let mut groups: BTreeMap<(&'static str, bool), Vec<&Fact>> = BTreeMap::new();
        for fact in self.known.iter().chain(pairs) {
            groups.entry((fact.rule, self.absence(fact).is_some())).or_default().push(fact);
        }
        // A rule may say nothing of anybody, and forbid teams all the same.
        for rule in self.facts.guarding() {
            groups.entry((rule, false)).or_default();
        }
        let few = thin.teams.teams < u64::from(self.case.urn.pool_min);
        let before = Pooled { few, teams: thin.teams, top: thin.shares.first().copied() };
        let mut helpful: Vec<&Fact> = Vec::new();
        for ((rule, absences), facts) in groups {
            let after = self.without(few, &|fact| fact.rule == rule && self.absence(fact).is_some() == absences);
            if !after.is_better_than(before) {
                continue;
            }
            let mut people: Vec<_> = facts.iter().flat_map(|fact| [fact.who, fact.with]).flatten().collect();
            people.sort_unstable();
            people.dedup();
            let Pooled { teams, top, .. } = after;
            thin.groups.push(Group { rule, absences, facts: facts.len(), people: people.len(), teams, top });
            helpful.extend(facts);
        }
        helpful.sort_by_key(|fact| (self.absence(fact).is_none(), fact.rule != "conflict-of-interest"));
        for fact in helpful.into_iter().take(TRIED) {
            let after = self.without(few, &|other| other == fact);
            if after.is_better_than(before) {
                thin.singles.push(Without { cause: self.cause(fact), teams: after.teams, top: after.top });
            }
        }
        thin.groups.sort_by_key(|one| Pooled { few, teams: one.teams, top: one.top }.rank());
        thin.singles.sort_by_key(|one| Pooled { few, teams: one.teams, top: one.top }.rank());
        thin.singles.dedup();
        thin.singles.truncate(TOLD);
    }

    fn without(&self, few: bool, skip: &dyn Fn(&Fact) -> bool) -> Pooled {
        let known = self.known(skip);
        Pooled { few, teams: known.teams(), top: known.shares().first().copied() }
    }

    fn absence(&self, fact: &Fact) -> Option<&'c crate::model::Absence> {
        self.case.absences.iter().find(|absence| {
            fact.rule == "availability"
                && fact.who == Some(absence.inspector)
                && (fact.from, fact.to) == (Some(absence.from), Some(absence.to))
        })
    }

    fn cause(&self, fact: &Fact) -> Cause {
        let absence = self.absence(fact);
        let place = self.case.visit(self.visit).establishment;
        let at = self.case.establishment(place);
        let declared = self.case.conflicts.iter().find(|conflict| {
            fact.rule == "conflict-of-interest"
                && fact.who == Some(conflict.inspector)
                && match &conflict.target {
                    ConflictTarget::Establishment(there) => *there == place,
                    ConflictTarget::Owner(owner) => at.owner.as_ref() == Some(owner),
                    ConflictTarget::Sector(sector) => at.sector.as_ref() == Some(sector),
                    ConflictTarget::District(district) => at.district.as_ref() == Some(district),
                    ConflictTarget::Inspector(_) => false,
                }
        });
        let reason = absence.and_then(|absence| absence.reason.clone());
        Cause {
            rule: fact.rule,
            inspector: fact.who,
            with: fact.with,
            from: fact.from,
            to: fact.to,
            absence: absence.is_some(),
            reason: reason.or_else(|| declared.and_then(|declared| declared.category.clone())),
        }
    }
}

/// How thin a pool is.
#[derive(Clone, Copy)]
struct Pooled {
    /// Whether the number of teams is what makes it thin, and not the odds of one person.
    few: bool,
    teams: Count,
    top: Option<Share>,
}

impl Pooled {
    fn is_better_than(self, before: Self) -> bool {
        if self.few {
            return self.teams.teams > before.teams.teams;
        }
        let (Some(was), Some(is)) = (before.top, self.top) else { return false };
        u128::from(is.teams) * u128::from(was.of) < u128::from(was.teams) * u128::from(is.of)
    }

    /// The best first.
    fn rank(self) -> (u64, Reverse<u64>, u64) {
        let top = self.top.map_or(1000, |share| share.teams.saturating_mul(1000) / share.of);
        if self.few { (0, Reverse(self.teams.teams), top) } else { (top, Reverse(self.teams.teams), 0) }
    }
}

impl Known {
    fn teams(&self) -> Count {
        Count { teams: self.tally.teams, complete: self.tally.complete }
    }

    /// Everybody's share, greatest first. Where teams are too many to be counted, those who have the scarcest quality share
    /// it evenly: one of them can't have less than that.
    fn shares(&self) -> Vec<Share> {
        if self.tally.teams == 0 {
            return Vec::new();
        }
        let share = |(who, teams): (&InspectorId, &u64)| Share { inspector: *who, teams: *teams, of: self.tally.teams };
        let mut shares: Vec<Share> = match &self.scarcest {
            _ if self.tally.complete => self.people.iter().zip(&self.tally.with).map(share).collect(),
            Some((holders, at_least, who)) => {
                who.iter().map(|who| Share { inspector: *who, teams: *at_least, of: (*holders).max(1) }).collect()
            }
            None => Vec::new(),
        };
        shares.sort_by_key(|share| (Reverse(share.teams), share.inspector));
        shares
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::fixture;

    /// One lead is there; the other is away, and kept from p1 by a conflict too.
    const CASE: &str = "
        period 2027-01-04..2027-01-08
        inspector ana lead
        inspector ben lead
        inspectors cem dan eve
        place p1
        place p2
        visit v1 p1
        visit v2 p2
        absence ben 2027-01-04..2027-01-08 sick
        conflict ben establishment p1 kin
    ";

    fn thin(text: &str) -> (Case, Vec<Thin>) {
        let (case, _) = fixture(text);
        let thin = thin_pools(&case, &Book::new(&case.settings).unwrap());
        (case, thin)
    }

    #[test]
    fn a_lead_whom_nobody_can_replace_is_told_of() {
        let (_, thin) = thin(CASE);
        assert_eq!(thin.len(), 2);
        assert_eq!(thin[0].teams, Count { teams: 4 - 1, complete: true });
        assert!(thin.iter().all(|one| one.shares[0].inspector == InspectorId(0) && one.shares[0].is_certain()));
    }

    #[test]
    fn the_absence_that_made_it_thin_is_named_with_what_would_be_without_it() {
        let (_, thin) = thin(CASE);
        let v2 = thin.iter().find(|one| one.visit == VisitId(1)).unwrap();
        let best = &v2.singles[0];
        assert_eq!((best.cause.inspector, best.cause.reason.as_deref()), (Some(InspectorId(1)), Some("sick")));
        // Ana or Ben with each of three, and the two together.
        assert_eq!(best.teams.teams, 7);
        assert!(v2.groups.iter().any(|group| group.absences && group.facts == 1 && group.teams.teams == 7));
    }

    #[test]
    fn where_two_facts_keep_one_person_away_neither_alone_is_the_cause() {
        let (_, thin) = thin(CASE);
        let v1 = thin.iter().find(|one| one.visit == VisitId(0)).unwrap();
        assert_eq!(v1.singles, []);
        assert_eq!(v1.groups, []);
    }

    #[test]
    fn a_rotation_of_the_past_makes_a_pool_thin() {
        let text = "
            period 2027-01-04..2027-01-05
            inspector ana lead
            inspector ben lead
            inspector cem lead
            place p1
            place p2
            visit v1 p1
            history 2027-01-02 p2 ana ben
            history 2026-06-01 p1 cem
        ";
        let (_, thin) = thin(text);
        assert_eq!(thin[0].teams.teams, 0);
        let rules: Vec<_> = thin[0].groups.iter().map(|group| (group.rule, group.teams.teams)).collect();
        assert_eq!(rules, [("no-return", 2), ("pair-rotation", 1)]);
        let pair = thin[0].singles.iter().find(|one| one.cause.rule == "pair-rotation").unwrap();
        assert_eq!((pair.cause.inspector, pair.cause.with), (Some(InspectorId(0)), Some(InspectorId(1))));
    }

    #[test]
    fn many_absences_are_one_group() {
        let people: String = (0..30).map(|at| format!("inspector i{at:02} lead\n")).collect();
        let away: String = (1..30).map(|at| format!("absence i{at:02} 2027-01-04..2027-01-15 sick\n")).collect();
        let (_, thin) = thin(&format!("{people}{away}place p1\nvisit v1 p1"));
        let [group] = thin[0].groups.as_slice() else { panic!("{thin:?}") };
        assert_eq!((group.facts, group.people, group.teams.teams), (29, 29, 435));
        assert_eq!(thin[0].teams.teams, 0);
    }

    #[test]
    fn a_wide_pool_is_not_told_of_and_the_policy_says_what_is_wide() {
        let people: String = (0..12).map(|at| format!("inspector i{at:02} lead\n")).collect();
        let (mut case, _) = fixture(&format!("{people}place p1\nvisit v1 p1"));
        let book = Book::new(&case.settings).unwrap();
        assert_eq!(thin_pools(&case, &book), []);
        case.urn.odds_max = 16;
        let thin = thin_pools(&case, &book);
        assert_eq!((thin[0].shares.len(), thin[0].shares[0].teams, thin[0].shares[0].of), (12, 11, 66));
        case.urn = crate::model::UrnPolicy { odds_max: 100, pool_min: 67, ..case.urn };
        assert_eq!(thin_pools(&case, &book).len(), 1);
    }

    #[test]
    fn the_count_is_that_of_the_rules_own_checks() {
        let text = format!(
            "{CASE}\n history 2027-01-03 p2 ana cem\n waiver lead v2 dan\n visit v3 p2 size=3 women=1\n
             inspector fay woman lead\n conflict dan inspector eve spouse"
        );
        let (mut case, _) = fixture(&text);
        case.urn.pool_min = 1000;
        let book = Book::new(&case.settings).unwrap();
        let thin = thin_pools(&case, &book);
        for visit in case.visit_ids() {
            let told = thin.iter().find(|one| one.visit == visit).unwrap();
            assert_eq!(told.teams.teams, by_the_checks(&case, &book, visit, told.size), "{}", case.visit(visit).id);
        }
    }

    /// Teams that every rule lets go at some time, one by one.
    fn by_the_checks(case: &Case, book: &Book, visit: VisitId, size: usize) -> u64 {
        use crate::model::{Assignment, Schedule, SlotId, Team};
        let mut count = 0;
        for set in 0u32..1 << case.inspectors.len() {
            let members = case.inspector_ids().filter(|who| set >> who.0 & 1 == 1);
            let Some(team) = Team::new(members).filter(|team| team.members().len() == size) else { continue };
            let sound = case.period.days().into_iter().any(|date| {
                let assignment = Assignment { date, slot: SlotId(0), team: team.clone() };
                let mut schedule = Schedule::default();
                schedule.assignments.insert(visit, assignment);
                book.check(case, &schedule).is_empty()
            });
            count += u64::from(sound);
        }
        count
    }
}
