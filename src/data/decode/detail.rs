//! What a value says, piece by piece: its bits, its parts, the entries of its lists.

use core::fmt;

use super::Node;
use crate::{
    data::{
        bits::{self, Table},
        dictionary::Row,
        scope::Scope,
    },
    tlv::Tag,
};

mod iad;
mod kernel2;
mod lists;
mod masks;
mod parts;

pub use masks::table_details;

/// A piece of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// Where it stands in the value.
    pub place: Place,
    /// What kind of piece it is.
    pub state: State,
    /// The object that the piece names or holds, if it does.
    pub tag: Option<Tag>,
    /// What it means.
    pub words: String,
    /// Its bytes, where they are worth showing.
    pub value: Vec<u8>,
    /// What it consists of; places are counted from the beginning of the piece.
    pub inside: Vec<Self>,
}

/// Where a piece of a value stands. Bytes are counted from 1, bits from 8 down to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Some bits of a byte.
    Bits {
        /// The byte.
        byte: usize,
        /// Which of its bits.
        mask: u8,
    },
    /// Some bytes.
    Bytes {
        /// The first.
        first: usize,
        /// The last; before the first if there are none.
        last: usize,
    },
    /// All of it.
    Whole,
}

/// What kind of piece of a value something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A bit that is 1, or bits with a value that has a meaning.
    Set,
    /// A bit that is 0.
    Unset,
    /// Bits without a meaning that are not 0.
    Reserved,
    /// Bits without a meaning that are 0, as they should be.
    ReservedUnset,
    /// A part that is more than bits.
    Part,
    /// Something that should not be so.
    Wrong,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Bits { byte, mask: 0xFF } => write!(f, "byte {byte}"),
            Self::Bits { byte, mask } => {
                let (high, low) = (8 - mask.leading_zeros(), mask.trailing_zeros() + 1);
                match () {
                    () if high == low => write!(f, "byte {byte} bit {high}"),
                    () => write!(f, "byte {byte} bits {high}-{low}"),
                }
            }
            Self::Bytes { first, last } if first == last => write!(f, "byte {first}"),
            Self::Bytes { first, last } => write!(f, "bytes {first}-{last}"),
            Self::Whole => Ok(()),
        }
    }
}

impl State {
    /// The word of the JSON output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Set => "set",
            Self::Unset => "unset",
            Self::Reserved => "reserved",
            Self::ReservedUnset => "reserved-unset",
            Self::Part => "part",
            Self::Wrong => "wrong",
        }
    }
}

impl Detail {
    /// A part of the value: `length` bytes from offset `at`.
    fn part(at: usize, value: &[u8], words: impl Into<String>) -> Self {
        let place = Place::Bytes { first: at + 1, last: at + value.len() };
        Self { place, state: State::Part, tag: None, words: words.into(), value: value.to_vec(), inside: Vec::new() }
    }

    /// Something that is wrong from offset `at` on.
    fn wrong(at: usize, value: &[u8], words: impl Into<String>) -> Self {
        Self { state: State::Wrong, ..Self::part(at, value, words) }
    }

    fn with(self, inside: Vec<Self>) -> Self {
        Self { inside, ..self }
    }
}

/// Longer values than any object has are not taken apart to their end.
const VALUE_MAX: usize = 512;

impl Node {
    /// Every piece of the value that has a meaning, and every bit that has none; empty for text and numbers.
    pub fn details(&self) -> Vec<Detail> {
        let Some(row) = self.row else { return Vec::new() };
        let structured = structure(row, self.scope, self.start());
        if structured.is_empty() { self.bit_details(row) } else { structured }
    }

    /// As much of the value as is taken apart: no object is longer, and nonsense may be.
    fn start(&self) -> &[u8] {
        self.value.get(..VALUE_MAX).unwrap_or(&self.value)
    }

    fn bit_details(&self, row: &Row) -> Vec<Detail> {
        let scope = self.bit_scope();
        let own: Vec<&'static Table> = bits::tables(row.tag, scope).collect();
        let mut details = table_details(&own, self.start());
        if self.scope.is_none() {
            let kernels: Vec<&'static Table> = bits::tables(row.tag, None)
                .filter(|table| row.kernels.iter().any(|scope| table.scopes.contains(scope)))
                .collect();
            masks::add_foreign(&mut details, &kernels, self.start());
        }
        if self.scope == Some(Scope::K2) && row.constant == "CVM_RESULTS_9F34" {
            kernel2::on_device_cvm(&mut details, self.start());
        }
        details
    }
}

/// The parts of values that are more than bits.
fn structure(row: &Row, scope: Option<Scope>, value: &[u8]) -> Vec<Detail> {
    if super::text::is_list(row) {
        return lists::data_object_list(scope, value);
    }
    match row.constant {
        "AFL_94" => lists::file_locator(value),
        "CVM_LIST_8E" => lists::cvm_list(value),
        "SDA_TAG_LIST_9F4A" => lists::tag_list(scope, value),
        "IAD_9F10" => iad::parts(scope, value),
        "THIRD_PARTY_DATA_9F6E" => parts::third_party_data(value),
        "ISSUER_AUTHENTICATION_DATA_91" => parts::issuer_authentication_data(value),
        "KERNEL_IDENTIFIER_9F2A" => kernel2::kernel_identifier(value),
        "USER_INTERFACE_REQUEST_DATA_DF8116" => kernel2::user_interface_request(value),
        "PHONE_MESSAGE_TABLE_DF8131" => kernel2::phone_message_table(value),
        "MAG_STRIPE_CVM_CAPABILITY_CVM_REQUIRED_DF811E" | "MAG_STRIPE_CVM_CAPABILITY_NO_CVM_REQUIRED_DF812C" => {
            kernel2::mag_stripe_cvm(value)
        }
        "SERVICE_CODE_5F30" => parts::service_code(value),
        "ASRPD_9F0A" => parts::registered_data(value),
        "LOG_ENTRY_9F4D" | "VISA_LOG_ENTRY_DF60" => parts::log_entry(value),
        "CARD_AUTHENTICATION_RELATED_DATA_9F69" => parts::card_authentication_related_data(value),
        "ERROR_INDICATION_DF8115" => parts::error_indication(value),
        "OUTCOME_PARAMETER_SET_DF8129" => parts::outcome_parameter_set(value),
        _ => Vec::new(),
    }
}
