//! The first line of a narration and the last.

use super::{words, *};
use crate::kernel::outcome::OutcomeResult;

/// How a transaction ended.
#[derive(Clone, Copy, Debug)]
pub struct Ending<'a> {
    /// The Outcome; `None` if there is none.
    pub outcome: Option<&'a Outcome>,
    /// The final word after the host: `approved`, `declined`, `none`.
    pub disposition: &'a str,
    /// Why there is no Outcome.
    pub stopped: Option<&'a str>,
    /// How long it took.
    pub elapsed: Micros,
    /// The command that runs it again.
    pub again: &'a str,
}

impl Ending<'_> {
    /// `ONLINE REQUEST → APPROVED   no CVM · 5 commands · 1.3 ms          why: …`
    pub(super) fn line(&self, columns: Columns, detail: Detail, commands: usize) -> String {
        let (plain, painted) = self.result(columns.paint);
        let accepted =
            |outcome: &&Outcome| matches!(outcome.result, OutcomeResult::Approved | OutcomeResult::OnlineRequest);
        let cvm = self.outcome.filter(accepted).and_then(|outcome| words::cvm(outcome.cvm));
        let interface = self.outcome.and_then(|outcome| outcome.alternate_interface);
        let interface = interface.map(|interface| format!("use the {}", interface.name()));
        let stopped = self.stopped.map(str::to_owned);
        let figures = [gist::counted(commands, "command"), format!("{} ms", words::milliseconds(self.elapsed))];
        let facts: Vec<String> = [stopped, cvm, interface].into_iter().flatten().chain(figures).collect();
        let facts = facts.join(" · ");
        let again = match detail {
            Detail::Ending => String::new(),
            Detail::Steps => format!("why: {} -v", self.again),
            Detail::Rules => format!("bytes: {} -vv", self.again),
            Detail::Bytes | Detail::Everything => format!("again: {}", self.again),
        };
        let used = 1 + plain.chars().count() + 3 + facts.chars().count();
        let wanted = again.chars().count();
        let left = format!(" {painted}   {facts}");
        let again_painted = columns.paint.quiet(&again);
        match columns.width().checked_sub(used + wanted) {
            _ if again.is_empty() => format!("{left}\n"),
            Some(gap) if gap >= 3 => format!("{left}{}{again_painted}\n", " ".repeat(gap)),
            // A command has to stay one piece: people copy it.
            _ => format!("{left}\n {again_painted}\n"),
        }
    }

    /// `ONLINE REQUEST → APPROVED`, plain to be measured and painted to be shown.
    fn result(&self, paint: Paint) -> (String, String) {
        let Some(outcome) = self.outcome else {
            return ("STOPPED".to_owned(), paint.bad("STOPPED"));
        };
        let result = outcome.result.name().to_uppercase().replace('-', " ");
        let last = self.disposition.to_uppercase();
        let plain = if self.disposition == "none" || last == result { result } else { format!("{result} → {last}") };
        let painted = match self.disposition {
            "approved" => paint.good(&plain),
            "declined" => paint.bad(&plain),
            _ => paint.notable(&plain),
        };
        (plain, painted)
    }
}

/// ` emvtap pay 12.50   card visa-credit   terminal retail-attended   seed 7`, and an empty line.
pub(super) fn headline(columns: Columns, command: &str, parts: &[(&str, &str)]) -> String {
    let mut text = format!(" {}", columns.paint.strong(command));
    let mut used = 1 + command.chars().count();
    for (label, value) in parts {
        let wanted = 3 + label.chars().count() + 1 + value.chars().count();
        if used + wanted > columns.width() {
            text.push('\n');
            used = 0;
        }
        text.push_str(&format!("   {} {value}", columns.paint.quiet(label)));
        used += wanted;
    }
    text.push_str("\n\n");
    text
}
