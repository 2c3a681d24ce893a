//! Every finding that there is: what it means, and what it would take to explain it. Names never change.

/// A finding that a verifier may report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its name.
    pub name: &'static str,
    /// What it means.
    pub means: &'static str,
    /// What it would take to explain it, and what to do.
    pub explain: &'static str,
    /// Whether only a ceremony, its draws' records or its receipts can have it.
    pub of_ceremony: bool,
}

const fn finding(name: &'static str, means: &'static str, explain: &'static str) -> Known {
    Known { name, means, explain, of_ceremony: false }
}

const fn of_ceremony(name: &'static str, means: &'static str, explain: &'static str) -> Known {
    Known { of_ceremony: true, ..finding(name, means, explain) }
}

const REWRITTEN: &str =
    "The program never writes this; the file was changed after the draw. Compare it with a copy from another hand.";
const COUNTED: &str = "The statement and the files it is about disagree; one of them was changed after the draw. Compare both with a copy from another hand.";

/// Findings about files, digests and counts, in order of name. A broken rule is found under its own name.
pub const FINDINGS: &[Known] = &[
    of_ceremony(
        "amended-otherwise",
        "an amendment or an override says something else than follows from its cause",
        "Which seats fall vacant, who was passed over and why, and what the ledger counts all follow from the draw and from what was declared. Ask the two who signed it.",
    ),
    finding("bad-value", "a value can't be", REWRITTEN),
    of_ceremony(
        "beacon-forged",
        "what a draw says came is not genuine",
        "A round has one signature, and the network's key is pinned in the program; throws of dice have one spelling. Only a file that was fetched broken explains it: fetch the round again, and draw with it. If the ledger says so, somebody made the number up.",
    ),
    of_ceremony(
        "beacon-swapped",
        "a draw was decided by something else than its commitment named",
        "Nothing explains it: what decides was fixed so that nobody could choose it later, and somebody did.",
    ),
    finding("blank-line", "a line has nothing in it", REWRITTEN),
    finding(
        "bound",
        "a bound says more than its proof shows",
        "Nothing explains it: a proof holds or it does not. Without it the odds may look nearer to the best than they are; ask for the bounds of whoever keeps the urns.",
    ),
    finding(
        "bound-proof",
        "the proof of a bound names what the stage does not have, or a stage has no bound",
        "The file was changed, or belongs to another draw. Ask for it again, or leave it out: the odds stand without it.",
    ),
    of_ceremony(
        "cancelled-drawn",
        "a visit that is cancelled could be drawn again before its day was over, under its name or another",
        "Cancelling and drawing again is drawing until it pleases, also where the same place on the same days has a new number. Until its day is over a cancelled visit can only be restored, with the team it had.",
    ),
    finding("case-name", "the record names another case than the policy", COUNTED),
    of_ceremony(
        "change-digest",
        "a change is not the one that the ledger names",
        "The change was exchanged after it was signed. Compare it with a copy from another hand.",
    ),
    of_ceremony(
        "change-root",
        "what is held after a change is not what the ledger names",
        "Somebody was given other orders than the change says, or the change was exchanged. Compare receipts of those whom it concerns.",
    ),
    of_ceremony("change-salt", "the salt of a change is not the one that the freeze's master gives", REWRITTEN),
    of_ceremony(
        "checkpoint",
        "a checkpoint is not one of these lines",
        "Where the planner signed it, there were other lines: the ledger was changed, cut, or kept twice. Keep both, and ask auditors for the checkpoints that they have.",
    ),
    of_ceremony(
        "checkpoint-signature",
        "a checkpoint is not signed by the planner, or the signature is not theirs",
        "The file was changed on its way, or made by somebody else. Get it from the planner again.",
    ),
    of_ceremony(
        "commitment-late",
        "a commitment was cosigned only when its beacon could be known",
        "Whoever knew the number could choose what it decides: the commitment may have been made afterwards, and dated back. A cosignature that came in time and was not handed on would explain it; ask the auditors.",
    ),
    of_ceremony(
        "commitment-unwitnessed",
        "a draw was made that no auditor had seen committed",
        "A checkpoint that an auditor cosigned in time and that was not handed on would explain it; ask the auditors. Otherwise nobody but the planner can say when it was fixed.",
    ),
    of_ceremony(
        "conflict-lost",
        "a freeze has forgotten an absence or a conflict that an amendment declared, or a conflict that an earlier draw was made with",
        "What was declared counts for every draw after it until it ends, or until two withdraw it on the ledger. The office's files were not brought up to date, or somebody is to go where they may not.",
    ),
    of_ceremony(
        "cosignature",
        "a cosignature under a checkpoint is not the auditor's",
        "The file was changed on its way, or somebody signed in the auditor's name. Ask the auditor what they signed.",
    ),
    of_ceremony(
        "cosigned-back",
        "an auditor's cosignatures go back in time while the ledger grows",
        "A clock was wrong, or a time was made up, and what was fixed before a beacon can't be told from what came after. Ask the auditor when they signed what.",
    ),
    of_ceremony(
        "cosigned-early",
        "a cosignature states a time at which what it is of did not exist yet",
        "A clock was wrong, or somebody dated it back so that a commitment would seem to come before its beacon. Ask the auditor what they signed, and when.",
    ),
    finding("counts", "the record states other counts than the schedule has", COUNTED),
    of_ceremony(
        "day-over",
        "something changes on a day that was executed before",
        "A day that is over can't change; somebody writes history anew. Ask who went, and compare with the orders that they hold.",
    ),
    of_ceremony(
        "decided-late",
        "a commitment is decided only when the first day that it draws is over",
        "Nobody can be sent on a day that is over; who went was chosen by other means, and the draw was made to fit or for nothing. Ask who went, and who sent them.",
    ),
    of_ceremony("draw-counts", "the ledger counts other visits or seats than were drawn", COUNTED),
    of_ceremony(
        "draw-dropped",
        "a commitment was neither drawn nor made void, and another followed",
        "Somebody may not have liked what would be drawn. The secrets of the next draw give away those of this one: have it drawn after all, and compare.",
    ),
    finding(
        "draw-index",
        "a stage drew another ticket than the seed names",
        "Only another seed or other inputs explain it, and those are stated. Somebody chose the ticket.",
    ),
    of_ceremony(
        "drawn-again",
        "a commitment was drawn or made void although it was over",
        "Nothing explains it: a draw is not repeated until it pleases. What came first stands.",
    ),
    finding(
        "drawn-ticket",
        "the schedule does not have what its stages drew",
        "The schedule was changed after the draw, or the urn was. An amendment would say so in a record of its own.",
    ),
    of_ceremony(
        "executed-list",
        "what is told of a day is not about its visits, or counted otherwise",
        "Every visit that was held on the day is told of once, and no other. Ask who went on the others.",
    ),
    of_ceremony(
        "executed-otherwise",
        "others went on a visit than were to go, or nobody",
        "It may be as harmless as a flat tyre, and it is the one thing that no draw can prevent: ask why, visit by visit, and who gained.",
    ),
    finding(
        "extra-file",
        "a file is there that no record has",
        "Take it out of the folder; what it says is vouched for by nothing.",
    ),
    finding("file-digest", "a file of the inputs is not the one that the record names", COUNTED),
    of_ceremony(
        "fixed",
        "what was fixed before a draw is not in its schedule as it was",
        "A draw decides its own days and nothing else. Whatever was held before changes only by an amendment or an override on the ledger.",
    ),
    of_ceremony(
        "fixed-committed",
        "what was fixed before a draw is not what its commitment names",
        "The urn was committed to for something else than what the record says was held. Nothing explains it but a file that was exchanged after the commitment.",
    ),
    of_ceremony("fixed-digest", "what was fixed before the draw is not what the record names", COUNTED),
    of_ceremony(
        "fixed-held",
        "what was fixed before a draw is not what was held then",
        "A draw rests on what earlier draws and changes left. Somebody moved seats between them without a line on the ledger.",
    ),
    of_ceremony(
        "forked",
        "there are two ledgers: somebody was shown other lines",
        "Nothing explains it but a planner who keeps two ledgers, or an old copy. Keep both, read the heads to one another, and ask every auditor what they signed.",
    ),
    of_ceremony(
        "history-lost",
        "the history of a freeze does not have a visit that was executed, or has it otherwise",
        "Who went where stands on the ledger, and no-return, rotation and tenure look back at it. The office's files were not brought up to date, or somebody is to go again to a place where they were.",
    ),
    finding("inputs-digest", "the inputs are not those that the record names", COUNTED),
    of_ceremony(
        "inputs-root",
        "frozen inputs are not those that the ledger names",
        "They were changed after they were frozen: compare them with a copy from another hand, and with the receipts that inspectors hold.",
    ),
    of_ceremony(
        "late-absence",
        "an absence frees seats on a day that was over before",
        "Whoever went on a day was not absent on it; and once it is known how a day went, nothing may change about it. Ask the two who signed it.",
    ),
    of_ceremony(
        "ledger-chain",
        "a line of the ledger does not go on from the line above",
        "A line was changed, put in, taken out or moved. Compare the ledger with a copy from another hand.",
    ),
    of_ceremony(
        "ledger-order",
        "a line of the ledger says what may not stand there",
        "The program never writes this; the line was put in or others were taken out. Compare the ledger with a copy from another hand.",
    ),
    finding(
        "line-ending",
        "a line does not end with one line feed",
        "A mail program or an editor may have done this; ask for the files again, packed.",
    ),
    finding("malformed", "a line is not of its table's shape", REWRITTEN),
    finding(
        "missing-file",
        "a file of the record is not there",
        "Ask for the whole folder; without the file its claims can't be checked.",
    ),
    of_ceremony(
        "nonce",
        "a secret is not the one that the party's anchor fixed for the draw",
        "Only one number fits, and it was fixed before anything was drawn. A mistyped one can be given again; if the draw was made with it, somebody chose.",
    ),
    finding("not-canonical", "a line has another spelling than the one allowed", REWRITTEN),
    finding(
        "not-nfc",
        "a text is not in Unicode normal form C",
        "A file system or an editor may have done this; ask for the files again, packed.",
    ),
    finding("not-utf8", "bytes are not UTF-8", REWRITTEN),
    finding("odds", "the odds are not those that are counted in the urn", COUNTED),
    of_ceremony(
        "odds-committed",
        "the odds are not those that were committed to",
        "The commitment promised other odds than its urn has. Somebody stated them to please, or the urn was exchanged.",
    ),
    finding("odds-digest", "the odds are not those that the record names", COUNTED),
    finding("order", "lines or lists are not in their order", REWRITTEN),
    of_ceremony(
        "party-unknown",
        "somebody whom you know is not in the ledger, or with another key",
        "The ledger is another one than theirs, or somebody plays their part. Ask them for their file again, and for the ledger that they signed.",
    ),
    finding(
        "person-twice",
        "a team names a person twice",
        "One person can't be two; the visit has no lawful team. Ask who went.",
    ),
    finding(
        "policy-rules",
        "the policy does not write down its rules as its edition of the rule book does, or names one that does not exist",
        "No program that froze it wrote it so: the policy was changed afterwards. Rules that came after its edition are off in it and are no finding.",
    ),
    of_ceremony(
        "receipt-checkpoint",
        "the checkpoint of a receipt is not signed as it should be, or not the one that was published",
        "Somebody was shown another ledger than the others, or the receipt is forged. Keep it, and show it to the auditor.",
    ),
    of_ceremony(
        "receipt-entry",
        "the entry of a receipt has no place in the ledger of its checkpoint",
        "The ledger says something else there, or the receipt is forged. Keep it, and show it to the auditor.",
    ),
    of_ceremony(
        "receipt-leaf",
        "what a receipt shows has no place in what the ledger published",
        "It is a receipt for another line, or it was changed. What it shows was not frozen or drawn; ask for a new one before witnesses.",
    ),
    of_ceremony(
        "receipt-stranger",
        "a receipt shows what is not about its inspector, or not all that it should",
        "It was made for somebody else. Ask for your own, and tell the auditor whose lines you saw.",
    ),
    of_ceremony(
        "record-drawn",
        "a record is not the one that the ledger names",
        "The record was exchanged after the draw. Ask for the one of that day; its digest stands on the ledger.",
    ),
    of_ceremony(
        "record-inputs",
        "a draw was made from other inputs than those that were frozen",
        "What was frozen before the beacon is what may be drawn from. Somebody changed the inputs when the number was known.",
    ),
    of_ceremony(
        "record-of-another",
        "a record is of another commitment than the ledger says",
        "It belongs to another draw, or was made without a ceremony.",
    ),
    finding("repeated", "a line, an id or a name stands there twice", REWRITTEN),
    finding(
        "replay",
        "the builder gives another schedule for these inputs and this seed",
        "Only another version of the builder explains it; otherwise the schedule was not drawn with this seed.",
    ),
    finding(
        "reserve-barred",
        "somebody is listed as a reserve who may not step in",
        "A rule keeps them from a visit of that day; `foureyes whynot` says which. The list was changed after the draw.",
    ),
    finding(
        "reserve-missing",
        "somebody who may step in is not listed as a reserve, or not counted",
        "Everybody with whom the whole schedule keeps every rule takes part in the draw of the order. Somebody was left out after it.",
    ),
    finding(
        "reserve-order",
        "reserves stand in another order than the seed gives",
        "Whoever is asked first was drawn; somebody chose. Follow the order that the verifier names.",
    ),
    of_ceremony(
        "reserve-skipped",
        "somebody stepped in who was not the first that could",
        "The draw fixed who steps in, and no rule kept the first from it. Somebody chose. Ask the two who signed it, and what the person did there.",
    ),
    finding("reserves", "the reserves are not those of the schedule", COUNTED),
    finding("reserves-digest", "the reserves are not those that the record names", COUNTED),
    finding("schedule-digest", "the schedule is not the one that the record names", COUNTED),
    of_ceremony(
        "schedule-drawn",
        "a schedule is not the one that the ledger names",
        "Teams were changed after the draw without an amendment or an override on the ledger. Compare it with the orders that inspectors hold.",
    ),
    finding(
        "seed-derivation",
        "the record was not derived from these inputs and this seed",
        "The inputs or the seed were changed after the draw, or the draw was made with others. Nothing explains it but a new draw, announced as one.",
    ),
    of_ceremony(
        "seed-of-ceremony",
        "the seed of a draw is not the one that its commitment, its beacon and the secrets give",
        "Somebody chose the seed. Nothing explains it.",
    ),
    of_ceremony(
        "signature",
        "a signature of a line is not that of the party",
        "It was made for another line or ledger, or by somebody else. Ask the party what they signed.",
    ),
    of_ceremony(
        "signature-missing",
        "a line that takes two hands was not signed by two",
        "Nobody undoes or changes a draw alone. Ask who else knew; until two have signed, it does not count.",
    ),
    finding(
        "stages",
        "the stages are not those that the policy asks for",
        "Every stage of the period is drawn, in order, from as many tickets as the policy says. One that is missing was not published.",
    ),
    finding("stages-digest", "the stages are not those that the record names", COUNTED),
    finding(
        "table",
        "schedule.csv does not say what schedule.jsonl says",
        "A spreadsheet may have saved the file again. Follow schedule.jsonl, and have schedule.csv written anew.",
    ),
    finding(
        "team-size",
        "nobody goes on a visit that is not marked unstaffed",
        "A visit without a team is unstaffed and must be published as that.",
    ),
    finding(
        "ticket-bytes",
        "the bytes of a ticket are none, or not in their one spelling",
        "The program never writes this; nobody knows what such a ticket says. Compare the urn with a copy from another hand.",
    ),
    finding("ticket-order", "the tickets of an urn are not in the order of their digests", REWRITTEN),
    finding(
        "ticket-rule",
        "a ticket that could have been drawn breaks a rule that is on",
        "The builder puts no such ticket into an urn; it was put there afterwards, or another builder made the urn. What was drawn may be lawful all the same, but the odds are not.",
    ),
    finding(
        "too-large",
        "a file, a line or a count is beyond every bound",
        "No office needs this much; the file was made to stop a verifier.",
    ),
    finding(
        "unknown-builder",
        "the record names a builder that this program does not know",
        "Verify with the version that made it; a replay by this one can't agree.",
    ),
    finding(
        "unknown-edition",
        "the policy is of a later edition of the rule book than this program knows",
        "A newer program made it, and its rules can't be judged here: nothing is said against it. Verify with a version that knows this edition; if none does, the policy was changed.",
    ),
    finding(
        "unknown-format",
        "the record names a format that this program does not know",
        "Verify with the version that made it.",
    ),
    finding(
        "unknown-id",
        "an id stands for nobody and nothing",
        "Whoever is meant is not among the frozen inputs, so no rule was ever checked for them.",
    ),
    finding(
        "unknown-kind",
        "the record names a way of drawing that this program does not know",
        "Verify with the version that made it.",
    ),
    finding("unstaffed-list", "the record lists other unstaffed visits than the schedule has", COUNTED),
    of_ceremony(
        "urn-committed",
        "an urn is not the one that was committed to",
        "It was exchanged when the beacon was known, or the builder was another; the ledger names its version. `foureyes verify --replay` on the record builds the urn that the inputs give.",
    ),
    finding(
        "urn-header",
        "an urn does not say that it is the urn of its stage",
        "It is the urn of another draw, or the inputs or an earlier stage were changed after it was built.",
    ),
    finding(
        "urn-poor",
        "an urn has far less in it than is proved to be possible",
        "The builder makes no such urn: it was made by hand, so that somebody could foresee the draw, or steer it. `foureyes verify --replay` builds the urn that the inputs give; draw again from that, before witnesses.",
    ),
    finding(
        "urn-root",
        "the tickets of an urn are not those that the record names",
        "The urn was exchanged or changed after the draw. Compare both with a copy from another hand.",
    ),
    finding("urn-size", "an urn has other bytes than its tickets take", REWRITTEN),
    of_ceremony(
        "visit-lost",
        "a freeze has forgotten a visit that is held, or whoever goes on it",
        "What is held stays in the inputs of every later draw in its period, or rules would no longer count it.",
    ),
    finding(
        "visit-missing",
        "a visit is not in the schedule at all",
        "Every visit is published, staffed or not. One that is missing was taken out after the draw.",
    ),
    finding("visit-twice", "a visit is in the schedule twice", "One of the two was put in after the draw."),
];

/// What a broken rule means.
pub const RULE_BROKEN: Known = finding(
    "rule",
    "the schedule breaks a rule that is on",
    "Only a waiver among the frozen inputs excuses it, and there is none; the builder never breaks a rule, so the schedule was changed after the draw.",
);

/// What is known of a finding; for the name of a rule, [`RULE_BROKEN`].
pub fn known(name: &str) -> Known {
    FINDINGS.iter().find(|known| known.name == name).copied().unwrap_or(RULE_BROKEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order_of_name() {
        assert!(FINDINGS.is_sorted_by(|a, b| a.name < b.name));
    }
}
