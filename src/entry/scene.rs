//! What a step of Entry Point works with.

use super::{Combination, Options, outcomes, rules};
use crate::{
    kernel::{display::Display, event::Sink, outcome::UiRequest, rule::Rule},
    time::Micros,
};

/// What a step works with: the reader's side, lent for one step.
pub struct Scene<'a> {
    /// The combinations for the type of the transaction.
    pub combinations: &'a [Combination],
    /// The choices the books leave.
    pub options: &'a Options,
    /// Decimal places of the currency.
    pub currency_exponent: u8,
    /// Microseconds since the transaction began; a message that has to wait (Book A, 8.1.1.16) moves it.
    pub now: &'a mut Micros,
    /// Where messages go.
    pub display: &'a mut Display,
    /// Who watches.
    pub events: &'a mut dyn Sink,
}

impl Scene<'_> {
    /// Shows a message, and waits until the one before it has had its time.
    pub fn ui(&mut self, request: UiRequest) {
        let shown = self.display.show(request, *self.now, self.events);
        *self.now = shown.max(*self.now);
    }

    /// More than one card answered (3.2.1.4).
    pub fn collision(&mut self) {
        self.cite(rules::COLLISION, format_args!("more than one card"));
        self.ui(outcomes::COLLISION);
    }

    /// The collision is over: one card answers, or none (3.2.1.5).
    pub fn collision_over(&mut self) {
        self.cite(rules::COLLISION_OVER, format_args!("no more than one card"));
        self.ui(outcomes::COLLISION_OVER);
    }

    pub(super) fn cite(&mut self, rule: Rule, note: core::fmt::Arguments<'_>) {
        self.events.event(*self.now, &rule.cited(note));
    }
}
