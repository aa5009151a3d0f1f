//! From the terminal of a `configure` message to a reader's configuration.

use super::{
    super::{
        configuration::{CaKeyMessage, CombinationMessage, ProgramMessage, TerminalMessage},
        words,
    },
    data,
};
use crate::{
    crypto::{CaKey, Exception, Revocation, Trust},
    data::{Amount, Pan},
    entry::{Aid, Combination, Configuration, DynamicLimits, EntryPointData, KernelId, Options, TransactionTable},
    kernel::registry::{self, Settings},
    time::Date,
};

/// The configuration; the error says what is not supported.
pub(super) fn configuration(terminal: &TerminalMessage) -> Result<Configuration, String> {
    let settings = serde_json::Value::Object(terminal.kernels.clone());
    let settings: Settings = serde_json::from_value(settings).map_err(|error| format!("kernel options: {error}"))?;
    let mut types: Vec<[u8; 1]> = Vec::new();
    for text in terminal.combinations.iter().flat_map(|combination| &combination.types) {
        let kind = array("transaction type", text)?;
        if !types.contains(&kind) {
            types.push(kind);
        }
    }
    let table = |kind: [u8; 1]| {
        let serves = |combination: &&CombinationMessage| {
            combination.types.iter().any(|text| array("transaction type", text) == Ok(kind))
        };
        let mine = terminal.combinations.iter().filter(serves);
        let combinations = mine.map(|said| combination(said, &settings)).collect::<Result<_, String>>()?;
        Ok(TransactionTable { transaction_types: kind.to_vec(), combinations })
    };
    Ok(Configuration {
        terminal: data(&terminal.data)?,
        tables: types.into_iter().map(table).collect::<Result<_, String>>()?,
        trust: trust(terminal)?,
        currency_exponent: terminal.exponent,
        // The runner is the terminal that kernels exchange data with.
        data_exchange: Vec::new(),
    })
}

/// Choices of Entry Point; the error says what is not supported.
pub(super) fn options(terminal: &TerminalMessage) -> Result<Options, String> {
    let said = serde_json::Value::Object(terminal.entry.clone());
    serde_json::from_value(said).map_err(|error| format!("Entry Point options: {error}"))
}

/// So many bytes from hex.
pub(super) fn array<const N: usize>(what: &str, text: &str) -> Result<[u8; N], String> {
    let bytes = words::bytes(what, text)?;
    let found = bytes.len();
    bytes.try_into().map_err(|_| format!("{what} has {N} bytes, not {found}"))
}

fn amount(minor: Option<u64>) -> Result<Option<Amount>, String> {
    minor.map(|minor| Amount::new(minor).ok_or_else(|| format!("a limit of {minor} minor units"))).transpose()
}

fn combination(said: &CombinationMessage, settings: &Settings) -> Result<Combination, String> {
    let aid = Aid::new(&words::bytes("aid", &said.aid)?).ok_or_else(|| format!("aid `{}`", said.aid))?;
    let kernel_id = KernelId::new(&words::bytes("kernel", &said.kernel)?);
    let kernel_id = kernel_id.ok_or_else(|| format!("kernel identifier `{}`", said.kernel))?;
    let implementation = words::bytes("kernel", said.implemented_by.as_ref().unwrap_or(&said.kernel))?;
    let kernel = registry::build(&implementation, settings).ok_or_else(|| format!("kernel {kernel_id}"))?;
    let programs = said.dynamic_limits.iter().flatten().map(program).collect::<Result<_, _>>()?;
    let entry = EntryPointData {
        status_check: said.status_check,
        zero_amount_allowed: said.zero_amount_allowed,
        transaction_limit: amount(said.transaction_limit)?,
        floor_limit: amount(said.floor_limit)?,
        terminal_floor_limit: said.terminal_floor_limit,
        cvm_required_limit: amount(said.cvm_required_limit)?,
        ttq: said.ttq.as_ref().map(|ttq| array("ttq", ttq)).transpose()?,
        extended_selection: said.extended_selection,
        dynamic_reader_limits: said.dynamic_limits.is_some(),
    };
    let bare = Combination::new(aid, kernel_id, kernel);
    Ok(Combination { entry, dynamic_limits: programs, data: data(&said.data)?, ..bare })
}

fn program(said: &ProgramMessage) -> Result<DynamicLimits, String> {
    Ok(DynamicLimits {
        program_id: words::bytes("program", &said.program_id)?,
        status_check: said.status_check,
        zero_amount_allowed: said.zero_amount_allowed,
        transaction_limit: amount(said.transaction_limit)?,
        floor_limit: amount(said.floor_limit)?,
        cvm_required_limit: amount(said.cvm_required_limit)?,
    })
}

fn trust(terminal: &TerminalMessage) -> Result<Trust, String> {
    let revoked = terminal.revoked.iter().map(|entry| {
        let index = u8::from_be_bytes(array("index", &entry.index)?);
        Ok(Revocation { rid: array("rid", &entry.rid)?, index, serial: array("serial", &entry.serial)? })
    });
    let exceptions = terminal.exceptions.iter().map(|entry| {
        let number = entry.sequence_number.as_ref().map(|number| array("sequence number", number)).transpose()?;
        let pan = Pan::parse(&entry.pan).ok_or("an exception that is no PAN")?;
        Ok(Exception { pan, sequence_number: number.map(u8::from_be_bytes) })
    });
    Ok(Trust {
        ca_keys: terminal.ca_keys.iter().map(ca_key).collect::<Result<_, String>>()?,
        revoked: revoked.collect::<Result<_, String>>()?,
        exceptions: exceptions.collect::<Result<_, String>>()?,
    })
}

fn ca_key(said: &CaKeyMessage) -> Result<CaKey, String> {
    let (rid, index) = (array("rid", &said.rid)?, u8::from_be_bytes(array("index", &said.index)?));
    let (modulus, exponent) = (words::bytes("modulus", &said.modulus)?, words::bytes("exponent", &said.exponent)?);
    let key = CaKey::new(rid, index, &modulus, &exponent).map_err(|error| format!("CA key {}: {error}", said.index))?;
    Ok(CaKey { expires: said.expires.as_deref().map(date).transpose()?, ..key })
}

/// `2027-12-31`.
fn date(text: &str) -> Result<Date, String> {
    let mut parts = text.split('-');
    let mut part = || parts.next().and_then(|part| part.parse::<u16>().ok());
    let small = |part: u16| u8::try_from(part).ok();
    let date = (|| Date::new(part()?, small(part()?)?, small(part()?)?))();
    date.ok_or_else(|| format!("`{text}` is no date"))
}
