//! Cards with one defect each.

use super::{check_card, said, today};

/// Keys that no built-in card has.
pub const KEYS: &[(&str, &str)] = &[
    (
        "ca-unknown",
        "schema = 'emvtap.key/1'\ntitle = 't'\ntest = true\nkind = 'ca'\nrid = 'A000000003'\nindex = 'E9'\nexponent = '03'\n\
         p = 'D041C94EB81F1286D9A7DF30BDAD87EAD9A1A2C2E3D828178ADF520EB1FCE326AF09C4364EFFE102D20D06B85A6D6A0C65EC9BBE66161D7BF3733516FC3501FE3E1957FFD7A36ED2E22A99B7E3681DE18175955ABC4FB75F'\n\
         q = 'C6FE35942A022C407C303911E7EDDBC42D6E8446C847CA325CB218C5FE040BBE019A97A98A30CB4A08565C206FFA2C437B817389F4652476F8CE877AE1C7C0355AD6D0D9E7F57F51AE812FCDC5F2004B904BB2A2D84787E9'\n",
    ),
    (
        "broken",
        "schema = 'emvtap.key/1'\ntitle = 't'\ntest = true\nkind = 'card'\nexponent = '05'\n\
         p = 'E456AE92465BDB41515AA4535CEF919822FAE78B780C9A125F34002800F865D14A426CA3896577B44B35F7CCF419BDF3ABF8AC09C4A3BFA9E195B6B9C76EF00D'\n\
         q = 'DACE2D974225DE2E78BDE1B4EDBDA0C5B906FB7DC8FFE56ACD03CEAC853B4BC8DB93633417CF81A528953C02C3978D34685B22A8EF89771B5E460E68178CFA8F'\n",
    ),
    // The built-in CA key E1 of 248 bytes as an issuer's: as long as the CA's, too long for a record.
    (
        "long-issuer",
        "schema = 'emvtap.key/1'\ntitle = 't'\ntest = true\nkind = 'issuer'\nexponent = '03'\n\
         p = 'DF419091D44C9315FF304241E4A5288EE512D4F9793D7F7BDC8DD9FECBB501465A3327F3F18DD5408DD6F3E1613428784DF0567D0D71F41F2382E06C6E0EEA59240BE1BBBC708C792A4A9C7509FE05D84D40CBBE5A15D4B3A3ADB003B6DBDB8D432015910678FFA7E0B8135811F6A5CBBD1D69D6EFADCB95CFA400BF'\n\
         q = 'DA6614172B82FBFD5C2B675E50BFF8474C17498A7D1C9610C20654A3BFED112847F0244958E41AA867FECBE28E5591CCFAB1741F0CA0D58FAA8BE1398E02B3BBC611A1A73E4FCDB428DE5F3BB1C627D9B9AEC41AC2DAF55D6FA5CA49E52EA8576E23EEED632D4C44BEBA9545CD3EC029695670475A7031A9B8F3A6D5'\n",
    ),
    // The same as a card's: longer than any issuer's.
    (
        "long-card",
        "schema = 'emvtap.key/1'\ntitle = 't'\ntest = true\nkind = 'card'\nexponent = '03'\n\
         p = 'DF419091D44C9315FF304241E4A5288EE512D4F9793D7F7BDC8DD9FECBB501465A3327F3F18DD5408DD6F3E1613428784DF0567D0D71F41F2382E06C6E0EEA59240BE1BBBC708C792A4A9C7509FE05D84D40CBBE5A15D4B3A3ADB003B6DBDB8D432015910678FFA7E0B8135811F6A5CBBD1D69D6EFADCB95CFA400BF'\n\
         q = 'DA6614172B82FBFD5C2B675E50BFF8474C17498A7D1C9610C20654A3BFED112847F0244958E41AA867FECBE28E5591CCFAB1741F0CA0D58FAA8BE1398E02B3BBC611A1A73E4FCDB428DE5F3BB1C627D9B9AEC41AC2DAF55D6FA5CA49E52EA8576E23EEED632D4C44BEBA9545CD3EC029695670475A7031A9B8F3A6D5'\n",
    ),
];

/// What a variant of `visa/credit`, `visa/debit-offline` or another card says from line 3 on, and the finding.
pub const CARDS: &[(&str, &str, &str)] = &[
    (
        "mastercard/maestro",
        "[application.mastercard.records]\n'2.1' = { oda = true, objects = ['57', '5A', '5F24', '5F28', '5F34', '9F07', '9F4A'] }",
        "mandatory-record-object mastercard/credit:53:10",
    ),
    (
        "mastercard/mag-stripe",
        "[application.mastercard.records]\n'1.1' = { objects = ['9F65', '9F66', '9F6B'] }",
        "mandatory-track-object mastercard/credit:53:10",
    ),
    (
        "mastercard/maestro",
        "[application.mastercard.data]\n9F02 = 100\n[application.mastercard.records]\n'2.4' = { objects = ['9F02'] }",
        "terminal-record-object mine.toml:6:22",
    ),
    (
        "mastercard/maestro",
        "[application.mastercard.data]\n9F5D = '010101'\n[application.mastercard.records]\n'2.4' = { objects = ['9F5D'] }",
        "object-place mine.toml:6:22",
    ),
    (
        "mastercard/maestro",
        "[application.mastercard.records]\n'2.4' = { objects = ['5A'] }",
        "duplicate-record-object mine.toml:4:22",
    ),
    (
        "mastercard/maestro",
        "[application.mastercard.gpo]\nonline = ['82', '94', '9F36']",
        "cryptogram-object mine.toml:4:23",
    ),
    (
        "mastercard/maestro",
        "[application.mastercard.gpo]\nonline = ['82', '94', '9F26']",
        "cryptogram-object-early mine.toml:4:23",
    ),
    (
        "mastercard/maestro",
        "[application.mastercard.data]\n8C = '9F0206 9F0306 9F1A02 9505 5F2A02 9A03 9C01'",
        "cdol-cryptogram mine.toml:4:6",
    ),
    ("mastercard/maestro", "[application.mastercard.records]\n'2.3' = false", "cda-object mastercard/credit:24:8"),
    ("mastercard/maestro", "[application.mastercard.data]\n9F4A = '8294'", "cda-tag-list mine.toml:4:8"),
    (
        "mastercard/maestro",
        "[application.mastercard.records]\n'2.1' = { oda = true, objects = ['57', '5A', '5F24', '5F28', '5F34', '8C', '8E'] }",
        "cda-tag-list mastercard/credit:24:8",
    ),
    (
        "mastercard/maestro",
        "[application.mastercard.data]\n5F25 = { date = '2026-06-16' }",
        "not-effective mine.toml:4:8",
    ),
    (
        "mastercard/credit",
        "[application.mastercard.data]\n56 = { text = 'B5413330089001102^CARDHOLDER' }",
        "track-data mine.toml:4:6",
    ),
    (
        "mastercard/credit",
        "[application.mastercard.data]\n56 = { text = 'B5413330089001103^CARDHOLDER/EMVTAP^30122010000000000000' }",
        "track-pan mine.toml:4:6",
    ),
    (
        "mastercard/credit",
        "[application.mastercard.data]\n9F6B = '5413330089001103 D 3012 201 0000000000000 F'",
        "track-pan mine.toml:4:8",
    ),
    (
        "mastercard/credit",
        "[application.mastercard.data]\n9F6B = '5413330089001102 D 3011 201 0000000000000 F'",
        "track-expiry mine.toml:4:8",
    ),
    // Fewer than no digits of the number, other digits in track 1 than in track 2, a place beyond the track, a map that is missing.
    ("mastercard/credit", "[application.mastercard.data]\n9F67 = '09'", "track-maps mine.toml:4:8"),
    ("mastercard/credit", "[application.mastercard.data]\n9F64 = '02'", "track-maps mine.toml:4:8"),
    ("mastercard/credit", "[application.mastercard.data]\n9F65 = '800E'", "track-maps mine.toml:4:8"),
    (
        "mastercard/credit",
        "[application.mastercard.records]\n'1.1' = { objects = ['9F6C', '56', '9F62', '9F63', '9F65', '9F66', '9F6B', '9F67', '9F69'] }",
        "track-maps mastercard/credit:38:8",
    ),
    ("credit", "ppse = [{ aid = 'A0000000032010' }]", "ppse-aid mine.toml:3:17; ppse-missing visa/credit:8:7"),
    ("phone", "ppse = []", "ppse-empty mine.toml:3:8"),
    (
        "phone",
        "ppse = [{ aid = 'A0000000031010' }, { aid = 'A0000000032010', priority = 2 }]",
        "ppse-aid mine.toml:3:45",
    ),
    (
        "phone",
        "ppse = [{ aid = 'A0000000031010', priority = 1 }, { aid = 'A0000000031010', priority = 1 }]",
        "ppse-priority mine.toml:3:88",
    ),
    ("phone", "ppse = [{ aid = 'A0000000031010', kernel-identifier = '0303' }]", "kernel-identifier mine.toml:3:55"),
    ("phone", "[application.visa]\nextended-selection = '01020304050607080910'", "extended-selection mine.toml:4:22"),
    ("phone", "[application.visa]\nlabel = 'VISA-CREDIT'", "label mine.toml:4:9"),
    ("credit", "ppse = [{ aid = 'A0000000031010', label = 'VISA' }]", "label-differs mine.toml:3:43"),
    ("credit", "[application.visa.data]\n9F11 = false", "code-table visa/credit:30:10"),
    ("phone", "[application.visa.data]\n5F2D = { text = 'EN' }", "language mine.toml:4:8"),
    ("phone", "[application.visa.data]\n5F2D = { text = 'enen' }", "language mine.toml:4:8"),
    ("phone", "[application.visa.data]\n'9F6E' = '207000'", "object-value mine.toml:4:10"),
    ("phone", "[application.visa.data]\n9F11 = '0A'", "object-value mine.toml:4:8"),
    ("phone", "[application.visa.data]\nCTQ = '0001'", "reserved-bits mine.toml:4:7"),
    (
        "credit",
        "[application.visa.data]\nDF7F = '01'\n[application.visa.records]\n'2.4' = { objects = ['9F69', '9F4B', 'DF7F'] }",
        "unknown-object mine.toml:6:38",
    ),
    (
        "credit",
        "[application.visa.data]\n9C = '00'\n[application.visa.records]\n'2.4' = { objects = ['9F69', '9F4B', '9C'] }",
        "terminal-object mine.toml:6:38",
    ),
    (
        "phone",
        "[application.visa.data]\n9F38 = '9F0206 9F0306 9F1A02 9505 5F2A02 9A03 9C01 9F3704'",
        "pdol-missing mine.toml:4:8",
    ),
    (
        "phone",
        "[application.visa.data]\n9F38 = '9F6604 9F0206 9F0306 9F1A02 9505 5F2A02 9A03 9F3704'",
        "pdol-cryptogram mine.toml:4:8",
    ),
    (
        "credit",
        "[application.visa.data]\n9F38 = '9F6604 9F0206 9F3704'\n[application.visa.cryptogram]\nversion = 17",
        "pdol-fdda mine.toml:4:8",
    ),
    (
        "phone",
        "[application.visa.data]\n9F38 = '9F6604 9F0206 9F0306 9F1A02 9505 5F2A02 9A03 9C01 9F3704 5A08'",
        "pdol-entry mine.toml:4:8",
    ),
    (
        "phone",
        "[application.visa.data]\n9F38 = '9F6604 9F0206 9F0306 9F1A02 9505 5F2A02 9A03 9C01 9F3708'",
        "pdol-entry mine.toml:4:8",
    ),
    (
        "phone",
        "[application.visa.data]\n9F38 = '9F6604 9F0206 9F0306 9F1A02 9505 5F2A02 9A03 9C01 9F3704 9F4EFF'",
        "pdol-length mine.toml:4:8",
    ),
    ("phone", "[application.visa.data]\n9F0A = 'LONG'", "answer-size mine.toml:3:14"),
    (
        "credit",
        "[application.visa.data]\n9F0A = 'LONG'\n[application.visa.fci]\ndiscretionary = ['9F5A']\n[application.visa.records]\n'2.3' = { objects = ['90', '9F0A'] }",
        "record-size mine.toml:8:21",
    ),
    ("phone", "[application.visa.gpo]\nformat = 1", "gpo-format mine.toml:4:10"),
    ("phone", "[application.visa.records]\n'2.1' = { objects = ['5A'] }", "afl-unread mine.toml:4:9"),
    ("credit", "[application.visa.data]\n94 = '10040101'", "afl-format mine.toml:4:6"),
    ("credit", "[application.visa.data]\n94 = '10010501'", "afl-record mine.toml:4:6"),
    ("credit", "[application.visa.data]\n94 = '10010400'", "afl-signed mine.toml:4:6"),
    (
        "credit",
        "[application.visa.records]\n'2.4' = false\n'12.1' = { objects = ['9F69', '9F4B'] }",
        "record-file mine.toml:5:10",
    ),
    (
        "credit",
        "[application.visa.gpo]\nonline = ['82', '94', '57', '5F34', '9F10', '9F27', '9F36', '9F6C', '9F6E']",
        "mandatory-object mine.toml:4:10",
    ),
    (
        "credit",
        "[application.visa.gpo]\ndecline = ['82', '5F34', '9F10', '9F26', '9F36', '9F6C', '9F6E']",
        "mandatory-object mine.toml:4:11",
    ),
    (
        "credit",
        "[application.visa.records]\n'2.4' = { objects = ['9F69', '9F4B', '57'] }",
        "duplicate-object mine.toml:4:38",
    ),
    (
        "credit",
        "[application.visa.records]\n'2.4' = { objects = ['9F69', '9F4B', '9F38'] }",
        "duplicate-object mine.toml:4:38",
    ),
    ("phone", "[application.visa.data]\n9F10 = '06012203A00000'", "iad-format mine.toml:4:8"),
    (
        "debit-offline",
        "[application.visa.records]\n'2.1' = { objects = ['5A', '5F28', '9F07', '9F4A'] }",
        "expiry-missing visa/debit-offline:18:11",
    ),
    (
        "debit-offline",
        "[application.visa.data]\n5F24 = { date = '2025-12-31' }\n57 = '4012888888881881 D 2512 201'",
        "expired mine.toml:4:8",
    ),
    ("phone", "[application.visa.data]\n5F25 = { date = '2031-01-01' }", "dates mine.toml:4:8"),
    (
        "credit",
        "[application.visa.records]\n'2.1' = { objects = ['5A', '5F24', '9F07', '9F4A'] }",
        "usage-country visa/credit:22:10",
    ),
    ("phone", "[application.visa.data]\n5F28 = 280", "country mine.toml:4:8"),
    ("phone", "[application.visa.risk]\ncurrency = 111", "currency mine.toml:4:12"),
    (
        "phone",
        "[application.visa.data]\n5A = '4761739001010011'\n57 = '4761739001010011 D 3012 201 0000012300000 F'",
        "pan-luhn mine.toml:4:6",
    ),
    (
        "phone",
        "allow_any_pan = true\n[application.visa.data]\n5A = '4929000000000000'\n57 = '4929000000000000 D 3012 201'",
        "pan-test mine.toml:5:6",
    ),
    (
        "phone",
        "[application.visa.data]\n57 = '4761739001010010 D 3012 201 0000012300000 F'",
        "track-2-pan mine.toml:4:6",
    ),
    (
        "phone",
        "[application.visa.data]\n57 = '4761739001010119 D 3011 201 0000012300000 F'",
        "track-2-expiry mine.toml:4:6",
    ),
    (
        "phone",
        "[application.visa.data]\n57 = '4761739001010119 D 3012 221 0000012300000 F'",
        "track-2-service-code mine.toml:4:6",
    ),
    (
        "phone",
        "[application.visa.data]\n57 = '4761739001010119 D 3012 101 0000012300000 F'\n5F30 = 101",
        "service-code mine.toml:4:6",
    ),
    (
        "credit",
        "[application.visa.gpo]\nonline = ['82', '94', '57', '9F10', '9F26', '9F27', '9F36', '9F6C']\n\
         decline = ['82', '57', '9F10', '9F26', '9F36', '9F6C']",
        "sequence-number visa/credit:15:10",
    ),
    ("credit", "[application.visa.data]\n82 = '0000'", "aip-dda mine.toml:4:6"),
    ("credit", "[application.visa.records]\n'2.4' = { objects = ['9F69'] }", "aip-dda-unsigned visa/credit:23:8"),
    ("credit", "[application.visa.data]\n82 = '6000'", "aip-sda mine.toml:4:6"),
    ("phone", "[application.visa.data]\n82 = '0080'", "aip-mag-stripe mine.toml:4:6"),
    (
        "debit-offline",
        "[application.visa.data]\n82 = '0000'\n[application.visa.records]\n'2.4' = { objects = ['9F69'] }",
        "oda-missing visa/debit-offline:18:11",
    ),
    (
        "credit",
        "[application.visa.records]\n'2.2' = { objects = ['8F', '92', '9F32', '9F46', '9F48'] }",
        "oda-object visa/credit:43:30",
    ),
    ("credit", "[application.visa.data]\n9F4A = '8294'", "sda-tag-list mine.toml:4:8"),
    (
        "credit",
        "[application.visa.records]\n'2.1' = { objects = ['5A', '5F24', '5F28', '9F07'] }",
        "sda-tag-list visa/credit:24:10",
    ),
    ("credit", "[application.visa.data]\n9F69 = '00 01020304 0000 00'", "card-authentication-data mine.toml:4:8"),
    ("credit", "[application.visa.data]\n9F69 = '01 01020304 2800 00'", "card-authentication-data mine.toml:4:8"),
    (
        "credit",
        "[application.visa.records]\n'2.3' = { objects = ['9F69'] }\n'2.4' = { objects = ['9F4B'] }\n'2.5' = { objects = ['90'] }",
        "card-authentication-data-place mine.toml:4:22",
    ),
    (
        "credit",
        "[application.visa.gpo]\nonline = ['82', '94', '57', '5F34', '9F10', '9F26', '9F27', '9F36']\n\
         decline = ['82', '57', '5F34', '9F10', '9F26', '9F36']",
        "ctq-missing mine.toml:4:10",
    ),
    (
        "debit-offline",
        "[application.visa.data]\n82 = '4000'\nCTQ = '0080'\n9F45 = '0001'\n[application.visa.records]\n\
         '2.2' = { objects = ['8F', '92', '9F32'] }\n'2.4' = { objects = ['93'] }",
        "ctq-device-without-proof mine.toml:5:7",
    ),
    ("credit", "[application.visa.data]\nCTQ = '8080'", "ctq-pin-and-device mine.toml:4:7"),
    ("phone", "[application.visa.data]\nCTQ = '2080'", "ctq-no-effect mine.toml:4:7"),
    ("credit", "[application.visa.keys]\ncard = 'broken'", "key mine.toml:4:8"),
    (
        "credit",
        "[application.visa.keys]\nca = 'visa-ca-e2'\nissuer = 'visa-issuer-a'\ncard = 'long-card'",
        "key-lengths mine.toml:6:8",
    ),
    ("credit", "[application.visa.keys]\nissuer = 'long-issuer'", "key-record mine.toml:4:10"),
    ("credit", "[application.visa.keys]\nca = 'ca-unknown'", "ca-key-unknown mine.toml:4:6"),
    ("credit", "[application.visa.data]\n9F32 = '010001'", "certificate-chain mine.toml:4:8"),
    ("sda", "[application.visa.data]\n93 = '5A'", "static-signature mine.toml:4:6"),
    ("credit", "[application.visa.data]\n9F4B = '5A5A'", "dynamic-signature mine.toml:4:8"),
    ("credit", "[application.visa.certificates]\nexpiry = '0126'", "certificate-expired mine.toml:4:10"),
    ("credit", "[application.visa.certificates]\nexpiry = '1128'", "certificate-expiry mine.toml:4:10"),
    ("credit", "[application.visa.certificates]\nexpiry = '0136'", "certificate-expiry mine.toml:4:10"),
];

/// What is wrong with a case, if anything is.
fn card_case((base, lines, expected): &(&str, &str, &str)) -> Option<String> {
    let lines = lines.replace("LONG", &"AB".repeat(200));
    let base = if base.contains('/') { (*base).to_owned() } else { format!("visa/{base}") };
    let text = format!("schema = \"emvtap.card/1\"\nextends = \"{base}\"\n{lines}");
    let found = said(&check_card("mine.toml", &text, today())).join("; ");
    (found != *expected).then(|| format!("{lines}\n  expected {expected}\n  found    {found}"))
}

#[test]
fn each_defect_of_a_card_is_found_at_its_place() {
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let parts: Vec<_> = CARDS
            .chunks(CARDS.len().div_ceil(4))
            .map(|part| scope.spawn(move || part.iter().filter_map(card_case).collect::<Vec<_>>()))
            .collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
