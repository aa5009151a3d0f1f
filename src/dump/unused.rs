//! Hex in a log of which nothing was made.

use super::{
    Dump, Exchange, Style, dress, fields,
    find::{Found, find},
    hexadecimal,
    marked::fits,
};

/// Fewer bytes than this are words, numbers and times.
const BYTES_MIN: usize = 4;

/// More bytes than this do not stand in another message by chance.
const RUN_MAX: usize = 8;

/// Tells every line that has a run of hex which no message near it has.
pub(super) fn tell(text: &str, dump: &mut Dump) {
    // How many exchanges begin above a line, or on it.
    let mut above = 0;
    for (line, text) in (1..).zip(text.lines()) {
        while dump.exchanges.get(above).is_some_and(|exchange| exchange.line <= line) {
            above += 1;
        }
        let told = || dump.problems.iter().any(|(known, _)| *known == line);
        if is_known(text) || is_read(dump.style, text) || told() {
            continue;
        }
        let near = dump.exchanges.get(above.saturating_sub(2)..).unwrap_or_default();
        let near: Vec<&Exchange> = near.iter().take(3).collect();
        // Where lines are nothing but messages, a few bytes inside another message are a message of their own.
        let is_alone = dump.style == Style::Plain && hexadecimal(text).is_ok();
        if runs(text)
            .iter()
            .any(|run| !near.iter().any(|exchange| if is_alone { is(exchange, run) } else { has(exchange, run) }))
        {
            let why = "hex that is neither a command nor a response here: nothing is made of it";
            dump.problems.push((line, why.to_owned()));
        }
    }
    dump.problems.sort_by_key(|(line, _)| *line);
}

/// Whether a line has a mark, and its bytes behind it: they are in other clothes than those that are looked for here.
fn is_read(style: Style, text: &str) -> bool {
    let marked = || matches!(find(text), Some(Found::Bytes { bytes, is_sure, .. }) if is_sure || fits(&bytes));
    style == Style::Marked && (fields::line(text).is_some() || marked())
}

/// Whether a run is a message, or the data of one.
fn is(exchange: &Exchange, run: &[u8]) -> bool {
    let (command, response) =
        (exchange.command.as_deref().unwrap_or_default(), exchange.response.as_deref().unwrap_or_default());
    let begins = [command, response].concat().starts_with(run) || response.starts_with(run);
    begins || has(exchange, run) && run.len() > RUN_MAX
}

/// A command and its response may stand on one line.
fn has(exchange: &Exchange, run: &[u8]) -> bool {
    let both = [exchange.command.as_deref().unwrap_or_default(), exchange.response.as_deref().unwrap_or_default()];
    both.concat().windows(run.len()).any(|it| it == run)
}

/// Lines whose hex is known to be something else: answers to reset, OpenSC's addresses, bytes blotted out, a driver's messages.
fn is_known(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    let is_reset = ["ATR", "RSET", "RESET", "R:", "ATS", "UID"].iter().any(|word| upper.contains(word));
    let ccid = ["-> ", "<- "].iter().filter_map(|arrow| text.split_once(arrow)).any(|(_, rest)| dress::is_ccid(rest));
    is_reset || upper.contains("CLA:") && upper.contains("INS:") || dress::is_blotted(text) || ccid
}

/// Runs of hex in a line: all of it, digits together, or pairs with the same sign between.
fn runs(text: &str) -> Vec<Vec<u8>> {
    let text = text.trim();
    let whole = behind_place(text).unwrap_or(text);
    if let Ok(bytes) = hexadecimal(whole).map_err(|_| ()) {
        return if bytes.len() >= BYTES_MIN && !is_time(whole) { vec![bytes] } else { Vec::new() };
    }
    let mut runs: Vec<Vec<u8>> = Vec::new();
    let mut pairs: Vec<u8> = Vec::new();
    for word in whole.split([' ', '\t', ',', ';', '|', '"', '\'', '`', '(', ')', '[', ']', '{', '}', '<', '>', '=']) {
        let digits = word.strip_prefix("0x").unwrap_or(word).trim_end_matches([':', '.']);
        let together =
            (digits.len() >= 2 * BYTES_MIN).then(|| hex::decode(digits.replace([':', '-'], "")).ok()).flatten();
        match hex::decode(digits) {
            Ok(byte) if digits.len() == 2 && !word.ends_with(':') => pairs.extend(byte),
            _ if word.is_empty() => {}
            _ => {
                runs.push(core::mem::take(&mut pairs));
                runs.extend(together.filter(|_| is_telling(word)));
            }
        }
    }
    runs.push(pairs);
    runs.retain(|run| run.len() >= BYTES_MIN);
    runs
}

/// `0010  6F 1A …`: what is behind the place of a row in a dump.
fn behind_place(text: &str) -> Option<&str> {
    let (place, rest) = text.split_once([':', ' ', '\t'])?;
    let is_place = (4..=8).contains(&place.len()) && usize::from_str_radix(place, 16).is_ok_and(|at| at % 16 == 0);
    (is_place && text.contains(' ')).then_some(rest.trim())
}

/// Times, addresses of interfaces and numbers of processes are no bytes of a card.
fn is_time(text: &str) -> bool {
    text.contains(['-', ':', '.']) && !is_telling(text)
}

/// Digits together that are no number, address, time, UUID or word: letters and digits, and pairs if there are signs between.
fn is_telling(word: &str) -> bool {
    let has = |is: fn(&char) -> bool| word.chars().any(|c| is(&c));
    let signs = word.chars().filter(|c| matches!(c, ':' | '-')).count();
    let pairs = signs == 0 || signs > 6 && word.split([':', '-']).all(|pair| pair.len() == 2);
    let is_address = word.starts_with("0x") && word.len() <= 18;
    pairs && !is_address && has(char::is_ascii_digit) && has(|c| c.is_ascii_alphabetic())
}
