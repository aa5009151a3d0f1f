//! `emvtap card serve`: a virtual card in a PC/SC reader.

use std::{
    fs,
    io::{self, ErrorKind},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use super::{
    args::Target,
    exit::Exit,
    failure::{Failure, words},
    files, interrupt,
    out::{self, Environment, Out},
    pay,
    reader::args::Serve,
};
use crate::{
    apdu::{Response, StatusWord},
    bytes::Hex,
    card::{
        Card, Profile,
        fault::{self, Fault},
    },
    link::{
        Faulty, Link, Stop, VirtualCard,
        vpcd::{self, End, Identity, Seen, Session, Visit},
    },
    time::Micros,
};

/// How long a card that left stays away, so that the reader notices.
const AWAY: Duration = Duration::from_secs(1);
/// How long a service may take to speak to a card that has come: it looks for cards about twice a second.
const HEARD: Duration = Duration::from_secs(2);
/// The first and the longest pause between two attempts to connect.
const BACK_OFF: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(2)];

/// Runs the verb.
pub fn run(flags: &Serve, environment: &Environment) -> Result<Exit, Failure> {
    refuse_recordings(&flags.card)?;
    let profile = files::card(&flags.card)?;
    refuse_live(&flags.card, &profile)?;
    let faults = [profile.faults.clone(), pay::faults(&flags.fault)?].concat();
    let identity = identity(flags)?;
    let log = flags
        .log
        .as_ref()
        .map(|path| Out::open(&Target { color: flags.color, output: Some(path.clone()) }, environment, true));
    let mut told = Told { quiet: flags.quiet, log: log.transpose()?, start: Instant::now(), failure: None };
    let stop = interrupt::stop();
    let slot = Slot { flags, port: port(flags)?, stop: &stop };
    let visit = if flags.repeat { Visit::Stays } else { Visit::OneTap };
    unfelt(&faults, &told);
    let mut card = Faulty::new(VirtualCard::new(Card::new(&profile, flags.seed)?), faults.clone());
    loop {
        let Some(mut stream) = slot.connect(&told)? else { return Ok(Exit::INTERRUPTED) };
        told.note(&format!("{} lies in slot {} of the virtual reader at {}", flags.card, flags.slot, slot.address()));
        let end = Session {
            card: &mut card,
            identity: &identity,
            visit,
            stop: &stop,
            expired: &|| false,
            watch: &mut |seen| told.seen(seen),
        }
        .run(&mut stream);
        drop(stream);
        card.deactivate(Micros::ZERO);
        // A card that was torn away comes back into the same tap; any other visit is a new one, with all its faults.
        if !matches!(end, Ok(End::Torn)) {
            card = Faulty::new(card.into_inner(), faults.clone());
        }
        if let Some(error) = told.failure.take() {
            return Err(error.into());
        }
        match end {
            Ok(End::Stopped | End::Expired) => return Ok(Exit::INTERRUPTED),
            Ok(End::Tapped | End::Torn) if !flags.repeat => {
                told.note("the card has left");
                return Ok(Exit::SUCCESS);
            }
            Ok(End::Closed) => told.note("the reader has closed the connection; trying again"),
            Err(error) => told.note(&format!("the connection to the reader broke, {}; trying again", words(&error))),
            Ok(End::Tapped | End::Torn) => told.note("the card has left; it comes back"),
        }
        slot.sleep(AWAY);
    }
}

/// Says which faults do not happen: those of polling, which a virtual reader does not do.
fn unfelt(faults: &[Fault], told: &Told) {
    for fault in faults.iter().filter(|fault| fault.command == fault::Target::Poll) {
        let why = "it is of polling, and a virtual reader never polls";
        told.note(&format!("the fault `{}` does not happen here: {why}", fault.name));
    }
}

/// The slots have the ports from the first on.
fn port(flags: &Serve) -> Result<u16, Failure> {
    flags.port.checked_add(flags.slot.saturating_sub(1)).ok_or_else(|| {
        Failure::usage(format!("slot {} after port {} has no port: 65535 is the last one", flags.slot, flags.port))
    })
}

/// A recording is of somebody's card: it replays inside this program, and goes out of it to nobody.
fn refuse_recordings(name: &str) -> Result<(), Failure> {
    let is_recording = || {
        let text = fs::read_to_string(name).unwrap_or_default();
        text.lines().next().is_some_and(|line| line.contains("emvtap.recording/"))
    };
    if name.ends_with(".jsonl") || is_recording() {
        return Err(Failure::Usage {
            message: format!("`{name}` is a recording, and a recording may be of a live card: it is not served"),
            hint: Some("serve a card profile; `emvtap card list` names the built-in ones".to_owned()),
        });
    }
    Ok(())
}

/// A profile that may hold any account number may be a draft of somebody's card. What an outside reader sees has a test number.
fn refuse_live(name: &str, profile: &Profile) -> Result<(), Failure> {
    if profile.applications.iter().any(|application| !application.has_test_pan()) {
        return Err(Failure::Usage {
            message: format!(
                "`{name}` has an account number in no published test range: this may be somebody's card, and is not served"
            ),
            hint: Some("take a test number, such as 4761739001010010".to_owned()),
        });
    }
    Ok(())
}

fn identity(flags: &Serve) -> Result<Identity, Failure> {
    let phone = Identity::phone(flags.seed);
    let uid = flags.uid.as_ref().map_or(phone.uid(), |uid| &uid.0);
    Identity::new(&flags.historical.0, uid).map_err(|wrong| Failure::usage(wrong.to_string()))
}

/// Where the card goes.
struct Slot<'a> {
    flags: &'a Serve,
    port: u16,
    stop: &'a Stop,
}

impl Slot<'_> {
    fn address(&self) -> String {
        format!("{}:{}", self.flags.host, self.port)
    }

    /// Tries until the reader is there and takes the card; `None` if somebody wishes to stop.
    fn connect(&self, told: &Told) -> Result<Option<TcpStream>, Failure> {
        let [mut pause, longest] = BACK_OFF;
        let start = Instant::now();
        let patience = Duration::from_secs(self.flags.timeout);
        while !self.stop.is_wanted() {
            match vpcd::connect(&self.flags.host, self.port) {
                Ok(stream) => {
                    // What is left of the time, but enough for the service to look for cards.
                    let patience = patience.saturating_sub(start.elapsed()).max(HEARD);
                    return self.is_taken(&stream, patience, told).map(|taken| taken.then_some(stream));
                }
                Err(error) if start.elapsed() >= patience && !self.flags.repeat => {
                    return Err(self.unreachable(&error));
                }
                Err(error) if !is_passing(&error) => return Err(self.unreachable(&error)),
                Err(_) => {}
            }
            self.sleep(pause);
            pause = longest.min(pause * 2);
        }
        Ok(None)
    }

    /// Waits until the reader speaks to this card; `false` if somebody wishes to stop.
    fn is_taken(&self, stream: &TcpStream, patience: Duration, told: &Told) -> Result<bool, Failure> {
        let start = Instant::now();
        let busy = format!(
            "slot {} of the virtual reader at {} is busy: another card lies in it",
            self.flags.slot,
            self.address()
        );
        let heard = |over: &dyn Fn() -> bool| {
            vpcd::is_heard(stream, &|| self.stop.is_wanted() || over()).map_err(|error| self.unreachable(&error))
        };
        if heard(&|| start.elapsed() >= patience)? {
            return Ok(true);
        }
        match self.stop.is_wanted() {
            true => Ok(false),
            false if self.flags.repeat => {
                told.note(&format!("{busy}; waiting"));
                heard(&|| false)
            }
            false => Err(Failure::Environment(format!("{busy}\n\nhint: take it out, or say another `--slot`"))),
        }
    }

    fn unreachable(&self, error: &io::Error) -> Failure {
        if error.kind() == ErrorKind::NotFound {
            return Failure::Environment(format!("there is no virtual reader at {}: no such host", self.address()));
        }
        Failure::Environment(format!(
            "there is no virtual reader at {}: {}\n\nhint: install it into the PC/SC service:\n  \
             apt-get install pcscd vsmartcard-vpcd\n  systemctl restart pcscd   (or, without systemd: pcscd)",
            self.address(),
            words(error)
        ))
    }

    /// Sleeps, unless somebody wishes to stop.
    fn sleep(&self, time: Duration) {
        let start = Instant::now();
        while !self.stop.is_wanted() && start.elapsed() < time {
            thread::sleep(Duration::from_millis(50).min(time));
        }
    }
}

/// Whether the reader may yet come.
fn is_passing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset | ErrorKind::TimedOut | ErrorKind::WouldBlock
    )
}

/// Who is told what happens.
struct Told {
    quiet: bool,
    log: Option<Out>,
    start: Instant,
    /// The first failure to write the log.
    failure: Option<io::Error>,
}

impl Told {
    fn note(&self, text: &str) {
        if !self.quiet {
            out::say(&format!("note: {text}"));
        }
    }

    fn seen(&mut self, seen: Seen<'_>) {
        let at = u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX);
        let event = |name: &str| json!({ "at_us": at, "event": name });
        let both = |name: &str, command: &[u8], response: &[u8]| {
            let (command, response) = (Hex(command).to_string(), Hex(response).to_string());
            json!({ "at_us": at, "event": name, "command": command, "response": response })
        };
        let line = match seen {
            Seen::PowerOn => event("power-on"),
            Seen::PowerOff => event("power-off"),
            Seen::Reset => event("reset"),
            Seen::Torn(command) => both("torn", command, &[]),
            Seen::Reader(command, response) => both("reader", command, response),
            Seen::Exchange(command, response, _) => {
                if !self.quiet {
                    out::say(&gist(command, response));
                }
                both("exchange", command, response)
            }
        };
        if let Some(log) = &mut self.log {
            self.failure = self.failure.take().or_else(|| log.data(&format!("{line}\n")).err());
        }
    }
}

/// An exchange in a line, without data of the card.
fn gist(command: &[u8], response: &[u8]) -> String {
    let header = command.get(..command.len().min(4)).unwrap_or_default();
    let response = Response::parse(response);
    let status = response.map_or(StatusWord(0), |response| response.status);
    let length = response.map_or(0, |response| response.data.len());
    format!("  {}  {status}  {length} bytes", Hex(header))
}
