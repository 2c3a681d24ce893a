//! A text of leave cut into pieces, and the words in it that need no dictionary of months.

/// Words that may stand between the first and the last day.
pub(super) const TO: &str = "to until till through thru a al ao à au bis zum tot hasta até fino по до έως μέχρι ως 至 到 から إلى الى حتى do ile ila მდე";

/// Words that say that what follows is a first day.
pub(super) const FROM: &str = "del von vom du dal";

/// Words that say that the one day given is the first of many.
pub(super) const OPEN: &str = "from since starting beginning onwards desde ab seit dès depuis partir dal с з од από من 自 从 \
    od vanaf itibaren";

/// Words that say that the one day given is the last of many.
pub(super) const UNTIL: &str = "until till hasta até bis до έως μέχρι حتى tot through";

/// Words that mean nothing here.
pub(super) const IDLE: &str = "de do da the of le la el den der dem am on both and year day days th st nd rd er \
    inclusive incl included inclus ambos einschl einschließlich inklusive включительно год года годы году г р року \
    año ano días dia día lunes martes miércoles jueves viernes sábado domingo mon tue wed thu fri sat sun \
    წლის წელი დან του τον τις στις yılı tarihleri tarihinden arasında och năm ngày عام سنة まで 까지 부터 號";

/// Words for half of a day.
pub(super) const HALF: &str = "half medio media meio halber halbtags halb demi mezza пол полдня ½ μισή 半";

/// Runs of digits (each as ASCII), runs of letters, and every other character for itself.
pub(super) fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<(u8, String)> = Vec::new();
    for letter in text.chars() {
        let digit = ascii(letter);
        let letter = digit.unwrap_or(letter);
        let ideograph = matches!(letter, '年' | '月' | '日' | '号' | '至' | '到' | '半' | '년' | '월' | '일');
        let kind = match letter {
            _ if digit.is_some() => 1,
            _ if ideograph => 3,
            'º' | 'ª' => 4,
            // Marks of vowels and accents belong to their letters.
            _ if letter.is_alphabetic() || unicode_normalization::char::is_combining_mark(letter) => 2,
            _ if letter.is_whitespace() => 0,
            _ => 4,
        };
        match pieces.last_mut() {
            Some((last, piece)) if *last == kind && matches!(kind, 1 | 2) => piece.push(letter),
            _ => pieces.push((kind, letter.to_string())),
        }
    }
    pieces.into_iter().filter(|(kind, _)| *kind > 0).map(|(_, piece)| piece).collect()
}

/// A digit of any script that offices write dates in.
fn ascii(letter: char) -> Option<char> {
    let zero = match letter {
        '0'..='9' => '0',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        '०'..='९' => '०',
        '০'..='৯' => '০',
        '๐'..='๙' => '๐',
        '０'..='９' => '０',
        _ => return None,
    };
    char::from_digit(u32::from(letter) - u32::from(zero), 10)
}
