//! Activating a kernel (Book B, 3.4.1; Book A, 8.1.1.7 and 8.1.1.8) and doing what it asks for.

use super::{Counterpart, Parts, Transaction};
use crate::{
    apdu::{Command, LinkFault, Response, StatusWord},
    crypto::Trust,
    data::{
        Source, Store,
        dictionary::{
            AID_TERMINAL_9F06, AMOUNT_AUTHORISED_9F02, AMOUNT_OTHER_9F03, AUTHORISATION_RESPONSE_CODE_8A,
            ISSUER_AUTHENTICATION_DATA_91, TRANSACTION_DATE_9A, TRANSACTION_TIME_9F21, TRANSACTION_TYPE_9C, TTQ_9F66,
            UNPREDICTABLE_NUMBER_9F37,
        },
    },
    entry::Combination,
    kernel::{
        contract::{Activation, Cx, Input, IssuerResponse, Kernel, Next},
        display::Display,
        event::{Event, Sink},
        outcome::Outcome,
    },
    link::Link,
    time::Micros,
    tlv::Tag,
};

/// What an activation works with, besides the combination.
pub(super) struct Stage<'a, 'p> {
    pub(super) activation: &'a Activation<'a>,
    pub(super) terminal: &'a [(Tag, Vec<u8>)],
    pub(super) transaction: &'a Transaction,
    pub(super) trust: &'a Trust,
    pub(super) store: &'a mut Store,
    pub(super) response: &'a mut Vec<u8>,
    pub(super) display: &'a mut Display,
    pub(super) now: &'a mut Micros,
    pub(super) parts: &'a mut Parts<'p>,
    /// The terminal that the kernel exchanges data with.
    pub(super) counterpart: &'a mut dyn Counterpart,
    /// What the kernels of this number keep.
    pub(super) kept: &'a mut Vec<u8>,
}

impl Stage<'_, '_> {
    /// Runs a kernel to its Outcome. The error is a fault that ends the whole tap.
    pub(super) fn play(&mut self, combination: &mut Combination) -> Result<Box<Outcome>, LinkFault> {
        self.load(combination);
        self.parts.events.event(
            *self.now,
            &Event::KernelActivated {
                adf_name: self.activation.adf_name,
                aid: self.activation.aid,
                kernel: combination.kernel_id.bytes(),
                start: self.activation.start,
                restart: self.activation.restart,
                select_status: self.activation.select_status,
            },
        );
        let kernel = combination.kernel.as_mut();
        self.counterpart.begin();
        let mut next = kernel.start(&mut self.cx());
        loop {
            next = match next {
                Next::Done(outcome) => return Ok(outcome),
                Next::Send(command) => self.send(&command, kernel)?,
                Next::AskTerminal(request) => {
                    let said = self.counterpart.ask(&request, self.now);
                    kernel.reply(said.input(), &mut self.cx())
                }
                Next::Wait => {
                    let said = self.counterpart.listen(self.now);
                    kernel.reply(said.input(), &mut self.cx())
                }
                Next::Pause(time) => {
                    *self.now += time;
                    kernel.reply(Input::Timeout, &mut self.cx())
                }
            };
        }
    }

    /// One command. What the terminal has said meanwhile comes before the card's answer, which a kernel that ends does not get.
    fn send(&mut self, command: &Command, kernel: &mut dyn Kernel) -> Result<Next, LinkFault> {
        let result = exchange(self.parts, command, self.response, self.now)?;
        while let Some(said) = self.counterpart.interject(*self.now) {
            match kernel.reply(said.input(), &mut self.cx()) {
                Next::Wait => {}
                other => return Ok(other),
            }
        }
        let response = core::mem::take(self.response);
        let input = match (result, Response::parse(&response)) {
            (Ok(elapsed), Some(parsed)) => Input::Card(Response { elapsed, ..parsed }),
            (Ok(_), None) => Input::Link(LinkFault::Protocol),
            (Err(fault), _) => Input::Link(fault),
        };
        let next = kernel.reply(input, &mut self.cx());
        *self.response = response;
        Ok(next)
    }

    fn cx(&mut self) -> Cx<'_> {
        Cx {
            activation: self.activation,
            store: self.store,
            trust: self.trust,
            today: self.transaction.when.date,
            now: *self.now,
            display: self.display,
            random: self.parts.random,
            kept: self.kept,
            events: self.parts.events,
        }
    }

    /// Fills the store with what reader and terminal know: the terminal's data, the combination's over it, the
    /// transaction's over both.
    fn load(&mut self, combination: &Combination) {
        let store = &mut *self.store;
        let transaction = self.transaction;
        let mut number = [0; 4];
        self.parts.random.fill(&mut number);
        let drawn = Event::Data { tag: UNPREDICTABLE_NUMBER_9F37, value: &number, source: Source::Transaction };
        self.parts.events.event(*self.now, &drawn);
        store.clear();
        let configured = self.terminal.iter().chain(&combination.data).map(|object| (object, Source::Terminal));
        let given = transaction.data.iter().map(|object| (object, Source::Transaction));
        configured.chain(given).for_each(|((tag, value), source)| store.put(*tag, value, source));
        for (tag, value) in [
            (AMOUNT_AUTHORISED_9F02, &transaction.amount.to_bcd()[..]),
            (AMOUNT_OTHER_9F03, &transaction.other.to_bcd()),
            (TRANSACTION_TYPE_9C, &[transaction.kind]),
            (TRANSACTION_DATE_9A, &transaction.when.date.to_bcd()),
            (TRANSACTION_TIME_9F21, &transaction.when.time_bcd()),
            (UNPREDICTABLE_NUMBER_9F37, &number),
        ] {
            store.put(tag, value, Source::Transaction);
        }
        store.put(AID_TERMINAL_9F06, self.activation.aid, Source::Terminal);
        if let Some(qualifiers) = self.activation.indicators.ttq {
            store.put(TTQ_9F66, &qualifiers, Source::Terminal);
        }
        if let Some(issuer) = self.activation.issuer {
            load_issuer(store, issuer);
        }
    }
}

/// Scripts are not put into the store: there may be several of each tag. The kernel gets them with its activation.
fn load_issuer(store: &mut Store, issuer: &IssuerResponse) {
    if let Some(code) = issuer.response_code {
        store.put(AUTHORISATION_RESPONSE_CODE_8A, &code, Source::Issuer);
    }
    if let Some(data) = &issuer.authentication_data {
        store.put(ISSUER_AUTHENTICATION_DATA_91, data, Source::Issuer);
    }
}

/// Sends one command. A fault of card or air interface is a result; one that ends the tap is an error.
pub(super) fn exchange(
    parts: &mut Parts<'_>,
    command: &Command,
    response: &mut Vec<u8>,
    now: &mut Micros,
) -> Result<Result<Micros, LinkFault>, LinkFault> {
    response.clear();
    parts.events.event(*now, &Event::Command { name: command.name(), bytes: command.bytes() });
    let result = match parts.link.exchange(command.bytes(), response) {
        Ok(elapsed) => {
            *now += elapsed;
            parts.events.event(*now, &Event::Response { bytes: response, elapsed });
            if response.len() < size_of::<StatusWord>() { Err(LinkFault::Protocol) } else { Ok(elapsed) }
        }
        // No card to answer: it has left.
        Err(LinkFault::NoCard) => Err(LinkFault::Timeout),
        Err(fault) => Err(fault),
    };
    if let Err(fault) = result {
        parts.events.event(*now, &Event::LinkFault(fault));
        if ends_tap(fault) {
            return Err(fault);
        }
    }
    Ok(result)
}

/// Whether a fault is none of the card's doing, so that neither kernel nor Entry Point can go on.
pub(super) const fn ends_tap(fault: LinkFault) -> bool {
    match fault {
        LinkFault::Timeout | LinkFault::Transmission | LinkFault::Protocol | LinkFault::Collision => false,
        LinkFault::NoCard | LinkFault::ContactCard | LinkFault::Cancelled | LinkFault::Unusable => true,
    }
}

/// Switches the field off and lets people see it.
pub(super) fn field_off(link: &mut dyn Link, hold: Option<u16>, now: &mut Micros, events: &mut dyn Sink) {
    let time = Micros::tenths(hold.unwrap_or_default().into());
    link.deactivate(time);
    events.event(*now, &Event::FieldOff { hold });
    *now += time;
}
