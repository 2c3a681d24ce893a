//! Whether a person's sheet declares nothing. Anything on it beyond whose it is and a known phrase for "nothing to declare" may be a
//! conflict of interest in words, so the import stops there until somebody says that it means nothing.

use std::collections::BTreeSet;

use super::super::ids::fold;
use super::super::problem::{Level, Log, Problem, shown};
use super::grid::{Line, Sheet};
use super::kind::Wishes;
use super::lay::tell;
use super::likeness::{LIKELY, likeness};
use super::names::Known;

/// Phrases for "nothing to declare".
const PHRASES: &str = "nothing to declare; no interests to declare; no conflicts to declare; no conflict of interest; \
    no conflicts of interest; none to declare; none; nothing; nil; no; n/a; no interests; no conflicts; \
    nada que declarar; sin conflictos; sin conflicto de intereses; sin intereses; no tengo nada que declarar; ninguno; ninguna; nada; \
    nada a declarar; sem conflitos; sem conflito de interesses; nenhum; rien à déclarer; rien a declarer; aucun; aucun conflit; \
    néant; neant; sans objet; aucun conflit d'intérêts; nichts zu erklären; nichts anzugeben; keine; keine interessenkonflikte; \
    keine angaben; entfällt; fehlanzeige; niente da dichiarare; nessuno; nessun conflitto; niets te melden; niets te verklaren; geen; \
    brak; nie dotyczy; nic do zgłoszenia; brak konfliktu interesów; нет; отсутствует; нечего декларировать; конфликтов нет; \
    конфликта интересов нет; не имею; немає; відсутній; конфлікту інтересів немає; δεν υπάρχει; κανένα; ουδέν; τίποτα προς δήλωση; \
    არაფერი; არ მაქვს; yok; beyan edilecek bir husus yok; bulunmamaktadır; لا يوجد; لا شيء; 无; 無; 没有; 沒有; なし; 該当なし; 없음; 해당 없음; \
    intet at oplyse; ingen; inget att deklarera; ei ilmoitettavaa; nimic de declarat; nu este cazul; nincs; nem áll fenn; \
    ei ole; nema; nic; žádný; není; nema sukoba interesa; tidak ada; không có; ไม่มี; -; --; –; —; /; 0; ø; ∅";

/// What offices write over such a sheet.
const TITLES: &str = "declaration; declaración; declaração; déclaration; erklärung; dichiarazione; декларация; декларація; declaration of interests; declaration of interest; declaration of conflicts of interest; conflict of interest; \
    conflicts of interest; interests; declaración de intereses; declaración de conflictos de interés; conflicto de intereses; \
    declaração de interesses; declaração de conflito de interesses; déclaration d'intérêts; déclaration des intérêts; \
    erklärung zu interessenkonflikten; interessenerklärung; dichiarazione di interessi; belangenverklaring; oświadczenie o konflikcie interesów; \
    декларация интересов; декларация о конфликте интересов; декларація інтересів; δήλωση συμφερόντων; ინტერესთა დეკლარაცია; \
    çıkar beyanı; إقرار المصالح; 利益申报; 利益相反の申告; 이해관계 신고";

/// What may be said of whose sheet it is, beside their id and their name.
const LABELS: [&str; 4] = ["inspector", "id", "name", "unit"];

/// What separates the parts of a cell that names somebody.
const APART: [char; 7] = ['/', '(', ')', '|', '–', '—', ';'];

/// What is known of the text on sheets of persons.
pub(super) struct Silence<'a> {
    pub(super) wishes: &'a Wishes,
    pub(super) people: &'a Known,
    /// Folded texts that stand on more than one sheet of the file: its form, not what somebody wrote.
    form: BTreeSet<String>,
}

impl<'a> Silence<'a> {
    /// What is known of the sheets of one file.
    pub(super) fn of(sheets: &[Sheet], wishes: &'a Wishes, people: &'a Known) -> Self {
        let (mut seen, mut form) = (BTreeSet::new(), BTreeSet::new());
        for sheet in sheets {
            let texts: BTreeSet<String> =
                sheet.lines.iter().flat_map(Line::filled).map(|(_, text)| fold(text)).collect();
            form.extend(texts.iter().filter(|text| seen.contains(*text)).cloned());
            seen.extend(texts);
        }
        Self { wishes, people, form }
    }

    /// Whether these lines say nothing but whose sheet it is and that there is nothing; what else they say is an error each.
    pub(super) fn holds(&self, file: &str, lines: &[Line], person: &str, above: bool, log: &mut Log) -> bool {
        let mut silent = true;
        for line in lines {
            let texts: Vec<&str> = line.filled().map(|(_, text)| text).collect();
            // What is stated speaks for the cell beside it too, and for no more: a third cell may be an interest.
            let label = texts.len() <= 2 && texts.first().is_some_and(|text| self.is_stated(text));
            if label || texts.iter().all(|text| self.means_nothing(text, person, above)) {
                continue;
            }
            silent = false;
            let said = texts.join(" | ");
            let why = format!("the sheet of {person} says more than whose it is, and this may be an interest");
            let advice = format!(
                "Write it as a row of the table, under its headers; if a row that begins so means nothing, say so: --map conflicts.nothing=\"{}\"",
                shown(texts[0].split(':').next().unwrap_or(&said).trim())
            );
            let problem = Problem::error(file, why, advice).row(line.row).value(&said);
            tell(log, Level::Error, "words on sheets of persons that may be interests", problem);
        }
        silent
    }

    /// Whether the policy says that a cell, or what begins with it and a colon, means nothing.
    fn is_stated(&self, text: &str) -> bool {
        let label = fold(text.split(':').next().unwrap_or(text));
        self.wishes.nothing.iter().map(|word| fold(word)).any(|word| word == fold(text) || word == label)
    }

    fn means_nothing(&self, text: &str, person: &str, above: bool) -> bool {
        let plain = plain(text);
        let is = |list: &str| list.split(';').any(|phrase| fold(phrase) == plain);
        // A form has the same words on every sheet. Below its header, what two people wrote alike is still an interest.
        is(PHRASES) || is(TITLES) || (above && self.form.contains(&fold(text))) || self.names(text, person)
    }

    /// Whether a cell names the person, with nothing beside but words such as "inspector".
    fn names(&self, text: &str, person: &str) -> bool {
        let is_person = |text: &str| self.people.find_quietly(text).as_deref() == Some(person);
        let is_label = |text: &str| LABELS.iter().any(|ours| likeness(ours, text) >= LIKELY);
        let rest = match text.split_once(':') {
            Some((label, rest)) if is_label(label.trim()) => rest.trim(),
            _ => text,
        };
        let mut parts = rest.split(APART).map(str::trim).filter(|part| !part.is_empty());
        is_person(rest) || parts.all(|part| is_person(part) || is_label(part))
    }
}

/// Folded, without a mark at the end.
fn plain(text: &str) -> String {
    let folded = fold(text);
    let bare = folded.trim_end_matches(['.', '!', ':']).trim();
    if bare.is_empty() { folded } else { bare.to_owned() }
}
