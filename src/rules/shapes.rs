//! The shapes that a rule can have, and the questions that each answers.
//!
//! A builder asks four kinds of question, from the cheapest to the dearest: which days are closed to
//! a person whatever is planned ([`Bar`]), what a team must have ([`Need`]), who may never serve
//! together ([`Apart`]), and what stands in the way of one more placement on the board ([`Guard`]).
//! A verifier asks one: what is wrong with a schedule ([`Rule::checker`]).

use chrono::NaiveDate;

use super::checker::laid_out;
use super::{Board, Check, Found, PartBar};
use crate::model::{Case, EstablishmentId, InspectorId, Schedule, SlotId, Span, VisitId};

/// What kind of rule it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// This inspector may not go to this visit on this day, because of a fact.
    Exclusion,
    /// These people may not form the team of this visit.
    TeamRule,
    /// At most so many of these within a window.
    Limit,
}

/// One rule with its parameters. A rule overrides the questions of its shape and leaves the others.
pub trait Rule: Send + Sync {
    /// Exclusion, or the part of a limit that no plan can change: who may not go where, and when.
    fn bars<'c>(&self, _case: &'c Case) -> Vec<Bar<'c>> {
        Vec::new()
    }

    /// Exclusion: in which parts of days who may go nowhere; its guard says the same of one placement.
    fn part_bars(&self, _case: &Case) -> Vec<PartBar> {
        Vec::new()
    }

    /// Exclusion: whether `visit` may not start at `date` and `slot`, whoever goes.
    fn closed(&self, _case: &Case, _visit: VisitId, _date: NaiveDate, _slot: SlotId) -> bool {
        false
    }

    /// Team rule: how many people the visit's team has, where this rule says so.
    fn team_size(&self, _case: &Case, _visit: VisitId) -> Option<usize> {
        None
    }

    /// Team rule: what the team of `visit` must have.
    fn needs(&self, _case: &Case, _visit: VisitId) -> Vec<Need> {
        Vec::new()
    }

    /// Team rule: whether `inspector` has the quality that one of this rule's needs names. A person
    /// with a waiver of this rule on a visit has every quality there; the asker sees to that.
    fn has(&self, _case: &Case, _inspector: InspectorId, _quality: &str) -> bool {
        false
    }

    /// Team rule: who may never serve together. A waiver of either person lifts it on that visit.
    fn apart(&self, _case: &Case) -> Apart {
        Apart::default()
    }

    /// Limit: what answers for it while a schedule is being built. None where nothing in this case
    /// could ever break it.
    fn guard<'c>(&self, _case: &'c Case) -> Option<Box<dyn Guard + 'c>> {
        None
    }

    /// Limit: how many visits people may have within `span` at most, on a day or within a week, beside what
    /// history records and what `before` has drawn. Visits for which a waiver of this rule lifts it are not counted.
    fn room(&self, _case: &Case, _before: &Schedule, _span: Span) -> Vec<Room> {
        Vec::new()
    }

    /// What of this rule asks nothing in this case, though the policy turned the rule on: whoever did that should know.
    fn idle(&self, _case: &Case) -> Option<Idle> {
        None
    }

    /// The rule's check of finished schedules, made ready for this case. None where no schedule of this
    /// case could ever break the rule.
    fn checker<'c>(&'c self, case: &'c Case) -> Option<Box<dyn Check + 'c>>;

    /// Every way in which `schedule` breaks the rule, recounted from the case alone.
    ///
    /// # Panics
    /// Where the schedule names a visit or a person that the case has not.
    fn check(&self, case: &Case, schedule: &Schedule) -> Vec<Violation> {
        let mut found = Found::all();
        if let Some(check) = self.checker(case) {
            check.check(laid_out(case, schedule).read(), &mut found);
        }
        found.violations()
    }
}

/// Days on which a person may not go somewhere, whatever else is planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar<'c> {
    /// Who; none means nobody may.
    pub inspector: Option<InspectorId>,
    /// Where.
    pub target: Target<'c>,
    /// First day barred; none means since ever.
    pub from: Option<NaiveDate>,
    /// Last day barred, inclusive; none means without end.
    pub to: Option<NaiveDate>,
}

/// Where a bar holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'c> {
    /// Everywhere.
    Anywhere,
    /// At one place.
    Establishment(EstablishmentId),
    /// At every place of an owner.
    Owner(&'c str),
    /// At every place of a sector.
    Sector(&'c str),
    /// At every place in a district.
    District(&'c str),
    /// At every place outside these districts, places without a district among them.
    Outside(&'c [String]),
}

impl Target<'_> {
    /// Whether the bar holds at `place`.
    pub fn covers(self, case: &Case, place: EstablishmentId) -> bool {
        let at = case.establishment(place);
        match self {
            Self::Anywhere => true,
            Self::Establishment(barred) => barred == place,
            Self::Owner(owner) => at.owner.as_deref() == Some(owner),
            Self::Sector(sector) => at.sector.as_deref() == Some(sector),
            Self::District(district) => at.district.as_deref() == Some(district),
            Self::Outside(served) => !at.district.as_ref().is_some_and(|district| served.contains(district)),
        }
    }
}

/// What a team must have: at least so many members with a quality.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    /// A word that [`Rule::has`] of the same rule understands.
    pub quality: String,
    /// How many members must have it.
    pub at_least: usize,
}

/// Visits that a person may still have on some days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Room {
    /// Who.
    pub who: InspectorId,
    /// First day.
    pub from: NaiveDate,
    /// Last day, inclusive; a room is a day or the days of one calendar week.
    pub to: NaiveDate,
    /// At most so many visits.
    pub visits: usize,
}

/// A parameter that asks nothing in a case, for want of what it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idle {
    /// The parameter.
    pub parameter: &'static str,
    /// What is lacking.
    pub why: String,
    /// What to do.
    pub advice: &'static str,
}

/// People who may never be in one team.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Apart {
    /// These two.
    pub pairs: Vec<(InspectorId, InspectorId)>,
    /// Any two of one group.
    pub groups: Vec<Vec<InspectorId>>,
}

/// A visit at a time that is being considered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Which visit.
    pub visit: VisitId,
    /// Which working day of the period, from 0.
    pub day: usize,
    /// The slot in which it starts.
    pub slot: SlotId,
}

/// What stands in the way of a placement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clash<'v> {
    /// A fact: nothing that is planned could make room.
    Fixed,
    /// Plans: at least `go` of these placed visits would have to go.
    Planned {
        /// The placed visits, nobody twice.
        visits: &'v [VisitId],
        /// How many of them, at least 1 and at most all.
        go: usize,
    },
}

/// A question that a [`Guard`] may answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// [`Guard::person`], and [`Guard::lets`].
    Person,
    /// [`Guard::pair`].
    Pair,
    /// [`Guard::team`].
    Team,
    /// [`Guard::time`].
    Time,
}

/// What answers for a limit while a schedule is being built.
///
/// A placement is allowed when none of the three questions tells of a clash. Each is asked with the
/// placement not yet on the board. Taking any clash's visits off the board (as many as it says)
/// must cure that clash. `person` is asked for everybody who might go, so it must be quick.
pub trait Guard: Send + Sync {
    /// Whether it ever has anything to say to a question; what it never answers need not be asked, a hundred times for each placement.
    fn answers(&self, _question: Question) -> bool {
        true
    }

    /// What keeps `who` from `place`, whoever the others are.
    fn person(&self, _board: &Board, _place: Place, _who: InspectorId, _clash: &mut dyn FnMut(Clash)) {}

    /// Whether nothing keeps `who` from `place`: what [`person`](Self::person) says, for those who only want to know whether.
    fn lets(&self, board: &Board, place: Place, who: InspectorId) -> bool {
        let mut clear = true;
        self.person(board, place, who, &mut |_| clear = false);
        clear
    }

    /// Takes out of `free`, which has a bit for each inspector, people whom it would not let go to `place`. Tells whether those were all:
    /// then whoever is left need not be asked for.
    fn sieve(&self, _board: &Board, _place: Place, _free: &mut [u64]) -> bool {
        false
    }

    /// What keeps `a` and `b` from serving together at `place`, apart from what keeps each alone.
    fn pair(&self, _board: &Board, _place: Place, _a: InspectorId, _b: InspectorId, _clash: &mut dyn FnMut(Clash)) {}

    /// What keeps the whole `team` (in order of ids) from `place`, apart from persons and pairs.
    fn team(&self, _board: &Board, _place: Place, _team: &[InspectorId], _clash: &mut dyn FnMut(Clash)) {}

    /// What keeps the visit from that time, whoever goes.
    fn time(&self, _board: &Board, _place: Place, _clash: &mut dyn FnMut(Clash)) {}

    /// Placed visits that this limit allows no more now that `gone` has been taken off the board;
    /// only for limits that a smaller schedule can break.
    fn fallout(&self, _board: &Board, _gone: VisitId, _broken: &mut dyn FnMut(VisitId)) {}
}

/// One way in which a schedule breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// Name of the rule.
    pub rule: &'static str,
    /// The visits that break it, at least one, in order.
    pub visits: Vec<VisitId>,
    /// The people concerned, in order.
    pub inspectors: Vec<InspectorId>,
    /// The facts, as a sentence that a person can check.
    pub says: String,
}
