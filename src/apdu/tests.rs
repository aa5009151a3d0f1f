use super::*;

fn bytes(command: Result<Command, CommandTooLong>) -> Vec<u8> {
    command.unwrap().bytes().to_vec()
}

/// EMV Book 1, 11.3 and Book 3, 6.5: the bytes of each command.
#[test]
fn commands_have_the_bytes_of_the_books() {
    let ppse = [&[0x00, 0xA4, 0x04, 0x00, 0x0E][..], b"2PAY.SYS.DDF01", &[0x00]].concat();
    assert_eq!(bytes(Command::select(b"2PAY.SYS.DDF01")), ppse);
    assert_eq!(bytes(Command::get_processing_options(&[])), [0x80, 0xA8, 0, 0, 2, 0x83, 0, 0]);
    assert_eq!(bytes(Command::get_processing_options(&[0x26, 0x00])), [0x80, 0xA8, 0, 0, 4, 0x83, 2, 0x26, 0, 0]);
    assert_eq!(Command::read_record(1, 2).bytes(), [0x00, 0xB2, 0x02, 0x0C, 0x00]);
    assert_eq!(Command::read_record(30, 255).bytes(), [0x00, 0xB2, 0xFF, 0xF4, 0x00]);
    assert_eq!(bytes(Command::external_authenticate(&[1; 8])), [&[0x00, 0x82, 0, 0, 8][..], &[1; 8]].concat());
}

#[test]
fn what_does_not_fit_a_short_command_is_refused() {
    assert_eq!(Command::select(&[0; 255]).unwrap().bytes().len(), 261);
    assert_eq!(Command::select(&[0; 256]), Err(CommandTooLong));
    let longest = bytes(Command::get_processing_options(&[7; 252]));
    assert_eq!(longest[..8], [0x80, 0xA8, 0x00, 0x00, 0xFF, 0x83, 0x81, 0xFC]);
    assert_eq!(longest.len(), 261);
    for length in 253..300 {
        assert_eq!(Command::get_processing_options(&vec![0; length]), Err(CommandTooLong), "{length}");
    }
    assert!(Command::raw("script", &[0; 261]).is_ok());
    assert_eq!(Command::raw("script", &[0; 262]), Err(CommandTooLong));
}

#[test]
fn a_long_command_template_has_a_length_of_two_bytes() {
    let header = |length| bytes(Command::get_processing_options(&vec![7; length]))[4..8].to_vec();
    assert_eq!(header(127), [0x81, 0x83, 0x7F, 7]);
    assert_eq!(header(128), [0x83, 0x83, 0x81, 0x80]);
}

#[test]
fn names_do_not_change_bytes() {
    let command = Command::read_record(1, 1);
    assert_eq!(command.named("READ RECORD 1.1"), command);
    assert_eq!(command.named("READ RECORD 1.1").name(), "READ RECORD 1.1");
    assert_eq!(format!("{command:?}"), "READ RECORD 00B2010C00");
}

/// ISO 7816-3, 12.1.3: the four cases of a short command.
#[test]
fn cards_tell_the_four_cases_apart() {
    let parse = |bytes: &'static [u8]| CommandHeader::parse(bytes).map(|command| (command.data, command.le));
    assert_eq!(parse(&[0, 0xA4, 4, 0]), Some((&[][..], None)));
    assert_eq!(parse(&[0, 0xB2, 1, 0x0C, 0]), Some((&[][..], Some(0))));
    assert_eq!(parse(&[0, 0x82, 0, 0, 2, 0xAA, 0xBB]), Some((&[0xAA, 0xBB][..], None)));
    assert_eq!(parse(&[0, 0x82, 0, 0, 2, 0xAA, 0xBB, 8]), Some((&[0xAA, 0xBB][..], Some(8))));
    let header = CommandHeader::parse(&[0x80, 0xA8, 0x01, 0x02]).unwrap();
    assert_eq!((header.cla, header.ins, header.p1, header.p2), (0x80, 0xA8, 1, 2));
}

#[test]
fn cards_refuse_what_is_no_short_command() {
    for bad in [
        &[][..],
        &[0, 0xA4, 4],
        &[0, 0xA4, 4, 0, 3, 1, 2],
        &[0, 0xA4, 4, 0, 1, 1, 0, 0],
        &[0, 0xA4, 4, 0, 0, 0],
        &[0, 0xA4, 4, 0, 0, 0, 1, 0xAA],
    ] {
        assert_eq!(CommandHeader::parse(bad), None, "{bad:02X?}");
    }
}

#[test]
fn every_command_that_is_built_is_understood() {
    for length in 1..=255 {
        let data: Vec<u8> = (0..length).collect();
        let command = Command::select(&data).unwrap();
        let header = CommandHeader::parse(command.bytes()).unwrap();
        assert_eq!((header.ins, header.data, header.le), (0xA4, &data[..], Some(0)));
        let command = Command::external_authenticate(&data).unwrap();
        let header = CommandHeader::parse(command.bytes()).unwrap();
        assert_eq!((header.ins, header.data, header.le), (0x82, &data[..], None));
    }
}

#[test]
fn responses_end_with_the_status_word() {
    let response = Response::parse(&[0x77, 0x00, 0x90, 0x00]).unwrap();
    assert_eq!((response.data, response.status, response.status.is_ok()), (&[0x77, 0x00][..], StatusWord::OK, true));
    let response = Response::parse(&[0x6A, 0x82]).unwrap();
    assert_eq!((response.data, response.status.sw1(), response.status.sw2()), (&[][..], 0x6A, 0x82));
    assert!(!response.status.is_ok());
    assert_eq!((Response::parse(&[0x90]), Response::parse(&[])), (None, None));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn hostile_commands_never_lead_outside(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
        if let Some(command) = CommandHeader::parse(&bytes) {
            let parts = 4 + command.data.len() + usize::from(!command.data.is_empty()) + usize::from(command.le.is_some());
            proptest::prop_assert_eq!(parts, bytes.len());
        }
    }
}
