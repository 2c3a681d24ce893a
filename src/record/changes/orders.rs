//! The orders of reserves by a draw, asked for one amendment after the other: what it takes to tell them is made ready once a draw.

use chrono::NaiveDate;

use super::draws::PastDraw;
use crate::model::InspectorId;
use crate::record::reserves::{VisitDraw, visit_orders_by, whole_order_by};
use crate::rules::StandIns;

/// Who tells orders of reserves. It keeps what the last draw that it was asked of makes ready, and changes no answer by that.
///
/// ```
/// # use foureyes::record::changes::{Cause, Held, Orders, Refusal, moves_by};
/// let cause = Cause::Cancelled("v1".to_owned());
/// let refused = moves_by(&mut Orders::default(), &[], &Held::default(), &cause);
/// assert!(matches!(refused, Err(Refusal::NothingDrawn)));
/// ```
#[derive(Default)]
pub struct Orders<'d> {
    ready: Option<(&'d PastDraw, Option<StandIns<'d>>)>,
}

impl<'d> Orders<'d> {
    /// Everybody who may take the place of `member` on `date`, by the order that `draw` fixed, whole.
    pub(super) fn of(&mut self, draw: &'d PastDraw, date: NaiveDate, member: &str) -> Vec<&'d str> {
        let Some(who) = draw.case.find_inspector(member) else { return Vec::new() };
        let Some(stand_ins) = self.stand_ins(draw) else { return Vec::new() };
        let stages = [(stage(draw), draw.span)];
        let order = whole_order_by(stand_ins, &draw.case, &draw.root, &stages, (date, who));
        order.into_iter().map(|who| draw.case.inspector(who).id.as_str()).collect()
    }

    /// Everybody who may step in for `member` on one visit of that day, and every team that may go instead, by the orders that `draw` fixed, whole.
    pub(super) fn on_visit(
        &mut self,
        draw: &'d PastDraw,
        (date, member): (NaiveDate, &str),
        visit: &str,
    ) -> (Vec<&'d str>, Vec<Vec<&'d str>>) {
        let none = (Vec::new(), Vec::new());
        let PastDraw { case, root, .. } = draw;
        let Some((member, visit)) = case.find_inspector(member).zip(case.find_visit(visit)) else { return none };
        let Some(stand_ins) = self.stand_ins(draw) else { return none };
        let of = VisitDraw { case, root, stage: stage(draw), date, member };
        let (people, teams) = visit_orders_by(stand_ins, &of, visit);
        let id = |who: &InspectorId| case.inspector(*who).id.as_str();
        let teams = teams.iter().map(|team| team.members().iter().map(id).collect());
        (people.iter().map(id).collect(), teams.collect())
    }

    fn stand_ins(&mut self, draw: &'d PastDraw) -> Option<&StandIns<'d>> {
        if self.ready.as_ref().is_none_or(|(last, _)| !std::ptr::eq(*last, draw)) {
            let ready = StandIns::after(&draw.case, &draw.book, &draw.before, &draw.schedule);
            self.ready = Some((draw, ready));
        }
        self.ready.as_ref().and_then(|(_, ready)| ready.as_ref())
    }
}

fn stage(draw: &PastDraw) -> usize {
    usize::try_from(draw.counter).unwrap_or(usize::MAX)
}
