//! Issuing: certificates and static signatures, made when a card is made (EMV Book 2, 5 and 6).

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use super::{
    files,
    memory::Memory,
    objects::{
        self,
        Origin::{self, CardCertificate, CardSignature, IssuerCertificate, IssuerSignature},
    },
    profile::{Application, RsaKey},
};
use crate::{
    crypto::{
        certificate::{self, IccSubject, IssuerSubject, issue_icc, issue_issuer},
        rsa::{KeyError, PrivateKey},
        signature::sign_ssad,
    },
    data::dictionary::{
        CA_PUBLIC_KEY_INDEX_8F, DATA_AUTHENTICATION_CODE_9F45, ICC_PUBLIC_KEY_CERTIFICATE_9F46,
        ICC_PUBLIC_KEY_EXPONENT_9F47, ICC_PUBLIC_KEY_REMAINDER_9F48, ISSUER_PUBLIC_KEY_CERTIFICATE_90,
        ISSUER_PUBLIC_KEY_EXPONENT_9F32, ISSUER_PUBLIC_KEY_REMAINDER_92, SSAD_93,
    },
    tlv::Tag,
};

/// Private keys, made ready and tried.
static KEYS: Memory<Arc<PrivateKey>> = Memory::new();
/// Certificates of issuers and cards.
static CERTIFICATES: Memory<certificate::Issued> = Memory::new();
/// Signatures over static data.
static SIGNATURES: Memory<Vec<u8>> = Memory::new();

/// What issuing adds to an application.
pub(super) struct Issued {
    /// Certificates and what belongs to them.
    pub objects: BTreeMap<Tag, Vec<u8>>,
    /// The key for dynamic signatures.
    pub card_key: Option<Arc<PrivateKey>>,
}

/// Issues an application: makes what a terminal may get to see, and no more. An error is a message in words.
pub(super) fn issue(application: &Application) -> Result<Issued, String> {
    let shown: Vec<Origin> = application.shown().map(|tag| objects::origin(application.scheme(), tag)).collect();
    let key = |key: &Option<RsaKey>, what, uses: &[Origin]| {
        let needed = key.as_ref().filter(|_| uses.iter().any(|origin| shown.contains(origin)));
        needed.map(|key| private(key, what)).transpose()
    };
    let issuer_key = key(&application.keys.issuer, "issuer", &[IssuerCertificate, IssuerSignature, CardCertificate])?;
    let card_key = key(&application.keys.card, "card", &[CardCertificate, CardSignature])?;
    let mut made = BTreeMap::new();
    if let (Some(ca), Some(issuer), true) = (&application.keys.ca, &issuer_key, shown.contains(&IssuerCertificate)) {
        let ca_key = private(&ca.key, "ca")?;
        made.insert(CA_PUBLIC_KEY_INDEX_8F, vec![ca.index]);
        certify_issuer(application, &ca_key, issuer, &mut made)
            .map_err(|error| format!("the issuer certificate cannot be made: {error}"))?;
    }
    if let (Some(issuer), Some(card), true) = (&issuer_key, &card_key, shown.contains(&CardCertificate)) {
        certify_card(application, issuer, card, &mut made)
            .map_err(|error| format!("the card certificate cannot be made: {error}"))?;
    }
    if let (Some(issuer), true) = (&issuer_key, shown.contains(&IssuerSignature)) {
        let code =
            application.data.get(&DATA_AUTHENTICATION_CODE_9F45).and_then(|code| code.as_slice().try_into().ok());
        let code: [u8; 2] = code.unwrap_or_default();
        let data = signed_data(application, &made);
        let signature = SIGNATURES
            .recall(&[issuer.public().modulus(), &code, &data], || sign_ssad(issuer, code, &data))
            .map_err(|error| format!("the static signature cannot be made: {error}"))?;
        made.insert(SSAD_93, signature);
    }
    Ok(Issued { objects: made, card_key })
}

fn certify_issuer(
    application: &Application,
    ca: &PrivateKey,
    issuer: &PrivateKey,
    objects: &mut BTreeMap<Tag, Vec<u8>>,
) -> Result<(), KeyError> {
    let digits: String = application.pan_digits().chars().take(6).collect();
    let mut identifier = [0xFF; 4];
    // Six digits of the PAN, padded with F; a card without a PAN gets a certificate that matches none.
    let _ = hex::decode_to_slice(format!("{digits:F<8}"), &mut identifier);
    let subject = IssuerSubject {
        identifier,
        expiry: application.certificates.expiry,
        serial: application.certificates.issuer_serial,
        key: issuer.public(),
    };
    let key = issuer.public();
    let parts: [&[u8]; 6] =
        [ca.public().modulus(), &identifier, &subject.expiry, &subject.serial, key.modulus(), key.exponent()];
    let issued = CERTIFICATES.recall(&parts, || issue_issuer(ca, subject))?;
    objects.insert(ISSUER_PUBLIC_KEY_CERTIFICATE_90, issued.certificate);
    insert_some(objects, ISSUER_PUBLIC_KEY_REMAINDER_92, issued.remainder);
    objects.insert(ISSUER_PUBLIC_KEY_EXPONENT_9F32, issuer.public().exponent().to_vec());
    Ok(())
}

fn certify_card(
    application: &Application,
    issuer: &PrivateKey,
    card: &PrivateKey,
    objects: &mut BTreeMap<Tag, Vec<u8>>,
) -> Result<(), KeyError> {
    objects.insert(ICC_PUBLIC_KEY_EXPONENT_9F47, card.public().exponent().to_vec());
    let mut pan = [0xFF; 10];
    for (to, from) in pan.iter_mut().zip(application.pan()) {
        *to = from;
    }
    let (key, static_data) = (card.public(), signed_data(application, objects));
    let subject = IccSubject {
        pan,
        expiry: application.certificates.expiry,
        serial: application.certificates.card_serial,
        key,
        static_data: &static_data,
    };
    let parts: [&[u8]; 7] = [
        issuer.public().modulus(),
        &pan,
        &subject.expiry,
        &subject.serial,
        key.modulus(),
        key.exponent(),
        &static_data,
    ];
    let issued = CERTIFICATES.recall(&parts, || issue_icc(issuer, subject))?;
    objects.insert(ICC_PUBLIC_KEY_CERTIFICATE_9F46, issued.certificate);
    insert_some(objects, ICC_PUBLIC_KEY_REMAINDER_9F48, issued.remainder);
    Ok(())
}

fn insert_some(objects: &mut BTreeMap<Tag, Vec<u8>>, tag: Tag, value: Vec<u8>) {
    if !value.is_empty() {
        objects.insert(tag, value);
    }
}

fn signed_data(application: &Application, issued: &BTreeMap<Tag, Vec<u8>>) -> Vec<u8> {
    files::static_data(application, |tag| {
        application.data.get(&tag).or_else(|| issued.get(&tag)).map(|value| Cow::from(value.as_slice()))
    })
}

fn private(key: &RsaKey, what: &str) -> Result<Arc<PrivateKey>, String> {
    KEYS.recall(&[&key.p, &key.q, &key.exponent], || {
        PrivateKey::from_primes(&key.p, &key.q, &key.exponent).map(Arc::new)
    })
    .map_err(|error| format!("the {what} key is no usable RSA key: {error}"))
}
