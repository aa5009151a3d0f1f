//! A kernel that decides nothing: Entry Point is tested with it. The card says in its answer to GET PROCESSING OPTIONS what the
//! Outcome is, and its PDOL asks what Entry Point handed over. Laboratories test with kernels of this kind; its identifier is one
//! that EMVCo has not assigned.
//!
//! What it puts into the store for the PDOL, at every activation:
//!
//! | tag | length | |
//! |---|---|---|
//! | `D1` | 2 | byte 1: bit 8 floor limit exceeded, 7 not allowed, 6 CVM limit exceeded, 5 status check requested, 4 zero amount; byte 2: bit 8 Restart flag, bit 7 removal time-out has run out, bit 6 the answer to SELECT was handed over |
//! | `D2` | 1 | the start point, `0A` to `0D` |
//! | `D3` | 2 | status word of SELECT; zeros without one |
//! | `D7` | 1 | issuer data: bit 8 91, bit 7 71 or 72, bit 1 the issuer was asked |
//!
//! What it takes from the answer, template 77:
//!
//! | tag | length | |
//! |---|---|---|
//! | `D4` | 8 | the Outcome, coded as the Outcome Parameter Set (DF8129) of Kernel 2; byte 2 may say A, byte 3 `0x` EMV Data, `1x` Any |
//! | `D5` | 22 | the User Interface Request on Outcome, coded as User Interface Request Data (DF8116) of Kernel 2 |
//! | `D6` | 22 | that on Restart |
//!
//! Everything else it knows is the data record, if `D4` wants one. Without `D4`, and at every error: End Application.

use serde::Deserialize;

use super::{
    contract::{Cx, Indicators, Input, Kernel, Next},
    outcome::{
        AlternateInterface, Cvm, MessageId, OnlineResponseData, Outcome, OutcomeResult, Start, UiRequest, UiStatus,
        UiValue, ValueQualifier,
    },
    rule::Rule,
};
use crate::{
    apdu::Command,
    data::{
        Source,
        dictionary::{
            FCI_PROPRIETARY_TEMPLATE_A5, FCI_TEMPLATE_6F, PDOL_9F38, RESPONSE_MESSAGE_TEMPLATE_FORMAT_2_77, TTQ_9F66,
            TVR_95,
        },
        dol,
    },
    tlv::{self, Tag, Writer},
};

/// It follows none.
pub const RULES: &[Rule] = &[];

const FLAGS: Tag = Tag::new(0xD1);
const START: Tag = Tag::new(0xD2);
const SELECT_STATUS: Tag = Tag::new(0xD3);
const OUTCOME: Tag = Tag::new(0xD4);
const UI_ON_OUTCOME: Tag = Tag::new(0xD5);
const UI_ON_RESTART: Tag = Tag::new(0xD6);
const ISSUER: Tag = Tag::new(0xD7);
/// The most that a PDOL may ask for.
const PDOL_DATA_MAX: usize = 252;

/// It has nothing to configure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {}

/// The kernel. Keeps the PDOL for a restart at D, where there is no answer to SELECT.
#[derive(Debug, Default)]
pub struct Probe {
    pdol: Vec<u8>,
}

impl Probe {
    /// A new one.
    pub fn new(_: Options) -> Self {
        Self::default()
    }
}

impl Kernel for Probe {
    fn start(&mut self, cx: &mut Cx<'_>) -> Next {
        tell(cx);
        if let Some(fci) = cx.activation.fci {
            self.pdol = pdol(fci).unwrap_or_default().to_vec();
        }
        let mut buffer = [0; PDOL_DATA_MAX];
        let data = dol::fill(&self.pdol, cx.store, &mut buffer).unwrap_or_default();
        Command::get_processing_options(data).map_or_else(|_| end(), Next::Send)
    }

    fn reply(&mut self, input: Input<'_>, cx: &mut Cx<'_>) -> Next {
        let Input::Card(response) = input else { return end() };
        let template = tlv::find(response.data, RESPONSE_MESSAGE_TEMPLATE_FORMAT_2_77).and_then(Result::ok);
        let Some(template) = template.filter(|_| response.status.is_ok()) else { return end() };
        for object in tlv::objects(template.value).map_while(Result::ok) {
            cx.set(object.tag, object.value, Source::Card);
        }
        outcome(cx).map_or_else(end, |outcome| Next::Done(Box::new(outcome)))
    }
}

fn end() -> Next {
    Next::Done(Box::new(Outcome::new(OutcomeResult::EndApplication)))
}

/// Puts into the store what Entry Point handed over.
fn tell(cx: &mut Cx<'_>) {
    let activation = cx.activation;
    let Indicators {
        status_check_requested,
        contactless_application_not_allowed,
        zero_amount,
        cvm_required_limit_exceeded,
        floor_limit_exceeded,
        ttq,
    } = activation.indicators;
    let bits = |flags: &[(bool, u8)]| flags.iter().filter(|(set, _)| *set).fold(0, |byte, (_, bit)| byte | bit);
    let found = bits(&[
        (floor_limit_exceeded, 0x80),
        (contactless_application_not_allowed, 0x40),
        (cvm_required_limit_exceeded, 0x20),
        (status_check_requested, 0x10),
        (zero_amount, 0x08),
    ]);
    let how =
        bits(&[(activation.restart, 0x80), (activation.removal_timed_out, 0x40), (activation.fci.is_some(), 0x20)]);
    let start = match activation.start {
        Start::A => 0x0A,
        Start::B => 0x0B,
        Start::C => 0x0C,
        Start::D => 0x0D,
    };
    let issuer = activation.issuer.map_or(0, |issuer| {
        bits(&[(issuer.authentication_data.is_some(), 0x80), (!issuer.scripts.is_empty(), 0x40), (true, 0x01)])
    });
    let status = activation.select_status.map_or(0, |status| status.0).to_be_bytes();
    cx.set(FLAGS, &[found, how], Source::Terminal);
    cx.set(START, &[start], Source::Terminal);
    cx.set(SELECT_STATUS, &status, Source::Terminal);
    cx.set(ISSUER, &[issuer], Source::Terminal);
    cx.set(TVR_95, &[0; 5], Source::Terminal);
    if let Some(ttq) = ttq {
        cx.set(TTQ_9F66, &ttq, Source::Transaction);
    }
}

fn pdol(fci: &[u8]) -> Option<&[u8]> {
    let fci = tlv::find(fci, FCI_TEMPLATE_6F)?.ok()?;
    let proprietary = tlv::find(fci.value, FCI_PROPRIETARY_TEMPLATE_A5)?.ok()?;
    Some(tlv::find(proprietary.value, PDOL_9F38)?.ok()?.value)
}

fn outcome(cx: &Cx<'_>) -> Option<Outcome> {
    let [result, start, online, cvm, parts, interface, field_off, removal] = cx.store.array::<8>(OUTCOME)?;
    let result = match result >> 4 {
        1 => OutcomeResult::Approved,
        2 => OutcomeResult::Declined,
        3 => OutcomeResult::OnlineRequest,
        4 => OutcomeResult::EndApplication,
        5 => OutcomeResult::SelectNext,
        6 => OutcomeResult::TryAnotherInterface,
        7 => OutcomeResult::TryAgain,
        _ => return None,
    };
    let has = |bit: u8| parts & bit != 0;
    Some(Outcome {
        start: [Start::A, Start::B, Start::C, Start::D].get(usize::from(start >> 4)).copied(),
        online_response_data: match online >> 4 {
            0 => OnlineResponseData::EmvData,
            1 => OnlineResponseData::Any,
            _ => OnlineResponseData::NotApplicable,
        },
        cvm: match cvm >> 4 {
            0 => Cvm::NoCvm,
            1 => Cvm::Signature,
            2 => Cvm::OnlinePin,
            3 => Cvm::ConfirmationCodeVerified,
            _ => Cvm::NotApplicable,
        },
        ui_on_outcome: cx.store.array(UI_ON_OUTCOME).filter(|_| has(0x80)).map(ui),
        ui_on_restart: cx.store.array(UI_ON_RESTART).filter(|_| has(0x40)).map(ui),
        data_record: has(0x20).then(|| data_record(cx)),
        receipt: has(0x08),
        alternate_interface: match interface >> 4 {
            1 => Some(AlternateInterface::ContactChip),
            2 => Some(AlternateInterface::MagStripe),
            _ => None,
        },
        field_off: (field_off != 0xFF).then_some(field_off.into()),
        removal_timeout: removal.into(),
        ..Outcome::new(result)
    })
}

fn data_record(cx: &Cx<'_>) -> Vec<u8> {
    let mut out = Writer::new();
    cx.store.iter().for_each(|(tag, value, _)| out.object(tag, value));
    out.finish()
}

/// Message, status, hold time (n6, 100 ms), language (ignored), qualifier, value, currency.
fn ui(request: [u8; 22]) -> UiRequest {
    let [message, status, _, tens, ones, _, _, _, _, _, _, _, _, qualifier, value @ .., high, low] = request;
    let decimal = |byte: u8| u16::from(byte >> 4) * 10 + u16::from(byte & 0x0F);
    let statuses = [
        UiStatus::NotReady,
        UiStatus::Idle,
        UiStatus::ReadyToRead,
        UiStatus::Processing,
        UiStatus::CardReadSuccessfully,
        UiStatus::ProcessingError,
    ];
    let qualifier = match qualifier >> 4 {
        1 => Some(ValueQualifier::Amount),
        2 => Some(ValueQualifier::Balance),
        _ => None,
    };
    UiRequest {
        message: (message != 0xFF).then_some(MessageId(message)),
        status: statuses.get(usize::from(status)).copied(),
        hold: decimal(tens) * 100 + decimal(ones),
        language: None,
        value: qualifier.map(|qualifier| UiValue { qualifier, value, currency: [high, low] }),
    }
}
