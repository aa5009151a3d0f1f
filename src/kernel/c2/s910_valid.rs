//! The end of the block that S9, S10 and S11 share: the Outcome of a cryptogram that is good (S910.70 to S910.81).

use core::fmt;

use super::{
    Tap, database, ends,
    fault::Fault,
    numbers::Numbers,
    parameters::{NOT_READY, Shown},
    phone,
    s15_put_data_after::ExpectPutDataAfter,
    state::{State, Step},
};
use crate::{
    apdu::{Command, CryptogramRequest},
    bytes::Hex,
    data::{
        bits::terminal_capabilities,
        dictionary::{
            APPLICATION_CURRENCY_CODE_9F42, BALANCE_READ_AFTER_GEN_AC_DF8105, CID_9F27, TERMINAL_CAPABILITIES_9F33,
            THIRD_PARTY_DATA_9F6E, TRANSACTION_TYPE_9C,
        },
    },
    kernel::{
        contract::Cx,
        outcome::{Cvm, MessageId, OutcomeResult, UiValue, ValueQualifier},
    },
};

/// S910.70 to S910.81.
pub fn conclude(numbers: &Numbers, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
    if phone::is_second_tap(cx) {
        cx.rule(numbers.second_tap, format_args!("the cardholder has to act on the device (DF4B): a second tap"));
        phone::prepare(tap, cx);
    } else {
        decide(numbers, tap, cx);
    }
    if !tap.dialogue.write_after.is_empty() {
        let (tag, value) = tap.dialogue.write_after.remove(0);
        if let Ok(command) = Command::put_data(tag, &value) {
            cx.rule(numbers.write, format_args!("the terminal wants {tag} to be written after the cryptogram"));
            return Ok(Step::Send(command, State::S15(ExpectPutDataAfter)));
        }
    }
    if phone::is_second_tap(cx) {
        phone::show(tap, cx);
    } else {
        tap.parameters.set.shown = Shown::OnOutcome;
    }
    cx.rule(numbers.end, format_args!("the transaction is complete"));
    cx.rule(numbers.valid, format_args!("the data record goes to the terminal"));
    Ok(Step::done(ends::finish(true, tap, cx)))
}

/// S910.74 and S910.75: by the cryptogram, and for an AAC by what else can be tried.
fn decide(numbers: &Numbers, tap: &mut Tap, cx: &mut Cx<'_>) {
    let given = CryptogramRequest::from_bits(database::byte(CID_9F27, cx)).unwrap_or_default();
    let (result, message, held) = match given {
        CryptogramRequest::Tc => (OutcomeResult::Approved, approval(tap), true),
        CryptogramRequest::Arqc => (OutcomeResult::OnlineRequest, MessageId::AUTHORISING, false),
        CryptogramRequest::Aac => Refusal::of(cx).end(),
    };
    tap.parameters.say(message, NOT_READY, held, cx);
    tap.parameters.set.result = Some(result);
    if result == OutcomeResult::Approved {
        tap.parameters.ui.value = balance(cx);
    }
    match given {
        CryptogramRequest::Aac => {
            let why = Refusal::of(cx);
            cx.rule(numbers.decision, format_args!("the card gave AAC, {why}: {result}"));
        }
        _ => cx.rule(numbers.decision, format_args!("the card gave {}: {result}", given.name())),
    }
}

fn approval(tap: &Tap) -> MessageId {
    if tap.parameters.set.cvm == Cvm::Signature { MessageId::APPROVED_PLEASE_SIGN } else { MessageId::APPROVED }
}

/// What an AAC comes to: a purchase or cash may be tried at the contact interface, unless there is none, or the device has none.
#[derive(Clone, Copy)]
enum Refusal {
    /// Nobody pays by this transaction type.
    NoPayment(u8),
    /// The reader has no contacts.
    NoContacts,
    /// The device, of this type, has no contacts.
    Device([u8; 2]),
    /// There is another interface.
    Contacts,
}

impl Refusal {
    fn of(cx: &Cx<'_>) -> Self {
        let kind = database::byte(TRANSACTION_TYPE_9C, cx);
        if !matches!(kind, 0x00 | 0x01 | 0x09 | 0x17) {
            return Self::NoPayment(kind);
        }
        if !database::has(TERMINAL_CAPABILITIES_9F33, terminal_capabilities::CONTACT_CHIP, cx) {
            return Self::NoContacts;
        }
        other_than_card(cx).map_or(Self::Contacts, Self::Device)
    }

    const fn end(self) -> (OutcomeResult, MessageId, bool) {
        match self {
            Self::NoPayment(_) => (OutcomeResult::EndApplication, MessageId::CLEAR_DISPLAY, false),
            Self::NoContacts | Self::Device(_) => (OutcomeResult::Declined, MessageId::NOT_AUTHORISED, true),
            Self::Contacts => (OutcomeResult::TryAnotherInterface, MessageId::INSERT_CARD, true),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let contacts = terminal_capabilities::CONTACT_CHIP;
        match self {
            Self::NoPayment(kind) => write!(f, "transaction type {kind:02X} is no payment"),
            Self::NoContacts => write!(f, "9F33 {contacts} \"IC with contacts\" = 0"),
            Self::Device(kind) => write!(f, "9F6E says device type {}, which is no card", Hex(kind)),
            Self::Contacts => write!(f, "9F33 {contacts} \"IC with contacts\" = 1, and 9F6E names no other device"),
        }
    }
}

/// The device type by which Third Party Data (9F6E) say that the device is no card: one, if the unique identifier says that there
/// is one, that is not `3030`.
fn other_than_card(cx: &Cx<'_>) -> Option<[u8; 2]> {
    match cx.store.get(THIRD_PARTY_DATA_9F6E) {
        Some([_, _, identifier, _, high, low, ..]) => {
            Some([*high, *low]).filter(|kind| identifier & 0x80 == 0 && kind != b"00")
        }
        _ => None,
    }
}

fn balance(cx: &Cx<'_>) -> Option<UiValue> {
    let value = cx.store.array(BALANCE_READ_AFTER_GEN_AC_DF8105)?;
    let currency = cx.store.array(APPLICATION_CURRENCY_CODE_9F42).unwrap_or_default();
    Some(UiValue { qualifier: ValueQualifier::Balance, value, currency })
}
