//! Rosters whose truth is known, the dirt that offices have in their files, and what must come of both.

pub mod check;
pub mod ids;
pub mod kinds;
pub mod leave;
pub mod months;
pub mod office;
pub mod sheets;
pub mod truth;
