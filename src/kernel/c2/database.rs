//! The objects of a transaction, by the book's rules for who may set what (C-2, 4 and 6.2.3).

use core::fmt;

use super::{dictionary, options::Options};
use crate::{
    data::{
        Presence, Source,
        bits::Bit,
        dictionary::{self as d, PAN_5A, TRACK_2_EQUIVALENT_DATA_57, TVR_95},
    },
    kernel::contract::Cx,
    tlv::{self, Object, Tag},
};

/// What configuration may leave out, and the value it then has (C-2, Annex A; the limits, 0).
const DEFAULTS: [(Tag, &[u8]); 34] = [
    (d::ADDITIONAL_TERMINAL_CAPABILITIES_9F40, &[0; 5]),
    (d::APPLICATION_VERSION_NUMBER_TERMINAL_9F09, &[0x00, 0x02]),
    (d::MAG_STRIPE_VERSION_READER_9F6D, &[0x00, 0x01]),
    (d::TERMINAL_COUNTRY_CODE_9F1A, &[0x00, 0x00]),
    (d::TERMINAL_TYPE_9F35, &[0x00]),
    (d::TRANSACTION_TYPE_9C, &[0x00]),
    (d::CARD_DATA_INPUT_CAPABILITY_DF8117, &[0x00]),
    (d::CVM_CAPABILITY_CVM_REQUIRED_DF8118, &[0x00]),
    (d::CVM_CAPABILITY_NO_CVM_REQUIRED_DF8119, &[0x00]),
    (d::DEFAULT_UDOL_DF811A, &[0x9F, 0x6A, 0x04]),
    (d::HOLD_TIME_VALUE_DF8130, &[0x0D]),
    (d::KERNEL_CONFIGURATION_DF811B, &[0x00]),
    (d::KERNEL_ID_DF810C, &[0x02]),
    (d::MAG_STRIPE_CVM_CAPABILITY_CVM_REQUIRED_DF811E, &[0xF0]),
    (d::MAG_STRIPE_CVM_CAPABILITY_NO_CVM_REQUIRED_DF812C, &[0xF0]),
    (d::MAX_LIFETIME_OF_TORN_RECORD_DF811C, &[0x01, 0x2C]),
    (d::MAX_NUMBER_OF_TORN_RECORDS_DF811D, &[0x00]),
    (d::MESSAGE_HOLD_TIME_DF812D, &[0x00, 0x00, 0x13]),
    (d::PHONE_MESSAGE_TABLE_DF8131, &PHONE_MESSAGES),
    (d::MIN_RELAY_RESISTANCE_GRACE_PERIOD_DF8132, &[0x00, 0x14]),
    (d::MAX_RELAY_RESISTANCE_GRACE_PERIOD_DF8133, &[0x00, 0x32]),
    (d::EXPECTED_TXN_TIME_RR_C_APDU_DF8134, &[0x00, 0x12]),
    (d::EXPECTED_TXN_TIME_RR_R_APDU_DF8135, &[0x00, 0x18]),
    (d::RR_ACCURACY_THRESHOLD_DF8136, &[0x01, 0x2C]),
    (d::RR_TRANSMISSION_TIME_MISMATCH_THRESHOLD_DF8137, &[0x32]),
    (d::READER_CONTACTLESS_FLOOR_LIMIT_DF8123, &[0; 6]),
    (d::TRANSACTION_LIMIT_NO_ON_DEVICE_CVM_DF8124, &[0; 6]),
    (d::TRANSACTION_LIMIT_ON_DEVICE_CVM_DF8125, &[0; 6]),
    (d::READER_CVM_REQUIRED_LIMIT_DF8126, &[0; 6]),
    (d::SECURITY_CAPABILITY_DF811F, &[0x00]),
    (d::TAC_DEFAULT_DF8120, &ACTION_CODE),
    (d::TAC_DENIAL_DF8121, &ACTION_CODE),
    (d::TAC_ONLINE_DF8122, &ACTION_CODE),
    (d::TIME_OUT_VALUE_DF8127, &[0x01, 0xF4]),
];

/// Offline authentication not performed, CDA failed, relay resistance thresholds exceeded.
const ACTION_CODE: [u8; 5] = [0x84, 0x00, 0x00, 0x00, 0x0C];

/// Mask, value, message and status: "see phone" for each thing the cardholder may have to do there, else "not authorised".
const PHONE_MESSAGES: [u8; 48] = [
    0x00, 0x00, 0x01, 0x00, 0x00, 0x01, 0x20, 0x00, 0x00, 0x08, 0x00, 0x00, 0x08, 0x00, 0x20, 0x00, 0x00, 0x04, 0x00,
    0x00, 0x04, 0x00, 0x20, 0x00, 0x00, 0x01, 0x00, 0x00, 0x01, 0x00, 0x20, 0x00, 0x00, 0x02, 0x00, 0x00, 0x02, 0x00,
    0x20, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x07, 0x00,
];

/// How deep templates may stand in each other.
const DEPTH_MAX: usize = 8;

/// What the kernel starts from: no values in the card's place, and defaults for what is not configured.
pub fn initialise(cx: &mut Cx<'_>) {
    dictionary::FROM_CARD.iter().for_each(|tag| cx.store.remove(*tag));
    for (tag, value) in DEFAULTS {
        if cx.store.presence(tag) == Presence::Absent {
            cx.store.put(tag, value, Source::Terminal);
        }
    }
    cx.set(d::MOBILE_SUPPORT_INDICATOR_9F7E, &[0x01], Source::Kernel);
}

/// Copies the value of an object, nothing if it is absent, into memory that may be read while the store is written to.
pub fn copy(tag: Tag, to: &mut Vec<u8>, cx: &Cx<'_>) {
    to.clear();
    to.extend_from_slice(cx.store.get(tag).unwrap_or_default());
}

/// Why what the card sent is not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is not BER-TLV.
    Malformed(tlv::Error),
    /// Templates stand in each other without end.
    TooDeep,
    /// It is another template than the command is answered with, or more than one.
    Template,
    /// An object came twice.
    Duplicate(Tag),
    /// An object is not the card's to give.
    NotTheCards(Tag),
    /// An object has a length that it may not have.
    Length(Tag),
    /// An object stands in the wrong template.
    Place(Tag),
    /// 57 and 5A have different accounts.
    Account,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) => write!(f, "not TLV: {error}"),
            Self::TooDeep => write!(f, "templates stand in each other without end"),
            Self::Template => write!(f, "not the one template that was expected"),
            Self::Duplicate(tag) => write!(f, "{tag} came twice"),
            Self::NotTheCards(tag) => write!(f, "{tag} is not the card's to give"),
            Self::Length(tag) => write!(f, "{tag} has a length that it may not have"),
            Self::Place(tag) => write!(f, "{tag} stands in the wrong template"),
            Self::Account => write!(f, "57 and 5A have different accounts"),
        }
    }
}

/// The value of the one template `tag` that `bytes` are.
pub fn template(bytes: &[u8], tag: Tag) -> Result<&[u8], Refused> {
    let mut objects = tlv::objects(bytes);
    let first = objects.next().ok_or(Refused::Template)?.map_err(Refused::Malformed)?;
    match objects.next() {
        _ if first.tag != tag => Err(Refused::Template),
        None => Ok(first.value),
        Some(Err(error)) => Err(Refused::Malformed(error)),
        Some(Ok(_)) => Err(Refused::Template),
    }
}

/// ParseAndStoreCardResponse (C-2, 4.7): takes every primitive object of what the card sent.
///
/// # Errors
/// The first object that is not as it must be; what came before it is stored.
pub fn parse_and_store(bytes: &[u8], options: &Options, cx: &mut Cx<'_>) -> Result<(), Refused> {
    take(bytes, None, 0, options, cx)?;
    if options.compare_track_2_pan { compare_accounts(cx) } else { Ok(()) }
}

fn take(bytes: &[u8], parent: Option<Tag>, depth: usize, options: &Options, cx: &mut Cx<'_>) -> Result<(), Refused> {
    if depth > DEPTH_MAX {
        return Err(Refused::TooDeep);
    }
    for object in tlv::objects(bytes) {
        let object = object.map_err(Refused::Malformed)?;
        if object.tag.is_constructed() {
            take(object.value, Some(object.tag), depth + 1, options, cx)?;
        } else {
            take_object(&object, parent, options, cx)?;
        }
    }
    Ok(())
}

fn take_object(object: &Object<'_>, parent: Option<Tag>, options: &Options, cx: &mut Cx<'_>) -> Result<(), Refused> {
    let Object { tag, value, .. } = *object;
    let presence = cx.store.presence(tag);
    let is_private = tag.bytes().iter().find(|byte| **byte != 0).is_some_and(|first| first & 0xC0 == 0xC0);
    if !dictionary::is_known(tag) {
        return match presence {
            Presence::Absent => Ok(()),
            _ => Err(Refused::NotTheCards(tag)),
        };
    }
    if !dictionary::is_from_card(tag) {
        return if is_private && options.skip_private_tags { Ok(()) } else { Err(Refused::NotTheCards(tag)) };
    }
    let templates = dictionary::row(tag).map_or(&[][..], |row| row.templates);
    if presence == Presence::Present {
        return Err(Refused::Duplicate(tag));
    }
    if !dictionary::allows(tag, value.len()) {
        return Err(Refused::Length(tag));
    }
    if !templates.is_empty() && !parent.is_some_and(|parent| templates.contains(&parent)) {
        return Err(Refused::Place(tag));
    }
    cx.set(tag, value, Source::Card);
    Ok(())
}

fn compare_accounts(cx: &Cx<'_>) -> Result<(), Refused> {
    let (Some(track), Some(pan)) = (cx.store.get(TRACK_2_EQUIVALENT_DATA_57), cx.store.get(PAN_5A)) else {
        return Ok(());
    };
    if digits(track).eq(digits(pan)) { Ok(()) } else { Err(Refused::Account) }
}

/// The decimal digits at the head of a value.
pub fn digits(value: &[u8]) -> impl Iterator<Item = u8> {
    value.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]).take_while(|nibble| *nibble < 10)
}

/// The number that decimal digits write; nibbles that are none count as they are.
pub fn number(value: &[u8]) -> u64 {
    let nibbles = value.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]);
    nibbles.fold(0_u64, |number, nibble| number.saturating_mul(10).saturating_add(nibble.into()))
}

/// Whether the object is there without a value, which is how configuration says "ask for it".
pub fn is_empty(tag: Tag, cx: &Cx<'_>) -> bool {
    cx.store.presence(tag) == Presence::Empty
}

/// Whether a bit of the object is set; the bits of an absent object are not.
pub fn has(tag: Tag, bit: Bit, cx: &Cx<'_>) -> bool {
    cx.store.get(tag).is_some_and(|value| bit.is_set(value))
}

/// The two bytes of an object as a number; 0 without it.
pub fn word(tag: Tag, cx: &Cx<'_>) -> u32 {
    cx.store.array(tag).map_or(0, u16::from_be_bytes).into()
}

/// The one byte of an object; 0 without it.
pub fn byte(tag: Tag, cx: &Cx<'_>) -> u8 {
    cx.store.array(tag).map_or(0, |[byte]| byte)
}

/// An amount of twelve digits; zero without it.
pub fn amount(tag: Tag, cx: &Cx<'_>) -> [u8; 6] {
    cx.store.array(tag).unwrap_or_default()
}

/// Sets bits of Terminal Verification Results.
pub fn set_tvr(bits: &[Bit], cx: &mut Cx<'_>) {
    let mut results: [u8; 5] = cx.store.array(TVR_95).unwrap_or_default();
    bits.iter().for_each(|bit| bit.set(&mut results));
    cx.set(TVR_95, &results, Source::Kernel);
}

/// Sets a bit of an object of one byte.
pub fn set_bit(tag: Tag, bit: Bit, on: bool, cx: &mut Cx<'_>) {
    let mut value = [byte(tag, cx)];
    bit.put(&mut value, on);
    cx.set(tag, &value, Source::Kernel);
}
