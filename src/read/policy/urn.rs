//! The sections `[urn]` and `[programmed]` of the policy.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::{Clerk, Value};
use crate::model::Stage;
use crate::read::ids::{fold, nfc};
use crate::read::problem::shown;

/// Most months from one visit to the next.
const MOST_MONTHS: i64 = 1200;
/// Most risk classes.
const MOST_CLASSES: usize = 100;

impl Clerk<'_> {
    pub(super) fn urn(&mut self, section: &DeTable<'_>) {
        for (key, value) in section {
            match key.get_ref().as_ref() {
                "tickets" => {
                    let tickets = self.count("[urn] tickets", value, 1, 1_000_000);
                    self.policy.urn.tickets = tickets.unwrap_or(self.policy.urn.tickets);
                }
                "stage" => self.stage(value),
                "pool_min" => {
                    let teams = self.count("[urn] pool_min", value, 0, 1000);
                    self.policy.urn.pool_min = teams.unwrap_or(self.policy.urn.pool_min);
                }
                "odds_max" => {
                    let odds = self.count("[urn] odds_max", value, 1, 100);
                    self.policy.urn.odds_max = odds.unwrap_or(self.policy.urn.odds_max);
                }
                other => {
                    self.unknown("urn", key.span().start, other, &["tickets", "stage", "pool_min", "odds_max"]);
                }
            }
        }
    }

    fn stage(&mut self, value: &Value<'_>) {
        match value.get_ref().as_str() {
            Some("day") => self.policy.urn.stage = Stage::Day,
            Some("week") => self.policy.urn.stage = Stage::Week,
            Some("period") => self.policy.urn.stage = Stage::Period,
            _ => self.refuse_value("[urn] stage", value, "this is no stage", "Write \"day\", \"week\" or \"period\""),
        }
    }

    pub(super) fn programmed(&mut self, section: &DeTable<'_>) {
        for (key, value) in section {
            match key.get_ref().as_ref() {
                "every_months" => self.policy.programmed.classes = self.classes(value),
                "floor" => {
                    let floor = self.count("[programmed] floor", value, 1, 1000);
                    self.policy.programmed.floor = floor.unwrap_or(self.policy.programmed.floor);
                }
                "places" => match value.get_ref() {
                    DeValue::Boolean(all) => self.policy.programmed.places = *all,
                    _ => {
                        let path = "[programmed] places";
                        self.refuse_value(path, value, "this is neither true nor false", "Write true or false");
                    }
                },
                other => {
                    self.unknown("programmed", key.span().start, other, &["every_months", "floor", "places"]);
                }
            }
        }
        let without = self.policy.programmed.places && self.policy.programmed.classes.is_empty();
        if let Some(places) = section.get("places").filter(|_| without) {
            let advice = "Write every_months = { high = 3, low = 36 }, with the words that the register has for risk";
            self.refuse_value("[programmed] places", places, "no risk class says how often places are seen", advice);
        }
    }

    /// Risk classes and their months.
    fn classes(&mut self, value: &Value<'_>) -> BTreeMap<String, u32> {
        let key = "[programmed] every_months";
        let mut classes: BTreeMap<String, u32> = BTreeMap::new();
        let DeValue::Table(table) = value.get_ref() else {
            self.refuse_value(key, value, "this is no table of risk classes", "Write it like { high = 3, low = 36 }");
            return classes;
        };
        for (class, months) in table {
            let (at, name) = (class.span().start, nfc(class.get_ref().trim()));
            let path = format!("{key} {}", shown(&name));
            let Some(months) = self.count(&path, months, 1, MOST_MONTHS) else { continue };
            if name.is_empty() {
                self.refuse(at, &path, None, "a risk class has no name", "Write the word that the register has for it");
            } else if classes.keys().any(|other| fold(other) == fold(&name)) {
                self.refuse(at, &path, None, "this risk class is named twice", "Keep one of the two");
            }
            classes.insert(name, months);
        }
        if classes.len() > MOST_CLASSES {
            let why = format!("there are {} risk classes, more than {MOST_CLASSES}", classes.len());
            self.refuse_value(key, value, why, "Join some of them");
        }
        classes
    }

    fn count(&mut self, path: &str, value: &Value<'_>, least: i64, most: i64) -> Option<u32> {
        self.whole(path, value, least, most).and_then(|number| u32::try_from(number).ok())
    }
}
