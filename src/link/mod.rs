//! What connects a terminal to a card: the only room that touches hardware.

mod fault;
pub mod pcsc;
mod replay;
mod stop;
mod virtual_card;
pub mod vpcd;

pub use fault::Faulty;
pub use replay::{Difference, Match, ObjectDifference, Replay, Step, without_directory};
pub use stop::Stop;
pub use virtual_card::{VirtualCard, air_time};

use crate::{apdu::LinkFault, time::Micros};

/// A contactless interface with at most one card in its field.
pub trait Link {
    /// Switches the field on and polls until a card is in the field. Blocks as long as the link is willing to wait.
    ///
    /// [`LinkFault::Collision`] means that more than one card answered; the reader shows that and polls again. After it,
    /// [`LinkFault::NoCard`] means that all of them have left; the reader shows that and polls again. A link that has no
    /// such moment gives the card that stays or comes next. In any other place `NoCard` ends the tap: nobody came.
    ///
    /// [`LinkFault::ContactCard`], here and below, means that a card is in the contact interface, be it from before the
    /// transaction: the tap ends, the field goes off and stays off (Book A, 8.1.1.10).
    fn activate(&mut self) -> Result<Micros, LinkFault>;

    /// Sends a command and appends the whole response, status word included, to `response`, which is empty.
    /// Gives the time from command to response, measured or simulated.
    ///
    /// [`LinkFault::Timeout`], [`LinkFault::Transmission`] and [`LinkFault::Protocol`] are Book D's communication errors: they
    /// go to the kernel, or lead Entry Point back to Start B (Book B, 3.3.3.7). [`LinkFault::NoCard`] is taken as a time-out.
    fn exchange(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<Micros, LinkFault>;

    /// Switches the field off for at least `hold`.
    fn deactivate(&mut self, hold: Micros);

    /// Waits until the card has left the field, with the field on. Gives the time that took. [`LinkFault::NoCard`] and
    /// communication errors mean that it has left as well.
    fn wait_for_removal(&mut self) -> Result<Micros, LinkFault>;

    /// How much of the last exchange's simulated time somebody asked for: a fault, or the card's profile. Whoever puts a
    /// simulated card before a real reader lets it pass; all other time the reader takes itself.
    fn asked_time(&self) -> Micros {
        Micros::ZERO
    }
}
