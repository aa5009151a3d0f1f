//! PAN digits in F-padded cn bytes.

/// The digits, up to the first nibble that is none.
pub(super) fn digits(pan: &[u8]) -> impl Iterator<Item = u8> + '_ {
    all_nibbles(pan).take_while(is_digit)
}

/// Whether only F follows the digits.
pub(super) fn is_padded_with_f(pan: &[u8]) -> bool {
    all_nibbles(pan).skip_while(is_digit).all(|nibble| nibble == 0xF)
}

/// High and low nibble.
pub(super) fn nibbles(byte: u8) -> [u8; 2] {
    [byte >> 4, byte & 0x0F]
}

fn all_nibbles(pan: &[u8]) -> impl Iterator<Item = u8> + '_ {
    pan.iter().copied().flat_map(nibbles)
}

fn is_digit(nibble: &u8) -> bool {
    *nibble < 10
}
