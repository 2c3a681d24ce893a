//! The tables: ids become positions, and every line stands where its order puts it.

use smallvec::SmallVec;

use crate::model::{
    Absence, Conflict, ConflictTarget, Establishment, EstablishmentId, Inspector, InspectorId, PastVisit, Point,
    SlotId, Visit, VisitId, Waiver, is_blank,
};
use crate::record::canonical::rows;
use crate::record::day::Day;
use crate::record::flaw::{Flaws, flaws};
use crate::record::layout::{
    ABSENCES, CONFLICTS, ESTABLISHMENTS, Files, HISTORY, INSPECTORS, PAST_TEAM_MAX, VISITS, WAIVERS,
};
use crate::record::lines::{
    AbsenceLine, ConflictLine, EstablishmentLine, InspectorLine, PastVisitLine, TargetKind, VisitLine, WaiverLine,
};
use crate::rules::{BOOK, waivable};

/// The lists of a case.
pub(super) struct Tables {
    pub inspectors: Vec<Inspector>,
    pub establishments: Vec<Establishment>,
    pub visits: Vec<Visit>,
    pub conflicts: Vec<Conflict>,
    pub absences: Vec<Absence>,
    pub history: Vec<PastVisit>,
    pub waivers: Vec<Waiver>,
}

/// Every table of `files`; `slots` are the names of a day's slots, where the policy could be read.
pub(super) fn thaw(files: &Files, slots: Option<&[String]>, flaws: &mut Flaws) -> Tables {
    let inspectors = inspectors(files, flaws);
    let establishments = establishments(files, flaws);
    let places: Vec<&str> = establishments.iter().map(|place| place.id.as_str()).collect();
    let visits = visits(files, slots, &establishments, &places, flaws);
    let known = Known {
        people: inspectors.iter().map(|who| who.id.as_str()).collect(),
        visits: visits.iter().map(|visit| visit.id.as_str()).collect(),
        places,
    };
    let conflicts = conflicts(files, &known, flaws);
    let absences = absences(files, slots, &known, flaws);
    let history = history(files, &known, flaws);
    let waivers = waivers(files, &known, flaws);
    Tables { inspectors, establishments, visits, conflicts, absences, history, waivers }
}

/// The ids of the tables, each in order.
struct Known<'a> {
    people: Vec<&'a str>,
    places: Vec<&'a str>,
    visits: Vec<&'a str>,
}

/// One line of one file, for what is wrong with it.
struct Spot<'f> {
    flaws: &'f mut Flaws,
    file: &'static str,
    line: u64,
}

impl Spot<'_> {
    fn add(&mut self, name: &'static str, says: impl Into<String>) {
        self.flaws.add(name, self.file, Some(self.line), says);
    }

    /// The position of `id` in `among`, which is in order.
    fn find(&mut self, what: &str, id: &str, among: &[&str]) -> Option<usize> {
        let found = among.binary_search(&id).ok();
        if found.is_none() {
            self.add(flaws::UNKNOWN_ID, format!("there is no {what} `{id}`"));
        }
        found
    }

    fn person(&mut self, id: &str, known: &Known) -> Option<InspectorId> {
        self.find("inspector", id, &known.people).map(InspectorId::at)
    }

    fn place(&mut self, id: &str, places: &[&str]) -> Option<EstablishmentId> {
        self.find("establishment", id, places).map(EstablishmentId::at)
    }

    fn slot(&mut self, name: &str, slots: &[String]) -> Option<SlotId> {
        let found = slots.iter().position(|slot| slot == name);
        if found.is_none() {
            self.add(flaws::UNKNOWN_ID, format!("there is no slot `{name}`"));
        }
        found.map(SlotId::at)
    }

    /// A list that is in order and has nothing twice.
    fn in_order(&mut self, what: &str, list: &[String]) {
        if !list.is_sorted_by(|a, b| a < b) {
            self.add(flaws::ORDER, format!("the {what} are not in order, or one stands there twice"));
        }
    }

    fn at_least(&mut self, what: &str, value: u32, least: u32) {
        if value < least {
            self.add(flaws::BAD_VALUE, format!("{what} is {value} and must be at least {least}"));
        }
    }
}

/// Tells where rows are out of order or stand twice, and puts them in order.
fn ordered<T, K: Ord>(mut rows: Vec<(u64, T)>, file: &str, flaws: &mut Flaws, key: impl Fn(&T) -> &K) -> Vec<T> {
    for pair in rows.windows(2) {
        let (before, this) = (key(&pair[0].1), key(&pair[1].1));
        if before == this {
            flaws.add(flaws::REPEATED, file, Some(pair[1].0), "the line before says the same, or has the same id");
        } else if before > this {
            flaws.add(flaws::ORDER, file, Some(pair[1].0), "the line should stand before the one above it");
        }
    }
    rows.sort_by(|a, b| key(&a.1).cmp(key(&b.1)));
    let mut rows: Vec<T> = rows.into_iter().map(|(_, row)| row).collect();
    rows.dedup_by(|a, b| key(a) == key(b));
    rows
}

fn inspectors(files: &Files, flaws: &mut Flaws) -> Vec<Inspector> {
    let lines: Vec<InspectorLine> = {
        let rows = rows::<InspectorLine>(files, INSPECTORS, flaws);
        for (number, line) in &rows {
            let mut spot = Spot { flaws, file: INSPECTORS, line: *number };
            id(&line.id, &mut spot);
            spot.in_order("skills", &line.skills);
            spot.in_order("languages", &line.languages);
            spot.in_order("districts of the territory", &line.territory);
        }
        check_supervisors(&rows, flaws);
        ordered(rows, INSPECTORS, flaws, |line| &line.id)
    };
    let people: Vec<String> = lines.iter().map(|line| line.id.clone()).collect();
    lines.into_iter().map(|line| inspector(line, &people)).collect()
}

fn check_supervisors(rows: &[(u64, InspectorLine)], flaws: &mut Flaws) {
    let mut people: Vec<&str> = rows.iter().map(|(_, line)| line.id.as_str()).collect();
    people.sort_unstable();
    for (number, line) in rows {
        if let Some(id) = &line.supervisor {
            Spot { flaws: &mut *flaws, file: INSPECTORS, line: *number }.find("inspector", id, &people);
        }
    }
}

fn inspector(line: InspectorLine, people: &[String]) -> Inspector {
    let supervisor = line.supervisor.and_then(|id| people.binary_search(&id).ok()).map(InspectorId::at);
    Inspector {
        id: line.id,
        name: line.name,
        unit: line.unit,
        agency: line.agency,
        home_district: line.home_district,
        territory: line.territory,
        lead: line.lead,
        grade: line.grade,
        gender: line.gender.map(Into::into),
        skills: line.skills,
        languages: line.languages,
        authority_from: day(line.authority_from),
        authority_to: day(line.authority_to),
        left_on: day(line.left_on),
        visits_per_day: line.visits_per_day,
        visits_per_week: line.visits_per_week,
        supervisor,
    }
}

/// An id has something in it, and no bar, which parts ids where they stand in one cell.
fn id(id: &str, spot: &mut Spot) {
    if id.is_empty() || id.contains('|') {
        spot.add(flaws::BAD_VALUE, format!("`{id}` can't be an id: it is blank or has a `|` in it"));
    }
}

fn establishments(files: &Files, flaws: &mut Flaws) -> Vec<Establishment> {
    let mut places = Vec::new();
    for (number, line) in rows::<EstablishmentLine>(files, ESTABLISHMENTS, flaws) {
        let mut spot = Spot { flaws, file: ESTABLISHMENTS, line: number };
        id(&line.id, &mut spot);
        spot.in_order("tags", &line.tags);
        let point = point(&line, &mut spot);
        let place = Establishment {
            id: line.id,
            registered: line.registered,
            name: line.name,
            owner: line.owner,
            district: line.district,
            sector: line.sector,
            risk: line.risk,
            address: line.address,
            tags: line.tags,
            point,
        };
        places.push((number, place));
    }
    if !Point::have_one_side(places.iter().filter_map(|(_, place)| place.point)) {
        flaws.add(flaws::BAD_VALUE, ESTABLISHMENTS, None, "places lie on both sides of the date line");
    }
    ordered(places, ESTABLISHMENTS, flaws, |place| &place.id)
}

fn point(line: &EstablishmentLine, spot: &mut Spot) -> Option<Point> {
    let point = line.lat.zip(line.lon).and_then(|(lat, lon)| Point::new(lat, lon));
    if point.is_none() && (line.lat.is_some() || line.lon.is_some()) {
        spot.add(flaws::BAD_VALUE, "lat and lon stand together, lat from -80 to 80 degrees and lon from -180 to 180");
    }
    point
}

fn visits(
    files: &Files,
    slots: Option<&[String]>,
    establishments: &[Establishment],
    places: &[&str],
    flaws: &mut Flaws,
) -> Vec<Visit> {
    let mut visits = Vec::new();
    for (number, line) in rows::<VisitLine>(files, VISITS, flaws) {
        let mut spot = Spot { flaws, file: VISITS, line: number };
        check_visit(&line, &mut spot);
        let Some(establishment) = spot.place(&line.establishment, places) else { continue };
        if !establishments[establishment.index()].registered {
            spot.add(flaws::BAD_VALUE, format!("establishment `{}` is not in the register", line.establishment));
        }
        let slot = line.slot.as_ref().zip(slots).and_then(|(name, slots)| spot.slot(name, slots));
        visits.push((number, visit(line, establishment, slot)));
    }
    ordered(visits, VISITS, flaws, |visit| &visit.id)
}

fn check_visit(line: &VisitLine, spot: &mut Spot) {
    id(&line.id, spot);
    spot.at_least("duration", line.duration.into(), 1);
    spot.in_order("skills", &line.skills);
    spot.in_order("agencies", &line.agencies);
}

fn visit(line: VisitLine, establishment: EstablishmentId, slot: Option<SlotId>) -> Visit {
    Visit {
        id: line.id,
        establishment,
        earliest: day(line.earliest),
        latest: day(line.latest),
        kind: line.kind.into(),
        team_size: line.team_size,
        skills: line.skills,
        min_women: line.min_women,
        slot,
        duration: line.duration,
        operation: line.operation,
        agencies: line.agencies,
    }
}

fn conflicts(files: &Files, known: &Known, flaws: &mut Flaws) -> Vec<Conflict> {
    let mut conflicts = Vec::new();
    for (number, line) in rows::<ConflictLine>(files, CONFLICTS, flaws) {
        let mut spot = Spot { flaws, file: CONFLICTS, line: number };
        let (who, target) = (spot.person(&line.inspector, known), target(&line, known, &mut spot));
        let (Some(inspector), Some(target)) = (who, target) else { continue };
        let conflict = Conflict {
            inspector,
            target,
            category: line.category,
            from: day(line.from),
            to: day(line.to),
            declared_on: day(line.declared_on),
        };
        conflicts.push((number, conflict));
    }
    ordered(conflicts, CONFLICTS, flaws, |conflict| conflict)
}

fn target(line: &ConflictLine, known: &Known, spot: &mut Spot) -> Option<ConflictTarget> {
    let text = line.target.clone();
    match line.target_kind {
        TargetKind::Establishment => spot.place(&text, &known.places).map(ConflictTarget::Establishment),
        TargetKind::Inspector => spot.person(&text, known).map(ConflictTarget::Inspector),
        TargetKind::Owner => Some(ConflictTarget::Owner(text)),
        TargetKind::Sector => Some(ConflictTarget::Sector(text)),
        TargetKind::District => Some(ConflictTarget::District(text)),
    }
}

fn absences(files: &Files, slots: Option<&[String]>, known: &Known, flaws: &mut Flaws) -> Vec<Absence> {
    let mut absences = Vec::new();
    for (number, line) in rows::<AbsenceLine>(files, ABSENCES, flaws) {
        let mut spot = Spot { flaws, file: ABSENCES, line: number };
        if line.from.0 > line.to.0 {
            spot.add(
                flaws::BAD_VALUE,
                format!("the absence ends on {} before it starts on {}", line.to.0, line.from.0),
            );
        }
        let named = line.slots.iter().zip(slots.into_iter().cycle());
        let mut slots: Vec<SlotId> = named.filter_map(|(name, slots)| spot.slot(name, slots)).collect();
        if !slots.is_sorted_by(|a, b| a < b) {
            spot.add(flaws::ORDER, "the slots are not in the order of the day, or one stands there twice");
        }
        slots.sort_unstable();
        slots.dedup();
        let Some(inspector) = spot.person(&line.inspector, known) else { continue };
        let (from, to, reason) = (line.from.0, line.to.0, line.reason);
        absences.push((number, Absence { inspector, from, to, reason, slots }));
    }
    ordered(absences, ABSENCES, flaws, |absence| absence)
}

fn history(files: &Files, known: &Known, flaws: &mut Flaws) -> Vec<PastVisit> {
    let mut history = Vec::new();
    for (number, line) in rows::<PastVisitLine>(files, HISTORY, flaws) {
        let mut spot = Spot { flaws, file: HISTORY, line: number };
        let named = line.team.len() + line.others.len();
        if named > PAST_TEAM_MAX {
            spot.add(flaws::TOO_LARGE, format!("{named} people on one visit; at most {PAST_TEAM_MAX} are read"));
            continue;
        }
        spot.in_order("people of the team", &line.team);
        spot.in_order("others", &line.others);
        let mut team: SmallVec<_> = line.team.iter().filter_map(|id| spot.person(id, known)).collect();
        team.sort_unstable();
        team.dedup();
        let Some(establishment) = spot.place(&line.establishment, &known.places) else { continue };
        let (others, visit, kind, agency) = (line.others, line.visit, line.kind, line.agency);
        let date = line.date.0;
        history.push((number, PastVisit { date, establishment, team, others, visit, kind, agency }));
    }
    ordered(history, HISTORY, flaws, |past| past)
}

fn waivers(files: &Files, known: &Known, flaws: &mut Flaws) -> Vec<Waiver> {
    let mut waivers = Vec::new();
    for (number, line) in rows::<WaiverLine>(files, WAIVERS, flaws) {
        let mut spot = Spot { flaws, file: WAIVERS, line: number };
        if let Err(why) = waivable(&line.rule) {
            let known = BOOK.iter().any(|entry| entry.name == line.rule);
            spot.add(if known { flaws::BAD_VALUE } else { flaws::UNKNOWN_ID }, why);
        }
        for (what, text) in [("approver", &line.approver), ("reason", &line.reason)] {
            if is_blank(text) {
                spot.add(flaws::BAD_VALUE, format!("the {what} of the waiver is blank"));
            }
        }
        let visit = spot.find("visit", &line.visit, &known.visits).map(VisitId::at);
        let (Some(visit), Some(inspector)) = (visit, spot.person(&line.inspector, known)) else { continue };
        let (rule, reason, approver) = (line.rule, line.reason, line.approver);
        waivers.push((number, Waiver { rule, visit, inspector, reason, approver, date: line.date.0 }));
    }
    ordered(waivers, WAIVERS, flaws, |waiver| waiver)
}

fn day(day: Option<Day>) -> Option<chrono::NaiveDate> {
    day.map(|day| day.0)
}
