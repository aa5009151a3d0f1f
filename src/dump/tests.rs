use super::*;

mod lines;

const SELECT: [u8; 5] = [0x00, 0xA4, 0x04, 0x00, 0x00];

fn first(text: &str) -> (Style, Option<Vec<u8>>, Option<Vec<u8>>) {
    let dump = parse(text).unwrap_or_else(|| panic!("no log: {text}"));
    assert!(dump.problems.iter().all(|(_, why)| why == "no JSON"), "{text}");
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
        (Style::Marked, "- req: '00 A4 04 00 00'\n  res: '6A 82'"),
        (Style::Marked, "01 select command  length 5 data: 00a4040000\n01 select response length 2 data: 6a82"),
        (Style::Json, "[{\"capdu\": \"00 a4 04 00 00\", \"rapdu\": \"6A82\", \"ms\": 12}]"),
        // `card serve --log`
        (
            Style::Json,
            "{\"at_us\":1,\"event\":\"power-on\"}\n{\"at_us\":2,\"event\":\"exchange\",\"command\":\"00A4040000\",\"response\":\"6A82\"}\n{\"at",
        ),
        (Style::Plain, "# a remark\n00 A4 04 00 00\n\n6A 82"),
        (
            Style::Recording,
            "{\"schema\":\"emvtap.recording/1\"}\n{\"us\":1,\"event\":\"command\",\"bytes\":\"00A4040000\"}\n{\"us\":2,\"event\":\"response\",\"bytes\":\"6A82\"}",
        ),
        (Style::Json, "{\n\"exchanges\": [{\"command\": \"00A4040000\", \"response\": \"6A82\"}]\n}"),
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

/// Layout of `emv scan` (Proxmark3 RRG, `client/src/emv/emvjson.c`), with objects of a test card.
#[test]
fn a_scan_gives_answers_to_the_commands_that_follow_from_it() {
    let scan = r#"{"File": {"Created": "proxmark3 `emv scan`"},
        "PPSE": {"AID": "32 50", "FCITemplate": {"tag": "6F", "Childs": [{"tag": "84", "length": "01", "value": "32"}]}},
        "Application": {"AID": "A0 00 00 00 03 10 10",
            "FCITemplate": {"name": "FCI", "tag": "6F", "length": "04", "value": "9F 38 01 00"},
            "GPO": {"tag": "77", "Childs": [{"appdata": "AIP"}]},
            "Records": [{"SFI": "01", "RecordNum": "02", "Offline": "00", "Data": {"tag": "70", "Childs": []}}]},
        "ApplicationData": {"AIP": "20 00"}}"#;
    let dump = parse(scan).unwrap();
    assert_eq!(dump.style, Style::Scan);
    let exchanges = dump.exchanges.iter().map(|exchange| {
        let hex = |bytes: &Option<Vec<u8>>| hex::encode_upper(bytes.as_ref().unwrap());
        (hex(&exchange.command), hex(&exchange.response))
    });
    let wanted = [
        ("00A404000E325041592E5359532E444446303100", "6F038401329000"),
        ("00A4040007A000000003101000", "6F049F3801009000"),
        ("80A8000002830000", "7704820220009000"),
        ("00B2020C00", "70009000"),
    ];
    assert_eq!(
        exchanges.collect::<Vec<_>>(),
        wanted.map(|(command, response)| (command.to_owned(), response.to_owned()))
    );
}

#[test]
fn lines_of_hex_among_others_are_commands_of_payment_cards_and_their_answers() {
    let text = "[Step 1] the directory\n00 A4 04 00 00\n\nresponse hex    :\n6f 02 84 00\nresponse SW1SW2 : 90 00 (Success)\n6F 02 -- FCI\n\
                00 B2 01 0C 00\n6A 83\n6A 84 not an answer";
    let dump = parse(text).unwrap();
    assert_eq!(dump.style, Style::Plain);
    let responses: Vec<_> = dump.exchanges.iter().map(|exchange| exchange.response.clone().unwrap()).collect();
    assert_eq!(responses, [vec![0x6F, 0x02, 0x84, 0x00, 0x90, 0x00], vec![0x6A, 0x83]]);
}

/// As `scriptor` of pcsc-tools 1.6.2 writes: 16 bytes a line, whatever they look like.
#[test]
fn a_wrapped_response_is_put_together() {
    let text = "> 00 A4 04 00 00\n< 6F 10 84 0E 32 50 41 59 2E 53 59 53 2E 44 61 46 \n30 31 90 \n00 : Normal processing.\n\
                > 00 B2 01 0C 00\n< 6A 83 : Record not found.\n";
    let responses =
        parse(text).unwrap().exchanges.into_iter().map(|exchange| hex::encode_upper(exchange.response.unwrap()));
    assert_eq!(responses.collect::<Vec<_>>(), ["6F10840E325041592E5359532E44614630319000", "6A83"]);
}

/// As `gp -d` writes (GlobalPlatformPro issues 15 and 192), with and without the protocol.
#[test]
fn lines_of_apdu4j_have_remarks_before_the_bytes() {
    for text in [
        "A>> T=1 (4+0000) 00A40400 00\nA<< (0000+2) (51ms) 6A82\n",
        "A>> (4+0000) 00A40400 00\nA<< (0000+2) (51ms) 6A82\n[DEBUG] GPSession - KDD: 00003266201710208650\n",
    ] {
        assert_eq!(first(text), (Style::Marked, Some(SELECT.to_vec()), Some(vec![0x6A, 0x82])), "{text}");
    }
}

/// Layout of `replay.c` of cardpeek.
#[test]
fn a_trace_file_of_cardpeek_is_read() {
    let text =
        "# cardpeek trace file\n# version 0\nR:3B800181\nC:00A4040000:6A82:\nC:00B2010C00:9000:7000\nC:00:90\n# end\n";
    let dump = parse(text).unwrap();
    assert_eq!(dump.exchanges[0].response, Some(vec![0x6A, 0x82]));
    assert_eq!(dump.exchanges[1].response, Some(vec![0x70, 0x00, 0x90, 0x00]));
    assert_eq!(dump.problems.len(), 1);
}

/// Layouts of `opensc-tool -s` and of the debug log of OpenSC 0.23.
#[test]
fn dumps_with_characters_behind_the_bytes_are_read() {
    let tool = "Sending: 00 A4 04 00 00 \nReceived (SW1=0x90, SW2=0x00):\n\
                6F 10 84 0E 32 50 41 59 2E 53 59 53 2E 44 44 46 o...2PAY.SYS.DDF\n30 31                                           01\n\
                Sending: 00 B2 01 0C 00 \nReceived (SW1=0x6A, SW2=0x83)\n";
    let log = "P:1; reader-pcsc.c:285:pcsc_transmit: \nOutgoing APDU (5 bytes):\n00 A4 04 00 00 .....\n\
               P:1; reader-pcsc.c:215: called\nIncoming APDU (4 bytes):\n41 42 90 00 AB..\n";
    let responses = |text: &str| -> Vec<String> {
        let dump = parse(text).unwrap();
        assert_eq!(dump.exchanges[0].command, Some(SELECT.to_vec()), "{text}");
        dump.exchanges.iter().map(|exchange| hex::encode_upper(exchange.response.as_ref().unwrap())).collect()
    };
    assert_eq!(responses(tool), ["6F10840E325041592E5359532E44444630319000", "6A83"]);
    assert_eq!(responses(log), ["41429000"]);
}

/// Layout of `chamlog.py` of ChameleonMini.
#[test]
fn frames_of_a_chameleon_are_put_together() {
    let text = "00010 ms <   +10 ms>:CODEC RX                      [26] \n00011 ms <    +1 ms>:CODEC TX                      [0400] \n\
                00090 ms <   +79 ms>:CODEC RX                      [0200a4040000d1c9] \n\
                00095 ms <    +5 ms>:CODEC TX                      [026a82e6d7] \n";
    assert_eq!(first(text), (Style::Frames, Some(SELECT.to_vec()), Some(vec![0x6A, 0x82])));
}

/// Rows of `trace list -t 7816` (Proxmark3 RRG): no blocks, no CRC.
#[test]
fn a_table_of_a_card_in_contacts_has_whole_commands() {
    let table = "      Start |        End | Src | Data | CRC | Annotation\n------------+----+-----+----+-----+----\n\
                 0 | 10 | Rdr |00  A4  04  00  00 |     | SELECT FILE\n12 | 20 | Tag |6A  82 |     | \n";
    assert_eq!(first(table), (Style::Frames, Some(SELECT.to_vec()), Some(vec![0x6A, 0x82])));
}

/// NXP UM0701-02, 7.3.8: InDataExchange; libnfc's frame around it, and ACS's pseudo APDU.
#[test]
fn commands_of_a_reader_chip_carry_those_of_the_card() {
    for text in [
        "TX: 0000ff08f8d4400100a4040000e300\nRX: 0000ff00ff00\nRX: 0000ff05fbd541006a82fe00\n",
        "TX: d4 40 01 00 a4 04 00 00\nRX: d5 41 00 6a 82\n",
        "> FF 00 00 00 08 D4 40 01 00 A4 04 00 00\n< D5 41 00 6A 82 90 00\n",
    ] {
        assert_eq!(first(text), (Style::Marked, Some(SELECT.to_vec()), Some(vec![0x6A, 0x82])), "{text}");
    }
}

/// As cardpeek's window shows what is long: half a command is none.
#[test]
fn bytes_that_are_cut_short_are_named() {
    let dump =
        parse("0026 INFO    send: 00A404000E315041592E5359532E4444(...) [4S]\nsend: 00B2010C00\nRecv: 6A83\n").unwrap();
    assert_eq!(dump.exchanges.len(), 1);
    assert!(dump.problems[0].1.contains("cut short"));
}

fn responses(text: &str) -> Vec<String> {
    let dump = parse(text).unwrap_or_else(|| panic!("no log: {text}"));
    dump.exchanges.iter().map(|exchange| hex::encode_upper(exchange.response.as_deref().unwrap_or_default())).collect()
}

/// Only what came inside a pseudo APDU has a status word of the reader behind it.
#[test]
fn the_answer_of_a_reader_chip_keeps_its_end() {
    let answer = ["70059F360263389000"];
    assert_eq!(responses("TX: D4 40 01 00 B2 01 0C 00\nRX: D5 41 00 70 05 9F 36 02 63 38 90 00\n"), answer);
    let acr122 = "> FF 00 00 00 08 D4 40 01 00 B2 01 0C 00\n< D5 41 00 70 05 9F 36 02 63 38 90 00";
    assert_eq!(responses(&format!("{acr122} 90 00\n")), answer);
    assert_eq!(responses(acr122), answer, "without the reader's own");
}

/// NXP UM0701-02, 6.2.1.2: what is longer than 255 bytes has a length of two.
#[test]
fn an_extended_frame_of_a_reader_chip_is_read() {
    let record = format!("7081FA{}", "9F360200".repeat(50) + &"00".repeat(50));
    let frame = format!("0000FFFFFF010200D54100{record}9000AA00").replace("010200", "0102FD");
    let text = format!("TX: 0000ff08f8d4400100b2010c00e300\nRX: 0000ff00ff00\nRX: {frame}\n");
    assert_eq!(responses(&text), [format!("{record}9000")]);
}

#[test]
fn a_status_word_apart_belongs_to_the_data_before_it() {
    let data = "700C9F3602000150054142430101";
    for status in ["SW: 9000", "SW1SW2 = 90 00", "Status word: 0x9000", "  sw1=90 sw2=00", "< 90 00", "90 00"] {
        assert_eq!(responses(&format!("> 00B2010C00\n< {data}\n{status}\n")), [format!("{data}9000")], "{status}");
    }
    for status in ["SW=9000", "[SW1: 90, SW2: 00]", "(SW=0x9000)", "| SW 9000"] {
        let text = format!("C-APDU: 00B2010C00\nR-APDU: {data} {status}\n");
        assert_eq!(responses(&text), [format!("{data}9000")], "{status}");
    }
    assert_eq!(responses("C-APDU: 0084000000\nR-APDU: 0102030405060708\nSW: 9000\n"), ["01020304050607089000"]);
    assert_eq!(responses(&format!("> 00B2010C00\n< {data}9000\nSW: 9000\n")), [format!("{data}9000"), "9000".into()]);
    for json in [
        "\"response\":\"DATA\",\"sw\":\"9000\"",
        "\"response\":\"DATA\",\"sw1\":144,\"sw2\":\"00\"",
        "\"data\":\"DATA\",\"status\":36864",
        "\"response\":\"DATA9000\",\"status\":\"9000\"",
    ] {
        let text = format!("[{{\"request\":\"00B2010C00\",{}}}]", json.replace("DATA", data));
        assert_eq!(responses(&text), [format!("{data}9000")], "{json}");
    }
}

#[test]
fn data_without_any_status_word_are_taken_for_9000() {
    let dump = parse("> 00A4040000\n< 6F028400\n> 00B2010C00\n< 70059F36026A82\n> 00B2020C00\n< 6A83\n").unwrap();
    assert_eq!(dump.exchanges[1].response.as_deref(), Some(&b"\x70\x05\x9F\x36\x02\x6A\x82\x90\x00"[..]));
    assert_eq!(dump.exchanges[2].response.as_deref(), Some(&b"\x6A\x83"[..]));
    assert_eq!(dump.problems.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 3]);
    assert!(dump.problems[1].1.contains("9000"), "{:?}", dump.problems);
}

/// As an app on phones logs a record of 256 bytes: its objects explained below, sixteen bytes a line.
#[test]
fn an_explanation_below_an_answer_is_not_part_of_it() {
    let record = format!("7081FB9081F8{}", "5A".repeat(0xF8));
    let row = "5A ".repeat(16);
    for between in ["------\n", "70 81 FB -- Record\n"] {
        let text = format!(
            "01 read command length: 5 data: 00b2010c00\n01 read response length: 256 data: {record}9000\n{between}{row}\n{row}\n90 00 -- ok\n"
        );
        assert_eq!(responses(&text), [format!("{record}9000")]);
    }
}

/// `pcscd -a` with LIBCCID_ifdLogLevel=0x000F, with and without `--color`.
#[test]
fn what_the_driver_of_a_reader_writes_is_passed_over() {
    let log = "00000317 [19] APDU: 00 A4 04 00 0A A0 00 00 00 04 10 10 01 02 03 00 \n\
               00000048 [19] ifdhandler.c:1303:IFDHTransmitToICC() usb:08e6/3437:libudev:0:/dev/bus/usb/001/026 (lun: 0)\n\
               00000089 [19] -> 000000 6F 10 00 00 00 00 1F 00 00 00 00 A4 04 00 0A A0 00 00 00 04 10 10 01 02 03 00 \n\
               00006126 [19] <- 000000 80 02 00 00 00 00 1F 00 00 00 6A 82 \n\
               00000031 [19] SW: 6A 82 \n";
    let coloured: String = log
        .lines()
        .map(|line| format!("\u{1b}[35m{} \u{1b}[0m\u{1b}[01;34m{}\u{1b}[0m\n", &line[..8], &line[9..]))
        .collect();
    for text in [log, &coloured] {
        let dump = parse(text).unwrap();
        assert_eq!(dump.exchanges.len(), 1, "{dump:?}");
        assert_eq!(dump.exchanges[0].command.as_deref().map(<[u8]>::len), Some(16));
        assert_eq!(responses(text), ["6A82"]);
    }
}

#[test]
fn a_command_and_its_response_may_share_a_line() {
    for between in [" -> ", "->", " => ", ",", ", ", ";", "\t", ":", " | ", "/", " "] {
        let text = format!("# log\n00A4040000{between}6A82\n\n00B2010C00{between}70009000\n");
        assert_eq!(first(&text), (Style::Plain, Some(SELECT.to_vec()), Some(vec![0x6A, 0x82])), "{text}");
        assert_eq!(responses(&text), ["6A82", "70009000"], "{text}");
    }
    assert_eq!(responses("00 A4 04 00 00 -> 6A 82"), ["6A82"]);
    assert_eq!(parse("00A4040000:6A82"), None, "one line alone");
    assert_eq!(responses("{\"tx\":\"00A4040000\",\"rx\":\"6A82\"}\n"), ["6A82"]);
}

#[test]
fn the_beginning_and_the_ends_of_lines_are_as_their_system_writes_them() {
    for text in [
        "\u{feff}# cardpeek trace file\nC:00A4040000:6A82:\n",
        "> 00A4040000\r< 6A82\r",
        "\u{feff}{\"cmd\":\"00A4040000\",\"rsp\":1,\"resp\":\"6A82\"}",
    ] {
        assert_eq!(responses(text), ["6A82"], "{text}");
    }
    for order in [u16::to_le_bytes, u16::to_be_bytes] {
        let wide: Vec<u8> = "\u{feff}> é\n".encode_utf16().flat_map(order).collect();
        assert_eq!(text(wide), Ok("> é\n".to_owned()));
    }
    assert_eq!(text("\u{feff}é".into()), Ok("é".to_owned()));
    assert_eq!(text(vec![0xFF, 0xFE, 0x00]), Err(vec![0xFF, 0xFE, 0x00]));
}
