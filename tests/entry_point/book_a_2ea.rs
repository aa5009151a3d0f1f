//! Book A: what a reader owes to kernels and people.

use std::collections::BTreeSet;

use emvtap::{
    apdu::LinkFault,
    data::{Amount, Source},
    kernel::{
        event::Event,
        outcome::{Cvm, Start, UiValue, ValueQualifier},
    },
    run::{Disposition, Transaction, value_text},
    time::Micros,
    tlv::Tag,
};

use crate::support::{
    READ, READY, any, approved,
    bench::{Bench, Issuer, Saw, sale, tap, tap_online},
    card::{App, Asked, Card, Trouble, fci},
    declined, end_application, hex, online_request,
    settings::{APP1, APP2, APP3, APP4, TERMINAL, TS1, TS2, TS8, VISA},
    text, tlv, try_again, two_presentments,
};

fn one(app: &str, kernel: &str) -> Card {
    Card::new([App::new(app).kernel(kernel)])
}

#[test]
fn ea_001_00_and_002_amount_and_type_reach_the_kernel() {
    for (id, kind, amount, bcd) in [
        ("2EA.001.00", 0x00, "10", "000000001000"),
        ("2EA.001.00", 0x00, "75", "000000007500"),
        ("2EA.001.00", 0x00, "45", "000000004500"),
        ("2EA.002.00", 0x00, "10", "000000001000"),
        ("2EA.002.01", 0x01, "20", "000000002000"),
        ("2EA.002.02", 0x20, "30", "000000003000"),
    ] {
        let trace = Bench::new(TS1).tap(Start::A, &sale(kind, amount), &mut one(APP1, "23"));
        let data = text(&trace.kernels[0].pdol_data[9..22]);
        assert_eq!(data, format!("{bcd}000000000000{kind:02X}"), "{id}: 9F02, 9F03, 9C");
    }
}

#[test]
fn ea_003_00_cashback_reaches_the_kernel() {
    for (amount, other, expected) in
        [("30", "10", "00000000300000000000100009"), ("70", "20", "00000000700000000000200009")]
    {
        let amounts = [amount, other].map(|text| Amount::parse(text, 2).unwrap());
        let cashback = Transaction::purchase_with_cashback(amounts[0], amounts[1], sale(0, "1").when);
        let trace = Bench::new(TS1).tap(Start::A, &cashback, &mut one(APP1, "23"));
        assert_eq!(text(&trace.kernels[0].pdol_data[9..22]), expected, "2EA.003.00: 9F02, 9F03, 9C");
    }
}

/// Also after a transaction that set it.
#[test]
fn ea_004_00_the_restart_flag_is_0_in_a_new_transaction() {
    for start in [Start::A, Start::B] {
        let mut bench = Bench::new(TS1);
        let mut card = Card::new([App::new(APP1).kernel("23").says([any(Start::B), approved()])]);
        let first = bench.tap_online(start, &sale(0, "2"), &mut card, &mut Issuer::approves(""));
        assert_eq!(first.starts(), [start.name(), "B+"], "2EA.004.00");
        let second = bench.tap(start, &sale(0, "2"), &mut one(APP1, "23"));
        assert_eq!(second.starts(), [start.name()], "2EA.004.00");
        assert_eq!(second.kernels[0].pdol_data[1], 0, "2EA.004.00: D1 byte 2");
    }
}

#[test]
fn ea_005_00_and_01_idle() {
    let mut bench = Bench::new(TS1);
    let mut card = one(APP1, "23");
    let mut seen = Vec::new();
    bench.reader.idle(&mut card, &mut |_: Micros, event: &Event<'_>| seen.push(format!("{event:?}")));
    assert_eq!(card.asked, [Asked::Deactivate(Micros::ZERO)], "2EA.005.00");
    assert!(seen[0].starts_with("FieldOff"), "2EA.005.00: {seen:?}");
    assert!(seen[1].contains("MessageId(20)") && seen[1].contains("Idle"), "2EA.005.01: message 14: {seen:?}");
}

#[test]
fn ea_006_00_and_01_autorun() {
    let trace = tap(TS2, Start::B, "10", one(APP1, "23"));
    assert_eq!(trace.messages()[0], "15 ready-to-read", "2EA.006.01");
    assert_eq!(trace.count(&Saw::FieldOn), 1, "2EA.006.00");
}

#[test]
fn ea_006_02_to_05_terminal_data_reaches_the_kernel() {
    for (id, kind) in [("2EA.006.02", 0x00), ("2EA.006.03", 0x09), ("2EA.006.04", 0x01), ("2EA.006.05", 0x20)] {
        for start in [Start::A, Start::B] {
            let trace = Bench::new(TS1).tap(start, &sale(kind, "10"), &mut one(APP2, "22"));
            let seen = &trace.kernels[0];
            for (tag, value) in TERMINAL {
                assert_eq!(seen.object(*tag).as_deref(), Some(*value), "{id}: {tag:X}");
            }
            for (tag, value) in [
                (0x9F06, APP2.to_owned()),
                (0x9A, "261121".to_owned()),
                (0x9F21, "123456".to_owned()),
                (0x9C, format!("{kind:02X}")),
                (0x9F02, "000000001000".to_owned()),
            ] {
                assert_eq!(seen.object(tag), Some(value), "{id}: {tag:X}");
            }
            assert!(seen.store.iter().all(|(_, _, source)| matches!(source, Source::Terminal | Source::Transaction)));
        }
    }
}

/// The order of precedence: terminal, combination, transaction.
#[test]
fn combination_data_goes_over_the_terminals_and_the_transactions_over_both() {
    let mut bench = Bench::of(|notebook| {
        let mut configuration = crate::support::settings::configuration(TS1, notebook);
        for combination in configuration.tables.iter_mut().flat_map(|table| &mut table.combinations) {
            combination.data = vec![(Tag::new(0x9F1A), hex("0826")), (Tag::new(0x9F15), hex("4111"))];
        }
        configuration
    });
    let transaction = Transaction { data: vec![(Tag::new(0x9F15), hex("7777"))], ..sale(0, "10") };
    let trace = bench.tap(Start::A, &transaction, &mut one(APP1, "23"));
    let seen = &trace.kernels[0];
    assert_eq!(seen.object(0x9F1A).unwrap(), "0826");
    assert_eq!(seen.object(0x9F15).unwrap(), "7777");
    assert_eq!(seen.object(0x9F35).unwrap(), "22");
}

#[test]
fn ea_007_00_unpredictable_numbers() {
    let mut bench = Bench::new(TS1);
    let mut numbers = BTreeSet::new();
    let (mut common, mut bits) = (u32::MAX, 0);
    for _ in 0..1000 {
        let trace = bench.tap(Start::A, &sale(0, "2"), &mut one(APP1, "23"));
        let number = u32::from_be_bytes(trace.kernels[0].pdol_data[22..26].try_into().unwrap());
        assert!(numbers.insert(number), "2EA.007.00: {number:08X} came twice");
        common &= number;
        bits += number.count_ones();
    }
    assert_eq!(common, 0, "2EA.007.00");
    assert!((15_000..17_000).contains(&bits), "2EA.007.00: {bits} bits set");
}

/// A contact card ends the contactless transaction wherever it is, and the field stays off.
#[test]
fn ea_010_00_and_01_contact_card() {
    let online = || one(APP1, "23");
    for (id, card) in [
        ("2EA.010.00 before", online().trouble(Trouble::Poll(0, LinkFault::ContactCard))),
        ("2EA.010.01 PPSE", online().trouble(Trouble::At(0, LinkFault::ContactCard))),
        ("2EA.010.01 SELECT", online().trouble(Trouble::At(1, LinkFault::ContactCard))),
        ("2EA.010.01 kernel", online().trouble(Trouble::At(2, LinkFault::ContactCard))),
    ] {
        let trace = tap(TS1, Start::A, "2", card);
        assert_eq!(trace.tap.stopped, Some(LinkFault::ContactCard), "{id}");
        assert_eq!(trace.asked.last(), Some(&Asked::Deactivate(Micros::ZERO)), "{id}");
        assert_eq!(trace.count(&Saw::FieldOn), 1, "{id}");
        assert_eq!(trace.count(&Saw::FieldOff(None)), 1, "{id}");
        assert!(trace.tap.outcomes.is_empty(), "{id}");
        assert_eq!(trace.tap.disposition, Disposition::None, "{id}");
    }
}

#[test]
fn ea_011_00_hold_times() {
    for (dictate, message, hold) in
        [(approved().ui_hold(0x03, READ, 100), 0x03, 100), (declined().ui_hold(0x07, READ, 200), 0x07, 200)]
    {
        let trace = tap(TS1, Start::A, "2", Card::new([App::new(APP1).kernel("23").says([dictate])]));
        let (_, last) = *trace.requests().last().unwrap();
        assert_eq!((last.message.unwrap().0, last.hold), (message, hold), "2EA.011.00");
    }
    let dictates = [any(Start::B).ui_on_restart_hold(0x21, READY, 20), approved()];
    let trace = tap_online(TS1, "2", Card::new([App::new(APP1).kernel("23").says(dictates)]), Issuer::approves(""));
    let [.., (asked, again), (shown, last)] = trace.requests()[..] else { panic!("2EA.011.00") };
    assert_eq!((again.message.unwrap().0, last.message.unwrap().0), (0x21, 0x03), "2EA.011.00");
    assert_eq!(shown, Micros(asked.0 + 2_000_000), "2EA.011.00: 20 units of 100 ms");
}

#[test]
fn ea_012_00_language() {
    for language in ["en", "de"] {
        let card = Card::new([App::new(APP1).kernel("23").says([approved().language(language)])]);
        let (_, last) = *tap(TS1, Start::A, "2", card).requests().last().unwrap();
        assert_eq!(last.language.unwrap().bytes(), language.as_bytes(), "2EA.012.00");
        let again = try_again().ui_hold(0x20, 5, 13).language(language);
        let card = Card::new([App::new(APP1).kernel("23").says([again, declined()])]);
        let trace = tap(TS1, Start::A, "2", card);
        let languages: Vec<_> = trace.requests().iter().map(|(_, request)| request.language).collect();
        assert_eq!(languages[0], None, "2EA.012.00: Present Card");
        let later = languages[1..].iter().all(|one| one.is_some_and(|one| one.bytes() == language.as_bytes()));
        assert!(later, "2EA.012.00: message 20 and all later ones: {languages:?}");
        assert_eq!(
            trace.messages(),
            ["15 ready-to-read", "20 processing-error", "15 ready-to-read", "07 card-read-successfully"]
        );
    }
}

#[test]
fn ea_013_00_and_01_amounts_and_balances() {
    for (id, qualifier, value, currency, expected, shown) in [
        ("2EA.013.00", 1, "000000000123", "0840", ValueQualifier::Amount, "USD 1.23"),
        ("2EA.013.00", 2, "000000000012", "0978", ValueQualifier::Balance, "EUR 0.12"),
        ("2EA.013.01", 1, "000000123456", "0978", ValueQualifier::Amount, "EUR 1234.56"),
        ("2EA.013.01", 2, "000000000123", "0826", ValueQualifier::Balance, "GBP 1.23"),
        ("2EA.013.01", 2, "000000000123", "0392", ValueQualifier::Balance, "JPY 123"),
    ] {
        let card = Card::new([App::new(APP1).kernel("23").says([approved().value(qualifier, value, currency)])]);
        let (_, last) = *tap(TS1, Start::A, "2", card).requests().last().unwrap();
        let wanted = UiValue {
            qualifier: expected,
            value: hex(value).try_into().unwrap(),
            currency: hex(currency).try_into().unwrap(),
        };
        assert_eq!(last.value, Some(wanted), "{id}");
        assert_eq!(value_text(&wanted).as_deref(), Some(shown), "{id}");
    }
}

#[test]
fn ea_017_00_and_01_reserved_bits_are_ignored() {
    for (identifier, app, kernel) in [
        ("24FFFF", APP4, "24"),
        ("240000", APP4, "24"),
        ("23FF00FF00FF00FF", APP1, "23"),
        ("2102030405060708", APP3, "21"),
    ] {
        let trace = tap(TS1, Start::A, "2", one(app, identifier));
        assert_eq!(trace.activated(), [format!("{kernel} {app}")], "2EA.017.00: 9F2A {identifier}");
    }
    // F2 is priority 2, FF is 15, 41 is 1.
    let order = [(APP1, "23", 0xF2), (APP2, "22", 0xFF), (APP3, "21", 0x41)];
    let apps =
        order.map(|(app, kernel, priority)| App::new(app).kernel(kernel).priority(Some(priority)).refuses(0x6A82));
    let trace = tap(TS1, Start::A, "2", Card::new(apps));
    assert_eq!(trace.selects(), ["PPSE", APP3, APP1, APP2], "2EA.017.00: 87");
    let trace = tap(TS8, Start::A, "2", one(APP1, "23"));
    assert_eq!(text(&trace.kernels[0].pdol_data[5..9]), "F72A8A55", "2EA.017.01: 9F66");
    assert_eq!(trace.kernels[0].fci, Some(fci(&hex(APP1), crate::support::card::PDOL)), "2EA.017.01: FCI");
    for identifier in ["811111", "BF2222"] {
        let trace = tap(TS8, Start::A, "2", one(APP1, identifier));
        assert_eq!(trace.activated(), [format!("{identifier} {APP1}")], "2EA.017.01");
    }
}

/// 3.6.1.1, 3.6.1.2: a card cannot give the terminal's data, and what nobody knows is zeros in a data object list.
#[test]
fn ea_018_00() {
    let pdol = "9F0206 9F0306 9F3704 DF0102 C101 8501 9F2502";
    let inside = [
        tlv(0x84, &hex(APP1)),
        tlv(0xA5, &[tlv(0x9F38, &hex(pdol)), hex("9F0206999999999999 9F0306888888888888 9F370477777777")].concat()),
        hex("DF01021111 C10122 850133 9F25024444"),
    ];
    let card = Card::new([App::new(APP1).kernel("23").fci(&text(&tlv(0x6F, &inside.concat())))]);
    let trace = tap(TS1, Start::A, "45", card);
    let data = text(&trace.kernels[0].pdol_data);
    assert_eq!(&data[..24], "000000004500000000000000", "2EA.018.00");
    assert_ne!(&data[24..32], "77777777", "2EA.018.00");
    assert_eq!(&data[32..], "000000000000", "2EA.018.00");
}

#[test]
fn ea_019_00_receipt_and_cvm_reach_the_terminal() {
    for (first, second, expected) in [
        (approved().receipt().cvm(Cvm::NoCvm), None, vec![(true, Cvm::NoCvm)]),
        (approved().receipt().cvm(Cvm::Signature), None, vec![(true, Cvm::Signature)]),
        (approved().cvm(Cvm::Signature), None, vec![(false, Cvm::Signature)]),
        (
            two_presentments(Start::B).receipt().cvm(Cvm::NoCvm),
            Some(approved().receipt().cvm(Cvm::Signature)),
            vec![(true, Cvm::NoCvm), (true, Cvm::Signature)],
        ),
    ] {
        let card = Card::new([App::new(APP1).kernel("23").says(std::iter::once(first).chain(second))]);
        let trace = tap_online(TS1, "2", card, Issuer::approves("910411223344"));
        let found: Vec<_> = trace.tap.outcomes.iter().map(|outcome| (outcome.receipt, outcome.cvm)).collect();
        assert_eq!(found, expected, "2EA.019.00");
    }
}

/// 3.6.2.1 by lengths that are longer than the data, and filler between objects.
#[test]
fn ea_020_00() {
    let pdol = "9F0207 9F3705 9F1C09 9F1610";
    let trace = tap(TS1, Start::A, "45", Card::new([App::new(APP1).kernel("23").pdol(pdol)]));
    let seen = &trace.kernels[0];
    let number = seen.object(0x9F37).unwrap();
    let expected =
        format!("00000000004500 {number}00 5445524D3030303100 31323334353637383930313233343500").replace(' ', "");
    assert_eq!(text(&seen.pdol_data), expected, "2EA.020.00");
    for filler in [1, 10] {
        let zeros = vec![0; filler];
        let pdol = tlv(0x9F38, &hex("9F0206"));
        let proprietary = tlv(0xA5, &[zeros.clone(), pdol, zeros.clone()].concat());
        let whole = tlv(0x6F, &[zeros.clone(), tlv(0x84, &hex(APP1)), zeros.clone(), proprietary].concat());
        let entry = tlv(0x61, &[zeros.clone(), tlv(0x4F, &hex(APP1)), zeros.clone(), hex("9F2A0123")].concat());
        let list = tlv(0xBF0C, &[zeros.clone(), entry, zeros.clone()].concat());
        let directory = crate::support::card::ppse(&[zeros, list].concat());
        let card = Card::new([App::new(APP1).fci(&text(&whole))]).ppse(&text(&directory), 0x9000);
        let trace = tap(TS1, Start::A, "45", card);
        assert_eq!(trace.activated(), [format!("23 {APP1}")], "2EA.020.00: {filler} bytes of filler");
        assert_eq!(text(&trace.kernels[0].pdol_data), "000000004500", "2EA.020.00: {filler} bytes of filler");
    }
}

/// 3.6.3.1: any order.
#[test]
fn ea_021_00() {
    let entry = tlv(0x61, &[hex("870101 9F2A0123 500454455354"), tlv(0x4F, &hex(APP1))].concat());
    let directory = [tlv(0xA5, &tlv(0xBF0C, &entry)), tlv(0x84, b"2PAY.SYS.DDF01")].concat();
    let proprietary = tlv(0xA5, &[tlv(0x9F38, &hex("9F0206")), tlv(0x50, b"TEST"), hex("870101")].concat());
    let whole = tlv(0x6F, &[proprietary, tlv(0x84, &hex(APP1))].concat());
    let card = Card::new([App::new(APP1).fci(&text(&whole))]).ppse(&text(&tlv(0x6F, &directory)), 0x9000);
    let trace = tap(TS1, Start::A, "45", card);
    assert_eq!(trace.activated(), [format!("23 {APP1}")], "2EA.021.00");
    assert_eq!(text(&trace.kernels[0].pdol_data), "000000004500", "2EA.021.00");
}

/// Tables 6-3 and 6-4: what becomes of the sale.
#[test]
fn dispositions() {
    let yes = || Issuer::approves("910411223344");
    let no = || Issuer::answers(Some(*b"05"), "910411223344");
    let restart = || two_presentments(Start::D);
    use Disposition::{Approved, Declined, None as Nothing};
    for (case, dictates, issuer, expected) in [
        ("approved", vec![approved()], Issuer::default(), Approved),
        ("declined", vec![declined()], Issuer::default(), Declined),
        ("ended", vec![end_application()], Issuer::default(), Nothing),
        ("online, approved", vec![online_request()], yes(), Approved),
        ("online, declined", vec![online_request()], no(), Declined),
        ("unable to go online", vec![online_request()], Issuer::default(), Declined),
        ("the card confirms", vec![restart(), approved()], yes(), Approved),
        ("the card overrules", vec![restart(), declined()], yes(), Declined),
        ("the second one ends", vec![restart(), end_application()], yes(), Approved),
        ("the second one ends, declined", vec![restart(), end_application()], no(), Declined),
        ("a second online request is none", vec![restart(), online_request()], yes(), Approved),
    ] {
        let mut issuer = issuer;
        let mut card = Card::new([App::new(APP4).kernel("24").says(dictates.clone())]);
        let trace = Bench::new(TS1).tap_online(Start::A, &sale(0, "2"), &mut card, &mut issuer);
        assert_eq!(trace.tap.disposition, expected, "{case}");
        assert_eq!(trace.tap.outcomes.len(), dictates.len(), "{case}");
        let asked = usize::from(!matches!(case, "approved" | "declined" | "ended"));
        assert_eq!(issuer.asked, vec![("9F26080102030405060708".to_owned(), false); asked], "{case}");
    }
}

#[test]
fn the_host_hears_of_an_online_pin() {
    let mut issuer = Issuer::approves("");
    let mut card = Card::new([App::new(APP3).kernel("21").says([online_request().cvm(Cvm::OnlinePin)])]);
    Bench::new(TS1).tap_online(Start::A, &sale(0, "2"), &mut card, &mut issuer);
    assert_eq!(issuer.asked, [("9F26080102030405060708".to_owned(), true)]);
}

/// The tap knows what was selected.
#[test]
fn the_tap_tells_what_was_selected() {
    let trace = tap(TS1, Start::A, "2", one("A000000003101001", "03"));
    let selected = trace.tap.selected.unwrap();
    assert_eq!(text(selected.aid.bytes()), VISA);
    assert_eq!(text(selected.adf_name.bytes()), "A000000003101001");
    assert_eq!(selected.kernel_id.to_string(), "C-3");
}
