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
        ok(&folder, "card new --force mine --from tap.jsonl -o mine.toml");
        let now = outcome(ok(&folder, "pay 12.50 --card mine.toml --format json"));
        assert_eq!(now, then, "{card}\n{}", fs::read_to_string(folder.join("mine.toml")).unwrap());
    }
    ok(&folder, "card new --force debit --extends visa-debit-offline -o debit.toml");
    ok(&folder, "pay 12.50 --card debit.toml --expect approved");
}

/// Cards of Kernel 2, each where it shows what it is. Not the card behind a relay that lies: what a card signs is not seen from
/// outside without its CA's key.
#[test]
fn a_mastercard_made_from_a_recording_loads_and_pays_like_it() {
    let folder = folder("new-mastercard");
    for line in [
        "12.50 --card mastercard-credit --terminal mc-attended",
        "12.50 --card mastercard-credit-no-cda --terminal mc-attended",
        "75 --card mastercard-phone --terminal mc-attended",
        "12.50 --card mastercard-offline --terminal mc-offline",
        "12.50 --card mastercard-declining --terminal mc-attended",
        "12.50 --card mastercard-mag-stripe --terminal mc-attended",
        "12.50 --card mastercard-relay-fast --terminal mc-attended",
        "12.50 --card mastercard-relay-slow --terminal mc-attended",
        "12.50 --card mastercard-data-storage --terminal mc-data-exchange",
        "12.50 --card mastercard-balance --terminal mc-offline",
        "12.50 --card mastercard-torn --terminal mc-attended",
    ] {
        let ended = |json: String| {
            let tap: serde_json::Value = serde_json::from_str(&json).unwrap();
            (
                tap["outcome"].clone(),
                tap["disposition"].clone(),
                tap["oda"]["result"].clone(),
                tap["host"]["arqc"].clone(),
            )
        };
        let json = |words: &str| ended(String::from_utf8(emvtap(&folder, words).stdout).unwrap());
        let then = json(&format!("pay {line} --record tap.jsonl --format json"));
        ok(&folder, "card new --force mine --from tap.jsonl -o mine.toml");
        if ["-credit ", "mag-stripe", "data-storage"].iter().any(|kind| line.contains(kind)) {
            ok(&folder, "card check mine.toml");
        }
        let (amount, rest) = line.split_once(" --card ").unwrap();
        let (_, terminal) = rest.split_once(' ').unwrap();
        let now = json(&format!("pay {amount} --card mine.toml {terminal} --format json"));
        assert_eq!(now, then, "{line}\n{}", fs::read_to_string(folder.join("mine.toml")).unwrap());
    }
}

#[test]
fn a_variant_has_the_tables_of_its_card() {
    let folder = folder("scaffold");
    for (base, table) in
        [("mastercard-phone", "[application.mastercard.mchip]"), ("visa-credit", "[application.visa.risk]")]
    {
        ok(&folder, &format!("card new --force mine --extends {base} -o mine.toml"));
        let text = fs::read_to_string(folder.join("mine.toml")).unwrap();
        assert!(text.contains(table), "{text}");
        // What is shown as an example is right when it is taken.
        let used: String = text
            .lines()
            .map(|line| format!("{}\n", line.strip_prefix("# ").filter(|line| !line.contains("What")).unwrap_or(line)))
            .collect();
        fs::write(folder.join("mine.toml"), used).unwrap();
        ok(&folder, "card check mine.toml");
    }
}

#[test]
fn a_mag_stripe_recording_of_a_real_card_is_refused_too() {
    let folder = folder("real-track");
    ok(&folder, "pay 12.50 --card mastercard-mag-stripe --terminal mc-attended --record tap.jsonl");
    let path = folder.join("tap.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let ascii = |digits: &str| digits.chars().map(|digit| format!("3{digit}")).collect::<String>();
    let (test, real) = ("5413330089001102", "5399999999999999");
    fs::write(&path, text.replace(test, real).replace(&ascii(test), &ascii(real))).unwrap();
    let (code, said) = said(&folder, "card new mine --from tap.jsonl");
    assert!(code == Some(6) && said.contains("test range"), "{said}");
}

/// As many captures are: the reader knew its card, and began with the application.
#[test]
fn a_log_without_a_directory_starts_at_final_selection() {
    let folder = folder("no-directory");
    ok(&folder, "pay 12.50 --card mastercard-credit --terminal mc-attended --record tap.jsonl");
    let recorded = Recorded::read("tap", &fs::read_to_string(folder.join("tap.jsonl")).unwrap()).unwrap();
    let log: String = recorded
        .exchanges()
        .iter()
        .skip(1)
        .map(|(command, response)| format!("> {}\n< {}\n", hex::encode(command), hex::encode(response)))
        .collect();
    fs::write(folder.join("reader.log"), log).unwrap();
    let line = "replay reader.log --terminal mc-attended --expect online-request";
    assert!(ok(&folder, line).contains("B 3.3.2.2"), "the narration cites what was left out");
    let (_, text) = said(&folder, line);
    assert!(
        text.contains("no SELECT PPSE: Entry Point starts at final selection") && text.contains("A0000000041010"),
        "{text}"
    );
    let (_, text) = said(&folder, "pay 12.50 --replay reader.log --terminal mc-attended");
    assert!(text.contains("starts at final selection"), "{text}");
    let (code, text) = said(&folder, "replay reader.log --terminal mc-attended --match strict");
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("command 1: expected SELECT, got SELECT PPSE") && text.contains("--match meaning"), "{text}");
    // With a directory that refuses, nothing is assumed.
    let refused = "> 00A404000E325041592E5359532E444446303100\n< 6A82\n";
    let log = fs::read_to_string(folder.join("reader.log")).unwrap();
    fs::write(folder.join("reader.log"), format!("{refused}{log}")).unwrap();
    ok(&folder, "replay reader.log --terminal mc-attended --expect end-application");
}

#[test]
fn a_real_account_number_is_refused_unless_somebody_wants_it() {
    let folder = folder("real");
    ok(&folder, "pay 12.50 --record tap.jsonl");
    let path = folder.join("tap.jsonl");
    let text = fs::read_to_string(&path).unwrap().replace("4761739001010010", "4929000000000006");
    fs::write(&path, text).unwrap();
    let (code, said) = said(&folder, "card new --force mine --from tap.jsonl -o mine.toml");
    assert_eq!(code, Some(6), "{said}");
    assert!(said.contains("--redact") && !folder.join("mine.toml").exists(), "{said}");
    ok(&folder, "card new --force mine --from tap.jsonl -o mine.toml --allow-any-pan");
    ok(&folder, "pay 12.50 --card mine.toml");
    ok(&folder, "replay tap.jsonl --redact -o shared.jsonl");
    ok(&folder, "card new --force mine --from shared.jsonl -o shared.toml");
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
    ok(&folder, "card new --force mine --from reader.log -o mine.toml");
    assert_eq!(said(&folder, "replay reader.log --match strict").0, Some(2));
    fs::write(folder.join("notes.txt"), "nothing of the kind\n").unwrap();
    assert_eq!(said(&folder, "replay notes.txt").0, Some(6));
}

/// Commands and responses of a recording, as other tools would have logged them.
fn foreign_logs(exchanges: &[(Vec<u8>, Vec<u8>)]) -> Vec<(&'static str, String)> {
    let spaced = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ");
    let log = |line: &dyn Fn(&[u8], &[u8]) -> String| exchanges.iter().map(|(c, r)| line(c, r)).collect::<String>();
    let pcscd = |c: &[u8], r: &[u8]| {
        format!(
            "00000012 [140] winscard.c:1600:SCardTransmit() APDU: {} \n00003415 [140] SW: {} \n",
            spaced(c),
            spaced(r)
        )
    };
    let phone = |c: &[u8], r: &[u8]| {
        let (c, r) = (hex::encode(c), hex::encode(r));
        format!(
            "05 step command  length: {} data: {c}\n05 step response length: {} data: {r}\n6F 02 -- FCI\n",
            c.len(),
            r.len()
        )
    };
    let json = |c: &[u8], r: &[u8]| format!("{{\"cmd\":\"{}\",\"resp\":\"{}\"}}\n", spaced(c), hex::encode(r));
    let pyscard = |c: &[u8], r: &[u8]| {
        let (data, [sw1, sw2]) = r.split_last_chunk::<2>().unwrap();
        let data = if data.is_empty() { "[]".to_owned() } else { spaced(data) };
        format!("> {}\n< {data} {sw1:X} {sw2:X}\n", spaced(c))
    };
    vec![
        ("plain.txt", log(&|c, r| format!("{}\n{}\n", hex::encode(c), hex::encode(r)))),
        ("pcscd.log", log(&pcscd)),
        ("pyscard.log", log(&pyscard)),
        ("proxmark.txt", log(&|c, r| format!("[+] >>>> {} \n[+] <<<< {} \n", spaced(c), spaced(r)))),
        ("phone.md", log(&phone)),
        ("app.jsonl", log(&json)),
        ("yaml.txt", log(&|c, r| format!("- req: '{}'\n  res: '{}'\n", spaced(c), spaced(r)))),
    ]
}

/// What their tools wrote is as good as a recording: shown, run again to the byte, paid with, verified, made a card.
#[test]
fn logs_of_other_tools_do_what_recordings_do() {
    let folder = folder("their-logs");
    ok(&folder, "pay 12.50 --card visa-debit-offline --terminal retail-offline --seed 9 --record tap.jsonl");
    let text = fs::read_to_string(folder.join("tap.jsonl")).unwrap();
    let exchanges = Recorded::read("tap.jsonl", &text).unwrap().exchanges();
    for (name, log) in foreign_logs(&exchanges) {
        fs::write(folder.join(name), log).unwrap();
        let shown = ok(&folder, &format!("replay {name}"));
        assert!(shown.contains(" pay 12.50 EUR ") && shown.contains("GPO"), "{name}: {shown}");
        ok(&folder, &format!("replay {name} --terminal retail-offline --match strict --expect approved"));
        ok(&folder, &format!("replay {name} --terminal retail-attended --match meaning"));
        ok(&folder, &format!("pay 12.50 --replay {name} --terminal retail-offline"));
        let read = ok(&folder, &format!("card read --replay {name} --clock 2026-06-15T12:00:00Z"));
        assert!(read.contains("dynamic signature (fDDA)  ok  holds"), "{name}: {read}");
        ok(&folder, &format!("card new --force theirs --from {name} -o {name}.toml"));
        ok(&folder, &format!("pay 12.50 --card {name}.toml --terminal retail-offline --expect approved"));
        ok(&folder, &format!("decode {name}"));
    }
}

#[test]
fn a_card_that_was_read_is_recorded_and_read_again() {
    let folder = folder("read");
    let verdicts = |text: String| {
        let lines = text.lines().filter(|line| line.starts_with("  ") && line.contains("  ok  ")).map(str::to_owned);
        lines.collect::<Vec<_>>()
    };
    let then = verdicts(ok(&folder, "card read --card visa-credit --gpo --record read.jsonl"));
    assert_eq!(then.len(), 4, "CA key, issuer, card, fDDA: {then:?}");
    assert_eq!(verdicts(ok(&folder, "card read --replay read.jsonl")), then);
    assert!(ok(&folder, "replay read.jsonl").contains("READ RECORD 2.1"));
    ok(&folder, "replay read.jsonl --redact -o share.jsonl");
    ok(&folder, "card read --replay share.jsonl");
    ok(&folder, "card read --record shallow.jsonl");
    let (code, said) = said(&folder, "card new x --from shallow.jsonl");
    assert!(code == Some(6) && said.contains("--gpo"), "{said}");
}

/// A relay that changes what the card said of its times cannot change what the card signs.
#[test]
fn a_relay_that_lies_is_seen_in_a_recording() {
    let folder = folder("relay");
    for (card, verdict) in
        [("relay-fast", "(CDA)  ok  holds"), ("relay-liar", "(CDA)  does not hold: relay resistance data")]
    {
        emvtap(&folder, &format!("pay 12.50 --card mastercard-{card} --terminal mc-attended --record tap.jsonl"));
        let read = ok(&folder, "card read --replay tap.jsonl");
        assert!(read.contains(verdict), "{card}: {read}");
    }
}

#[test]
fn every_application_of_a_recording_becomes_one_of_the_profile() {
    let folder = folder("two");
    ok(&folder, "card read --card visa-two-applications --gpo --record two.jsonl");
    let toml = ok(&folder, "card new two --from two.jsonl");
    fs::write(folder.join("two.toml"), &toml).unwrap();
    let profile = Profile::parse("two", &toml, &|_| None).unwrap();
    let aids: Vec<_> = profile.applications.iter().map(|application| hex::encode_upper(&application.aid)).collect();
    assert_eq!(aids, ["A0000000031010", "A0000000032010"]);
    ok(&folder, "card check two.toml");
    ok(&folder, "pay 12.50 --card two.toml --expect approved");
}

/// Any account number, in any of the built-in cards: no eight digits of it in a row are left, however they are written.
#[test]
fn nothing_of_an_account_number_is_left_in_what_is_shared() {
    const PAN: &str = "4539578763621486";
    let folder = folder("shared");
    for name in emvtap::card::builtin::names() {
        let base = name.replacen('-', "/", 1);
        let (scheme, terminal) = match base.split('/').next() {
            Some("visa") => ("visa", "retail-attended"),
            _ => ("mastercard", "mc-attended"),
        };
        let card = format!(
            "schema = \"emvtap.card/1\"\nextends = \"{base}\"\ntitle = \"x\"\nallow_any_pan = true\n[application.{scheme}.data]\n\
             \"5A\" = \"{PAN}\"\n\"57\" = \"{PAN}D3012201000001{}F\"\n\"5F20\" = {{ text = \"NOBODY/{}\" }}\n",
            &PAN[..9],
            &PAN[..12]
        );
        fs::write(folder.join("card.toml"), card).unwrap();
        let output = emvtap(&folder, &format!("pay 12.50 --card card.toml --terminal {terminal} --record tap.jsonl"));
        assert!(matches!(output.status.code(), Some(0 | 5)), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        let redacted = ok(&folder, "replay tap.jsonl --redact");
        for at in 0..=PAN.len() - 8 {
            let digits = &PAN[at..at + 8];
            let ascii: String = digits.chars().map(|digit| format!("3{digit}")).collect();
            let swapped: String =
                digits.as_bytes().chunks(2).map(|pair| format!("{}{}", pair[1] as char, pair[0] as char)).collect();
            for written in [digits, &ascii, &swapped] {
                assert!(!redacted.contains(written), "{name}: {written} in\n{redacted}");
            }
        }
    }
    let (code, said) = said(&folder, "card serve card.toml");
    assert!(code == Some(2) && said.contains("not served"), "{said}");
}

/// Killed at any moment: what is in the file is whole lines, and they run.
#[cfg(unix)]
#[test]
fn a_killed_program_leaves_whole_lines() {
    let folder = folder("killed");
    for (line, step) in [("pay 12.50 --record tap.jsonl -q", 4), ("card read --gpo --record tap.jsonl", 2)] {
        for pause in 0..12 {
            let mut child = Command::new(env!("CARGO_BIN_EXE_emvtap"));
            child.args(line.split(' ')).current_dir(&folder).stdout(Stdio::null()).stderr(Stdio::null());
            let mut child = child.spawn().unwrap();
            std::thread::sleep(std::time::Duration::from_millis(pause * step));
            child.kill().unwrap();
            child.wait().unwrap();
            let text = fs::read_to_string(folder.join("tap.jsonl")).unwrap_or_default();
            if !text.is_empty() {
                let recorded = Recorded::read("tap.jsonl", &text).unwrap();
                assert!(text.ends_with('\n') && !recorded.torn, "{line}: {text}");
            }
        }
    }
}

/// `card serve --log`, killed in the middle of a conversation: a virtual reader has seen every answer that is in the log.
#[cfg(unix)]
#[test]
fn a_killed_card_leaves_a_whole_log() {
    use std::{
        io::{Read, Write},
        net::TcpListener,
    };
    let folder = folder("killed-serve");
    let reader = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = reader.local_addr().unwrap().port().to_string();
    let mut child = Command::new(env!("CARGO_BIN_EXE_emvtap"));
    child.args(["card", "serve", "visa-credit", "--quiet", "--log", "card.jsonl", "--port", &port]);
    let mut child = child.current_dir(&folder).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut card = reader.accept().unwrap().0;
    let mut send = |message: &str| {
        let message = hex::decode(message).unwrap();
        card.write_all(&[&u16::try_from(message.len()).unwrap().to_be_bytes(), &message[..]].concat()).unwrap();
    };
    send("01");
    send("00A404000E325041592E5359532E444446303100");
    send("00A4040007A000000003101000");
    for _ in 0..2 {
        let mut length = [0; 2];
        card.read_exact(&mut length).unwrap();
        card.read_exact(&mut vec![0; usize::from(u16::from_be_bytes(length))]).unwrap();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let log = fs::read_to_string(folder.join("card.jsonl")).unwrap();
    assert!(log.ends_with('\n') && log.lines().count() == 3, "{log}");
    assert!(ok(&folder, "replay card.jsonl").contains("A0000000031010"));
}

#[test]
fn a_recording_may_begin_with_a_mark_and_is_of_one_version() {
    let folder = folder("beginning");
    ok(&folder, "pay 12.50 --record tap.jsonl");
    let text = fs::read_to_string(folder.join("tap.jsonl")).unwrap();
    fs::write(folder.join("marked.jsonl"), format!("\u{feff}{text}")).unwrap();
    ok(&folder, "replay marked.jsonl --match strict");
    let wide: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(folder.join("wide.jsonl"), wide).unwrap();
    ok(&folder, "replay wide.jsonl --match strict");
    let next = text.replacen("recording/1\"", "recording/2\",\"more\":1", 1);
    fs::write(folder.join("next.jsonl"), next).unwrap();
    let (code, said) = said(&folder, "replay next.jsonl");
    assert!(code == Some(6) && said.contains("found `emvtap.recording/2`"), "{said}");
}

/// What is doubtful in a log is said, and a log in which nothing was answered is none.
#[test]
fn a_log_says_what_is_missing() {
    let folder = folder("missing");
    let log = "> 00A404000E325041592E5359532E444446303100\n< 6F10840E325041592E5359532E4444463031\n";
    fs::write(folder.join("reader.log"), log).unwrap();
    let (code, text) = said(&folder, "replay reader.log");
    assert!(code == Some(0) && text.contains("note: line 1: the answer has no status word: 9000"), "{text}");
    fs::write(folder.join("reader.log"), "> 00A4040000\n> 00A4040000\n").unwrap();
    let (code, text) = said(&folder, "replay reader.log");
    assert!(code == Some(6) && text.contains("no command in it was answered"), "{text}");
}

/// Its tracks keep their shape, so that a kernel does with them what it did; and nothing changes when it is redacted again.
#[test]
fn a_redacted_mag_stripe_recording_runs_as_it_was() {
    let folder = folder("redact-mag-stripe");
    ok(&folder, "pay 25 --card mastercard-mag-stripe --terminal mc-attended --record tap.jsonl");
    ok(&folder, "replay tap.jsonl --redact -o shared.jsonl");
    let (code, text) = said(&folder, "replay shared.jsonl --match meaning --expect online-request");
    assert!(code == Some(0) && text.contains("CVC3 9F61"), "{text}");
    let once = fs::read_to_string(folder.join("shared.jsonl")).unwrap();
    assert_eq!(ok(&folder, "replay shared.jsonl --redact"), once);
    ok(&folder, "pay 25 --card mastercard-credit --terminal mc-attended --record tap.jsonl");
    let (_, text) = {
        ok(&folder, "replay tap.jsonl --redact -o shared.jsonl");
        said(&folder, "replay shared.jsonl")
    };
    assert!(text.contains("cryptogram 9F26"), "inside the signature: {text}");
}

/// Certificates of both of the card's keys, and the static signature: from each somebody with the CA's key gets the account number.
#[test]
fn what_is_signed_about_the_account_number_is_shown_by_no_verb() {
    let folder = folder("signed");
    let log = "> 00A4040007A0000000031010\n< 6F098407A00000000310109000\n> 00B2010C00\n\
               < 70149F2D04A1A2A3A49F4604B1B2B3B49304C1C2C3C49000\n";
    fs::write(folder.join("reader.log"), log).unwrap();
    for verb in ["card read --replay", "card read --format json --replay", "decode", "replay -vv", "replay --redact"] {
        let shown = ok(&folder, &format!("{verb} reader.log"));
        for secret in ["A1A2A3A4", "B1B2B3B4", "C1C2C3C4"] {
            assert!(!shown.contains(secret), "{verb}: {secret} in {shown}");
        }
    }
}
