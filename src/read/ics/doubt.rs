//! What no calendar can say and somebody must: whether days count on which somebody is free, that are called off by their title
//! alone, or that everybody declined; and whether an end is part of an event.

use super::Wanted;
use super::event::Event;
use crate::read::ids::fold;
use crate::read::problem::{Log, Problem, counted, grouped};

/// Words with which programs begin the title of an event that is no more (Outlook writes so), or that somebody refused.
const CALLED_OFF: &str = "cancelled canceled cancellation declined rejected refused withdrawn abgesagt absage storniert stornierung abgelehnt \
    entfällt annulé annulée annulation refusé refusée cancelado cancelada cancelación anulado anulada rechazado rechazada denegado denegada \
    cancelamento recusado recusada annullato annullata cancellato cancellata rifiutato rifiutata geannuleerd afgelast afgezegd geweigerd \
    cancel·lat cancel·lada anulat anulată anulare refuzat odwołane odwołany odwołano anulowano anulowane odrzucono zrušeno zrušené zrušený \
    odmítnuto odmietnuté otkazano odbijeno preklicano zavrnjeno отменено отменён отменен отменена отмена отклонено отказ відхилено скасовано \
    отхвърлено откажано ακυρώθηκε ακύρωση απορρίφθηκε iptal reddedildi ləğv გაუქმებულია გაუქმებული უარყოფილია չեղարկված \
    törölve elutasítva lemondva peruttu peruutettu hylätty inställt inställd avböjt avlyst avslått aflyst afvist tühistatud atcelts \
    atšaukta ملغى ملغاة ملغي ألغي مرفوض בוטל נדחה لغو hủy dibatalkan batal ditolak ยกเลิก 取消 已取消 キャンセル 中止 취소 취소됨 거절";

/// Something of an event that leaves open whether it is leave.
struct Doubt {
    /// The key of the policy, and what it says there.
    key: &'static str,
    said: Option<bool>,
    is: fn(&Event) -> bool,
    /// What is so of one event, and of several.
    why: [&'static str; 2],
    /// What they are, where the policy has said whether they count.
    told: &'static str,
}

fn doubts(wanted: &Wanted<'_>) -> [Doubt; 3] {
    [
        Doubt {
            key: "free",
            said: wanted.free,
            is: |event| event.free,
            why: [
                "event says that the person is free or works elsewhere meanwhile (TRANSP, BUSYSTATUS)",
                "events say that the person is free or works elsewhere meanwhile (TRANSP, BUSYSTATUS)",
            ],
            told: "free or working elsewhere",
        },
        Doubt {
            key: "cancelled",
            said: wanted.cancelled,
            is: is_called_off,
            why: [
                "event has a title that begins with a word for what is cancelled or refused, and no status that says so",
                "events have a title that begins with a word for what is cancelled or refused, and no status that says so",
            ],
            told: "cancelled or refused by their titles",
        },
        Doubt {
            key: "declined",
            said: wanted.declined,
            is: is_declined,
            why: [
                "event was declined by everybody who was asked to attend (PARTSTAT=DECLINED)",
                "events were declined by everybody who was asked to attend (PARTSTAT=DECLINED)",
            ],
            told: "declined by everybody",
        },
    ]
}

fn is_called_off(event: &Event) -> bool {
    let title = fold(event.about.summary.trim_start_matches(|letter: char| !letter.is_alphanumeric()));
    CALLED_OFF
        .split_whitespace()
        .any(|word| title.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric())))
}

fn is_declined(event: &Event) -> bool {
    !event.about.attendees.is_empty() && event.about.attendees.iter().all(|person| person.declined)
}

/// The events that count, once all that is open was answered.
pub(super) fn asked(file: &str, events: Vec<Event>, wanted: &Wanted<'_>, log: &mut Log) -> Option<Vec<Event>> {
    if !wanted.asks {
        return Some(events);
    }
    let before = log.errors();
    ask_for_the_end(file, &events, wanted, log);
    let doubts = doubts(wanted);
    doubts.iter().for_each(|doubt| doubt.ask(file, &events, wanted, log));
    if log.errors() > before {
        return None;
    }
    some_declined(file, &events, log);
    let drops = |event: &Event| doubts.iter().any(|doubt| doubt.said == Some(false) && (doubt.is)(event));
    // A time that is replaced by one that does not count is gone all the same.
    let kept = |event: &Event| event.cancelled || event.replaces.is_some() || !drops(event);
    let gone = |event: Event| Event { cancelled: event.cancelled || drops(&event), ..event };
    Some(events.into_iter().filter(kept).map(gone).collect())
}

impl Doubt {
    /// Asks whether such events are leave; where that was answered, says how many there are.
    fn ask(&self, file: &str, events: &[Event], wanted: &Wanted<'_>, log: &mut Log) {
        let mut live = events.iter().filter(|event| !event.cancelled && (self.is)(event));
        let Some(first) = live.next() else { return };
        let count = 1 + live.count() as u64;
        let Some(counts) = self.said else {
            let why = format!("{}, and nobody said whether that is leave", counted(count, self.why[0], self.why[1]));
            let options: [(&str, &[(&str, &str)]); 2] =
                [("it is leave", &[(self.key, "counts")]), ("it is no leave", &[(self.key, "drops")])];
            return log.ask(wanted.says, Problem::error(file, why, "").row(first.row), &options);
        };
        let what = match (counts, count) {
            (true, 1) => "counts",
            (true, _) => "count",
            (false, 1) => "is left out",
            (false, _) => "are left out",
        };
        log.note(
            file,
            format!("{}: {}, which {what}, as the policy says", self.told, counted(count, "event", "events")),
        );
    }
}

fn ask_for_the_end(file: &str, events: &[Event], wanted: &Wanted<'_>, log: &mut Log) {
    let first = events.iter().find(|event| !event.cancelled && event.ends_where_it_begins);
    let (None, Some(first)) = (wanted.end_included, first) else { return };
    let why = "a whole-day event ends (DTEND) on the day on which it begins; the standard has the end lie a day after the last day, and this program may count otherwise";
    let options: [(&str, &[(&str, &str)]); 2] = [
        ("the last day is part of every event", &[("calendar_end", "included")]),
        ("the end is the day after, and such an event has one day", &[("calendar_end", "excluded")]),
    ];
    log.ask(wanted.says, Problem::error(file, why, "").row(first.row), &options);
}

/// Whoever declined beside others who did not is away all the same, which is told.
fn some_declined(file: &str, events: &[Event], log: &mut Log) {
    let some = |event: &&Event| {
        !event.cancelled && !is_declined(event) && event.about.attendees.iter().any(|person| person.declined)
    };
    let mut live = events.iter().filter(some);
    let Some(first) = live.next() else { return };
    let count = grouped(1 + live.count() as u64);
    let row = first.row;
    log.note(
        file,
        format!("events that some of those who attend declined: {count}; they count for these people too (first in line {row})"),
    );
}
