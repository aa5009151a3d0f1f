//! What happens to data objects on their way between terminal, card and host.

use crate::crypto::cryptogram::CryptogramData;

/// Another value of a data object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// 9F02 as a binary number instead of digits
    AmountBinary,
    /// 9F02 times 100, as if the decimals had been left out before
    AmountTimes100,
    /// 9F02 divided by 100, without its decimals
    AmountOver100,
    /// 9F02 zero
    AmountZero,
    /// 9F03 zero
    AmountOtherZero,
    /// 9F02 and 9F03 added
    AmountTotal,
    /// 95 zero
    TvrZero,
    /// 9A with the day first
    DateReversed,
    /// 9C zero, a purchase
    TypeZero,
    /// 9F37 zero
    NumberZero,
    /// 9F37 with its bytes in reverse
    NumberReversed,
    /// 82 zero
    AipZero,
    /// 9F36 with its bytes exchanged
    AtcReversed,
    /// 9F36 one more
    AtcNext,
    /// 9F36 one less
    AtcBefore,
    /// 9F1A and 5F2A exchanged
    CodesExchanged,
    /// 9F1A as 5F2A says, or 5F2A zero
    CurrencyZero,
    /// 9F1A zero
    CountryZero,
}

pub(super) const FIELDS: [Field; 18] = [
    Field::AmountOtherZero,
    Field::TvrZero,
    Field::AmountBinary,
    Field::AmountTimes100,
    Field::AmountOver100,
    Field::AmountZero,
    Field::AmountTotal,
    Field::DateReversed,
    Field::TypeZero,
    Field::NumberZero,
    Field::NumberReversed,
    Field::AipZero,
    Field::AtcReversed,
    Field::AtcNext,
    Field::AtcBefore,
    Field::CodesExchanged,
    Field::CurrencyZero,
    Field::CountryZero,
];

impl Field {
    pub(super) fn apply(self, data: &mut CryptogramData<'_>) {
        let amount = |digits: [u8; 6]| hex::encode(digits).parse::<u64>().unwrap_or_default();
        let digits = |amount: u64| {
            let mut bytes = [0; 6];
            // Digits beyond twelve are lost, as they are to whoever does this.
            let _ = hex::decode_to_slice(format!("{:012}", amount % 1_000_000_000_000), &mut bytes);
            bytes
        };
        match self {
            Self::AmountBinary => {
                let [_, _, bytes @ ..] = amount(data.amount).to_be_bytes();
                data.amount = bytes;
            }
            Self::AmountTimes100 => data.amount = digits(amount(data.amount) * 100),
            Self::AmountOver100 => data.amount = digits(amount(data.amount) / 100),
            Self::AmountZero => data.amount = [0; 6],
            Self::AmountOtherZero => data.amount_other = [0; 6],
            Self::AmountTotal => data.amount = digits(amount(data.amount) + amount(data.amount_other)),
            Self::TvrZero => data.tvr = [0; 5],
            Self::DateReversed => data.date.reverse(),
            Self::TypeZero => data.transaction_type = 0,
            Self::NumberZero => data.unpredictable_number = [0; 4],
            Self::NumberReversed => data.unpredictable_number.reverse(),
            Self::AipZero => data.aip = [0; 2],
            Self::AtcReversed => data.atc.reverse(),
            Self::AtcNext => data.atc = u16::from_be_bytes(data.atc).wrapping_add(1).to_be_bytes(),
            Self::AtcBefore => data.atc = u16::from_be_bytes(data.atc).wrapping_sub(1).to_be_bytes(),
            Self::CodesExchanged => core::mem::swap(&mut data.country, &mut data.currency),
            Self::CurrencyZero => data.currency = [0; 2],
            Self::CountryZero => data.country = [0; 2],
        }
    }

    /// The place of its object in the input: two changes of one object exclude each other.
    pub(super) const fn object(self) -> u8 {
        match self {
            Self::AmountBinary | Self::AmountTimes100 | Self::AmountOver100 | Self::AmountZero | Self::AmountTotal => 0,
            Self::AmountOtherZero => 1,
            Self::CountryZero | Self::CodesExchanged => 2,
            Self::TvrZero => 3,
            Self::CurrencyZero => 4,
            Self::DateReversed => 5,
            Self::TypeZero => 6,
            Self::NumberZero | Self::NumberReversed => 7,
            Self::AipZero => 8,
            Self::AtcReversed | Self::AtcNext | Self::AtcBefore => 9,
        }
    }

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::AmountBinary => "9F02 is a binary number in the card's data, not digits",
            Self::AmountTimes100 => "9F02 is 100 times as large in the card's data: decimals were left out on the way",
            Self::AmountOver100 => "9F02 is a hundredth in the card's data: decimals were added on the way",
            Self::AmountZero => "9F02 is zero in the card's data: the amount was not known yet, or a pre-authorisation",
            Self::AmountOtherZero => "9F03 is zero in the card's data: the card was not told of the cashback",
            Self::AmountTotal => "9F02 in the card's data is the sum of 9F02 and 9F03",
            Self::TvrZero => "95 is zero in the card's data: the terminal told the host a later TVR than the card",
            Self::DateReversed => "9A has the day first in the card's data",
            Self::TypeZero => "9C is 00 in the card's data",
            Self::NumberZero => "9F37 is zero in the card's data",
            Self::NumberReversed => "9F37 has its bytes in reverse in the card's data",
            Self::AipZero => "82 is zero in the card's data",
            Self::AtcReversed => "9F36 has its bytes exchanged in the card's data",
            Self::AtcNext => "9F36 is one more in the card's data: the ATC is that of another transaction",
            Self::AtcBefore => "9F36 is one less in the card's data: the ATC is that of another transaction",
            Self::CodesExchanged => "9F1A and 5F2A are exchanged: country and currency code",
            Self::CurrencyZero => "5F2A is zero in the card's data",
            Self::CountryZero => "9F1A is zero in the card's data",
        }
    }
}
