//! Kernel 2, Mastercard (EMV Contactless Book C-2).
//!
//! The reader goes through the card step by step: GET PROCESSING OPTIONS, relay resistance, records, then its own checks, then
//! GENERATE AC; a card without EMV mode computes a checksum over track data instead. Beside it the kernel talks to the terminal
//! (data exchange), writes data into the card (data storage), and keeps a log of transactions that were torn apart, so that the
//! next tap of the same card can recover them.
//!
//! One struct waits for each answer, in a file named after the book's state. A step gives the next command together with the
//! state that reads its answer, an Outcome, or a `Fault`, which becomes an Outcome in one place (`ends`).
//! [`rules`] has the numbers of the steps.

mod action_analysis;
mod balance;
mod cda;
mod cvm;
mod cvm_rule;
mod database;
mod dialogue;
pub mod dictionary;
mod dol;
mod ends;
mod fault;
mod generate_ac;
mod lists;
mod mag_stripe_end;
mod numbers;
mod options;
mod parameters;
mod phone;
mod r1_relay_resistance;
mod restrictions;
pub mod rules;
mod s10_recover_ac;
mod s11_generate_ac_again;
mod s12_put_data_before;
mod s13_checksum;
mod s14_checksum_od_cvm;
mod s15_put_data_after;
mod s1_idle;
mod s2_pdol_data;
mod s3_gpo;
mod s3r1_first_command;
mod s456_common;
mod s456_decide;
mod s4_read_record;
mod s5_get_data;
mod s6_first_write;
mod s78_common;
mod s7_mag_stripe_record;
mod s910_common;
mod s910_valid;
mod s9_generate_ac;
mod state;
mod tap;
mod torn;
mod track;

pub use fault::{L2, L3};
pub use options::{Edition, GpoLost, MalformedList, Options, Rounding};
pub use torn::{Kept, TornRecord, Unreadable};

use self::{
    state::{State, Step},
    tap::{Mode, Tap},
};
use super::{
    contract::{Cx, DataRequest, Input, Kernel, Next},
    event::Event,
    outcome::Outcome,
};
use crate::apdu::Command;

/// Kernel 2 for one combination.
#[derive(Debug, Default)]
pub struct C2 {
    tap: Tap,
    state: State,
    held_back: Option<HeldBack>,
}

/// What comes after the terminal has been told something.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "a command lives in an array, so that a tap allocates little")]
enum HeldBack {
    Send(Command),
    Done(Box<Outcome>),
}

impl C2 {
    /// A kernel with these options.
    pub fn new(options: Options) -> Self {
        Self { tap: Tap { options, ..Tap::default() }, ..Self::default() }
    }

    /// Remembers what is awaited, tells the terminal what there is to tell, and turns a fault into an Outcome.
    fn advance(&mut self, step: Step, cx: &mut Cx<'_>) -> Next {
        match step {
            Step::Send(command, state) => {
                self.enter(state, cx);
                self.after_telling(HeldBack::Send(command))
            }
            Step::Await(time, state) => {
                self.enter(state, cx);
                let request = self.tap.dialogue.take_outbox().unwrap_or_default();
                Next::AskTerminal(Box::new(DataRequest { wait: Some(time), ..request }))
            }
            Step::Pause(time, state) => {
                self.enter(state, cx);
                Next::Pause(time)
            }
            Step::Stay(state) => {
                self.state = state;
                match self.held_back.take() {
                    Some(HeldBack::Send(command)) => Next::Send(command),
                    Some(HeldBack::Done(outcome)) => Next::Done(outcome),
                    None => Next::Wait,
                }
            }
            Step::Done(outcome) => {
                self.held_back = None;
                self.state = State::Idle;
                self.after_telling(HeldBack::Done(outcome))
            }
        }
    }

    fn enter(&mut self, state: State, cx: &mut Cx<'_>) {
        cx.event(&Event::State { book: "C-2", name: state.name() });
        self.held_back = None;
        self.state = state;
    }

    fn after_telling(&mut self, what: HeldBack) -> Next {
        match self.tap.dialogue.take_outbox() {
            Some(request) => {
                self.held_back = Some(what);
                Next::AskTerminal(Box::new(request))
            }
            None => match what {
                HeldBack::Send(command) => Next::Send(command),
                HeldBack::Done(outcome) => Next::Done(outcome),
            },
        }
    }
}

impl Kernel for C2 {
    fn start(&mut self, cx: &mut Cx<'_>) -> Next {
        self.held_back = None;
        self.tap.clear();
        let step = s1_idle::start(&mut self.tap, cx);
        let step = self.tap.settle(step, cx);
        self.advance(step, cx)
    }

    fn reply(&mut self, input: Input<'_>, cx: &mut Cx<'_>) -> Next {
        if let Some(HeldBack::Done(outcome)) = self.held_back.take_if(|held| matches!(held, HeldBack::Done(_))) {
            return Next::Done(outcome);
        }
        // What is held back has not been sent: there is no answer to it yet, and no time has run out.
        let input = match input {
            Input::Terminal(_) | Input::Stop => input,
            _ if self.held_back.is_some() => Input::Terminal(&[]),
            _ => input,
        };
        let step = core::mem::take(&mut self.state).reply(input, &mut self.tap, cx);
        let step = self.tap.settle(step, cx);
        self.advance(step, cx)
    }

    fn clean(&mut self, cx: &mut Cx<'_>) -> Option<Box<Outcome>> {
        self.held_back = None;
        self.tap.clear();
        Some(Box::new(s1_idle::clean(&mut self.tap, cx)))
    }
}
