//! Kernel 3, Visa qVSDC (EMV Contactless Book C-3).
//!
//! The card decides first: one GET PROCESSING OPTIONS carries the reader's wishes (TTQ) and brings the cryptogram. The kernel
//! reads the records, then goes through its checks in the order of the book (`decide`) towards approving, going online or
//! declining. There is no GENERATE AC and no CVM list. Legacy mag-stripe mode (`msd`) is an option. Integrated Data Storage
//! (3.3.3.1: EXTENDED GET PROCESSING OPTIONS for cards with a directory D2) is not supported: what it sends is not public, and a
//! card that offers it takes part in transactions without it.
//!
//! One struct waits for each answer: `ExpectGpo`, `ExpectRecord`, and on the second presentment `ExpectExternalAuthenticate`
//! and `ExpectScript`. A step gives the next command together with the state that reads its answer, an Outcome, or a
//! [`Fault`], which becomes an Outcome in one place (`outcome::of_fault`).

mod cryptogram;
mod cvm;
mod data_record;
mod decide;
mod external_authenticate;
mod facts;
mod gpo;
mod mandatory;
mod msd;
mod oda;
mod options;
mod outcome;
mod record;
mod refund;
mod restrictions;
pub mod rules;
mod script;
mod start;

pub use options::{Duplicates, Options, Refund, Retry};

use self::{
    external_authenticate::ExpectExternalAuthenticate, gpo::ExpectGpo, record::ExpectRecord, script::ExpectScript,
};
use super::{
    contract::{Cx, Input, Kernel, Next},
    event::Event,
    fault::Fault,
    outcome::{Outcome, OutcomeResult},
    shared::{
        card_data::{Intake, Repeats},
        static_data::StaticData,
    },
};
use crate::{
    apdu::{Command, LinkFault, Response},
    data::Scope,
};

/// How objects from the card are taken.
const INTAKE: Intake = Intake(Scope::K3);

/// Kernel 3 for one combination.
#[derive(Debug, Default)]
pub struct C3 {
    tap: Tap,
    state: State,
}

/// What every step of a tap has at hand. Its memory outlives the tap.
#[derive(Debug, Default)]
struct Tap {
    options: Options,
    static_data: StaticData,
    repeats: Repeats,
}

impl Tap {
    /// 5.4.2.2: every object came once. What the kernel does not know may come again, if the product says so.
    fn check_repeats(&self) -> Result<(), Fault> {
        let unknown = self.repeats.unknown.filter(|_| !self.options.repeated_unknown_objects);
        self.repeats.known.or(unknown).map_or(Ok(()), |tag| Err(Fault::Duplicate(tag)))
    }

    /// The same while there is more to read, for products that do not wait.
    fn check_repeats_early(&self) -> Result<(), Fault> {
        match self.options.duplicates {
            Duplicates::WhileReading => self.check_repeats(),
            Duplicates::AfterReading => Ok(()),
        }
    }
}

/// The answer that is awaited.
#[derive(Debug, Default)]
enum State {
    /// None: the kernel has not started, or is done.
    #[default]
    Idle,
    Gpo(ExpectGpo),
    Record(ExpectRecord),
    ExternalAuthenticate(ExpectExternalAuthenticate),
    Script(ExpectScript),
}

/// Where a step leads.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "a command lives in an array, so that a tap allocates nothing")]
enum Step {
    /// To a command, and the state that reads its answer.
    Send(Command, State),
    /// To the end.
    Done(Box<Outcome>),
}

impl Step {
    fn done(outcome: Outcome) -> Self {
        Self::Done(Box::new(outcome))
    }
}

impl C3 {
    /// A kernel with these options.
    pub fn new(options: Options) -> Self {
        Self { tap: Tap { options, ..Tap::default() }, state: State::Idle }
    }

    /// Remembers what is awaited, and turns a fault into an Outcome.
    fn advance(&mut self, step: Result<Step, Fault>, cx: &mut Cx<'_>) -> Next {
        let outcome = match step {
            Ok(Step::Send(command, state)) => {
                cx.event(&Event::State { book: "C-3", name: state.name() });
                self.state = state;
                return Next::Send(command);
            }
            Ok(Step::Done(outcome)) => outcome,
            Err(fault) => Box::new(outcome::of_fault(fault, &self.tap.options, cx)),
        };
        self.state = State::Idle;
        Next::Done(outcome)
    }
}

impl Kernel for C3 {
    fn start(&mut self, cx: &mut Cx<'_>) -> Next {
        self.tap.static_data.clear();
        self.tap.repeats.clear();
        let step = start::start(&mut self.tap, cx);
        self.advance(step, cx)
    }

    fn reply(&mut self, input: Input<'_>, cx: &mut Cx<'_>) -> Next {
        let step = match core::mem::take(&mut self.state) {
            State::Idle => Ok(Step::done(Outcome::new(OutcomeResult::EndApplication))),
            State::Gpo(state) => state.reply(input, &mut self.tap, cx),
            State::Record(state) => state.reply(input, &mut self.tap, cx),
            State::ExternalAuthenticate(state) => state.reply(input, cx),
            State::Script(state) => state.reply(input, cx),
        };
        self.advance(step, cx)
    }
}

impl State {
    const fn name(&self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Gpo(_) => "expect GET PROCESSING OPTIONS",
            Self::Record(_) => "expect READ RECORD",
            Self::ExternalAuthenticate(_) => "expect EXTERNAL AUTHENTICATE",
            Self::Script(_) => "expect issuer script command",
        }
    }
}

/// The response, or the fault of the air interface in its place.
fn response(input: Input<'_>) -> Result<Response<'_>, Fault> {
    answer(input).map_err(Fault::Link)
}

/// The same. A terminal that has something to say without being asked can only mean that this is to end.
const fn answer(input: Input<'_>) -> Result<Response<'_>, LinkFault> {
    match input {
        Input::Card(response) => Ok(response),
        Input::Link(fault) => Err(fault),
        Input::Timeout => Err(LinkFault::Timeout),
        Input::Terminal(_) | Input::Stop => Err(LinkFault::Cancelled),
    }
}
