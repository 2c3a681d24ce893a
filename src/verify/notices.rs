//! What a reader must know though nothing is wrong: it can be lawful, and no file can show whether it was. A notice breaks no claim.
//! Names never change; both readers say the same words (DRAW.md, section 18).

use serde::Serialize;

use crate::model::FEW_TICKETS;

/// Something that is no finding, and that nobody may overlook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// The line of the ledger, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// One of [`NOTICES`].
    pub name: &'static str,
    /// The facts.
    pub says: String,
    /// The same without anything that names a person, a place or a visit, where the facts do.
    #[serde(skip)]
    pub counts: Option<String>,
}

/// A notice that there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meant {
    /// Its name.
    pub name: &'static str,
    /// What it means, and what to ask.
    pub means: &'static str,
}

/// Every notice, in the order in which they are shown.
pub const NOTICES: &[Meant] = &[
    meant(
        "few-tickets",
        "A draw from few tickets can be steered before anything is fixed: inputs are changed in private until the wanted team would come.",
    ),
    meant(
        "keys-unproved",
        "Whoever makes up a ledger makes up its keys too. Get each party's file from the party, and give it to the verifier.",
    ),
    meant(
        "not-cosigned",
        "Whoever signs these lines can still put others in their place. Have an auditor cosign them, and keep a copy of the checkpoint.",
    ),
    meant("rules-off", "What a rule would have kept apart could be drawn. Ask who turned it off, and why."),
    meant(
        "dice",
        "A throw leaves nothing to check: whoever signs can write down what they like. Let an auditor throw, or sign.",
    ),
    meant(
        "drawn-unseen",
        "Nobody but the planner can say when it was drawn. Ask those who went when they got their orders.",
    ),
    meant("day-begun", "It was decided while the day was already on. Ask when those who went got their orders."),
    meant("slow-clock", "Some seconds are a clock that is slow. Ask the auditor to set it."),
    meant(
        "left-open",
        "What would be drawn may be known to the planner and does not please. Have it drawn, or made void, and ask why.",
    ),
    meant(
        "no-working-day",
        "Nothing can be drawn for such a day: a commitment and its secrets were used up for nothing. Ask why.",
    ),
    meant(
        "conflict-withdrawn",
        "Two have signed that somebody may go where a conflict kept them away. Read the evidence, and look where they are sent next.",
    ),
    meant(
        "cancelled-like",
        "A visit that was cancelled, or taken off by hand, may be drawn once more as another one until the team pleases. Ask who asked for the new one, and when.",
    ),
    meant(
        "never-executed",
        "Nobody has said who went on these visits, so no rule knows of it: whoever went may be sent there again. Ask for the day to be told of.",
    ),
    meant(
        "vanished",
        "People leave and complaints are taken back, and facts are also taken away so that somebody can be sent. Ask for each of these why it is gone.",
    ),
    meant("history-added", "An invented row of history keeps somebody from a place. Ask where these come from."),
    meant(
        "policy-changed",
        "A rule that is off, or looser, lets teams be drawn that were not lawful before. Ask who decided it, and why.",
    ),
    meant(
        "head-by-id",
        "Earlier draws of this ledger drew who heads a team, and this one leaves it to the ids. Whoever made the record could choose between the two.",
    ),
    meant(
        "levels-left-out",
        "Earlier draws of this ledger fixed who steps in for one visit, or which team goes instead, where nobody can take over a whole day; this one did not, and such a visit is lost if somebody is ill. Whoever made the record could choose.",
    ),
    meant(
        "leaver-chosen",
        "Of two who may not serve together one had to leave, and whoever wrote the amendment chose who. Amendments of today let the draw say it.",
    ),
];

const fn meant(name: &'static str, means: &'static str) -> Meant {
    Meant { name, means }
}

impl Notice {
    pub(super) fn new(name: &'static str, line: Option<u64>, says: impl Into<String>) -> Self {
        Self { line, name, says: says.into(), counts: None }
    }

    /// What is counted, and `facts` that name it.
    pub(super) fn counted(name: &'static str, line: u64, counts: String, facts: &str) -> Self {
        Self { line: Some(line), name, says: format!("{counts}{facts}"), counts: Some(counts) }
    }

    /// `NOTICE few-tickets, line 3: ...`.
    pub(super) fn show(&self) -> String {
        let line = self.line.map_or(String::new(), |line| format!(", line {line}"));
        format!("NOTICE {}{line}: {}", self.name, super::verdict::plain(&self.says))
    }
}

/// In the order of the list, then of the ledger.
pub(super) fn in_order(mut notices: Vec<Notice>) -> Vec<Notice> {
    let place = |name: &str| NOTICES.iter().position(|meant| meant.name == name);
    notices.sort_by_key(|notice| (place(notice.name), notice.line));
    notices
}

/// Where `what` is drawn from so few tickets that trying inputs is easy.
pub(super) fn few_tickets(tickets: u64, line: Option<u64>, what: &str) -> Option<Notice> {
    few_tickets_in_words(tickets, what).map(|says| Notice::new("few-tickets", line, says))
}

/// The words of that; acts warn with the same before it is too late.
pub(crate) fn few_tickets_in_words(tickets: u64, what: &str) -> Option<String> {
    let says = || {
        format!(
            "{what} is drawn from {tickets} tickets; below {FEW_TICKETS}, inputs can be tried in private until the wanted team comes"
        )
    };
    (tickets < u64::from(FEW_TICKETS)).then(says)
}
