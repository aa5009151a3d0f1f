//! What findings say to people: the label is the same whatever is missing, and the value says what is.

use std::collections::BTreeMap;

use super::{Sight, judge};
use crate::suite::{
    case::Check,
    results::Finding,
    seen::{Seen, Step, UiSeen, What},
};

/// The PDOL of the application asks for 9F66 and 9F37, four bytes each; the command carries one byte less.
fn seen() -> Seen {
    let command = |hex: &str| What::Command { hex: hex.to_owned() };
    let response = |hex: &str| What::Response { hex: hex.to_owned(), us: 1 };
    let steps = [
        What::Ui(UiSeen { message: Some("15".to_owned()), ..UiSeen::default() }),
        command("00A4040007A000000003101000"),
        response("6F148407A0000000031010A5099F38069F66049F37049000"),
        command("80A8000009830736004000A1B2C300"),
        response("6700"),
    ];
    Seen { steps: steps.map(|what| Step { at_us: 0, what }).into(), ..Seen::default() }
}

fn finding(statement: &str) -> Finding {
    let check: Check = toml::from_str(&format!("requirement = ['R-1']\n{statement}")).unwrap();
    judge(&[check], 0, &seen(), Sight::Everything, &BTreeMap::new()).remove(0)
}

#[test]
fn the_value_says_what_is_missing() {
    let said = |statement| {
        let Finding { what, expected, observed, .. } = finding(statement);
        [what, expected, observed]
    };
    assert_eq!(
        said("ui = [{ message = '15' }, { message = '17' }]"),
        ["user interface", "message 15 · message 17", "message 15; no message 17 where it must be"]
    );
    assert_eq!(
        said("sends = ['SELECT A0000000031010', 'READ RECORD 1.1']"),
        [
            "commands sent",
            "SELECT A0000000031010, READ RECORD 1.1",
            "SELECT A0000000031010, GPO; no READ RECORD 1.1 where it must be"
        ]
    );
}

#[test]
fn data_of_another_length_than_the_list_asks_for_are_told_by_it() {
    let found = finding("sent-data = { GPO = '83 08 36004000 A1B2C3D4' }");
    let [difference] = found.differences.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        [&difference.at, &difference.means, &difference.expected, &difference.observed],
        ["length", "1 byte short", "8 bytes by the PDOL", "7 bytes"]
    );
}
