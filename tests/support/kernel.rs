//! A kernel that sends what the PDOL asks for and comes to the Outcome the card dictates.

use std::{cell::RefCell, rc::Rc};

use emvtap::{
    apdu::{Command, StatusWord},
    data::{Source, dictionary::AMOUNT_AUTHORISED_9F02, dol},
    kernel::{
        contract::{Activation, Cx, Indicators, Input, IssuerResponse, Kernel, Next},
        outcome::{
            AlternateInterface, Cvm, Language, MessageId, OnlineResponseData, Outcome, OutcomeResult, Start, UiRequest,
            UiStatus, UiValue, ValueQualifier,
        },
    },
    tlv::{self, Tag},
};

/// What a kernel was activated with.
#[derive(Clone, Debug)]
pub struct Seen {
    pub kernel: String,
    pub start: Start,
    pub restart: bool,
    pub indicators: Indicators,
    pub adf_name: String,
    pub aid: String,
    pub fci: Option<Vec<u8>>,
    pub select_status: Option<StatusWord>,
    pub issuer: Option<IssuerResponse>,
    pub removal_timed_out: bool,
    /// The store at the start of the activation.
    pub store: Vec<(Tag, Vec<u8>, Source)>,
    /// The data that answered the PDOL.
    pub pdol_data: Vec<u8>,
}

impl Seen {
    /// A data object at the start.
    pub fn object(&self, tag: u32) -> Option<String> {
        self.store.iter().find(|(one, ..)| *one == Tag::new(tag)).map(|(_, value, _)| super::text(value))
    }

    fn new(kernel: &[u8], activation: &Activation<'_>) -> Self {
        Self {
            kernel: super::text(kernel),
            start: activation.start,
            restart: activation.restart,
            indicators: activation.indicators,
            adf_name: super::text(activation.adf_name),
            aid: super::text(activation.aid),
            fci: activation.fci.map(<[u8]>::to_vec),
            select_status: activation.select_status,
            issuer: activation.issuer.cloned(),
            removal_timed_out: activation.removal_timed_out,
            store: Vec::new(),
            pdol_data: Vec::new(),
        }
    }
}

/// What all test kernels of a reader have seen, in order.
pub type Notebook = Rc<RefCell<Vec<Seen>>>;

pub struct TestKernel {
    identifier: Vec<u8>,
    notebook: Notebook,
    /// Kept for a restart at D, which has no FCI.
    pdol: Vec<u8>,
}

impl TestKernel {
    pub fn new(identifier: &[u8], notebook: &Notebook) -> Self {
        Self { identifier: identifier.to_vec(), notebook: notebook.clone(), pdol: Vec::new() }
    }

    /// D1: what pre-processing found and the Restart flag. D2: the start point. D3: the status word of the final SELECT.
    fn expose(&self, cx: &mut Cx<'_>) {
        let found = cx.activation.indicators;
        let bit = |set, bit: u8| if set { bit } else { 0 };
        let flags = bit(found.floor_limit_exceeded, 0x80)
            | bit(found.cvm_required_limit_exceeded, 0x20)
            | bit(found.status_check_requested, 0x10)
            | bit(found.zero_amount, 0x08);
        cx.store.put(Tag::new(0xD1), &[flags, bit(cx.activation.restart, 0x80)], Source::Kernel);
        cx.store.put(Tag::new(0xD2), &[0x0A + cx.activation.start as u8], Source::Kernel);
        let status = cx.activation.select_status.map_or(0, |status| status.0);
        cx.store.put(Tag::new(0xD3), &status.to_be_bytes(), Source::Kernel);
        cx.store.put(Tag::new(0x9F2A), &self.identifier, Source::Kernel);
    }
}

impl Kernel for TestKernel {
    fn start(&mut self, cx: &mut Cx<'_>) -> Next {
        let mut seen = Seen::new(&self.identifier, cx.activation);
        seen.store = cx.store.iter().map(|(tag, value, source)| (tag, value.to_vec(), source)).collect();
        self.expose(cx);
        if let Some(fci) = cx.activation.fci {
            self.pdol = find(fci, &[0x6F, 0xA5, 0x9F38]).unwrap_or_default();
        }
        let mut buffer = [0; 255];
        let data = dol::fill(&self.pdol, cx.store, &mut buffer).unwrap();
        seen.pdol_data = data.to_vec();
        assert!(cx.store.is_present(AMOUNT_AUTHORISED_9F02));
        self.notebook.borrow_mut().push(seen);
        Next::Send(Command::get_processing_options(data).unwrap())
    }

    fn reply(&mut self, input: Input<'_>, _: &mut Cx<'_>) -> Next {
        let outcome = match input {
            Input::Card(response) => outcome(response.data),
            _ => Outcome::new(OutcomeResult::EndApplication),
        };
        Next::Done(Box::new(outcome))
    }
}

/// The value at a path of tags.
pub fn find(bytes: &[u8], path: &[u32]) -> Option<Vec<u8>> {
    let found = path.iter().try_fold(bytes, |bytes, tag| Some(tlv::find(bytes, Tag::new(*tag))?.ok()?.value));
    found.map(<[u8]>::to_vec)
}

/// Reads what [`Dictate`](super::Dictate) writes.
fn outcome(answer: &[u8]) -> Outcome {
    let d4 = find(answer, &[0x77, 0xD4]).expect("the card dictates an Outcome");
    let word = |at: usize| u16::from_be_bytes([d4[at], d4[at + 1]]);
    Outcome {
        start: [Start::A, Start::B, Start::C, Start::D].into_iter().find(|start| 0x0A + *start as u8 == d4[1]),
        online_response_data: [OnlineResponseData::NotApplicable, OnlineResponseData::EmvData, OnlineResponseData::Any]
            [usize::from(d4[2])],
        cvm: [Cvm::NotApplicable, Cvm::NoCvm, Cvm::Signature, Cvm::OnlinePin, Cvm::ConfirmationCodeVerified]
            [usize::from(d4[3])],
        ui_on_outcome: find(answer, &[0x77, 0xD5]).map(|bytes| request(&bytes)),
        ui_on_restart: find(answer, &[0x77, 0xD6]).map(|bytes| request(&bytes)),
        data_record: find(answer, &[0x77, 0xDF01]),
        alternate_interface: [None, Some(AlternateInterface::ContactChip), Some(AlternateInterface::MagStripe)]
            [usize::from(d4[4])],
        receipt: d4[5] == 1,
        field_off: Some(word(6)).filter(|hold| *hold != 0xFFFF),
        removal_timeout: word(8),
        ..Outcome::new(OutcomeResult::ALL[usize::from(d4[0]) - 1])
    }
}

fn request(bytes: &[u8]) -> UiRequest {
    use UiStatus::{CardReadSuccessfully, Idle, NotReady, Processing, ProcessingError, ReadyToRead};
    let statuses = [NotReady, Idle, ReadyToRead, Processing, CardReadSuccessfully, ProcessingError];
    let qualifiers = [None, Some(ValueQualifier::Amount), Some(ValueQualifier::Balance)];
    let value = |qualifier| UiValue {
        qualifier,
        value: bytes[13..19].try_into().unwrap(),
        currency: bytes[19..].try_into().unwrap(),
    };
    UiRequest {
        message: Some(MessageId(bytes[0])).filter(|message| message.0 != 0xFF),
        status: statuses.get(usize::from(bytes[1])).copied(),
        hold: u16::from_be_bytes([bytes[2], bytes[3]]),
        language: Language::new(&bytes[4..6]).filter(|_| bytes[4] != 0),
        value: qualifiers[usize::from(bytes[12])].map(value),
    }
}
