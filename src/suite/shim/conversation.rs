//! One tap of a foreign kernel: what it asks for is done, and what it says is written down.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use super::{
    lines::{after_the_end, line, parse},
    message::{Field, FromSubject, SaidMessage, ToSubject},
    process::{Process, Silence},
    words,
};
use crate::{
    apdu::{LinkFault, StatusWord},
    bytes::Hex,
    host::{self, Host, Request},
    kernel::outcome::{Cvm, OutcomeResult},
    link::Link,
    run::{Counterpart, Disposition, Said, Table},
    suite::{
        observe,
        seen::{Ended, OutcomeSeen, Seen, Step, UiSeen, What},
    },
    time::Micros,
};

/// How long somebody listens after the end of a tap for what does not belong there any more.
const AFTERTHOUGHT: Duration = Duration::from_millis(1);

/// Messages that a subject may send in one tap.
pub(super) const MESSAGES: usize = 5_000;

/// The instruction of SELECT.
const SELECT: u8 = 0xA4;

/// What is told to a subject that it does not answer, or before its first message.
const START: &str = "start";

pub(super) struct Conversation<'a> {
    process: &'a mut Process,
    link: &'a mut dyn Link,
    host: &'a mut dyn Host,
    /// The terminal that kernels exchange data with.
    terminal: Table,
    deadline: Instant,
    /// Simulated, as of the link and the host; a field off without a time takes as long as it takes.
    now: Micros,
    steps: Vec<Step>,
    power: Power,
    messages: usize,
    /// The last thing it was told.
    told: &'static str,
    last: Option<Told>,
    /// Whether the issuer was asked.
    asked: bool,
    /// The final word, if the subject says it.
    final_word: Option<Disposition>,
    /// Whether a `done` that comes first is one of the tap before.
    done_is_owed: bool,
}

/// The last Outcome.
struct Told {
    result: OutcomeResult,
    outcome: OutcomeSeen,
}

#[derive(Clone, Copy)]
enum Power {
    On,
    Off,
    /// Off since then, for as long as it takes.
    OffSince(Instant),
}

/// A tap as it was seen, and whether the subject left without a word, so that another process may take its place.
pub(super) struct Talk {
    pub(super) seen: Seen,
    pub(super) left_at_once: bool,
    /// Whether it can go on with the next tap.
    pub(super) is_usable: bool,
    /// Whether a `done` may still come that says nothing new.
    pub(super) done_is_owed: bool,
}

impl<'a> Conversation<'a> {
    pub(super) fn new(
        process: &'a mut Process,
        link: &'a mut dyn Link,
        host: &'a mut dyn Host,
        terminal: Table,
        deadline: Instant,
    ) -> Self {
        Self {
            process,
            link,
            host,
            terminal,
            deadline,
            now: Micros::ZERO,
            steps: Vec::new(),
            power: Power::Off,
            messages: 0,
            told: START,
            last: None,
            asked: false,
            final_word: None,
            done_is_owed: false,
        }
    }

    /// With a subject that may say `done` once more for the tap before, which its Outcome had ended.
    pub(super) const fn owed(mut self, done_is_owed: bool) -> Self {
        self.done_is_owed = done_is_owed;
        self
    }

    /// From `start`, which has been sent, to the end of the tap.
    pub(super) fn hold(mut self) -> Talk {
        let (mut left_at_once, mut spoke) = (false, true);
        let (mut ended, said_done) = loop {
            let step = self.receive().map_err(|silence| {
                spoke = false;
                left_at_once = silence == Silence::Left && self.messages == 0;
                silence.ended(self.told)
            });
            let is_done = matches!(step, Ok(FromSubject::Done { .. }));
            if is_done && core::mem::take(&mut self.done_is_owed) && self.messages == 1 {
                self.messages = 0;
                continue;
            }
            if let Err(ended) = step.and_then(|message| self.follow(message)) {
                break (ended, is_done);
            }
        };
        let mut done_is_owed = !said_done;
        let is_orderly = |ended: &Ended| matches!(ended, Ended::Done | Ended::Unsupported(_));
        if is_orderly(&ended) {
            match after_the_end(self.process, AFTERTHOUGHT) {
                Ok(has_said_done) => done_is_owed &= !has_said_done,
                Err(what) => ended = Ended::Misbehaved(format!("wrote {what} after the end of the tap")),
            }
        }
        if ended == Ended::Done {
            self.go_online_for_it();
        }
        let disposition = self.disposition();
        let is_usable = spoke && is_orderly(&ended);
        Talk {
            seen: Seen { steps: self.steps, ended, disposition, ..Seen::default() },
            left_at_once,
            is_usable,
            done_is_owed,
        }
    }

    /// The final word: what the subject says it is; without that, what its Outcome says where nobody asked the issuer. What a terminal
    /// makes of the issuer's answer nobody knows but itself.
    fn disposition(&self) -> String {
        let result = self.last.as_ref().map(|last| last.result);
        let open = self.asked || result == Some(OutcomeResult::OnlineRequest);
        let word = self.final_word.or_else(|| (!open).then(|| Disposition::after(result, None)));
        word.map_or(String::new(), |word| word.name().to_owned())
    }

    fn receive(&mut self) -> Result<FromSubject, Silence> {
        let line = self.process.line(self.deadline)?;
        self.messages += 1;
        if self.messages > MESSAGES {
            return Err(Silence::Nonsense(format!("more than {MESSAGES} messages in one tap, the last")));
        }
        parse(&line)
    }

    /// Does what a message asks for. The error is the end of the tap, be it a good one.
    fn follow(&mut self, message: FromSubject) -> Result<(), Ended> {
        match message {
            FromSubject::Command { hex } => self.command(&hex),
            FromSubject::Field { state: Field::On, .. } => {
                if let Ok(us) = self.field_on()? {
                    self.tell("card", &ToSubject::Card { us: us.0 });
                }
                Ok(())
            }
            FromSubject::Field { state: Field::Off, ms } => {
                self.field_off(ms);
                Ok(())
            }
            FromSubject::Removal => self.removal(),
            FromSubject::Ui(request) => {
                self.ui(&request);
                Ok(())
            }
            FromSubject::DataExchange { needed, to_send, wait_ms } => {
                let request = words::request(&needed, &to_send, wait_ms).map_err(nonsense)?;
                self.see(observe::exchanged(&request));
                self.exchange_data(|terminal, now| terminal.ask(&request, now));
                Ok(())
            }
            FromSubject::Listen => {
                self.exchange_data(|terminal, now| terminal.listen(now));
                Ok(())
            }
            FromSubject::Online { tags } => self.online(&tags),
            FromSubject::Outcome { outcome, held_back_ms, more } => {
                let (outcome, result) = words::outcome(&outcome).map_err(nonsense)?;
                self.now += Micros(held_back_ms.saturating_mul(1000));
                self.see(What::Outcome(outcome.clone()));
                self.last = Some(Told { result, outcome });
                if more { Ok(()) } else { Err(Ended::Done) }
            }
            FromSubject::Done { disposition } => {
                self.final_word = disposition.map(|word| words::disposition(&word)).transpose().map_err(nonsense)?;
                Err(Ended::Done)
            }
            FromSubject::Unsupported { what } => Err(Ended::Unsupported(words::shortened(&what))),
            FromSubject::Log { .. } | FromSubject::Hello { .. } => Ok(()),
        }
    }

    fn command(&mut self, text: &str) -> Result<(), Ended> {
        let command = words::bytes("a command", text).map_err(nonsense)?;
        if command.len() < 4 {
            self.see(What::Command { hex: Hex(&command).to_string() });
            return Err(nonsense(format!("a command of {} bytes; four are the least", command.len())));
        }
        // Who does not care about the field finds a card in it.
        if !matches!(self.power, Power::On) && self.field_on()?.is_err() {
            return Ok(());
        }
        if command.get(1) == Some(&SELECT) {
            // A kernel that is activated after it begins a dialogue of its own.
            self.terminal.begin();
        }
        self.see(What::Command { hex: Hex(&command).to_string() });
        let mut response = Vec::new();
        match self.link.exchange(&command, &mut response) {
            Ok(elapsed) => {
                self.now += elapsed;
                let hex = Hex(&response).to_string();
                self.see(What::Response { hex: hex.clone(), us: elapsed.0 });
                if response.len() < size_of::<StatusWord>() {
                    return self.lost(LinkFault::Protocol);
                }
                let terminal = self.interjections();
                self.tell("response", &ToSubject::Response { hex, us: elapsed.0, terminal });
                Ok(())
            }
            Err(LinkFault::NoCard) => self.lost(LinkFault::Timeout),
            Err(fault) => self.lost(fault),
        }
    }

    /// Polls for a card. The outer error ends the tap; the inner one has been told to the subject.
    fn field_on(&mut self) -> Result<Result<Micros, ()>, Ended> {
        if let Power::OffSince(moment) = self.power {
            self.now += Micros(u64::try_from(moment.elapsed().as_micros()).unwrap_or_default());
        }
        if !matches!(self.power, Power::On) {
            self.see(What::FieldOn);
        }
        match self.link.activate() {
            Ok(elapsed) => {
                self.power = Power::On;
                self.now += elapsed;
                Ok(Ok(elapsed))
            }
            Err(fault) => {
                // The field stays on while the reader polls.
                self.power = Power::On;
                self.lost(fault).map(|()| Err(()))
            }
        }
    }

    fn field_off(&mut self, ms: Option<u64>) {
        let hold = Micros(ms.unwrap_or_default().saturating_mul(1000));
        self.link.deactivate(hold);
        self.see(What::FieldOff);
        self.now += hold;
        self.power = if ms.is_some() { Power::Off } else { Power::OffSince(Instant::now()) };
    }

    fn removal(&mut self) -> Result<(), Ended> {
        match self.link.wait_for_removal() {
            Ok(us) => {
                self.now += us;
                self.tell("removed", &ToSubject::Removed { us: us.0 });
            }
            Err(LinkFault::NoCard) => self.tell("removed", &ToSubject::Removed { us: 0 }),
            Err(fault) => return self.lost(fault),
        }
        Ok(())
    }

    fn lost(&mut self, fault: LinkFault) -> Result<(), Ended> {
        let reason = fault.name().to_owned();
        self.see(What::Lost { reason: reason.clone() });
        let terminal = self.interjections();
        self.tell("lost", &ToSubject::Lost { reason, terminal });
        match fault {
            LinkFault::Unusable => Err(Ended::Broken(fault.to_string())),
            LinkFault::Cancelled => Err(Ended::TimedOut(fault.to_string())),
            _ => Ok(()),
        }
    }

    /// What the terminal says to a kernel that asked.
    fn exchange_data(&mut self, answer: impl FnOnce(&mut Table, &mut Micros) -> Said) {
        let before = self.now;
        let said = answer(&mut self.terminal, &mut self.now);
        let us = self.now.0.saturating_sub(before.0);
        self.tell("terminal", &ToSubject::Terminal { said: words::said(&said), us });
    }

    /// What it has said while the card worked.
    fn interjections(&mut self) -> Vec<SaidMessage> {
        core::iter::from_fn(|| self.terminal.interject(self.now)).map(|said| words::said(&said)).collect()
    }

    fn ui(&mut self, request: &UiSeen) {
        self.see(What::Ui(words::ui(request)));
    }

    /// Asks the issuer: with these objects, or those of the last Outcome.
    fn online(&mut self, tags: &BTreeMap<String, String>) -> Result<(), Ended> {
        let record = self.last.as_ref().map(|last| &last.outcome.data_record).filter(|_| tags.is_empty());
        let (_, data_record) = words::objects("online", record.unwrap_or(tags)).map_err(nonsense)?;
        let cvm = self.last.as_ref().and_then(|last| last.outcome.cvm.as_deref());
        let request = Request { data_record: &data_record, online_pin: cvm == Cvm::OnlinePin.name() };
        let answer = observe::ask(self.host, request, self.now, &mut self.steps);
        self.now += answer.elapsed;
        self.asked = true;
        let scripts = crate::tlv::objects(&answer.scripts).map_while(Result::ok).map(|script| {
            let mut whole = crate::tlv::Writer::new();
            whole.object(script.tag, script.value);
            Hex(&whole.finish()).to_string()
        });
        self.tell(
            "host",
            &ToSubject::Host {
                response_code: answer.response_code.map(|code| host::response_code(&code)),
                issuer_authentication_data: answer.authentication_data.as_deref().map(|data| Hex(data).to_string()),
                scripts: scripts.collect(),
                us: answer.elapsed.0,
            },
        );
        Ok(())
    }

    /// A subject that leaves going online to its surroundings still has a final word coming.
    fn go_online_for_it(&mut self) {
        let wants = self.last.as_ref().is_some_and(|last| last.result == OutcomeResult::OnlineRequest);
        if wants && !self.asked {
            // The data record has been read before; it cannot be nonsense now.
            let _ = self.online(&BTreeMap::new());
        }
    }

    fn see(&mut self, what: What) {
        self.steps.push(Step { at_us: self.now.0, what });
    }

    fn tell(&mut self, name: &'static str, message: &ToSubject) {
        self.told = name;
        self.process.send(line(message));
    }
}

fn nonsense(what: impl core::fmt::Display) -> Ended {
    Ended::Misbehaved(format!("wrote {what}"))
}

/// Waits for `hello`.
pub(super) fn greeting(process: &mut Process, deadline: Instant) -> Result<FromSubject, Ended> {
    for _ in 0..MESSAGES {
        let line = process.line(deadline).map_err(|silence| silence.ended("hello"))?;
        match parse(&line).map_err(|silence| silence.ended("hello"))? {
            hello @ FromSubject::Hello { .. } => return Ok(hello),
            FromSubject::Unsupported { what } => return Err(Ended::Unsupported(words::shortened(&what))),
            FromSubject::Log { .. } => {}
            _ => break,
        }
    }
    Err(Ended::Misbehaved("did not answer `hello` with `hello`".to_owned()))
}

/// How long a subject may take for `hello` where no case is waiting.
pub(super) const GREETING: Duration = Duration::from_secs(10);
