//! Issuer and ICC public key certificates: build, recover (EMV Book 2, 5.3, 6.3, 6.4; tables 2, 11, 13, 14).
//!
//! Recovery makes the checks of the book in the book's order, each as a [`Step`] of its own, and stops at the first that
//! fails. Three checks the book only implies are made as well: the hash algorithm indicator before the hash, the length
//! of the remainder (neither missing nor superfluous) and the length of the exponent before the key is assembled.

mod icc;
mod issuer;
mod key;
#[cfg(test)]
mod tests;

pub use icc::{IccCertificate, IccInput, IccSubject, issue_icc, recover_icc};
pub use issuer::{IssuerCertificate, IssuerInput, IssuerSubject, issue_issuer, recover_issuer};

pub use super::step::{Step, StepFailed, Structure, Watch};

/// A certificate with what does not fit into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// 90 or 9F46
    pub certificate: Vec<u8>,
    /// 92 or 9F48; empty if the modulus fits
    pub remainder: Vec<u8>,
}
