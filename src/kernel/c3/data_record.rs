//! The data record and the discretionary data (C-3, data record of the EMV path).

use super::facts::Path;
use crate::{
    data::{
        Source,
        dictionary::{
            AIP_82, AMOUNT_AUTHORISED_9F02, AMOUNT_OTHER_9F03, APPLICATION_CRYPTOGRAM_9F26, ATC_9F36,
            AVAILABLE_OFFLINE_SPENDING_AMOUNT_9F5D, CARDHOLDER_NAME_5F20, CUSTOMER_EXCLUSIVE_DATA_9F7C,
            FORM_FACTOR_INDICATOR_9F6E, IAD_9F10, PAN_SEQUENCE_NUMBER_5F34, POS_ENTRY_MODE_9F39,
            TERMINAL_CAPABILITIES_9F33, TERMINAL_COUNTRY_CODE_9F1A, TRACK_1_DISCRETIONARY_DATA_9F1F,
            TRACK_2_EQUIVALENT_DATA_57, TRANSACTION_CURRENCY_CODE_5F2A, TRANSACTION_DATE_9A, TRANSACTION_TIME_9F21,
            TRANSACTION_TYPE_9C, TTQ_9F66, TVR_95, UNPREDICTABLE_NUMBER_9F37,
        },
    },
    kernel::contract::Cx,
    tlv::{Tag, Writer},
};

/// What goes into the data record, as far as it is present.
const OBJECTS: [Tag; 18] = [
    AMOUNT_AUTHORISED_9F02,
    AMOUNT_OTHER_9F03,
    APPLICATION_CRYPTOGRAM_9F26,
    AIP_82,
    ATC_9F36,
    PAN_SEQUENCE_NUMBER_5F34,
    CUSTOMER_EXCLUSIVE_DATA_9F7C,
    IAD_9F10,
    POS_ENTRY_MODE_9F39,
    TERMINAL_CAPABILITIES_9F33,
    TERMINAL_COUNTRY_CODE_9F1A,
    TRACK_2_EQUIVALENT_DATA_57,
    TRANSACTION_CURRENCY_CODE_5F2A,
    TRANSACTION_DATE_9A,
    TRANSACTION_TYPE_9C,
    UNPREDICTABLE_NUMBER_9F37,
    TVR_95,
    FORM_FACTOR_INDICATOR_9F6E,
];

/// POS Entry Mode (9F39) of a contactless chip transaction.
const CONTACTLESS_CHIP: [u8; 1] = [0x07];
/// The same of contactless track data.
const CONTACTLESS_MAG_STRIPE: [u8; 1] = [0x91];

/// The same in mag-stripe mode. Track 1 is left to the terminal: how it is made from 57 differs from product to product.
const MAG_STRIPE_OBJECTS: [Tag; 17] = [
    AMOUNT_AUTHORISED_9F02,
    APPLICATION_CRYPTOGRAM_9F26,
    PAN_SEQUENCE_NUMBER_5F34,
    ATC_9F36,
    CUSTOMER_EXCLUSIVE_DATA_9F7C,
    FORM_FACTOR_INDICATOR_9F6E,
    IAD_9F10,
    POS_ENTRY_MODE_9F39,
    TTQ_9F66,
    UNPREDICTABLE_NUMBER_9F37,
    TRANSACTION_DATE_9A,
    TRANSACTION_TIME_9F21,
    TRANSACTION_CURRENCY_CODE_5F2A,
    TRANSACTION_TYPE_9C,
    TRACK_2_EQUIVALENT_DATA_57,
    CARDHOLDER_NAME_5F20,
    TRACK_1_DISCRETIONARY_DATA_9F1F,
];

/// The data for clearing or authorisation. Sets what the kernel itself adds: POS Entry Mode, and a TVR of zeros, because
/// Kernel 3 keeps none; mag-stripe mode has no TVR at all.
pub fn data_record(path: Path, cx: &mut Cx<'_>) -> Vec<u8> {
    if path == Path::MagStripe {
        cx.set(POS_ENTRY_MODE_9F39, &CONTACTLESS_MAG_STRIPE, Source::Kernel);
        return write(cx, &MAG_STRIPE_OBJECTS);
    }
    cx.set(POS_ENTRY_MODE_9F39, &CONTACTLESS_CHIP, Source::Kernel);
    cx.set(TVR_95, &[0; 5], Source::Kernel);
    write(cx, &OBJECTS)
}

/// What a card without anything to clear may still tell: its Available Offline Spending Amount (4.3.1.1).
pub fn discretionary_data(cx: &Cx<'_>) -> Vec<u8> {
    write(cx, &[AVAILABLE_OFFLINE_SPENDING_AMOUNT_9F5D])
}

fn write(cx: &Cx<'_>, tags: &[Tag]) -> Vec<u8> {
    let mut writer = Writer::new();
    for tag in tags {
        if let Some(value) = cx.store.get(*tag) {
            writer.object(*tag, value);
        }
    }
    writer.finish()
}
