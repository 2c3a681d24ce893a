//! Names that may be one: what is left of a name without accents, punctuation, legal form and the order of its words; and which
//! names come out the same, or one slip of the pen apart. Nothing is joined here; whoever asks tells a person.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::legal_forms::{FORMS, JOINED};
use super::letters::fold;

/// Most names of which slips of the pen are looked for: beyond it the index would take more memory than the office's machine has.
pub(super) const MOST: usize = 100_000;
/// Letters of a name that are looked at for slips of the pen.
const LETTERS: usize = 40;
/// Of names that all come out the same, up to so many are compared each with each.
const EACH: usize = 200;
/// Of names that share what is left without a letter, up to so many are compared each with each.
const NEAR: usize = 8;
/// A prime and a number below it, for sums that tell texts apart.
const PRIME: u64 = (1 << 61) - 1;
const BASE: u64 = 0x1F35_7A1B_9C3D_5E77;
/// Words that only join others.
const CONJUNCTIONS: &[&str] = &["&", "and", "und", "et", "y", "e", "i", "и", "і", "och", "og", "en", "ve", "και"];

/// The legal forms, as [`words`] writes them.
static KNOWN: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| FORMS.iter().chain(JOINED).map(|form| unaccented(form)).collect());
/// Those that stand at a name without a blank.
static AT_A_NAME: LazyLock<Vec<String>> = LazyLock::new(|| JOINED.iter().map(|form| unaccented(form)).collect());

/// What is left of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bare {
    /// The words in order of letters.
    sorted: String,
    /// The words as they stand.
    line: String,
}

impl Bare {
    /// What is left of `name`; of an owner's name the legal form is taken off too.
    pub(super) fn of(name: &str, legal: bool) -> Self {
        let mut words = words(name);
        if legal {
            without_forms(&mut words);
        }
        words.retain(|word| !CONJUNCTIONS.contains(&word.as_str()));
        let line = if words.is_empty() { fold(name) } else { words.join(" ") };
        words.sort_unstable();
        let sorted = if words.is_empty() { line.clone() } else { words.join(" ") };
        Self { sorted, line }
    }

    /// Whether the two may be one name.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.sorted == other.sorted || one_slip_apart(&self.line, &other.line)
    }
}

/// The words of a name without accents and punctuation; letters that stand alone (`S. L.`) are one word.
fn words(name: &str) -> Vec<String> {
    let mut plain = String::new();
    let mut run = 0;
    for letter in unaccented(&fold(name)).chars() {
        match letter {
            '\'' | '"' => {}
            '.' | '/' if run == 1 => run = 0,
            '&' | '+' => plain.push_str(" & "),
            letter if letter.is_alphanumeric() || is_combining_mark(letter) => plain.push(letter),
            _ => plain.push(' '),
        }
        match letter {
            letter if letter.is_alphabetic() => run += 1,
            _ => run = 0,
        }
    }
    let mut words: Vec<String> = Vec::new();
    let mut alone = false;
    for word in plain.split_whitespace() {
        let one = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
        match words.last_mut().filter(|_| one && alone) {
            Some(last) => last.push_str(word),
            None => words.push(word.to_owned()),
        }
        alone = one;
    }
    words
}

/// Without the accents that people leave out. Signs of other scripts that are letters of their own stay.
fn unaccented(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut out = String::new();
    for letter in text.nfkd() {
        match letter {
            '\u{300}'..='\u{36F}' | '\u{591}'..='\u{5C7}' | '\u{64B}'..='\u{655}' | '\u{670}' | '\u{640}' => {}
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'þ' => out.push_str("th"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'ı' => out.push('i'),
            'ς' => out.push('σ'),
            'ة' => out.push('ه'),
            'ى' | 'ی' => out.push('ي'),
            'ک' => out.push('ك'),
            letter => out.push(letter),
        }
    }
    out.nfc().collect()
}

/// Takes legal forms off, first at the end and then at the beginning, for as long as something is left.
fn without_forms(words: &mut Vec<String>) {
    while let Some(count) = form(words, true) {
        words.truncate(words.len() - count);
    }
    while let Some(count) = form(words, false) {
        words.drain(..count);
    }
    for (word, at_end) in [(0, false), (words.len().saturating_sub(1), true)] {
        let Some(word) = words.get_mut(word) else { continue };
        let cut =
            |form: &String| if at_end { word.strip_suffix(form.as_str()) } else { word.strip_prefix(form.as_str()) };
        let rest = AT_A_NAME.iter().filter(|_| !word.is_ascii()).filter_map(cut).filter(|rest| !rest.is_empty());
        if let Some(rest) = rest.min_by_key(|rest| rest.len()).map(str::to_owned) {
            *word = rest;
        }
    }
}

/// How many words at one end are a legal form, where others are left.
fn form(words: &[String], at_end: bool) -> Option<usize> {
    let joined = |count: usize| {
        let part = if at_end { &words[words.len() - count..] } else { &words[..count] };
        let kept: Vec<&str> = part.iter().map(String::as_str).filter(|word| !CONJUNCTIONS.contains(word)).collect();
        kept.join(" ")
    };
    (1..words.len().min(6)).rev().find(|count| KNOWN.contains(&joined(*count)))
}

/// Whether one slip of the pen leads from one text to the other. Another digit is no slip, nor is another letter in a short word,
/// which is a mark (`Ward A` and `Ward B`) or another word; and of the scripts of East Asia every letter is a word.
fn one_slip_apart(a: &str, b: &str) -> bool {
    let digits = |text: &str| text.chars().filter(|letter| letter.is_numeric()).collect::<String>();
    let east = |text: &str| text.chars().any(|letter| letter >= '\u{2E80}');
    let near = a != b && a.len().abs_diff(b.len()) <= 4 && !east(a) && !east(b) && digits(a) == digits(b);
    near && strsim::damerau_levenshtein(a, b) == 1 && is_in_a_long_word(a, b)
}

fn is_in_a_long_word(a: &str, b: &str) -> bool {
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
    let letters = |word: &str| word.chars().count();
    let is_number = |word: &str| word.chars().all(|letter| "ivxlc".contains(letter));
    let differ = a.iter().zip(&b).filter(|(one, other)| one != other);
    let long =
        |(one, other): (&&str, &&str)| letters(one).max(letters(other)) >= 5 && !(is_number(one) && is_number(other));
    if a.len() != b.len() { a.iter().chain(&b).any(|word| letters(word) >= 5) } else { differ.into_iter().all(long) }
}

/// The names that may be one, as positions among `names`, in order; names that are `apart` are two.
pub(super) fn groups(names: &[Bare], apart: &dyn Fn(usize, usize) -> bool) -> Vec<Vec<usize>> {
    let mut joined = Joined((0..names.len()).collect());
    let mut by_words: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, name) in names.iter().enumerate() {
        by_words.entry(&name.sorted).or_default().push(at);
    }
    for same in by_words.values() {
        for (nth, one) in same.iter().enumerate() {
            let others = same[nth + 1..].iter().take(if same.len() > EACH { 1 } else { EACH });
            others.filter(|other| !apart(*one, **other)).for_each(|other| joined.join(*one, *other));
        }
    }
    if names.len() <= MOST {
        for (one, other) in slips(names).into_iter().map(|(one, other)| (one as usize, other as usize)) {
            if !apart(one, other) && one_slip_apart(&names[one].line, &names[other].line) {
                joined.join(one, other);
            }
        }
    }
    joined.groups()
}

/// Pairs that may be one slip apart: whatever comes of taking one letter away is the same.
fn slips(names: &[Bare]) -> Vec<(u32, u32)> {
    let mut index: Vec<(u64, u32)> = Vec::new();
    for (name, at) in names.iter().zip(0..) {
        index.extend(without_each(&name.line).into_iter().map(|left| (left, at)));
    }
    index.sort_unstable();
    index.dedup();
    let mut pairs = Vec::new();
    for same in index.chunk_by(|a, b| a.0 == b.0) {
        // Of many that share what is left (`Ward A` to `Ward Z`) each is compared with the next alone.
        let most = if same.len() > NEAR { 1 } else { NEAR };
        for (nth, (_, one)) in same.iter().enumerate() {
            pairs.extend(same[nth + 1..].iter().take(most).map(|(_, other)| (*one, *other)));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// A number for what is left of a text without each of its letters, and one for the whole.
fn without_each(text: &str) -> Vec<u64> {
    let times = |a: u64, b: u64| u64::try_from(u128::from(a) * u128::from(b) % u128::from(PRIME)).unwrap_or_default();
    let letters: Vec<u64> = text.chars().take(LETTERS).map(|letter| u64::from(u32::from(letter)) + 1).collect();
    let mut before = vec![0];
    for letter in &letters {
        before.push((times(*before.last().unwrap_or(&0), BASE) + letter) % PRIME);
    }
    let (mut all, mut after, mut power) = (before.clone(), 0, 1);
    for (at, letter) in letters.iter().enumerate().rev() {
        all[at] = (times(before[at], power) + after) % PRIME;
        after = (times(*letter, power) + after) % PRIME;
        power = times(power, BASE);
    }
    all
}

/// Sets that are joined one by one.
struct Joined(Vec<usize>);

impl Joined {
    fn head(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.head(one), self.head(other));
        self.0[one.max(other)] = one.min(other);
    }

    fn groups(mut self) -> Vec<Vec<usize>> {
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for at in 0..self.0.len() {
            groups.entry(self.head(at)).or_default().push(at);
        }
        groups.into_values().filter(|group| group.len() > 1).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(a: &str, b: &str) -> bool {
        Bare::of(a, true).is_like(&Bare::of(b, true))
    }

    #[test]
    fn names_that_may_be_one() {
        for (a, b) in [
            ("Acme Ltd", "Acme Limited"),
            ("Acme Ltd.", "ACME, Ltd"),
            ("Núñez Hermanos, S.L.", "Nunez Hermanos Sociedad Limitada"),
            ("Núñez Hermanos S. L.", "SL Hermanos Nuñez"),
            ("Wimmer GmbH & Co. KG", "Wimmer GmbH und Co KG"),
            ("Wimmer Ges.m.b.H.", "Wimmer GmbH"),
            ("Bolt A/S", "Bolt AS"),
            ("Pesca Sp. z o.o.", "PESCA Sp. z o. o."),
            ("Pesca Sp. z o.o.", "Pesca spółka z ograniczoną odpowiedzialnością"),
            ("ООО «Ромашка»", "Ромашка, Общество с ограниченной ответственностью"),
            ("ООО Ёлка", "Елка"),
            ("株式会社アクメ", "アクメ(株)"),
            ("株式会社 アクメ", "アクメ株式会社"),
            ("شركة النور", "النور ش.م.م."),
            ("שקד בע״מ", "שקד"),
            ("Müller AG", "Mueller AG"),
            ("Petrel Energy", "Petrel Enregy"),
            ("Nord-Fisch GmbH", "Nordfisch GmbH"),
            ("Peixes Lda.", "Peixes, Unipessoal Lda"),
            ("Deniz Su Ürünleri Ltd. Şti.", "Deniz Su Urunleri Limited Şirketi"),
            ("Αφοί Σαρρή Α.Ε.", "Αφοι Σαρρη ΑΕ"),
        ] {
            assert!(alike(a, b), "{a} and {b}: {:?} {:?}", Bare::of(a, true), Bare::of(b, true));
        }
    }

    #[test]
    fn names_that_are_two() {
        for (a, b) in [
            ("Acme Ltd", "Acme Ltd 2"),
            ("Mill 1", "Mill 7"),
            ("Ward A", "Ward B"),
            ("Bar", "Car"),
            ("Sector IV", "Sector VI"),
            ("Mill Ltd", "Bill Ltd"),
            ("东方贸易有限公司", "东风贸易有限公司"),
            ("A & B Ltd", "A & C Ltd"),
            ("AB", "SA"),
        ] {
            assert!(!alike(a, b), "{a} and {b}: {:?} {:?}", Bare::of(a, true), Bare::of(b, true));
        }
    }

    #[test]
    fn groups_are_those_that_hang_together_and_are_not_apart() {
        let names = ["Acme Ltd", "Beta", "Acme Limited", "Acmé", "Gamma Fisheries", "Gamma Fisherise"];
        let bare: Vec<Bare> = names.iter().map(|name| Bare::of(name, true)).collect();
        assert_eq!(groups(&bare, &|_, _| false), [vec![0, 2, 3], vec![4, 5]]);
        assert_eq!(groups(&bare, &|one, other| (one, other) == (4, 5)), [vec![0, 2, 3]]);
        assert_eq!(groups(&bare, &|one, _| one == 0), [vec![2, 3], vec![4, 5]]);
    }
}
