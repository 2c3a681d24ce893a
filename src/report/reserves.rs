//! Who steps in where somebody can't go, and the seats that hardly anybody could take.

use serde_json::{Value, json};

use super::why::{id, ids};
use super::{Section, count, person};
use crate::model::{Case, Reserves, SeatReserves};

/// Thin seats that are named.
const NAMED: usize = 6;

/// The order of reserves of one visit.
pub fn reserves_in_words(case: &Case, reserves: &Reserves) -> Section {
    let lines: Vec<String> = reserves.seats.iter().map(|seat| in_words(case, seat)).collect();
    let asked = "The draw fixed the order in which others are asked; nobody chooses.";
    Section::new("If one of them can't go", format!("{asked}\n{}", lines.join("\n")))
}

fn in_words(case: &Case, seat: &SeatReserves) -> String {
    let who = person(case, seat.member);
    if seat.of == 0 {
        return format!("For {who}: NOBODY may step in, with all else as planned.");
    }
    let names: Vec<String> = seat.order.iter().map(|who| person(case, *who)).collect();
    let more = match seat.of.saturating_sub(names.len()) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let chance = match seat.of {
        1 => "certain to be asked".to_owned(),
        of => format!("each had 1 chance in {of} to stand first"),
    };
    let thin = if is_thin(case, seat) { "; THIN" } else { "" };
    format!("For {who}: {}{more} ({chance}{thin}).", names.join(", "))
}

/// Whether fewer people may step in than the policy's `pool_min`.
fn is_thin(case: &Case, seat: &SeatReserves) -> bool {
    seat.of < case.urn.pool_min as usize
}

/// Seats with fewer reserves than the policy's `pool_min`; none where there are none.
pub fn thin_seats(case: &Case, reserves: &[Reserves]) -> Option<Section> {
    let seats = || reserves.iter().flat_map(|one| one.seats.iter().map(move |seat| (one.visit, seat)));
    let mut thin: Vec<_> = seats().filter(|(_, seat)| is_thin(case, seat)).collect();
    thin.sort_by_key(|(visit, seat)| (seat.of, *visit, seat.member));
    let named = thin
        .iter()
        .take(NAMED)
        .map(|(visit, seat)| format!("{} on {} ({})", id(case, seat.member), case.visit(*visit).id, seat.of));
    let named: Vec<String> = named.collect();
    let more = match thin.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let title = format!(
        "Reserves: {} of {} could be taken by fewer than {} others",
        thin.len(),
        count(seats().count(), "seat", "seats"),
        case.urn.pool_min
    );
    (!thin.is_empty()).then(|| Section::new(title, format!("{}{more}", named.join(", "))))
}

/// The reserves of one visit, for machines.
pub fn reserves_json(case: &Case, reserves: &Reserves) -> Value {
    let seat = |seat: &SeatReserves| {
        json!({
            "member": id(case, seat.member),
            "of": seat.of,
            "order": ids(case, &seat.order),
            "thin": is_thin(case, seat),
        })
    };
    reserves.seats.iter().map(seat).collect()
}

/// [`thin_seats`] for machines, every one of them.
pub fn thin_seats_json(case: &Case, reserves: &[Reserves]) -> Value {
    let of = |one: &Reserves| {
        let thin = one.seats.iter().filter(|seat| is_thin(case, seat));
        let seat = |seat: &SeatReserves| json!({ "visit": case.visit(one.visit).id, "member": id(case, seat.member), "of": seat.of });
        thin.map(seat).collect::<Vec<_>>()
    };
    reserves.iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{InspectorId, VisitId};
    use crate::rules::testing::fixture;

    fn told() -> (Case, Reserves) {
        let (case, _) = fixture("inspectors ana ben cem dan\n place p1\n visit v1 p1");
        let order = vec![InspectorId(3), InspectorId(2)];
        let seats = vec![
            SeatReserves { member: InspectorId(0), of: 12, order },
            SeatReserves { member: InspectorId(1), of: 0, order: Vec::new() },
        ];
        (case, Reserves { visit: VisitId(0), stage: 1, seats })
    }

    #[test]
    fn the_order_and_the_chance_are_told_for_each_seat() {
        let (case, reserves) = told();
        let body = reserves_in_words(&case, &reserves).body;
        assert!(body.contains("For ana: dan, cem, and 10 more (each had 1 chance in 12 to stand first)."), "{body}");
        assert!(body.contains("For ben: NOBODY may step in"), "{body}");
        assert_eq!(reserves_json(&case, &reserves)[0]["order"][0], "dan");
    }

    #[test]
    fn thin_seats_are_counted_and_named() {
        let (case, reserves) = told();
        let section = thin_seats(&case, std::slice::from_ref(&reserves)).unwrap();
        assert_eq!(section.title, "Reserves: 1 of 2 seats could be taken by fewer than 4 others");
        assert_eq!(section.body, "ben on v1 (0)");
        assert_eq!(thin_seats_json(&case, std::slice::from_ref(&reserves))[0]["member"], "ben");
    }
}
