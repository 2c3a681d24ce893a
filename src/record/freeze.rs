//! A case as bytes: what a draw is made from, written so that there is one spelling of it.

use crate::draw::{Digest, digest, length_prefixed};
use crate::model::{Case, ConflictTarget, Hours, Point, Setting, SlotId};
use crate::rules::Book;

use super::canonical::{line, table};
use super::day::Day;
use super::layout::{ABSENCES, CONFLICTS, ESTABLISHMENTS, Files, HISTORY, INPUTS, INSPECTORS, POLICY, VISITS, WAIVERS};
use super::lines::{
    self, AbsenceLine, CaseLine, ClassLine, ConflictLine, EstablishmentLine, InspectorLine, PastVisitLine, RuleLine,
    SlotHours, TargetKind, VisitLine, WEEKDAYS, WaiverLine,
};

/// The inputs of a draw, as they are published, and their digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    /// `inputs/...`.
    pub files: Files,
    /// What the root of the draw is salted with.
    pub digest: Digest,
}

/// Freezes `case` with the rules of `book`: every rule that is on is written down with its parameters, so that a later version with
/// other defaults reads the same rules, and none that is off, so that the draw does not depend on how many rules a version knows.
///
/// The lists of the case must be in their order and its texts in normal form C, as `read` leaves them;
/// [`thaw`](super::thaw()) of anything else tells of flaws.
pub fn freeze(case: &Case, book: &Book) -> Frozen {
    let files = Files::from([
        (ABSENCES.to_owned(), absences(case)),
        (CONFLICTS.to_owned(), conflicts(case)),
        (ESTABLISHMENTS.to_owned(), establishments(case)),
        (HISTORY.to_owned(), history(case)),
        (INSPECTORS.to_owned(), inspectors(case)),
        (POLICY.to_owned(), policy(case, book)),
        (VISITS.to_owned(), visits(case)),
        (WAIVERS.to_owned(), waivers(case)),
    ]);
    let digest = digest_of_inputs(&files);
    Frozen { files, digest }
}

/// The digest of the inputs among `files`: `SHA-256(LP("foureyes/v1/inputs", name, SHA-256(bytes),
/// ...))` over the eight tables in order of name. A table that is not there counts as empty.
pub fn digest_of_inputs(files: &Files) -> Digest {
    let hashed = INPUTS.map(|name| (name, digest(files.get(name).map_or(&[], Vec::as_slice))));
    let mut parts: Vec<&[u8]> = vec![b"foureyes/v1/inputs"];
    parts.extend(hashed.iter().flat_map(|(name, hash)| [name.as_bytes(), hash.as_slice()]));
    digest(&length_prefixed(&parts))
}

fn policy(case: &Case, book: &Book) -> Vec<u8> {
    let period = &case.period;
    let worked = WEEKDAYS.into_iter().zip(period.weekdays).filter_map(|(day, works)| works.then_some(day));
    let hours = |(slot, hours): (&SlotId, &Hours)| Some((period.slots.get(slot.index())?.clone(), SlotHours(*hours)));
    let class = |(class, months): (&String, &u32)| ClassLine { class: class.clone(), months: *months };
    let head = CaseLine {
        classes: case.programmed.classes.iter().map(class).collect(),
        edition: Some(book.edition()).filter(|edition| *edition > 1),
        floor: case.programmed.floor,
        from: Day(period.from),
        hours: period.hours.iter().filter_map(hours).collect(),
        name: case.name.clone(),
        odds_max: case.urn.odds_max,
        places: case.programmed.places,
        pool_min: case.urn.pool_min,
        slots: period.slots.clone(),
        stage: case.urn.stage.into(),
        tickets: case.urn.tickets,
        to: Day(period.to),
        weekdays: worked.collect(),
    };
    let mut bytes = line(&head).into_bytes();
    bytes.extend(table(book.written().into_iter().map(|(rule, parameters)| RuleLine {
        parameters: parameters.iter().map(|(name, value)| (name.clone(), setting(value))).collect(),
        rule,
    })));
    bytes
}

fn setting(value: &Setting) -> lines::Setting {
    match value {
        Setting::Switch(on) => lines::Setting::Switch(*on),
        Setting::Number(number) => lines::Setting::Number(*number),
        Setting::Text(text) => lines::Setting::Text(text.clone()),
        Setting::List(list) => lines::Setting::List(list.clone()),
    }
}

fn inspectors(case: &Case) -> Vec<u8> {
    table(case.inspectors.iter().map(|inspector| InspectorLine {
        agency: inspector.agency.clone(),
        authority_from: inspector.authority_from.map(Day),
        authority_to: inspector.authority_to.map(Day),
        gender: inspector.gender.map(Into::into),
        grade: inspector.grade.clone(),
        home_district: inspector.home_district.clone(),
        id: inspector.id.clone(),
        languages: inspector.languages.clone(),
        lead: inspector.lead,
        left_on: inspector.left_on.map(Day),
        name: inspector.name.clone(),
        skills: inspector.skills.clone(),
        supervisor: inspector.supervisor.map(|who| case.inspector(who).id.clone()),
        territory: inspector.territory.clone(),
        unit: inspector.unit.clone(),
        visits_per_day: inspector.visits_per_day,
        visits_per_week: inspector.visits_per_week,
    }))
}

fn establishments(case: &Case) -> Vec<u8> {
    table(case.establishments.iter().map(|place| EstablishmentLine {
        address: place.address.clone(),
        district: place.district.clone(),
        id: place.id.clone(),
        lat: place.point.map(Point::lat),
        lon: place.point.map(Point::lon),
        name: place.name.clone(),
        owner: place.owner.clone(),
        registered: place.registered,
        risk: place.risk.clone(),
        sector: place.sector.clone(),
        tags: place.tags.clone(),
    }))
}

fn visits(case: &Case) -> Vec<u8> {
    let slot = |slot: SlotId| case.period.slots.get(slot.index()).cloned();
    table(case.visits.iter().map(|visit| VisitLine {
        agencies: visit.agencies.clone(),
        duration: visit.duration,
        earliest: visit.earliest.map(Day),
        establishment: case.establishment(visit.establishment).id.clone(),
        id: visit.id.clone(),
        kind: visit.kind.into(),
        latest: visit.latest.map(Day),
        min_women: visit.min_women,
        operation: visit.operation.clone(),
        skills: visit.skills.clone(),
        slot: visit.slot.and_then(slot),
        team_size: visit.team_size,
    }))
}

/// What a conflict points at, in the words of a line.
pub(super) fn target_of<'c>(case: &'c Case, target: &'c ConflictTarget) -> (TargetKind, &'c String) {
    match target {
        ConflictTarget::Establishment(place) => (TargetKind::Establishment, &case.establishment(*place).id),
        ConflictTarget::Owner(owner) => (TargetKind::Owner, owner),
        ConflictTarget::Sector(sector) => (TargetKind::Sector, sector),
        ConflictTarget::District(district) => (TargetKind::District, district),
        ConflictTarget::Inspector(other) => (TargetKind::Inspector, &case.inspector(*other).id),
    }
}

fn conflicts(case: &Case) -> Vec<u8> {
    table(case.conflicts.iter().map(|conflict| {
        let (target_kind, target) = target_of(case, &conflict.target);
        ConflictLine {
            category: conflict.category.clone(),
            declared_on: conflict.declared_on.map(Day),
            from: conflict.from.map(Day),
            inspector: case.inspector(conflict.inspector).id.clone(),
            target: target.clone(),
            target_kind,
            to: conflict.to.map(Day),
        }
    }))
}

fn absences(case: &Case) -> Vec<u8> {
    table(case.absences.iter().map(|absence| AbsenceLine {
        from: Day(absence.from),
        inspector: case.inspector(absence.inspector).id.clone(),
        reason: absence.reason.clone(),
        slots: absence.slots.iter().filter_map(|slot| case.period.slots.get(slot.index()).cloned()).collect(),
        to: Day(absence.to),
    }))
}

fn history(case: &Case) -> Vec<u8> {
    table(case.history.iter().map(|past| PastVisitLine {
        agency: past.agency.clone(),
        date: Day(past.date),
        establishment: case.establishment(past.establishment).id.clone(),
        kind: past.kind.clone(),
        others: past.others.clone(),
        team: past.team.iter().map(|who| case.inspector(*who).id.clone()).collect(),
        visit: past.visit.clone(),
    }))
}

fn waivers(case: &Case) -> Vec<u8> {
    table(case.waivers.iter().map(|waiver| WaiverLine {
        approver: waiver.approver.clone(),
        date: Day(waiver.date),
        inspector: case.inspector(waiver.inspector).id.clone(),
        reason: waiver.reason.clone(),
        rule: waiver.rule.clone(),
        visit: case.visit(waiver.visit).id.clone(),
    }))
}
