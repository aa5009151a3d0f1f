//! What the card signed for this one tap: fDDA, DDA, CDA (Book 2, 6.5 and 6.6; C-3, annex C). What the terminal told the card is
//! taken from the commands it was told with, so that a recording can be judged as well as a card.

use super::{
    authenticity::{Check, why},
    look::{Application, Exchange},
};
use crate::{
    apdu::CommandHeader,
    bytes::Hex,
    crypto::{
        cda::{DynamicData, transaction_data_hash},
        rsa::PublicKey,
        signature::{self, FORMAT_DYNAMIC, FORMAT_DYNAMIC_ONLINE, FddaVersion, Sdad},
    },
    data::dictionary::{
        AMOUNT_AUTHORISED_9F02, CARD_AUTHENTICATION_RELATED_DATA_9F69, CDOL1_8C, CDOL2_8D, CID_9F27, PDOL_9F38,
        RESPONSE_MESSAGE_TEMPLATE_FORMAT_1_80, SDAD_9F4B, TRANSACTION_CURRENCY_CODE_5F2A, UNPREDICTABLE_NUMBER_9F37,
    },
    tlv::{self, Tag},
};

const OPTIONS: u8 = 0xA8;
const INTERNAL_AUTHENTICATE: u8 = 0x88;
const GENERATE_AC: u8 = 0xAE;
const READ_RECORD: u8 = 0xB2;
const RELAY_RESISTANCE: u8 = 0xEA;

/// Every dynamic signature the card gave.
pub fn checks(application: &Application, key: &PublicKey) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut cryptograms = Vec::new();
    for exchange in application.exchanges.iter().filter(|exchange| exchange.parsed().status.is_ok()) {
        let sdad = sdad(exchange);
        let ins = exchange.command.get(1).copied().unwrap_or_default();
        if ins == GENERATE_AC {
            cryptograms.push(exchange);
        }
        let (what, result) = match (ins, sdad) {
            (OPTIONS | READ_RECORD, Some(sdad)) => ("dynamic signature (fDDA)", fdda(application, key, sdad)),
            (INTERNAL_AUTHENTICATE, Some(sdad)) => ("dynamic signature (DDA)", dda(exchange, key, sdad)),
            (GENERATE_AC, Some(sdad)) => ("combined signature (CDA)", cda(application, &cryptograms, key, sdad)),
            _ => continue,
        };
        checks.push(Check { what, result });
    }
    checks
}

/// Signed Dynamic Application Data in an answer.
fn sdad(exchange: &Exchange) -> Option<&[u8]> {
    let template = tlv::objects(response(exchange)).next()?.ok()?;
    let is_format_1 = template.tag == RESPONSE_MESSAGE_TEMPLATE_FORMAT_1_80;
    if is_format_1 {
        return (exchange.command.get(1) == Some(&INTERNAL_AUTHENTICATE)).then_some(template.value);
    }
    Some(tlv::find(template.value, SDAD_9F4B)?.ok()?.value)
}

fn response(exchange: &Exchange) -> &[u8] {
    exchange.response.split_last_chunk::<2>().map_or(&[], |(data, _)| data)
}

/// The data field of a command; of GET PROCESSING OPTIONS, what is in its template.
pub fn sent(exchange: &Exchange) -> &[u8] {
    let Some(command) = CommandHeader::parse(&exchange.command) else { return &[] };
    match command.ins {
        OPTIONS => tlv::objects(command.data).next().and_then(Result::ok).map_or(&[], |template| template.value),
        _ => command.data,
    }
}

/// The value of an object in the answer to a list.
pub fn told<'a>(list: &[u8], mut values: &'a [u8], tag: Tag) -> Option<&'a [u8]> {
    for entry in tlv::dol_entries(list).map_while(Result::ok) {
        let (value, rest) = values.split_at_checked(entry.length.into())?;
        if entry.tag == tag {
            return Some(value);
        }
        values = rest;
    }
    None
}

/// The last GET PROCESSING OPTIONS that was answered.
fn options(application: &Application) -> Option<&Exchange> {
    let answered = |exchange: &&Exchange| exchange.command.get(1) == Some(&OPTIONS) && exchange.parsed().status.is_ok();
    application.exchanges.iter().rev().find(answered)
}

/// An object that GET PROCESSING OPTIONS told the card.
fn told_first(application: &Application, tag: Tag) -> Option<&[u8]> {
    told(application.objects.get(PDOL_9F38)?, sent(options(application)?), tag)
}

fn array<const N: usize>(value: Option<&[u8]>, name: &str) -> Result<[u8; N], String> {
    let value = value.and_then(|value| value.try_into().ok());
    value.ok_or_else(|| format!("cannot be verified: the commands do not say which {name} the card was told"))
}

fn fdda(application: &Application, key: &PublicKey, sdad: &[u8]) -> Result<String, String> {
    let related = application.objects.get(CARD_AUTHENTICATION_RELATED_DATA_9F69).unwrap_or_default();
    let version = FddaVersion::from_card_authentication_related_data(related)
        .ok_or("the card names no fDDA version that is known (9F69)")?;
    let number = array(told_first(application, UNPREDICTABLE_NUMBER_9F37), "unpredictable number (9F37)")?;
    let (mut amount, mut currency) = ([0; 6], [0; 2]);
    if version == FddaVersion::V01 {
        amount = array(told_first(application, AMOUNT_AUTHORISED_9F02), "amount (9F02)")?;
        currency = array(told_first(application, TRANSACTION_CURRENCY_CODE_5F2A), "currency (5F2A)")?;
    }
    verify(
        key,
        sdad,
        &[FORMAT_DYNAMIC, FORMAT_DYNAMIC_ONLINE],
        &version.terminal_data(number, amount, currency, related),
    )
    .map(|sdad| words(&sdad))
}

fn dda(exchange: &Exchange, key: &PublicKey, sdad: &[u8]) -> Result<String, String> {
    verify(key, sdad, &[FORMAT_DYNAMIC], sent(exchange)).map(|sdad| words(&sdad))
}

/// `cryptograms`: all GENERATE AC up to the one whose answer is signed.
fn cda(application: &Application, cryptograms: &[&Exchange], key: &PublicKey, sdad: &[u8]) -> Result<String, String> {
    let Some(last) = cryptograms.last() else { return Err("there is no GENERATE AC".to_owned()) };
    let list = application.objects.get(if cryptograms.len() > 1 { CDOL2_8D } else { CDOL1_8C }).unwrap_or_default();
    let number = told(list, sent(last), UNPREDICTABLE_NUMBER_9F37);
    let number = number.or_else(|| told_first(application, UNPREDICTABLE_NUMBER_9F37));
    let number: [u8; 4] = array(number, "unpredictable number (9F37)")?;
    let sdad = verify(key, sdad, &[FORMAT_DYNAMIC], &number)?;
    let data = DynamicData::parse(&sdad.dynamic_data).ok_or("the signed data hold no cryptogram")?;
    let template = tlv::objects(response(last)).next().and_then(Result::ok).map_or(&[][..], |template| template.value);
    let cid = tlv::find(template, CID_9F27).and_then(Result::ok).map(|cid| cid.value);
    if cid != Some(&[data.cid]) {
        return Err(format!(
            "cryptogram information data: signed {:02X}, sent {}",
            data.cid,
            Hex(cid.unwrap_or_default())
        ));
    }
    let mut parts = vec![options(application).map_or(&[][..], sent)];
    parts.extend(cryptograms.iter().map(|exchange| sent(exchange)));
    for object in tlv::objects(template).map_while(Result::ok).filter(|object| object.tag != SDAD_9F4B) {
        parts.extend(template.get(object.at..object.value_at + object.value.len()));
    }
    let hash = transaction_data_hash(&parts);
    if hash != data.data_hash {
        return Err(format!("transaction data hash: wanted {}, found {}", Hex(&hash), Hex(&data.data_hash)));
    }
    if let Some(relayed) = relayed(application).filter(|relayed| !data.more.ends_with(relayed)) {
        return Err(format!(
            "relay resistance data: exchanged {}, signed {}",
            Hex(&relayed),
            Hex(data.more.get(data.more.len().saturating_sub(relayed.len())..).unwrap_or_default())
        ));
    }
    Ok(format!("{}, signs cryptogram {}", words(&sdad), Hex(&data.cryptogram)))
}

/// What the last EXCHANGE RELAY RESISTANCE DATA exchanged: the terminal's entropy, then the card's and its times. A card signs it
/// behind everything else (C-2, 5.3).
fn relayed(application: &Application) -> Option<Vec<u8>> {
    let answered =
        |exchange: &&Exchange| exchange.command.get(1) == Some(&RELAY_RESISTANCE) && exchange.parsed().status.is_ok();
    let last = application.exchanges.iter().rev().find(answered)?;
    let answer = tlv::objects(response(last)).next()?.ok()?;
    Some([sent(last), answer.value].concat())
}

fn verify(key: &PublicKey, sdad: &[u8], formats: &[u8], terminal_data: &[u8]) -> Result<Sdad, String> {
    signature::verify_sdad(key, sdad, formats, terminal_data, &mut |_, _| ()).map_err(|failed| why(&failed))
}

fn words(sdad: &Sdad) -> String {
    format!("holds, dynamic number {}", Hex(sdad.icc_dynamic_number().unwrap_or_default()))
}
