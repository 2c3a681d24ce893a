//! Files of a case folder that no reader asks for. A second download, `conflicts (1).csv`, must not lie there unread and unseen.

use super::TABLES;
use super::form::{ENDINGS, is_table};
use super::policy::Policy;
use super::problem::{Log, Problem, shown};
use super::source::POLICY;

/// What an import keeps beside the tables.
const KEPT: &str = "ids.csv";
/// Endings that hardly anything but a table has.
const TABLES_ONLY: [&str; 8] = ["csv", "tsv", "xlsx", "xlsm", "xlsb", "xls", "ods", "fods"];
/// Endings of tables that are not read, beside those that are.
const OTHERS: [&str; 8] = ["numbers", "json", "gsheet", "parquet", "zip", "bak", "doc", "docx"];

/// Tells of files that look like a table and are none: an error where the name has a table's, a warning where only the ending has.
pub(super) fn tell(names: &[String], policy: &Policy, log: &mut Log) {
    for name in names.iter().filter(|name| *name != POLICY && *name != KEPT && policy.holiday_file() != Some(name)) {
        let lower = name.to_lowercase();
        let (stem, end) = lower.rsplit_once('.').unwrap_or((&lower, ""));
        let near = |table: &&&str| strsim::damerau_levenshtein(stem, table) <= 2;
        // Where the table itself is missing, whoever looks for it tells of a name that is near.
        let told = TABLES.iter().find(near).is_some_and(|table| !names.iter().any(|other| is_table(other, table)));
        let is_one = TABLES.contains(&stem) && (ENDINGS.contains(&end) || end.is_empty());
        let like = ENDINGS.contains(&end) || OTHERS.contains(&end) || end.is_empty();
        if is_one || told || !like || lower.starts_with('.') {
            continue;
        }
        match TABLES.iter().find(|table| near(table) || stem.contains(table.trim_end_matches('s'))) {
            Some(table) => {
                let why = format!("the file is not read; it looks like the table `{table}`");
                let advice = format!("Save it as {table}.csv or add its rows there, or take it out of the folder");
                log.push(Problem::error(&shown(name), why, advice));
            }
            None if !TABLES_ONLY.contains(&end) => {}
            None => {
                let advice = "If it belongs to the case, import it; if not, take it out of the folder";
                log.push(Problem::warning(&shown(name), "the file is not read: no table has this name", advice));
            }
        }
    }
}
