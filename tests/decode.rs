//! `emvtap decode` as a library: what it says about bytes of others, and that nothing breaks it.

use emvtap::{
    data::Scope,
    dump,
    report::{
        Paint,
        decode::{Document, Entry, How, Kind, Options, Page, Source, decode, read},
    },
    tlv::{self, Budget},
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

/// The records of EMV Book 3, Annex D: values that the Log Format names.
#[test]
fn records_of_the_transaction_log_are_read_by_their_format() {
    let log = "\
> 00 A4 04 00 07 A0 00 00 00 03 10 10 00
< 6F 17 84 07 A0 00 00 00 03 10 10 A5 0C 50 01 56 BF 0C 06 9F 4D 03 0B 0A 00 90 00
> 80 CA 9F 4F 00
< 9F 4F 09 9F 02 06 5F 2A 02 9A 03 9C 90 00
> 00 A4 04 00 07 A0 00 00 00 03 10 10 00
< 6F 15 84 07 A0 00 00 00 03 10 10 A5 0A BF 0C 07 9F 4D 02 0B 0A 87 00 90 00
> 80 CA 9F 4F 00
< 9F 4F 08 9F 02 06 5F 2A 02 9A 03 90 00
> 00 B2 01 5C 00
< 00 00 00 00 12 50 09 78 26 06 15 90 00
> 00 B2 02 5C 00
< 00 00 00 00 12 50 90 00
> 00 B2 01 0C 00
< 70 03 9A 01 26 90 00
";
    let all = lines(&document(log, None), false);
    has(&all, "byte 1: 0B = the transaction log has SFI 11");
    has(&all, "byte 2: 0A = at most 10 records");
    has(&all, "9F02 Amount, Authorised (Numeric) (n12, 06h = 6 bytes): 000000001250 = 12.50 EUR");
    has(&all, "9A Transaction Date (n6, 03h = 3 bytes): 260615 = 2026-06-15");
    has(&all, "! Log Format asks for 0Bh = 11 bytes, the record has 06h = 6; 5F2A Transaction Currency Code");
    has(&all, "70 READ RECORD response template");
}

/// What emv-decode of openemv/emv-utils makes of the same bytes.
#[test]
fn what_other_decoders_say_too() {
    let card = document("9F690701B7B925271600", None);
    assert_eq!(card.entries[0].name, "Card Authentication Related Data", "no list: nobody knows B9");
    has(&lines(&card, false), "switch interface for cashback transactions");
    has(&lines(&document("9F69039F3704", None), false), "9F69 UDOL");
    has(&value("9F0A", "0001010100020103", None), "European Cards Stakeholders Group: debit");
    has(
        &value("9F0A", "0001010100020103", None),
        "bytes 5-8: 00020103 = Technical Cooperation ep2 Association: commercial",
    );
    has(&value("9F0A", "000102", None), "! bytes 1-3: 2 bytes wanted, 0 found");
    has(&value("5F54", "4E4F4C414445323153484F", None), "= \"NOLADE21SHO\"");
    has(&value("9F6D", "80", Some(Scope::K4)), "EMV and mag-stripe mode (legacy)");
    has(&value("9F820B", "0000008000", Some(Scope::K8)), "byte 4 bit 8: transaction exceeds floor limit");
}

#[test]
fn what_is_written_piece_by_piece_is_the_whole() {
    let broken = format!("{LOG}> 00B2\n< no hex\n");
    for text in [LOG, broken.as_str(), "82022000", "5005", "9F6604"] {
        let Ok(whole) = decode(Source::Text(text), &Options::default()) else { continue };
        let page = Page { width: 80, paint: Paint::Colour, everything: true };
        for everything in [false, true] {
            let (mut written, mut json) = (String::new(), String::new());
            let again = || read(Source::Text(text), &Options::default()).unwrap();
            let page = Page { everything, ..page };
            again()
                .text(page, |piece| {
                    written.push_str(piece);
                    Ok::<(), ()>(())
                })
                .unwrap();
            again()
                .json(everything, |piece| {
                    json.push_str(piece);
                    Ok::<(), ()>(())
                })
                .unwrap();
            assert_eq!(written, whole.text(page));
            assert_eq!(json, whole.json(everything));
        }
    }
}

#[test]
fn lengths_and_nesting_that_nobody_can_mean_have_a_place() {
    for (hex, at) in [
        ("5A0147 5F2484FFFFFFFF26", "at offset 5"),
        ("5A0147 5F2485010000000026", "at offset 5"),
        ("5A0147 7080 5A0147 0000", "at offset 4"),
        ("5A0147 9F", "at offset 3"),
    ] {
        has(
            &lines(&decode(Source::Text(hex), &Options { how: Some(How::Tlv), ..Options::default() }).unwrap(), false),
            at,
        );
    }
    let nested = (0..100).fold(String::new(), |inside, _| format!("70{}{inside}", length(inside.len() / 2)));
    has(&lines(&document(&nested, None), false), "at offset");
}

/// A BER length.
fn length(length: usize) -> String {
    if length < 0x80 { format!("{length:02X}") } else { format!("82{length:04X}") }
}

/// Much of anything must come to an end soon; nothing here measures time, the test suite's patience does.
#[test]
fn long_input_is_no_trouble() {
    let exchange = "> 00B2010C00\n< 700A5A0847617390010101199000\n";
    for text in [
        "70".repeat(25_000),
        "82 02 20 00 ".repeat(5_000),
        "9F6604".repeat(9_000),
        "> ".repeat(25_000),
        format!("C-APDU: {}", "AB -".repeat(12_000)),
        exchange.repeat(1_000),
        (0..200).map(|card| exchange.replace("01010119", &format!("{card:08}"))).collect(),
        "{".repeat(50_000),
        "7F7F7F7F".repeat(6_000),
    ] {
        if let Ok(document) = decode(Source::Text(&text), &Options::default()) {
            assert!(longest(&document.entries) < 10_000);
            document.text(Page { width: 80, paint: Paint::Plain, everything: false });
        }
    }
    let value = vec![0xA5; 50_000];
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

    #[test]
    fn what_breaks_a_response_is_shown_with_its_place(at in any::<prop::sample::Index>(), byte in any::<u8>(), kind in 0..3) {
        let whole = "6F2F840E325041592E5359532E4444463031A51DBF0C1A61184F07A0000000031010500A564953412044454249548701019000";
        let mut bytes = hex::decode(&whole[..whole.len() - 4]).unwrap();
        let at = at.index(bytes.len());
        match kind {
            0 => bytes[at] = byte,
            1 => bytes.insert(at, byte),
            _ => bytes.truncate(at),
        }
        let is_broken = tlv::walk(&bytes, Budget::default()).any(|object| object.is_err());
        match decode(Source::Bytes(&bytes), &Options { how: Some(How::Tlv), ..Options::default() }) {
            Ok(document) => prop_assert!(!is_broken || document.entries.iter().any(has_placed_problem)),
            Err(why) => prop_assert!(why.at <= 2 * bytes.len() && !why.message.is_empty()),
        }
        let log = format!("> 00A404000E325041592E5359532E4444463031 00\n< {}9000\n", hex::encode(&bytes));
        write(&decode(Source::Text(&log), &Options::default()).unwrap());
    }
}

fn has_placed_problem(entry: &Entry) -> bool {
    entry.kind == Kind::Problem && entry.at.is_some() || entry.children.iter().any(has_placed_problem)
}

/// C-2 sends the next application for any refusal of GPO; C-3, C-6 and C-7 know words of their own.
#[test]
fn a_status_word_means_what_the_kernel_of_the_application_makes_of_it() {
    let gpo = "> 80A8000002830000\n< 6984\n> 80A8000002830000\n< 6986\n";
    let mastercard =
        lines(&document(&format!("> 00A4040007A000000004101000\n< 6F098407A00000000410109000\n{gpo}"), None), false);
    has(&mastercard, "6984 referenced data cannot be used; after GPO: select next");
    has(&mastercard, "6986 command not allowed; after GPO: select next");
    assert!(!mastercard.iter().any(|line| line.contains("C-3")), "{mastercard:?}");
    let unknown = lines(&document(gpo, None), false).join(" ");
    for words in ["C-2: select next", "C-3: try another interface", "C-7: try another interface"] {
        assert!(unknown.contains(words), "{unknown}");
    }
}

/// Book B, 3.3.2.5 C and D, tables 3-4 and 3-5.
#[test]
fn kernel_identifiers_are_read_by_their_type() {
    has(&value("9F2A", "03", None), "byte 1: 03 = Kernel 3, Visa");
    has(&value("9F2A", "00", None), "any kernel");
    let domestic = value("9F2A", "830978", None);
    has(&domestic, "bytes 1-3: 830978 = domestic kernel 3 in EMVCo's format, of EUR");
    has(&value("9F2A", "43", None), "reserved kernel type");
    has(&value("9F2A", "83", None), "Entry Point skips the entry");
    has(&value("9F2A", "24FFFF", None), "international kernel 36");
    for value in [domestic, value("9F2A", "43", None)] {
        assert!(!value.iter().any(|line| line.contains("Visa")), "{value:?}");
    }
}

/// C-2, A.1 and CVM.4.
#[test]
fn values_of_kernel_2_have_parts_amounts_and_times() {
    let k2 = Some(Scope::K2);
    let request = value("DF8116", "1E030000130000000000000000100000000012500978", k2);
    for words in [
        "message: clear display",
        "status: processing",
        "hold time: 1300 ms",
        "value qualifier: amount",
        "currency: EUR",
    ] {
        has(&request, words);
    }
    let table = value("DF8131", "00000100000120000000000000000700", k2);
    has(&table, "if PCII and 000001 is 000001: see phone, not ready");
    has(&table, "otherwise: declined, not ready");
    has(&value("DF811E", "20", k2), "online PIN");
    has(&value("DF812C", "F0", k2), "not applicable");
    has(&value("DF8124", "000000030000", k2), "30000 in minor units");
    has(&value("DF8136", "012C", k2), "30.0 ms");
    has(&value("DF8127", "01F4", k2), "500 ms");
    has(&value("9F34", "010002", k2), "on-device CVM");
    has(&value("9F34", "010002", None), "plaintext PIN");
    has(&value("5F30", "0201", None), "international, with chip; authorised as usual; no restrictions");
    let (command, answer) =
        (hex::decode("80EA00000411223344").unwrap(), hex::decode("800A00000001000F002800189000").unwrap());
    let relay = lines(&decode(Source::Pair(&command, &answer), &Options::default()).unwrap(), false);
    has(&relay, "DF8302 Device RR Entropy (b, 04h = 4 bytes): 00000001");
    has(&relay, "DF8304 Max Time for Processing RR APDU (b, 02h = 2 bytes): 0028 = 4.0 ms");
}

#[test]
fn the_same_tag_on_a_card_is_not_that_of_a_terminal() {
    has(&lines(&document("> 80CA9F7F00\n< 9F7F049F7F04019000", None), false), "GET DATA (9F7F CPLC data)");
    let visa = "6F1D8407A0000000031010A512BF0C0FDF60020B1E9F4D020B1E9F5A0112";
    has(&lines(&document(visa, None), false), "DF60 Visa Log Entry");
}

/// What nobody knows may be an account number.
#[test]
fn unknown_objects_are_masked_like_in_every_other_output() {
    let pan = "4761739001010010";
    let masked = document(&format!("C508{pan}"), None);
    assert!(!format!("{}{}", masked.json(true), lines(&masked, true).join("")).contains(pan));
    let open = decode(Source::Text(&format!("C508{pan}")), &Options { unmasked: true, ..Options::default() }).unwrap();
    assert!(open.json(true).contains(pan));
}

#[test]
fn tags_with_their_values_behind_a_sign_are_objects() {
    let found = document("9F66=36004000\n9F02 = 000000001250\n", None);
    assert_eq!((found.how, found.entries.len()), (How::Tag, 2));
    has(&lines(&found, false), "9F66 Terminal Transaction Qualifiers");
    assert_eq!(document("82:02:20:00", None).how, How::Tlv);
}

#[test]
fn hex_of_a_log_that_nothing_is_made_of_stands_in_the_document() {
    let found = document("> 00A4040000\n< 6A82\nwhat of 80A8000002830000 now\n", None);
    let doubt = found.entries.iter().find(|entry| entry.kind == Kind::Problem).unwrap();
    assert_eq!(doubt.line, Some(3));
    assert!(found.json(false).contains("nothing is made of it"));
}
