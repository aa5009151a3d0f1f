//! What simulated Mastercard cards answer, judged by values that somebody else computed and by the recovery functions of
//! `crypto`; and whole taps with Kernel 2 and the issuer.

mod taps;

use emvtap::{
    card::{Card, Profile},
    crypto::{
        CaKey, Trust,
        cda::{DynamicData, transaction_data_hash},
        certificate::{IccInput, IssuerInput, recover_icc, recover_issuer},
        cryptogram::CryptogramCheck,
        rsa::PublicKey,
        signature::verify_sdad,
    },
    host::{Answer, Host, Issuer, IssuerKey, Policy, Request},
    link::Faulty,
    terminal::TransactionType,
    time::Date,
    tlv::{self, Tag, write_object},
};
use proptest::prelude::*;

const SELECT: &str = "00A4040007A000000004101000";
const GPO: &str = "80A800000283 0000";
/// 12.50 EUR in Belgium on 2026-11-21, unpredictable number 12345678.
const TERMINAL: &str = "0000000012500000000000000056000000000009782611210012345678";
/// What else CDOL1 of the built-in cards asks for: terminal type 22, zeros, CVM Results, time, merchant's data.
const ATTENDED: &str = "220000 0000000000000000 3F0002 120000 0000000000000000000000000000000000000000";

fn bytes(hex: &str) -> Vec<u8> {
    hex::decode(hex.replace(' ', "")).unwrap()
}

fn card(name: &str) -> Card {
    Card::new(&Profile::builtin(name).unwrap(), 7).unwrap_or_else(|problem| panic!("{problem}"))
}

/// Data and status word.
fn send(card: &mut Card, command: &[u8]) -> (Vec<u8>, u16) {
    let mut response = Vec::new();
    card.transmit(command, &mut response);
    let (data, status) = response.split_last_chunk().unwrap();
    (data.to_vec(), u16::from_be_bytes(*status))
}

fn good(card: &mut Card, command: &str) -> Vec<u8> {
    let (data, status) = send(card, &bytes(command));
    assert_eq!(status, 0x9000, "{command}");
    data
}

/// A command with data.
fn with_data(header: &str, data: &str) -> String {
    let data = data.replace(' ', "");
    format!("{header}{:02X}{data}00", data.len() / 2)
}

/// Selects and begins a transaction: the answer's content.
fn begin(card: &mut Card) -> Vec<u8> {
    card.power_on();
    good(card, SELECT);
    value(&good(card, GPO), 0x77).unwrap()
}

/// The content of the answer to GENERATE AC.
fn generate_ac(card: &mut Card, p1: &str, cdol1: &str) -> Vec<u8> {
    value(&good(card, &with_data(&format!("80AE{p1}00"), cdol1)), 0x77).unwrap()
}

fn value(bytes: &[u8], tag: u32) -> Option<Vec<u8>> {
    tlv::find(bytes, Tag::new(tag)).map(|object| object.unwrap().value.to_vec())
}

fn hexed(bytes: &[u8], tag: u32) -> String {
    hex::encode_upper(value(bytes, tag).unwrap_or_else(|| panic!("{tag:X} is missing")))
}

/// A card with the keys of pyemv's tests.
fn stranger(lines: &str) -> Card {
    let key = |value: &str| {
        format!(
            "schema = 'emvtap.key/1'\ntitle = 'of a test suite'\ntest = true\nkind = 'issuer-master'\nvalue = '{value}'\n"
        )
    };
    let text = format!(
        "schema = 'emvtap.card/1'\ntitle = 'a stranger'\nscheme = 'mastercard'\nallow-any-pan = true\n[application.a]\n\
         aid = 'A0000000041010'\n{lines}\n[application.a.gpo]\nonline = ['82', '94']\n[application.a.risk]\n\
         decision = 'online'\n"
    );
    let texts = |name: &str| match name {
        "cryptograms" => Some(key("0123456789ABCDEFFEDCBA9876543210")),
        "checksums" => Some(key("01234567899876543210012345678998")),
        _ => None,
    };
    let profile = Profile::parse("stranger.toml", &text, &texts).unwrap_or_else(|problem| panic!("{problem}"));
    Card::new(&profile, 7).unwrap_or_else(|problem| panic!("{problem}"))
}

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
    let list: toml::Table = include_str!("../terminals/ca/emvtap-test.toml").parse().unwrap();
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
    card = self::card("mastercard-credit");
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
    assert_eq!(send(&mut self::card("mastercard-credit"), &bytes("80EA0000 04 01020304 00")).1, 0x6985);
}

#[test]
fn a_torn_transaction_is_recovered_by_its_own_description_only() {
    let mut card = card("mastercard-torn");
    begin(&mut card);
    assert_eq!(send(&mut card, &bytes("80D00000 0A 000000001250 12345678 00")).1, 0x6985, "nothing is torn");
    let answer = generate_ac(&mut card, "90", &format!("{TERMINAL}{ATTENDED}"));
    begin(&mut card);
    assert_eq!(send(&mut card, &bytes("80D00000 0A 000000001250 12345679 00")).1, 0x6985, "another one");
    let recovered = value(&good(&mut card, "80D00000 0A 000000001250 12345678 00"), 0x77).unwrap();
    assert_eq!(recovered, answer, "its counter is the torn one's");
    begin(&mut card);
    assert_eq!(value(&good(&mut card, "00D00000 0A 000000001250 12345678 00"), 0x77), Some(answer), "class 00, too");
}

#[test]
fn envelopes_are_written_and_read() {
    let mut card = card("mastercard-data-storage");
    good(&mut card, SELECT);
    assert_eq!(good(&mut card, "80CA9F7500"), bytes("9F750400000001"));
    let select = "80A8000002 8300 00";
    assert_eq!(send(&mut card, &bytes(select)).1, 0x6700, "the PDOL asks for eight bytes");
    good(&mut card, "80A800000A 8308 0000000000000000 00");
    good(&mut card, "80DA9F7504CAFE0001");
    assert_eq!(good(&mut card, "80CA9F7500"), bytes("9F7504CAFE0001"));
    assert_eq!(send(&mut card, &bytes("80DA9F7004CAFE0001")).1, 0x6A88, "a protected envelope");
    card.power_on();
    good(&mut card, SELECT);
    assert_eq!(good(&mut card, "80CA9F7500"), bytes("9F7504CAFE0001"), "it outlives the field");
}

#[test]
fn a_slot_is_read_and_written() {
    let mut card = card("mastercard-data-storage");
    let mut open = |operator: &str| {
        card.power_on();
        good(&mut card, SELECT);
        value(&good(&mut card, &with_data("80A80000", &format!("8308{operator}"))), 0x77).unwrap()
    };
    assert_eq!(value(&open("0000000000000000"), 0x9F7D), None, "nobody asks");
    let other = open("1111111111111111");
    assert_eq!((value(&other, 0x9F54), value(&other, 0x9F5F).is_some()), (None, true));
    let mine = open("0102030405060708");
    assert_eq!(hexed(&mine, 0x9F54), "0011223344556677");
    let sent = format!("{TERMINAL}{ATTENDED}");
    let written = format!("{sent} 0011223344556677 8899AABBCCDDEEFF 80 BEEF");
    let answer = generate_ac(&mut card, "90", &written);
    assert!(value(&answer, 0x9F4B).is_some());
    card.power_on();
    good(&mut card, SELECT);
    let later = value(&good(&mut card, "80A800000A 8308 0102030405060708 00"), 0x77).unwrap();
    assert_eq!(hexed(&later, 0x9F54), "BEEF");
    assert_ne!(hexed(&later, 0x9F7D), hexed(&mine, 0x9F7D), "the summary changes with the content");
}

#[test]
fn the_balance_sinks_with_offline_approvals() {
    let mut card = card("mastercard-balance");
    good(&mut card, SELECT);
    assert_eq!(good(&mut card, "80CA9F5000"), bytes("9F5006000000010000"));
    begin(&mut card);
    generate_ac(&mut card, "40", &format!("{TERMINAL}{ATTENDED}"));
    assert_eq!(good(&mut card, "80CA9F5000"), bytes("9F5006000000008750"));
}

#[test]
fn a_phone_wants_its_owner_and_a_second_tap() {
    let mut card = card("mastercard-phone");
    let verified = format!("{TERMINAL} 220000 0000000000000000 010002 120000 {}", "00".repeat(20));
    begin(&mut card);
    let answer = generate_ac(&mut card, "80", &verified);
    assert_eq!([0x9F27, 0xDF4B].map(|tag| hexed(&answer, tag)), ["00", "000100"]);
    begin(&mut card);
    let answer = generate_ac(&mut card, "80", &verified);
    assert_eq!([0x9F27, 0xDF4B].map(|tag| hexed(&answer, tag)), ["80", "001000"]);
    begin(&mut card);
    assert_eq!(hexed(&generate_ac(&mut card, "80", &verified), 0x9F27), "00", "once for each transaction");
    // Mag-stripe mode: the Mobile Support Indicator of the UDOL requires it.
    let mut card = self::card("mastercard-phone");
    begin(&mut card);
    let udol = "00000680 03 000000001250 0978 0056";
    let answer = value(&good(&mut card, &with_data("802A8E80", udol)), 0x77).unwrap();
    assert_eq!((value(&answer, 0x9F61), hexed(&answer, 0xDF4B)), (None, "000100".to_owned()));
    begin(&mut card);
    let answer = value(&good(&mut card, &with_data("802A8E80", udol)), 0x77).unwrap();
    assert_eq!((value(&answer, 0x9F61).is_some(), hexed(&answer, 0xDF4B)), (true, "001000".to_owned()));
}

#[test]
fn what_a_command_must_not_be() {
    let cdol1 = format!("{TERMINAL}{ATTENDED}");
    for (command, status) in [
        (with_data("80AEC000", &cdol1), 0x6A86),
        (with_data("80AE8001", &cdol1), 0x6A86),
        (with_data("80AE8000", TERMINAL), 0x6700),
        (with_data("80AE8000", &format!("{cdol1}00")), 0x6700),
        (with_data("802A8E00", "00000680"), 0x6A86),
        (with_data("802A8E80", "000006"), 0x6700),
        (with_data("80EA0000", "01020304"), 0x6D00),
        (with_data("80D00000", "00"), 0x6D00),
        ("0082000008112233445566778800".to_owned(), 0x6D00),
    ] {
        let mut card = card("mastercard-credit");
        begin(&mut card);
        assert_eq!(send(&mut card, &bytes(&command)).1, status, "{command}");
    }
    let mut card = card("mastercard-credit");
    good(&mut card, SELECT);
    assert_eq!(send(&mut card, &bytes(&with_data("80AE8000", &cdol1))).1, 0x6985, "before GET PROCESSING OPTIONS");
}

#[test]
fn profiles_say_where_they_are_wrong() {
    let wrong = |lines: &str| {
        let text = format!("schema = 'emvtap.card/1'\nextends = 'mastercard/credit'\n{lines}");
        let problem = Profile::parse("mine.toml", &text, &|_| None).unwrap_err();
        (problem.message, problem.position.map(|position| position.line))
    };
    assert_eq!(
        wrong("[application.mastercard.cryptogram]\nversion = 10\n"),
        ("wanted a cryptogram version of Mastercard, in decimal: 16, 17, 18, 19, 20, 21, 22, 23".to_owned(), Some(4))
    );
    let (message, line) =
        wrong("[application.mastercard.data]\n'9F6B' = '4929000000000006 D 3012 201 0000000000000 F'\n");
    assert_eq!((message.contains("no published test range"), line), (true, Some(4)));
    let text = "schema = 'emvtap.card/1'\nextends = 'visa/credit'\n[application.visa.mchip]\nput-data = ['9F75']\n";
    let problem = Profile::parse("mine.toml", text, &|_| None).unwrap_err();
    assert_eq!(problem.message, "only cards with `scheme = \"mastercard\"` have this table");
}

#[test]
fn an_issuer_reads_the_checksum_of_a_track() {
    let track = filled("5413330089001102D3012201", "112", "680", "001");
    let profile = Profile::builtin("mastercard-mag-stripe").unwrap();
    let mut issuer = issuer(&profile);
    let mut ask = |track: &str| {
        let mut record = Vec::new();
        write_object(&mut record, Tag::new(0x9F6B), &bytes(track));
        let answer = issuer.authorise(Request { data_record: &record, online_pin: false });
        (answer.cryptogram, answer.cryptogram_version, answer.response_code)
    };
    assert_eq!(ask(&track), (Some(CryptogramCheck::Valid), Some("CVC3"), Some(*b"00")), "{track}");
    assert_eq!(ask(&track).0, Some(CryptogramCheck::Wrong), "the same counter again is the one a thousand later");
    let other = filled("5413330089001102D3012201", "113", "680", "001");
    assert_eq!(ask(&other).0, Some(CryptogramCheck::Wrong));
    assert_eq!(ask("5413330089001102D3012201").0, Some(CryptogramCheck::Unverifiable));
}

/// A track 2 with 13 digits of discretionary data as a terminal fills it for 9F65 000E, 9F66 0E70, 9F67 03.
fn filled(head: &str, checksum: &str, number: &str, counter: &str) -> String {
    format!("{head}0{counter}00{number}{checksum}3F")
}

fn issuer(profile: &Profile) -> Issuer {
    let checksums = profile
        .checksum_keys()
        .map(|card| IssuerKey::checksum(card.prefix, card.key.0, card.pcvc3, card.punatc, card.natc));
    Issuer::new(checksums, Policy::default())
}

/// An issuer that notes what it found.
struct Listening(Issuer, Option<CryptogramCheck>);

impl Host for Listening {
    fn authorise(&mut self, request: Request<'_>) -> Answer {
        let answer = self.0.authorise(request);
        self.1 = answer.cryptogram;
        answer
    }
}

/// A tap at a built-in terminal: the chain of Outcomes, and what the issuer found.
fn tap(card: &str, terminal: &str, minor_units: u64) -> (String, Option<CryptogramCheck>) {
    let card = taps::card(card);
    let mut place = taps::place(terminal, |_| {});
    let transaction = taps::transaction(TransactionType::Purchase, minor_units);
    let mut link = Faulty::new(taps::link(&card), card.profile.faults.iter().cloned());
    let mut host = Listening(taps::issuer(&card.profile, ""), None);
    let told = taps::tap(&mut place, &transaction, &mut link, &mut host);
    (told.chain(), host.1)
}

#[test]
fn kernel_2_and_the_issuer_take_every_card() {
    for (card, terminal, amount, chain) in [
        ("mastercard-credit", "mc-attended", 25_00, "online-request"),
        ("mastercard-credit-no-cda", "mc-attended", 25_00, "online-request"),
        ("mastercard-mag-stripe", "mc-attended", 25_00, "online-request"),
        ("mastercard-online-pin", "mc-attended", 75_00, "online-request"),
        ("mastercard-phone", "mc-attended", 25_00, "online-request"),
        ("mastercard-phone", "mc-attended", 75_00, "end-application B > online-request"),
        ("mastercard-data-storage", "mc-data-exchange", 25_00, "online-request"),
        ("mastercard-torn", "mc-attended", 25_00, "end-application B > online-request"),
        ("mastercard-maestro", "mc-attended", 75_00, "online-request"),
        ("mastercard-domestic-cobadge", "mc-attended", 25_00, "online-request"),
    ] {
        assert_eq!(
            tap(card, terminal, amount),
            (chain.to_owned(), Some(CryptogramCheck::Valid)),
            "{card} {terminal} {amount}"
        );
    }
}

proptest! {
    #[test]
    fn no_command_makes_a_card_panic(
        ins in prop::sample::select(vec![0xAE, 0x2A, 0xEA, 0xD0, 0xDA, 0xA8, 0xCA, 0xB2, 0x82]),
        p1 in any::<u8>(), p2 in any::<u8>(), data in prop::collection::vec(any::<u8>(), 0..80),
    ) {
        let mut card = card("mastercard-torn");
        begin(&mut card);
        let length = u8::try_from(data.len()).unwrap();
        send(&mut card, &[&[0x80, ins, p1, p2, length], data.as_slice(), &[0]].concat());
        send(&mut card, &[&[0x80, ins, p1, p2], data.as_slice()].concat());
    }
}
