//! Signed static and dynamic application data (EMV Book 2, 5.4, 6.5; the fDDA of Kernel 3).

use super::{
    certificate::{Step, StepFailed, Watch},
    frame::{Frame, SHA_1, seal, too_short},
    rsa::{KeyError, PrivateKey, PublicKey},
    step::Checks,
};

/// Signed data format of SSAD.
pub const FORMAT_STATIC: u8 = 0x03;
/// Signed data format of SDAD.
pub const FORMAT_DYNAMIC: u8 = 0x05;
/// Signed data format of an SDAD that a Visa card makes for a transaction that goes online.
pub const FORMAT_DYNAMIC_ONLINE: u8 = 0x95;

/// Recovered Signed Static Application Data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ssad {
    /// Data Authentication Code (9F45)
    pub data_authentication_code: [u8; 2],
    /// Recovered hash
    pub hash: [u8; 20],
}

/// Verifies 93 over the static data to be authenticated: Book 2, 5.4. The first step that fails is the error.
pub fn verify_ssad(issuer: &PublicKey, ssad: &[u8], static_data: &[u8], watch: Watch<'_>) -> Result<Ssad, StepFailed> {
    let checks = &mut Checks::new(watch);
    let frame = Frame::open(issuer, ssad, &[FORMAT_STATIC], checks)?;
    let [algorithm, high, low] = frame.fields().array().ok_or_else(too_short)?;
    frame.check_hash(algorithm, &[static_data], checks)?;
    Ok(Ssad { data_authentication_code: [high, low], hash: frame.hash() })
}

/// Builds 93 (Book 2, table 3).
pub fn sign_ssad(
    issuer: &PrivateKey,
    data_authentication_code: [u8; 2],
    static_data: &[u8],
) -> Result<Vec<u8>, KeyError> {
    seal(issuer, FORMAT_STATIC, &[&[SHA_1], &data_authentication_code], &[static_data])
}

/// Recovered Signed Dynamic Application Data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sdad {
    /// Signed data format: 05, or 95
    pub format: u8,
    /// ICC dynamic data: the number with its length, then whatever the method adds
    pub dynamic_data: Vec<u8>,
    /// Recovered hash
    pub hash: [u8; 20],
}

impl Sdad {
    /// The ICC dynamic number (9F4C), 2 to 8 bytes, whose length is the first byte of the dynamic data. `None` if that
    /// length is another or more than there is.
    pub fn icc_dynamic_number(&self) -> Option<&[u8]> {
        let (length, rest) = self.dynamic_data.split_first()?;
        if !(2..=8).contains(length) {
            return None;
        }
        rest.get(..usize::from(*length))
    }
}

/// Verifies 9F4B: Book 2, 6.5.2, and steps 1 to 4 and 7 to 9 of 6.6.2. The first step that fails is the error.
///
/// `formats` are the signed data formats accepted. `terminal_data` is hashed after the signed fields: the values of the
/// DDOL for DDA, [`FddaVersion::terminal_data`] for fDDA, the unpredictable number for CDA. What CDA puts into the
/// dynamic data (cryptogram information data, cryptogram, transaction data hash) is for the caller to compare.
pub fn verify_sdad(
    icc: &PublicKey,
    sdad: &[u8],
    formats: &[u8],
    terminal_data: &[u8],
    watch: Watch<'_>,
) -> Result<Sdad, StepFailed> {
    let checks = &mut Checks::new(watch);
    let frame = Frame::open(icc, sdad, formats, checks)?;
    let mut fields = frame.fields();
    let [algorithm, length] = fields.array().ok_or_else(too_short)?;
    frame.check_hash(algorithm, &[terminal_data], checks)?;
    let dynamic_data = fields.take(length.into());
    let room = fields.rest().len();
    checks.check(
        Step::DynamicData,
        dynamic_data.is_some(),
        || format!("at most {room} bytes"),
        || format!("{length} bytes"),
    )?;
    let dynamic_data = dynamic_data.unwrap_or_default().to_vec();
    Ok(Sdad { format: frame.format(), dynamic_data, hash: frame.hash() })
}

/// Builds 9F4B (Book 2, tables 15 and 18). `Input` if the dynamic data are longer than the modulus less 25 bytes.
pub fn sign_sdad(icc: &PrivateKey, format: u8, dynamic_data: &[u8], terminal_data: &[u8]) -> Result<Vec<u8>, KeyError> {
    let length = u8::try_from(dynamic_data.len()).map_err(|_| KeyError::Input)?;
    seal(icc, format, &[&[SHA_1, length], dynamic_data], &[terminal_data])
}

/// Which terminal data fDDA signs, by the version in the Card Authentication Related Data (9F69).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FddaVersion {
    /// 00: the unpredictable number (9F37)
    V00,
    /// 01: unpredictable number, amount (9F02), currency (5F2A) and the whole of 9F69
    V01,
}

impl FddaVersion {
    /// The version in the first byte of 9F69; `None` for others.
    pub fn from_card_authentication_related_data(value: &[u8]) -> Option<Self> {
        match value.first()? {
            0x00 => Some(Self::V00),
            0x01 => Some(Self::V01),
            _ => None,
        }
    }

    /// What is hashed after the signed fields.
    pub fn terminal_data(
        self,
        unpredictable_number: [u8; 4],
        amount: [u8; 6],
        currency: [u8; 2],
        card_authentication_related_data: &[u8],
    ) -> Vec<u8> {
        match self {
            Self::V00 => unpredictable_number.to_vec(),
            Self::V01 => {
                let parts: [&[u8]; 4] = [&unpredictable_number, &amount, &currency, card_authentication_related_data];
                parts.concat()
            }
        }
    }
}

#[cfg(test)]
mod tests;
