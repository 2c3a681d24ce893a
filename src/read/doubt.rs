//! Whether the text that a guessed encoding gives makes sense, and which other encoding would make more.
//!
//! A page of DOS or of the Macintosh read as one of Windows gives letters too, but some in places where no language has them:
//! `Garc¡a`, `JosŽ`, `M‡laga`. Such places are counted, word by word. Where another encoding has hardly any of them, the
//! guess is no longer stated as one: a person is asked which of the words is right.

use std::collections::BTreeSet;
use std::io::{self, Read};

use super::charset::{Charset, named};
use super::ids::is_invisible;

/// Most different words that are looked at.
const MOST_WORDS: usize = 4096;
/// Most bytes of a word.
const MOST_BYTES: usize = 64;
/// Encodings that no detector tells from those of Windows, the likeliest first.
const OTHERS: [&str; 10] =
    ["cp850", "macintosh", "cp437", "cp852", "ibm866", "x-mac-cyrillic", "cp857", "cp737", "cp862", "cp775"];
/// Most encodings that are offered beside the guess.
const MOST_OFFERED: usize = 3;

/// An encoding that may be meant, and a word in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) charset: Charset,
    pub(super) word: String,
}

/// The guess and its rivals, where one of these makes clearly more sense.
pub(super) fn doubt(reader: impl Read, guess: Charset) -> io::Result<Vec<Candidate>> {
    Ok(rivals(&words(reader)?, guess))
}

/// Different words of a file that are not all ASCII, each with whether it was seen.
fn words(mut reader: impl Read) -> io::Result<Vec<Vec<u8>>> {
    let (mut all, mut word, mut buffer) = (BTreeSet::new(), Vec::new(), vec![0; 1 << 14]);
    loop {
        let count = reader.read(&mut buffer)?;
        for byte in buffer.get(..count).unwrap_or_default() {
            if byte.is_ascii_alphabetic() || *byte >= 0x80 {
                if word.len() < MOST_BYTES {
                    word.push(*byte);
                }
            } else {
                keep(&mut all, &mut word);
            }
        }
        if count == 0 || all.len() >= MOST_WORDS {
            keep(&mut all, &mut word);
            return Ok(all.into_iter().collect());
        }
    }
}

fn keep(all: &mut BTreeSet<Vec<u8>>, word: &mut Vec<u8>) {
    if word.is_ascii() {
        word.clear();
    } else {
        all.insert(std::mem::take(word));
    }
}

fn rivals(words: &[Vec<u8>], guess: Charset) -> Vec<Candidate> {
    let amiss = |charset: Charset| words.iter().map(|word| oddness(charset, word)).sum::<u64>();
    let guessed = amiss(guess);
    if guessed == 0 {
        return Vec::new();
    }
    let others = OTHERS.iter().filter_map(|name| named(name).ok()).filter(|other| *other != guess);
    let mut better: Vec<(u64, Charset)> = others.map(|other| (amiss(other), other)).collect();
    better.retain(|(odd, _)| odd * 4 < guessed);
    let least = better.iter().map(|(odd, _)| *odd).min().unwrap_or_default();
    let worst = words.iter().max_by_key(|word| oddness(guess, word)).map_or(&[][..], Vec::as_slice);
    let mut offered: Vec<(Vec<Option<String>>, Candidate)> = Vec::new();
    for (_, charset) in better.into_iter().filter(|(odd, _)| *odd == least) {
        let read: Vec<Option<String>> = words.iter().map(|word| charset.decode(word)).collect();
        if offered.len() < MOST_OFFERED && !offered.iter().any(|(other, _)| *other == read) {
            offered.push((read, Candidate { charset, word: charset.decode(worst).unwrap_or_default() }));
        }
    }
    let mut all: Vec<Candidate> = offered.into_iter().map(|(_, candidate)| candidate).collect();
    if let Some(word) = guess.decode(worst).filter(|_| !all.is_empty()) {
        all.push(Candidate { charset: guess, word });
    }
    all
}

/// How many places of a word no language has, as the encoding reads it; a byte that it lacks counts double.
fn oddness(charset: Charset, word: &[u8]) -> u64 {
    let Some(text) = charset.decode(word) else { return 2 };
    let letters: Vec<char> = text.chars().collect();
    if is_of_many_bytes(charset) {
        // Letters of East Asia do not stand between those of Latin words.
        let mixed = letters.windows(2).filter(|pair| pair[0].is_ascii_alphabetic() != pair[1].is_ascii_alphabetic());
        return mixed.count() as u64;
    }
    (0..letters.len()).map(|at| u64::from(is_odd(&letters, at))).sum()
}

fn is_of_many_bytes(charset: Charset) -> bool {
    matches!(charset, Charset::Web(encoding) if !encoding.is_single_byte())
}

/// Whether the letter at `at` stands where no language has it.
fn is_odd(letters: &[char], at: usize) -> bool {
    let letter = letters[at];
    let before = at.checked_sub(1).map(|at| letters[at]);
    let after = letters.get(at + 1).copied();
    if letter.is_ascii() {
        return false;
    }
    if letter == 'ƒ' {
        return true;
    }
    if letter.is_alphabetic() && !matches!(letter, 'ª' | 'º' | 'ˆ') {
        let second = at.checked_sub(2).map(|at| letters[at]);
        return is_odd_case(second, before, letter, after) || is_odd_script(before, letter, after);
    }
    let beside = |other: Option<char>| other.is_some_and(char::is_alphabetic);
    !fits(letter, beside(before), beside(after))
}

fn is_odd_case(second: Option<char>, before: Option<char>, letter: char, after: Option<char>) -> bool {
    let upper = |other: Option<char>| other.is_some_and(char::is_uppercase);
    let lower = |other: Option<char>| other.is_some_and(char::is_lowercase);
    let risen = letter.is_uppercase() && (lower(before) || (upper(before) && lower(after)));
    let fallen = letter.is_lowercase() && (upper(after) || (upper(before) && upper(second)));
    risen || fallen
}

fn is_odd_script(before: Option<char>, letter: char, after: Option<char>) -> bool {
    let other = |beside: Option<char>| beside.filter(|beside| beside.is_alphabetic()).map(script);
    [other(before), other(after)].into_iter().flatten().any(|beside| beside != script(letter))
}

/// The script of a letter, by where Unicode has it.
fn script(letter: char) -> u32 {
    match u32::from(letter) {
        0..0x370 | 0x1E00..0x1F00 => 0,
        0x370..0x400 | 0x1F00..0x2000 => 1,
        0x400..0x530 => 2,
        0x590..0x600 => 3,
        0x600..0x700 => 4,
        other => 5 + (other >> 8),
    }
}

/// Whether a sign that is no letter may stand there: beside letters `before` and `after` it, or alone.
fn fits(sign: char, before: bool, after: bool) -> bool {
    let inside = matches!(sign, '’' | '‘' | '´' | '·' | '–' | '—' | 'ª' | 'º' | '\u{A0}' | '\u{2011}' | '\u{301}')
        || is_invisible(sign);
    let closing = matches!(sign, '”' | '“' | '»' | '«' | '›' | '…' | '™' | '®' | '©' | '°' | '²' | '³' | '¹' | '€');
    let opening = matches!(sign, '“' | '”' | '„' | '‚' | '«' | '»' | '‹' | '¿' | '¡' | '°' | '§' | '©' | '•' | '№');
    let alone = matches!(sign, '£' | '½' | '¼' | '¾' | '±' | '×' | '¶' | '†' | '‰');
    match (before, after) {
        _ if inside => true,
        (true, true) => false,
        (true, false) => closing,
        (false, true) => opening,
        (false, false) => closing || opening || alone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

    /// Words of twelve languages, and the encodings in which their offices write: of Windows, of DOS, of the Macintosh.
    const WORDS: [(&str, &str, &str, &str); 12] = [
        ("García, Núñez, Muñoz, José, Inspección, Málaga, baño", "windows-1252", "cp850", "macintosh"),
        ("João, Conceição, inspeção, Água, manhã, órgão, licença", "windows-1252", "cp850", "macintosh"),
        ("Müller, Größe, Prüfung, Ärzte, Köln, Straße, Öffnung", "windows-1252", "cp850", "macintosh"),
        ("Élève, congé, août, François, Noël, forêt, être", "windows-1252", "cp850", "macintosh"),
        ("Ekström, Åkesson, Sjöberg, länge, även, frånvaro", "windows-1252", "cp850", "macintosh"),
        ("Bjørn, Sørensen, Ærø, Åse, fravær, påske, Ødegård", "windows-1252", "cp850", "macintosh"),
        ("perché, città, Niccolò, è, più, lunedì, venerdì", "windows-1252", "cp850", "macintosh"),
        ("Łukasz, Wójcik, zażółć, gęślą, Kraków, święto, źródło", "windows-1250", "cp852", ""),
        ("Dvořák, Příliš, žluťoučký, kůň, dovolená, Jiří, Čech", "windows-1250", "cp852", ""),
        ("Петров, Иванова, отпуск, Сергей, отсутствие, инспектор", "windows-1251", "ibm866", "x-mac-cyrillic"),
        ("Παπαδόπουλος, άδεια, Γιώργος, επιθεωρητής, Αθήνα, σήμερα", "windows-1253", "cp737", ""),
        ("Yılmaz, Şahin, Gökçe, Öztürk, İstanbul, ağustos, izin", "windows-1254", "cp857", ""),
    ];

    fn encoded(text: &str, charset: Charset) -> Vec<u8> {
        let byte = |letter: char| {
            (0..=255u8).find(|byte| charset.decode(&[*byte]).is_some_and(|text| text.chars().eq([letter])))
        };
        text.chars().map(|letter| byte(letter).expect("the encoding has every letter of its language")).collect()
    }

    fn guess(bytes: &[u8]) -> Charset {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(bytes, true);
        Charset::Web(detector.guess(None, Utf8Detection::Deny))
    }

    #[test]
    fn words_in_the_encoding_of_windows_are_not_doubted() {
        for (words, windows, ..) in WORDS {
            let bytes = encoded(words, named(windows).unwrap());
            assert_eq!(doubt(bytes.as_slice(), named(windows).unwrap()).unwrap(), [], "{words}");
            assert_eq!(doubt(bytes.as_slice(), guess(&bytes)).unwrap(), [], "{words} as {}", guess(&bytes).name());
            for word in words.split(", ") {
                let upper = encoded(&word.to_uppercase().replace("SS", "ß"), named(windows).unwrap());
                assert_eq!(doubt(upper.as_slice(), named(windows).unwrap()).unwrap(), [], "{word}");
            }
        }
    }

    #[test]
    fn signs_that_honest_text_has_are_not_doubted() {
        for text in [
            "L’Hôtel «Café» – 50 €, n.º 3, 1.ª planta",
            "“Señor” ¿Qué? ¡No! § 5, 20 °C, m², ½",
            "„Müller“ ‚Öl’ Paris—Lyon col·legi D’Água ©2027 Haus™ …",
        ] {
            let bytes = encoded(text, named("windows-1252").unwrap());
            assert_eq!(doubt(bytes.as_slice(), named("windows-1252").unwrap()).unwrap(), [], "{text}");
        }
    }

    #[test]
    fn words_of_dos_and_of_the_macintosh_are_asked_about() {
        let (mut told, mut silent) = (0, Vec::new());
        for (words, _, dos, mac) in WORDS {
            for name in [dos, mac].into_iter().filter(|name| !name.is_empty()) {
                let charset = named(name).unwrap();
                let bytes = encoded(words, charset);
                let guess = guess(&bytes);
                let found = doubt(bytes.as_slice(), guess).unwrap();
                let right = |candidate: &Candidate| candidate.charset.decode(&bytes).as_deref() == Some(words);
                if guess == charset || found.iter().any(right) {
                    told += 1;
                } else {
                    silent.push(format!("{words} in {name}: guessed {}, offered {found:?}", guess.name()));
                }
            }
        }
        assert_eq!((told, silent), (20, Vec::<String>::new()));
    }
}
