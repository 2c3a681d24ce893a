//! The nouns: who inspects, what is inspected, when, and what stands in the way.
//!
//! Nothing here reads a file, draws a number or knows a rule. Every list of a [`Case`] is in the
//! order of its ids (history: of its dates), so that the order of rows in a spreadsheet can
//! never change a draw.

mod bits;
mod blank;
mod bound;
mod calendar;
mod case;
mod cell;
mod hours;
mod ids;
mod odds;
mod people;
mod places;
mod programmed;
mod reserves;
mod schedule;
mod settings;
mod ticket;
mod urn;

pub use blank::{has_blank_edge, is_blank};
pub use bound::{
    Coverage, Cut, CutVisit, DayOrWeek, LeastSquares, MostStaffed, PRICE_UNITS, Prices, Shortfall, StageBounds,
    VisitPrice, WorstOdds,
};
pub use calendar::{Month, Period, Span, Stage, Week};
pub use case::{Case, FEW_TICKETS, UrnPolicy, Waiver};
pub use cell::{bare, cell};
pub use hours::{Hours, time_of_day};
pub use ids::{EstablishmentId, InspectorId, SlotId, VisitId};
pub use odds::{COUNTED_CELLS_MAX, COUNTED_PEOPLE_MAX, Leak, Meetings, Odds, Remaining, Spread, VisitOdds, Worst};
pub use people::{Absence, Conflict, ConflictTarget, ENDLESS_CATEGORIES, Gender, Inspector};
pub use places::{Establishment, Kind, PastVisit, Point, Visit};
pub use programmed::{Programmed, target};
pub use reserves::{By, Level, OfVisit, Reserves};
pub use schedule::{Assignment, Schedule, Team, Ticket};
pub use settings::{Parameters, Setting, Settings};
pub use ticket::{Held, Layout, TICKET_TEAM_MAX, TicketFlaw};
pub use urn::{Drawn, DrawnStage, Stretch, Urn, UrnFlaw};
