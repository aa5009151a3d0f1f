//! How much a subject may ask of a card in one tap.

use std::time::Instant;

use crate::{apdu::LinkFault, link::Link, time::Micros};

/// Commands and polls in one tap. The longest tap that makes sense, all records of a card for each of several candidates and
/// restarts, stays far below.
pub const EXCHANGES: usize = 2_000;

/// A link that is taken away once a subject has used it too much, or for too long: [`LinkFault::Cancelled`].
pub struct Budget<'a> {
    link: &'a mut dyn Link,
    left: usize,
    deadline: Instant,
    spent: Option<String>,
    removals: usize,
}

impl<'a> Budget<'a> {
    /// `link` until `deadline`.
    pub fn new(link: &'a mut dyn Link, deadline: Instant) -> Self {
        Self { link, left: EXCHANGES, deadline, spent: None, removals: 0 }
    }

    /// How often somebody has waited for the card to leave.
    pub const fn removals(&self) -> usize {
        self.removals
    }

    /// What was too much, if anything was.
    pub fn spent(self) -> Option<String> {
        self.spent
    }

    fn spend(&mut self) -> Result<(), LinkFault> {
        match self.left.checked_sub(1) {
            None => self.spent = Some(format!("it asked the card more than {EXCHANGES} times in one tap")),
            Some(_) if Instant::now() >= self.deadline => {
                self.spent = Some("the tap went on beyond the time-out of the case".to_owned());
            }
            Some(left) => {
                self.left = left;
                return Ok(());
            }
        }
        Err(LinkFault::Cancelled)
    }
}

impl Link for Budget<'_> {
    fn activate(&mut self) -> Result<Micros, LinkFault> {
        self.spend()?;
        self.link.activate()
    }

    fn exchange(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<Micros, LinkFault> {
        self.spend()?;
        self.link.exchange(command, response)
    }

    fn deactivate(&mut self, hold: Micros) {
        self.link.deactivate(hold);
    }

    fn wait_for_removal(&mut self) -> Result<Micros, LinkFault> {
        self.removals += 1;
        self.link.wait_for_removal()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{
        card::{Card, Profile},
        link::VirtualCard,
    };

    fn card() -> VirtualCard {
        VirtualCard::new(Card::new(&Profile::builtin("visa-phone").unwrap(), 1).unwrap())
    }

    #[test]
    fn endless_commands_come_to_an_end() {
        let mut card = card();
        let mut budget = Budget::new(&mut card, Instant::now() + Duration::from_secs(3600));
        budget.activate().unwrap();
        let sent = (0..).take_while(|_| budget.exchange(&[0x00, 0xB2, 0x01, 0x0C, 0x00], &mut Vec::new()).is_ok());
        assert_eq!(sent.count(), EXCHANGES - 1);
        assert_eq!(budget.spent().as_deref(), Some("it asked the card more than 2000 times in one tap"));
    }

    #[test]
    fn time_runs_out() {
        let mut card = card();
        let mut budget = Budget::new(&mut card, Instant::now());
        assert_eq!(budget.activate(), Err(LinkFault::Cancelled));
        assert!(budget.spent().unwrap().contains("time-out"));
    }
}
