//! What must be there, and agree, before anything is decided (C-3, 5.4.2).

use super::{options::Options, rules};
use crate::{
    data::{
        Pan, Presence,
        dictionary::{
            AIP_82, AMOUNT_AUTHORISED_9F02, AMOUNT_OTHER_9F03, APPLICATION_CRYPTOGRAM_9F26, ATC_9F36,
            CA_PUBLIC_KEY_INDEX_8F, CARD_AUTHENTICATION_RELATED_DATA_9F69, DF_NAME_84, IAD_9F10,
            ICC_PUBLIC_KEY_CERTIFICATE_9F46, ICC_PUBLIC_KEY_EXPONENT_9F47, ISSUER_PUBLIC_KEY_CERTIFICATE_90,
            ISSUER_PUBLIC_KEY_EXPONENT_9F32, PAN_5A, PDOL_9F38, SDAD_9F4B, SSAD_93, TERMINAL_COUNTRY_CODE_9F1A,
            TRACK_2_EQUIVALENT_DATA_57, TRANSACTION_CURRENCY_CODE_5F2A, TRANSACTION_DATE_9A, TRANSACTION_TYPE_9C,
            UNPREDICTABLE_NUMBER_9F37,
        },
    },
    kernel::{contract::Cx, fault::Fault},
    tlv::Tag,
};

/// What the card must send.
const CARD: [Tag; 6] = [APPLICATION_CRYPTOGRAM_9F26, AIP_82, ATC_9F36, IAD_9F10, TRACK_2_EQUIVALENT_DATA_57, PDOL_9F38];

/// What SDA needs beside the CA public key.
const STATIC: [Tag; 5] =
    [SSAD_93, CA_PUBLIC_KEY_INDEX_8F, ISSUER_PUBLIC_KEY_CERTIFICATE_90, ISSUER_PUBLIC_KEY_EXPONENT_9F32, PAN_5A];

/// What fDDA needs beside the CA public key.
const DYNAMIC: [Tag; 8] = [
    SDAD_9F4B,
    CA_PUBLIC_KEY_INDEX_8F,
    ISSUER_PUBLIC_KEY_CERTIFICATE_90,
    ISSUER_PUBLIC_KEY_EXPONENT_9F32,
    PAN_5A,
    ICC_PUBLIC_KEY_CERTIFICATE_9F46,
    ICC_PUBLIC_KEY_EXPONENT_9F47,
    CARD_AUTHENTICATION_RELATED_DATA_9F69,
];

/// What the reader must know.
const READER: [Tag; 6] = [
    AMOUNT_AUTHORISED_9F02,
    TRANSACTION_CURRENCY_CODE_5F2A,
    TRANSACTION_DATE_9A,
    TRANSACTION_TYPE_9C,
    TERMINAL_COUNTRY_CODE_9F1A,
    UNPREDICTABLE_NUMBER_9F37,
];

/// 5.4.2.1: every mandatory object has a value.
///
/// # Errors
/// [`Fault::Missing`] with the first that has none.
pub fn check_presence(options: &Options, cx: &mut Cx<'_>) -> Result<(), Fault> {
    let cashback = cx.store.array(TRANSACTION_TYPE_9C) == Some([0x09]);
    let dependent = [(AMOUNT_OTHER_9F03, cashback), (DF_NAME_84, options.df_name_mandatory)];
    let dependent = dependent.into_iter().filter(|(_, mandatory)| *mandatory).map(|(tag, _)| tag);
    match READER.into_iter().chain(CARD).chain(dependent).find(|tag| cx.store.presence(*tag) != Presence::Present) {
        Some(tag) => Err(Fault::Missing(tag)),
        None => {
            cx.rule(rules::MANDATORY_DATA, format_args!("every mandatory object is present"));
            Ok(())
        }
    }
}

/// Mag-stripe mode: there is Track 2 Equivalent Data; what the reader has to know it needs for the authorisation all the same.
///
/// # Errors
/// [`Fault::Missing`] with the first object that is not there.
pub fn check_track_data(cx: &mut Cx<'_>) -> Result<(), Fault> {
    let track = [TRACK_2_EQUIVALENT_DATA_57];
    match READER.into_iter().chain(track).find(|tag| cx.store.presence(*tag) != Presence::Present) {
        Some(tag) => Err(Fault::Missing(tag)),
        None => {
            cx.rule(rules::MAG_STRIPE, format_args!("track data is present"));
            Ok(())
        }
    }
}

/// 5.4.2.1, for readers that authenticate online transactions: the data of the method that the card offers is complete.
///
/// # Errors
/// [`Fault::Missing`] with the first object that is not there.
pub fn check_authentication_data(cx: &mut Cx<'_>) -> Result<(), Fault> {
    let method: &[Tag] = match (cx.store.get(SDAD_9F4B), cx.store.get(SSAD_93)) {
        (Some(_), _) => &DYNAMIC,
        (None, Some(_)) => &STATIC,
        (None, None) => &[SDAD_9F4B],
    };
    match method.iter().find(|tag| cx.store.presence(**tag) != Presence::Present) {
        Some(tag) => Err(Fault::Missing(*tag)),
        None => Ok(()),
    }
}

/// The PAN (5A), if the card sent one, is the one of Track 2 Equivalent Data (57). Only digits count.
///
/// # Errors
/// [`Fault::PanMismatch`].
pub fn check_pan(cx: &mut Cx<'_>) -> Result<(), Fault> {
    let Some(pan) = cx.store.get(PAN_5A) else { return Ok(()) };
    let track_2 = cx.store.get(TRACK_2_EQUIVALENT_DATA_57).unwrap_or_default();
    let pan = Pan::leading(pan);
    if pan.is_none() || pan != Pan::leading(track_2) {
        return Err(Fault::PanMismatch);
    }
    cx.rule(rules::PAN, format_args!("the PAN (5A) is the PAN of Track 2 Equivalent Data (57)"));
    Ok(())
}
