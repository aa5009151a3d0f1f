use super::*;

const SELECT: [u8; 5] = [0x00, 0xA4, 0x04, 0x00, 0x00];

fn first(text: &str) -> (Style, Option<Vec<u8>>, Option<Vec<u8>>) {
    let dump = parse(text).unwrap_or_else(|| panic!("no log: {text}"));
    assert_eq!(dump.problems, [], "{text}");
    (dump.style, dump.exchanges[0].command.clone(), dump.exchanges[0].response.clone())
}

#[test]
fn every_style_gives_the_same_exchange() {
    for (style, text) in [
        (Style::Marked, "> 00 A4 04 00 00\n< 6A 82"),
        (Style::Marked, ">00A4040000\n<6A82"),
        (Style::Marked, "C-APDU: 00A4040000\nR-APDU: 6A82 (12 ms)"),
        (Style::Marked, "2024-05-01 10:00:00.123 DEBUG --> 00 a4 04 00 00\n2024-05-01 10:00:00.130 DEBUG <-- 6a 82"),
        (Style::Marked, "Sending: 0x00,0xA4,0x04,0x00,0x00\nReceived: [0x6A, 0x82]"),
        // pyscard's observer writes an empty list for no data.
        (Style::Marked, "connecting to reader\n> 00 A4 04 00 00\n<  [] 6A 82\ndisconnecting"),
        // pcscd -a
        (Style::Marked, "00000012 [140] APDU: 00 A4 04 00 00 \n00003415 [140] SW: 6A 82 "),
        (Style::Marked, "[+] >>>> 00 A4 04 00 00\n[+] <<<< 6A 82"),
        (Style::Marked, "I/Card(1): command = 00:A4:04:00:00\nI/Card(1): response = 6A:82"),
        (Style::Marked, "<< 00A4040000\n>> 6A82"),
        (Style::Plain, "# a remark\n00 A4 04 00 00\n\n6A 82"),
        (
            Style::Recording,
            "{\"schema\":\"emvtap.recording/1\"}\n{\"us\":1,\"event\":\"command\",\"bytes\":\"00A4040000\"}\n{\"us\":2,\"event\":\"response\",\"bytes\":\"6A82\"}",
        ),
        (Style::Recording, "{\n\"exchanges\": [{\"command\": \"00A4040000\", \"response\": \"6A82\"}]\n}"),
    ] {
        assert_eq!(first(text), (style, Some(SELECT.to_vec()), Some(vec![0x6A, 0x82])), "{text}");
    }
}

/// Layout of `trace list` (Proxmark3 RRG, 2023); frames of ISO 14443-4, 7.1.
#[test]
fn frames_are_put_together() {
    let table = "\
      Start |        End | Src | Data (! denotes parity error)           | CRC | Annotation
------------+------------+-----+-----------------------------------------+-----+-----------
          0 |       1056 | Rdr |26(7)                                    |     | REQA
       2228 |       4596 | Tag |04  00                                   |     |
      90000 |      91000 | Rdr |12  00  A4  04  D1  C9                   |  ok |
      92000 |      93000 | Tag |A2  E6  D7                               |  ok |
      94000 |      95000 | Rdr |03  00  00  11  22                       |  ok |
      96000 |      97000 | Tag |03! 6A                                   |     |
            |            |     |82  33  44                               |  ok |
";
    assert_eq!(first(table), (Style::Frames, Some(SELECT.to_vec()), Some(vec![0x6A, 0x82])));
}

#[test]
fn a_status_word_with_one_digit_is_read() {
    let (_, _, response) = first("> 00 C0 00 00 02\n< 01 02 90 0 ");
    assert_eq!(response.unwrap(), [0x01, 0x02, 0x90, 0x00]);
}

#[test]
fn what_is_missing_leaves_a_gap() {
    let dump = parse("> 00 A4 04 00 00\n> 00 B2 01 0C 00\n< 70 00 90 00\n< 6A 83").unwrap();
    let shape: Vec<_> = dump
        .exchanges
        .iter()
        .map(|exchange| (exchange.line, exchange.command.is_some(), exchange.response.is_some()))
        .collect();
    assert_eq!(shape, [(1, true, false), (2, true, true), (4, false, true)]);
}

#[test]
fn a_marked_line_without_whole_bytes_is_named() {
    let dump = parse("C-APDU: 00A4040000\nR-APDU: 6F1A840E325\n").unwrap();
    assert_eq!(dump.problems, [(2, "no whole bytes of hex behind the mark".to_owned())]);
}

#[test]
fn ordinary_text_is_no_log() {
    for text in
        ["", "hello", "a > b", "x -> 12 apples", "6F1A840E", "6F1A840E\n9000", "{}", "see page: 12", "\u{0}\u{ffff}"]
    {
        assert_eq!(parse(text), None, "{text}");
    }
}

#[test]
fn hex_is_read_in_any_dress() {
    for text in ["9F38", "9f 38", "0x9F 0x38", "{0x9F,0x38}", "9F:38", "\\x9f\\x38", "\"9F38\"\n"] {
        assert_eq!(hexadecimal(text), Ok(vec![0x9F, 0x38]), "{text}");
    }
    assert_eq!(hexadecimal("9F 3G"), Err(HexError::Character(4, 'G')));
    assert_eq!(hexadecimal("9F 3"), Err(HexError::Odd(3)));
    assert_eq!(hexadecimal(" "), Err(HexError::Empty));
}
