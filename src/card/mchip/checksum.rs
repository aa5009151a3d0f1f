//! COMPUTE CRYPTOGRAPHIC CHECKSUM: mag-stripe mode (C-2, 5.1).

use super::{Applet, Session, Values, device::Owner};
use crate::{
    apdu::{CommandHeader, StatusWord},
    card::{Reply, duration, profile::DeviceVerification, status},
    crypto::{
        cvc3::{cvc3, ivcvc3},
        derive::{MasterKeyOption, master_key},
    },
    data::dictionary::{
        ATC_9F36, CVC3_TRACK1_9F60, CVC3_TRACK2_9F61, POS_CARDHOLDER_INTERACTION_INFORMATION_DF4B,
        RESPONSE_MESSAGE_TEMPLATE_FORMAT_2_77, TRACK_1_DATA_56, TRACK_2_DATA_9F6B, UNPREDICTABLE_NUMBER_NUMERIC_9F6A,
    },
    tlv::{DolEntry, Tag, Writer},
};

/// What a card without a UDOL gets (the default UDOL of C-2).
const DEFAULT: [DolEntry; 1] = [DolEntry { tag: UNPREDICTABLE_NUMBER_NUMERIC_9F6A, length: 4 }];

impl Applet {
    /// Answers with the checksums of the tracks that the card has, or asks for verification on the device instead.
    pub(super) fn compute_checksum(&mut self, session: &mut Session, command: &CommandHeader<'_>) -> Reply {
        if (command.p1, command.p2) != (0x8E, 0x80) {
            return Err(status::WRONG_PARAMETERS);
        }
        let key = self.settings.cvc3.ok_or(status::CONDITIONS_NOT_SATISFIED)?;
        let list = if self.lists.udol.is_empty() { &DEFAULT[..] } else { &self.lists.udol };
        let told = Values::split(list, command.data).ok_or(status::WRONG_LENGTH)?;
        session.spend()?;
        let number = told.array(UNPREDICTABLE_NUMBER_NUMERIC_9F6A).unwrap_or_default();
        // No track tells the issuer a sequence number: the key is derived with 00.
        let card_key = master_key(MasterKeyOption::A, &key.0, &self.application.pan(), 0);
        let atc = self.atc.to_be_bytes();
        let checksum = |track: Tag| {
            let track = self.application.data.get(&track)?;
            Some(cvc3(&card_key, ivcvc3(&card_key, track), number, atc))
        };
        let tracks = [(CVC3_TRACK2_9F61, checksum(TRACK_2_DATA_9F6B)), (CVC3_TRACK1_9F60, checksum(TRACK_1_DATA_56))];
        let owner = self.owner(&told);
        let mut out = Writer::new();
        out.nest(RESPONSE_MESSAGE_TEMPLATE_FORMAT_2_77, |answer| {
            for (tag, checksum) in tracks.iter().filter(|_| owner != Owner::Missing) {
                if let Some(checksum) = checksum {
                    answer.object(*tag, checksum);
                }
            }
            answer.object(ATC_9F36, &atc);
            // A reader that relies on the device wants to be told in any case (C-2, S14.14).
            let is_device = self.settings.device_verification != DeviceVerification::Never;
            if let Some(interaction) = owner.interaction().or(is_device.then_some([0; 3])) {
                answer.object(POS_CARDHOLDER_INTERACTION_INFORMATION_DF4B, &interaction);
            }
        });
        Ok((out.finish(), StatusWord::OK, duration::CHECKSUM))
    }
}
