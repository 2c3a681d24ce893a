//! Cases as small texts, so that a rule's test is a text and what the rule says of it.
//!
//! One line a fact, in any order; `#` begins a comment; a word that nobody knows panics.
//!
//! ```text
//! period 2027-01-04..2027-01-15          the default; weekdays mon to fri, slots am and pm
//! weekdays mon tue sat
//! slots am pm night
//! hours am=08:00-12:00 night=22:00-06:00  when slots begin and end; of those that are not named nobody knows
//! inspectors ana ben cem                 people of whom nothing else matters
//! inspector ana lead woman unit=North agency=tax home=D1 territory=D1|D2 grade=trainee skills=fire|diving
//!               languages=ka from=2027-01-01 to=2027-12-31 left=2027-01-08 per_day=1 per_week=5 supervisor=ben
//! places p1 p2
//! place p1 district=D1 owner=O sector=food risk=high tags=shelter|school lat=41149450 lon=-8610790
//! visit v1 p1 kind=raid size=4 skills=fire women=1 slot=am duration=2 operation=dawn agencies=labour|tax earliest=2027-01-05 latest=2027-01-06
//! absence ana 2027-01-04..2027-01-05 slots=am|pm leave    slots may be left out
//! conflict ana establishment p1 employee ..2026-12-01       category and dates may be left out
//! history 2026-12-20 p1 ana ben kind=raid visit=old7 others=zoe|yan agency=tax
//! waiver lead v1 ana
//! set lead.leads 2                       or true, or a word, or [a, b]
//! plan v1 2027-01-04 am ana ben
//! ```

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{BOOK, Board, Book, Clash, Place, Rule, Violation};
use crate::model::{
    Absence, Assignment, Case, Conflict, ConflictTarget, Establishment, EstablishmentId, Gender, Hours, Inspector,
    InspectorId, Kind, PastVisit, Period, Point, Programmed, Schedule, Setting, SlotId, Team, UrnPolicy, Visit,
    VisitId, Waiver,
};

/// The sentences of every way in which the plan of `text` breaks the rule called `name`. The rule is
/// on, unless the text turns it off. The builder's side must agree on whether the plan stands.
#[track_caller]
pub(super) fn broken(name: &str, text: &str) -> Vec<String> {
    violations(name, text).into_iter().map(|violation| violation.says).collect()
}

/// The same, whole.
#[track_caller]
pub(super) fn violations(name: &str, text: &str) -> Vec<Violation> {
    let (mut case, schedule) = fixture(text);
    case.settings.entry(name.to_owned()).or_default().entry("enabled".to_owned()).or_insert(Setting::Switch(true));
    let book = Book::new(&case.settings).unwrap_or_else(|problems| panic!("{problems:?}"));
    let booked = book.all().iter().find(|booked| booked.entry.name == name);
    let Some(rule) = &booked.unwrap_or_else(|| panic!("there is no rule {name}")).rule else {
        return Vec::new();
    };
    let found = rule.check(&case, &schedule);
    for violation in &found {
        assert_eq!(violation.rule, name);
        assert!(!violation.visits.is_empty(), "a violation names a visit: {violation:?}");
        assert!(violation.visits.is_sorted() && violation.inspectors.is_sorted(), "in order: {violation:?}");
    }
    let (_, refused) = lay(name, rule.as_ref(), &case, schedule.in_time());
    assert_eq!(refused.is_empty(), found.is_empty(), "the builder refuses {refused:?}, the check finds {found:?}");
    found
}

/// Whether a policy that says nothing has the rule called `name` on.
pub(super) fn on_by_default(name: &str) -> bool {
    let book = Book::new(&BTreeMap::new()).expect("the defaults are lawful");
    book.rules().any(|(entry, _)| entry.name == name)
}

/// Lays the visits of `plan` on a board, one after the other, and leaves out those that a builder
/// would refuse under this rule. Days that the calendar does not know only the visit itself can refuse.
pub(super) fn lay<'c, 'p>(
    name: &str,
    rule: &dyn Rule,
    case: &'c Case,
    plan: impl IntoIterator<Item = (VisitId, &'p Assignment)>,
) -> (Board<'c>, Vec<VisitId>) {
    let guard = rule.guard(case);
    let mut board = Board::new(case);
    let mut refused = Vec::new();
    for (visit, assignment) in plan {
        let place = board.calendar.day(assignment.date).map(|day| Place { visit, day, slot: assignment.slot });
        let room = place
            .zip(guard.as_ref())
            .is_none_or(|(place, guard)| has_room(guard.as_ref(), &board, place, &assignment.team));
        match place {
            _ if !room || !stands_alone(name, rule, case, visit, assignment) => refused.push(visit),
            Some(place) => board.put(place, assignment.team.clone()),
            None => {}
        }
    }
    (board, refused)
}

/// Everything that does not depend on other visits.
fn stands_alone(name: &str, rule: &dyn Rule, case: &Case, visit: VisitId, assignment: &Assignment) -> bool {
    let Assignment { date, slot, team } = assignment;
    let waived = |who: InspectorId| case.waived(name, visit, who);
    let place = case.visit(visit).establishment;
    let barred = |who: InspectorId| {
        rule.bars(case).iter().any(|bar| {
            bar.inspector.is_none_or(|named| named == who)
                && bar.target.covers(case, place)
                && bar.from.is_none_or(|from| from <= *date)
                && bar.to.is_none_or(|to| *date <= to)
        })
    };
    let met = rule.needs(case, visit).iter().all(|need| {
        let has = |who: &&InspectorId| waived(**who) || rule.has(case, **who, &need.quality);
        team.members().iter().filter(has).count() >= need.at_least
    });
    let apart = rule.apart(case);
    let kept_apart = |(a, b): (InspectorId, InspectorId)| {
        !waived(a)
            && !waived(b)
            && (apart.pairs.iter().any(|pair| *pair == (a, b) || *pair == (b, a))
                || apart.groups.iter().any(|group| group.contains(&a) && group.contains(&b)))
    };
    !rule.closed(case, visit, *date, *slot)
        && rule.team_size(case, visit).is_none_or(|size| size == team.members().len())
        && met
        && !team.pairs().any(kept_apart)
        && !team.members().iter().any(|who| !waived(*who) && barred(*who))
}

/// Whether the guard tells of no clash; and whether its clashes are lawful.
fn has_room(guard: &dyn super::Guard, board: &Board, place: Place, team: &Team) -> bool {
    let mut room = true;
    let mut tell = |clash: Clash| {
        if let Clash::Planned { visits, go } = clash {
            assert!((1..=visits.len()).contains(&go), "at least one visit goes and at most all");
            assert!(visits.iter().all(|visit| board.placed(*visit).is_some()), "only placed visits can go");
            let distinct: std::collections::BTreeSet<_> = visits.iter().collect();
            assert_eq!(distinct.len(), visits.len(), "no visit is named twice");
        }
        room = false;
    };
    guard.time(board, place, &mut tell);
    team.members().iter().for_each(|who| guard.person(board, place, *who, &mut tell));
    team.pairs().for_each(|(a, b)| guard.pair(board, place, a, b, &mut tell));
    guard.team(board, place, team.members(), &mut tell);
    room
}

/// The case and the plan that `text` tells of.
#[track_caller]
pub(crate) fn fixture(text: &str) -> (Case, Schedule) {
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or("").trim()).filter(|line| !line.is_empty());
    let mut lines: Vec<Line> = lines.map(Line::of).collect();
    // A line may name what a later line declares: first come names, then facts of them.
    let turn = |line: &Line| ORDER.iter().position(|word| *word == line.verb);
    for line in &lines {
        assert!(turn(line).is_some(), "nobody knows `{}`", line.verb);
    }
    lines.sort_by_key(|line| (turn(line), line.words.first().cloned()));
    let mut fixture = Fixture::new(&lines);
    lines.iter().for_each(|line| fixture.take(line));
    let Fixture { mut case, schedule } = fixture;
    case.conflicts.sort();
    case.absences.sort();
    case.history.sort_by(|a, b| (a.date, a.establishment, &a.team).cmp(&(b.date, b.establishment, &b.team)));
    case.waivers.sort();
    (case, schedule)
}

const ORDER: &[&str] = &[
    "period",
    "weekdays",
    "slots",
    "hours",
    "inspectors",
    "inspector",
    "places",
    "place",
    "visit",
    "absence",
    "conflict",
    "history",
    "waiver",
    "set",
    "plan",
];

/// A line taken apart: its verb, its plain words, and its `key=value` words.
struct Line {
    verb: String,
    words: Vec<String>,
    keys: BTreeMap<String, String>,
}

impl Line {
    fn of(line: &str) -> Self {
        let mut words = line.split_whitespace().map(str::to_owned);
        let verb = words.next().expect("blank lines are left out");
        // A value may have one too, as in `set visit-cap.classes [high=4]`.
        let (keyed, words): (Vec<_>, _) = words.partition(|word| verb != "set" && word.contains('='));
        let pair = |word: String| word.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned()));
        Self { verb, words, keys: keyed.into_iter().filter_map(pair).collect() }
    }

    fn text(&self, key: &str) -> Option<String> {
        self.keys.get(key).cloned()
    }

    fn list(&self, key: &str) -> Vec<String> {
        let mut list: Vec<_> =
            self.keys.get(key).into_iter().flat_map(|list| list.split('|')).map(Into::into).collect();
        list.sort();
        list.dedup();
        list
    }

    fn number<T: std::str::FromStr>(&self, key: &str) -> Option<T> {
        self.keys.get(key).map(|number| number.parse().unwrap_or_else(|_| panic!("{key}={number} is no number")))
    }

    fn date(&self, key: &str) -> Option<NaiveDate> {
        self.keys.get(key).map(|text| date(text))
    }

    fn flag(&self, word: &str) -> bool {
        self.words.iter().any(|given| given == word)
    }

    fn knows(&self, flags: &[&str], keys: &[&str]) {
        for word in &self.words {
            assert!(flags.contains(&word.as_str()), "`{}` does not know the word `{word}`", self.verb);
        }
        self.knows_keys(keys);
    }

    fn knows_keys(&self, keys: &[&str]) {
        for key in self.keys.keys() {
            assert!(keys.contains(&key.as_str()), "`{}` does not know the key `{key}`", self.verb);
        }
    }
}

/// A date like `2027-01-04`.
pub(super) fn date(text: &str) -> NaiveDate {
    text.parse().unwrap_or_else(|_| panic!("`{text}` is no date"))
}

/// `a..b`, either of which may be left out.
fn range(text: &str) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let (from, to) = text.split_once("..").unwrap_or_else(|| panic!("`{text}` is no range of dates"));
    let end = |text: &str| (!text.is_empty()).then(|| date(text));
    (end(from), end(to))
}

fn whole_range(text: &str) -> (NaiveDate, NaiveDate) {
    let (from, to) = range(text);
    (from.expect("the range begins"), to.expect("the range ends"))
}

struct Fixture {
    case: Case,
    schedule: Schedule,
}

impl Fixture {
    /// A case that knows every name that the lines declare, and nothing of them yet.
    fn new(lines: &[Line]) -> Self {
        let named = |one: &str, many: &str| {
            let mut ids: Vec<String> = Vec::new();
            for line in lines {
                ids.extend(line.words.first().filter(|_| line.verb == one).cloned());
                ids.extend(line.words.iter().filter(|_| line.verb == many).cloned());
            }
            ids.sort();
            assert!(ids.windows(2).all(|two| two[0] != two[1]), "nothing is declared twice: {ids:?}");
            ids
        };
        let case = Case {
            name: "fixture".to_owned(),
            period: Period {
                from: date("2027-01-04"),
                to: date("2027-01-15"),
                weekdays: [true, true, true, true, true, false, false],
                slots: vec!["am".to_owned(), "pm".to_owned()],
                hours: BTreeMap::new(),
            },
            urn: UrnPolicy::default(),
            programmed: Programmed::default(),
            settings: BTreeMap::new(),
            inspectors: named("inspector", "inspectors").into_iter().map(inspector).collect(),
            establishments: named("place", "places").into_iter().map(place).collect(),
            visits: named("visit", "").into_iter().map(visit).collect(),
            conflicts: Vec::new(),
            absences: Vec::new(),
            history: Vec::new(),
            waivers: Vec::new(),
        };
        Self { case, schedule: Schedule::default() }
    }

    fn take(&mut self, line: &Line) {
        let words: Vec<&str> = line.words.iter().map(String::as_str).collect();
        match (line.verb.as_str(), words.as_slice()) {
            ("period", [range]) => (self.case.period.from, self.case.period.to) = whole_range(range),
            ("weekdays", days) => self.case.period.weekdays = weekdays(days),
            ("slots", _) => self.case.period.slots = line.words.clone(),
            ("hours", []) => self.hours(line),
            ("inspectors" | "places", _) => line.knows_keys(&[]),
            ("inspector", [id, ..]) => self.inspector(id, line),
            ("place", [id]) => self.place(id, line),
            ("visit", [id, place]) => self.visit(id, place, line),
            ("absence", [who, range, reason @ ..]) => self.absence(who, range, reason, line),
            ("conflict", [who, kind, target, rest @ ..]) => self.conflict(who, kind, target, rest),
            ("history", [day, place, team @ ..]) => self.history(day, place, team, line),
            ("waiver", [rule, visit, who]) => self.waiver(rule, visit, who),
            ("set", [parameter, value @ ..]) => self.set(parameter, &value.join(" ")),
            ("plan", [visit, day, slot, team @ ..]) => self.plan(visit, day, slot, team),
            (verb, words) => panic!("`{verb}` with the words {words:?} says nothing"),
        }
    }

    fn who(&self, id: &str) -> InspectorId {
        position(&self.case.inspectors, |one| &one.id, id)
            .map(InspectorId::at)
            .unwrap_or_else(|| panic!("who is {id}?"))
    }

    fn at(&self, id: &str) -> EstablishmentId {
        let found = position(&self.case.establishments, |one| &one.id, id);
        found.map(EstablishmentId::at).unwrap_or_else(|| panic!("where is {id}?"))
    }

    fn of(&self, id: &str) -> VisitId {
        position(&self.case.visits, |one| &one.id, id).map(VisitId::at).unwrap_or_else(|| panic!("what is {id}?"))
    }

    fn slot(&self, name: &str) -> SlotId {
        let slot = self.case.period.slots.iter().position(|slot| slot == name);
        SlotId::at(slot.unwrap_or_else(|| panic!("there is no slot {name}")))
    }

    fn hours(&mut self, line: &Line) {
        for (slot, text) in &line.keys {
            let hours = Hours::parse(text).unwrap_or_else(|| panic!("`{text}` are no hours"));
            self.case.period.hours.insert(self.slot(slot), hours);
        }
        assert_eq!(self.case.period.overlap(), None, "slots stand in the order of the day");
    }

    fn inspector(&mut self, id: &str, line: &Line) {
        let keys = "unit agency home territory grade skills languages from to left per_day per_week supervisor";
        line.knows(&[id, "lead", "woman", "man", "other"], &keys.split(' ').collect::<Vec<_>>());
        let genders = [("woman", Gender::Woman), ("man", Gender::Man), ("other", Gender::Other)];
        let supervisor = line.text("supervisor").map(|id| self.who(&id));
        let who = self.who(id);
        self.case.inspectors[who.index()] = Inspector {
            id: id.to_owned(),
            name: None,
            unit: line.text("unit"),
            agency: line.text("agency"),
            home_district: line.text("home"),
            territory: line.list("territory"),
            lead: line.flag("lead"),
            grade: line.text("grade"),
            gender: genders.iter().find(|(word, _)| line.flag(word)).map(|(_, gender)| *gender),
            skills: line.list("skills"),
            languages: line.list("languages"),
            authority_from: line.date("from"),
            authority_to: line.date("to"),
            left_on: line.date("left"),
            visits_per_day: line.number("per_day"),
            visits_per_week: line.number("per_week"),
            supervisor,
        };
    }

    fn place(&mut self, id: &str, line: &Line) {
        line.knows_keys(&["district", "owner", "sector", "risk", "tags", "lat", "lon"]);
        let point = line.number("lat").zip(line.number("lon"));
        let at = self.at(id);
        self.case.establishments[at.index()] = Establishment {
            owner: line.text("owner"),
            district: line.text("district"),
            sector: line.text("sector"),
            risk: line.text("risk"),
            tags: line.list("tags"),
            point: point.map(|(lat, lon)| Point::new(lat, lon).expect("a point of the Earth")),
            ..place(id.to_owned())
        };
    }

    fn visit(&mut self, id: &str, place: &str, line: &Line) {
        let keys = "kind size skills women slot duration operation agencies earliest latest";
        line.knows_keys(&keys.split(' ').collect::<Vec<_>>());
        let visit = self.of(id);
        self.case.visits[visit.index()] = Visit {
            id: id.to_owned(),
            establishment: self.at(place),
            earliest: line.date("earliest"),
            latest: line.date("latest"),
            kind: line.keys.get("kind").map_or(Kind::Mandatory, |word| kind(word)),
            team_size: line.number("size"),
            skills: line.list("skills"),
            min_women: line.number("women"),
            slot: line.keys.get("slot").map(|name| self.slot(name)),
            duration: line.number("duration").unwrap_or(1),
            operation: line.text("operation"),
            agencies: line.list("agencies"),
        };
    }

    fn absence(&mut self, who: &str, range: &str, reason: &[&str], line: &Line) {
        line.knows_keys(&["slots"]);
        let mut slots: Vec<SlotId> = line.list("slots").iter().map(|name| self.slot(name)).collect();
        slots.sort_unstable();
        let (from, to) = whole_range(range);
        let reason = (!reason.is_empty()).then(|| reason.join(" "));
        self.case.absences.push(Absence { inspector: self.who(who), from, to, reason, slots });
    }

    fn conflict(&mut self, who: &str, kind: &str, target: &str, rest: &[&str]) {
        let target = match kind {
            "establishment" => ConflictTarget::Establishment(self.at(target)),
            "owner" => ConflictTarget::Owner(target.to_owned()),
            "sector" => ConflictTarget::Sector(target.to_owned()),
            "district" => ConflictTarget::District(target.to_owned()),
            "inspector" => ConflictTarget::Inspector(self.who(target)),
            _ => panic!("`{kind}` is no target of a conflict"),
        };
        let (dates, category): (Vec<&str>, Vec<&str>) = rest.iter().partition(|word| word.contains(".."));
        assert!(dates.len() <= 1 && category.len() <= 1, "one category and one range: {rest:?}");
        let (from, to) = dates.first().map_or((None, None), |text| range(text));
        let category = category.first().map(|word| (*word).to_owned());
        let inspector = self.who(who);
        self.case.conflicts.push(Conflict { inspector, target, category, from, to, declared_on: None });
    }

    fn history(&mut self, day: &str, place: &str, team: &[&str], line: &Line) {
        line.knows_keys(&["visit", "kind", "others", "agency"]);
        let mut team: Vec<_> = team.iter().map(|id| self.who(id)).collect();
        team.sort();
        self.case.history.push(PastVisit {
            date: date(day),
            establishment: self.at(place),
            team: team.into(),
            others: line.list("others"),
            visit: line.text("visit"),
            kind: line.text("kind"),
            agency: line.text("agency"),
        });
    }

    fn waiver(&mut self, rule: &str, visit: &str, who: &str) {
        assert!(BOOK.iter().any(|entry| entry.name == rule), "there is no rule {rule}");
        self.case.waivers.push(Waiver {
            rule: rule.to_owned(),
            visit: self.of(visit),
            inspector: self.who(who),
            reason: "nobody else".to_owned(),
            approver: "the director".to_owned(),
            date: self.case.period.from,
        });
    }

    fn set(&mut self, parameter: &str, value: &str) {
        let (rule, name) = parameter.split_once('.').unwrap_or_else(|| panic!("`{parameter}` names no rule"));
        let list = value.strip_prefix('[').and_then(|value| value.strip_suffix(']'));
        let text = |text: &str| text.trim().to_owned();
        let value = match (value, list, value.parse()) {
            (_, Some(list), _) => Setting::List(list.split(',').map(text).filter(|text| !text.is_empty()).collect()),
            ("true" | "false", ..) => Setting::Switch(value == "true"),
            (_, _, Ok(number)) => Setting::Number(number),
            _ => Setting::Text(value.to_owned()),
        };
        self.case.settings.entry(rule.to_owned()).or_default().insert(name.to_owned(), value);
    }

    fn plan(&mut self, visit: &str, day: &str, slot: &str, team: &[&str]) {
        let team = Team::new(team.iter().map(|id| self.who(id))).expect("a team has members, nobody twice");
        let assignment = Assignment { date: date(day), slot: self.slot(slot), team };
        assert!(self.schedule.assignments.insert(self.of(visit), assignment).is_none(), "{visit} is planned once");
    }
}

fn position<T>(list: &[T], key: impl Fn(&T) -> &String, id: &str) -> Option<usize> {
    list.iter().position(|one| key(one) == id)
}

fn weekdays(days: &[&str]) -> [bool; 7] {
    const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    assert!(days.iter().all(|day| NAMES.contains(day)), "weekdays are {NAMES:?}");
    NAMES.map(|name| days.contains(&name))
}

fn kind(word: &str) -> Kind {
    match word {
        "mandatory" => Kind::Mandatory,
        "programmed" => Kind::Programmed,
        "complaint" => Kind::Complaint,
        "follow-up" => Kind::FollowUp,
        "raid" => Kind::Raid,
        _ => panic!("`{word}` is no kind of visit"),
    }
}

fn inspector(id: String) -> Inspector {
    Inspector {
        id,
        name: None,
        unit: None,
        agency: None,
        home_district: None,
        territory: Vec::new(),
        lead: false,
        grade: None,
        gender: None,
        skills: Vec::new(),
        languages: Vec::new(),
        authority_from: None,
        authority_to: None,
        left_on: None,
        visits_per_day: None,
        visits_per_week: None,
        supervisor: None,
    }
}

fn place(id: String) -> Establishment {
    Establishment {
        id,
        registered: true,
        name: None,
        owner: None,
        district: None,
        sector: None,
        risk: None,
        address: None,
        tags: Vec::new(),
        point: None,
    }
}

fn visit(id: String) -> Visit {
    Visit {
        id,
        establishment: EstablishmentId(0),
        earliest: None,
        latest: None,
        kind: Kind::Mandatory,
        team_size: None,
        skills: Vec::new(),
        min_women: None,
        slot: None,
        duration: 1,
        operation: None,
        agencies: Vec::new(),
    }
}

mod tests {
    use super::*;

    const CASE: &str = "
        inspector ben
        inspector ana lead woman unit=North territory=D2|D1
        place p1 district=D1
        visit v1 p1 kind=raid size=4
        set lead.leads 2
        set availability.blackout [2027-01-06]
        plan v1 2027-01-04 pm ben ana
    ";

    #[test]
    fn lists_are_in_order_of_ids_whatever_the_order_of_lines() {
        let (case, schedule) = fixture(CASE);
        assert_eq!(case.inspectors[0].id, "ana");
        assert_eq!(case.inspectors[0].territory, ["D1", "D2"]);
        assert_eq!(case.visits[0].kind, Kind::Raid);
        assert_eq!(schedule.assignments[&VisitId(0)].slot, SlotId(1));
        assert_eq!(case.settings["lead"]["leads"], Setting::Number(2));
        assert_eq!(case.settings["availability"]["blackout"], Setting::List(vec!["2027-01-06".to_owned()]));
    }

    #[test]
    #[should_panic(expected = "who is cem?")]
    fn a_misspelt_person_is_noticed() {
        fixture(&CASE.replace("pm ben", "pm cem"));
    }

    #[test]
    #[should_panic(expected = "does not know the key `untit`")]
    fn a_misspelt_key_is_noticed() {
        fixture(&CASE.replace("unit=", "untit="));
    }
}
