//! The other side of the protocol: our own Entry Point and kernels as a subject that is talked to over two streams. It shows that the
//! protocol carries everything, and is what a shim looks like in Rust.

use std::{
    cell::RefCell,
    collections::VecDeque,
    io::{self, BufRead, Write},
};

use super::{
    configuration::{Objects, TerminalMessage},
    message::{Field, FromSubject, Start, ToSubject},
    words,
};
use crate::{
    apdu::LinkFault,
    data::Amount,
    entry::{Configuration, KernelId},
    host::{Answer, Host, Request},
    kernel::{contract::DataRequest, event::Event, outcome},
    link::Link,
    run::{Counterpart, Disposition, Parts, Reader, RecordedRandom, Said, Transaction},
    suite::observe,
    time::Micros,
    tlv::Tag,
};

mod build;

/// Does taps until `bye`, or until there is nothing more to read.
///
/// # Errors
/// Those of the streams. A message that cannot be followed is answered with `unsupported`.
pub fn serve(input: impl BufRead, output: impl Write) -> io::Result<()> {
    let wire = RefCell::new(Wire { input, output, failure: None, interjected: VecDeque::new(), waited: Micros(0) });
    let mut reader: Option<Reader> = None;
    loop {
        // Borrowed for this line only.
        let message = wire.borrow_mut().receive();
        match message.unwrap_or(ToSubject::Bye) {
            ToSubject::Hello { .. } => wire.borrow_mut().send(&hello()),
            ToSubject::Configure { terminal, reset } => match made(&terminal) {
                Ok(made) => {
                    let kept = reader.as_ref().filter(|_| !reset).map(|reader| reader.kept(KernelId::C2).to_vec());
                    reader.insert(made).keep(KernelId::C2, kept.unwrap_or_default());
                }
                Err(what) => wire.borrow_mut().send(&FromSubject::Unsupported { what }),
            },
            ToSubject::Start(start) => {
                let reader = reader.get_or_insert_with(|| Reader::new(Configuration::default()));
                let end = tap(reader, &start, &wire)
                    .map_or_else(|what| FromSubject::Unsupported { what }, |word| done(Some(word)));
                wire.borrow_mut().send(&end);
            }
            ToSubject::Clean { now } => {
                let cleaned = reader.as_mut().and_then(|reader| clean(reader, &now, &wire));
                let unsupported = || FromSubject::Unsupported { what: "clean".to_owned() };
                wire.borrow_mut().send(&cleaned.map_or_else(unsupported, |()| done(None)));
            }
            ToSubject::Bye => break,
            _ => {}
        }
    }
    wire.into_inner().failure.map_or(Ok(()), Err)
}

fn made(terminal: &TerminalMessage) -> Result<Reader, String> {
    Ok(Reader::new(build::configuration(terminal)?).with_options(build::options(terminal)?))
}

fn hello() -> FromSubject {
    FromSubject::Hello {
        name: "emvtap".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        capabilities: Vec::new(),
    }
}

fn done(word: Option<Disposition>) -> FromSubject {
    FromSubject::Done { disposition: word.map(|word| word.name().to_owned()) }
}

/// One tap, and the final word.
fn tap<R: BufRead, W: Write>(
    reader: &mut Reader,
    start: &Start,
    wire: &RefCell<Wire<R, W>>,
) -> Result<Disposition, String> {
    let transaction = transaction(start)?;
    let numbers = start.unpredictable_numbers.iter().map(|number| words::bytes("an unpredictable number", number));
    let digits = start.unpredictable_digits.iter().map(|digits| {
        let number = digits.parse::<u64>().map_err(|_| format!("`{digits}` is no number of digits"))?;
        Ok(number.to_be_bytes().to_vec())
    });
    let mut random = RecordedRandom::new(numbers.chain(digits).collect::<Result<Vec<_>, String>>()?, 0);
    let mut heard = Micros(0);
    let mut coded = observe::Coded::default();
    let mut events = |at: Micros, event: &Event<'_>| {
        let mut wire = wire.borrow_mut();
        coded.hear(event);
        match event {
            Event::Ui(request) => wire.send(&FromSubject::Ui((*request).into())),
            Event::Outcome { outcome, is_final: true } => {
                let held_back = at.0.saturating_sub(heard.0).saturating_sub(wire.waited.0);
                let outcome = Box::new(coded.outcome(outcome));
                wire.send(&FromSubject::Outcome { outcome, held_back_ms: held_back / 1000, more: true });
                (heard, wire.waited) = (at, Micros(0));
            }
            Event::FieldOn
            | Event::FieldOff { .. }
            | Event::CardPresent
            | Event::Response { .. }
            | Event::LinkFault(_)
            | Event::Host { .. } => (heard, wire.waited) = (at, Micros(0)),
            _ => {}
        }
    };
    let parts =
        Parts { link: &mut Wired { wire }, host: &mut Wired { wire }, random: &mut random, events: &mut events };
    let begin = if start.transaction.start == "B" { outcome::Start::B } else { outcome::Start::A };
    Ok(reader.pay_at(&mut Wired { wire }, begin, &transaction, parts).disposition)
}

/// `None` if there is nothing that could be cleaned.
fn clean<R: BufRead, W: Write>(reader: &mut Reader, now: &str, wire: &RefCell<Wire<R, W>>) -> Option<()> {
    let mut coded = observe::Coded::default();
    let mut events = |_: Micros, event: &Event<'_>| {
        coded.hear(event);
        if let Event::Outcome { outcome, .. } = event {
            let outcome = Box::new(coded.outcome(outcome));
            wire.borrow_mut().send(&FromSubject::Outcome { outcome, held_back_ms: 0, more: true });
        }
    };
    reader.clean(now.parse().ok()?, &mut events).map(|_| ())
}

fn transaction(start: &Start) -> Result<Transaction, String> {
    let said = &start.transaction;
    let amount = |minor| Amount::new(minor).ok_or_else(|| format!("an amount of {minor} minor units"));
    let kind = build::array::<1>("transaction type", &said.r#type)?;
    Ok(Transaction {
        amount: amount(said.amount)?,
        other: amount(said.other)?,
        kind: u8::from_be_bytes(kind),
        when: start.now.parse()?,
        data: data(&said.data)?,
    })
}

/// Data objects as bytes.
fn data(objects: &Objects) -> Result<Vec<(Tag, Vec<u8>)>, String> {
    let one = |(name, value): (&String, &String)| {
        let tag = words::tag(name).ok_or_else(|| format!("`{name}` is no tag"))?;
        Ok((tag, words::bytes(name, value)?))
    };
    objects.iter().map(one).collect()
}

/// Both streams.
struct Wire<R, W> {
    input: R,
    output: W,
    /// The first failure.
    failure: Option<io::Error>,
    /// What the terminal has said while the card worked, and nobody has heard yet.
    interjected: VecDeque<Said>,
    /// How long the kernel has waited for the terminal since it last heard of card or issuer.
    waited: Micros,
}

impl<R: BufRead, W: Write> Wire<R, W> {
    fn send(&mut self, message: &FromSubject) {
        let line = serde_json::to_string(message).unwrap_or_default();
        let written = writeln!(self.output, "{line}").and_then(|()| self.output.flush());
        self.failure = self.failure.take().or(written.err());
    }

    /// The next message that is known; `None` at the end.
    fn receive(&mut self) -> Option<ToSubject> {
        let mut line = String::new();
        while self.failure.is_none() {
            line.clear();
            match self.input.read_line(&mut line) {
                Ok(0) => return None,
                Ok(_) => {
                    if let Ok(message) = serde_json::from_str(&line) {
                        return Some(message);
                    }
                }
                Err(error) => self.failure = Some(error),
            }
        }
        None
    }

    fn ask(&mut self, message: &FromSubject) -> Option<ToSubject> {
        self.send(message);
        self.receive()
    }
}

/// Card and issuer at the other end.
struct Wired<'a, R, W> {
    wire: &'a RefCell<Wire<R, W>>,
}

impl<R: BufRead, W: Write> Wired<'_, R, W> {
    fn answer(&self, message: &FromSubject) -> Result<ToSubject, LinkFault> {
        let answer = self.wire.borrow_mut().ask(message).ok_or(LinkFault::Unusable)?;
        match answer {
            ToSubject::Lost { reason, terminal } => {
                self.wire.borrow_mut().interjected.extend(terminal.iter().map(words::heard));
                let fault = LinkFault::ALL.into_iter().find(|fault| fault.name() == reason);
                Err(fault.unwrap_or(LinkFault::Protocol))
            }
            answer => Ok(answer),
        }
    }
}

impl<R: BufRead, W: Write> Link for Wired<'_, R, W> {
    fn activate(&mut self) -> Result<Micros, LinkFault> {
        match self.answer(&FromSubject::Field { state: Field::On, ms: None })? {
            ToSubject::Card { us } => Ok(Micros(us)),
            _ => Err(LinkFault::Unusable),
        }
    }

    fn exchange(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<Micros, LinkFault> {
        let hex = crate::bytes::Hex(command).to_string();
        match self.answer(&FromSubject::Command { hex })? {
            ToSubject::Response { hex, us, terminal } => {
                self.wire.borrow_mut().interjected.extend(terminal.iter().map(words::heard));
                response.extend(words::bytes("a response", &hex).map_err(|_| LinkFault::Unusable)?);
                Ok(Micros(us))
            }
            _ => Err(LinkFault::Unusable),
        }
    }

    fn deactivate(&mut self, hold: Micros) {
        let off = FromSubject::Field { state: Field::Off, ms: Some(hold.0 / 1000) };
        self.wire.borrow_mut().send(&off);
    }

    fn wait_for_removal(&mut self) -> Result<Micros, LinkFault> {
        match self.answer(&FromSubject::Removal)? {
            ToSubject::Removed { us } => Ok(Micros(us)),
            _ => Err(LinkFault::Unusable),
        }
    }
}

impl<R: BufRead, W: Write> Host for Wired<'_, R, W> {
    fn authorise(&mut self, request: Request<'_>) -> Answer {
        let question = FromSubject::Online { tags: observe::objects(request.data_record) };
        let Ok(ToSubject::Host { response_code, issuer_authentication_data, scripts, us }) = self.answer(&question)
        else {
            return Answer::default();
        };
        let bytes = |text: &String| words::bytes("data of the issuer", text).unwrap_or_default();
        Answer {
            response_code: response_code.and_then(|code| code.as_bytes().try_into().ok()),
            authentication_data: issuer_authentication_data.as_ref().map(bytes),
            scripts: scripts.iter().flat_map(bytes).collect(),
            elapsed: Micros(us),
            ..Answer::default()
        }
    }
}

impl<R: BufRead, W: Write> Wired<'_, R, W> {
    /// What the terminal says to this; who does not answer says nothing in time.
    fn hear(&self, message: &FromSubject, now: &mut Micros) -> Said {
        match self.answer(message) {
            Ok(ToSubject::Terminal { said, us }) => {
                *now += Micros(us);
                self.wire.borrow_mut().waited += Micros(us);
                words::heard(&said)
            }
            _ => Said::Nothing,
        }
    }
}

impl<R: BufRead, W: Write> Counterpart for Wired<'_, R, W> {
    /// The runner sees by itself that a kernel is activated.
    fn begin(&mut self) {
        self.wire.borrow_mut().interjected.clear();
    }

    fn ask(&mut self, request: &DataRequest, now: &mut Micros) -> Said {
        let needed = observe::tags(&request.data_needed);
        let to_send = observe::objects(&request.data_to_send);
        let wait_ms = request.wait.map(|wait| wait.0 / 1000);
        self.hear(&FromSubject::DataExchange { needed, to_send, wait_ms }, now)
    }

    fn listen(&mut self, now: &mut Micros) -> Said {
        self.hear(&FromSubject::Listen, now)
    }

    fn interject(&mut self, _: Micros) -> Option<Said> {
        self.wire.borrow_mut().interjected.pop_front()
    }
}
