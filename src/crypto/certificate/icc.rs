//! ICC public key certificates (9F46, 9F48, 9F47).

use super::{
    super::{
        frame::{Frame, fields_room, seal, too_short},
        pan::{digits, is_padded_with_f},
        rsa::{KeyError, PrivateKey, PublicKey},
        step::Checks,
    },
    Issued, Step, StepFailed, Watch,
    key::{KeyFields, check_expiry, key_indicators},
};
use crate::{bytes::Hex, time::Date};

const FORMAT: u8 = 0x04;
/// Fields between format and modulus.
const FIXED: usize = 19;

/// A recovered ICC public key certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IccCertificate {
    /// PAN, F-padded
    pub pan: [u8; 10],
    /// Expiry: MMYY
    pub expiry: [u8; 2],
    /// Serial number, unique for the issuer
    pub serial: [u8; 3],
    /// Recovered hash
    pub hash: [u8; 20],
    /// The card's key
    pub key: PublicKey,
}

/// What recovering an ICC certificate needs.
#[derive(Clone, Copy, Debug)]
pub struct IccInput<'a> {
    /// 9F46
    pub certificate: &'a [u8],
    /// 9F48, empty if absent
    pub remainder: &'a [u8],
    /// 9F47
    pub exponent: &'a [u8],
    /// PAN, F-padded cn (5A) or from track 2
    pub pan: &'a [u8],
    /// Static data to be authenticated, the AIP already appended if 9F4A says so; empty for a PIN encipherment key
    pub static_data: &'a [u8],
}

/// Recovers an ICC certificate: steps 1 to 11 of Book 2, 6.4, in order. `today` is the terminal's date. The first step
/// that fails is the error.
pub fn recover_icc(
    issuer: &PublicKey,
    input: IccInput<'_>,
    today: Date,
    watch: Watch<'_>,
) -> Result<IccCertificate, StepFailed> {
    let checks = &mut Checks::new(watch);
    let frame = Frame::open(issuer, input.certificate, &[FORMAT], checks)?;
    let mut fields = frame.fields();
    let pan = fields.array().ok_or_else(too_short)?;
    let expiry = fields.array().ok_or_else(too_short)?;
    let serial = fields.array().ok_or_else(too_short)?;
    let key = KeyFields::read(&mut fields).ok_or_else(too_short)?;
    frame.check_hash(key.hash_algorithm, &[input.remainder, input.exponent, input.static_data], checks)?;
    checks.check(Step::Pan, is_same_pan(&pan, input.pan), || Hex(input.pan).to_string(), || Hex(&pan).to_string())?;
    check_expiry(expiry, today, checks)?;
    let key = key.assemble(input.remainder, input.exponent, checks)?;
    Ok(IccCertificate { pan, expiry, serial, hash: frame.hash(), key })
}

/// Whether both are digits with F after them, and the digits are the same.
fn is_same_pan(recovered: &[u8], pan: &[u8]) -> bool {
    is_padded_with_f(recovered)
        && is_padded_with_f(pan)
        && digits(pan).next().is_some()
        && digits(recovered).eq(digits(pan))
}

/// What an issuer signs.
#[derive(Clone, Copy, Debug)]
pub struct IccSubject<'a> {
    /// PAN, F-padded
    pub pan: [u8; 10],
    /// Expiry: MMYY
    pub expiry: [u8; 2],
    /// Serial number, unique for the issuer
    pub serial: [u8; 3],
    /// The card's key
    pub key: &'a PublicKey,
    /// Static data to be authenticated, with the AIP if 9F4A says so
    pub static_data: &'a [u8],
}

/// Builds 9F46 and 9F48 (Book 2, tables 11 and 14). The exponent to go with them (9F47) is `subject.key.exponent()`.
pub fn issue_icc(issuer: &PrivateKey, subject: IccSubject<'_>) -> Result<Issued, KeyError> {
    let room = fields_room(issuer.public()).saturating_sub(FIXED);
    let (digits, remainder) = subject.key.modulus().split_at_checked(room).unwrap_or((subject.key.modulus(), &[]));
    let indicators = key_indicators(subject.key)?;
    let fields: [&[u8]; 5] = [&subject.pan, &subject.expiry, &subject.serial, &indicators, digits];
    let certificate = seal(issuer, FORMAT, &fields, &[remainder, subject.key.exponent(), subject.static_data])?;
    Ok(Issued { certificate, remainder: remainder.to_vec() })
}
