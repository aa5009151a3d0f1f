//! The reader's display: what Book A asks of it whatever the kernel (8.1.1.15 to 8.1.1.18).

use super::{
    event::{Event, Sink},
    outcome::{Language, UiRequest},
};
use crate::time::Micros;

/// Remembers what outlives a single request: the hold time and the language.
#[derive(Clone, Copy, Debug, Default)]
pub struct Display {
    language: Option<Language>,
    busy_until: Micros,
}

impl Display {
    /// Shows a request, later if the one before it is still being held (8.1.1.16), and in the language that was asked for
    /// earlier in the transaction if it asks for none (8.1.1.17). Gives the time at which it is shown.
    pub fn show(&mut self, request: UiRequest, now: Micros, events: &mut dyn Sink) -> Micros {
        self.language = request.language.or(self.language);
        let shown = UiRequest { language: self.language, ..request };
        let at = now.max(self.busy_until);
        self.busy_until = at + Micros::tenths(request.hold.into());
        events.event(at, &Event::Ui(&shown));
        at
    }

    /// How long, from `now` on, the last request is still being held.
    pub fn held(&self, now: Micros) -> Micros {
        Micros(self.busy_until.0.saturating_sub(now.0))
    }
}
