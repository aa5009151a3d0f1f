//! The command line over the known answers of other people's packages, as a person would type them: `emvtap crypto …` has to
//! come to the same as whoever computed `test-vectors/primitives`.

use std::{path::Path, process::Command};

use serde_json::Value;

fn cases(file: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("test-vectors/primitives").join(file);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Runs `emvtap crypto` and gives its exit code and JSON.
fn crypto(words: &[String]) -> (i32, Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_emvtap"));
    let output = command.arg("crypto").args(words).args(["--format", "json", "--unmask"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let json = serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("{words:?}: {error}: {text}{}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code().unwrap(), json)
}

fn words(line: &[&str]) -> Vec<String> {
    line.iter().map(|word| (*word).to_owned()).collect()
}

fn text<'a>(case: &'a Value, field: &str) -> &'a str {
    case[field].as_str().unwrap_or_else(|| panic!("{} has no {field}", case["id"]))
}

const OBJECTS: [(&str, &str); 11] = [
    ("9F02", "amount"),
    ("9F03", "amount_other"),
    ("9F1A", "country"),
    ("95", "tvr"),
    ("5F2A", "currency"),
    ("9A", "date"),
    ("9C", "transaction_type"),
    ("9F37", "unpredictable_number"),
    ("82", "aip"),
    ("9F36", "atc"),
    ("9F10", "iad"),
];

fn de55(case: &Value) -> String {
    let object = |(tag, field): &(&str, &str)| {
        let value = text(case, field);
        format!("{tag}{:02X}{value}", value.len() / 2)
    };
    OBJECTS.iter().map(object).collect()
}

#[test]
fn cryptograms_answers_and_scripts() {
    for case in cases("issuer.json").iter().step_by(8) {
        let key = |field| format!("test:{}", text(case, field));
        let (version, pan, psn, objects) = (text(case, "version"), text(case, "pan"), text(case, "psn"), de55(case));
        let card = ["--method", version, "--pan", pan, "--psn", psn];
        let mac = key("key");
        let base = ["arqc", "--key", &mac, "--de55", &objects, "--arqc", text(case, "cryptogram")];
        let (code, found) = crypto(&[words(&base), words(&card)].concat());
        assert_eq!((code, &found["verified"]), (0, &Value::Bool(true)), "{}: {found}", case["id"]);

        let two = text(case, "arpc").len() == 8;
        let (flag, answer) = if two { ("--csu", text(case, "csu")) } else { ("--arc", text(case, "response_code")) };
        let arqc = text(case, "cryptogram");
        let base =
            ["arpc", "--key", &mac, "--de55", &objects, "--arqc", arqc, flag, answer, "--arpc", text(case, "arpc")];
        let (code, found) = crypto(&[words(&base), words(&card)].concat());
        assert_eq!((code, &found["verified"]), (0, &Value::Bool(true)), "{}: {found}", case["id"]);

        let cipher = key("confidentiality_key");
        let data = text(case, "script_data");
        let base = ["script", "--cipher-key", &cipher, "--header", "84DA0000", "--data", data, "--arqc", arqc];
        let (code, found) = crypto(&[words(&base), words(&card), words(&["--atc", text(case, "atc")])].concat());
        assert_eq!(
            (code, found["result"]["enciphered"].as_str()),
            (0, Some(text(case, "enciphered"))),
            "{}",
            case["id"]
        );
        if !version.starts_with("ccd") {
            let key = key("integrity_key");
            let (header, mac) = (text(case, "header"), text(case, "script_mac"));
            let base = ["script", "--mac-key", &key, "--header", header, "--data", data, "--arqc", arqc, "--mac", mac];
            let (code, found) = crypto(&[words(&base), words(&card), words(&["--atc", text(case, "atc")])].concat());
            assert_eq!((code, &found["verified"]), (0, &Value::Bool(true)), "{}: {found}", case["id"]);
        }
    }
}

#[test]
fn values_and_key_blocks() {
    for case in cases("values.json").iter().step_by(5) {
        let operation = text(case, "operation");
        let operation = operation.strip_prefix("enciphered-").unwrap_or(operation);
        let Some(format) = operation.strip_prefix("pin-block-") else { continue };
        let mut line = words(&["pinblock", "--iso", format, "--block", text(case, "result")]);
        for (flag, field) in [("--pan", "pan"), ("--key", "key")] {
            if let Some(value) = case[field].as_str() {
                let value = if field == "key" { format!("test:{value}") } else { value.to_owned() };
                line.extend([flag.to_owned(), value]);
            }
        }
        let (code, found) = crypto(&line);
        assert_eq!((code, found["result"]["pin"].as_str()), (0, case["pin"].as_str()), "{}", case["id"]);
    }
    for case in cases("values.json").iter().filter(|case| text(case, "operation").starts_with("mac-1-three")).step_by(5)
    {
        let key = format!("test:{}", text(case, "key"));
        let padding = if text(case, "operation").ends_with('1') { "zero" } else { "iso" };
        let line =
            ["arqc", "--key", &key, "--key-is", "session", "--method", "visa-10", "--mac", "triple", "--padding"];
        let more = [padding, "--data", text(case, "data"), "--arqc", text(case, "result")];
        let (code, found) = crypto(&words(&[&line[..], &more].concat()));
        assert_eq!((code, &found["verified"]), (0, &Value::Bool(true)), "{}: {found}", case["id"]);
    }
    for case in cases("key_blocks.json").iter().step_by(5) {
        let key = format!("test:{}", text(case, "protection_key"));
        let (code, found) = crypto(&words(&["keyblock", "--kbpk", &key, text(case, "block"), "--show-keys"]));
        assert_eq!((code, found["result"]["key"].as_str()), (0, case["key"].as_str()), "{}", case["id"]);
    }
}

#[test]
fn keys_of_transactions() {
    for case in cases("dukpt.json").iter().filter(|case| text(case, "usage").contains("encryption")).step_by(5) {
        let (key, usage) = (format!("test:{}", text(case, "base_key")), text(case, "usage"));
        let serial = format!("{}{}", text(case, "identifier"), text(case, "counter"));
        let line =
            ["dukpt", "--bdk", &key, "--ksn", &serial, "--usage", usage, "--type", text(case, "type"), "--show-keys"];
        let (code, found) = crypto(&words(&line));
        assert_eq!(
            (code, found["result"][usage.replace('-', "_")].as_str()),
            (0, case["result"].as_str()),
            "{}",
            case["id"]
        );
    }
}

/// What `pay` says, `crypto` finds again; a changed byte is found out.
#[test]
fn a_transaction_and_its_certificates_verify() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("crypto-verbs");
    std::fs::create_dir_all(&folder).unwrap();
    let pay = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_emvtap"));
        command.arg("pay").args(words).current_dir(&folder).output().unwrap().stdout
    };
    let recording = folder.join("tap.jsonl").display().to_string();
    pay(&["20", "--record", "tap.jsonl"]);
    std::fs::write(folder.join("tap.json"), pay(&["20", "--format", "json", "--unmask"])).unwrap();
    let json = folder.join("tap.json").display().to_string();
    for file in [&recording, &json] {
        let (code, found) = crypto(&words(&["arqc", "--key", "visa-master-a", "--from", file]));
        assert_eq!((code, &found["verified"]), (0, &Value::Bool(true)), "{found}");
        let (code, found) =
            crypto(&words(&["arqc", "--key", "visa-master-a", "--from", file, "--set", "9C=20", "--diagnose"]));
        assert_eq!((code, found["result"]["diagnosis"].as_array().map(Vec::len)), (1, Some(1)), "{found}");
    }
    pay(&["20", "--card", "visa-debit-offline", "--terminal", "retail-offline", "--record", "tap.jsonl"]);
    let (code, found) = crypto(&words(&["oda", &recording]));
    assert_eq!((code, &found["verified"]), (0, &Value::Bool(true)), "{found}");
    assert!(found["steps"].as_array().unwrap().iter().filter(|step| step["passed"] == true).count() > 25);
    for (change, step) in [(["--set", "9F37=00000000"], "dynamic"), (["--clock", "2040-01-01T00:00:00Z"], "expired")] {
        let (code, found) = crypto(&[words(&["oda", &recording]), words(&change)].concat());
        assert_eq!(code, 1);
        assert!(found["verdict"].as_str().unwrap().contains(step), "{found}");
    }
    // A torn transaction is signed over the number of the tap before; the data record has it.
    pay(&["25", "--card", "mastercard-torn", "--terminal", "mc-attended", "--record", "tap.jsonl"]);
    let (code, found) = crypto(&words(&["oda", &recording]));
    assert_eq!((code, &found["verified"]), (0, &Value::Bool(true)), "{found}");
    // No data record: the transaction ended otherwise, and the conversation has everything.
    pay(&["20", "--card", "mastercard-declining", "--terminal", "mc-attended", "--record", "tap.jsonl"]);
    let (code, found) = crypto(&words(&["arqc", "--key", "mc-master-a", "--from", &recording]));
    assert_eq!((code, &found["verified"]), (0, &Value::Bool(true)), "{found}");
}
