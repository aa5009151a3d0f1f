//! What a person knows or has to do with, beside names and numbers.

use std::borrow::Cow;

use crate::{data::dictionary as tags, tlv::Tag};

/// Whether the value of an object has to go: what the dictionary calls sensitive or does not know, and what is signed about the PAN.
pub(in crate::report) fn is_secret(tag: Tag) -> bool {
    tags::gives_pan_away(tag) || tags::is_sensitive(tag)
}

/// Objects that may hold anything about a person. Whoever looks at a card wants to see them; whoever gets a recording need not.
pub(in crate::report) fn is_private(tag: Tag) -> bool {
    // Data for one merchant or partner, data of an operator of data storage, and its envelopes.
    const ENVELOPES: core::ops::RangeInclusive<u32> = 0x9F70..=0x9F79;
    matches!(tag, tags::CUSTOMER_EXCLUSIVE_DATA_9F7C | tags::DS_ODS_CARD_9F54) || ENVELOPES.contains(&tag.number())
}

/// A command without the PIN that VERIFY has in its data (EMV Book 3, 6.5.12).
pub(super) fn without_pin(bytes: &[u8]) -> Cow<'_, [u8]> {
    match bytes.split_first_chunk() {
        Some((head @ [cla, VERIFY, _, _, length], data))
            if cla & 0x70 == 0 && matches!(data.len().checked_sub(usize::from(*length)), Some(0 | 1)) =>
        {
            let (pin, rest) = data.split_at_checked(usize::from(*length)).unwrap_or((data, &[]));
            [head, vec![0xFF; pin.len()].as_slice(), rest].concat().into()
        }
        _ => bytes.into(),
    }
}

const VERIFY: u8 = 0x20;

#[cfg(test)]
mod tests {
    use super::super::Mask;

    /// VERIFY with a plaintext PIN block, as logs of contact readers have it.
    #[test]
    fn a_pin_disappears() {
        let bytes = |text: &str| hex::decode(text).unwrap();
        let verify = bytes("0020008008241234FFFFFFFFFF");
        for mask in [Mask::on(), Mask::replacing()] {
            assert_eq!(mask.bytes(&verify), bytes("0020008008FFFFFFFFFFFFFFFF"));
        }
        assert_eq!(Mask::off().bytes(&verify), verify);
        assert_eq!(Mask::on().bytes(&bytes("00B2010C00")), bytes("00B2010C00"));
    }

    #[test]
    fn what_is_signed_about_the_account_number_disappears() {
        let record = "7014 9F2D04A1A2A3A4 9F4604B1B2B3B4 9304C1C2C3C4 9000".replace(' ', "");
        for (mask, byte) in [(Mask::on(), "FF"), (Mask::replacing(), "00")] {
            let four = byte.repeat(4);
            assert_eq!(
                hex::encode_upper(mask.response(&hex::decode(&record).unwrap())),
                format!("70149F2D04{four}9F4604{four}9304{four}9000")
            );
        }
    }
}
