//! The command line: one thin file a command.
//!
//! A command reads its arguments, calls one or two rooms of the library, and shows what they say.
//! Data goes to stdout, everything else to stderr. What a command ends with is either an [`End`]
//! (exit code 0 or 1) or a [`Stop`], which says what kept it from running and what to do (2).
//! The one door from verification to planning, `verify --replay`, is here too. Without the feature `plan` only those commands are
//! built that an auditor or an inspector needs.

#[cfg(feature = "plan")]
mod amend;
#[cfg(feature = "plan")]
mod asked;
#[cfg(feature = "plan")]
mod audit;
#[cfg(feature = "plan")]
mod by_hand;
#[cfg(feature = "plan")]
mod capacity;
#[cfg(feature = "plan")]
mod changed;
#[cfg(feature = "plan")]
mod check;
#[cfg(feature = "plan")]
mod commit;
#[cfg(feature = "plan")]
mod completions;
#[cfg(feature = "plan")]
mod conflicts;
mod cosign;
mod disclose;
#[cfg(feature = "plan")]
mod draw;
#[cfg(feature = "plan")]
mod executed;
#[cfg(feature = "plan")]
mod explain;
#[cfg(feature = "plan")]
mod few;
#[cfg(feature = "plan")]
mod folder;
#[cfg(feature = "plan")]
mod freeze;
mod hand;
#[cfg(feature = "plan")]
mod held;
#[cfg(feature = "plan")]
mod import;
#[cfg(feature = "plan")]
mod init;
#[cfg(feature = "plan")]
mod input;
#[cfg(feature = "plan")]
mod kept;
mod keys;
#[cfg(feature = "plan")]
mod lottery;
#[cfg(feature = "plan")]
mod man;
mod nearest;
#[cfg(all(test, feature = "plan"))]
mod newer_book;
mod open;
#[cfg(feature = "plan")]
mod orders;
#[cfg(feature = "plan")]
mod plan;
#[cfg(feature = "plan")]
mod progress;
mod published;
mod receipt;
#[cfg(feature = "plan")]
mod replace;
#[cfg(feature = "plan")]
mod replay;
#[cfg(feature = "plan")]
mod report;
#[cfg(feature = "plan")]
mod rules;
mod shell;
#[cfg(feature = "plan")]
mod simulate;
mod stop;
#[cfg(feature = "plan")]
mod thrown;
#[cfg(feature = "plan")]
mod unasked;
#[cfg(feature = "plan")]
mod vain;
mod verify;
mod void;
mod watch;
#[cfg(feature = "plan")]
mod whynot;

use clap::{Parser, Subcommand};

pub use shell::{Output, Shell, refused};
pub use stop::{End, Ended, Stop};

/// Plans inspections in pairs, at random, with compulsory rotation, so that nobody can predict, steer
/// or re-roll who inspects whom.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, after_help = BEGIN)]
pub struct Cli {
    /// How much is said, and how.
    #[command(flatten)]
    pub output: Output,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

#[cfg(feature = "plan")]
const BEGIN: &str = "\
Begin with:  foureyes init my-office   (a case folder with templates)
             foureyes check my-office  (everything that is wrong with its files)
             foureyes plan my-office --seed \"a text agreed beforehand\"
             foureyes verify schedules/my-office

Exit codes:  0 sound; 1 something was found, or could not be staffed; 2 could not run.";

#[cfg(not(feature = "plan"))]
const BEGIN: &str = "\
This is the auditor's program: it verifies and cosigns, and can plan nothing.

Begin with:  foureyes keys new NAME --role auditor
             foureyes verify FOLDER

Exit codes:  0 sound; 1 something was found; 2 could not run.";

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    #[cfg(feature = "plan")]
    /// Make a case folder with a commented template of every file
    Init(init::Init),
    #[cfg(feature = "plan")]
    /// Make the tables of a case from an office's exports
    ///
    /// Titles above the header, merged cells, one row a posting, leave in words and conflicts on a sheet a person are understood. Which
    /// header is which column is asked once and kept in policy.toml. It shows the first rows, what was assumed, and what changed
    /// against the last import. Everything is read before anything is written; what was there before is kept. Ends with 2 if there
    /// are errors; with --preview, which writes nothing, with 1.
    Import(import::ImportFiles),
    #[cfg(feature = "plan")]
    /// Read a case and report everything that is wrong with its files
    ///
    /// Every problem of every file is reported at once, each with its file, row, column and what to do. Ends with 1
    /// if there are errors; warnings alone end with 0.
    Check(check::Check),
    #[cfg(feature = "plan")]
    /// Show the seats that are needed against the seats there are, before anything is planned
    ///
    /// By week, district, lead and skill. Pairs double the load of an office that sent one inspector. Ends with 1
    /// where seats are lacking whatever is planned.
    Capacity(capacity::Capacity),
    #[cfg(feature = "plan")]
    /// Draw a schedule from a seed, print it, and publish its record
    ///
    /// The same files and the same seed give the same schedule, on any machine. Ends with 0 if every mandatory visit
    /// is staffed, with 1 if the schedule was published but a mandatory visit could not be staffed (it says why), and
    /// with 2 if nothing was published.
    Plan(plan::Plan),
    /// Recount a published record from its inputs: sound, or what is wrong with it
    ///
    /// It needs nothing but the folder. Every claim of the record is checked as far as it can be: the inputs and the
    /// schedule are those that the record names, everything follows from the seed, and every rule holds. Ends with 0
    /// if the record is sound, with 1 if there are findings, with 2 if it could not be read at all.
    ///
    /// Of a ceremony's folder it checks what the files that are there allow, and says what it could not check: that the ledger
    /// was only added to, that auditors saw each commitment before its number was known, that the number is genuine, and that two
    /// signed whatever takes two. Overrides and voids are shown first.
    Verify(verify::Verify),
    #[cfg(feature = "plan")]
    /// Say why these people go on a visit, who else could have, and what kept the others from it
    ///
    /// For a visit that nobody goes on: which rule removed how many people, and the smallest change that would help.
    Explain(explain::Explain),
    #[cfg(feature = "plan")]
    /// Say why one person does not go on one visit
    ///
    /// Day by day of the visit's window: which rule is in the way and the facts, or that nothing was and the draw
    /// chose others.
    Whynot(whynot::Whynot),
    #[cfg(feature = "plan")]
    /// Write the orders of a day: one sheet a team, one set of files a recipient
    ///
    /// A page that prints, a calendar and a workbook for everybody who goes, with the receipt that proves it was the one drawn. With
    /// --release, no file says where before that time of the day: give the same command again after it. Amended visits say so.
    Orders(orders::Orders),
    #[cfg(feature = "plan")]
    /// Write one page of a record or a ceremony, for a planner, an auditor or everybody
    ///
    /// One HTML file that loads nothing: calendar by day and by inspector, each visit's team with the odds of all who could have
    /// gone, what is not staffed and why, load, thin pools, bounds, exceptions, and the evidence of the draw. It is checked as by `verify`
    /// first, and says what came of it; ends with 1 if there are findings.
    Report(report::Report),
    #[cfg(feature = "plan")]
    /// Show the rule book, or one rule's page
    Rules(rules::Rules),
    #[cfg(feature = "plan")]
    /// Replay a past history month by month under the rules, and compare
    ///
    /// The same visits, within some days of the dates on which they really took place, by the people who served in
    /// that month, in teams that the rules allow. Ends with 1 if a visit could not be staffed.
    Simulate(simulate::Simulate),
    #[cfg(feature = "plan")]
    /// Look over years of records, ledgers and history for what chance does not explain
    ///
    /// Who met which place and whom more often than the odds say, who was away just then, which exceptions one hand signed; each with how sure
    /// it is. Of 100 honest offices at most 5 get any alarm (--level 0.05). Ends with 1 if there is an alarm; an alarm says that chance is
    /// a bad explanation, not which other one is true.
    Audit(audit::Audit),
    #[cfg(feature = "plan")]
    /// List the conflicts of interest that end soon, and who may go where again from which day
    ///
    /// A conflict excludes to the end of its cooling-off; the rule book says which day that is. Those that ended before are not
    /// listed.
    Conflicts(conflicts::Conflicts),
    /// Make a party's keys for a ceremony, or show the secret of one draw
    Keys(keys::Keys),
    /// Open the ledger of a ceremony: whose it is, and who takes part
    Open(open::Open),
    #[cfg(feature = "plan")]
    /// Put what the office knows on the ledger, before anything is drawn
    ///
    /// The case is read as `check` and `plan` read it, and kept in canonical bytes in the ceremony's folder; the ledger gets the
    /// root of a salted tree over them, which says nothing to whoever has not the files.
    Freeze(freeze::Freeze),
    /// As an auditor, look at a ledger and say when you saw it; or sign what takes a second signature
    ///
    /// It holds that the ledger goes on from what you cosigned last, and that the number that decides a new commitment is still
    /// to come. What you cosigned last is kept beside your secret, as NAME.seen. Ends with 2 if anything is wrong; then nothing
    /// was signed.
    Cosign(cosign::Cosign),
    #[cfg(feature = "plan")]
    /// Build the urn of the next draw, and put on the ledger what will decide it
    ///
    /// A round of drand quicknet that is still to come, or dice that will be thrown in public; mixed with secrets that the
    /// parties fixed when they made their keys. One commitment is open at a time, and is drawn once.
    Commit(commit::Commit),
    #[cfg(feature = "plan")]
    /// Draw the open commitment, once, from its beacon and the parties' secrets
    Draw(draw::Draw),
    /// Write receipts: what the ledger says of each inspector, for them alone
    Receipt(receipt::Receipt),
    #[cfg(feature = "plan")]
    /// Fill seats that fall vacant after the draw from its reserves; takes two signatures
    ///
    /// Somebody does not come, may not go somewhere, or a visit is not held. Only the seats that fall vacant change. Who steps into them follows from the order of reserves that the draw fixed, and from
    /// the rules; nobody chooses. The first time it proposes and ends with 1, and another party signs with `cosign --proposal`; the same
    /// command again puts it on the ledger.
    Amend(amend::Amend),
    #[cfg(feature = "plan")]
    /// Set a visit by hand, whatever the draw and the rules say; takes two signatures
    ///
    /// Everybody sees that it was done, and why, before anything else that is said of the ledger.
    Override(by_hand::Override),
    #[cfg(feature = "plan")]
    /// Say who really went on the visits of a day that is over
    Executed(executed::Executed),
    /// Make a commitment void, so that nothing is drawn from it; takes two signatures
    ///
    /// The first time it proposes and ends with 1, and another party signs with `cosign --proposal`; the same command again puts it on
    /// the ledger. Everybody sees that there was a commitment, and why nothing was drawn.
    Void(void::Void),
    /// Disclose the secrets of a draw that is over, so that everybody can check what it was drawn from
    Disclose(disclose::Disclose),
    #[cfg(feature = "plan")]
    /// Print what lets a shell complete commands and options
    ///
    /// For bash: foureyes completions bash > ~/.local/share/bash-completion/completions/foureyes
    Completions(completions::Completions),
    #[cfg(feature = "plan")]
    /// Print the manual, or write it: one page a command
    Man(man::Man),
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    /// What kept it from running.
    pub fn run(&self, shell: &mut Shell) -> Ended {
        match self {
            #[cfg(feature = "plan")]
            Self::Init(command) => command.run(shell),
            #[cfg(feature = "plan")]
            Self::Import(command) => command.run(shell),
            #[cfg(feature = "plan")]
            Self::Check(command) => command.run(shell),
            #[cfg(feature = "plan")]
            Self::Capacity(command) => command.run(shell),
            #[cfg(feature = "plan")]
            Self::Plan(command) => command.run(shell),
            Self::Keys(command) => command.run(shell),
            #[cfg(feature = "plan")]
            Self::Freeze(command) => command.run(shell),
            #[cfg(feature = "plan")]
            Self::Commit(command) => command.run(shell),
            #[cfg(feature = "plan")]
            Self::Draw(command) => command.run(shell),
            #[cfg(feature = "plan")]
            Self::Amend(command) => command.run(shell),
            #[cfg(feature = "plan")]
            Self::Override(command) => command.run(shell),
            #[cfg(feature = "plan")]
            Self::Executed(command) => command.run(shell),
            Self::Receipt(command) => command.run(shell),
            Self::Open(command) => command.run(shell),
            Self::Cosign(command) => command.run(shell),
            Self::Void(command) => command.run(shell),
            Self::Disclose(command) => command.run(shell),
            #[cfg(feature = "plan")]
            Self::Completions(command) => command.run(shell),
            #[cfg(feature = "plan")]
            Self::Man(command) => command.run(shell),
            Self::Verify(command) => command.run(shell),
            #[cfg(feature = "plan")]
            Self::Explain(command) => command.run(shell),
            #[cfg(feature = "plan")]
            Self::Whynot(command) => command.run(shell),
            #[cfg(feature = "plan")]
            Self::Orders(command) => command.run(shell),
            #[cfg(feature = "plan")]
            Self::Report(command) => command.run(shell),
            #[cfg(feature = "plan")]
            Self::Rules(command) => command.run(shell),
            #[cfg(feature = "plan")]
            Self::Simulate(command) => command.run(shell),
            #[cfg(feature = "plan")]
            Self::Audit(command) => command.run(shell),
            #[cfg(feature = "plan")]
            Self::Conflicts(command) => command.run(shell),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_of_all_commands_fit_together() {
        super::Cli::command().debug_assert();
    }
}
