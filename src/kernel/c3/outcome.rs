//! From decisions, and from faults, to Outcomes (C-3, 5.2.2.2, 5.8, 5.9).

use super::{
    data_record,
    facts::{Disposition, Facts, Path, Ttq},
    options::{Options, Retry},
    rules,
};
use crate::{
    apdu::{LinkFault, StatusWord},
    data::{
        bits::{ctq, ttq},
        dictionary::{
            AVAILABLE_OFFLINE_SPENDING_AMOUNT_9F5D, LANGUAGE_PREFERENCE_5F2D, TRANSACTION_CURRENCY_CODE_5F2A,
        },
    },
    kernel::{
        contract::Cx,
        fault::Fault,
        outcome::{
            AlternateInterface, Cvm, Language, MessageId, OnlineResponseData, Outcome, OutcomeResult, Start, UiRequest,
            UiStatus, UiValue, ValueQualifier,
        },
        rule::Rule,
        shared,
    },
};

/// How long "see phone" stays, and how long the field is off meanwhile: 1.3 s (Book A, B.8).
const SEE_PHONE_HOLD: u16 = 13;

/// A request in the language the card prefers.
pub fn ui(message: MessageId, status: UiStatus, cx: &Cx<'_>) -> UiRequest {
    let language = cx.store.get(LANGUAGE_PREFERENCE_5F2D).and_then(Language::new);
    UiRequest { language, ..UiRequest::new(message, status) }
}

fn ending(result: OutcomeResult, message: MessageId, status: UiStatus, cx: &Cx<'_>) -> Outcome {
    Outcome { ui_on_outcome: Some(ui(message, status, cx)), ..Outcome::new(result) }
}

/// 5.8 and 5.9: the disposition becomes an Outcome.
pub fn complete(facts: &Facts, options: &Options, cx: &mut Cx<'_>) -> Outcome {
    let balance = options.display_offline_balance.then(|| balance(cx)).flatten();
    let mut outcome = match facts.disposition {
        Disposition::GoOnline if options.decline_online_when_offline_only && facts.ttq.has(ttq::OFFLINE_ONLY) => {
            let reader = facts.ttq.show(ttq::OFFLINE_ONLY);
            cx.rule(rules::DECLINED, format_args!("the transaction must go online, but {reader}: declined"));
            declined(options, cx)
        }
        Disposition::GoOnline => online_request(facts, options, cx),
        Disposition::Approve => approved(facts, options, cx),
        Disposition::Decline => {
            cx.rule(rules::DECLINED, format_args!("declined by the reader"));
            declined(options, cx)
        }
    };
    if let Some(value) = balance {
        outcome.discretionary_data = Some(data_record::discretionary_data(cx));
        outcome.ui_on_outcome = outcome.ui_on_outcome.map(|request| UiRequest { value: Some(value), ..request });
        cx.rule(
            rules::OFFLINE_BALANCE,
            format_args!("the card tells what it may still spend offline (9F5D): shown as balance"),
        );
    }
    outcome
}

/// The card's Available Offline Spending Amount, in the currency of the transaction.
fn balance(cx: &Cx<'_>) -> Option<UiValue> {
    let value = cx.store.array(AVAILABLE_OFFLINE_SPENDING_AMOUNT_9F5D)?;
    let currency = cx.store.array(TRANSACTION_CURRENCY_CODE_5F2A)?;
    Some(UiValue { qualifier: ValueQualifier::Balance, value, currency })
}

fn online_request(facts: &Facts, options: &Options, cx: &mut Cx<'_>) -> Outcome {
    let data_record = Some(data_record::data_record(facts.path, cx));
    let request = ending(OutcomeResult::OnlineRequest, MessageId::AUTHORISING, UiStatus::CardReadSuccessfully, cx);
    let request = Outcome { cvm: facts.cvm, data_record, receipt: receipt(facts, options), ..request };
    let reader = facts.ttq.show(ttq::ISSUER_UPDATE);
    let card = facts.ctq.map(|card| card.show(ctq::ISSUER_UPDATE_SUPPORTED)).filter(|card| card.is_set());
    match card.filter(|_| options.issuer_update && reader.is_set()) {
        Some(card) => {
            cx.rule(
                rules::ONLINE_WITH_UPDATE,
                format_args!("online request; {card}, {reader}: again with the issuer's answer"),
            );
            Outcome {
                start: Some(Start::B),
                online_response_data: OnlineResponseData::EmvData,
                ui_on_restart: Some(ui(MessageId::PRESENT_CARD_AGAIN, UiStatus::ReadyToRead, cx)),
                ..request
            }
        }
        None => {
            cx.rule(rules::ONLINE, format_args!("online request"));
            request
        }
    }
}

fn approved(facts: &Facts, options: &Options, cx: &mut Cx<'_>) -> Outcome {
    cx.rule(rules::APPROVED, format_args!("approved offline: neither card nor reader objects"));
    let sign = options.approved_please_sign && facts.cvm == Cvm::Signature;
    let message = if sign { MessageId::APPROVED_PLEASE_SIGN } else { MessageId::APPROVED };
    let data_record = Some(data_record::data_record(facts.path, cx));
    let outcome = ending(OutcomeResult::Approved, message, UiStatus::CardReadSuccessfully, cx);
    Outcome { cvm: facts.cvm, data_record, receipt: receipt(facts, options), ..outcome }
}

/// A signature is given on a receipt.
fn receipt(facts: &Facts, options: &Options) -> bool {
    options.receipt_for_signature && facts.cvm == Cvm::Signature
}

fn declined(options: &Options, cx: &Cx<'_>) -> Outcome {
    let outcome = ending(OutcomeResult::Declined, MessageId::NOT_AUTHORISED, UiStatus::CardReadSuccessfully, cx);
    let cvm = if options.cvm_of_declined { Cvm::NoCvm } else { Cvm::NotApplicable };
    Outcome { cvm, ..outcome }
}

/// A refund that the terminal completes by itself: the data, and nothing decided.
pub fn account_data(cx: &mut Cx<'_>) -> Outcome {
    let data_record = Some(data_record::data_record(Path::Emv, cx));
    Outcome { data_record, ..Outcome::new(OutcomeResult::EndApplication) }
}

/// 5.6.1.2 and status word 6984: the contact chip is to be used.
pub fn contact_chip(cx: &Cx<'_>) -> Outcome {
    Outcome {
        alternate_interface: Some(AlternateInterface::ContactChip),
        ..ending(OutcomeResult::TryAnotherInterface, MessageId::INSERT_CARD, UiStatus::ProcessingError, cx)
    }
}

/// 5.5.1.3 to 5.5.1.5: any other interface is to be used.
pub fn other_interface(cx: &Cx<'_>) -> Outcome {
    ending(OutcomeResult::TryAnotherInterface, MessageId::INSERT_OR_SWIPE, UiStatus::ProcessingError, cx)
}

/// End of the second presentment: the issuer has spoken, the kernel adds the results of its scripts and no message.
pub fn issuer_update_done(script_results: Option<Vec<u8>>) -> Outcome {
    Outcome { discretionary_data: script_results, ..Outcome::new(OutcomeResult::EndApplication) }
}

/// What follows from a fault. The only place that knows.
pub fn of_fault(fault: Fault, options: &Options, cx: &mut Cx<'_>) -> Outcome {
    match fault {
        Fault::Link(fault) => of_link_fault(fault, options, cx),
        Fault::GpoStatus(status) => of_gpo_status(status, options, cx),
        _ => {
            cx.rule(rule_of(fault), format_args!("{fault}: end application"));
            end_application(cx)
        }
    }
}

fn end_application(cx: &Cx<'_>) -> Outcome {
    ending(OutcomeResult::EndApplication, MessageId::TRY_ANOTHER_CARD, UiStatus::ProcessingError, cx)
}

/// The requirement that a fault violates.
pub const fn rule_of(fault: Fault) -> Rule {
    match fault {
        Fault::Link(_)
        | Fault::GpoStatus(_)
        | Fault::GpoTemplate
        | Fault::GpoMalformed(_)
        | Fault::GpoTrailing
        | Fault::GpoFormat1Length(_) => rules::GPO_STATUS,
        Fault::Afl(_) | Fault::RecordStatus(_) | Fault::RecordTemplate | Fault::RecordMalformed(_) => rules::RECORDS,
        Fault::Missing(_) => rules::MANDATORY_DATA,
        Fault::FciMissing
        | Fault::FciTemplate
        | Fault::FciMalformed(_)
        | Fault::PdolMalformed(_)
        | Fault::PdolTooLong
        | Fault::Duplicate(_)
        | Fault::ObjectFormat(_) => rules::CARD_DATA,
        Fault::PanMismatch => rules::PAN,
        Fault::CryptogramTypeUnknown => rules::CRYPTOGRAM_TYPE,
        Fault::IssuerDataTooLong => rules::ISSUER_UPDATE,
    }
}

/// 5.2.2.2: status words of GET PROCESSING OPTIONS that mean more than "no". Those that do need a reader in EMV mode.
fn of_gpo_status(status: StatusWord, options: &Options, cx: &mut Cx<'_>) -> Outcome {
    let mode = Ttq::of(cx.store).show(ttq::EMV_MODE);
    match status.0 {
        0x6985 => {
            cx.rule(rules::GPO_STATUS, format_args!("{status}, conditions of use not satisfied: select next"));
            Outcome { start: Some(Start::C), ..Outcome::new(OutcomeResult::SelectNext) }
        }
        0x6984 if mode.is_set() => {
            cx.rule(
                rules::GPO_STATUS,
                format_args!("{status}, referenced data invalidated, {mode}: try the contact chip"),
            );
            contact_chip(cx)
        }
        0x6986 if mode.is_set() => {
            cx.rule(
                rules::GPO_STATUS,
                format_args!("{status}, the consumer is needed, {mode}: see phone, present it again"),
            );
            see_phone(options, cx)
        }
        _ => {
            cx.rule(rules::GPO_STATUS, format_args!("GET PROCESSING OPTIONS answered {status}: end application"));
            end_application(cx)
        }
    }
}

fn see_phone(options: &Options, cx: &Cx<'_>) -> Outcome {
    let request = ui(MessageId::SEE_PHONE, UiStatus::ProcessingError, cx).hold(SEE_PHONE_HOLD);
    match options.see_phone {
        Retry::TryAgain => Outcome {
            start: Some(Start::B),
            ui_on_outcome: Some(request),
            ui_on_restart: Some(UiRequest::status_only(UiStatus::ReadyToRead)),
            field_off: Some(SEE_PHONE_HOLD),
            ..Outcome::new(OutcomeResult::TryAgain)
        },
        Retry::EndApplication => Outcome {
            start: Some(Start::B),
            ui_on_outcome: Some(UiRequest { status: Some(UiStatus::ReadyToRead), ..request }),
            ..Outcome::new(OutcomeResult::EndApplication)
        },
    }
}

/// The card is gone, or something else ended the exchange from outside, after which nobody presents the card again.
fn of_link_fault(fault: LinkFault, options: &Options, cx: &mut Cx<'_>) -> Outcome {
    let again = match fault {
        LinkFault::Timeout | LinkFault::Transmission | LinkFault::Protocol | LinkFault::Collision => true,
        LinkFault::NoCard | LinkFault::ContactCard | LinkFault::Cancelled | LinkFault::Unusable => false,
    };
    if !again {
        cx.rule(shared::rules::CONTACT_CARD, format_args!("{fault}: end application"));
        return Outcome::new(OutcomeResult::EndApplication);
    }
    let result = match options.link_fault {
        Retry::TryAgain => OutcomeResult::TryAgain,
        Retry::EndApplication => OutcomeResult::EndApplication,
    };
    cx.rule(shared::rules::OUTCOMES, format_args!("{fault}: {result}, present the card again"));
    Outcome {
        start: Some(Start::B),
        ui_on_restart: Some(ui(MessageId::PRESENT_CARD_AGAIN, UiStatus::ReadyToRead, cx)),
        ..Outcome::new(result)
    }
}
