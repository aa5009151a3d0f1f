//! Book B, 3.3.2.5 C and D: which kernel a directory entry asks for.

use emvtap::kernel::outcome::Start;

use crate::support::{
    bench::{Saw, tap},
    card::{App, Card},
    settings::{
        AMEX, APP1, APP2, APP3, APP4, DISCOVER, DISCOVER_2, DOMESTIC, JCB, MASTERCARD, TS1, TS2, TS13, UNIONPAY, VISA,
    },
};

const SCHEMES: &[(&str, &str, &str, &str)] = &[
    (VISA, "03", "2ED.009.00", "2ED.009.10"),
    (MASTERCARD, "02", "2ED.009.02", "2ED.009.12"),
    (JCB, "05", "2ED.009.04", "2ED.009.14"),
    (AMEX, "04", "2ED.009.06", "2ED.009.16"),
    (DISCOVER, "06", "2ED.009.18", "2ED.009.20"),
    (DISCOVER_2, "06", "2ED.009.26", "2ED.009.28"),
    (UNIONPAY, "07", "2ED.009.22", "2ED.009.24"),
];

#[test]
fn ed_009_the_default_kernel_of_a_scheme() {
    for &(app, kernel, absent, empty) in SCHEMES {
        for (id, entry) in [(absent, App::new(app)), (empty, App::new(app).kernel(""))] {
            let trace = tap(TS1, Start::A, "2", Card::new([entry]));
            assert_eq!(trace.activated(), [format!("{kernel} {app}")], "{id}");
        }
    }
}

/// The twins of 2ED.009: the reader does not have that kernel.
#[test]
fn ed_009_without_the_default_kernel() {
    const OTHERS: &[(&str, &str, &str)] = &[("00", "VISA/02 MC/03 JCB/02 AMEX/02 DISC/02 DISC2/02 UPI/02 APP4/24", "")];
    for &(app, _, absent, empty) in SCHEMES {
        for (id, entry) in [(absent, App::new(app)), (empty, App::new(app).kernel(""))] {
            let card = Card::new([entry, App::new(APP4).kernel("24").priority(Some(2))]);
            let trace = tap(OTHERS, Start::A, "2", card);
            assert_eq!(trace.activated(), [format!("24 {APP4}")], "{id} and one");
        }
    }
}

/// Applications of nobody in the table take any kernel.
#[test]
fn ed_009_other_applications_have_no_default() {
    let trace = tap(TS2, Start::B, "2", Card::new([App::new(APP2)]));
    assert_eq!(trace.activated(), [format!("22 {APP2}")]);
    let candidates = trace.saw.iter().filter(|(_, saw)| matches!(saw, Saw::Candidate(..))).count();
    assert_eq!(candidates, 3, "kernels 22, 2B and 24");
}

#[test]
fn ed_010_00_and_011_00_entries_for_other_kernels() {
    for (id, app, identifier) in [
        ("2ED.010.00", APP1, "80"),
        ("2ED.010.00", APP1, "C001"),
        ("2ED.010.00", APP1, "81"),
        ("2ED.010.00", APP1, "8109"),
        ("2ED.011.00", APP3, "06"),
        ("2ED.011.00", APP3, "62"),
        ("2ED.011.00", APP3, "61"),
        ("2ED.011.00", APP1, "810977"),
        ("2ED.011.00", APP1, "BF0841"),
        ("2ED.011.00", APP1, "811110"),
        ("2ED.011.00", APP1, "BF2223"),
        ("2ED.011.00", APP1, "C10978"),
        ("2ED.011.00", VISA, "43"),
        ("2ED.011.00", VISA, "08"),
        ("short identifier 0", APP1, "800978"),
        ("short identifier 0", APP1, "C00000"),
    ] {
        let card = Card::new([App::new(app).kernel(identifier), App::new(APP4).kernel("24").priority(Some(2))]);
        let trace = tap(TS1, Start::A, "2", card);
        assert_eq!(trace.activated(), [format!("24 {APP4}")], "{id}: {identifier}");
    }
}

/// 9F2A = 00: whatever the reader has for the application.
#[test]
fn ed_012_any_kernel() {
    for (id, app) in [
        ("2ED.012.00", VISA),
        ("2ED.012.01", MASTERCARD),
        ("2ED.012.02", JCB),
        ("2ED.012.03", AMEX),
        ("2ED.012.04", DISCOVER),
        ("2ED.012.05", DISCOVER_2),
        ("2ED.012.06", UNIONPAY),
        ("2ED.012.08", DOMESTIC),
        ("2ED.012.09", APP1),
    ] {
        for identifier in ["00", "000978"] {
            let trace = tap(TS1, Start::A, "2", Card::new([App::new(app).kernel(identifier)]));
            let [seen] = &trace.kernels[..] else { panic!("{id}") };
            assert_eq!(seen.adf_name, app, "{id}");
            let offered = trace.saw.iter().filter(|(_, saw)| matches!(saw, Saw::Candidate(..))).count();
            let configured = TS1[0].1.split_whitespace();
            let short = ["VISA", "MC", "JCB", "AMEX", "DISC", "DISC2", "UPI", "", "DOM", "APP1"];
            let place = usize::from(id.as_bytes()[9] - b'0');
            let expected = configured.filter(|pair| pair.split_once('/').unwrap().0 == short[place]).count();
            assert_eq!(offered, expected, "{id}: every kernel of the application is a candidate");
        }
    }
}

/// Each identifier finds its kernel, and only that.
#[test]
fn ed_012_10_exact_matches() {
    for (app, identifier) in [
        (APP1, "21"),
        (APP2, "22"),
        (APP1, "23"),
        (APP4, "24"),
        (APP3, "25"),
        (APP1, "32"),
        (APP1, "810978"),
        (DOMESTIC, "810978"),
        (APP1, "BF0840"),
        (APP1, "C11111"),
        (DOMESTIC, "FF2222"),
    ] {
        let trace = tap(TS1, Start::A, "2", Card::new([App::new(app).kernel(identifier)]));
        assert_eq!(trace.activated(), [format!("{identifier} {app}")], "2ED.012.10");
        let more = format!("{identifier}{}", "FF".repeat(8 - identifier.len() / 2));
        let trace = tap(TS1, Start::A, "2", Card::new([App::new(app).kernel(&more)]));
        assert_eq!(trace.activated(), [format!("{identifier} {app}")], "2ED.012.10: with reserved bytes");
    }
    for (name, identifier) in [(DOMESTIC, "810978"), ("B0000000010102", "BF0840")] {
        let trace = tap(TS13, Start::B, "2", Card::new([App::new(name).kernel(identifier)]));
        assert_eq!(trace.activated(), [format!("{identifier} {name}")], "2ED.012.10");
    }
}

/// Outer loop combinations, inner loop entries: one entry can give several candidates, one combination too.
#[test]
fn combinations_and_entries_meet_in_the_order_of_book_b() {
    const LONG_APP3: &str = "A000000003000301";
    let card = Card::new([App::new(LONG_APP3).kernel("00"), App::new(APP3).kernel("21").priority(Some(2))]);
    let trace = tap(TS2, Start::A, "2", card);
    let found: Vec<_> = trace
        .saw
        .iter()
        .filter_map(|(_, saw)| match saw {
            Saw::Candidate(name, kernel, priority) => Some((name.as_str(), kernel.as_str(), *priority)),
            _ => None,
        })
        .collect();
    let first = LONG_APP3;
    assert_eq!(found, [(first, "21", 1), (APP3, "21", 2), (first, "25", 1), (first, "22", 1)]);
}
