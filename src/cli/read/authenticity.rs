//! Whether the card's certificates and signatures hold (Book 2, 5 and 6).

use super::{
    dynamic,
    look::{Application, Given},
    objects::Objects,
};
use crate::{
    bytes::Hex,
    crypto::{
        certificate::{self, IccCertificate, IccInput, IssuerCertificate, IssuerInput, Step, StepFailed},
        roca,
        rsa::PublicKey,
        signature::{self, Ssad},
    },
    data::dictionary::{
        AIP_82, CA_PUBLIC_KEY_INDEX_8F, ICC_PUBLIC_KEY_CERTIFICATE_9F46, ICC_PUBLIC_KEY_EXPONENT_9F47,
        ICC_PUBLIC_KEY_REMAINDER_9F48, ISSUER_PUBLIC_KEY_CERTIFICATE_90, ISSUER_PUBLIC_KEY_EXPONENT_9F32,
        ISSUER_PUBLIC_KEY_REMAINDER_92, PAN_5A, SDA_TAG_LIST_9F4A, SSAD_93, TRACK_2_EQUIVALENT_DATA_57,
    },
    terminal::ListedKey,
    time::Date,
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

/// Everything that the card sent to authenticate it; empty if it sent nothing. A certificate that has expired is said, and what
/// it certifies is checked all the same.
pub fn checks(application: &Application, given: &Given<'_>) -> Vec<Check> {
    let mut checks = Vec::new();
    let objects = &application.objects;
    if objects.get(ISSUER_PUBLIC_KEY_CERTIFICATE_90).is_some() {
        chain(application, given, &mut checks);
    }
    checks
}

fn chain(application: &Application, given: &Given<'_>, checks: &mut Vec<Check>) -> Option<()> {
    let objects = &application.objects;
    let ca = note(checks, "CA key", ca_key(application, given), |listed| ca_words(listed))?;
    if ca.key.is_expired(given.now.date) {
        let last = ca.key.expires.map(|last| last.to_string()).unwrap_or_default();
        checks.push(Check { what: "CA key", result: Err(format!("expired: {last}")) });
    }
    let issuer = lasting("issuer certificate", given.now.date, checks, |today| issuer(ca, objects, given, today));
    let issuer = note(checks, "issuer certificate", issuer, |issuer: &IssuerCertificate| {
        format!("{}, valid to {}, serial {}", key_words(&issuer.key), month(issuer.expiry), Hex(&issuer.serial))
    })?;
    suspect("issuer key", &issuer.key, checks);
    let signed = signed(application);
    if let Some(ssad) = objects.get(SSAD_93) {
        let verified = signed.clone().and_then(|signed| {
            signature::verify_ssad(&issuer.key, ssad, &signed, &mut |_, _| ()).map_err(|failed| why(&failed))
        });
        note(checks, "signed static data (SDA)", verified, |ssad: &Ssad| {
            format!("holds, data authentication code {}", Hex(&ssad.data_authentication_code))
        });
    }
    objects.get(ICC_PUBLIC_KEY_CERTIFICATE_9F46)?;
    let length = signed.as_ref().map(Vec::len).unwrap_or_default();
    let icc = match signed {
        Ok(signed) => {
            lasting("card certificate", given.now.date, checks, |today| icc(&issuer.key, objects, &signed, today))
        }
        Err(missing) => Err(missing),
    };
    let icc = note(checks, "card certificate", icc, |icc: &IccCertificate| {
        let key = key_words(&icc.key);
        format!("{key}, valid to {}, signs {length} bytes of the records", month(icc.expiry))
    })?;
    suspect("card key", &icc.key, checks);
    checks.extend(dynamic::checks(application, &icc.key));
    Some(())
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

/// A certificate as of today; if all that is wrong is that it has expired, that is said, and the certificate given.
fn lasting<T>(
    what: &'static str,
    today: Date,
    checks: &mut Vec<Check>,
    recover: impl Fn(Date) -> Result<T, StepFailed>,
) -> Result<T, String> {
    let first = recover(today);
    let expired = matches!(&first, Err(StepFailed { step: Step::Expiry, .. }));
    // The beginning of the time that two digits of a year can name (Book 4, 6.7.3).
    let Some(long_ago) = Date::new(1950, 1, 1).filter(|_| expired) else { return first.map_err(|failed| why(&failed)) };
    let second = recover(long_ago).map_err(|failed| why(&failed))?;
    if let Err(failed) = first {
        checks.push(Check { what, result: Err(format!("expired: {}", failed.found)) });
    }
    Ok(second)
}

fn ca_key<'a>(application: &Application, given: &'a Given<'_>) -> Result<&'a ListedKey, String> {
    let [index] = *value(&application.objects, CA_PUBLIC_KEY_INDEX_8F) else {
        return Err("the card names none (8F)".to_owned());
    };
    let rid = application.aid.bytes().get(..5).unwrap_or_default();
    let is_it = |listed: &&ListedKey| listed.key.rid == rid && listed.key.index == index;
    given.keys.iter().find(is_it).ok_or_else(|| format!("{index:02X} of {} is in no list", Hex(rid)))
}

fn ca_words(listed: &ListedKey) -> String {
    let (key, status) = (&listed.key, listed.status.name());
    format!("{:02X} of {}, {}, status {status}, list {}", key.index, Hex(&key.rid), key_words(&key.key), listed.list)
}

fn key_words(key: &PublicKey) -> String {
    format!("{} bits", key.len() * 8)
}

/// MMYY in BCD.
fn month([month, year]: [u8; 2]) -> String {
    format!("{month:02X}/{year:02X}")
}

fn suspect(what: &'static str, key: &PublicKey, checks: &mut Vec<Check>) {
    if roca::is_suspicious(key.modulus()) {
        let why = "it has the fingerprint of a library whose keys can be factored (ROCA, CVE-2017-15361)";
        checks.push(Check { what, result: Err(why.to_owned()) });
    }
}

fn value(objects: &Objects, tag: Tag) -> &[u8] {
    objects.get(tag).unwrap_or_default()
}

fn issuer(ca: &ListedKey, objects: &Objects, given: &Given<'_>, today: Date) -> Result<IssuerCertificate, StepFailed> {
    let input = IssuerInput {
        certificate: value(objects, ISSUER_PUBLIC_KEY_CERTIFICATE_90),
        remainder: value(objects, ISSUER_PUBLIC_KEY_REMAINDER_92),
        exponent: value(objects, ISSUER_PUBLIC_KEY_EXPONENT_9F32),
        pan: &pan(objects),
    };
    certificate::recover_issuer(&ca.key, input, given.terminal.trust(), today, &mut |_, _| ())
}

fn icc(issuer: &PublicKey, objects: &Objects, signed: &[u8], today: Date) -> Result<IccCertificate, StepFailed> {
    let input = IccInput {
        certificate: value(objects, ICC_PUBLIC_KEY_CERTIFICATE_9F46),
        remainder: value(objects, ICC_PUBLIC_KEY_REMAINDER_9F48),
        exponent: value(objects, ICC_PUBLIC_KEY_EXPONENT_9F47),
        pan: &pan(objects),
        static_data: signed,
    };
    certificate::recover_icc(issuer, input, today, &mut |_, _| ())
}

/// Static data to be authenticated: signed records, and the AIP if the card says so (Book 3, 10.3).
pub fn signed(application: &Application) -> Result<Vec<u8>, String> {
    Ok([&application.signed()?[..], listed(&application.objects)?].concat())
}

/// What the Static Data Authentication Tag List (9F4A) adds: the AIP, which is all that it may name (Book 2, 5.4 and 6.4).
pub fn listed(objects: &Objects) -> Result<&[u8], String> {
    match objects.get(SDA_TAG_LIST_9F4A) {
        None => Ok(&[]),
        Some([0x82]) => objects.get(AIP_82).ok_or_else(|| "the AIP, which is signed, was not read".to_owned()),
        Some(other) => Err(format!("9F4A is {}; it may name the AIP (82) alone", Hex(other))),
    }
}

/// What a step wanted and found.
pub fn why(failed: &StepFailed) -> String {
    format!("{}: wanted {}, found {}", failed.step.name(), failed.expected, failed.found)
}

/// The PAN in ten bytes, padded with F, from 5A or track 2.
pub fn pan(objects: &Objects) -> [u8; 10] {
    let source = objects.get(PAN_5A).or_else(|| objects.get(TRACK_2_EQUIVALENT_DATA_57)).unwrap_or_default();
    let digits = source.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]).take_while(|nibble| *nibble < 10);
    let mut nibbles = digits.chain(core::iter::repeat(0x0F));
    let mut next = || nibbles.next().unwrap_or(0x0F);
    core::array::from_fn(|_| next() << 4 | next())
}
