//! Issuer public key certificates (90, 92, 9F32).

use super::{
    super::{
        frame::{Frame, fields_room, seal, too_short},
        pan::{digits, is_padded_with_f},
        rsa::{KeyError, PrivateKey, PublicKey},
        step::Checks,
        trust::{CaKey, Trust},
    },
    Issued, Step, StepFailed, Watch,
    key::{KeyFields, check_expiry, key_indicators},
};
use crate::{bytes::Hex, time::Date};

const FORMAT: u8 = 0x02;
/// Fields between format and modulus.
const FIXED: usize = 13;

/// A recovered issuer public key certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerCertificate {
    /// Issuer identifier: leftmost 3–8 PAN digits, padded with F
    pub identifier: [u8; 4],
    /// Expiry: MMYY
    pub expiry: [u8; 2],
    /// Serial number, unique for the CA
    pub serial: [u8; 3],
    /// Recovered hash
    pub hash: [u8; 20],
    /// The issuer's key
    pub key: PublicKey,
}

/// What recovering an issuer certificate needs.
#[derive(Clone, Copy, Debug)]
pub struct IssuerInput<'a> {
    /// 90
    pub certificate: &'a [u8],
    /// 92, empty if absent
    pub remainder: &'a [u8],
    /// 9F32
    pub exponent: &'a [u8],
    /// PAN digits, F-padded cn (5A) or from track 2
    pub pan: &'a [u8],
}

/// Recovers an issuer certificate: steps 1 to 12 of Book 2, 6.3 (= 5.3), in order. `today` is the terminal's date;
/// `trust` gives the revocation list, which may be empty. The first step that fails is the error.
pub fn recover_issuer(
    ca: &CaKey,
    input: IssuerInput<'_>,
    trust: &Trust,
    today: Date,
    watch: Watch<'_>,
) -> Result<IssuerCertificate, StepFailed> {
    let checks = &mut Checks::new(watch);
    let frame = Frame::open(&ca.key, input.certificate, &[FORMAT], checks)?;
    let mut fields = frame.fields();
    let identifier = fields.array().ok_or_else(too_short)?;
    let expiry = fields.array().ok_or_else(too_short)?;
    let serial = fields.array().ok_or_else(too_short)?;
    let key = KeyFields::read(&mut fields).ok_or_else(too_short)?;
    frame.check_hash(key.hash_algorithm, &[input.remainder, input.exponent], checks)?;
    checks.check(
        Step::IssuerIdentifier,
        identifies(identifier, input.pan),
        || format!("leftmost 3 to 8 digits of {}", Hex(input.pan)),
        || Hex(&identifier).to_string(),
    )?;
    check_expiry(expiry, today, checks)?;
    let revoked = trust.is_revoked(ca, serial);
    checks.check(Step::Revocation, !revoked, || "a certificate not revoked", || format!("serial {}", Hex(&serial)))?;
    let key = key.assemble(input.remainder, input.exponent, checks)?;
    Ok(IssuerCertificate { identifier, expiry, serial, hash: frame.hash(), key })
}

/// Whether the identifier is 3 to 8 digits, F after them, and the PAN begins with them.
fn identifies(identifier: [u8; 4], pan: &[u8]) -> bool {
    let count = digits(&identifier).count();
    count >= 3 && is_padded_with_f(&identifier) && digits(&identifier).eq(digits(pan).take(count))
}

/// What a CA signs.
#[derive(Clone, Copy, Debug)]
pub struct IssuerSubject<'a> {
    /// Issuer identifier: leftmost 3–8 PAN digits, padded with F
    pub identifier: [u8; 4],
    /// Expiry: MMYY
    pub expiry: [u8; 2],
    /// Serial number, unique for the CA
    pub serial: [u8; 3],
    /// The issuer's key
    pub key: &'a PublicKey,
}

/// Builds 90 and 92 (Book 2, tables 2 and 13). The exponent to go with them (9F32) is `subject.key.exponent()`.
pub fn issue_issuer(ca: &PrivateKey, subject: IssuerSubject<'_>) -> Result<Issued, KeyError> {
    let room = fields_room(ca.public()).saturating_sub(FIXED);
    let (digits, remainder) = subject.key.modulus().split_at_checked(room).unwrap_or((subject.key.modulus(), &[]));
    let indicators = key_indicators(subject.key)?;
    let fields: [&[u8]; 5] = [&subject.identifier, &subject.expiry, &subject.serial, &indicators, digits];
    let certificate = seal(ca, FORMAT, &fields, &[remainder, subject.key.exponent()])?;
    Ok(Issued { certificate, remainder: remainder.to_vec() })
}
