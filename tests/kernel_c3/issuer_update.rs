//! The second presentment (5.8.1.2, 6.2).

use emvtap::{
    apdu::LinkFault,
    kernel::{
        contract::IssuerResponse,
        outcome::{Outcome, OutcomeResult as R},
    },
};

use crate::harness::{Ran, Reply, Scene, hex};

fn update(data: Option<&str>, scripts: &str, others: &[Reply]) -> Ran {
    let issuer =
        IssuerResponse { response_code: Some(*b"00"), authentication_data: data.map(hex), scripts: hex(scripts) };
    Scene { issuer: Some(issuer), others: others.to_vec(), ..Scene::default() }.run()
}

const DATA: &str = "1122334455667788 3030";
/// Script 01020304 with two commands, in template 71; one command without identifier in template 72, which comes first.
const SCRIPTS: &str = "720B 8609841600000411223344 7118 9F180401020304 8604841E0000 8609841600000455667788";

fn status(sw: &str) -> Reply {
    Ok(hex(sw))
}

#[test]
fn issuer_data_go_to_the_card_without_processing_options() {
    let ran = update(Some(DATA), SCRIPTS, &[]);
    let sent = ["008200000A11223344556677883030", "841E0000", "841600000455667788", "841600000411223344"];
    assert_eq!(ran.commands, sent.map(hex));
    let results = hex("9F5B0A 2001020304 2000000000");
    let expected = Outcome { discretionary_data: Some(results), ..Outcome::new(R::EndApplication) };
    assert_eq!(ran.outcome, expected);
    assert!(ran.ui.is_empty());
}

#[test]
fn a_failed_authentication_changes_nothing() {
    for sw in ["6300", "6985", "6700"] {
        assert_eq!(update(Some(DATA), SCRIPTS, &[status(sw)]).commands.len(), 4, "{sw}");
    }
}

#[test]
fn warnings_go_on_and_errors_end_their_script_only() {
    let ran = update(None, SCRIPTS, &[status("6283"), status("63C1"), status("9000")]);
    assert_eq!(ran.outcome.discretionary_data, Some(hex("9F5B0A 2001020304 2000000000")));
    let ran = update(None, SCRIPTS, &[status("6A80")]);
    assert_eq!(ran.commands.len(), 2, "the second command of the script is not sent");
    assert_eq!(ran.outcome.discretionary_data, Some(hex("9F5B0A 1101020304 2000000000")));
    let ran = update(None, SCRIPTS, &[status("9000"), status("6985")]);
    assert_eq!(ran.outcome.discretionary_data, Some(hex("9F5B0A 1201020304 2000000000")));
}

#[test]
fn a_card_that_leaves_ends_the_update() {
    let ran = update(None, SCRIPTS, &[status("9000"), Err(LinkFault::Timeout)]);
    assert_eq!((ran.outcome.result, ran.outcome.start), (R::EndApplication, None));
    assert_eq!(ran.outcome.discretionary_data, Some(hex("9F5B0A 1201020304 0000000000")));
    let ran = update(Some(DATA), SCRIPTS, &[Err(LinkFault::Timeout)]);
    assert_eq!((ran.commands.len(), ran.outcome.result), (1, R::EndApplication));
    assert_eq!(ran.outcome.discretionary_data, Some(hex("9F5B0A 0001020304 0000000000")));
}

#[test]
fn unusable_issuer_data_are_left_out() {
    assert_eq!(update(Some("1122"), "", &[]).commands, [[0; 0]; 0]);
    assert_eq!(update(Some(DATA), "7103 8604", &[]).commands.len(), 1);
    let long = format!("7181 80 86 7E {}", "00".repeat(126));
    let ran = update(None, &long, &[]);
    assert!(ran.commands.is_empty() && ran.outcome.discretionary_data.is_none());
}

#[test]
fn a_restart_without_issuer_data_is_a_transaction() {
    let ran = update(None, "", &[]);
    assert_eq!(ran.outcome.result, R::OnlineRequest);
}
