//! PIN blocks (ISO 9564-1): formats 0, 1, 2 and 3 of 8 bytes, format 4 of 16 bytes with AES.

use core::fmt;

use super::{aes::AesKey, modes::exclusive_or};

/// A PIN block format of 8 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PinBlockFormat {
    /// 0: filled with F, with the account number added
    Iso0,
    /// 1: filled with anything
    Iso1,
    /// 2: filled with F, for cards
    Iso2,
    /// 3: filled with random digits A to F, with the account number added
    Iso3,
}

/// Why there is no PIN block, or no PIN in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinBlockError {
    /// A PIN has 4 to 12 digits.
    Pin,
    /// An account number has 13 to 19 digits here, 1 to 19 in format 4.
    Pan,
    /// The block is of another format: its first digit.
    Format(u8),
    /// The length in the block is not 4 to 12.
    Length(u8),
    /// A PIN digit in the block is no digit: wrong key or account number.
    Digit,
    /// What follows the PIN is not what the format fills with: wrong key or account number.
    Filler,
}

impl fmt::Display for PinBlockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pin => f.write_str("a PIN has 4 to 12 digits"),
            Self::Pan => f.write_str("an account number has 13 to 19 digits here"),
            Self::Format(found) => write!(f, "the block is of format {found:X}"),
            Self::Length(found) => write!(f, "the block says that the PIN has {found} digits"),
            Self::Digit => f.write_str("a digit of the PIN is none: wrong key, or another account number"),
            Self::Filler => f.write_str("the filler is not the format's: wrong key, or another account number"),
        }
    }
}

impl core::error::Error for PinBlockError {}

impl PinBlockFormat {
    const fn number(self) -> u8 {
        match self {
            Self::Iso0 => 0,
            Self::Iso1 => 1,
            Self::Iso2 => 2,
            Self::Iso3 => 3,
        }
    }

    const fn has_pan(self) -> bool {
        matches!(self, Self::Iso0 | Self::Iso3)
    }

    /// The filler that random bits become: one hex digit.
    const fn filler(self, random: u8) -> u8 {
        match self {
            Self::Iso0 | Self::Iso2 => 0xF,
            Self::Iso1 => random & 0x0F,
            Self::Iso3 => 10 + random % 6,
        }
    }

    /// The clear block. `pan` counts in formats 0 and 3, `random` fills formats 1 and 3.
    ///
    /// # Errors
    /// [`PinBlockError::Pin`], [`PinBlockError::Pan`].
    pub fn encode(self, pin: &str, pan: &str, random: [u8; 14]) -> Result<[u8; 8], PinBlockError> {
        let digits = pin_digits(pin)?;
        let length = u8::try_from(digits.len()).map_err(|_| PinBlockError::Pin)?;
        let filler = random.into_iter().map(|random| self.filler(random)).skip(digits.len());
        let nibbles = [self.number(), length].into_iter().chain(digits.iter().copied()).chain(filler);
        let block = pack(nibbles);
        Ok(if self.has_pan() { exclusive_or(block, pan_part(pan)?) } else { block })
    }

    /// The PIN in a clear block.
    ///
    /// # Errors
    /// [`PinBlockError`]: what is not as the format wants it.
    pub fn decode(self, block: [u8; 8], pan: &str) -> Result<String, PinBlockError> {
        let block = if self.has_pan() { exclusive_or(block, pan_part(pan)?) } else { block };
        let mut nibbles = block.into_iter().flat_map(super::pan::nibbles);
        let (format, length) = (nibbles.next().unwrap_or_default(), nibbles.next().unwrap_or_default());
        if format != self.number() {
            return Err(PinBlockError::Format(format));
        }
        let pin = take_pin(length, &mut nibbles)?;
        let right = |filler| match self {
            Self::Iso0 | Self::Iso2 => filler == 0xF,
            Self::Iso1 => true,
            Self::Iso3 => filler >= 10,
        };
        if nibbles.all(right) { Ok(pin) } else { Err(PinBlockError::Filler) }
    }
}

/// The plain text PIN field of format 4: `random` is its second half.
///
/// # Errors
/// [`PinBlockError::Pin`].
pub fn pin_field_4(pin: &str, random: [u8; 8]) -> Result<[u8; 16], PinBlockError> {
    let digits = pin_digits(pin)?;
    let length = u8::try_from(digits.len()).map_err(|_| PinBlockError::Pin)?;
    let filler = core::iter::repeat_n(0xA, 14 - digits.len());
    let random = random.into_iter().flat_map(super::pan::nibbles);
    Ok(pack([4, length].into_iter().chain(digits.iter().copied()).chain(filler).chain(random)))
}

/// The plain text PAN field of format 4.
///
/// # Errors
/// [`PinBlockError::Pan`].
pub fn pan_field_4(pan: &str) -> Result<[u8; 16], PinBlockError> {
    if !(1..=19).contains(&pan.len()) || !pan.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(PinBlockError::Pan);
    }
    let more = pan.len().saturating_sub(12);
    let mut field = [0; 16];
    hex::decode_to_slice(format!("{:0<32}", format!("{more}{pan:0>12}")), &mut field)
        .map_err(|_| PinBlockError::Pan)?;
    Ok(field)
}

/// An enciphered format 4 block.
///
/// # Errors
/// [`PinBlockError::Pin`], [`PinBlockError::Pan`].
pub fn encipher_4(key: &AesKey, pin: &str, pan: &str, random: [u8; 8]) -> Result<[u8; 16], PinBlockError> {
    let inner = key.encrypt(pin_field_4(pin, random)?);
    Ok(key.encrypt(exclusive_or(inner, pan_field_4(pan)?)))
}

/// The PIN in an enciphered format 4 block.
///
/// # Errors
/// [`PinBlockError`]: what is not as the format wants it.
pub fn decipher_4(key: &AesKey, block: [u8; 16], pan: &str) -> Result<String, PinBlockError> {
    let field = key.decrypt(exclusive_or(key.decrypt(block), pan_field_4(pan)?));
    let mut nibbles = field.into_iter().flat_map(super::pan::nibbles);
    let (format, length) = (nibbles.next().unwrap_or_default(), nibbles.next().unwrap_or_default());
    if format != 4 {
        return Err(PinBlockError::Format(format));
    }
    let pin = take_pin(length, &mut nibbles)?;
    let filler = nibbles.take(14 - pin.len()).all(|filler| filler == 0xA);
    if filler { Ok(pin) } else { Err(PinBlockError::Filler) }
}

fn pin_digits(pin: &str) -> Result<Vec<u8>, PinBlockError> {
    let digits: Option<Vec<u8>> = pin.bytes().map(|digit| digit.is_ascii_digit().then(|| digit - b'0')).collect();
    digits.filter(|digits| (4..=12).contains(&digits.len())).ok_or(PinBlockError::Pin)
}

/// The rightmost 12 digits without the check digit, four zeros before them.
fn pan_part(pan: &str) -> Result<[u8; 8], PinBlockError> {
    if !(13..=19).contains(&pan.len()) || !pan.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(PinBlockError::Pan);
    }
    let digits = pan.get(pan.len() - 13..pan.len() - 1).ok_or(PinBlockError::Pan)?;
    let mut part = [0; 8];
    hex::decode_to_slice(format!("0000{digits}"), &mut part).map_err(|_| PinBlockError::Pan)?;
    Ok(part)
}

fn take_pin(length: u8, nibbles: &mut impl Iterator<Item = u8>) -> Result<String, PinBlockError> {
    if !(4..=12).contains(&length) {
        return Err(PinBlockError::Length(length));
    }
    let digit = |nibble: u8| (nibble < 10).then(|| char::from(b'0' + nibble)).ok_or(PinBlockError::Digit);
    nibbles.take(length.into()).map(digit).collect()
}

fn pack<const N: usize>(mut nibbles: impl Iterator<Item = u8>) -> [u8; N] {
    let mut next = || nibbles.next().unwrap_or_default();
    core::array::from_fn(|_| next() << 4 | next())
}
