//! Which data objects a card computes, and from what.

use crate::{
    data::dictionary::{
        AFL_94, APPLICATION_CRYPTOGRAM_9F26, ATC_9F36, AVAILABLE_OFFLINE_SPENDING_AMOUNT_9F5D, CA_PUBLIC_KEY_INDEX_8F,
        CARD_AUTHENTICATION_RELATED_DATA_9F69, CID_9F27, IAD_9F10, ICC_PUBLIC_KEY_CERTIFICATE_9F46,
        ICC_PUBLIC_KEY_EXPONENT_9F47, ICC_PUBLIC_KEY_REMAINDER_9F48, ISSUER_PUBLIC_KEY_CERTIFICATE_90,
        ISSUER_PUBLIC_KEY_EXPONENT_9F32, ISSUER_PUBLIC_KEY_REMAINDER_92, SDAD_9F4B, SSAD_93,
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
pub(super) const fn origin(tag: Tag) -> Origin {
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
pub(super) fn never_signed(tag: Tag) -> bool {
    !matches!(origin(tag), Origin::Stated | Origin::IssuerCertificate) && tag != ICC_PUBLIC_KEY_EXPONENT_9F47
}

/// How many bytes of issuer discretionary data fit into 9F10. It has 32 bytes; all formats use eight for the rest.
pub(super) const DISCRETIONARY_ROOM: usize = 24;
