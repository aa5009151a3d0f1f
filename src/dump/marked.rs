//! Lines with a mark of their direction: `> 00 A4 …`, `C-APDU: 00A4…`, `--> …`, `APDU: …` and `SW: …` of pcscd, `<  [] 6A 82` of
//! pyscard, `[+] >>> …` of proxmark3, with a time and a level or whatever else in front.

use nom::{
    IResult, Parser,
    branch::alt,
    bytes::complete::{tag, tag_no_case, take_until, take_while, take_while1},
    character::complete::{char, space0},
    combinator::{opt, peek, recognize, value, verify},
    multi::many0,
    sequence::preceded,
};

use super::{Dump, Message, Sender, Style, hexadecimal, is_command, is_response, pair, status};

/// Reads a log whose lines have marks.
pub(super) fn parse(text: &str) -> Option<Dump> {
    let (mut messages, mut problems): (Vec<Message>, Vec<(usize, String)>) = (Vec::new(), Vec::new());
    // How many bytes the line before has, if it may go on.
    let mut row = None;
    for (line, text) in (1..).zip(text.lines()) {
        match find(text) {
            Some(Found::Bytes(sender, bytes)) => {
                row = Some(bytes.len());
                messages.push(Message { line, sender, bytes });
            }
            Some(Found::Broken(why)) => problems.push((line, why)),
            None if text.trim().is_empty() => {}
            None => row = messages.last_mut().zip(row).and_then(|(last, row)| go_on(text, last, row)),
        }
    }
    if messages.is_empty() {
        return None;
    }
    turn(&mut messages);
    Some(Dump { style: Style::Marked, masked: false, exchanges: pair(status::join(messages)), problems })
}

/// How many bytes `scriptor` writes on a line; it wraps what is longer. Others write two or four times as many.
const WRAP: usize = 16;
const WRAP_MAX: usize = 4 * WRAP;

/// Bytes alone on the next line go on with a message that has no end yet, or may have been wrapped after `row` bytes; so does a
/// status word with its name. Gives how many bytes the line has; any other line ends the message.
fn go_on(text: &str, last: &mut Message, row: usize) -> Option<usize> {
    if let Some(status) = status::named(text).filter(|_| last.sender == Sender::Card && status::is_missing(&last.bytes))
    {
        last.bytes.extend(status);
        return None;
    }
    if text.contains("--") || text.contains(['<', '>', '=']) {
        return None;
    }
    let more = hexadecimal(text.split_once(" : ").map_or(text, |(before, _)| before)).ok()?;
    let has_end = match last.sender {
        Sender::Terminal => is_command(&last.bytes),
        Sender::Card if status::is_object(&last.bytes) => more.len() != 2 || !is_response(&more),
        Sender::Card => is_response(&last.bytes),
    };
    let is_wrapped = row.is_multiple_of(WRAP) && row <= WRAP_MAX;
    (!has_end || is_wrapped).then(|| {
        last.bytes.extend(&more);
        more.len()
    })
}

/// What stands behind a mark.
enum Found {
    Bytes(Sender, Vec<u8>),
    Broken(String),
}

/// The first mark in a line that bytes follow up to its end, or up to a remark. A mark at the beginning of a word counts.
fn find(line: &str) -> Option<Found> {
    let mut broken = None;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        let begins = !before.is_alphanumeric() && before != '-' && before != c;
        before = c;
        if !begins || !"<>-=cCrRsStTaA".contains(c) {
            continue;
        }
        let Some(Ok((rest, (sender, is_word)))) = line.get(at..).map(mark) else { continue };
        if is_ccid(rest) {
            return None;
        }
        if is_cut_short(rest) {
            return Some(Found::Broken("the bytes are cut short: `...` stands for some of them".to_owned()));
        }
        match bytes(rest).or_else(|| with_status(rest).filter(|_| sender == Sender::Card)) {
            Some(bytes) => return Some(Found::Bytes(sender, bytes)),
            None if is_word && looks_like_bytes(rest) => {
                broken.get_or_insert(Found::Broken("no whole bytes of hex behind the mark".to_owned()));
            }
            None => {}
        }
    }
    broken
}

/// A mark and whether it is a word.
fn mark(text: &str) -> IResult<&str, (Sender, bool)> {
    let terminal = alt((
        tag_no_case("C-APDU"),
        tag_no_case("CAPDU"),
        tag_no_case("command apdu"),
        tag_no_case("apdu command"),
        tag_no_case("command"),
        tag_no_case("cmd"),
        tag_no_case("request"),
        tag_no_case("req"),
        tag_no_case("sending"),
        tag_no_case("send"),
        tag_no_case("sent"),
        tag_no_case("transmit"),
        tag_no_case("apdu out"),
        tag_no_case("tx"),
        tag("APDU"),
        tag("C"),
    ));
    let card = alt((
        tag_no_case("R-APDU"),
        tag_no_case("RAPDU"),
        tag_no_case("response apdu"),
        tag_no_case("apdu response"),
        tag_no_case("response"),
        tag_no_case("resp"),
        tag_no_case("res"),
        tag_no_case("rsp"),
        tag_no_case("reply"),
        tag_no_case("received"),
        tag_no_case("receive"),
        tag_no_case("recv"),
        tag_no_case("apdu in"),
        tag_no_case("rx"),
        tag("SW"),
        tag("R"),
    ));
    let word =
        (alt((value(Sender::Terminal, terminal), value(Sender::Card, card))), space0, alt((char(':'), char('='))));
    let right = recognize((take_while(|c| c == '-' || c == '='), take_while1(|c| c == '>')));
    let left = recognize((take_while1(|c| c == '<'), take_while(|c| c == '-' || c == '=')));
    // `A>> T=1 (4+0007) 00A40400 07 …`, `A<< (0018+2) (52ms) 6F10… 9000` of apdu4j and GlobalPlatformPro: lengths without Lc and Le.
    let remark =
        verify(take_until(" "), |word: &str| word.starts_with("T=") || word.starts_with('(') && word.ends_with(')'));
    let apdu4j =
        (alt((value(Sender::Terminal, tag("A>>")), value(Sender::Card, tag("A<<")))), many0(preceded(space0, remark)));
    let arrow = (alt((value(Sender::Terminal, right), value(Sender::Card, left))), opt(char(':')));
    alt((
        arrow.map(|(sender, _)| (sender, false)),
        word.map(|(sender, _, _)| (sender, true)),
        apdu4j.map(|(sender, _)| (sender, true)),
        labelled,
    ))
    .parse(text)
}

/// How much may stand between a word and `data:`.
const BETWEEN: usize = 32;

/// `command length: 5 data: 00b2…`, as apps on phones log it.
fn labelled(text: &str) -> IResult<&str, (Sender, bool)> {
    let sender = alt((
        value(Sender::Terminal, alt((tag_no_case("command"), tag_no_case("request")))),
        value(Sender::Card, alt((tag_no_case("response"), tag_no_case("reply"), tag_no_case("result")))),
    ));
    let data = verify(take_until("data:"), |between: &str| between.len() <= BETWEEN);
    let (rest, (sender, _, _)) = (sender, data, tag("data:")).parse(text)?;
    Ok((rest, (sender, true)))
}

/// Bytes in hex up to the end of the line or a remark: digits together or in pairs, with `0x`, blanks, `,` `:` or `-` between.
/// pyscard writes an empty list for no data, and a status word like `90 0`.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_start();
    let text = text.strip_prefix("[]").unwrap_or(text);
    // `90 00 : Normal processing.`
    let text = text.split_once(" : ").map_or(text, |(before, _)| before);
    let (rest, digits) = run(text).ok()?;
    let ended =
        rest.trim_start().is_empty() || rest.starts_with(['(', '[', '|', '#', ';', '"', '\'', '/', ']', '}', '.']);
    let words: Vec<&str> = digits
        .split([' ', '\t', ',', ':', '-'])
        .map(|word| word.trim_start_matches("0x"))
        .filter(|word| !word.is_empty())
        .collect();
    if !ended || words.is_empty() {
        return None;
    }
    let mut bytes = Vec::new();
    for word in &words {
        match word.len() {
            1 if words.len() > 1 => bytes.push(u8::from_str_radix(word, 16).ok()?),
            _ => bytes.extend(hex::decode(word).ok()?),
        }
    }
    (bytes.len() >= 2).then_some(bytes)
}

/// `6F1A… SW=9000`, `6F1A… [SW1: 90, SW2: 00]`: data and behind them a status word with its name.
fn with_status(text: &str) -> Option<Vec<u8>> {
    let (rest, digits) = run(text).ok()?;
    let data = bytes(digits).filter(|data| status::is_missing(data))?;
    let status = status::named(rest)?;
    Some([&data, &status[..]].concat())
}

/// What the CCID driver of pcscd writes beside `APDU:` and `SW:` (`LIBCCID_ifdLogLevel`): the number of the reader in six
/// digits, and a message of CCID 1.1, 6, which has ten bytes before what it carries.
fn is_ccid(text: &str) -> bool {
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

/// The longest run of what bytes are written with.
fn run(text: &str) -> IResult<&str, &str> {
    let open = take_while(|c: char| c.is_whitespace() || matches!(c, '[' | '{' | '"' | '\''));
    let mut body = take_while1(|c: char| c.is_ascii_hexdigit() || matches!(c, ' ' | '\t' | ',' | ':' | '-' | 'x'));
    let (text, _) = (open, peek(take_while1(|c: char| c.is_ascii_hexdigit()))).parse(text)?;
    body.parse(text)
}

/// Whether bytes are followed by dots in place of more bytes, as some tools write what is long: `6F1A840E(...)`.
fn is_cut_short(text: &str) -> bool {
    let dots = ["...", "(...", "[...", "…", "(…"];
    run(text.trim_start())
        .is_ok_and(|(rest, digits)| digits.len() >= 8 && dots.iter().any(|dots| rest.trim_start().starts_with(dots)))
}

/// Whether somebody wanted to write bytes: hex to begin with, and nothing but hex digits and blanks for a while.
fn looks_like_bytes(text: &str) -> bool {
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

/// Some write `<` for what goes to the card: if that alone makes commands of the lines, the arrows are turned.
fn turn(messages: &mut [Message]) {
    let all = |messages: &[Message], sender, fits: fn(&[u8]) -> bool| {
        let mut of = messages.iter().filter(|message| message.sender == sender).peekable();
        of.peek().is_some() && of.all(|message| fits(&message.bytes))
    };
    let turned = all(messages, Sender::Card, is_command) && all(messages, Sender::Terminal, is_response);
    let straight = messages.iter().any(|message| message.sender == Sender::Terminal && is_command(&message.bytes));
    if turned && !straight {
        for message in messages {
            message.sender = if message.sender == Sender::Card { Sender::Terminal } else { Sender::Card };
        }
    }
}
