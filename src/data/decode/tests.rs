use super::*;
use crate::data::dictionary::{BIOMETRIC_SUBTYPE_82, TTQ_9F66, TVR_95};

fn show(hex: &str, scope: Scope, masking: Masking) -> String {
    decode(&hex::decode(hex).unwrap(), Some(scope)).display(masking).to_string()
}

#[test]
fn a_select_answer_reads_from_top_to_bottom() {
    let fci = "6F1F8407A0000000031010A5145004564953418701019F38089F66049F02069A03";
    assert_eq!(
        show(fci, Scope::K3, Masking::Off),
        "\
6F FCI Template
  84 DF Name A0000000031010
  A5 FCI Proprietary Template
    50 Application Label 56495341 \"VISA\"
    87 Application Priority Indicator 01
       byte 1 bits 4-1  priority 1, the highest
    9F38 PDOL 9F66049F02069A03
         9F66 Terminal Transaction Qualifiers (TTQ), 4 bytes
         9F02 Amount, Authorised (Numeric), 6 bytes
         9A Transaction Date, 3 bytes
"
    );
}

#[test]
fn sensitive_values_are_masked_unless_somebody_asks() {
    let record =
        "7034570C1234567890123456D22122015F20085445535420524F579F1F021234DF01031122335F24032212315A081234567890123456";
    let open = show(record, Scope::K3, Masking::Off);
    let masked = show(record, Scope::K3, Masking::Sensitive);
    let shared = show(record, Scope::K3, Masking::SensitiveAndUnknown);
    for secret in ["1234567890123456", "TEST ROW", "5445535420524F57", "2212201"] {
        assert!(open.contains(secret), "{secret}\n{open}");
        assert!(!masked.contains(secret) && !shared.contains(secret), "{secret}\n{masked}");
    }
    assert!(masked.contains("DF01 unknown 112233\n") && shared.contains("DF01 unknown (3 bytes, masked)\n"));
    assert!(masked.contains("5A Application PAN 123456******3456\n"), "{masked}");
    assert!(masked.contains("5F24 Application Expiration Date 221231 2022-12-31\n"), "{masked}");
}

#[test]
fn decoding_goes_on_behind_an_object_that_is_broken_inside() {
    let tree = decode(&[0x70, 0x04, 0x82, 0x05, 0x20, 0x00, 0x9A, 0x01, 0x26, 0x5F], Some(Scope::K3));
    assert_eq!(tree.nodes.iter().map(|node| node.tag.number()).collect::<Vec<_>>(), [0x70, 0x9A]);
    assert_eq!(
        tree.faults(),
        [
            (4, "70: the length field says 5 bytes, 2 are left at offset 4".to_owned()),
            (6, "9A: 3 bytes wanted, 1 found".to_owned()),
            (9, "the bytes end inside a tag at offset 9".to_owned()),
        ]
    );
}

#[test]
fn values_that_break_their_format_say_so_without_showing_themselves() {
    let faults = |hex: &str| decode(&hex::decode(hex).unwrap(), Some(Scope::K3)).faults();
    assert_eq!(faults("9A03261399"), [(0, "9A: 261399 is no date".to_owned())]);
    assert_eq!(faults("9F2103240000"), [(0, "9F21: 240000 is no time".to_owned())]);
    assert_eq!(faults("9F0206000000000A00"), [(0, "9F02: a nibble is no digit".to_owned())]);
    assert_eq!(faults("5A0212A4"), [(0, "5A: digits and F to the end wanted".to_owned())]);
    assert_eq!(faults("57021234"), [(0, "57: no separator D after the account number".to_owned())]);
    let list = "9F38: malformed data object list: the bytes end inside a length field at offset 2".to_owned();
    assert_eq!(faults("9F38029F66"), [(0, list)]);
    assert_eq!(faults("82020000"), []);
}

#[test]
fn the_template_tells_meanings_apart() {
    let tree = decode(&[0xA1, 0x03, 0x82, 0x01, 0x08], None);
    let subtype = tree.nodes[0].children[0].row.unwrap();
    assert_eq!((subtype.tag, subtype.name), (BIOMETRIC_SUBTYPE_82, "Biometric Subtype"));
}

#[test]
fn single_values_and_reserved_bits() {
    let node = decode_value(TTQ_9F66, &[0xF7, 0, 0, 1], Some(Scope::K3));
    assert_eq!(node.reserved(), [0x40, 0, 0, 1]);
    assert!(node.display(Masking::Off).to_string().ends_with("     byte 4 mask 01  reserved\n"));
    assert_eq!(decode_value(TVR_95, &[0; 5], Some(Scope::K3)).meanings().count(), 0);
}

#[test]
fn hostile_depth_and_count_end_decoding() {
    let mut deep = vec![0x70, 0x00];
    for _ in 0..40 {
        let length = u8::try_from(deep.len()).unwrap();
        deep.splice(0..0, [0x70, length]);
    }
    assert!(decode(&deep, None).faults()[0].1.contains("nested too deeply"));
    let many = [0x82, 0x00].repeat(2000);
    assert_eq!(decode(&many, None).error.map(|error| error.kind), Some(ErrorKind::TooMany));
}
