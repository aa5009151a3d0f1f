//! A link to a simulated card, with a simulated air interface: no clock runs, times are computed.

use super::Link;
use crate::{apdu::LinkFault, card::Card, time::Micros};

/// One byte with its parity bit at 106 kbit/s: 9 bits of 128 carrier periods each at 13.56 MHz, 84.96 µs (ISO 14443-2).
const BYTE: Micros = Micros(85);
/// Bytes around each block: protocol control byte and CRC (ISO 14443-4).
const FRAME_BYTES: u64 = 3;
/// Silence before a frame is answered: 1,172 carrier periods, 86.4 µs (ISO 14443-3), with start and end of frame.
const FRAME_DELAY: Micros = Micros(110);
/// Most bytes in one frame (FSC and FSD 256): longer messages are chained, each further frame acknowledged.
const FRAME_MAX: u64 = 256;
/// The command whose answer is timed (C-2, 5.3).
const EXCHANGE_RELAY_RESISTANCE_DATA: u8 = 0xEA;
/// Field on, 5.1 ms of guard time (Book D), one poll, anti-collision, RATS and ATS.
const ACTIVATION: Micros = Micros(12_000);

/// A [`Link`] over a [`Card`] that always lies in the field.
pub struct VirtualCard {
    card: Card,
    field: Field,
    asked: Micros,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    On,
    Off,
}

impl VirtualCard {
    /// A link to `card`; the field is off.
    pub const fn new(card: Card) -> Self {
        Self { card, field: Field::Off, asked: Micros::ZERO }
    }

    /// The card, with the counters it has by now.
    pub fn into_card(self) -> Card {
        self.card
    }
}

impl Link for VirtualCard {
    fn activate(&mut self) -> Result<Micros, LinkFault> {
        self.card.power_on();
        self.field = Field::On;
        Ok(ACTIVATION)
    }

    /// [`LinkFault::Timeout`] with the field off.
    fn exchange(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<Micros, LinkFault> {
        if self.field == Field::Off {
            return Err(LinkFault::Timeout);
        }
        let thinking = self.card.transmit(command, response);
        // The only time that a profile states.
        let is_relay = matches!(*command, [0x80, EXCHANGE_RELAY_RESISTANCE_DATA, ..]);
        self.asked = if is_relay { thinking } else { Micros::ZERO };
        Ok(air_time(command.len()) + thinking + air_time(response.len()))
    }

    fn deactivate(&mut self, _hold: Micros) {
        self.field = Field::Off;
    }

    /// A simulated card leaves as soon as it is asked to.
    fn wait_for_removal(&mut self) -> Result<Micros, LinkFault> {
        self.field = Field::Off;
        Ok(Micros::ZERO)
    }

    fn asked_time(&self) -> Micros {
        self.asked
    }
}

/// How long a message of so many bytes takes through the air at 106 kbit/s.
pub fn air_time(length: usize) -> Micros {
    let length = u64::try_from(length).unwrap_or(u64::MAX);
    let frames = length.div_ceil(FRAME_MAX - FRAME_BYTES).max(1);
    // Each frame but the last is answered by a block without content.
    let acknowledgements = frames - 1;
    let bytes = length.saturating_add((frames + acknowledgements).saturating_mul(FRAME_BYTES));
    Micros(bytes.saturating_mul(BYTE.0).saturating_add((frames + acknowledgements).saturating_mul(FRAME_DELAY.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::Profile;

    #[test]
    fn a_card_out_of_the_field_forgets_its_selection() {
        const SELECT: &[u8] = b"\x00\xA4\x04\x00\x05\xA0\x00\x00\x00\x03\x00";
        const GPO: &[u8] = b"\x80\xA8\x00\x00\x02\x83\x00\x00";
        let mut link = VirtualCard::new(Card::new(&Profile::builtin("visa-phone").unwrap(), 7).unwrap());
        let send = |link: &mut VirtualCard, command| {
            let mut response = Vec::new();
            link.exchange(command, &mut response).map(|elapsed| (response, elapsed))
        };
        assert_eq!(send(&mut link, SELECT), Err(LinkFault::Timeout));
        link.activate().unwrap();
        let first = send(&mut link, SELECT).unwrap();
        assert!(first.0.ends_with(&[0x90, 0x00]) && first.1 > Micros(9_000));
        assert_eq!(send(&mut link, SELECT).unwrap(), first, "the same every time");
        assert_eq!(send(&mut link, GPO).unwrap().0, [0x67, 0x00], "selected");
        link.deactivate(Micros::ZERO);
        link.activate().unwrap();
        assert_eq!(send(&mut link, GPO).unwrap().0, [0x69, 0x85], "no longer selected");
    }

    #[test]
    fn air_time_counts_bytes_and_frames() {
        assert_eq!(air_time(5), Micros((5 + 3) * 85 + 110));
        assert_eq!(air_time(253), Micros(256 * 85 + 110));
        assert_eq!(air_time(258), Micros((258 + 9) * 85 + 3 * 110));
    }
}
