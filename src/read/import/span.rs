//! Days in words: `from 3 to 14 January 2027`, `с 3 по 14 января 2027 г.`, `2027年1月3日至14日`, `3-14/01/2027`.
//!
//! A text is cut into numbers, months and marks. Words that mean nothing here are passed over; a word that is not known
//! is refused, since it may change what is meant. Then every mark that may stand between a first and a last day is
//! tried, and the text is read only if all that can be read of it are the same days.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use super::super::choice::Offer;
pub(super) use super::super::dates::NO_END;
use super::super::dates::calendar::{Calendar, Doubt, without_eras};
use super::super::dates::months::{Months, Named, contradiction};
use super::super::dates::plain::plain;
use super::super::ids::fold;
use super::super::problem::shown;
use super::days::{Part, Shape, Token, is_between, part, short_end};
use super::kind::WordsOfLeave;
use super::words::{FROM, HALF, IDLE, LEAVE, OPEN, TO, TURNS, UNTIL, WEEKS, pieces};

/// Most days between a first day of the year before, whose year is left out, and the last.
const MOST_WRAPPED: i64 = 124;

/// What a cell says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub(super) from: NaiveDate,
    /// None where it has no end.
    pub(super) to: Option<NaiveDate>,
}

/// Why a cell can't be read, and what to do.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) why: String,
    pub(super) advice: String,
    /// What may be answered, where it is a question.
    pub(super) offers: &'static [Offer<'static>],
}

impl Refusal {
    pub(super) fn new(why: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { why: why.into(), advice: advice.into(), offers: &[] }
    }
}

/// What was assumed in reading, sentence by sentence.
pub(super) type Assumed = BTreeSet<String>;

/// How spans are read.
pub(super) struct Reader<'a> {
    pub(super) months: Arc<Months>,
    pub(super) words: &'a WordsOfLeave,
    /// The year that the period lies in, if it is one.
    pub(super) year: Option<i32>,
    /// The calendar of all days, where it is not ours.
    pub(super) calendar: Option<Calendar>,
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
    /// The languages in which all names of months met so far are one; none before the first.
    languages: Option<BTreeSet<&'static str>>,
    /// The names of months, with the month.
    named: Vec<(String, u32)>,
    /// Words that are days of the week without doubt, and how many tokens stand before each.
    weekdays: Vec<(usize, String)>,
    /// Whether the next piece is the first of the text, or the first behind a mark between two days.
    begins: bool,
}

impl Reader<'_> {
    /// The spans of a cell: several are separated by `;` or stand on lines of their own.
    pub(super) fn read(&self, text: &str, day_first: bool) -> Result<(Vec<Span>, Assumed), Refusal> {
        let (mut spans, mut assumed) = (Vec::new(), Assumed::new());
        let text = plain_weekdays(text);
        let text = if self.calendar == Some(Calendar::Japanese) { without_eras(&plain_lines(&text)) } else { text };
        for text in text.split([';', '\n', '|']).filter(|text| !text.trim().is_empty()) {
            let (span, said) = self.one(text.trim(), day_first)?;
            spans.push(span);
            assumed.extend(said);
        }
        if spans.is_empty() { Err(self.unreadable("there is nothing to read")) } else { Ok((spans, assumed)) }
    }

    fn unreadable(&self, why: impl Into<String>) -> Refusal {
        Refusal::new(why, "Write the first and the last day, like 2027-01-03 - 2027-01-14")
    }

    fn one(&self, text: &str, day_first: bool) -> Result<(Span, Assumed), Refusal> {
        let mut cut = self.cut(text)?;
        self.doubtful(&cut)?;
        let tokens = std::mem::take(&mut cut.tokens);
        let years = if self.calendar == Some(Calendar::Roc) { 3 } else { 4 };
        let mut found: BTreeMap<Span, Assumed> = BTreeMap::new();
        let mut wrong = None;
        let weekdays = std::mem::take(&mut cut.weekdays);
        let mut keep = |at: usize, read: Result<(Span, Assumed), Refusal>| match read
            .and_then(|(span, said)| self.with_weekdays(span, &weekdays, at).map(|span| (span, said)))
        {
            Ok((span, said)) => {
                found.entry(span).or_insert(said);
            }
            Err(refusal) => wrong = wrong.take().or(Some(refusal)),
        };
        for (at, token) in tokens.iter().enumerate() {
            let Some(first) = part(&tokens[..at], day_first, years) else { continue };
            // ISO 8601 has a slash between two days that are written with hyphens.
            let iso = *token == Token::Mark('/') && first.shape == Shape::YearFirst('-');
            if !is_between(token) && !iso {
                continue;
            }
            let rest = &tokens[at + 1..];
            let short = || matches!(first.shape, Shape::YearFirst(_)).then(|| short_end(rest)).flatten();
            if let Some(last) = short().or_else(|| part(rest, day_first, years)) {
                keep(at, self.range(first, last));
            }
        }
        if let Some(only) = part(&tokens, day_first, years) {
            keep(tokens.len(), self.single(only, &cut));
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
            _ => Err(wrong.unwrap_or_else(|| self.nothing(&tokens))),
        }
    }

    /// The span, if the days of the week beside its days are theirs: those before the token `at` belong to the first day.
    fn with_weekdays(&self, span: Span, weekdays: &[(usize, String)], at: usize) -> Result<Span, Refusal> {
        for (before, word) in weekdays {
            let day = if *before <= at { span.from } else { span.to.unwrap_or(span.from) };
            if self.months.contradicts(word, day) {
                let (why, advice) = contradiction(word, day);
                return Err(Refusal::new(why, advice));
            }
        }
        Ok(span)
    }

    /// Why nothing can be read.
    fn nothing(&self, tokens: &[Token]) -> Refusal {
        let numbers = tokens.iter().filter(|token| matches!(token, Token::Number(..))).count();
        let year = tokens.iter().any(|token| matches!(token, Token::Number(_, 4..)));
        let last = tokens.iter().rev().find(|token| **token != Token::Mark('.'));
        let two = matches!(last, Some(Token::Number(13.., 2))) && numbers >= 3 && !year;
        match two {
            true => self.unreadable("the year has two digits, so its century is a guess"),
            false => self.unreadable("no days can be read from it"),
        }
    }

    /// Refuses names of months that are probably none: of two languages, or a day of the week beside another month.
    fn doubtful(&self, cut: &Cut) -> Result<(), Refusal> {
        let names = || cut.named.iter().map(|(name, _)| format!("`{}`", shown(name))).collect::<Vec<_>>().join(" and ");
        if cut.languages.as_ref().is_some_and(BTreeSet::is_empty) {
            return Err(self.unreadable(format!("no language has the months {}", names())));
        }
        let days = cut.tokens.iter().filter(|token| matches!(token, Token::Number(_, 1..=2))).count();
        for (name, month) in cut.named.iter().filter(|(name, _)| self.months.is_weekday(name)) {
            let other = cut.named.iter().any(|(_, other)| other != month);
            // Three numbers and a year are two days and a month already.
            if other || (cut.named.len() == 1 && days >= 3) {
                let why = format!("`{}` may be a month or a day of the week", shown(name));
                let advice = format!(
                    "Write the first and the last day, like 2027-01-03 - 2027-01-14; or, if all words are of one language, state it: --map {}.language=xx, such as en",
                    self.table
                );
                return Err(Refusal::new(why, advice));
            }
        }
        Ok(())
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
        // `March 4 - 8 January`: nobody writes so; the first word is something else.
        let mixed = matches!(
            (first.shape, last.shape),
            (Shape::MonthDay, Shape::DayMonth) | (Shape::DayMonth, Shape::MonthDay)
        );
        if mixed {
            return Err(self.unreadable("in one day the month stands first, in the other the day"));
        }
        if first.shape == Shape::Two && matches!(last.shape, Shape::YearFirst(_)) {
            return Err(self.unreadable("the first day has no year, and the last has it first"));
        }
        let month = first.month.or(last.month);
        let last = Part { month: last.month.or(first.month), year: last.year.or(first.year), ..last };
        let mut first = Part { month, ..first };
        let mut wrapped = false;
        if first.year.is_none() {
            first.year = last.year;
            if first.month > last.month {
                first.year = last.year.map(|year| year - 1);
                wrapped = true;
                said.insert(
                    "a first day without its year, in a later month than the last day, is of the year before"
                        .to_owned(),
                );
            }
        }
        let (from, to) = (self.date(first, &mut said)?, self.date(last, &mut said)?);
        if to < from {
            let why = format!("it ends on {to}, before it begins on {from}");
            return Err(Refusal::new(why, "Correct one of the two days"));
        }
        let days = to.signed_duration_since(from).num_days() + 1;
        if wrapped && days > MOST_WRAPPED {
            let why = format!("the year of the first day is left out, and from {from} it would be {days} days");
            return Err(Refusal::new(why, "Write the year of both days, like 2027-01-03 - 2027-01-14"));
        }
        Ok((Span { from, to: Some(to) }, said))
    }

    fn date(&self, part: Part, said: &mut Assumed) -> Result<NaiveDate, Refusal> {
        let Some(month) = part.month else { return Err(self.unreadable("the month is left out")) };
        let year = match (part.year, self.year.filter(|_| self.calendar.is_none_or(|one| one == Calendar::Japanese))) {
            (Some(year), _) => year,
            (None, Some(year)) if self.words.year_of_period => {
                said.insert(format!("a year that is left out is {year}, the period's, as policy.toml says"));
                year
            }
            _ if self.calendar.is_some() => return Err(Refusal::new("the year is left out", "Write the year")),
            _ => {
                let advice = format!(
                    "Write the year; or, if it is always the period's, say so: --map {}.year=period",
                    self.table
                );
                return Err(Refusal::new("the year is left out", advice));
            }
        };
        let doubt = u32::try_from(year).ok().and_then(|year| Doubt::of(year, 4, None));
        if let Some(doubt) = doubt.filter(|_| self.calendar.is_none()) {
            return Err(Refusal { why: doubt.why().to_owned(), advice: String::new(), offers: doubt.offers() });
        }
        let date = match self.calendar {
            Some(calendar) => calendar.day(None, year, month, part.day),
            None => NaiveDate::from_ymd_opt(year, month, part.day),
        };
        let date = date.filter(|date| (1900..=2200).contains(&date.year()));
        date.ok_or_else(|| self.unreadable(format!("the calendar has no day {year}-{month:02}-{:02}", part.day)))
    }

    /// Cuts a text into tokens.
    fn cut(&self, text: &str) -> Result<Cut, Refusal> {
        let mut cut = Cut::default();
        let text: String = text.chars().filter(|letter| !super::super::ids::is_invisible(*letter)).collect();
        let pieces = pieces(&fold(&text));
        let mut at = 0;
        while let Some(piece) = pieces.get(at) {
            at += 1;
            cut.begins = at == 1 || cut.tokens.last().is_some_and(is_between) && is_mark(&pieces[at - 2]);
            let letter = piece.chars().next().unwrap_or(' ');
            // Dutch for `to and with`.
            if piece == "t" && pieces.get(at..at + 2).is_some_and(|next| next == ["/", "m"]) {
                cut.tokens.push(Token::To);
                at += 2;
                continue;
            }
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
            } else if matches!(letter, '–' | '—' | '―' | '−' | '~' | '～' | '…' | '→' | '⇒') {
                cut.tokens.push(Token::To);
            } else if letter == '>' && cut.tokens.last() == Some(&Token::Mark('-')) {
                // The head of an arrow.
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
            if let Named::Month(month) = self.months.exact(&both) {
                self.named(&both, &both, month, cut);
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
        if is(TURNS) {
            let why = format!("the word `{}` turns round what is said", shown(word));
            return Err(Refusal::new(why, "Write the days that are meant, and leave out the word"));
        }
        if is(WEEKS) && next.is_some_and(|next| next.starts_with(|letter: char| letter.is_ascii_digit())) {
            let why = format!("`{}` counts weeks or quarters, which do not begin alike everywhere", shown(word));
            return Err(self.unreadable(why));
        }
        let own = self.words.words.iter().any(|other| fold(other) == word);
        let leave = is(LEAVE) && self.months.exact(word) == Named::No;
        let weekday = self.months.is_weekday(word) && self.months.exact(word) == Named::No;
        let known = own || leave || weekday || is(HALF) || is(IDLE) || is(FROM) || is(OPEN) || is(UNTIL) || is(TO);
        let doubt = own || leave || is(HALF) || is(FROM) || is(OPEN) || is(UNTIL) || is(TO);
        let short = word.is_ascii() && word.len() <= 2 && (is(IDLE) || !cut.begins);
        if weekday && !doubt && !short {
            cut.weekdays.push((cut.tokens.len(), word.to_owned()));
        }
        if is(HALF) {
            cut.assumed.insert("half a day is a whole day".to_owned());
        }
        cut.open |= is(OPEN);
        cut.until |= is(UNTIL);
        // `to 8 January`, with nothing before it, is a last day.
        cut.until |= is(TO) && cut.tokens.is_empty() && !is(FROM) && !is(OPEN);
        if is(TO) && !cut.tokens.is_empty() {
            cut.tokens.push(Token::To);
        }
        if known {
            return Ok(0);
        }
        match self.months.find(word) {
            Named::Month(month) => self.named(word, word, month, cut),
            Named::Almost(month, name) => {
                cut.assumed.insert(format!("`{}` is the month `{name}`", shown(word)));
                self.named(word, &name, month, cut);
            }
            Named::Several(which) => {
                let advice = format!("State the language: --map {}.language=xx, such as pl", self.table);
                return Err(Refusal::new(format!("`{}` is month {}", shown(word), which.join(" or ")), advice));
            }
            Named::No => {
                let advice = format!(
                    "Write the days like 2027-01-03 - 2027-01-14; if the word means nothing, say so: --map {}.words=\"{}\"",
                    self.table,
                    shown(word)
                );
                return Err(Refusal::new(format!("the word `{}` is not understood", shown(word)), advice));
            }
        }
        Ok(0)
    }

    /// Takes a month; `name` is what the dictionary has for the word.
    fn named(&self, word: &str, name: &str, month: u32, cut: &mut Cut) {
        let languages = self.months.languages(name);
        cut.languages = Some(match cut.languages.take() {
            Some(before) => before.intersection(&languages).copied().collect(),
            None => languages,
        });
        cut.named.push((word.to_owned(), month));
        cut.tokens.push(Token::Month(month));
    }
}

/// Whether a piece may stand between two days.
fn is_mark(piece: &str) -> bool {
    TO.split_whitespace().any(|word| word == piece) || !piece.chars().all(char::is_alphanumeric)
}

/// Days of the week of one letter, Monday first.
const DAYS: [&str; 3] = ["月火水木金土日", "一二三四五六日", "월화수목금토일"];

/// A text without what is easily taken for a part of a date: words for yearly leave; and days of the week in brackets, as Japan, China
/// and Korea write them (`1月4日(月)`), in a spelling that is nothing else.
fn plain_weekdays(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let day_of = |at: usize| {
        let (open, close) = (letters.get(at), letters.get(at + 2));
        let bracketed = matches!(open, Some('(' | '（')) && matches!(close, Some(')' | '）'));
        let day = letters.get(at + 1).filter(|_| bracketed)?;
        let nth = DAYS.iter().find_map(|days| days.chars().position(|other| other == *day))?;
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].get(nth)
    };
    // The year of yearly leave is no year of a date.
    let is_leave = |at: usize| letters.get(at) == Some(&'年') && matches!(letters.get(at + 1), Some('假' | '休'));
    let (mut out, mut at) = (String::new(), 0);
    while let Some(letter) = letters.get(at) {
        if let Some(day) = day_of(at) {
            out += &format!(" {day} ");
            at += 3;
        } else if is_leave(at) {
            at += 2;
        } else {
            out.push(*letter);
            at += 1;
        }
    }
    out
}

/// The lines of a text, each in plain letters.
fn plain_lines(text: &str) -> String {
    text.lines().map(plain).collect::<Vec<_>>().join("\n")
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
        in_calendar(text, day_first, None)
    }

    fn in_calendar(text: &str, day_first: bool, calendar: Option<Calendar>) -> String {
        let words = WordsOfLeave { year_of_period: true, ..WordsOfLeave::default() };
        let reader =
            Reader { months: Months::of(None, calendar), words: &words, year: Some(2027), calendar, table: "absences" };
        match reader.read(text, day_first) {
            Ok((spans, _)) => spans.iter().map(tell).collect::<Vec<_>>().join("; "),
            Err(refusal) => refusal.why,
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
    fn ranges_with_the_year_first_and_a_short_end() {
        for text in [
            "2027.01.04-01.08",
            "2027.01.04.-01.08.",
            "2027. 1. 4. ~ 1. 8.",
            "4 til 8 januar 2027",
            "fra 4. til 8. januar 2027",
            "4 t/m 8 januari 2027",
            "4.1.2027 → 8.1.2027",
            "2027-01-04 -> 2027-01-08",
            "4 -> 8 January 2027",
            "2027-01-04 - 08",
            "2027/1/4～8",
            "2027/1/4-1/8",
            "2027-01-04/08",
            "2027-01-04/01-08",
            "2027-01-04/2027-01-08",
            "2027年1月4日(月)～8日(金)",
            "2027年1月4日（月）～1月8日（金）",
            "2027년 1월 4일 ~ 1월 8일",
            "2027.01.04–08.",
            "Mon 4 - Fri 8 January 2027",
            "lun 4 - vie 8 enero 2027",
            "04/01-08/01/2027",
            "Urlaub 4.1.2027 - 8.1.2027",
            "vacaciones del 4 al 8 de enero de 2027",
            "congés du 4 au 8 janvier 2027",
            "отпуск с 4 по 8 января 2027 г.",
            "urlop 4-8 stycznia 2027",
            "άδεια από 4 έως 8 Ιανουαρίου 2027",
            "4-8 Ocak 2027 izin",
            "إجازة من 4 إلى 8 يناير 2027",
            "年假 2027年1月4日至8日",
            "sick leave 4-8 January 2027",
        ] {
            assert_eq!(read(text, true), "2027-01-04 to 2027-01-08", "{text}");
        }
        assert_eq!(read("2027. 3. 1. ~ 3. 5.", true), "2027-03-01 to 2027-03-05");
        assert_eq!(read("2027. 3. 1. ~ 3. 5.", false), "2027-03-01 to 2027-03-05");
        assert_eq!(read("am 8. Januar 2027 vormittags", true), "2027-01-08");
        assert_eq!(read("May 3 - June 5, 2027", true), "2027-05-03 to 2027-06-05");
        assert_eq!(read("28 set - 3 out 2027", true), "2027-09-28 to 2027-10-03");
    }

    #[test]
    fn days_of_other_calendars() {
        for (text, calendar) in [
            ("2570-01-04 - 2570-01-08", Calendar::Buddhist),
            ("4-8 มกราคม 2570", Calendar::Buddhist),
            ("۱۴۰۵/۱۰/۱۴ - ۱۴۰۵/۱۰/۱۸", Calendar::Persian),
            ("14 - 18 دی 1405", Calendar::Persian),
            ("1448/07/26 - 1448/07/30", Calendar::HijriUmmAlQura),
            ("R9.1.4 - R9.1.8", Calendar::Japanese),
            ("令和9年1月4日~8日", Calendar::Japanese),
            ("116/1/4-1/8", Calendar::Roc),
        ] {
            assert_eq!(in_calendar(text, true, Some(calendar)), "2027-01-04 to 2027-01-08", "{text}");
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
            ("except 3 January 2027", "the word `except` turns round what is said"),
            ("3-14 January 2027 cancelled", "the word `cancelled` turns round what is said"),
            ("Mar 4-8 enero 2027", "`mar` may be a month or a day of the week"),
            ("mar 28 - 3 abr 2027", "`mar` may be a month or a day of the week"),
            ("Out 11-12 January 2027", "no language has the months `out` and `january`"),
            ("June 4-8 January 2027", "in one day the month stands first, in the other the day"),
            ("set 4-8 gennaio 2027", "in one day the month stands first, in the other the day"),
            (
                "4 June - 8 January 2027",
                "the year of the first day is left out, and from 2026-06-04 it would be 219 days",
            ),
            ("mar 4-8/01/2027", "`mar` may be a month or a day of the week"),
            ("KW 2 2027", "`kw` counts weeks or quarters, which do not begin alike everywhere"),
            ("Q1 2027", "`q` counts weeks or quarters, which do not begin alike everywhere"),
            ("01.04-2027.01.08", "the first day has no year, and the last has it first"),
            ("4.1.-8.1.27", "the year has two digits, so its century is a guess"),
            (
                "1405/10/14 - 1405/10/18",
                "this is no year of our calendar; the Persian calendar and three Hijri calendars have it",
            ),
            ("until 14 January 2027", "it has a last day and no first"),
            ("Tue 4 January 2027", "`tue` stands with 2027-01-04, which is a Monday"),
            ("del lun 4 al jue 8 de enero de 2027", "`jue` stands with 2027-01-08, which is a Friday"),
            ("2027年1月4日(火)～8日(金)", "`tue` stands with 2027-01-04, which is a Monday"),
            ("Di 4.1.2027", "`di` stands with 2027-01-04, which is a Monday"),
            ("30 to 31 February 2027", "the calendar has no day 2027-02-30"),
            ("14 to 3 January 2027", "it ends on 2027-01-03, before it begins on 2027-01-14"),
            ("3-14/01/27", "the year has two digits, so its century is a guess"),
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
        assert_eq!(read("ferie di 4 gennaio 2027", true), "2027-01-04");
        assert_eq!(read("on 4 January 2027", true), "2027-01-04");
    }
}
