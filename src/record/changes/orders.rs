//! The orders of reserves by a draw, asked for one amendment after the other: what it takes to tell them is made ready once a draw.

use chrono::NaiveDate;

use super::draws::PastDraw;
use crate::record::reserves::whole_order_by;
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
        let stage = usize::try_from(draw.counter).unwrap_or(usize::MAX);
        let order = whole_order_by(stand_ins, &draw.case, &draw.root, &[(stage, draw.span)], (date, who));
        order.into_iter().map(|who| draw.case.inspector(who).id.as_str()).collect()
    }

    fn stand_ins(&mut self, draw: &'d PastDraw) -> Option<&StandIns<'d>> {
        if self.ready.as_ref().is_none_or(|(last, _)| !std::ptr::eq(*last, draw)) {
            let ready = StandIns::after(&draw.case, &draw.book, &draw.before, &draw.schedule);
            self.ready = Some((draw, ready));
        }
        self.ready.as_ref().and_then(|(_, ready)| ready.as_ref())
    }
}
