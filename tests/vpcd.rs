//! A served card as a virtual reader sees it: byte for byte, without any PC/SC.

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A virtual reader, and a card that connects to it.
fn serve(words: &[&str]) -> (TcpListener, Served) {
    let reader = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = reader.local_addr().unwrap().port().to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_emvtap"));
    command.args(["card", "serve"]).args(words).args(["--port", &port]).stdin(Stdio::null()).stderr(Stdio::null());
    (reader, Served(command.spawn().unwrap()))
}

fn accept(reader: &TcpListener) -> TcpStream {
    let stream = reader.accept().unwrap().0;
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

/// Sends a message.
fn tell(card: &mut TcpStream, message: &str) {
    let message = hex::decode(message).unwrap();
    let length = u16::try_from(message.len()).unwrap().to_be_bytes();
    card.write_all(&[&length[..], &message].concat()).unwrap();
}

/// Sends a message and reads the answer.
fn ask(card: &mut TcpStream, message: &str) -> String {
    tell(card, message);
    let mut length = [0; 2];
    card.read_exact(&mut length).unwrap();
    let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
    card.read_exact(&mut answer).unwrap();
    hex::encode_upper(answer)
}

#[test]
fn controls_and_commands_as_vpcd_sends_them() {
    let (reader, _served) = serve(&["visa-credit", "--repeat", "--uid", "01020304"]);
    let mut card = accept(&reader);
    assert_eq!(ask(&mut card, "04"), "3B80800101");
    tell(&mut card, "01");
    assert!(ask(&mut card, "00A4040007A000000003101000").ends_with("9000"));
    assert_eq!(ask(&mut card, "FFCA000000"), "010203049000");
    assert_eq!(ask(&mut card, "80A80000028300"), "6700", "selected, and the PDOL wants more");
    tell(&mut card, "02");
    assert_eq!(ask(&mut card, "80A80000028300"), "6985", "nothing is selected after a reset");
    tell(&mut card, "00");
    tell(&mut card, "03");
    assert_eq!(ask(&mut card, "04"), "3B80800101", "a control nobody knows is ignored");
}

#[test]
fn a_card_comes_back_to_a_reader_that_went_away() {
    let (reader, _served) = serve(&["visa-credit", "--repeat"]);
    drop(accept(&reader));
    assert_eq!(ask(&mut accept(&reader), "04"), "3B80800101");
}

#[test]
fn a_card_leaves_after_one_tap() {
    let (reader, mut served) = serve(&["visa-credit"]);
    let mut card = accept(&reader);
    tell(&mut card, "01");
    tell(&mut card, "00");
    tell(&mut card, "01");
    assert!(ask(&mut card, "00A404000E325041592E5359532E4444463031").ends_with("9000"), "no tap without a command");
    tell(&mut card, "00");
    assert_eq!(card.read(&mut [0]).unwrap(), 0, "it has left");
    assert_eq!(served.0.wait().unwrap().code(), Some(0));
}

/// A card that is there already keeps the next one connected and unheard.
#[test]
fn a_busy_slot_is_no_place_for_a_card() {
    let (_reader, mut served) = serve(&["visa-credit", "--timeout", "0"]);
    assert_eq!(served.0.wait().unwrap().code(), Some(7));
}

/// The one time that a profile states is the time of the relay.
#[test]
fn a_slow_relay_is_slow() {
    let (reader, _served) = serve(&["mastercard-relay-slow"]);
    let mut card = accept(&reader);
    tell(&mut card, "01");
    assert!(ask(&mut card, "00A4040007A000000004101000").ends_with("9000"));
    assert!(ask(&mut card, "80A8000002830000").ends_with("9000"));
    let start = Instant::now();
    assert!(ask(&mut card, "80EA0000040102030400").ends_with("9000"));
    assert!(start.elapsed() >= Duration::from_millis(80), "as long as the profile says");
}

#[test]
fn a_card_that_was_torn_away_comes_back_into_the_same_tap() {
    let (reader, _served) = serve(&["mastercard-credit", "--repeat", "--fault", "tear-gpo"]);
    for torn in [true, false] {
        let mut card = accept(&reader);
        tell(&mut card, "01");
        assert!(ask(&mut card, "00A4040007A000000004101000").ends_with("9000"));
        if torn {
            tell(&mut card, "80A8000002830000");
            assert_eq!(card.read(&mut [0]).unwrap(), 0, "it has left");
        } else {
            assert!(ask(&mut card, "80A8000002830000").ends_with("9000"), "once is enough");
        }
    }
}

#[test]
fn what_cannot_be_served_is_said() {
    for (words, code, wanted) in [
        ("--port 65535 --slot 3", 2, "65535 is the last one"),
        ("--host a..b", 7, "no such host"),
        ("--timeout 0 --port 1 --fault collision", 7, "the fault `collision` does not happen here"),
    ] {
        let words = ["card", "serve", "visa-credit"].into_iter().chain(words.split(' '));
        let output = Command::new(env!("CARGO_BIN_EXE_emvtap")).args(words).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(code) && said.contains(wanted), "{said}");
    }
}

#[test]
fn a_recording_is_never_served() {
    let folder = std::env::temp_dir().join(format!("emvtap-recording-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let disguised = folder.join("card.toml");
    fs::write(&disguised, "{\"schema\":\"emvtap.recording/1\"}\n").unwrap();
    for name in [disguised.to_str().unwrap(), "live.tap.jsonl"] {
        let output = Command::new(env!("CARGO_BIN_EXE_emvtap")).args(["card", "serve", name]).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains("it is not served"));
    }
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn without_a_virtual_reader_the_environment_is_unusable() {
    let nobody = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = nobody.local_addr().unwrap().port().to_string();
    drop(nobody);
    let words = ["card", "serve", "visa-credit", "--timeout", "0", "--port", &port];
    let output = Command::new(env!("CARGO_BIN_EXE_emvtap")).args(words).output().unwrap();
    assert_eq!(output.status.code(), Some(7));
    assert!(String::from_utf8_lossy(&output.stderr).contains("apt-get install pcscd vsmartcard-vpcd"));
}

/// A build without readers says what to install, everywhere.
#[cfg(not(feature = "pcsc"))]
#[test]
fn without_the_feature_every_verb_says_how_to_get_it() {
    for line in ["reader list", "reader watch", "reader doctor", "pay 1 --reader", "card read --reader ACR"] {
        let output = Command::new(env!("CARGO_BIN_EXE_emvtap")).args(line.split(' ')).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert_eq!(output.status.code(), Some(7), "{line}: {said}");
        assert!(said.contains("cargo install emvtap --features pcsc"), "{line}: {said}");
        assert!(said.contains("apt-get install libpcsclite-dev pcscd"), "{line}: {said}");
    }
}
