//! Small made-up cases, each from one number.

#![allow(dead_code, reason = "each test takes what it needs")]

use chrono::{Days, NaiveDate};
use foureyes::draw::{Stream, digest};
use foureyes::model::{
    Absence, Case, Conflict, ConflictTarget, Establishment, EstablishmentId, Gender, Inspector, InspectorId, Kind,
    PastVisit, Period, Programmed, Setting, Settings, SlotId, UrnPolicy, Visit,
};

/// How large a town is.
#[derive(Clone, Copy)]
pub struct Size {
    pub inspectors: usize,
    pub visits: usize,
    pub days: u64,
}

/// A town of that size; the same number gives the same town.
pub fn town(number: u64, size: Size) -> Case {
    let mut stream = Stream::from_key(digest(&number.to_le_bytes()));
    let monday = NaiveDate::from_ymd_opt(2027, 1, 4).expect("a Monday");
    let inspectors: Vec<_> = (0..size.inspectors).map(|at| inspector(at, &mut stream)).collect();
    let places = size.visits.div_ceil(2).max(1);
    let establishments: Vec<_> = (0..places).map(|at| establishment(at, &mut stream)).collect();
    let visits = (0..size.visits).map(|at| visit(at, places, monday, size.days, &mut stream)).collect();
    let who = |stream: &mut Stream| InspectorId::at(stream.index(size.inspectors));
    let day = |stream: &mut Stream| monday + Days::new(stream.below(size.days));
    let absent = |stream: &mut Stream| {
        let from = day(stream);
        Absence { inspector: who(stream), from, to: from + Days::new(stream.below(2)), reason: None, slots: Vec::new() }
    };
    let mut absences: Vec<_> = (0..size.inspectors / 3).map(|_| absent(&mut stream)).collect();
    absences.sort_unstable();
    absences.dedup();
    let conflict = |stream: &mut Stream| {
        let target = match stream.below(3) {
            0 => ConflictTarget::Establishment(EstablishmentId::at(stream.index(places))),
            1 => ConflictTarget::Owner(format!("O{}", stream.below(3))),
            _ => ConflictTarget::Inspector(who(stream)),
        };
        Conflict { inspector: who(stream), target, category: None, from: None, to: None, declared_on: None }
    };
    let mut conflicts: Vec<_> = (0..size.inspectors / 3).map(|_| conflict(&mut stream)).collect();
    conflicts.retain(|one| one.target != ConflictTarget::Inspector(one.inspector));
    conflicts.sort_unstable();
    conflicts.dedup();
    let past = |stream: &mut Stream| {
        let mut team = [who(stream), who(stream)].to_vec();
        team.sort_unstable();
        team.dedup();
        let date = monday - Days::new(1 + stream.below(20));
        let establishment = EstablishmentId::at(stream.index(places));
        PastVisit { date, establishment, team: team.into(), others: Vec::new(), visit: None, kind: None, agency: None }
    };
    let mut history: Vec<_> = (0..places).map(|_| past(&mut stream)).collect();
    history.sort_unstable();
    history.dedup();
    let to = monday + Days::new(size.days - 1);
    let period = Period {
        from: monday,
        to,
        weekdays: [true; 7],
        slots: vec!["am".into(), "pm".into()],
        hours: Default::default(),
    };
    let settings = settings(&mut stream);
    let (name, urn, waivers) = (format!("town {number}"), UrnPolicy::default(), Vec::new());
    Case {
        name,
        period,
        urn,
        programmed: Programmed::default(),
        settings,
        inspectors,
        establishments,
        visits,
        conflicts,
        absences,
        history,
        waivers,
    }
}

fn one_in(stream: &mut Stream, n: u64) -> bool {
    stream.below(n) == 0
}

fn inspector(at: usize, stream: &mut Stream) -> Inspector {
    Inspector {
        id: format!("I{at:03}"),
        name: None,
        unit: Some(format!("U{}", stream.below(2))),
        agency: None,
        home_district: None,
        territory: if one_in(stream, 3) { vec![format!("D{}", stream.below(2))] } else { Vec::new() },
        lead: at == 0 || one_in(stream, 2),
        grade: one_in(stream, 5).then(|| "trainee".into()),
        gender: Some(if one_in(stream, 2) { Gender::Woman } else { Gender::Man }),
        skills: if one_in(stream, 2) { vec!["fire".into()] } else { Vec::new() },
        languages: Vec::new(),
        authority_from: None,
        authority_to: None,
        left_on: None,
        visits_per_day: one_in(stream, 4).then_some(1),
        visits_per_week: None,
        supervisor: None,
    }
}

fn establishment(at: usize, stream: &mut Stream) -> Establishment {
    Establishment {
        id: format!("E{at:03}"),
        registered: true,
        name: None,
        owner: one_in(stream, 2).then(|| format!("O{}", stream.below(3))),
        district: Some(format!("D{}", stream.below(2))),
        sector: None,
        risk: None,
        address: None,
        tags: Vec::new(),
        point: None,
    }
}

fn visit(at: usize, places: usize, monday: NaiveDate, days: u64, stream: &mut Stream) -> Visit {
    let first = stream.below(days);
    let kinds = [Kind::Mandatory, Kind::Mandatory, Kind::Programmed, Kind::FollowUp, Kind::Raid];
    Visit {
        id: format!("V{at:03}"),
        establishment: EstablishmentId::at(stream.index(places)),
        earliest: one_in(stream, 2).then(|| monday + Days::new(first)),
        latest: one_in(stream, 2).then(|| monday + Days::new(first + stream.below(days - first))),
        kind: kinds[stream.index(kinds.len())],
        team_size: one_in(stream, 5).then_some(3),
        skills: if one_in(stream, 4) { vec!["fire".into()] } else { Vec::new() },
        min_women: one_in(stream, 6).then_some(1),
        slot: one_in(stream, 4).then(|| SlotId(stream.below(2) as u8)),
        duration: if one_in(stream, 6) { 2 } else { 1 },
        operation: None,
        agencies: Vec::new(),
    }
}

fn settings(stream: &mut Stream) -> Settings {
    let mut settings = Settings::new();
    let mut set = |rule: &str, name: &str, value: Setting| {
        settings.entry(rule.to_owned()).or_default().insert(name.to_owned(), value);
    };
    set("pair-rotation", "days", Setting::Number([0, 2, 14][stream.index(3)]));
    set("pair-rotation", "max_together", Setting::Number([0, 1, 2][stream.index(3)]));
    set("one-partner", "enabled", Setting::Switch(!one_in(stream, 2)));
    set("one-district", "enabled", Setting::Switch(!one_in(stream, 2)));
    set("no-return", "teams", Setting::Number([1, 2][stream.index(2)]));
    set("no-return", "scope", Setting::Text(["establishment", "owner"][stream.index(2)].into()));
    settings
}
