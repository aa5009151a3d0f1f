//! `emvtap card read`: what a card tells without a transaction.
//!
//! SELECT, GET DATA and READ RECORD change nothing in a card. GET PROCESSING OPTIONS does, and is sent on demand only.

mod authenticity;
mod look;
pub mod objects;
mod report;

use super::{
    args::{self, ListFormat},
    clock,
    exit::Exit,
    failure::Failure,
    files, interrupt,
    out::{Environment, Out},
    reader::{args::ReadCard, medium::Medium},
};
use crate::{
    apdu::LinkFault,
    bytes::Hex,
    link::Link,
    report::Mask,
    run::{Entropy, Random},
    time::{DateTime, Micros},
};
use look::{Given, Look};

/// Runs the verb.
pub fn run(flags: &ReadCard, environment: &Environment) -> Result<Exit, Failure> {
    let terminal = files::terminal(&flags.terminal)?;
    let profile = files::card(&flags.card)?;
    let mut medium = Medium::open(&flags.reader, &profile, args::SEED, &interrupt::stop())?;
    let mut out = Out::open(&flags.target, environment, flags.unmask)?;
    if flags.gpo {
        out.talk(
            "note",
            "GET PROCESSING OPTIONS counts as a transaction of the card; Visa cards answer with a cryptogram",
        );
    }
    let given = Given { now: now(flags, terminal.clock)?, number: number(flags)?, terminal: &terminal };
    let mut look = Look::default();
    let read = medium.activate().and_then(|_| look.read(&mut medium, &given, flags.gpo));
    let about = about(flags, &mut medium);
    medium.deactivate(Micros::ZERO);
    let mask = if flags.unmask { Mask::off() } else { Mask::on() };
    let text = match flags.format {
        ListFormat::Text => report::text(&about, &look, &given, mask),
        ListFormat::Json => report::json(&about, &look, &given, mask),
    };
    out.data(&text)?;
    Ok(match read {
        Ok(()) => Exit::SUCCESS,
        Err(fault) => {
            let said = medium.said().map_or_else(|| fault.to_string(), |said| format!("{fault}: {said}"));
            out.talk("error", &said);
            match fault {
                LinkFault::Cancelled => Exit::INTERRUPTED,
                LinkFault::Unusable => Exit::ENVIRONMENT,
                _ => Exit::INCONCLUSIVE,
            }
        }
    })
}

/// The date by which certificates are judged: today for a real card.
fn now(flags: &ReadCard, terminal: Option<DateTime>) -> Result<DateTime, Failure> {
    if flags.reader.is_wanted() {
        return clock::utc_now().ok_or_else(|| Failure::Environment("the system clock is not set".to_owned()));
    }
    terminal.map_or_else(|| args::CLOCK.parse(), Ok).map_err(Failure::usage)
}

/// The unpredictable number: fixed for a virtual card, so that two runs are the same.
fn number(flags: &ReadCard) -> Result<[u8; 4], Failure> {
    let mut number = [0x01, 0x02, 0x03, 0x04];
    if flags.reader.is_wanted() {
        let entropy = Entropy::open().map_err(|error| Failure::Environment(format!("no entropy: {error}")))?;
        { entropy }.fill(&mut number);
    }
    Ok(number)
}

/// Which card it is: profile, or reader with ATR and UID.
fn about(flags: &ReadCard, medium: &mut Medium) -> Vec<(&'static str, String)> {
    match medium {
        Medium::Virtual(_) => vec![("card", flags.card.clone())],
        Medium::Reader(link) => {
            let mut about = vec![("reader", link.reader().to_owned()), ("ATR", Hex(link.atr()).to_string())];
            about.extend(link.uid().map(|uid| ("UID", Hex(&uid).to_string())));
            about
        }
    }
}
