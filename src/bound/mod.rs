//! What no plan could do better, and why: the seats that are needed against the seats there are,
//! who else could have gone on a visit, and what stands in the way of one that nobody can go on.
//!
//! No rule is spelled here a second time. Whether somebody may go is asked of the [rule
//! book](crate::rules) in the questions that a builder asks; every sentence that explains why not is a
//! violation that the rule's own `check` finds when the person is put into the team.
//!
//! What proves a bound is integers and is weighed with integers. Floats help to search for good prices and nowhere else.

mod capacity;
mod change;
mod elastic;
mod evidence;
mod fill;
mod flow;
mod groups;
mod hunt;
mod most_staffed;
mod remedy;
mod seats;
#[cfg(test)]
mod small;
mod squares;
mod stages;
mod thin;
mod unstaffed;
mod ways;
mod weeks;
mod who;
mod why_not;
mod worst_odds;

pub use capacity::{Capacity, Demand, District, Quality, Scope, Shortage, WeekCapacity, capacity};
pub use change::{Change, Proposal, apply};
pub use elastic::{Extra, Relief, relief};
pub use evidence::Hindrance;
pub use most_staffed::most_staffed;
pub use remedy::{FurtherSeats, Mended, Remedy, remedies, remedies_with, with_remedy};
pub use squares::least_squares;
pub use stages::{held, stage_bounds};
pub use thin::{Cause, Group, Share, Thin, Without, thin_pools};
pub use unstaffed::{Lack, Removed, Unstaffed, why_unstaffed};
pub use who::{Brief, Count, Other, Who, others_in_brief, who};
pub use why_not::{Spell, WhyNot, why_not};
pub use worst_odds::worst_odds;
