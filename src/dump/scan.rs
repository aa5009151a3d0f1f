//! The JSON that proxmark3 writes of a card (`emv scan`): templates as trees of objects. It keeps what the card answered; of what
//! the card was sent only what follows from it, so the values for the PDOL are unknown.

use serde_json::Value;

use super::{Dump, Exchange, Style, hexadecimal};
use crate::tlv::{Tag, Writer};

/// Reads a scan.
pub(super) fn parse(text: &str) -> Option<Dump> {
    let whole: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok().filter(Value::is_object)?;
    let application = whole.get("Application").filter(|application| application.get("FCITemplate").is_some())?;
    let named = whole.get("ApplicationData").unwrap_or(&Value::Null);
    let mut exchanges = Vec::new();
    let mut answered = |command: Vec<u8>, tree: Option<&Value>| {
        let mut data = Writer::new();
        if tree.is_some_and(|tree| write(tree, named, &mut data).is_some()) {
            let response = [data.finish(), vec![0x90, 0x00]].concat();
            exchanges.push(Exchange { line: 1, command: Some(command), response: Some(response) });
        }
    };
    answered(select(b"2PAY.SYS.DDF01"), whole.get("PPSE").and_then(|ppse| ppse.get("FCITemplate")));
    answered(select(&hex(application.get("AID")?)?), application.get("FCITemplate"));
    answered(vec![0x80, 0xA8, 0x00, 0x00, 0x02, 0x83, 0x00, 0x00], application.get("GPO"));
    for record in application.get("Records").and_then(Value::as_array).into_iter().flatten() {
        let number = |name: &str| hex(record.get(name)?)?.first().copied();
        if let (Some(sfi), Some(number)) = (number("SFI"), number("RecordNum")) {
            answered(vec![0x00, 0xB2, number, sfi << 3 | 0x04, 0x00], record.get("Data"));
        }
    }
    (!exchanges.is_empty()).then_some(Dump { style: Style::Scan, masked: false, exchanges, problems: Vec::new() })
}

fn select(name: &[u8]) -> Vec<u8> {
    let length = u8::try_from(name.len()).unwrap_or_default();
    [&[0x00, 0xA4, 0x04, 0x00, length], name, &[0x00]].concat()
}

fn hex(value: &Value) -> Option<Vec<u8>> {
    hexadecimal(value.as_str()?).ok()
}

/// Objects that the scan keeps apart from the trees, by the names it gives them (`client/src/emv/emvjson.c`).
const NAMED: [(&str, u32); 29] = [
    ("AIP", 0x82),
    ("AFL", 0x94),
    ("PAN", 0x5A),
    ("PANSeqNo", 0x5F34),
    ("ExpirationDate", 0x5F24),
    ("EffectiveDate", 0x5F25),
    ("IssuerCountryCode", 0x5F28),
    ("ApplicationLabel", 0x50),
    ("VersionNumber", 0x9F08),
    ("CurrencyCode", 0x9F42),
    ("LanguagePreference", 0x5F2D),
    ("PriorityIndicator", 0x87),
    ("ATC", 0x9F36),
    ("CardholderName", 0x5F20),
    ("PDOL", 0x9F38),
    ("CDOL1", 0x8C),
    ("CDOL2", 0x8D),
    ("AUC", 0x9F07),
    ("CTQ", 0x9F6C),
    ("CVMList", 0x8E),
    ("IACDefault", 0x9F0D),
    ("IACDeny", 0x9F0E),
    ("IACOnline", 0x9F0F),
    ("CertificationAuthorityPublicKeyIndex", 0x8F),
    ("IssuerPublicKeyExponent", 0x9F32),
    ("IssuerPublicKeyRemainder", 0x92),
    ("IssuerPublicKeyCertificate", 0x90),
    ("ICCPublicKeyExponent", 0x9F47),
    ("ICCPublicKeyCertificate", 0x9F46),
];

/// Writes a tree as TLV.
fn write(node: &Value, named: &Value, out: &mut Writer) -> Option<()> {
    if let Some(name) = node.get("appdata").and_then(Value::as_str) {
        let (_, tag) = NAMED.iter().find(|(known, _)| *known == name)?;
        out.object(Tag::new(*tag), &hex(named.get(name)?)?);
        return Some(());
    }
    let tag: Tag = node.get("tag")?.as_str()?.replace(' ', "").parse().ok()?;
    match node.get("Childs").and_then(Value::as_array) {
        Some(children) => {
            let mut inside = Writer::new();
            children.iter().filter_map(|child| write(child, named, &mut inside)).count();
            out.object(tag, &inside.finish());
        }
        None => out.object(tag, &node.get("value").and_then(hex).unwrap_or_default()),
    }
    Some(())
}
