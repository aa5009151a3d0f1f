//! What a reader is configured with (Book A, 5.7).

use core::fmt;

use super::{DataAnswer, DynamicLimits};
use crate::{bytes::Hex, crypto::Trust, data::Amount, kernel::contract::Kernel, tlv::Tag};

/// An application identifier: 5 to 16 bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Aid {
    bytes: [u8; 16],
    length: u8,
}

impl Aid {
    /// From its bytes; `None` unless there are 5 to 16.
    pub fn new(aid: &[u8]) -> Option<Self> {
        let length = u8::try_from(aid.len()).ok().filter(|length| (5..=16).contains(length))?;
        let mut bytes = [0; 16];
        bytes.get_mut(..aid.len())?.copy_from_slice(aid);
        Some(Self { bytes, length })
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length.into()).unwrap_or_default()
    }
}

impl fmt::Debug for Aid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Hex(self.bytes()), f)
    }
}

/// A kernel identifier of a reader combination: one byte (`03`), or three with the currency of a domestic scheme
/// (`810978`) (Book B, tables 3-4 and 3-5).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KernelId {
    bytes: [u8; 3],
    length: u8,
}

impl KernelId {
    /// Kernel 2, Mastercard.
    pub const C2: Self = Self::international(2);
    /// Kernel 3, Visa.
    pub const C3: Self = Self::international(3);

    /// A kernel with a one-byte identifier.
    pub const fn international(number: u8) -> Self {
        Self { bytes: [number, 0, 0], length: 1 }
    }

    /// From its bytes; `None` unless there are one or three.
    pub fn new(identifier: &[u8]) -> Option<Self> {
        match *identifier {
            [number] => Some(Self::international(number)),
            [a, b, c] => Some(Self { bytes: [a, b, c], length: 3 }),
            _ => None,
        }
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length.into()).unwrap_or_default()
    }
}

/// `C-3` for an EMVCo kernel, hex for every other.
impl fmt::Display for KernelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.bytes() {
            [number @ 1..=8] => write!(f, "C-{number}"),
            other => fmt::Display::fmt(&Hex(other), f),
        }
    }
}

impl fmt::Debug for KernelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Entry Point Configuration Data of a combination (Book A, table 5-2). Every item is optional, and absence means something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EntryPointData {
    /// Status Check Support flag; absent: no status check.
    pub status_check: Option<bool>,
    /// Zero Amount Allowed flag; absent: a zero amount is allowed, as with `true`.
    pub zero_amount_allowed: Option<bool>,
    /// Reader Contactless Transaction Limit: amounts that reach it are not allowed; absent: no limit.
    pub transaction_limit: Option<Amount>,
    /// Reader Contactless Floor Limit: amounts above it go online; absent: the terminal's floor limit counts.
    pub floor_limit: Option<Amount>,
    /// Terminal Floor Limit (9F1B), binary; absent: no floor limit.
    pub terminal_floor_limit: Option<u32>,
    /// Reader CVM Required Limit: amounts that reach it need a CVM; absent: no limit.
    pub cvm_required_limit: Option<Amount>,
    /// Terminal Transaction Qualifiers (9F66); absent: the combination has none.
    pub ttq: Option<[u8; 4]>,
    /// Extended Selection Support flag; absent: 9F29 is never appended.
    pub extended_selection: Option<bool>,
    /// Dynamic Reader Limits, an option of Kernel 3 (C-3, 5.1.2): limits are decided about once the card's program (9F5A) is
    /// known, so "not allowed" in pre-processing does not keep the combination out of the candidate list. Without it
    /// [`Combination::dynamic_limits`] are not looked at.
    pub dynamic_reader_limits: bool,
}

/// A reader combination: an application, the kernel that processes it, and what both are configured with.
pub struct Combination {
    /// The application.
    pub aid: Aid,
    /// The kernel.
    pub kernel_id: KernelId,
    /// What Entry Point works with.
    pub entry: EntryPointData,
    /// Limits for the cards of some programs, in place of those in `entry`.
    pub dynamic_limits: Vec<DynamicLimits>,
    /// Kernel configuration data: data objects that are put into the store at activation, over the terminal's.
    pub data: Vec<(Tag, Vec<u8>)>,
    /// The kernel itself.
    pub kernel: Box<dyn Kernel>,
}

impl fmt::Debug for Combination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Combination")
            .field("aid", &self.aid)
            .field("kernel_id", &self.kernel_id)
            .field("entry", &self.entry)
            .finish_non_exhaustive()
    }
}

impl Combination {
    /// A combination without limits, flags or data.
    pub fn new(aid: Aid, kernel_id: KernelId, kernel: Box<dyn Kernel>) -> Self {
        Self { aid, kernel_id, entry: EntryPointData::default(), dynamic_limits: Vec::new(), data: Vec::new(), kernel }
    }
}

/// The combinations for some transaction types (Book A, 5.7: configuration is per transaction type).
#[derive(Debug, Default)]
pub struct TransactionTable {
    /// Values of 9C that this table serves.
    pub transaction_types: Vec<u8>,
    /// The combinations, in the order of preference where Book B leaves a choice.
    pub combinations: Vec<Combination>,
}

/// Everything a reader is configured with.
#[derive(Debug, Default)]
pub struct Configuration {
    /// Data objects of the terminal, put into the store at every activation: 9F1A, 5F2A, 9F33, 9F35 …
    pub terminal: Vec<(Tag, Vec<u8>)>,
    /// Combinations by transaction type; the first table that serves a type counts.
    pub tables: Vec<TransactionTable>,
    /// CA keys and revoked certificates.
    pub trust: Trust,
    /// Decimal places of the terminal's currency (ISO 4217): a single unit of currency is 10 to this power.
    pub currency_exponent: u8,
    /// What the terminal says to a kernel that exchanges data with it, in the order in which it is looked for.
    pub data_exchange: Vec<DataAnswer>,
}
