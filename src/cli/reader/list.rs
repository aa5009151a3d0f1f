//! `emvtap reader list`.

use serde_json::json;

use super::args::ListReaders;
use crate::{
    bytes::Hex,
    cli::{
        args::ListFormat,
        exit::Exit,
        failure::Failure,
        out::{Environment, Out},
    },
    link::pcsc::{Properties, Reader, Service, Trouble},
};

/// Runs the verb.
pub fn run(flags: &ListReaders, environment: &Environment) -> Result<Exit, Failure> {
    let service = Service::open()?;
    let readers = service.readers()?;
    if readers.is_empty() && flags.format == ListFormat::Text {
        return Err(Trouble::NoReader.into());
    }
    let wants_all = flags.verbose || flags.format == ListFormat::Json;
    let known = |reader| if wants_all { service.properties(reader) } else { Properties::default() };
    let mut out = Out::open(&flags.target, environment, false)?;
    let text = match flags.format {
        ListFormat::Text => {
            let lines = readers.iter().map(|reader| text(reader, flags.verbose.then(|| known(reader)).as_ref()));
            lines.collect()
        }
        ListFormat::Json => {
            let entries: Vec<_> = readers.iter().map(|reader| object(reader, &known(reader))).collect();
            let whole = json!({ "schema": "emvtap.reader-list/1", "entries": entries });
            format!("{}\n", serde_json::to_string_pretty(&whole).unwrap_or_default())
        }
    };
    out.data(&text)?;
    Ok(Exit::SUCCESS)
}

fn text(reader: &Reader, properties: Option<&Properties>) -> String {
    let (number, name) = (reader.number, &reader.name);
    let mut text = format!("{number:>2}  {name}  {}, {}\n", reader.interface().words(), reader.state.words());
    let Some(properties) = properties else { return text };
    let mut line = |what: &str, value: &str| text.push_str(&format!("      {what:<10}{value}\n"));
    if !reader.atr.is_empty() {
        line("ATR", &Hex(&reader.atr).to_string());
    }
    if let Some(protocol) = properties.protocol {
        line("protocol", protocol);
    }
    line("commands", &commands(properties.apdu_data_max));
    if let Some((vendor, product)) = properties.usb {
        line("USB", &format!("{vendor:04x}:{product:04x}"));
    }
    if let Some(firmware) = &properties.firmware {
        line("firmware", firmware);
    }
    text
}

/// What the driver lets through.
fn commands(most: Option<u32>) -> String {
    match most {
        None => "the driver does not tell how long they may be".to_owned(),
        Some(0) => "short APDUs only (up to 255 bytes of data)".to_owned(),
        Some(most) => format!("extended APDUs, up to {most} bytes of data"),
    }
}

fn object(reader: &Reader, properties: &Properties) -> serde_json::Value {
    json!({
        "number": reader.number,
        "name": reader.name,
        "state": reader.state.words(),
        "interface": reader.interface().words(),
        "atr": (!reader.atr.is_empty()).then(|| Hex(&reader.atr).to_string()),
        "protocol": properties.protocol,
        "apdu_data_max": properties.apdu_data_max,
        "usb": properties.usb.map(|(vendor, product)| format!("{vendor:04x}:{product:04x}")),
        "firmware": properties.firmware,
    })
}
