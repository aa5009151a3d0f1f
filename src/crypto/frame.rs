//! What all signed structures share: 6A, format, fields, hash, BC (EMV Book 2, A2.1).

use sha1::{Digest, Sha1};

use super::{
    rsa::{KeyError, PrivateKey, PublicKey},
    step::{Checks, Step, StepFailed, shown},
};
use crate::bytes::{Cursor, Hex};

const HEADER: u8 = 0x6A;
const TRAILER: u8 = 0xBC;
const FILLER: u8 = 0xBB;
/// The only hash algorithm indicator, SHA-1 (B2.1 of Book 2).
pub(super) const SHA_1: u8 = 0x01;
/// Header, format, hash and trailer.
const OVERHEAD: usize = 23;

/// A recovered block whose header, trailer and format are right.
pub(super) struct Frame {
    block: Vec<u8>,
}

impl Frame {
    /// Recovers `signature` with `key`: length, trailer, header and format, in the book's order.
    pub(super) fn open(
        key: &PublicKey,
        signature: &[u8],
        formats: &[u8],
        checks: &mut Checks<'_>,
    ) -> Result<Self, StepFailed> {
        let bytes = |count: usize| move || format!("{count} bytes");
        checks.check(Step::Length, signature.len() == key.len(), bytes(key.len()), bytes(signature.len()))?;
        let block = key.recover(signature).ok();
        let trailer = block.as_ref().and_then(|block| block.last().copied());
        let found = || if block.is_some() { shown(trailer) } else { "a number not below the modulus".to_owned() };
        checks.check(Step::Trailer, trailer == Some(TRAILER), || format!("{TRAILER:02X}"), found)?;
        let block = block.unwrap_or_default();
        checks.byte(Step::Header, HEADER, block.first().copied())?;
        let format = block.get(1).copied();
        let known = format.is_some_and(|format| formats.contains(&format));
        let expected = || formats.iter().map(|format| format!("{format:02X}")).collect::<Vec<_>>().join(" or ");
        checks.check(Step::Format, known, expected, || shown(format))?;
        Ok(Self { block })
    }

    /// The format that was found.
    pub(super) fn format(&self) -> u8 {
        self.block.get(1).copied().unwrap_or_default()
    }

    /// What the hash covers: format and fields.
    fn signed(&self) -> &[u8] {
        self.block.get(1..self.hash_at()).unwrap_or_default()
    }

    /// The fields after the format.
    pub(super) fn fields(&self) -> Cursor<'_> {
        Cursor::new(self.signed().get(1..).unwrap_or_default())
    }

    /// The recovered hash.
    pub(super) fn hash(&self) -> [u8; 20] {
        self.block.get(self.hash_at()..).and_then(|rest| rest.first_chunk()).copied().unwrap_or_default()
    }

    fn hash_at(&self) -> usize {
        self.block.len().saturating_sub(21)
    }

    /// Checks the hash algorithm and then the hash over the signed fields and `more`.
    pub(super) fn check_hash(&self, algorithm: u8, more: &[&[u8]], checks: &mut Checks<'_>) -> Result<(), StepFailed> {
        checks.byte(Step::HashAlgorithm, SHA_1, Some(algorithm))?;
        let (computed, recovered) = (hash(self.signed(), more), self.hash());
        checks.check(Step::Hash, computed == recovered, || Hex(&computed).to_string(), || Hex(&recovered).to_string())
    }
}

/// Builds and signs a block: header, format, fields, filler, hash over all of that but the header and over `more`,
/// trailer. `Input` if the fields are too long for the key.
pub(super) fn seal(key: &PrivateKey, format: u8, fields: &[&[u8]], more: &[&[u8]]) -> Result<Vec<u8>, KeyError> {
    let room = fields_room(key.public());
    let mut block = vec![HEADER, format];
    fields.iter().for_each(|field| block.extend_from_slice(field));
    if block.len() > room + 2 {
        return Err(KeyError::Input);
    }
    block.resize(room + 2, FILLER);
    let hash = hash(block.get(1..).unwrap_or_default(), more);
    block.extend_from_slice(&hash);
    block.push(TRAILER);
    key.sign(&block)
}

/// How many bytes of fields a key can sign.
pub(super) fn fields_room(key: &PublicKey) -> usize {
    key.len().saturating_sub(OVERHEAD)
}

fn hash(signed: &[u8], more: &[&[u8]]) -> [u8; 20] {
    let mut hash = Sha1::new_with_prefix(signed);
    more.iter().for_each(|part| hash.update(part));
    hash.finalize().into()
}

/// The failure of a block too short for its fields. Keys of 64 bytes and more never lead here.
pub(super) fn too_short() -> StepFailed {
    StepFailed { step: Step::Length, expected: "all fields".to_owned(), found: "a shorter block".to_owned() }
}
