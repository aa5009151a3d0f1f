//! How a cryptogram is made, as data: which keys, over what, with which MAC, and how the issuer answers.
//!
//! What a card, an issuer and the command line compute is one [`Method`] each; [`super::scheme`] has the methods by name.

use super::{
    cryptogram::{
        CryptogramData, IssuerAnswer, application_cryptogram_aes, arpc_method_1, arpc_method_1_aes, arpc_method_2,
        arpc_method_2_aes,
    },
    derive::{
        self, MasterKeyOption, atc_diversifier, common_session_key, common_session_key_aes, master_key_aes,
        mastercard_session_key, unionpay_session_key,
    },
    des::{Padding, TripleDes},
    symmetric::SymmetricKey,
    tree::Tree,
};

/// How a card's master key comes from the issuer's (Book 2, A1.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CardKey {
    /// Option A: triple DES, the rightmost 16 digits of PAN and sequence number
    A,
    /// Option B: as A; a hash for a PAN of more than 16 digits
    B,
    /// Option C: AES
    C,
}

impl CardKey {
    /// The key; `None` if the issuer's is of the other cipher.
    pub fn derive(self, issuer: &SymmetricKey, pan: &[u8], psn: u8) -> Option<SymmetricKey> {
        let option = match (self, issuer) {
            (Self::A, _) => MasterKeyOption::A,
            (Self::B, _) => MasterKeyOption::B,
            (Self::C, SymmetricKey::Aes(key)) => return Some(SymmetricKey::Aes(master_key_aes(key, pan, psn))),
            (Self::C, SymmetricKey::TripleDes(_)) => return None,
        };
        match issuer {
            SymmetricKey::TripleDes(key) => Some(SymmetricKey::TripleDes(derive::master_key(option, key, pan, psn))),
            SymmetricKey::Aes(_) => None,
        }
    }
}

/// How the key of one transaction comes from the card's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SessionKey {
    /// It is the card's key
    None,
    /// The common session key over the counter (Book 2, A1.3.1)
    Common,
    /// Mastercard's SKD: over counter and unpredictable number
    Mastercard,
    /// The tree of EMV 2000
    Tree(Tree),
    /// JR/T 0025 (UnionPay): over the counter and its complement
    UnionPay,
}

impl SessionKey {
    /// The key; `None` if only triple DES has this derivation and the card's key is AES.
    pub fn derive(self, card: &SymmetricKey, atc: [u8; 2], unpredictable_number: [u8; 4]) -> Option<SymmetricKey> {
        let key = match card {
            SymmetricKey::TripleDes(key) => key,
            SymmetricKey::Aes(key) => {
                return match self {
                    Self::None => Some(card.clone()),
                    Self::Common => {
                        let r = u128::from(u16::from_be_bytes(atc)) << 112;
                        Some(SymmetricKey::Aes(common_session_key_aes(key, r.to_be_bytes())))
                    }
                    _ => None,
                };
            }
        };
        Some(SymmetricKey::TripleDes(match self {
            Self::None => *key,
            Self::Common => common_session_key(key, atc_diversifier(atc)),
            Self::Mastercard => mastercard_session_key(key, atc, unpredictable_number),
            Self::Tree(tree) => tree.session_key(key, atc),
            Self::UnionPay => unionpay_session_key(key, atc),
        }))
    }
}

/// What the cryptogram is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    /// Table 26 of Book 2, then the whole Issuer Application Data, which have at least so many bytes
    WithIad(usize),
    /// Table 26, then these bytes of the Issuer Application Data: their Card Verification Results
    WithPart(usize, usize),
    /// Table 26, then two parts of the Issuer Application Data: their Card Verification Results and counters; an end of 0 is
    /// the end of the data
    WithParts([usize; 2], [usize; 2]),
    /// Table 26 alone
    Table26,
    /// Amount, unpredictable number, counter and one byte of the Issuer Application Data: Visa's version 17
    Short(usize),
}

/// The most parts that an input has.
pub const PARTS: usize = 12;

impl Input {
    /// The data objects in their order, and empty parts after them. `None` if the Issuer Application Data end too early.
    pub fn parts<'a>(self, data: &'a CryptogramData<'_>) -> Option<[&'a [u8]; PARTS]> {
        let (first, second): (&[u8], &[u8]) = match self {
            Self::Table26 => (&[], &[]),
            Self::WithIad(shortest) => (data.iad.get(..).filter(|iad| iad.len() >= shortest)?, &[]),
            Self::WithPart(from, to) => (data.iad.get(from..to)?, &[]),
            Self::WithParts([from, to], [second, end]) => {
                let end = if end == 0 { data.iad.len() } else { end };
                (data.iad.get(from..to)?, data.iad.get(second..end)?)
            }
            Self::Short(at) => {
                let mut parts: [&[u8]; PARTS] = [&[]; PARTS];
                let used = [&data.amount[..], &data.unpredictable_number, &data.atc, data.iad.get(at..at + 1)?];
                parts.iter_mut().zip(used).for_each(|(part, value)| *part = value);
                return Some(parts);
            }
        };
        Some([
            &data.amount,
            &data.amount_other,
            &data.country,
            &data.tvr,
            &data.currency,
            &data.date,
            core::slice::from_ref(&data.transaction_type),
            &data.unpredictable_number,
            &data.aip,
            &data.atc,
            first,
            second,
        ])
    }
}

/// How a cryptogram is computed over its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mac {
    /// ISO 9797-1 algorithm 3: single DES, triple DES at the end
    Retail(Padding),
    /// ISO 9797-1 algorithm 1 with triple DES in every block
    Triple(Padding),
    /// AES CMAC, the leftmost 8 bytes
    Cmac,
}

impl Mac {
    /// 8 bytes; `None` if the key is of the other cipher.
    pub fn compute(self, key: &SymmetricKey, parts: &[&[u8]]) -> Option<[u8; 8]> {
        match (self, key) {
            (Self::Retail(padding), SymmetricKey::TripleDes(key)) => Some(TripleDes::new(key).mac(padding, parts)),
            (Self::Triple(padding), SymmetricKey::TripleDes(key)) => {
                let chained = TripleDes::new(key).encrypt_cbc([0; 8], &padding.fill(&parts.concat()));
                chained.last_chunk().copied()
            }
            (Self::Cmac, SymmetricKey::Aes(key)) => Some(application_cryptogram_aes(key, parts)),
            _ => None,
        }
    }
}

/// Which key an ARPC is made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArpcKey {
    /// The card's master key
    Card,
    /// The session key of the cryptogram
    Session,
}

/// How the issuer answers (Book 2, 8.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arpc {
    /// Method 1: over ARQC and response code, 8 bytes
    One(ArpcKey),
    /// Method 2: over ARQC and Card Status Update, 4 bytes
    Two(ArpcKey),
    /// The leftmost 8 bytes of CMAC over ARQC, response code and zeros
    Cmac(ArpcKey),
}

impl Arpc {
    /// The key it is made with.
    pub const fn key(self) -> ArpcKey {
        match self {
            Self::One(key) | Self::Two(key) | Self::Cmac(key) => key,
        }
    }

    /// The ARPC: 8 bytes, or 4 of method 2; `proprietary` data (0 to 8 bytes) enter only there. `None` if the key is of the
    /// other cipher.
    pub fn compute(
        self,
        key: &SymmetricKey,
        arqc: [u8; 8],
        answer: IssuerAnswer,
        proprietary: &[u8],
    ) -> Option<Vec<u8>> {
        Some(match (self, key) {
            (Self::One(_), SymmetricKey::TripleDes(key)) => arpc_method_1(key, arqc, answer.response_code).to_vec(),
            (Self::One(_), SymmetricKey::Aes(key)) => arpc_method_1_aes(key, arqc, answer.response_code).to_vec(),
            (Self::Two(_), SymmetricKey::TripleDes(key)) => arpc_method_2(key, arqc, answer.csu, proprietary).to_vec(),
            (Self::Two(_), SymmetricKey::Aes(key)) => arpc_method_2_aes(key, arqc, answer.csu, proprietary).to_vec(),
            (Self::Cmac(_), SymmetricKey::Aes(key)) => {
                application_cryptogram_aes(key, &[&arqc, &answer.response_code, &[0; 6]]).to_vec()
            }
            (Self::Cmac(_), SymmetricKey::TripleDes(_)) => return None,
        })
    }

    /// Issuer Authentication Data (91): the ARPC, then what it is over besides the ARQC.
    pub fn authentication_data(self, arpc: &[u8], answer: IssuerAnswer, proprietary: &[u8]) -> Vec<u8> {
        match self {
            Self::One(_) | Self::Cmac(_) => [arpc, &answer.response_code].concat(),
            Self::Two(_) => [arpc, &answer.csu, proprietary].concat(),
        }
    }
}

/// A way to make and answer a cryptogram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Method {
    /// Card key
    pub card_key: CardKey,
    /// Session key
    pub session_key: SessionKey,
    /// Data
    pub input: Input,
    /// MAC
    pub mac: Mac,
    /// Answer
    pub arpc: Arpc,
}

impl Method {
    /// The cryptogram (ARQC, TC or AAC) under the card's master key. `None` if the Issuer Application Data are too short, or the
    /// key is of the other cipher.
    pub fn cryptogram(&self, card: &SymmetricKey, data: &CryptogramData<'_>) -> Option<[u8; 8]> {
        let parts = self.input.parts(data)?;
        if self.session_key == SessionKey::None {
            return self.mac.compute(card, &parts);
        }
        self.mac.compute(&self.session_key.derive(card, data.atc, data.unpredictable_number)?, &parts)
    }

    /// The key that the issuer answers with.
    pub fn arpc_key(&self, card: &SymmetricKey, atc: [u8; 2], unpredictable_number: [u8; 4]) -> Option<SymmetricKey> {
        match self.arpc.key() {
            ArpcKey::Card => Some(card.clone()),
            ArpcKey::Session => self.session_key.derive(card, atc, unpredictable_number),
        }
    }
}

impl Padding {
    /// `data` with the padding, in whole blocks of 8 bytes.
    pub fn fill(self, data: &[u8]) -> Vec<u8> {
        match self {
            Self::Zero => super::modes::pad_zero::<8>(data),
            Self::Iso => super::modes::pad_iso::<8>(data),
        }
    }
}
