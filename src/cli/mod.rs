//! The command line: one file a verb. [`args`] is what was asked for, [`out`] the only place that writes, [`exit`] the one
//! table of exit codes.

use std::{ffi::OsString, process::ExitCode};

use clap::{Parser, error::ErrorKind};

mod again;
pub mod args;
mod card;
mod check;
mod clock;
mod completions;
mod crypto;
pub mod decode;
pub mod exit;
mod explain;
mod failure;
mod files;
mod host;
mod hosts;
mod interrupt;
mod listing;
mod man;
pub mod out;
mod pay;
mod read;
mod reader;
mod record;
mod replay;
mod report;
mod schema;
mod serve;
mod teller;
mod terminal;
mod test;
mod torn_log;
mod values;

use args::{Colour, Command, Verb};
use exit::Exit;
use out::{Environment, Out};

/// Does what the command line says. Gives the exit code; nothing else leaves this function.
pub fn main(line: impl Iterator<Item = OsString>) -> ExitCode {
    let line: Vec<OsString> = line.collect();
    exit::guard(|| run(&line), out::say).into()
}

fn run(line: &[OsString]) -> Exit {
    let environment = Environment::read(|name| std::env::var(name).ok());
    let command = match Command::try_parse_from(line) {
        Ok(command) => command,
        Err(error) => return refuse(&error, &environment),
    };
    let (done, colour) = match &command.verb {
        Verb::Pay(pay) => (pay::run(pay, &environment), pay.output.target.color),
        Verb::Decode(verb) => (decode::run(verb, &environment), verb.target.color),
        Verb::Replay(replay) => (replay::run(replay, &environment), replay.output.target.color),
        Verb::Card(look) => (card::run(look, &environment), look.colour()),
        Verb::Test(test) => (test::run(test, &environment), test.colour()),
        Verb::Reader(look) => (reader::run(look, &environment), look.colour()),
        Verb::Host(verb) => (host::run(verb, &environment), verb.colour()),
        Verb::Terminal(look) => (terminal::run(look, &environment), look.colour()),
        Verb::Report(report) => (report::run(report, &environment), report.colour()),
        Verb::Crypto(verb) => (crypto::run(verb, &environment), verb.colour()),
        Verb::Explain(explain) => (explain::run(explain, &environment), explain.target.color),
        Verb::Completions(wanted) => (completions::run(wanted, &environment), Colour::Auto),
        Verb::Schema(wanted) => (schema::run(wanted, &environment), Colour::Auto),
        Verb::Man(wanted) => (man::run(wanted, &environment), Colour::Auto),
    };
    done.unwrap_or_else(|failure| {
        failure.tell(&Out::stdout(colour, &environment));
        failure.exit()
    })
}

/// Help and version are data; everything else is a mistake.
fn refuse(error: &clap::Error, environment: &Environment) -> Exit {
    let mut out = Out::stdout(Colour::Auto, environment);
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return out.data(&error.render().to_string()).map_or(Exit::ENVIRONMENT, |()| Exit::SUCCESS);
    }
    out::say(error.render().to_string().trim_end());
    Exit::USAGE
}
