//! A question, its comparisons, and what came of them.

use std::ops::RangeInclusive;

use chrono::NaiveDate;

use super::many::Family;
use super::power::{Likely, Power, power};
use super::tails::{Counts, ln_at_least};

/// What is asked. Each is a family of comparisons of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// Does an inspector come to one place more often than odds say?
    Places,
    /// To the places of one owner?
    Owners,
    /// Do two serve together more often?
    Pairs,
    /// Does somebody of the last team come back more often?
    Repeats,
    /// Does somebody come again and again without a break?
    Runs,
    /// Is somebody away just when a place has its turn?
    Absences,
    /// Are conflicts declared just before a visit?
    Conflicts,
    /// Does one reserve step in more often than the order of reserves says?
    Reserves,
    /// Does an approver sign more overrides than the others do?
    Overrides,
    /// Does somebody who is drawn go less often than others?
    Executed,
}

impl Question {
    /// All, in the order in which they are told.
    pub const ALL: [Self; 10] = [
        Self::Places,
        Self::Owners,
        Self::Pairs,
        Self::Repeats,
        Self::Runs,
        Self::Absences,
        Self::Conflicts,
        Self::Reserves,
        Self::Overrides,
        Self::Executed,
    ];

    /// Its name, for machines and for the page's address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Places => "places",
            Self::Owners => "owners",
            Self::Pairs => "pairs",
            Self::Repeats => "repeats",
            Self::Runs => "runs",
            Self::Absences => "absences",
            Self::Conflicts => "conflicts",
            Self::Reserves => "reserves",
            Self::Overrides => "overrides",
            Self::Executed => "executed",
        }
    }
}

/// Whom or what a comparison is about. People and places are those of the evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The whole office.
    Office,
    /// All visits that are only remembered.
    Remembered,
    /// All visits that were drawn.
    Drawn,
    /// One inspector.
    Person(usize),
    /// One place.
    Place(usize),
    /// An inspector and a place.
    Meeting {
        /// Who.
        who: usize,
        /// Where.
        place: usize,
    },
    /// An inspector and the places of an owner.
    Owner {
        /// Who.
        who: usize,
        /// Whose places.
        owner: String,
    },
    /// Two inspectors.
    Pair(usize, usize),
    /// Visits of one inspector to one place without a break.
    Run {
        /// Who.
        who: usize,
        /// Where.
        place: usize,
        /// From the first of them to the last.
        days: RangeInclusive<NaiveDate>,
    },
    /// Somebody who signs.
    Approver(String),
    /// Somebody who signs, and for whom.
    ApproverFor {
        /// Who signs.
        approver: String,
        /// For whom.
        who: usize,
    },
    /// Somebody who signs, and where.
    ApproverAt {
        /// Who signs.
        approver: String,
        /// Where.
        place: usize,
    },
}

/// One comparison that found at least something.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Whom it is about.
    pub subject: Subject,
    /// How often it happened.
    pub observed: usize,
    /// How often it could have.
    pub of: usize,
    /// How often it would by chance.
    pub expected: f64,
    /// How often it would by chance over the whole office, where districts are left out.
    pub expected_wide: f64,
    /// The logarithm of the chance that it happens so often or more.
    pub ln_tail: f64,
    /// The logarithm of the chance that an honest office would have anything as surprising in the whole audit.
    pub ln_any: f64,
}

/// What came of a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The question.
    pub question: Question,
    /// Comparisons made, those that found nothing among them. None made: there was nothing to ask.
    pub tests: usize,
    /// Comparisons with a count above what was expected, the most surprising first.
    pub statements: Vec<Statement>,
    /// The smallest effect that would have been found, where that can be told.
    pub power: Option<Power>,
    /// The logarithm of the factor by which Holm's step-down raised this question.
    ln_factor: f64,
    family: Family,
    likely: Likely,
}

/// A question while it is asked.
pub(super) struct Asking {
    question: Question,
    family: Family,
    statements: Vec<Statement>,
    likely: Likely,
}

impl Asking {
    pub fn new(question: Question) -> Self {
        Self { question, family: Family::default(), statements: Vec::new(), likely: Likely::default() }
    }

    /// Compares how often something happened with the chances that it had, one a day or visit; `wide` is what is expected without districts.
    pub fn chances(&mut self, subject: impl FnOnce() -> Subject, observed: usize, chances: &[f64], wide: f64) {
        let expected: f64 = chances.iter().sum();
        self.likely.take_chances(chances);
        let most = observed.max((expected + 8.0 * expected.sqrt() + 30.0) as usize);
        let counts = Counts::of_chances(chances, most);
        self.family.add(counts.steps());
        if observed as f64 > expected {
            let ln_tail = ln_at_least(chances, observed);
            self.keep(Statement {
                subject: subject(),
                observed,
                of: chances.len(),
                expected,
                expected_wide: wide,
                ln_tail,
                ln_any: 0.0,
            });
        }
    }

    /// Compares a count with its distribution.
    pub fn counts(
        &mut self,
        subject: impl FnOnce() -> Subject,
        observed: usize,
        of: usize,
        expected: f64,
        counts: &Counts,
    ) {
        self.family.add(counts.steps());
        self.likely.take_counts(expected, counts);
        if observed as f64 > expected {
            let ln_tail = counts.at_least(observed).max(f64::MIN_POSITIVE).ln();
            let expected_wide = expected;
            self.keep(Statement { subject: subject(), observed, of, expected, expected_wide, ln_tail, ln_any: 0.0 });
        }
    }

    /// A comparison of so many chances that its tail is bounded.
    pub fn bounded(&mut self, subject: Subject, observed: usize, chances: &[f64], wide: f64) {
        self.family.add_smooth();
        self.likely.take_chances(chances);
        let expected: f64 = chances.iter().sum();
        if observed as f64 > expected {
            let (of, ln_tail) = (chances.len(), ln_at_least(chances, observed));
            self.keep(Statement { subject, observed, of, expected, expected_wide: wide, ln_tail, ln_any: 0.0 });
        }
    }

    /// A comparison that was counted elsewhere.
    pub fn steps(&mut self, steps: impl Iterator<Item = (f64, f64)>) {
        self.family.add(steps);
    }

    pub fn keep(&mut self, statement: Statement) {
        self.statements.push(statement);
    }

    /// Adds up, and puts the most surprising first.
    pub fn answer(mut self) -> Answer {
        self.family.sum_up();
        for statement in &mut self.statements {
            statement.ln_any = self.family.ln_any(statement.ln_tail);
        }
        self.statements.sort_by(|a, b| a.ln_tail.total_cmp(&b.ln_tail));
        Answer {
            question: self.question,
            tests: self.family.tests,
            statements: self.statements,
            power: None,
            ln_factor: 0.0,
            family: self.family,
            likely: self.likely,
        }
    }
}

impl Answer {
    /// Raises every chance by what the other questions cost, and tells what would have been found.
    pub(super) fn raise(&mut self, ln_factor: f64, level: f64) {
        self.ln_factor = ln_factor;
        for statement in &mut self.statements {
            statement.ln_any = (statement.ln_any + ln_factor).min(0.0);
        }
        self.power = self.family.critical(level / ln_factor.exp()).and_then(|tail| power(&self.likely, tail));
        self.likely = Likely::default();
        // What was compared is not kept: it may be millions.
        self.family = Family::default();
    }

    /// Those that chance does not explain at this level.
    pub fn alarms(&self, level: f64) -> impl Iterator<Item = &Statement> {
        self.statements.iter().filter(move |statement| statement.ln_any <= level.ln())
    }
}
