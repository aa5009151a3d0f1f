//! Application cryptograms and the issuer's answers (EMV Book 2, 8.1, 8.2; Visa cryptogram versions).

use super::{
    aes::AesKey,
    derive::MasterKeyOption,
    des::{Padding, TripleDes},
    method::Method,
    scheme,
    symmetric::SymmetricKey,
};

/// Visa cryptogram versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VisaCvn {
    /// 0A: master key A, no session key, the Card Verification Results, zero padding
    Cvn10,
    /// 11: master key A, no session key, four short items
    Cvn17,
    /// 12: master key B, common session key, the whole Issuer Application Data
    Cvn18,
    /// 22: as 18, with Issuer Application Data of format 2
    Cvn22,
}

/// The data a Visa cryptogram is computed over, as they stood in the transaction.
#[derive(Clone, Copy, Debug)]
pub struct CryptogramData<'a> {
    /// 9F02, Amount Authorised: n12
    pub amount: [u8; 6],
    /// 9F03, Amount Other: n12
    pub amount_other: [u8; 6],
    /// 9F1A, Terminal Country Code
    pub country: [u8; 2],
    /// 95, Terminal Verification Results
    pub tvr: [u8; 5],
    /// 5F2A, Transaction Currency Code
    pub currency: [u8; 2],
    /// 9A, Transaction Date: YYMMDD
    pub date: [u8; 3],
    /// 9C, Transaction Type
    pub transaction_type: u8,
    /// 9F37, Unpredictable Number
    pub unpredictable_number: [u8; 4],
    /// 82, Application Interchange Profile
    pub aip: [u8; 2],
    /// 9F36, Application Transaction Counter
    pub atc: [u8; 2],
    /// 9F10, Issuer Application Data
    pub iad: &'a [u8],
}

impl VisaCvn {
    /// Reads the version from Issuer Application Data: byte 3 of formats 0, 1 and 3 (06 DKI CVN), byte 2 of formats 2
    /// and 4 (1F CVN DKI). The format is the high nibble of the version and must agree. `None` for other versions.
    pub fn from_iad(iad: &[u8]) -> Option<Self> {
        match *iad {
            [0x06, _, 0x0A, ..] => Some(Self::Cvn10),
            [0x06, _, 0x11, ..] => Some(Self::Cvn17),
            [0x06, _, 0x12, ..] => Some(Self::Cvn18),
            [0x1F, 0x22, ..] => Some(Self::Cvn22),
            _ => None,
        }
    }

    /// The name for people: `CVN 18`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cvn10 => "CVN 10",
            Self::Cvn17 => "CVN 17",
            Self::Cvn18 => "CVN 18",
            Self::Cvn22 => "CVN 22",
        }
    }

    /// How the card's master key is derived.
    pub const fn master_key_option(self) -> MasterKeyOption {
        match self {
            Self::Cvn10 | Self::Cvn17 => MasterKeyOption::A,
            Self::Cvn18 | Self::Cvn22 => MasterKeyOption::B,
        }
    }

    /// How it is computed.
    pub const fn method(self) -> Method {
        match self {
            Self::Cvn10 => scheme::VISA_10,
            Self::Cvn17 => scheme::VISA_17,
            Self::Cvn18 => scheme::VISA_18,
            Self::Cvn22 => scheme::VISA_22,
        }
    }

    /// The cryptogram (ARQC, TC or AAC) under the card's master key. `None` if the Issuer Application Data end before
    /// their Card Verification Results: 7 bytes in formats 0, 1 and 3 (5 are enough for CVN 17), 8 in format 2.
    pub fn cryptogram(self, master_key: &[u8; 16], data: &CryptogramData<'_>) -> Option<[u8; 8]> {
        self.method().cryptogram(&SymmetricKey::TripleDes(*master_key), data)
    }

    /// Issuer Authentication Data (91). Versions 10 and 17 use ARPC method 1 under the master key, ARPC then response
    /// code, 10 bytes; versions 18 and 22 method 2 under the session key, ARPC then Card Status Update, 8 bytes.
    pub fn issuer_authentication_data(
        self,
        master_key: &[u8; 16],
        atc: [u8; 2],
        arqc: [u8; 8],
        answer: IssuerAnswer,
    ) -> Vec<u8> {
        let method = self.method();
        // No version has an unpredictable number in its session key.
        let key = method.arpc_key(&SymmetricKey::TripleDes(*master_key), atc, [0; 4]);
        let arpc = key.and_then(|key| method.arpc.compute(&key, arqc, answer, &[])).unwrap_or_default();
        method.arpc.authentication_data(&arpc, answer, &[])
    }
}

/// The issuer's decision, in both forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IssuerAnswer {
    /// 8A, Authorisation Response Code: two ASCII characters
    pub response_code: [u8; 2],
    /// Card Status Update
    pub csu: [u8; 4],
}

/// ARPC method 1 (Book 2, 8.2.1): DES3(key) over the ARQC with the response code added to its left.
pub fn arpc_method_1(key: &[u8; 16], arqc: [u8; 8], response_code: [u8; 2]) -> [u8; 8] {
    TripleDes::new(key).encrypt(with_response_code(arqc, response_code))
}

/// ARPC method 2 (Book 2, 8.2.2): 4 bytes of MAC over ARQC, Card Status Update and 0 to 8 bytes of proprietary
/// authentication data.
pub fn arpc_method_2(key: &[u8; 16], arqc: [u8; 8], csu: [u8; 4], proprietary: &[u8]) -> [u8; 4] {
    let [a, b, c, d, ..] = TripleDes::new(key).mac(Padding::Iso, &[&arqc, &csu, proprietary]);
    [a, b, c, d]
}

/// An application cryptogram with AES: the leftmost 8 bytes of CMAC over the concatenated `parts` (Book 2, 8.1.2).
pub fn application_cryptogram_aes(session_key: &AesKey, parts: &[&[u8]]) -> [u8; 8] {
    leftmost_half(session_key.cmac(parts))
}

/// ARPC method 1 with AES (Book 2, 8.2.1): the block is filled with zeros, the leftmost 8 bytes are used.
pub fn arpc_method_1_aes(key: &AesKey, arqc: [u8; 8], response_code: [u8; 2]) -> [u8; 8] {
    let block = u128::from(u64::from_be_bytes(with_response_code(arqc, response_code))) << 64;
    leftmost_half(key.encrypt(block.to_be_bytes()))
}

/// ARPC method 2 with AES (Book 2, 8.2.2): as [`arpc_method_2`] with CMAC.
pub fn arpc_method_2_aes(key: &AesKey, arqc: [u8; 8], csu: [u8; 4], proprietary: &[u8]) -> [u8; 4] {
    let [a, b, c, d, ..] = key.cmac(&[&arqc, &csu, proprietary]);
    [a, b, c, d]
}

/// The block of method 1: the response code added to the first two bytes of the ARQC.
pub fn with_response_code([a, b, c, d, e, f, g, h]: [u8; 8], [first, second]: [u8; 2]) -> [u8; 8] {
    [a ^ first, b ^ second, c, d, e, f, g, h]
}

fn leftmost_half([a, b, c, d, e, f, g, h, ..]: [u8; 16]) -> [u8; 8] {
    [a, b, c, d, e, f, g, h]
}

/// What an issuer found out about a cryptogram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CryptogramCheck {
    /// It is the card's.
    Valid,
    /// It is not the card's, or not over these data.
    Wrong,
    /// It cannot be checked: data or keys are missing, or the version is unknown.
    Unverifiable,
}

impl CryptogramCheck {
    /// The name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Wrong => "wrong",
            Self::Unverifiable => "unverifiable",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATA: CryptogramData<'_> = CryptogramData {
        amount: [0; 6],
        amount_other: [0; 6],
        country: [0; 2],
        tvr: [0; 5],
        currency: [0; 2],
        date: [0; 3],
        transaction_type: 0,
        unpredictable_number: [0; 4],
        aip: [0; 2],
        atc: [0; 2],
        iad: &[],
    };

    #[test]
    fn a_version_needs_the_format_it_belongs_to() {
        for none in [&[][..], &[0x06], &[0x06, 0x01], &[0x06, 0x0A, 0x01], &[0x06, 0x01, 0x22], &[0x1F, 0x0A, 0x01]] {
            assert_eq!(VisaCvn::from_iad(none), None, "{none:02X?}");
        }
        assert_eq!(VisaCvn::from_iad(&[0x06, 0x01, 0x11]), Some(VisaCvn::Cvn17));
        assert_eq!(VisaCvn::from_iad(&[0x1F, 0x22]), Some(VisaCvn::Cvn22));
    }

    #[test]
    fn short_issuer_application_data_give_no_cryptogram() {
        let versions = [(VisaCvn::Cvn10, 7), (VisaCvn::Cvn17, 5), (VisaCvn::Cvn18, 7), (VisaCvn::Cvn22, 8)];
        for (version, enough) in versions {
            let with = |length| {
                let iad = vec![0; length];
                version.cryptogram(&[1; 16], &CryptogramData { iad: &iad, ..DATA })
            };
            assert_eq!((with(0), with(enough - 1)), (None, None), "{}", version.name());
            assert!(with(enough).is_some(), "{}", version.name());
        }
    }
}
