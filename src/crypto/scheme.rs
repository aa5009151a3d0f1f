//! Cryptogram versions by name: the one table of what payment systems do.
//!
//! Facts are public ones. Where no public source says something, the row has [`Evidence::Unsure`] and the value is a default
//! that the command line can override.

use super::{
    des::Padding::{Iso, Zero},
    method::{
        Arpc, ArpcKey,
        CardKey::{self, A, B, C},
        Input,
        Mac::{self, Cmac, Retail},
        Method,
        SessionKey::{self, Common, Mastercard, UnionPay},
    },
    tree::Tree,
};

/// How sure a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Evidence {
    /// Public sources or published code agree.
    Public,
    /// Parts of it are from one source, or from memory.
    Unsure,
}

/// A cryptogram version of a payment system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// The name on the command line: `visa-18`. Numbers are decimal, as people say them.
    pub name: &'static str,
    /// For people.
    pub title: &'static str,
    /// Other names: the number in hex.
    pub aliases: &'static [&'static str],
    /// The payment system, by the first bytes of its AIDs.
    pub rid: &'static [[u8; 5]],
    /// Where the version stands in the Issuer Application Data, and what stands there and at the beginning.
    shape: Shape,
    /// What is computed.
    pub method: Method,
    /// How issuer scripts are protected.
    pub messaging: super::messaging::Messaging,
    /// How sure it is.
    pub evidence: Evidence,
    /// Where the facts are from, for people.
    pub source: &'static str,
}

/// How Issuer Application Data look that name a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shape {
    /// The first byte, if it is fixed.
    first: Option<u8>,
    /// Where the version is.
    at: usize,
    version: u8,
    lengths: (usize, usize),
}

const fn shape(first: Option<u8>, at: usize, version: u8, lengths: (usize, usize)) -> Shape {
    Shape { first, at, version, lengths }
}

const fn method(card_key: CardKey, session_key: SessionKey, input: Input, mac: Mac, arpc: Arpc) -> Method {
    Method { card_key, session_key, input, mac, arpc }
}

const VISA: &[[u8; 5]] = &[[0xA0, 0, 0, 0, 3], [0xA0, 0, 0, 0, 0x98]];
const MASTERCARD: &[[u8; 5]] = &[[0xA0, 0, 0, 0, 4]];
const INTERAC: &[[u8; 5]] = &[[0xA0, 0, 0, 2, 0x77]];
const JCB: &[[u8; 5]] = &[[0xA0, 0, 0, 0, 0x65]];
const AMEX: &[[u8; 5]] = &[[0xA0, 0, 0, 0, 0x25]];
const DISCOVER: &[[u8; 5]] = &[[0xA0, 0, 0, 1, 0x52], [0xA0, 0, 0, 3, 0x24]];
const UNIONPAY: &[[u8; 5]] = &[[0xA0, 0, 0, 3, 0x33]];

/// Card Verification Results behind their length, in Issuer Application Data of 06 DKI CVN 03.
const VISA_CVR: Input = Input::WithPart(3, 7);
/// Card Verification Results of M/Chip: KDI, CVN, then 6 bytes.
const MCHIP_CVR: Input = Input::WithPart(2, 8);
/// And the counters behind the DAC.
const MCHIP_COUNTERS: Input = Input::WithParts([2, 8], [10, 18]);
/// As far as the Issuer Application Data go.
const MCHIP_EXTENDED: Input = Input::WithParts([2, 8], [10, 0]);

const ONE_CARD: Arpc = Arpc::One(ArpcKey::Card);
const ONE_SESSION: Arpc = Arpc::One(ArpcKey::Session);
const TWO_SESSION: Arpc = Arpc::Two(ArpcKey::Session);

/// Visa, version 10
pub(super) const VISA_10: Method = method(A, SessionKey::None, VISA_CVR, Retail(Zero), ONE_CARD);
/// Visa, version 17
pub(super) const VISA_17: Method = method(A, SessionKey::None, Input::Short(4), Retail(Zero), ONE_CARD);
/// Visa, version 18
pub(super) const VISA_18: Method = method(B, Common, Input::WithIad(7), Retail(Iso), TWO_SESSION);
/// Visa, version 22
pub(super) const VISA_22: Method = method(B, Common, Input::WithIad(8), Retail(Iso), TWO_SESSION);

const PYEMV: &str = "published code (pyemv)";
const BOOK_2: &str = "EMV Book 2, 8 and A1, and Book 3, Common Core Definitions";
const MEMORY_17: &str = "from memory: no public source says the order of the data";
const TREE: &str = "the tree is published (EMV 2000, pyemv); that these numbers mean it is from memory";
const MCHIP_AES: &str = "one published issuer helper";
const JCB_01: &str = "a card key as Visa CVN 10 (guide of AWS Payment Cryptography); the data are taken to be Visa's";
const JCB_04: &str = "common session key (guide of AWS Payment Cryptography); the rest is from memory";
const MEMORY: &str = "from memory: no public source is known";
const JRT_0025: &str = "JR/T 0025, a Chinese public standard; read at second hand";

macro_rules! versions {
    ($($name:literal $title:literal $aliases:expr, $rid:expr, $shape:expr, $messaging:ident $evidence:ident $source:expr =>
       $method:expr;)*) => {
        /// Every version.
        pub const VERSIONS: &[Version] = &[$(Version {
            name: $name,
            title: $title,
            aliases: &$aliases,
            rid: $rid,
            shape: $shape,
            method: $method,
            messaging: super::messaging::Messaging::$messaging,
            evidence: Evidence::$evidence,
            source: $source,
        }),*];
    };
}

versions! {
    "visa-10" "Visa CVN 10" ["visa-0a"], VISA, shape(Some(6), 2, 0x0A, (7, 32)), Visa Public PYEMV =>
        VISA_10;
    "visa-17" "Visa CVN 17" ["visa-11"], VISA, shape(Some(6), 2, 0x11, (7, 32)), Visa Unsure MEMORY_17 =>
        VISA_17;
    "visa-18" "Visa CVN 18" ["visa-12"], VISA, shape(Some(6), 2, 0x12, (7, 32)), Visa Public PYEMV =>
        VISA_18;
    "visa-22" "Visa CVN 22 (22 in hex, 34)" ["visa-34", "visa-0x22"], VISA, shape(Some(0x1F), 1, 0x22, (8, 32)), VisaCommon Public PYEMV =>
        VISA_22;
    "mastercard-16" "Mastercard CVN 16 (10 in hex): SKD" ["mastercard-10"], MASTERCARD, shape(None, 1, 0x10, (8, 32)), Mastercard Public PYEMV =>
        method(A, Mastercard, MCHIP_CVR, Retail(Iso), ONE_CARD);
    "mastercard-17" "Mastercard CVN 17 (11 in hex): SKD, with counters" ["mastercard-11"], MASTERCARD, shape(None, 1, 0x11, (18, 32)), Mastercard Public PYEMV =>
        method(A, Mastercard, MCHIP_COUNTERS, Retail(Iso), ONE_CARD);
    "mastercard-18" "Mastercard CVN 18 (12 in hex): EMV 2000 session keys" ["mastercard-12"], MASTERCARD, shape(None, 1, 0x12, (8, 32)), Mastercard Unsure TREE =>
        method(A, SessionKey::Tree(Tree::FOUR), MCHIP_CVR, Retail(Iso), ONE_SESSION);
    "mastercard-19" "Mastercard CVN 19 (13 in hex): EMV 2000 session keys, with counters" ["mastercard-13"], MASTERCARD, shape(None, 1, 0x13, (18, 32)), Mastercard Unsure TREE =>
        method(A, SessionKey::Tree(Tree::FOUR), MCHIP_COUNTERS, Retail(Iso), ONE_SESSION);
    "mastercard-20" "Mastercard CVN 20 (14 in hex): common session key" ["mastercard-14"], MASTERCARD, shape(None, 1, 0x14, (8, 32)), Mastercard Public PYEMV =>
        method(A, Common, MCHIP_CVR, Retail(Iso), ONE_SESSION);
    "mastercard-21" "Mastercard CVN 21 (15 in hex): common session key, with counters" ["mastercard-15"], MASTERCARD, shape(None, 1, 0x15, (18, 32)), Mastercard Public PYEMV =>
        method(A, Common, MCHIP_COUNTERS, Retail(Iso), ONE_SESSION);
    "mastercard-22" "Mastercard CVN 22 (16 in hex): AES" [], MASTERCARD, shape(None, 1, 0x16, (8, 32)), MastercardAes Unsure MCHIP_AES =>
        method(C, Common, MCHIP_CVR, Cmac, Arpc::Cmac(ArpcKey::Session));
    "mastercard-23" "Mastercard CVN 23 (17 in hex): AES, with counters" [], MASTERCARD, shape(None, 1, 0x17, (18, 32)), MastercardAes Unsure MCHIP_AES =>
        method(C, Common, MCHIP_EXTENDED, Cmac, Arpc::Cmac(ArpcKey::Session));
    "ccd-a5" "Common Core Definitions, A5: triple DES" ["ccd-5"], &[], shape(Some(0x0F), 1, 0xA5, (32, 32)), Ccd Public BOOK_2 =>
        method(B, Common, Input::WithIad(32), Retail(Iso), TWO_SESSION);
    "ccd-a6" "Common Core Definitions, A6: AES" ["ccd-6"], &[], shape(Some(0x0F), 1, 0xA6, (32, 32)), CcdAes Public BOOK_2 =>
        method(C, Common, Input::WithIad(32), Cmac, TWO_SESSION);
    "interac-133" "Interac CVN 133 (85 in hex)" ["interac-85"], INTERAC, shape(None, 2, 0x85, (8, 32)), Interac Public PYEMV =>
        method(A, Mastercard, Input::WithIad(8), Retail(Iso), ONE_SESSION);
    "jcb-01" "JCB CVN 01" ["jcb-1"], JCB, shape(None, 2, 0x01, (7, 32)), Visa Unsure JCB_01 =>
        method(A, SessionKey::None, VISA_CVR, Retail(Zero), ONE_CARD);
    "jcb-04" "JCB CVN 04: common session key" ["jcb-4"], JCB, shape(None, 2, 0x04, (7, 32)), VisaCommon Unsure JCB_04 =>
        method(A, Common, Input::WithIad(7), Retail(Iso), TWO_SESSION);
    "amex-01" "American Express CVN 01" ["amex-1"], AMEX, shape(Some(6), 2, 0x01, (7, 32)), Visa Unsure MEMORY =>
        method(A, SessionKey::None, VISA_CVR, Retail(Zero), ONE_CARD);
    "amex-02" "American Express CVN 02: common session key" ["amex-2"], AMEX, shape(Some(6), 2, 0x02, (7, 32)), VisaCommon Unsure MEMORY =>
        method(A, Common, Input::WithIad(7), Retail(Iso), ONE_SESSION);
    "discover-05" "Discover D-PAS CVN 05: common session key" ["discover-5"], DISCOVER, shape(None, 2, 0x05, (7, 32)), VisaCommon Unsure MEMORY =>
        method(A, Common, Input::WithIad(7), Retail(Iso), ONE_SESSION);
    "unionpay-01" "UnionPay CVN 01 (JR/T 0025)" ["unionpay-1"], UNIONPAY, shape(Some(7), 2, 0x01, (7, 32)), UnionPay Unsure JRT_0025 =>
        method(A, UnionPay, VISA_CVR, Retail(Iso), ONE_SESSION);
}

impl Version {
    /// The version of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        let name = name.to_ascii_lowercase();
        VERSIONS.iter().find(|version| version.name == name || version.aliases.contains(&name.as_str()))
    }

    /// The version that Issuer Application Data name. Two payment systems may mean different things by the same bytes: with
    /// the RID of the application, its own versions and those of everybody are asked first.
    pub fn of_iad(rid: Option<[u8; 5]>, iad: &[u8]) -> Option<&'static Self> {
        let fits = |version: &&Self| version.shape.fits(iad);
        let own = |version: &&Self| rid.is_some_and(|rid| version.rid.contains(&rid)) || version.rid.is_empty();
        let mine = VERSIONS.iter().filter(own).find(fits);
        mine.or_else(|| VERSIONS.iter().filter(|_| rid.is_none()).find(fits))
    }

    /// Whether it is computed with AES.
    pub const fn is_aes(&self) -> bool {
        matches!(self.method.mac, Cmac)
    }
}

impl Shape {
    fn fits(&self, iad: &[u8]) -> bool {
        self.first.is_none_or(|first| iad.first() == Some(&first))
            && iad.get(self.at) == Some(&self.version)
            && (self.lengths.0..=self.lengths.1).contains(&iad.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        let names: Vec<&str> = VERSIONS
            .iter()
            .flat_map(|version| core::iter::once(&version.name).chain(version.aliases))
            .copied()
            .collect();
        for (at, name) in names.iter().enumerate() {
            assert!(!names[at + 1..].contains(name), "{name}");
            assert!(Version::named(&name.to_uppercase()).is_some());
        }
    }

    #[test]
    fn data_name_their_version() {
        let of = |rid, iad: &str| Version::of_iad(rid, &hex::decode(iad).unwrap()).map(|version| version.name);
        assert_eq!(of(None, "06010A03A00000"), Some("visa-10"));
        assert_eq!(of(None, "06011203A0B800"), Some("visa-18"));
        assert_eq!(of(None, "1F22010000000000"), Some("visa-22"));
        assert_eq!(of(None, "0110A00003220000FFFF0000000000000000"), Some("mastercard-16"));
        assert_eq!(of(None, "1501850440B100000000B00000000000000000000000"), Some("interac-133"));
        assert_eq!(of(Some([0xA0, 0, 0, 3, 0x33]), "07010103A4A00201"), Some("unionpay-01"));
        assert_eq!(of(Some([0xA0, 0, 0, 0, 0x65]), "07010103A4A00201"), Some("jcb-01"));
        assert_eq!(of(Some([0xA0, 0, 0, 0, 3]), "07010103A4A00201"), None);
        assert_eq!(of(None, ""), None);
    }
}
