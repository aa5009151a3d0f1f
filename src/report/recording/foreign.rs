//! Recordings out of logs of other tools: commands and responses, and what the commands say about the transaction.

use serde_json::Value;

use super::{Header, Line, Recorded};
use crate::{
    apdu::CommandHeader,
    bytes::Hex,
    data::{
        Amount,
        dictionary::{
            AMOUNT_AUTHORISED_9F02, AMOUNT_OTHER_9F03, CDOL1_8C, PDOL_9F38, TRANSACTION_CURRENCY_CODE_5F2A,
            TRANSACTION_DATE_9A, TRANSACTION_TIME_9F21, TRANSACTION_TYPE_9C, UNPREDICTABLE_NUMBER_9F37,
        },
    },
    dump::Dump,
    report::{jsonl::SCHEMA, replayed},
    terminal::Currency,
    time::{Date, Micros},
    tlv::{self, Budget, Tag},
};

impl Recorded {
    /// Commands and responses from a log of another tool, as events without times. Amount, currency, type, date and
    /// unpredictable number are those that the terminal told the card, if it did; the terminal is unknown.
    pub fn from_dump(dump: &Dump) -> Self {
        let told = Told::by(dump);
        let mut lines = vec![event("field-on", vec![]), event("card-present", vec![])];
        for exchange in &dump.exchanges {
            let Some(command) = &exchange.command else { continue };
            for number in told.numbers.iter().filter(|(with, _)| with == command).map(|(_, number)| number) {
                let tag = UNPREDICTABLE_NUMBER_9F37.to_string().into();
                lines.push(event("data", vec![("tag", tag), ("value", hex(number)), ("source", "transaction".into())]));
            }
            let name = Value::from(replayed::name(command));
            lines.push(event("command", vec![("name", name), ("bytes", hex(command))]));
            if let Some(response) = &exchange.response {
                lines.push(event("response", vec![("bytes", hex(response)), ("elapsed_us", Value::from(0))]));
            }
        }
        let header =
            Header { schema: SCHEMA.to_owned(), card: "live".to_owned(), masked: dump.masked, ..told.header() };
        Self { header, lines, end: None, torn: false, doubts: dump.problems.clone() }
    }
}

fn hex(bytes: &[u8]) -> Value {
    Value::from(Hex(bytes).to_string())
}

fn event(name: &str, fields: Vec<(&str, Value)>) -> Line {
    let all = [("us", Value::from(0)), ("event", Value::from(name))].into_iter().chain(fields);
    Line { at: Micros::ZERO, fields: all.map(|(name, value)| (name.to_owned(), value)).collect() }
}

/// What a terminal told the card, by the lists the card gave.
#[derive(Default)]
struct Told {
    /// Of each object the first value.
    values: Vec<(Tag, Vec<u8>)>,
    /// Unpredictable numbers with the command each was first sent in.
    numbers: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Told {
    fn by(dump: &Dump) -> Self {
        let mut told = Self::default();
        let (mut pdol, mut cdol) = (Vec::new(), Vec::new());
        for exchange in &dump.exchanges {
            let Some(sent) = exchange.command.as_deref() else { continue };
            match CommandHeader::parse(sent) {
                Some(command) if command.ins == 0xA8 => {
                    let values = tlv::objects(command.data).next().and_then(Result::ok);
                    told.take(sent, &pdol, values.map_or(&[], |values| values.value));
                }
                Some(command) if command.ins == 0xAE => told.take(sent, &cdol, command.data),
                _ => {}
            }
            let data = exchange.response.as_deref().and_then(|response| response.split_last_chunk::<2>());
            for (_, object) in tlv::walk(data.map_or(&[], |(data, _)| data), Budget::default()).map_while(Result::ok) {
                match object.tag {
                    PDOL_9F38 => pdol = object.value.to_vec(),
                    CDOL1_8C => cdol = object.value.to_vec(),
                    _ => {}
                }
            }
        }
        told
    }

    /// Takes the values that answer a list, if they have its length.
    fn take(&mut self, command: &[u8], list: &[u8], mut values: &[u8]) {
        let entries: Vec<_> = tlv::dol_entries(list).map_while(Result::ok).collect();
        if entries.iter().map(|entry| usize::from(entry.length)).sum::<usize>() != values.len() {
            return;
        }
        for entry in entries {
            let Some((value, rest)) = values.split_at_checked(entry.length.into()) else { return };
            values = rest;
            let known = self.value(entry.tag) == Some(value);
            if entry.tag == UNPREDICTABLE_NUMBER_9F37 && !known {
                self.numbers.push((command.to_vec(), value.to_vec()));
            }
            if self.value(entry.tag).is_none() {
                self.values.push((entry.tag, value.to_vec()));
            }
        }
    }

    fn value(&self, tag: Tag) -> Option<&[u8]> {
        self.values.iter().find(|(known, _)| *known == tag).map(|(_, value)| value.as_slice())
    }

    fn array<const N: usize>(&self, tag: Tag) -> Option<[u8; N]> {
        self.value(tag)?.try_into().ok()
    }

    /// The transaction; all empty if the amount is unknown.
    fn header(&self) -> Header {
        let currency = self.array(TRANSACTION_CURRENCY_CODE_5F2A).and_then(Currency::from_bcd);
        let amount = |tag| self.array(tag).and_then(Amount::from_bcd);
        let (Some(currency), Some(authorised)) = (currency, amount(AMOUNT_AUTHORISED_9F02)) else {
            return Header::default();
        };
        let written = |amount: Amount| amount.display(currency.exponent()).to_string();
        let kind = match self.value(TRANSACTION_TYPE_9C) {
            Some([0x01]) => "cash",
            Some([0x09]) => "cashback",
            Some([0x20]) => "refund",
            _ => "purchase",
        };
        let other = amount(AMOUNT_OTHER_9F03).filter(|other| kind == "cashback" && *other <= authorised);
        let today = self.array(TRANSACTION_DATE_9A).and_then(Date::from_bcd);
        let time = self.array(TRANSACTION_TIME_9F21).map(|time: [u8; 3]| Hex(&time).to_string());
        let time = time.filter(|time| ("000000"..="235959").contains(&time.as_str())).unwrap_or("120000".to_owned());
        let parts = [time.get(..2), time.get(2..4), time.get(4..)].map(Option::unwrap_or_default);
        Header {
            amount: written(authorised),
            currency: currency.code().to_owned(),
            r#type: kind.to_owned(),
            other: other.map(written),
            clock: today.map_or_else(String::new, |today| format!("{today}T{}", parts.join(":"))),
            ..Header::default()
        }
    }
}
