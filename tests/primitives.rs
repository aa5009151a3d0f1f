//! Known answers for the crypto room: `test-vectors/primitives/*.json`, each case with the source that computed it.

use std::path::Path;

use emvtap::{
    bytes::Hex,
    crypto::{
        CaKey, Trust,
        aes::AesKey,
        certificate::{
            IccInput, IccSubject, IssuerInput, IssuerSubject, Step, issue_icc, issue_issuer, recover_icc,
            recover_issuer,
        },
        cryptogram::{
            CryptogramData, IssuerAnswer, VisaCvn, application_cryptogram_aes, arpc_method_1, arpc_method_1_aes,
            arpc_method_2, arpc_method_2_aes,
        },
        derive::{
            MasterKeyOption, common_session_key, common_session_key_aes, decimalise, master_key, master_key_aes,
            mastercard_session_key, visa_messaging_session_key,
        },
        des::{Padding, TripleDes, key_check_value},
        rsa::{PrivateKey, PublicKey},
        signature::{FORMAT_DYNAMIC, FORMAT_STATIC, sign_sdad, sign_ssad, verify_sdad, verify_ssad},
    },
    time::Date,
};
use serde_json::Value;

/// One case, read field by field; a missing field names the case.
struct Case<'a>(&'a Value);

impl<'a> Case<'a> {
    fn text(&self, field: &str) -> &'a str {
        self.0[field].as_str().unwrap_or_else(|| panic!("case {} has no {field}", self.0["id"]))
    }

    fn hex(&self, field: &str) -> Vec<u8> {
        hex::decode(self.text(field)).unwrap_or_else(|error| panic!("case {}, {field}: {error}", self.0["id"]))
    }

    fn array<const N: usize>(&self, field: &str) -> [u8; N] {
        self.hex(field).try_into().unwrap_or_else(|_| panic!("case {}, {field}: not {N} bytes", self.0["id"]))
    }

    /// PAN digits as F-padded cn.
    fn pan(&self) -> Vec<u8> {
        let digits = self.text("pan");
        let padded = if digits.len() % 2 == 1 { format!("{digits}F") } else { digits.to_owned() };
        hex::decode(padded).unwrap()
    }

    fn psn(&self) -> u8 {
        let [psn] = self.array("psn");
        psn
    }

    fn aes_key(&self) -> AesKey {
        AesKey::from_bytes(&self.hex("key")).unwrap()
    }

    fn part(&self, field: &str) -> Option<Case<'a>> {
        (!self.0[field].is_null()).then(|| Case(&self.0[field]))
    }
}

fn for_each_case(file: &str, test: impl Fn(&Case<'_>)) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("test-vectors/primitives").join(file);
    let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(!cases.is_empty(), "{file}");
    let mut ids = std::collections::BTreeSet::new();
    for case in &cases {
        let case = Case(case);
        assert!(ids.insert(case.text("id")), "{file}: {} twice", case.text("id"));
        assert!(!case.text("source").is_empty());
        test(&case);
    }
}

fn assert_result(case: &Case<'_>, computed: &[u8]) {
    assert_eq!(Hex(computed).to_string(), case.text("result"), "{} ({})", case.text("id"), case.text("source"));
}

#[test]
fn macs() {
    for_each_case("mac.json", |case| match case.text("operation") {
        "mac" => {
            let padding = match case.text("padding") {
                "iso" => Padding::Iso,
                "zero" => Padding::Zero,
                other => panic!("padding {other}"),
            };
            let (cipher, data) = (TripleDes::new(&case.array("key")), case.hex("data"));
            assert_result(case, &cipher.mac(padding, &[&data]));
            for cut in 0..data.len() {
                let (head, tail) = data.split_at(cut);
                assert_result(case, &cipher.mac(padding, &[head, &[], tail]));
            }
        }
        "key-check-value" => assert_result(case, &key_check_value(&case.array("key"))[..case.text("result").len() / 2]),
        "cmac" => {
            let data = case.hex("data");
            let (head, tail) = data.split_at(data.len() / 3);
            assert_result(case, &case.aes_key().cmac(&[head, tail]));
        }
        other => panic!("operation {other}"),
    });
}

#[test]
fn keys() {
    for_each_case("keys.json", |case| match case.text("operation") {
        "master-key-a" => {
            assert_result(case, &master_key(MasterKeyOption::A, &case.array("key"), &case.pan(), case.psn()));
        }
        "master-key-b" => {
            assert_result(case, &master_key(MasterKeyOption::B, &case.array("key"), &case.pan(), case.psn()));
        }
        "master-key-c" => {
            assert_result(case, master_key_aes(&case.aes_key(), &case.pan(), case.psn()).as_bytes());
        }
        "decimalise" => assert_result(case, &decimalise(&case.array("data"))),
        "common-session-key" => assert_result(case, &common_session_key(&case.array("key"), case.array("r"))),
        "common-session-key-aes" => {
            assert_result(case, common_session_key_aes(&case.aes_key(), case.array("r")).as_bytes());
        }
        "visa-messaging-session-key" => {
            assert_result(case, &visa_messaging_session_key(&case.array("key"), case.array("atc")));
        }
        "mastercard-session-key" => {
            let number = case.array("unpredictable_number");
            assert_result(case, &mastercard_session_key(&case.array("key"), case.array("atc"), number));
        }
        other => panic!("operation {other}"),
    });
}

#[test]
fn a_pan_padded_to_ten_bytes_gives_the_same_key() {
    for_each_case("keys.json", |case| {
        if let "master-key-a" | "master-key-b" = case.text("operation") {
            let mut pan = case.pan();
            pan.resize(10, 0xFF);
            let option = if case.text("operation").ends_with('a') { MasterKeyOption::A } else { MasterKeyOption::B };
            assert_result(case, &master_key(option, &case.array("key"), &pan, case.psn()));
        }
    });
}

#[test]
fn cryptograms() {
    for_each_case("cryptograms.json", |case| match case.text("operation") {
        "visa" => visa(case),
        "arpc-1" => {
            let code = case.array("response_code");
            assert_result(case, &arpc_method_1(&case.array("key"), case.array("arqc"), code));
        }
        "arpc-2" => {
            let (csu, more) = (case.array("csu"), case.hex("proprietary"));
            assert_result(case, &arpc_method_2(&case.array("key"), case.array("arqc"), csu, &more));
        }
        "cryptogram-aes" => {
            assert_result(case, &application_cryptogram_aes(&case.aes_key(), &[&case.hex("data")]));
        }
        "arpc-1-aes" => {
            let code = case.array("response_code");
            assert_result(case, &arpc_method_1_aes(&case.aes_key(), case.array("arqc"), code));
        }
        "arpc-2-aes" => {
            let (csu, more) = (case.array("csu"), case.hex("proprietary"));
            assert_result(case, &arpc_method_2_aes(&case.aes_key(), case.array("arqc"), csu, &more));
        }
        other => panic!("operation {other}"),
    });
}

fn visa(case: &Case<'_>) {
    let iad = case.hex("iad");
    let version = VisaCvn::from_iad(&iad).unwrap();
    assert_eq!(version.name(), case.text("cvn"));
    let key = master_key(version.master_key_option(), &case.array("issuer_key"), &case.pan(), case.psn());
    let [transaction_type] = case.array("transaction_type");
    let data = CryptogramData {
        amount: case.array("amount"),
        amount_other: case.array("amount_other"),
        country: case.array("country"),
        tvr: case.array("tvr"),
        currency: case.array("currency"),
        date: case.array("date"),
        transaction_type,
        unpredictable_number: case.array("unpredictable_number"),
        aip: case.array("aip"),
        atc: case.array("atc"),
        iad: &iad,
    };
    let cryptogram = version.cryptogram(&key, &data).unwrap();
    assert_eq!(Hex(&cryptogram).to_string(), case.text("cryptogram"), "{}", case.text("id"));
    if case.part("issuer_authentication_data").is_some() {
        let answer = IssuerAnswer { response_code: case.array("response_code"), csu: case.array("csu") };
        let answered = version.issuer_authentication_data(&key, data.atc, cryptogram, answer);
        assert_eq!(Hex(&answered).to_string(), case.text("issuer_authentication_data"), "{}", case.text("id"));
    }
}

#[test]
fn rsa() {
    for_each_case("rsa.json", |case| {
        let (block, signature) = (case.hex("block"), case.hex("signature"));
        let public = PublicKey::new(&case.hex("modulus"), &case.hex("exponent")).unwrap();
        assert_eq!(public.recover(&signature), Ok(block.clone()), "{}", case.text("id"));
        for (p, q) in [("p", "q"), ("q", "p")] {
            let private = PrivateKey::from_primes(&case.hex(p), &case.hex(q), &case.hex("exponent")).unwrap();
            assert_eq!(private.public(), &public);
            assert_eq!(private.sign(&block), Ok(signature.clone()), "{}", case.text("id"));
        }
    });
}

fn today(case: &Case<'_>) -> Date {
    Date::from_bcd(case.array("today")).unwrap()
}

fn ca_key(case: &Case<'_>) -> CaKey {
    let [index] = case.array("index");
    CaKey::new(case.array("rid"), index, &case.hex("ca_modulus"), &case.hex("ca_exponent")).unwrap()
}

#[test]
fn ca_key_checksums() {
    for_each_case("chains.json", |case| {
        assert_eq!(Hex(&ca_key(case).checksum()).to_string(), case.text("ca_checksum"));
    });
}

/// Recovers the chain of a case. Where the source does not give the static data, the hash must be the step that fails,
/// after it was recovered as the source says, and the source's ICC key is used to go on.
#[test]
fn chains() {
    for_each_case("chains.json", |case| {
        let (today, pan) = (today(case), case.pan());
        let expected = case.part("issuer").unwrap();
        let (certificate, remainder, exponent) =
            (expected.hex("certificate"), expected.hex("remainder"), expected.hex("exponent"));
        let input = IssuerInput { certificate: &certificate, remainder: &remainder, exponent: &exponent, pan: &pan };
        let issuer =
            recover_issuer(&ca_key(case), input, &Trust::default(), today, &mut |_, passed| assert!(passed)).unwrap();
        assert_eq!(issuer.identifier, expected.array("identifier"));
        assert_eq!(issuer.expiry, expected.array("expiry"));
        assert_eq!(issuer.serial, expected.array("serial"));
        assert_eq!(issuer.hash, expected.array("hash"));
        assert_eq!(issuer.key.modulus(), expected.hex("modulus"));

        let icc_key = icc_key(case, &issuer.key);
        if let Some(expected) = case.part("static_signature") {
            static_signature(case, &issuer.key, &expected);
        }
        for expected in case.0["dynamic_signatures"].as_array().unwrap() {
            let expected = Case(expected);
            let (sdad, terminal_data) = (expected.hex("sdad"), expected.hex("terminal_data"));
            let recovered = verify_sdad(&icc_key, &sdad, &[FORMAT_DYNAMIC], &terminal_data, &mut |_, _| ()).unwrap();
            assert_eq!(Hex(&recovered.dynamic_data).to_string(), expected.text("dynamic_data"));
            assert_eq!(recovered.hash, expected.array("hash"));
            assert!(recovered.icc_dynamic_number().is_some());
        }
    });
}

fn icc_key(case: &Case<'_>, issuer: &PublicKey) -> PublicKey {
    let expected = case.part("icc").unwrap();
    let (certificate, remainder, exponent) =
        (expected.hex("certificate"), expected.hex("remainder"), expected.hex("exponent"));
    let known = expected.part("static_data").is_some().then(|| expected.hex("static_data"));
    let input = IccInput {
        certificate: &certificate,
        remainder: &remainder,
        exponent: &exponent,
        pan: &case.pan(),
        static_data: known.as_deref().unwrap_or_default(),
    };
    let recovered = recover_icc(issuer, input, today(case), &mut |_, _| ());
    let key = PublicKey::new(&expected.hex("modulus"), &exponent).unwrap();
    if known.is_none() {
        let failed = recovered.unwrap_err();
        assert_eq!((failed.step, failed.found.as_str()), (Step::Hash, expected.text("hash")));
        return key;
    }
    let recovered = recovered.unwrap();
    assert_eq!(recovered.pan, expected.array("pan"));
    assert_eq!(recovered.expiry, expected.array("expiry"));
    assert_eq!(recovered.serial, expected.array("serial"));
    assert_eq!(recovered.hash, expected.array("hash"));
    assert_eq!(recovered.key, key);
    recovered.key
}

fn static_signature(case: &Case<'_>, issuer: &PublicKey, expected: &Case<'_>) {
    let icc = case.part("icc").unwrap();
    let known = icc.part("static_data").is_some().then(|| icc.hex("static_data"));
    let verified = verify_ssad(issuer, &expected.hex("ssad"), known.as_deref().unwrap_or_default(), &mut |_, _| ());
    match (known, verified) {
        (Some(_), Ok(ssad)) => {
            assert_eq!(ssad.data_authentication_code, expected.array("data_authentication_code"));
            assert_eq!(ssad.hash, expected.array("hash"));
        }
        (None, Err(failed)) => {
            assert_eq!((failed.step, failed.found.as_str()), (Step::Hash, expected.text("hash")));
        }
        (_, other) => panic!("{other:?}"),
    }
}

/// Signing is deterministic: with the private keys of the source, our certificates and signatures are the source's.
#[test]
fn chains_built_again() {
    for_each_case("chains.json", |case| {
        let Some(private) = case.part("private") else { return };
        let key = |name: &str| {
            let primes: Vec<_> =
                private.0[name].as_array().unwrap().iter().map(|p| hex::decode(p.as_str().unwrap()).unwrap()).collect();
            PrivateKey::from_primes(&primes[0], &primes[1], &[3]).unwrap()
        };
        let (ca, issuer, icc) = (key("ca"), key("issuer"), key("icc"));
        let wanted = case.part("issuer").unwrap();
        let subject = IssuerSubject {
            identifier: wanted.array("identifier"),
            expiry: wanted.array("expiry"),
            serial: wanted.array("serial"),
            key: issuer.public(),
        };
        let issued = issue_issuer(&ca, subject).unwrap();
        assert_eq!(issued.certificate, wanted.hex("certificate"));
        assert_eq!(issued.remainder, wanted.hex("remainder"));

        let wanted = case.part("icc").unwrap();
        let static_data = wanted.hex("static_data");
        let subject = IccSubject {
            pan: wanted.array("pan"),
            expiry: wanted.array("expiry"),
            serial: wanted.array("serial"),
            key: icc.public(),
            static_data: &static_data,
        };
        let issued = issue_icc(&issuer, subject).unwrap();
        assert_eq!(issued.certificate, wanted.hex("certificate"));
        assert_eq!(issued.remainder, wanted.hex("remainder"));

        let wanted = case.part("static_signature").unwrap();
        let ssad = sign_ssad(&issuer, wanted.array("data_authentication_code"), &static_data).unwrap();
        assert_eq!(ssad, wanted.hex("ssad"), "format {FORMAT_STATIC:02X}");
        for wanted in case.0["dynamic_signatures"].as_array().unwrap().iter().map(Case) {
            let sdad = sign_sdad(&icc, FORMAT_DYNAMIC, &wanted.hex("dynamic_data"), &wanted.hex("terminal_data"));
            assert_eq!(sdad, Ok(wanted.hex("sdad")), "{}", wanted.text("id"));
        }
    });
}
