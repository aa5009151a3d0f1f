//! CVM selection (C-2, 7.5): verification on the device, or the first rule of the card's list that the reader can follow.

use super::{
    Tap,
    cvm_rule::{CvmList, CvmRule, FAIL, NO_CVM, ONLINE_PIN, SIGNATURE},
    database, rules,
    s3_gpo::has_on_device_cvm,
    s456_decide::is_over_cvm_limit,
};
use crate::{
    data::{
        Source,
        bits::{aip, tvr},
        dictionary::{AIP_82, CVM_LIST_8E, CVM_RESULTS_9F34},
    },
    kernel::{contract::Cx, outcome::Cvm, rule::Rule},
};

/// CVM.1 to CVM.25: the method goes into the Outcome Parameter Set, and into CVM Results (9F34).
pub fn select(tap: &mut Tap, cx: &mut Cx<'_>) {
    if has_on_device_cvm(tap, cx) {
        return if is_over_cvm_limit(cx) {
            set(Cvm::ConfirmationCodeVerified, [0x01, 0x00, 0x02], rules::CVM_4, "on the device", tap, cx);
        } else {
            set(Cvm::NoCvm, [0x3F, 0x00, 0x02], rules::CVM_3, "none below the limit, the device could", tap, cx);
        };
    }
    if !database::has(AIP_82, aip::CARDHOLDER_VERIFICATION, cx) {
        return set(Cvm::NoCvm, [0x3F, 0x00, 0x00], rules::CVM_5, "the card has no cardholder verification", tap, cx);
    }
    let mut value = core::mem::take(&mut tap.list);
    database::copy(CVM_LIST_8E, &mut value, cx);
    match CvmList::parse(&value) {
        Some(list) => go_through(list, tap, cx),
        None => {
            database::set_tvr(&[tvr::ICC_DATA_MISSING], cx);
            set(Cvm::NoCvm, [0x3F, 0x00, 0x00], rules::CVM_7, "the card has no CVM List (8E)", tap, cx);
        }
    }
    tap.list = value;
}

/// CVM.9 to CVM.25.
fn go_through(list: CvmList<'_>, tap: &mut Tap, cx: &mut Cx<'_>) {
    let mut left = list.rules().peekable();
    while let Some(rule) = left.next() {
        let CvmRule { code, condition } = rule;
        if !rule.counts(list, tap, cx) {
            cx.rule(rules::CVM_12, format_args!("rule {code:02X}{condition:02X}: {}", rule.unmet()));
            continue;
        }
        if !rule.is_recognised() {
            cx.rule(rules::CVM_15, format_args!("rule {code:02X}{condition:02X}: the method is not recognised"));
            database::set_tvr(&[tvr::UNRECOGNISED_CVM], cx);
        } else if rule.is_supported(&tap.options, cx) {
            return follow(rule, tap, cx);
        }
        if !rule.goes_on() || left.peek().is_none() {
            return fail(rule, tap, cx);
        }
        cx.rule(rules::CVM_19, format_args!("rule {code:02X}{condition:02X}: unsuccessful, the next one applies"));
    }
    database::set_tvr(&[tvr::CARDHOLDER_VERIFICATION_FAILED], cx);
    set(Cvm::NoCvm, [0x3F, 0x00, 0x01], rules::CVM_14, "no rule is left", tap, cx);
}

/// CVM.18: the reader does what the rule says.
fn follow(rule: CvmRule, tap: &mut Tap, cx: &mut Cx<'_>) {
    let (cvm, result, word) = match rule.method() {
        ONLINE_PIN => (Cvm::OnlinePin, 0x00, "online PIN"),
        SIGNATURE => (Cvm::Signature, 0x00, "signature"),
        NO_CVM => (Cvm::NoCvm, 0x02, "no CVM"),
        // Offline PIN, if an option lets the reader have it: there is no Outcome that says so.
        _ => (Cvm::NotApplicable, 0x00, "offline PIN"),
    };
    match cvm {
        Cvm::OnlinePin => database::set_tvr(&[tvr::ONLINE_PIN_ENTERED], cx),
        Cvm::Signature => tap.parameters.set.receipt = true,
        _ => {}
    }
    set(cvm, [rule.code, rule.condition, result], rules::CVM_18, word, tap, cx);
}

/// CVM.22 to CVM.25: the last rule that counted was unsuccessful.
fn fail(rule: CvmRule, tap: &mut Tap, cx: &mut Cx<'_>) {
    database::set_tvr(&[tvr::CARDHOLDER_VERIFICATION_FAILED], cx);
    if rule.method() == FAIL {
        set(Cvm::NoCvm, [rule.code, rule.condition, 0x01], rules::CVM_24, "the card's list ends in failure", tap, cx);
    } else {
        set(Cvm::NoCvm, [0x3F, 0x00, 0x01], rules::CVM_25, "the last method is not supported", tap, cx);
    }
}

fn set(cvm: Cvm, results: [u8; 3], rule: Rule, word: &str, tap: &mut Tap, cx: &mut Cx<'_>) {
    tap.parameters.set.cvm = cvm;
    cx.set(CVM_RESULTS_9F34, &results, Source::Kernel);
    let [code, condition, result] = results;
    cx.rule(rule, format_args!("cardholder verification: {word} (9F34 {code:02X}{condition:02X}{result:02X})"));
}
