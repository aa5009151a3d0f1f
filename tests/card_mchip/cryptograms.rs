//! Cryptograms, checksums and signatures.

use emvtap::{
    card::Card,
    crypto::{
        CaKey, Trust,
        cda::{DynamicData, transaction_data_hash},
        certificate::{IccInput, IssuerInput, recover_icc, recover_issuer},
        rsa::PublicKey,
        signature::verify_sdad,
    },
    time::Date,
    tlv::{self, Tag, write_object},
};

use crate::harness::{ATTENDED, TERMINAL, begin, bytes, card, generate_ac, good, hexed, send, stranger, value};

/// pyemv, tests/test_cvn.py (checked against a payment HSM): classes MasterCardCVN16, 17, 20 and 21, here with their card
/// verification results and counters computed by the card.
#[test]
fn cryptograms_are_those_of_pyemvs_own_tests() {
    let data = "000000009999 000000000000 0124 8000000000 0124 209906 00 ABCDEF12";
    for (version, cryptogram) in
        [(16, "24CCF3DEE3158C70"), (17, "EAE8A620A75648D8"), (20, "CD29615D6452E70E"), (21, "C30E54BE496CF5E5")]
    {
        let mut card = stranger(&format!(
            "[application.a.data]\n'5A' = '1234567890123456'\n'5F34' = 0\n'5F28' = 124\n'82' = '1800'\n\
             '8C' = '9F0206 9F0306 9F1A02 9505 5F2A02 9A03 9C01 9F3704'\n[application.a.keys]\nmaster = 'cryptograms'\n\
             [application.a.cryptogram]\nversion = {version}\ndiscretionary = '0000 00000000000322FF'\n\
             [application.a.counters]\natc = 27\n"
        ));
        begin(&mut card);
        let answer = generate_ac(&mut card, "80", data);
        assert_eq!(hexed(&answer, 0x9F26), cryptogram, "{version}");
        assert_eq!(hexed(&answer, 0x9F10), format!("01{version:02X}A00003220000000000000000000322FF"));
        assert_eq!(hexed(&answer, 0x9F36), "001C");
    }
}

/// pyemv, tests/test_cvv.py: test_generate_cvc3, tracks 2 and 1.
#[test]
fn checksums_are_those_of_pyemvs_own_tests() {
    let mut card = stranger(
        "[application.a.data]\n'5A' = '5123456789012345'\n'82' = '0000'\n'9F6B' = '5123456789012345D35121010000000000000F'\n\
         '56' = { text = 'B5123456789012345^KENOBI/OBIWAN^3512101000000000000000000000000' }\n[application.a.keys]\n\
         master = 'cryptograms'\ncvc3 = 'checksums'\n[application.a.cryptogram]\nversion = 16\n\
         [application.a.counters]\natc = 93\n",
    );
    begin(&mut card);
    let answer = value(&good(&mut card, "802A8E80 04 00000899 00"), 0x77).unwrap();
    assert_eq!([0x9F61, 0x9F60, 0x9F36].map(|tag| hexed(&answer, tag)), ["7330", "828B", "005E"]);
}

/// Computed with pyemv 1.5.0 (kd.derive_icc_mk_a, kd.derive_common_sk, ac.generate_ac) from the keys under cards/keys, the
/// profile's PAN, the terminal data above, ATC 0001 and the 9F10 given here.
const CRYPTOGRAMS: &[(&str, &str, &str, &str, &str)] = &[
    ("mastercard-credit", "80", "80", "0110A0000324000000000000000000000000", "D1BB81089CB7392E"),
    ("mastercard-credit", "40", "80", "0110A0000324000000000000000000000000", "D1BB81089CB7392E"),
    ("mastercard-credit-no-cda", "80", "80", "0114A0000324000000000000000000000000", "7F63E281A4BDBF27"),
    ("mastercard-online-pin", "80", "80", "0115A000032400000000000000000000FF01", "63E1F97ED7E230CC"),
    ("mastercard-phone", "80", "80", "0111A0000324000000000000000000000000", "E9ABD91D84F8BEE3"),
    ("mastercard-offline", "40", "40", "011090000324000000000000000000000000", "012DC8A47883BF28"),
    ("mastercard-offline", "80", "80", "0110A0000324000000000000000000000000", "D1BB81089CB7392E"),
    ("mastercard-declining", "40", "00", "011080000324000000000000000000000000", "6A7714213F4D1319"),
    ("mastercard-credit", "00", "00", "011080000324000000000000000000000000", "6A7714213F4D1319"),
];

#[test]
fn cryptograms_are_those_that_pyemv_computes() {
    for (name, asked, cid, iad, cryptogram) in CRYPTOGRAMS {
        let mut card = card(name);
        begin(&mut card);
        let answer = generate_ac(&mut card, asked, &format!("{TERMINAL}{ATTENDED}"));
        let found = [0x9F27, 0x9F10, 0x9F26, 0x9F36].map(|tag| hexed(&answer, tag));
        assert_eq!(found, [*cid, *iad, *cryptogram, "0001"], "{name} {asked}");
    }
}

/// The same, with cvv.generate_cvc3: 5112 and 25575 of tracks 2 and 1.
#[test]
fn checksums_are_those_that_pyemv_computes() {
    let mut card = card("mastercard-mag-stripe");
    assert_eq!(hex::encode_upper(begin(&mut card)), "82020000940408010100");
    let answer = value(&good(&mut card, "802A8E80 04 00000680 00"), 0x77).unwrap();
    assert_eq!([0x9F61, 0x9F60].map(|tag| hexed(&answer, tag)), ["13F8", "63E7"]);
    assert_eq!(send(&mut card, &bytes("802A8E80 04 00000680 00")).1, 0x6985, "one checksum a transaction");
}

/// The card's public key, from its records.
fn card_key(card: &mut Card) -> PublicKey {
    let list: toml::Table = include_str!("../../terminals/ca/emvtap-test.toml").parse().unwrap();
    let keys = list["key"].as_array().unwrap();
    let key = keys.iter().find(|key| key["rid"].as_str() == Some("A000000004")).unwrap();
    let part = |name: &str| bytes(key[name].as_str().unwrap());
    let ca = CaKey::new([0xA0, 0, 0, 0, 0x04], part("index")[0], &part("modulus"), &part("exponent")).unwrap();
    assert_eq!(ca.checksum().to_vec(), part("checksum"));
    let trust = Trust { ca_keys: vec![ca.clone()], ..Trust::default() };
    let today = Date::new(2026, 11, 21).unwrap();
    let answer = begin(card);
    let records = ["00B2011400", "00B2021400", "00B2031400"].map(|command| value(&good(card, command), 0x70).unwrap());
    let objects = records.concat();
    let get = |tag| value(&objects, tag).unwrap_or_default();
    let pan = get(0x5A);
    let input = IssuerInput { certificate: &get(0x90), remainder: &get(0x92), exponent: &get(0x9F32), pan: &pan };
    let issuer = recover_issuer(&ca, input, &trust, today, &mut |_, _| {}).unwrap();
    let input = IccInput {
        certificate: &get(0x9F46),
        remainder: &get(0x9F48),
        exponent: &get(0x9F47),
        pan: &pan,
        static_data: &[records[0].as_slice(), &value(&answer, 0x82).unwrap()].concat(),
    };
    recover_icc(&issuer.key, input, today, &mut |_, _| {}).unwrap().key
}

/// What a combined signature says, and what a terminal finds in the answer.
fn signed(key: &PublicKey, answer: &[u8], sent: &str) -> (Vec<u8>, Vec<u8>) {
    let signed =
        verify_sdad(key, &value(answer, 0x9F4B).unwrap(), &[0x05], &bytes("12345678"), &mut |_, _| {}).unwrap();
    let mut others = Vec::new();
    for object in tlv::objects(answer).map(Result::unwrap).filter(|object| object.tag != Tag::new(0x9F4B)) {
        write_object(&mut others, object.tag, object.value);
    }
    let data = DynamicData::parse(&signed.dynamic_data).unwrap();
    assert_eq!(value(answer, 0x9F26), None, "the cryptogram is in the signature alone");
    assert_eq!(data.data_hash, transaction_data_hash(&[&bytes(sent), &others]));
    assert_eq!(vec![data.cid], value(answer, 0x9F27).unwrap());
    (data.cryptogram.to_vec(), data.more.to_vec())
}

/// The cryptogram by pyemv, as above: the card verification results say that a signature was returned.
#[test]
fn a_combined_signature_holds() {
    let mut card = card("mastercard-credit");
    let key = card_key(&mut card);
    card = crate::harness::card("mastercard-credit");
    begin(&mut card);
    let sent = format!("{TERMINAL}{ATTENDED}");
    let answer = generate_ac(&mut card, "90", &sent);
    assert_eq!(hexed(&answer, 0x9F10), "0110A0400324000000000000000000000000");
    let (cryptogram, more) = signed(&key, &answer, &sent);
    assert_eq!((hex::encode_upper(cryptogram), more), ("1BA028FF3C112A75".to_owned(), vec![]));
    begin(&mut card);
    let refused = generate_ac(&mut card, "10", &sent);
    assert_eq!((value(&refused, 0x9F4B), hexed(&refused, 0x9F27)), (None, "00".to_owned()), "a refusal is not signed");
}

#[test]
fn the_signature_has_the_relay_resistance_data_of_the_last_exchange() {
    for (name, told, says) in [
        ("mastercard-relay-fast", "000F00280018", "000F00280018"),
        ("mastercard-relay-liar", "000F03E80018", "000F00280018"),
    ] {
        let mut card = card(name);
        let key = card_key(&mut card);
        begin(&mut card);
        good(&mut card, "80EA0000 04 01020304 00");
        let answer = good(&mut card, "80EA0000 04 05060708 00");
        assert_eq!((&answer[..2], &answer[6..]), (&bytes("800A")[..], &bytes(told)[..]), "{name}");
        let sent = format!("{TERMINAL}{ATTENDED}");
        let (_, more) = signed(&key, &generate_ac(&mut card, "90", &sent), &sent);
        assert_eq!(more, [&bytes("05060708")[..], &answer[2..6], &bytes(says)].concat(), "{name}");
        assert_eq!(send(&mut card, &bytes("80EA0000 04 05060708 00")).1, 0x6985, "after the cryptogram");
    }
    let mut card = card("mastercard-relay-slow");
    begin(&mut card);
    let mut response = Vec::new();
    assert_eq!(card.transmit(&bytes("80EA0000 04 01020304 00"), &mut response).0, 80_000);
    good(&mut card, "80EA0000 04 01020304 00");
    good(&mut card, "80EA0000 04 01020304 00");
    assert_eq!(send(&mut card, &bytes("80EA0000 04 01020304 00")).1, 0x6985, "three are enough");
    assert_eq!(send(&mut crate::harness::card("mastercard-credit"), &bytes("80EA0000 04 01020304 00")).1, 0x6985);
}
