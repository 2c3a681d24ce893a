//! stub

use super::{Chosen, Entry, Rule, Shape, Violation};
use crate::model::{Case, Schedule};

const NAME: &str = "conflict-of-interest";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    shape: Shape::Exclusion,
    enabled: true,
    parameters: &[],
    text: include_str!("conflict_of_interest.rs"),
    make: |_chosen: &Chosen| Box::new(Stub),
};

struct Stub;

impl Rule for Stub {
    fn check(&self, _case: &Case, _schedule: &Schedule) -> Vec<Violation> {
        Vec::new()
    }
}
