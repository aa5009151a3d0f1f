//! Amounts and balances on the display (Book A, 8.1.1.18).

use crate::{data::Amount, kernel::outcome::UiValue, terminal::Currency};

/// The value of a request as people read it, `EUR 0.12`, with leading zeros suppressed to one digit. `None`, and then nothing
/// is shown, if the currency is unknown or the value is not BCD.
///
/// ```
/// use emvtap::{kernel::outcome::{UiValue, ValueQualifier}, run::value_text};
///
/// let balance = UiValue { qualifier: ValueQualifier::Balance, value: [0, 0, 0, 0, 0, 0x12], currency: [0x09, 0x78] };
/// assert_eq!(value_text(&balance).as_deref(), Some("EUR 0.12"));
/// assert_eq!(value_text(&UiValue { currency: [0x00, 0x00], ..balance }), None);
/// ```
pub fn value_text(value: &UiValue) -> Option<String> {
    let currency = Currency::from_bcd(value.currency)?;
    let amount = Amount::from_bcd(value.value)?;
    Some(format!("{} {}", currency.code(), amount.display(currency.exponent())))
}
