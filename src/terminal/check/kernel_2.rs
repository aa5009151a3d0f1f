//! What Kernel 2 is configured with beside limits: its modes, and the verification methods of a reader without contacts.

use super::{Combination, Notes, Subject, path, rules};
use crate::{
    data::{
        bits::{
            cvm_capability_cvm_required as with_cvm, cvm_capability_no_cvm_required as without_cvm,
            kernel_configuration,
        },
        dictionary::{
            CVM_CAPABILITY_CVM_REQUIRED_DF8118, CVM_CAPABILITY_NO_CVM_REQUIRED_DF8119, KERNEL_CONFIGURATION_DF811B,
        },
    },
    entry::KernelId,
    tlv::Tag,
};

pub(super) fn check(subject: &Subject<'_>, at: usize, combination: &Combination, notes: &mut Notes<'_>) {
    if *combination.kernel.get_ref() != KernelId::C2 {
        return;
    }
    let (place, configuration) = configured(subject, at, combination, KERNEL_CONFIGURATION_DF811B);
    let off = [kernel_configuration::NO_MAG_STRIPE_MODE, kernel_configuration::NO_EMV_MODE];
    if off.iter().all(|bit| bit.is_set(configuration)) {
        let message = "DF811B supports neither EMV mode nor mag-stripe mode: no card can be processed";
        notes.say(rules::KERNEL_2_MODES, &place, message, "clear byte 1 bit 7 for EMV mode");
    }
    for (tag, plaintext, enciphered) in [
        (CVM_CAPABILITY_CVM_REQUIRED_DF8118, with_cvm::PLAINTEXT_PIN, with_cvm::ENCIPHERED_PIN),
        (CVM_CAPABILITY_NO_CVM_REQUIRED_DF8119, without_cvm::PLAINTEXT_PIN, without_cvm::ENCIPHERED_PIN),
    ] {
        let (place, value) = configured(subject, at, combination, tag);
        for bit in [plaintext, enciphered].into_iter().filter(|bit| bit.is_set(value)) {
            let message = format!("{tag} {bit} promises a PIN that no card without contacts can verify");
            notes.say(rules::KERNEL_2_OFFLINE_PIN, &place, message, "clear it; online PIN is byte 1 bit 7");
        }
    }
}

/// What the kernel gets: the combination's object, else the terminal's; and where it stands.
fn configured<'a>(
    subject: &'a Subject<'_>,
    at: usize,
    combination: &'a Combination,
    tag: Tag,
) -> (Vec<String>, &'a [u8]) {
    match combination.data().get(&tag) {
        Some(value) => (path(&["combination", &at.to_string(), "data", &tag.to_string()]), value),
        None => (path(&["data", &tag.to_string()]), subject.value(tag).unwrap_or_default()),
    }
}
