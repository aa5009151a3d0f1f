//! A terminal that taps a served card: judged by its commands. The virtual reader is played by the test.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    process::Command,
    thread,
};

use emvtap::suite::results::{Results, Verdict};

/// TTQ 36004000, 12.50 EUR: as a terminal would fill the card's PDOL that knows nothing of a CVM limit.
const GPO: &str = "80A80000238321360040000000000012500000000000000056000000000009782606150001020304";

fn send(card: &mut TcpStream, bytes: &[u8]) {
    let length = u16::try_from(bytes.len()).unwrap().to_be_bytes();
    card.write_all(&[&length[..], bytes].concat()).unwrap();
}

fn ask(card: &mut TcpStream, command: &str) {
    send(card, &hex::decode(command).unwrap());
    let mut length = [0; 2];
    card.read_exact(&mut length).unwrap();
    let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
    card.read_exact(&mut answer).unwrap();
    assert!(answer.ends_with(&[0x90, 0x00]), "{command}: {answer:02X?}");
}

/// A reader in which somebody taps every card that comes, after the one that only looks whether there is a reader.
fn reader() -> u16 {
    let reader = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = reader.local_addr().unwrap().port();
    thread::spawn(move || {
        for card in reader.incoming().skip(1) {
            let mut card = card.unwrap();
            send(&mut card, &[0x01]);
            ask(&mut card, "00A404000E325041592E5359532E444446303100");
            ask(&mut card, "00A4040007A000000003101000");
            ask(&mut card, &format!("{GPO}00"));
            send(&mut card, &[0x00]);
            let _ = card.read(&mut [0]);
        }
    });
    port
}

fn run(subject: &str, more: &[&str]) -> (Option<i32>, Results) {
    let arguments = ["test", "run", "tests/shim/three.toml", "--subject", subject, "--format", "json"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_emvtap"));
    let output = command.args(arguments).args(more).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.code(), emvtap::report::results::read("stdout", &text).unwrap())
}

#[test]
fn commands_are_judged_and_nothing_else_is() {
    let (code, results) = run(&format!("pcsc@{}", reader()), &["--timeout", "20"]);
    let verdicts: Vec<_> = results.cases.iter().map(|case| case.verdict).collect();
    assert_eq!(verdicts, [Verdict::Pass, Verdict::Inconclusive, Verdict::Fail], "{:#?}", results.cases);
    assert_eq!(code, Some(1));
    assert_eq!(results.cases[0].findings.len(), 1, "Outcome and display cannot be seen");
    assert_eq!(results.cases[2].findings[0].what, "GPO 9F66");
}

#[test]
fn nobody_who_taps_is_nobodys_failure() {
    let reader = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = reader.local_addr().unwrap().port();
    let failing = format!("pcsc@{port}:ls /no-such-folder");
    let (_, results) = run(&failing, &["--id", "SHIM-ANY-001"]);
    let reason = &results.cases[0].reason;
    assert!(reason.starts_with("nobody tapped the card; the terminal ended with exit status 2"), "{reason}");
    assert!(reason.contains("no-such-folder"), "{reason}");
    let subject = format!("pcsc@{port}:sleep 0");
    let (code, results) = run(&subject, &["--id", "SHIM-ANY-001"]);
    assert_eq!((code, results.cases[0].verdict), (Some(5), Verdict::Inconclusive));
    assert_eq!(results.cases[0].reason, "nobody tapped the card; the terminal ended with exit status 0");
    drop(reader);
    let output = Command::new(env!("CARGO_BIN_EXE_emvtap"))
        .args(["test", "run", "--id", "C3-CVM-001", "--subject", &subject])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(7));
    assert!(String::from_utf8_lossy(&output.stderr).contains("apt-get install pcscd vsmartcard-vpcd"));
}
