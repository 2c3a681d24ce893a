//! The register of places.

use super::cells::{label, list};
use super::coordinates;
use super::header::Header;
use super::ids::{Directory, look_alikes, own_id};
use super::labels::{Labels, Register, Told};
use super::problem::Problem;
use super::table::{Desk, Table, may, must, told};
use super::unique::{self, Entry};
use crate::model::{Case, ConflictTarget, Establishment, EstablishmentId};

pub(super) const TABLE: Table = Table {
    name: "establishments",
    columns: &[
        must("id"),
        told("name"),
        may("owner"),
        may("district"),
        may("sector"),
        may("risk"),
        told("address"),
        may("tags"),
        may("lat"),
        may("lon"),
    ],
};
const ID: usize = 0;
const NAME: usize = 1;
const OWNER: usize = 2;
const DISTRICT: usize = 3;
const SECTOR: usize = 4;
const RISK: usize = 5;
const ADDRESS: usize = 6;
const TAGS: usize = 7;
const LAT: usize = 8;
const LON: usize = 9;

/// Reads the register: the places by id, their directory and their labels.
pub(super) fn read(desk: &mut Desk<'_>) -> (Vec<Establishment>, Directory, Register) {
    let before = desk.log.errors();
    let mut entries = Vec::new();
    let header = desk.table(&TABLE, true, &mut |row, log| {
        let Some(id) = own_id(row, ID, log) else { return };
        let value = Establishment {
            id: id.clone(),
            registered: true,
            name: label(row, NAME),
            owner: label(row, OWNER),
            district: label(row, DISTRICT),
            sector: label(row, SECTOR),
            risk: label(row, RISK),
            address: label(row, ADDRESS),
            tags: list(row, TAGS),
            point: coordinates::point(row, [LAT, LON], log),
        };
        entries.push(Entry { id, row: row.number(), value });
    });
    let Some(header) = header else {
        return (Vec::new(), Directory::missing("establishment"), Register::missing());
    };
    if entries.is_empty() && desk.log.errors() == before && !desk.source.may_be_empty() {
        desk.log.push(Problem::error(&header.file, "the register has no places", "Add a row for each establishment"));
    }
    let kept = unique::by_id(&header, ID, entries, &mut desk.log);
    look_alikes(&header, ID, kept.iter().map(|(id, (row, _))| (id.as_str(), *row)), &mut desk.log);
    let directory = Directory::new("establishment", kept.keys().map(String::as_str));
    let (rows, places): (Vec<u64>, Vec<Establishment>) = kept.into_values().unzip();
    coordinates::look_over(&places, &header, LON, &mut desk.log);
    let (places, register) = labelled(places, &rows, &header, desk);
    (places, directory, register)
}

/// Gives owners, sectors and districts their one spelling.
fn labelled(
    mut places: Vec<Establishment>,
    rows: &[u64],
    header: &Header,
    desk: &mut Desk<'_>,
) -> (Vec<Establishment>, Register) {
    let of = |noun, text: fn(&Establishment) -> Option<&str>| {
        let texts = places.iter().zip(rows).filter_map(|(place, row)| Some((text(place)?, *row)));
        Labels::of(noun, desk.policy.aliases(noun), texts)
    };
    let labels = [
        of("owner", |place| place.owner.as_deref()),
        of("sector", |place| place.sector.as_deref()),
        of("district", |place| place.district.as_deref()),
    ];
    let columns = [OWNER, SECTOR, DISTRICT].map(|column| header.title(column));
    let register = Register::of(labels, &header.file, columns, &mut desk.log);
    let mut told = Told::default();
    for Establishment { owner, sector, district, .. } in &mut places {
        register.settle([owner, sector, district], &mut told);
    }
    told.tell(&header.file, &mut desk.log);
    (places, register)
}

/// Adds the places that only history names, which stand behind the register, and puts all in the order of their ids.
pub(super) fn add(case: &mut Case, unregistered: Vec<String>) {
    case.establishments.extend(unregistered.into_iter().map(unknown));
    let mut order: Vec<usize> = (0..case.establishments.len()).collect();
    order.sort_by(|a, b| case.establishments[*a].id.cmp(&case.establishments[*b].id));
    let mut now = vec![EstablishmentId(0); order.len()];
    for (new, old) in order.into_iter().enumerate() {
        now[old] = EstablishmentId::at(new);
    }
    case.establishments.sort_by(|a, b| a.id.cmp(&b.id));
    for visit in &mut case.visits {
        visit.establishment = now[visit.establishment.index()];
    }
    for past in &mut case.history {
        past.establishment = now[past.establishment.index()];
    }
    for conflict in &mut case.conflicts {
        if let ConflictTarget::Establishment(at) = &mut conflict.target {
            *at = now[at.index()];
        }
    }
    case.history.sort_unstable();
}

fn unknown(id: String) -> Establishment {
    Establishment {
        id,
        registered: false,
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
