//! Committing: what is to be drawn from, and what will decide it, on the ledger before the beacon exists.

use super::past::Past;
use super::stage::StageToDraw;
use super::{Access, CeremonyError, FrozenInputs, Keys, Office};
use crate::model::{Case, Schedule, Span, Stretch};
use crate::record::ledger::{BeaconLine, Body, Commit, Dice, Ending, Fallback, Made, Role};
use crate::record::{BUILDER, urn_file};
use crate::urn::{Keeper, Options};

/// What somebody asks to commit to.
#[derive(Clone, Debug)]
pub struct ToCommit {
    /// The days to draw; the next stage of the policy unless given.
    pub span: Option<Span>,
    /// What decides.
    pub beacon: BeaconLine,
    /// What decides if that does not come.
    pub fallback: Option<Dice>,
    /// Whose secrets take part: the planner's and every officer's unless given, and the auditors' where there is no officer.
    pub nonces: Option<Vec<String>>,
}

/// Commits to the urn of the next draw, which is built and kept until then; gives the commitment, and whether it is new. Where one is open that says what is asked,
/// it is that one.
///
/// # Errors
/// Where nothing is frozen, another commitment is open, no day is left to draw, or the system refuses.
pub fn commit(
    office: &mut Office,
    keys: &Keys,
    asked: &ToCommit,
    options: &Options,
    keeper: &mut (dyn Keeper + Send),
) -> Result<(Made, bool), CeremonyError> {
    office.is_planner(keys)?;
    if let Some(open) = office.course().commitments.last().filter(|made| made.ending == Ending::Open).cloned()
        && is_asked(&open.commit, asked)
    {
        office.seal(keys)?;
        return Ok((open, false));
    }
    let freeze = office.course().freezes.last().map_or(0, |(_, freeze)| freeze.number);
    if freeze == 0 {
        return Err(CeremonyError::refused("nothing is frozen yet", "freeze the inputs first (`foureyes freeze`)"));
    }
    let counter = office.course().commitments.len() as u64 + 1;
    let (frozen, stage, commit) = stated(office, asked, counter, freeze)?;
    office.course().may(&Body::Commit(commit.clone()))?;
    let urn = stage.urn(options, keeper);
    let path = office.path(&urn_file(counter as usize));
    office.disk().write_whole(&path, &stage.urn_bytes(&urn), Access::Owner).map_err(CeremonyError::io(&path))?;
    let stated = stage.stated(&urn);
    let urn_salted = Some(frozen.urn(counter, &stated.root));
    let commit = Commit { bound: Some(stated.bound), urn_salted, worst: stated.worst, ..commit };
    office.append(Body::Commit(commit), Vec::new())?;
    office.seal(keys)?;
    let made = office.course().commitments.last().cloned().expect("it was just put there");
    Ok((made, true))
}

/// Whether an open commitment is the one that is asked for.
fn is_asked(open: &Commit, asked: &ToCommit) -> bool {
    let fallback = open.fallback.as_ref().map(|Fallback::Dice(dice)| dice);
    open.beacon == asked.beacon
        && fallback == asked.fallback.as_ref()
        && asked.span.is_none_or(|span| (span.from, span.to) == (open.from, open.to))
        && asked.nonces.as_ref().is_none_or(|nonces| *nonces == open.nonces)
}

/// The stage to be drawn, and all that can be said of it before its urn is built.
fn stated(
    office: &Office,
    asked: &ToCommit,
    counter: u64,
    freeze: u64,
) -> Result<(FrozenInputs, StageToDraw, Commit), CeremonyError> {
    let (frozen, past) = (FrozenInputs::of(office, freeze)?, Past::of(office)?);
    let any = Span { from: chrono::NaiveDate::MIN, to: chrono::NaiveDate::MAX };
    let first = StageToDraw::new(&frozen.files, counter, asked.span.unwrap_or(any), |case| fixed(&past, case))?;
    let span = match asked.span {
        Some(span) => within(&first, span)?,
        None => next(office, &first)?,
    };
    forgets_nothing(&past, &first, span.from)?;
    let stage = first.on(span);
    let commit = Commit {
        beacon: asked.beacon.clone(),
        bound: None,
        builder: BUILDER.to_owned(),
        counter,
        fallback: asked.fallback.clone().map(Fallback::Dice),
        fixed: frozen.fixed(counter, &stage.fixed_lines()),
        freeze,
        from: span.from,
        nonces: asked.nonces.clone().unwrap_or_else(|| nonces(office)),
        tickets: u64::from(stage.case().urn.tickets),
        to: span.to,
        urn: None,
        // Set once the urn is built.
        urn_salted: Some([0; 32]),
        worst: 0,
    };
    Ok((frozen, stage, commit))
}

/// What is held of this case already.
pub(super) fn fixed(past: &Past, case: &Case) -> Result<Schedule, CeremonyError> {
    Ok(past.held.schedule(case))
}

/// Holds that the freeze has all that is held, and all that amendments declared of the days from `from` on.
fn forgets_nothing(past: &Past, stage: &StageToDraw, from: chrono::NaiveDate) -> Result<(), CeremonyError> {
    match past.held.lacks(&past.draws, (stage.case(), stage.book()), from).first() {
        None => Ok(()),
        Some(lack) => Err(CeremonyError::refused(
            format!("the last freeze can't be drawn from: {lack}"),
            "put it into the case's files, and freeze them again",
        )),
    }
}

/// Holds that the days asked for begin and end with working days of the period, and that somebody may be sent on one of them: else there is
/// a commitment that draws nothing, and another one for the same days.
fn within(stage: &StageToDraw, span: Span) -> Result<Span, CeremonyError> {
    let (case, days) = (stage.case(), stage.case().period.days());
    let (first, last) = (case.period.from, case.period.to);
    if span.from > span.to || span.from < first || span.to > last || !days.iter().any(|day| span.contains(*day)) {
        return Err(CeremonyError::refused(
            format!("{} to {} are no days of the period", span.from, span.to),
            format!("give days from {first} to {last}"),
        ));
    }
    if let Some(day) = [span.from, span.to].into_iter().find(|day| !days.contains(day)) {
        let inside: Vec<String> = days.iter().filter(|day| span.contains(**day)).map(ToString::to_string).collect();
        let (from, to) = (inside.first().cloned().unwrap_or_default(), inside.last().cloned().unwrap_or_default());
        return Err(CeremonyError::refused(
            format!("{day} is no working day of the office, so nothing can be drawn for it"),
            format!("begin and end with working days: --from {from} --to {to}"),
        ));
    }
    match stage.open_days(span).is_empty() {
        true => Err(CeremonyError::refused(
            format!("nobody inspects from {} to {}: the policy closes these days", span.from, span.to),
            "give other days; `availability.blackout` and the holidays of the policy list those that are closed",
        )),
        false => Ok(span),
    }
}

/// The first stage of the policy of which no day was drawn, and on which somebody may be sent.
fn next(office: &Office, stage: &StageToDraw) -> Result<Span, CeremonyError> {
    let drawn = office.course().commitments.iter().filter(|made| matches!(made.ending, Ending::Drawn(_)));
    let drawn: Vec<Span> = drawn.map(|made| Span { from: made.commit.from, to: made.commit.to }).collect();
    let case = stage.case();
    let open = stage.open_days(Span { from: case.period.from, to: case.period.to });
    let is_next = |span: &Span| {
        !drawn.iter().any(|drawn| drawn.from <= span.to && span.from <= drawn.to)
            && open.iter().any(|day| span.contains(*day))
    };
    let stages = Stretch::of_policy(case).stages;
    stages.into_iter().map(|(_, span)| span).find(is_next).ok_or_else(|| {
        CeremonyError::refused(
            "every day of the period was drawn",
            "for visits that were added, give the days with --from and --to",
        )
    })
}

fn nonces(office: &Office) -> Vec<String> {
    let parties = office.course().parties();
    let of = |role: Role| parties.iter().filter(move |party| party.role == role).map(|party| party.name.clone());
    let mut names: Vec<String> = of(Role::Planner).chain(of(Role::Officer)).collect();
    if names.len() == 1 {
        names.extend(of(Role::Auditor));
    }
    names.sort_unstable();
    names
}
