//! Claim: amendments did what follows from the draw and from what they declare, made again from nothing; nothing was forgotten by later freezes,
//! and nothing changed on a day that was over.

use super::{Checked, Claim, Evidence, Finding, in_ledger};
use crate::model::Level;
use crate::record::changes::{Amendment, Change, Held, Move, Orders, PastDraw, Refusal, What, by_hand, moves_by};
use crate::record::ledger::{Body, Why};
use crate::record::salted::{Master, Tree};
use crate::record::{SALT, change_file, frozen_folder, schedule_lines};

pub(super) const CLAIM: Claim = Claim {
    name: "amendments",
    says: "only vacant seats changed hands, by the order that the draw fixed, and what was declared stays declared",
};

pub(super) fn check(evidence: &Evidence) -> Checked {
    if !evidence.is_open() {
        return Checked::Unchecked;
    }
    evidence.history.amendments.checked(evidence.history.amended.clone())
}

/// Where a change stands: behind these draws, with this held.
pub(super) struct At<'e, 'd> {
    pub evidence: &'e Evidence<'e>,
    pub draws: &'d [PastDraw],
    pub held: &'e Held,
    pub line: u64,
}

impl<'d> At<'_, 'd> {
    /// Everything that is wrong with an amendment or an override.
    pub(super) fn judge(&self, orders: &mut Orders<'d>, body: &Body, change: &Change) -> Vec<Finding> {
        let mut found = match (body, &change.what) {
            (Body::Amend(stated), What::Amend(done)) => {
                let seats = (stated.seats, stated.unfilled, stated.why);
                self.amendment(orders, stated.number, seats, done)
            }
            (Body::Override(stated), What::Override { teams, .. }) => self.by_hand(stated.seats, stated.number, teams),
            _ => {
                let says = "the ledger says that it is another kind of change";
                return vec![in_ledger("amended-otherwise", self.line, says)];
            }
        };
        found.extend(self.secret(body, change));
        found
    }

    fn amendment(
        &self,
        orders: &mut Orders<'d>,
        number: u64,
        stated: (u64, u64, Why),
        done: &Amendment,
    ) -> Vec<Finding> {
        let file = change_file(number);
        let tell = |name, says: String| Finding::new(name, &file, Some(1), says);
        let mut found = self.late(&file, &done.moves);
        match moves_by(orders, self.draws, self.held, &done.cause) {
            Ok(right) => found.extend(compare(&right, &done.moves).map(|(name, says)| tell(name, says))),
            Err(why @ (Refusal::Went { .. } | Refusal::DayOver(_))) => {
                found.push(tell("late-absence", why.to_string()))
            }
            Err(why) => found.push(tell("amended-otherwise", format!("it can't be: {why}"))),
        }
        let unfilled = done.moves.iter().filter(|one| !one.is_filled()).count() as u64;
        if stated != (done.moves.len() as u64, unfilled, done.cause.why()) {
            let says = format!(
                "the ledger says {}: {} seats, {} not filled; the change is {}: {} and {unfilled}",
                stated.2.word(),
                stated.0,
                stated.1,
                done.cause.why().word(),
                done.moves.len()
            );
            found.push(in_ledger("amended-otherwise", self.line, says));
        }
        found
    }

    /// Seats that were freed on days that were over.
    fn late(&self, file: &str, moves: &[Move]) -> Vec<Finding> {
        let over = moves.iter().filter(|one| self.held.is_executed(one.date));
        let tell = |one: &Move| {
            let says = format!("a seat of `{}` changes hands on {}, which was executed before", one.from, one.date);
            Finding::new("late-absence", file, Some(1), says)
        };
        over.map(tell).collect()
    }

    fn by_hand(&self, stated: u64, number: u64, teams: &[crate::record::changes::ByHand]) -> Vec<Finding> {
        let file = change_file(number);
        let mut found = Vec::new();
        match by_hand(self.draws, self.held, teams) {
            Ok(_) => {}
            Err(why @ Refusal::DayOver(_)) => found.push(Finding::new("day-over", &file, Some(1), why.to_string())),
            Err(why) => found.push(Finding::new("amended-otherwise", &file, Some(1), format!("it can't be: {why}"))),
        }
        let seats: u64 = teams.iter().filter_map(|one| one.held.as_ref()).map(|(_, _, team)| team.len() as u64).sum();
        if seats != stated {
            let says = format!("the ledger says that {stated} seats were given by hand; the change gives {seats}");
            found.push(in_ledger("amended-otherwise", self.line, says));
        }
        found
    }

    /// The root of what is held afterwards, and the salt; where the master is there.
    fn secret(&self, body: &Body, change: &Change) -> Vec<Finding> {
        let (number, root, leaves) = match body {
            Body::Amend(stated) => (stated.number, stated.root, stated.leaves),
            Body::Override(stated) => (stated.number, stated.root, stated.leaves),
            _ => return Vec::new(),
        };
        let (Some(draw), Some(master)) = (self.draws.last(), self.master()) else { return Vec::new() };
        let mut after = self.held.clone();
        after.change(change);
        let lines = schedule_lines(&draw.case, &after.schedule(&draw.case));
        let tree = Tree::of_schedule(&lines, &master, &format!("change/{number}"));
        let mut found = self.salted(number, change, &master);
        if (tree.root(), tree.leaves().len() as u64) != (root, leaves) {
            let says = format!("the root of what is held after change {number} is not the one that the ledger names");
            found.push(in_ledger("change-root", self.line, says));
        }
        found
    }

    /// What is wrong with the salt of a change.
    pub(super) fn salted(&self, number: u64, change: &Change, master: &Master) -> Vec<Finding> {
        let right = master.salt(&format!("change/{number}"), "change", "") == change.salt;
        let says = "the salt is not the one that its master gives";
        let wrong = (!right).then(|| Finding::new("change-salt", &change_file(number), Some(1), says));
        wrong.into_iter().collect()
    }

    /// The master of the freeze of the last draw.
    pub(super) fn master(&self) -> Option<Master> {
        let counter = self.draws.last()?.counter;
        let freeze = self.evidence.course.commitment(counter)?.commit.freeze;
        Master::read(self.evidence.files.get(&format!("{}/{SALT}", frozen_folder(freeze)))?)
    }
}

/// The first thing in which the moves that were made differ from those that follow.
fn compare(right: &[Move], made: &[Move]) -> Option<(&'static str, String)> {
    let seat = |one: &Move| format!("the seat of `{}` on {}", one.member, one.date);
    for (at, wanted) in right.iter().enumerate() {
        let Some(done) = made.get(at) else {
            return Some((
                "amended-otherwise",
                format!("{} falls vacant too, and nothing is said of it", seat(wanted)),
            ));
        };
        let same = |one: &Move| (one.date, one.member.clone(), one.from.clone(), one.visits.clone());
        if same(wanted) != same(done) {
            let says = format!(
                "{} falls vacant, with visits {}; the change has {}",
                seat(wanted),
                wanted.visits.join(", "),
                seat(done)
            );
            return Some(("amended-otherwise", says));
        }
        let taken = |one: &Move| (one.level, one.by.clone(), one.team.clone());
        if taken(wanted) != taken(done) {
            let says = format!(
                "{} goes to {} by the order that was drawn; the change gives it to {}",
                seat(wanted),
                whoever(wanted),
                whoever(done)
            );
            return Some(("reserve-skipped", says));
        }
        if wanted.passed != done.passed {
            let says = format!("{}: others were passed over, or for other rules, than the change says", seat(wanted));
            return Some(("amended-otherwise", says));
        }
    }
    made.get(right.len()).map(|more| ("amended-otherwise", format!("{} does not fall vacant", seat(more))))
}

/// Who steps in, and at which level.
fn whoever(one: &Move) -> String {
    let who: Vec<&str> = one.by.iter().chain(&one.team).map(String::as_str).collect();
    let who = if who.is_empty() { "nobody".to_owned() } else { format!("`{}`", who.join("` and `")) };
    if one.level == Level::Day { who } else { format!("{who}, at level {}", one.level.number()) }
}
