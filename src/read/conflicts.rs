//! Declared conflicts of interest. A lost conflict is dangerous: whatever can't be matched is an error, and
//! whatever is left open excludes.

use std::rc::Rc;

use super::absences::required;
use super::cells::{Words, word};
use super::dates::{self, DateKey, Dates};
use super::header::Header;
use super::ids::{Directory, nfc};
use super::labels::Register;
use super::problem::{Level, Log, Problem};
use super::table::{Desk, Row, Table, may, must, told};
use super::unique;
use crate::model::{Conflict, ConflictTarget, ENDLESS_CATEGORIES, EstablishmentId, InspectorId, Setting, Settings};

pub(super) const TABLE: Table = Table {
    name: "conflicts",
    columns: &[
        must("inspector"),
        must("target_kind"),
        must("target"),
        may("category"),
        may("from"),
        may("to"),
        told("declared_on"),
    ],
};
const INSPECTOR: usize = 0;
const TARGET_KIND: usize = 1;
const TARGET: usize = 2;
const CATEGORY: usize = 3;
const FROM: usize = 4;
const TO: usize = 5;
const DECLARED_ON: usize = 6;

#[derive(Clone, Copy)]
pub(super) enum TargetKind {
    Establishment,
    Owner,
    Sector,
    District,
    Inspector,
}

pub(super) const TARGET_KINDS: Words<TargetKind> = &[
    (
        TargetKind::Establishment,
        "establishment",
        &["place", "establecimiento", "estabelecimento", "établissement", "betrieb", "заведение"],
    ),
    (
        TargetKind::Owner,
        "owner",
        &["titular", "propietario", "propietaria", "proprietário", "propriétaire", "inhaber", "владелец"],
    ),
    (TargetKind::Sector, "sector", &["setor", "secteur", "branche", "отрасль"]),
    (TargetKind::District, "district", &["distrito", "bezirk", "район"]),
    (TargetKind::Inspector, "inspector", &["person", "colleague", "inspectora", "compañero", "compañera", "colega"]),
];

/// A row whose days are not settled yet.
struct Draft {
    row: u64,
    conflict: Conflict,
    from: Option<DateKey>,
    to: Option<DateKey>,
    declared_on: Option<DateKey>,
}

/// Reads the conflicts, in order, each once.
pub(super) fn read(desk: &mut Desk<'_>, people: &Directory, places: &Directory, register: &Register) -> Vec<Conflict> {
    let mut drafts = Vec::new();
    let mut dates = [FROM, TO, DECLARED_ON].map(Dates::new);
    let policy = Rc::clone(&desk.policy);
    let known = Known { people, places, register };
    let header = desk.table(&TABLE, false, &mut |row, log| {
        let [from, to, declared_on] = dates.each_mut().map(|column| column.take(row));
        let inspector = required(row, INSPECTOR, log).and_then(|id| people.join(row, INSPECTOR, &nfc(id), log));
        let kind = required(row, TARGET_KIND, log).and_then(|_| word(row, TARGET_KIND, TARGET_KINDS, &policy, log));
        let target = required(row, TARGET, log).zip(kind);
        let target = target.and_then(|(text, kind)| known.target(row, kind, &nfc(text), log));
        let category = row
            .text(CATEGORY)
            .map(|text| policy.ours("category", text).map_or_else(|| nfc(text).to_lowercase(), str::to_owned));
        if let (Some(inspector), Some(target)) = (inspector, target) {
            let inspector = InspectorId(inspector);
            let conflict = Conflict { inspector, target, category, from: None, to: None, declared_on: None };
            drafts.push(Draft { row: row.number(), conflict, from, to, declared_on });
        }
    });
    let Some(header) = header else { return Vec::new() };
    let log = &mut desk.log;
    let dates = dates::settle(&dates, &header, log);
    let endless = endless(&policy.settings);
    let first_day = policy.period.as_ref().map(|period| period.from);
    let mut conflicts = Vec::new();
    for Draft { row, mut conflict, from, to, declared_on } in drafts {
        conflict.from = dates[0].get(from);
        conflict.to = dates[1].get(to);
        conflict.declared_on = dates[2].get(declared_on);
        let check = Check { conflict: &conflict, row, header: &header };
        check.order(log);
        check.openness(&endless, log);
        if conflict.from > first_day {
            check.future(log);
        }
        conflicts.push((conflict, row));
    }
    unique::distinct(&header, conflicts, log)
}

/// What a conflict may point at.
struct Known<'a> {
    people: &'a Directory,
    places: &'a Directory,
    register: &'a Register,
}

impl Known<'_> {
    fn target(&self, row: &Row<'_>, kind: TargetKind, text: &str, log: &mut Log) -> Option<ConflictTarget> {
        let Self { people, places, register } = self;
        Some(match kind {
            TargetKind::Establishment => {
                ConflictTarget::Establishment(EstablishmentId(places.join(row, TARGET, text, log)?))
            }
            TargetKind::Inspector => {
                let other = people.join(row, TARGET, text, log)?;
                not_oneself(row, text, log);
                ConflictTarget::Inspector(InspectorId(other))
            }
            TargetKind::Owner => ConflictTarget::Owner(register.owners.join_conflict(row, TARGET, text, log)),
            TargetKind::Sector => ConflictTarget::Sector(register.sectors.join_conflict(row, TARGET, text, log)),
            TargetKind::District => ConflictTarget::District(register.districts.join_conflict(row, TARGET, text, log)),
        })
    }
}

fn not_oneself(row: &Row<'_>, other: &str, log: &mut Log) {
    if row.text(INSPECTOR).map(nfc).as_deref() == Some(other) {
        log.one_of(Level::Error, &row.header.file, "conflicts of somebody with themselves", || {
            row.problem(TARGET, "this is a conflict of somebody with themselves", "Name the other inspector")
        });
    }
}

/// The categories whose conflicts never end.
fn endless(settings: &Settings) -> Vec<String> {
    let stated = settings.get("conflict-of-interest").and_then(|rule| rule.get("endless"));
    match stated {
        Some(Setting::List(list)) => list.iter().map(|category| category.to_lowercase()).collect(),
        _ => ENDLESS_CATEGORIES.iter().map(|category| (*category).to_owned()).collect(),
    }
}

/// What is to be said of one conflict's days.
struct Check<'a> {
    conflict: &'a Conflict,
    row: u64,
    header: &'a Header,
}

impl Check<'_> {
    fn say(&self, level: Level, kind: &'static str, column: usize, why: String, advice: &str, log: &mut Log) {
        log.one_of(level, &self.header.file, kind, || {
            Problem::error(&self.header.file, why, advice).row(self.row).column(self.header.title(column))
        });
    }

    fn order(&self, log: &mut Log) {
        if let (Some(from), Some(to)) = (self.conflict.from, self.conflict.to)
            && to < from
        {
            let why = format!("the conflict ends on {to} before it begins on {from}");
            self.say(
                Level::Error,
                "conflicts that end before they begin",
                TO,
                why,
                "Correct one of the two dates",
                log,
            );
        }
    }

    fn openness(&self, endless: &[String], log: &mut Log) {
        let category = self.conflict.category.as_deref();
        let for_ever = category.is_some_and(|category| endless.iter().any(|other| other == category));
        match (category, self.conflict.to) {
            (None, _) => {
                let why = "the conflict has no category, so it excludes without end".to_owned();
                self.say(
                    Level::Warning,
                    "conflicts without a category",
                    CATEGORY,
                    why,
                    "State the category if it should end",
                    log,
                );
            }
            (Some(category), Some(to)) if for_ever => {
                let why = format!("a conflict of category {category} has no end; the {to} given here is not looked at");
                self.say(Level::Warning, "conflicts whose end is not looked at", TO, why, "Nothing need be done", log);
            }
            (Some(_), None) if !for_ever => {
                let why = "the conflict has no end, so it excludes without end".to_owned();
                self.say(
                    Level::Warning,
                    "conflicts without an end",
                    TO,
                    why,
                    "State its last day if there is one",
                    log,
                );
            }
            (Some(category), Some(_)) => self.near_miss(category, endless, log),
            _ => {}
        }
    }

    /// A slip of the pen must not let a conflict of kin end.
    fn near_miss(&self, category: &str, endless: &[String], log: &mut Log) {
        let most = if category.chars().count() > 5 { 2 } else { 1 };
        let near = |known: &&String| strsim::damerau_levenshtein(category, known) <= most;
        if let Some(meant) = endless.iter().find(near) {
            let why = format!(
                "the category {category} ends after its cooling-off, and reads almost like {meant}, which has no end"
            );
            let advice = format!("Write {meant} if that is meant; else nothing need be done");
            self.say(Level::Warning, "categories that read almost like one without end", CATEGORY, why, &advice, log);
        }
    }

    fn future(&self, log: &mut Log) {
        let from = self.conflict.from.map(|day| day.to_string()).unwrap_or_default();
        let why = format!("the conflict begins only on {from}; it excludes already now");
        let advice = "Nothing need be done; what is known to come is a conflict today";
        self.say(Level::Warning, "conflicts that begin later", FROM, why, advice, log);
    }
}
