//! RULES.md at the top of the house is what the rule book prints, letter for letter.

use foureyes::report::rules_markdown;

#[test]
fn rules_md_is_fresh() {
    let kept = include_str!("../RULES.md").replace("\r\n", "\n");
    assert!(kept == rules_markdown(), "RULES.md is old: cargo run -- rules --markdown > RULES.md");
}
