//! What an M/Chip card computes: cryptogram, issuer application data, combined signature.

use super::{Applet, Session, device::Owner};
use crate::{
    card::{
        answer,
        profile::{Application, Mchip},
        risk::{CryptogramType, TerminalData},
    },
    crypto::{
        SymmetricKey,
        cda::{DynamicData, transaction_data_hash},
        cryptogram::CryptogramData,
        signature::{FORMAT_DYNAMIC, sign_sdad},
    },
    data::dictionary::{AIP_82, IAD_9F10, ISSUER_COUNTRY_CODE_5F28, PAN_SEQUENCE_NUMBER_5F34},
};

/// How many bytes of issuer application data follow the card verification results at least: a code, then counters.
const REST: usize = 10;

/// The bits of M/Chip's card verification results that this card sets.
mod cvr {
    /// Byte 1, bits 8-7: a second cryptogram has not been requested.
    pub(super) const NO_SECOND: u8 = 0x80;
    /// Byte 1: a PIN has been verified offline, successfully; so do phones say that their owner has been verified.
    pub(super) const PIN: u8 = 0x04;
    pub(super) const PIN_SUCCESSFUL: u8 = 0x01;
    /// Byte 2: a combined signature was returned.
    pub(super) const CDA: u8 = 0x40;
    /// Byte 3, bits 4-1: PIN tries left.
    pub(super) const TRIES: u8 = 0x03;
    /// Byte 4: offline PIN verification was not performed.
    pub(super) const NO_PIN: u8 = 0x20;
    /// Byte 4: where the terminal is.
    pub(super) const INTERNATIONAL: u8 = 0x04;
    pub(super) const DOMESTIC: u8 = 0x02;
}

/// What a cryptogram is made from beside the terminal's data.
pub(super) struct Decided {
    pub kind: CryptogramType,
    pub is_signed: bool,
    pub owner: Owner,
}

impl Applet {
    /// The issuer application data (9F10): key index, version, card verification results, then what the profile states: a
    /// code of 2 bytes and counters, zeros without.
    pub(super) fn application_data(&self, terminal: &TerminalData, decided: &Decided) -> Vec<u8> {
        if let Some(stated) = self.application.data.get(&IAD_9F10) {
            return stated.clone();
        }
        let cryptogram = &self.application.cryptogram;
        let number = self.settings.version.name.rsplit('-').next().and_then(|number| number.parse().ok());
        let mut data = vec![cryptogram.key_index, number.unwrap_or_default()];
        data.extend(self.verification_results(terminal, decided));
        let start = data.len();
        data.extend_from_slice(&cryptogram.discretionary);
        data.resize(data.len().max(start + REST), 0);
        data
    }

    fn verification_results(&self, terminal: &TerminalData, decided: &Decided) -> [u8; 6] {
        let pin = if decided.owner == Owner::Verified { cvr::PIN | cvr::PIN_SUCCESSFUL } else { 0 };
        let signed = if decided.is_signed { cvr::CDA } else { 0 };
        let no_pin = if pin == 0 { cvr::NO_PIN } else { 0 };
        let place = match self.stated(ISSUER_COUNTRY_CODE_5F28) {
            Some(country) if country != terminal.country => cvr::INTERNATIONAL,
            _ => cvr::DOMESTIC,
        };
        [cvr::NO_SECOND | decided.kind.cid() >> 2 | pin, signed, cvr::TRIES, no_pin | place, 0, 0]
    }

    /// The cryptogram. A card whose stated data or key do not fit its version has none to give.
    pub(super) fn cryptogram(&self, terminal: &TerminalData, iad: &[u8]) -> [u8; 8] {
        let data = CryptogramData {
            amount: terminal.amount,
            amount_other: terminal.amount_other,
            country: terminal.country,
            tvr: terminal.tvr,
            currency: terminal.currency,
            date: terminal.date,
            transaction_type: terminal.transaction_type,
            unpredictable_number: terminal.unpredictable_number,
            aip: self.stated(AIP_82).unwrap_or_default(),
            atc: self.atc.to_be_bytes(),
            iad,
        };
        self.card_key.as_ref().and_then(|key| self.settings.version.method.cryptogram(key, &data)).unwrap_or_default()
    }

    /// The combined signature (EMV Book 2, 6.6.1; C-2 adds summaries and relay resistance data). `sent`: the values of CDOL1;
    /// `answered`: the objects of the answer without the signature.
    pub(super) fn sign(
        &self,
        session: &Session,
        (kind, cryptogram): (CryptogramType, [u8; 8]),
        (sent, answered): (&[u8], &[u8]),
        (summaries, unpredictable_number): (&[u8], [u8; 4]),
        seed: u64,
    ) -> Option<Vec<u8>> {
        let number = [1, 2].map(|half| answer::unpredictable(seed ^ u64::from(self.atc) << 24 ^ half)).concat();
        let more = [summaries, &session.relay.signed].concat();
        let data = DynamicData {
            icc_dynamic_number: &number,
            cid: kind.cid(),
            cryptogram,
            data_hash: transaction_data_hash(&[&session.pdol_data, sent, answered]),
            more: &more,
        };
        let key = self.issued.card_key.as_ref()?;
        sign_sdad(key, FORMAT_DYNAMIC, &data.to_bytes(), &unpredictable_number).ok()
    }
}

/// The card's master key, from the issuer's by the way of the version. `None` if the issuer's is of the other cipher.
pub(super) fn card_key(application: &Application, settings: &Mchip) -> Option<SymmetricKey> {
    let master = &application.keys.master.0;
    let issuer = if settings.version.is_aes() { SymmetricKey::aes(master) } else { SymmetricKey::triple_des(master) };
    let sequence_number = match application.data.get(&PAN_SEQUENCE_NUMBER_5F34).map(Vec::as_slice) {
        Some([number]) => *number,
        _ => 0,
    };
    settings.version.method.card_key.derive(&issuer?, &application.pan(), sequence_number)
}
