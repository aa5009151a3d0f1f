//! Combined DDA/Application Cryptogram generation (C-2, S910.1 to S910.7; EMV Book 2, 6.6.2).

use core::fmt;

use super::{Tap, database, numbers::Numbers};
use crate::{
    crypto::{
        cda::{DynamicData, RELAY_RESISTANCE_LENGTH, transaction_data_hash},
        signature::FORMAT_DYNAMIC,
    },
    data::{
        Source,
        bits::{application_capabilities_information as aci, tvr, tvr_relay},
        dictionary::{
            self as d, APPLICATION_CAPABILITIES_INFORMATION_9F5D, APPLICATION_CRYPTOGRAM_9F26,
            CDOL1_RELATED_DATA_DF8107, CID_9F27, ICC_DYNAMIC_NUMBER_9F4C, PDOL_RELATED_DATA_DF8111, TVR_95,
            UNPREDICTABLE_NUMBER_9F37,
        },
    },
    kernel::{
        contract::Cx,
        event::Event,
        shared::oda::{self, OdaFailure, Policy},
    },
};

/// Why a card is not authenticated.
enum Failure {
    /// A key, or the signature as a whole.
    Oda(OdaFailure),
    /// The signed data are no combined dynamic data.
    DynamicData,
    /// The signed CID is not the one that the card sent.
    Cid,
    /// The transaction data hash is not the one of this transaction.
    Hash,
    /// The relay resistance data are missing, or are not those that the card sent.
    RelayResistance,
    /// What is left has not the length of summaries.
    Summaries,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Oda(failure) => failure.fmt(f),
            Self::DynamicData => f.write_str("the signed data are no combined dynamic data"),
            Self::Cid => f.write_str("the signed CID is not 9F27"),
            Self::Hash => f.write_str("the transaction data hash is another one"),
            Self::RelayResistance => f.write_str("the signed relay resistance data are not those that were exchanged"),
            Self::Summaries => f.write_str("the signed data have a length that no summaries have"),
        }
    }
}

impl From<OdaFailure> for Failure {
    fn from(failure: OdaFailure) -> Self {
        Self::Oda(failure)
    }
}

/// Verifies the signature, and takes the cryptogram and the summaries out of it. Whether it is good.
pub fn verify(numbers: &Numbers, tap: &Tap, cx: &mut Cx<'_>) -> bool {
    match recover(numbers, tap, cx) {
        Ok(()) => {
            cx.event(&Event::Oda { method: "cda", failure: None });
            cx.rule(numbers.signature, format_args!("the card is authenticated: CDA"));
            true
        }
        Err(failure) => {
            cx.event(&Event::Oda { method: "cda", failure: Some(format_args!("{failure}")) });
            cx.rule(numbers.cam_failed, format_args!("the card is not authenticated, {failure}: CAM failed"));
            database::set_tvr(&[tvr::CDA_FAILED], cx);
            false
        }
    }
}

fn recover(numbers: &Numbers, tap: &Tap, cx: &mut Cx<'_>) -> Result<(), Failure> {
    let policy = Policy { pan_from_track_2: false, ca_key_expiry_check: tap.options.ca_key_expiry_check };
    let issuer = oda::issuer_certificate(policy, cx)?.key;
    let card = oda::icc_certificate(&issuer, &tap.static_data, policy, cx)?.key;
    let (issuer, length) = (issuer.len() * 8, card.len() * 8);
    cx.rule(numbers.keys, format_args!("issuer key of {issuer} bits, card key of {length} bits"));
    let number = cx.store.get(UNPREDICTABLE_NUMBER_9F37).unwrap_or_default().to_vec();
    let signed = oda::dynamic_signature(&card, &[FORMAT_DYNAMIC], &number, cx)?;
    let data = DynamicData::parse(&signed.dynamic_data).ok_or(Failure::DynamicData)?;
    if cx.store.get(CID_9F27) != Some(&[data.cid]) {
        return Err(Failure::Cid);
    }
    if data.data_hash != hash(tap, cx) {
        return Err(Failure::Hash);
    }
    let (first, second) = summaries(data.more, tap, cx)?;
    cx.set(ICC_DYNAMIC_NUMBER_9F4C, data.icc_dynamic_number, Source::Kernel);
    cx.set(APPLICATION_CRYPTOGRAM_9F26, &data.cryptogram, Source::Card);
    cx.store.remove(d::DS_SUMMARY_2_DF8101);
    cx.store.remove(d::DS_SUMMARY_3_DF8102);
    for (tag, summary) in [(d::DS_SUMMARY_2_DF8101, first), (d::DS_SUMMARY_3_DF8102, second)] {
        if let Some(summary) = summary {
            cx.set(tag, summary, Source::Card);
        }
    }
    Ok(())
}

/// The hash over what the reader sent and what the card answered.
fn hash(tap: &Tap, cx: &Cx<'_>) -> [u8; 20] {
    let sent = |tag| cx.store.get(tag).unwrap_or_default();
    let dsdol = if tap.options.hash_dsdol { &tap.dsdol_data[..] } else { &[] };
    transaction_data_hash(&[sent(PDOL_RELATED_DATA_DF8111), sent(CDOL1_RELATED_DATA_DF8107), dsdol, &tap.answer])
}

/// DS Summary 2 and DS Summary 3.
type Summaries<'a> = (Option<&'a [u8]>, Option<&'a [u8]>);

/// S910.2 to S910.4.1: what follows the hash: the summaries if data storage is read, then relay resistance data if there was any.
fn summaries<'a>(more: &'a [u8], tap: &Tap, cx: &Cx<'_>) -> Result<Summaries<'a>, Failure> {
    let more = if database::has(TVR_95, tvr_relay::RELAY_RESISTANCE_PERFORMED, cx) {
        let start = more.len().checked_sub(RELAY_RESISTANCE_LENGTH).ok_or(Failure::RelayResistance)?;
        let (rest, signed) = more.split_at(start);
        if signed != exchanged(cx) {
            return Err(Failure::RelayResistance);
        }
        rest
    } else {
        more
    };
    if !tap.ids_read(cx) {
        return Ok((None, None));
    }
    let version_1 = database::has(APPLICATION_CAPABILITIES_INFORMATION_9F5D, aci::DATA_STORAGE_1, cx);
    let length = if version_1 { 8 } else { 16 };
    match more.len() {
        0 => Ok((None, None)),
        found if found == length => Ok((Some(more), None)),
        found if found == 2 * length => {
            let (first, second) = more.split_at(length);
            Ok((Some(first), Some(second)))
        }
        _ => Err(Failure::Summaries),
    }
}

/// The five values of the last exchange, as the card signs them.
fn exchanged(cx: &Cx<'_>) -> Vec<u8> {
    let tags = [
        d::TERMINAL_RR_ENTROPY_DF8301,
        d::DEVICE_RR_ENTROPY_DF8302,
        d::MIN_TIME_FOR_PROCESSING_RR_APDU_DF8303,
        d::MAX_TIME_FOR_PROCESSING_RR_APDU_DF8304,
        d::DEVICE_EST_TRANSMISSION_TIME_RR_R_APDU_DF8305,
    ];
    tags.iter().flat_map(|tag| cx.store.get(*tag).unwrap_or_default().iter().copied()).collect()
}
