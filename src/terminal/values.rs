//! Values of a terminal file that are checked while it is read, so that a mistake is shown at its place.

use serde::{Deserialize, Deserializer, de::Error};

use super::{Currency, TransactionType};
use crate::{
    crypto::Exception,
    data::{Pan, text::HexText},
    entry::{Aid, KernelId},
    time::DateTime,
};

/// Reads text with a function that says what it wants.
macro_rules! from_text {
    ($($name:ty, $text:ident => $read:expr;)*) => {
        $(impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let $text = String::deserialize(deserializer)?;
                $read.map_err(D::Error::custom)
            }
        })*
    };
}

from_text! {
    Currency, text => Currency::parse(&text).ok_or_else(|| format!("`{text}` is no currency of ISO 4217, like EUR or 978"));
    Aid, text => bytes(&text).and_then(|bytes| {
        Self::new(&bytes).ok_or_else(|| format!("an AID has 5 to 16 bytes, this one has {}", bytes.len()))
    });
    KernelId, text => bytes(&text).and_then(|bytes| {
        Self::new(&bytes).ok_or_else(|| format!("a kernel identifier has 1 or 3 bytes, this one has {}", bytes.len()))
    });
    Exception, text => exception(&text).ok_or_else(|| {
        format!("`{text}` is no card: write up to 19 digits, and `/01` behind them for one PAN sequence number")
    });
    DateTime, text => text.parse::<Self>();
    TransactionType, text => Self::parse(&text).ok_or_else(|| {
        format!("`{text}` is no transaction type; known are {}", Self::ALL.map(Self::name).join(", "))
    });
}

fn bytes(text: &str) -> Result<Vec<u8>, String> {
    text.parse().map(|HexText(bytes)| bytes)
}

/// A PAN, alone or with a slash and the two digits of a PAN sequence number.
fn exception(text: &str) -> Option<Exception> {
    let (pan, number) = text.split_once('/').map_or((text, None), |(pan, number)| (pan, Some(number)));
    let digits = number.filter(|number| number.len() == 2 && number.bytes().all(|digit| digit.is_ascii_digit()));
    let sequence_number = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
    let pan = Pan::parse(pan).filter(|_| number.is_some() == sequence_number.is_some())?;
    Some(Exception { pan, sequence_number })
}

/// A country as three digits of ISO 3166, n3 in its two bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Country(pub [u8; 2]);

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = (text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| format!("0{text}"));
        digits
            .and_then(|digits| bytes(&digits).ok())
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self)
            .ok_or_else(|| D::Error::custom(format!("`{text}` is no country of ISO 3166 in three digits, like 056")))
    }
}
