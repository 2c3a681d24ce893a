//! Which of an export's headers may be which of our columns. A likeness is a proposal to a person, never a choice.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::super::ids::fold;

/// Titles of a row that are looked at, and letters of a title: no header has more.
const TITLES: usize = 200;
const LETTERS: usize = 80;

/// From here on a likeness is worth proposing; a full hundred is the same word.
pub(super) const LIKELY: usize = 75;

/// What offices call our columns; several are separated by `; `.
const WORDS: &[(&str, &str)] = &[
    (
        "id",
        "matrícula; nº matrícula; nº interno; número interno; id interno; número; código; nº; personalnummer; kennung; matricule; identifiant; таб. номер; табельный номер; номер; αριθμός μητρώου; κωδικός; პირადი ნომერი; numéro; expediente; registro; nº registro; staff no; employee id; ref; sicil no; 工号",
    ),
    (
        "name",
        "nombre; apellidos, nombre; apellidos y nombre; nome; nom; nom et prénom; name, vorname; razón social; denominación; nombre comercial; фио; ф.и.о.; наименование; ονοματεπώνυμο; სახელი; სახელი, გვარი; ad soyad; 姓名; الاسم",
    ),
    (
        "agency",
        "agencia; agência; organismo; administración; administration; autorité; behörde; autoridade; ведомство; орган; υπηρεσία; kurum; 部门; 机关",
    ),
    ("agencies", "agencias; organismos; administraciones; behörden; autorités; ведомства; органы; 部门; 机关"),
    ("unit", "unidad; unidade; unité; service; abteilung; dienststelle; подразделение; отдел; μονάδα; birim"),
    ("home_district", "distrito de residencia; residencia; domicilio; wohnbezirk; résidence"),
    ("territory", "territorio; ámbito; zona; zuständigkeit; secteur géographique"),
    ("lead", "jefe; jefa de equipo; jefe de equipo; responsable; leitung; teamleitung; chef d'équipe; старший"),
    ("grade", "categoría; categoria; grado; nivel; dienstgrad; rang; должность; βαθμός"),
    ("gender", "sexo; género; sexe; geschlecht; пол; φύλο; სქესი; cinsiyet; sex"),
    ("skills", "especialidad; especialidades; habilidades; kenntnisse; compétences; квалификация; formación"),
    ("languages", "idiomas; idioma; línguas; sprachen; langues; языки; γλώσσες"),
    ("authority_from", "habilitado desde; habilitación desde; befugt ab"),
    ("authority_to", "habilitado hasta; habilitación hasta; befugt bis"),
    (
        "left_on",
        "fecha de baja; fecha baja; baja; fecha de cese; data de saída; data de demissão; date de départ; date de sortie; austritt; austrittsdatum; \
         termination date; date of termination; terminated on; leaving date; end of employment; last working day; дата увольнения; \
         дата звільнення; data rozwiązania umowy; data zwolnienia; ημερομηνία αποχώρησης; işten çıkış tarihi; تاريخ انتهاء الخدمة; 離職日; 退職日; 离职日期",
    ),
    (
        "status",
        "deleted; outcome; workflow; workflow status; action; transaction; withdrawn on; cancelled on; anulado el; annulé le; storniert am; erledigt; validé; validée; \
         autorizado; autorizada; tila; tilanne; állapot; stare; stav; stanje; 状態; 承認状況; trạng thái; cancelled; canceled; cancelado; cancelada; anulado; anulada; annulé; annulée; storniert; annullato; odwołany; отменено; отменён; скасовано; ακυρώθηκε; iptal; ملغى; 取消; 已取消; \
         withdrawn; retirado; retirada; retiré; zurückgezogen; revoked; rejected; rechazado; denied; refused; valid; vigente; vigencia; gültig; valide; active; activo; activa; aktiv; actif; current; confirmed; \
         aprobado; aprobada; aprovado; aprovada; approuvé; approuvée; freigegeben; approvato; zatwierdzony; утверждено; одобрено; затверджено; onay; 承认; 承認; 批准; estado; estatus; situación; situação; état; statut; decisión; resolución; decision; approval; approval status; approved; genehmigung; genehmigt; \
         stand; stato; stan; статус; состояние; стан; решение; κατάσταση; სტატუსი; durum; الحالة; 状态; 狀態; 状況; 상태",
    ),
    ("visits_per_day", "visitas por día; visitas/día"),
    ("visits_per_week", "visitas por semana; visitas/semana"),
    ("supervisor", "superior; jefe directo; vorgesetzte; supérieur; начальник"),
    (
        "person",
        "persona; dni; nie; dni/nie; nif; cpf; nino; national id; national insurance number; id card; personal id; personen-id; persönliche id; personenkennung; ausweisnummer; numéro national; nir; codice fiscale; bsn; pesel; cnp; personnummer; henkilötunnus; rodné číslo; снилс; инн; рнокпп; паспорт; ადამიანი; პირადობის ნომერი; t.c. kimlik no; tckn; αμκα; αφμ; αριθμός ταυτότητας; رقم الهوية; الرقم القومي; מספר זהות; 身份证号; 個人番号; 주민등록번호; cccd",
    ),
    ("posting_from", "desde; destino desde; puesto desde; inicio; fecha inicio; seit; valid from; início"),
    ("posting_to", "hasta; destino hasta; puesto hasta; fin; fecha fin; valid to; fim"),
    ("owner", "propietario; titular; empresa; grupo; proprietário; propriétaire; inhaber; владелец; ιδιοκτήτης"),
    ("district", "distrito; barrio; bezirk; municipio; concelho; arrondissement; район; περιοχή; რაიონი"),
    ("sector", "actividad; ramo; setor; secteur; branche; отрасль; κλάδος; cnae"),
    ("risk", "riesgo; risco; risque; risiko; риск; clase de riesgo"),
    ("address", "dirección; domicilio; morada; adresse; anschrift; адрес; διεύθυνση; მისამართი"),
    ("lat", "latitude; latitud; breite; breitengrad; широта; geo lat; coord y; γεωγραφικό πλάτος; enlem; 纬度"),
    (
        "lon",
        "longitude; longitud; long; lng; länge; längengrad; долгота; geo lon; coord x; γεωγραφικό μήκος; boylam; 经度",
    ),
    ("tags", "etiquetas; marcas; étiquettes"),
    (
        "establishment",
        "establecimiento; estabelecimento; établissement; betrieb; nº registro; заведение; centro; lugar",
    ),
    ("earliest", "desde; no antes de; frühestens; au plus tôt; from"),
    ("latest", "hasta; no después de; spätestens; au plus tard; until; to; plazo"),
    ("kind", "tipo; clase; art; type; motivo; вид"),
    ("team_size", "tamaño del equipo; personas"),
    ("min_women", "mujeres mínimo"),
    ("slot", "turno; franja; schicht"),
    ("duration", "duración; dauer; durée"),
    ("operation", "operativo; operación; einsatz"),
    (
        "inspector",
        "inspectora; empleado; empleada; persona; mitarbeiter; mitarbeiterin; agent; сотрудник; υπάλληλος; matrícula; nombre; name; apellidos, nombre",
    ),
    (
        "inspectors",
        "inspector; official; officer; member; equipo; actuante; actuantes; inspectores; miembro; agente; team; inspecteur; inspecteurs; prüfer; kontrolleur; инспектор; інспектор",
    ),
    ("target_kind", "tipo; clase; art; type; tipo de vínculo con; sobre"),
    ("target", "objeto; entidad; a quién; betrifft; concerne; con; con quién; кого; о чем"),
    ("category", "vínculo; relación; causa; motivo; grund; verhältnis; lien; связь; parentesco"),
    ("from", "desde; de; von; du; с; από; inicio; vom; ab; seit"),
    ("to", "hasta; a; bis; au; по; έως; fin; hasta el"),
    ("declared_on", "declarado; declarado el; fecha de declaración; fecha declaración; erklärt am"),
    (
        "leave",
        "periodo; período; ausencia; permiso; licencia; vacaciones; zeitraum; urlaub; période; отпуск; άδεια; შვებულება; period; dates",
    ),
    (
        "days",
        "días; nº de días; número de días; days taken; number of days; no of days; duration days; tage; anzahl tage; jours; nb jours; nombre de jours; giorni; dias; nº de dias; dagen; dni; liczba dni; дней; дни; кол во дней; количество дней; ημέρες; gün; gün sayısı; 天数; 日数; 일수; عدد الأيام; quantity",
    ),
    (
        "new_end",
        "extended to; extended until; actual end; actual end date; new end; new end date; revised end; end revised; end (revised); return to work; returned on; \
         return date; prolongado hasta; nuevo fin; fin real; verlängert bis; neues ende; tatsächliches ende; prolongé jusqu'au; nouvelle fin; fin réelle; prorogado até; novo fim; prorogato al; \
         przedłużone do; продлено до; продовжено до; παράταση έως; uzatıldı",
    ),
    ("reason", "motivo; causa; grund; motif; причина; tipo; concepto"),
    ("date", "fecha; data; datum; дата; ημερομηνία; თარიღი; fecha de visita"),
    ("visit", "visita; acta; expediente; besuch; visite"),
];

/// How like `title` is to what our column may be called, from 0 to 100.
pub(super) fn likeness(ours: &str, title: &str) -> usize {
    if title.chars().nth(LETTERS).is_some() {
        return 0;
    }
    let words = PLAIN.get(ours).map_or(&[][..], Vec::as_slice);
    let own = plain(ours);
    let parts = std::iter::once(title).chain(title.split(" / ")).map(plain);
    let one = |title: String| words.iter().chain([&own]).map(|word| alike(word, &title)).max();
    parts.filter_map(one).max().unwrap_or_default()
}

/// [`WORDS`], each made plain once: a header is held against all of them, and a file has many.
static PLAIN: LazyLock<BTreeMap<&str, Vec<String>>> =
    LazyLock::new(|| WORDS.iter().map(|(name, words)| (*name, words.split("; ").map(plain).collect())).collect());

fn alike(word: &str, title: &str) -> usize {
    let longest = word.chars().count().max(title.chars().count());
    if longest == 0 {
        return 0;
    }
    let far = strsim::damerau_levenshtein(word, title);
    let near = 100 * longest.saturating_sub(far) / longest;
    // A word within a title that says little more.
    let length = word.chars().count();
    let has_it = length >= 4 && longest <= 3 * length && title.contains(word);
    if has_it { near.max(80) } else { near }
}

/// Letters and digits alone, in words.
fn plain(text: &str) -> String {
    let letters = fold(text).replace(|letter: char| !letter.is_alphanumeric(), " ");
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Of `ours`, those that the header may be, the likeliest first.
pub(super) fn likely(title: &str, ours: &[&'static str]) -> Vec<(usize, &'static str)> {
    let rated = ours.iter().map(|name| (likeness(name, title), *name));
    let mut likely: Vec<_> = rated.filter(|(rate, _)| *rate >= LIKELY).collect();
    likely.sort_by_key(|(rate, _)| std::cmp::Reverse(*rate));
    likely
}

/// Pairs of our column and a header that are each other's likeliest, with no second as likely.
pub(super) fn sure(titles: &[String], ours: &[&'static str]) -> Vec<(&'static str, String)> {
    let mut rated: Vec<(usize, &'static str, String)> = Vec::new();
    for title in titles.iter().take(TITLES) {
        rated.extend(likely(title, ours).into_iter().map(|(rate, name)| (rate, name, title.clone())));
    }
    let mut sure = Vec::new();
    while let Some((name, title)) = surest(&rated) {
        rated.retain(|(_, other, theirs)| *other != name && *theirs != title);
        sure.push((name, title));
    }
    sure
}

/// The likeliest pair that has no rival.
fn surest(rated: &[(usize, &'static str, String)]) -> Option<(&'static str, String)> {
    let alone = |(rate, name, title): &&(usize, &'static str, String)| {
        let rivals = rated.iter().filter(|other| (other.1 == *name) != (other.2 == *title));
        rivals.map(|other| other.0).all(|other| other < *rate)
    };
    let best = rated.iter().filter(alone).max_by_key(|(rate, ..)| *rate)?;
    Some((best.1, best.2.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_many_offices_are_known_again() {
        let titles = ["Matrícula", "Apellidos, Nombre", "Unidad", "Observaciones"].map(str::to_owned);
        let mut found = sure(&titles, &["id", "name", "unit", "grade"]);
        found.sort();
        let found: Vec<(&str, &str)> = found.iter().map(|(ours, theirs)| (*ours, theirs.as_str())).collect();
        assert_eq!(found, [("id", "Matrícula"), ("name", "Apellidos, Nombre"), ("unit", "Unidad")]);
    }

    #[test]
    fn two_that_are_alike_are_no_sure_thing() {
        let titles = ["Número", "Código"].map(str::to_owned);
        assert!(sure(&titles, &["id"]).is_empty());
    }
}
