//! Every way a transaction of Kernel 2 can end before its time. A fault says which end the book gives it; `ends` makes the
//! Outcome of it, in one place.

use crate::apdu::{LinkFault, StatusWord};

/// Error Indication (DF8115), byte 2: what is wrong with the card's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum L2 {
    /// `01`
    CardDataMissing,
    /// `02`
    CamFailed,
    /// `03`, with the status word in bytes 4 and 5
    StatusBytes,
    /// `04`
    ParsingError,
    /// `05`
    MaxLimitExceeded,
    /// `06`
    CardDataError,
    /// `07`
    MagStripeNotSupported,
    /// `0B`
    IdsReadError,
    /// `0C`
    IdsWriteError,
    /// `0D`
    IdsDataError,
    /// `0E`
    IdsNoMatchingAc,
}

impl L2 {
    /// The byte.
    pub const fn code(self) -> u8 {
        match self {
            Self::CardDataMissing => 0x01,
            Self::CamFailed => 0x02,
            Self::StatusBytes => 0x03,
            Self::ParsingError => 0x04,
            Self::MaxLimitExceeded => 0x05,
            Self::CardDataError => 0x06,
            Self::MagStripeNotSupported => 0x07,
            Self::IdsReadError => 0x0B,
            Self::IdsWriteError => 0x0C,
            Self::IdsDataError => 0x0D,
            Self::IdsNoMatchingAc => 0x0E,
        }
    }
}

/// Error Indication (DF8115), byte 3: what ended the transaction from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum L3 {
    /// `01`: the terminal did not answer in time
    TimeOut,
    /// `02`: the terminal said stop
    Stop,
    /// `03`: nobody gave the amount
    AmountNotPresent,
}

impl L3 {
    /// The byte.
    pub const fn code(self) -> u8 {
        match self {
            Self::TimeOut => 0x01,
            Self::Stop => 0x02,
            Self::AmountNotPresent => 0x03,
        }
    }
}

/// Error Indication (DF8115), byte 1. What is no fault of the air interface counts as the nearest one.
pub const fn l1(fault: LinkFault) -> u8 {
    match fault {
        LinkFault::Transmission => 0x02,
        LinkFault::Protocol | LinkFault::Collision => 0x03,
        _ => 0x01,
    }
}

/// Why Kernel 2 cannot go on, and which of the book's ends follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// End Application, "try another card".
    OtherCard {
        /// What is wrong.
        error: L2,
        /// The status word, if that is what is wrong.
        status: Option<StatusWord>,
    },
    /// The same for an error of the air interface after which the card may have written.
    OtherCardAfterLink(LinkFault),
    /// Select Next, Start C.
    SelectNext {
        /// What is wrong.
        error: L2,
        /// The status word, if that is what is wrong.
        status: Option<StatusWord>,
        /// Whether a Field Off Request that was set is taken back.
        keep_field: bool,
    },
    /// End Application, Start B, "present card again".
    TryAgain(LinkFault),
    /// Try Again, Start B, no message: the card was lost while it worked on GET PROCESSING OPTIONS.
    GpoLost(LinkFault),
    /// End Application without a message.
    Quiet(L3),
}

impl Fault {
    /// "Try another card" because of the card's data.
    pub const fn card(error: L2) -> Self {
        Self::OtherCard { error, status: None }
    }

    /// "Try another card" because of a status word.
    pub const fn status(status: StatusWord) -> Self {
        Self::OtherCard { error: L2::StatusBytes, status: Some(status) }
    }

    /// Select Next because of the card's data.
    pub const fn next(error: L2) -> Self {
        Self::SelectNext { error, status: None, keep_field: false }
    }
}
