//! Lines with words, dumps below them, and what is in none of them.

use super::*;

#[test]
fn words_say_who_sends_wherever_they_stand() {
    for text in [
        "06-02 09:00:00.1 D HCE : processCommandApdu: 00A4040000\n06-02 09:00:00.2 D HCE : response: 6A82",
        "APDU command: CLA=00 INS=A4 P1=04 P2=00 data=\nresponse: 6A82",
        "Sending: 40 01 00 A4 04 00 00\nReceived: D5 41 00 6A 82",
        ">>>>[sel TLV] 00 a4 04 00 00\n<<<< 6a 82",
        "2023.03.29 12:49:28.563 command received: 00a4040000\n2023.03.29 12:49:28.600 response sent: 6a82",
        "SEND 00 A4 04 00 00\nRECV 6A82        # not found\n     (nil)",
        "<snd> (005) 00 A4 04 00 00\n<rcv> (002) 6A 82",
        "Sending 00A4040000\nResponse 6A82",
        "sending 00 A4 04 00 00 \nreceived 6A 82 ",
        "uint8_t cmd[] = { 0x00, 0xA4, 0x04, 0x00, 0x00 };\nuint8_t resp[2] = { 0x6A, 0x82 };",
        "static const uint8_t capdu0[] = {\n  0x00, 0xA4, 0x04,\n  0x00, 0x00,\n};\nstatic const uint8_t rapdu0[] = {\n  0x6A, 0x82,\n};",
        "[TX] 00A4040000\n[RX] 6A82",
        "→ 00 A4 04 00 00\n← 6A 82",
        "[0] Request APDU: <00a40400 00>\n[0] Response: 6a82",
        "TX: (5) 00  a4  04  00  00\nRX: (2) 6a  82",
        "send [0, -92, 4, 0, 0]\nrecv [106, -126]",
        "First I send the command `00A4040000` to the card\nand the card answers `6A82`.",
        "<log><command>00A4040000</command>\n<response>6A82</response></log>",
        "Terminal -> ICC: 00 A4 04 00 00\nICC -> Terminal: 6A 82",
        "- c: \"00 A4 04 00 00\"\n  r: \"6A 82\"",
        "Sent 5 bytes\n0000: 00 A4 04 00 00          |.....|\nReceived 2 bytes\n0000: 6A 82          |j.|",
        "CLA: 00, INS: a4, P1: 04, P2: 00, Lc: 00, Le: 00, SW1: 6a, SW2: 82",
    ] {
        let dump = parse(text).unwrap_or_else(|| panic!("no log: {text}"));
        assert_eq!((dump.exchanges.len(), &dump.problems), (1, &Vec::new()), "{text}\n{dump:?}");
        let command = dump.exchanges[0].command.clone().unwrap_or_default();
        assert_eq!(command.get(..4), Some(&SELECT[..4]), "{text}\n{dump:?}");
        assert_eq!(dump.exchanges[0].response.as_deref(), Some(&b"\x6A\x82"[..]), "{text}\n{dump:?}");
    }
}

#[test]
fn lines_of_hex_may_have_a_time_or_a_heading() {
    for text in [
        "cmd,resp\n00A4040000,6A82\n00B2010C00,6A83\n",
        "Started\n2018-06-21 01:29:25,00 A4 04 00 00 \n2018-06-21 01:29:26,6A 82 \n2018-06-21 01:29:27,00 B2 01 0C 00\n2018-06-21 01:29:28,6A 83\n",
        "<Buffer 00 a4 04 00 00>\n<Buffer 6a 82>\n<Buffer 00 b2 01 0c 00>\n<Buffer 6a 83>\n",
    ] {
        assert_eq!(responses(text), ["6A82", "6A83"], "{text}");
        assert_eq!(first(text).1, Some(SELECT.to_vec()), "{text}");
    }
}

#[test]
fn a_status_word_on_its_own_line_may_come_first_or_alone() {
    let text =
        ">c-apdu: 00 B2 01 0C 00\nsw 90 00\n<r-apdu: 70 05 9F 36 02 00 01\n=\n>c-apdu: 00 B2 02 0C 00\nsw 6A 83\n";
    assert_eq!(responses(text), ["70059F360200019000", "6A83"]);
    let window = "SEND 00 B2 01 0C 00\nRECV 9000      # Normal processing\n     70 10 5F 20 0D 41 42 43 44 45 46 47 48 49 4A 4B     p._ .ABCDEFGHIJK\n     4C 4D                                               LM\nSEND 00 B2 02 0C 00\nRECV 6A83\n";
    assert_eq!(responses(window), ["70105F200D4142434445464748494A4B4C4D9000", "6A83"]);
    assert_eq!(responses("Transmit: 00B2010C00\nReturned: 70 02 50 00\nSW1SW2: 90 00\n"), ["700250009000"]);
    assert_eq!(responses("> 00B2010C00\n< 70059F36026A82 [90 00]\n"), ["70059F36026A829000"]);
}

/// What is not understood must be said.
#[test]
fn hex_that_nothing_is_made_of_is_told_with_its_line() {
    let lines = |text: &str| parse(text).unwrap().problems.into_iter().map(|(line, _)| line).collect::<Vec<_>>();
    assert_eq!(lines("> 00A4040000\n< 6A82\nwhat of 80A8000002830000 now\n> 00B2010C00\n< 6A83\n"), [3]);
    assert_eq!(lines("00A4040000\n6A82\n00B2010C00\n01020304\n00B2020C00\n6A83\n"), [4]);
    let chance = "00A4040000\n6A82\n00B2010C00\n00000000\n00B2020C00\n70085A0600000000000F9000\n";
    assert_eq!(lines(chance), [4], "these bytes stand in another answer by chance");
    assert_eq!(lines("C-APDU: 00A4040000\nR-APDU: 6F 02 84 XX 90 00\n"), [2], "blotted out");
    // The same bytes again, numbers, times, addresses and answers to reset are no news.
    for text in [
        "pm3 --> hf 14a apdu -s 00A4040000\n> 00A4040000\n< 6A82\nAPDU: ok",
        "> 00A4040000\n< 6F058403AABBCC9000\n  84 03 AA BB CC  name\n",
        "1714557600123 0x7ffe00aa12 2024-05-01T10:00:00 > 00A4040000\nuuid 123e4567-e89b-12d3-a456-426614174000\n< 6A82\nmac 02:1a:3b:4c:5d:6e",
        "ATR: 3B 8B 80 01 00 31 C0\n> 00A4040000\n< 6A82\n",
    ] {
        assert_eq!(lines(text), Vec::<usize>::new(), "{text}");
    }
}

#[test]
fn prose_with_words_of_hex_letters_is_no_log() {
    for text in [
        "I send a face to add",
        "the response: dead beef",
        "sent 2024-05-01 10:00:00",
        "received: 123e4567-e89b-12d3-a456-426614174000",
        "send: 02:1a:3b:4c:5d:6e",
        "Received: 2024-05-01",
        "command added\nreply faded",
        "answer 42\nresult 1234\nin 9000 cases out of 10000",
        "out: 10:20:30",
    ] {
        assert_eq!(parse(text), None, "{text}");
    }
}
