//! A day, as far as some tokens give it: `3`, `3 January`, `14/01/2027`, `1月14日`.

/// What a text of leave is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A number and how many digits it has.
    Number(u32, usize),
    Month(u32),
    Mark(char),
    To,
    /// 年, 月 and 日 say what the number before them is.
    Is(char),
}

/// A day as far as it is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) day: u32,
    pub(super) month: Option<u32>,
    pub(super) year: Option<i32>,
    /// How it is written.
    pub(super) shape: Shape,
}

/// How a day is written, as far as it says how its neighbour is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Shape {
    #[default]
    Other,
    /// Numbers with the year first, and the mark between them.
    YearFirst(char),
    /// Two numbers with a mark between them.
    Two,
    /// A day, and its month in a word.
    DayMonth,
    /// The month in a word, and its day.
    MonthDay,
}

/// Whether a token may stand between two days.
pub(super) fn is_between(token: &Token) -> bool {
    matches!(token, Token::To | Token::Mark('-'))
}

/// The last day of a range whose first has its year first: two numbers are a month and a day (`2027.01.04-01.08`), one is a day.
pub(super) fn short_end(tokens: &[Token]) -> Option<Part> {
    let small = |number: u32, digits: usize| (digits <= 2 && number > 0).then_some(number);
    match *trimmed(tokens) {
        [Token::Number(m, a), Token::Mark(_), Token::Number(d, b)] => {
            let month = small(m, a).filter(|month| *month <= 12)?;
            Some(Part { day: small(d, b)?, month: Some(month), ..Part::default() })
        }
        [Token::Number(d, b)] => Some(Part { day: small(d, b)?, ..Part::default() }),
        _ => None,
    }
}

/// A day as far as some tokens give it; none where they are anything else. `years` says how many digits a year has.
pub(super) fn part(tokens: &[Token], day_first: bool, years: usize) -> Option<Part> {
    use Token::{Is, Mark, Month, Number};
    let tokens = trimmed(tokens);
    let year =
        |number: u32, digits: usize| (digits == years).then_some(number).and_then(|number| i32::try_from(number).ok());
    let small = |number: u32, digits: usize| (digits <= 2 && number > 0).then_some(number);
    Some(match *tokens {
        [Number(d, n)] | [Number(d, n), Is('d')] => Part { day: small(d, n)?, ..Part::default() },
        [Number(m, a), Is('m'), Number(d, b), Is('d')] => {
            Part { day: small(d, b)?, month: Some(small(m, a)?), ..Part::default() }
        }
        [Number(y, c), Is('y'), Number(m, a), Is('m'), Number(d, b), Is('d')] => Part {
            day: small(d, b)?,
            month: Some(small(m, a)?),
            year: Some(year(y, c)?),
            shape: Shape::YearFirst('年'),
        },
        [Number(a, x), Mark(p), Number(b, y), Mark(q), Number(c, z)] if p == q => {
            if let Some(year) = year(a, x) {
                let month = small(b, y).filter(|month| *month <= 12)?;
                return Some(Part {
                    day: small(c, z)?,
                    month: Some(month),
                    year: Some(year),
                    shape: Shape::YearFirst(p),
                });
            }
            let (day, month) = ordered(a, b, p, day_first);
            Part { day: small(day, x)?, month: Some(small(month, y)?), year: Some(year(c, z)?), ..Part::default() }
        }
        [Number(a, x), Mark(p), Number(b, y)] if p != '-' => {
            let (day, month) = ordered(a, b, p, day_first);
            Part { day: small(day, x)?, month: Some(small(month, y)?), year: None, shape: Shape::Two }
        }
        _ => with_month(tokens, years, small, year)?,
    })
    .filter(|part| part.month.is_none_or(|month| (1..=12).contains(&month)))
    .filter(|_| !matches!(tokens, [Month(_)]))
}

/// A day whose month is a word.
fn with_month(
    tokens: &[Token],
    years: usize,
    small: impl Fn(u32, usize) -> Option<u32>,
    year: impl Fn(u32, usize) -> Option<i32>,
) -> Option<Part> {
    use Token::{Month, Number};
    let bare: Vec<&Token> = tokens.iter().filter(|token| !matches!(token, Token::Mark('.'))).collect();
    let (day_month, month_day) = (Shape::DayMonth, Shape::MonthDay);
    Some(match *bare {
        [Number(d, n), Month(m)] => Part { day: small(*d, *n)?, month: Some(*m), year: None, shape: day_month },
        [Month(m), Number(d, n)] => Part { day: small(*d, *n)?, month: Some(*m), year: None, shape: month_day },
        [Number(d, n), Month(m), Number(y, c)] if *c == years => {
            Part { day: small(*d, *n)?, month: Some(*m), year: Some(year(*y, *c)?), shape: day_month }
        }
        [Month(m), Number(d, n), Number(y, c)] if *c == years => {
            Part { day: small(*d, *n)?, month: Some(*m), year: Some(year(*y, *c)?), shape: month_day }
        }
        [Number(y, c), Month(m), Number(d, n)] => {
            Part { day: small(*d, *n)?, month: Some(*m), year: Some(year(*y, *c)?), shape: month_day }
        }
        // The year of a range whose month stands before both days: `January 3-14, 2027`.
        [Number(d, n), Number(y, c)] if *c == years => {
            Part { day: small(*d, *n)?, year: Some(year(*y, *c)?), ..Part::default() }
        }
        _ => return None,
    })
}

/// Dots always have the day first.
fn ordered(a: u32, b: u32, mark: char, day_first: bool) -> (u32, u32) {
    if day_first || mark == '.' { (a, b) } else { (b, a) }
}

/// Without the dots at both ends: the mark of an ordinal, of an abbreviation, or of the end.
fn trimmed(tokens: &[Token]) -> &[Token] {
    let dot = |token: &Token| matches!(token, Token::Mark('.'));
    let start = tokens.iter().take_while(|token| dot(token)).count();
    let end = tokens.len() - tokens.iter().rev().take_while(|token| dot(token)).count();
    tokens.get(start..end).unwrap_or_default()
}
