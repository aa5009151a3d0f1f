//! Where a replay differs from its recording, in words.

use super::{Mask, gist};
use crate::{
    bytes::Hex,
    data::dictionary,
    link::{Difference, ObjectDifference, Replay},
};

/// `command 3: GET PROCESSING OPTIONS with another Unpredictable Number (9F37): 11223344 then, 55667788 now`.
pub fn difference(difference: &Difference, mask: &Mask) -> String {
    let Difference { number, found, recorded, objects, passed_over, accepted } = difference;
    let name = |command: &[u8]| gist::step(name(command), command);
    if recorded.is_empty() {
        return format!("command {number}: the recording has no answer to {}; it has no more commands", name(found));
    }
    let mut text = format!("command {number}: ");
    if *passed_over > 0 {
        let count = gist::counted(*passed_over, "recorded command");
        text.push_str(&format!("{count} passed over on the way to {}", name(found)));
        if recorded == found {
            return text;
        }
        text.push_str("; ");
    }
    let known: Vec<String> = objects.iter().map(|object| changed(object, mask)).collect();
    match (name(recorded) == name(found), known.is_empty()) {
        (true, false) => text.push_str(&format!("{} with other values", name(found))),
        (true, true) => text.push_str(&format!("{} with other bytes", name(found))),
        (false, _) => text.push_str(&format!("expected {}, got {}", name(recorded), name(found))),
    }
    for line in &known {
        text.push_str(&format!("\n  {line}"));
    }
    if known.is_empty() {
        text.push_str(&format!("\n  then {}\n  now  {}", Hex(&mask.bytes(recorded)), Hex(&mask.bytes(found))));
    }
    if *accepted {
        text.push_str(
            "\n  the recorded answer was given all the same; what the card computed is about the values then",
        );
    } else {
        text.push_str("\n  the recording ends here: what the card would have answered is unknown");
    }
    text
}

/// `the recording goes on with 2 commands that were not sent: READ RECORD 2.1, READ RECORD 2.2`.
pub fn unsent(replay: &Replay, _mask: &Mask) -> String {
    let names: Vec<String> = replay.unsent().map(|command| gist::step(name(command), command)).collect();
    let count = gist::counted(names.len(), "command");
    format!("the recording goes on with {count} nobody sent now: {}", names.join(", "))
}

fn changed(object: &ObjectDifference, mask: &Mask) -> String {
    let name = dictionary::rows(object.tag).first().map_or("", |row| row.name);
    let value = |value: &[u8]| Hex(&mask.object(object.tag, value)).to_string();
    format!("{} {name}: {} then, {} now", object.tag, value(&object.recorded), value(&object.found))
}

/// The name of a command by its instruction.
pub fn name(command: &[u8]) -> &'static str {
    match command.get(1) {
        Some(0xA4) if command.get(5..).is_some_and(|data| data.starts_with(b"2PAY.SYS.DDF01")) => "SELECT PPSE",
        Some(0xA4) => "SELECT",
        Some(0xA8) => "GET PROCESSING OPTIONS",
        Some(0xAE) => "GENERATE AC",
        Some(0xB2) => "READ RECORD",
        Some(0x88) => "INTERNAL AUTHENTICATE",
        Some(0x82) => "EXTERNAL AUTHENTICATE",
        Some(0xCA) => "GET DATA",
        Some(0x2A) => "COMPUTE CRYPTOGRAPHIC CHECKSUM",
        Some(0xC0) => "GET RESPONSE",
        Some(0x84) => "GET CHALLENGE",
        Some(0x20) => "VERIFY",
        Some(0xEA) => "EXCHANGE RELAY RESISTANCE DATA",
        _ => "command",
    }
}
