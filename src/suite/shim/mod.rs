//! A foreign terminal as a subject: a child process that speaks JSON lines (`docs/shim.md`).
//!
//! Whatever the process does, hang, flood, die, write nonsense, it costs the tap it does it in; the next case gets a new process.

mod configuration;
mod conversation;
mod lines;
mod message;
mod process;
pub mod serve;
mod words;

use std::time::{Duration, Instant};

use self::{
    configuration::{TerminalMessage, objects},
    conversation::{Conversation, GREETING, Talk, greeting},
    lines::{after_the_end, line},
    message::{FromSubject, Start, ToSubject, TransactionMessage},
    process::Process,
};
use super::{
    seen::{Ended, Seen},
    subject::{Assignment, Description, Subject},
};
use crate::{
    bytes::Hex,
    data::dictionary::TRANSACTION_CURRENCY_CODE_5F2A,
    host::Host,
    link::{Link, Stop},
    run::{Random, RecordedRandom, Table},
};

pub use message::{PROTOCOL, UNIMPLEMENTED};

/// The JSON Schema of the protocol.
pub const SCHEMA: &str = include_str!("shim.schema.json");

/// Unpredictable Numbers that a subject is given: as many kernel activations as make sense in a tap.
const NUMBERS: usize = 16;
/// After so many starts in a row that came to nothing, nothing is started any more.
const TRIES: usize = 3;

/// A foreign terminal.
#[derive(Debug)]
pub struct Shim {
    command: Vec<String>,
    stop: Stop,
    description: Description,
    running: Option<Running>,
    /// What the last starts came to, if to nothing.
    failed: Vec<Ended>,
    /// The next terminal is one of a new case.
    reset: bool,
}

#[derive(Debug)]
struct Running {
    process: Process,
    /// Where the terminal it is configured as lies in memory.
    configured: Option<usize>,
    /// Whether it may still say `done` for the tap before.
    done_is_owed: bool,
}

impl Shim {
    /// A subject that is started by a command: a program and its arguments. `stop`: whether to wait for it no longer.
    pub fn new(command: Vec<String>, stop: Stop) -> Self {
        Self { command, stop, description: Description::default(), running: None, failed: Vec::new(), reset: true }
    }

    /// The process, started and greeted if there is none.
    fn running(&mut self, deadline: Instant) -> Result<&mut Running, Ended> {
        let running = match self.running.take() {
            Some(running) => running,
            None => self.start(deadline)?,
        };
        Ok(self.running.insert(running))
    }

    fn start(&mut self, deadline: Instant) -> Result<Running, Ended> {
        if self.failed.len() >= TRIES {
            let why = self.failed.last().map(Ended::why).unwrap_or_default();
            return Err(Ended::Broken(format!("the subject did not start {TRIES} times in a row: it {why}")));
        }
        let started =
            Process::start(&self.command, self.stop.clone()).map_err(Ended::Broken).and_then(|mut process| {
                let hello =
                    ToSubject::Hello { protocol: PROTOCOL.to_owned(), emvtap: env!("CARGO_PKG_VERSION").to_owned() };
                process.send(line(&hello));
                greeting(&mut process, deadline).map(|hello| (process, hello))
            });
        match started {
            Ok((process, hello)) => {
                if let FromSubject::Hello { name, version, capabilities } = hello {
                    let [name, version] = [name, version].map(|text| words::shortened(&text));
                    self.description = Description { name, version, capabilities };
                }
                self.failed.clear();
                Ok(Running { process, configured: None, done_is_owed: false })
            }
            Err(ended) => {
                self.failed.push(ended.clone());
                // A subject that does not even start is nobody's failure of a rule.
                Err(match ended {
                    Ended::Unsupported(_) | Ended::Broken(_) => ended,
                    other => Ended::Broken(format!("the subject {}", other.why())),
                })
            }
        }
    }

    /// Takes what was said after the last tap out of the way. The error is a message that belongs to no tap: nobody could tell any more
    /// which tap the next ones are about.
    fn clear(&mut self) -> Result<(), String> {
        let Some(running) = &mut self.running else { return Ok(()) };
        let said_done = after_the_end(&mut running.process, Duration::ZERO)?;
        running.done_is_owed &= !said_done;
        Ok(())
    }

    fn talk(&mut self, assignment: &Assignment<'_>, link: &mut dyn Link, host: &mut dyn Host) -> Talk {
        let reset = self.reset;
        let nothing = |ended| Talk {
            seen: Seen { ended, ..Seen::default() },
            left_at_once: false,
            is_usable: false,
            done_is_owed: false,
        };
        if let Err(what) = self.clear() {
            self.running = None;
            if !reset {
                return nothing(Ended::Misbehaved(format!("wrote {what} between two taps")));
            }
        }
        let running = match self.running(assignment.deadline) {
            Ok(running) => running,
            Err(ended) => return nothing(ended),
        };
        let place = core::ptr::from_ref(assignment.terminal).addr();
        if reset || running.configured != Some(place) {
            let terminal = TerminalMessage::new(assignment.terminal, assignment.terminal_toml);
            running.process.send(line(&ToSubject::Configure { terminal: Box::new(terminal), reset }));
            running.configured = Some(place);
        }
        running.process.send(line(&start(assignment)));
        let terminal = Table::new(&assignment.terminal.data_exchange());
        let talk = Conversation::new(&mut running.process, link, host, terminal, assignment.deadline)
            .owed(running.done_is_owed)
            .hold();
        running.done_is_owed = talk.done_is_owed;
        self.reset = false;
        if !talk.is_usable {
            self.running = None;
        }
        talk
    }
}

impl Subject for Shim {
    /// Starts it, if it does not run yet.
    fn describe(&mut self) -> Result<Description, String> {
        self.running(Instant::now() + GREETING).map_err(|ended| ended.why().to_owned())?;
        Ok(self.description.clone())
    }

    fn reset(&mut self) {
        self.reset = true;
        if let Some(running) = &mut self.running {
            running.configured = None;
        }
    }

    /// A process that ends after each tap is started again for the next: as long as it has not said a word, nothing has happened.
    fn tap(&mut self, assignment: &Assignment<'_>, link: &mut dyn Link, host: &mut dyn Host) -> Seen {
        let talk = self.talk(assignment, link, host);
        if !talk.left_at_once {
            return talk.seen;
        }
        self.reset = true;
        self.talk(assignment, link, host).seen
    }
}

impl Drop for Shim {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            running.process.part(line(&ToSubject::Bye));
        }
    }
}

fn start(assignment: &Assignment<'_>) -> ToSubject {
    let transaction = assignment.transaction;
    if assignment.clean {
        return ToSubject::Clean { now: transaction.when.to_string() };
    }
    let mut random = RecordedRandom::new(assignment.unpredictable_numbers.iter().cloned(), assignment.seed);
    let mut number = || {
        let mut number = [0; 4];
        random.fill(&mut number);
        Hex(&number).to_string()
    };
    let unpredictable_numbers: Vec<String> = (0..NUMBERS).map(|_| number()).collect();
    let mut digits = || {
        let mut number = [0; 8];
        random.fill(&mut number);
        format!("{:08}", u64::from_be_bytes(number) % 100_000_000)
    };
    let unpredictable_digits: Vec<String> = (0..NUMBERS).map(|_| digits()).collect();
    let data = assignment.terminal.data();
    let currency = data.iter().find(|(tag, _)| *tag == TRANSACTION_CURRENCY_CODE_5F2A);
    ToSubject::Start(Box::new(Start {
        transaction: TransactionMessage {
            amount: transaction.amount.minor_units(),
            other: transaction.other.minor_units(),
            r#type: Hex(&[transaction.kind]).to_string(),
            currency: currency.map(|(_, code)| Hex(code).to_string()).unwrap_or_default(),
            exponent: assignment.terminal.currency.exponent(),
            start: if assignment.autorun { "B" } else { "A" }.to_owned(),
            data: objects(transaction.data.iter().map(|(tag, value)| (tag, value))),
        },
        unpredictable_number: unpredictable_numbers.first().cloned().unwrap_or_default(),
        unpredictable_numbers,
        unpredictable_digits,
        now: transaction.when.to_string(),
    }))
}

/// Splits a command line into words: at blanks, except inside quotation marks; outside Windows a backslash takes the next
/// character as it is.
///
/// ```
/// use emvtap::suite::shim::words_of;
///
/// assert_eq!(words_of("python3 'my shim.py' --fast"), Ok(vec!["python3".into(), "my shim.py".into(), "--fast".into()]));
/// assert!(words_of("python3 'my shim.py").is_err());
/// ```
///
/// # Errors
/// A quotation mark that is not closed, or nothing at all.
pub fn words_of(line: &str) -> Result<Vec<String>, String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match (character, quote) {
            (mark, Some(open)) if mark == open => quote = None,
            ('"' | '\'', None) => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            ('\\', None | Some('"')) if cfg!(not(windows)) => word.get_or_insert_default().extend(characters.next()),
            (blank, None) if blank.is_whitespace() => words.extend(word.take()),
            (other, _) => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    match quote {
        Some(mark) => Err(format!("a quotation mark {mark} is not closed")),
        None if words.is_empty() => Err("there is no command".to_owned()),
        None => Ok(words),
    }
}
