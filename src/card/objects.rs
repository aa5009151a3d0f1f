//! Which data objects a card computes, and from what.

use super::profile::Scheme;
use crate::{
    data::dictionary::{
        AFL_94, APPLICATION_CRYPTOGRAM_9F26, ATC_9F36, AVAILABLE_OFFLINE_SPENDING_AMOUNT_9F5D, CA_PUBLIC_KEY_INDEX_8F,
        CARD_AUTHENTICATION_RELATED_DATA_9F69, CID_9F27, DS_ODS_CARD_9F54, DS_SLOT_AVAILABILITY_9F5F,
        DS_SLOT_MANAGEMENT_CONTROL_9F6F, DS_SUMMARY_1_9F7D, DS_UNPREDICTABLE_NUMBER_9F7F, IAD_9F10,
        ICC_PUBLIC_KEY_CERTIFICATE_9F46, ICC_PUBLIC_KEY_EXPONENT_9F47, ICC_PUBLIC_KEY_REMAINDER_9F48,
        ISSUER_PUBLIC_KEY_CERTIFICATE_90, ISSUER_PUBLIC_KEY_EXPONENT_9F32, ISSUER_PUBLIC_KEY_REMAINDER_92,
        OFFLINE_ACCUMULATOR_BALANCE_9F50, SDAD_9F4B, SSAD_93,
    },
    tlv::Tag,
};

/// Where a value comes from if the profile does not state it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// In every transaction, by the card.
    Computed,
    /// From the amounts approved offline.
    RunningTotal,
    /// When the card is issued, with the CA's key.
    IssuerCertificate,
    /// When the card is issued: a signature of the issuer over static data.
    IssuerSignature,
    /// When the card is issued, with the issuer's key.
    CardCertificate,
    /// In every transaction, with the card's key.
    CardSignature,
    /// Nowhere else.
    Stated,
}

/// Where the value of `tag` comes from.
pub(super) const fn origin(scheme: Scheme, tag: Tag) -> Origin {
    match (scheme, tag) {
        (Scheme::Visa, _) => visa(tag),
        // Cryptogram and signature are made by GENERATE AC, which no list of the profile has.
        (Scheme::Mastercard, OFFLINE_ACCUMULATOR_BALANCE_9F50) => Origin::RunningTotal,
        (
            Scheme::Mastercard,
            DS_ODS_CARD_9F54
            | DS_SLOT_AVAILABILITY_9F5F
            | DS_SLOT_MANAGEMENT_CONTROL_9F6F
            | DS_SUMMARY_1_9F7D
            | DS_UNPREDICTABLE_NUMBER_9F7F,
        ) => Origin::Computed,
        (Scheme::Mastercard, CARD_AUTHENTICATION_RELATED_DATA_9F69 | AVAILABLE_OFFLINE_SPENDING_AMOUNT_9F5D) => {
            Origin::Stated
        }
        (Scheme::Mastercard, _) => visa(tag),
    }
}

const fn visa(tag: Tag) -> Origin {
    match tag {
        AFL_94
        | APPLICATION_CRYPTOGRAM_9F26
        | ATC_9F36
        | CID_9F27
        | IAD_9F10
        | CARD_AUTHENTICATION_RELATED_DATA_9F69 => Origin::Computed,
        AVAILABLE_OFFLINE_SPENDING_AMOUNT_9F5D => Origin::RunningTotal,
        CA_PUBLIC_KEY_INDEX_8F
        | ISSUER_PUBLIC_KEY_CERTIFICATE_90
        | ISSUER_PUBLIC_KEY_REMAINDER_92
        | ISSUER_PUBLIC_KEY_EXPONENT_9F32 => Origin::IssuerCertificate,
        SSAD_93 => Origin::IssuerSignature,
        ICC_PUBLIC_KEY_CERTIFICATE_9F46 | ICC_PUBLIC_KEY_EXPONENT_9F47 | ICC_PUBLIC_KEY_REMAINDER_9F48 => {
            Origin::CardCertificate
        }
        SDAD_9F4B => Origin::CardSignature,
        _ => Origin::Stated,
    }
}

/// Whether an object cannot be in a signed record: it changes with every transaction, or is itself a signature over the record.
pub(super) fn never_signed(scheme: Scheme, tag: Tag) -> bool {
    !matches!(origin(scheme, tag), Origin::Stated | Origin::IssuerCertificate) && tag != ICC_PUBLIC_KEY_EXPONENT_9F47
}

/// How many bytes of issuer discretionary data fit into 9F10. It has 32 bytes; all formats use eight for the rest.
pub(super) const DISCRETIONARY_ROOM: usize = 24;
