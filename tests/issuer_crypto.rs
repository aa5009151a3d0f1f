//! Known answers for issuer cryptography: `test-vectors/primitives/{issuer,values,key_blocks,roca,dukpt}.json`, computed by
//! other people's packages (`tests/oracle/vectors.py`) or published with a standard.

use std::{collections::BTreeSet, path::Path};

use emvtap::{
    bytes::Hex,
    crypto::{
        SymmetricKey,
        aes::AesKey,
        check_value::{aes_check_value, aes_zero_check_value, des_check_value, des_cmac_check_value},
        cryptogram::{CryptogramData, IssuerAnswer},
        cvc3::{CardData, cvc3, cvv, dcvv, ivcvc3},
        des::{Padding, has_odd_parity, with_odd_parity},
        diagnose::{Change, Holds, Question, diagnose},
        dukpt::{self, DukptError, KeyType, KeyUsage},
        key_block::{self, Header, KeyBlockError, OptionalBlock},
        messaging::{Script, visa_pin_block},
        method::{Mac, Method},
        pin_block::{PinBlockError, PinBlockFormat, decipher_4, encipher_4},
        roca::is_suspicious,
        scheme::{VERSIONS, Version},
        tdea::Tdea,
        tree::Tree,
    },
};
use serde_json::Value;

/// One case, read field by field; a missing field names the case.
struct Case(Value);

impl Case {
    fn text(&self, field: &str) -> &str {
        self.0[field].as_str().unwrap_or_else(|| panic!("case {} has no {field}", self.0["id"]))
    }

    fn hex(&self, field: &str) -> Vec<u8> {
        hex::decode(self.text(field)).unwrap_or_else(|error| panic!("case {}, {field}: {error}", self.0["id"]))
    }

    fn array<const N: usize>(&self, field: &str) -> [u8; N] {
        self.hex(field).try_into().unwrap_or_else(|_| panic!("case {}, {field}: not {N} bytes", self.0["id"]))
    }

    fn pan(&self) -> Vec<u8> {
        let digits = self.text("pan");
        hex::decode(if digits.len() % 2 == 1 { format!("{digits}F") } else { digits.to_owned() }).unwrap()
    }

    fn aes(&self, field: &str) -> AesKey {
        AesKey::from_bytes(&self.hex(field)).unwrap()
    }

    fn version(&self) -> &'static Version {
        Version::named(self.text("version")).unwrap()
    }

    fn secret(&self, field: &str) -> SymmetricKey {
        let key = self.hex(field);
        if self.version().is_aes() { SymmetricKey::aes(&key).unwrap() } else { SymmetricKey::triple_des(&key).unwrap() }
    }

    fn data<'a>(&self, iad: &'a [u8]) -> CryptogramData<'a> {
        let [transaction_type] = self.array("transaction_type");
        CryptogramData {
            amount: self.array("amount"),
            amount_other: self.array("amount_other"),
            country: self.array("country"),
            tvr: self.array("tvr"),
            currency: self.array("currency"),
            date: self.array("date"),
            transaction_type,
            unpredictable_number: self.array("unpredictable_number"),
            aip: self.array("aip"),
            atc: self.array("atc"),
            iad,
        }
    }
}

fn cases(file: &str) -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("test-vectors/primitives").join(file);
    let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut ids = BTreeSet::new();
    for case in &cases {
        assert!(ids.insert(case["id"].to_string()), "{file}: {} twice", case["id"]);
        assert!(!case["source"].as_str().unwrap_or_default().is_empty());
    }
    assert!(!cases.is_empty(), "{file}");
    cases.into_iter().map(Case).collect()
}

#[track_caller]
fn assert_hex(case: &Case, field: &str, found: &[u8]) {
    assert_eq!(Hex(found).to_string(), case.text(field), "{} {field} ({})", case.text("id"), case.text("source"));
}

#[test]
fn every_version_gives_the_cryptogram_and_the_answer_of_others() {
    let mut seen = BTreeSet::new();
    for case in cases("issuer.json") {
        let (version, iad, [psn]) = (case.version(), case.hex("iad"), case.array("psn"));
        seen.insert(version.name);
        let (method, data) = (version.method, case.data(&iad));
        let card = method.card_key.derive(&case.secret("key"), &case.pan(), psn).unwrap();
        let cryptogram = method.cryptogram(&card, &data).unwrap();
        assert_hex(&case, "cryptogram", &cryptogram);
        let answer = IssuerAnswer { response_code: case.array("response_code"), csu: case.array("csu") };
        let key = method.arpc_key(&card, data.atc, data.unpredictable_number).unwrap();
        assert_hex(&case, "arpc", &method.arpc.compute(&key, cryptogram, answer, &[]).unwrap());
        assert_eq!(Version::of_iad(version.rid.first().copied(), &iad), Some(version), "{}", case.text("id"));
    }
    assert_eq!(seen.len(), VERSIONS.len(), "a version without known answers");
}

#[test]
fn every_version_protects_scripts_as_others_do() {
    for case in cases("issuer.json") {
        let (version, [psn]) = (case.version(), case.array("psn"));
        let session = |field| {
            let card = version.method.card_key.derive(&case.secret(field), &case.pan(), psn).unwrap();
            version.messaging.session_key(&card, case.array("atc"), case.array("cryptogram")).unwrap()
        };
        let data = case.hex("script_data");
        let script = Script {
            header: case.array("header"),
            atc: case.array("atc"),
            arqc: case.array("cryptogram"),
            data: &data,
        };
        assert_hex(&case, "script_mac", &version.messaging.mac(&session("integrity_key"), script).unwrap());
        let key = session("confidentiality_key");
        let enciphered = version.messaging.encipher(&key, &data).unwrap();
        assert_hex(&case, "enciphered", &enciphered);
        assert_eq!(version.messaging.decipher(&key, &enciphered), Some(data), "{}", case.text("id"));
    }
}

#[test]
fn single_values() {
    for case in cases("values.json") {
        let operation = case.text("operation");
        match operation {
            "pin-block-0" | "pin-block-1" | "pin-block-2" | "pin-block-3" => pin_block(&case),
            "pin-block-4" => {
                let (key, pan) = (case.aes("key"), case.0["pan"].as_str().unwrap());
                assert_eq!(decipher_4(&key, case.array("result"), pan).as_deref(), Ok(case.text("pin")));
                let again = encipher_4(&key, case.text("pin"), pan, [7; 8]).unwrap();
                assert_eq!(decipher_4(&key, again, pan).as_deref(), Ok(case.text("pin")));
            }
            "kcv-des" => assert_hex(&case, "result", &des_check_value(&case.hex("key")).unwrap()),
            "kcv-aes" => assert_hex(&case, "result", &aes_check_value(&case.aes("key"))),
            "kcv-aes-zero" => assert_hex(&case, "result", &aes_zero_check_value(&case.aes("key"))),
            "odd-parity" => match case.hex("key").len() {
                16 => parity::<16>(&case),
                24 => parity::<24>(&case),
                _ => parity::<32>(&case),
            },
            "tree-4" => assert_hex(&case, "result", &Tree::FOUR.session_key(&case.array("key"), case.array("atc"))),
            "tree-2" => assert_hex(&case, "result", &Tree::TWO.session_key(&case.array("key"), case.array("atc"))),
            "cvc3" => {
                let key = case.array("key");
                let iv = ivcvc3(&key, &case.hex("track"));
                let found = cvc3(&key, iv, case.array("unpredictable_number"), case.array("atc"));
                assert_eq!(u16::from_be_bytes(found).to_string(), case.text("result"), "{}", case.text("id"));
            }
            "cvv" | "dcvv" => card_verification_value(&case),
            "visa-pin" | "visa-pin-current" => {
                let current = Some(case.text("current")).filter(|current| !current.is_empty());
                assert_hex(&case, "result", &visa_pin_block(&case.array("key"), case.text("pin"), current).unwrap());
            }
            "mac-1" => {
                let key = SymmetricKey::TripleDes(case.array("key"));
                let found = Mac::Triple(Padding::Iso).compute(&key, &[&case.hex("data")]);
                assert_hex(&case, "result", &found.unwrap());
            }
            "enciphered-pin-block-0" | "enciphered-pin-block-2" | "enciphered-pin-block-3" => enciphered(&case),
            "mac-1-three-parts-1" | "mac-1-three-parts-2" => {
                let padding = if operation.ends_with('1') { Padding::Zero } else { Padding::Iso };
                let found = Tdea::from_bytes(&case.hex("key")).unwrap().mac(padding, &case.hex("data"));
                assert_hex(&case, "result", &found);
            }
            "kcv-des-cmac" => assert_hex(&case, "result", &des_cmac_check_value(&case.hex("key")).unwrap()),
            other => panic!("operation {other}"),
        }
    }
}

fn pin_block(case: &Case) {
    let format = match case.text("operation") {
        "pin-block-0" => PinBlockFormat::Iso0,
        "pin-block-1" => PinBlockFormat::Iso1,
        "pin-block-2" => PinBlockFormat::Iso2,
        _ => PinBlockFormat::Iso3,
    };
    let pan = case.0["pan"].as_str().unwrap_or_default();
    let (pin, block) = (case.text("pin"), case.array("result"));
    assert_eq!(format.decode(block, pan).as_deref(), Ok(pin), "{}", case.text("id"));
    if matches!(format, PinBlockFormat::Iso1 | PinBlockFormat::Iso3) {
        let random = std::array::from_fn(|at| u8::try_from(at).unwrap().wrapping_mul(31));
        let again = format.encode(pin, pan, random).unwrap();
        assert_eq!(format.decode(again, pan).as_deref(), Ok(pin));
        // Everything but the filler is the block of the others.
        let fixed = 2 + pin.len();
        assert_eq!(Hex(&again).to_string()[..fixed.min(4)], case.text("result")[..fixed.min(4)]);
    } else {
        assert_hex(case, "result", &format.encode(pin, pan, [0x55; 14]).unwrap());
    }
}

/// With a triple DES key of two or three parts.
fn enciphered(case: &Case) {
    let format = match case.text("operation") {
        "enciphered-pin-block-0" => PinBlockFormat::Iso0,
        "enciphered-pin-block-2" => PinBlockFormat::Iso2,
        _ => PinBlockFormat::Iso3,
    };
    let cipher = Tdea::from_bytes(&case.hex("key")).unwrap();
    let (clear, pin, pan) = (cipher.decrypt(case.array("result")), case.text("pin"), case.text("pan"));
    assert_eq!(format.decode(clear, pan).as_deref(), Ok(pin), "{}", case.text("id"));
    if format != PinBlockFormat::Iso3 {
        assert_hex(case, "result", &cipher.encrypt(format.encode(pin, pan, [0; 14]).unwrap()));
    }
}

fn parity<const N: usize>(case: &Case) {
    let made = with_odd_parity::<N>(case.array("key"));
    assert_hex(case, "result", &made);
    assert!(has_odd_parity(&made));
}

fn card_verification_value(case: &Case) {
    let data = CardData { pan: case.text("pan"), expiry: case.text("expiry"), service_code: case.text("service_code") };
    let found = match case.text("operation") {
        "cvv" => cvv(&case.array("key"), data),
        _ => dcvv(&case.array("key"), data, u16::from_be_bytes(case.array("counter")), 4),
    };
    assert_eq!(found.unwrap()[..3], *case.text("result"), "{}", case.text("id"));
}

#[test]
fn pin_blocks_that_are_none_say_why() {
    let (pin, pan) = ("1234", "43219876543210987");
    let format = PinBlockFormat::Iso0;
    let block = format.encode(pin, pan, [0; 14]).unwrap();
    let other = format.decode(block, "43219876543299987");
    assert!(matches!(other, Err(PinBlockError::Filler | PinBlockError::Digit)), "{other:?}");
    assert_eq!(PinBlockFormat::Iso3.decode(block, pan), Err(PinBlockError::Format(0)));
    assert_eq!(PinBlockFormat::Iso1.decode([0x13; 8], ""), Err(PinBlockError::Length(3)));
    assert_eq!(PinBlockFormat::Iso1.decode([0x14, 0x1A, 0, 0, 0, 0, 0, 0], ""), Err(PinBlockError::Digit));
    assert_eq!(PinBlockFormat::Iso1.decode([0x14, 0x12, 0x34, 1, 2, 3, 4, 5], ""), Ok(pin.to_owned()));
    assert_eq!(PinBlockFormat::Iso1.encode(pin, "", [0; 14]), Ok([0x14, 0x12, 0x34, 0, 0, 0, 0, 0]));
    assert_eq!(format.encode("123", pan, [0; 14]), Err(PinBlockError::Pin));
    assert_eq!(format.encode("1234567890123", pan, [0; 14]), Err(PinBlockError::Pin));
    assert_eq!(format.encode("12a4", pan, [0; 14]), Err(PinBlockError::Pin));
    assert_eq!(format.encode(pin, "123456789012", [0; 14]), Err(PinBlockError::Pan));
}

#[test]
fn key_blocks_of_others_open_and_ours_are_theirs() {
    for case in cases("key_blocks.json") {
        let (protection, key) = (case.hex("protection_key"), case.hex("key"));
        let opened = key_block::unwrap(&protection, case.text("block")).unwrap_or_else(|error| {
            panic!("{}: {error}", case.text("id"));
        });
        assert_eq!(*opened.key, key, "{}", case.text("id"));
        let header = &opened.header;
        assert_eq!(header.usage, case.text("usage"));
        assert_eq!(
            [header.algorithm, header.mode, header.exportability].map(String::from),
            [case.text("algorithm"), case.text("mode"), case.text("exportability")]
        );
        assert_eq!(header.key_version, case.text("key_version"));
        let optional: Vec<[String; 2]> = serde_json::from_value(case.0["optional"].clone()).unwrap();
        let found: Vec<_> =
            header.optional.iter().map(|block| [block.identifier.clone(), block.data.clone()]).collect();
        assert_eq!(found, optional, "{}", case.text("id"));
        let mut changed = case.text("block").to_owned().into_bytes();
        changed[5] = if changed[5] == b'P' { b'K' } else { b'P' };
        let changed = String::from_utf8(changed).unwrap();
        assert!(matches!(key_block::unwrap(&protection, &changed), Err(KeyBlockError::Mac { .. })));
        if header.version == 'D' {
            let again = key_block::wrap(&case.aes("protection_key"), header, &key, &[9; 14]).unwrap();
            let opened = key_block::unwrap(&protection, &again).unwrap();
            assert_eq!((*opened.key == key, opened.header), (true, header.clone()));
        }
    }
}

#[test]
fn key_blocks_that_are_none_say_why() {
    let case = &cases("key_blocks.json")[0];
    let (protection, block) = (case.hex("protection_key"), case.text("block"));
    let of = |text: &str| key_block::unwrap(&protection, text).err().map(|error| error.to_string());
    assert!(of("").unwrap().contains("there are 0"));
    assert!(of("D0144P0").unwrap().contains("the header says 144 characters, there are 7"));
    assert!(of(&block.replacen('D', "C", 1)).unwrap().contains("version C is not read here"));
    assert!(of(&format!("{}ü", &block[..block.len() - 1])).unwrap().contains("text"));
    assert!(of(&format!("{}Z", &block[..block.len() - 1])).unwrap().contains("no hex"));
    assert!(of(&format!("D00x{}", &block[4..])).unwrap().contains("the length in the header is `00x"));
    assert_eq!(key_block::unwrap(&[0; 15], block).err(), Some(KeyBlockError::ProtectionKey(15)));
    let header = Header {
        version: 'D',
        usage: "P".to_owned(),
        algorithm: 'A',
        mode: 'E',
        key_version: "00".to_owned(),
        exportability: 'E',
        optional: vec![OptionalBlock { identifier: "KS".to_owned(), data: "1".to_owned() }],
    };
    let key = AesKey::from_bytes(&[1; 16]).unwrap();
    assert_eq!(key_block::wrap(&key, &header, &[0; 16], &[]), Err(KeyBlockError::Field("key usage", "P".to_owned())));
}

#[test]
fn fingerprints_of_faulty_keys() {
    for case in cases("roca.json") {
        assert_eq!(Value::from(is_suspicious(&case.hex("modulus"))), case.0["fingerprint"], "{}", case.text("id"));
    }
}

#[test]
fn dukpt_keys() {
    for case in cases("dukpt.json") {
        let (base, identifier) = (case.aes("base_key"), case.array("identifier"));
        let initial = dukpt::initial_key(&base, identifier);
        if case.text("usage") == "initial-key" {
            assert_hex(&case, "result", initial.as_bytes());
            continue;
        }
        let counter = u32::from_be_bytes(case.array("counter"));
        let derivation = dukpt::derivation_key(&initial, identifier, counter, &mut |_, _| ()).unwrap();
        if case.text("usage") == "key-derivation" {
            assert_hex(&case, "result", derivation.as_bytes());
            continue;
        }
        let usage = KeyUsage::WORKING.into_iter().find(|usage| usage.name() == case.text("usage")).unwrap();
        let kind = match case.text("type") {
            "2tdea" => KeyType::TwoKeyTripleDes,
            "3tdea" => KeyType::ThreeKeyTripleDes,
            "aes128" => KeyType::Aes128,
            "aes192" => KeyType::Aes192,
            _ => KeyType::Aes256,
        };
        let found = dukpt::working_key(&derivation, identifier, counter, usage, kind).unwrap();
        assert_hex(&case, "result", &found);
    }
}

#[test]
fn counters_that_terminals_skip_have_no_key() {
    let key = AesKey::from_bytes(&[1; 16]).unwrap();
    let of = |counter| dukpt::derivation_key(&key, [0; 8], counter, &mut |_, _| ()).err();
    assert_eq!(of(0), Some(DukptError::CounterZero));
    assert_eq!(of(0x0001_FFFF), Some(DukptError::CounterBits(17)));
    assert_eq!((of(0xFFFF_0000), of(u32::MAX)), (None, None));
    let strong = dukpt::working_key(&key, [0; 8], 1, KeyUsage::DataBoth, KeyType::Aes256);
    assert_eq!(strong.err(), Some(DukptError::Strength));
}

/// Whatever was mixed up, the diagnosis finds it: every version's cryptogram against another version, key or value.
#[test]
fn mistakes_are_found_again() {
    for case in cases("issuer.json").iter().step_by(24) {
        let (version, iad, [psn]) = (case.version(), case.hex("iad"), case.array("psn"));
        let (key, pan) = (case.secret("key"), case.pan());
        let right = Question {
            key: &key,
            holds: Holds::IssuerMaster,
            pan: &pan,
            psn,
            method: version.method,
            data: case.data(&iad),
            wanted: case.array("cryptogram"),
        };
        assert_eq!(diagnose(&right).changes, Some(vec![]), "{}", case.text("id"));
        let number = Question { psn: if psn == 0x55 { 0x56 } else { 0x55 }, ..right };
        assert_eq!(diagnose(&number).changes.map(|changes| changes.len()), Some(1), "{}", case.text("id"));
    }
    let case = &cases("issuer.json")[0];
    let (iad, key, pan, [psn]) = (case.hex("iad"), case.secret("key"), case.pan(), case.array("psn"));
    let of = |name: &str| Question {
        key: &key,
        holds: Holds::IssuerMaster,
        pan: &pan,
        psn,
        method: Version::named(name).unwrap().method,
        data: case.data(&iad),
        wanted: case.array("cryptogram"),
    };
    let found = diagnose(&of("visa-18")).changes.unwrap();
    assert!(matches!(found[..], [Change::Version(version)] if version.name == "visa-10"), "{found:?}");
    assert!(found[0].words().contains("Visa CVN 10"), "{}", found[0].words());
    let counter = Question { data: CryptogramData { atc: [0x70, 0x00], ..of("visa-10").data }, ..of("visa-10") };
    let right = u16::from_be_bytes(case.array("atc"));
    assert_eq!(diagnose(&counter).changes, Some(vec![Change::Counter(right)]));
    let nothing = diagnose(&Question { wanted: [0; 8], ..of("visa-10") });
    assert_eq!(nothing.changes, None);
    assert!(nothing.tried > 1000);
}

/// 16 bytes are a key of either cipher: whoever asks with the wrong one is told of the other.
#[test]
fn a_version_of_the_other_cipher_is_found() {
    for (asked, is) in [("ccd-a5", "ccd-a6"), ("ccd-a6", "ccd-a5"), ("mastercard-16", "mastercard-22")] {
        let short = |case: &Case| case.text("version") == is && case.text("key").len() == 32;
        let case = cases("issuer.json").into_iter().find(short).unwrap();
        let (version, iad, [psn]) = (Version::named(asked).unwrap(), case.hex("iad"), case.array("psn"));
        let (key, pan) = (case.secret("key").of_cipher(version.is_aes()).unwrap(), case.pan());
        let (data, wanted, holds) = (case.data(&iad), case.array("cryptogram"), Holds::IssuerMaster);
        let question = Question { key: &key, holds, pan: &pan, psn, method: version.method, data, wanted };
        let found = diagnose(&question).changes.unwrap_or_default();
        // Visa 18 and CCD A5 do the same to the same data.
        let wanted = Version::named(is).unwrap().method;
        let same = |method: Method| (method.card_key, method.mac) == (wanted.card_key, wanted.mac);
        assert!(matches!(found[..], [Change::Version(version)] if same(version.method)), "{asked} for {is}: {found:?}");
    }
}
