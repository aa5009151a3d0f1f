mod properties;

use super::{
    super::{
        rsa::PrivateKey,
        testing::{assert_fails_at, change, key},
        trust::{CaKey, Revocation, Trust},
    },
    *,
};
use crate::time::Date;

const ISSUER_STEPS: [Step; 12] = [
    Step::Length,
    Step::Trailer,
    Step::Header,
    Step::Format,
    Step::HashAlgorithm,
    Step::Hash,
    Step::IssuerIdentifier,
    Step::Expiry,
    Step::Revocation,
    Step::KeyAlgorithm,
    Step::Remainder,
    Step::Exponent,
];
const ICC_STEPS: [Step; 11] = [
    Step::Length,
    Step::Trailer,
    Step::Header,
    Step::Format,
    Step::HashAlgorithm,
    Step::Hash,
    Step::Pan,
    Step::Expiry,
    Step::KeyAlgorithm,
    Step::Remainder,
    Step::Exponent,
];
const PAN: [u8; 8] = [0x41, 0x23, 0x45, 0x67, 0x89, 0x01, 0x23, 0x45];
const PADDED: [u8; 10] = [0x41, 0x23, 0x45, 0x67, 0x89, 0x01, 0x23, 0x45, 0xFF, 0xFF];
const STATIC_DATA: &[u8] = b"records and AIP";

fn today() -> Date {
    Date::new(2027, 2, 28).unwrap()
}

/// A signer and what it signed: an issuer certificate, or an ICC certificate.
struct Signed {
    signer: PrivateKey,
    issued: Issued,
    exponent: Vec<u8>,
    today: Date,
    trust: Trust,
    pan: Vec<u8>,
    static_data: Vec<u8>,
}

impl Signed {
    fn issuer(ca_bits: u32, issuer_bits: u32, exponent: u32) -> Self {
        let (signer, issuer) = (key(ca_bits, exponent), key(issuer_bits, exponent));
        let subject = IssuerSubject {
            identifier: [0x41, 0x23, 0x45, 0xFF],
            expiry: [0x02, 0x27],
            serial: [1, 2, 3],
            key: issuer.public(),
        };
        let issued = issue_issuer(&signer, subject).unwrap();
        Self::new(signer, issued, issuer.public().exponent())
    }

    fn icc(issuer_bits: u32, icc_bits: u32, exponent: u32) -> Self {
        let (signer, icc) = (key(issuer_bits, exponent), key(icc_bits, exponent));
        let subject = IccSubject {
            pan: PADDED,
            expiry: [0x02, 0x27],
            serial: [1, 2, 3],
            key: icc.public(),
            static_data: STATIC_DATA,
        };
        let issued = issue_icc(&signer, subject).unwrap();
        Self::new(signer, issued, icc.public().exponent())
    }

    fn new(signer: PrivateKey, issued: Issued, exponent: &[u8]) -> Self {
        Self {
            signer,
            issued,
            exponent: exponent.to_vec(),
            today: today(),
            trust: Trust::default(),
            pan: PAN.to_vec(),
            static_data: STATIC_DATA.to_vec(),
        }
    }

    fn ca(&self) -> CaKey {
        let public = self.signer.public();
        CaKey::new(*b"RIDxx", 7, public.modulus(), public.exponent()).unwrap()
    }

    fn recover_issuer(&self, watch: Watch<'_>) -> Result<IssuerCertificate, StepFailed> {
        let input = IssuerInput {
            certificate: &self.issued.certificate,
            remainder: &self.issued.remainder,
            exponent: &self.exponent,
            pan: &self.pan,
        };
        recover_issuer(&self.ca(), input, &self.trust, self.today, watch)
    }

    fn recover_icc(&self, watch: Watch<'_>) -> Result<IccCertificate, StepFailed> {
        let input = IccInput {
            certificate: &self.issued.certificate,
            remainder: &self.issued.remainder,
            exponent: &self.exponent,
            pan: &self.pan,
            static_data: &self.static_data,
        };
        recover_icc(self.signer.public(), input, self.today, watch)
    }

    fn issuer_fails_at(&self, step: Step) -> StepFailed {
        assert_fails_at(&ISSUER_STEPS, step, |watch| self.recover_issuer(watch))
    }

    fn icc_fails_at(&self, step: Step) -> StepFailed {
        assert_fails_at(&ICC_STEPS, step, |watch| self.recover_icc(watch))
    }

    /// Changes the block and leaves the hash as it is.
    fn change(mut self, what: impl FnOnce(&mut [u8])) -> Self {
        self.issued.certificate = change(&self.signer, &self.issued.certificate, what, None);
        self
    }

    /// Changes byte `at` of the block and makes the hash of the whole right again, with static data if there are any.
    fn set(mut self, at: usize, value: u8, static_data: &[u8]) -> Self {
        let more: [&[u8]; 3] = [&self.issued.remainder, &self.exponent, static_data];
        let what = |block: &mut [u8]| block[at] = value;
        self.issued.certificate = change(&self.signer, &self.issued.certificate, what, Some(&more));
        self
    }
}

fn issuer() -> Signed {
    Signed::issuer(1152, 1152, 3)
}

fn icc() -> Signed {
    Signed::icc(1024, 1024, 3)
}

#[test]
fn a_good_issuer_certificate_passes_every_step_in_order() {
    let mut seen = Vec::new();
    issuer().recover_issuer(&mut |step, passed| seen.push((step, passed))).unwrap();
    assert_eq!(seen, ISSUER_STEPS.map(|step| (step, true)));
    assert!(ISSUER_STEPS.iter().all(|step| step.rule(Structure::IssuerCertificate).is_some()));
}

#[test]
fn a_good_icc_certificate_passes_every_step_in_order() {
    let mut seen = Vec::new();
    icc().recover_icc(&mut |step, passed| seen.push((step, passed))).unwrap();
    assert_eq!(seen, ICC_STEPS.map(|step| (step, true)));
    assert!(ICC_STEPS.iter().all(|step| step.rule(Structure::IccCertificate).is_some()));
}

#[test]
fn length() {
    let mut short = issuer();
    short.issued.certificate.pop();
    let failed = short.issuer_fails_at(Step::Length);
    assert_eq!((failed.expected.as_str(), failed.found.as_str()), ("144 bytes", "143 bytes"));
    let mut short = icc();
    short.issued.certificate.remove(0);
    short.icc_fails_at(Step::Length);
}

#[test]
fn trailer() {
    let last = |block: &mut [u8]| *block.last_mut().unwrap() = 0xBB;
    let failed = issuer().change(last).issuer_fails_at(Step::Trailer);
    assert_eq!((failed.expected.as_str(), failed.found.as_str()), ("BC", "BB"));
    icc().change(last).icc_fails_at(Step::Trailer);
    let mut above = issuer();
    above.issued.certificate.fill(0xFF);
    assert_eq!(above.issuer_fails_at(Step::Trailer).found, "a number not below the modulus");
}

#[test]
fn header() {
    let first = |block: &mut [u8]| block[0] = 0x6B;
    issuer().change(first).issuer_fails_at(Step::Header);
    icc().change(first).icc_fails_at(Step::Header);
}

#[test]
fn format() {
    let failed = issuer().set(1, 0x04, &[]).issuer_fails_at(Step::Format);
    assert_eq!((failed.expected.as_str(), failed.found.as_str()), ("02", "04"));
    icc().set(1, 0x02, STATIC_DATA).icc_fails_at(Step::Format);
}

#[test]
fn hash_algorithm() {
    issuer().set(11, 0x02, &[]).issuer_fails_at(Step::HashAlgorithm);
    icc().set(17, 0x00, STATIC_DATA).icc_fails_at(Step::HashAlgorithm);
}

#[test]
fn hash() {
    issuer().change(|block| block[8] ^= 1).issuer_fails_at(Step::Hash);
    icc().change(|block| block[14] ^= 1).icc_fails_at(Step::Hash);
    let mut changed = icc();
    changed.static_data.push(0);
    changed.icc_fails_at(Step::Hash);
}

#[test]
fn issuer_identifier() {
    let mut other = issuer();
    other.pan[2] = 0x46;
    other.issuer_fails_at(Step::IssuerIdentifier);
    // two digits, a digit behind the padding, a nibble that is neither
    for identifier in [[0x41, 0xFF, 0xFF, 0xFF], [0x41, 0x23, 0xF5, 0xFF], [0x41, 0x23, 0x4E, 0xFF]] {
        let changed = (2..).zip(identifier).fold(issuer(), |signed, (at, byte)| signed.set(at, byte, &[]));
        assert_eq!(changed.issuer_fails_at(Step::IssuerIdentifier).found, hex::encode_upper(identifier));
    }
    for identifier in [[0x41, 0x2F, 0xFF, 0xFF], [0x41, 0x23, 0x45, 0x67]] {
        let changed = (2..).zip(identifier).fold(issuer(), |signed, (at, byte)| signed.set(at, byte, &[]));
        assert!(changed.recover_issuer(&mut |_, _| ()).is_ok(), "{identifier:02X?}");
    }
}

#[test]
fn pan() {
    let mut other = icc();
    other.pan[7] = 0x46;
    other.icc_fails_at(Step::Pan);
    other.pan.clear();
    other.icc_fails_at(Step::Pan);
    // more digits in the certificate than on the card
    icc().set(10, 0x1F, STATIC_DATA).icc_fails_at(Step::Pan);
    let mut padded = icc();
    padded.pan = PADDED.to_vec();
    assert!(padded.recover_icc(&mut |_, _| ()).is_ok());
}

#[test]
fn expiry() {
    for signed in [issuer(), icc()] {
        let after = Signed { today: Date::new(2027, 3, 1).unwrap(), ..signed };
        let failed = if after.signer.public().len() == 144 {
            after.issuer_fails_at(Step::Expiry)
        } else {
            after.icc_fails_at(Step::Expiry)
        };
        assert_eq!((failed.expected.as_str(), failed.found.as_str()), ("2027-03-01 or later", "2027-02-28"));
    }
    issuer().set(6, 0x13, &[]).issuer_fails_at(Step::Expiry);
}

#[test]
fn revocation() {
    let mut revoked = issuer();
    revoked.trust.revoked.push(Revocation { rid: *b"RIDxx", index: 8, serial: [1, 2, 3] });
    assert!(revoked.recover_issuer(&mut |_, _| ()).is_ok());
    revoked.trust.revoked.push(Revocation { rid: *b"RIDxx", index: 7, serial: [1, 2, 3] });
    assert_eq!(revoked.issuer_fails_at(Step::Revocation).found, "serial 010203");
}

#[test]
fn key_algorithm() {
    issuer().set(12, 0x02, &[]).issuer_fails_at(Step::KeyAlgorithm);
    icc().set(18, 0x02, STATIC_DATA).icc_fails_at(Step::KeyAlgorithm);
}

#[test]
fn remainder() {
    let failed = issuer().set(13, 145, &[]).issuer_fails_at(Step::Remainder);
    assert_eq!((failed.expected.as_str(), failed.found.as_str()), ("a remainder of 37 bytes", "36 bytes"));
    icc().set(19, 127, STATIC_DATA).icc_fails_at(Step::Remainder);
    // one that is not needed
    let mut superfluous = Signed::issuer(1152, 512, 3);
    superfluous.issued.remainder.push(0xBB);
    superfluous.set(1, 0x02, &[]).issuer_fails_at(Step::Remainder);
    // an even modulus
    let mut even = issuer();
    *even.issued.remainder.last_mut().unwrap() ^= 1;
    assert_eq!(
        even.set(1, 0x02, &[]).issuer_fails_at(Step::Remainder).expected,
        "a modulus is odd and its top bit is set"
    );
}

#[test]
fn exponent() {
    issuer().set(14, 3, &[]).issuer_fails_at(Step::Exponent);
    icc().set(20, 3, STATIC_DATA).icc_fails_at(Step::Exponent);
    let mut five = issuer();
    five.exponent = vec![5];
    assert_eq!(five.set(14, 1, &[]).issuer_fails_at(Step::Exponent).found, "05");
}
