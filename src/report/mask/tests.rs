//! What disappears, and what stays.

use super::*;

const PAN: &str = "4761739001010119";

fn from_hex(text: &str) -> Vec<u8> {
    hex::decode(text.replace(' ', "")).unwrap()
}

fn masked(mask: &Mask, response: &str) -> String {
    hex::encode_upper(mask.response(&from_hex(response)))
}

#[test]
fn an_account_number_keeps_its_ends_wherever_it_stands() {
    let mut mask = Mask::on();
    let record = "7014 5A084761739001010119 5F3401 01 5F24 03 281231 9000".replace(' ', "");
    mask.learn(&from_hex(&record));
    assert_eq!(masked(&mask, &record), record.replace(PAN, "476173FFFFFF0119"));
    assert_eq!(mask.bytes(&from_hex("00DA4761739001010119")), from_hex("00DA476173FFFFFF0119"));
    // Shifted by half a byte, as in a cryptogram's input.
    assert_eq!(mask.bytes(&from_hex("147617390010101190")), from_hex("1476173FFFFFF01190"));
    assert_eq!(mask.text("card 4761739001010119 is stolen"), "card 476173******0119 is stolen");
}

#[test]
fn track_two_keeps_no_more_than_its_account_number_does() {
    let mut mask = Mask::on();
    let track = "7713 5711 4761739001010119D31122011143804400 9000";
    mask.learn(&from_hex(track));
    assert_eq!(masked(&mask, track), "77135711476173FFFFFF0119DFFFFFFFFFFFFFFFFF9000");
    assert_eq!(mask.text(PAN), "476173******0119", "learnt from the track");
}

#[test]
fn a_name_disappears_from_track_one_and_from_sentences() {
    let mut mask = Mask::on();
    mask.learn_object(tags::CARDHOLDER_NAME_5F20, b"DOE/JANE                  ");
    assert_eq!(mask.text("DOE/JANE pays"), "******** pays");
    assert_eq!(*mask.bytes(b"^DOE/JANE^"), *b"^********^");
    let record = [&[0x70, 0x0B, 0x5F, 0x20, 0x08][..], b"DOE/JANE", &[0x90, 0x00]].concat();
    assert_eq!(mask.response(&record), [&[0x70, 0x0B, 0x5F, 0x20, 0x08][..], b"********", &[0x90, 0x00]].concat());
}

#[test]
fn an_empty_name_hides_nothing_else() {
    let mut mask = Mask::on();
    mask.learn_object(tags::CARDHOLDER_NAME_5F20, b" /");
    assert_eq!(*mask.bytes(&[0x20, 0x2F, 0x20]), [0x20, 0x2F, 0x20]);
}

#[test]
fn objects_nobody_knows_and_bytes_that_are_no_objects_disappear() {
    let mask = Mask::on();
    assert_eq!(masked(&mask, "7004 DF7D01AA 9000"), "7004DF7D01FF9000");
    assert_eq!(masked(&mask, "70FF 5A084761 9000"), "70FFFFFFFFFF9000");
    assert_eq!(masked(&mask, "6A82"), "6A82");
}

#[test]
fn data_for_a_merchant_are_seen_and_not_shared() {
    let record = "70079F7C0401020304 9000".replace(' ', "");
    assert_eq!(masked(&Mask::on(), &record), record);
    assert_eq!(masked(&Mask::replacing(), &record), "70079F7C0400000000 9000".replace(' ', ""));
}

#[test]
fn nothing_is_hidden_on_demand() {
    let mut mask = Mask::off();
    let record = "700A5A0847617390010101199000";
    mask.learn(&from_hex(record));
    assert_eq!(masked(&mask, record), record);
    assert_eq!(mask.text(PAN), PAN);
}

#[test]
fn lengths_never_change() {
    let mut mask = Mask::on();
    for value in [&[][..], &[0x47], &[0x47; 10], &[0xFF; 8], &[0xD4; 19]] {
        for tag in tags::ROWS.iter().map(|row| row.tag).chain([Tag::new(0xDF7D)]) {
            mask.learn_object(tag, value);
            assert_eq!(mask.object(tag, value).len(), value.len(), "{tag}");
        }
    }
}
