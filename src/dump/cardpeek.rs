//! The trace file of cardpeek, which it replays itself: `C:command:SW:data`, one exchange a line, between `# cardpeek trace file` and
//! `# end`; lines `R:` are resets.

use super::{Dump, Exchange, Style, hexadecimal};

/// Reads a trace file.
pub(super) fn parse(text: &str) -> Option<Dump> {
    if !text.lines().next()?.starts_with("# cardpeek trace") {
        return None;
    }
    let (mut exchanges, mut problems) = (Vec::new(), Vec::new());
    for (line, text) in (1..).zip(text.lines()) {
        let Some(fields) = text.strip_prefix("C:") else { continue };
        match exchange(line, fields) {
            Some(exchange) => exchanges.push(exchange),
            None => problems.push((line, "wanted `C:command:SW:data`".to_owned())),
        }
    }
    (!exchanges.is_empty()).then_some(Dump { style: Style::Marked, masked: false, exchanges, problems })
}

fn exchange(line: usize, fields: &str) -> Option<Exchange> {
    let mut fields = fields.trim_end().splitn(3, ':');
    let command = hexadecimal(fields.next()?).ok()?;
    let status = hexadecimal(fields.next()?).ok().filter(|status| status.len() == 2)?;
    let data = match fields.next().unwrap_or_default() {
        "" => Vec::new(),
        data => hexadecimal(data).ok()?,
    };
    Some(Exchange { line, command: Some(command), response: Some([data, status].concat()) })
}
