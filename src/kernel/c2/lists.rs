//! What the kernel hands over at the end, as lists of data objects (C-2, Annex A: FF8105, FF8106, FF8101).

use super::{
    Mode, Tap,
    options::{Edition, Options},
};
use crate::{
    data::{
        Source,
        dictionary::{self as d, DATA_RECORD_FF8105, DISCRETIONARY_DATA_FF8106, ERROR_INDICATION_DF8115},
    },
    kernel::contract::Cx,
    tlv::{Tag, Writer},
};

/// The data record of EMV mode.
const EMV_RECORD: [Tag; 30] = [
    d::AMOUNT_AUTHORISED_9F02,
    d::AMOUNT_OTHER_9F03,
    d::APPLICATION_CRYPTOGRAM_9F26,
    d::APPLICATION_EXPIRATION_DATE_5F24,
    d::AIP_82,
    d::APPLICATION_LABEL_50,
    d::PAN_5A,
    d::PAN_SEQUENCE_NUMBER_5F34,
    d::APPLICATION_PREFERRED_NAME_9F12,
    d::ATC_9F36,
    d::APPLICATION_USAGE_CONTROL_9F07,
    d::APPLICATION_VERSION_NUMBER_TERMINAL_9F09,
    d::CID_9F27,
    d::CVM_RESULTS_9F34,
    d::DF_NAME_84,
    d::IFD_SERIAL_NUMBER_9F1E,
    d::IAD_9F10,
    d::ISSUER_CODE_TABLE_INDEX_9F11,
    d::PAR_9F24,
    d::TOKEN_REQUESTOR_ID_9F19,
    d::TERMINAL_CAPABILITIES_9F33,
    d::TERMINAL_COUNTRY_CODE_9F1A,
    d::TERMINAL_TYPE_9F35,
    d::TVR_95,
    d::TRACK_2_EQUIVALENT_DATA_57,
    d::TRANSACTION_CATEGORY_CODE_9F53,
    d::TRANSACTION_CURRENCY_CODE_5F2A,
    d::TRANSACTION_DATE_9A,
    d::TRANSACTION_TYPE_9C,
    d::UNPREDICTABLE_NUMBER_9F37,
];

/// The data record of mag-stripe mode.
const MAG_STRIPE_RECORD: [Tag; 8] = [
    d::APPLICATION_LABEL_50,
    d::APPLICATION_PREFERRED_NAME_9F12,
    d::DF_NAME_84,
    d::ISSUER_CODE_TABLE_INDEX_9F11,
    d::MAG_STRIPE_VERSION_READER_9F6D,
    d::PAR_9F24,
    d::TRACK_1_DATA_56,
    d::TRACK_2_DATA_9F6B,
];

/// The discretionary data of EMV mode.
const EMV_DISCRETIONARY: [Tag; 11] = [
    d::APPLICATION_CAPABILITIES_INFORMATION_9F5D,
    d::APPLICATION_CURRENCY_CODE_9F42,
    d::BALANCE_READ_AFTER_GEN_AC_DF8105,
    d::BALANCE_READ_BEFORE_GEN_AC_DF8104,
    d::DS_SUMMARY_3_DF8102,
    d::DS_SUMMARY_STATUS_DF810B,
    ERROR_INDICATION_DF8115,
    d::POST_GEN_AC_PUT_DATA_STATUS_DF810E,
    d::PRE_GEN_AC_PUT_DATA_STATUS_DF810F,
    d::THIRD_PARTY_DATA_9F6E,
    d::TORN_RECORD_FF8101,
];

/// The discretionary data of mag-stripe mode.
const MAG_STRIPE_DISCRETIONARY: [Tag; 5] = [
    d::APPLICATION_CAPABILITIES_INFORMATION_9F5D,
    d::DD_CARD_TRACK1_DF812A,
    d::DD_CARD_TRACK2_DF812B,
    ERROR_INDICATION_DF8115,
    d::THIRD_PARTY_DATA_9F6E,
];

/// What a torn record keeps.
pub const TORN_RECORD: [Tag; 30] = [
    d::AMOUNT_AUTHORISED_9F02,
    d::AMOUNT_OTHER_9F03,
    d::PAN_5A,
    d::PAN_SEQUENCE_NUMBER_5F34,
    d::BALANCE_READ_BEFORE_GEN_AC_DF8104,
    d::CDOL1_RELATED_DATA_DF8107,
    d::CVM_RESULTS_9F34,
    d::DRDOL_RELATED_DATA_DF8113,
    d::DS_SUMMARY_1_9F7D,
    d::IDS_STATUS_DF8128,
    d::IFD_SERIAL_NUMBER_9F1E,
    d::PDOL_RELATED_DATA_DF8111,
    d::REFERENCE_CONTROL_PARAMETER_DF8114,
    d::TERMINAL_CAPABILITIES_9F33,
    d::TERMINAL_COUNTRY_CODE_9F1A,
    d::TERMINAL_TYPE_9F35,
    d::TVR_95,
    d::TRANSACTION_CATEGORY_CODE_9F53,
    d::TRANSACTION_CURRENCY_CODE_5F2A,
    d::TRANSACTION_DATE_9A,
    d::TRANSACTION_TIME_9F21,
    d::TRANSACTION_TYPE_9C,
    d::UNPREDICTABLE_NUMBER_9F37,
    d::TERMINAL_RR_ENTROPY_DF8301,
    d::DEVICE_RR_ENTROPY_DF8302,
    d::MIN_TIME_FOR_PROCESSING_RR_APDU_DF8303,
    d::MAX_TIME_FOR_PROCESSING_RR_APDU_DF8304,
    d::DEVICE_EST_TRANSMISSION_TIME_RR_R_APDU_DF8305,
    d::MEASURED_RR_PROCESSING_TIME_DF8306,
    d::RRP_COUNTER_DF8307,
];

/// The data record of the mode the transaction is in.
pub fn data_record(tap: &Tap, cx: &mut Cx<'_>) -> Vec<u8> {
    let list = match tap.mode {
        Mode::MagStripe => write(&MAG_STRIPE_RECORD, &tap.options, cx),
        Mode::Emv | Mode::Undecided => write(&EMV_RECORD, &tap.options, cx),
    };
    cx.set(DATA_RECORD_FF8105, &list, Source::Kernel);
    list
}

/// The discretionary data: of the mode, or Error Indication alone before there is one.
pub fn discretionary_data(tap: &Tap, cx: &mut Cx<'_>) -> Vec<u8> {
    let list = match tap.mode {
        Mode::Undecided => write(&[ERROR_INDICATION_DF8115], &tap.options, cx),
        Mode::Emv => write(&EMV_DISCRETIONARY, &tap.options, cx),
        Mode::MagStripe => write(&MAG_STRIPE_DISCRETIONARY, &tap.options, cx),
    };
    cx.set(DISCRETIONARY_DATA_FF8106, &list, Source::Kernel);
    list
}

/// The objects of a list that are there, as far as the edition has them.
pub fn write(tags: &[Tag], options: &Options, cx: &Cx<'_>) -> Vec<u8> {
    let mut writer = Writer::new();
    for tag in tags.iter().filter(|tag| is_of_edition(**tag, options)) {
        if let Some(value) = cx.store.get(*tag) {
            writer.object(*tag, value);
        }
    }
    writer.finish()
}

fn is_of_edition(tag: Tag, options: &Options) -> bool {
    let edition = options.edition;
    match tag {
        d::TOKEN_REQUESTOR_ID_9F19 => edition >= Edition::V2_11,
        d::PAR_9F24 => edition >= options.account_reference_since,
        d::BALANCE_READ_AFTER_GEN_AC_DF8105 | d::BALANCE_READ_BEFORE_GEN_AC_DF8104 => edition < Edition::V2_11,
        _ => true,
    }
}
