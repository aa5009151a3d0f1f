//! What bytes are, when nobody says so.

use super::How;
use crate::{
    apdu::{CommandHeader, StatusWord},
    data::dictionary,
    dump,
    tlv::{self, Budget},
};

/// The rule of [`super::decode`].
pub fn guess(bytes: &[u8]) -> How {
    match () {
        () if is_known_command(bytes) => How::Apdu,
        () if is_status(bytes) => How::Apdu,
        // As data objects 9000 would be an empty 90.
        () if bytes.ends_with(&[0x90, 0x00]) && is_response(bytes) => How::Apdu,
        () if is_objects(bytes) => How::Tlv,
        () if is_list(bytes) => How::Dol,
        () if is_response(bytes) => How::Apdu,
        () => How::Tlv,
    }
}

/// Whether bytes can be read to their end.
pub fn is_whole(bytes: &[u8], how: Option<How>) -> bool {
    match how {
        None => {
            is_known_command(bytes) || is_objects(bytes) || is_list(bytes) || is_response(bytes) || is_status(bytes)
        }
        Some(How::Tlv) => is_objects(bytes),
        Some(How::Dol) => is_list(bytes),
        Some(How::Apdu) => is_known_command(bytes) || is_response(bytes),
        Some(How::Tag | How::Log) => false,
    }
}

/// Whether bytes are a command that cards of this field know.
pub fn is_known_command(bytes: &[u8]) -> bool {
    let known =
        CommandHeader::parse(bytes).is_some_and(|command| super::command::name(command.cla, command.ins).is_some());
    known && dump::is_command(bytes)
}

fn is_status(bytes: &[u8]) -> bool {
    matches!(*bytes, [sw1 @ (0x61..=0x6F | 0x90), sw2] if StatusWord(u16::from_be_bytes([sw1, sw2])).meaning().is_some())
}

fn is_objects(bytes: &[u8]) -> bool {
    let mut objects = tlv::walk(bytes, Budget::default()).peekable();
    objects.peek().is_some() && objects.all(|object| object.is_ok())
}

fn is_list(bytes: &[u8]) -> bool {
    let mut entries = tlv::dol_entries(bytes).peekable();
    let known = |entry: tlv::DolEntry| !dictionary::rows(entry.tag).is_empty();
    entries.peek().is_some() && entries.all(|entry| entry.is_ok_and(known))
}

fn is_response(bytes: &[u8]) -> bool {
    bytes.split_last_chunk::<2>().is_some_and(|(data, status)| is_status(status) && is_objects(data))
}
