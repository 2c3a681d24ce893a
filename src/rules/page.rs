//! A rule's page: the head of its file, taken apart.
//!
//! What people read about a rule is what its file says of itself, written once. The headings are
//! fixed: the title line, `Says`, `Why`, `Passes`, `Breaks`, `Source`.

/// What the head of a rule's file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The rule in one line.
    pub title: String,
    /// What it demands.
    pub says: String,
    /// What it is good for.
    pub why: String,
    /// An example that keeps it.
    pub passes: String,
    /// An example that breaks it.
    pub breaks: String,
    /// The law, paper or practice that it comes from.
    pub source: String,
}

impl Page {
    /// The page at the head of a rule file's `text`. A heading that is missing stays empty; a test
    /// holds that none is.
    pub fn of(text: &str) -> Self {
        let mut page = Self::default();
        let mut heading = "";
        for line in text.lines().map_while(|line| line.strip_prefix("//!")) {
            let line = line.trim();
            match line.strip_prefix("# ") {
                Some(named) => heading = named,
                None => page.part(heading).push_str(&format!("{line}\n")),
            }
        }
        for heading in ["", "Says", "Why", "Passes", "Breaks", "Source"] {
            let part = page.part(heading);
            *part = part.trim().to_owned();
        }
        page
    }

    fn part(&mut self, heading: &str) -> &mut String {
        match heading {
            "Says" => &mut self.says,
            "Why" => &mut self.why,
            "Passes" => &mut self.passes,
            "Breaks" => &mut self.breaks,
            "Source" => &mut self.source,
            _ => &mut self.title,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::BOOK;

    #[test]
    fn every_rule_has_a_whole_page() {
        for entry in BOOK {
            let page = entry.page();
            let parts = [&page.title, &page.says, &page.why, &page.passes, &page.breaks, &page.source];
            assert!(parts.iter().all(|part| !part.is_empty()), "{}: a heading is missing or empty", entry.name);
        }
    }
}
