//! Refunds (9C = 20). No two implementations agree (c3.md, 8); what is tested is what the options say.

use emvtap::kernel::{
    c3::Refund,
    outcome::{Cvm, OutcomeResult as R},
};

use crate::{
    harness::{AAC, ARQC, Scene, TC},
    reader::{Card, pay, terminal},
};

fn refund(iad: &str) -> Scene {
    Scene::default().terminal(0x9C, "20").set(0x9F10, iad).set(0x5F24, "311231")
}

#[test]
fn a_refund_is_what_the_product_makes_of_it() {
    let (data, none) = (true, false);
    for (way, iad, result, record) in [
        (Refund::AccountData, TC, R::Approved, data),
        (Refund::AccountData, AAC, R::Approved, data),
        (Refund::AccountData, ARQC, R::OnlineRequest, data),
        (Refund::AccountData, "06010A03B00000", R::Declined, none),
        (Refund::EndApplication, TC, R::EndApplication, data),
        (Refund::EndApplication, AAC, R::EndApplication, data),
        (Refund::EndApplication, ARQC, R::EndApplication, data),
        (Refund::AsPurchase, TC, R::Declined, none),
        (Refund::AsPurchase, AAC, R::Declined, none),
        (Refund::AsPurchase, ARQC, R::OnlineRequest, data),
    ] {
        let ran = refund(iad).option(|options| options.refund = way).run();
        assert_eq!(ran.outcome.result, result, "{way:?} {iad}: {:?}", ran.rules);
        assert_eq!(ran.outcome.data_record.is_some(), record, "{way:?} {iad}");
        assert_eq!(ran.oda.is_empty(), way != Refund::AsPurchase || iad != TC, "{way:?} {iad}");
        assert_eq!(ran.outcome.ui_on_outcome.is_none(), way == Refund::EndApplication);
    }
}

/// No CVM is asked for even if the card wants one; expiry and exception file still count.
#[test]
fn a_refund_verifies_nobody_but_keeps_the_restrictions() {
    let ran = refund(TC).ttq("26400000").set(0x9F6C, "8000").run();
    assert_eq!((ran.outcome.result, ran.outcome.cvm), (R::Approved, Cvm::NoCvm));
    assert_eq!(refund(TC).set(0x5F24, "200101").run().outcome.result, R::Declined);
    assert_eq!(refund(AAC).set(0x5F24, "200101").run().outcome.result, R::Approved);
}

#[test]
fn the_terminal_file_says_what_a_refund_is() {
    for (settings, result) in [
        ("", R::OnlineRequest),
        ("[kernel.c3]\nrefund = \"account-data\"", R::OnlineRequest),
        ("[kernel.c3]\nrefund = \"end-application\"", R::EndApplication),
    ] {
        let ran = pay(&terminal("", settings), 0x20, "5.00", &mut Card::new(Scene::default().card));
        assert_eq!(ran.result(), result, "{settings}");
    }
}
