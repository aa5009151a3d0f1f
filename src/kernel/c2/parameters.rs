//! Outcome Parameter Set, User Interface Request Data and Error Indication: as values, as the book's bytes, and as what the reader
//! understands (C-2, Annex A).

use super::{
    database,
    fault::{L2, L3},
    options::Options,
};
use crate::{
    apdu::StatusWord,
    data::{
        Source,
        dictionary::{
            ERROR_INDICATION_DF8115, MESSAGE_HOLD_TIME_DF812D, OUTCOME_PARAMETER_SET_DF8129,
            USER_INTERFACE_REQUEST_DATA_DF8116,
        },
    },
    kernel::{
        contract::Cx,
        outcome::{
            Cvm, Language, MessageId, Outcome, OutcomeResult, Start, UiRequest, UiStatus, UiValue, ValueQualifier,
        },
    },
};

/// Whether the message of the end is for now, or for when the card is presented again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// There is none.
    #[default]
    Nowhere,
    /// UI Request on Outcome Present.
    OnOutcome,
    /// UI Request on Restart Present.
    OnRestart,
}

/// Outcome Parameter Set (DF8129). What is once set stays, whatever end follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ParameterSet {
    /// Status.
    pub result: Option<OutcomeResult>,
    /// Start.
    pub start: Option<Start>,
    /// CVM.
    pub cvm: Cvm,
    /// The two flags of User Interface Request Data.
    pub shown: Shown,
    /// Data Record Present.
    pub data_record: bool,
    /// Receipt.
    pub receipt: bool,
    /// Field Off Request, in 100 ms.
    pub field_off: Option<u8>,
}

impl ParameterSet {
    /// The eight bytes. Discretionary data are always present; what Kernel 2 never uses is N/A.
    pub fn bytes(&self) -> [u8; 8] {
        let result = self.result.map_or(0xF0, result_nibble);
        let start = match self.start {
            Some(Start::A) => 0x00,
            Some(Start::B) => 0x10,
            Some(Start::C) => 0x20,
            Some(Start::D) => 0x30,
            None => 0xF0,
        };
        let shown = match self.shown {
            Shown::Nowhere => 0x00,
            Shown::OnOutcome => 0x80,
            Shown::OnRestart => 0x40,
        };
        let record = if self.data_record { 0x20 } else { 0x00 };
        let receipt = if self.receipt { 0x08 } else { 0x00 };
        let flags = shown | record | 0x10 | receipt;
        [result, start, 0xF0, cvm_nibble(self.cvm), flags, 0xF0, self.field_off.unwrap_or(0xFF), 0x00]
    }
}

const fn result_nibble(result: OutcomeResult) -> u8 {
    match result {
        OutcomeResult::Approved => 0x10,
        OutcomeResult::Declined => 0x20,
        OutcomeResult::OnlineRequest => 0x30,
        OutcomeResult::EndApplication => 0x40,
        OutcomeResult::SelectNext => 0x50,
        OutcomeResult::TryAnotherInterface => 0x60,
        OutcomeResult::TryAgain => 0x70,
    }
}

const fn cvm_nibble(cvm: Cvm) -> u8 {
    match cvm {
        Cvm::NoCvm => 0x00,
        Cvm::Signature => 0x10,
        Cvm::OnlinePin => 0x20,
        Cvm::ConfirmationCodeVerified => 0x30,
        Cvm::NotApplicable => 0xF0,
    }
}

/// A CVM as mag-stripe CVM capabilities (DF811E, DF812C) code it, in bits 8 to 5.
pub const fn cvm_of(capability: u8) -> Cvm {
    match capability & 0xF0 {
        0x00 => Cvm::NoCvm,
        0x10 => Cvm::Signature,
        0x20 => Cvm::OnlinePin,
        0x30 => Cvm::ConfirmationCodeVerified,
        _ => Cvm::NotApplicable,
    }
}

/// User Interface Request Data (DF8116).
#[derive(Clone, Copy, Debug)]
pub struct UserInterface {
    /// Message Identifier; FF is N/A.
    pub message: u8,
    /// Status; FF is N/A.
    pub status: u8,
    /// Hold Time, n6 in units of 100 ms.
    pub hold: [u8; 3],
    /// Language Preference of the card, if it has one.
    pub language: Option<Language>,
    /// Value Qualifier, Value and Currency.
    pub value: Option<UiValue>,
}

impl Default for UserInterface {
    fn default() -> Self {
        Self { message: 0xFF, status: 0xFF, hold: [0; 3], language: None, value: None }
    }
}

impl UserInterface {
    /// The bytes, as many as the edition has.
    pub fn bytes(&self, options: &Options) -> Vec<u8> {
        let mut language = [0; 8];
        let preferred = self.language.as_ref().map_or(&[][..], Language::bytes);
        language.iter_mut().zip(preferred).for_each(|(to, from)| *to = *from);
        let (qualifier, value, currency) = match self.value {
            None => (0x00, [0; 6], [0; 2]),
            Some(UiValue { qualifier: ValueQualifier::Amount, value, currency }) => (0x10, value, currency),
            Some(UiValue { qualifier: ValueQualifier::Balance, value, currency }) => (0x20, value, currency),
        };
        let parts: [&[u8]; 6] = [&[self.message, self.status], &self.hold, &language, &[qualifier], &value, &currency];
        let mut bytes = parts.concat();
        bytes.truncate(options.ui_length());
        bytes
    }

    /// What the display is asked for.
    pub fn request(&self) -> UiRequest {
        let hold = u16::try_from(database::number(&self.hold)).unwrap_or(u16::MAX);
        UiRequest {
            message: Some(MessageId(self.message)).filter(|message| message.0 != 0xFF),
            status: status(self.status),
            hold,
            language: self.language,
            value: self.value,
        }
    }
}

/// A status by its byte.
pub const fn status(byte: u8) -> Option<UiStatus> {
    match byte {
        0x00 => Some(UiStatus::NotReady),
        0x01 => Some(UiStatus::Idle),
        0x02 => Some(UiStatus::ReadyToRead),
        0x03 => Some(UiStatus::Processing),
        0x04 => Some(UiStatus::CardReadSuccessfully),
        0x05 => Some(UiStatus::ProcessingError),
        _ => None,
    }
}

/// The status byte of "not ready".
pub const NOT_READY: u8 = 0x00;
/// The status byte of "ready to read".
pub const READY_TO_READ: u8 = 0x02;
/// The status byte of "card read successfully".
pub const CARD_READ_SUCCESSFULLY: u8 = 0x04;

/// Error Indication (DF8115): layers 1 to 3, status word, message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorIndication {
    /// The air interface.
    pub l1: u8,
    /// The card's data.
    pub l2: Option<L2>,
    /// From outside.
    pub l3: Option<L3>,
    /// The status word that is to blame.
    pub status: Option<StatusWord>,
    /// Message On Error; FF is N/A.
    pub message: u8,
}

impl Default for ErrorIndication {
    fn default() -> Self {
        Self { l1: 0, l2: None, l3: None, status: None, message: 0xFF }
    }
}

impl ErrorIndication {
    /// The six bytes.
    pub fn bytes(&self) -> [u8; 6] {
        let status = self.status.map_or([0; 2], |status| status.0.to_be_bytes());
        let [high, low] = status;
        let (l2, l3) = (self.l2.map_or(0, L2::code), self.l3.map_or(0, L3::code));
        [self.l1, l2, l3, high, low, self.message]
    }
}

/// What a transaction of Kernel 2 ends with, as far as it is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parameters {
    /// Outcome Parameter Set.
    pub set: ParameterSet,
    /// User Interface Request Data.
    pub ui: UserInterface,
    /// Error Indication.
    pub error: ErrorIndication,
}

impl Parameters {
    /// A message with its status, held for the Message Hold Time if `held`.
    pub fn say(&mut self, message: MessageId, status: u8, held: bool, cx: &Cx<'_>) {
        self.ui.message = message.0;
        self.ui.status = status;
        self.ui.hold = if held { cx.store.array(MESSAGE_HOLD_TIME_DF812D).unwrap_or_default() } else { [0; 3] };
    }

    /// Puts Error Indication where lists find it.
    pub fn publish_error(&self, cx: &mut Cx<'_>) {
        cx.set(ERROR_INDICATION_DF8115, &self.error.bytes(), Source::Kernel);
    }

    /// The Outcome, with its bytes in the store.
    pub fn outcome(
        &self,
        data_record: Option<Vec<u8>>,
        discretionary_data: Vec<u8>,
        options: &Options,
        cx: &mut Cx<'_>,
    ) -> Outcome {
        let set = ParameterSet { data_record: data_record.is_some(), ..self.set };
        if set.shown != Shown::Nowhere {
            cx.set(USER_INTERFACE_REQUEST_DATA_DF8116, &self.ui.bytes(options), Source::Kernel);
        }
        cx.set(OUTCOME_PARAMETER_SET_DF8129, &set.bytes(), Source::Kernel);
        let request = Some(self.ui.request());
        Outcome {
            start: set.start,
            cvm: set.cvm,
            ui_on_outcome: request.filter(|_| set.shown == Shown::OnOutcome),
            ui_on_restart: request.filter(|_| set.shown == Shown::OnRestart),
            data_record,
            discretionary_data: Some(discretionary_data),
            receipt: set.receipt,
            field_off: set.field_off.map(u16::from),
            ..Outcome::new(set.result.unwrap_or(OutcomeResult::EndApplication))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        hex::encode_upper(bytes)
    }

    #[test]
    fn parameter_sets_are_those_of_the_book() {
        let new = ParameterSet::default();
        assert_eq!(hex(&new.bytes()), "F0F0F0F010F0FF00");
        let online = ParameterSet {
            result: Some(OutcomeResult::OnlineRequest),
            cvm: Cvm::OnlinePin,
            shown: Shown::OnOutcome,
            data_record: true,
            receipt: true,
            ..new
        };
        assert_eq!(hex(&online.bytes()), "30F0F020B8F0FF00");
        let cam_failed = ParameterSet {
            result: Some(OutcomeResult::EndApplication),
            cvm: Cvm::NoCvm,
            shown: Shown::OnOutcome,
            ..new
        };
        assert_eq!(hex(&cam_failed.bytes()), "40F0F00090F0FF00");
        let again =
            ParameterSet { result: Some(OutcomeResult::TryAgain), start: Some(Start::B), field_off: Some(13), ..new };
        assert_eq!(hex(&again.bytes()), "7010F0F010F00D00");
    }

    #[test]
    fn request_data_are_shorter_in_later_editions() {
        use crate::kernel::c2::Edition;
        let value =
            UiValue { qualifier: ValueQualifier::Balance, value: [0, 0, 0, 0, 0x12, 0x34], currency: [9, 0x78] };
        let ui = UserInterface {
            message: 0x03,
            status: 0x00,
            hold: [0, 0, 0x13],
            language: Language::new(b"deen"),
            value: Some(value),
        };
        let options = |edition| Options { edition, ..Options::default() };
        assert_eq!(hex(&ui.bytes(&options(Edition::V2_11))), "03000000136465656E00000000");
        assert_eq!(hex(&ui.bytes(&options(Edition::V2_10))), "03000000136465656E00000000200000000012340978");
        assert_eq!(ui.request().hold, 13);
    }

    #[test]
    fn error_indications_are_those_of_the_book() {
        let error = ErrorIndication::default();
        assert_eq!(hex(&error.bytes()), "0000000000FF");
        let status =
            ErrorIndication { l2: Some(L2::StatusBytes), status: Some(StatusWord(0x6A81)), message: 0x1C, ..error };
        assert_eq!(hex(&status.bytes()), "0003006A811C");
    }
}
