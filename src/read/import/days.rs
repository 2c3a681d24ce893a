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
}

/// Whether a token may stand between two days.
pub(super) fn is_between(token: &Token) -> bool {
    matches!(token, Token::To | Token::Mark('-'))
}

/// A day as far as some tokens give it; none where they are anything else.
pub(super) fn part(tokens: &[Token], day_first: bool) -> Option<Part> {
    use Token::{Is, Mark, Month, Number};
    let tokens = trimmed(tokens);
    let year =
        |number: u32, digits: usize| (digits == 4).then_some(number).and_then(|number| i32::try_from(number).ok());
    let small = |number: u32, digits: usize| (digits <= 2 && number > 0).then_some(number);
    Some(match *tokens {
        [Number(d, n)] | [Number(d, n), Is('d')] => Part { day: small(d, n)?, ..Part::default() },
        [Number(m, a), Is('m'), Number(d, b), Is('d')] => Part { day: small(d, b)?, month: small(m, a), year: None },
        [Number(y, c), Is('y'), Number(m, a), Is('m'), Number(d, b), Is('d')] => {
            Part { day: small(d, b)?, month: small(m, a), year: Some(year(y, c)?) }
        }
        [Number(a, x), Mark(p), Number(b, y), Mark(q), Number(c, z)] if p == q => {
            if let Some(year) = year(a, x) {
                return Some(Part { day: small(c, z)?, month: Some(small(b, y)?), year: Some(year) });
            }
            let (day, month) = ordered(a, b, p, day_first);
            Part { day: small(day, x)?, month: Some(small(month, y)?), year: Some(year(c, z)?) }
        }
        [Number(a, x), Mark(p), Number(b, y)] if p != '-' => {
            let (day, month) = ordered(a, b, p, day_first);
            Part { day: small(day, x)?, month: Some(small(month, y)?), year: None }
        }
        _ => with_month(tokens, small, year)?,
    })
    .filter(|part| part.month.is_none_or(|month| (1..=12).contains(&month)))
    .filter(|_| !matches!(tokens, [Month(_)]))
}

/// A day whose month is a word.
fn with_month(
    tokens: &[Token],
    small: impl Fn(u32, usize) -> Option<u32>,
    year: impl Fn(u32, usize) -> Option<i32>,
) -> Option<Part> {
    use Token::{Month, Number};
    let bare: Vec<&Token> = tokens.iter().filter(|token| !matches!(token, Token::Mark('.'))).collect();
    Some(match *bare {
        [Number(d, n), Month(m)] | [Month(m), Number(d, n)] => {
            Part { day: small(*d, *n)?, month: Some(*m), year: None }
        }
        [Number(d, n), Month(m), Number(y, c)] | [Month(m), Number(d, n), Number(y, c)] if *c == 4 => {
            Part { day: small(*d, *n)?, month: Some(*m), year: Some(year(*y, *c)?) }
        }
        [Number(y, c), Month(m), Number(d, n)] => {
            Part { day: small(*d, *n)?, month: Some(*m), year: Some(year(*y, *c)?) }
        }
        // The year of a range whose month stands before both days: `January 3-14, 2027`.
        [Number(d, n), Number(y, c)] if *c == 4 => Part { day: small(*d, *n)?, month: None, year: Some(year(*y, *c)?) },
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
