//! What a kernel is: a deterministic machine without I/O, clock or randomness of its own.
//!
//! The reader activates a kernel with [`Kernel::start`], does what it asks for, and hands it the result with
//! [`Kernel::reply`], until it is done (EMV Contactless Book B, 3.4; Book A, 8.1.1.7 and 8.1.1.8).
//!
//! A kernel that exchanges data with the terminal (Kernel 2) says so with [`Next::AskTerminal`]; what the terminal says later,
//! while the card works, comes as an input of its own, which such a kernel answers with [`Next::Wait`].

use super::{
    display::Display,
    event::{Event, Sink},
    outcome::{Outcome, Start, UiRequest},
    rule::Rule,
};
use crate::{
    apdu::{Command, LinkFault, Response, StatusWord},
    crypto::Trust,
    data::{Source, Store},
    time::{Date, Micros},
    tlv::Tag,
};

/// A kernel. One value serves one combination for the life of the reader; `start` begins a new activation, whatever went
/// before.
pub trait Kernel {
    /// Begins an activation.
    fn start(&mut self, cx: &mut Cx<'_>) -> Next;

    /// Takes what came of the last [`Next::Send`].
    fn reply(&mut self, input: Input<'_>, cx: &mut Cx<'_>) -> Next;

    /// Between transactions: forgets what it has kept for too long, and says so (C-2, the signal CLEAN). `None` if it keeps nothing
    /// that could be too old. The store has what reader and terminal know, date and time included.
    fn clean(&mut self, _: &mut Cx<'_>) -> Option<Box<Outcome>> {
        None
    }
}

/// What a kernel wants next.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a command is passed on, not stored; a box would be an allocation a step"
)]
pub enum Next {
    /// Send this to the card and hand over what comes back.
    Send(Command),
    /// Tell the terminal this, and hand over what it says: [`Input::Terminal`], [`Input::Stop`], or [`Input::Timeout`].
    AskTerminal(Box<DataRequest>),
    /// Nothing new: what was waited for is still waited for, within what is left of its time.
    Wait,
    /// Let this time pass, then reply with [`Input::Timeout`].
    Pause(Micros),
    /// The kernel is done.
    Done(Box<Outcome>),
}

/// What a kernel tells the terminal during a transaction (C-2, the signal DEK).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataRequest {
    /// Data Needed (DF8106): the tags of the objects that the kernel asks for, one after the other.
    pub data_needed: Vec<u8>,
    /// Data To Send (FF8104): data objects that the terminal asked for, one after the other; an empty one if there is none.
    pub data_to_send: Vec<u8>,
    /// How long the kernel waits for an answer. `None`: it does not; what has already come is handed over, or nothing.
    pub wait: Option<Micros>,
}

/// What came of a command, or from the terminal.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// The card answered.
    Card(Response<'a>),
    /// The air interface failed.
    Link(LinkFault),
    /// The terminal answered [`Next::AskTerminal`], at once or while the card worked: data objects one after the other (C-2, the
    /// signal DET). Nothing, if the kernel did not want to wait and there is nothing yet.
    Terminal(&'a [u8]),
    /// The terminal wants the kernel to end (C-2, the signal STOP).
    Stop,
    /// The time of [`Next::Pause`], or of a [`DataRequest`], has passed.
    Timeout,
}

/// A source of random bytes.
pub trait Random {
    /// Fills `bytes`.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// The pre-processing indicators of a combination (Book A, table 5-3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Indicators {
    /// The amount is a single unit of currency and the combination checks for that.
    pub status_check_requested: bool,
    /// The combination may not be used for this transaction.
    pub contactless_application_not_allowed: bool,
    /// The amount is zero.
    pub zero_amount: bool,
    /// The amount reaches the Reader CVM Required Limit.
    pub cvm_required_limit_exceeded: bool,
    /// The amount is over the Reader Contactless Floor Limit, or the Terminal Floor Limit in its place.
    pub floor_limit_exceeded: bool,
    /// The Terminal Transaction Qualifiers as pre-processing left them; `None` if the combination has none.
    pub ttq: Option<[u8; 4]>,
}

/// What the issuer sent back for the card (Book A, 8.1.1.7).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssuerResponse {
    /// Authorisation response code, tag 8A.
    pub response_code: Option<[u8; 2]>,
    /// Issuer authentication data: the value of tag 91.
    pub authentication_data: Option<Vec<u8>>,
    /// Issuer scripts: whole 71 and 72 objects, in the order they came.
    pub scripts: Vec<u8>,
}

impl IssuerResponse {
    /// Whether there is anything for the card: 91, 71 or 72.
    pub fn has_emv_data(&self) -> bool {
        self.authentication_data.is_some() || !self.scripts.is_empty()
    }
}

/// What Entry Point hands over when it activates a kernel (Book B, 3.4.1).
#[derive(Clone, Debug)]
pub struct Activation<'a> {
    /// The start point that led to this activation.
    pub start: Start,
    /// The restart flag: false for every activation of a new transaction (Book A, 8.1.1.4 and 8.1.1.20).
    pub restart: bool,
    /// The indicators of the combination, with the copy of TTQ.
    pub indicators: Indicators,
    /// The card's application as it was selected, extended selection included.
    pub adf_name: &'a [u8],
    /// The reader's application.
    pub aid: &'a [u8],
    /// The kernel identifier of the combination: one byte, or three for a domestic kernel.
    pub kernel_id: &'a [u8],
    /// The data field of the answer to the final SELECT; `None` on a restart at D.
    pub fci: Option<&'a [u8]>,
    /// The status word of the final SELECT; `None` on a restart at D.
    pub select_status: Option<StatusWord>,
    /// The issuer's answer, on a restart that has one.
    pub issuer: Option<&'a IssuerResponse>,
    /// Whether the removal time-out ran out while the terminal was online (Book A, 8.1.1.21).
    pub removal_timed_out: bool,
}

/// Everything a kernel may touch during one step.
pub struct Cx<'a> {
    /// How and why the kernel was activated.
    pub activation: &'a Activation<'a>,
    /// The data objects. At `start` it holds what reader and terminal know; the kernel adds what the card sends.
    pub store: &'a mut Store,
    /// CA public keys and revoked certificates.
    pub trust: &'a Trust,
    /// Today, in the terminal's opinion.
    pub today: Date,
    /// Microseconds since the transaction began.
    pub now: Micros,
    /// The display, for requests while the kernel works.
    pub display: &'a mut Display,
    /// Where unpredictable numbers come from, beside the one that the store has from the start. A number that is drawn belongs
    /// into the store, with [`Source::Transaction`], so that a recording has it.
    pub random: &'a mut dyn Random,
    /// What the kernels of this number keep from one transaction to the next, in a form of their own; empty at first.
    pub kept: &'a mut Vec<u8>,
    /// Who watches.
    pub events: &'a mut dyn Sink,
}

impl Cx<'_> {
    /// Lets people see an event.
    pub fn event(&mut self, event: &Event<'_>) {
        self.events.event(self.now, event);
    }

    /// Cites a rule at the place where it decides something.
    pub fn rule(&mut self, rule: Rule, note: core::fmt::Arguments<'_>) {
        self.event(&rule.cited(note));
    }

    /// Sends a User Interface Request while the kernel works.
    pub fn ui(&mut self, request: UiRequest) {
        self.display.show(request, self.now, self.events);
    }

    /// Sets a data object and lets people see it.
    pub fn set(&mut self, tag: Tag, value: &[u8], source: Source) {
        self.store.put(tag, value, source);
        self.event(&Event::Data { tag, value, source });
    }
}
