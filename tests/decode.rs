//! `emvtap decode` as a library: what it says about bytes of others, and that nothing breaks it.

use emvtap::{
    data::Scope,
    dump,
    report::{
        Paint,
        decode::{Document, Entry, How, Kind, Options, Page, Source, decode},
    },
};
use proptest::prelude::*;

fn document(text: &str, scope: Option<Scope>) -> Document {
    decode(Source::Text(text), &Options { scope, ..Options::default() }).unwrap()
}

fn lines(document: &Document, everything: bool) -> Vec<String> {
    let text = document.text(Page { width: 160, paint: Paint::Plain, everything });
    text.lines().map(|line| line.trim().to_owned()).collect()
}

fn value(tag: &str, hex: &str, scope: Option<Scope>) -> Vec<String> {
    let bytes = hex::decode(hex).unwrap();
    let options = Options { scope, ..Options::default() };
    lines(&decode(Source::Value(tag.parse().unwrap(), &bytes), &options).unwrap(), false)
}

fn has(lines: &[String], wanted: &str) {
    assert!(lines.iter().any(|line| line.contains(wanted)), "`{wanted}` not in\n{}", lines.join("\n"));
}

#[test]
fn what_bytes_are_is_found_out() {
    for (text, how) in [
        ("6F0A8408A000000003101001", How::Tlv),
        ("82022000", How::Tlv),
        ("9F66049F02069F03069F1A0295055F2A029A039C019F3704", How::Dol),
        ("00A4040007A000000003101000", How::Apdu),
        ("80AE80001D0000000001000000000000000826000000000008262607070000000000000", How::Tlv),
        ("77048202200090 00", How::Apdu),
        ("6A82", How::Apdu),
        ("> 00A4040000\n< 6A82", How::Log),
    ] {
        match decode(Source::Text(text), &Options::default()) {
            Ok(document) => assert_eq!(document.how, how, "{text}"),
            Err(why) => assert!(why.message.contains("odd number"), "{text}: {why}"),
        }
    }
}

#[test]
fn the_same_tag_says_different_things_to_different_kernels() {
    has(&value("9F6E", "20700000", Some(Scope::K3)), "byte 1 bits 5-1: card");
    has(&value("9F6E", "D8E00003", Some(Scope::K4)), "byte 1 bit 4: contactless mobile supported");
    has(&value("9F6E", "08400000303100", Some(Scope::K2)), "bytes 5-6: 3031 = device type: phone with a removable");
    has(&value("9F5D", "000000001000", Some(Scope::K3)), "Available Offline Spending Amount");
    has(&value("9F5D", "020300", Some(Scope::K2)), "byte 1 bits 4-1: data storage version 2");
    has(&value("82", "1980", None), "C-2: EMV mode supported");
}

/// Layouts of openemv/emv-utils (`emv_fields.h`, `emv_strings.c`).
#[test]
fn issuer_application_data_of_the_schemes() {
    let classic = value("9F10", "06010A03A0B000", None);
    has(&classic, "cryptogram version 0Ah (CVN 10), format 0");
    has(&classic, "byte 1 bits 6-5: GPO or first GENERATE AC: ARQC");
    has(&classic, "byte 2 bit 5: new card");
    let mobile = value("9F10", "1F4363002000000000000000000000000000000000000000000000000000000F", None);
    has(&mobile, "cryptogram version 43h (CVN 43h), format 4");
    has(&mobile, "byte 1 bits 8-5: verifying entity: none");
    let mchip = value("9F10", "0110A00003220000000000000000000000FF", None);
    has(&mchip, "cryptogram version 10h (CVN 16): Mastercard SKD session key, cryptogram without counters");
    has(&mchip, "script counter 0, PIN try counter 3");
    has(&mchip, "byte 4 bit 6: offline PIN verification not performed");
    has(&mchip, "byte 4 bit 2: domestic transaction");
    let ccd = value("9F10", "0FA501A238C0000000000000000000000F000000000000000000000000000000", None);
    has(&ccd, "Common Core Identifier: format A, cryptogram version 5, triple DES");
    has(&ccd, "PIN try counter 3, 0 script commands");
    has(&ccd, "byte 3 bit 7: upper offline transaction count limit exceeded");
    assert_eq!(value("9F10", "06010A03A00000", Some(Scope::K2)).len(), 1, "not Mastercard's");
}

#[test]
fn every_bit_is_there_on_demand() {
    let shown = document("95 05 0000008000", Some(Scope::Contact));
    assert_eq!(lines(&shown, false).len(), 2);
    let all = lines(&shown, true);
    has(&all, "byte 1 bit 8 = 0: offline data authentication was not performed");
    has(&all, "byte 4 bit 8: transaction exceeds floor limit");
    let bits: usize = shown.entries[0].children.iter().map(|bits| width(&bits.place)).sum();
    assert_eq!(bits, 40, "every bit once");
}

/// How many bits a place names.
fn width(place: &str) -> usize {
    match place.split_once("bits ").and_then(|(_, range)| range.split_once('-')) {
        Some((high, low)) => high.parse::<usize>().unwrap() - low.parse::<usize>().unwrap() + 1,
        None if place.contains("bit ") => 1,
        None => 8,
    }
}

#[test]
fn a_list_of_methods_reads_as_rules() {
    let list = value("8E", "000000000000000042011E031F00", None);
    has(&list, "enciphered PIN verified online, if unattended cash; otherwise the next rule");
    has(&list, "signature, if the terminal supports the CVM; otherwise fail");
    has(&list, "no CVM required, always; otherwise fail");
}

const LOG: &str = "\
> 00 A4 04 00 07 A0 00 00 00 03 10 10 00
< 6F 1A 84 07 A0 00 00 00 03 10 10 A5 0F 9F 38 0C 9F 66 04 9F 02 06 5F 2A 02 9F 6E 04 90 00
> 80 A8 00 00 0E 83 0C 36 00 40 00 00 00 00 00 12 50 09 78 00
< 69 84
> 80 A8 00 00 02 83 00 00
< 67 00
> 00 A4 04 00 07 A0 00 00 00 04 10 10 00
< 6F 09 84 07 A0 00 00 00 04 10 10 90 00
> 80 A8 00 00 02 83 00 00
< 77 0A 82 02 19 81 94 04 08 01 02 01 90 00
";

#[test]
fn in_a_log_kernel_lists_and_currency_follow_the_exchanges() {
    let document = document(LOG, None);
    let all = lines(&document, false);
    has(&all, "9F66 Terminal Transaction Qualifiers (TTQ) (b, 04h = 4 bytes): 36004000");
    has(&all, "9F02 Amount, Authorised (Numeric) (n12, 06h = 6 bytes): 000000001250 = 12.50 EUR");
    has(
        &all,
        "! PDOL asks for 10h = 16 bytes, the command has 0Ch = 12; 9F6E Form Factor Indicator (FFI) is not all there",
    );
    has(&all, "6984 referenced data cannot be used; after GPO: try another interface");
    has(&all, "! PDOL asks for 10h = 16 bytes, the command has 00h = 0");
    has(&all, "6700 wrong length; after GPO: the values do not have the length that the PDOL asks for");
    has(&all, "no values: the card sent no PDOL");
    has(&all, "byte 2 bit 1: relay resistance protocol supported");
    has(&all, "bytes 1-4: 08010201 = SFI 1, records 1 to 2, record 1 signed");
    assert_eq!(document.kernel, Some("C-2"));
    assert_eq!(document.entries.iter().map(|entry| entry.line).collect::<Vec<_>>(), [1, 3, 5, 7, 9].map(Some));
}

#[test]
fn nonsense_has_a_place_and_decoding_goes_on_behind_its_template() {
    let found = document("70 08 5A 06 47 61 5F 34 01 01 9A 03 26 06 15", Some(Scope::K3));
    assert_eq!(found.entries.len(), 2);
    let broken = document("7005 8205 200001 9A03260615", Some(Scope::K3));
    has(&lines(&broken, false), "! the length field says 5 bytes, 3 are left at offset 4");
    has(&lines(&broken, false), "9A Transaction Date (n6, 03h = 3 bytes): 260615 = 2026-06-15");
    let cut = document("6F20 8407A0000000031010 A50F 5004564953", None);
    has(&lines(&cut, false), "the length field says 32 bytes, 16 are left at offset 2");
    has(&lines(&cut, false), "84 DF Name");
    for (text, at) in [("hello", 0), ("9F 3G", 4), ("FF FF", 0), ("", 0), ("9F", 0)] {
        assert_eq!(decode(Source::Text(text), &Options::default()).unwrap_err().at, at, "{text}");
    }
}

#[test]
fn account_numbers_and_pins_are_masked_wherever_they_stand() {
    let pan = "4761739001010119";
    let log = format!(
        "> 00B2010C00\n< 70145A08{pan}DF7A08{pan}9000\n> 0020008008241234FFFFFFFFFF\n< 9000\n> 00DC010408{pan}\n< 9000\n"
    );
    let masked = document(&log, None);
    let whole = format!("{}{}", masked.json(true), lines(&masked, true).join(""));
    assert!(!whole.contains(pan) && !whole.contains("241234"), "{whole}");
    let open = decode(Source::Text(&log), &Options { unmasked: true, ..Options::default() }).unwrap().json(true);
    assert!(open.contains(pan) && open.contains("241234"));
}

fn longest(entries: &[Entry]) -> usize {
    entries.iter().map(|entry| entry.text.len().max(longest(&entry.children))).max().unwrap_or(0)
}

/// A megabyte of anything must come to an end soon; nothing here measures time, the test suite's patience does.
#[test]
fn a_megabyte_is_no_trouble() {
    let exchange = "> 00B2010C00\n< 700A5A0847617390010101199000\n";
    for text in [
        "70".repeat(500_000),
        "82 02 20 00 ".repeat(90_000),
        "9F6604".repeat(170_000),
        "> ".repeat(500_000),
        format!("C-APDU: {}", "AB -".repeat(250_000)),
        exchange.repeat(20_000),
        "{".repeat(1_000_000),
        "7F7F7F7F".repeat(125_000),
    ] {
        if let Ok(document) = decode(Source::Text(&text), &Options::default()) {
            assert!(longest(&document.entries) < 10_000);
            document.text(Page { width: 80, paint: Paint::Plain, everything: false });
        }
    }
    let value = vec![0xA5; 1_000_000];
    for tag in ["95", "9F38", "94", "8E", "9F10", "9F4A", "6F", "57", "DF7A"] {
        let source = Source::Value(tag.parse().unwrap(), &value);
        decode(source, &Options::default()).unwrap().text(Page { width: 80, paint: Paint::Plain, everything: true });
    }
}

fn scopes() -> impl Strategy<Value = Option<Scope>> {
    prop_oneof![Just(None), (0..Scope::ALL.len()).prop_map(|at| Some(Scope::ALL[at]))]
}

fn write(document: &Document) {
    for (width, everything) in [(0, true), (80, false), (10_000, true)] {
        document.text(Page { width, paint: Paint::Colour, everything });
        document.json(everything);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_end_in_a_document_or_a_reason(bytes in prop::collection::vec(any::<u8>(), 0..300), scope in scopes()) {
        for how in [None, Some(How::Tlv), Some(How::Dol), Some(How::Apdu), Some(How::Log)] {
            if let Ok(document) = decode(Source::Bytes(&bytes), &Options { how, scope, unmasked: false }) {
                write(&document);
            }
        }
        let (command, response) = bytes.split_at(bytes.len() / 2);
        write(&decode(Source::Pair(command, response), &Options::default()).unwrap());
    }

    #[test]
    fn any_value_of_any_tag_is_told(at in 0..emvtap::data::dictionary::ROWS.len(), value in prop::collection::vec(any::<u8>(), 0..64), scope in scopes()) {
        let tag = emvtap::data::dictionary::ROWS[at].tag;
        let document = decode(Source::Value(tag, &value), &Options { how: None, scope, unmasked: true }).unwrap();
        prop_assert_eq!(document.entries[0].kind, Kind::Object);
        write(&document);
    }

    #[test]
    fn any_text_ends_in_a_document_or_a_reason(text in any::<String>(), hex in "([<>]|C-APDU:|SW:|Rdr \\||[0-9A-F]{2}| |\n|\\[\\]){0,60}") {
        for text in [text.as_str(), hex.as_str()] {
            dump::parse(text);
            match decode(Source::Text(text), &Options::default()) {
                Ok(document) => write(&document),
                Err(why) => prop_assert!(why.at <= text.len() && text.is_char_boundary(why.at), "{}", why.at),
            }
        }
    }
}
