//! RULES.md at the top of the house is what the rule book prints, letter for letter.

use foureyes::model::{Parameters, Setting, Settings};
use foureyes::report::rules_markdown;
use foureyes::rules::{BOOK, Book};

#[test]
fn rules_md_is_fresh() {
    let kept = include_str!("../RULES.md").replace("\r\n", "\n");
    assert!(kept == rules_markdown(), "RULES.md is old: cargo run -- rules --markdown > RULES.md");
}

#[test]
fn no_policy_turns_off_the_size_of_teams() {
    let policy = |rule: &str, on| {
        let switch = Parameters::from([("enabled".to_owned(), Setting::Switch(on))]);
        Settings::from([(rule.to_owned(), switch)])
    };
    let refused = Book::new(&policy("team-size", false)).err().map(|problems| problems[0].to_string());
    let says = "[rules.team-size] enabled: this rule can't be turned off; take the line away";
    assert_eq!(refused.as_deref(), Some(says));
    assert!(Book::new(&policy("team-size", true)).is_ok());
    assert!(Book::new(&policy("one-district", false)).is_ok());
}

/// An office that updates its program gets the draws that it would have had, until it turns the new rule on.
#[test]
fn a_rule_that_came_later_is_off_and_a_later_parameter_is_as_before() {
    for entry in BOOK {
        assert!(entry.since == 1 || !entry.enabled, "{} came after the first edition and is on", entry.name);
        for later in entry.later {
            let own = entry.parameters.iter().find(|parameter| parameter.name == later.parameter).unwrap();
            assert_eq!(own.value.default(), later.before.default(), "{}: {}", entry.name, own.name);
            assert!(later.since > entry.since, "{}: {}", entry.name, own.name);
        }
    }
}
