//! `emvtap pay`: one transaction, told while it happens.

use super::{
    again,
    args::{self, Kind, Pay},
    exit::Exit,
    failure::Failure,
    files, hosts, interrupt,
    out::{Environment, Out},
    reader::medium::Medium,
    record::Recorder,
    replay, surprises,
    teller::{End, Headline, Watch},
    torn_log,
    values::Expected,
};
use crate::{
    apdu::LinkFault,
    card::fault::{self, Fault},
    data::Amount,
    entry::{KernelId, Options},
    host::Host,
    kernel::outcome::OutcomeResult,
    link::{Faulty, Link},
    report::{jsonl, recording::Header},
    run::{Entropy, Parts, Random, Reader, Seeded, Tap, Transaction},
    terminal::{Currency, Terminal, TransactionType},
    time::DateTime,
};

/// Runs the verb.
pub fn run(pay: &Pay, environment: &Environment) -> Result<Exit, Failure> {
    let stage = Stage::new(pay, files::terminal_source(&pay.terminal)?)?;
    if let Some(file) = &pay.replay {
        return replay::as_card(stage, file, environment);
    }
    let profile = files::card(&pay.card)?;
    let mut host = hosts::open(pay.host(), (!pay.reader.is_wanted()).then_some(&profile))?;
    let mut random = random(pay)?;
    // The faults of a profile are its card's; the card in a reader has its own.
    let own = if pay.reader.is_wanted() { &[] } else { &profile.faults[..] };
    let faults = own.iter().cloned().chain(faults(&pay.fault)?);
    let medium = Medium::open(&pay.reader, &profile, pay.seed().unwrap_or(args::SEED), &interrupt::stop())?;
    let mut link = Faulty::new(medium, faults);
    let mut out = open(pay, environment)?;
    let tap = stage.tap(&mut link, host.as_mut(), random.as_mut(), &mut out)?;
    if tap.stopped.is_some()
        && let Some(said) = link.into_inner().said()
    {
        out.talk("note", said);
    }
    judge(pay, &tap, &out)
}

/// Where unpredictable numbers come from.
pub fn random(pay: &Pay) -> Result<Box<dyn Random>, Failure> {
    if let Some(seed) = pay.seed() {
        return Ok(Box::new(Seeded::new(seed)));
    }
    let entropy = Entropy::open().map_err(|error| Failure::Environment(format!("no entropy: {error}")))?;
    Ok(Box::new(entropy))
}

/// Where output goes.
pub fn open(pay: &Pay, environment: &Environment) -> Result<Out, Failure> {
    let out = Out::open(&pay.output.target, environment, pay.output.unmask)?;
    if pay.output.unmask && pay.output.target.output.is_some() {
        out.talk("note", "the file holds card data in the clear; only you may read it");
    }
    Ok(out)
}

/// A transaction that is ready to run, whatever the card is.
pub struct Stage<'a> {
    /// What was asked for.
    pub pay: &'a Pay,
    /// The card, as people call it.
    pub card: String,
    /// The command that runs it, as the first line says it.
    pub command: String,
    /// The command that runs it again.
    pub again: String,
    /// Choices of Entry Point.
    pub options: Options,
    /// What Kernel 2 remembers of torn transactions, where no file says it.
    pub kept: Vec<u8>,
    /// What may not be as the person thinks.
    surprises: Vec<String>,
    terminal: Terminal,
    terminal_profile: String,
    transaction: Transaction,
}

impl<'a> Stage<'a> {
    /// A transaction at the terminal of this file.
    pub fn new(pay: &'a Pay, source: files::Source) -> Result<Self, Failure> {
        let mut terminal = Terminal::from_text(&source.file, &source.text)?;
        let stated = terminal.currency;
        if let Some(currency) = pay.currency {
            terminal.set_currency(currency);
        }
        for over in &pay.set {
            terminal.set(over.tag, &over.value).map_err(|wrong| Failure::usage(format!("--set: {wrong}")))?;
        }
        let transaction = transaction(pay, &terminal)?;
        Ok(Self {
            surprises: surprises::of(pay, &terminal, stated),
            pay,
            card: if pay.reader.is_wanted() { "live".to_owned() } else { pay.card.clone() },
            command: format!("emvtap pay {}", pay.amount),
            again: again::command(pay),
            options: terminal.entry_options(),
            kept: Vec::new(),
            terminal,
            terminal_profile: source.text,
            transaction,
        })
    }

    /// Runs it, and tells and records what happens.
    pub fn tap(
        &self,
        link: &mut dyn Link,
        host: &mut dyn Host,
        random: &mut dyn Random,
        out: &mut Out,
    ) -> Result<Tap, Failure> {
        self.surprises.iter().for_each(|surprise| out.talk("note", surprise));
        let configuration = self.terminal.configuration();
        let lifetime = torn_log::lifetime(&configuration);
        let mut reader = Reader::new(configuration).with_options(self.options.clone());
        match &self.pay.kept.torn_log {
            Some(path) => {
                let old = torn_log::load(path, lifetime, self.transaction.when, &mut reader)?;
                if old > 0 {
                    out.talk("note", &format!("torn transactions older than {lifetime} s, which are forgotten: {old}"));
                }
            }
            None => reader.keep(KernelId::C2, self.kept.clone()),
        }
        let header = self.header();
        let whole = || Header { terminal_profile: Some(self.terminal_profile.clone()), ..header.clone() };
        let recorder = self.pay.record.as_ref().map(|path| Recorder::create(path, &whole(), out)).transpose()?;
        let seed = self.pay.seed().map_or_else(|| "live".to_owned(), |seed| seed.to_string());
        let headline = Headline { command: &self.command, parts: &headline(self.pay, &self.card, &seed) };
        let mut watch = Watch::new(out, &self.pay.output, &headline, &header);
        watch.record(recorder);
        let parts = Parts { link, host, random, events: &mut watch };
        let tap = reader.pay(&self.transaction, parts);
        if let Some(path) = &self.pay.kept.torn_log {
            torn_log::save(path, &reader)?;
        }
        watch.end(&End {
            outcome: tap.outcome(),
            disposition: tap.disposition.name(),
            stopped: tap.stopped.map(|fault| fault.to_string()).as_deref(),
            elapsed: tap.elapsed,
            again: &self.again,
        })?;
        Ok(tap)
    }

    /// What a recording of it says first.
    fn header(&self) -> Header {
        let pay = self.pay;
        Header {
            schema: jsonl::SCHEMA.to_owned(),
            emvtap: Some(env!("CARGO_PKG_VERSION").to_owned()),
            amount: pay.amount.clone(),
            currency: self.terminal.currency.code().to_owned(),
            r#type: pay.kind.name().to_owned(),
            other: pay.other.clone(),
            card: self.card.clone(),
            terminal: pay.terminal.clone(),
            terminal_profile: None,
            set: pay.set.iter().map(|over| over.text.clone()).collect(),
            faults: pay.fault.clone(),
            host: Some(pay.host().to_owned()),
            seed: pay.seed(),
            clock: self.transaction.when.to_string(),
            masked: false,
            redacted: None,
        }
    }
}

/// What the person wants to go wrong.
pub fn faults(names: &[String]) -> Result<Vec<Fault>, Failure> {
    let mut faults = Vec::new();
    for name in names {
        let named = fault::named(name)?;
        if named.is_empty() {
            let hint = fault::unknown(name).unwrap_or_else(|| "`emvtap card list --faults` names them".to_owned());
            return Err(Failure::Usage { message: format!("there is no fault `{name}`"), hint: Some(hint) });
        }
        faults.extend(named);
    }
    Ok(faults)
}

fn transaction(pay: &Pay, terminal: &Terminal) -> Result<Transaction, Failure> {
    let kind = match pay.kind {
        Kind::Purchase => TransactionType::Purchase,
        Kind::Cashback => TransactionType::Cashback,
        Kind::Refund => TransactionType::Refund,
        Kind::Cash => TransactionType::Cash,
    };
    let amount = amount(&pay.amount, terminal.currency)?;
    let other = match &pay.other {
        None => Amount::ZERO,
        Some(_) if pay.kind != Kind::Cashback => {
            return Err(Failure::usage("--other is the cashback part of an amount; it needs --type cashback"));
        }
        Some(other) => self::amount(other, terminal.currency)?,
    };
    if other > amount {
        return Err(Failure::usage("the cashback part is more than the whole amount; AMOUNT includes it"));
    }
    Ok(Transaction { other, ..Transaction::new(kind.code(), amount, moment(pay, terminal)?) })
}

fn amount(text: &str, currency: Currency) -> Result<Amount, Failure> {
    currency.parse_amount(text).ok_or_else(|| Failure::Usage {
        message: format!("`{text}` is no amount in {}", currency.code()),
        hint: Some(match currency.exponent() {
            places if is_too_long(text, places) => {
                "an amount has at most 12 digits (n12), its decimal places included".to_owned()
            }
            0 => "write digits only, like 1250".to_owned(),
            places => format!("write digits with at most {places} decimal places after a point, like 12.50"),
        }),
    })
}

/// Whether an amount is one but for its length.
fn is_too_long(text: &str, places: u8) -> bool {
    let (whole, _) = text.split_once('.').unwrap_or((text, ""));
    let is_number = !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
    is_number && Amount::parse(&text.replacen(whole, "0", 1), places).is_some()
}

/// What the terminal takes for now.
fn moment(pay: &Pay, terminal: &Terminal) -> Result<DateTime, Failure> {
    if pay.is_now() {
        return super::clock::utc_now().ok_or_else(|| Failure::Environment("the system clock is not set".to_owned()));
    }
    let moment = pay.clock.or(terminal.clock).map_or_else(|| args::CLOCK.parse(), Ok);
    moment.map_err(Failure::usage)
}

/// What is run with what: always card, terminal and seed; the rest if it is not the usual.
fn headline<'a>(pay: &'a Pay, card: &'a str, seed: &'a str) -> Vec<(&'static str, &'a str)> {
    let mut parts = vec![("card", card), ("terminal", &pay.terminal), ("seed", seed)];
    if pay.kind != Kind::Purchase {
        parts.push(("type", pay.kind.name()));
    }
    parts.extend(pay.other.as_deref().map(|other| ("other", other)));
    if pay.host() != args::HOST {
        parts.push(("host", pay.host()));
    }
    parts.extend(pay.fault.iter().map(|fault| ("fault", fault.as_str())));
    parts.extend(pay.set.iter().map(|over| ("set", over.text.as_str())));
    parts
}

/// The exit code: what was expected, else whether there is a result at all.
pub fn judge(pay: &Pay, tap: &Tap, out: &Out) -> Result<Exit, Failure> {
    let result = tap.outcome().map(|outcome| outcome.result);
    if let Some(expected) = &pay.expect {
        let unexpected = unexpected(Some(expected), result, tap.disposition.name(), out);
        return Ok(unexpected.unwrap_or(Exit::SUCCESS));
    }
    Ok(match tap.stopped {
        None => Exit::SUCCESS,
        Some(LinkFault::Cancelled) => Exit::INTERRUPTED,
        Some(LinkFault::Unusable) => Exit::ENVIRONMENT,
        Some(_) => Exit::INCONCLUSIVE,
    })
}

/// Says that the transaction ended another way than expected, if it did.
pub fn unexpected(
    expected: Option<&Expected>,
    result: Option<OutcomeResult>,
    disposition: &str,
    out: &Out,
) -> Option<Exit> {
    let expected = expected.filter(|expected| !expected.is_met(result, disposition))?;
    out.talk("error", &format!("expected {}, found {}", expected.name(), ending(result, disposition)));
    Some(Exit::UNEXPECTED)
}

/// `online-request → approved`.
pub fn ending(result: Option<OutcomeResult>, disposition: &str) -> String {
    let found = result.map_or("no outcome", |result| result.name());
    if found == disposition || disposition == "none" { found.to_owned() } else { format!("{found} → {disposition}") }
}
