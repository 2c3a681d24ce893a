//! Every rule's builder side held against its `check`, on many small random cases.
//!
//! Nothing here is written for one rule: a new line in the book is tested from its first day. Visits
//! are put on a board one after another, at random. What the builder's side allows must be what
//! `check` finds nothing against in the schedule that results, and the other way round. Where it does
//! not allow, taking off what it asks to take off must make room; where a smaller schedule breaks a
//! rule, it must say which visits fall out, no more and no fewer.
//!
//! `AGREEMENT_CASES=20000 cargo test --test agreement` looks at more cases than usual.

#[path = "agreement/asked.rs"]
mod asked;
#[path = "agreement/small.rs"]
mod small;
#[path = "agreement/text.rs"]
mod text;

use asked::{Asked, Question, Told, questions};
use foureyes::draw::{Stream, digest};
use foureyes::model::{Case, Schedule, Team, VisitId};
use foureyes::rules::{BOOK, Board, Place};

/// Cases that every test looks at.
fn cases(usual: u64) -> u64 {
    std::env::var("AGREEMENT_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn stream(label: &str, number: u64) -> Stream {
    Stream::from_key(digest(format!("{label} {number}").as_bytes()))
}

#[test]
fn each_rule_alone_agrees_with_its_check() {
    for entry in BOOK {
        let (mut allowed, mut refused) = (0, 0);
        for number in 0..cases(80) {
            let mut stream = stream(entry.name, number);
            let (case, book) = small::case(&mut stream, Some(entry.name));
            let asked = Asked::of(&case, &book, |name| name == entry.name);
            let (yes, no) = Trial::new(&case, asked, format!("{} {number}", entry.name)).run(&mut stream);
            allowed += yes;
            refused += no;
        }
        assert!(allowed > 0 && refused > 0, "{}: {allowed} allowed and {refused} refused prove little", entry.name);
    }
}

#[test]
fn the_whole_book_agrees_with_its_checks() {
    for number in 0..cases(300) {
        let mut stream = stream("book", number);
        let (case, book) = small::case(&mut stream, None);
        let asked = Asked::of(&case, &book, |_| true);
        Trial::new(&case, asked, format!("book {number}")).run(&mut stream);
    }
}

#[test]
fn a_rule_answers_the_questions_of_its_shape() {
    for number in 0..cases(300) {
        let mut stream = stream("shape", number);
        let (case, book) = small::case(&mut stream, None);
        for asked in Asked::of(&case, &book, |_| true) {
            let strayed = asked.strays(&case);
            assert!(strayed.is_empty(), "{} is a {:?} and answers {strayed:?}", asked.name, asked.shape);
        }
    }
}

/// One small case, and the rules that are held against each other in it.
struct Trial<'c> {
    case: &'c Case,
    asked: Vec<Asked<'c>>,
    board: Board<'c>,
    name: String,
}

impl<'c> Trial<'c> {
    fn new(case: &'c Case, asked: Vec<Asked<'c>>, name: String) -> Self {
        Self { case, asked, board: Board::new(case), name }
    }

    /// How many placements were allowed, and how many refused.
    fn run(mut self, stream: &mut Stream) -> (usize, usize) {
        let (mut allowed, mut refused) = (0, 0);
        for _ in 0..24 {
            let Some((place, team)) = small::placement(stream, &self.board) else { break };
            let stands = self.asked.iter().all(|asked| asked.allows(&self.board, place, &team));
            let with = |board: &Board<'c>| {
                let mut board = board.clone();
                board.put(place, team.clone());
                board
            };
            let found = self.broken(&with(&self.board).schedule());
            assert_eq!(stands, found.is_empty(), "{}\nthe check finds {found:?}", self.tell(place, &team));
            if stands {
                self.board.put(place, team);
                allowed += 1;
            } else {
                self.room_can_be_made(stream, place, &team);
                refused += 1;
            }
            if stream.below(6) == 0 {
                self.a_smaller_schedule_stands(stream);
            }
        }
        (allowed, refused)
    }

    fn broken(&self, schedule: &Schedule) -> Vec<String> {
        let found = self.asked.iter().flat_map(|asked| asked.rule.check(self.case, schedule));
        found.map(|violation| format!("{}: {}", violation.rule, violation.says)).collect()
    }

    fn tell(&self, place: Place, team: &Team) -> String {
        text::of(self.case, &self.name, &self.board, Some((place, team)))
    }

    /// Takes visits off as the clashes ask, until the placement is allowed or a fact stands in the
    /// way: then nothing that is planned may matter.
    fn room_can_be_made(&self, stream: &mut Stream, place: Place, team: &Team) {
        let mut board = self.board.clone();
        let mut rounds = 0;
        loop {
            let told: Vec<Told> = self.asked.iter().flat_map(|asked| asked.clashes(&board, place, team)).collect();
            let fact = told.contains(&Told::Fixed);
            if fact || self.asked.iter().any(|asked| !asked.stands_alone(&board, place, team)) {
                let mut empty = Board::new(self.case);
                empty.put(place, team.clone());
                let broken = self.broken(&empty.schedule());
                return assert!(!broken.is_empty(), "{}\na fact was told, none is there", self.tell(place, team));
            }
            let Some(Told::Planned(visits, go)) = told.first() else { break };
            for asked in &self.asked {
                questions(team).into_iter().for_each(|question| self.each_cures(&board, asked, question, place, team));
            }
            let mut visits = visits.clone();
            stream.shuffle(&mut visits);
            visits.iter().take(*go).for_each(|visit| self.take_off(&mut board, *visit));
            rounds += 1;
            assert!(rounds <= self.case.visits.len(), "{}\nroom is never made", self.tell(place, team));
        }
        board.put(place, team.clone());
        let broken = self.broken(&board.schedule());
        assert!(broken.is_empty(), "{}\nroom was made and yet {broken:?}", self.tell(place, team));
    }

    /// What a clash asks for cures it: asked again, the same question tells of fewer clashes. Where
    /// visits fall out besides, others may have come up.
    fn each_cures(&self, board: &Board<'c>, asked: &Asked, question: Question, place: Place, team: &Team) {
        let told = asked.answer(question, board, place, team);
        for clash in &told {
            let Told::Planned(visits, go) = clash else { continue };
            for first in 0..visits.len() {
                let mut smaller = board.clone();
                let gone: Vec<_> = visits.iter().cycle().skip(first).take(*go).copied().collect();
                gone.iter().for_each(|visit| self.take_off(&mut smaller, *visit));
                let fell = self.placed(board).len() - self.placed(&smaller).len() > *go;
                let left = asked.answer(question, &smaller, place, team).len();
                assert!(fell || left < told.len(), "{}\n{clash:?} is not cured", self.tell(place, team));
            }
        }
    }

    fn placed(&self, board: &Board) -> Vec<VisitId> {
        self.case.visit_ids().filter(|visit| board.placed(*visit).is_some()).collect()
    }

    /// Takes a visit off, and all that fall out for it.
    fn take_off(&self, board: &mut Board<'c>, gone: VisitId) {
        if board.lift(gone).is_none() {
            return;
        }
        let mut next = vec![gone];
        while let Some(gone) = next.pop() {
            let mut fallen: Vec<_> = self.asked.iter().flat_map(|asked| asked.fallout(board, gone)).collect();
            fallen.sort();
            fallen.dedup();
            fallen.into_iter().for_each(|visit| {
                board.lift(visit);
                next.push(visit);
            });
        }
    }

    /// Takes one visit off the board for good: what falls out must go, and nothing else.
    fn a_smaller_schedule_stands(&mut self, stream: &mut Stream) {
        let placed = self.placed(&self.board);
        if placed.is_empty() {
            return;
        }
        let gone = placed[stream.index(placed.len())];
        let (before, story) = (self.board.clone(), text::of(self.case, &self.name, &self.board, None));
        let mut board = before.clone();
        self.take_off(&mut board, gone);
        let broken = self.broken(&board.schedule());
        assert!(broken.is_empty(), "{story}\nwithout {gone:?} {broken:?}");
        for visit in placed.into_iter().filter(|visit| *visit != gone && board.placed(*visit).is_none()) {
            let mut with = board.clone();
            let stood = before.placed(visit).expect("it was placed before");
            with.put(Place { visit, day: stood.day, slot: stood.slot }, stood.team.clone());
            let broken = self.broken(&with.schedule());
            assert!(!broken.is_empty(), "{story}\nwithout {gone:?} {visit:?} fell out and need not have");
        }
        self.board = board;
    }
}
