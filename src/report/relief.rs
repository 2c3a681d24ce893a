//! The further seats that would let the mandatory visits be made, in words.

use serde_json::{Value, json};

use super::{Section, count};
use crate::bound::{Extra, Relief};

/// What would help, as far as seats go.
pub fn relief_in_words(relief: &Relief) -> Section {
    let Relief { extras, least, mandatory, now, then } = relief;
    let mut lines: Vec<String> = extras.iter().map(|extra| format!("  {}", line(extra))).collect();
    let total = count(extras.iter().map(|extra| extra.seats).sum(), "further seat", "further seats");
    let fewest = if *least { "the fewest that help" } else { "parts of seats rounded up" };
    lines.push(format!(
        "With {total} ({fewest}) {then} of {} could be staffed, as far as seats go; now it is {now}. A seat is one \
         person on one visit.",
        count(*mandatory, "mandatory visit", "mandatory visits")
    ));
    Section::new("What would help: at least", lines.join("\n"))
}

/// `3 more seats for a lead in North in 2027-W02`.
fn line(extra: &Extra) -> String {
    let seats = count(extra.seats, "more seat", "more seats");
    let quality = extra.quality.as_ref();
    let quality = quality.map_or_else(String::new, |(rule, quality)| format!(" for `{quality}` (rule {rule})"));
    let district = extra.district.as_ref().map_or_else(String::new, |district| format!(" in {district}"));
    format!("{seats}{quality}{district} in {}", extra.week)
}

/// [`relief_in_words`] for machines.
pub fn relief_json(relief: &Relief) -> Value {
    let extra = |extra: &Extra| {
        json!({
            "week": extra.week.to_string(), "district": extra.district,
            "rule": extra.quality.as_ref().map(|(rule, _)| rule),
            "quality": extra.quality.as_ref().map(|(_, quality)| quality), "seats": extra.seats,
        })
    };
    json!({
        "seats": relief.extras.iter().map(extra).collect::<Vec<_>>(), "least": relief.least,
        "mandatory": relief.mandatory, "staffed_now": relief.now, "staffed_then": relief.then,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Week;

    #[test]
    fn a_sentence_names_seats_quality_district_and_week() {
        let lead = Extra {
            week: Week { year: 2027, number: 2 },
            district: Some("North".into()),
            quality: Some(("lead", "lead".into())),
            seats: 3,
        };
        let any = Extra { district: None, quality: None, seats: 1, ..lead.clone() };
        assert_eq!(line(&lead), "3 more seats for `lead` (rule lead) in North in 2027-W02");
        assert_eq!(line(&any), "1 more seat in 2027-W02");
        let relief = Relief { extras: vec![any, lead], least: true, mandatory: 5, now: 1, then: 4 };
        assert!(relief_in_words(&relief).body.contains("With 4 further seats"));
        assert_eq!(relief_json(&relief)["seats"][1]["quality"], "lead");
    }
}
