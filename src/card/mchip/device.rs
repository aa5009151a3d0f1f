//! Verification of the card's owner on the device that the card is in, such as a phone.

use super::{Applet, Values};
use crate::{
    card::profile::DeviceVerification,
    data::dictionary::{CVM_RESULTS_9F34, MOBILE_SUPPORT_INDICATOR_9F7E},
};

/// CVM Results of a reader that relies on the device: it writes the code of a PIN that the card has verified (C-2, CVM.4).
const VERIFIED_ON_DEVICE: [u8; 3] = [0x01, 0x00, 0x02];
/// Mobile Support Indicator, bit 2: the reader requires it.
const REQUIRED: u8 = 0x02;

/// POS Cardholder Interaction Information (DF4B), byte 2: verification successful.
const SUCCESSFUL: [u8; 3] = [0x00, 0x10, 0x00];
/// The same: verification required.
const WANTED: [u8; 3] = [0x00, 0x01, 0x00];

/// What the device has to say about its owner.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// Nothing.
    Unknown,
    /// The owner has been verified.
    Verified,
    /// The terminal relies on it, but it has yet to be done.
    Missing,
}

impl Owner {
    /// DF4B, if there is anything to say.
    pub const fn interaction(self) -> Option<[u8; 3]> {
        match self {
            Self::Unknown => None,
            Self::Verified => Some(SUCCESSFUL),
            Self::Missing => Some(WANTED),
        }
    }
}

impl Applet {
    /// Where verification stands in this transaction. After a tap that missed it, the owner is taken to have done it.
    pub(super) fn owner(&mut self, told: &Values) -> Owner {
        if self.settings.device_verification == DeviceVerification::Never {
            return Owner::Unknown;
        }
        let relied_on = told.get(CVM_RESULTS_9F34) == Some(&VERIFIED_ON_DEVICE)
            || told.array(MOBILE_SUPPORT_INDICATOR_9F7E).is_some_and(|[indicator]| indicator & REQUIRED != 0);
        match (self.verified, relied_on, self.settings.device_verification) {
            (true, _, DeviceVerification::SecondTap) => {
                self.verified = false;
                Owner::Verified
            }
            (true, ..) => Owner::Verified,
            (false, true, _) => {
                self.verified = true;
                Owner::Missing
            }
            (false, false, _) => Owner::Unknown,
        }
    }
}
