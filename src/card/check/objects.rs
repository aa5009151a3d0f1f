//! Single data objects: length and format, and what they say about each other.

use super::{
    Notes, Subject, rules,
    view::{Kind, View},
};
use crate::{
    bytes::Hex,
    card::profile::{Personality, Scheme},
    crypto::cryptogram::VisaCvn,
    data::{
        Pan, Track2, codes,
        decode::{Fault, decode_value},
        dictionary::{
            APPLICATION_EFFECTIVE_DATE_5F25, APPLICATION_EXPIRATION_DATE_5F24, APPLICATION_USAGE_CONTROL_9F07,
            IAD_9F10, ISSUER_COUNTRY_CODE_5F28, ISSUER_COUNTRY_CODE_PROPRIETARY_9F57, PAN_5A, PAN_SEQUENCE_NUMBER_5F34,
            SERVICE_CODE_5F30, TRACK_2_EQUIVALENT_DATA_57,
        },
    },
    time::Date,
    tlv::Tag,
};

pub(super) fn check(subject: &Subject<'_>, notes: &mut Notes<'_>) {
    for (tag, value) in &subject.application.data {
        let node = decode_value(*tag, value, Some(subject.application.scheme().scope()));
        let path = value_path(subject, *tag, notes);
        for fault in node.faults.iter().filter(|fault| !matches!(fault, Fault::Inside(_))) {
            let hint = "the card sends what is stated; kernels end the application over it";
            notes.say(rules::OBJECT_VALUE, &path, format!("{tag} ({}): {fault}", node.name()), hint);
        }
        let reserved = node.reserved();
        if !reserved.is_empty() {
            let message = format!("bits reserved for future use are set in {tag}: {}", Hex(&reserved));
            notes.say(rules::RESERVED_BITS, &path, message, "clear them");
        }
    }
    accounts(subject, notes);
    dates(subject, notes);
    places_of_use(subject, notes);
    application_data(subject, notes);
    let number = subject.stated(PAN_SEQUENCE_NUMBER_5F34);
    if number.is_some_and(|number| number != [0])
        && !subject.shows(PAN_SEQUENCE_NUMBER_5F34)
        && !subject.is_mag_stripe()
    {
        let message = "the card's keys are derived with this number, but no terminal and so no issuer gets to see it";
        notes.say(rules::SEQUENCE_NUMBER, &subject.data(PAN_SEQUENCE_NUMBER_5F34), message, "send 5F34, or state 0");
    }
}

/// Label and priority may be written outside `data`.
fn value_path(subject: &Subject<'_>, tag: Tag, notes: &Notes<'_>) -> Vec<String> {
    let stated = subject.data(tag);
    let other = match tag {
        crate::data::dictionary::APPLICATION_LABEL_50 => subject.path(&["label"]),
        crate::data::dictionary::APPLICATION_PRIORITY_INDICATOR_87 => subject.path(&["priority"]),
        _ => return stated,
    };
    if notes.places.has(&stated) { stated } else { other }
}

fn accounts(subject: &Subject<'_>, notes: &mut Notes<'_>) {
    let pan = subject.stated(PAN_5A).and_then(Pan::from_cn);
    let track = subject.stated(TRACK_2_EQUIVALENT_DATA_57).and_then(|value| Track2::parse(value).ok());
    let place = subject.data(TRACK_2_EQUIVALENT_DATA_57);
    if !subject.application.has_test_pan() {
        let path = if pan.is_some() { subject.data(PAN_5A) } else { place.clone() };
        let message = "the account number is in no published test range";
        notes.say(rules::PAN_TEST, &path, message, "never put a real card into a profile; take a test number");
    }
    if let Some(pan) = pan.or(track.map(|track| track.pan))
        && !pan.luhn()
    {
        let path = if subject.stated(PAN_5A).is_some() { subject.data(PAN_5A) } else { place.clone() };
        notes.say(
            rules::PAN_LUHN,
            &path,
            format!("the check digit of the account number {pan} is wrong"),
            "see ISO/IEC 7812-1, annex B",
        );
    }
    let Some(track) = track else { return };
    if pan.is_some_and(|pan| pan != track.pan) {
        let message = format!("track 2 is of {}, not of the account number in 5A", track.pan);
        let hint = match subject.application.scheme() {
            Scheme::Visa => "use one number in both; kernel 3 ends the application",
            Scheme::Mastercard => "use one number in both; an issuer cannot know which counts",
        };
        notes.say(rules::TRACK_2_PAN, &place, message, hint);
    }
    let digits = |tag| subject.stated(tag).map(|value| Hex(value).to_string());
    if let Some(expiry) = digits(APPLICATION_EXPIRATION_DATE_5F24)
        && !expiry.starts_with(track.expiry())
    {
        let message = format!("track 2 expires in {} (YYMM), the application (5F24) on {expiry}", track.expiry());
        notes.say(rules::TRACK_2_EXPIRY, &place, message, "use one date in both");
    }
    if let Some(code) = digits(SERVICE_CODE_5F30)
        && !code.ends_with(track.service_code())
    {
        let message = format!("track 2 has service code {}, 5F30 has {code}", track.service_code());
        notes.say(rules::TRACK_2_SERVICE_CODE, &place, message, "use one code in both");
    }
    if !track.service_code().starts_with(['2', '6']) {
        let message = format!("service code {} does not say that the card has a chip", track.service_code());
        notes.say(rules::SERVICE_CODE, &place, message, "let it begin with 2, or 6 for national use");
    }
}

fn dates(subject: &Subject<'_>, notes: &mut Notes<'_>) {
    let date = |tag| subject.stated(tag).and_then(|value| value.try_into().ok()).and_then(Date::from_bcd);
    let expiry = date(APPLICATION_EXPIRATION_DATE_5F24);
    let place = subject.data(APPLICATION_EXPIRATION_DATE_5F24);
    let effective = date(APPLICATION_EFFECTIVE_DATE_5F25);
    if let (Some(from), Some(to)) = (effective, expiry)
        && from > to
    {
        let message = format!("effective from {from}, but expired since {to}");
        notes.say(rules::DATES, &subject.data(APPLICATION_EFFECTIVE_DATE_5F25), message, "let 5F25 come before 5F24");
    } else if let Some(from) = effective.filter(|from| *from > subject.today) {
        let message = format!("the application is effective from {from}, which is still to come");
        let hint = "take an earlier date, unless that is the point of the card";
        notes.say(rules::NOT_EFFECTIVE, &subject.data(APPLICATION_EFFECTIVE_DATE_5F25), message, hint);
    }
    if let Some(expiry) = expiry.filter(|expiry| *expiry < subject.today) {
        let message = format!("the application has expired on {expiry}");
        notes.say(rules::EXPIRED, &place, message, "take a later date, unless that is the point of the card");
    }
    // Kernel 2 ends the application without it, which has been noted.
    let offline = |view: &&View<'_>| view.kind == Kind::Offline && subject.application.scheme() == Scheme::Visa;
    for view in subject.views.iter().filter(offline) {
        if !view.shows(APPLICATION_EXPIRATION_DATE_5F24) {
            let message = "no offline approval: the terminal does not get the expiration date (5F24)";
            notes.say(rules::EXPIRY_MISSING, &view.list, message, "add 5F24 to a record or to this list");
        }
    }
}

fn places_of_use(subject: &Subject<'_>, notes: &mut Notes<'_>) {
    for tag in [ISSUER_COUNTRY_CODE_5F28, ISSUER_COUNTRY_CODE_PROPRIETARY_9F57] {
        let Some(digits) = subject.stated(tag).and_then(unknown_country) else { continue };
        let message = format!("{tag}: there is no country {digits}");
        notes.say(rules::COUNTRY, &subject.data(tag), message, "write the number of ISO 3166-1, like 276");
    }
    let currency = subject.application.risk.currency.filter(|code| codes::currency(code).is_none());
    if let Some(code) = currency {
        let message = format!("there is no currency {}", Hex(&code));
        notes.say(
            rules::CURRENCY,
            &subject.path(&["risk", "currency"]),
            message,
            "write the number of ISO 4217, like 978",
        );
    }
    // Kernel 2 leaves the country's checks out without it (PRE.14).
    let refuses = subject.application.scheme() == Scheme::Visa;
    if refuses && subject.shows(APPLICATION_USAGE_CONTROL_9F07) && !subject.shows(ISSUER_COUNTRY_CODE_5F28) {
        let message =
            "usage control (9F07) means nothing without the issuer's country (5F28): cash and cashback are refused";
        notes.say(rules::USAGE_COUNTRY, &subject.data(APPLICATION_USAGE_CONTROL_9F07), message, "send 5F28, too");
    }
}

/// A stated 9F10 against the cryptogram version (crypto: `06 DKI CVN 03 CVR`, or 32 bytes `1F CVN DKI CVR`).
fn application_data(subject: &Subject<'_>, notes: &mut Notes<'_>) {
    let Some(value) = subject.stated(IAD_9F10) else { return };
    let Personality::Qvsdc(version) = subject.application.personality else { return };
    let (wanted, fits) = match (version, value) {
        (VisaCvn::Cvn22, [0x1F, 0x22, ..]) => ("", value.len() == 32),
        (VisaCvn::Cvn22, _) => ("", false),
        (VisaCvn::Cvn10, [0x06, _, 0x0A, 0x03, _, _, _, ..])
        | (VisaCvn::Cvn17, [0x06, _, 0x11, 0x03, _, _, _, ..])
        | (VisaCvn::Cvn18, [0x06, _, 0x12, 0x03, _, _, _, ..]) => ("", true),
        (VisaCvn::Cvn10, _) => ("06 .. 0A 03 and three bytes", false),
        (VisaCvn::Cvn17, _) => ("06 .. 11 03 and three bytes", false),
        (VisaCvn::Cvn18, _) => ("06 .. 12 03 and three bytes", false),
    };
    if !fits {
        let wanted = if wanted.is_empty() { "1F 22 and 30 bytes more" } else { wanted };
        let message = format!("9F10 does not have the format of its cryptogram version: {wanted} wanted");
        notes.say(rules::IAD_FORMAT, &subject.data(IAD_9F10), message, "leave 9F10 out to have it computed");
    }
}

/// A number in format n that is no country's; any other format is a matter of its own.
fn unknown_country(value: &[u8]) -> Option<String> {
    let digits = Hex(value).to_string();
    let number = value.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit());
    (number && codes::country(value).is_none()).then_some(digits)
}
