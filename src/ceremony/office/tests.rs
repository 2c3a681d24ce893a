//! A ledger in a folder: locked, appended to, cut short by a power cut, and stopped at each call to the system.

use super::super::testing::{ORIGIN, People, files, stopped_everywhere};
use super::*;
use crate::record::ledger::testing::{commit, draw, freeze, void};

fn bodies() -> [Body; 4] {
    [freeze(1), Body::Commit(commit(1, 1)), draw(1), Body::Commit(commit(2, 1))]
}

#[test]
fn what_was_put_on_the_ledger_is_there_when_it_is_opened_again() {
    let people = People::new();
    let folder = people.ledger(&bodies());
    let office = Office::open(&folder, Disk::new()).unwrap();
    assert_eq!(office.entries().len(), 5);
    assert_eq!(office.course().open().map(|made| made.commit.counter), Some(2));
    assert!(office.notices().is_empty());
    let names: Vec<String> = files(&folder).into_keys().collect();
    let notes: Vec<String> = (1..=5).map(checkpoint_file).collect();
    assert_eq!(names, [notes, vec![LEDGER.to_owned()]].concat());
}

#[test]
fn opening_and_writing_can_be_stopped_anywhere() {
    let people = People::new();
    let nothing = people.folder();
    fs::create_dir_all(&nothing).unwrap();
    stopped_everywhere(&people, &nothing, |folder, disk| {
        Office::found(folder, disk, people.opening())?.seal(&people.planner).map(drop)
    });
    let before = people.ledger(&bodies()[..1]);
    stopped_everywhere(&people, &before, |folder, disk| {
        let mut office = Office::open(folder, disk)?;
        if office.course().open().is_none() {
            office.append(Body::Commit(commit(1, 1)), Vec::new())?;
        }
        office.seal(&people.planner).map(drop)
    });
}

#[test]
fn a_torn_last_line_is_mended_and_nothing_whole_is_lost() {
    let people = People::new();
    let folder = people.ledger(&bodies()[..2]);
    let path = folder.join(LEDGER);
    let whole = fs::read(&path).unwrap();
    let last = Office::open(&folder, Disk::new()).unwrap().entries().last().unwrap().bytes.len();
    fs::remove_file(folder.join(checkpoint_file(3))).unwrap();
    for lacking in 1..last {
        fs::write(&path, &whole[..whole.len() - lacking]).unwrap();
        assert!(matches!(Office::look(&folder, Disk::new()), Err(CeremonyError::Damaged { .. })));
        let office = Office::open(&folder, Disk::new()).unwrap();
        let lines = if lacking == 1 { 3 } else { 2 };
        assert_eq!((office.entries().len(), office.notices().len()), (lines, 1), "{lacking} bytes lacking");
        let kept = if lacking == 1 { whole.clone() } else { whole[..whole.len() - last].to_vec() };
        assert_eq!(fs::read(&path).unwrap(), kept);
    }
}

#[test]
fn a_line_that_was_published_is_never_taken_away() {
    let people = People::new();
    let folder = people.ledger(&bodies());
    let path = folder.join(LEDGER);
    let whole = fs::read(&path).unwrap();
    for kept in [whole.len() - 9, whole.len() - whole.len() / 3] {
        fs::write(&path, &whole[..kept]).unwrap();
        assert!(matches!(Office::open(&folder, Disk::new()), Err(CeremonyError::Damaged { .. })));
        assert_eq!(fs::read(&path).unwrap().len(), kept);
    }
    let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
    fs::write(&path, lines[..4].concat()).unwrap();
    let error = Office::open(&folder, Disk::new()).unwrap_err().to_string();
    assert!(error.contains("the planner's checkpoint of 5 lines is not one of the 4 lines"), "{error}");
}

#[test]
fn two_cannot_write_at_once() {
    let people = People::new();
    let folder = people.ledger(&bodies());
    let first = Office::open(&folder, Disk::new()).unwrap();
    let second = Office::open(&folder, Disk::new()).unwrap_err();
    assert!(matches!(second, CeremonyError::Locked(_)));
    drop(first);
    assert!(Office::open(&folder, Disk::new()).is_ok());
}

#[test]
fn many_at_once_lose_and_double_nothing() {
    let people = People::new();
    let folder = people.ledger(&[]);
    let write = || {
        let mut written = 0;
        while written < 5 {
            let mut office = match Office::open(&folder, Disk::new()) {
                Ok(office) => office,
                Err(CeremonyError::Locked(_)) => continue,
                Err(error) => panic!("{error}"),
            };
            let number = office.course().next_freeze();
            office.append(freeze(number), Vec::new()).unwrap();
            office.seal(&people.planner).unwrap();
            written += 1;
        }
    };
    std::thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(write))));
    assert_eq!(Office::open(&folder, Disk::new()).unwrap().course().next_freeze(), 21);
}

#[test]
fn only_the_planner_seals_and_only_parties_sign() {
    let people = People::new();
    let folder = people.ledger(&bodies());
    let mut office = Office::open(&folder, Disk::new()).unwrap();
    assert!(office.seal(&people.auditor).is_err() && office.is_party(&people.auditor).is_ok());
    let stranger = People::new();
    assert!(office.seal(&stranger.planner).is_err() && office.is_party(&stranger.officer).is_err());
    let before = office.entries().len();
    for hands in [vec![], vec![&people.planner], vec![&people.officer, &stranger.planner]] {
        let signed = hands.iter().map(|keys| keys.sign(ORIGIN, &void(2))).collect();
        assert!(office.append(void(2), signed).is_err());
    }
    assert!(office.append(freeze(7), Vec::new()).is_err());
    assert_eq!(office.entries().len(), before);
}

#[test]
fn a_ledger_is_not_begun_anew_and_not_where_there_is_none() {
    let people = People::new();
    let folder = people.ledger(&bodies());
    assert!(Office::found(&folder, Disk::new(), people.opening()).is_ok());
    assert!(Office::found(&folder, Disk::new(), People::new().opening()).is_err());
    assert!(matches!(Office::open(&people.folder(), Disk::new()), Err(CeremonyError::NoLedger(_))));
    assert!(Office::found(&people.folder(), Disk::new(), freeze(1)).is_err());
}

#[test]
fn a_changed_ledger_is_not_gone_on_with() {
    let people = People::new();
    let folder = people.ledger(&bodies());
    let path = folder.join(LEDGER);
    let text = fs::read_to_string(&path).unwrap();
    for (from, to) in
        [("\"leaves\":7", "\"leaves\":8"), ("\"worst\":340", "\"worst\":341"), ("\"line\":2", "\"line\":3")]
    {
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
        assert!(matches!(Office::open(&folder, Disk::new()), Err(CeremonyError::Damaged { .. })), "{to}");
    }
}
