//! What the terminal said, and what the card makes of it.

use super::profile::{Decision, Risk};
use crate::{
    bytes::Cursor,
    data::{
        Amount,
        dictionary::{
            AMOUNT_AUTHORISED_9F02, AMOUNT_OTHER_9F03, TERMINAL_COUNTRY_CODE_9F1A, TRANSACTION_CURRENCY_CODE_5F2A,
            TRANSACTION_DATE_9A, TRANSACTION_TYPE_9C, TTQ_9F66, TVR_95, UNPREDICTABLE_NUMBER_9F37,
        },
    },
    tlv::DolEntry,
};

/// The values that came with GET PROCESSING OPTIONS, as far as the card uses them. Zeros where its PDOL does not ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct TerminalData {
    /// 9F66, if the PDOL asks for it.
    pub ttq: Option<[u8; 4]>,
    pub amount: [u8; 6],
    pub amount_other: [u8; 6],
    pub country: [u8; 2],
    pub tvr: [u8; 5],
    pub currency: [u8; 2],
    pub date: [u8; 3],
    pub transaction_type: u8,
    pub unpredictable_number: [u8; 4],
}

impl TerminalData {
    /// Splits the values by the card's own list; `None` if there are more or fewer bytes than the list asks for.
    pub fn split(pdol: &[DolEntry], values: &[u8]) -> Option<Self> {
        let mut cursor = Cursor::new(values);
        let mut data = Self::default();
        for entry in pdol {
            let value = cursor.take(entry.length.into())?;
            match entry.tag {
                TTQ_9F66 => data.ttq = Some(left(value)),
                AMOUNT_AUTHORISED_9F02 => data.amount = right(value),
                AMOUNT_OTHER_9F03 => data.amount_other = right(value),
                TERMINAL_COUNTRY_CODE_9F1A => data.country = right(value),
                TVR_95 => data.tvr = left(value),
                TRANSACTION_CURRENCY_CODE_5F2A => data.currency = right(value),
                TRANSACTION_DATE_9A => data.date = right(value),
                TRANSACTION_TYPE_9C => [data.transaction_type] = right(value),
                UNPREDICTABLE_NUMBER_9F37 => data.unpredictable_number = left(value),
                _ => {}
            }
        }
        cursor.is_empty().then_some(data)
    }

    /// Byte 1 bit 6: the reader supports EMV mode (C-3, annex A). A card that does not ask assumes so.
    pub fn emv_mode(&self) -> bool {
        self.ttq.is_none_or(|[b1, ..]| b1 & 0x20 != 0)
    }

    /// Byte 1 bit 8: the reader supports mag-stripe mode.
    pub fn mag_stripe_mode(&self) -> bool {
        self.ttq.is_some_and(|[b1, ..]| b1 & 0x80 != 0)
    }

    /// Byte 1 bit 4: the reader is offline-only.
    fn offline_only(&self) -> bool {
        self.ttq.is_some_and(|[b1, ..]| b1 & 0x08 != 0)
    }

    /// Byte 2 bit 8: the reader wants an online cryptogram.
    fn online_required(&self) -> bool {
        self.ttq.is_some_and(|[_, b2, ..]| b2 & 0x80 != 0)
    }

    /// The amount in minor units; `None` if it is no number.
    fn minor_units(&self) -> Option<u64> {
        Amount::from_bcd(self.amount).map(Amount::minor_units)
    }
}

/// Binary values are justified to the left.
fn left<const N: usize>(value: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    for (to, from) in out.iter_mut().zip(value) {
        *to = *from;
    }
    out
}

/// Numbers are justified to the right.
fn right<const N: usize>(value: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    for (to, from) in out.iter_mut().rev().zip(value.iter().rev()) {
        *to = *from;
    }
    out
}

/// The type of an application cryptogram; a greater one promises more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CryptogramType {
    /// Declined.
    Aac,
    /// The issuer is to decide.
    Arqc,
    /// Approved offline.
    Tc,
}

impl CryptogramType {
    /// The cryptogram information data (9F27): bits 8 and 7 (EMV Book 3, table 15).
    pub const fn cid(self) -> u8 {
        match self {
            Self::Aac => 0x00,
            Self::Tc => 0x40,
            Self::Arqc => 0x80,
        }
    }
}

/// Card risk management: what the card answers. `spent`: what it has approved offline since it was last online, in minor
/// units. Gives what will be spent after this transaction, too.
pub(super) fn decide(risk: &Risk, terminal: &TerminalData, spent: u64) -> (CryptogramType, u64) {
    match (risk.decision, offline_total(risk, terminal, spent)) {
        (Decision::Decline, _) => (CryptogramType::Aac, spent),
        (Decision::Offline, Some(total)) if !terminal.online_required() => (CryptogramType::Tc, total),
        _ if terminal.offline_only() => (CryptogramType::Aac, spent),
        _ => (CryptogramType::Arqc, spent),
    }
}

/// The sum approved offline if this amount is, or `None` if a limit forbids that.
fn offline_total(risk: &Risk, terminal: &TerminalData, spent: u64) -> Option<u64> {
    let amount = terminal.minor_units()?;
    let total = spent.checked_add(amount)?;
    let within = risk.offline_limit.is_none_or(|limit| amount <= limit)
        && risk.offline_total.is_none_or(|limit| total <= limit)
        && risk.currency.is_none_or(|currency| currency == terminal.currency);
    within.then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlv::Tag;

    const RISK: Risk = Risk {
        decision: Decision::Offline,
        offline_limit: Some(50_00),
        offline_total: Some(80_00),
        currency: Some([0x09, 0x78]),
    };

    fn terminal(ttq: u32, amount: [u8; 6]) -> TerminalData {
        TerminalData { ttq: Some(ttq.to_be_bytes()), amount, currency: [0x09, 0x78], ..TerminalData::default() }
    }

    #[test]
    fn limits_hold_up_to_and_including_themselves() {
        let fifty = terminal(0x2600_0000, [0, 0, 0, 0, 0x50, 0x00]);
        assert_eq!(decide(&RISK, &fifty, 0), (CryptogramType::Tc, 50_00));
        assert_eq!(decide(&RISK, &fifty, 30_00), (CryptogramType::Tc, 80_00));
        assert_eq!(decide(&RISK, &fifty, 30_01), (CryptogramType::Arqc, 30_01));
        assert_eq!(decide(&RISK, &terminal(0x2600_0000, [0, 0, 0, 0, 0x50, 0x01]), 0), (CryptogramType::Arqc, 0));
    }

    #[test]
    fn the_terminal_may_want_to_go_online_or_be_unable_to() {
        let five = [0, 0, 0, 0, 0x05, 0x00];
        assert_eq!(decide(&RISK, &terminal(0x2680_0000, five), 0).0, CryptogramType::Arqc);
        assert_eq!(decide(&RISK, &terminal(0x2E80_0000, five), 0).0, CryptogramType::Aac);
        assert_eq!(decide(&RISK, &terminal(0x2E00_0000, five), 0).0, CryptogramType::Tc);
        let foreign = TerminalData { currency: [0x08, 0x40], ..terminal(0x2600_0000, five) };
        assert_eq!(decide(&RISK, &foreign, 0).0, CryptogramType::Arqc);
    }

    #[test]
    fn values_are_split_by_the_list_and_nothing_may_be_left() {
        let pdol = [DolEntry { tag: TTQ_9F66, length: 4 }, DolEntry { tag: Tag::new(0x9F02), length: 7 }];
        let values = [0x26, 0, 0, 0, 0, 0, 0, 0, 0, 0x12, 0x34];
        let split = TerminalData::split(&pdol, &values).unwrap();
        assert_eq!((split.ttq, split.amount), (Some([0x26, 0, 0, 0]), [0, 0, 0, 0, 0x12, 0x34]));
        assert_eq!(TerminalData::split(&pdol, &values[1..]), None);
        assert_eq!(TerminalData::split(&pdol, &[values.as_slice(), &[0]].concat()), None);
    }
}
