//! The acts that take nothing but the ledger: to open it, to make a commitment void, to disclose secrets.

use std::collections::BTreeMap;
use std::path::Path;

use super::{CeremonyError, Disk, Keys, Office, Settled};
use crate::draw::Digest;
use crate::draw::nonce::is_link;
use crate::record::ledger::{Body, Disclose, LEDGER_FORMAT, Made, NonceShown, Open, Party, Void};
use crate::record::one_spelling;

/// Opens a ledger in `folder`, for `origin` with these parties, and writes its first checkpoint.
///
/// # Errors
/// Where the parties can't be those of a ledger, the keys are not the planner's, or another ledger is there.
pub fn open(
    folder: &Path,
    disk: Disk,
    origin: &str,
    mut parties: Vec<Party>,
    keys: &Keys,
) -> Result<Office, CeremonyError> {
    parties.sort_by(|a, b| a.name.cmp(&b.name));
    if !parties.contains(&keys.party()) {
        let says = format!("`{}` are not the keys of one of these parties", keys.path().display());
        return Err(CeremonyError::refused(
            says,
            "give the planner's secret with --keys, and their NAME.party among the parties",
        ));
    }
    let opening = Open { format: LEDGER_FORMAT.to_owned(), origin: origin.to_owned(), parties };
    let office = Office::found(folder, disk, Body::Open(opening))?;
    office.seal(keys)?;
    Ok(office)
}

/// Makes the open commitment `counter` void, once another party has signed that too. What is void already for this reason
/// stays so.
///
/// # Errors
/// Where it can't be made void.
pub fn void(office: &mut Office, keys: &Keys, counter: u64, reason: &str) -> Result<Settled, CeremonyError> {
    let reason = one_spelling(reason.trim());
    office.propose(keys, Body::Void(Void { counter, reason }), None)
}

/// Discloses the secrets of the closed commitment `counter`. The planner's own are taken from the keys where they are not
/// given. What was disclosed already stays so.
///
/// # Errors
/// Where the commitment is open, a secret is lacking, or one is not the party's for this counter.
pub fn disclose(
    office: &mut Office,
    keys: &Keys,
    counter: u64,
    given: &BTreeMap<String, Digest>,
) -> Result<u64, CeremonyError> {
    office.is_planner(keys)?;
    let made = office.course().commitment(counter).ok_or(crate::record::ledger::OutOfCourse::NoCommitment(counter))?;
    let nonces = nonces(office, made, keys, given)?;
    let body = Body::Disclose(Disclose { counter, nonces });
    let there = office.entries().iter().find(|entry| entry.body == body).map(|entry| entry.line);
    let line = match there {
        Some(line) => line,
        None => office.append(body, Vec::new())?.line,
    };
    office.seal(keys)?;
    Ok(line)
}

/// The secrets of a commitment in its order, each held against the anchor of its party. The planner's own come from `keys` where
/// they are not given.
///
/// # Errors
/// Where one is lacking, or is not the party's.
pub fn nonces(
    office: &Office,
    made: &Made,
    keys: &Keys,
    given: &BTreeMap<String, Digest>,
) -> Result<Vec<NonceShown>, CeremonyError> {
    let counter = made.commit.counter;
    let names = &made.commit.nonces;
    if let Some(stranger) = given.keys().find(|name| !names.contains(name)) {
        let says = format!("commitment {counter} takes no secret of `{stranger}`");
        return Err(CeremonyError::refused(says, format!("it takes those of {}", names.join(", "))));
    }
    let own = |name: &str| keys.nonce(counter).filter(|_| name == keys.name());
    let shown = |name: &String| {
        let nonce = given.get(name).copied().or_else(|| own(name)).ok_or_else(|| lacking(name, counter))?;
        is_theirs(office, name, counter, &nonce)?;
        Ok(NonceShown { name: name.clone(), nonce })
    };
    names.iter().map(shown).collect()
}

fn is_theirs(office: &Office, name: &str, counter: u64, nonce: &Digest) -> Result<(), CeremonyError> {
    let party = office.course().party(name);
    let draw = u32::try_from(counter).unwrap_or_default();
    match party.is_some_and(|party| is_link(name, &party.anchor, draw, nonce)) {
        true => Ok(()),
        false => Err(CeremonyError::refused(
            format!("this is not the secret of `{name}` for draw {counter}"),
            format!("ask {name} for it: foureyes keys nonce --keys {name}.secret --counter {counter}"),
        )),
    }
}

fn lacking(name: &str, counter: u64) -> CeremonyError {
    CeremonyError::refused(
        format!("the secret of `{name}` for draw {counter} is lacking"),
        format!(
            "ask {name} for it (foureyes keys nonce --keys {name}.secret --counter {counter}), and give it with --nonce {name}=HEX"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{ORIGIN, People, files, stopped_everywhere};
    use super::super::{PROPOSED, in_words};
    use super::*;
    use crate::record::ledger::testing::{commit, draw, draw_from_dice, freeze};

    const REASON: &str = "The roster was wrong.";

    fn committed(people: &People) -> std::path::PathBuf {
        people.ledger(&[freeze(1), Body::Commit(commit(1, 1))])
    }

    fn voided(people: &People, folder: &Path, disk: Disk) -> Result<Settled, CeremonyError> {
        void(&mut Office::open(folder, disk)?, &people.planner, 1, REASON)
    }

    fn signed(keys: &Keys, folder: &Path, disk: Disk) -> Result<(), CeremonyError> {
        Office::look(folder, disk)?.sign_proposal(keys).map(drop)
    }

    #[test]
    fn a_ledger_opens_with_the_planners_keys_and_sorted_parties() {
        let people = People::new();
        let parties = || [&people.planner, &people.auditor, &people.officer].map(Keys::party).to_vec();
        let folder = people.folder();
        let office = open(&folder, Disk::new(), ORIGIN, parties(), &people.planner).unwrap();
        let names: Vec<_> = office.course().parties().iter().map(|party| party.name.as_str()).collect();
        assert_eq!(names, ["audit", "officer", "planner"]);
        drop(office);
        assert!(open(&folder, Disk::new(), ORIGIN, parties(), &people.planner).is_ok(), "again, as after a crash");
        assert!(open(&folder, Disk::new(), "other.example", parties(), &people.planner).is_err());
        let fresh = people.folder();
        assert!(open(&fresh, Disk::new(), ORIGIN, parties(), &People::new().planner).is_err());
        assert!(open(&fresh, Disk::new(), "a b", parties(), &people.planner).is_err());
        assert!(open(&fresh, Disk::new(), ORIGIN, parties()[..1].to_vec(), &people.planner).is_err());
        assert!(!fresh.exists());
        assert!(open(&fresh, Disk::new(), ORIGIN, parties(), &people.auditor).is_err());
    }

    #[test]
    fn a_commitment_is_void_when_two_have_signed() {
        let people = People::new();
        let folder = committed(&people);
        assert!(signed(&people.officer, &folder, Disk::new()).is_err(), "nothing waits");
        assert_eq!(voided(&people, &folder, Disk::new()).unwrap(), Settled::Waits);
        assert_eq!(voided(&people, &folder, Disk::new()).unwrap(), Settled::Waits, "the planner can't sign twice");
        assert!(signed(&people.planner, &folder, Disk::new()).is_err());
        assert!(signed(&People::new().officer, &folder, Disk::new()).is_err());
        let waiting = Office::look(&folder, Disk::new()).unwrap().proposal().unwrap().unwrap();
        assert!(in_words(&waiting.draft.body).ends_with(REASON));
        signed(&people.officer, &folder, Disk::new()).unwrap();
        assert_eq!(voided(&people, &folder, Disk::new()).unwrap(), Settled::Landed(4));
        assert_eq!(voided(&people, &folder, Disk::new()).unwrap(), Settled::Landed(4), "again, as after a crash");
        assert!(!folder.join(PROPOSED).exists());
        let office = Office::open(&folder, Disk::new()).unwrap();
        let names: Vec<_> = office.entries()[3].signed.iter().map(|signed| signed.name.as_str()).collect();
        assert_eq!((names, office.entries().len()), (vec!["officer", "planner"], 4));
    }

    #[test]
    fn a_proposal_can_be_stopped_anywhere() {
        let people = People::new();
        let before = committed(&people);
        stopped_everywhere(&people, &before, |folder, disk| voided(&people, folder, disk).map(drop));
        voided(&people, &before, Disk::new()).unwrap();
        stopped_everywhere(&people, &before, |folder, disk| signed(&people.officer, folder, disk));
        signed(&people.officer, &before, Disk::new()).unwrap();
        stopped_everywhere(&people, &before, |folder, disk| voided(&people, folder, disk).map(drop));
    }

    #[test]
    fn another_proposal_waits_until_it_is_withdrawn() {
        let people = People::new();
        let folder = committed(&people);
        voided(&people, &folder, Disk::new()).unwrap();
        let other = |reason| void(&mut Office::open(&folder, Disk::new()).unwrap(), &people.planner, 1, reason);
        let error = other("Another reason.").unwrap_err();
        assert!(error.to_string().contains(REASON) && error.hint().contains(PROPOSED));
        std::fs::remove_file(folder.join(PROPOSED)).unwrap();
        assert_eq!(other("Another reason.").unwrap(), Settled::Waits);
    }

    #[test]
    fn a_proposal_that_was_changed_lands_nowhere() {
        let people = People::new();
        let folder = committed(&people);
        voided(&people, &folder, Disk::new()).unwrap();
        signed(&people.officer, &folder, Disk::new()).unwrap();
        let path = folder.join(PROPOSED);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replace(REASON, "No reason.")).unwrap();
        assert!(voided(&people, &folder, Disk::new()).is_err(), "it is another proposal now");
        assert!(
            void(&mut Office::open(&folder, Disk::new()).unwrap(), &people.planner, 1, "No reason.").unwrap()
                == Settled::Waits
        );
        for text in ["", "{}\n", "null\n", "{\"kind\":\"void\"}\n"] {
            std::fs::write(&path, text).unwrap();
            assert!(voided(&people, &folder, Disk::new()).is_err());
        }
        assert_eq!(Office::open(&folder, Disk::new()).unwrap().entries().len(), 3);
    }

    #[test]
    fn a_change_lies_beside_its_proposal_and_lands_before_its_line() {
        let people = People::new();
        let before = people.ledger(&[freeze(1), Body::Commit(commit(1, 1)), draw(1)]);
        let change = b"{\"absence\":{}}\n".to_vec();
        let body = match crate::record::ledger::testing::amend(1) {
            Body::Amend(amend) => {
                Body::Amend(crate::record::ledger::Amend { change: crate::draw::digest(&change), ..amend })
            }
            other => panic!("{other:?} is no amendment"),
        };
        let amend = |folder: &Path, disk| {
            Office::open(folder, disk)?.propose(&people.planner, body.clone(), Some(&change)).map(drop)
        };
        stopped_everywhere(&people, &before, amend);
        amend(&before, Disk::new()).unwrap();
        assert_eq!(files(&before)["proposed-change.json"], change);
        signed(&people.auditor, &before, Disk::new()).unwrap();
        stopped_everywhere(&people, &before, amend);
        amend(&before, Disk::new()).unwrap();
        let left = files(&before);
        assert_eq!(left["changes/001.json"], change);
        assert!(!left.contains_key("proposed.json") && !left.contains_key("proposed-change.json"));
    }

    fn secrets(people: &People, counter: u64) -> BTreeMap<String, Digest> {
        BTreeMap::from([("officer".to_owned(), people.officer.nonce(counter).unwrap())])
    }

    #[test]
    fn secrets_are_disclosed_after_the_draw_and_are_those_of_the_chains() {
        let people = People::new();
        let folder = people.ledger(&[freeze(1), Body::Commit(commit(1, 1)), draw(1), Body::Commit(commit(2, 1))]);
        let tell = |counter, given: BTreeMap<String, Digest>| {
            disclose(&mut Office::open(&folder, Disk::new()).unwrap(), &people.planner, counter, &given)
        };
        assert!(tell(2, secrets(&people, 2)).unwrap_err().to_string().contains("still open"));
        assert!(tell(3, secrets(&people, 3)).unwrap_err().to_string().contains("no commitment 3"));
        assert!(
            tell(1, secrets(&people, 2)).unwrap_err().to_string().contains("not the secret of `officer` for draw 1")
        );
        assert!(tell(1, BTreeMap::new()).unwrap_err().to_string().contains("lacking"));
        let stranger = BTreeMap::from([("audit".to_owned(), people.auditor.nonce(1).unwrap())]);
        assert!(tell(1, stranger).unwrap_err().to_string().contains("takes no secret of `audit`"));
        assert_eq!(tell(1, secrets(&people, 1)).unwrap(), 6);
        assert_eq!(tell(1, secrets(&people, 1)).unwrap(), 6, "again, as after a crash");
    }

    #[test]
    fn disclosing_can_be_stopped_anywhere() {
        let people = People::new();
        let signed_dice = [freeze(1), Body::Commit(commit(1, 1)), draw_from_dice(1)];
        let before = people.ledger(&signed_dice);
        stopped_everywhere(&people, &before, |folder, disk| {
            disclose(&mut Office::open(folder, disk)?, &people.planner, 1, &secrets(&people, 1)).map(drop)
        });
    }
}
