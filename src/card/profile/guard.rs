//! Guard rails: a profile must not become a copy of somebody's card.

use std::collections::BTreeMap;

use super::Scheme;
use crate::{
    bytes::Hex,
    data::dictionary::{PAN_5A, TRACK_1_DATA_56, TRACK_2_DATA_9F6B, TRACK_2_EQUIVALENT_DATA_57},
    tlv::Tag,
};

/// Beginnings of PANs that somebody publishes for tests; who is named beside them. A whole number stands for itself.
const TEST_RANGES: &[&str] = &[
    "4761739001",       // Visa test cards: Global Payments SDKs (…0119, …0135), tests of openemv/emv-utils
    "5413330089",       // Mastercard test cards: tests of openemv/emv-utils, Global Payments SDKs
    "4012888888881881", // PayPal, Braintree: sandbox numbers
    "4111111111111111", // PayPal, Braintree, Adyen: sandbox numbers
    "4242424242424242", // Stripe: test numbers
    "4000000000000002", // Stripe: test numbers (declined)
    "5555555555554444", // Stripe, PayPal: test numbers
    "374245455400126",  // BlueSnap: test numbers
    "6771798021000008", // Adyen: test numbers (Maestro)
    "6304000000000000", // Braintree: sandbox numbers (Maestro)
];

/// Whether a PAN lies in a published test range.
pub fn is_test_pan(digits: &str) -> bool {
    TEST_RANGES.iter().any(|prefix| digits.starts_with(prefix))
}

/// The PAN as F-padded cn: 5A, or the digits of 57 before the separator, or of Kernel 2's track 2, 9F6B; empty without any.
pub(super) fn pan(data: &BTreeMap<Tag, Vec<u8>>) -> Vec<u8> {
    if let Some(pan) = data.get(&PAN_5A) {
        return pan.clone();
    }
    // Kernel 3 has another object, of digits alone, under the tag.
    let of_mag_stripe = || data.get(&TRACK_2_DATA_9F6B).filter(|track| Hex(track).to_string().contains('D'));
    let track_2 = data.get(&TRACK_2_EQUIVALENT_DATA_57).or_else(of_mag_stripe);
    let mut digits = digits_of_track_2(track_2.map(Vec::as_slice).unwrap_or_default());
    if digits.len() % 2 == 1 {
        digits.push('F');
    }
    hex::decode(digits).unwrap_or_default()
}

/// The digits of a track 2 before its separator D.
fn digits_of_track_2(track_2: &[u8]) -> String {
    Hex(track_2).to_string().split('D').next().unwrap_or_default().to_owned()
}

/// The digits of a track 1 between its format code B and its separator ^.
fn digits_of_track_1(track_1: &[u8]) -> String {
    let text = String::from_utf8_lossy(track_1);
    text.trim_start_matches('B').split('^').next().unwrap_or_default().to_owned()
}

/// The objects that hold a PAN outside the test ranges.
pub(in crate::card) fn real_pans(scheme: Scheme, data: &BTreeMap<Tag, Vec<u8>>) -> impl Iterator<Item = (Tag, String)> {
    let digits = move |tag: Tag, value: &[u8]| match tag {
        TRACK_2_DATA_9F6B if scheme == Scheme::Mastercard => Some(digits_of_track_2(value)),
        TRACK_1_DATA_56 if scheme == Scheme::Mastercard => Some(digits_of_track_1(value)),
        PAN_5A => Some(Hex(value).to_string().trim_end_matches('F').to_owned()),
        TRACK_2_EQUIVALENT_DATA_57 => Some(digits_of_track_2(value)),
        _ => None,
    };
    data.iter()
        .filter_map(move |(tag, value)| digits(*tag, value).map(|digits| (*tag, digits)))
        .filter(|(_, digits)| !digits.is_empty() && !is_test_pan(digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pan_and_track_2_are_both_looked_at() {
        let mut data = BTreeMap::from([(PAN_5A, hex::decode("4761739001010010").unwrap())]);
        assert_eq!(real_pans(Scheme::Visa, &data).count(), 0);
        data.insert(TRACK_2_EQUIVALENT_DATA_57, hex::decode("4929000000000006D30122011F").unwrap());
        assert_eq!(
            real_pans(Scheme::Visa, &data).next(),
            Some((TRACK_2_EQUIVALENT_DATA_57, "4929000000000006".to_owned()))
        );
    }

    #[test]
    fn the_tracks_of_mag_stripe_mode_are_looked_at() {
        let data = BTreeMap::from([
            (TRACK_1_DATA_56, b"B4929000000000006^A/B^3012201".to_vec()),
            (TRACK_2_DATA_9F6B, hex::decode("4929000000000006D30122011F").unwrap()),
        ]);
        assert_eq!(real_pans(Scheme::Mastercard, &data).count(), 2);
        assert_eq!(real_pans(Scheme::Visa, &data).count(), 0);
    }

    #[test]
    fn the_pan_comes_from_track_2_if_5a_is_missing() {
        let data = BTreeMap::from([(TRACK_2_EQUIVALENT_DATA_57, hex::decode("476173900101001D3012201F").unwrap())]);
        assert_eq!(pan(&data), hex::decode("476173900101001F").unwrap());
    }
}
