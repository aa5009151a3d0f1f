//! One exchange with a card that is connected.

use std::time::{Duration, Instant};

use pcsc::{Card, Error, MAX_BUFFER_SIZE_EXTENDED};

use super::worker::Done;
use crate::{link::pcsc::choice::is_contactless_atr, time::Micros};

/// How many looks it takes to believe that a card is still there after a damaged transmission: a second, more than drivers
/// leave between two polls.
pub(super) const LOOKS: usize = 5;

/// GET DATA for the UID, which the reader answers (PC/SC part 3, 3.2.2.1.3).
const GET_UID: [u8; 5] = [0xFF, 0xCA, 0x00, 0x00, 0x00];

/// Room for the longest response there is. With less the response would be lost after the card has done what it was told,
/// and nothing is ever sent twice.
pub(super) struct Buffer(Vec<u8>);

impl Default for Buffer {
    fn default() -> Self {
        Self(vec![0; MAX_BUFFER_SIZE_EXTENDED])
    }
}

impl Buffer {
    /// Sends one command and measures.
    pub(super) fn transmit(&mut self, card: &Card, command: &[u8]) -> Result<Done, Error> {
        let start = Instant::now();
        let response = card.transmit(command, &mut self.0)?;
        let elapsed = micros(start.elapsed());
        Ok(Done { bytes: response.to_vec(), elapsed })
    }

    /// The UID, empty if there is none to get. A reader with contacts would hand the command on to the card, so it is not
    /// asked.
    pub(super) fn uid(&mut self, card: &Card) -> Result<Done, Error> {
        if !is_contactless_atr(card.status2_owned()?.atr()) {
            return Ok(Done::default());
        }
        let mut done = self.transmit(card, &GET_UID)?;
        match done.bytes.split_last_chunk::<2>() {
            Some((uid, [0x90, 0x00])) => done.bytes = uid.to_vec(),
            _ => done.bytes.clear(),
        }
        Ok(done)
    }
}

/// A duration of the system as one of ours.
pub(super) fn micros(duration: Duration) -> Micros {
    Micros(u64::try_from(duration.as_micros()).unwrap_or(u64::MAX))
}
