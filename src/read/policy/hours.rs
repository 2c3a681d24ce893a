//! `[period.hours]`: when the slots of a day begin and end.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::{Clerk, Value};
use crate::model::{Hours, SlotId};
use crate::read::ids::{fold, nfc};
use crate::read::problem::shown;

const ADVICE: &str = "Write hours and minutes, like night = \"22:00-06:00\"";

impl Clerk<'_> {
    /// The hours of the slots that have some, in the order of the day.
    pub(super) fn hours(&mut self, value: &Value<'_>, slots: &[String]) -> BTreeMap<SlotId, Hours> {
        let DeValue::Table(section) = value.get_ref() else {
            self.refuse_value(
                "[period] hours",
                value,
                "these are no hours of slots",
                format!("{ADVICE} under [period.hours]"),
            );
            return BTreeMap::new();
        };
        // What is wrong with the slots themselves is told already.
        if slots.is_empty() { BTreeMap::new() } else { self.hours_of(section, slots) }
    }

    fn hours_of(&mut self, section: &DeTable<'_>, slots: &[String]) -> BTreeMap<SlotId, Hours> {
        let mut all: BTreeMap<SlotId, (Hours, &Value)> = BTreeMap::new();
        for (key, value) in section {
            let name = nfc(key.get_ref());
            let path = format!("[period.hours] {}", shown(&name));
            let Some(at) = slots.iter().position(|slot| fold(slot) == fold(&name)) else {
                let known: Vec<&str> = slots.iter().map(String::as_str).collect();
                self.unknown("period.hours", key.span().start, &name, &known);
                continue;
            };
            let Some(hours) = value.get_ref().as_str().and_then(|text| Hours::parse(text.trim())) else {
                self.refuse_value(&path, value, "these are no hours", ADVICE);
                continue;
            };
            if all.insert(SlotId::at(at), (hours, value)).is_some() {
                self.refuse_value(&path, value, "the slot is named twice", "Give each slot its hours once");
            }
        }
        self.hours_in_order(&all, slots);
        all.into_iter().map(|(slot, (hours, _))| (slot, hours)).collect()
    }

    /// Refuses a slot that begins before the one above it is over: a visit of several slots would end before it begins.
    fn hours_in_order(&mut self, all: &BTreeMap<SlotId, (Hours, &Value<'_>)>, slots: &[String]) {
        let name = |slot: &SlotId| shown(slots.get(slot.index()).map_or("", String::as_str));
        let listed: Vec<_> = all.iter().collect();
        for two in listed.windows(2) {
            let ((first, (before, _)), (second, (hours, value))) = (two[0], two[1]);
            if hours.begins() >= before.ends() {
                continue;
            }
            let (first, second) = (name(first), name(second));
            let why = format!("slot {second} begins before slot {first} ({before}) is over");
            let advice = format!(
                "Let {second} begin where {first} ends or later, or list the slots in the order of the day; one that begins after midnight comes first"
            );
            self.refuse_value(&format!("[period.hours] {second}"), value, why, advice);
        }
    }
}
