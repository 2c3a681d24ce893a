//! Who steps in where somebody can't go, and the days that hardly anybody could take over.

use serde_json::{Value, json};

use super::times::day;
use super::why::{id, ids};
use super::{Section, count, person};
use crate::model::{By, Case, InspectorId, Level, Reserves, Team, VisitId};

/// Thin days that are named.
const NAMED: usize = 6;

/// The order of reserves of those who go on `visit`, one for each of them; none where there are none.
pub fn reserves_in_words(case: &Case, reserves: &[&Reserves], visit: VisitId) -> Option<Section> {
    let date = day(reserves.first()?.date);
    let lines: Vec<String> = reserves.iter().map(|one| in_words(case, one, visit)).collect();
    let asked = "The draw fixed the order in which others are asked; nobody chooses.";
    let all = format!("Whoever steps in takes over all the visits that the person has on {date}, where anybody may.");
    Some(Section::new("If one of them can't go", format!("{asked}\n{all}\n{}", lines.join("\n"))))
}

fn in_words(case: &Case, one: &Reserves, visit: VisitId) -> String {
    let more = one.visits.iter().filter(|own| **own != visit).map(|own| case.visit(*own).id.as_str());
    let more: Vec<&str> = more.collect();
    let also = if more.is_empty() { String::new() } else { format!(", also on {}", more.join(" and ")) };
    let who = format!("For {}{also}", person(case, one.member));
    let (of, level) = one.on(visit);
    if of == 0 {
        return format!("{who}: NOBODY may step in, with all else as planned.");
    }
    let by = one.by_visit.iter().find(|own| own.visit == visit).filter(|_| level != Level::Day).map(|own| &own.by);
    let names = match by {
        None => people(case, &one.order),
        Some(By::People(order)) => people(case, order),
        Some(By::Teams(teams)) => teams.iter().map(|team| people(case, team.members()).join(" with ")).collect(),
    };
    let how = match level {
        Level::Day => "",
        Level::Visit => " nobody may take over the whole day; on this visit alone",
        Level::Team => " nobody may step in beside who stays; another whole team goes,",
    };
    let more = match of.saturating_sub(names.len()) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let chance = match of {
        1 => "certain to be asked".to_owned(),
        of => format!("each had 1 chance in {of} to stand first"),
    };
    let thin = if of < case.urn.pool_min as usize { "; THIN" } else { "" };
    format!("{who}:{how} {}{more} ({chance}{thin}).", names.join(", "))
}

fn people(case: &Case, people: &[InspectorId]) -> Vec<String> {
    people.iter().map(|who| person(case, *who)).collect()
}

/// Whether fewer people may take over the whole day than the policy's `pool_min`.
fn is_thin(case: &Case, one: &Reserves) -> bool {
    one.of < case.urn.pool_min as usize
}

/// What becomes of the days that nobody may take over whole: how many have somebody, or another team, on each visit or on some, and how many have nobody.
fn walked(reserves: &[Reserves]) -> Option<String> {
    let days: Vec<&Reserves> = reserves.iter().filter(|one| !one.by_visit.is_empty()).collect();
    let nobody = days.iter().filter(|one| one.is_nobody()).count();
    let some = days.iter().filter(|one| !one.is_nobody() && one.lost().count() > 0).count();
    let all = days.len().saturating_sub(nobody + some);
    let says = format!(
        "Of {} that nobody could take over whole, each visit could be taken over on {all}, by somebody or by another team; some visit on {some}; none on {nobody}.",
        count(days.len(), "day", "days")
    );
    (!days.is_empty()).then_some(says)
}

/// Days of service (what one person has on one day) with fewer reserves than the policy's `pool_min`; none where there are none.
pub fn thin_days(case: &Case, reserves: &[Reserves]) -> Option<Section> {
    let mut thin: Vec<&Reserves> = reserves.iter().filter(|one| is_thin(case, one)).collect();
    thin.sort_by_key(|one| (one.of, one.date, one.member));
    let named = thin.iter().take(NAMED).map(|one| format!("{} on {} ({})", id(case, one.member), one.date, one.of));
    let named: Vec<String> = named.collect();
    let more = match thin.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let nobody = thin.iter().filter(|one| one.of == 0).count();
    let title = format!(
        "Reserves: {} of {} could be taken over by fewer than {} others{}",
        thin.len(),
        count(reserves.len(), "day of service", "days of service"),
        case.urn.pool_min,
        if nobody == 0 { String::new() } else { format!(", {nobody} by nobody") }
    );
    let body = [Some(format!("{}{more}", named.join(", "))), walked(reserves)];
    let body: Vec<String> = body.into_iter().flatten().collect();
    (!thin.is_empty()).then(|| Section::new(title, body.join("\n")))
}

/// The reserves of some people on a day, for machines.
pub fn reserves_json<'r>(case: &Case, reserves: impl IntoIterator<Item = &'r Reserves>) -> Value {
    let team = |team: &Team| ids(case, team.members());
    let of_visit = |one: &crate::model::OfVisit| {
        let visit = case.visit(one.visit).id.as_str();
        let level = one.by.level().number();
        match &one.by {
            By::People(people) => json!({ "level": level, "of": one.of, "order": ids(case, people), "visit": visit }),
            By::Teams(teams) => {
                json!({ "level": level, "of": one.of, "teams": teams.iter().map(team).collect::<Vec<_>>(), "visit": visit })
            }
        }
    };
    let line = |one: &Reserves| {
        json!({
            "by_visit": one.by_visit.iter().map(of_visit).collect::<Vec<_>>(),
            "date": one.date.to_string(),
            "member": id(case, one.member),
            "visits": one.visits.iter().map(|visit| case.visit(*visit).id.as_str()).collect::<Vec<_>>(),
            "of": one.of,
            "order": ids(case, &one.order),
            "thin": is_thin(case, one),
        })
    };
    reserves.into_iter().map(line).collect()
}

/// [`thin_days`] for machines, every one of them.
pub fn thin_days_json(case: &Case, reserves: &[Reserves]) -> Value {
    let line = |one: &Reserves| {
        let lost: Vec<&str> = one.lost().map(|visit| case.visit(visit).id.as_str()).collect();
        json!({ "date": one.date.to_string(), "lost": lost, "member": id(case, one.member), "of": one.of })
    };
    reserves.iter().filter(|one| is_thin(case, one)).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::OfVisit;
    use crate::rules::testing::fixture;

    fn told() -> (Case, Vec<Reserves>) {
        let (case, _) = fixture("inspectors ana ben cem dan\n place p1\n visit v1 p1\n visit v2 p1");
        let date = case.period.from;
        let of = |member, visits: &[u32], of, order: &[u32]| Reserves {
            date,
            member: InspectorId(member),
            stage: 1,
            visits: visits.iter().map(|visit| VisitId(*visit)).collect(),
            of,
            order: order.iter().map(|who| InspectorId(*who)).collect(),
            by_visit: Vec::new(),
        };
        let reserves = vec![of(0, &[0], 12, &[3, 2]), of(1, &[0, 1], 0, &[])];
        (case, reserves)
    }

    #[test]
    fn the_order_the_chance_and_the_other_visits_are_told_for_each_member() {
        let (case, reserves) = told();
        let body = reserves_in_words(&case, &reserves.iter().collect::<Vec<_>>(), VisitId(0)).unwrap().body;
        assert!(body.contains("takes over all the visits that the person has on Mon"), "{body}");
        assert!(body.contains("For ana: dan, cem, and 10 more (each had 1 chance in 12 to stand first)."), "{body}");
        assert!(body.contains("For ben, also on v2: NOBODY may step in"), "{body}");
        let json = reserves_json(&case, &reserves);
        assert_eq!((json[0]["order"][0].as_str(), json[1]["visits"][1].as_str()), (Some("dan"), Some("v2")));
        assert_eq!(reserves_in_words(&case, &[], VisitId(0)), None);
    }

    #[test]
    fn at_which_level_somebody_steps_in_is_told_for_each_visit() {
        let (case, mut reserves) = told();
        let team = Team::new([InspectorId(2), InspectorId(3)]).expect("two people");
        reserves[1].by_visit = vec![
            OfVisit { visit: VisitId(0), of: 1, by: By::People(vec![InspectorId(3)]) },
            OfVisit { visit: VisitId(1), of: 14, by: By::Teams(vec![team]) },
        ];
        let of = |visit| reserves_in_words(&case, &[&reserves[1]], VisitId(visit)).expect("there are some").body;
        assert!(of(0).contains("nobody may take over the whole day; on this visit alone dan (certain to be asked"));
        let teams =
            "nobody may step in beside who stays; another whole team goes, cem with dan, and 13 more (each had 1";
        assert!(of(1).contains(teams), "{}", of(1));
        let json = reserves_json(&case, &reserves[1..]);
        assert_eq!(json[0]["by_visit"][0]["order"][0], "dan");
        assert_eq!(json[0]["by_visit"][1]["teams"][0][1], "dan");
        let walked = "Of 1 day that nobody could take over whole, each visit could be taken over on 1";
        assert!(thin_days(&case, &reserves).expect("one is thin").body.contains(walked));
    }

    #[test]
    fn thin_days_are_counted_and_named() {
        let (case, reserves) = told();
        let section = thin_days(&case, &reserves).unwrap();
        assert_eq!(
            section.title,
            "Reserves: 1 of 2 days of service could be taken over by fewer than 4 others, 1 by nobody"
        );
        assert_eq!(section.body, format!("ben on {} (0)", case.period.from));
        assert_eq!(thin_days_json(&case, &reserves)[0]["member"], "ben");
    }
}
