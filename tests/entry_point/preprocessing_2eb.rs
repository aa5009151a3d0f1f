//! Book B, 3.1.1: pre-processing.

use emvtap::kernel::outcome::{OutcomeResult, Start};

use crate::support::{
    bench::{Bench, Saw, sale, tap},
    card::{App, Card},
    settings::{APP1, APP2, APP3, APP4, TS1, TS2, TS4},
    text,
};

/// id, setting, transaction type, application, kernel, amount, D1 byte 1 (80 floor, 20 CVM, 10 status check, 08 zero), TTQ.
type Row = (&'static str, u8, u8, &'static str, &'static str, &'static str, u8, &'static str);

/// `9F66` of a combination without TTQ.
const NONE: &str = "00000000";

#[rustfmt::skip]
const INDICATORS: &[Row] = &[
    // the copy equals the configuration when nothing triggers; byte 2 b8b7 are cleared
    ("2EB.002.00", 1, 0x00, APP1, "23", "2", 0x00, "B6208000"),
    ("2EB.002.00", 2, 0x00, APP1, "23", "2", 0x00, "28000000"),
    ("2EB.002.00", 2, 0x00, APP3, "21", "2", 0x00, "84008000"),
    ("2EB.002.00", 2, 0x00, APP4, "24", "2", 0x00, "84008000"),
    // status check
    ("2EB.003.00", 1, 0x00, APP1, "23", "1", 0x10, "B6A08000"),
    ("2EB.003.00", 2, 0x00, APP1, "23", "1", 0x10, "28800000"),
    ("2EB.003.00", 2, 0x00, APP3, "22", "1", 0x10, "28800000"),
    ("2EB.003.00", 2, 0x00, APP4, "23", "1", 0x10, NONE),
    ("2EB.003.01", 4, 0x00, APP1, "23", "1", 0x10, "28800000"),
    ("2EB.003.02", 4, 0x20, APP4, "24", "1", 0x10, NONE),
    ("2EB.004.00", 2, 0x00, APP2, "22", "1", 0x00, NONE),
    ("2EB.004.01", 2, 0x00, APP1, "21", "1", 0x00, NONE),
    ("2EB.004.02", 4, 0x00, APP4, "24", "1", 0x00, "84008000"),
    ("2EB.004.03", 4, 0x01, APP1, "23", "1", 0x00, NONE),
    ("2EB.005.00", 2, 0x00, APP3, "21", "1", 0x00, "84008000"),
    ("2EB.005.00", 2, 0x00, APP4, "24", "1", 0x00, "84008000"),
    ("2EB.005.01", 4, 0x20, APP2, "22", "1", 0x00, "84008000"),
    ("2EB.006.00", 1, 0x00, APP1, "23", "2", 0x00, "B6208000"),
    ("2EB.006.00", 2, 0x00, APP1, "23", "2", 0x00, "28000000"),
    ("2EB.006.00", 2, 0x00, APP1, "23", "0.99", 0x00, "28000000"),
    ("2EB.006.01", 2, 0x00, APP4, "23", "2", 0x00, NONE),
    ("2EB.006.02", 4, 0x20, APP4, "24", "2", 0x00, NONE),
    // zero amount
    ("2EB.008.00", 1, 0x00, APP1, "23", "0", 0x08, "B6A08000"),
    ("2EB.008.00", 2, 0x00, APP3, "21", "0", 0x08, "84808000"),
    ("2EB.008.00", 2, 0x00, APP2, "24", "0", 0x08, "84808000"),
    ("2EB.008.00", 2, 0x00, APP4, "23", "0", 0x08, NONE),
    ("2EB.008.01", 2, 0x00, APP3, "21", "2", 0x00, "84008000"),
    ("2EB.008.02", 4, 0x20, APP2, "22", "0", 0x08, "84808000"),
    ("2EB.009.00", 2, 0x00, APP2, "22", "0", 0x08, NONE),
    ("2EB.009.00", 2, 0x00, APP1, "21", "0", 0x08, NONE),
    ("2EB.009.00", 2, 0x00, APP4, "2B", "0", 0x08, NONE),
    ("2EB.009.00", 4, 0x20, APP3, "21", "0", 0x08, "84808000"),
    ("2EB.009.01", 2, 0x00, APP2, "22", "2", 0x00, NONE),
    // below the transaction limit, and without one
    ("2EB.011.00", 2, 0x00, APP3, "21", "119", 0x80, "84808000"),
    ("2EB.011.00", 2, 0x00, APP3, "21", "119.99", 0x80, "84808000"),
    ("2EB.011.01", 2, 0x00, APP1, "23", "199", 0x80, "28800000"),
    ("2EB.011.02", 2, 0x00, APP4, "2B", "99", 0x20, NONE),
    ("2EB.012.00", 2, 0x00, APP2, "22", "9999999999.99", 0x20, NONE),
    ("2EB.012.00", 2, 0x00, APP2, "24", "9999999999.99", 0x80, "84808000"),
    ("2EB.012.01", 2, 0x00, APP4, "24", "9999999999.99", 0xA0, "84C08000"),
    // floor limit: exceeded
    ("2EB.013.00", 1, 0x00, APP1, "23", "13", 0x80, "B6A08000"),
    ("2EB.013.00", 1, 0x00, APP1, "23", "12.01", 0x80, "B6A08000"),
    ("2EB.013.00", 2, 0x00, APP3, "21", "21", 0x80, "84808000"),
    ("2EB.013.00", 2, 0x00, APP4, "24", "51", 0xA0, "84C08000"),
    ("2EB.013.01", 2, 0x00, APP4, "23", "51", 0xA0, NONE),
    ("2EB.013.02", 2, 0x00, APP2, "24", "123456", 0x80, "84808000"),
    ("2EB.013.03", 4, 0x20, APP3, "21", "51", 0x80, "84808000"),
    ("2EB.014.00", 1, 0x00, APP1, "23", "12", 0x00, "B6208000"),
    ("2EB.014.00", 2, 0x00, APP3, "21", "20", 0x00, "84008000"),
    ("2EB.014.01", 2, 0x00, APP3, "21", "15", 0x00, "84008000"),
    ("2EB.014.00", 2, 0x00, APP4, "24", "50", 0x20, "84408000"),
    ("2EB.014.01", 2, 0x00, APP4, "23", "45", 0x20, NONE),
    ("2EB.014.02", 4, 0x20, APP3, "21", "50", 0x00, "84008000"),
    // terminal floor limit in its place
    ("2EB.015.00", 2, 0x00, APP1, "23", "26", 0x80, "28800000"),
    ("2EB.015.00", 2, 0x00, APP1, "23", "50", 0x80, "28800000"),
    ("2EB.015.00", 2, 0x00, APP3, "22", "26", 0x80, "28800000"),
    ("2EB.015.01", 2, 0x00, APP1, "23", "25", 0x00, "28000000"),
    ("2EB.015.01", 2, 0x00, APP1, "23", "20", 0x00, "28000000"),
    ("2EB.015.01", 2, 0x00, APP4, "25", "25", 0x00, "28000000"),
    ("2EB.015.02", 4, 0x09, APP3, "21", "26", 0x80, "28800000"),
    ("2EB.016.00", 2, 0x00, APP2, "22", "9999999999.99", 0x20, NONE),
    ("2EB.016.00", 2, 0x00, APP1, "21", "9999999999.99", 0x20, NONE),
    // CVM required limit: reached
    ("2EB.017.00", 1, 0x00, APP1, "23", "16", 0xA0, "B6E08000"),
    ("2EB.017.00", 1, 0x00, APP1, "23", "15", 0xA0, "B6E08000"),
    ("2EB.017.00", 2, 0x00, APP2, "22", "10", 0x20, NONE),
    ("2EB.017.00", 2, 0x00, APP2, "22", "11", 0x20, NONE),
    ("2EB.017.01", 2, 0x00, APP4, "24", "20", 0x20, "84408000"),
    ("2EB.017.01", 2, 0x00, APP4, "24", "21", 0x20, "84408000"),
    ("2EB.017.02", 2, 0x00, APP4, "23", "20", 0x20, NONE),
    ("2EB.017.02", 2, 0x00, APP1, "21", "10", 0x20, NONE),
    ("2EB.017.03", 4, 0x01, APP3, "25", "11", 0x20, NONE),
    ("2EB.018.00", 1, 0x00, APP1, "23", "14", 0x80, "B6A08000"),
    ("2EB.018.00", 1, 0x00, APP1, "23", "14.99", 0x80, "B6A08000"),
    ("2EB.018.00", 1, 0x00, APP1, "23", "5", 0x00, "B6208000"),
    ("2EB.018.01", 2, 0x00, APP4, "24", "19", 0x00, "84008000"),
    ("2EB.018.02", 2, 0x00, APP2, "22", "9", 0x00, NONE),
    ("2EB.018.02", 2, 0x00, APP4, "2B", "9.99", 0x00, NONE),
    ("2EB.019.00", 2, 0x00, APP3, "21", "119", 0x80, "84808000"),
    ("2EB.019.01", 2, 0x00, APP2, "24", "9999", 0x80, "84808000"),
    // zero amount on an online-capable reader
    ("2EB.020.00", 2, 0x00, APP3, "21", "0", 0x08, "84808000"),
    ("2EB.020.01", 2, 0x00, APP3, "21", "2", 0x00, "84008000"),
];

#[test]
fn eb_002_to_020_indicators_and_ttq_reach_the_kernel() {
    for &(id, setting, kind, app, kernel, amount, flags, ttq) in INDICATORS {
        let lines = [TS1, TS2, TS4][usize::from(setting) / 2];
        let case = format!("{id}: setting {setting}, {app}/{kernel}, amount {amount}");
        let mut card = Card::new([App::new(app).kernel(kernel)]);
        let trace = Bench::new(lines).tap(Start::A, &sale(kind, amount), &mut card);
        let [seen] = &trace.kernels[..] else { panic!("{case}: {:?}", trace.rules) };
        assert_eq!(seen.kernel, kernel, "{case}");
        assert_eq!(text(&seen.pdol_data[..2]), format!("{flags:02X}00"), "{case}: D1");
        assert_eq!(text(&seen.pdol_data[5..9]), ttq, "{case}: 9F66");
        assert_eq!(seen.indicators.ttq.is_none(), ttq == NONE, "{case}");
        assert_eq!(seen.start, Start::A, "{case}");
    }
}

/// The indicators of one transaction do not live on in the next.
#[test]
fn eb_001_00() {
    for (first, flags) in [("1", Some(0x10)), ("121", None), ("0", Some(0x08)), ("16", Some(0xA0)), ("13", Some(0x80))]
    {
        let mut bench = Bench::new(TS1);
        let card = || Card::new([App::new(APP1).kernel("23")]);
        let trace = bench.tap(Start::A, &sale(0x00, first), &mut card());
        let found = trace.kernels.first().map(|seen| seen.pdol_data[0]);
        assert_eq!(found, flags, "2EB.001.00: first amount {first}");
        let second = bench.tap(Start::A, &sale(0x00, "2"), &mut card());
        assert_eq!(second.kernels[0].pdol_data[..2], [0, 0], "2EB.001.00: after {first}");
        assert_eq!(text(&second.kernels[0].pdol_data[5..9]), "B6208000", "2EB.001.00: after {first}");
    }
}

/// A combination that is not allowed is no candidate.
#[test]
fn eb_007_010_021_not_allowed_combinations_are_passed_over() {
    let two = |first: (&str, &str), second: (&str, &str)| {
        Card::new([
            App::new(first.0).kernel(first.1).priority(Some(1)),
            App::new(second.0).kernel(second.1).priority(Some(2)),
        ])
    };
    for (id, first, second, amount, expected) in [
        ("2EB.007.00", (APP1, "23"), (APP3, "21"), "0", (APP3, "21")),
        ("2EB.007.00", (APP4, "24"), (APP2, "22"), "0", (APP2, "22")),
        ("2EB.007.01", (APP1, "23"), (APP3, "21"), "2", (APP1, "23")),
        ("2EB.010.00", (APP1, "23"), (APP2, "22"), "199", (APP1, "23")),
        ("2EB.010.00", (APP1, "23"), (APP2, "22"), "200", (APP2, "22")),
        ("2EB.010.01", (APP1, "23"), (APP2, "22"), "300", (APP2, "22")),
        ("2EB.010.01", (APP3, "21"), (APP2, "22"), "120", (APP2, "22")),
        ("2EB.021.00", (APP3, "22"), (APP2, "22"), "0", (APP2, "22")),
        ("2EB.021.00", (APP3, "22"), (APP2, "22"), "2", (APP3, "22")),
    ] {
        let trace = tap(TS2, Start::A, amount, two(first, second));
        assert_eq!(trace.activated(), [format!("{} {}", expected.1, expected.0)], "{id}: amount {amount}");
    }
}

/// Nothing is allowed: the field stays off.
#[test]
fn eb_022_00() {
    for amount in ["120", "121", "9999999999.99"] {
        let trace = tap(TS1, Start::A, amount, Card::new([App::new(APP1).kernel("23")]));
        assert_eq!(trace.results(), [OutcomeResult::TryAnotherInterface], "2EB.022.00: {amount}");
        assert_eq!(trace.messages(), ["18 processing-error"]);
        assert!(trace.asked.is_empty(), "the link is left alone: {:?}", trace.asked);
        assert_eq!(trace.count(&Saw::FieldOn), 0);
        let outcome = trace.tap.outcome().unwrap();
        assert_eq!((outcome.start, outcome.field_off, outcome.receipt), (None, None, false));
        assert_eq!((outcome.alternate_interface, outcome.removal_timeout), (None, 0));
        assert!(outcome.data_record.is_none() && outcome.ui_on_restart.is_none());
    }
}
