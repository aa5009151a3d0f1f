//! Cryptogram types against what the reader wants (5.4.3, 5.8, 5.9).

use emvtap::kernel::outcome::{Cvm, OutcomeResult as R};

use crate::harness::{AAC, ARQC, Scene, TC, assert_ends};

const RFU: &str = "06010A03B00000";

/// The ends that need no authentication.
#[test]
fn cryptogram_types_meet_the_readers_wishes() {
    for (iad, ttq, result, rule) in [
        (ARQC, "26000000", R::OnlineRequest, "5.8.1.1"),
        (ARQC, "26800000", R::OnlineRequest, "5.8.1.1"),
        (ARQC, "2E000000", R::Declined, "5.9.1.2"),
        (TC, "26800000", R::OnlineRequest, "5.8.1.1"),
        (TC, "2E800000", R::Declined, "5.9.1.2"),
        (AAC, "26000000", R::Declined, "5.9.1.2"),
        (AAC, "26800000", R::Declined, "5.9.1.2"),
        (AAC, "2E000000", R::Declined, "5.9.1.2"),
        (RFU, "26000000", R::Declined, "5.9.1.2"),
        (RFU, "26800000", R::Declined, "5.9.1.2"),
    ] {
        let ran = Scene::default().ttq(ttq).set(0x9F10, iad).set(0x5F24, "311231").run();
        assert_eq!(ran.outcome.result, result, "{iad} {ttq}");
        assert!(ran.cites(rule) && ran.cites("5.4.3.1") && ran.cites("5.4.3.2"), "{iad} {ttq}: {:?}", ran.rules);
        assert!(ran.oda.is_empty(), "{iad} {ttq}: nothing is authenticated");
    }
}

#[test]
fn an_offline_only_reader_asks_online_if_the_product_says_so() {
    let scene = Scene::default().ttq("2E000000").option(|options| options.decline_online_when_offline_only = false);
    assert_eq!(scene.run().outcome.result, R::OnlineRequest);
}

#[test]
fn a_cid_counts_even_if_the_issuer_application_data_say_otherwise() {
    for (cid, iad, result) in [
        ("80", AAC, R::OnlineRequest),
        ("00", ARQC, R::Declined),
        ("BF", TC, R::OnlineRequest),
        ("C0", ARQC, R::Declined),
    ] {
        assert_eq!(Scene::default().set(0x9F27, cid).set(0x9F10, iad).run().outcome.result, result, "{cid} {iad}");
    }
}

#[test]
fn issuer_application_data_of_32_bytes_have_their_results_at_the_same_place() {
    for (results, result) in [("A0", R::OnlineRequest), ("80", R::Declined)] {
        let iad = format!("1F220103{results}{}", "00".repeat(27));
        assert_eq!(Scene::default().set(0x9F10, &iad).run().outcome.result, result, "{results}");
    }
}

#[test]
fn a_cryptogram_of_unknown_type_ends_the_application() {
    let ran = Scene::default().set(0x9F10, "06010A03").run();
    assert_ends(&ran, "IAD of 4 bytes");
    assert!(ran.cites("5.4.3.1"));
    let with_cid = Scene::default().set(0x9F10, "06010A03").set(0x9F27, "80").run();
    assert_eq!(with_cid.outcome.result, R::OnlineRequest);
}

#[test]
fn online_pin_sends_an_approving_card_online() {
    // the reader declines a TC that is not authenticated, unless the card wants to go online then
    let ran = Scene::default().set(0x9F10, TC).set(0x9F6C, "A000").set(0x5F24, "311231").run();
    assert_eq!((ran.outcome.result, ran.outcome.cvm), (R::OnlineRequest, Cvm::OnlinePin));
}
