//! stub

use super::{Chosen, Entry, Rule, Shape, Violation};
use crate::model::{Case, Schedule};

const NAME: &str = "one-partner";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    shape: Shape::Limit,
    enabled: true,
    parameters: &[],
    text: include_str!("one_partner.rs"),
    make: |_chosen: &Chosen| Box::new(Stub),
};

struct Stub;

impl Rule for Stub {
    fn check(&self, _case: &Case, _schedule: &Schedule) -> Vec<Violation> {
        Vec::new()
    }
}
