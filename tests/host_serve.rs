//! `emvtap host serve --listen`: an issuer that other programs reach.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
};

/// An issuer, and the address it says it answers at.
fn issuer(address: &str) -> (Child, String) {
    let mut issuer = Command::new(env!("CARGO_BIN_EXE_emvtap"))
        .args(["host", "serve", "--listen", address])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(issuer.stderr.take().unwrap()).read_line(&mut line).unwrap();
    (issuer, line.trim_end().rsplit(' ').next().unwrap().to_owned())
}

fn ask(stream: &mut BufReader<TcpStream>, line: &str) -> serde_json::Value {
    writeln!(stream.get_mut(), "{line}").unwrap();
    let mut answer = String::new();
    stream.read_line(&mut answer).unwrap();
    serde_json::from_str(&answer).unwrap()
}

#[test]
fn everybody_who_connects_is_answered_and_a_busy_port_is_named() {
    let (mut serving, address) = issuer("127.0.0.1:0");
    let connect = || BufReader::new(TcpStream::connect(&address).unwrap());
    let (mut first, mut second) = (connect(), connect());
    for _ in 0..2 {
        for stream in [&mut second, &mut first] {
            let answer = ask(stream, r#"{"type":"online","tags":{"5A":"4761739001010010","9F26":"0011223344556677"}}"#);
            assert_eq!((&answer["type"], &answer["response_code"]), (&"host".into(), &"05".into()), "{answer}");
        }
    }
    assert_eq!(ask(&mut first, "?")["type"], "error");
    drop(first);

    let (mut refused, _) = issuer(&address);
    assert_eq!(refused.wait().unwrap().code(), Some(7));
    serving.kill().unwrap();
    serving.wait().unwrap();
}
