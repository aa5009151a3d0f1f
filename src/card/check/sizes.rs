//! Whether every answer fits.

use std::borrow::Cow;

use super::{Notes, Subject, keys, rules};
use crate::{
    card::{
        files,
        profile::{GpoFormat, Personality},
    },
    crypto::cryptogram::VisaCvn,
    data::dictionary::{
        AFL_94, APPLICATION_CRYPTOGRAM_9F26, ATC_9F36, AVAILABLE_OFFLINE_SPENDING_AMOUNT_9F5D, CA_PUBLIC_KEY_INDEX_8F,
        CARD_AUTHENTICATION_RELATED_DATA_9F69, CID_9F27, IAD_9F10, ICC_PUBLIC_KEY_CERTIFICATE_9F46,
        ICC_PUBLIC_KEY_EXPONENT_9F47, ICC_PUBLIC_KEY_REMAINDER_9F48, ISSUER_PUBLIC_KEY_CERTIFICATE_90,
        ISSUER_PUBLIC_KEY_EXPONENT_9F32, ISSUER_PUBLIC_KEY_REMAINDER_92, RESPONSE_MESSAGE_TEMPLATE_FORMAT_2_77,
        SDAD_9F4B, SSAD_93,
    },
    tlv::{Tag, Writer},
};

/// The most a record has (EMV Book 2, annex D1), and the most a response has.
const RECORD_MAX: usize = 254;
const ANSWER_MAX: usize = 256;

/// What a certificate has beside the modulus (EMV Book 2, tables 2 and 11).
const ISSUER_OVERHEAD: usize = 36;
const CARD_OVERHEAD: usize = 42;

pub(super) fn check(subject: &Subject<'_>, notes: &mut Notes<'_>) {
    let application = subject.application;
    let value = |tag: Tag| -> Option<Cow<'_, [u8]>> {
        let later = || computed(subject, tag).map(|length| Cow::from(vec![0xFF; length]));
        subject.stated(tag).map(Cow::from).or_else(later)
    };
    for (id, record) in &application.records {
        let length = files::record(&record.objects, value).len();
        if length > RECORD_MAX {
            let message = format!("record {id} has {length} bytes, at most {RECORD_MAX} fit");
            let path = subject.path(&["records", &id.to_string(), "objects"]);
            notes.say(rules::RECORD_SIZE, &path, message, "spread it over two records");
        }
    }
    for view in subject.views.iter().filter(|_| application.gpo.format == GpoFormat::Two) {
        let tags: Vec<Tag> =
            view.objects.iter().filter(|shown| shown.record.is_none()).map(|shown| shown.tag).collect();
        let mut out = Writer::new();
        out.object(RESPONSE_MESSAGE_TEMPLATE_FORMAT_2_77, &files::objects(&tags, value));
        answer("the answer to GET PROCESSING OPTIONS", out.finish().len(), &view.list, notes);
    }
    let selected = files::fci(application).len();
    answer("the answer to SELECT", selected, &subject.path(&["fci"]), notes);
}

fn answer(what: &str, length: usize, path: &[String], notes: &mut Notes<'_>) {
    if length > ANSWER_MAX {
        let message = format!("{what} has {length} bytes, at most {ANSWER_MAX} fit");
        notes.say(rules::ANSWER_SIZE, path, message, "move objects into records, or leave some out");
    }
}

/// How long an object gets that is made with the card or in a transaction; `None` if it is not sent.
fn computed(subject: &Subject<'_>, tag: Tag) -> Option<usize> {
    let cryptogram = &subject.application.cryptogram;
    let keys = &subject.application.keys;
    let ca = || keys::length(keys.ca.as_ref().map(|ca| &ca.key));
    let issuer = || keys::length(keys.issuer.as_ref());
    let card = || keys::length(keys.card.as_ref());
    Some(match tag {
        ATC_9F36 => 2,
        CID_9F27 => 1,
        APPLICATION_CRYPTOGRAM_9F26 | CARD_AUTHENTICATION_RELATED_DATA_9F69 => 8,
        AVAILABLE_OFFLINE_SPENDING_AMOUNT_9F5D => 6,
        AFL_94 => files::afl(subject.application).len(),
        IAD_9F10 if matches!(subject.application.personality, Personality::Qvsdc(VisaCvn::Cvn22)) => 32,
        IAD_9F10 if cryptogram.discretionary.is_empty() => 7,
        IAD_9F10 => 8 + cryptogram.discretionary.len(),
        CA_PUBLIC_KEY_INDEX_8F => 1,
        ISSUER_PUBLIC_KEY_CERTIFICATE_90 => ca()?,
        ISSUER_PUBLIC_KEY_REMAINDER_92 => remainder(issuer()?, ca()?, ISSUER_OVERHEAD)?,
        ISSUER_PUBLIC_KEY_EXPONENT_9F32 => keys.issuer.as_ref()?.exponent.len(),
        ICC_PUBLIC_KEY_CERTIFICATE_9F46 | SSAD_93 => issuer()?,
        ICC_PUBLIC_KEY_REMAINDER_9F48 => remainder(card()?, issuer()?, CARD_OVERHEAD)?,
        ICC_PUBLIC_KEY_EXPONENT_9F47 => keys.card.as_ref()?.exponent.len(),
        SDAD_9F4B => card()?,
        _ => return None,
    })
}

/// The part of a modulus that does not fit into its certificate, if there is one.
const fn remainder(modulus: usize, certificate: usize, overhead: usize) -> Option<usize> {
    match (modulus + overhead).saturating_sub(certificate) {
        0 => None,
        rest => Some(rest),
    }
}
