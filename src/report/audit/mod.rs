//! An audit for people: what chance does not explain comes first, each thing in one sentence; then tables, and a page with charts.

mod json;
mod page;
mod told;
mod words;

pub use json::audit_json;
pub use page::audit_page;
pub use words::audit_in_words;
