//! Readers with a chip of the PN53x family show APDUs inside its commands (NXP UM0701-02, 7.3.8 and 7.3.9): `D4 40 target APDU` and
//! `D5 41 status answer`, bare, in a frame of the serial line (libnfc), or in a pseudo APDU `FF 00 00 00` (ACR122U).

use super::{Exchange, Message, Sender, is_command, is_response, pair, status};

/// The exchanges with the card, if there are any in such commands; else all as they are.
pub(super) fn unwrap(exchanges: Vec<Exchange>) -> Vec<Exchange> {
    let mut inner = Vec::new();
    // Whether the last command came in a pseudo APDU: then the reader puts a status word of its own behind the answer.
    let mut is_pseudo = false;
    for Exchange { line, command, response } in &exchanges {
        let mut put = |sender, bytes: Option<&[u8]>| {
            inner.extend(bytes.map(|bytes| Message { line: *line, sender, bytes: bytes.to_vec() }));
        };
        if let Some(command) = command {
            is_pseudo = command.starts_with(&PSEUDO);
            let answered = response.as_deref().is_some_and(|answer| answer.starts_with(&[0xD5, 0x41]));
            put(Sender::Terminal, to_card(command).or_else(|| without_identifier(command).filter(|_| answered)));
        }
        put(Sender::Card, response.as_deref().and_then(|response| from_card(response, is_pseudo)));
    }
    if inner.is_empty() { exchanges } else { pair(inner) }
}

/// Class, instruction and parameters of "direct transmit" (ACR122U API 2.04, 4.1).
const PSEUDO: [u8; 4] = [0xFF, 0x00, 0x00, 0x00];

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

/// InDataExchange as libraries print it that add the frame identifier D4 later; only its answer tells it from other commands.
fn without_identifier(bytes: &[u8]) -> Option<&[u8]> {
    match *bytes {
        [0x40, _, ref apdu @ ..] if is_command(apdu) => Some(apdu),
        _ => None,
    }
}

fn from_card(bytes: &[u8], is_pseudo: bool) -> Option<&[u8]> {
    match *frame(bytes) {
        [0xD5, 0x41 | 0x43, 0x00, ref answer @ ..] => match *answer {
            [ref card @ .., 0x90, 0x00] if is_pseudo && is_response(card) && !status::is_object(card) => Some(card),
            _ => (is_response(answer) || status::is_object(answer)).then_some(answer),
        },
        _ => None,
    }
}

/// What a frame carries: preamble, start code, length and its check byte before it, a check byte and a postamble behind it. In an
/// extended frame `FF FF` announces a length of two bytes (UM0701-02, 6.2.1.2).
fn frame(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|byte| *byte == 0xFF);
    let inside = start.filter(|at| bytes.get(..*at).is_some_and(|before| before.iter().all(|byte| *byte == 0)));
    let rest = inside.and_then(|at| bytes.get(at + 1..));
    let data = match rest {
        Some([0xFF, 0xFF, high, low, check, data @ ..]) if high.wrapping_add(*low).wrapping_add(*check) == 0 => {
            data.get(..usize::from(u16::from_be_bytes([*high, *low])))
        }
        Some([length, check, data @ ..]) if length.wrapping_add(*check) == 0 => data.get(..usize::from(*length)),
        _ => None,
    };
    data.unwrap_or(bytes)
}
