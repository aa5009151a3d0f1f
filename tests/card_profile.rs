//! Card profiles: what is read, what is refused and how that is said.

use emvtap::{
    card::{Profile, builtin},
    diag::Problem,
    tlv::Tag,
};

/// A variant of a built-in profile: these lines after the two that every variant has.
fn variant(lines: &str) -> Result<Profile, Problem> {
    let text = format!("schema = \"emvtap.card/1\"\nextends = \"visa/credit\"\n{lines}");
    Profile::parse("mine.toml", &text, &|_| None)
}

#[test]
fn every_built_in_profile_loads_and_is_consistent() {
    let names = builtin::names();
    assert!(names.len() > 50 && names.contains(&"visa-credit".to_owned()) && names.is_sorted());
    for name in names {
        let profile = Profile::builtin(&name).unwrap_or_else(|problem| panic!("{problem}"));
        assert!(!profile.title.is_empty() && !profile.description.is_empty(), "{name}");
        for application in &profile.applications {
            let text = |tag| hex::encode(&application.data[&Tag::new(tag)]);
            let track_2 = text(0x57);
            let (pan, rest) = track_2.split_once('d').unwrap();
            let card_number = text(0x5A);
            if name != "visa-two-pans" {
                assert_eq!(pan, card_number.trim_end_matches('f'), "{name}: track 2 has the PAN");
            }
            assert_eq!(rest[..4], text(0x5F24)[..4], "{name}: track 2 has the expiry date");
            if application.data.contains_key(&Tag::new(0x5F30)) {
                assert_eq!(rest[4..7], text(0x5F30)[1..], "{name}: track 2 has the service code");
            }
            assert!(is_luhn(pan), "{name}: the last digit of the PAN checks");
        }
    }
}

fn is_luhn(digits: &str) -> bool {
    let digit = |(at, c): (usize, char)| match c.to_digit(10).unwrap() * if at % 2 == 1 { 2 } else { 1 } {
        large @ 10.. => large - 9,
        small => small,
    };
    digits.chars().rev().enumerate().map(digit).sum::<u32>() % 10 == 0
}

#[test]
fn a_variant_states_only_what_differs() {
    let profile =
        variant("[application.visa.data]\nCTQ = \"8000\"\n\"Form Factor Indicator (FFI)\" = \"23000000\"\n").unwrap();
    let application = &profile.applications[0];
    assert_eq!(application.data[&Tag::new(0x9F6C)], [0x80, 0x00]);
    assert_eq!(application.data[&Tag::new(0x9F6E)], [0x23, 0, 0, 0]);
    assert_eq!(application.data[&Tag::new(0x82)], [0x20, 0x00]);
    assert_eq!(profile.title, "Visa credit");
}

#[test]
fn false_takes_a_key_of_the_base_away() {
    let profile =
        variant("[application.visa.data]\n\"5F20\" = false\n[application.visa.records.\"2.1\"]\nobjects = [\"5A\"]\n")
            .unwrap();
    let application = &profile.applications[0];
    assert!(!application.data.contains_key(&Tag::new(0x5F20)));
    let record = application.records.values().next().unwrap();
    assert!(record.oda, "what the variant does not state stays");
    assert_eq!(record.objects, [Tag::new(0x5A)]);
}

#[test]
fn numbers_dates_and_text_become_the_objects_own_format() {
    let profile = variant(
        "[application.visa.data]\n\"9F5D\" = 12345\n\"5F28\" = 56\n\"5F24\" = { date = \"2031-02-28\" }\n\
         \"50\" = { text = \"VISA\" }\n",
    )
    .unwrap();
    let data = &profile.applications[0].data;
    assert_eq!(data[&Tag::new(0x9F5D)], [0, 0, 0, 1, 0x23, 0x45]);
    assert_eq!(data[&Tag::new(0x5F28)], [0x00, 0x56]);
    assert_eq!(data[&Tag::new(0x5F24)], [0x31, 0x02, 0x28]);
    assert_eq!(data[&Tag::new(0x50)], *b"VISA");
}

#[test]
fn a_profile_may_extend_one_that_the_caller_knows() {
    let base = "schema = \"emvtap.card/1\"\nextends = \"visa/phone\"\ntitle = \"Base\"\n";
    let text = "schema = \"emvtap.card/1\"\nextends = \"base.toml\"\ndescription = \"mine\"\n";
    let profile = Profile::parse("mine.toml", text, &|name| (name == "base.toml").then(|| base.to_owned())).unwrap();
    assert_eq!((profile.title.as_str(), profile.description.as_str()), ("Base", "mine"));
    assert!(profile.applications[0].records.is_empty());
}

#[test]
fn a_real_pan_needs_permission() {
    let pan = "[application.visa.data]\n\"5A\" = \"4929000000000006\"\n\"57\" = \"4929000000000006 D 3012 201\"\n";
    assert_eq!(
        variant(pan).unwrap_err().to_string(),
        "mine.toml:5:8: the PAN 492900******0006 in 57 is in no published test range\n  |\n\
         5 | \"57\" = \"4929000000000006 D 3012 201\"\n  |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n\n\
         hint: take a test PAN such as 4761739001010010, or say `allow_any_pan = true`"
    );
    assert!(variant(&format!("allow_any_pan = true\n{pan}")).is_ok());
}

/// Line, column, message, hint of what is wrong with lines 3 and following of a variant of `visa/credit`.
const REFUSED: &[(&str, usize, usize, &str, Option<&str>)] = &[
    ("titel = \"x\"", 3, 1, "unknown key `titel`", Some("did you mean `title`?")),
    ("[application.visa.data]\nCTX = \"00\"", 4, 1, "unknown data object `CTX`", Some("did you mean `CTQ`?")),
    (
        "[application.visa.data]\n\"9F6\" = \"00\"",
        4,
        1,
        "unknown data object `9F6`",
        Some("write the tag in hex, or the object's name"),
    ),
    ("[application.visa.data]\n\"9F6C\" = \"800\"", 4, 10, "an odd number of hex digits: 3", None),
    ("[application.visa.data]\n\"9F6C\" = \"8O00\"", 4, 10, "`O` is no hex digit", None),
    (
        "[application.visa.data]\n\"9F6C\" = 8000",
        4,
        10,
        "9F6C is not numeric with a fixed length; write its bytes as a hex string",
        None,
    ),
    ("[application.visa.data]\n\"5F34\" = 100", 4, 10, "5F34 has at most 2 digits", None),
    (
        "[application.visa.data]\n\"5F24\" = { date = \"2030-02-30\" }",
        4,
        19,
        "`2030-02-30` is no date like 2035-12-31",
        None,
    ),
    (
        "[application.visa.data]\n\"5F24\" = { dat = \"2030-12-31\" }",
        4,
        12,
        "unknown value `dat`",
        Some("did you mean `date`?"),
    ),
    ("[application.visa]\naid = \"A0000003\"", 4, 7, "an AID has 5 to 16 bytes, found 4", None),
    (
        "[application.visa.keys]\nissuer = \"visa-isuer-a\"",
        4,
        10,
        "there is no key `visa-isuer-a`",
        Some("did you mean `visa-issuer-a`?"),
    ),
    (
        "[application.visa.keys]\nissuer = \"visa-card-a\"",
        4,
        10,
        "`visa-card-a` is a key of kind card, wanted issuer",
        None,
    ),
    ("[application.visa.cryptogram]\nversion = 14", 4, 11, "wanted cryptogram version 10, 17, 18 or 22", None),
    (
        "[application.visa.gpo]\nonline = [\"82\", \"9F7C\"]",
        4,
        17,
        "9F7C has no value",
        Some("give it a value in `data`"),
    ),
    (
        "[application.visa.gpo]\nonline = [\"82\", \"9F5D\"]",
        4,
        17,
        "9F5D has no value",
        Some("it needs `risk.offline-total`, or a value in `data`"),
    ),
    (
        "[application.visa.records]\n\"2.1\" = { oda = true, objects = [\"5A\", \"9F46\"] }",
        4,
        40,
        "record 2.1 is signed, so it cannot hold 9F46",
        None,
    ),
    (
        "[application.visa.records]\n\"31.1\" = { objects = [] }",
        4,
        1,
        "`31.1` is no record; wanted a file from 1 to 30, a dot, a record number",
        None,
    ),
    (
        "[application.visa.risk]\ndecision = \"maybe\"",
        4,
        12,
        "unknown value `maybe`",
        Some("known are online, offline, decline"),
    ),
    ("[application.visa.gpo]\nformat = 3", 4, 10, "wanted response format 1 or 2", None),
];

#[test]
fn mistakes_are_shown_at_their_place() {
    for (lines, line, column, message, hint) in REFUSED {
        let problem = variant(lines).err().unwrap_or_else(|| panic!("{lines} was accepted"));
        let at = problem.position.clone().unwrap_or_else(|| panic!("{problem}"));
        let found = (problem.file.as_str(), at.line, at.column, problem.message.as_str(), problem.hint.as_deref());
        assert_eq!(found, ("mine.toml", *line, *column, *message, *hint), "\n{problem}");
    }
}

#[test]
fn a_mistake_in_a_base_is_shown_in_the_base() {
    let base = "schema = \"emvtap.card/1\"\nextends = \"visa/credit\"\n[application.visa.risk]\nlimit = 3\n";
    let text = "schema = \"emvtap.card/1\"\nextends = \"base.toml\"\n";
    let problem =
        Profile::parse("mine.toml", text, &|name| (name == "base.toml").then(|| base.to_owned())).unwrap_err();
    assert_eq!((problem.file.as_str(), problem.position.unwrap().line), ("base.toml", 4));
}

#[test]
fn extends_must_lead_somewhere_and_end() {
    let parse = |base: &str, texts: &dyn Fn(&str) -> Option<String>| {
        let text = format!("schema = \"emvtap.card/1\"\nextends = \"{base}\"\n");
        Profile::parse("mine.toml", &text, texts).unwrap_err()
    };
    let unknown = parse("visa/credti", &|_| None);
    assert_eq!(unknown.message, "there is no profile `visa/credti`");
    assert_eq!(unknown.hint.as_deref(), Some("did you mean `visa-credit`?"));
    assert_eq!(unknown.position.map(|at| (at.line, at.column)), Some((2, 11)));

    let round = |name: &str| Some(format!("extends = \"{}\"\n", if name == "a" { "b" } else { "a" }));
    let cycle = parse("a", &round);
    assert_eq!(cycle.message, "`a` extends itself in the end");
    assert_eq!((cycle.file.as_str(), cycle.position.map(|at| at.line)), ("b", Some(1)));
}

#[test]
fn the_wrong_kind_of_file_is_refused() {
    let problem =
        Profile::parse("x.toml", "schema = \"emvtap.terminal/1\"\nextends = \"visa/credit\"\n", &|_| None).unwrap_err();
    assert_eq!(problem.message, "wanted schema `emvtap.card/1`, found `emvtap.terminal/1`");
    assert_eq!(problem.position.map(|at| (at.line, at.column)), Some((1, 10)));
}
