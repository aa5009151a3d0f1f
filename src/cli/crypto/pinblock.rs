//! `emvtap crypto pinblock`: PIN blocks of ISO 9564-1.

use super::{
    input::{array_of, fill},
    key::{KeyReader, Secret},
    page::Page,
};
use crate::{
    bytes::Hex,
    cli::{
        args::crypto::{IsoFormat, PinBlock},
        exit::Exit,
        failure::Failure,
        out::Environment,
    },
    crypto::{
        aes::AesKey,
        pin_block::{PinBlockError, PinBlockFormat, decipher_4, encipher_4, pan_field_4, pin_field_4},
    },
};

/// Runs the verb.
pub fn run(verb: &PinBlock, environment: &Environment) -> Result<Exit, Failure> {
    let mut page = Page::new("pinblock", &verb.how);
    let is_4 = verb.iso == IsoFormat::Iso4;
    let mut keys = KeyReader::new(verb.how.allow_production_keys);
    let key = verb.key.as_deref().map(|source| keys.read("key", source, is_4)).transpose()?;
    if let Some(key) = &key {
        page.key("key", key, if is_4 { "AES" } else { "triple DES" });
    }
    if let Some(pan) = &verb.pan {
        page.digits("account number", pan, "");
    }
    let pin = verb.pin.as_deref().map(|source| keys.pin("pin", source)).transpose()?.unwrap_or_default();
    match (format(verb.iso), &verb.block) {
        (None, block) => four(verb, (&pin, block.as_deref()), key.as_ref(), &mut page)?,
        (Some(format), None) => encode(verb, (&pin, format), key.as_ref(), &mut page)?,
        (Some(format), Some(block)) => decode(verb, format, array_of("block", block)?, key.as_ref(), &mut page)?,
    }
    page.finish(environment)
}

const fn format(iso: IsoFormat) -> Option<PinBlockFormat> {
    match iso {
        IsoFormat::Iso0 => Some(PinBlockFormat::Iso0),
        IsoFormat::Iso1 => Some(PinBlockFormat::Iso1),
        IsoFormat::Iso2 => Some(PinBlockFormat::Iso2),
        IsoFormat::Iso3 => Some(PinBlockFormat::Iso3),
        IsoFormat::Iso4 => None,
    }
}

fn pan(verb: &PinBlock) -> &str {
    verb.pan.as_deref().unwrap_or_default()
}

fn refused(error: PinBlockError) -> Failure {
    match error {
        PinBlockError::Pin => Failure::usage("--pin has 4 to 12 digits"),
        PinBlockError::Pan => Failure::usage("--pan has 13 to 19 digits here"),
        other => Failure::usage(format!("--block: {other}")),
    }
}

fn encode(
    verb: &PinBlock,
    (pin, format): (&str, PinBlockFormat),
    key: Option<&Secret>,
    page: &mut Page<'_>,
) -> Result<(), Failure> {
    let mut random = [0; 14];
    fill(verb.filler, &mut random)?;
    let clear = format.encode(pin, pan(verb), random).map_err(refused)?;
    page.hidden("PIN", pin, "");
    let Some(key) = key else {
        page.hidden("clear block", &Hex(&clear).to_string(), "no key: not enciphered");
        if verb.how.unmask {
            page.result("clear_block", Hex(&clear).to_string());
        } else {
            page.note("--unmask shows the clear block, which is the PIN");
        }
        return Ok(());
    };
    page.hidden("clear block", &Hex(&clear).to_string(), "");
    let block = key.tdea("key")?.encrypt(clear);
    page.bytes("block", &block, "triple DES");
    page.result("block", Hex(&block).to_string());
    Ok(())
}

fn decode(
    verb: &PinBlock,
    format: PinBlockFormat,
    block: [u8; 8],
    key: Option<&Secret>,
    page: &mut Page<'_>,
) -> Result<(), Failure> {
    let clear = match key {
        None => block,
        Some(key) => key.tdea("key")?.decrypt(block),
    };
    page.hidden("clear block", &Hex(&clear).to_string(), "");
    opened(verb, format.decode(clear, pan(verb)), page)
}

/// The PIN, or why there is none: that is a result like any other.
fn opened(verb: &PinBlock, pin: Result<String, PinBlockError>, page: &mut Page<'_>) -> Result<(), Failure> {
    match pin {
        Err(PinBlockError::Pan) => Err(refused(PinBlockError::Pan)),
        Err(error) => {
            page.verdict(false, error.to_string());
            Ok(())
        }
        Ok(pin) => {
            page.hidden("PIN", &pin, format!("{} digits", pin.len()));
            page.result("digits", pin.len());
            if verb.how.unmask {
                page.result("pin", pin);
            } else {
                page.note("--unmask shows the PIN");
            }
            page.verdict(true, "the block is well-formed");
            Ok(())
        }
    }
}

fn four(
    verb: &PinBlock,
    (pin, block): (&str, Option<&str>),
    key: Option<&Secret>,
    page: &mut Page<'_>,
) -> Result<(), Failure> {
    let key: AesKey =
        key.ok_or_else(|| Failure::usage("format 4 needs --key: its block is never in clear"))?.aes("key")?;
    if let Some(block) = block {
        return opened(verb, decipher_4(&key, array_of("block", block)?, pan(verb)), page);
    }
    let mut random = [0; 8];
    fill(verb.filler, &mut random)?;
    let field = pin_field_4(pin, random).map_err(refused)?;
    page.hidden("PIN field", &Hex(&field).to_string(), "");
    page.hidden("PAN field", &Hex(&pan_field_4(pan(verb)).map_err(refused)?).to_string(), "");
    let block = encipher_4(&key, pin, pan(verb), random).map_err(refused)?;
    page.bytes("block", &block, "AES over the PIN field, PAN field added, AES again");
    page.result("block", Hex(&block).to_string());
    Ok(())
}
