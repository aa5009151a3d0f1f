//! Every way a card, or the way to it, can be wrong.
//!
//! A fault says what is wrong and nothing about what follows from it: that is for the kernel, in one place (`c3/outcome.rs`),
//! because the books cite different rules and end differently for the same fault.

use core::fmt;

use crate::{
    apdu::{LinkFault, StatusWord},
    data::AflError,
    tlv::{Error, Tag},
};

/// Why a kernel cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The air interface failed.
    Link(LinkFault),
    /// The kernel was activated without the answer to SELECT, or with a bad one.
    FciMissing,
    /// The answer to SELECT is not one template 6F.
    FciTemplate,
    /// The answer to SELECT is not BER-TLV.
    FciMalformed(Error),
    /// The PDOL is not a data object list.
    PdolMalformed(Error),
    /// The PDOL asks for more than a command can carry.
    PdolTooLong,
    /// GET PROCESSING OPTIONS was answered with another status word than 9000.
    GpoStatus(StatusWord),
    /// The answer to GET PROCESSING OPTIONS is not one template 77 or 80.
    GpoTemplate,
    /// The answer to GET PROCESSING OPTIONS is not BER-TLV.
    GpoMalformed(Error),
    /// Bytes follow the template of the answer to GET PROCESSING OPTIONS.
    GpoTrailing,
    /// Template 80 does not hold an AIP and an AFL of one entry or more.
    GpoFormat1Length(usize),
    /// The AFL has no whole entries, or an entry that names impossible files or records.
    Afl(AflError),
    /// READ RECORD was answered with another status word than 9000.
    RecordStatus(StatusWord),
    /// A record of the files 1 to 10 is not one template 70.
    RecordTemplate,
    /// A record is not BER-TLV.
    RecordMalformed(Error),
    /// The card sent an object twice.
    Duplicate(Tag),
    /// An object has a length or a digit that its format does not allow.
    ObjectFormat(Tag),
    /// A mandatory object is absent or empty.
    Missing(Tag),
    /// The PAN (5A) is another one than the one in Track 2 Equivalent Data (57).
    PanMismatch,
    /// There is neither a CID nor an Issuer Application Data long enough to tell the cryptogram's type.
    CryptogramTypeUnknown,
    /// Issuer authentication data or scripts that no command can carry.
    IssuerDataTooLong,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link(fault) => write!(f, "{fault}"),
            Self::FciMissing => write!(f, "there is no answer to SELECT"),
            Self::FciTemplate => write!(f, "the answer to SELECT is not one template 6F"),
            Self::FciMalformed(error) => write!(f, "the answer to SELECT is not TLV: {error}"),
            Self::PdolMalformed(error) => write!(f, "the PDOL (9F38) is no data object list: {error}"),
            Self::PdolTooLong => write!(f, "the PDOL (9F38) asks for more than a command can carry"),
            Self::GpoStatus(status) => write!(f, "GET PROCESSING OPTIONS answered {status}, not 9000"),
            Self::GpoTemplate => write!(f, "the answer to GET PROCESSING OPTIONS is neither template 77 nor 80"),
            Self::GpoMalformed(error) => write!(f, "the answer to GET PROCESSING OPTIONS is not TLV: {error}"),
            Self::GpoTrailing => write!(f, "bytes follow the template of the answer to GET PROCESSING OPTIONS"),
            Self::GpoFormat1Length(found) => {
                write!(
                    f,
                    "template 80 wants AIP (2 bytes) and AFL (4 bytes an entry, one at least), it has {found} bytes"
                )
            }
            Self::Afl(error) => write!(f, "the AFL (94) is wrong, {error}"),
            Self::RecordStatus(status) => write!(f, "READ RECORD answered {status}, not 9000"),
            Self::RecordTemplate => write!(f, "a record of the files 1 to 10 must be one template 70"),
            Self::RecordMalformed(error) => write!(f, "a record is not TLV: {error}"),
            Self::Duplicate(tag) => write!(f, "the card sent {tag} twice"),
            Self::ObjectFormat(tag) => write!(f, "{tag} has a length or a digit that its format does not allow"),
            Self::Missing(tag) => write!(f, "{tag} is mandatory and missing"),
            Self::PanMismatch => write!(f, "the PAN (5A) differs from the PAN in Track 2 Equivalent Data (57)"),
            Self::CryptogramTypeUnknown => {
                write!(f, "no CID (9F27), and the IAD (9F10) has fewer than 5 bytes: the cryptogram's type is unknown")
            }
            Self::IssuerDataTooLong => write!(f, "the issuer's answer does not fit the commands that carry it"),
        }
    }
}

impl core::error::Error for Fault {}

impl From<LinkFault> for Fault {
    fn from(fault: LinkFault) -> Self {
        Self::Link(fault)
    }
}

#[cfg(test)]
impl Fault {
    /// Every kind of fault once, for tests that look at all of them.
    pub(crate) fn one_of_each() -> impl Iterator<Item = Self> {
        use crate::data::{AflErrorKind, dictionary::AIP_82};
        let tlv = crate::tlv::objects(&[0x82]).find_map(Result::err).expect("a tag without a length is no object");
        let afl = AflError { entry: 1, kind: AflErrorKind::FirstRecord };
        [
            Self::Link(LinkFault::Timeout),
            Self::FciMissing,
            Self::FciTemplate,
            Self::FciMalformed(tlv),
            Self::PdolMalformed(tlv),
            Self::PdolTooLong,
            Self::GpoStatus(StatusWord(0x6A81)),
            Self::GpoTemplate,
            Self::GpoMalformed(tlv),
            Self::GpoTrailing,
            Self::GpoFormat1Length(0),
            Self::Afl(afl),
            Self::RecordStatus(StatusWord(0x6A83)),
            Self::RecordTemplate,
            Self::RecordMalformed(tlv),
            Self::Duplicate(AIP_82),
            Self::ObjectFormat(AIP_82),
            Self::Missing(AIP_82),
            Self::PanMismatch,
            Self::CryptogramTypeUnknown,
            Self::IssuerDataTooLong,
        ]
        .into_iter()
    }
}
