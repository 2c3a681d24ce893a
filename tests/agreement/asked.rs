//! A builder's side asked plainly: slow, and close to the words of `rules/shapes.rs`.

use foureyes::model::{Case, InspectorId, SlotId, Team, VisitId};
use foureyes::rules::{self, Apart, Bar, Board, Book, Clash, Guard, Need, Place, Rule, Shape};

/// One rule and what it answered when it was asked about the case.
pub struct Asked<'c> {
    pub name: &'static str,
    pub shape: Shape,
    pub rule: &'c dyn Rule,
    bars: Vec<Bar<'c>>,
    apart: Apart,
    guard: Option<Box<dyn Guard + 'c>>,
}

/// A clash that can be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    Fixed,
    Planned(Vec<VisitId>, usize),
}

/// A question that a guard answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    Time,
    Person(InspectorId),
    Pair(InspectorId, InspectorId),
    Team,
}

impl<'c> Asked<'c> {
    /// Each rule of the book whose name is wanted.
    pub fn of(case: &'c Case, book: &'c Book, wanted: impl Fn(&str) -> bool) -> Vec<Self> {
        let rules = book.rules().filter(|(entry, _)| wanted(entry.name));
        let ask = rules.map(|(entry, rule)| Self {
            name: entry.name,
            shape: entry.shape,
            rule,
            bars: rule.bars(case),
            apart: rule.apart(case),
            guard: rule.guard(case),
        });
        ask.collect()
    }

    /// Whether the rule allows this team this visit at this time, given the board.
    pub fn allows(&self, board: &Board, place: Place, team: &Team) -> bool {
        self.stands_alone(board, place, team) && self.clashes(board, place, team).is_empty()
    }

    /// The part that does not depend on other visits.
    pub fn stands_alone(&self, board: &Board, place: Place, team: &Team) -> bool {
        let (case, rule) = (board.case, self.rule);
        let Place { visit, day, slot } = place;
        let size = rule.team_size(case, visit).is_none_or(|size| size == team.members().len());
        let open = !rule.closed(case, visit, board.calendar.date(day), slot);
        let barred = team.members().iter().any(|who| self.barred(board, place, *who));
        let needs = rule.needs(case, visit).iter().all(|need| self.has_enough(case, visit, team, need));
        size && open && !barred && needs && team.pairs().all(|(a, b)| self.may_meet(case, visit, a, b))
    }

    fn waived(&self, case: &Case, visit: VisitId, who: InspectorId) -> bool {
        case.waived(self.name, visit, who)
    }

    fn barred(&self, board: &Board, place: Place, who: InspectorId) -> bool {
        let case = board.case;
        let (date, at) = (board.calendar.date(place.day), case.visit(place.visit).establishment);
        let holds = |bar: &Bar| {
            bar.inspector.is_none_or(|barred| barred == who)
                && bar.target.covers(case, at)
                && bar.from.is_none_or(|from| from <= date)
                && bar.to.is_none_or(|to| date <= to)
        };
        !self.waived(case, place.visit, who) && self.bars.iter().any(holds)
    }

    fn has_enough(&self, case: &Case, visit: VisitId, team: &Team, need: &Need) -> bool {
        let has = |who: &&InspectorId| self.waived(case, visit, **who) || self.rule.has(case, **who, &need.quality);
        team.members().iter().filter(has).count() >= need.at_least
    }

    fn may_meet(&self, case: &Case, visit: VisitId, a: InspectorId, b: InspectorId) -> bool {
        let waived = self.waived(case, visit, a) || self.waived(case, visit, b);
        let pair = self.apart.pairs.iter().any(|pair| *pair == (a, b) || *pair == (b, a));
        waived || !(pair || self.apart.groups.iter().any(|group| group.contains(&a) && group.contains(&b)))
    }

    /// Every clash that the guard tells of.
    pub fn clashes(&self, board: &Board, place: Place, team: &Team) -> Vec<Told> {
        let told = questions(team).into_iter().flat_map(|question| self.answer(question, board, place, team));
        told.collect()
    }

    /// The clashes that the guard tells of when it is asked this.
    pub fn answer(&self, question: Question, board: &Board, place: Place, team: &Team) -> Vec<Told> {
        let mut told = Vec::new();
        let mut tell = |clash: Clash| told.push(keep(board, place, clash));
        match (&self.guard, question) {
            (None, _) => {}
            (Some(guard), Question::Time) => guard.time(board, place, &mut tell),
            (Some(guard), Question::Person(who)) => guard.person(board, place, who, &mut tell),
            (Some(guard), Question::Pair(a, b)) => guard.pair(board, place, a, b, &mut tell),
            (Some(guard), Question::Team) => guard.team(board, place, team.members(), &mut tell),
        }
        if let Some(guard) = &self.guard {
            self.hold_to_its_word(&**guard, question, (board, place), told.is_empty());
        }
        told
    }

    /// A guard says that it never answers a question only if it does not, and sieves out only whom it would not let go.
    fn hold_to_its_word(&self, guard: &dyn Guard, question: Question, (board, place): (&Board, Place), clear: bool) {
        let (kind, who) = match question {
            Question::Time => (rules::Question::Time, None),
            Question::Person(who) => (rules::Question::Person, Some(who)),
            Question::Pair(..) => (rules::Question::Pair, None),
            Question::Team => (rules::Question::Team, None),
        };
        assert!(clear || guard.answers(kind), "{} answers what it says that it never answers", self.name);
        let Some(who) = who else { return };
        assert_eq!(guard.lets(board, place, who), clear, "{} lets those go whom nothing keeps", self.name);
        let mut free = vec![0; board.case.inspectors.len().div_ceil(64)];
        free[who.index() / 64] = 1 << (who.index() % 64);
        let all = guard.sieve(board, place, &mut free);
        let left = free[who.index() / 64] != 0;
        assert!(left || !clear, "{} sieves out somebody whom it would let go", self.name);
        assert!(!all || left == clear, "{} leaves somebody whom it would not let go", self.name);
    }

    /// What falls out now that `gone` has been taken off.
    pub fn fallout(&self, board: &Board, gone: VisitId) -> Vec<VisitId> {
        let mut fallen = Vec::new();
        if let Some(guard) = &self.guard {
            guard.fallout(board, gone, &mut |visit| {
                assert!(board.placed(visit).is_some(), "{}: only placed visits fall out", self.name);
                fallen.push(visit);
            });
        }
        fallen
    }

    /// Questions that the rule answers although its shape does not ask them.
    pub fn strays(&self, case: &Case) -> Vec<&'static str> {
        let rule = self.rule;
        let mut visits = case.visit_ids();
        let days = case.period.days();
        let closed = case.visit_ids().any(|visit| days.iter().any(|day| rule.closed(case, visit, *day, SlotId(0))));
        let team_rule = self.apart != Apart::default()
            || visits.any(|visit| rule.team_size(case, visit).is_some() || !rule.needs(case, visit).is_empty());
        let exclusion =
            (self.shape == Shape::TeamRule && !self.bars.is_empty()) || (self.shape != Shape::Exclusion && closed);
        let answers =
            [("bars or closed", exclusion), ("team_size, needs or apart", team_rule && self.shape != Shape::TeamRule)];
        answers.into_iter().filter(|(_, strays)| *strays).map(|(question, _)| question).collect()
    }
}

/// Everything that is asked about a team.
pub fn questions(team: &Team) -> Vec<Question> {
    let persons = team.members().iter().map(|who| Question::Person(*who));
    let pairs = team.pairs().map(|(a, b)| Question::Pair(a, b));
    [Question::Time].into_iter().chain(persons).chain(pairs).chain([Question::Team]).collect()
}

fn keep(board: &Board, place: Place, clash: Clash) -> Told {
    let Clash::Planned { visits, go } = clash else { return Told::Fixed };
    assert!((1..=visits.len()).contains(&go), "at least one visit goes and at most all: {visits:?}, {go}");
    assert!(visits.iter().all(|visit| board.placed(*visit).is_some()), "only placed visits can go: {visits:?}");
    assert!(!visits.contains(&place.visit), "a visit is not in its own way");
    let mut distinct = visits.to_vec();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), visits.len(), "no visit is named twice: {visits:?}");
    Told::Planned(visits.to_vec(), go)
}
