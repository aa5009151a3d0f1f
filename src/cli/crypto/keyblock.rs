//! `emvtap crypto keyblock`: key blocks of X9.143 and TR-31.

use std::path::Path;

use super::{
    input::{fill, read},
    key::{KeyReader, Secret},
    page::Page,
};
use crate::{
    bytes::Hex,
    cli::{args::crypto::KeyBlock, exit::Exit, failure::Failure, out::Environment},
    crypto::key_block::{Header, KeyBlockError, OptionalBlock, unwrap, wrap},
    diag::Problem,
};

/// Runs the verb.
pub fn run(verb: &KeyBlock, environment: &Environment) -> Result<Exit, Failure> {
    let mut page = Page::new("keyblock", &verb.how);
    let mut keys = KeyReader::new(verb.how.allow_production_keys);
    if verb.wrap.is_some() {
        make(verb, &mut keys, &mut page)?;
    } else {
        open(verb, &mut keys, &mut page)?;
    }
    page.finish(environment)
}

fn show_header(page: &mut Page<'_>, header: &Header) {
    page.text("version", header.version.to_string(), if header.version == 'D' { "AES" } else { "triple DES" });
    for (name, value, note) in header.words() {
        page.text(name, value, note);
    }
    for block in &header.optional {
        page.text(format!("block {}", block.identifier), &block.data, "");
    }
}

fn open(verb: &KeyBlock, keys: &mut KeyReader, page: &mut Page<'_>) -> Result<(), Failure> {
    let given = verb.block.as_deref().unwrap_or_default();
    let path = Path::new(given);
    let text = match given {
        "-" => keys.stdin("block")?,
        _ if given.len() < 256 && path.is_file() => read(path)?,
        _ => given.to_owned().into(),
    };
    let text = text.trim();
    let protection = keys.read("kbpk", &verb.kbpk, text.starts_with('D'))?;
    page.key("protection key", &protection, "");
    match unwrap(&protection.bytes, text) {
        Ok(opened) => {
            show_header(page, &opened.header);
            let aes = opened.header.algorithm == 'A';
            let key = Secret::new(&opened.key, aes);
            page.key("key", &key, format!("{} bits", opened.key.len() * 8));
            page.result("check_value", key.check_value());
            page.result("bits", opened.key.len() * 8);
            for (name, value, _) in opened.header.words() {
                page.result(field(name), value);
            }
            if opened.has_odd_parity() == Some(false) {
                page.note("the key inside does not have odd parity");
            }
            if page.shows_keys() {
                page.result("key", Hex(&opened.key).to_string());
            }
            page.verdict(true, "the MAC verifies: key and header belong together");
            Ok(())
        }
        Err(error @ KeyBlockError::Mac { .. }) => {
            page.verdict(false, error.to_string());
            Ok(())
        }
        Err(KeyBlockError::ProtectionKey(bytes)) => {
            Err(Failure::usage(format!("--kbpk has {bytes} bytes: version D has 16, 24 or 32, version B 16 or 24")))
        }
        Err(error) => Err(Problem::file("key block", error.to_string()).into()),
    }
}

/// Names as JSON has them.
fn field(name: &str) -> &'static str {
    match name {
        "usage" => "usage",
        "algorithm" => "algorithm",
        "mode of use" => "mode",
        "key version" => "key_version",
        _ => "exportability",
    }
}

/// A block that X9.143 does not know is not made: others could not open it.
fn check(header: &Header, key: &Secret) -> Result<(), Failure> {
    let unknown = header.words().into_iter().find(|(name, _, meaning)| *meaning == "?" && *name != "usage");
    if let Some((name, value, _)) = unknown {
        return Err(Failure::usage(format!("X9.143 has no {name} `{value}`")));
    }
    let lengths: &[usize] = match header.algorithm {
        'A' => &[16, 24, 32],
        'D' => &[8],
        'T' => &[16, 24],
        _ => return Ok(()),
    };
    if !lengths.contains(&key.bytes.len()) {
        return Err(Failure::usage(format!(
            "--wrap has {} bytes; algorithm {} wants {lengths:?}",
            key.bytes.len(),
            header.algorithm
        )));
    }
    let mut seen = Vec::new();
    for OptionalBlock { identifier, .. } in &header.optional {
        if identifier == "PB" || seen.contains(&identifier) {
            return Err(Failure::usage(format!(
                "--optional {identifier}: a block has it once, and PB is made as it is needed"
            )));
        }
        seen.push(identifier);
    }
    Ok(())
}

fn make(verb: &KeyBlock, keys: &mut KeyReader, page: &mut Page<'_>) -> Result<(), Failure> {
    let protection = keys.read("kbpk", &verb.kbpk, true)?;
    page.key("protection key", &protection, "");
    let key = keys.read("wrap", verb.wrap.as_deref().unwrap_or_default(), verb.algorithm == 'A')?;
    let optional = verb.optional.iter().map(|text| {
        let (identifier, data) = text.split_once('=').ok_or_else(|| Failure::usage("--optional is ID=TEXT"))?;
        Ok(OptionalBlock { identifier: identifier.to_owned(), data: data.to_owned() })
    });
    let header = Header {
        version: 'D',
        usage: verb.usage.clone(),
        algorithm: verb.algorithm,
        mode: verb.mode,
        key_version: verb.key_version.clone(),
        exportability: verb.exportability,
        optional: optional.collect::<Result<_, Failure>>()?,
    };
    check(&header, &key)?;
    show_header(page, &header);
    page.key("key", &key, format!("{} bits", key.bytes.len() * 8));
    // Up to a whole block, and as much as the real length is to be hidden in.
    let length = key.bytes.len().max(verb.fill.min(4096));
    let mut random = vec![0; (length + 2).next_multiple_of(16) - key.bytes.len() - 2];
    fill(verb.filler, &mut random)?;
    let block = wrap(&protection.aes("kbpk")?, &header, &key.bytes, &random)
        .map_err(|error| Failure::usage(error.to_string()))?;
    page.text("block", &block, "");
    page.result("block", block);
    Ok(())
}
