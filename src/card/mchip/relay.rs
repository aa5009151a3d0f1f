//! EXCHANGE RELAY RESISTANCE DATA (C-2, 5.3).

use super::{Applet, Session};
use crate::{
    apdu::{CommandHeader, StatusWord},
    card::{Reply, answer, profile::Times, status},
    data::dictionary::RESPONSE_MESSAGE_TEMPLATE_FORMAT_1_80,
    tlv::Writer,
};

/// A reader tries three times at most.
const EXCHANGES_MAX: u8 = 3;

/// What has been exchanged so far.
#[derive(Clone, Default)]
pub(super) struct Exchanged {
    count: u8,
    /// What a signature says of the last exchange: the entropy of terminal and card, then the times.
    pub signed: Vec<u8>,
}

impl Applet {
    /// Answers with the card's entropy and times. `6985` after three exchanges or the cryptogram, `6D00` if the card does not
    /// know the command.
    pub(super) fn exchange_relay_resistance(
        &mut self,
        session: &mut Session,
        command: &CommandHeader<'_>,
        seed: u64,
    ) -> Reply {
        let relay = self.settings.relay.ok_or(status::UNKNOWN_INSTRUCTION)?;
        if (command.p1, command.p2) != (0, 0) {
            return Err(status::WRONG_PARAMETERS);
        }
        let terminal: [u8; 4] = command.data.try_into().map_err(|_| status::WRONG_LENGTH)?;
        let exchanged = &mut session.relay;
        if session.is_spent || exchanged.count >= EXCHANGES_MAX {
            return Err(status::CONDITIONS_NOT_SATISFIED);
        }
        exchanged.count += 1;
        let entropy = answer::unpredictable(seed ^ u64::from(self.atc) << 16 ^ u64::from(exchanged.count) << 32);
        exchanged.signed = [&terminal[..], &entropy, &bytes(relay.signed)].concat();
        let mut out = Writer::new();
        out.object(RESPONSE_MESSAGE_TEMPLATE_FORMAT_1_80, &[&entropy[..], &bytes(relay.told)].concat());
        Ok((out.finish(), StatusWord::OK, relay.takes))
    }
}

fn bytes(times: Times) -> [u8; 6] {
    let ([a, b], [c, d], [e, f]) = (times.min.to_be_bytes(), times.max.to_be_bytes(), times.estimate.to_be_bytes());
    [a, b, c, d, e, f]
}
