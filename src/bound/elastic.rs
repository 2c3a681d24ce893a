//! The smallest number of further seats with which the mandatory visits could be made, where seats are short: by
//! district, quality and week. An elastic linear model: every seat that is lacking may be had at a price, and the dearest
//! thing is to have many.
//!
//! Floats search here and decide nothing. What they find is tried before it is told: people with just these seats
//! are put on the roster, and the flow of whole seats is asked again how many visits can be staffed. People are summed up by what they have
//! and where they may serve, so that the answer says "at least": who is barred from a single place, rotation and
//! partners may ask for more.

use std::collections::{BTreeMap, BTreeSet};

use good_lp::{Expression, ProblemVariables, Solution, SolverModel, Variable, clarabel, constraint, variable};

#[cfg(feature = "highs")]
use good_lp::highs as in_whole_numbers;
#[cfg(not(feature = "highs"))]
use good_lp::microlp as in_whole_numbers;

use super::capacity::span;
use super::most_staffed;
use super::seats::Seats;
use crate::model::{Case, EstablishmentId, Inspector, InspectorId, Schedule, Span, VisitId, Week};
use crate::rules::Book;

/// Variables beyond which nothing is asked: the bound is on size, since time would differ between machines.
const MOST: usize = 40_000;
/// Variables up to which whole numbers are sought; beyond, parts of seats are rounded up.
const WHOLE: usize = 400;
/// Seats up to which an answer is tried on the roster.
const TRIED: usize = 2_000;

/// Seats that would have to be there in one week.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Extra {
    /// The week.
    pub week: Week,
    /// The district they serve.
    pub district: Option<String>,
    /// What they must have: the rule that asks for it, and the quality in its words.
    pub quality: Option<(&'static str, String)>,
    /// How many.
    pub seats: usize,
}

/// What would let the mandatory visits be made, as far as seats go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relief {
    /// The further seats, in order of time.
    pub extras: Vec<Extra>,
    /// Whether fewer seats in all could not do; else parts of seats were rounded up.
    pub least: bool,
    /// Mandatory visits.
    pub mandatory: usize,
    /// How many of them can be staffed at most as it is.
    pub now: usize,
    /// How many with these seats: counted again by flow.
    pub then: usize,
}

/// The fewest further seats with which more mandatory visits could be made. None where every visit can be as it is, where
/// seats are not what is lacking, where the model is too large, or where its answer did not stand the trial.
///
/// ```
/// # use foureyes::{bound::relief, read::read_case, rules::Book};
/// let case = read_case("examples/harbour".as_ref()).case.expect("the harbour ships in order");
/// let book = Book::new(&case.settings).expect("and its policy too");
/// assert_eq!(relief(&case, &book), None, "it has seats enough");
/// ```
pub fn relief(case: &Case, book: &Book) -> Option<Relief> {
    let staffed = |case: &Case| {
        let span = Span { from: case.period.from, to: case.period.to };
        most_staffed(case, book, span, &Schedule::default()).mandatory
    };
    let now = staffed(case);
    if now.at_most >= now.of {
        return None;
    }
    let (extras, least) = Model::new(case, book).solve()?;
    let total = extras.iter().fold(0usize, |sum, extra| sum.saturating_add(extra.seats));
    if total == 0 || total > TRIED {
        return None;
    }
    let then = staffed(&with_people(case, book, &extras)?).at_most;
    (then > now.at_most).then_some(Relief { extras, least, mandatory: now.of, now: now.at_most, then })
}

/// What visits of one kind ask: district, people, and each quality with its number.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Asks {
    district: Option<String>,
    size: usize,
    needs: Vec<(&'static str, String, usize)>,
}

/// What people of one kind have: the qualities, and by week their seats in all and in each district.
#[derive(Default)]
struct Kind {
    whole: Vec<usize>,
    districts: BTreeMap<Option<String>, Vec<usize>>,
}

type Qualities = BTreeSet<(&'static str, String)>;

struct Model {
    weeks: Vec<Week>,
    /// Visits by what they ask and the weeks that they may be held in.
    visits: BTreeMap<(Asks, (usize, usize)), usize>,
    kinds: BTreeMap<(Qualities, BTreeSet<Option<String>>), Kind>,
}

impl Model {
    fn new(case: &Case, book: &Book) -> Self {
        let seats = Seats::new(case, book);
        let mut visits: BTreeMap<(Asks, (usize, usize)), usize> = BTreeMap::new();
        for visit in case.visit_ids().filter(|visit| case.visit(*visit).kind.is_mandatory()) {
            if let Some(span) = span(case, book, &seats, visit) {
                *visits.entry((asks(case, book, visit), span)).or_default() += 1;
            }
        }
        let weeks: Vec<Week> = seats.weeks.iter().map(|(week, _)| *week).collect();
        let mut model = Self { weeks, visits, kinds: BTreeMap::new() };
        model.count_people(case, book, &seats);
        model
    }

    fn count_people(&mut self, case: &Case, book: &Book, seats: &Seats) {
        let asked: Qualities =
            self.visits.keys().flat_map(|(asks, _)| &asks.needs).map(|need| (need.0, need.1.clone())).collect();
        let districts: BTreeSet<Option<String>> = self.visits.keys().map(|(asks, _)| asks.district.clone()).collect();
        let whole = seats.table(None);
        let tables: Vec<(Option<String>, Vec<Vec<usize>>)> = districts
            .into_iter()
            .map(|district| {
                let place = case.establishments.iter().position(|place| place.district == district);
                (district, seats.table(place.map(EstablishmentId::at)))
            })
            .collect();
        for (who, row) in case.inspector_ids().zip(&whole) {
            let has = asked.iter().filter(|(rule, quality)| has(case, book, rule, quality, who)).cloned().collect();
            let rows = tables.iter().map(|(district, table)| (district, &table[who.index()]));
            let served: Vec<_> = rows.filter(|(_, row)| row.iter().any(|seats| *seats > 0)).collect();
            let key = (has, served.iter().map(|(district, _)| (*district).clone()).collect());
            let kind = self.kinds.entry(key).or_default();
            add(&mut kind.whole, row);
            served
                .into_iter()
                .for_each(|(district, row)| add(kind.districts.entry(district.clone()).or_default(), row));
        }
    }

    /// A lower bound of the number of variables.
    fn size(&self) -> usize {
        let asks: BTreeSet<&Asks> = self.visits.keys().map(|(asks, _)| asks).collect();
        self.visits.len().saturating_add(asks.len().saturating_mul(self.kinds.len())).saturating_mul(self.weeks.len())
    }

    /// The fewest further seats, and whether they are a least in whole numbers.
    fn solve(&self) -> Option<(Vec<Extra>, bool)> {
        let size = self.size();
        if size > MOST {
            return None;
        }
        let whole = size <= WHOLE;
        let mut lp = Lp::of(self, whole);
        let objective = std::mem::take(&mut lp.objective);
        let problem = lp.problem.minimise(objective);
        let values: Vec<f64> = if whole {
            let solved = lp
                .constraints
                .into_iter()
                .fold(problem.using(in_whole_numbers), |model, one| model.with(one))
                .solve()
                .ok()?;
            lp.extras.iter().map(|(_, variable)| solved.value(*variable)).collect()
        } else {
            let solved =
                lp.constraints.into_iter().fold(problem.using(clarabel), |model, one| model.with(one)).solve().ok()?;
            lp.extras.iter().map(|(_, variable)| solved.value(*variable)).collect()
        };
        let mut extras: Vec<Extra> = Vec::new();
        for ((extra, _), value) in lp.extras.into_iter().zip(values) {
            if !value.is_finite() || value > 1e6 {
                return None;
            }
            let seats = (value - 1e-4).ceil().max(0.0) as usize;
            extras.extend((seats > 0).then_some(Extra { seats, ..extra }));
        }
        extras.sort();
        Some((extras, whole))
    }
}

/// The linear model: how many visits of each kind go to which week, whose seats they take, and which are lacking.
struct Lp {
    problem: ProblemVariables,
    constraints: Vec<good_lp::Constraint>,
    objective: Expression,
    extras: Vec<(Extra, Variable)>,
}

impl Lp {
    fn of(model: &Model, whole: bool) -> Self {
        let (problem, extras) = (ProblemVariables::new(), Vec::new());
        let mut lp = Self { problem, constraints: Vec::new(), objective: Expression::from(0.0), extras };
        let mut held: BTreeMap<(&Asks, usize), Expression> = BTreeMap::new();
        for ((asks, (first, last)), count) in &model.visits {
            let mut sum = Expression::from(0.0);
            for week in *first..=*last {
                let visits = lp.problem.add(variable().min(0.0));
                sum += visits;
                *held.entry((asks, week)).or_insert_with(|| Expression::from(0.0)) += visits;
            }
            lp.constraints.push(constraint!(sum == *count as f64));
        }
        let mut used: BTreeMap<(usize, usize), Expression> = BTreeMap::new();
        let mut used_there: BTreeMap<(usize, &Option<String>, usize), Expression> = BTreeMap::new();
        for ((asks, week), visits) in held {
            let mut seats = Expression::from(0.0);
            let mut with: Vec<Expression> = vec![Expression::from(0.0); asks.needs.len()];
            for (at, ((has, _), kind)) in model.kinds.iter().enumerate() {
                if kind.districts.get(&asks.district).and_then(|row| row.get(week)).is_none_or(|seats| *seats == 0) {
                    continue;
                }
                let taken = lp.problem.add(variable().min(0.0));
                seats += taken;
                *used.entry((at, week)).or_insert_with(|| Expression::from(0.0)) += taken;
                *used_there.entry((at, &asks.district, week)).or_insert_with(|| Expression::from(0.0)) += taken;
                let met = asks.needs.iter().zip(&mut with).filter(|(need, _)| has.contains(&(need.0, need.1.clone())));
                met.for_each(|(_, sum)| *sum += taken);
            }
            seats += lp.extra(model.weeks[week], asks, None, whole);
            for (need, mut sum) in asks.needs.iter().zip(with) {
                let extra = lp.extra(model.weeks[week], asks, Some((need.0, need.1.clone())), whole);
                sum += extra;
                seats += extra;
                lp.constraints.push(constraint!(sum >= visits.clone() * need.2 as f64));
            }
            lp.constraints.push(constraint!(seats >= visits * asks.size as f64));
        }
        let kinds: Vec<&Kind> = model.kinds.values().collect();
        let row =
            |row: Option<&Vec<usize>>, week: usize| row.and_then(|row| row.get(week)).copied().unwrap_or(0) as f64;
        for ((at, week), sum) in used {
            lp.constraints.push(constraint!(sum <= row(Some(&kinds[at].whole), week)));
        }
        for ((at, district, week), sum) in used_there {
            lp.constraints.push(constraint!(sum <= row(kinds[at].districts.get(district), week)));
        }
        lp
    }

    /// Seats to be had at a price. Those who have a quality cost a trifle more, so that none is asked for in vain.
    fn extra(&mut self, week: Week, asks: &Asks, quality: Option<(&'static str, String)>, whole: bool) -> Variable {
        let extra = Extra { week, district: asks.district.clone(), quality, seats: 0 };
        if let Some((_, known)) = self.extras.iter().find(|(other, _)| *other == extra) {
            return *known;
        }
        let kind = if whole { variable().integer() } else { variable() };
        let seats = self.problem.add(kind.min(0.0).max(1e5));
        let price = if extra.quality.is_some() { 1.01 } else { 1.0 };
        self.objective += seats * (price + self.extras.len() as f64 * 1e-6);
        self.extras.push((extra, seats));
        seats
    }
}

fn asks(case: &Case, book: &Book, visit: VisitId) -> Asks {
    let mut needs = Vec::new();
    for (entry, rule) in book.rules() {
        let waived = case.waivers.iter().filter(|one| one.visit == visit && one.rule == entry.name);
        let waived: BTreeSet<_> = waived.map(|waiver| waiver.inspector).collect();
        for need in rule.needs(case, visit) {
            let at_least = need.at_least.saturating_sub(waived.len());
            needs.extend((at_least > 0).then_some((entry.name, need.quality, at_least)));
        }
    }
    Asks { district: case.place_of(visit).district.clone(), size: book.team_size(case, visit), needs }
}

fn has(case: &Case, book: &Book, rule: &str, quality: &str, who: InspectorId) -> bool {
    book.rules().any(|(entry, asked)| entry.name == rule && asked.has(case, who, quality))
}

fn add(sum: &mut Vec<usize>, row: &[usize]) {
    sum.resize(row.len(), 0);
    sum.iter_mut().zip(row).for_each(|(sum, seats)| *sum = sum.saturating_add(*seats));
}

/// The case with somebody on the roster for each further seat: like somebody who has the quality, there in that
/// week alone, for one visit in that district. None where nobody has a quality that is asked for.
fn with_people(case: &Case, book: &Book, extras: &[Extra]) -> Option<Case> {
    let mut changed = case.clone();
    for extra in extras {
        let like = case
            .inspector_ids()
            .find(|who| extra.quality.as_ref().is_none_or(|(rule, quality)| has(case, book, rule, quality, *who)))?;
        let monday = extra.week.monday()?;
        let person = |at: usize| Inspector {
            id: format!("further {} {at}", changed.inspectors.len()),
            territory: extra.district.iter().cloned().collect(),
            home_district: None,
            authority_from: Some(monday),
            authority_to: monday.checked_add_days(chrono::Days::new(6)),
            left_on: None,
            visits_per_day: None,
            visits_per_week: Some(1),
            supervisor: None,
            ..case.inspector(like).clone()
        };
        let more: Vec<Inspector> = (0..extra.seats).map(person).collect();
        changed.inspectors.extend(more);
    }
    Some(changed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::fixture;

    fn ask(text: &str) -> Option<Relief> {
        let (case, _) = fixture(text);
        let book = Book::new(&case.settings).unwrap();
        relief(&case, &book)
    }

    /// The only lead in North is away in the second week, in which three visits must be made there.
    const CASE: &str = "
        inspector ana lead territory=North
        inspector ben lead territory=South
        inspectors cem dan eve
        place n district=North
        place s district=South
        visit v1 n earliest=2027-01-11
        visit v2 n earliest=2027-01-11
        visit v3 n earliest=2027-01-11
        visit v4 s
        absence ana 2027-01-11..2027-01-15
    ";

    #[test]
    fn three_more_leads_in_north_in_the_second_week() {
        let relief = ask(CASE).unwrap();
        let [extra] = relief.extras.as_slice() else { panic!("{relief:?}") };
        assert_eq!((extra.week.number, extra.seats, relief.least), (2, 3, true));
        assert_eq!((relief.mandatory, relief.now, relief.then), (4, 1, 4));
        assert_eq!(extra.district.as_deref(), Some("North"));
        assert_eq!(extra.quality, Some(("lead", "lead".to_owned())));
    }

    #[test]
    fn where_nothing_is_short_nothing_is_asked_for() {
        assert_eq!(ask(&CASE.replace("absence ana 2027-01-11..2027-01-15", "")), None);
    }

    #[test]
    fn seats_without_a_quality_are_lacking_too() {
        let text = "
            inspector ana lead per_week=1
            inspector ben lead per_week=1
            place p1
            visit v1 p1 latest=2027-01-08
            visit v2 p1 latest=2027-01-08
        ";
        let relief = ask(text).unwrap();
        assert_eq!(
            relief.extras.iter().map(|extra| (extra.quality.clone(), extra.seats)).collect::<Vec<_>>(),
            [(None, 2)]
        );
    }

    #[test]
    fn a_visit_that_may_wait_goes_where_there_are_seats() {
        let text = CASE.replace("visit v3 n earliest=2027-01-11", "visit v3 n");
        let relief = ask(&text).unwrap();
        assert_eq!(relief.extras.iter().map(|extra| extra.seats).sum::<usize>(), 2);
    }
}
