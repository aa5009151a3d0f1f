//! Issuer script commands (EMV Book 3, 6.5; secure messaging by VIS): the issuer's word to the card after an authorisation.

use super::{Applet, Availability, Pending};
use crate::{
    apdu::{CommandHeader, StatusWord},
    card::status,
    crypto::{
        cryptogram::VisaCvn,
        derive::{common_session_key, master_key, visa_messaging_session_key},
        des::{Padding, TripleDes},
    },
    data::dictionary::PAN_SEQUENCE_NUMBER_5F34,
};

/// The lengths that a MAC may have here (Book 2, 9.2.1 allows all from four to eight).
const MAC_LENGTHS: [usize; 2] = [8, 4];

/// APPLICATION BLOCK.
const APPLICATION_BLOCK: u8 = 0x1E;
/// APPLICATION UNBLOCK.
const APPLICATION_UNBLOCK: u8 = 0x18;
/// PUT DATA, UPDATE RECORD, PIN CHANGE/UNBLOCK and CARD BLOCK are believed and change nothing that a tap would show.
const WITHOUT_EFFECT: [u8; 4] = [0xDA, 0xDC, 0x24, 0x16];

impl Applet {
    /// A script command: class 04 or 84, its MAC the last eight or four bytes of its data. The MAC is checked if the profile
    /// has a key for it. `6985` before the first cryptogram, which it is bound to; `6988` if the MAC is wrong.
    pub fn script_command(&mut self, command: &CommandHeader<'_>) -> Result<(), StatusWord> {
        let known = [APPLICATION_BLOCK, APPLICATION_UNBLOCK].contains(&command.ins);
        if !known && !WITHOUT_EFFECT.contains(&command.ins) {
            return Err(status::UNKNOWN_INSTRUCTION);
        }
        let last = self.last.ok_or(status::CONDITIONS_NOT_SATISFIED)?;
        if !self.is_authentic(command, last) {
            return Err(status::WRONG_MAC);
        }
        match command.ins {
            APPLICATION_BLOCK => self.availability = Availability::Blocked,
            APPLICATION_UNBLOCK => self.availability = Availability::Open,
            _ => {}
        }
        Ok(())
    }

    /// MAC over header, Lc, counter, cryptogram and the data before the MAC (VIS, secure messaging; EMV Book 2, 9.2.3).
    fn is_authentic(&self, command: &CommandHeader<'_>, last: Pending) -> bool {
        let Some(key) = self.application.keys.messaging else { return true };
        let [sequence_number] = self.stated(PAN_SEQUENCE_NUMBER_5F34);
        let option = self.version.master_key_option();
        let card_key = master_key(option, &key.0, &self.application.pan(), sequence_number);
        let session_key = match self.version {
            VisaCvn::Cvn10 | VisaCvn::Cvn17 | VisaCvn::Cvn18 => visa_messaging_session_key(&card_key, last.atc),
            VisaCvn::Cvn22 => common_session_key(&card_key, last.cryptogram),
        };
        let mac_key = TripleDes::new(&session_key);
        let length = u8::try_from(command.data.len()).unwrap_or_default();
        let header = [command.cla, command.ins, command.p1, command.p2, length];
        MAC_LENGTHS.into_iter().any(|length| {
            let data_length = command.data.len().checked_sub(length);
            let parts = data_length.and_then(|length| command.data.split_at_checked(length));
            parts.is_some_and(|(data, found)| {
                mac_key.mac(Padding::Iso, &[&header, &last.atc, &last.cryptogram, data]).starts_with(found)
            })
        })
    }
}
