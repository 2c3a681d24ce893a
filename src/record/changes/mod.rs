//! What changes after a draw: absences, conflicts, visits that are cancelled or restored, seats given by hand, and who really went.
//!
//! [`Change`] is one file of `changes/`, with one spelling. [`Held`] is what stands after draws and changes: which visit is held when, by
//! whom, and in whose seat they sit. [`moves`] says what an amendment does, made from nothing: who writes asks it, and who verifies asks it again. [`by_hand`] and
//! [`went`] say whether an override, and what is told of a day, can be. DRAW.md, section 16, has the bytes.

mod again;
mod carried;
mod change;
mod draws;
mod fill;
mod given;
mod held;
mod known;
mod lacks;
mod line;
mod moves;
mod orders;
mod refusal;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use again::Alike;
pub use carried::PastRow;
pub use change::{AbsentDays, Amendment, ByHand, Cause, Change, Conflicted, Move, Passed, Went, What};
pub use draws::{NotADraw, PastDraw, heads};
pub use given::{by_hand, compared, went};
pub use held::{Held, HeldVisit};
pub use lacks::Lack;
pub(crate) use lacks::{covers, lasts};
pub use line::{change_line, number_of_change, read_change};
pub use moves::{moves, moves_by, violations};
pub use orders::Orders;
pub use refusal::Refusal;
