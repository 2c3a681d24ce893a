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
//! 1. Write `src/rules/your_rule.rs`, beginning from the rule most like it; off by default, `since` the edition that comes next (one more
//!    than [`EDITION`], unless that one is not published yet: CHANGELOG.md says). Its check walks over
//!    [`Held::visits`] or [`Held::people`], and tells [`Found`] of each violation, in an order that depends
//!    on nothing but the case and the schedule. Where it needs to see no more at once than a visit, or what one person does, let it say so
//!    ([`Check::reach`]): `tests/reach.rs` holds it to that, and the verifier then looks once at what many tickets share.
//!    A parameter that is a list of words says which [`Column`] of the case they are words of, so that words of nobody are told.
//! 2. Name it twice below: its `mod` line, and its line in [`BOOK`].
//! 3. `examples/second_reader.py` reads records without a line of ours: its parameters in `RULES`, its edition in `SINCE`, its check beside the others.
//! 4. An attack that breaks it under `tests/tampered/`, or its name among those that the base can't show (`NOT_ATTACKED` in `tests/tampered.rs`).
//! 5. `cargo run -- rules --markdown > RULES.md`, and a line in CHANGELOG.md.
//!
//! The builder, the verifier, `explain`, RULES.md and the policy file learn of it from there. Nothing published changes: a policy that was
//! frozen before does not name the rule, and there it is off. A parameter that is added to a rule stands in [`Entry::later`] too, with what
//! the rule did before, which is its default.

mod barred;
mod board;
mod book;
mod checker;
mod editions;
mod eligible;
mod held;
mod page;
mod parameters;
mod parts;
mod seats;
mod shapes;
mod shared;
mod stand_in;
#[cfg(test)]
pub(crate) mod testing;
mod vain;
mod words;

mod agencies;
mod availability;
mod conflict_of_interest;
mod district_tenure;
mod gender_mix;
mod home_district;
mod lead;
mod mixed_units;
#[cfg(test)]
mod newcomer;
mod no_return;
mod not_together;
mod one_district;
mod one_partner;
mod pair_rotation;
mod rest;
mod return_gap;
mod skills;
mod team_size;
mod territory;
mod travel;
mod visit_cap;
mod window;
mod workload;

pub use barred::{Barred, Days};
pub use board::{Board, Calendar, Duty, Placed, below_diagonal};
pub use book::{Book, Booked, Entry, Later, waivable};
pub use checker::{Check, Checker, Found, Reach};
pub use editions::{EDITION, FrozenRules, Gap};
pub use eligible::{Asked, Eligible, Goer};
pub use held::{Held, Sent, Sheet, Start};
pub use lead::may_head;
pub use page::Page;
pub use parameters::{Chosen, ENABLED, Parameter, SettingProblem, Value};
pub use parts::{PartBar, Parts, Slots};
pub use shapes::{Apart, Bar, Clash, Guard, Idle, Need, Place, Question, Room, Rule, Shape, Target, Violation};
pub use stand_in::{Asker, Open, StandIns};
pub use travel::is_within;
pub use vain::{Column, InVain, in_vain};
pub use visit_cap::Safe;

/// Every rule, in the order in which people read them.
pub const BOOK: &[Entry] = &[
    team_size::ENTRY,
    conflict_of_interest::ENTRY,
    not_together::ENTRY,
    availability::ENTRY,
    no_return::ENTRY,
    return_gap::ENTRY,
    visit_cap::ENTRY,
    pair_rotation::ENTRY,
    one_partner::ENTRY,
    workload::ENTRY,
    rest::ENTRY,
    lead::ENTRY,
    skills::ENTRY,
    gender_mix::ENTRY,
    mixed_units::ENTRY,
    agencies::ENTRY,
    district_tenure::ENTRY,
    territory::ENTRY,
    home_district::ENTRY,
    one_district::ENTRY,
    travel::ENTRY,
    window::ENTRY,
    #[cfg(test)]
    newcomer::ENTRY,
];
