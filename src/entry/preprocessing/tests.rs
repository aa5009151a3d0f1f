//! Expected values: Book B v2.6, 3.1.1.1 to 3.1.1.12, one line a boundary.

use super::*;

fn at(minor_units: u64, data: EntryPointData) -> Indicators {
    indicators(&data, Amount::new(minor_units).unwrap(), 2, &mut |_, _| ())
}

fn limit(minor_units: u64) -> Option<Amount> {
    Amount::new(minor_units)
}

const NOTHING: EntryPointData = EntryPointData {
    status_check: None,
    zero_amount_allowed: None,
    transaction_limit: None,
    floor_limit: None,
    terminal_floor_limit: None,
    cvm_required_limit: None,
    ttq: None,
    extended_selection: None,
    dynamic_reader_limits: false,
};

#[test]
fn without_configuration_nothing_happens() {
    assert_eq!(at(1, NOTHING), Indicators::default());
    assert_eq!(at(999_999_999_999, NOTHING), Indicators::default());
}

#[test]
fn dynamic_bits_of_ttq_are_cleared_and_nothing_else() {
    let data = EntryPointData { ttq: Some([0xFF; 4]), ..NOTHING };
    assert_eq!(at(200, data).ttq, Some([0xFF, 0x3F, 0xFF, 0xFF]));
    assert_eq!(untouched(&data).ttq, Some([0xFF; 4]));
}

#[test]
fn status_check_is_exactly_one_unit() {
    for (flag, amount, expected) in [
        (Some(true), 100, true),
        (Some(true), 99, false),
        (Some(true), 101, false),
        (Some(true), 1, false),
        (Some(true), 1000, false),
        (Some(false), 100, false),
        (None, 100, false),
    ] {
        let data = EntryPointData { status_check: flag, ttq: Some([0x08, 0, 0, 0]), ..NOTHING };
        let found = at(amount, data);
        assert_eq!(found.status_check_requested, expected, "{flag:?} {amount}");
        // 3.1.1.10 has no exception for offline-only readers.
        assert_eq!(found.ttq, Some([0x08, if expected { 0x80 } else { 0 }, 0, 0]), "{flag:?} {amount}");
        assert!(!found.contactless_application_not_allowed);
    }
}

#[test]
fn a_unit_follows_the_currency_exponent() {
    let data = EntryPointData { status_check: Some(true), ..NOTHING };
    for (exponent, unit) in [(0, 1), (2, 100), (3, 1000)] {
        let amount = Amount::new(unit).unwrap();
        assert!(indicators(&data, amount, exponent, &mut |_, _| ()).status_check_requested, "{exponent}");
        let other = Amount::new(unit * 10).unwrap();
        assert!(!indicators(&data, other, exponent, &mut |_, _| ()).status_check_requested, "{exponent}");
    }
}

#[test]
fn zero_amount_by_flag_and_reader() {
    // flag, TTQ byte 1, → not allowed, zero amount, TTQ byte 2
    for (flag, ttq, not_allowed, zero, second) in [
        (Some(false), Some(0x20), true, false, Some(0)),
        (Some(false), None, true, false, None),
        (Some(true), Some(0x20), false, true, Some(0x80)),
        (None, Some(0x20), false, true, Some(0x80)),
        (Some(true), Some(0x28), true, true, Some(0)),
        (None, Some(0x28), true, true, Some(0)),
        (Some(true), None, false, true, None),
        (None, None, false, true, None),
    ] {
        let ttq = ttq.map(|first| [first, 0, 0, 0]);
        let data = EntryPointData { zero_amount_allowed: flag, ttq, ..NOTHING };
        let found = at(0, data);
        assert_eq!(found.contactless_application_not_allowed, not_allowed, "{flag:?} {ttq:?}");
        assert_eq!(found.zero_amount, zero, "{flag:?} {ttq:?}");
        assert_eq!(found.ttq.map(|[_, second, _, _]| second), second, "{flag:?} {ttq:?}");
        let one_cent = at(1, data);
        assert!(!one_cent.zero_amount && !one_cent.contactless_application_not_allowed);
    }
}

#[test]
fn transaction_limit_is_reached() {
    for (amount, expected) in [(19999, false), (20000, true), (20001, true)] {
        let data = EntryPointData { transaction_limit: limit(20000), ..NOTHING };
        assert_eq!(at(amount, data).contactless_application_not_allowed, expected, "{amount}");
    }
    let zero = EntryPointData { transaction_limit: limit(0), zero_amount_allowed: Some(true), ..NOTHING };
    assert!(at(0, zero).contactless_application_not_allowed, "a limit of zero forbids zero too");
}

#[test]
fn floor_limit_is_exceeded() {
    for (amount, expected) in [(1199, false), (1200, false), (1201, true)] {
        let data = EntryPointData { floor_limit: limit(1200), ttq: Some([0x20, 0, 0, 0]), ..NOTHING };
        let found = at(amount, data);
        assert_eq!(found.floor_limit_exceeded, expected, "{amount}");
        assert_eq!(found.ttq, Some([0x20, if expected { 0x80 } else { 0 }, 0, 0]), "{amount}");
    }
    let zero = EntryPointData { floor_limit: limit(0), ..NOTHING };
    assert!(!at(0, zero).floor_limit_exceeded);
    assert!(at(1, zero).floor_limit_exceeded);
}

#[test]
fn the_terminal_floor_limit_counts_only_alone() {
    for (amount, expected) in [(2499, false), (2500, false), (2501, true)] {
        let data = EntryPointData { terminal_floor_limit: Some(2500), ..NOTHING };
        assert_eq!(at(amount, data).floor_limit_exceeded, expected, "{amount}");
    }
    let both = EntryPointData { terminal_floor_limit: Some(1000), floor_limit: limit(5000), ..NOTHING };
    assert!(!at(3000, both).floor_limit_exceeded, "the reader's limit, though it is higher");
    let highest = EntryPointData { terminal_floor_limit: Some(u32::MAX), ..NOTHING };
    assert!(!at(u32::MAX.into(), highest).floor_limit_exceeded);
    assert!(at(u64::from(u32::MAX) + 1, highest).floor_limit_exceeded);
}

#[test]
fn cvm_required_limit_is_reached() {
    for (amount, expected) in [(1499, false), (1500, true), (1501, true)] {
        let data = EntryPointData { cvm_required_limit: limit(1500), ttq: Some([0x20, 0, 0, 0]), ..NOTHING };
        let found = at(amount, data);
        assert_eq!(found.cvm_required_limit_exceeded, expected, "{amount}");
        assert_eq!(found.ttq, Some([0x20, if expected { 0x40 } else { 0 }, 0, 0]), "{amount}");
    }
    let zero = EntryPointData { cvm_required_limit: limit(0), ..NOTHING };
    assert!(at(0, zero).cvm_required_limit_exceeded, "a limit of zero asks for a CVM always");
}

#[test]
fn later_checks_run_after_not_allowed() {
    let data = EntryPointData {
        transaction_limit: limit(1000),
        floor_limit: limit(500),
        cvm_required_limit: limit(500),
        ttq: Some([0x20, 0, 0, 0]),
        ..NOTHING
    };
    let expected = Indicators {
        contactless_application_not_allowed: true,
        floor_limit_exceeded: true,
        cvm_required_limit_exceeded: true,
        ttq: Some([0x20, 0xC0, 0, 0]),
        ..Indicators::default()
    };
    assert_eq!(at(1000, data), expected);
}

#[test]
fn each_rule_that_decides_is_cited_with_its_grounds() {
    let mut cited = Vec::new();
    let data = EntryPointData { floor_limit: limit(1000), ttq: Some([0x20, 0, 0, 0]), ..NOTHING };
    let mut cite = |rule: Rule, note: Arguments<'_>| cited.push(format!("{} {note}", rule.number));
    indicators(&data, limit(1250).unwrap(), 2, &mut cite);
    assert_eq!(cited, ["3.1.1.6 12.50 > floor limit 10.00", "3.1.1.9 TTQ: online cryptogram required"]);
}
