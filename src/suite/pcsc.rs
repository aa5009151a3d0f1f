//! A terminal that nobody can look into: it taps a card that emvtap serves in a virtual PC/SC reader, and is judged by the commands
//! it sends.

use std::{
    cell::RefCell,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use super::{
    child::{self, Complaints},
    seen::{Ended, Seen, Step, What},
    shim::UNIMPLEMENTED,
    subject::{Assignment, Description, Subject},
};
use crate::{
    apdu::LinkFault,
    bytes::Hex,
    host::Host,
    link::{
        Link, Stop,
        vpcd::{self, End, Identity, Session, Visit},
    },
    terminal::TransactionType,
};

/// How long the terminal's program may have ended before the card is taken away.
const AFTERGLOW: Duration = Duration::from_millis(500);
/// How long one attempt to reach the reader waits for the next.
const RETRY: Duration = Duration::from_millis(100);

/// Where the card is served, and how the terminal is made to tap it.
#[derive(Clone, Debug)]
pub struct Bench {
    /// The host of the virtual reader.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// A program that is started for each tap and told by `EMVTAP_…` variables what to do; without one, somebody is asked to.
    pub command: Option<Vec<String>>,
    /// Whether to stop.
    pub stop: Stop,
    /// Tells somebody what to do.
    pub tell: fn(&str),
}

/// A terminal that taps a served card.
#[derive(Clone, Debug)]
pub struct Pcsc {
    bench: Bench,
}

impl Pcsc {
    /// A terminal at a bench.
    pub const fn new(bench: Bench) -> Self {
        Self { bench }
    }

    fn serve(&self, assignment: &Assignment<'_>, link: &mut dyn Link, steps: &mut Vec<Step>) -> Result<(), Ended> {
        let mut stream = self.connect(assignment.deadline)?;
        let mut terminal = self.start(assignment)?;
        let (identity, start) = (Identity::phone(assignment.seed), Instant::now());
        let shared = RefCell::new(&mut terminal);
        let expired = || Instant::now() >= assignment.deadline || shared.borrow_mut().is_over();
        let mut watch = |seen: vpcd::Seen<'_>| {
            let at_us = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
            steps.extend(what(seen).into_iter().map(|what| Step { at_us, what }));
        };
        let mut session = Session {
            card: link,
            identity: &identity,
            visit: Visit::OneTap,
            stop: &self.bench.stop,
            expired: &expired,
            watch: &mut watch,
        };
        let end = session.run(&mut stream);
        let unimplemented = terminal.status() == Some(UNIMPLEMENTED);
        let used = steps.iter().any(|step| matches!(step.what, What::Command { .. }));
        match end {
            _ if unimplemented => Err(Ended::Unsupported(format!("exit status {UNIMPLEMENTED}"))),
            Ok(End::Tapped | End::Torn) => Ok(()),
            // A terminal may leave the power on when it is done.
            Ok(End::Expired) if used => Ok(()),
            Ok(End::Expired) => Err(Ended::Broken(format!("nobody tapped the card{}", terminal.farewell()))),
            Ok(End::Stopped) => Err(Ended::Broken("the run was interrupted".to_owned())),
            Ok(End::Closed) => Err(Ended::Broken("the virtual reader closed the connection".to_owned())),
            Err(error) => Err(Ended::Broken(format!("the connection to the virtual reader broke: {error}"))),
        }
    }

    /// The reader takes a card a moment after the one before has left.
    fn connect(&self, deadline: Instant) -> Result<vpcd::Stream, Ended> {
        loop {
            match vpcd::connect(&self.bench.host, self.bench.port) {
                Ok(stream) => return Ok(stream),
                Err(_) if Instant::now() + RETRY < deadline && !self.bench.stop.is_wanted() => {
                    std::thread::sleep(RETRY)
                }
                Err(_) => return Err(Ended::Broken(self.absent())),
            }
        }
    }

    fn absent(&self) -> String {
        format!("there is no virtual reader at {}:{}", self.bench.host, self.bench.port)
    }

    fn start(&self, assignment: &Assignment<'_>) -> Result<Terminal, Ended> {
        let task = task(assignment);
        let Some(command) = self.bench.command.as_deref().and_then(child::command) else {
            let words: Vec<String> = task.iter().map(|(name, value)| format!("{name} {value}")).collect();
            (self.bench.tell)(&format!("tap: {}", words.join(", ")));
            return Ok(Terminal { child: None, complaints: Complaints::default(), ended: None });
        };
        let mut command = command;
        for (name, value) in task {
            command.env(format!("EMVTAP_{}", name.to_uppercase()), value);
        }
        let started = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
        match started {
            Ok(mut child) => {
                let complaints = child.stderr.take().map(Complaints::of).unwrap_or_default();
                Ok(Terminal { child: Some(child), complaints, ended: None })
            }
            Err(error) => Err(Ended::Broken(format!("the terminal cannot be started: {error}"))),
        }
    }
}

/// What the terminal is to do, by the names that people and programs are told it by.
fn task(assignment: &Assignment<'_>) -> Vec<(&'static str, String)> {
    let (transaction, currency) = (assignment.transaction, assignment.terminal.currency);
    let kind = TransactionType::ALL.into_iter().find(|kind| kind.code() == transaction.kind);
    let kind = kind.map_or_else(|| Hex(&[transaction.kind]).to_string(), |kind| kind.name().to_owned());
    vec![
        ("amount", transaction.amount.display(currency.exponent()).to_string()),
        ("other", transaction.other.display(currency.exponent()).to_string()),
        ("currency", currency.code().to_owned()),
        ("type", kind),
        ("terminal", assignment.terminal.title.clone()),
    ]
}

/// The terminal's program, if it is one.
struct Terminal {
    child: Option<Child>,
    /// What it says on stderr.
    complaints: Complaints,
    /// When it ended.
    ended: Option<Instant>,
}

impl Terminal {
    /// Whether it ended long enough ago.
    fn is_over(&mut self) -> bool {
        let Some(child) = &mut self.child else { return false };
        if self.ended.is_none() && !matches!(child.try_wait(), Ok(None)) {
            self.ended = Some(Instant::now());
        }
        self.ended.is_some_and(|ended| ended.elapsed() >= AFTERGLOW)
    }

    /// How it ended, and what it said about that, as it follows what came of it.
    fn farewell(&mut self) -> String {
        let status = self.child.as_mut().and_then(|child| child.try_wait().ok()?).map(|status| match status.code() {
            Some(code) => format!("; the terminal ended with exit status {code}"),
            None => format!("; the terminal was killed ({status})"),
        });
        format!("{}{}", status.unwrap_or_default(), self.complaints.last())
    }

    fn status(&mut self) -> Option<i32> {
        self.child.as_mut()?.try_wait().ok()??.code()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.child.as_mut().map(child::end);
    }
}

/// What the reader's messages show of the terminal. Commands that the reader itself answers are none of the card's business.
fn what(seen: vpcd::Seen<'_>) -> Vec<What> {
    let command = |bytes: &[u8]| What::Command { hex: Hex(bytes).to_string() };
    match seen {
        vpcd::Seen::PowerOn => vec![What::FieldOn],
        vpcd::Seen::PowerOff => vec![What::FieldOff],
        vpcd::Seen::Reset => vec![What::FieldOff, What::FieldOn],
        vpcd::Seen::Exchange(sent, answered, elapsed) => {
            vec![command(sent), What::Response { hex: Hex(answered).to_string(), us: elapsed.0 }]
        }
        vpcd::Seen::Torn(sent) => vec![command(sent), What::Lost { reason: LinkFault::Timeout.name().to_owned() }],
        vpcd::Seen::Reader(..) => Vec::new(),
    }
}

impl Subject for Pcsc {
    /// Makes sure that there is a reader.
    fn describe(&mut self) -> Result<Description, String> {
        match vpcd::connect(&self.bench.host, self.bench.port) {
            Ok(_) => Ok(Description { name: "a terminal at a virtual reader".to_owned(), ..Description::default() }),
            Err(_) => Err(self.absent()),
        }
    }

    /// Nobody can make it forget.
    fn reset(&mut self) {}

    fn tap(&mut self, assignment: &Assignment<'_>, link: &mut dyn Link, _host: &mut dyn Host) -> Seen {
        let mut steps = Vec::new();
        let ended = match assignment.clean {
            true => Ended::Unsupported("CLEAN".to_owned()),
            false => self.serve(assignment, link, &mut steps).err().unwrap_or_default(),
        };
        Seen { steps, ended, ..Seen::default() }
    }
}
