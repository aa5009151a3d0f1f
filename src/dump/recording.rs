//! What emvtap writes itself: a recording (JSON Lines).

use serde_json::Value;

use super::{Dump, Message, Sender, Style, pair};

/// Reads a recording.
pub(super) fn parse(text: &str) -> Option<Dump> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    lines(text)
}

/// One event a line; only commands and responses count here.
fn lines(text: &str) -> Option<Dump> {
    let (mut messages, mut problems, mut masked) = (Vec::new(), Vec::new(), false);
    for (line, text) in (1..).zip(text.lines()) {
        if text.trim().is_empty() {
            continue;
        }
        let Ok(event) = serde_json::from_str::<Value>(text) else {
            problems.push((line, "no JSON".to_owned()));
            continue;
        };
        masked |= event.get("masked") == Some(&Value::Bool(true));
        let sender = match event.get("event").and_then(Value::as_str) {
            Some("command") => Sender::Terminal,
            Some("response") => Sender::Card,
            _ => continue,
        };
        match bytes(&event, "bytes") {
            Some(bytes) => messages.push(Message { line, sender, bytes }),
            None => problems.push((line, "`bytes` is no hex".to_owned())),
        }
    }
    (!messages.is_empty()).then(|| Dump { style: Style::Recording, masked, exchanges: pair(messages), problems })
}

fn bytes(object: &Value, name: &str) -> Option<Vec<u8>> {
    hex::decode(object.get(name)?.as_str()?).ok()
}
