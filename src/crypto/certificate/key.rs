//! The public key inside a certificate, and its expiry.

use super::{
    super::{
        rsa::{KeyError, PublicKey},
        step::Checks,
    },
    Step, StepFailed,
};
use crate::{
    bytes::{Cursor, Hex},
    time::Date,
};

/// The only public key algorithm indicator, RSA.
pub(super) const RSA: u8 = 0x01;

/// The fields of a certificate that describe the key.
pub(super) struct KeyFields<'a> {
    pub(super) hash_algorithm: u8,
    algorithm: u8,
    length: u8,
    exponent_length: u8,
    /// leftmost digits of the modulus, or all of it and filler
    digits: &'a [u8],
}

impl<'a> KeyFields<'a> {
    /// From the hash algorithm indicator on.
    pub(super) fn read(fields: &mut Cursor<'a>) -> Option<Self> {
        let [hash_algorithm, algorithm, length, exponent_length] = fields.array()?;
        Some(Self { hash_algorithm, algorithm, length, exponent_length, digits: fields.rest() })
    }

    /// The last steps of both certificates: algorithm, modulus, exponent.
    pub(super) fn assemble(
        &self,
        remainder: &[u8],
        exponent: &[u8],
        checks: &mut Checks<'_>,
    ) -> Result<PublicKey, StepFailed> {
        checks.byte(Step::KeyAlgorithm, RSA, Some(self.algorithm))?;
        let length = usize::from(self.length);
        let missing = length.saturating_sub(self.digits.len());
        let inside = self.digits.get(..length).unwrap_or(self.digits);
        let key = PublicKey::new(&[inside, remainder].concat(), exponent);
        let modulus_fault = match &key {
            Err(fault @ (KeyError::ModulusLength | KeyError::Modulus)) => Some(*fault),
            _ => None,
        };
        let complete = remainder.len() == missing;
        let expected = || match modulus_fault {
            Some(fault) if complete => fault.message().to_owned(),
            _ => format!("a remainder of {missing} bytes"),
        };
        let found = || match modulus_fault {
            Some(_) if complete => format!("a modulus of {length} bytes that is not"),
            _ => format!("{} bytes", remainder.len()),
        };
        checks.check(Step::Remainder, complete && modulus_fault.is_none(), expected, found)?;
        let as_long = usize::from(self.exponent_length) == exponent.len();
        let expected = || format!("03 or 010001, {} bytes by the certificate", self.exponent_length);
        checks.check(Step::Exponent, as_long && key.is_ok(), expected, || Hex(exponent).to_string())?;
        key.map_err(|fault| StepFailed {
            step: Step::Exponent,
            expected: fault.message().to_owned(),
            found: Hex(exponent).to_string(),
        })
    }
}

/// A certificate is valid up to the last day of its month.
pub(super) fn check_expiry(expiry: [u8; 2], today: Date, checks: &mut Checks<'_>) -> Result<(), StepFailed> {
    let last = Date::end_of_month(expiry);
    let found = || last.map_or_else(|| format!("{}, not a month", Hex(&expiry)), |last| last.to_string());
    checks.check(Step::Expiry, last.is_some_and(|last| last >= today), || format!("{today} or later"), found)
}

/// What a certificate says about the key it certifies, from the hash algorithm indicator on.
pub(super) fn key_indicators(key: &PublicKey) -> Result<[u8; 4], KeyError> {
    let length = u8::try_from(key.len()).map_err(|_| KeyError::ModulusLength)?;
    let exponent_length = u8::try_from(key.exponent().len()).map_err(|_| KeyError::Exponent)?;
    Ok([super::super::frame::SHA_1, RSA, length, exponent_length])
}
