//! Building schedules that obey every rule: one ticket, and urns of many.
//!
//! A ticket is built in three strokes, in plain words:
//! 1. **Place.** Visits in order of how few ways they have; each goes to the cheapest team at an open
//!    time that every rule allows ([`Ways`] knows what no plan can change, the guards of the rules look
//!    at the board for the rest).
//! 2. **Eject.** A visit that finds no place pushes out those in its way that were pushed out least
//!    often, and they look for new places themselves (guided ejection, after Nagata and Bräysy, 2009).
//! 3. **Spread.** Small groups of visits are taken off and put back where the load is lower (ruin and
//!    recreate, after Schrimpf and others, 2000).
//!
//! In an urn the cheapest are those whom earlier tickets used least, measured against what is aimed at for them, and the third stroke
//! takes the fewer visits there are the more trouble. Whoever was sent to a visit more often than anybody need be is exchanged.
//!
//! Every search is bounded by steps, every choice comes from one labelled stream of words, and every
//! cost is an integer: the same case and the same root give the same bytes on any machine, with any number
//! of threads.

mod aim;
mod alone;
mod attempt;
mod build;
mod cheapest;
mod eject;
mod fill;
mod price;
mod queue;
mod relieve;
mod scope;
mod spread;
mod stages;
mod tally;
mod team;
mod ticket;
mod ways;

pub use alone::alone;
pub use build::{Built, Options, build};
pub use fill::{Keeper, Nobody};
pub use stages::{draw_stages, fill_stage};
pub use ways::Ways;
