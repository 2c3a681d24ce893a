//! Days in words: `from 3 to 14 January 2027`, `с 3 по 14 января 2027 г.`, `2027年1月3日至14日`, `3-14/01/2027`.
//!
//! A text is cut into numbers, months and marks. Words that mean nothing here are passed over; a word that is not known
//! is refused, since it may change what is meant. Then every mark that may stand between a first and a last day is
//! tried, and the text is read only if all that can be read of it are the same days.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use super::super::ids::fold;
use super::super::problem::shown;
use super::days::{Part, Token, is_between, part};
use super::kind::WordsOfLeave;
use super::months::{Months, Named};
use super::words::{FROM, HALF, IDLE, OPEN, TO, UNTIL, pieces};

/// The last day of what has no end: the last that a case can hold.
pub(super) const NO_END: NaiveDate = NaiveDate::from_ymd_opt(2200, 12, 31).expect("the calendar has that day");

/// What a cell says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub(super) from: NaiveDate,
    /// None where it has no end.
    pub(super) to: Option<NaiveDate>,
}

/// Why a cell can't be read, and what to do.
pub(super) type Refusal = (String, String);

/// What was assumed in reading, sentence by sentence.
pub(super) type Assumed = BTreeSet<String>;

/// How spans are read.
pub(super) struct Reader<'a> {
    pub(super) months: Months,
    pub(super) words: &'a WordsOfLeave,
    /// The year that the period lies in, if it is one.
    pub(super) year: Option<i32>,
    /// The table, for advice.
    pub(super) table: &'static str,
}

/// What was found on the way.
#[derive(Default)]
struct Cut {
    tokens: Vec<Token>,
    open: bool,
    until: bool,
    assumed: Assumed,
}

impl Reader<'_> {
    /// The spans of a cell: several are separated by `;` or stand on lines of their own.
    pub(super) fn read(&self, text: &str, day_first: bool) -> Result<(Vec<Span>, Assumed), Refusal> {
        let (mut spans, mut assumed) = (Vec::new(), Assumed::new());
        for text in text.split([';', '\n', '|']).filter(|text| !text.trim().is_empty()) {
            let (span, said) = self.one(text.trim(), day_first)?;
            spans.push(span);
            assumed.extend(said);
        }
        if spans.is_empty() { Err(self.unreadable("there is nothing to read")) } else { Ok((spans, assumed)) }
    }

    fn unreadable(&self, why: impl Into<String>) -> Refusal {
        (why.into(), "Write the first and the last day, like 2027-01-03 - 2027-01-14".to_owned())
    }

    fn one(&self, text: &str, day_first: bool) -> Result<(Span, Assumed), Refusal> {
        let mut cut = self.cut(text)?;
        let tokens = std::mem::take(&mut cut.tokens);
        let mut found: BTreeMap<Span, Assumed> = BTreeMap::new();
        let mut wrong = None;
        let mut keep = |read: Result<(Span, Assumed), Refusal>| match read {
            Ok((span, said)) => {
                found.entry(span).or_insert(said);
            }
            Err(refusal) => wrong = wrong.take().or(Some(refusal)),
        };
        for (at, _) in tokens.iter().enumerate().filter(|(_, token)| is_between(token)) {
            if let (Some(first), Some(last)) = (part(&tokens[..at], day_first), part(&tokens[at + 1..], day_first)) {
                keep(self.range(first, last));
            }
        }
        if let Some(only) = part(&tokens, day_first) {
            keep(self.single(only, &cut));
        }
        let mut found = found.into_iter();
        match (found.next(), found.next()) {
            (Some((span, said)), None) => {
                cut.assumed.extend(said);
                Ok((span, cut.assumed))
            }
            (Some((a, _)), Some((b, _))) => {
                Err(self.unreadable(format!("it can be read as {} and as {}", tell(&a), tell(&b))))
            }
            _ => Err(wrong.unwrap_or_else(|| self.unreadable("no days can be read from it"))),
        }
    }

    fn single(&self, only: Part, cut: &Cut) -> Result<(Span, Assumed), Refusal> {
        let mut said = Assumed::new();
        let from = self.date(only, &mut said)?;
        if cut.until && !cut.open {
            return Err(self.unreadable("it has a last day and no first"));
        }
        if cut.open {
            said.insert(format!("what has a first day and no last has no end, and is written to {NO_END}"));
        }
        Ok((Span { from, to: (!cut.open).then_some(from) }, said))
    }

    fn range(&self, first: Part, last: Part) -> Result<(Span, Assumed), Refusal> {
        let mut said = Assumed::new();
        let month = first.month.or(last.month);
        let last = Part { month: last.month.or(first.month), year: last.year.or(first.year), ..last };
        let mut first = Part { month, ..first };
        if first.year.is_none() {
            first.year = last.year;
            if first.month > last.month {
                first.year = last.year.map(|year| year - 1);
                said.insert(
                    "a first day without its year, in a later month than the last day, is of the year before"
                        .to_owned(),
                );
            }
        }
        let (from, to) = (self.date(first, &mut said)?, self.date(last, &mut said)?);
        if to < from {
            return Err((
                format!("it ends on {to}, before it begins on {from}"),
                "Correct one of the two days".to_owned(),
            ));
        }
        Ok((Span { from, to: Some(to) }, said))
    }

    fn date(&self, part: Part, said: &mut Assumed) -> Result<NaiveDate, Refusal> {
        let Some(month) = part.month else { return Err(self.unreadable("the month is left out")) };
        let year = match (part.year, self.year) {
            (Some(year), _) => year,
            (None, Some(year)) if self.words.year_of_period => {
                said.insert(format!("a year that is left out is {year}, the period's, as policy.toml says"));
                year
            }
            _ => {
                let advice = format!(
                    "Write the year; or, if it is always the period's, say so: --map {}.year=period",
                    self.table
                );
                return Err(("the year is left out".to_owned(), advice));
            }
        };
        let date = NaiveDate::from_ymd_opt(year, month, part.day).filter(|date| (1900..=2200).contains(&date.year()));
        date.ok_or_else(|| self.unreadable(format!("the calendar has no day {year}-{month:02}-{:02}", part.day)))
    }

    /// Cuts a text into tokens.
    fn cut(&self, text: &str) -> Result<Cut, Refusal> {
        let mut cut = Cut::default();
        let pieces = pieces(&fold(text));
        let mut at = 0;
        while let Some(piece) = pieces.get(at) {
            at += 1;
            let letter = piece.chars().next().unwrap_or(' ');
            if letter.is_ascii_digit() {
                let number =
                    piece.parse().map_err(|_| self.unreadable(format!("`{}` is no number of a date", shown(piece))))?;
                cut.tokens.push(Token::Number(number, piece.len()));
            } else if matches!(letter, '年' | '月' | '日' | '号' | '년' | '월' | '일') {
                cut.tokens.push(Token::Is(match letter {
                    '年' | '년' => 'y',
                    '月' | '월' => 'm',
                    _ => 'd',
                }));
            } else if matches!(letter, 'º' | 'ª') {
                // The mark of an ordinal.
            } else if letter.is_alphabetic() || letter == '½' {
                at += self.word(piece, pieces.get(at).map(String::as_str), &mut cut)?;
            } else if matches!(letter, '-' | '/' | '.') {
                cut.tokens.push(Token::Mark(letter));
            } else if matches!(letter, '–' | '—' | '―' | '−' | '~' | '～' | '…') {
                cut.tokens.push(Token::To);
            } else if !matches!(letter, ',' | '(' | ')' | ':' | '\'' | '’' | '،' | '[' | ']' | '"' | '`' | 'º' | 'ª')
            {
                return Err(self.unreadable(format!("`{letter}` is not understood")));
            }
        }
        Ok(cut)
    }

    /// Takes a word; how many pieces after it belong to it.
    fn word(&self, word: &str, next: Option<&str>, cut: &mut Cut) -> Result<usize, Refusal> {
        if let Some(next) = next {
            let both = format!("{word} {next}");
            if let Named::Month(month) = self.months.find(&both) {
                cut.tokens.push(Token::Month(month));
                return Ok(1);
            }
            if matches!(word, "tháng" | "thg")
                && let Ok(month @ 1..=12) = next.parse()
            {
                cut.tokens.push(Token::Month(month));
                return Ok(1);
            }
        }
        let is = |words: &str| words.split_whitespace().any(|other| other == word);
        let own = self.words.words.iter().any(|other| fold(other) == word);
        let known = own || is(HALF) || is(IDLE) || is(FROM) || is(OPEN) || is(UNTIL) || is(TO);
        if is(HALF) {
            cut.assumed.insert("half a day is a whole day".to_owned());
        }
        cut.open |= is(OPEN);
        cut.until |= is(UNTIL);
        if is(TO) && !cut.tokens.is_empty() {
            cut.tokens.push(Token::To);
        }
        if known {
            return Ok(0);
        }
        match self.months.find(word) {
            Named::Month(month) => cut.tokens.push(Token::Month(month)),
            Named::Almost(month, name) => {
                cut.assumed.insert(format!("`{}` is the month `{name}`", shown(word)));
                cut.tokens.push(Token::Month(month));
            }
            Named::Several(which) => {
                let advice = format!("State the language: --map {}.language=xx, such as pl", self.table);
                return Err((format!("`{}` is month {}", shown(word), which.join(" or ")), advice));
            }
            Named::No => {
                let advice = format!(
                    "Write the days like 2027-01-03 - 2027-01-14; if the word means nothing, say so: --map {}.words=\"{}\"",
                    self.table,
                    shown(word)
                );
                return Err((format!("the word `{}` is not understood", shown(word)), advice));
            }
        }
        Ok(0)
    }
}

/// A span for people.
pub(super) fn tell(span: &Span) -> String {
    match span.to {
        Some(to) if to == span.from => to.to_string(),
        Some(to) => format!("{} to {to}", span.from),
        None => format!("from {}", span.from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, day_first: bool) -> String {
        let words = WordsOfLeave { year_of_period: true, ..WordsOfLeave::default() };
        let reader = Reader { months: Months::of(None), words: &words, year: Some(2027), table: "absences" };
        match reader.read(text, day_first) {
            Ok((spans, _)) => spans.iter().map(tell).collect::<Vec<_>>().join("; "),
            Err((why, _)) => why,
        }
    }

    #[test]
    fn one_fortnight_in_many_languages() {
        for text in [
            "from 3 to 14 January 2027",
            "du 3 au 14 janvier 2027",
            "3.–14. Januar 2027",
            "vom 3. bis 14. Jänner 2027",
            "del 3 al 14 de enero de 2027",
            "de 3 a 14 de janeiro de 2027",
            "3-14/01/2027",
            "3.-14.1.2027",
            "03.01.–14.01.2027",
            "3.1.2027 - 14.1.2027",
            "2027-01-03 - 2027-01-14",
            "с 3 по 14 января 2027",
            "3 января – 14 января 2027 г.",
            "з 3 до 14 січня 2027 року",
            "από 3 έως 14 Ιανουαρίου 2027",
            "3-14 იანვარი 2027",
            "3 - 14 Ocak 2027",
            "من 3 إلى 14 يناير 2027",
            "من ٣ إلى ١٤ يناير ٢٠٢٧",
            "2027年1月3日至14日",
            "2027年1月3日～1月14日",
            "January 3-14, 2027",
            "Jan 3 to Jan 14, 2027",
            "2027. január 3. - 2027. január 14.",
            "3-14 января",
        ] {
            assert_eq!(read(text, true), "2027-01-03 to 2027-01-14", "{text}");
        }
    }

    #[test]
    fn days_alone_and_days_without_end() {
        assert_eq!(read("8 de enero de 2027", true), "2027-01-08");
        assert_eq!(read("ab 3.1.2027", true), "from 2027-01-03");
        assert_eq!(read("desde el 11 de enero de 2027", true), "from 2027-01-11");
        assert_eq!(read("half day 8 January 2027", true), "2027-01-08");
        assert_eq!(read("1ª", true), "the month is left out");
        assert_eq!(read("4-5/01/2027; 11 enero 2027", true), "2027-01-04 to 2027-01-05; 2027-01-11");
        assert_eq!(read("20 December - 3 January 2027", true), "2026-12-20 to 2027-01-03");
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for (text, why) in [
            ("3-14 listopada 2027", "`listopada` is month 10 (hr_HR) or 11 (pl_PL)"),
            ("3 to 14 Brumaire 2027", "the word `brumaire` is not understood"),
            ("except 3 January 2027", "the word `except` is not understood"),
            ("until 14 January 2027", "it has a last day and no first"),
            ("30 to 31 February 2027", "the calendar has no day 2027-02-30"),
            ("14 to 3 January 2027", "it ends on 2027-01-03, before it begins on 2027-01-14"),
            ("3-14/01/27", "no days can be read from it"),
            ("todo el verano", "the word `todo` is not understood"),
            ("99999999999 January", "`99999999999` is no number of a date"),
        ] {
            assert_eq!(read(text, true), why, "{text}");
        }
    }

    #[test]
    fn slashes_are_read_as_they_are_said_to_be() {
        assert_eq!(read("03/04/2027", true), "2027-04-03");
        assert_eq!(read("03/04/2027", false), "2027-03-04");
        assert_eq!(read("13/01/2027", false), "no days can be read from it");
    }
}
