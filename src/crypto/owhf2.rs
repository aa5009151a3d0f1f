//! The one-way functions of Kernel 2's data storage: from the terminal's input to the digest that the card keeps (C-2, 8.2 and
//! 8.3).
//!
//! What they take is bytes: the identifier of the card's storage (DS ID, 9F5E), the operator's identifier (DS Requested Operator
//! ID, 9F5C, or zeros where the slot asks for it), and the input.

use super::{aes::AesKey, des::TripleDes};

/// The digest of data storage version 1, with 3DES. `storage`: DS ID, 8 to 11 bytes; `operator`: 8 bytes; `input`: 8 bytes.
/// `None` if `storage` has fewer than 6 bytes.
///
/// ```
/// use emvtap::crypto::owhf2::owhf2;
///
/// let storage = [0x54, 0x13, 0x33, 0x00, 0x89, 0x02, 0x00, 0x11, 0x01];
/// let digest = owhf2(&storage, [1, 2, 3, 4, 5, 6, 7, 8], [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88]);
/// assert_eq!(digest, Some([0xA0, 0xD8, 0x3C, 0xB7, 0x05, 0x74, 0x18, 0x60]));
/// ```
pub fn owhf2(storage: &[u8], operator: [u8; 8], input: [u8; 8]) -> Option<[u8; 8]> {
    let [_, _, _, _, o5, o6, o7, o8] = operator;
    let [l1, l2, l3, l4, l5, l6] = storage.first_chunk::<6>()?.map(doubled);
    let [r1, r2, r3, r4, r5, r6] = storage.last_chunk::<6>()?.map(doubled);
    let key = [l1, l2, l3, l4, l5, l6, o5, o6, r1, r2, r3, r4, r5, r6, o7, o8];
    Some(xor(TripleDes::new(&key).encrypt(xor(operator, input)), input))
}

/// The digest of data storage version 2, with AES. `None` if `storage` has more than 11 bytes.
pub fn owhf2_aes(storage: &[u8], operator: [u8; 8], input: [u8; 8]) -> Option<[u8; 8]> {
    let mut key = [0; 16];
    let start = 11_usize.checked_sub(storage.len())?;
    key.get_mut(start..11)?.copy_from_slice(storage);
    key.get_mut(11..15)?.copy_from_slice(operator.last_chunk::<4>()?);
    *key.last_mut()? = 0x3F;
    let mut message = [0; 16];
    let (front, back) = message.split_at_mut(8);
    front.copy_from_slice(&input);
    back.copy_from_slice(&operator);
    let encrypted = AesKey::from_bytes(&key)?.encrypt(message);
    Some(xor(*encrypted.first_chunk()?, input))
}

/// Twice the number that two digits write, the byte that carries being dropped.
const fn doubled(digits: u8) -> u8 {
    ((digits >> 4) * 10 + (digits & 0x0F)).wrapping_mul(2)
}

fn xor(one: [u8; 8], other: [u8; 8]) -> [u8; 8] {
    core::array::from_fn(|at| one.get(at).zip(other.get(at)).map_or(0, |(one, other)| one ^ other))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORAGE: [u8; 9] = [0x54, 0x13, 0x33, 0x00, 0x89, 0x02, 0x00, 0x11, 0x01];
    const OPERATOR: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];
    const INPUT: [u8; 8] = [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88];

    /// Values of `c2.md`, section 9, computed in Python from the description of the functions.
    #[test]
    fn digests_are_those_of_an_independent_computation() {
        let text = |digest: Option<[u8; 8]>| hex::encode_upper(digest.unwrap());
        assert_eq!(text(owhf2(&STORAGE, OPERATOR, INPUT)), "A0D83CB705741860");
        assert_eq!(text(owhf2(&STORAGE, [0; 8], INPUT)), "13283D7920F32539");
        assert_eq!(text(owhf2_aes(&STORAGE, OPERATOR, INPUT)), "C0A42BA99E8F9881");
        assert_eq!(text(owhf2_aes(&STORAGE, [0; 8], INPUT)), "7CCCDF2F1A885FC5");
    }

    #[test]
    fn identifiers_that_do_not_fit_give_nothing() {
        assert_eq!(owhf2(&[0; 5], OPERATOR, INPUT), None);
        assert_eq!(owhf2_aes(&[0; 12], OPERATOR, INPUT), None);
    }

    #[test]
    fn two_digits_are_a_number_that_is_doubled() {
        assert_eq!([0x54, 0x99, 0x00, 0x13].map(doubled), [108, 198, 0, 26]);
    }
}
