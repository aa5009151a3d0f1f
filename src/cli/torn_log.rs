//! The log of torn transactions, from one run to the next: a file of hex digits, which `emvtap decode` reads.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use super::{
    failure::{Failure, words},
    out,
};
use crate::{
    bytes::Hex,
    data::{dictionary::MAX_LIFETIME_OF_TORN_RECORD_DF811C, text::HexText},
    diag::Problem,
    entry::{Configuration, KernelId},
    kernel::c2::Kept,
    run::Reader,
    time::DateTime,
};

/// How long a reader remembers torn transactions, in seconds: Max Lifetime of Torn Transaction Log Record (DF811C) of its Kernel 2.
pub fn lifetime(configuration: &Configuration) -> u32 {
    let combinations = configuration.tables.iter().flat_map(|table| &table.combinations);
    let kernel = combinations.filter(|combination| combination.kernel_id == KernelId::C2);
    let data = kernel.flat_map(|combination| &combination.data).chain(&configuration.terminal);
    let found = data.filter(|(tag, _)| *tag == MAX_LIFETIME_OF_TORN_RECORD_DF811C).map(|(_, value)| value).next();
    found.map_or(Kept::LIFETIME, |value| value.iter().fold(0, |seconds, byte| seconds << 8 | u32::from(*byte)))
}

/// Gives the reader what the file has; a file that is not there has nothing. As a reader does now and then (C-2, the signal
/// CLEAN), this deletes the transactions that are older than `lifetime` seconds at `now`; gives how many those are.
pub fn load(path: &Path, lifetime: u32, now: DateTime, reader: &mut Reader) -> Result<usize, Failure> {
    let file = path.display().to_string();
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(Problem::file(&file, words(&error)).into()),
        Ok(text) => text,
    };
    let whole = || 0..text.trim_end().len();
    let HexText(bytes) = text.parse().map_err(|wrong: String| Problem::at(&file, &text, whole(), wrong))?;
    let mut kept = Kept::parse(&bytes).map_err(|wrong| {
        let hint = "give --torn-log a file that `emvtap pay --torn-log` has written, or one that is not there";
        Problem::at(&file, &text, whole(), wrong.to_string()).hint(hint)
    })?;
    let old = kept.clean(now, lifetime);
    reader.keep(KernelId::C2, kept.to_bytes());
    Ok(old.len())
}

/// Writes what the reader keeps, in one step: whenever the power fails, the old file is there, or the new one. It has accounts
/// in the clear, so only its owner may read it.
pub fn save(path: &Path, reader: &Reader) -> Result<(), Failure> {
    write(path, reader.kept(KernelId::C2))
        .map_err(|error| Failure::Environment(format!("{} cannot be written: {}", path.display(), words(&error))))
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = beside(path);
    let mut file = out::create(&new, true)?;
    writeln!(file, "{}", Hex(bytes))?;
    file.sync_all()?;
    fs::rename(&new, path)
}

/// The name of the file that becomes this one.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}
