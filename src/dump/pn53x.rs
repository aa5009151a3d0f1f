//! Readers with a chip of the PN53x family show APDUs inside its commands (NXP UM0701-02, 7.3.8 and 7.3.9): `D4 40 target APDU` and
//! `D5 41 status answer`, bare, in a frame of the serial line (libnfc), or in a pseudo APDU `FF 00 00 00` (ACR122U).

use super::{Exchange, Message, Sender, is_command, is_response, pair};

/// The exchanges with the card, if there are any in such commands; else all as they are.
pub(super) fn unwrap(exchanges: Vec<Exchange>) -> Vec<Exchange> {
    let mut inner = Vec::new();
    for Exchange { line, command, response } in &exchanges {
        let mut put = |sender, bytes: Option<&[u8]>| {
            inner.extend(bytes.map(|bytes| Message { line: *line, sender, bytes: bytes.to_vec() }));
        };
        put(Sender::Terminal, command.as_deref().and_then(to_card));
        put(Sender::Card, response.as_deref().and_then(from_card));
    }
    if inner.is_empty() { exchanges } else { pair(inner) }
}

/// InDataExchange or InCommunicateThru.
fn to_card(bytes: &[u8]) -> Option<&[u8]> {
    let bytes = match *bytes {
        [0xFF, 0x00, 0x00, 0x00, length, ref data @ ..] => data.get(..length.into())?,
        _ => frame(bytes),
    };
    match *bytes {
        [0xD4, 0x40, _, ref apdu @ ..] | [0xD4, 0x42, ref apdu @ ..] if is_command(apdu) => Some(apdu),
        _ => None,
    }
}

fn from_card(bytes: &[u8]) -> Option<&[u8]> {
    match *frame(bytes) {
        [0xD5, 0x41 | 0x43, 0x00, ref answer @ ..] => match *answer {
            // The reader's own status word behind the card's.
            [ref card @ .., 0x90, 0x00] if is_response(card) => Some(card),
            _ => is_response(answer).then_some(answer),
        },
        _ => None,
    }
}

/// What a frame carries: preamble, start code, length and its check byte before it, a check byte and a postamble behind it.
fn frame(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|byte| *byte == 0xFF);
    let inside = start.filter(|at| bytes.get(..*at).is_some_and(|before| before.iter().all(|byte| *byte == 0)));
    let rest = inside.and_then(|at| bytes.get(at + 1..));
    match rest {
        Some([length, check, data @ ..]) if length.wrapping_add(*check) == 0 => {
            data.get(..usize::from(*length)).unwrap_or(bytes)
        }
        _ => bytes,
    }
}
