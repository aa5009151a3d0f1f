//! A recovered block of a certificate or signature, for people.

use crate::{
    bytes::Hex,
    crypto::{
        certificate::{Step, Structure},
        rsa::PublicKey,
    },
};

/// A recovered block, to show what is in it.
pub struct Block {
    /// What it is
    pub structure: Structure,
    length: usize,
    bytes: Vec<u8>,
}

impl Block {
    /// Opens a signature or certificate with the key above it.
    pub fn of(key: &PublicKey, signature: &[u8], structure: Structure) -> Self {
        Self { structure, length: signature.len(), bytes: key.recover(signature).unwrap_or_default() }
    }

    fn part(&self, from: usize, to: usize) -> String {
        Hex(self.bytes.get(from..to).unwrap_or_default()).to_string()
    }

    /// What a step that passed found.
    pub fn found(&self, step: Step, exponent: &[u8]) -> String {
        let end = self.bytes.len();
        let is_issuer = self.structure == Structure::IssuerCertificate;
        match step {
            Step::Length => format!("{} bytes", self.length),
            Step::Trailer => self.part(end.saturating_sub(1), end),
            Step::Header => self.part(0, 1),
            Step::Format => self.part(1, 2),
            Step::HashAlgorithm | Step::KeyAlgorithm => "01".to_owned(),
            Step::Hash => self.part(end.saturating_sub(21), end.saturating_sub(1)),
            Step::IssuerIdentifier => self.part(2, 6),
            Step::Pan => "the card's".to_owned(),
            Step::Expiry if is_issuer => format!("{} (MMYY)", self.part(6, 8)),
            Step::Expiry => format!("{} (MMYY)", self.part(12, 14)),
            Step::Revocation => "not revoked".to_owned(),
            Step::Remainder => "complete".to_owned(),
            Step::Exponent => Hex(exponent).to_string(),
            Step::DynamicData => format!("{} (hex) bytes", self.part(3, 4)),
        }
    }
}
