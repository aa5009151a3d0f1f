//! What the decisions of Kernel 3 look at, and what they have come to so far.

use core::fmt;

use super::cryptogram::CryptogramType;
use crate::{
    data::{
        Store,
        bits::{Bit, Table, ctq, ttq},
        dictionary::{CTQ_9F6C, TTQ_9F66},
    },
    kernel::outcome::Cvm,
};

/// Where the transaction is heading. A later variant beats an earlier one: the reader's wish to decline (DRR) beats its wish to
/// go online (ORR).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Disposition {
    /// Neither is required: the card's approval stands.
    Approve,
    /// Online Required by Reader.
    GoOnline,
    /// Decline Required by Reader.
    Decline,
}

/// Terminal Transaction Qualifiers (9F66), as pre-processing left them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ttq([u8; 4]);

impl Ttq {
    /// From the store; all zero if the reader has none.
    pub fn of(store: &Store) -> Self {
        Self(store.array(TTQ_9F66).unwrap_or_default())
    }

    /// Whether the bit is set.
    pub fn has(self, bit: Bit) -> bool {
        bit.is_set(&self.0)
    }

    /// The bit in words, with its state.
    pub fn show(self, bit: Bit) -> Shown {
        Shown { object: "TTQ", table: &ttq::TABLE, bit, set: self.has(bit) }
    }
}

/// Card Transaction Qualifiers (9F6C).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ctq(pub [u8; 2]);

impl Ctq {
    /// From the store; `None` if the card sent none.
    pub fn of(store: &Store) -> Option<Self> {
        store.array(CTQ_9F6C).map(Self)
    }

    /// Whether the bit is set.
    pub fn has(self, bit: Bit) -> bool {
        bit.is_set(&self.0)
    }

    /// The bit in words, with its state.
    pub fn show(self, bit: Bit) -> Shown {
        Shown { object: "CTQ", table: &ctq::TABLE, bit, set: self.has(bit) }
    }
}

/// A bit as the narration names it: `CTQ byte 1 bit 8 "online PIN required" = 1`.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    object: &'static str,
    table: &'static Table,
    bit: Bit,
    set: bool,
}

impl Shown {
    /// Whether the bit is set.
    pub const fn is_set(self) -> bool {
        self.set
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { object, table, bit, set } = self;
        let meaning = table.meanings.iter().find(|meaning| meaning.bit == *bit);
        let words = meaning.map_or("", |meaning| meaning.words);
        write!(f, "{object} {bit} \"{words}\" = {}", u8::from(*set))
    }
}

/// How card and reader work together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// With a cryptogram.
    Emv,
    /// With track data only.
    MagStripe,
}

/// What the decisions look at, and what they have come to so far.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// Terminal Transaction Qualifiers.
    pub ttq: Ttq,
    /// Card Transaction Qualifiers.
    pub ctq: Option<Ctq>,
    /// EMV or mag-stripe mode.
    pub path: Path,
    /// The cryptogram's type.
    pub cryptogram: CryptogramType,
    /// Where the transaction is heading.
    pub disposition: Disposition,
    /// The cardholder verification method.
    pub cvm: Cvm,
}

impl Facts {
    /// Before the first decision.
    pub fn new(cryptogram: CryptogramType, store: &Store) -> Self {
        Self {
            ttq: Ttq::of(store),
            ctq: Ctq::of(store),
            path: Path::Emv,
            cryptogram,
            disposition: Disposition::Approve,
            cvm: Cvm::NoCvm,
        }
    }

    /// Heads for `disposition`, unless something stronger has been decided.
    pub fn raise(&mut self, disposition: Disposition) {
        self.disposition = self.disposition.max(disposition);
    }
}
