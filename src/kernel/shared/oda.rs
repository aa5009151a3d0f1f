//! Offline data authentication: from the AID to the keys, and from the keys to the card's signature (Book 2, 5 and 6).

use core::fmt;

use super::{rules, static_data::StaticData};
use crate::{
    bytes::Hex,
    crypto::{
        CaKey,
        certificate::{self, IccCertificate, IccInput, IssuerCertificate, IssuerInput, Step, StepFailed, Structure},
        rsa::PublicKey,
        signature::{self, Sdad, Ssad},
    },
    data::{
        Store,
        dictionary::{
            CA_PUBLIC_KEY_INDEX_8F, ICC_PUBLIC_KEY_CERTIFICATE_9F46, ICC_PUBLIC_KEY_EXPONENT_9F47,
            ICC_PUBLIC_KEY_REMAINDER_9F48, ISSUER_PUBLIC_KEY_CERTIFICATE_90, ISSUER_PUBLIC_KEY_EXPONENT_9F32,
            ISSUER_PUBLIC_KEY_REMAINDER_92, PAN_5A, SDAD_9F4B, SSAD_93, TRACK_2_EQUIVALENT_DATA_57,
        },
    },
    kernel::{contract::Cx, event::Sink},
    time::Micros,
    tlv::Tag,
};

/// Why a card is not authenticated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OdaFailure {
    /// The card sent nothing that could be verified.
    NoMethod,
    /// The AIP does not say that the card can do it.
    NotSupported,
    /// An object is absent or empty.
    Missing(Tag),
    /// A record that must be authenticated is no template 70.
    Record,
    /// The SDA Tag List (9F4A) names something else than the AIP.
    SdaTagList,
    /// The terminal does not know the CA public key.
    CaKeyUnknown {
        /// The first five bytes of the AID.
        rid: [u8; 5],
        /// The index that the card names (8F).
        index: u8,
    },
    /// The CA public key is beyond its last day.
    CaKeyExpired,
    /// Card Authentication Related Data (9F69) has a version that the kernel does not know.
    Version(u8),
    /// The issuer public key certificate (90).
    IssuerCertificate(StepFailed),
    /// The ICC public key certificate (9F46).
    IccCertificate(StepFailed),
    /// The signature itself: 93 or 9F4B.
    Signature(StepFailed),
}

impl fmt::Display for OdaFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoMethod => write!(f, "the card sent neither 9F4B nor 93"),
            Self::NotSupported => write!(f, "the AIP (82) does not support it"),
            Self::Missing(tag) => write!(f, "{tag} is missing"),
            Self::Record => write!(f, "a signed record is no template 70"),
            Self::SdaTagList => write!(f, "the SDA Tag List (9F4A) must name the AIP (82) and nothing else"),
            Self::CaKeyUnknown { rid, index } => write!(f, "no CA public key {index:02X} of {}", Hex(rid)),
            Self::CaKeyExpired => write!(f, "the CA public key has expired"),
            Self::Version(version) => write!(f, "9F69 has version {version:02X}"),
            Self::IssuerCertificate(failed) => write!(f, "issuer certificate (90), {}", Failed(failed)),
            Self::IccCertificate(failed) => write!(f, "ICC certificate (9F46), {}", Failed(failed)),
            Self::Signature(failed) => write!(f, "signature, {}", Failed(failed)),
        }
    }
}

/// A failed step in words.
struct Failed<'a>(&'a StepFailed);

impl fmt::Display for Failed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let StepFailed { step, expected, found } = self.0;
        write!(f, "{}: expected {expected}, found {found}", step.name())
    }
}

/// Choices that Book 2 leaves open.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Whether 57 serves where 5A is absent.
    pub pan_from_track_2: bool,
    /// Whether a CA public key has to be within its validity.
    pub ca_key_expiry_check: bool,
}

/// The issuer's public key, by way of the CA's (Book 2, 5.2, 5.3, 6.2, 6.3).
///
/// # Errors
/// [`OdaFailure`] with the first step that failed.
pub fn issuer_certificate(policy: Policy, cx: &mut Cx<'_>) -> Result<IssuerCertificate, OdaFailure> {
    let ca = ca_key(policy, cx)?;
    let pan = pan(policy, cx.store)?;
    let input = IssuerInput {
        certificate: present(cx.store, ISSUER_PUBLIC_KEY_CERTIFICATE_90)?,
        remainder: cx.store.get(ISSUER_PUBLIC_KEY_REMAINDER_92).unwrap_or_default(),
        exponent: present(cx.store, ISSUER_PUBLIC_KEY_EXPONENT_9F32)?,
        pan: &pan,
    };
    let mut watch = watch(Structure::IssuerCertificate, cx.now, cx.events);
    certificate::recover_issuer(ca, input, cx.trust, cx.today, &mut watch).map_err(OdaFailure::IssuerCertificate)
}

/// The card's public key, with the static data that the issuer signed together with it (Book 2, 6.4).
///
/// # Errors
/// [`OdaFailure`] with the first step that failed.
pub fn icc_certificate(
    issuer: &PublicKey,
    static_data: &StaticData,
    policy: Policy,
    cx: &mut Cx<'_>,
) -> Result<IccCertificate, OdaFailure> {
    let static_data = static_data.complete(cx.store)?;
    let pan = pan(policy, cx.store)?;
    let input = IccInput {
        certificate: present(cx.store, ICC_PUBLIC_KEY_CERTIFICATE_9F46)?,
        remainder: cx.store.get(ICC_PUBLIC_KEY_REMAINDER_9F48).unwrap_or_default(),
        exponent: present(cx.store, ICC_PUBLIC_KEY_EXPONENT_9F47)?,
        pan: &pan,
        static_data: &static_data,
    };
    let mut watch = watch(Structure::IccCertificate, cx.now, cx.events);
    certificate::recover_icc(issuer, input, cx.today, &mut watch).map_err(OdaFailure::IccCertificate)
}

/// The issuer's signature over the static data: 93 (Book 2, 5.4).
///
/// # Errors
/// [`OdaFailure`] with the first step that failed.
pub fn static_signature(issuer: &PublicKey, static_data: &StaticData, cx: &mut Cx<'_>) -> Result<Ssad, OdaFailure> {
    let static_data = static_data.complete(cx.store)?;
    let ssad = present(cx.store, SSAD_93)?;
    let mut watch = watch(Structure::StaticSignature, cx.now, cx.events);
    signature::verify_ssad(issuer, ssad, &static_data, &mut watch).map_err(OdaFailure::Signature)
}

/// The card's signature over dynamic data: 9F4B (Book 2, 6.5.2). `formats`: the signed data formats that are accepted;
/// `terminal_data`: what the terminal contributed.
///
/// # Errors
/// [`OdaFailure`] with the first step that failed.
pub fn dynamic_signature(
    icc: &PublicKey,
    formats: &[u8],
    terminal_data: &[u8],
    cx: &mut Cx<'_>,
) -> Result<Sdad, OdaFailure> {
    let sdad = present(cx.store, SDAD_9F4B)?;
    let mut watch = watch(Structure::DynamicSignature, cx.now, cx.events);
    signature::verify_sdad(icc, sdad, formats, terminal_data, &mut watch).map_err(OdaFailure::Signature)
}

/// The CA public key that the card names by 8F, of the payment system that the AID belongs to.
fn ca_key<'a>(policy: Policy, cx: &Cx<'a>) -> Result<&'a CaKey, OdaFailure> {
    let [index] = cx.store.array(CA_PUBLIC_KEY_INDEX_8F).ok_or(OdaFailure::Missing(CA_PUBLIC_KEY_INDEX_8F))?;
    let rid = cx.activation.aid.first_chunk().copied().unwrap_or_default();
    let key = cx.trust.ca_key(&rid, index).ok_or(OdaFailure::CaKeyUnknown { rid, index })?;
    if policy.ca_key_expiry_check && key.is_expired(cx.today) {
        return Err(OdaFailure::CaKeyExpired);
    }
    Ok(key)
}

fn present(store: &Store, tag: Tag) -> Result<&[u8], OdaFailure> {
    store.get(tag).filter(|value| !value.is_empty()).ok_or(OdaFailure::Missing(tag))
}

/// The PAN as certificates hold it: ten bytes, padded with F.
fn pan(policy: Policy, store: &Store) -> Result<[u8; 10], OdaFailure> {
    let track_2 = || store.get(TRACK_2_EQUIVALENT_DATA_57).filter(|_| policy.pan_from_track_2);
    let source = store.get(PAN_5A).or_else(track_2).ok_or(OdaFailure::Missing(PAN_5A))?;
    let digits = source.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]).take_while(|nibble| *nibble < 10);
    let mut nibbles = digits.chain(core::iter::repeat(0x0F));
    let mut next = || nibbles.next().unwrap_or(0x0F);
    Ok(core::array::from_fn(|_| next() << 4 | next()))
}

/// Cites Book 2 for every step of a verification.
fn watch(structure: Structure, now: Micros, events: &mut dyn Sink) -> impl FnMut(Step, bool) {
    let what = match structure {
        Structure::IssuerCertificate => "issuer certificate",
        Structure::IccCertificate => "ICC certificate",
        Structure::StaticSignature => "signed static data",
        Structure::DynamicSignature => "signed dynamic data",
    };
    move |step, passed| {
        let verdict = if passed { "ok" } else { "wrong" };
        let note = format_args!("{what}: {} {verdict}", step.name());
        events.event(now, &rules::of_step(step, structure).cited(note));
    }
}
