//! Offline data authentication of Kernel 3: fDDA, or SDA where there is no 9F4B (C-3, 5.6.1).

use core::fmt;

use super::{
    Tap,
    cryptogram::CryptogramType,
    facts::{Disposition, Facts, Shown, Ttq},
    options::Options,
    rules,
};
use crate::{
    crypto::signature::{FORMAT_DYNAMIC, FORMAT_DYNAMIC_ONLINE, FddaVersion},
    data::{
        Source,
        bits::{aip, ctq, ttq},
        dictionary::{
            AIP_82, AMOUNT_AUTHORISED_9F02, CARD_AUTHENTICATION_RELATED_DATA_9F69, DATA_AUTHENTICATION_CODE_9F45,
            ICC_DYNAMIC_NUMBER_9F4C, SDAD_9F4B, SSAD_93, TRANSACTION_CURRENCY_CODE_5F2A, UNPREDICTABLE_NUMBER_9F37,
        },
    },
    kernel::{
        contract::Cx,
        event::Event,
        shared::oda::{self, OdaFailure, Policy},
    },
};

/// What a failed authentication comes to, beside what it does to the disposition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authenticated {
    /// The transaction goes on here.
    Here,
    /// The card wants the contact chip: the kernel ends at once.
    ContactChip,
}

/// Signed data formats of 9F4B: 05 for an offline transaction, 95 also where the reader authenticates online ones.
const OFFLINE_FORMATS: [u8; 1] = [FORMAT_DYNAMIC];
const ONLINE_FORMATS: [u8; 2] = [FORMAT_DYNAMIC, FORMAT_DYNAMIC_ONLINE];

/// 5.6.1: authenticates a card that may be approved offline, and goes by its wishes if that fails. A reader for transit may
/// authenticate online transactions as well; what comes of it changes nothing here.
pub fn authenticate(facts: &mut Facts, tap: &Tap, cx: &mut Cx<'_>) -> Authenticated {
    match facts.disposition {
        Disposition::Approve => match verify(&OFFLINE_FORMATS, tap, cx) {
            Ok(()) => Authenticated::Here,
            Err(failure) => give_way(facts, &failure, cx),
        },
        Disposition::GoOnline if wanted_online(facts, &tap.options, cx) => {
            if let Err(failure) = verify(&ONLINE_FORMATS, tap, cx) {
                let decline = tap.options.decline_if_online_oda_fails;
                let consequence = if decline { "decline" } else { "left to the terminal" };
                let note = format_args!("authentication of an online transaction failed, {failure}: {consequence}");
                cx.rule(rules::AUTHENTICATION, note);
                if decline {
                    facts.raise(Disposition::Decline);
                }
            }
            Authenticated::Here
        }
        _ => Authenticated::Here,
    }
}

/// Whether an online transaction is to be authenticated.
fn wanted_online(facts: &Facts, options: &Options, cx: &Cx<'_>) -> bool {
    facts.cryptogram == CryptogramType::Arqc && active_online(options, cx)
}

/// Whether online transactions are authenticated (3.3.4): reader, card and product have to agree.
pub fn active_online(options: &Options, cx: &Cx<'_>) -> bool {
    let profile: [u8; 2] = cx.store.array(AIP_82).unwrap_or_default();
    let dynamic = options.fdda_for_online && aip::DDA.is_set(&profile);
    let fixed = options.sda_for_online && aip::SDA.is_set(&profile);
    Ttq::of(cx.store).has(ttq::ODA_FOR_ONLINE) && (dynamic || fixed)
}

/// 5.6.1.1: fDDA if there is a 9F4B, else SDA if there is a 93. One never stands in for the other.
fn verify(formats: &[u8], tap: &Tap, cx: &mut Cx<'_>) -> Result<(), OdaFailure> {
    let sda = tap.options.sda_for_offline || formats == ONLINE_FORMATS;
    let (method, verified) = if cx.store.get(SDAD_9F4B).is_some() {
        ("fdda", verify_fdda(formats, tap, cx))
    } else if sda && cx.store.get(SSAD_93).is_some() {
        ("sda", verify_sda(tap, cx))
    } else {
        ("fdda", Err(OdaFailure::NoMethod))
    };
    match &verified {
        Ok(()) => cx.event(&Event::Oda { method, failure: None }),
        Err(failure) => cx.event(&Event::Oda { method, failure: Some(format_args!("{failure}")) }),
    }
    verified
}

fn verify_fdda(formats: &[u8], tap: &Tap, cx: &mut Cx<'_>) -> Result<(), OdaFailure> {
    let profile: [u8; 2] = cx.store.array(AIP_82).unwrap_or_default();
    if tap.options.fdda_needs_aip && !aip::DDA.is_set(&profile) {
        return Err(OdaFailure::NotSupported);
    }
    let terminal_data = terminal_data(&tap.options, cx)?;
    let policy = policy(&tap.options);
    let issuer = oda::issuer_certificate(policy, cx)?.key;
    let card = oda::icc_certificate(&issuer, &tap.static_data, policy, cx)?.key;
    let signed = oda::dynamic_signature(&card, formats, &terminal_data, cx)?;
    if let Some(number) = signed.icc_dynamic_number() {
        cx.set(ICC_DYNAMIC_NUMBER_9F4C, number, Source::Kernel);
    }
    let (issuer, card) = (issuer.len() * 8, card.len() * 8);
    cx.rule(rules::AUTHENTICATION, format_args!("fDDA succeeded: issuer key {issuer} bits, card key {card} bits"));
    Ok(())
}

fn verify_sda(tap: &Tap, cx: &mut Cx<'_>) -> Result<(), OdaFailure> {
    let profile: [u8; 2] = cx.store.array(AIP_82).unwrap_or_default();
    if tap.options.sda_needs_aip && !aip::SDA.is_set(&profile) {
        return Err(OdaFailure::NotSupported);
    }
    let issuer = oda::issuer_certificate(policy(&tap.options), cx)?.key;
    let signed = oda::static_signature(&issuer, &tap.static_data, cx)?;
    cx.set(DATA_AUTHENTICATION_CODE_9F45, &signed.data_authentication_code, Source::Kernel);
    cx.rule(rules::AUTHENTICATION, format_args!("SDA succeeded: issuer key {} bits", issuer.len() * 8));
    Ok(())
}

const fn policy(options: &Options) -> Policy {
    Policy { pan_from_track_2: options.pan_from_track_2, ca_key_expiry_check: options.ca_key_expiry_check }
}

/// What the terminal contributes to the signature, by the version that 9F69 names.
fn terminal_data(options: &Options, cx: &Cx<'_>) -> Result<Vec<u8>, OdaFailure> {
    const RELATED: crate::tlv::Tag = CARD_AUTHENTICATION_RELATED_DATA_9F69;
    let related = cx.store.get(RELATED).ok_or(OdaFailure::Missing(RELATED))?;
    let version = FddaVersion::from_card_authentication_related_data(related)
        .filter(|version| *version == FddaVersion::V01 || options.fdda_version_00)
        .ok_or(OdaFailure::Version(related.first().copied().unwrap_or_default()))?;
    let missing = OdaFailure::Missing;
    let number = cx.store.array(UNPREDICTABLE_NUMBER_9F37).ok_or(missing(UNPREDICTABLE_NUMBER_9F37))?;
    let amount = cx.store.array(AMOUNT_AUTHORISED_9F02).ok_or(missing(AMOUNT_AUTHORISED_9F02))?;
    let currency = cx.store.array(TRANSACTION_CURRENCY_CODE_5F2A).ok_or(missing(TRANSACTION_CURRENCY_CODE_5F2A))?;
    Ok(version.terminal_data(number, amount, currency, related))
}

/// 5.6.1.2: what the card wants if it cannot be authenticated: online first, then the contact chip, else nothing.
fn give_way(facts: &mut Facts, failure: &OdaFailure, cx: &mut Cx<'_>) -> Authenticated {
    let Some(card) = facts.ctq else {
        facts.raise(Disposition::Decline);
        cx.rule(rules::AUTHENTICATION_FAILED, format_args!("authentication failed, {failure}; no CTQ (9F6C): decline"));
        return Authenticated::Here;
    };
    let online = (card.show(ctq::GO_ONLINE_IF_ODA_FAILS), facts.ttq.show(ttq::OFFLINE_ONLY));
    let switch = (card.show(ctq::SWITCH_INTERFACE_IF_ODA_FAILS), facts.ttq.show(ttq::CONTACT_CHIP));
    if online.0.is_set() && !online.1.is_set() {
        facts.raise(Disposition::GoOnline);
        let note = format_args!("authentication failed, {failure}; {}, {}: go online", online.0, online.1);
        cx.rule(rules::AUTHENTICATION_FAILED, note);
        return Authenticated::Here;
    }
    if switch.0.is_set() && switch.1.is_set() {
        let note = format_args!("authentication failed, {failure}; {}, {}: use the contact chip", switch.0, switch.1);
        cx.rule(rules::AUTHENTICATION_FAILED, note);
        return Authenticated::ContactChip;
    }
    facts.raise(Disposition::Decline);
    let (online, switch) = (Refused(online), Refused(switch));
    cx.rule(
        rules::AUTHENTICATION_FAILED,
        format_args!("authentication failed, {failure}; {online}, {switch}: decline"),
    );
    Authenticated::Here
}

/// A wish that is not followed: the bit of the card, and if that is set the bit of the reader that decides against it.
struct Refused((Shown, Shown));

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self((card, reader)) = self;
        match card.is_set() {
            true => write!(f, "{card} but {reader}"),
            false => write!(f, "{card}"),
        }
    }
}
