//! `emvtap crypto script`: a command of an issuer script under secure messaging.

use super::{
    input::{Input, array_of, hex_of},
    key::{KeyReader, Secret},
    method::{card_of, derive_card, named},
    page::Page,
    steps::compute,
};
use crate::{
    bytes::Hex,
    cli::{
        args::crypto::{KeyIs, Script},
        exit::Exit,
        failure::Failure,
        out::Environment,
    },
    crypto::{
        SymmetricKey,
        messaging::{self, Messaging, visa_pin_block},
        pin_block::PinBlockFormat,
        scheme::{Evidence, Version},
    },
};

/// INS of PIN CHANGE/UNBLOCK: its data are a PIN block.
const PIN_CHANGE: u8 = 0x24;

/// What all keys of one command have in common.
struct Scene<'s> {
    verb: &'s Script,
    version: &'static Version,
    keys: KeyReader,
    atc: [u8; 2],
    arqc: [u8; 8],
}

/// Runs the verb.
pub fn run(verb: &Script, environment: &Environment) -> Result<Exit, Failure> {
    let version = named(&verb.method)?;
    let mut scene = Scene {
        verb,
        version,
        keys: KeyReader::new(verb.how.allow_production_keys),
        atc: array_of("atc", &verb.atc)?,
        arqc: array_of("arqc", &verb.arqc)?,
    };
    let mut page = Page::new("script", &verb.how);
    page.text("method", version.title, "");
    if version.evidence == Evidence::Unsure {
        page.note(format!("{}: not everything about this version is public ({})", version.title, version.source));
    }
    let messaging = version.messaging;
    if verb.decipher {
        let key = scene.key(&mut page, "cipher-key", verb.cipher_key.as_deref().unwrap_or_default())?;
        let clear = messaging.decipher(&key, &hex_of("data", &verb.data)?);
        let clear = clear.ok_or_else(|| Failure::usage("--data: no padding inside; another key, or another method"))?;
        page.bytes("clear", &clear, "");
        page.result("clear", Hex(&clear).to_string());
        return page.finish(environment);
    }
    let (header, data) = scene.command(&mut page)?;
    let data = match &verb.cipher_key {
        None => data,
        Some(source) => {
            let key = scene.key(&mut page, "cipher-key", source)?;
            let padded = Hex(&messaging.pad(&data)).to_string();
            if verb.pin.is_some() || header.get(1) == Some(&PIN_CHANGE) {
                page.hidden("padded", &padded, "before encipherment");
            } else {
                page.text("padded", padded, "before encipherment");
            }
            let enciphered = messaging.encipher(&key, &data);
            let enciphered = enciphered.ok_or_else(|| Failure::usage("--cipher-key is of the other cipher"))?;
            page.bytes("enciphered", &enciphered, "");
            page.result("enciphered", Hex(&enciphered).to_string());
            enciphered
        }
    };
    if let Some(source) = &verb.mac_key {
        scene.mac(&mut page, source, &header, data)?;
    }
    page.finish(environment)
}

impl Scene<'_> {
    fn card(&mut self, page: &mut Page<'_>, flag: &str, source: &str) -> Result<SymmetricKey, Failure> {
        let aes = self.version.is_aes();
        let given = self.keys.read(flag, source, aes)?.symmetric(flag, aes)?;
        page.text(flag, "", "");
        let (pan, psn) = card_of(&self.verb.card, &Input::default())?;
        derive_card(page, self.version.method.card_key, self.verb.card.key_is, &given, (&pan, psn))
    }

    fn key(&mut self, page: &mut Page<'_>, flag: &str, source: &str) -> Result<SymmetricKey, Failure> {
        let card = self.card(page, flag, source)?;
        if self.verb.card.key_is == KeyIs::Session {
            return Ok(card);
        }
        let session = self.version.messaging.session_key(&card, self.atc, self.arqc);
        let session = session.ok_or_else(|| Failure::usage(format!("--{flag} is of the other cipher")))?;
        let note = match self.version.messaging {
            Messaging::Visa => "the card's key with the ATC added (Visa)",
            Messaging::UnionPay => "over the ATC and its complement",
            _ => "common session key over the ARQC",
        };
        page.key("session key", &Secret::of(&session), note);
        Ok(session)
    }

    /// Header, without Lc if it was left out, and data in clear.
    fn command(&mut self, page: &mut Page<'_>) -> Result<(Vec<u8>, Vec<u8>), Failure> {
        let verb = self.verb;
        let Some(source) = &verb.pin else {
            let header =
                self.verb.header.as_deref().ok_or_else(|| Failure::usage("--header is needed: CLA INS P1 P2"))?;
            let header = hex_of("header", header)?;
            if !matches!(header.len(), 4 | 5) {
                return Err(Failure::usage(format!("--header has 4 or 5 bytes, found {}", header.len())));
            }
            return Ok((header, hex_of("data", &self.verb.data)?));
        };
        let pin = self.keys.pin("pin", source)?;
        let current = verb.current_pin.as_deref().map(|source| self.keys.pin("current-pin", source)).transpose()?;
        let visa = matches!(self.version.messaging, Messaging::Visa)
            || matches!(self.version.messaging, Messaging::VisaCommon) && current.is_some();
        let block = if visa {
            let source = self.verb.ac_key.as_deref();
            let source = source.ok_or_else(|| Failure::usage("--ac-key is needed: it is part of Visa's PIN block"))?;
            let SymmetricKey::TripleDes(key) = &self.card(page, "ac-key", source)? else {
                return Err(Failure::usage("--ac-key is of the other cipher"));
            };
            visa_pin_block(key, &pin, current.as_ref().map(|pin| pin.as_str()))
                .ok_or_else(|| Failure::usage("a PIN has 4 to 12 digits"))?
        } else {
            PinBlockFormat::Iso2.encode(&pin, "", [0; 14]).map_err(|error| Failure::usage(format!("--pin: {error}")))?
        };
        page.hidden("PIN block", &Hex(&block).to_string(), if visa { "Visa" } else { "ISO 9564-1 format 2" });
        let p2 = if current.is_some() { 1 } else { 2 };
        Ok((vec![0x84, PIN_CHANGE, 0x00, p2], block.to_vec()))
    }

    fn mac(&mut self, page: &mut Page<'_>, source: &str, header: &[u8], data: Vec<u8>) -> Result<(), Failure> {
        let length = usize::from(self.verb.mac_length);
        let messaging = self.version.messaging;
        let objects = messaging.has_data_objects();
        let data = match (objects, data.is_empty(), self.verb.cipher_key.is_some()) {
            (true, false, true) => object(0x87, &[&[0x01], &data[..]].concat()),
            (true, false, false) => object(0x81, &data),
            _ => data,
        };
        let trailer = if objects { length + 2 } else { length };
        let lc =
            u8::try_from(data.len() + trailer).map_err(|_| Failure::usage("--data is too long for one command"))?;
        let [cla, ins, p1, p2] = *header.first_chunk().ok_or_else(|| Failure::usage("--header"))?;
        let stated = header.get(4).copied();
        let header = [cla, ins, p1, p2, stated.unwrap_or(lc)];
        if stated.is_some_and(|stated| stated != lc) {
            page.note(format!("Lc is {:02X} as given; data and MAC make {lc:02X}", stated.unwrap_or_default()));
        }
        let key = self.key(page, "mac-key", source)?;
        // Keys come from the transaction's cryptogram; the MAC of a later command begins with that of the one before.
        let arqc = self.verb.chaining.as_deref().map_or(Ok(self.arqc), |before| array_of("chaining", before))?;
        let script = messaging::Script { header, atc: self.atc, arqc, data: &data };
        let mac = compute(page, "MAC", messaging.mac_kind(), &key, &messaging.mac_input(script))?;
        let short = mac.get(..length).unwrap_or_default();
        let end = if objects { object(0x8E, short) } else { short.to_vec() };
        let command = [&header[..], &data, &end].concat();
        page.bytes("command", &command, "");
        page.result("mac", Hex(&mac).to_string());
        page.result("command", Hex(&command).to_string());
        if let Some(wanted) = &self.verb.mac {
            let wanted = hex_of("mac", wanted)?;
            let holds = wanted.len() >= 4 && mac.starts_with(&wanted);
            let words = if holds {
                "the MAC verifies".to_owned()
            } else {
                format!("the MAC is {}, computed {}", Hex(&wanted), Hex(&mac))
            };
            page.verdict(holds, words);
        }
        Ok(())
    }
}

fn object(tag: u32, value: &[u8]) -> Vec<u8> {
    let mut object = Vec::new();
    crate::tlv::write_object(&mut object, crate::tlv::Tag::new(tag), value);
    object
}
