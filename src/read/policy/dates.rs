//! What the policy says of the dates of a file: their format, their calendar, the language of their months, and what midnight means.

use chrono::NaiveDate;

use super::{Clerk, Value};
use crate::read::dates::calendar::Calendar;
use crate::read::dates::end::End;
use crate::read::dates::midnight::Midnight;
use crate::read::dates::months::Months;

impl Clerk<'_> {
    pub(super) fn midnight(&mut self, path: &str, value: &Value<'_>) -> Option<Midnight> {
        let known = [("next", Midnight::Next), ("nearest", Midnight::Nearest), ("written", Midnight::Written)];
        let advice = "Write \"next\" (midnight of the next day), \"nearest\" or \"written\" (the day that is written)";
        self.one_of(path, value, &known, advice)
    }

    pub(super) fn end(&mut self, path: &str, value: &Value<'_>) -> Option<End> {
        let known = [("exclusive", End::Exclusive), ("included", End::Included)];
        self.one_of(path, value, &known, "Write \"exclusive\" (the last day is the day before) or \"included\"")
    }

    pub(super) fn calendar(&mut self, path: &str, value: &Value<'_>) -> Option<Calendar> {
        let found = value.get_ref().as_str().and_then(Calendar::named);
        if found.is_none() {
            let advice = format!("Known are {}; without the key dates are Gregorian", Calendar::names());
            self.refuse_value(path, value, "this calendar is not known", advice);
        }
        found
    }

    pub(super) fn language(&mut self, path: &str, value: &Value<'_>) -> Option<String> {
        let language = self.text_of(path, value)?;
        let known = Months::speaks(&language);
        if !known {
            let why = format!("the months of the language `{}` are not known", crate::read::problem::shown(&language));
            self.refuse_value(path, value, why, "Write a language of two letters, such as \"pl\"");
        }
        known.then_some(language)
    }

    fn one_of<T: Copy>(&mut self, path: &str, value: &Value<'_>, known: &[(&str, T)], advice: &str) -> Option<T> {
        let text = value.get_ref().as_str();
        let found = known.iter().find(|(name, _)| Some(*name) == text).map(|(_, meaning)| *meaning);
        if found.is_none() {
            self.refuse_value(path, value, "this is not known", advice);
        }
        found
    }

    pub(super) fn dates(&mut self, path: &str, value: &Value<'_>) -> Option<String> {
        let format = self.text_of(path, value)?;
        let day = NaiveDate::from_ymd_opt(2027, 11, 23)?;
        let items: Vec<_> = chrono::format::StrftimeItems::new(&format).collect();
        let clear = !items.iter().any(|item| matches!(item, chrono::format::Item::Error));
        let back = clear.then(|| {
            let mut text = String::new();
            std::fmt::Write::write_fmt(&mut text, format_args!("{}", day.format_with_items(items.iter()))).ok()?;
            NaiveDate::parse_from_str(&text, &format).ok()
        });
        if format.contains("%D") || format.contains("%x") || back.flatten() != Some(day) {
            let advice = "Write it with %d, %m and %Y (a year of four digits), like \"%d/%m/%Y\"";
            self.refuse_value(path, value, "this format does not give one day", advice);
            return None;
        }
        Some(format)
    }
}
