//! `emvtap card read`: what a card tells without a transaction.
//!
//! SELECT, GET DATA and READ RECORD change nothing in a card. GET PROCESSING OPTIONS does, and is sent on demand only.

pub mod authenticity;
pub mod dynamic;
mod follow;
pub mod look;
pub mod objects;
mod report;

use std::path::Path;

use super::{
    args::{self, ListFormat},
    clock,
    exit::Exit,
    failure::Failure,
    files, interrupt,
    out::{Environment, Out},
    reader::{args::ReadCard, medium::Medium},
    record::{Recorder, Taped},
    replay,
};
use crate::{
    apdu::LinkFault,
    bytes::Hex,
    link::Link,
    report::{Mask, jsonl, recording::Header},
    run::{Entropy, Random},
    terminal::{self, ListedKey, Terminal},
    time::{DateTime, Micros},
};
use look::{Ask, Given, Look};

/// Runs the verb.
pub fn run(flags: &ReadCard, environment: &Environment) -> Result<Exit, Failure> {
    if let Some(path) = &flags.replay {
        return recorded(flags, path, environment);
    }
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
    let keys = keys(&terminal)?;
    let ask = Ask { options: flags.gpo, signature: flags.dda };
    let given = Given { now: now(flags, &terminal)?, number: number(flags)?, terminal: &terminal, keys: &keys, ask };
    let recorder =
        flags.record.as_ref().map(|path| Recorder::create(path, &header(flags, &given), &out)).transpose()?;
    let mut look = Look::default();
    let mut taped = Taped::new(&mut medium, recorder);
    if flags.gpo {
        taped.draw(&given.number);
    }
    let read = taped.activate().and_then(|_| look.read(&mut taped, &given));
    let written = taped.end(read.err().map(|fault| fault.to_string()).as_deref());
    let about = about(flags, &mut medium);
    medium.deactivate(Micros::ZERO);
    tell(flags, &about, &look, &given, &mut out)?;
    written?;
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

/// A card that somebody else read, or paid with.
fn recorded(flags: &ReadCard, path: &Path, environment: &Environment) -> Result<Exit, Failure> {
    let terminal = files::terminal(&flags.terminal)?;
    let recorded = replay::runnable(path)?;
    let mut out = Out::open(&flags.target, environment, flags.unmask)?;
    replay::warn(&recorded, &out);
    let clock = flags.clock.or_else(|| recorded.header.clock.parse().ok());
    let now = clock.map_or_else(|| now(flags, &terminal), Ok)?;
    let keys = keys(&terminal)?;
    let given = Given { now, number: [0; 4], terminal: &terminal, keys: &keys, ask: Ask::default() };
    let look = Look::follow(recorded.exchanges());
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let about = [("log", name), ("as of", now.date.to_string())];
    tell(flags, &about, &look, &given, &mut out)?;
    Ok(Exit::SUCCESS)
}

fn tell(
    flags: &ReadCard,
    about: &[(&str, String)],
    look: &Look,
    given: &Given<'_>,
    out: &mut Out,
) -> Result<(), Failure> {
    let mask = if flags.unmask { Mask::off() } else { Mask::on() };
    let text = match flags.format {
        ListFormat::Text => report::text(about, look, given, mask),
        ListFormat::Json => report::json(about, look, given, mask),
    };
    out.data(&text).map_err(Failure::from)
}

/// The CA keys of the terminal, then those of the built-in lists it does not name.
fn keys(terminal: &Terminal) -> Result<Vec<ListedKey>, Failure> {
    let own = terminal.listed_keys();
    let others = terminal::listed_ca_keys()?;
    let others = others.into_iter().filter(|other| own.iter().all(|own| own.list != other.list));
    Ok(own.iter().cloned().chain(others).collect())
}

/// What a recording says first: a purchase of nothing if the card is asked for processing options, else no transaction.
fn header(flags: &ReadCard, given: &Given<'_>) -> Header {
    let transaction = |text: &str| if flags.gpo { text.to_owned() } else { String::new() };
    Header {
        schema: jsonl::SCHEMA.to_owned(),
        emvtap: Some(env!("CARGO_PKG_VERSION").to_owned()),
        amount: transaction("0"),
        currency: transaction(given.terminal.currency.code()),
        r#type: transaction("purchase"),
        card: if flags.reader.is_wanted() { "live".to_owned() } else { flags.card.clone() },
        terminal: flags.terminal.clone(),
        clock: given.now.to_string(),
        ..Header::default()
    }
}

/// The date by which certificates are judged: today for a real card.
fn now(flags: &ReadCard, terminal: &Terminal) -> Result<DateTime, Failure> {
    if let Some(clock) = flags.clock {
        return Ok(clock);
    }
    if flags.reader.is_wanted() || flags.replay.is_some() {
        return clock::utc_now().ok_or_else(|| Failure::Environment("the system clock is not set".to_owned()));
    }
    terminal.clock.map_or_else(|| args::CLOCK.parse(), Ok).map_err(Failure::usage)
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
            let mut about = vec![("reader", link.reader().to_owned())];
            about.extend(Some(link.atr()).filter(|atr| !atr.is_empty()).map(|atr| ("ATR", Hex(atr).to_string())));
            about.extend(link.uid().map(|uid| ("UID", Hex(&uid).to_string())));
            about
        }
    }
}
