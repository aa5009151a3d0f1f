//! Dynamic card verification values of the magnetic stripe modes: CVC3 and dCVV.

use super::{
    des::{Padding, TripleDes, split},
    pan::nibbles,
};

/// IVCVC3: the last 2 bytes of MAC algorithm 3, padded with 80, over the static part of a track (C-2, magnetic stripe mode).
/// `card_key` is the card's CVC3 key. Track 2: the bytes of 9F6B as they are stored; track 1: the characters of 56.
pub fn ivcvc3(card_key: &[u8; 16], track: &[u8]) -> [u8; 2] {
    let [.., high, low] = TripleDes::new(card_key).mac(Padding::Iso, &[track]);
    [high, low]
}

/// CVC3: the last 2 bytes of DES3 over IVCVC3, unpredictable number (BCD) and counter. A card that leaves its counter out uses
/// zeros for it.
pub fn cvc3(card_key: &[u8; 16], ivcvc3: [u8; 2], unpredictable_number: [u8; 4], atc: [u8; 2]) -> [u8; 2] {
    let ([a, b], [c, d, e, f], [g, h]) = (ivcvc3, unpredictable_number, atc);
    let [.., high, low] = TripleDes::new(card_key).encrypt([a, b, c, d, e, f, g, h]);
    [high, low]
}

/// The last `digits` decimal digits of a CVC3, with zeros on their left: what the track shows. At most 5 are not all zeros.
pub fn cvc3_digits(cvc3: [u8; 2], digits: usize) -> String {
    let all = format!("{:0>width$}", u16::from_be_bytes(cvc3), width = digits);
    all.get(all.len() - digits..).unwrap_or_default().to_owned()
}

/// What goes into a card verification value: the digits of account, expiry date (YYMM) and service code.
#[derive(Clone, Copy, Debug)]
pub struct CardData<'a> {
    /// Digits of the account number, at most 19.
    pub pan: &'a str,
    /// YYMM
    pub expiry: &'a str,
    /// Three digits
    pub service_code: &'a str,
}

/// The digits of a card verification value, up to 16; the first 3 are used. `None` if the data are no digits or more than 32.
///
/// Two blocks of 16 digits: the first is encrypted with the left half of the key, added to the second, and encrypted with
/// both; the decimal digits of the result come first, then A to F as 0 to 5.
pub fn cvv(key: &[u8; 16], data: CardData<'_>) -> Option<String> {
    let text = format!("{}{}{}", data.pan, data.expiry, data.service_code);
    if text.len() > 32 || !text.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let blocks: [u8; 16] = hex::decode(format!("{text:0<32}")).ok()?.try_into().ok()?;
    let (first, second) = split(&blocks);
    // Both halves alike make triple DES single DES.
    let (left, _) = split(key);
    let single = TripleDes::new(&super::des::join(left, left));
    let block = TripleDes::new(key).encrypt(super::modes::exclusive_or(single.encrypt(first), second));
    let all: Vec<u8> = block.into_iter().flat_map(nibbles).collect();
    let decimal = all.iter().filter(|nibble| **nibble < 10).copied();
    let others = all.iter().filter(|nibble| **nibble >= 10).map(|nibble| nibble - 10);
    Some(decimal.chain(others).map(|digit| char::from(b'0' + digit)).collect())
}

/// dCVV: a card verification value under the card's own key for cryptograms, with the counter in place of the first digits of
/// the account number. `digits`: how many, 4 by default elsewhere; the counter is decimal. `None` as for [`cvv`], and if the
/// account number is shorter than that.
pub fn dcvv(card_key: &[u8; 16], data: CardData<'_>, atc: u16, digits: usize) -> Option<String> {
    let counter = format!("{atc:0>digits$}");
    let counter = counter.get(counter.len() - digits..)?;
    let pan = format!("{counter}{}", data.pan.get(digits..)?);
    cvv(card_key, CardData { pan: &pan, ..data })
}
