//! What commands mean, to find the recorded one that another means.

use crate::{
    apdu::CommandHeader,
    data::dictionary::{CDOL1_8C, DDOL_9F49, DF_NAME_84, PDOL_9F38},
    tlv::{self, Budget, Tag},
};

/// The same instruction for the same object: equal headers, and equal data unless they are values of the terminal.
pub(super) fn means_the_same(recorded: &[u8], found: &[u8]) -> bool {
    let (Some(recorded), Some(found)) = (CommandHeader::parse(recorded), CommandHeader::parse(found)) else {
        return false;
    };
    let header = |command: &CommandHeader<'_>| (command.cla, command.ins, command.p1, command.p2);
    let from_terminal = matches!(
        recorded.ins,
        GPO | GENERATE_AC | INTERNAL_AUTHENTICATE | COMPUTE_CHECKSUM | EXTERNAL | RELAY_RESISTANCE | RECOVER_AC
    );
    header(&recorded) == header(&found) && (from_terminal || recorded.data == found.data)
}

/// Whether a command only reads what does not change during a transaction: records and data objects.
pub(super) fn only_reads(command: &[u8]) -> bool {
    matches!(command.get(1), Some(0xB2 | 0xCA))
}

/// Whether a command selects.
pub(super) fn selects(command: &[u8]) -> bool {
    command.get(1) == Some(&SELECT)
}

const SELECT: u8 = 0xA4;
const GPO: u8 = 0xA8;
const GENERATE_AC: u8 = 0xAE;
const INTERNAL_AUTHENTICATE: u8 = 0x88;
const COMPUTE_CHECKSUM: u8 = 0x2A;
const EXTERNAL: u8 = 0x82;
const RELAY_RESISTANCE: u8 = 0xEA;
const RECOVER_AC: u8 = 0xD0;

/// The list that a command answers, and its values in a row.
pub(super) fn answered_list(command: &[u8]) -> Option<(Tag, &[u8])> {
    let command = CommandHeader::parse(command)?;
    match command.ins {
        GPO => Some((PDOL_9F38, tlv::objects(command.data).next()?.ok()?.value)),
        GENERATE_AC => Some((CDOL1_8C, command.data)),
        INTERNAL_AUTHENTICATE => Some((DDOL_9F49, command.data)),
        _ => None,
    }
}

/// Whether a command begins a transaction.
pub(super) fn begins(command: &[u8]) -> bool {
    command.get(1) == Some(&GPO)
}

/// The data field of a command.
pub(super) fn data(command: &[u8]) -> Option<&[u8]> {
    CommandHeader::parse(command).map(|command| command.data)
}

/// Whether a command asks for the contactless directory (Book B, 3.3.2.2).
pub(super) fn is_directory(command: &[u8]) -> bool {
    selects(command) && data(command).is_some_and(|name| name.starts_with(b"2PAY.SYS."))
}

/// The application that a SELECT by name got: its name in the answer, which may be longer than what was asked for (Book 1,
/// 12.3.1); `None` for directories and files.
pub(super) fn name(command: &[u8], response: &[u8]) -> Option<Vec<u8>> {
    let header = CommandHeader::parse(command)?;
    let (answer, [0x90, 0x00]) = response.split_last_chunk::<2>()? else { return None };
    if header.ins != SELECT
        || header.p1 != 0x04
        || header.data.get(1..).is_some_and(|name| name.starts_with(b"PAY.SYS."))
    {
        return None;
    }
    let objects = tlv::walk(answer, Budget::default()).map_while(Result::ok).map(|(_, object)| object);
    let mut names = objects.filter(|object| object.tag == DF_NAME_84).map(|name| name.value);
    let full = names.next().filter(|name| name.starts_with(header.data));
    Some(full.unwrap_or(header.data).to_vec())
}
