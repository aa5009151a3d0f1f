//! Whether the card's certificates and signatures hold (Book 2, 5 and 6).

use super::{
    look::{Application, Given},
    objects::Objects,
};
use crate::{
    crypto::{
        certificate::{self, IccCertificate, IccInput, IssuerCertificate, IssuerInput, StepFailed},
        signature::{self, FORMAT_DYNAMIC, FORMAT_DYNAMIC_ONLINE, FddaVersion},
    },
    data::dictionary::{
        AIP_82, CA_PUBLIC_KEY_INDEX_8F, CARD_AUTHENTICATION_RELATED_DATA_9F69, ICC_PUBLIC_KEY_CERTIFICATE_9F46,
        ICC_PUBLIC_KEY_EXPONENT_9F47, ICC_PUBLIC_KEY_REMAINDER_9F48, ISSUER_PUBLIC_KEY_CERTIFICATE_90,
        ISSUER_PUBLIC_KEY_EXPONENT_9F32, ISSUER_PUBLIC_KEY_REMAINDER_92, PAN_5A, SDA_TAG_LIST_9F4A, SDAD_9F4B, SSAD_93,
        TRACK_2_EQUIVALENT_DATA_57,
    },
    tlv::Tag,
};

/// One certificate or signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What it is.
    pub what: &'static str,
    /// What it says, or why it does not hold.
    pub result: Result<String, String>,
}

/// Everything that the card sent to authenticate it; empty if it sent nothing.
pub fn checks(application: &Application, given: &Given<'_>) -> Vec<Check> {
    let objects = &application.objects;
    if objects.get(ISSUER_PUBLIC_KEY_CERTIFICATE_90).is_none() {
        return Vec::new();
    }
    let mut checks = Vec::new();
    let issuer = note(&mut checks, "issuer certificate", issuer(application, given), |issuer: &IssuerCertificate| {
        format!("{} bits", issuer.key.len() * 8)
    });
    let Some(issuer) = issuer else { return checks };
    let signed = signed(application);
    if objects.get(SSAD_93).is_some() {
        let verified = signature::verify_ssad(&issuer.key, value(objects, SSAD_93), &signed, &mut |_, _| ());
        note(&mut checks, "signed static data", verified.map_err(|failed| why(&failed)), |_| "holds".to_owned());
    }
    if objects.get(ICC_PUBLIC_KEY_CERTIFICATE_9F46).is_none() {
        return checks;
    }
    let card = note(&mut checks, "card certificate", icc(&issuer, objects, &signed, given), |card: &IccCertificate| {
        format!("{} bits, signs {} bytes of the records", card.key.len() * 8, signed.len())
    });
    if let (Some(card), Some(sdad)) = (card, objects.get(SDAD_9F4B)) {
        let verified = dynamic(&card, sdad, objects, given);
        note(&mut checks, "dynamic signature (fDDA)", verified, |()| "holds".to_owned());
    }
    checks
}

fn note<T>(
    checks: &mut Vec<Check>,
    what: &'static str,
    result: Result<T, String>,
    words: impl FnOnce(&T) -> String,
) -> Option<T> {
    checks.push(Check { what, result: result.as_ref().map(words).map_err(Clone::clone) });
    result.ok()
}

fn value(objects: &Objects, tag: Tag) -> &[u8] {
    objects.get(tag).unwrap_or_default()
}

fn issuer(application: &Application, given: &Given<'_>) -> Result<IssuerCertificate, String> {
    let objects = &application.objects;
    let [index] = value(objects, CA_PUBLIC_KEY_INDEX_8F) else {
        return Err("the card names no CA key (8F)".to_owned());
    };
    let rid = application.aid.bytes().get(..5).unwrap_or_default();
    let trust = given.terminal.trust();
    let ca = trust.ca_key(rid, *index);
    let ca = ca.ok_or_else(|| format!("the terminal has no CA key {index:02X} of {}", crate::bytes::Hex(rid)))?;
    let input = IssuerInput {
        certificate: value(objects, ISSUER_PUBLIC_KEY_CERTIFICATE_90),
        remainder: value(objects, ISSUER_PUBLIC_KEY_REMAINDER_92),
        exponent: value(objects, ISSUER_PUBLIC_KEY_EXPONENT_9F32),
        pan: &pan(objects),
    };
    certificate::recover_issuer(ca, input, trust, given.now.date, &mut |_, _| ()).map_err(|failed| why(&failed))
}

fn icc(
    issuer: &IssuerCertificate,
    objects: &Objects,
    signed: &[u8],
    given: &Given<'_>,
) -> Result<IccCertificate, String> {
    let input = IccInput {
        certificate: value(objects, ICC_PUBLIC_KEY_CERTIFICATE_9F46),
        remainder: value(objects, ICC_PUBLIC_KEY_REMAINDER_9F48),
        exponent: value(objects, ICC_PUBLIC_KEY_EXPONENT_9F47),
        pan: &pan(objects),
        static_data: signed,
    };
    certificate::recover_icc(&issuer.key, input, given.now.date, &mut |_, _| ()).map_err(|failed| why(&failed))
}

/// The card signed what it was given: an amount of nothing and the terminal's currency.
fn dynamic(card: &IccCertificate, sdad: &[u8], objects: &Objects, given: &Given<'_>) -> Result<(), String> {
    let related = value(objects, CARD_AUTHENTICATION_RELATED_DATA_9F69);
    let version = FddaVersion::from_card_authentication_related_data(related)
        .ok_or("the card names no fDDA version that is known (9F69)")?;
    let data = version.terminal_data(given.number, [0; 6], given.terminal.currency.to_bcd(), related);
    let formats = [FORMAT_DYNAMIC, FORMAT_DYNAMIC_ONLINE];
    signature::verify_sdad(&card.key, sdad, &formats, &data, &mut |_, _| ()).map(|_| ()).map_err(|failed| why(&failed))
}

/// Static data to be authenticated: signed records, and the AIP if the card says so (Book 3, 10.3).
fn signed(application: &Application) -> Vec<u8> {
    let objects = &application.objects;
    let profile = objects.get(AIP_82).filter(|_| objects.get(SDA_TAG_LIST_9F4A) == Some(&[0x82]));
    [&application.signed, profile.unwrap_or_default()].concat()
}

fn why(failed: &StepFailed) -> String {
    format!("{}: wanted {}, found {}", failed.step.name(), failed.expected, failed.found)
}

/// The PAN in ten bytes, padded with F, from 5A or track 2.
fn pan(objects: &Objects) -> [u8; 10] {
    let source = objects.get(PAN_5A).or_else(|| objects.get(TRACK_2_EQUIVALENT_DATA_57)).unwrap_or_default();
    let digits = source.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]).take_while(|nibble| *nibble < 10);
    let mut nibbles = digits.chain(core::iter::repeat(0x0F));
    let mut next = || nibbles.next().unwrap_or(0x0F);
    core::array::from_fn(|_| next() << 4 | next())
}
