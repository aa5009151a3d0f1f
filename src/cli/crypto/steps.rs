//! A MAC, block by block.

use super::page::Page;
use crate::{
    bytes::Hex,
    cli::failure::Failure,
    crypto::{
        SymmetricKey,
        des::{Padding, TripleDes},
        method::Mac,
        tdea::Tdea,
    },
};

/// The MAC of ISO 9797-1 algorithm 1 with a triple DES key of two or three parts, with the same steps.
pub fn compute_triple(page: &mut Page<'_>, name: &str, padding: Padding, key: &Tdea, data: &[u8]) -> [u8; 8] {
    page.bytes("input", data, format!("{} bytes", data.len()));
    show_triple(page, padding, key, data);
    let found = key.mac(padding, data);
    page.bytes(name, &found, TRIPLE);
    found
}

const TRIPLE: &str = "last block (ISO 9797-1 algorithm 1)";

fn show_triple(page: &mut Page<'_>, padding: Padding, key: &Tdea, data: &[u8]) {
    let padded = padding.fill(data);
    page.bytes("padded", &padded, padding_words(padding));
    for (number, block) in (1..).zip(key.encrypt_cbc([0; 8], &padded).chunks(8)) {
        page.bytes(format!("block {number}"), block, "after triple DES");
    }
}

/// The MAC over `data`, with its input, padding, blocks and result as steps. `name`: of the result.
pub fn compute(page: &mut Page<'_>, name: &str, mac: Mac, key: &SymmetricKey, data: &[u8]) -> Result<[u8; 8], Failure> {
    page.bytes("input", data, format!("{} bytes", data.len()));
    match (mac, key) {
        (Mac::Retail(padding), SymmetricKey::TripleDes(key)) => {
            page.bytes("padded", &padding.fill(data), padding_words(padding));
            let mut blocks = Vec::new();
            TripleDes::new(key).chain(padding, &[data], &mut |before, after| blocks.push((before, after)));
            for (number, (before, after)) in (1..).zip(blocks) {
                page.bytes(format!("block {number}"), &before, format!("DES → {}", Hex(&after)));
            }
        }
        (Mac::Triple(padding), SymmetricKey::TripleDes(key)) => {
            Tdea::from_bytes(key).into_iter().for_each(|key| show_triple(page, padding, &key, data));
        }
        (Mac::Cmac, SymmetricKey::Aes(key)) => {
            let whole = !data.is_empty() && data.len().is_multiple_of(16);
            let padded = if whole { data.to_vec() } else { crate::crypto::modes::pad_iso::<16>(data) };
            let how = if whole { "none: the last block is whole" } else { "80 and zeros: the last block is not whole" };
            page.bytes("padded", &padded, how);
            let mut blocks = Vec::new();
            key.cmac_chain(&[data], &mut |before, after| blocks.push((before, after)));
            let last = blocks.len();
            for (number, (before, after)) in (1..).zip(blocks) {
                let subkey = if whole { "K1" } else { "K2" };
                let note = if number == last { format!("subkey {subkey} added, ") } else { String::new() };
                // The input of the last block gives the subkey away.
                let hidden = number == last && !page.shows_keys();
                let before = if hidden { "*".repeat(32) } else { Hex(&before).to_string() };
                page.text(format!("block {number}"), before, format!("{note}AES → {}", Hex(&after)));
            }
        }
        _ => {}
    }
    let found = mac.compute(key, &[data]).ok_or_else(|| {
        Failure::usage("this MAC needs a key of the other cipher: --mac cmac is AES, the others triple DES")
    })?;
    let note = match mac {
        Mac::Retail(_) => "last block through DES⁻¹ with KR and DES with KL (ISO 9797-1 algorithm 3)",
        Mac::Triple(_) => TRIPLE,
        Mac::Cmac => "leftmost 8 bytes of AES CMAC",
    };
    page.bytes(name, &found, note);
    Ok(found)
}

const fn padding_words(padding: Padding) -> &'static str {
    match padding {
        Padding::Zero => "zeros (ISO 9797-1 method 1)",
        Padding::Iso => "80 and zeros (ISO 9797-1 method 2)",
    }
}
