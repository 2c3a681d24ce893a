//! The encodings that a file of text may be in, and the names that people have for them.
//!
//! Browsers know Unicode, Windows, ISO and Macintosh (`encoding_rs`); the code pages of DOS come as tables (`oem_cp`).

use encoding_rs::Encoding;
use oem_cp::code_table::DECODING_TABLE_CP_MAP;
use oem_cp::code_table_type::TableType;

use super::ids::nearest;

/// One encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    /// One that browsers know.
    Web(&'static Encoding),
    /// A code page of DOS, by its place in [`PAGES`].
    Dos(usize),
}

/// The code pages of DOS: number, name, and who wrote with it. 866 is known to browsers.
const PAGES: [(u16, &str, &str); 15] = [
    (850, "cp850", "Western Europe"),
    (437, "cp437", "United States"),
    (852, "cp852", "Central Europe"),
    (857, "cp857", "Turkish"),
    (737, "cp737", "Greek"),
    (862, "cp862", "Hebrew"),
    (775, "cp775", "Baltic"),
    (855, "cp855", "Serbian and Bulgarian"),
    (858, "cp858", "Western Europe with €"),
    (860, "cp860", "Portuguese"),
    (861, "cp861", "Icelandic"),
    (863, "cp863", "French of Canada"),
    (865, "cp865", "Nordic"),
    (869, "cp869", "Greek, newer"),
    (720, "cp720", "Arabic"),
];

/// Numbers of other pages that people write, and what browsers call them.
const NUMBERS: [(u16, &str); 21] = [
    (866, "ibm866"),
    (874, "windows-874"),
    (932, "shift_jis"),
    (936, "gbk"),
    (949, "euc-kr"),
    (950, "big5"),
    (1200, "utf-16le"),
    (1201, "utf-16be"),
    (1250, "windows-1250"),
    (1251, "windows-1251"),
    (1252, "windows-1252"),
    (1253, "windows-1253"),
    (1254, "windows-1254"),
    (1255, "windows-1255"),
    (1256, "windows-1256"),
    (1257, "windows-1257"),
    (1258, "windows-1258"),
    (10000, "macintosh"),
    (10007, "x-mac-cyrillic"),
    (28591, "windows-1252"),
    (65001, "utf-8"),
];

/// What may stand before the number of a page.
const PREFIXES: [&str; 10] = ["codepage", "microsoftcp", "windows", "msdos", "ansi", "oem", "ibm", "dos", "win", "cp"];

/// Words that name one encoding, without blanks and hyphens.
const WORDS: [(&str, &str); 14] = [
    ("western", "windows-1252"),
    ("westerneuropean", "windows-1252"),
    ("westerneurope", "windows-1252"),
    ("westeuropean", "windows-1252"),
    ("centraleuropean", "windows-1250"),
    ("centraleurope", "windows-1250"),
    ("easterneuropean", "windows-1250"),
    ("turkish", "windows-1254"),
    ("baltic", "windows-1257"),
    ("vietnamese", "windows-1258"),
    ("macroman", "macintosh"),
    ("macosroman", "macintosh"),
    ("applemacintosh", "macintosh"),
    ("maccyrillic", "x-mac-cyrillic"),
];

impl Charset {
    /// What it is called.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Web(encoding) => encoding.name(),
            Self::Dos(at) => PAGES.get(at).map_or("", |page| page.1),
        }
    }

    /// What it is called, and who wrote with it where the name does not say so.
    pub(super) fn told(self) -> String {
        match self {
            Self::Dos(at) => format!("{}, DOS, {}", self.name(), PAGES.get(at).map_or("", |page| page.2)),
            Self::Web(_) => self.name().to_owned(),
        }
    }

    /// The letters of a code page of DOS; none for the others.
    pub(super) fn page(self) -> Option<&'static TableType> {
        match self {
            Self::Dos(at) => DECODING_TABLE_CP_MAP.get(&PAGES.get(at)?.0),
            Self::Web(_) => None,
        }
    }

    /// The page of DOS that has this number.
    fn dos(number: u16) -> Option<Self> {
        let known = |at: &usize| DECODING_TABLE_CP_MAP.contains_key(&PAGES[*at].0);
        PAGES.iter().position(|page| page.0 == number).filter(known).map(Self::Dos)
    }

    /// A few words in this encoding as text; none where a byte of them is no letter of it.
    pub(super) fn decode(self, bytes: &[u8]) -> Option<String> {
        let undefined = |letter: char| ('\u{80}'..='\u{9F}').contains(&letter);
        match self {
            Self::Dos(_) => self.page()?.decode_string_checked(bytes),
            Self::Web(encoding) => {
                let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
                (!text.contains(undefined)).then(|| text.into_owned())
            }
        }
    }
}

/// The encoding that is called `label`.
///
/// # Errors
/// What to write, where the name is not known or means several.
pub(super) fn named(label: &str) -> Result<Charset, String> {
    let bare: String = label.to_lowercase().chars().filter(|letter| letter.is_alphanumeric()).collect();
    let web = |name: &str| Encoding::for_label_no_replacement(name.as_bytes()).map(Charset::Web);
    let number = PREFIXES.iter().find_map(|prefix| bare.strip_prefix(prefix)).unwrap_or(&bare);
    let number = number.parse::<u16>().ok();
    let page = |number: u16| {
        let other = NUMBERS.iter().find(|(other, _)| *other == number).and_then(|(_, name)| web(name));
        Charset::dos(number).or(other)
    };
    let word = || WORDS.iter().find(|(word, _)| *word == bare).and_then(|(_, name)| web(name));
    web(label).or_else(|| number.and_then(page)).or_else(word).ok_or_else(|| advice(&bare))
}

fn advice(bare: &str) -> String {
    if bare.contains("ansi") || bare.contains("windows") {
        return "It has a number, by the country of the Windows that wrote the file: windows-1252 (Western Europe), windows-1250 (Central Europe), windows-1251 (Cyrillic), windows-1253 (Greek), windows-1254 (Turkish)".to_owned();
    }
    if bare.contains("dos") || bare.contains("oem") {
        return "It has a number, by the country of the DOS that wrote the file: cp850 (Western Europe), cp437 (United States), cp852 (Central Europe), ibm866 (Cyrillic), cp737 (Greek), cp857 (Turkish), cp862 (Hebrew)".to_owned();
    }
    let names = NUMBERS.iter().map(|(_, name)| *name).chain(PAGES.iter().map(|page| page.1));
    match nearest(bare, names, 1).first() {
        Some(near) => format!("Is it `{near}`? Others are utf-8, utf-16le, windows-1252, macintosh, cp850"),
        None => "Write a name like utf-8, utf-16le, windows-1252".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_that_people_write_are_understood() {
        for (label, name) in [
            ("UTF8", "UTF-8"),
            ("utf-8", "UTF-8"),
            ("latin1", "windows-1252"),
            ("ISO-8859-1", "windows-1252"),
            ("iso-8859-2", "ISO-8859-2"),
            ("cp1252", "windows-1252"),
            ("Windows 1250", "windows-1250"),
            ("ANSI 1251", "windows-1251"),
            ("Western", "windows-1252"),
            ("Western European", "windows-1252"),
            ("Mac", "macintosh"),
            ("Mac Roman", "macintosh"),
            ("x-mac-cyrillic", "x-mac-cyrillic"),
            ("OEM 850", "cp850"),
            ("IBM850", "cp850"),
            ("850", "cp850"),
            ("code page 437", "cp437"),
            ("MS-DOS 852", "cp852"),
            ("cp866", "IBM866"),
            ("dos866", "IBM866"),
            ("cp862", "cp862"),
        ] {
            assert_eq!(named(label).map(Charset::name), Ok(name), "{label}");
        }
    }

    #[test]
    fn a_name_of_several_is_answered_with_each() {
        assert!(named("ANSI").unwrap_err().contains("windows-1250 (Central Europe)"));
        assert!(named("DOS").unwrap_err().contains("cp852 (Central Europe)"));
        assert!(named("OEM").unwrap_err().contains("cp850 (Western Europe)"));
        assert!(named("windows-1552").unwrap_err().contains("windows-1252"));
        assert!(named("cp8500").unwrap_err().contains("Is it `cp850`?"));
        assert!(named("klingon").unwrap_err().starts_with("Write a name like"));
    }

    #[test]
    fn a_page_of_dos_has_its_letters() {
        let page = |label| named(label).unwrap();
        assert_eq!(page("cp850").decode(b"Garc\xA1a Mu\xA4oz").as_deref(), Some("García Muñoz"));
        assert_eq!(page("cp852").decode(b"\x9Dukasz").as_deref(), Some("Łukasz"));
        assert_eq!(page("cp737").decode(b"\x8A\x98").as_deref(), Some("Λα"));
        assert_eq!(page("cp857").decode(b"\xE7"), None);
    }
}
