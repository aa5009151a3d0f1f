//! EMV cryptography: numbers and bytes. Knows no kernel and no data objects; a tag in a comment only says where a value
//! comes from.
//!
//! - offline authentication: [`rsa`] keys, [`certificate`]s, [`signature`]s of static and dynamic data, [`trust`]
//! - with it: what a card signs together with a cryptogram ([`cda`]), the digest of data storage ([`owhf2`])
//! - online authentication: [`mod@derive`] card and session keys, [`cryptogram`]s and the issuer's answers;
//!   [`method`] says as data how each is made, [`scheme`] which payment system uses which, [`diagnose`] what was mixed up
//! - [`messaging`] for issuer scripts, [`pin_block`]s, [`cvc3`] of magnetic stripe modes
//! - between terminal and backend: [`dukpt`], [`key_block`]s, keys of three parts ([`tdea`])
//! - below them: [`des`] with its MAC, [`aes`] with CMAC, [`modes`] of operation, [`check_value`]s of keys
//!
//! Private and secret keys are wiped when dropped and never printed; what a calculation leaves on the stack is not wiped.
//!
//! A card signs, a terminal verifies and sees each check of EMV Book 2 by name:
//!
//! ```
//! use emvtap::crypto::{rsa::PrivateKey, signature::{FORMAT_DYNAMIC, sign_sdad, verify_sdad}};
//!
//! # fn bytes(text: &str) -> Vec<u8> { hex::decode(text).unwrap() }
//! // a test key of 896 bits
//! let p = bytes("EC972F4C4E183C5C48DFC4FC6D4DE68F47776E7604A32D4B051E04EAE70CECCACBD50971399A7C97793244533BE2EE3A425A2C1386E4B247");
//! let q = bytes("F7E02D72CDE024E9489E1D96E504898C75EC8AD299D21CBF937D50561E777B81766C567475C6A4B519639923C5DBA15F3752385CC834FD1F");
//! let card = PrivateKey::from_primes(&p, &q, &[3]).unwrap();
//!
//! let unpredictable_number = [0x8B, 0x55, 0x63, 0x3B];
//! let dynamic_data = [2, 0x00, 0xAE];
//! let sdad = sign_sdad(&card, FORMAT_DYNAMIC, &dynamic_data, &unpredictable_number).unwrap();
//!
//! let mut steps = Vec::new();
//! let verified = verify_sdad(card.public(), &sdad, &[FORMAT_DYNAMIC], &unpredictable_number, &mut |step, passed| {
//!     steps.push((step.name(), passed));
//! });
//! assert_eq!(verified.unwrap().icc_dynamic_number(), Some(&[0x00, 0xAE][..]));
//! assert_eq!(steps.first(), Some(&("length", true)));
//!
//! let failed = verify_sdad(card.public(), &sdad, &[FORMAT_DYNAMIC], &[0; 4], &mut |_, _| ()).unwrap_err();
//! assert_eq!(failed.step.name(), "hash");
//! ```

pub mod aes;
pub mod cda;
pub mod certificate;
pub mod check_value;
mod crt;
pub mod cryptogram;
pub mod cvc3;
pub mod derive;
pub mod des;
pub mod diagnose;
pub mod dukpt;
mod frame;
pub mod key_block;
pub mod messaging;
pub mod method;
pub mod modes;
pub mod owhf2;
mod pan;
pub mod pin_block;
pub mod prime;
pub mod roca;
pub mod rsa;
pub mod scheme;
pub mod signature;
mod step;
mod symmetric;
pub mod tdea;
pub mod test_keys;
#[cfg(test)]
mod testing;
pub mod tree;
pub mod trust;

pub use symmetric::SymmetricKey;
pub use trust::{CaKey, Exception, Revocation, Trust};
