//! The command line that runs a transaction again: what differs from the built-in choices, and nothing about output.

use super::args::{CARD, HOST, Kind, Matching, Pay, Replay, SEED, TERMINAL};
use crate::bytes::Hex;

/// The command for a person to copy.
pub fn command(pay: &Pay) -> String {
    let mut words = vec!["emvtap".to_owned(), "pay".to_owned(), quoted(&pay.amount)];
    let mut flag = |name: &str, value: &str| words.extend([name.to_owned(), quoted(value)]);
    if let Some(currency) = pay.currency {
        flag("--currency", currency.code());
    }
    if pay.kind != Kind::Purchase {
        flag("--type", pay.kind.name());
    }
    if let Some(other) = &pay.other {
        flag("--other", other);
    }
    if let Some(file) = &pay.replay {
        flag("--replay", &file.display().to_string());
    }
    for (name, value, known) in [("--card", &pay.card, CARD), ("--terminal", &pay.terminal, TERMINAL)] {
        if value != known {
            flag(name, value);
        }
    }
    if let Some(host) = pay.host.as_ref().filter(|host| pay.reader.is_wanted() || *host != HOST) {
        flag("--host", host);
    }
    for fault in &pay.fault {
        flag("--fault", fault);
    }
    for over in &pay.set {
        flag("--set", &format!("{}={}", over.tag, Hex(&over.value)));
    }
    if let Some(seed) = pay.seed.filter(|seed| pay.reader.is_wanted() || *seed != SEED) {
        flag("--seed", &seed.to_string());
    }
    if let Some(clock) = pay.clock {
        flag("--clock", &format!("{clock}Z"));
    }
    if let Some(log) = &pay.kept.torn_log {
        flag("--torn-log", &log.display().to_string());
    }
    if pay.live {
        words.push("--live".to_owned());
    }
    if let Some(reader) = &pay.reader.reader {
        words.push("--reader".to_owned());
        words.extend((!reader.is_empty()).then(|| quoted(reader)));
    }
    words.join(" ")
}

/// The command that runs a recording again: `base` is `emvtap replay FILE`.
pub fn replayed(base: &str, replay: &Replay) -> String {
    let mut words = vec![base.to_owned()];
    if let Some(terminal) = &replay.terminal {
        words.push(format!("--terminal {}", quoted(terminal)));
    }
    for over in &replay.set {
        words.push(format!("--set {}={}", over.tag, Hex(&over.value)));
    }
    match replay.matching {
        Some(Matching::Strict) => words.push("--match strict".to_owned()),
        Some(Matching::Meaning) => words.push("--match meaning".to_owned()),
        None => {}
    }
    words.join(" ")
}

/// Safe to paste into a shell.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._/=:,+-@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::args::{Command, Verb};

    fn again(line: &str) -> String {
        let Verb::Pay(pay) = Command::try_parse_from(line.split(' ')).unwrap().verb else { panic!("{line}") };
        command(&pay)
    }

    #[test]
    fn only_what_differs_from_the_built_in_choices() {
        assert_eq!(again("emvtap pay 12.50 -vv --format json --color always"), "emvtap pay 12.50");
        let line = "emvtap pay 12.50 --currency GBP --type cashback --other 2 --card my.toml --host decline --fault tear-gpo \
                    --set 9F66=36004000 --seed 7 --clock 2026-01-02T03:04:05Z";
        assert_eq!(again(line), line);
        assert_eq!(again("emvtap pay 1 --live -q"), "emvtap pay 1 --live");
        assert_eq!(again("emvtap pay 1 --reader --host sim"), "emvtap pay 1 --host sim --reader");
        assert_eq!(again("emvtap pay 1 --seed 1 --reader 2"), "emvtap pay 1 --seed 1 --reader 2");
    }

    #[test]
    fn odd_names_survive_a_shell() {
        assert_eq!(quoted("it's here.toml"), "'it'\\''s here.toml'");
        assert_eq!(quoted(""), "''");
    }
}
