//! Another value of one data object, of which there are few enough to try all.

use super::{Change, CryptogramData, Setup};

/// A value that the card may have seen instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Near {
    /// 5F2A
    Currency([u8; 2]),
    /// 9F1A
    Country([u8; 2]),
    /// 9A
    Date([u8; 3]),
    /// 9C
    Type(u8),
    /// One or two other bits of 95: byte and mask, twice
    Tvr([(usize, u8); 2]),
    /// Another bit of 82: byte and mask
    Aip(usize, u8),
    /// Another bit of 9F10: byte and mask
    Iad(usize, u8),
}

/// Every such value: codes of three digits, types of two, days of three years, single bits, pairs of bits of the TVR.
pub(super) fn all(data: &CryptogramData<'_>) -> impl Iterator<Item = Change> {
    let bits = |bytes: usize| (0..bytes).flat_map(|byte| (0..8).map(move |bit| (byte, 1_u8 << bit)));
    let digits = |number: u16| u8::try_from(number / 10 % 10 * 16 + number % 10).unwrap_or_default();
    let codes = (0..1000).map(move |code| [digits(code / 100), digits(code % 100)]);
    let [year, ..] = data.date;
    let year = u16::from(year >> 4) * 10 + u16::from(year & 0x0F);
    let years = [year, year + 1, year + 99].map(|year| year % 100);
    let days = (1..=12).flat_map(|month| (1..=31).map(move |day| (month, day)));
    let dates =
        years.into_iter().flat_map(move |year| days.clone().map(move |(month, day)| [year, month, day].map(digits)));
    let single = bits(5).map(|bit| [bit, bit]);
    let pairs = bits(5).flat_map(move |one| bits(5).map(move |other| [one, other]).filter(|[one, other]| one < other));
    codes
        .clone()
        .map(Near::Currency)
        .chain(codes.map(Near::Country))
        .chain(dates.map(Near::Date))
        .chain((0..100).map(move |number| Near::Type(digits(number))))
        .chain(single.chain(pairs).map(Near::Tvr))
        .chain(bits(2).map(|(byte, mask)| Near::Aip(byte, mask)))
        .chain(bits(data.iad.len()).map(|(byte, mask)| Near::Iad(byte, mask)))
        .map(Change::Near)
}

impl Near {
    /// The place of its object in the input.
    pub(super) const fn object(self) -> u8 {
        match self {
            Self::Country(_) => 2,
            Self::Tvr(_) => 3,
            Self::Currency(_) => 4,
            Self::Date(_) => 5,
            Self::Type(_) => 6,
            Self::Aip(..) => 8,
            Self::Iad(..) => 10,
        }
    }

    pub(super) fn apply(self, setup: &mut Setup<'_>) {
        let turn =
            |bytes: &mut [u8], byte: usize, mask: u8| bytes.iter_mut().skip(byte).take(1).for_each(|b| *b ^= mask);
        let data = &mut setup.data;
        match self {
            Self::Currency(code) => data.currency = code,
            Self::Country(code) => data.country = code,
            Self::Date(date) => data.date = date,
            Self::Type(number) => data.transaction_type = number,
            Self::Tvr([(byte, mask), other]) => {
                turn(&mut data.tvr, byte, mask);
                if other != (byte, mask) {
                    turn(&mut data.tvr, other.0, other.1);
                }
            }
            Self::Aip(byte, mask) => turn(&mut data.aip, byte, mask),
            Self::Iad(byte, mask) => setup.turned = Some((byte, mask)),
        }
    }

    pub(super) fn words(self) -> String {
        let bit = |(byte, mask): (usize, u8)| format!("byte {} bit {}", byte + 1, mask.trailing_zeros() + 1);
        match self {
            Self::Currency(code) => format!("5F2A is {} in the card's data", hex::encode_upper(code)),
            Self::Country(code) => format!("9F1A is {} in the card's data", hex::encode_upper(code)),
            Self::Date(date) => format!("9A is {} in the card's data", hex::encode_upper(date)),
            Self::Type(number) => format!("9C is {number:02X} in the card's data"),
            Self::Tvr([one, other]) if one == other => format!("95 differs in {} in the card's data", bit(one)),
            Self::Tvr([one, other]) => format!("95 differs in {} and {} in the card's data", bit(one), bit(other)),
            Self::Aip(byte, mask) => format!("82 differs in {} in the card's data", bit((byte, mask))),
            Self::Iad(byte, mask) => format!("9F10 differs in {} in the card's data", bit((byte, mask))),
        }
    }
}
