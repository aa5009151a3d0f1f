//! Terminal profiles: what is read, what is refused and how that is said.

use emvtap::{
    data::Amount,
    diag::Problem,
    terminal::{Terminal, names},
    tlv::Tag,
};

const HEAD: &str =
    "schema = \"emvtap.terminal/1\"\ntitle = \"a till\"\ncountry = \"056\"\ncurrency = \"EUR\"\ntype = \"22\"\n";
const COMBINATION: &str = "[[combination]]\naids = [\"A0000000031010\"]\nkernel = \"03\"\n";

fn read(lines: &str) -> Result<Terminal, Problem> {
    Terminal::from_text("till.toml", &format!("{HEAD}{lines}"))
}

#[test]
fn every_built_in_terminal_loads_and_serves_purchases() {
    assert!(names().contains(&"retail-attended"));
    for name in names() {
        let terminal = Terminal::builtin(name).unwrap().unwrap_or_else(|problem| panic!("{problem}"));
        assert!(!terminal.title.is_empty() && !terminal.description.is_empty(), "{name}");
        let configuration = terminal.configuration();
        let purchases = configuration.tables.iter().find(|table| table.transaction_types.contains(&0x00)).unwrap();
        assert!(!purchases.combinations.is_empty(), "{name}");
        assert!(!configuration.trust.ca_keys.is_empty(), "{name}");
    }
    assert!(Terminal::builtin("retail-attende").is_none());
}

#[test]
fn limits_are_written_in_major_units() {
    let terminal = read(&format!("{COMBINATION}floor-limit = \"12.5\"\nterminal-floor-limit = \"25.00\"\n")).unwrap();
    let entry = *terminal.combinations[0].entry();
    assert_eq!(entry.floor_limit, Amount::new(1250));
    assert_eq!(entry.terminal_floor_limit, Some(2500));
    assert_eq!((entry.transaction_limit, entry.status_check), (None, None));
}

#[test]
fn a_program_has_limits_of_its_own() {
    let limits = "[[combination.dynamic-limits]]\nprogram-id = \"3109\"\nstatus-check = true\nfloor-limit = \"5.00\"\n";
    let terminal = read(&format!("{COMBINATION}floor-limit = \"1.00\"\n{limits}")).unwrap();
    let combination = &terminal.combinations[0];
    assert!(combination.entry().dynamic_reader_limits);
    let [program] = combination.dynamic_limits() else { panic!("{combination:?}") };
    assert_eq!((&program.program_id[..], program.floor_limit), (&[0x31, 0x09][..], Amount::new(500)));
    assert_eq!((program.status_check, program.zero_amount_allowed, program.transaction_limit), (true, None, None));
    let empty = read(&format!("{COMBINATION}dynamic-limits = []\n")).unwrap();
    assert!(empty.combinations[0].entry().dynamic_reader_limits);
    for (lines, message) in [
        ("program-id = \"\"\n", "1 to 16 bytes, this one has 0"),
        ("program-id = \"31\"\nfloor-limit = \"1.234\"\n", "no amount in EUR"),
        ("program-id = \"31\"\nttq = \"26000000\"\n", "unknown key `ttq`"),
    ] {
        let problem = read(&format!("{COMBINATION}[[combination.dynamic-limits]]\n{lines}")).unwrap_err();
        assert!(problem.message.contains(message) && problem.position.is_some(), "{problem}");
    }
}

#[test]
fn the_exception_file_names_accounts_and_cards() {
    let terminal =
        read(&format!("exceptions = [\"4761739001010010\", \"4761739001010119/01\"]\n{COMBINATION}")).unwrap();
    let exceptions: Vec<_> = terminal
        .trust()
        .exceptions
        .iter()
        .map(|entry| (entry.pan.reveal().to_owned(), entry.sequence_number))
        .collect();
    assert_eq!(exceptions, [("4761739001010010".to_owned(), None), ("4761739001010119".to_owned(), Some(0x01))]);
    for wrong in ["", "476173900101001X", "4761739001010010/", "4761739001010010/1", "47617390010100101234", "/01"] {
        let problem = read(&format!("exceptions = [\"{wrong}\"]\n{COMBINATION}")).unwrap_err();
        assert!(problem.message.contains("is no card"), "{problem}");
    }
}

#[test]
fn objects_go_by_name_and_by_tag() {
    let data = "[data]\n\"Merchant Category Code\" = 5999\n9F4E = { text = \"SHOP\" }\n";
    let terminal = read(&format!("{data}{COMBINATION}")).unwrap();
    let objects = terminal.data();
    let value = |tag| objects.iter().find(|(known, _)| *known == Tag::new(tag)).map(|(_, value)| value.as_slice());
    assert_eq!(value(0x9F15), Some(&[0x59, 0x99][..]));
    assert_eq!(value(0x9F4E), Some(&b"SHOP"[..]));
    assert_eq!(value(0x9F1A), Some(&[0x00, 0x56][..]));
    assert_eq!(value(0x5F2A), Some(&[0x09, 0x78][..]));
}

#[test]
fn an_override_reaches_the_place_where_the_object_is_configured() {
    let mut terminal = read(&format!("{COMBINATION}ttq = \"36004000\"\n")).unwrap();
    terminal.set(Tag::new(0x9F66), &[0x28, 0, 0, 0]).unwrap();
    terminal.set(Tag::new(0x9F1B), &[0, 0, 0x10, 0]).unwrap();
    let entry = *terminal.combinations[0].entry();
    assert_eq!((entry.ttq, entry.terminal_floor_limit), (Some([0x28, 0, 0, 0]), Some(4096)));
    assert!(terminal.set(Tag::new(0x9F66), &[0x28]).unwrap_err().contains("4 bytes"));
}

#[test]
fn a_ca_of_ones_own_stands_in_the_profile_and_its_checksum_must_fit() {
    let modulus = [
        "DB55282F06AD966523A816219CC30B34F110FB98FB52F12F93EA8476367088C777441640CB6EF2879D2479398B5CE4A4",
        "2DF8C23EC37FE8EB5F151CBF02CB0B475CCB0D4EB72FB7BEE417421214ACEA69DD05A50F1B1F4DC8FD90AA3E1070B06D",
    ];
    let key = format!(
        "[[ca-key]]\nrid = \"A000000003\"\nindex = \"E7\"\nexponent = \"03\"\nchecksum = \
         \"B2ACBD409C20D6F5412BFF3DD5F29523DBE8A0A4\"\nmodulus = \"{}\"\n",
        modulus.concat()
    );
    let terminal = read(&format!("ca-keys = [\"emvtap-test\"]\n{key}{COMBINATION}")).unwrap();
    assert_eq!(terminal.trust().ca_key(&[0xA0, 0, 0, 0, 3], 0xE7).map(|ca| ca.key.len()), Some(96));
    let problem = read(&format!("{}{COMBINATION}", key.replacen("B2AC", "0000", 1))).unwrap_err();
    assert_eq!(problem.position.as_ref().map(|at| at.line), Some(6), "{problem}");
    assert!(problem.message.contains("the checksum of CA key A000000003 E7 does not fit"), "{problem}");
}

#[test]
fn a_mistake_is_shown_at_its_place() {
    for (lines, line, column, message, hint) in [
        ("ca-kyes = []\n", 6, 1, "unknown key `ca-kyes`", "did you mean `ca-keys`?"),
        ("ca-keys = [\"emvtap-tset\"]\n", 6, 12, "there is no list of CA keys `emvtap-tset`", "`emvtap-test`"),
        ("[data]\n\"Merchant Categry Code\" = 1\n", 7, 1, "names no data object", ""),
        ("[data]\n9F15 = \"59\u{20}9\"\n", 7, 8, "an odd number of hex digits: 3", ""),
        ("[data]\n9F4E = { text = \"CAFÉ\" }\n", 7, 8, "is not ASCII", ""),
        ("[data]\n9F15 = 123456\n", 7, 8, "at most 4 digits", ""),
    ] {
        let problem = read(&format!("{lines}{COMBINATION}")).unwrap_err();
        let at = problem.position.as_ref().unwrap_or_else(|| panic!("{problem}"));
        assert_eq!((at.line, at.column), (line, column), "{problem}");
        assert!(problem.message.contains(message), "{problem}");
        assert!(problem.hint.as_deref().unwrap_or_default().contains(hint), "{problem}");
    }
    for (line, message) in [
        ("floor-limit = \"1.234\"\n", "no amount in EUR"),
        ("terminal-floor-limit = \"99999999.00\"\n", "does not fit"),
        ("ttq = \"3600\"\n", "wanted 4 bytes, found 2"),
        ("types = [\"purchas\"]\n", "known are purchase, cashback, refund, cash"),
        ("flor-limit = \"1.00\"\n", "unknown key `flor-limit`"),
    ] {
        let problem = read(&format!("{COMBINATION}{line}")).unwrap_err();
        assert_eq!(problem.position.as_ref().map(|at| at.line), Some(9), "{problem}");
        assert!(problem.message.contains(message), "{problem}");
    }
    let problem = read("[[combination]]\naids = [\"A0000000031010\"]\nkernel = \"7F\"\n").unwrap_err();
    assert!(problem.message.contains("there is no kernel 7F"), "{problem}");
    let other = "[[combination]]\naids = [\"A0000000031010\"]\nkernel = \"810978\"\nimplemented-by = ";
    let terminal = read(&format!("{other}\"03\"\n")).unwrap();
    let [combination, ..] = &terminal.configuration().tables[0].combinations[..] else { panic!("{terminal:?}") };
    assert_eq!(combination.kernel_id.bytes(), [0x81, 0x09, 0x78], "what Entry Point goes by");
    let problem = read(&format!("{other}\"7F\"\n")).unwrap_err();
    assert!(problem.message.contains("there is no kernel 7F"), "{problem}");
    let problem = read("[[combination]]\naids = [\"A000\"]\nkernel = \"03\"\n").unwrap_err();
    assert!(problem.message.contains("5 to 16 bytes"), "{problem}");
}
