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
    card::{Card, Profile},
    link::{
        Faulty, Link, Stop, VirtualCard,
        vpcd::{self, End, Identity, Seen, Session, Visit},
    },
    time::Micros,
};

/// How long a card that left stays away, so that the reader notices.
const AWAY: Duration = Duration::from_secs(1);
/// The first and the longest pause between two attempts to connect.
const BACK_OFF: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(2)];

/// Runs the verb.
pub fn run(flags: &Serve, environment: &Environment) -> Result<Exit, Failure> {
    refuse_recordings(&flags.card)?;
    let profile = files::card(&flags.card)?;
    refuse_live(&flags.card, &profile)?;
    let faults = [profile.faults.clone(), pay::faults(&flags.fault)?].concat();
    let mut card = VirtualCard::new(Card::new(&profile, flags.seed)?);
    let identity = identity(flags)?;
    let log = flags
        .log
        .as_ref()
        .map(|path| Out::open(&Target { color: flags.color, output: Some(path.clone()) }, environment, true));
    let mut told = Told { quiet: flags.quiet, log: log.transpose()?, start: Instant::now(), failure: None };
    let stop = interrupt::stop();
    let slot = Slot { flags, stop: &stop };
    let visit = if flags.repeat { Visit::Stays } else { Visit::OneTap };
    loop {
        let Some(mut stream) = slot.connect()? else { return Ok(Exit::INTERRUPTED) };
        told.note(&format!("{} lies in slot {} of the virtual reader at {}", flags.card, flags.slot, slot.address()));
        // What goes wrong goes wrong at every visit.
        let mut faulty = Faulty::new(card, faults.clone());
        let end = Session {
            card: &mut faulty,
            identity: &identity,
            visit,
            stop: &stop,
            expired: &|| false,
            watch: &mut |seen| told.seen(seen),
        }
        .run(&mut stream);
        drop(stream);
        card = faulty.into_inner();
        card.deactivate(Micros::ZERO);
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
    stop: &'a Stop,
}

impl Slot<'_> {
    /// Slots have the ports from the first on.
    const fn port(&self) -> u16 {
        self.flags.port.saturating_add(self.flags.slot.saturating_sub(1))
    }

    fn address(&self) -> String {
        format!("{}:{}", self.flags.host, self.port())
    }

    /// Tries until the reader is there; `None` if somebody wishes to stop.
    fn connect(&self) -> Result<Option<TcpStream>, Failure> {
        let [mut pause, longest] = BACK_OFF;
        let start = Instant::now();
        while !self.stop.is_wanted() {
            match vpcd::connect(&self.flags.host, self.port()) {
                Ok(stream) => return Ok(Some(stream)),
                Err(error) if start.elapsed() >= Duration::from_secs(self.flags.timeout) && !self.flags.repeat => {
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

    fn unreachable(&self, error: &io::Error) -> Failure {
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
