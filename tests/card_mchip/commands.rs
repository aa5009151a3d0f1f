//! Commands and what the card remembers between them.

use emvtap::card::{Card, Profile};
use proptest::prelude::*;

use crate::harness::{
    ATTENDED, SELECT, TERMINAL, begin, bytes, card, generate_ac, good, hexed, send, value, with_data,
};

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

/// What no public source says is an option of the profile: the other way of each.
#[test]
fn recovery_and_summaries_may_be_made_otherwise() {
    let with = |lines: &str, base: &str| {
        let text = format!(
            "schema = 'emvtap.card/1'\nextends = 'mastercard/{base}'\ntitle = 'x'\n[application.mastercard.mchip]\n{lines}\n"
        );
        let profile = Profile::parse("x.toml", &text, &|_| None).unwrap_or_else(|problem| panic!("{problem}"));
        Card::new(&profile, 1).unwrap()
    };
    let mut last = with("recovery = 'last'", "torn");
    begin(&mut last);
    let answer = generate_ac(&mut last, "90", &format!("{TERMINAL}{ATTENDED}"));
    begin(&mut last);
    assert_eq!(value(&good(&mut last, "80D00000 0A 000000009999 00000000 00"), 0x77), Some(answer));
    // The same data written again: a summary of the content alone stays as it is.
    for (summary, changes) in [("content", false), ("writes", true)] {
        let mut card = with(&format!("storage.summary = '{summary}'\nstorage.content = 'BEEF'"), "data-storage");
        let open = |card: &mut Card| {
            card.power_on();
            good(card, SELECT);
            let answer = value(&good(card, "80A800000A 8308 0102030405060708 00"), 0x77).unwrap();
            hexed(&answer, 0x9F7D)
        };
        let before = open(&mut card);
        let written = format!("{TERMINAL}{ATTENDED} 0011223344556677 8899AABBCCDDEEFF 80 BEEF");
        generate_ac(&mut card, "90", &written);
        assert_eq!(open(&mut card) != before, changes, "{summary}");
    }
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
    let mut card = crate::harness::card("mastercard-phone");
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
