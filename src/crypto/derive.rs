//! Card master keys and session keys (EMV Book 2, A1.3, A1.4; Visa and Mastercard session keys).
//!
//! A PAN is given as F-padded cn bytes (5A, or the digits of track 2); reading stops at the first nibble that is not a
//! digit. A PAN sequence number is one BCD byte (5F34), 00 if the card has none.

use sha1::{Digest, Sha1};

use super::{
    aes::AesKey,
    des::{TripleDes, join, split, with_odd_parity},
    pan::{digits, nibbles},
};

/// How a card's triple DES master key comes from the issuer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MasterKeyOption {
    /// The rightmost 16 digits of PAN and sequence number (A1.4.1).
    A,
    /// As A for up to 16 digits; 16 decimal digits of a SHA-1 hash for a longer PAN (A1.4.2).
    B,
}

/// The card's triple DES master key, with odd parity.
///
/// ```
/// use emvtap::crypto::derive::{MasterKeyOption, master_key};
/// // computed by the test suite of pyemv
/// let issuer = 0x0123456789ABCDEF_FEDCBA9876543210u128.to_be_bytes();
/// let pan = [0x12, 0x34, 0x56, 0x78, 0x90, 0x12, 0x34, 0x56, 0x7F];
/// let card = master_key(MasterKeyOption::A, &issuer, &pan, 0x01);
/// assert_eq!(card, 0x73AD54688CEF2934_B0979857E3C719F1u128.to_be_bytes());
/// ```
pub fn master_key(option: MasterKeyOption, issuer_master_key: &[u8; 16], pan: &[u8], psn: u8) -> [u8; 16] {
    let y = derivation_data(option, pan, psn);
    let cipher = TripleDes::new(issuer_master_key);
    with_odd_parity(join(cipher.encrypt(y), cipher.encrypt(y.map(|byte| !byte))))
}

/// Y, what the left half of a card's master key is the encryption of: 16 digits (A1.4.1, A1.4.2).
pub fn derivation_data(option: MasterKeyOption, pan: &[u8], psn: u8) -> [u8; 8] {
    match option {
        MasterKeyOption::B if digits(pan).count() > 16 => decimalise(&hash_of_digits(pan, psn)),
        // Digits beyond 16 leave on the left; fewer leave zeros there.
        _ => digits(pan).chain(nibbles(psn)).fold(0u64, |y, digit| y << 4 | u64::from(digit)).to_be_bytes(),
    }
}

/// The card's AES master key, as long as the issuer's: option C (A1.4.3).
pub fn master_key_aes(issuer_master_key: &AesKey, pan: &[u8], psn: u8) -> AesKey {
    let y = digits(pan).chain(nibbles(psn)).fold(0u128, |y, digit| y << 4 | u128::from(digit));
    issuer_master_key.diversify(y.to_be_bytes(), [y, !y].map(u128::to_be_bytes))
}

/// The common session key (A1.3.1), with odd parity. `r` is the ATC and six zeros for cryptograms, the first
/// application cryptogram for secure messaging; its third byte does not matter.
pub fn common_session_key(master_key: &[u8; 16], r: [u8; 8]) -> [u8; 16] {
    let cipher = TripleDes::new(master_key);
    let [a, b, _, d, e, f, g, h] = r;
    let [left, right] = [0xF0, 0x0F].map(|third| cipher.encrypt([a, b, third, d, e, f, g, h]));
    with_odd_parity(join(left, right))
}

/// The common AES session key (A1.3.1). `r` is the ATC or the first application cryptogram, filled with zeros on the
/// right; its third byte only matters for keys of 128 bits.
pub fn common_session_key_aes(master_key: &AesKey, r: [u8; 16]) -> AesKey {
    let third = |value: u8| {
        let mut block = r;
        block.iter_mut().skip(2).take(1).for_each(|byte| *byte = value);
        block
    };
    master_key.diversify(r, [third(0xF0), third(0x0F)])
}

/// The ATC filled with zeros: what the session key of an application cryptogram is derived from (A1.3).
pub fn atc_diversifier([high, low]: [u8; 2]) -> [u8; 8] {
    [high, low, 0, 0, 0, 0, 0, 0]
}

/// Mastercard's proprietary session key (SKD): the common derivation over ATC, two zeros and unpredictable number.
pub fn mastercard_session_key(master_key: &[u8; 16], atc: [u8; 2], unpredictable_number: [u8; 4]) -> [u8; 16] {
    let ([a, b], [e, f, g, h]) = (atc, unpredictable_number);
    common_session_key(master_key, [a, b, 0, 0, e, f, g, h])
}

/// The session key of JR/T 0025 (UnionPay), with odd parity: DES3 over six zeros and the ATC for the left half, over six
/// zeros and its complement for the right half.
pub fn unionpay_session_key(master_key: &[u8; 16], atc: [u8; 2]) -> [u8; 16] {
    let cipher = TripleDes::new(master_key);
    let half = |[high, low]: [u8; 2]| cipher.encrypt([0, 0, 0, 0, 0, 0, high, low]);
    with_odd_parity(join(half(atc), half(atc.map(|byte| !byte))))
}

/// Visa's session key for secure messaging (CVN 10, 17 and 18), with odd parity: the ATC is added to the end of the
/// left half and its complement to the end of the right half.
pub fn visa_messaging_session_key(master_key: &[u8; 16], atc: [u8; 2]) -> [u8; 16] {
    let atc = u64::from(u16::from_be_bytes(atc));
    let (left, right) = split(master_key);
    let left = u64::from_be_bytes(left) ^ atc;
    let right = u64::from_be_bytes(right) ^ (atc ^ 0xFFFF);
    with_odd_parity(join(left.to_be_bytes(), right.to_be_bytes()))
}

/// The 16 decimal digits option B takes from a hash: first its digits 0 to 9 from the left, then, if they are too few,
/// its digits A to F from the left as 0 to 5.
pub fn decimalise(hash: &[u8; 20]) -> [u8; 8] {
    let all = || hash.iter().copied().flat_map(nibbles);
    let decimal = all().filter(|nibble| *nibble < 10);
    let replaced = all().filter(|nibble| *nibble >= 10).map(|nibble| nibble - 10);
    decimal.chain(replaced).take(16).fold(0u64, |digits, digit| digits << 4 | u64::from(digit)).to_be_bytes()
}

/// SHA-1 over PAN and sequence number, a zero before a PAN of odd length.
fn hash_of_digits(pan: &[u8], psn: u8) -> [u8; 20] {
    let mut hash = Sha1::new();
    let mut pending = (digits(pan).count() % 2 == 1).then_some(0);
    for digit in digits(pan) {
        match pending.take() {
            Some(high) => hash.update([high << 4 | digit]),
            None => pending = Some(digit),
        }
    }
    hash.update([psn]);
    hash.finalize().into()
}
