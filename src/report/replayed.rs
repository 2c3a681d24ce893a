//! A replay of the past in words: before and after, side by side.

use serde_json::{Value, json};

use super::simulate::{Line, Load, Picture, Rate, Replay, Unstaffed};
use super::{Section, Side, count, place, table};
use crate::model::Case;

/// Visits without a team that are named.
const NAMED: usize = 10;

/// What a replay gave.
pub fn replay_in_words(case: &Case, replay: &Replay) -> Vec<Section> {
    let mut sections = vec![side_by_side(replay), by_kind(replay), months(replay)];
    sections.extend(left_out(case, &replay.unstaffed));
    sections
}

/// One line for each month, told as it is done.
pub fn month_in_words(line: &Line) -> String {
    format!(
        "{}: {} of {} staffed by {} people",
        line.month,
        line.staffed,
        count(line.visits, "visit", "visits"),
        line.staff
    )
}

fn side_by_side(replay: &Replay) -> Section {
    let (was, is) = (&replay.before, &replay.after);
    let columns = [("", Side::Left), ("as it was", Side::Right), ("replayed", Side::Right)];
    let row = |name: &str, of: &dyn Fn(&Picture) -> String| [name.to_owned(), of(was), of(is)];
    let rows = [
        row("visits", &|picture| picture.visits.to_string()),
        row("seats", &|picture| picture.seats.to_string()),
        row("somebody of the last team came back", &|picture| percent(picture.returned)),
        row("  by blind chance it would be", &|picture| format!("{:.1} %", picture.returned_by_chance)),
        row("a pair served again within 14 days", &|picture| percent(picture.pairs_again_14)),
        row("a pair served again within 28 days", &|picture| percent(picture.pairs_again_28)),
        row("visits a head and week: mean", &|picture| format!("{:.1}", picture.week.mean)),
        row("  of 95 in 100 at most", &|picture| picture.week.p95.to_string()),
        row("  most of anybody", &|picture| picture.week.max.to_string()),
        row("visits a head and day: mean", &|picture| format!("{:.1}", picture.day.mean)),
        row("  of 95 in 100 at most", &|picture| picture.day.p95.to_string()),
        row("  most of anybody", &|picture| picture.day.max.to_string()),
    ];
    let whole = format!("In the whole history somebody came back in {}.", percent(replay.history.returned));
    Section::new("Before and after", format!("{}\n{whole}", table(&columns, rows)))
}

fn percent(rate: Rate) -> String {
    rate.percent().map_or_else(|| "-".to_owned(), |percent| format!("{percent:.1} %"))
}

fn by_kind(replay: &Replay) -> Section {
    let columns = [
        ("kind of visit", Side::Left),
        ("whole history", Side::Right),
        ("as it was", Side::Right),
        ("replayed", Side::Right),
    ];
    let of = |picture: &Picture, kind: &str| percent(picture.returned_by_kind.get(kind).copied().unwrap_or_default());
    let kinds = replay.history.returned_by_kind.keys();
    let rows =
        kinds.map(|kind| [kind.clone(), of(&replay.history, kind), of(&replay.before, kind), of(&replay.after, kind)]);
    Section::new("Somebody of the last team came back, by kind of visit", table(&columns, rows))
}

fn months(replay: &Replay) -> Section {
    let sum = |of: &dyn Fn(&Line) -> usize| -> usize { replay.months.iter().map(of).sum() };
    let (visits, staffed) = (sum(&|line| line.visits), sum(&|line| line.staffed));
    let broken = match sum(&|line| line.broken) {
        0 => "The rules' own checks find nothing broken.".to_owned(),
        n => format!("BROKEN: the rules' own checks find {}.", count(n, "violation", "violations")),
    };
    let months = count(replay.months.len(), "month", "months");
    Section::new("Coverage", format!("{staffed} of {visits} visits of {months} have a team. {broken}"))
}

fn left_out(case: &Case, unstaffed: &[Unstaffed]) -> Option<Section> {
    let line = |one: &Unstaffed| {
        let id = one.visit.as_deref().map(|id| format!(" (visit {id})")).unwrap_or_default();
        format!("{} {}{id}", one.date, place(case, one.establishment))
    };
    let mut lines: Vec<String> = unstaffed.iter().take(NAMED).map(line).collect();
    if unstaffed.len() > NAMED {
        lines.push(format!("... and {} more (--json names them all)", unstaffed.len() - NAMED));
    }
    let title = format!("Not staffed: {}", count(unstaffed.len(), "visit", "visits"));
    (!unstaffed.is_empty()).then(|| Section::new(title, lines.join("\n")))
}

/// [`replay_in_words`] for machines. Rates are counts; nothing is rounded but means.
pub fn replay_json(case: &Case, replay: &Replay) -> Value {
    let month = |line: &Line| {
        json!({
            "month": line.month.to_string(), "staff": line.staff, "visits": line.visits, "staffed": line.staffed,
            "seats": line.seats, "broken": line.broken,
        })
    };
    let open = |one: &Unstaffed| {
        json!({
            "date": one.date.to_string(), "visit": one.visit,
            "establishment": case.establishment(one.establishment).id,
        })
    };
    json!({
        "history": picture(&replay.history),
        "before": picture(&replay.before),
        "after": picture(&replay.after),
        "months": replay.months.iter().map(month).collect::<Vec<_>>(),
        "unstaffed": replay.unstaffed.iter().map(open).collect::<Vec<_>>(),
    })
}

fn picture(picture: &Picture) -> Value {
    let rate = |rate: &Rate| json!({ "of": rate.of, "hits": rate.hits });
    let load = |load: &Load| json!({ "mean": load.mean, "p95": load.p95, "max": load.max });
    let kinds: serde_json::Map<String, Value> =
        picture.returned_by_kind.iter().map(|(kind, of)| (kind.clone(), rate(of))).collect();
    json!({
        "visits": picture.visits,
        "seats": picture.seats,
        "returned": rate(&picture.returned),
        "returned_by_kind": kinds,
        "returned_by_chance_percent": picture.returned_by_chance,
        "pairs_again_14": rate(&picture.pairs_again_14),
        "pairs_again_28": rate(&picture.pairs_again_28),
        "week": load(&picture.week),
        "day": load(&picture.day),
    })
}
