//! `foureyes rules`: the rule book.

use clap::Args;
use serde_json::{Value, json};

use super::nearest::did_you_mean;
use super::{End, Ended, Shell, Stop};
use crate::model::Setting;
use crate::report::{rule_list, rule_page, rules_markdown};
use crate::rules::{BOOK, Entry, Shape};

/// What `rules` is told.
#[derive(Debug, Args)]
pub struct Rules {
    /// A rule, such as `no-return`; none for the list of all
    name: Option<String>,
    /// Print the whole book as RULES.md has it
    #[arg(long, conflicts_with_all = ["name", "json"])]
    markdown: bool,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

impl Rules {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        let chosen = self.name.as_deref().map(find).transpose()?;
        match (chosen, self.json) {
            _ if self.markdown => shell.print(&rules_markdown()),
            (Some(entry), true) => shell.print_json(&as_json(entry)),
            (Some(entry), false) => shell.print(&rule_page(entry)),
            (None, true) => shell.print_json(&BOOK.iter().map(as_json).collect()),
            (None, false) => shell.print(&format!("{}\n\nA rule's page: foureyes rules NAME\n", rule_list())),
        }
        Ok(End::Sound)
    }
}

fn find(name: &str) -> Result<&'static Entry, Stop> {
    let unknown = || {
        let hint = did_you_mean(name, BOOK.iter().map(|entry| entry.name), "`foureyes rules` lists them all");
        Stop::new(format!("there is no rule `{name}`"), hint)
    };
    BOOK.iter().find(|entry| entry.name == name).ok_or_else(unknown)
}

fn as_json(entry: &Entry) -> Value {
    let page = entry.page();
    let parameters: Vec<Value> = entry
        .all_parameters()
        .map(|p| json!({ "name": p.name, "default": setting(&p.value.default()), "says": p.says }))
        .collect();
    json!({
        "name": entry.name,
        "shape": shape(entry.shape),
        "enabled": entry.enabled,
        "title": page.title, "says": page.says, "why": page.why,
        "passes": page.passes, "breaks": page.breaks, "source": page.source,
        "parameters": parameters,
    })
}

fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Exclusion => "exclusion",
        Shape::TeamRule => "team-rule",
        Shape::Limit => "limit",
    }
}

fn setting(value: &Setting) -> Value {
    match value {
        Setting::Switch(on) => json!(on),
        Setting::Number(number) => json!(number),
        Setting::Text(text) => json!(text),
        Setting::List(list) => json!(list),
    }
}
