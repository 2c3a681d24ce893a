//! The odds in words: a line a stage where there are several, then what all of them come to.

use super::figures::{Figures, before};
use super::{Lottery, above, tenths};
use crate::bound::held;
use crate::model::{DrawnStage, Leak, StageBounds, Worst};
use crate::report::times::days;
use crate::report::{Section, Side, count, person, table, worst_odds_in_words};
use crate::rules::Eligible;

/// Stages that have a line each.
const STAGES: usize = 40;
/// Visits and people who are named.
const NAMED: usize = 6;

/// How hard the draw is to guess, beside what no lottery could beat. None where nothing was drawn.
pub fn odds_in_words(lottery: &Lottery) -> Vec<Section> {
    let stages = &lottery.drawn.stages;
    let Some(first) = stages.first() else { return Vec::new() };
    let figures = Figures::of(lottery);
    if figures.worst.is_none() {
        return vec![Section::new("Odds", "No ticket holds a visit: there is nothing to guess.")];
    }
    let mut sections = Vec::new();
    if stages.len() > 1 {
        sections.push(Section::new("Stages", by_stage(lottery)));
    }
    let mut lines = easiest(lottery, &figures);
    lines.extend(spread(lottery, &figures));
    lines.push(different(&figures));
    lines.extend(leakage(lottery));
    lines.push(bottom(lottery, &figures));
    let urns = match stages.len() {
        1 => format!("{} tickets, of which one was drawn", first.odds.tickets),
        many => format!("{many} stages of {} tickets each, of which one each was drawn", first.odds.tickets),
    };
    sections.push(Section::new(format!("Odds: {urns}"), lines.join("\n")));
    sections
}

/// One line a stage.
fn by_stage(lottery: &Lottery) -> String {
    let columns = [
        ("stage", Side::Right),
        ("days", Side::Left),
        ("drawn", Side::Right),
        ("on average", Side::Right),
        ("may be held", Side::Right),
        ("distinct", Side::Right),
        ("easiest guess", Side::Right),
        ("bound", Side::Right),
        ("teams", Side::Right),
        ("left: first", Side::Right),
        ("all", Side::Right),
    ];
    let stages = lottery.drawn.stages.iter().zip(lottery.bounds).take(STAGES);
    let mut text = table(&columns, stages.map(|(stage, bounds)| row(stage, bounds)));
    let more = lottery.drawn.stages.len().saturating_sub(STAGES);
    if more > 0 {
        text.push_str(&format!("\n... and {}; --json has them all.", count(more, "more stage", "more stages")));
    }
    text.push_str(
        "\ndrawn, on average, may be held: visits. easiest guess, bound: in how many tickets somebody goes on some visit. \
         teams: as hard to guess as so many equal ones, the visit in the middle. left: tickets that remain possible to \
         somebody in the middle who holds the urn and has seen their own first visit, or all of them.",
    );
    text
}

fn row(stage: &DrawnStage, bounds: &StageBounds) -> [String; 11] {
    let odds = &stage.odds;
    let left = |leak: fn(&Leak) -> u64| odds.leak.as_ref().map_or_else(|| "-".to_owned(), |l| tenths(leak(l)));
    [
        bounds.stage.to_string(),
        days(stage.span().from, stage.span().to),
        stage.urn.part(stage.index as usize).assignments.len().to_string(),
        tenths(odds.held() * 10 / u64::from(odds.tickets.max(1))),
        odds.visits.len().to_string(),
        odds.distinct.to_string(),
        odds.worst().map_or(0, |worst| worst.n).to_string(),
        bounds.worst.at_least.to_string(),
        tenths(odds.effective_teams().1),
        left(|leak| leak.first.median),
        left(|leak| leak.all.median),
    ]
}

/// The easiest guess, and why no lottery could make it harder.
fn easiest(lottery: &Lottery, figures: &Figures) -> Vec<String> {
    let Some((at, Worst { n, visit, inspector })) = figures.worst else { return Vec::new() };
    let (case, stages) = (lottery.case, &lottery.drawn.stages);
    let (Some(stage), Some(bounds)) = (stages.get(at), lottery.bounds.get(at)) else { return Vec::new() };
    let where_ = if stages.len() > 1 { format!(" of stage {}", at + 1) } else { String::new() };
    let (who, id, of) = (person(case, inspector), &case.visit(visit).id, stage.odds.tickets);
    let mut lines = vec![format!("The easiest guess: {who} goes on visit {id} in {n} of {of} tickets{where_}.")];
    let before = before(lottery, at);
    let eligible = Eligible::new(case, lottery.book, stage.span(), &before);
    let why = worst_odds_in_words(&eligible, of, &held(case, &stage.odds), &bounds.worst);
    let least = bounds.worst.at_least;
    lines.push(match n <= least {
        true => format!("No lottery could do better than these {least}. {why}"),
        false => format!("No lottery could do better than {least} of {of}. {why}"),
    });
    lines.extend(furthest(lottery, at));
    lines
}

/// The stage, other than number `at`, whose easiest guess is furthest above its bound.
fn furthest(lottery: &Lottery, at: usize) -> Option<String> {
    let stages = lottery.drawn.stages.iter().zip(lottery.bounds).enumerate();
    let gap = stages.filter_map(|(number, (stage, bounds))| {
        let n = stage.odds.worst()?.n;
        Some((n.saturating_sub(bounds.worst.at_least), number, n, bounds.worst.at_least))
    });
    let (_, number, n, least) = gap.max_by_key(|(gap, number, ..)| (*gap, std::cmp::Reverse(*number)))?;
    (number != at && n > least).then(|| {
        format!("Furthest above its bound is stage {}: {n}, where no lottery could do better than {least}.", number + 1)
    })
}

/// How even the odds are.
fn spread(lottery: &Lottery, figures: &Figures) -> Vec<String> {
    let case = lottery.case;
    let (guessed, held) = figures.guessed;
    let middle = figures.teams.get(figures.teams.len().saturating_sub(1) / 2);
    let (Some((median, _)), Some((least, _))) = (middle, figures.teams.first()) else { return Vec::new() };
    let fewest: Vec<_> = figures.teams.iter().take_while(|(teams, _)| teams == least).collect();
    let mut named: Vec<&str> = fewest.iter().take(NAMED).map(|(_, visit)| case.visit(*visit).id.as_str()).collect();
    let more = format!("and {} more", fewest.len().saturating_sub(NAMED));
    if fewest.len() > NAMED {
        named.push(&more);
    }
    let (squares, at_least) = figures.squares;
    vec![
        format!(
            "Whoever names the likeliest person for each visit is right on {} % of the visits held.",
            tenths(guessed * 1000 / held.max(1))
        ),
        format!(
            "A visit is as hard to guess as {} equally likely teams (the visit in the middle); the fewest are {} ({}). \
             Who goes has {:.1} bits of entropy a visit.",
            tenths(*median),
            tenths(*least),
            named.join(", "),
            figures.bits
        ),
        format!(
            "The squares of all odds sum to {squares}; no lottery has less than {at_least}: at most {} % above what could be.",
            tenths(above(squares, at_least))
        ),
    ]
}

fn different(figures: &Figures) -> String {
    let Figures { tickets, distinct, .. } = figures;
    match tickets - distinct {
        0 => format!("All {tickets} tickets are different."),
        1 => format!("{distinct} of {tickets} tickets are different; 1 stands there a second time."),
        same => {
            format!("{distinct} of {tickets} tickets are different; {same} stand there a second time or more often.")
        }
    }
}

/// What somebody learns who holds an urn.
fn leakage(lottery: &Lottery) -> Option<String> {
    let leaks: Option<Vec<Leak>> = lottery.drawn.stages.iter().map(|stage| stage.odds.leak).collect();
    let leaks = leaks?;
    let of = |remains: fn(&Leak) -> u64| {
        let mut all: Vec<u64> = leaks.iter().map(remains).collect();
        all.sort_unstable();
        let median = all.get(all.len().saturating_sub(1) / 2).copied().unwrap_or(0);
        (tenths(median), tenths(all.first().copied().unwrap_or(0)))
    };
    let ((first, _), (_, first_least)) = (of(|leak| leak.first.median), of(|leak| leak.first.least));
    let ((all, _), (_, all_least)) = (of(|leak| leak.all.median), of(|leak| leak.all.least));
    Some(format!(
        "Whoever holds the urn of a stage and has seen their own first visit in it still faces {first} tickets (the person in \
         the middle; {first_least} at the least); after all of their own, {all} ({all_least})."
    ))
}

/// Who never serves.
fn bottom(lottery: &Lottery, figures: &Figures) -> String {
    let never = &figures.never;
    if never.is_empty() {
        return "Everybody on the roster serves in some ticket.".to_owned();
    }
    let mut named: Vec<String> = never.iter().take(NAMED).map(|who| person(lottery.case, *who)).collect();
    if never.len() > NAMED {
        named.push(format!("and {} more", never.len() - NAMED));
    }
    let why = match (figures.could, never.len()) {
        (0, 1) => "the rules let them go on no visit".to_owned(),
        (0, _) => "the rules let none of them go on any visit".to_owned(),
        (1, 1) => "the rules would let them go".to_owned(),
        (could, _) => format!("the rules would let {could} of them go"),
    };
    format!("In no ticket at all: {} ({}); {why}.", count(never.len(), "person", "people"), named.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bound::stage_bounds;
    use crate::model::{Case, Drawn, Odds, Schedule, Stage, Urn};
    use crate::rules::Book;
    use crate::rules::testing::fixture;

    /// The period in one draw, from an urn that holds every plan of the texts once.
    fn drawn(texts: &[&str]) -> (Case, Book, Drawn) {
        let (mut case, _) = fixture(texts[0]);
        case.urn.stage = Stage::Period;
        let book = Book::new(&case.settings).unwrap();
        let span = case.urn.stage.spans(&case.period)[0];
        let layout = book.layout(&case, span, &Schedule::default());
        let mut tickets = Vec::new();
        texts.iter().for_each(|text| layout.encode(&fixture(text).1, &mut tickets));
        let urn = Urn::new(layout, tickets).unwrap();
        let schedule = urn.part(0);
        let stage = DrawnStage { number: 1, odds: Odds::count(&urn), urn, index: 0 };
        (case, book, Drawn { schedule, stages: vec![stage], ..Drawn::default() })
    }

    const CASE: &str = "
        period 2027-01-04..2027-01-04
        inspector ana lead
        inspector ben lead
        inspectors cem dea
        inspector eve left=2026-12-31
        places p1
        visit v1 p1
    ";

    #[test]
    fn two_tickets_are_told_with_their_bound_and_their_bottom() {
        let teams = ["ana cem", "ana dea", "ben cem", "ana cem"];
        let texts = teams.map(|team| format!("{CASE} plan v1 2027-01-04 am {team}"));
        let (case, book, drawn) = drawn(&texts.each_ref().map(String::as_str));
        let bounds = stage_bounds(&case, &book, &drawn);
        let lottery = Lottery { case: &case, book: &book, drawn: &drawn, bounds: &bounds };
        let sections = odds_in_words(&lottery);
        let [odds] = sections.as_slice() else { panic!("one stage needs no table: {sections:?}") };
        assert_eq!(odds.title, "Odds: 4 tickets, of which one was drawn");
        let lines: Vec<&str> = odds.body.lines().collect();
        assert_eq!(lines[0], "The easiest guess: ana goes on visit v1 in 3 of 4 tickets.");
        assert!(
            lines[1].starts_with("No lottery could do better than 2 of 4. Visit v1 has 4 people for 2 seats: "),
            "{lines:?}"
        );
        assert_eq!(
            lines[2],
            "Whoever names the likeliest person for each visit is right on 75.0 % of the visits held."
        );
        // 16 / (4 + 1 + 1) teams; a quarter and three quarters twice are 1.62 bits.
        assert!(lines[3].starts_with("A visit is as hard to guess as 2.6 equally likely teams"), "{lines:?}");
        assert!(lines[3].ends_with("Who goes has 1.6 bits of entropy a visit."), "{lines:?}");
        // 9 + 1 + 9 + 1 for 2 + 2 + 2 + 2 squared each.
        assert!(
            lines[4].starts_with("The squares of all odds sum to 20; no lottery has less than 16: at most 25.0 %"),
            "{lines:?}"
        );
        assert_eq!(lines[5], "3 of 4 tickets are different; 1 stands there a second time.");
        assert_eq!(lines[7], "In no ticket at all: 1 person (eve); the rules let them go on no visit.");
        let json = crate::report::odds_json(&lottery);
        assert_eq!((&json["worst"]["n"], &json["stages"][0]["worst_bound"]["at_least"]), (&3.into(), &2.into()));
        assert_eq!(json["never_drawn"][0], "eve");
    }

    #[test]
    fn where_nothing_is_held_there_is_nothing_to_guess() {
        let (case, book, drawn) = drawn(&[CASE]);
        let bounds = stage_bounds(&case, &book, &drawn);
        let told = odds_in_words(&Lottery { case: &case, book: &book, drawn: &drawn, bounds: &bounds });
        assert_eq!(told[0].body, "No ticket holds a visit: there is nothing to guess.");
    }
}
