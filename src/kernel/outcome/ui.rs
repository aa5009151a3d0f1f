//! User Interface Requests (EMV Contactless Book A, chapters 7 and 9).

use core::fmt;

/// A duration in units of 100 ms, as Book A counts hold times and time-outs.
pub type Tenths = u16;

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
