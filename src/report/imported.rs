//! What an import gives, for people and for machines: what was assumed, the first rows, and what changed.

use serde_json::{Value, json};

use super::{Section, Side, count, table};
use crate::read::import::{Away, Change, Changes, Clean, Entry, Import, Question};
use crate::read::{Choice, Level, Note, Problem};

/// Rows of each table that are shown.
const ROWS: usize = 3;
/// Letters of a cell that are shown.
const LETTERS: usize = 24;
/// Lines of each kind of change that are shown; `--json` has all.
const LINES: usize = 20;

/// An import in words, before it is written.
pub fn import_in_words(import: &Import) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut told = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            sections.push(Section::new(title, lines.join("\n")));
        }
    };
    told("Columns that were taken without being said", taken(import));
    told("What was detected or assumed", import.notes.iter().map(Note::to_string).collect());
    told("Problems", import.problems.iter().map(Problem::to_string).collect());
    sections.extend(import.tables.iter().map(first_rows));
    if import.is_sound() {
        sections.extend(loud_conflicts(&import.changes));
        let changes: Vec<String> = import.changes.iter().flat_map(changes_in_words).collect();
        sections.push(Section::new("What changed against the last import", changes.join("\n")));
        if !import.away.is_empty() {
            let away: Vec<String> = import.away.iter().map(away_in_words).collect();
            sections.push(Section::new("Who is away", away.join("\n")));
        }
    }
    sections
}

fn taken(import: &Import) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for clean in &import.tables {
        let of = import.taken.iter().filter(|(table, ..)| *table == clean.table);
        let pairs: Vec<String> = of.map(|(_, ours, theirs)| format!("{ours} = `{theirs}`")).collect();
        if !pairs.is_empty() {
            lines.push(format!("{}: {}", clean.table, pairs.join(", ")));
        }
    }
    lines
}

fn first_rows(clean: &Clean) -> Section {
    let columns: Vec<(&str, Side)> = clean.columns.iter().map(|column| (*column, Side::Left)).collect();
    let rows = clean.rows.iter().take(ROWS).map(|row| row.iter().map(|cell| brief(cell)).collect::<Vec<_>>());
    let more = clean.rows.len().saturating_sub(ROWS);
    let more = if more > 0 { format!("\n... and {more} more") } else { String::new() };
    let title = format!("{}: {}", clean.file(), count(clean.rows.len(), "row", "rows"));
    Section::new(title, table(&columns, rows) + &more)
}

fn brief(cell: &str) -> String {
    let mut letters = cell.chars();
    let head: String = letters.by_ref().take(LETTERS).collect();
    if letters.next().is_some() { head + "…" } else { head }
}

/// A conflict that is gone, or says something else, may let somebody in who was kept out: these stand before everything else.
fn loud_conflicts(changes: &[Changes]) -> Vec<Section> {
    let conflicts = changes.iter().filter(|changes| changes.table == "conflicts");
    let mut sections = Vec::new();
    for Changes { removed, changed, .. } in conflicts {
        if !removed.is_empty() {
            let title = format!("CONFLICTS REMOVED: {}", removed.len());
            sections.push(Section::new(title, few(removed.iter().map(entry)).join("\n")));
        }
        if !changed.is_empty() {
            let title = format!("CONFLICTS CHANGED: {}", changed.len());
            let says = |one: &Change| format!("{} {}", change(one), one.entry.says);
            sections.push(Section::new(title, few(changed.iter().map(says)).join("\n")));
        }
    }
    sections
}

fn changes_in_words(changes: &Changes) -> Vec<String> {
    let (now, before) = changes.rows;
    let table = changes.table;
    if !changes.compared {
        return vec![format!("{table}: {}, the first import", count(now, "row", "rows"))];
    }
    if changes.added.is_empty() && changes.removed.is_empty() && changes.changed.is_empty() {
        return vec![format!("{table}: no change, {}", count(now, "row", "rows"))];
    }
    let (added, removed) = match table {
        "inspectors" => ("joined", "left"),
        _ => ("added", "removed"),
    };
    let mut lines = vec![format!("{table}: {}, {before} before", count(now, "row", "rows"))];
    lines.extend(few(changes.added.iter().map(|one| format!("  {added}: {}", entry(one)))));
    lines.extend(few(changes.removed.iter().map(|one| format!("  {removed}: {}", entry(one)))));
    lines.extend(few(changes.changed.iter().map(|one| format!("  changed: {}", change(one)))));
    lines
}

fn few(lines: impl Iterator<Item = String>) -> Vec<String> {
    let all: Vec<String> = lines.collect();
    let more = all.len().saturating_sub(LINES);
    let mut lines: Vec<String> = all.into_iter().take(LINES).collect();
    if more > 0 {
        lines.push(format!("  ... and {more} more (--json has all)"));
    }
    lines
}

fn entry(entry: &Entry) -> String {
    let parts = [&entry.about, &entry.name, &entry.says];
    parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" ")
}

fn change(change: &Change) -> String {
    let shown = |text: &String| if text.is_empty() { "(blank)".to_owned() } else { text.clone() };
    let about = Entry { says: String::new(), ..change.entry.clone() };
    format!("{}: {} {} -> {}", entry(&about), change.column, shown(&change.before), shown(&change.now))
}

fn away_in_words(away: &Away) -> String {
    let before = match away.before {
        Some((before, people)) if people == away.people => format!(", {before} in the last import"),
        Some((before, people)) => format!(", {before} of {people} in the last import"),
        None => String::new(),
    };
    let who = if away.who.is_empty() { String::new() } else { format!(" ({})", away.who.join(", ")) };
    format!("{}: {} of {} away{before}{who}", away.week, away.who.len(), count(away.people, "person", "people"))
}

/// Which columns somebody must name, and how.
pub fn questions_in_words(questions: &[Question]) -> String {
    let lines: Vec<String> = questions.iter().flat_map(question).collect();
    lines.join("\n")
}

fn question(question: &Question) -> Vec<String> {
    let mut lines =
        vec![format!("{} is to become {}.csv; its header is row {}", question.file, question.table, question.row)];
    let rows = question.headers.iter().map(|header| {
        let likely: Vec<&str> = header.likely.iter().take(3).copied().collect();
        [
            brief(&header.title),
            header.samples.iter().map(|cell| brief(cell)).collect::<Vec<_>>().join(" | "),
            likely.join(" or "),
        ]
    });
    let columns = [("header", Side::Left), ("some of its cells", Side::Left), ("perhaps", Side::Left)];
    lines.extend(table(&columns, rows).lines().map(|line| format!("  {line}")));
    if !question.lacking.is_empty() {
        lines.push(format!("it can't do without {}", question.lacking.join(", ")));
    }
    lines.extend(question.words().into_iter().map(|word| format!("  {word}")));
    lines.push(format!("other columns of ours: {}", question.open.join(", ")));
    lines
}

/// An import for machines: everything that a person can see, and the whole of what is cut short for them.
pub fn import_json(import: &Import) -> Value {
    let tables =
        import.tables.iter().map(|clean| json!({ "table": clean.table, "columns": clean.columns, "rows": clean.rows }));
    let taken =
        import.taken.iter().map(|(table, ours, theirs)| json!({ "table": table, "column": ours, "header": theirs }));
    json!({
        "sound": import.is_sound(),
        "notes": import.notes.iter().map(|note| json!({ "file": note.file, "says": note.says })).collect::<Vec<_>>(),
        "problems": import.problems.iter().map(problem_json).collect::<Vec<_>>(),
        "questions": import.questions.iter().map(question_json).collect::<Vec<_>>(),
        "choices": import.choices.iter().map(choice_json).collect::<Vec<_>>(),
        "taken": taken.collect::<Vec<_>>(),
        "tables": tables.collect::<Vec<_>>(),
        "changes": import.changes.iter().map(changes_json).collect::<Vec<_>>(),
        "away": import.away.iter().map(away_json).collect::<Vec<_>>(),
        "files": import.files.keys().collect::<Vec<_>>(),
        "replaced": import.replaced,
    })
}

fn problem_json(problem: &Problem) -> Value {
    json!({
        "level": if problem.level == Level::Error { "error" } else { "warning" },
        "file": problem.file, "row": problem.row, "column": problem.column,
        "value": problem.value, "why": problem.why, "advice": problem.advice,
    })
}

fn question_json(question: &Question) -> Value {
    let headers = question
        .headers
        .iter()
        .map(|header| json!({ "header": header.title, "samples": header.samples, "likely": header.likely }));
    let proposed = question.proposed.iter().map(|(ours, theirs)| json!({ "column": ours, "header": theirs }));
    json!({
        "table": question.table, "file": question.file, "row": question.row, "lacking": question.lacking,
        "open": question.open, "headers": headers.collect::<Vec<_>>(), "proposed": proposed.collect::<Vec<_>>(),
    })
}

fn choice_json(choice: &Choice) -> Value {
    let answers = choice.answers.iter().map(|answer| {
        let said = answer.said.iter().map(|said| json!({ "table": said.table, "key": said.key, "value": said.value }));
        json!({ "says": answer.says, "said": said.collect::<Vec<_>>() })
    });
    json!({ "about": choice.about, "why": choice.why, "answers": answers.collect::<Vec<_>>() })
}

fn entry_json(entry: &Entry) -> Value {
    json!({ "about": entry.about, "name": entry.name, "says": entry.says })
}

fn changes_json(changes: &Changes) -> Value {
    let changed = changes.changed.iter().map(|change| {
        let Change { entry, column, before, now } = change;
        json!({ "about": entry.about, "name": entry.name, "says": entry.says, "column": column, "before": before, "now": now })
    });
    json!({
        "table": changes.table, "compared": changes.compared, "rows": changes.rows.0, "rows_before": changes.rows.1,
        "added": changes.added.iter().map(entry_json).collect::<Vec<_>>(),
        "removed": changes.removed.iter().map(entry_json).collect::<Vec<_>>(),
        "changed": changed.collect::<Vec<_>>(),
    })
}

fn away_json(away: &Away) -> Value {
    json!({
        "week": away.week.to_string(), "away": away.who, "people": away.people,
        "away_before": away.before.map(|before| before.0), "people_before": away.before.map(|before| before.1),
    })
}
