//! What our own reader's events look like from outside. [`Event::Rule`] and everything else that only the reader itself can know
//! is not looked at.

use std::{cell::RefCell, collections::BTreeMap};

use super::seen::{OutcomeSeen, Step, UiSeen, What};
use crate::{
    bytes::{Cursor, Hex},
    data::{
        Amount, Source,
        dictionary::{OUTCOME_PARAMETER_SET_DF8129, USER_INTERFACE_REQUEST_DATA_DF8116},
    },
    host::{self, Answer, Host, Request},
    kernel::{
        contract::DataRequest,
        event::Event,
        outcome::{Outcome, Tenths, UiRequest, ValueQualifier},
    },
    run::{Counterpart, Said},
    time::Micros,
    tlv::{self, Tag},
};

/// What an event shows to somebody who stands outside. `coded` has heard the events before it.
pub(super) fn seen(event: &Event<'_>, coded: &mut Coded) -> Option<What> {
    coded.hear(event);
    Some(match event {
        Event::FieldOn => What::FieldOn,
        Event::FieldOff { .. } => What::FieldOff,
        Event::Command { bytes, .. } => What::Command { hex: Hex(bytes).to_string() },
        Event::Response { bytes, elapsed } => What::Response { hex: Hex(bytes).to_string(), us: elapsed.0 },
        Event::LinkFault(fault) => What::Lost { reason: fault.name().to_owned() },
        Event::Ui(request) => What::Ui((*request).into()),
        Event::Outcome { outcome, is_final: true } => What::Outcome(coded.outcome(outcome)),
        _ => return None,
    })
}

/// The Outcome as data objects, which Kernel 2 hands out beside the Outcome.
#[derive(Debug, Default)]
pub(super) struct Coded(BTreeMap<String, String>);

impl Coded {
    /// Takes what an event says of them: they are those of the kernel that was activated last.
    pub(super) fn hear(&mut self, event: &Event<'_>) {
        match event {
            Event::KernelActivated { .. } | Event::Outcome { is_final: false, .. } => self.0.clear(),
            Event::Data { tag, value, source: Source::Kernel } if CODED.contains(tag) => {
                self.0.insert(tag.to_string(), Hex(value).to_string());
            }
            _ => {}
        }
    }

    /// A Final Outcome with them.
    pub(super) fn outcome(&mut self, outcome: &Outcome) -> OutcomeSeen {
        OutcomeSeen { coded: core::mem::take(&mut self.0), ..outcome.into() }
    }
}

const CODED: [Tag; 2] = [OUTCOME_PARAMETER_SET_DF8129, USER_INTERFACE_REQUEST_DATA_DF8116];

/// A host that is watched: what it is asked, and what it answers.
pub(super) struct Watched<'a> {
    pub(super) host: &'a mut dyn Host,
    pub(super) steps: &'a RefCell<Vec<Step>>,
}

impl Host for Watched<'_> {
    fn authorise(&mut self, request: Request<'_>) -> Answer {
        let mut steps = self.steps.borrow_mut();
        let now = Micros(steps.last().map_or(0, |step| step.at_us));
        ask(self.host, request, now, &mut steps)
    }
}

/// Asks a host, and notes that.
pub(super) fn ask(host: &mut dyn Host, request: Request<'_>, now: Micros, steps: &mut Vec<Step>) -> Answer {
    steps.push(Step { at_us: now.0, what: What::Online { tags: objects(request.data_record) } });
    let answer = host.authorise(request);
    steps.push(Step { at_us: (now + answer.elapsed).0, what: answered_with(&answer) });
    answer
}

fn answered_with(answer: &Answer) -> What {
    What::Host {
        response_code: answer.response_code.map(|code| host::response_code(&code)),
        cryptogram: answer.cryptogram.map(|check| check.name().to_owned()),
        note: answer.note.clone(),
    }
}

/// A terminal that is watched: what a kernel asks it and tells it.
pub(super) struct WatchedTerminal<'a> {
    pub(super) terminal: &'a mut dyn Counterpart,
    pub(super) steps: &'a RefCell<Vec<Step>>,
}

impl Counterpart for WatchedTerminal<'_> {
    fn begin(&mut self) {
        self.terminal.begin();
    }

    fn ask(&mut self, request: &DataRequest, now: &mut Micros) -> Said {
        self.steps.borrow_mut().push(Step { at_us: now.0, what: exchanged(request) });
        self.terminal.ask(request, now)
    }

    fn listen(&mut self, now: &mut Micros) -> Said {
        self.terminal.listen(now)
    }

    fn interject(&mut self, now: Micros) -> Option<Said> {
        self.terminal.interject(now)
    }
}

/// What a kernel asks the terminal and tells it.
pub(super) fn exchanged(request: &DataRequest) -> What {
    What::DataExchange { needed: tags(&request.data_needed), to_send: objects(&request.data_to_send) }
}

/// The tags of a list; what is none ends it.
pub(super) fn tags(list: &[u8]) -> Vec<String> {
    let mut cursor = Cursor::new(list);
    let next = || if cursor.is_empty() { None } else { Tag::read(&mut cursor).ok() };
    core::iter::from_fn(next).map(|tag| tag.to_string()).collect()
}

/// Data objects by tag; of a tag that comes twice, the first. What is no data object ends the list.
pub(super) fn objects(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut map = BTreeMap::new();
    for object in tlv::objects(bytes).map_while(Result::ok) {
        map.entry(object.tag.to_string()).or_insert_with(|| Hex(object.value).to_string());
    }
    map
}

fn milliseconds(units: Tenths) -> u32 {
    u32::from(units) * 100
}

impl From<&Outcome> for OutcomeSeen {
    fn from(outcome: &Outcome) -> Self {
        Self {
            result: outcome.result.name().to_owned(),
            start: outcome.start.map(|start| start.name().to_owned()),
            cvm: outcome.cvm.name().map(ToOwned::to_owned),
            online_response_data: outcome.online_response_data.name().to_owned(),
            alternate_interface: outcome.alternate_interface.map(|interface| interface.name().to_owned()),
            receipt: outcome.receipt,
            field_off_ms: outcome.field_off.map(milliseconds),
            removal_timeout_ms: milliseconds(outcome.removal_timeout),
            data_record: objects(outcome.data_record.as_deref().unwrap_or_default()),
            discretionary_data: objects(outcome.discretionary_data.as_deref().unwrap_or_default()),
            coded: BTreeMap::new(),
        }
    }
}

impl From<&UiRequest> for UiSeen {
    fn from(request: &UiRequest) -> Self {
        let qualifier = |qualifier| match qualifier {
            ValueQualifier::Amount => "amount".to_owned(),
            ValueQualifier::Balance => "balance".to_owned(),
        };
        Self {
            message: request.message.map(|message| message.to_string()),
            status: request.status.map(|status| status.name().to_owned()),
            hold_ms: (request.hold > 0).then(|| milliseconds(request.hold)),
            language: request.language.map(|language| format!("{language:?}")),
            qualifier: request.value.map(|value| qualifier(value.qualifier)),
            value: request.value.and_then(|value| Amount::from_bcd(value.value)).map(Amount::minor_units),
        }
    }
}
