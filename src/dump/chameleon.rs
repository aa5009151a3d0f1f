//! What `chamlog` prints of a ChameleonMini: `00123 ms <   +45 ms>:CODEC RX …  [0200a404…]`, one frame a line.

use super::{Dump, Message, Sender, Style, frames, hexadecimal};

/// Reads lines of frames.
pub(super) fn parse(text: &str) -> Option<Dump> {
    let lines = (1..).zip(text.lines()).filter(|(_, text)| text.contains(" ms>:CODEC "));
    let frames: Vec<Message> = lines.filter_map(|(line, text)| frame(line, text)).collect();
    frames::put_together(frames, Style::Frames)
}

/// The emulated card receives what the reader sends; a sniffer names who was heard.
fn frame(line: usize, text: &str) -> Option<Message> {
    let (_, rest) = text.split_once(":CODEC ")?;
    let (event, data) = rest.split_once('[')?;
    let sender = if event.contains("CARD") || event.starts_with("TX") { Sender::Card } else { Sender::Terminal };
    let bytes = hexadecimal(data.split_once(']')?.0).ok()?;
    Some(Message { line, sender, bytes })
}
