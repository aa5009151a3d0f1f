//! One line of a recording, and the event it was written for.

use std::{collections::BTreeSet, sync::Mutex};

use serde_json::{Map, Value};

use crate::{
    apdu::{LinkFault, StatusWord},
    crypto::cryptogram::CryptogramCheck,
    data::Source,
    kernel::{
        event::{Event, HostSummary, Sink},
        outcome::{
            AlternateInterface, Cvm, Language, MessageId, OnlineResponseData, Outcome, OutcomeResult, Start, UiRequest,
            UiStatus, UiValue, ValueQualifier,
        },
    },
    time::Micros,
};

/// Tells `sink` the event of a line. An error says in words what is wrong with the line.
pub(super) fn tell(at: Micros, fields: &Map<String, Value>, sink: &mut dyn Sink) -> Result<(), String> {
    let line = Fields(fields);
    let mut event = |event: &Event<'_>| sink.event(at, event);
    match line.text("event")? {
        "field-on" => event(&Event::FieldOn),
        "field-off" => event(&Event::FieldOff { hold: line.tenths("hold_ms")? }),
        "card-present" => event(&Event::CardPresent),
        "command" => event(&Event::Command { name: lasting(line.text("name")?), bytes: &line.bytes("bytes")? }),
        "response" => {
            event(&Event::Response { bytes: &line.bytes("bytes")?, elapsed: Micros(line.number("elapsed_us")?) });
        }
        "link-fault" => event(&Event::LinkFault(line.one_of("fault", &FAULTS, |f| format!("{f:?}").to_lowercase())?)),
        "entry-point" => event(&Event::EntryPoint { start: line.start("start")?, restart: line.truth("restart")? }),
        "candidate" => event(&Event::Candidate {
            adf_name: &line.bytes("adf_name")?,
            aid: &line.bytes("aid")?,
            kernel: &line.bytes("kernel")?,
            priority: line.small("priority")?,
        }),
        "kernel-activated" => event(&Event::KernelActivated {
            adf_name: &line.bytes("adf_name")?,
            aid: &line.bytes("aid")?,
            kernel: &line.bytes("kernel")?,
            start: line.start("start")?,
            restart: line.truth("restart")?,
            select_status: line.maybe("select_status", |line, name| line.status(name))?,
        }),
        "state" => event(&Event::State { book: lasting(line.text("book")?), name: lasting(line.text("name")?) }),
        "rule" => event(&Event::Rule {
            book: lasting(line.text("book")?),
            rule: lasting(line.text("rule")?),
            note: format_args!("{}", line.text("note")?),
        }),
        "data" => event(&Event::Data {
            tag: line.get("tag", "tag", |tag| tag.as_str()?.parse().ok())?,
            value: &line.bytes("value")?,
            source: line.one_of("source", &SOURCES, |source| format!("{source:?}").to_lowercase())?,
        }),
        "oda" => {
            let method = lasting(line.text("method")?);
            match line.maybe("failure", |line, name| line.text(name))? {
                None => event(&Event::Oda { method, failure: None }),
                Some(why) => event(&Event::Oda { method, failure: Some(format_args!("{why}")) }),
            }
        }
        "ui" => event(&Event::Ui(&line.ui()?)),
        "outcome" => event(&Event::Outcome { outcome: &line.outcome()?, is_final: line.truth("final")? }),
        "host" => line.host(&mut event)?,
        // A newer emvtap may know more.
        _ => {}
    }
    Ok(())
}

/// The names of commands, books and rules as events want them. Each is kept once, for the life of the program: they come
/// from tables of a few hundred entries.
pub(super) fn lasting(name: &str) -> &'static str {
    static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    /// Nobody's recording has as many; a file made to fill the memory has.
    const MOST: usize = 4096;
    let mut names = NAMES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(known) = names.get(name) {
        return known;
    }
    if names.len() >= MOST {
        return "?";
    }
    let kept: &'static str = Box::leak(name.to_owned().into_boxed_str());
    names.insert(kept);
    kept
}

const FAULTS: [LinkFault; 8] = [
    LinkFault::Timeout,
    LinkFault::Transmission,
    LinkFault::Protocol,
    LinkFault::Collision,
    LinkFault::NoCard,
    LinkFault::ContactCard,
    LinkFault::Cancelled,
    LinkFault::Unusable,
];
const SOURCES: [Source; 5] = [Source::Terminal, Source::Transaction, Source::Card, Source::Kernel, Source::Issuer];
const STARTS: [Start; 4] = [Start::A, Start::B, Start::C, Start::D];
const CVMS: [Cvm; 5] = [Cvm::NotApplicable, Cvm::NoCvm, Cvm::Signature, Cvm::OnlinePin, Cvm::ConfirmationCodeVerified];
const CHECKS: [CryptogramCheck; 3] = [CryptogramCheck::Valid, CryptogramCheck::Wrong, CryptogramCheck::Unverifiable];
const ONLINE: [OnlineResponseData; 3] =
    [OnlineResponseData::NotApplicable, OnlineResponseData::EmvData, OnlineResponseData::Any];
const INTERFACES: [AlternateInterface; 2] = [AlternateInterface::ContactChip, AlternateInterface::MagStripe];
const STATUSES: [UiStatus; 6] = [
    UiStatus::NotReady,
    UiStatus::Idle,
    UiStatus::ReadyToRead,
    UiStatus::Processing,
    UiStatus::CardReadSuccessfully,
    UiStatus::ProcessingError,
];

/// The fields of a line, by name and kind.
#[derive(Clone, Copy)]
struct Fields<'a>(&'a Map<String, Value>);

type Read<T> = Result<T, String>;

impl<'a> Fields<'a> {
    fn get<T>(self, name: &str, kind: &str, read: impl FnOnce(&'a Value) -> Option<T>) -> Read<T> {
        match self.0.get(name) {
            None => Err(format!("`{name}` is missing")),
            Some(value) => read(value).ok_or_else(|| format!("`{name}` is no {kind}: {value}")),
        }
    }

    /// What may be absent or null.
    fn maybe<T>(self, name: &str, read: impl FnOnce(Self, &str) -> Read<T>) -> Read<Option<T>> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(_) => read(self, name).map(Some),
        }
    }

    fn text(self, name: &str) -> Read<&'a str> {
        self.get(name, "text", Value::as_str)
    }

    fn truth(self, name: &str) -> Read<bool> {
        self.get(name, "truth value", Value::as_bool)
    }

    fn number(self, name: &str) -> Read<u64> {
        self.get(name, "number", Value::as_u64)
    }

    fn small(self, name: &str) -> Read<u8> {
        self.get(name, "small number", |value| u8::try_from(value.as_u64()?).ok())
    }

    fn bytes(self, name: &str) -> Read<Vec<u8>> {
        self.get(name, "hex", |value| hex::decode(value.as_str()?).ok())
    }

    fn array<const N: usize>(self, name: &str) -> Read<[u8; N]> {
        self.get(name, "hex of the right length", |value| hex::decode(value.as_str()?).ok()?.try_into().ok())
    }

    fn status(self, name: &str) -> Read<StatusWord> {
        self.array(name).map(|bytes| StatusWord(u16::from_be_bytes(bytes)))
    }

    /// Milliseconds, as units of a tenth of a second.
    fn tenths(self, name: &str) -> Read<Option<u16>> {
        self.maybe(name, |line, name| {
            line.get(name, "number of milliseconds", |value| u16::try_from(value.as_u64()? / 100).ok())
        })
    }

    fn one_of<T: Copy>(self, name: &str, all: &[T], called: impl Fn(T) -> String) -> Read<T> {
        let text = self.text(name)?;
        let found = all.iter().copied().find(|one| called(*one) == text);
        found.ok_or_else(|| format!("`{name}` is none of those there are: {text}"))
    }

    fn start(self, name: &str) -> Read<Start> {
        self.one_of(name, &STARTS, |start| start.name().to_owned())
    }

    fn ui(self) -> Read<UiRequest> {
        let language = |line: Self, name: &str| {
            line.get(name, "list of languages", |value| Language::new(value.as_str()?.as_bytes()))
        };
        let value = |line: Self, name: &str| line.inside(name)?.ui_value();
        Ok(UiRequest {
            message: self.maybe("message", Self::array::<1>)?.map(|[id]| MessageId(id)),
            status: self
                .maybe("status", |line, name| line.one_of(name, &STATUSES, |status| status.name().to_owned()))?,
            hold: self.tenths("hold_ms")?.unwrap_or_default(),
            language: self.maybe("language", language)?,
            value: self.maybe("value", value)?,
        })
    }

    fn inside(self, name: &str) -> Read<Self> {
        self.get(name, "object", Value::as_object).map(Self)
    }

    fn ui_value(self) -> Read<UiValue> {
        const QUALIFIERS: [ValueQualifier; 2] = [ValueQualifier::Amount, ValueQualifier::Balance];
        Ok(UiValue {
            qualifier: self.one_of("qualifier", &QUALIFIERS, |one| format!("{one:?}").to_lowercase())?,
            value: self.array("value")?,
            currency: self.array("currency")?,
        })
    }

    fn outcome(self) -> Read<Outcome> {
        let request = |line: Self, name: &str| line.inside(name)?.ui();
        Ok(Outcome {
            result: self.one_of("result", &OutcomeResult::ALL, |result| result.name().to_owned())?,
            start: self.maybe("start", Self::start)?,
            online_response_data: self.one_of("online_response_data", &ONLINE, |one| one.name().to_owned())?,
            cvm: self
                .maybe("cvm", |line, name| line.one_of(name, &CVMS, |cvm| cvm.name().unwrap_or_default().to_owned()))?
                .unwrap_or_default(),
            ui_on_outcome: self.maybe("ui_on_outcome", request)?,
            ui_on_restart: self.maybe("ui_on_restart", request)?,
            data_record: self.maybe("data_record", Self::bytes)?,
            discretionary_data: self.maybe("discretionary_data", Self::bytes)?,
            alternate_interface: self.maybe("alternate_interface", |line, name| {
                line.one_of(name, &INTERFACES, |interface| interface.name().to_owned())
            })?,
            receipt: self.truth("receipt")?,
            field_off: self.tenths("field_off_ms")?,
            removal_timeout: self.tenths("removal_timeout_ms")?.unwrap_or_default(),
        })
    }

    fn host(self, event: &mut impl FnMut(&Event<'_>)) -> Read<()> {
        let code = |line: Self, name: &str| line.get(name, "response code", |value| response_code(value.as_str()?));
        let arpc = self.maybe("arpc", Self::bytes)?;
        let authentication_data = self.maybe("authentication_data", Self::bytes)?;
        let scripts = self.maybe("scripts", Self::bytes)?.unwrap_or_default();
        let summary = HostSummary {
            response_code: self.maybe("response_code", code)?,
            cryptogram: self.maybe("arqc", |line, name| line.one_of(name, &CHECKS, |check| check.name().to_owned()))?,
            cryptogram_version: self.maybe("cryptogram_version", |line, name| line.text(name))?,
            arpc: arpc.as_deref(),
            authentication_data: authentication_data.as_deref(),
            scripts: &scripts,
            note: self.maybe("note", |line, name| line.text(name))?.unwrap_or_default(),
            elapsed: Micros(self.number("elapsed_us")?),
        };
        event(&Event::Host { answer: &summary });
        Ok(())
    }
}

/// Two characters, or hex where they are none.
fn response_code(text: &str) -> Option<[u8; 2]> {
    let bytes = text.as_bytes();
    bytes.try_into().ok().or_else(|| hex::decode(bytes).ok()?.try_into().ok())
}
