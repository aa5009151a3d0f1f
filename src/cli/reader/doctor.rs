//! `emvtap reader doctor`.

use super::{
    args::Doctor,
    findings::{Finding, Spoken, Weight, findings},
};
use crate::{
    cli::{
        exit::Exit,
        failure::Failure,
        out::{Environment, Out},
    },
    link::pcsc::{Service, machine::Machine},
};

/// Runs the verb.
pub fn run(flags: &Doctor, environment: &Environment) -> Result<Exit, Failure> {
    let machine = Machine::look(&flags.root);
    let spoken = ask();
    let found = findings(&machine, &spoken);
    let mut out = Out::open(&flags.target, environment, false)?;
    let mut text = String::new();
    for (reader, _) in spoken.iter().flatten() {
        text.push_str(&format!("reader {}  {}  {}\n", reader.number, reader.name, reader.state.words()));
    }
    for finding in &found {
        text.push_str(&told(finding, &out));
    }
    if found.is_empty() {
        text.push_str("nothing is wrong\n");
    }
    out.data(&text)?;
    let fatal = found.iter().any(|finding| finding.weight == Weight::Fatal);
    Ok(if fatal { Exit::ENVIRONMENT } else { Exit::SUCCESS })
}

fn ask() -> Spoken {
    let service = Service::open()?;
    let readers = service.readers()?;
    Ok(readers.into_iter().map(|reader| (service.properties(&reader), reader)).map(|(p, r)| (r, p)).collect())
}

fn told(finding: &Finding, out: &Out) -> String {
    let label = match finding.weight {
        Weight::Fatal => out.paint().bad("problem:"),
        Weight::Warning => out.paint().strong("warning:"),
    };
    let cure: String = finding.cure.iter().map(|line| format!("    {line}\n")).collect();
    format!("{label} {}\n{cure}", finding.what)
}
