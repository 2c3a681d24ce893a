//! What whoever signs should know first, though nothing forbids them to sign: it can be lawful, and no file can show that it was.

use std::collections::BTreeSet;

use super::{AHEAD, Office, utc};
use crate::record::draw_folder;
use crate::record::ledger::{BeaconLine, Body, Made, Role, Signed};
use crate::verify::few_tickets_in_words;

/// What to know of a line that waits for a second hand, for the party called `name` at the time `now` in seconds since 1970. `signed` are those
/// who have signed it so far.
pub fn cautions(office: &Office, body: &Body, signed: &[Signed], name: &str, now: i64) -> Vec<String> {
    match body {
        Body::Void(void) => {
            let made = office.course().commitment(void.counter);
            made.and_then(|made| after_a_peek(office, made, name, now)).into_iter().collect()
        }
        Body::Draw(draw) if draw.beacon.is_dice() => vec![of_dice(office, signed, name)],
        _ => Vec::new(),
    }
}

/// What to know of a new commitment, before anything is drawn from it.
pub fn cautions_of_commitment(made: &Made) -> Vec<String> {
    let counter = made.commit.counter;
    let few = few_tickets_in_words(made.commit.tickets, &format!("commitment {counter}"));
    let timeless = match &made.commit.beacon {
        BeaconLine::Dice(dice) if dice.time.is_none() => Some(format!(
            "the dice of commitment {counter} are thrown on {}, and no hour is stated: nobody can hold a throw of that day against it",
            dice.date
        )),
        _ => None,
    };
    few.into_iter().chain(timeless).collect()
}

/// Whoever knows the number and all secrets knows what would be drawn; who does not like it asks for a void.
fn after_a_peek(office: &Office, made: &Made, name: &str, now: i64) -> Option<String> {
    let counter = made.commit.counter;
    let lies = office.path(&draw_folder(counter)).is_dir();
    let drawn = lies.then(|| format!("the record of draw {counter} lies in this folder already"));
    let known = drawn.or_else(|| is_out(made, now))?;
    let nonces = &made.commit.nonces;
    let whose = nonces.join(" and ");
    let planner = office.course().planner().is_some_and(|planner| planner.name == name);
    let who = match nonces.iter().any(|of| of == name) {
        _ if planner => format!(
            "whoever has the secrets of {whose} knows what would be drawn. Everybody will see that it was made void when it could be known"
        ),
        true => format!(
            "whoever has the secrets of {whose} knows what would be drawn. If you gave yours for draw {counter} away, the planner may know it, and \
             may want another draw for that reason"
        ),
        false => format!(
            "whoever has the secrets of {whose} knows what would be drawn, and yours is not among them: the planner may know it, and may want \
             another draw for that reason"
        ),
    };
    Some(format!("{known}: {who}"))
}

/// That the number of a commitment is out, or may be.
fn is_out(made: &Made, now: i64) -> Option<String> {
    let (counter, it_is) = (made.commit.counter, utc(now));
    match &made.commit.beacon {
        BeaconLine::Quicknet(round) => {
            let time = made.commit.beacon.known_from()?;
            let (number, when) = (round.round, utc(time));
            match now {
                now if now >= time => Some(format!(
                    "round {number} of commitment {counter} came at {when}, and it is {it_is}, so the number is out"
                )),
                now if now >= time.saturating_sub(AHEAD) => Some(format!(
                    "round {number} of commitment {counter} comes at {when}, and it is {it_is}, so the number may be out by another clock"
                )),
                _ => None,
            }
        }
        BeaconLine::Dice(dice) => (now >= dice.thrown_from()).then(|| {
            let when = dice.when();
            format!(
                "the dice of commitment {counter} are thrown on {when}, and it is {it_is}, so the throws may be known"
            )
        }),
    }
}

/// Nobody can check dice afterwards, so who saw them is all that there is.
fn of_dice(office: &Office, signed: &[Signed], name: &str) -> String {
    let names: BTreeSet<&str> = signed.iter().map(|one| one.name.as_str()).chain([name]).collect();
    let by = names.iter().copied().collect::<Vec<_>>().join(" and ");
    let auditor = |name: &&str| office.course().party(name).is_some_and(|party| party.role == Role::Auditor);
    match names.iter().any(auditor) {
        true => format!("what the dice showed rests on the word of those who sign, here {by}: sign only what you saw"),
        false => format!(
            "what the dice showed rests on the word of those who sign, here {by}, and no auditor is among them: have one who saw the dice sign too, \
             before it is put on the ledger"
        ),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveTime;

    use super::super::testing::{ORIGIN, People};
    use super::super::{Disk, Keys};
    use super::*;
    use crate::draw::beacon::time_of;
    use crate::record::ledger::testing::{commit, dice, draw_from_dice, freeze, void};
    use crate::record::ledger::{Commit, Dice};

    /// What `keys` are told of a void of this commitment.
    fn told(people: &People, commit: Commit, keys: &Keys, now: i64) -> String {
        let office = Office::open(&people.ledger(&[freeze(1), Body::Commit(commit)]), Disk::new()).unwrap();
        cautions(&office, &void(1), &[], keys.name(), now).join("\n")
    }

    #[test]
    fn a_void_after_the_round_says_that_the_number_is_out() {
        let (people, round) = (People::new(), time_of(1000).unwrap());
        let at = |keys, now| told(&people, commit(1, 1), keys, now);
        assert_eq!(at(&people.officer, round - AHEAD - 1), "");
        assert!(at(&people.officer, round - AHEAD).contains("may be out by another clock"));
        let says = at(&people.officer, round);
        assert!(
            says.starts_with("round 1000 of commitment 1 came at 2023-08-23T15:59:24Z, and it is 2023-08-23T15:59:24Z")
        );
        assert!(says.contains("officer and planner") && says.contains("If you gave yours for draw 1 away"), "{says}");
        assert!(at(&people.auditor, round).contains("yours is not among them: the planner may know it"));
        assert!(at(&people.planner, round).contains("Everybody will see"));
    }

    #[test]
    fn a_void_after_the_throw_says_so_by_the_hour_or_by_the_day() {
        let people = People::new();
        let of = |time| Commit { beacon: BeaconLine::Dice(Dice { time, ..dice() }), fallback: None, ..commit(1, 1) };
        let ten = NaiveTime::from_hms_opt(10, 0, 0).unwrap();
        let at = |time: NaiveTime| dice().date.and_time(time).and_utc().timestamp();
        assert_eq!(told(&people, of(Some(ten)), &people.auditor, at(ten) - 1), "");
        let says = told(&people, of(Some(ten)), &people.auditor, at(ten));
        assert!(
            says.starts_with("the dice of commitment 1 are thrown on 2027-01-03 at 10:00 UTC, and it is"),
            "{says}"
        );
        assert_eq!(told(&people, of(None), &people.auditor, at(NaiveTime::MIN) - 1), "");
        assert!(
            told(&people, of(None), &people.auditor, at(NaiveTime::MIN)).contains("thrown on 2027-01-03, and it is")
        );
    }

    #[test]
    fn a_record_that_is_there_says_more_than_any_clock() {
        let people = People::new();
        let folder = people.ledger(&[freeze(1), Body::Commit(commit(1, 1))]);
        std::fs::create_dir_all(folder.join(draw_folder(1))).unwrap();
        let office = Office::open(&folder, Disk::new()).unwrap();
        assert!(
            cautions(&office, &void(1), &[], "audit", 0)[0]
                .contains("the record of draw 1 lies in this folder already")
        );
        assert_eq!(cautions(&office, &void(7), &[], "audit", 0), [""; 0]);
    }

    #[test]
    fn dice_want_an_auditor_among_those_who_saw_them() {
        let people = People::new();
        let thrown = Commit { beacon: BeaconLine::Dice(dice()), fallback: None, ..commit(1, 1) };
        let office = Office::open(&people.ledger(&[freeze(1), Body::Commit(thrown)]), Disk::new()).unwrap();
        let body = draw_from_dice(1);
        let signed = vec![people.planner.sign(ORIGIN, &body)];
        let told = |name| cautions(&office, &body, &signed, name, 0).join("\n");
        assert!(told("officer").contains("here officer and planner, and no auditor is among them"));
        assert!(told("audit").contains("here audit and planner: sign only what you saw"));
    }

    #[test]
    fn few_tickets_and_a_throw_without_an_hour_are_told_of_a_commitment() {
        let made = |commit| Made {
            line: 3,
            hash: [0; 32],
            commit,
            ending: crate::record::ledger::Ending::Open,
            disclosed: None,
        };
        assert_eq!(cautions_of_commitment(&made(Commit { tickets: 100, ..commit(1, 1) })), [""; 0]);
        let told =
            cautions_of_commitment(&made(Commit { tickets: 99, beacon: BeaconLine::Dice(dice()), ..commit(1, 1) }));
        assert!(told[0].starts_with("commitment 1 is drawn from 99 tickets; below 100,"), "{told:?}");
        assert!(told[1].contains("no hour is stated"), "{told:?}");
    }
}
