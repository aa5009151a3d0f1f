//! Response APDUs, and what can come instead of one.

use core::fmt;

use crate::time::Micros;

/// SW1 SW2 of a response.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatusWord(pub u16);

impl StatusWord {
    /// `9000`: done.
    pub const OK: Self = Self(0x9000);

    /// Whether the command was done without warning.
    pub const fn is_ok(self) -> bool {
        self.0 == Self::OK.0
    }

    /// SW1.
    pub const fn sw1(self) -> u8 {
        self.0.to_be_bytes()[0]
    }

    /// SW2.
    pub const fn sw2(self) -> u8 {
        self.0.to_be_bytes()[1]
    }
}

impl fmt::Display for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}

impl fmt::Debug for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A response APDU: a view of what the card sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Response<'a> {
    /// The data field, without the status word.
    pub data: &'a [u8],
    /// The status word.
    pub status: StatusWord,
    /// How long the exchange took, measured or simulated.
    pub elapsed: Micros,
}

impl<'a> Response<'a> {
    /// Splits a response; `None` if it has fewer than two bytes.
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (data, status) = bytes.split_last_chunk::<2>()?;
        Some(Self { data, status: StatusWord(u16::from_be_bytes(*status)), elapsed: Micros::ZERO })
    }
}

/// What the air interface says instead of giving a response (EMV Contactless Book D).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkFault {
    /// The card did not answer in time, or has left the field.
    Timeout,
    /// Bytes were damaged on their way.
    Transmission,
    /// The card broke the protocol, or sent fewer than two bytes.
    Protocol,
    /// More than one card answered the poll.
    Collision,
    /// No card came into the field while the reader was willing to wait.
    NoCard,
    /// A card was inserted into the contact interface (Book A, 8.1.1.10).
    ContactCard,
    /// The person at the machine, or the program, asked to stop.
    Cancelled,
    /// The reader itself is gone or cannot be used.
    Unusable,
}

impl LinkFault {
    /// The name in results and in the shim protocol.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Transmission => "transmission",
            Self::Protocol => "protocol",
            Self::Collision => "collision",
            Self::NoCard => "no-card",
            Self::ContactCard => "contact-card",
            Self::Cancelled => "cancelled",
            Self::Unusable => "unusable",
        }
    }

    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Timeout,
        Self::Transmission,
        Self::Protocol,
        Self::Collision,
        Self::NoCard,
        Self::ContactCard,
        Self::Cancelled,
        Self::Unusable,
    ];
}

impl fmt::Display for LinkFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Timeout => "the card does not answer",
            Self::Transmission => "transmission error",
            Self::Protocol => "protocol error",
            Self::Collision => "more than one card in the field",
            Self::NoCard => "no card was presented",
            Self::ContactCard => "a card was inserted into the contact interface",
            Self::Cancelled => "stopped",
            Self::Unusable => "the reader cannot be used",
        })
    }
}

impl core::error::Error for LinkFault {}
