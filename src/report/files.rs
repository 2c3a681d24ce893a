//! The files of a case and their columns, for people who fill them in.

/// One column of a file of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in the first row.
    pub name: &'static str,
    /// Whether a row is of no use without it.
    pub required: bool,
    /// What stands in it.
    pub says: &'static str,
}

/// One file of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseFile {
    /// Its name.
    pub name: &'static str,
    /// Whether a plan can be made without it.
    pub required: bool,
    /// What each row is.
    pub row: &'static str,
    /// Its columns, those that are required first.
    pub columns: &'static [Column],
}

const fn must(name: &'static str, says: &'static str) -> Column {
    Column { name, required: true, says }
}

const fn may(name: &'static str, says: &'static str) -> Column {
    Column { name, required: false, says }
}

/// Every file of a case but `policy.toml`, in the order in which an office would fill them in.
pub const CASE_FILES: &[CaseFile] = &[
    CaseFile {
        name: "inspectors.csv",
        required: true,
        row: "a person who inspects",
        columns: &[
            must("id", "the id that the office knows; text, so 007 is not 7"),
            may("name", "for people; decides nothing"),
            may("unit", "unit within the office (rule mixed-units)"),
            may("home_district", "where they live (rule home-district)"),
            may("territory", "districts served, joined by |; blank = all (rule territory)"),
            may("lead", "yes or no: may head a team; without this column everybody may (rule lead)"),
            may("grade", "grade or rank, such as trainee (rule lead)"),
            may("gender", "woman, man, or another word (rule gender-mix)"),
            may("skills", "joined by | (rule skills)"),
            may("languages", "joined by | (rule skills)"),
            may("authority_from", "first day with authority to inspect (rule availability)"),
            may("authority_to", "last day with authority, included (rule availability)"),
            may("left_on", "from this day on they do not serve (rule availability)"),
            may("visits_per_day", "most visits a day, where it differs from the policy's (rule workload)"),
            may("visits_per_week", "most visits a week, where it differs from the policy's (rule workload)"),
            may("supervisor", "the id of their supervisor (rule not-together)"),
            may(
                "person",
                "where one name stands in two rows: the same text if they are one human being, two texts if not",
            ),
            may("agency", "the agency they belong to, such as labour (rule agencies)"),
        ],
    },
    CaseFile {
        name: "establishments.csv",
        required: true,
        row: "a place",
        columns: &[
            must("id", "the id that the office knows"),
            may("name", "for people; decides nothing"),
            may("owner", "owner or owner group; conflicts and rotation may look at it"),
            may("district", "where it lies (rules territory, one-district, district-tenure, home-district)"),
            may("sector", "sector or trade; conflicts may name it"),
            may("risk", "risk class, as the office writes it"),
            may("address", "for people; decides nothing"),
            may("tags", "joined by |; a rule may ask for them (rule gender-mix)"),
            may("lat", "latitude in decimal degrees, north is positive (rule travel)"),
            may("lon", "longitude in decimal degrees, east is positive (rule travel)"),
        ],
    },
    CaseFile {
        name: "visits.csv",
        required: true,
        row: "an inspection to be done in the period",
        columns: &[
            must("id", "the id of the visit"),
            must("establishment", "the id of the place"),
            may("earliest", "first day allowed; blank = first day of the period (rule window)"),
            may("latest", "last day allowed, included; blank = last day of the period (rule window)"),
            may("kind", "mandatory (default), programmed, complaint, follow-up or raid"),
            may("team_size", "people in the team, 2 to 8, where it differs from the policy's (rule team-size)"),
            may("skills", "skills and languages that the team together must have, joined by | (rule skills)"),
            may("min_women", "women in the team at least (rule gender-mix)"),
            may("slot", "the slot in which it must start (rule window)"),
            may("duration", "how many slots of one day it fills; default 1"),
            may("operation", "visits with the same word here start at the same time (rule window)"),
            may("agencies", "agencies of which somebody must go, joined by | (rule agencies)"),
        ],
    },
    CaseFile {
        name: "conflicts.csv",
        required: false,
        row: "a declared conflict of interest",
        columns: &[
            must("inspector", "the id of the inspector"),
            must("target_kind", "establishment, owner, sector, district or inspector"),
            must("target", "which one"),
            may("category", "kin, household, employment, ...; blank = no end"),
            may("from", "first day of the interest"),
            may("to", "its last day, before any cooling-off; blank = no end"),
            may("declared_on", "day of the declaration"),
        ],
    },
    CaseFile {
        name: "absences.csv",
        required: false,
        row: "days on which somebody does not serve",
        columns: &[
            must("inspector", "the id of the inspector"),
            must("from", "first day, included"),
            must("to", "last day, included"),
            may("reason", "leave, training, court, ..."),
            may("slots", "only these slots of each of the days, joined by |; blank = the whole days"),
        ],
    },
    CaseFile {
        name: "history.csv",
        required: false,
        row: "a visit that was made",
        columns: &[
            must("date", "when"),
            must("establishment", "the id of the place"),
            must("inspectors", "who went, joined by |, or one row a person"),
            may("visit", "the id of that visit"),
            may("kind", "why it was made"),
            may("agency", "another agency that came; its people need not be named (rule visit-cap)"),
        ],
    },
    CaseFile {
        name: "waivers.csv",
        required: false,
        row: "a signed exception to a rule",
        columns: &[
            must("rule", "the name of the rule"),
            must("visit", "the visit it is for"),
            must("inspector", "the person it is for"),
            must("reason", "why"),
            must("approver", "who signed it"),
            must("date", "when it was signed"),
        ],
    },
];

impl CaseFile {
    /// Its first row.
    pub fn head(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|column| column.name).collect();
        names.join(",")
    }
}

/// The files of a case and their columns, as a text to lay beside them.
pub fn files_in_words() -> String {
    let mut text = String::from(HEAD);
    for file in CASE_FILES {
        let needed = if file.required { "needed" } else { "may be left out" };
        text.push_str(&format!("\n## {} ({needed})\n\nEach row is {}.\n\n", file.name, file.row));
        for column in file.columns {
            let star = if column.required { " (required)" } else { "" };
            text.push_str(&format!("- `{}`{star}: {}\n", column.name, column.says));
        }
    }
    text
}

const HEAD: &str = "\
# The files of a case

`policy.toml` says what is planned and by which rules. The other files are tables; each may also be a workbook
(XLSX, XLS, ODS and others; all its sheets are one table). The first row names the columns; their order does not matter, and a column that is not required may be left
out. Dates are written 2027-01-31. Several values in a cell are joined by |. Ids are text. When you have filled the
files in, `foureyes check FOLDER` reports everything that is wrong with them.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn required_columns_stand_first() {
        for file in CASE_FILES {
            assert!(file.columns.is_sorted_by_key(|column| !column.required), "{}", file.name);
        }
    }
}
