//! Terminals that do wrong: mistakes have their status words, and nothing makes a card panic.

use proptest::prelude::*;

use super::{ONLINE_REQUIRED, SELECT_PPSE, SELECT_VISA, card, good, gpo, send};

/// What a terminal gets for a mistake: the commands that go before, the command, the status word.
const STATUS_WORDS: &[(&[&str], &str, u16)] = &[
    (&[], "", 0x6700),
    (&[], "00A404", 0x6700),
    (&[], "00A4040007A000", 0x6700),
    (&[], "80A80000028300", 0x6985),
    (&[], "00B2011400", 0x6985),
    (&[], "80CA9F3600", 0x6985),
    (&[], "00A4040005A00000000400", 0x6A82),
    (&[], "00A4040004A000000000", 0x6A82),
    (&[], "00A4000002300000", 0x6A86),
    (&[], "00A4040207A000000003101000", 0x6A82),
    (&[], "00840000 00", 0x6D00),
    (&[], "90240000", 0x6E00),
    (&["00A4040007A0000000031010"], "80A8000002830000", 0x6700),
    (&["00A4040007A0000000031010"], "80A80000", 0x6700),
    (&["00A4040007A0000000031010"], "80A8000003830200 00", 0x6700),
    (&["00A4040007A0000000031010"], "80A8000002800000", 0x6A80),
    (&["00A4040007A0000000031010"], "80A8010002830000", 0x6A86),
    (&["00A4040007A0000000031010"], "00B2011400", 0x6985),
    (&["00A4040007A0000000031010"], "80CA9F1700", 0x6A88),
    (&["00A4040007A0000000031010"], "00820000080011223344556677", 0x6985),
    (&["00A4040007A0000000031010"], "0082000007 00112233445566", 0x6700),
    (&["00A4040007A0000000031010", "GPO"], "GPO", 0x6985),
    (&["00A4040007A0000000031010", "GPO"], "00B2051400", 0x6A83),
    (&["00A4040007A0000000031010", "GPO"], "00B2011C00", 0x6A82),
    (&["00A4040007A0000000031010", "GPO"], "00B2001400", 0x6A86),
    (&["00A4040007A0000000031010", "GPO"], "00B2011200", 0x6A86),
    (&["00A4040007A0000000031010", "GPO"], "00B20114015500", 0x6700),
];

#[test]
fn mistakes_of_the_terminal_get_the_status_words_of_iso_7816() {
    let bytes = |text: &str| match text {
        "GPO" => gpo(ONLINE_REQUIRED),
        _ => hex::decode(text.replace(' ', "")).unwrap(),
    };
    for (before, command, status) in STATUS_WORDS {
        let mut card = card("visa-credit");
        for command in *before {
            good(&mut card, &bytes(command));
        }
        let found = send(&mut card, &bytes(command));
        assert_eq!((found.0.len(), found.1), (0, *status), "{before:?} {command}");
    }
}

#[test]
fn a_reader_without_emv_mode_is_refused() {
    let mut card = card("visa-credit");
    good(&mut card, SELECT_VISA);
    assert_eq!(send(&mut card, &gpo("80004000")).1, 0x6985);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_terminal_can_make_a_card_panic(commands in prop::collection::vec(hostile_command(), 1..12)) {
        let mut card = card("visa-phone");
        for command in commands {
            let mut response = Vec::new();
            card.transmit(&command, &mut response);
            prop_assert!((2..=258).contains(&response.len()));
        }
    }
}

/// Any bytes, and commands that get past the first checks.
fn hostile_command() -> impl Strategy<Value = Vec<u8>> {
    let any_bytes = || prop::collection::vec(any::<u8>(), 0..40);
    let with_data = |header: [u8; 4]| {
        any_bytes().prop_map(move |data| [&header[..], &[u8::try_from(data.len()).unwrap()], &data, &[0]].concat())
    };
    prop_oneof![
        any_bytes(),
        Just(SELECT_PPSE.to_vec()),
        Just(SELECT_VISA.to_vec()),
        Just(gpo(ONLINE_REQUIRED)),
        with_data([0x00, 0xA4, 0x04, 0x00]),
        with_data([0x80, 0xA8, 0x00, 0x00]),
        with_data([0x00, 0x82, 0x00, 0x00]),
        prop::collection::vec(any::<u8>(), 33)
            .prop_map(|values| { [&[0x80, 0xA8, 0x00, 0x00, 0x23, 0x83, 0x21], values.as_slice(), &[0x00]].concat() }),
        any::<[u8; 2]>().prop_map(|[p1, p2]| vec![0x00, 0xB2, p1, p2, 0x00]),
        any::<[u8; 2]>().prop_map(|[p1, p2]| vec![0x80, 0xCA, p1, p2, 0x00]),
    ]
}
