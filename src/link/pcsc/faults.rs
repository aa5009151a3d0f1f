//! What PC/SC says, as what it means for a tap or for the person.

use pcsc::Error;

use super::Trouble;
use crate::apdu::LinkFault;

/// A fault with PC/SC's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failed {
    pub(super) fault: LinkFault,
    pub(super) said: String,
}

impl Failed {
    pub(super) fn new(fault: LinkFault, said: impl Into<String>) -> Self {
        Self { fault, said: said.into() }
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::new(fault(error), error.to_string())
    }
}

/// What an error is to a tap. A reset means that somebody else, or the field, was off in between: the card is a new one.
/// An answer longer than any APDU is the card's doing, and the command is not sent again.
pub(super) const fn fault(error: Error) -> LinkFault {
    match error {
        Error::RemovedCard
        | Error::ResetCard
        | Error::UnpoweredCard
        | Error::UnresponsiveCard
        | Error::NoSmartcard
        | Error::Timeout => LinkFault::Timeout,
        Error::NotTransacted
        | Error::CommError
        | Error::CommDataLost
        | Error::UnknownError
        | Error::InternalError
        | Error::InvalidValue => LinkFault::Transmission,
        Error::InsufficientBuffer | Error::InvalidAtr | Error::UnsupportedCard => LinkFault::Protocol,
        Error::Cancelled | Error::CancelledByUser => LinkFault::Cancelled,
        _ => LinkFault::Unusable,
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        match error {
            Error::NoService | Error::ServiceStopped => Self::NoService,
            Error::NoAccess | Error::SecurityViolation => Self::NoAccess,
            Error::NoReadersAvailable => Self::NoReader,
            error => Self::Other(error.to_string()),
        }
    }
}
