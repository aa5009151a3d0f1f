//! Values that have parts of fixed lengths.

use super::Detail;
use crate::data::{codes, dictionary::CTQ_9F6C, scope::Scope};

/// Third Party Data of Mastercard: country, unique identifier, device type, proprietary data.
pub(super) fn third_party_data(value: &[u8]) -> Vec<Detail> {
    let Some((head, rest)) = value.split_at_checked(4) else { return Vec::new() };
    let (country, identifier) = head.split_at_checked(2).unwrap_or_default();
    let name = codes::country(country).map_or("unknown country", |country| country.name);
    let what = match *identifier {
        [0x00, 0x00] => "unique identifier: proprietary data not used",
        [0x00 | 0x80, 0x03] => "unique identifier: Mastercard product extension",
        _ => "unique identifier",
    };
    let mut details = vec![Detail::part(0, country, name), Detail::part(2, identifier, what)];
    let has_device = identifier.first().is_some_and(|byte| byte & 0x80 == 0);
    let (device, proprietary) =
        if has_device { rest.split_at_checked(2).unwrap_or((rest, &[])) } else { (&[][..], rest) };
    if has_device {
        details.push(Detail::part(4, device, format!("device type: {}", device_type(device))));
    }
    if !proprietary.is_empty() {
        details.push(Detail::part(4 + device.len(), proprietary, "proprietary data"));
    }
    details
}

fn device_type(ascii: &[u8]) -> &'static str {
    match ascii {
        b"00" | b"20" => "card",
        b"01" => "phone with a removable secure element of the network operator",
        b"02" => "key fob",
        b"03" => "watch",
        b"04" => "mobile tag",
        b"05" => "wristband",
        b"06" => "phone case or sleeve",
        b"07" | b"08" | b"09" => "phone with a secure element",
        b"10" | b"11" | b"12" | b"13" => "tablet with a secure element",
        b"14" => "phone, host card emulation",
        b"15" => "tablet, host card emulation",
        b"16" => "phone, trusted execution environment",
        b"17" => "tablet, trusted execution environment",
        b"18" => "watch, trusted execution environment",
        b"19" => "watch, host card emulation",
        b"21" => "phone",
        b"22" => "tablet",
        b"23" => "watch or wristband",
        b"24" => "sticker",
        b"25" => "computer",
        b"26" => "computer peripheral",
        b"27" => "tag",
        b"28" => "jewellery",
        b"29" => "fashion accessory",
        b"30" => "garment",
        b"31" => "domestic appliance",
        b"32" => "vehicle",
        b"33" => "media or gaming device",
        _ => "unknown",
    }
}

/// Issuer Authentication Data by its length: cryptogram and response code of method 1, or cryptogram and card status update of
/// method 2 (Book 2, 8.2). Eight bytes can only be method 2, ten may be either; which, the cryptogram version decides.
pub(super) fn issuer_authentication_data(value: &[u8]) -> Vec<Detail> {
    let split = |first: usize, second: usize, words: [&str; 3]| {
        let mut details = Vec::new();
        let mut at = 0;
        for (length, words) in [first, second, value.len()].into_iter().zip(words) {
            let rest = value.get(at..).unwrap_or_default();
            let bytes = rest.get(..length.min(rest.len())).unwrap_or_default();
            if !bytes.is_empty() {
                details.push(Detail::part(at, bytes, words));
            }
            at += bytes.len();
        }
        details
    };
    match value.len() {
        10 => split(8, 2, ["ARPC, if it is of method 1", "authorisation response code", ""]),
        8 | 9 | 11..=16 => {
            split(4, 4, ["ARPC, if it is of method 2", "card status update", "proprietary authentication data"])
        }
        _ => Vec::new(),
    }
}

/// Card Authentication Related Data of Kernel 3: fDDA version, unpredictable number, CTQ (C-3, Annex A).
pub(super) fn card_authentication_related_data(value: &[u8]) -> Vec<Detail> {
    let Some((version, rest)) = value.split_at_checked(1) else { return Vec::new() };
    let mut details = vec![Detail::part(0, version, "fDDA version")];
    let Some((number, rest)) = rest.split_at_checked(4) else { return details };
    details.push(Detail::part(1, number, "unpredictable number of the card"));
    let Some((qualifiers, rest)) = rest.split_at_checked(2) else { return details };
    let bits = super::super::decode_value(CTQ_9F6C, qualifiers, Some(Scope::K3)).details();
    details.push(Detail::part(5, qualifiers, "Card Transaction Qualifiers").with(bits));
    if !rest.is_empty() {
        details.push(Detail::part(7, rest, "more"));
    }
    details
}

/// Where the card's transaction log is, and how long it gets (EMV Book 3, Annex D).
pub(super) fn log_entry(value: &[u8]) -> Vec<Detail> {
    let Some((file, rest)) = value.split_at_checked(1) else { return Vec::new() };
    let number = |bytes: &[u8]| bytes.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    let words = format!("the transaction log has SFI {}", number(file));
    vec![Detail::part(0, file, words), Detail::part(1, rest, format!("at most {} records", number(rest)))]
}

/// Registered identifiers with what their owners say (EMV specification bulletin 175).
pub(super) fn registered_data(value: &[u8]) -> Vec<Detail> {
    let (mut details, mut at) = (Vec::new(), 0);
    while let Some(rest) = value.get(at..).filter(|rest| !rest.is_empty()) {
        let [first, second, length, data @ ..] = rest else {
            details.push(Detail::wrong(at, rest, "identifier and length have three bytes"));
            break;
        };
        let Some(data) = data.get(..usize::from(*length)) else {
            details.push(Detail::wrong(at, rest, format!("{length} bytes wanted, {} found", data.len())));
            break;
        };
        let identifier = u16::from_be_bytes([*first, *second]);
        let bytes = rest.get(..3 + data.len()).unwrap_or_default();
        details.push(Detail::part(at, bytes, registered(identifier, data)));
        at += bytes.len();
    }
    details
}

/// The products of the European Cards Stakeholders Group and of the Technical Cooperation ep2 Association.
fn registered(identifier: u16, data: &[u8]) -> String {
    let owner = match identifier {
        0x0001 => "European Cards Stakeholders Group",
        0x0002 => "Technical Cooperation ep2 Association",
        _ => return format!("registered identifier {identifier:04X}"),
    };
    let product = match data {
        [0x01] => "debit",
        [0x02] => "credit",
        [0x03] => "commercial",
        [0x04] => "prepaid",
        _ => "unknown product",
    };
    format!("{owner}: {product}")
}

/// The words for the number in a byte or half-byte.
fn nth(words: &[&'static str], number: u8) -> &'static str {
    words.get(usize::from(number)).copied().unwrap_or("not applicable")
}

/// Error Indication of Kernel 2 (C-2, A.1): what went wrong on which layer.
pub(super) fn error_indication(value: &[u8]) -> Vec<Detail> {
    let [l1, l2, l3, sw1, sw2, message] = *value else { return Vec::new() };
    let layer_1 = ["OK", "timeout error", "transmission error", "protocol error"];
    let layer_2 = [
        "OK",
        "card data missing",
        "CAM failed",
        "status bytes",
        "parsing error",
        "maximum limit exceeded",
        "card data error",
        "mag-stripe mode not supported",
        "no PPSE",
        "PPSE fault",
        "empty candidate list",
        "IDS read error",
        "IDS write error",
        "IDS data error",
        "IDS no matching AC",
        "terminal data error",
    ];
    let layer_3 = ["OK", "timeout", "stop", "amount not present"];
    vec![
        Detail::part(0, &[l1], format!("layer 1: {}", nth(&layer_1, l1))),
        Detail::part(1, &[l2], format!("layer 2: {}", nth(&layer_2, l2))),
        Detail::part(2, &[l3], format!("layer 3: {}", nth(&layer_3, l3))),
        Detail::part(3, &[sw1, sw2], "status word"),
        Detail::part(5, &[message], "message on error"),
    ]
}

/// Outcome Parameter Set of Kernel 2 (C-2, A.1).
pub(super) fn outcome_parameter_set(value: &[u8]) -> Vec<Detail> {
    let [status, start, online, cvm, flags, interface, field_off, removal] = *value else { return Vec::new() };
    let outcomes = [
        "not applicable",
        "approved",
        "declined",
        "online request",
        "end application",
        "select next",
        "try another interface",
        "try again",
    ];
    let methods = ["no CVM", "signature", "online PIN", "confirmation code verified"];
    let flag = |mask: u8, words: &'static str| (flags & mask != 0).then_some(words);
    let present: Vec<&str> = [
        flag(0x80, "UI request on outcome"),
        flag(0x40, "UI request on restart"),
        flag(0x20, "data record"),
        flag(0x10, "discretionary data"),
        flag(0x08, "receipt"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let present = if present.is_empty() { "nothing".to_owned() } else { present.join(", ") };
    let tenths =
        |byte: u8| if byte == 0xFF { "not applicable".to_owned() } else { format!("{} ms", u32::from(byte) * 100) };
    vec![
        Detail::part(0, &[status], format!("status: {}", nth(&outcomes, status >> 4))),
        Detail::part(1, &[start], format!("start: {}", nth(&["A", "B", "C", "D"], start >> 4))),
        Detail::part(2, &[online], format!("online response data: {}", nth(&[], online >> 4))),
        Detail::part(3, &[cvm], format!("CVM: {}", nth(&methods, cvm >> 4))),
        Detail::part(4, &[flags], format!("present: {present}")),
        Detail::part(5, &[interface], format!("alternate interface: {}", nth(&[], interface >> 4))),
        Detail::part(6, &[field_off], format!("field off: {}", tenths(field_off))),
        Detail::part(7, &[removal], format!("removal timeout: {}", tenths(removal))),
    ]
}

/// Service Code (ISO 7813, 4.6): where the card is used, who authorises, what for and with which verification.
pub(super) fn service_code(value: &[u8]) -> Vec<Detail> {
    let [first, second] = *value else { return Vec::new() };
    let digits = [first & 0x0F, second >> 4, second & 0x0F];
    let [interchange, authorisation, services] = digits;
    let interchange = match interchange {
        1 => "international",
        2 => "international, with chip",
        5 => "national",
        6 => "national, with chip",
        7 => "private",
        9 => "test card",
        _ => "reserved interchange",
    };
    let authorisation = match authorisation {
        0 => "authorised as usual",
        2 => "authorised by the issuer online",
        4 => "authorised by the issuer online unless agreed otherwise",
        _ => "reserved authorisation",
    };
    let services = match services {
        0 => "no restrictions, PIN required",
        1 => "no restrictions",
        2 => "goods and services only",
        3 => "ATM only, PIN required",
        4 => "cash only",
        5 => "goods and services only, PIN required",
        6 => "no restrictions, PIN where there is a PIN pad",
        7 => "goods and services only, PIN where there is a PIN pad",
        _ => "reserved services",
    };
    vec![Detail::part(0, value, format!("{interchange}; {authorisation}; {services}"))]
}
