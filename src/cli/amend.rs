//! `foureyes amend`: somebody does not come, may not go somewhere or may again, or a visit is not held.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::changed::shown;
use super::hand::{day, told};
use super::{Ended, Shell};
use crate::ceremony::{self, CeremonyError, Disk, Keys, Office};
use crate::record::TargetKind;
use crate::record::changes::{AbsentDays, Cause, Conflicted};

/// Causes that are about no conflict.
const NO_CONFLICT: [&str; 3] = ["absent", "cancel", "restore"];

/// What `amend` is told.
#[derive(Debug, Args)]
pub struct Amend {
    /// The ceremony's folder
    folder: PathBuf,
    #[command(flatten)]
    cause: CauseArgs,
    /// First day of the absence; of a conflict, the first day of the interest
    #[arg(long, value_name = "DATE", value_parser = day, conflicts_with_all = ["cancel", "restore"])]
    from: Option<NaiveDate>,
    /// Last day, inclusive; of a conflict, the last day of the interest, before any cooling-off
    #[arg(long, value_name = "DATE", value_parser = day, conflicts_with_all = ["cancel", "restore"])]
    to: Option<NaiveDate>,
    /// What the conflict is with: establishment:ID, owner:NAME, sector:NAME, district:NAME or inspector:ID
    #[arg(long, value_name = "KIND:TARGET", value_parser = target, conflicts_with_all = NO_CONFLICT)]
    with: Option<(TargetKind, String)>,
    /// The category of the conflict, such as kin or employee; one without a category has no end
    #[arg(long, value_name = "WORD", conflicts_with_all = NO_CONFLICT)]
    category: Option<String>,
    /// The day on which the conflict was declared
    #[arg(long, value_name = "DATE", value_parser = day, conflicts_with_all = NO_CONFLICT)]
    declared_on: Option<NaiveDate>,
    /// What shows that it is so, such as the number of a letter; auditors read it
    #[arg(long, value_name = "TEXT")]
    evidence: String,
    /// The planner's secrets: NAME.secret
    #[arg(long, value_name = "FILE")]
    keys: PathBuf,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

/// Why seats are vacated: one of these.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct CauseArgs {
    /// This inspector does not come, from --from to --to: whole days
    #[arg(long, value_name = "ID", requires = "from", requires = "to")]
    absent: Option<String>,
    /// This inspector has a conflict of interest, with what --with says
    #[arg(long, value_name = "ID", requires = "with")]
    conflict: Option<String>,
    /// This inspector has the conflict with what --with says no more, or only until a day: it may go from the next freeze
    #[arg(long, value_name = "ID", requires = "with")]
    withdraw: Option<String>,
    /// This visit is not held
    #[arg(long, value_name = "VISIT")]
    cancel: Option<String>,
    /// This cancelled visit is held after all, as it was
    #[arg(long, value_name = "VISIT")]
    restore: Option<String>,
}

impl Amend {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        let keys = Keys::load(&self.keys)?;
        let mut office = Office::open(&self.folder, Disk::new())?;
        told(shell, &office);
        let cause = self.cause(&office)?;
        let done = ceremony::amend(&mut office, &keys, cause, &self.evidence)?;
        shown(shell, &office, &done, self.json)
    }

    fn cause(&self, office: &Office) -> Result<Cause, CeremonyError> {
        let CauseArgs { absent, conflict, withdraw, cancel, restore } = &self.cause;
        if let Some(inspector) = withdraw {
            return ceremony::conflict_named(office, &self.conflict(inspector)).map(Cause::Withdrawn);
        }
        Ok(match (absent, conflict, cancel, restore) {
            (Some(inspector), ..) => {
                let (from, to) = (self.from.unwrap_or_default(), self.to.unwrap_or_default());
                Cause::Absence(AbsentDays { inspector: inspector.clone(), from, to })
            }
            (_, Some(inspector), ..) => Cause::Conflict(self.conflict(inspector)),
            (_, _, Some(visit), _) => Cause::Cancelled(visit.clone()),
            (_, _, _, visit) => Cause::Restored(visit.clone().unwrap_or_default()),
        })
    }

    fn conflict(&self, inspector: &str) -> Conflicted {
        let (target_kind, target) = self.with.clone().unwrap_or((TargetKind::Establishment, String::new()));
        // Between two, nobody chooses who leaves.
        let drawn = target_kind == TargetKind::Inspector;
        Conflicted {
            inspector: inspector.to_owned(),
            target_kind,
            target,
            category: self.category.as_ref().map(|word| crate::record::one_spelling(&word.trim().to_lowercase())),
            from: self.from,
            to: self.to,
            declared_on: self.declared_on,
            drawn,
        }
    }
}

/// What a conflict is with: `KIND:TARGET`.
fn target(text: &str) -> Result<(TargetKind, String), String> {
    let wrong = "write KIND:TARGET, with one of establishment, owner, sector, district and inspector as the kind";
    let (kind, target) = text.split_once(':').ok_or(wrong)?;
    let kind = match kind {
        "establishment" => TargetKind::Establishment,
        "owner" => TargetKind::Owner,
        "sector" => TargetKind::Sector,
        "district" => TargetKind::District,
        "inspector" => TargetKind::Inspector,
        _ => return Err(wrong.to_owned()),
    };
    Ok((kind, crate::record::one_spelling(target)))
}
