//! The log of torn transactions outside the kernel: in its file, which survives whatever happens to the process, and in recordings,
//! which have to run again as they ran.
#![cfg(unix)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use emvtap::{data::text::HexText, kernel::c2::Kept, report::Recorded};

/// Torn within its cryptogram, and gone for the rest of the tap.
const TORN: &str = "schema = 'emvtap.card/1'\nextends = 'mastercard/torn'\ntitle = 'x'\n\
    [[fault]]\nname = 'tear'\ncommand = 'GENERATE AC'\nkind = { tear = 'before' }\n\
    [[fault]]\nname = 'gone'\ncommand = 'POLL'\noccurrence = 2\nkind = 'absent'\n";
/// The same card on another day.
const WHOLE: &str = "schema = 'emvtap.card/1'\nextends = 'mastercard/torn'\ntitle = 'x'\nfault = []\n";

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("torn-log").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("torn.toml"), TORN).unwrap();
    fs::write(folder.join("whole.toml"), WHOLE).unwrap();
    folder
}

fn emvtap(folder: &Path, line: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_emvtap"));
    command.args(line.split(' ')).current_dir(folder).stdin(Stdio::null()).stderr(Stdio::null()).env_clear();
    command
}

fn run(folder: &Path, line: &str) -> String {
    String::from_utf8(emvtap(folder, line).output().unwrap().stdout).unwrap()
}

/// What the file has.
fn kept(folder: &Path) -> Kept {
    let HexText(bytes) = fs::read_to_string(folder.join("log")).unwrap().parse().unwrap();
    Kept::parse(&bytes).unwrap()
}

const PAY: &str = "pay 12.50 --terminal mc-attended --torn-log log";

#[test]
fn a_recording_of_a_recovery_runs_again() {
    let folder = folder("recorded");
    run(&folder, &format!("{PAY} --card torn.toml -q"));
    assert_eq!(kept(&folder).torn.len(), 1);
    let then = run(&folder, &format!("{PAY} --card whole.toml --record tap.jsonl --format json --unmask"));
    assert!(then.contains("RECOVER AC"), "{then}");
    assert!(kept(&folder).torn.is_empty());
    let recorded = Recorded::read("tap.jsonl", &fs::read_to_string(folder.join("tap.jsonl")).unwrap()).unwrap();
    assert_eq!(Kept::parse(&recorded.kept()).unwrap().torn.len(), 1);
    for way in ["--match strict", "--terminal mc-attended --match strict"] {
        assert_eq!(run(&folder, &format!("replay tap.jsonl {way} --format json --unmask")), then, "{way}");
    }
    // What is shared has the torn transaction, too, but not its account.
    let shared = run(&folder, "replay tap.jsonl --redact");
    assert!(!shared.contains("5413330089001102") && shared.contains("FF8101"), "{shared}");
    fs::write(folder.join("shared.jsonl"), shared).unwrap();
    assert!(run(&folder, "replay shared.jsonl --match strict --format json --unmask").contains("RECOVER AC"));
}

/// Max Lifetime of Torn Transaction Log Record (DF811C) is 300 seconds where nothing else is said.
#[test]
fn what_is_too_old_is_forgotten() {
    for (what, clock, set, recovered) in [
        ("in time", "2026-06-15T12:05:00Z", "", true),
        ("a second late", "2026-06-15T12:05:01Z", "", false),
        ("a year late", "2027-06-15T12:00:00Z", "", false),
        ("a longer life", "2026-06-15T12:05:01Z", " --set DF811C=012D", true),
    ] {
        let folder = folder(&what.replace(' ', "-"));
        run(&folder, &format!("{PAY} --card torn.toml -q"));
        assert_eq!(kept(&folder).torn.len(), 1, "{what}");
        let then = run(&folder, &format!("{PAY} --card whole.toml --clock {clock}{set} --format json"));
        assert_eq!(then.contains("RECOVER AC"), recovered, "{what}: {then}");
        assert!(kept(&folder).torn.is_empty(), "{what}");
    }
}

#[test]
fn a_process_that_is_killed_while_it_writes_leaves_the_old_log() {
    let folder = folder("killed");
    run(&folder, &format!("{PAY} --card torn.toml -q"));
    let old = fs::read(folder.join("log")).unwrap();
    // A pipe that nobody reads holds the process up where it begins to write.
    let pipe = Command::new("mkfifo").arg(folder.join("log.new")).status();
    if !pipe.is_ok_and(|status| status.success()) {
        return;
    }
    let mut child = emvtap(&folder, &format!("{PAY} --card whole.toml -q")).spawn().unwrap();
    let waits = (0..500).any(|_| {
        thread::sleep(Duration::from_millis(10));
        fs::read_to_string(format!("/proc/{}/wchan", child.id())).is_ok_and(|place| place.contains("fifo"))
            || child.try_wait().unwrap().is_some()
    });
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(fs::read(folder.join("log")).unwrap(), old, "waited: {waits}");
    assert_eq!(kept(&folder).torn.len(), 1);
    fs::remove_file(folder.join("log.new")).unwrap();
    // What a killed process leaves beside the log is in nobody's way.
    fs::write(folder.join("log.new"), "half a lo").unwrap();
    let then = run(&folder, &format!("{PAY} --card whole.toml --format json"));
    assert!(then.contains("RECOVER AC") && kept(&folder).torn.is_empty(), "{then}");
}
