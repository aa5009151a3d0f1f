//! `emvtap host`: the issuer for other programs.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
    time::Duration,
};

use serde::Deserialize;
use serde_json::json;

use super::{
    args::{HostVerb, ServeHost},
    check,
    exit::Exit,
    failure::{Failure, words},
    hosts, interrupt,
    out::{self, Environment},
};
use crate::{
    bytes::Hex,
    data::text::HexText,
    host::{Answer, Host, Request, response_code},
    report::Mask,
    tlv::{self, Budget, Tag, Writer},
};

/// A request is far shorter.
const LINE_MAX: u64 = 1 << 20;
/// How often somebody looks whether the person wishes to stop.
const LOOK: Duration = Duration::from_millis(50);

/// Runs the verb.
pub fn run(verb: &HostVerb, environment: &Environment) -> Result<Exit, Failure> {
    match verb {
        HostVerb::Check(asked) if asked.names.is_empty() => Err(Failure::usage("which host file?")),
        HostVerb::Check(asked) => {
            check::run(asked, Vec::new(), environment, |name, _| hosts::open(name, None).map(|_| Vec::new()))
        }
        HostVerb::Serve(ServeHost { host, listen: None }) => {
            converse(&mut *hosts::open(host, None)?, &mut io::stdin().lock(), &mut io::stdout().lock())?;
            Ok(Exit::SUCCESS)
        }
        HostVerb::Serve(ServeHost { host, listen: Some(address) }) => listen(host, *address),
    }
}

/// Serves every connection on a thread of its own, until somebody stops it.
fn listen(host: &str, address: SocketAddr) -> Result<Exit, Failure> {
    hosts::open(host, None)?;
    let refused = |error: &io::Error| Failure::Environment(format!("nobody can listen at {address}: {}", words(error)));
    let listener = TcpListener::bind(address).map_err(|error| refused(&error))?;
    listener.set_nonblocking(true).map_err(|error| refused(&error))?;
    let stop = interrupt::stop();
    out::say(&format!("host {host} answers at {}", listener.local_addr().unwrap_or(address)));
    while !stop.is_wanted() {
        match listener.accept() {
            Ok((stream, _)) => {
                let host = host.to_owned();
                thread::spawn(move || visit(&host, &stream));
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => thread::sleep(LOOK),
            Err(error) => return Err(refused(&error)),
        }
    }
    Ok(Exit::INTERRUPTED)
}

/// What one visitor asks. A visitor who leaves in the middle costs nobody anything.
fn visit(host: &str, stream: &TcpStream) {
    if let Ok(mut host) = hosts::open(host, None)
        && stream.set_nonblocking(false).is_ok()
    {
        let (mut input, mut output) = (BufReader::new(stream), stream);
        let _ = converse(&mut *host, &mut input, &mut output);
    }
}

/// Answers every line, as it comes.
fn converse(host: &mut dyn Host, input: &mut dyn BufRead, output: &mut dyn Write) -> io::Result<()> {
    let mut line = Vec::new();
    loop {
        line.clear();
        let length = input.take(LINE_MAX).read_until(b'\n', &mut line)?;
        if length == 0 {
            return Ok(());
        }
        let too_long = u64::try_from(length) == Ok(LINE_MAX) && !line.ends_with(b"\n");
        if line.trim_ascii().is_empty() {
            continue;
        }
        let answer = match too_long {
            true => Err(format!("a request has less than {LINE_MAX} bytes")),
            false => answer(host, &line),
        };
        let answer = answer.unwrap_or_else(|message| json!({ "type": "error", "message": message }).to_string());
        match writeln!(output, "{answer}").and_then(|()| output.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            written => written?,
        }
        if too_long {
            return Ok(());
        }
    }
}

/// A request, as the message `online` of the shim protocol has it. What else stands in it is not looked at.
#[derive(Deserialize)]
struct Question {
    #[serde(default)]
    r#type: Option<String>,
    #[serde(default)]
    tags: BTreeMap<String, HexText>,
    #[serde(default)]
    data_record: Option<HexText>,
    #[serde(default)]
    online_pin: bool,
}

/// The answer to a line; an error in words.
fn answer(host: &mut dyn Host, line: &[u8]) -> Result<String, String> {
    let question: Question = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    if let Some(kind) = question.r#type.filter(|kind| kind != "online") {
        return Err(format!("wanted a message `online`, found `{kind}`"));
    }
    let mut record = Writer::new();
    record.raw(question.data_record.as_ref().map_or(&[], |record| record.0.as_slice()));
    for (tag, value) in &question.tags {
        let tag: Tag = tag.parse().map_err(|why| format!("`{tag}` is no tag: {why}"))?;
        record.object(tag, &value.0);
    }
    let mut record = record.finish();
    if let Some(error) = tlv::walk(&record, Budget::default()).find_map(Result::err) {
        return Err(format!("the data record is not TLV: {error}"));
    }
    if record.is_empty() {
        return Err("there are no data objects: wanted `tags` or `data_record`".to_owned());
    }
    let answer = host.authorise(Request { data_record: &record, online_pin: question.online_pin });
    record.extend([0x90, 0x00]);
    let mut mask = Mask::on();
    mask.learn(&record);
    Ok(told(&answer, &mask))
}

/// The message `host` of the shim protocol, and what the issuer found.
fn told(answer: &Answer, mask: &Mask) -> String {
    let hex = |bytes: &Option<Vec<u8>>| bytes.as_ref().map(|bytes| Hex(bytes).to_string());
    let scripts = tlv::objects(&answer.scripts).map_while(Result::ok).map(|script| {
        let mut whole = Writer::new();
        whole.object(script.tag, script.value);
        Hex(&whole.finish()).to_string()
    });
    json!({
        "type": "host",
        "response_code": answer.response_code.map(|code| response_code(&code)),
        "issuer_authentication_data": hex(&answer.authentication_data),
        "scripts": scripts.collect::<Vec<_>>(),
        "us": answer.elapsed.0,
        "arqc": answer.cryptogram.map(|check| check.name()),
        "cryptogram_version": answer.cryptogram_version,
        "arpc": hex(&answer.arpc),
        "note": mask.text(&answer.note),
    })
    .to_string()
}
