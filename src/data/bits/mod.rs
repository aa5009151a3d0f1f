//! What the bits of data objects mean. A bit's number stands once, in the tables; the constants the kernels test with and the
//! texts people read both come from there.
//!
//! ```
//! use emvtap::data::bits::ttq;
//!
//! let mut qualifiers = [0x26, 0, 0, 0];
//! assert!(ttq::EMV_MODE.is_set(&qualifiers) && !ttq::MAG_STRIPE_MODE.is_set(&qualifiers));
//! ttq::CVM_REQUIRED.set(&mut qualifiers);
//! assert_eq!(qualifiers, [0x26, 0x40, 0, 0]);
//! assert_eq!(ttq::CVM_REQUIRED.to_string(), "byte 2 bit 7");
//! ```

use core::fmt;

use super::{
    dictionary,
    scope::{Scope, Scopes},
};
use crate::tlv::Tag;

mod cvr;
mod emv;
mod kernels;
mod terminal;

pub use cvr::*;
pub use emv::*;
pub use kernels::*;
pub use terminal::*;

/// A bit of a data object, or a value of some neighbouring bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bit {
    byte: u8,
    mask: u8,
    value: u8,
}

impl Bit {
    /// Bit `bit`, 8 to 1, of byte `byte`, counted from 1.
    pub const fn new(byte: u8, bit: u8) -> Self {
        let mask = 1 << (bit - 1);
        Self { byte, mask, value: mask }
    }

    /// `value` in the bits `high` to `low` of byte `byte`.
    pub const fn field(byte: u8, high: u8, low: u8, value: u8) -> Self {
        let mask = (0xFF >> (8 - high)) & (0xFF << (low - 1));
        Self { byte, mask, value: value << (low - 1) }
    }

    /// The byte, from 1.
    pub const fn byte(self) -> u8 {
        self.byte
    }

    /// Which bits of the byte this is about.
    pub const fn mask(self) -> u8 {
        self.mask
    }

    /// The bits in their places as they are when this is set.
    pub const fn value(self) -> u8 {
        self.value
    }

    /// Whether this is one bit, and not a value of several.
    pub const fn is_single(self) -> bool {
        self.mask.count_ones() == 1 && self.value == self.mask
    }

    /// Whether the bit is 1, or the bits have the value. A byte that `value` does not have counts as 0.
    pub fn is_set(self, value: &[u8]) -> bool {
        value.get(usize::from(self.byte - 1)).copied().unwrap_or(0) & self.mask == self.value
    }

    /// Whether `byte`, the byte this is about, has the bit set or the value in its bits.
    pub const fn fits(self, byte: u8) -> bool {
        byte & self.mask == self.value
    }

    /// Sets the bit to 1, or the bits to the value. Without effect if `value` is too short.
    pub fn set(self, value: &mut [u8]) {
        self.write(value, self.value);
    }

    /// Sets the bit or bits to 0. Without effect if `value` is too short.
    pub fn clear(self, value: &mut [u8]) {
        self.write(value, 0);
    }

    /// Sets the bit if `on`, else clears it.
    pub fn put(self, value: &mut [u8], on: bool) {
        self.write(value, if on { self.value } else { 0 });
    }

    fn write(self, value: &mut [u8], bits: u8) {
        if let Some(byte) = value.get_mut(usize::from(self.byte - 1)) {
            *byte = *byte & !self.mask | bits;
        }
    }
}

/// `byte 2 bit 7`, `byte 1 bits 8-7`, or `byte 1`.
impl fmt::Display for Bit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (high, low) = (8 - self.mask.leading_zeros(), self.mask.trailing_zeros() + 1);
        match self.mask {
            0xFF => write!(f, "byte {}", self.byte),
            _ if high == low => write!(f, "byte {} bit {high}", self.byte),
            _ => write!(f, "byte {} bits {high}-{low}", self.byte),
        }
    }
}

/// What a bit or a value of some bits means.
#[derive(Clone, Copy, Debug)]
pub struct Meaning {
    /// Where.
    pub bit: Bit,
    /// The name of the constant: `CVM_REQUIRED`.
    pub name: &'static str,
    /// The meaning in plain words, true when the bit is set.
    pub words: &'static str,
}

/// The bits of one data object, or those that some kernels read in their own way.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// The object.
    pub tag: Tag,
    /// The name of the module with the constants: `ttq`.
    pub name: &'static str,
    /// Who reads the bits like this.
    pub scopes: Scopes,
    /// The bits, in the order of the bytes.
    pub meanings: &'static [Meaning],
}

/// All tables.
pub fn all() -> impl Iterator<Item = &'static Table> {
    [EMV, TERMINAL, KERNELS].into_iter().flatten().copied()
}

/// The tables of what stands inside an object, whose bytes are counted from its own beginning; not in [`all`].
pub fn parts() -> impl Iterator<Item = &'static Table> {
    CVR.iter().copied()
}

/// Action codes, which have the bits of the verification results that they are compared with (EMV Book 3, 10.7).
const ACTION_CODES: [Tag; 8] = [
    dictionary::ISSUER_ACTION_CODE_DEFAULT_9F0D,
    dictionary::ISSUER_ACTION_CODE_DENIAL_9F0E,
    dictionary::ISSUER_ACTION_CODE_ONLINE_9F0F,
    dictionary::TAC_DEFAULT_DF8120,
    dictionary::TAC_DENIAL_DF8121,
    dictionary::TAC_ONLINE_DF8122,
    dictionary::TAC_DENIAL_9F820B,
    dictionary::TAC_ONLINE_9F820C,
];

/// The tables by which a scope reads an object; without a scope all of them.
pub fn tables(tag: Tag, scope: Option<Scope>) -> impl Iterator<Item = &'static Table> {
    let tag = if ACTION_CODES.contains(&tag) { dictionary::TVR_95 } else { tag };
    all().filter(move |table| table.tag == tag && scope.is_none_or(|scope| table.scopes.contains(scope)))
}

/// What the bits of `value` say to a scope: every bit that is 1 and every value of several bits that has a meaning.
pub fn meanings(tag: Tag, scope: Option<Scope>, value: &[u8]) -> impl Iterator<Item = &'static Meaning> {
    let length = value.len();
    tables(tag, scope)
        .flat_map(|table| table.meanings)
        .filter(move |meaning| usize::from(meaning.bit.byte) <= length && meaning.bit.is_set(value))
}

/// The bits of `value` that are 1 without a meaning for the scope, reserved for future use: a mask for each byte.
pub fn reserved(tag: Tag, scope: Option<Scope>, value: &[u8]) -> Vec<u8> {
    let mut left = value.to_vec();
    for meaning in tables(tag, scope).flat_map(|table| table.meanings) {
        if let Some(byte) = left.get_mut(usize::from(meaning.bit.byte - 1)) {
            *byte &= !meaning.bit.mask;
        }
    }
    left
}

/// Turns rows into a module of constants and a table for each object, and the list of the tables.
macro_rules! bits {
    ($list:ident: $($(#[$doc:meta])* $module:ident $tag:ident $scopes:literal {
        $($byte:literal [$high:literal $(- $low:literal = $value:literal)?] $name:ident $words:literal;)*
    })*) => {
        $(
            $(#[$doc])*
            pub mod $module {
                use crate::data::bits::{Bit, Meaning, Table, bit};
                use crate::data::{dictionary::$tag as TAG, scope::Scopes};

                $(
                    #[doc = $words]
                    pub const $name: Bit = bit!($byte, $high $(, $low, $value)?);
                )*

                /// The bits with their meanings.
                pub static TABLE: Table = Table {
                    tag: TAG,
                    name: stringify!($module),
                    scopes: Scopes::parse($scopes),
                    meanings: &[$(Meaning { bit: $name, name: stringify!($name), words: $words }),*],
                };
            }
        )*

        pub(super) const $list: &[&super::Table] = &[$(&$module::TABLE),*];
    };
}

macro_rules! bit {
    ($byte:literal, $bit:literal) => {
        Bit::new($byte, $bit)
    };
    ($byte:literal, $high:literal, $low:literal, $value:literal) => {
        Bit::field($byte, $high, $low, $value)
    };
}

use {bit, bits};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::dictionary::{AIP_82, CTQ_9F6C, CVM_RESULTS_9F34, TTQ_9F66, TVR_95};

    fn words(tag: Tag, scope: Scope, value: &[u8]) -> Vec<&'static str> {
        meanings(tag, Some(scope), value).map(|meaning| meaning.words).collect()
    }

    #[test]
    fn the_same_byte_means_different_things_to_different_kernels() {
        let aip = [0x19, 0x81];
        assert!(aip_k2::EMV_MODE.is_set(&aip) && aip_k2::RELAY_RESISTANCE.is_set(&aip) && aip::CDA.is_set(&aip));
        assert!(words(AIP_82, Scope::K2, &aip).contains(&"relay resistance protocol supported"));
        assert!(!words(AIP_82, Scope::K3, &aip).contains(&"relay resistance protocol supported"));
        assert_eq!(words(TVR_95, Scope::K2, &[0, 0, 0, 0, 0x02]), ["relay resistance protocol performed"]);
    }

    #[test]
    fn values_of_several_bits_are_compared_as_a_whole() {
        assert!(cid::ARQC.is_set(&[0x80]) && !cid::TC.is_set(&[0x80]) && !cid::AAC.is_set(&[0x80]));
        let mut value = [0x88];
        cid::TC.set(&mut value);
        assert_eq!(value, [0x48]);
        let results = words(CVM_RESULTS_9F34, Scope::K2, &[0x1F, 0x00, 0x02]);
        assert_eq!(results, ["no CVM required", "always", "successful"]);
    }

    #[test]
    fn short_values_are_read_as_zeros_and_not_written() {
        assert!(!ttq::CVM_REQUIRED.is_set(&[0xFF]));
        let mut short = [0];
        ttq::CVM_REQUIRED.set(&mut short);
        assert_eq!(short, [0]);
        assert_eq!(meanings(CTQ_9F6C, None, &[]).count(), 0);
    }

    #[test]
    fn bits_without_a_meaning_are_found() {
        assert_eq!(reserved(TTQ_9F66, Some(Scope::K3), &[0xF7, 0x2A, 0x8A, 0x55]), [0x40, 0x0A, 0x0A, 0x55]);
    }

    #[test]
    fn every_table_lies_inside_its_object_and_no_bit_has_two_meanings() {
        for table in all().chain(parts()) {
            let rows = dictionary::rows(table.tag);
            let longest = rows.iter().map(|row| row.max).max().unwrap();
            for (position, meaning) in table.meanings.iter().enumerate() {
                let bit = meaning.bit;
                assert!((1..=longest).contains(&bit.byte.into()), "{}: {}", table.name, meaning.name);
                assert_eq!(bit.value & !bit.mask, 0, "{}: {}", table.name, meaning.name);
                for other in table.meanings.iter().skip(position + 1).map(|other| other.bit) {
                    let apart = bit.byte != other.byte || bit.mask & other.mask == 0;
                    assert!(apart || bit.mask == other.mask && bit.value != other.value, "{}: {bit}", table.name);
                }
            }
        }
    }
}
