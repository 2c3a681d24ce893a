//! The rule book: everything that a plan may or may not do, one file a rule.
//!
//! Each rule is exactly one of three [shapes](Shape). Its file holds, top to bottom: a head with
//! fixed headings (which `foureyes rules` and RULES.md print), its parameters, what the builder
//! asks, the [`Check`] of a finished schedule written as the definition, and tests.
//! The builder's side may keep what it likes and be clever. A check recounts from the case and the
//! schedule alone: it is made ready once a case ([`Rule::checker`]), where it may sort and number what
//! the case says, and is then asked of any number of schedules, each laid out as a [`Held`].
//! One agreement test (`tests/agreement.rs`) holds the two against each other for every rule.
//!
//! # How to add a rule
//! 1. Write `src/rules/your_rule.rs`, beginning from the rule most like it. Its check walks over
//!    [`Held::visits`] or [`Held::people`], and tells [`Found`] of each violation, in an order that depends
//!    on nothing but the case and the schedule. Where it needs to see no more at once than a visit, or what one person does, let it say so
//!    ([`Check::reach`]): `tests/reach.rs` holds it to that, and the verifier then looks once at what many tickets share.
//!    A parameter that is a list of words says which [`Column`] of the case they are words of, so that words of nobody are told.
//! 2. Name it twice below: its `mod` line, and its line in [`BOOK`].
//! 3. `cargo run -- rules --markdown > RULES.md`, and a line in CHANGELOG.md.
//!
//! The builder, the verifier, `explain`, RULES.md and the policy file learn of it from there.

mod barred;
mod board;
mod book;
mod checker;
mod eligible;
mod held;
mod page;
mod parameters;
mod seats;
mod shapes;
mod shared;
mod stand_in;
#[cfg(test)]
pub(crate) mod testing;
mod vain;
mod words;

mod availability;
mod conflict_of_interest;
mod district_tenure;
mod gender_mix;
mod home_district;
mod lead;
mod mixed_units;
mod no_return;
mod not_together;
mod one_district;
mod one_partner;
mod pair_rotation;
mod return_gap;
mod skills;
mod team_size;
mod territory;
mod window;
mod workload;

pub use barred::{Barred, Days};
pub use board::{Board, Calendar, Duty, Placed, below_diagonal};
pub use book::{Book, Booked, Entry, waivable};
pub use checker::{Check, Checker, Found, Reach};
pub use eligible::{Asked, Eligible, Goer};
pub use held::{Held, Sent, Sheet, Start};
pub use page::Page;
pub use parameters::{Chosen, Parameter, SettingProblem, Value};
pub use shapes::{Apart, Bar, Clash, Guard, Need, Place, Question, Room, Rule, Shape, Target, Violation};
pub use stand_in::{Asker, StandIns};
pub use vain::{Column, InVain, in_vain};

/// Every rule, in the order in which people read them.
pub const BOOK: &[Entry] = &[
    team_size::ENTRY,
    conflict_of_interest::ENTRY,
    not_together::ENTRY,
    availability::ENTRY,
    no_return::ENTRY,
    return_gap::ENTRY,
    pair_rotation::ENTRY,
    one_partner::ENTRY,
    workload::ENTRY,
    lead::ENTRY,
    skills::ENTRY,
    gender_mix::ENTRY,
    mixed_units::ENTRY,
    district_tenure::ENTRY,
    territory::ENTRY,
    home_district::ENTRY,
    one_district::ENTRY,
    window::ENTRY,
];
