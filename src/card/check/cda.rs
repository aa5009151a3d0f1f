//! Combined DDA: whether all that Kernel 2 needs for it is there (C-2, S456.24 to S456.28).

use super::{Notes, Subject, rules};
use crate::{
    data::{
        bits::aip,
        dictionary::{
            AIP_82, CA_PUBLIC_KEY_INDEX_8F, ICC_PUBLIC_KEY_CERTIFICATE_9F46, ICC_PUBLIC_KEY_EXPONENT_9F47,
            ISSUER_PUBLIC_KEY_CERTIFICATE_90, ISSUER_PUBLIC_KEY_EXPONENT_9F32, SDA_TAG_LIST_9F4A,
        },
    },
    tlv::Tag,
};

/// Without one of these CDA has failed before the card has signed anything.
const NEEDED: [Tag; 5] = [
    CA_PUBLIC_KEY_INDEX_8F,
    ISSUER_PUBLIC_KEY_CERTIFICATE_90,
    ISSUER_PUBLIC_KEY_EXPONENT_9F32,
    ICC_PUBLIC_KEY_CERTIFICATE_9F46,
    ICC_PUBLIC_KEY_EXPONENT_9F47,
];

pub(super) fn check(subject: &Subject<'_>, notes: &mut Notes<'_>) {
    let offers = subject.stated(AIP_82).is_some_and(|value| aip::CDA.is_set(value));
    if !offers || !subject.has_emv_mode() {
        return;
    }
    for tag in NEEDED.into_iter().filter(|tag| !subject.shows(*tag)) {
        let message = format!("the AIP offers CDA, which fails without {tag}");
        notes.say(rules::CDA_OBJECT, &subject.data(AIP_82), message, "add it to a record, or clear byte 1 bit 1");
    }
    let list = subject.stated(SDA_TAG_LIST_9F4A).filter(|_| subject.shows(SDA_TAG_LIST_9F4A));
    let (place, message) = match list {
        Some([0x82]) => return,
        Some(_) => {
            (subject.data(SDA_TAG_LIST_9F4A), "the static data tag list (9F4A) names something else than the AIP")
        }
        None => (subject.data(AIP_82), "the AIP offers CDA, and the terminal gets no static data tag list (9F4A)"),
    };
    let hint = "state 9F4A = \"82\" and send it in a record: a kernel that does CDA ends the application otherwise";
    notes.say(rules::CDA_TAG_LIST, &place, message, hint);
}
