//! What a value says in a few words beyond its own notation: the currency of a code, the amount in its currency, the scheme
//! of an identifier.

use super::{Masking, Node, value_text};
use crate::data::{
    Amount, application,
    codes::{self, CurrencyCode},
    dictionary as tags,
};

impl Node {
    /// The value as people read it, masked if it is sensitive; `None` where hex says it best. `currency` is that of the
    /// transaction, if it is known.
    pub fn words(&self, masking: Masking, currency: Option<CurrencyCode>) -> Option<String> {
        let row = self.row?;
        if self.value.is_empty() {
            return None;
        }
        if let Some(words) = self.special(row.constant, currency) {
            return Some(words);
        }
        let text = value_text(row, &self.value, masking).ok().flatten()?;
        let hex = hex::encode_upper(&self.value);
        // Numbers are in the hex already.
        (text != hex).then_some(text)
    }

    fn special(&self, constant: &str, currency: Option<CurrencyCode>) -> Option<String> {
        let value = self.value.as_slice();
        match self.tag {
            tags::TRANSACTION_CURRENCY_CODE_5F2A | tags::APPLICATION_CURRENCY_CODE_9F42 => {
                codes::currency(value).map(|currency| currency.letters.to_owned())
            }
            tags::TERMINAL_COUNTRY_CODE_9F1A | tags::ISSUER_COUNTRY_CODE_5F28 => {
                codes::country(value).map(|country| format!("{} {}", country.letters, country.name))
            }
            tags::BALANCE_READ_BEFORE_GEN_AC_DF8104
            | tags::BALANCE_READ_AFTER_GEN_AC_DF8105
            | tags::READER_CONTACTLESS_FLOOR_LIMIT_DF8123
            | tags::TRANSACTION_LIMIT_NO_ON_DEVICE_CVM_DF8124
            | tags::TRANSACTION_LIMIT_ON_DEVICE_CVM_DF8125
            | tags::READER_CVM_REQUIRED_LIMIT_DF8126 => amount(value, currency),
            // Times of Kernel 2 have three units (C-2, A.1).
            tags::TIME_OUT_VALUE_DF8127 => binary(value).map(|time| format!("{time} ms")),
            tags::HOLD_TIME_VALUE_DF8130 => binary(value).map(|time| format!("{} ms", 100 * time)),
            tags::MESSAGE_HOLD_TIME_DF812D => {
                let digits: u64 = hex::encode(value).parse().ok()?;
                Some(format!("{} ms", 100 * digits))
            }
            tags::MAX_LIFETIME_OF_TORN_RECORD_DF811C => binary(value).map(|time| format!("{time} s")),
            tags::MIN_RELAY_RESISTANCE_GRACE_PERIOD_DF8132
            | tags::MAX_RELAY_RESISTANCE_GRACE_PERIOD_DF8133
            | tags::EXPECTED_TXN_TIME_RR_C_APDU_DF8134
            | tags::EXPECTED_TXN_TIME_RR_R_APDU_DF8135
            | tags::RR_ACCURACY_THRESHOLD_DF8136
            | tags::MIN_TIME_FOR_PROCESSING_RR_APDU_DF8303
            | tags::MAX_TIME_FOR_PROCESSING_RR_APDU_DF8304
            | tags::DEVICE_EST_TRANSMISSION_TIME_RR_R_APDU_DF8305
            | tags::MEASURED_RR_PROCESSING_TIME_DF8306 => {
                binary(value).map(|time| format!("{}.{} ms", time / 10, time % 10))
            }
            tags::AMOUNT_AUTHORISED_9F02 | tags::AMOUNT_OTHER_9F03 => amount(value, currency),
            tags::AMOUNT_AUTHORISED_BINARY_81 | tags::AMOUNT_OTHER_BINARY_9F04 if constant.starts_with("AMOUNT") => {
                binary(value).map(|units| format!("{units} in minor units"))
            }
            tags::ADF_NAME_4F | tags::DF_NAME_84 | tags::AID_TERMINAL_9F06 => name(value),
            tags::AUTHORISATION_RESPONSE_CODE_8A => response_code(value),
            tags::ATC_9F36 | tags::LAST_ONLINE_ATC_REGISTER_9F13 | tags::PIN_TRY_COUNTER_9F17 => {
                binary(value).map(|count| count.to_string())
            }
            _ if constant == "CARD_CURRENCY_CODE_9F51" => {
                codes::currency(value).map(|currency| currency.letters.to_owned())
            }
            _ => None,
        }
    }
}

fn binary(value: &[u8]) -> Option<u64> {
    (value.len() <= 8).then(|| value.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

fn amount(value: &[u8], currency: Option<CurrencyCode>) -> Option<String> {
    let amount = Amount::from_bcd(value.try_into().ok()?)?;
    Some(match currency {
        Some(CurrencyCode { letters, exponent, .. }) => format!("{} {letters}", amount.display(exponent)),
        None => format!("{} in minor units", amount.minor_units()),
    })
}

/// The scheme, or the text of a directory's name.
fn name(value: &[u8]) -> Option<String> {
    let printable = value.iter().all(|byte| (0x20..0x7F).contains(byte));
    let text = || core::str::from_utf8(value).ok().filter(|_| printable).map(|text| format!("\"{text}\""));
    application::named(value).map(|application| application.name.to_owned()).or_else(text)
}

fn response_code(value: &[u8]) -> Option<String> {
    let code = core::str::from_utf8(value).ok().filter(|code| code.bytes().all(|byte| byte.is_ascii_alphanumeric()))?;
    let words = match code {
        "00" => "approved",
        "01" | "02" => "refer to the card issuer",
        "05" => "do not honour",
        "08" => "honour with identification",
        "10" => "approved for a partial amount",
        "11" => "approved, VIP",
        "12" => "invalid transaction",
        "13" => "invalid amount",
        "14" => "invalid card number",
        "51" => "insufficient funds",
        "54" => "expired card",
        "55" => "incorrect PIN",
        "65" => "switch to the contact interface, or limit exceeded",
        "91" => "issuer not available",
        "Y1" => "offline approved",
        "Y3" => "unable to go online, offline approved",
        "Z1" => "offline declined",
        "Z3" => "unable to go online, offline declined",
        _ => return Some(format!("\"{code}\"")),
    };
    Some(format!("\"{code}\", {words}"))
}
