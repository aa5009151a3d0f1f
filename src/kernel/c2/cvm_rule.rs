//! One rule of the CVM List: when it counts, and whether the reader can do what it says (C-2, 7.5; EMV Book 3, 10.5).

use core::fmt;

use super::{Tap, database, options::Options};
use crate::{
    data::{
        bits::terminal_capabilities as capabilities,
        dictionary::{
            AMOUNT_AUTHORISED_9F02, APPLICATION_CURRENCY_CODE_9F42, TERMINAL_CAPABILITIES_9F33, TERMINAL_TYPE_9F35,
            TRANSACTION_CURRENCY_CODE_5F2A, TRANSACTION_TYPE_9C,
        },
    },
    kernel::contract::Cx,
};

/// Bits 6 to 1 of the code: fail.
pub const FAIL: u8 = 0x00;
/// Bits 6 to 1 of the code: online PIN.
pub const ONLINE_PIN: u8 = 0x02;
/// Bits 6 to 1 of the code: signature.
pub const SIGNATURE: u8 = 0x1E;
/// Bits 6 to 1 of the code: no CVM.
pub const NO_CVM: u8 = 0x1F;

/// A rule: a method, and the condition under which it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CvmRule {
    /// The whole first byte.
    pub code: u8,
    /// The second byte.
    pub condition: u8,
}

/// The CVM List (8E): two amounts, and rules.
#[derive(Clone, Copy, Debug)]
pub struct CvmList<'a> {
    x: u64,
    y: u64,
    rules: &'a [u8],
}

impl<'a> CvmList<'a> {
    /// From the value; `None` if it has no whole rule.
    pub fn parse(value: &'a [u8]) -> Option<Self> {
        let (x, rest) = value.split_first_chunk::<4>()?;
        let (y, rules) = rest.split_first_chunk::<4>()?;
        let list = Self { x: u32::from_be_bytes(*x).into(), y: u32::from_be_bytes(*y).into(), rules };
        (rules.len() >= 2).then_some(list)
    }

    /// The rules, in order.
    pub fn rules(self) -> impl Iterator<Item = CvmRule> + 'a {
        self.rules.chunks_exact(2).filter_map(|pair| match pair {
            [code, condition] => Some(CvmRule { code: *code, condition: *condition }),
            _ => None,
        })
    }
}

impl CvmRule {
    /// The method without bit 7.
    pub const fn method(self) -> u8 {
        self.code & 0x3F
    }

    /// Whether the next rule applies if this one is unsuccessful.
    pub const fn goes_on(self) -> bool {
        self.code & 0x40 != 0
    }

    /// CVM.15: whether the method is one that the book knows.
    pub const fn is_recognised(self) -> bool {
        matches!(self.method(), 0x00..=0x05 | SIGNATURE | NO_CVM)
    }

    /// CVM.10 to CVM.12: whether the condition is understood, can be judged, and is met.
    pub fn counts(self, list: CvmList<'_>, tap: &Tap, cx: &Cx<'_>) -> bool {
        let situation = Situation::new(&tap.options, cx);
        match self.condition {
            0x00 => true,
            0x01 => situation.unattended_cash,
            0x02 => !situation.unattended_cash && !situation.manual_cash && !situation.cashback,
            0x03 => self.is_supported(&tap.options, cx),
            0x04 => situation.manual_cash,
            0x05 => situation.cashback,
            0x06 => situation.amount.is_some_and(|amount| amount < list.x),
            0x07 => situation.amount.is_some_and(|amount| amount > list.x),
            0x08 => situation.amount.is_some_and(|amount| amount < list.y),
            0x09 => situation.amount.is_some_and(|amount| amount > list.y),
            _ => false,
        }
    }

    /// Why the condition is not met.
    pub const fn unmet(self) -> Unmet {
        Unmet(self)
    }

    /// CVM.17: whether the reader supports the method, by Terminal Capabilities.
    pub fn is_supported(self, options: &Options, cx: &Cx<'_>) -> bool {
        let has = |bit| database::has(TERMINAL_CAPABILITIES_9F33, bit, cx);
        let offline = !options.no_offline_pin;
        match self.method() {
            0x01 => offline && has(capabilities::PLAINTEXT_PIN),
            ONLINE_PIN => has(capabilities::ONLINE_PIN),
            0x03 => offline && has(capabilities::PLAINTEXT_PIN) && has(capabilities::SIGNATURE),
            0x04 => offline && has(capabilities::ENCIPHERED_PIN),
            0x05 => offline && has(capabilities::ENCIPHERED_PIN) && has(capabilities::SIGNATURE),
            SIGNATURE => has(capabilities::SIGNATURE),
            NO_CVM => has(capabilities::NO_CVM),
            _ => false,
        }
    }
}

/// A rule whose condition is not met.
#[derive(Clone, Copy, Debug)]
pub struct Unmet(CvmRule);

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(CvmRule { code, condition }) = self;
        let (bit, words) = match code & 0x3F {
            0x01 => (capabilities::PLAINTEXT_PIN, "offline PIN"),
            ONLINE_PIN => (capabilities::ONLINE_PIN, "online PIN"),
            0x03 => (capabilities::PLAINTEXT_PIN, "offline PIN and signature"),
            0x04 => (capabilities::ENCIPHERED_PIN, "enciphered offline PIN"),
            0x05 => (capabilities::ENCIPHERED_PIN, "enciphered offline PIN and signature"),
            SIGNATURE => (capabilities::SIGNATURE, "signature"),
            NO_CVM => (capabilities::NO_CVM, "no CVM"),
            _ if *condition == 0x03 => return f.write_str("its condition is not met, no reader supports this method"),
            _ => (capabilities::NO_CVM, ""),
        };
        let condition = match condition {
            0x01 => "this is no unattended cash",
            0x02 => "this is cash or cashback",
            0x03 => return write!(f, "its condition is not met, {words} is not supported (9F33 {bit} = 0)"),
            0x04 => "this is no manual cash",
            0x05 => "this is no cashback",
            0x06 => "the amount is not under X in the card's currency",
            0x07 => "the amount is not over X in the card's currency",
            0x08 => "the amount is not under Y in the card's currency",
            0x09 => "the amount is not over Y in the card's currency",
            other => return write!(f, "its condition {other:02X} is not known"),
        };
        write!(f, "its condition is not met, {condition}")
    }
}

/// What conditions look at.
struct Situation {
    unattended_cash: bool,
    manual_cash: bool,
    cashback: bool,
    /// The amount, if it is in the application's currency.
    amount: Option<u64>,
}

impl Situation {
    fn new(options: &Options, cx: &Cx<'_>) -> Self {
        let kind = database::byte(TRANSACTION_TYPE_9C, cx);
        let unattended = matches!(database::byte(TERMINAL_TYPE_9F35, cx) & 0x0F, 0x04..=0x06);
        let cash = kind == 0x01;
        let own = cx.store.array::<2>(APPLICATION_CURRENCY_CODE_9F42);
        let same = own.is_some() && own == cx.store.array(TRANSACTION_CURRENCY_CODE_5F2A);
        Self {
            unattended_cash: cash && unattended,
            manual_cash: options.manual_cash && (cash && !unattended || kind == 0x17),
            cashback: kind == 0x09,
            amount: same.then(|| database::number(&database::amount(AMOUNT_AUTHORISED_9F02, cx))),
        }
    }
}
