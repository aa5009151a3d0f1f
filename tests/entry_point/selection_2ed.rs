//! Book B, 3.3: the directory, priorities and final selection.

use emvtap::{
    apdu::LinkFault,
    entry::Options,
    kernel::outcome::{OutcomeResult, Start},
};

use crate::support::{
    approved,
    bench::{Bench, Issuer, Saw, Trace, sale, tap, tap_online},
    card::{App, Asked, Card, PDOL, Trouble, fci, ppse},
    hex,
    settings::{AMEX, APP1, APP2, APP3, APP4, DOMESTIC, MASTERCARD, TS1, TS2, TS6, VISA},
    text, tlv, two_presentments,
};

const ARPC: &str = "910A 11223344556677883030";

fn ended(trace: &Trace, id: &str) {
    assert_eq!(trace.results(), [OutcomeResult::EndApplication], "{id}");
    assert_eq!(trace.messages().last().unwrap(), "1C ready-to-read", "{id}");
    let outcome = trace.tap.outcome().unwrap();
    assert_eq!((outcome.start, outcome.field_off, outcome.removal_timeout), (None, None, 0), "{id}");
    assert!(trace.kernels.is_empty(), "{id}: {:?}", trace.activated());
}

/// Restart with issuer data at B: the same application without the directory, whatever the directory would say.
#[test]
fn ed_001_00_and_002_00() {
    for (id, first, restart, data) in [
        ("2ED.001.00", Start::A, Start::B, ARPC),
        ("2ED.001.00", Start::B, Start::B, ARPC),
        ("2ED.001.00", Start::A, Start::B, "7100"),
        ("2ED.001.00", Start::B, Start::B, "7200"),
        ("2ED.001.00", Start::A, Start::B, "910A 11223344556677883030 7203860100"),
        ("2ED.001.00", Start::B, Start::B, "7203860100"),
        ("2ED.002.00", Start::A, Start::C, ARPC),
        ("2ED.002.00", Start::B, Start::C, "7200"),
        ("2ED.002.00", Start::A, Start::C, "7203860100"),
    ] {
        for (app, kernel) in [(APP3, "21"), (APP1, "23")] {
            let first_choice = App::new(app).kernel(kernel).says([two_presentments(restart), approved()]);
            let mut card = Card::new([App::new(APP4).kernel("24").priority(Some(2)), first_choice]);
            let mut bench = Bench::new(TS1);
            let trace = bench.tap_online(first, &sale(0, "2"), &mut card, &mut Issuer::approves(data));
            assert_eq!(trace.selects(), ["PPSE", app, app], "{id} {first:?} {data}");
            assert_eq!(trace.kernels[0].fci, trace.kernels[1].fci, "{id}");
            assert_eq!(trace.starts()[1], format!("{}+", restart.name()), "{id}");
        }
    }
}

#[test]
fn ed_001_01_and_002_01_with_extended_selection() {
    for (id, restart) in [("2ED.001.01", Start::B), ("2ED.002.01", Start::C)] {
        for (app, kernel) in [(APP4, "24"), (APP3, "25")] {
            let extended = format!("{app}04");
            let entry = App::new(app).kernel(kernel).extended("04");
            let target = App::new(&extended).unlisted().says([two_presentments(restart), approved()]);
            let trace = tap_online(TS1, "2", Card::new([entry, target]), Issuer::approves(ARPC));
            assert_eq!(trace.selects(), ["PPSE", &extended, &extended], "{id}");
            assert_eq!(trace.kernels[1].adf_name, extended, "{id}");
        }
    }
}

/// Objects that do not belong into a directory do not disturb.
#[test]
fn ed_003_00_and_01() {
    let trace = tap(TS1, Start::A, "2", Card::new([App::new(APP1).kernel("23")]));
    assert_eq!(trace.selects(), ["PPSE", APP1], "2ED.003.00");
    let entry = tlv(0x61, &[tlv(0x4F, &hex(APP1)), hex("870101 9F2A0123 7305 5F55024445 420112")].concat());
    let list = tlv(0xBF0C, &[hex("5F5503444555 5F530444453132 9F4D020B0A"), entry].concat());
    let proprietary = [hex("880101 5F2D02656E 9F110101"), list, hex("9F3800")].concat();
    let card = Card::new([App::new(APP1)]).ppse(&text(&ppse(&proprietary)), 0x9000);
    let trace = tap(TS1, Start::A, "2", card);
    assert_eq!(trace.activated(), [format!("23 {APP1}")], "2ED.003.01");
}

#[test]
fn ed_004_00_and_005_00_no_directory() {
    let card = || Card::new([App::new(APP1).kernel("23")]);
    for status in [0x6A82, 0x6283, 0x6A81, 0x6100, 0x6985, 0x9001] {
        let trace = tap(TS1, Start::A, "2", card().status(status));
        ended(&trace, &format!("2ED.004.00: {status:04X}"));
        assert_eq!(trace.selects(), ["PPSE"], "2ED.004.00: no list of AIDs is tried");
    }
    let empty = [ppse(&tlv(0xBF0C, &[])), ppse(&tlv(0xBF0C, &hex("500154"))), ppse(&[]), Vec::new(), hex("6F")];
    for directory in empty {
        let trace = tap(TS1, Start::A, "2", card().ppse(&text(&directory), 0x9000));
        ended(&trace, &format!("2ED.005.00: {}", text(&directory)));
    }
}

/// 3.3.2.5 A and B.
#[test]
fn ed_007_and_008_entries_that_cannot_be_used() {
    for (id, entry) in [
        ("2ED.007.00: 17 bytes", format!("4F11{APP1}00000000000000000000 870101 9F2A0123")),
        ("2ED.007.00: 4 bytes", "4F04A0000000 870101 9F2A0123".to_owned()),
        ("2ED.007.00: empty", "4F00 870101 9F2A0123".to_owned()),
        ("2ED.007.01: no 4F", "870101 9F2A0123".to_owned()),
        ("2ED.008.00: another application", "4F07A0000000661010 870101 9F2A0123".to_owned()),
        ("2ED.008.00: shorter than the reader's", "4F05A000000001 870101 9F2A0123".to_owned()),
        ("2ED.008.00: shorter by a byte", "4F06A00000000100 870101 9F2A0123".to_owned()),
    ] {
        let other = App::new(APP4).kernel("24").priority(Some(2));
        let trace = tap(TS1, Start::A, "2", Card::new([App::new(APP1).entry(&entry), other]));
        assert_eq!(trace.activated(), [format!("24 {APP4}")], "{id}");
    }
    let long = "A0000000010001112233445566778899";
    let trace = tap(TS1, Start::A, "2", Card::new([App::new(long).kernel("23")]));
    assert_eq!(trace.activated(), [format!("23 {long}")], "2ED.008.00: a longer ADF name matches");
}

/// Priorities, with the names in the order in which they are selected when every SELECT is refused.
#[test]
fn ed_013_to_015_the_order_of_candidates() {
    type Entry = (&'static str, &'static str, Option<u8>);
    let cases: &[(&str, &[Entry], &[&str])] = &[
        (
            "2ED.013.00",
            &[(APP2, "22", Some(2)), (APP1, "23", Some(1)), (APP3, "21", Some(3)), (APP4, "24", Some(4))],
            &[APP1, APP2, APP3, APP4],
        ),
        (
            "2ED.013.00",
            &[(APP4, "24", Some(4)), (APP3, "21", Some(3)), (APP2, "22", Some(2)), (APP1, "23", Some(1))],
            &[APP1, APP2, APP3, APP4],
        ),
        (
            "2ED.013.00",
            &[(APP2, "22", Some(0x0E)), (APP1, "23", Some(0x0C)), (APP3, "21", Some(0x0A)), (APP4, "24", Some(0x0B))],
            &[APP3, APP4, APP1, APP2],
        ),
        ("2ED.014.00", &[(APP2, "22", Some(2)), (APP3, "21", Some(1)), (APP1, "23", Some(1))], &[APP3, APP1, APP2]),
        ("2ED.014.00", &[(APP4, "24", Some(1)), (APP2, "22", Some(1)), (APP1, "23", Some(1))], &[APP4, APP2, APP1]),
        ("2ED.015.00", &[(APP2, "22", Some(0)), (APP1, "23", None), (APP3, "21", Some(0))], &[APP2, APP1, APP3]),
        ("2ED.015.00", &[(APP3, "21", None), (APP2, "22", None)], &[APP3, APP2]),
        ("2ED.015.00", &[(APP3, "21", None), (APP2, "22", Some(0)), (APP1, "23", Some(14))], &[APP1, APP3, APP2]),
        ("2ED.015.00", &[(APP3, "21", None), (APP2, "22", Some(15)), (APP1, "23", Some(0))], &[APP3, APP2, APP1]),
    ];
    for (id, entries, order) in cases {
        let apps = entries
            .iter()
            .map(|(app, kernel, priority)| App::new(app).kernel(kernel).priority(*priority).refuses(0x6A82));
        let trace = tap(TS1, Start::A, "2", Card::new(apps));
        assert_eq!(trace.selects()[1..], **order, "{id}: {entries:?}");
        ended(&trace, id);
    }
    let entries = [(APP2, "22", 0), (APP1, "23", 15)];
    let apps = entries.map(|(app, kernel, priority)| App::new(app).kernel(kernel).priority(Some(priority)));
    let options = Options { priority_zero_equals_fifteen: false, ..Options::default() };
    let trace = Bench::new(TS1).options(options).tap(Start::A, &sale(0, "2"), &mut Card::new(apps));
    assert_eq!(trace.selects()[1], APP1, "the option ranks 15 above 0");
}

/// After the combinations that are not allowed have been taken out.
#[test]
fn ed_013_to_015_with_combinations_that_are_not_allowed() {
    for (id, amount, entries, expected) in [
        ("2ED.013.00 case 3", "121", [(APP3, "21", Some(1)), (APP2, "22", Some(2)), (APP1, "23", Some(3))], APP2),
        ("2ED.013.00 case 5", "0", [(APP1, "23", Some(1)), (APP3, "21", Some(2)), (APP2, "22", Some(3))], APP3),
        ("2ED.013.00 case 10", "201", [(APP1, "23", Some(1)), (APP3, "21", Some(2)), (APP2, "22", Some(3))], APP2),
        ("2ED.014.00 case 2", "121", [(APP3, "21", Some(1)), (APP1, "23", Some(1)), (APP2, "22", Some(1))], APP1),
        ("2ED.014.00 case 4", "0", [(APP1, "23", Some(1)), (APP2, "22", Some(1)), (APP3, "21", Some(1))], APP2),
        ("2ED.015.00 case 2", "0", [(APP1, "23", None), (APP2, "22", Some(0)), (APP3, "21", None)], APP2),
    ] {
        let apps = entries.map(|(app, kernel, priority)| App::new(app).kernel(kernel).priority(priority));
        let trace = tap(TS2, Start::A, amount, Card::new(apps));
        assert_eq!(trace.selects(), ["PPSE", expected], "{id}");
    }
}

#[test]
fn ed_016_00_nothing_matches() {
    let apps = [App::new("A0000000661010"), App::new(APP1).kernel("29"), App::new("B0000000090909").kernel("00")];
    for start in [Start::A, Start::B] {
        ended(&tap(TS1, start, "2", Card::new(apps.clone())), "2ED.016.00");
    }
    ended(&tap(TS1, Start::A, "2", Card::new([])), "2ED.016.00: no entry at all");
}

#[test]
fn ed_017_and_018_extended_selection() {
    for (id, lines, app, kernel, extension, extended) in [
        ("2ED.017.00: flag 0", TS2, APP1, "23", "04", false),
        ("2ED.017.01: no flag", TS2, APP2, "22", "04", false),
        ("2ED.017.00: flag 0", TS2, APP4, "2B", "04", false),
        ("2ED.018.00", TS2, APP3, "21", "04", true),
        ("2ED.018.00: to 16 bytes", TS1, APP4, "24", "112233445566778899", true),
        ("2ED.018.00: domestic", TS1, DOMESTIC, "810978", "0102", true),
        ("beyond 16 bytes", TS1, APP4, "24", "11223344556677889900", false),
        ("beyond 16 bytes by far", TS1, APP4, "24", "112233445566778899001122334455", false),
        ("empty", TS1, APP4, "24", "", false),
    ] {
        let name = if extended { format!("{app}{extension}") } else { app.to_owned() };
        let card = Card::new([
            App::new(app).kernel(kernel).extended(extension),
            App::new(&format!("{app}{}", &extension[..extension.len().min(18)])).unlisted(),
        ]);
        let trace = tap(lines, Start::A, "2", card);
        assert_eq!(trace.selects(), ["PPSE", &name], "{id}");
        assert_eq!(trace.kernels[0].adf_name, name, "{id}");
        assert_eq!(trace.kernels[0].aid, app, "{id}");
        assert_eq!(text(trace.tap.selected.unwrap().adf_name.bytes()), name, "{id}: as it was selected");
    }
}

#[test]
fn ed_019_00_a_refused_candidate_is_removed() {
    for status in [0x6283, 0x6A82, 0x6A81, 0x6985, 0x6100] {
        let apps = [
            App::new(APP1).kernel("23").priority(Some(1)).refuses(status),
            App::new(APP2).kernel("22").priority(Some(2)).refuses(status),
            App::new(APP3).kernel("21").priority(Some(3)),
        ];
        let trace = tap(TS1, Start::A, "2", Card::new(apps));
        assert_eq!(trace.selects(), ["PPSE", APP1, APP2, APP3], "2ED.019.00: {status:04X}");
        assert_eq!(trace.activated(), [format!("21 {APP3}")], "2ED.019.00: {status:04X}");
        assert_eq!(trace.starts(), ["C"]);
    }
}

#[test]
fn ed_019_01_with_issuer_data_it_is_the_end() {
    for (start, selects) in [
        (Start::A, vec!["PPSE", APP1, "PPSE", APP1]),
        (Start::B, vec!["PPSE", APP1, APP1]),
        (Start::C, vec!["PPSE", APP1, APP1]),
    ] {
        for data in [ARPC, "7203860100"] {
            let first = App::new(APP1).kernel("23").accepts().refuses(0x6A82).says([two_presentments(start)]);
            let card = Card::new([first, App::new(APP2).kernel("22").priority(Some(2))]);
            let trace = tap_online(TS1, "2", card, Issuer::approves(data));
            let id = format!("2ED.019.01 at {start:?} with {data}");
            assert_eq!(trace.selects(), selects, "{id}");
            assert_eq!(trace.results(), [OutcomeResult::OnlineRequest, OutcomeResult::EndApplication], "{id}");
            assert_eq!(trace.messages().last().unwrap(), "1C ready-to-read", "{id}");
        }
    }
}

/// A restart without issuer data takes the next candidate.
#[test]
fn a_refused_candidate_of_a_restart_without_issuer_data_is_removed() {
    let first = App::new(APP1).kernel("23").accepts().refuses(0x6A82).says([crate::support::any(Start::C)]);
    let card = Card::new([first, App::new(APP2).kernel("22").priority(Some(2))]);
    let trace = tap_online(TS1, "2", card, Issuer::approves(""));
    assert_eq!(trace.selects(), ["PPSE", APP1, APP1, APP2]);
    assert_eq!(trace.starts(), ["A", "C+"]);
}

/// Visa's Kernel 3 needs 9F66 in the PDOL.
#[test]
fn ed_020_00_kernel_1_in_place_of_kernel_3() {
    for (pdol, kernel) in
        [("", "01"), ("9F0206 9C01", "01"), ("9C9F 6604", "01"), ("9F0206 9F6604", "03"), (PDOL, "03")]
    {
        for lines in [TS1, TS2] {
            let app = App::new(VISA).kernel("03").fci(&text(&fci(&hex(VISA), pdol)));
            let trace = tap(lines, Start::A, "2", Card::new([app]));
            assert_eq!(trace.activated(), [format!("{kernel} {VISA}")], "2ED.020.00: PDOL {pdol}");
            assert_eq!(trace.selects(), ["PPSE", VISA], "2ED.020.00");
        }
    }
    // The rule is about Visa's applications and Kernel 3 only.
    for (name, kernel) in [(MASTERCARD, "03"), (VISA, "2B")] {
        let app = App::new(name).kernel(kernel).fci(&text(&fci(&hex(name), "9C01")));
        let trace = tap(if kernel == "03" { TS1 } else { TS2 }, Start::A, "2", Card::new([app]));
        assert_eq!(trace.activated(), [format!("{kernel} {name}")], "2ED.020.00");
    }
}

/// The indicators are those of Kernel 1's combination, and it must be allowed.
#[test]
fn kernel_1_has_its_own_pre_processing() {
    let visa = || App::new(VISA).kernel("03").fci(&text(&fci(&hex(VISA), "D102")));
    let trace = tap(TS2, Start::A, "10", Card::new([visa()]));
    assert_eq!(trace.activated(), [format!("01 {VISA}")]);
    assert_eq!(text(&trace.kernels[0].pdol_data), "2000", "CVM limit 10 of the line with Kernel 1");
    const LINES: &[(&str, &str, &str)] = &[("00", "VISA/03 AMEX/04", "TL200"), ("00", "VISA/01", "TL20")];
    let trace = tap(LINES, Start::A, "30", Card::new([visa(), App::new(AMEX).priority(Some(2))]));
    assert_eq!(trace.activated(), [format!("04 {AMEX}")]);
}

#[test]
fn ed_021_00_without_kernel_1_the_candidate_is_removed() {
    for pdol in ["", "9F0206"] {
        let visa = App::new(VISA).kernel("03").fci(&text(&fci(&hex(VISA), pdol)));
        let trace = tap(TS6, Start::A, "2", Card::new([visa.clone(), App::new(AMEX).kernel("04").priority(Some(2))]));
        assert_eq!(trace.selects(), ["PPSE", VISA, AMEX], "2ED.021.00");
        assert_eq!(trace.activated(), [format!("04 {AMEX}")], "2ED.021.00");
        ended(&tap(TS6, Start::A, "2", Card::new([visa])), "2ED.021.00: nothing else");
    }
}

#[test]
fn ed_022_00_errors_during_selection_lead_back_to_b() {
    for fault in [LinkFault::Timeout, LinkFault::Transmission, LinkFault::Protocol] {
        for (at, selects) in [(0, vec!["PPSE", "PPSE", APP1]), (1, vec!["PPSE", APP1, "PPSE", APP1])] {
            let card = Card::new([App::new(APP1).kernel("23")]).trouble(Trouble::At(at, fault));
            let trace = tap(TS1, Start::A, "16", card);
            let id = format!("2ED.022.00: {fault} at command {at}");
            assert_eq!(trace.selects(), selects, "{id}");
            assert_eq!(trace.messages()[..2], ["15 ready-to-read", "15 ready-to-read"], "{id}");
            assert_eq!(trace.count(&Saw::FieldOn), 2, "{id}: a new polling");
            assert_eq!(trace.starts(), ["B"], "{id}: Restart flag 0");
            assert_eq!(text(&trace.kernels[0].pdol_data[..2]), "A000", "{id}: the indicators stay");
        }
    }
    let card = Card::new([App::new(APP1).kernel("23")]).trouble(Trouble::Poll(0, LinkFault::Timeout));
    assert_eq!(tap(TS1, Start::A, "2", card).selects(), ["PPSE", APP1], "2ED.022.00: during polling");
}

/// With issuer data at hand the way back leads to the same application.
#[test]
fn errors_in_a_restart_with_issuer_data() {
    let app = App::new(APP1).kernel("23").says([two_presentments(Start::B), approved()]);
    let card =
        Card::new([App::new(APP2).kernel("22").priority(Some(2)), app]).trouble(Trouble::At(3, LinkFault::Timeout));
    let trace = tap_online(TS1, "2", card, Issuer::approves(ARPC));
    assert_eq!(trace.selects(), ["PPSE", APP1, APP1, APP1]);
    let polls = trace.asked.iter().filter(|asked| **asked == Asked::Activate).count();
    assert_eq!(polls, 3);
    assert!(trace.kernels[1].restart && trace.kernels[1].issuer.is_some());
}
