//! Outcomes (EMV Contactless Book A, chapter 6), and the User Interface Requests in them.

use core::fmt;

mod ui;

pub use ui::{Language, MessageId, Tenths, UiRequest, UiStatus, UiValue, ValueQualifier};

/// What the kernel, or Entry Point, decided (Book A, table 6-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OutcomeResult {
    /// Approved offline, or after an online restart.
    Approved,
    /// Declined offline, or after an online restart.
    Declined,
    /// An online authorisation is needed.
    OnlineRequest,
    /// Use the contact or magnetic stripe interface.
    TryAnotherInterface,
    /// The transaction ends, or restarts once the card has left.
    EndApplication,
    /// This combination does not suit: Entry Point takes the next candidate.
    SelectNext,
    /// Present the card again: Entry Point starts at B.
    TryAgain,
}

impl OutcomeResult {
    /// The name in results, `--expect` and case files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Declined => "declined",
            Self::OnlineRequest => "online-request",
            Self::TryAnotherInterface => "try-another-interface",
            Self::EndApplication => "end-application",
            Self::SelectNext => "select-next",
            Self::TryAgain => "try-again",
        }
    }

    /// All of them, in the order of Book A, table 6-1.
    pub const ALL: [Self; 7] = [
        Self::SelectNext,
        Self::TryAgain,
        Self::Approved,
        Self::Declined,
        Self::OnlineRequest,
        Self::TryAnotherInterface,
        Self::EndApplication,
    ];
}

impl fmt::Display for OutcomeResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where Entry Point starts, or starts again (Book B, table 3-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Start {
    /// Pre-processing.
    A,
    /// Protocol activation.
    B,
    /// Combination selection.
    C,
    /// Kernel activation.
    D,
}

impl Start {
    /// `A` to `D`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
        }
    }
}

/// Which answers of the issuer restart the kernel (Book A, table 6-2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OnlineResponseData {
    /// None does.
    #[default]
    NotApplicable,
    /// Only one with issuer authentication data (91) or scripts (71, 72).
    EmvData,
    /// Every answer.
    Any,
}

impl OnlineResponseData {
    /// The name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotApplicable => "none",
            Self::EmvData => "emv-data",
            Self::Any => "any",
        }
    }
}

/// The cardholder verification method the kernel chose (Book A, table 6-2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Cvm {
    /// None was chosen, because the Outcome needs none.
    #[default]
    NotApplicable,
    /// The cardholder need not be verified.
    NoCvm,
    /// Obtain a signature.
    Signature,
    /// PIN, verified by the issuer.
    OnlinePin,
    /// Verified on the consumer's device.
    ConfirmationCodeVerified,
}

impl Cvm {
    /// The name in results, or `None` for N/A.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::NotApplicable => None,
            Self::NoCvm => Some("no-cvm"),
            Self::Signature => Some("signature"),
            Self::OnlinePin => Some("online-pin"),
            Self::ConfirmationCodeVerified => Some("confirmation-code-verified"),
        }
    }
}

/// The interface to try instead (Book A, table 6-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AlternateInterface {
    /// The contact chip.
    ContactChip,
    /// The magnetic stripe.
    MagStripe,
}

impl AlternateInterface {
    /// The name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ContactChip => "contact-chip",
            Self::MagStripe => "mag-stripe",
        }
    }
}

/// The Outcome Parameter Set, with what belongs to it (Book A, table 6-2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The decision.
    pub result: OutcomeResult,
    /// Where to start again; `None` is N/A.
    pub start: Option<Start>,
    /// Which online answers lead to that start.
    pub online_response_data: OnlineResponseData,
    /// How the cardholder is verified.
    pub cvm: Cvm,
    /// Shown when the Outcome is processed.
    pub ui_on_outcome: Option<UiRequest>,
    /// Shown when Entry Point starts again.
    pub ui_on_restart: Option<UiRequest>,
    /// The data for clearing or authorisation: data objects one after the other; `None` if there is no data record.
    pub data_record: Option<Vec<u8>>,
    /// Further data objects; `None` if there are none.
    pub discretionary_data: Option<Vec<u8>>,
    /// The interface to try instead; `None` is N/A.
    pub alternate_interface: Option<AlternateInterface>,
    /// Whether a receipt is wanted.
    pub receipt: bool,
    /// Turn the field off for so long; `None` is N/A, 0 is "off, without waiting".
    pub field_off: Option<Tenths>,
    /// How long the card may stay while the terminal is online; 0 is no limit.
    pub removal_timeout: Tenths,
}

impl Outcome {
    /// An Outcome with every other parameter N/A, absent or zero.
    pub const fn new(result: OutcomeResult) -> Self {
        Self {
            result,
            start: None,
            online_response_data: OnlineResponseData::NotApplicable,
            cvm: Cvm::NotApplicable,
            ui_on_outcome: None,
            ui_on_restart: None,
            data_record: None,
            discretionary_data: None,
            alternate_interface: None,
            receipt: false,
            field_off: None,
            removal_timeout: 0,
        }
    }
}

/// Of the Final Outcomes of a tap, in order, the one that tells the merchant what to do: the last, unless it only ended a
/// second presentment after an Online Request; then the request's CVM and data record stand (Book A, tables 6-3 and 6-4).
pub fn decisive(outcomes: &[Outcome]) -> Option<&Outcome> {
    let last = outcomes.last()?;
    match last.result {
        OutcomeResult::Approved | OutcomeResult::Declined => Some(last),
        _ => outcomes.iter().find(|outcome| outcome.result == OutcomeResult::OnlineRequest).or(Some(last)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_online_request_outlives_the_second_presentment() {
        use OutcomeResult as R;
        for (results, expected) in [
            (&[R::Approved][..], R::Approved),
            (&[R::OnlineRequest], R::OnlineRequest),
            (&[R::OnlineRequest, R::EndApplication], R::OnlineRequest),
            (&[R::OnlineRequest, R::Declined], R::Declined),
            (&[R::OnlineRequest, R::Approved], R::Approved),
            (&[R::EndApplication, R::Approved], R::Approved),
            (&[R::EndApplication, R::EndApplication], R::EndApplication),
        ] {
            let outcomes: Vec<_> = results.iter().copied().map(Outcome::new).collect();
            assert_eq!(decisive(&outcomes).map(|outcome| outcome.result), Some(expected), "{results:?}");
        }
        assert_eq!(decisive(&[]), None);
    }
}
