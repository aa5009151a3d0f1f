//! A value as people read it, by the format of its object.

use super::Masking;
use crate::data::{
    Pan, Track2,
    dictionary::{Format, Row},
    pan::nibbles,
};

/// The value in its own notation: digits, a date, quoted text. `None` for binary values, which hex shows best.
///
/// # Errors
/// The value is not written in the format, and why. Nothing sensitive stands in the message.
pub fn value_text(row: &Row, value: &[u8], masking: Masking) -> Result<Option<String>, String> {
    if value.is_empty() || row.tag.is_constructed() {
        return Ok(None);
    }
    let text = match (row.constant, row.format) {
        ("TRACK_2_EQUIVALENT_DATA_57" | "TRACK_2_DATA_9F6B", _) => track_2(value, masking).map(Some)?,
        ("PAN_5A", _) => return pan(value, masking).map(Some),
        ("TRANSACTION_DATE_9A" | "APPLICATION_EXPIRATION_DATE_5F24" | "APPLICATION_EFFECTIVE_DATE_5F25", _) => {
            Some(date(value)?)
        }
        ("TRANSACTION_TIME_9F21", _) => Some(time(value)?),
        ("IBAN_5F53" | "BIC_5F54", _) => text(value),
        (_, Format::N) => Some(numeric(value)?),
        (_, Format::Cn) => Some(compressed(value)?),
        (_, Format::A | Format::An | Format::Ans) => text(value),
        (_, Format::B | Format::Var) => None,
    };
    Ok(if row.sensitive && masking.hides_sensitive() && row.format != Format::B {
        text.map(|text| stars(&text))
    } else {
        text
    })
}

fn stars(text: &str) -> String {
    "*".repeat(text.chars().count())
}

fn track_2(value: &[u8], masking: Masking) -> Result<String, String> {
    let track = Track2::parse(value).map_err(|error| error.to_string())?;
    Ok(if masking.hides_sensitive() { track.to_string() } else { track.reveal() })
}

fn pan(value: &[u8], masking: Masking) -> Result<String, String> {
    let pan = Pan::from_cn(value).ok_or("digits and F to the end wanted")?;
    Ok(if masking.hides_sensitive() { pan.to_string() } else { pan.reveal().to_owned() })
}

fn numeric(value: &[u8]) -> Result<String, String> {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 10).ok_or_else(|| "a nibble is no digit".to_owned());
    nibbles(value).map(digit).collect()
}

fn compressed(value: &[u8]) -> Result<String, String> {
    let digits: String = nibbles(value).map_while(|nibble| char::from_digit(nibble.into(), 10)).collect();
    let padded = nibbles(value).skip(digits.len()).all(|nibble| nibble == 0xF);
    if padded { Ok(digits) } else { Err("digits and F to the end wanted".to_owned()) }
}

/// `YYMMDD` as a date. The books leave the century open but for years from 50 on, which are 19xx (EMV Book 3, 4.3 and 10.4).
fn date(value: &[u8]) -> Result<String, String> {
    let digits = numeric(value)?;
    let [yy, mm, dd] = *value else { return Ok(digits) };
    match crate::time::Date::from_bcd([yy, mm, dd]) {
        Some(date) => Ok(format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())),
        None => Err(format!("{digits} is no date")),
    }
}

fn time(value: &[u8]) -> Result<String, String> {
    let digits = numeric(value)?;
    match *value {
        [hour @ ..=0x23, minute @ ..=0x59, second @ ..=0x59] => Ok(format!("{hour:02X}:{minute:02X}:{second:02X}")),
        [_, _, _] => Err(format!("{digits} is no time")),
        _ => Ok(digits),
    }
}

/// Printable ASCII in quotes; `None` if there is anything else, which a code table may make readable and hex shows anyway.
fn text(value: &[u8]) -> Option<String> {
    let printable = value.iter().all(|byte| (0x20..0x7F).contains(byte));
    let text = core::str::from_utf8(value).ok().filter(|_| printable)?;
    Some(format!("\"{text}\""))
}

/// Whether the value is a data object list.
pub(super) fn is_list(row: &Row) -> bool {
    matches!(
        row.constant,
        "PDOL_9F38"
            | "CDOL1_8C"
            | "CDOL2_8D"
            | "TDOL_97"
            | "DDOL_9F49"
            | "SDOL_9F3F"
            | "LOG_FORMAT_9F4F"
            | "DRDOL_9F51"
            | "DSDOL_9F5B"
            | "MDOL_9F5C"
            | "UDOL_9F69"
            | "DEFAULT_UDOL_DF811A"
            | "DEFAULT_CDOL1_9F8220"
    )
}
