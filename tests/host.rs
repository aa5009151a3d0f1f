//! The issuer simulator against simulated cards, and against values that pyemv computed.

use emvtap::{
    card::{Card, Profile},
    crypto::cryptogram::CryptogramCheck,
    host::{Answer, Host, Issuer, IssuerKey, Policy, Request},
    tlv::{self, Tag, write_object},
};
use proptest::prelude::*;

const SELECT_VISA: &[u8] = b"\x00\xA4\x04\x00\x07\xA0\x00\x00\x00\x03\x10\x10\x00";
/// The terminal's part of a data record: 12.50 EUR in Belgium on 2026-11-21, unpredictable number 12345678.
const TERMINAL: &[(u32, &str)] = &[
    (0x9F02, "000000001250"),
    (0x9F03, "000000000000"),
    (0x9F1A, "0056"),
    (0x95, "0000000000"),
    (0x5F2A, "0978"),
    (0x9A, "261121"),
    (0x9C, "00"),
    (0x9F37, "12345678"),
];
const GPO: &str = "80A8000023832136804000000000001250000000000000005600000000000978261121001234567800";

/// A profile by name, or a variant of `visa/credit`.
fn profile(name_or_lines: &str) -> Profile {
    if name_or_lines.starts_with("visa") {
        return Profile::builtin(name_or_lines).unwrap();
    }
    let text = format!("schema = \"emvtap.card/1\"\nextends = \"visa/credit\"\n{name_or_lines}");
    Profile::parse("mine.toml", &text, &|_| None).unwrap()
}

fn issuer(profile: &Profile, policy: &str) -> Issuer {
    let policy = Policy::parse("host.toml", &format!("schema = \"emvtap.host/1\"\n{policy}")).unwrap();
    Issuer::new(profile.issuer_keys().map(|(prefix, key)| IssuerKey::new(prefix, key.0)), policy)
}

fn send(card: &mut Card, command: &[u8]) -> Vec<u8> {
    let mut response = Vec::new();
    card.transmit(command, &mut response);
    response
}

/// Taps the card; the data record that Kernel 3 would make of it (C-3, 5.8).
fn tap(card: &mut Card) -> Vec<u8> {
    card.power_on();
    send(card, SELECT_VISA);
    let response = send(card, &hex::decode(GPO).unwrap());
    let template = tlv::objects(&response).next().unwrap().unwrap();
    let mut record = Vec::new();
    for object in tlv::objects(template.value).map(Result::unwrap) {
        write_object(&mut record, object.tag, object.value);
    }
    for (tag, value) in TERMINAL {
        write_object(&mut record, Tag::new(*tag), &hex::decode(value).unwrap());
    }
    record
}

fn ask(issuer: &mut Issuer, data_record: &[u8]) -> Answer {
    issuer.authorise(Request { data_record, online_pin: false })
}

/// The record with the value of one object replaced, or without the object.
fn with(record: &[u8], tag: u32, value: Option<&str>) -> Vec<u8> {
    let mut out = Vec::new();
    for object in tlv::objects(record).map(Result::unwrap) {
        match value {
            _ if object.tag != Tag::new(tag) => write_object(&mut out, object.tag, object.value),
            Some(value) => write_object(&mut out, object.tag, &hex::decode(value).unwrap()),
            None => {}
        }
    }
    out
}

#[test]
fn a_good_cryptogram_is_approved_and_the_card_believes_the_answer() {
    // ARPCs computed with pyemv 1.5.0: ac.generate_arpc_2 with CSU 00800000, ac.generate_arpc_1 with response code "00".
    for (name, version, arpc) in [
        ("visa-credit", "CVN 18", Some("14FAFA41")),
        ("visa-debit-offline", "CVN 10", Some("2140D8364DE1789E")),
        ("visa-online-pin", "CVN 17", None),
        ("visa-phone", "CVN 22", None),
    ] {
        let profile = profile(name);
        let mut card = Card::new(&profile, 7).unwrap();
        let answer = ask(&mut issuer(&profile, ""), &tap(&mut card));
        assert_eq!((answer.response_code, answer.cryptogram), (Some(*b"00"), Some(CryptogramCheck::Valid)), "{name}");
        assert_eq!((answer.cryptogram_version, answer.note.as_str()), (Some(version), ""));
        if let Some(arpc) = arpc {
            assert_eq!(hex::encode_upper(answer.arpc.unwrap()), arpc);
        }
        let data = answer.authentication_data.unwrap();
        let command = [&[0x00, 0x82, 0x00, 0x00, u8::try_from(data.len()).unwrap()], &data[..]].concat();
        assert_eq!(send(&mut card, &command), [0x90, 0x00], "{name}");
    }
}

#[test]
fn rules_decide_by_the_amount_and_scripts_go_along() {
    let profile = profile("visa-credit");
    let policy = "scripts = [\"7206860484240000\"]\n[[rule]]\nfrom = 1250\nresponse-code = \"51\"\n";
    let answer = ask(&mut issuer(&profile, policy), &tap(&mut Card::new(&profile, 7).unwrap()));
    assert_eq!((answer.response_code, answer.cryptogram), (Some(*b"51"), Some(CryptogramCheck::Valid)));
    assert_eq!(answer.authentication_data.unwrap()[4..], [0, 0, 0, 0], "the card is not told of an approval");
    assert_eq!(hex::encode_upper(answer.scripts), "7206860484240000");
}

#[test]
fn any_changed_object_makes_the_cryptogram_wrong() {
    let profile = profile("visa-credit");
    let record = tap(&mut Card::new(&profile, 7).unwrap());
    for (tag, value) in [
        (0x9F02, "000000001251"),
        (0x9F37, "12345679"),
        (0x9F36, "0002"),
        (0x82, "2001"),
        (0x9F10, "06011203A00001"),
        (0x9F26, "0000000000000000"),
    ] {
        let answer = ask(&mut issuer(&profile, ""), &with(&record, tag, Some(value)));
        assert_eq!((answer.response_code, answer.cryptogram), (Some(*b"05"), Some(CryptogramCheck::Wrong)), "{tag:X}");
        assert_eq!(answer.authentication_data, None);
        assert_eq!(answer.note, "the cryptogram is not the card's over these data");
    }
}

#[test]
fn the_usual_mistakes_are_named() {
    let credit = profile("visa-credit");
    let record = tap(&mut Card::new(&credit, 7).unwrap());
    let answer = ask(&mut issuer(&credit, ""), &with(&record, 0x5F34, None));
    assert!(answer.note.ends_with("; it fits PAN sequence number 01, not 00"), "{}", answer.note);

    let liar = profile("[application.visa.data]\n\"9F10\" = \"06010A03A00000\"\n");
    let answer = ask(&mut issuer(&liar, ""), &tap(&mut Card::new(&liar, 7).unwrap()));
    assert_eq!(answer.note, "the cryptogram is not the card's over these data; it is what CVN 18 would give");
}

#[test]
fn what_cannot_be_checked_is_refused_with_the_reason() {
    let credit = profile("visa-credit");
    let record = tap(&mut Card::new(&credit, 7).unwrap());
    let stranger = profile("visa-debit-offline");
    for (profile, record, reason) in [
        (&credit, with(&record, 0x9F37, None), "9F37 is missing"),
        (&credit, with(&record, 0x9F36, Some("01")), "9F36 should have 2 bytes, it has 1"),
        (&credit, with(&record, 0x57, None), "there is neither 5A nor 57"),
        (
            &credit,
            with(&record, 0x9F10, Some("0601FF03A00000")),
            "9F10 names no cryptogram version that this issuer knows",
        ),
        (&credit, with(&record, 0x9F10, Some("06011203")), "9F10 is too short for CVN 18"),
        (&stranger, record.clone(), "this issuer has no key for the card"),
        (&credit, vec![], "9C is missing"),
    ] {
        let answer = ask(&mut issuer(profile, ""), &record);
        assert_eq!((answer.response_code, answer.cryptogram), (Some(*b"05"), Some(CryptogramCheck::Unverifiable)));
        assert_eq!(answer.note, format!("the cryptogram cannot be checked: {reason}"));
    }
}

#[test]
fn a_cryptogram_that_comes_twice_is_noticed() {
    let profile = profile("visa-credit");
    let mut card = Card::new(&profile, 7).unwrap();
    let mut issuer = issuer(&profile, "");
    let first = tap(&mut card);
    assert_eq!(ask(&mut issuer, &first).note, "");
    assert_eq!(ask(&mut issuer, &tap(&mut card)).note, "");
    let again = ask(&mut issuer, &first);
    assert_eq!(again.note, "counter 1 is not above 2, which was seen before");
}

#[test]
fn no_key_is_printed() {
    let key = IssuerKey::new("47617390", [0xA5; 16]);
    let text = format!("{:?}", Issuer::new([key], Policy::default()));
    assert!(!text.contains("165") && !text.to_uppercase().contains("A5"), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_data_record_can_make_an_issuer_panic(record in prop::collection::vec(any::<u8>(), 0..120)) {
        let key = IssuerKey::new("", [0; 16]);
        let answer = Issuer::new([key], Policy::default()).authorise(Request { data_record: &record, online_pin: true });
        prop_assert_eq!(answer.response_code, Some(*b"05"));
    }
}
