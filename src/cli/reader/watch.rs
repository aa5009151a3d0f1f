//! `emvtap reader watch`.

use std::collections::BTreeMap;

use super::args::WatchReaders;
use crate::{
    bytes::Hex,
    cli::{
        clock,
        exit::Exit,
        failure::Failure,
        interrupt,
        out::{Environment, Out},
    },
    link::pcsc::{Service, Trouble},
};

/// Runs the verb; ends by Ctrl-C only.
pub fn run(flags: &WatchReaders, environment: &Environment) -> Result<Exit, Failure> {
    let service = Service::open()?;
    let stop = interrupt::stop();
    let mut out = Out::open(&flags.target, environment, false)?;
    let mut seen = BTreeMap::new();
    service.watch(&stop, &mut |reader| {
        let what = match seen.insert(reader.name.clone(), reader.state) {
            None => format!("reader {}, {}", reader.number, reader.state.words()),
            Some(_) => reader.state.words().to_owned(),
        };
        let atr = if reader.atr.is_empty() { String::new() } else { format!("  ATR {}", Hex(&reader.atr)) };
        let time = clock::utc_now().map(|now| format!("{now}Z")).unwrap_or_default();
        out.data(&format!("{time}  {}  {what}{atr}\n", reader.name)).map_err(|error| Trouble::Other(error.to_string()))
    })?;
    Ok(Exit::INTERRUPTED)
}
