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
use crate::{bytes::Hex, data::text::HexText, diag::Problem, entry::KernelId, kernel::c2::Kept, run::Reader};

/// Gives the reader what the file has; a file that is not there has nothing.
pub fn load(path: &Path, reader: &mut Reader) -> Result<(), Failure> {
    let file = path.display().to_string();
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Problem::file(&file, words(&error)).into()),
        Ok(text) => text,
    };
    let whole = || 0..text.trim_end().len();
    let HexText(bytes) = text.parse().map_err(|wrong: String| Problem::at(&file, &text, whole(), wrong))?;
    if let Err(wrong) = Kept::parse(&bytes) {
        let hint = "give --torn-log a file that `emvtap pay --torn-log` has written, or one that is not there";
        return Err(Problem::at(&file, &text, whole(), wrong.to_string()).hint(hint).into());
    }
    reader.keep(KernelId::C2, bytes);
    Ok(())
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
