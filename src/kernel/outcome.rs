//! Outcomes and User Interface Requests (EMV Contactless Book A, chapters 6, 7 and 9).

use core::fmt;

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

/// A duration in units of 100 ms, as Book A counts hold times and time-outs.
pub type Tenths = u16;

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

/// A message on the display (Book A, table 9-1), by its identifier. Unknown identifiers leave the display as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u8);

/// Defines the message identifiers and their texts in one place.
macro_rules! messages {
    ($($(#[$doc:meta])* $name:ident = $id:literal $text:literal;)*) => {
        impl MessageId {
            $($(#[$doc])* pub const $name: Self = Self($id);)*

            /// All identifiers of Book A with their texts.
            pub const ALL: &'static [(Self, &'static str)] = &[$((Self($id), $text)),*];
        }
    };
}

messages! {
    /// Approved.
    APPROVED = 0x03 "approved";
    /// Not authorised.
    NOT_AUTHORISED = 0x07 "not authorised";
    /// Please enter your PIN.
    ENTER_PIN = 0x09 "please enter your PIN";
    /// Processing error.
    PROCESSING_ERROR = 0x0F "processing error";
    /// Please remove card.
    REMOVE_CARD = 0x10 "please remove card";
    /// Welcome.
    WELCOME = 0x14 "welcome";
    /// Present card.
    PRESENT_CARD = 0x15 "present card";
    /// Processing.
    PROCESSING = 0x16 "processing";
    /// Card read OK, please remove card.
    CARD_READ_OK = 0x17 "card read OK, please remove card";
    /// Please insert or swipe card.
    INSERT_OR_SWIPE = 0x18 "please insert or swipe card";
    /// Please present one card only.
    ONE_CARD_ONLY = 0x19 "please present one card only";
    /// Approved, please sign.
    APPROVED_PLEASE_SIGN = 0x1A "approved, please sign";
    /// Authorising, please wait.
    AUTHORISING = 0x1B "authorising, please wait";
    /// Insert, swipe or try another card.
    TRY_ANOTHER_CARD = 0x1C "insert, swipe or try another card";
    /// Please insert card.
    INSERT_CARD = 0x1D "please insert card";
    /// Clear the display.
    CLEAR_DISPLAY = 0x1E "(clear display)";
    /// See phone for instructions.
    SEE_PHONE = 0x20 "see phone for instructions";
    /// Present card again.
    PRESENT_CARD_AGAIN = 0x21 "present card again";
}

impl MessageId {
    /// The text of a message of Book A.
    pub fn text(self) -> Option<&'static str> {
        Self::ALL.iter().find(|(id, _)| *id == self).map(|(_, text)| *text)
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02X}", self.0)
    }
}

/// The state of the reader that lights and sounds show (Book A, table 7-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UiStatus {
    /// The reader is not ready.
    NotReady,
    /// Powered, no transaction.
    Idle,
    /// A card may be presented.
    ReadyToRead,
    /// A card is being read.
    Processing,
    /// The card may leave.
    CardReadSuccessfully,
    /// Something went wrong.
    ProcessingError,
}

impl UiStatus {
    /// The name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotReady => "not-ready",
            Self::Idle => "idle",
            Self::ReadyToRead => "ready-to-read",
            Self::Processing => "processing",
            Self::CardReadSuccessfully => "card-read-successfully",
            Self::ProcessingError => "processing-error",
        }
    }
}

/// What the value of a request is (Book A, 7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueQualifier {
    /// The amount of the transaction.
    Amount,
    /// What the card has left.
    Balance,
}

/// An amount with its meaning and currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UiValue {
    /// What the value is.
    pub qualifier: ValueQualifier,
    /// The value, n12 in BCD.
    pub value: [u8; 6],
    /// ISO 4217 numeric code, n3 in BCD.
    pub currency: [u8; 2],
}

/// A language preference: one to four ISO 639 codes, as tag 5F2D holds them.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Language {
    bytes: [u8; 8],
    length: u8,
}

impl Language {
    /// From the value of 5F2D: 2, 4, 6 or 8 bytes; anything else is no preference.
    pub fn new(value: &[u8]) -> Option<Self> {
        let length = u8::try_from(value.len()).ok().filter(|length| matches!(length, 2 | 4 | 6 | 8))?;
        let mut bytes = [0; 8];
        bytes.get_mut(..value.len())?.copy_from_slice(value);
        Some(Self { bytes, length })
    }

    /// The bytes of the preference.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length.into()).unwrap_or_default()
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.bytes()))
    }
}

/// A User Interface Request (Book A, 7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UiRequest {
    /// The message; `None` leaves the display as it is.
    pub message: Option<MessageId>,
    /// The status; `None` leaves lights and sounds as they are.
    pub status: Option<UiStatus>,
    /// How long the next message has to wait.
    pub hold: Tenths,
    /// The languages the cardholder prefers.
    pub language: Option<Language>,
    /// An amount or balance to show.
    pub value: Option<UiValue>,
}

impl UiRequest {
    /// A message with a status and nothing else.
    pub const fn new(message: MessageId, status: UiStatus) -> Self {
        Self { message: Some(message), status: Some(status), hold: 0, language: None, value: None }
    }

    /// A status that leaves the display as it is.
    pub const fn status_only(status: UiStatus) -> Self {
        Self { message: None, status: Some(status), hold: 0, language: None, value: None }
    }

    /// The same with a hold time in units of 100 ms.
    pub const fn hold(mut self, hold: Tenths) -> Self {
        self.hold = hold;
        self
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
