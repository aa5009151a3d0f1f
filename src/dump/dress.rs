//! Bytes as logs write them behind a mark, up to the end of the line or a remark.

use super::{hexadecimal, is_command, is_response, status};

/// The bytes at the beginning of a text: digits together or in pairs, with `0x`, blanks, `,` `:` or `-` between; a list of signed
/// numbers of Java; `<00a40400 07>` of Apple's systems. pyscard writes an empty list for no data, and a status word like `90 0`.
pub(super) fn bytes(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_start();
    let text = text.strip_prefix("[]").unwrap_or(text);
    if let Some(numbers) = numbers(text) {
        return Some(numbers);
    }
    if let Some((inside, _)) = text.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
        let inside = inside.strip_prefix("Buffer ").unwrap_or(inside);
        return bytes(inside).filter(|bytes| bytes.len() >= 4);
    }
    // `90 00 : Normal processing.`
    let text = text.split_once(" : ").map_or(text, |(before, _)| before);
    let (digits, rest) = run(text)?;
    if !is_end(rest) {
        return None;
    }
    of_digits(digits)
}

fn of_digits(digits: &str) -> Option<Vec<u8>> {
    let words = || {
        let words = digits.split([' ', '\t', ',', ':', '-']).map(|word| word.trim_start_matches("0x"));
        words.filter(|word| !word.is_empty())
    };
    // Dates, times and UUIDs have such signs between groups of other lengths.
    if digits.contains([':', '-']) && words().any(|word| word.len() != 2) {
        return None;
    }
    // `dead beef` is English; commands and answers have digits.
    if !digits.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let many = words().nth(1).is_some();
    let mut bytes = Vec::new();
    for word in words() {
        match word.len() {
            1 if many => bytes.push(u8::from_str_radix(word, 16).ok()?),
            _ => bytes.extend(hex::decode(word).ok()?),
        }
    }
    // An address of an interface.
    let is_address = bytes.len() == 6 && digits.contains([':', '-']) && !is_command(&bytes) && !is_response(&bytes);
    (bytes.len() >= 2 && !is_address).then_some(bytes)
}

/// `6F1A… SW=9000`, `6F1A… [SW1: 90, SW2: 00]`, `6F1A… [90 00]`: data and behind them a status word with its name or in brackets.
pub(super) fn with_status(text: &str) -> Option<Vec<u8>> {
    let (digits, rest) = run(text)?;
    let data = of_digits(digits).filter(|data| status::is_missing(data))?;
    let bracket = || {
        let (inside, _) = rest.strip_prefix(['[', '('])?.split_once([']', ')'])?;
        of_digits(inside).filter(|status| status.len() == 2 && is_response(status))
    };
    let status = status::named(rest).map(Vec::from).or_else(bracket)?;
    Some([data, status].concat())
}

/// `[0, -92, 4, 0]`: what Java prints of bytes; hex digits would all stand in pairs.
fn numbers(text: &str) -> Option<Vec<u8>> {
    let (inside, _) = text.strip_prefix(['[', '{'])?.split_once([']', '}'])?;
    let words = || inside.split(',').map(str::trim);
    if words().all(|word| word.len() == 2 && !word.starts_with('-')) {
        return None;
    }
    let byte =
        |word: &str| word.parse::<i16>().ok().and_then(|it| u8::try_from(if it < 0 { it + 256 } else { it }).ok());
    words().map(byte).collect::<Option<Vec<u8>>>().filter(|bytes| bytes.len() >= 2)
}

/// The longest run of what bytes are written with, and what is behind it.
fn run(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || "[{(\"'`".contains(c));
    let body = |c: char| c.is_ascii_hexdigit() || matches!(c, ' ' | '\t' | ',' | ':' | '-' | 'x');
    let end = text.find(|c| !body(c)).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    digits.starts_with(|c: char| c.is_ascii_hexdigit()).then_some((digits, rest))
}

/// Whether bytes end here: the line does, or a remark begins.
fn is_end(rest: &str) -> bool {
    let rest = rest.trim_start();
    match rest.strip_prefix('.') {
        // 2023.03.29
        Some(more) => !more.starts_with(|c: char| c.is_ascii_digit()),
        None => rest.is_empty() || rest.starts_with(|c| "([|#;\"'`/])}<>".contains(c)),
    }
}

/// Why what begins like bytes is none.
pub(super) fn broken(text: &str) -> Option<&'static str> {
    let (digits, rest) = run(text)?;
    let rest = rest.trim_start();
    let dots = ["...", "(...", "[...", "…", "(…"];
    if digits.len() >= 8 && dots.iter().any(|dots| rest.starts_with(dots)) {
        return Some("the bytes are cut short: `...` stands for some of them");
    }
    if digits.len() >= 8 && is_blotted(text) {
        return Some("some of the bytes are blotted out: `XX` stands for them");
    }
    None
}

/// Whether a pair of signs stands for a byte that nobody shall see.
pub(super) fn is_blotted(text: &str) -> bool {
    text.split_whitespace().any(|word| matches!(word, "XX" | "xx" | "??" | "**"))
}

/// Whether somebody wanted to write bytes: hex to begin with, and nothing but hex digits and blanks for a while.
pub(super) fn looks_like_bytes(text: &str) -> bool {
    let mut digits = 0;
    for c in text.trim_start().chars().take(16) {
        match c {
            _ if c.is_ascii_hexdigit() => digits += 1,
            _ if c.is_whitespace() => {}
            _ => break,
        }
    }
    digits >= 8
}

/// What the CCID driver of pcscd writes beside `APDU:` and `SW:` (`LIBCCID_ifdLogLevel`): the number of the reader in six
/// digits, and a message of CCID 1.1, 6, which has ten bytes before what it carries.
pub(super) fn is_ccid(text: &str) -> bool {
    // Word by word: a line may be long, and every mark in it asks again.
    let hex = |word: &str, length| word.len() == length && word.bytes().all(|c| c.is_ascii_hexdigit());
    let mut words = text.split_whitespace();
    let is_reader = words.next().is_some_and(|reader| hex(reader, 6));
    let kind = words.next().filter(|_| is_reader).and_then(|kind| u8::from_str_radix(kind, 16).ok());
    if !matches!(kind, Some(0x61..=0x73 | 0x80..=0x84)) {
        return false;
    }
    let (is_hex, count) = words.fold((true, 0), |(all, count), word| (all && hex(word, 2), count + 1));
    is_hex && count >= 9
}

/// The bytes of a line that goes on with those of the lines above, of which `before` came since their head: `0010  6F 1A … |o.|`
/// with the place in front, or pairs with their characters behind.
pub(super) fn row(text: &str, before: usize) -> Option<Vec<u8>> {
    let text = text.trim().trim_end_matches(['}', ';', ',', ')', ']']);
    if text.contains("--") {
        return None;
    }
    let placed = text.split_once([':', ' ', '\t']).and_then(|(place, rest)| {
        let is_place = (4..=8).contains(&place.len()) && usize::from_str_radix(place, 16) == Ok(before);
        is_place.then(|| pairs(rest.trim_start_matches([':', ' ', '\t'])))?
    });
    placed
        .or_else(|| text.split_once("  ").and_then(|(row, _)| pairs(row)))
        .or_else(|| hexadecimal(text).ok())
        .or_else(|| pairs(text))
}

/// Pairs of digits, sixteen at most, and behind them as many characters or nothing.
fn pairs(text: &str) -> Option<Vec<u8>> {
    const WIDTH: usize = 16;
    let words = text.split([' ', '\t']).filter(|word| !word.is_empty());
    let bytes: Vec<u8> = words
        .take_while(|word| word.len() == 2)
        .map_while(|word| u8::from_str_radix(word, 16).ok())
        .take(WIDTH)
        .collect();
    (!bytes.is_empty()).then_some(bytes)
}
