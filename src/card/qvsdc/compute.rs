//! What a Visa card computes: cryptogram, issuer application data, fDDA signature.

use super::{Applet, Session};
use crate::{
    card::{
        answer,
        profile::Application,
        risk::{CryptogramType, TerminalData},
    },
    crypto::{
        cryptogram::{CryptogramData, IssuerAnswer, VisaCvn},
        derive,
        signature::{FddaVersion, sign_sdad},
    },
    data::dictionary::{AIP_82, CARD_AUTHENTICATION_RELATED_DATA_9F69, CTQ_9F6C, IAD_9F10, PAN_SEQUENCE_NUMBER_5F34},
    tlv::Tag,
};

/// The signed data format of an fDDA signature (EMV Book 2, table 15).
const SIGNED_DATA_FORMAT: u8 = 0x05;
/// The fDDA version in the first byte of 9F69 (C-3, annex C).
const FDDA_VERSION: u8 = 0x01;

impl Applet {
    pub(super) fn cryptogram(&self, terminal: &TerminalData, session: &Session) -> [u8; 8] {
        let iad = self.value(session, IAD_9F10).unwrap_or_default();
        let data = CryptogramData {
            amount: terminal.amount,
            amount_other: terminal.amount_other,
            country: terminal.country,
            tvr: terminal.tvr,
            currency: terminal.currency,
            date: terminal.date,
            transaction_type: terminal.transaction_type,
            unpredictable_number: terminal.unpredictable_number,
            aip: self.stated(AIP_82),
            atc: self.atc.to_be_bytes(),
            iad: &iad,
        };
        // Only a stated 9F10 can be too short; such a card has no cryptogram to give.
        self.version.cryptogram(&self.master_key, &data).unwrap_or_default()
    }

    /// A stated object of a known length; zeros if it is not stated, or longer or shorter.
    pub(super) fn stated<const N: usize>(&self, tag: Tag) -> [u8; N] {
        stated(&self.application, tag)
    }

    /// The issuer application data (9F10). The second byte of the card verification results holds the decision: second
    /// cryptogram not requested, type of the first one, verification on the consumer's device.
    pub(super) fn application_data(&self, kind: CryptogramType) -> Vec<u8> {
        let cryptogram = &self.application.cryptogram;
        let [_, ctq_2] = self.stated::<2>(CTQ_9F6C);
        let on_device = if ctq_2 & 0x80 != 0 { 0x04 } else { 0x00 };
        let decision = 0x80 | kind.cid() >> 2 | on_device;
        let number = version_byte(self.version);
        let mut data = match self.version {
            VisaCvn::Cvn10 | VisaCvn::Cvn17 | VisaCvn::Cvn18 => {
                vec![0x06, cryptogram.key_index, number, 0x03, decision, 0x00, 0x00]
            }
            VisaCvn::Cvn22 => vec![0x1F, number, cryptogram.key_index, 0x00, decision, 0x00, 0x00, 0x00],
        };
        if self.version == VisaCvn::Cvn22 {
            data.extend_from_slice(&cryptogram.discretionary);
            data.resize(32, 0);
        } else if let (false, Ok(length)) =
            (cryptogram.discretionary.is_empty(), cryptogram.discretionary.len().try_into())
        {
            data.push(length);
            data.extend_from_slice(&cryptogram.discretionary);
        }
        data
    }

    /// 9F69: fDDA version, the card's unpredictable number, a copy of the CTQ, one byte more (C-3, annex C).
    pub(super) fn authentication_related_data(&self, seed: u64) -> Vec<u8> {
        let number = answer::unpredictable(seed ^ u64::from(self.atc));
        let mut data = vec![FDDA_VERSION];
        data.extend_from_slice(&number);
        data.extend_from_slice(&self.stated::<2>(CTQ_9F6C));
        data.push(0);
        data
    }

    /// The fDDA signature over the card's counter and what the terminal and the card made unpredictable.
    pub(super) fn sign(&self, terminal: &TerminalData, session: &Session) -> Option<Vec<u8>> {
        let [high, low] = self.atc.to_be_bytes();
        let related = self.value(session, CARD_AUTHENTICATION_RELATED_DATA_9F69).unwrap_or_default();
        let version = if related.first() == Some(&0) { FddaVersion::V00 } else { FddaVersion::V01 };
        let hashed = version.terminal_data(terminal.unpredictable_number, terminal.amount, terminal.currency, &related);
        sign_sdad(self.issued.card_key.as_ref()?, SIGNED_DATA_FORMAT, &[2, high, low], &hashed).ok()
    }
}

/// The card's master key, from the issuer's by the way of the version.
pub(super) fn master_key(application: &Application, version: VisaCvn) -> [u8; 16] {
    let [sequence_number] = stated(application, PAN_SEQUENCE_NUMBER_5F34);
    let option = version.master_key_option();
    derive::master_key(option, &application.keys.master.0, &application.pan(), sequence_number)
}

fn stated<const N: usize>(application: &Application, tag: Tag) -> [u8; N] {
    application.data.get(&tag).and_then(|value| value.as_slice().try_into().ok()).unwrap_or([0; N])
}

/// What the issuer says in its authentication data: a response code after an ARPC of 8 bytes, a status update after 4.
pub(super) fn issuer_answer(version: VisaCvn, data: &[u8]) -> Option<IssuerAnswer> {
    let (response_code, csu) = match version {
        VisaCvn::Cvn10 | VisaCvn::Cvn17 => (data.get(8..10)?.try_into().ok()?, [0; 4]),
        VisaCvn::Cvn18 | VisaCvn::Cvn22 => ([0; 2], data.get(4..8)?.try_into().ok()?),
    };
    Some(IssuerAnswer { response_code, csu })
}

const fn version_byte(version: VisaCvn) -> u8 {
    match version {
        VisaCvn::Cvn10 => 0x0A,
        VisaCvn::Cvn17 => 0x11,
        VisaCvn::Cvn18 => 0x12,
        VisaCvn::Cvn22 => 0x22,
    }
}
