//! Recordings from outside: written by the command line, survived a crash, run again, shared, made a card.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use emvtap::{card::Profile, report::Recorded};

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("replay").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn emvtap(folder: &Path, line: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_emvtap"));
    command.args(line.split(' ')).current_dir(folder).stdin(Stdio::null()).env_clear();
    command.output().unwrap()
}

/// Runs a line that must work; gives its stdout.
fn ok(folder: &Path, line: &str) -> String {
    let output = emvtap(folder, line);
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(0), "{line}\n{out}{err}");
    out
}

fn said(folder: &Path, line: &str) -> (Option<i32>, String) {
    let output = emvtap(folder, line);
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

const CARDS: [&str; 6] =
    ["visa-credit", "visa-phone", "visa-debit-offline", "visa-declining", "visa-expired", "visa-online-pin"];

#[test]
fn what_was_recorded_shows_and_runs_as_it_was() {
    let folder = folder("same");
    for card in CARDS {
        let line = format!("pay 12.50 --card {card} --seed 7");
        let then = ok(&folder, &format!("{line} --format json --unmask --record tap.jsonl"));
        assert_eq!(ok(&folder, "replay tap.jsonl --format json --unmask"), then, "{card}: shown");
        assert_eq!(ok(&folder, "replay tap.jsonl --match strict --format json --unmask"), then, "{card}: run");
        let steps = |text: String| {
            let steps = text.lines().skip_while(|line| !line.contains("pre-processing")).map(str::to_owned);
            steps.take_while(|line| !line.is_empty()).collect::<Vec<_>>()
        };
        let (shown, told) = (steps(ok(&folder, "replay tap.jsonl")), steps(ok(&folder, &line)));
        assert_eq!(shown, told, "{card}: one narration for both");
    }
}

/// Our own recordings of earlier versions: the kernel still sends the same bytes and decides the same.
#[test]
fn kept_recordings_run_as_they_did() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("test-vectors/recordings");
    let mut found = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        ok(&folder, &format!("replay {name} --match strict -q"));
        found += 1;
    }
    assert!(found >= 3);
}

#[cfg(unix)]
#[test]
fn a_recording_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder("mode");
    fs::write(folder.join("tap.jsonl"), "old").unwrap();
    let (_, said) = said(&folder, "pay 1 --record tap.jsonl");
    assert!(said.contains("only you may read it"), "{said}");
    assert_eq!(fs::metadata(folder.join("tap.jsonl")).unwrap().permissions().mode() & 0o777, 0o600);
}

/// The process stands still at the end of the transaction, because nobody reads its output, and is killed there.
#[cfg(unix)]
#[test]
fn after_a_crash_every_line_is_there() {
    use std::{
        io::{ErrorKind, Write},
        os::{fd::OwnedFd, unix::net::UnixStream},
    };
    let folder = folder("crash");
    let (mut output, _nobody_reads) = UnixStream::pair().unwrap();
    output.set_nonblocking(true).unwrap();
    for size in [4096, 1] {
        loop {
            match output.write(&vec![b'x'; size]) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => panic!("{error}"),
            }
        }
    }
    output.set_nonblocking(false).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_emvtap"))
        .args(["pay", "12.50", "-q", "--record", "tap.jsonl"])
        .current_dir(&folder)
        .stdin(Stdio::null())
        .stdout(Stdio::from(OwnedFd::from(output)))
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let path = folder.join("tap.jsonl");
    let written = || fs::read_to_string(&path).unwrap_or_default();
    while !written().contains("\"event\":\"host\"") {
        assert!(child.try_wait().unwrap().is_none(), "it ended: {}", written());
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let text = written();
    let recorded = Recorded::read("tap.jsonl", &text).unwrap();
    assert!(text.ends_with('\n') && !recorded.torn);
    assert_eq!(recorded.exchanges().len(), 7);
    // And with half a line more.
    fs::write(&path, format!("{text}{{\"us\":1,\"ev")).unwrap();
    let (code, said) = said(&folder, "replay tap.jsonl");
    assert_eq!(code, Some(0));
    assert!(said.contains("cut off"), "{said}");
}

#[test]
fn a_difference_names_the_object() {
    let folder = folder("difference");
    ok(&folder, "pay 12.50 --record tap.jsonl");
    let (code, text) = said(&folder, "replay tap.jsonl --set 9F66=B6004000 --match strict");
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("error: command 3: GPO with other values"), "{text}");
    assert!(text.contains("9F66") && text.contains("then,"), "{text}");
    let (code, text) = said(&folder, "replay tap.jsonl --set 9F66=B6004000");
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("note: command 3: GPO with other values"), "{text}");
}

#[test]
fn a_recorded_card_pays_again_and_stops_where_nobody_knows_its_answer() {
    let folder = folder("card");
    ok(&folder, "pay 12.50 --record tap.jsonl");
    let (code, text) = said(&folder, "pay 30 --replay tap.jsonl");
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("9F02 Amount, Authorised (Numeric): 000000001250 then, 000000003000 now"), "{text}");
    let path = folder.join("tap.jsonl");
    let cut: String = fs::read_to_string(&path).unwrap().lines().take(30).map(|line| format!("{line}\n")).collect();
    fs::write(&path, cut).unwrap();
    let (code, text) = said(&folder, "pay 12.50 --replay tap.jsonl");
    assert_eq!(code, Some(5), "{text}");
    assert!(text.contains("it has no more commands"), "{text}");
}

#[test]
fn a_masked_recording_is_shown_and_not_run() {
    let folder = folder("masked");
    ok(&folder, "pay 12.50 --format jsonl -o tap.jsonl");
    ok(&folder, "replay tap.jsonl");
    let (code, text) = said(&folder, "pay 12.50 --replay tap.jsonl");
    assert_eq!(code, Some(6));
    assert!(text.contains("masked"), "{text}");
}

/// Half-bytes apart, as ASCII, in sentences: the old number is nowhere.
#[test]
fn a_redacted_recording_has_nothing_of_the_cardholder_and_still_runs() {
    let folder = folder("redact");
    for card in CARDS {
        ok(&folder, &format!("pay 12.50 --card {card} --record tap.jsonl"));
        let (code, text) = said(&folder, "replay tap.jsonl --redact -o shared.jsonl");
        assert_eq!(code, Some(0), "{text}");
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        let (before, after) = (read("tap.jsonl"), read("shared.jsonl"));
        let pan = Profile::builtin(card).unwrap().applications[0].pan_digits();
        let ascii: String = pan.bytes().map(|digit| format!("{digit:02X}")).collect();
        assert!(before.contains(&pan), "{card}");
        for secret in [pan, ascii, hex::encode_upper("CARDHOLDER/EMVTAP")] {
            assert!(!after.contains(&secret), "{card}: {secret}");
        }
        assert!(after.lines().next().unwrap().contains("\"cannot_verify\":["));
        ok(&folder, "replay shared.jsonl");
        let (code, text) = said(&folder, "pay 12.50 --replay shared.jsonl");
        assert_eq!(code, Some(0), "{card}: {text}");
    }
}

#[test]
fn a_card_made_from_a_recording_loads_and_pays_like_it() {
    let folder = folder("new");
    for card in CARDS {
        let outcome =
            |json: String| serde_json::from_str::<serde_json::Value>(&json).unwrap()["outcome"]["result"].clone();
        let then = outcome(ok(&folder, &format!("pay 12.50 --card {card} --record tap.jsonl --format json")));
        ok(&folder, "card new mine --from tap.jsonl -o mine.toml");
        let now = outcome(ok(&folder, "pay 12.50 --card mine.toml --format json"));
        assert_eq!(now, then, "{card}\n{}", fs::read_to_string(folder.join("mine.toml")).unwrap());
    }
    ok(&folder, "card new debit --extends visa-debit-offline -o debit.toml");
    ok(&folder, "pay 12.50 --card debit.toml --expect approved");
}

#[test]
fn a_real_account_number_is_refused_unless_somebody_wants_it() {
    let folder = folder("real");
    ok(&folder, "pay 12.50 --record tap.jsonl");
    let path = folder.join("tap.jsonl");
    let text = fs::read_to_string(&path).unwrap().replace("4761739001010010", "4929000000000006");
    fs::write(&path, text).unwrap();
    let (code, said) = said(&folder, "card new mine --from tap.jsonl -o mine.toml");
    assert_eq!(code, Some(6), "{said}");
    assert!(said.contains("--redact") && !folder.join("mine.toml").exists(), "{said}");
    ok(&folder, "card new mine --from tap.jsonl -o mine.toml --allow-any-pan");
    ok(&folder, "pay 12.50 --card mine.toml");
    ok(&folder, "replay tap.jsonl --redact -o shared.jsonl");
    ok(&folder, "card new mine --from shared.jsonl -o shared.toml");
}

/// A log as other tools write it: the card in it can pay again, and become a profile.
#[test]
fn logs_of_other_tools_are_cards_too() {
    let folder = folder("foreign");
    ok(&folder, "pay 12.50 --record tap.jsonl");
    let recorded = Recorded::read("tap", &fs::read_to_string(folder.join("tap.jsonl")).unwrap()).unwrap();
    let log: String = recorded
        .exchanges()
        .iter()
        .map(|(command, response)| format!("> {}\n< {}\n", hex::encode(command), hex::encode(response)))
        .collect();
    fs::write(folder.join("reader.log"), log).unwrap();
    assert!(ok(&folder, "replay reader.log").contains("READ RECORD 2.4"));
    ok(&folder, "pay 12.50 --replay reader.log --expect online-request");
    ok(&folder, "card new mine --from reader.log -o mine.toml");
    assert_eq!(said(&folder, "replay reader.log --match strict").0, Some(2));
    fs::write(folder.join("notes.txt"), "nothing of the kind\n").unwrap();
    assert_eq!(said(&folder, "replay notes.txt").0, Some(6));
}
