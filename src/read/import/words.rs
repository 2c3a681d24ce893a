//! A text of leave cut into pieces, and the words in it that need no dictionary of months.

use super::super::dates::plain::ascii;

/// Words that may stand between the first and the last day.
pub(super) const TO: &str = "to until till til through thru a al ao à au bis zum tot hasta até fino по до έως μέχρι ως 至 到 から إلى الى حتى do ile ila تا მდე";

/// Words that say that what follows is a first day.
pub(super) const FROM: &str = "del von vom du dal از";

/// Words that say that the one day given is the first of many.
pub(super) const OPEN: &str = "from fra från since starting beginning onwards desde ab seit dès depuis partir dal с з од από من 自 从 \
    od vanaf itibaren";

/// Words that say that the one day given is the last of many.
pub(super) const UNTIL: &str = "until till til hasta até bis до έως μέχρι حتى tot through";

/// Words that mean nothing here.
pub(super) const IDLE: &str = "de do da the of le la el den der dem am on both and year day days th st nd rd er \
    inclusive incl included inclus ambos einschl einschließlich inklusive включительно год года годы году г р року \
    año ano días dia día lunes martes miércoles jueves viernes sábado domingo mon tue wed thu fri sat sun \
    წლის წელი დან του τον τις στις yılı tarihleri tarihinden arasında och năm ngày عام سنة まで 까지 부터 號";

/// Words for half of a day, and for the parts that a day has.
pub(super) const HALF: &str = "half medio media meio halber halbtags halb demi mezza пол полдня ½ μισή 半 vormittag vormittags nachmittag \
    nachmittags morning afternoon pm matin après midi mañana tarde manhã mattina pomeriggio ochtend middag утром утро вечером rano \
    popołudnie πρωί απόγευμα sabah öğleden sonra 上午 下午 午前 午後 오전 오후 صباحا مساء";

/// Words for leave itself. They mean nothing beside its days.
pub(super) const LEAVE: &str = "leave annual holiday holidays vacation vacations sick sickness illness maternity paternity parental unpaid \
    paid absence absent away off pto vacaciones vacación permiso licencia baja maternidad paternidad enfermedad ausencia ausente \
    férias licença ausência doença maternidade paternidade urlaub jahresurlaub erholungsurlaub sonderurlaub elternzeit \
    mutterschutz krank krankheit abwesend abwesenheit congé congés vacances maladie maternité paternité absence absente rtt ferie \
    malattia maternità paternità permesso congedo assenza assente verlof vakantie ziek ziekte zwangerschapsverlof afwezig отпуск \
    отпуска больничный болезнь декрет декретный командировка отсутствие відпустка лікарняний urlop zwolnienie chorobowe \
    macierzyński nieobecność άδεια διακοπές ασθένεια αναρρωτική μητρότητας απουσία izin izinli yıllık rapor hastalık doğum tatil \
    إجازة اجازة سنوية مرضية أمومة غياب 年假 休假 病假 産休 産假 有給 有休 休暇 年休 病休 휴가 연차 병가 შვებულება отпуск dovolená \
    nemoc szabadság concediu semester loma ferie sykdom допуск одпуст";

/// Words that turn what is said round. They are never passed over.
pub(super) const TURNS: &str = "not no except excluding without cancelled canceled refused denied rejected withdrawn unless instead nicht kein \
    keine außer ausser ohne storniert abgelehnt abgesagt gestrichen sin salvo excepto menos anulado anulada cancelado cancelada \
    rechazado rechazada denegado denegada sem exceto recusado rejeitado sauf excepté hors annulé annulée refusé refusée senza \
    eccetto tranne annullato rifiutato zonder behalve geannuleerd geweigerd не кроме исключая отменён отменен отменено отказ \
    отказано крім скасовано oprócz bez nie odwołany odmowa εκτός χωρίς ακυρώθηκε hariç değil iptal reddedildi باستثناء ماعدا عدا \
    ملغى ملغاة مرفوض 取消 除外 拒绝 不 취소 제외 거절";

/// Words that count weeks or quarters of a year.
pub(super) const WEEKS: &str = "kw week weeks woche wochen semana semanas semaine settimana неделя недели нед tydzień hafta εβδομάδα q quarter quartal trimestre wk sem";

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
