//! `emvtap completions`: scripts for shells, with the names of what is built in.

use clap::{Command as Clap, CommandFactory, builder::PossibleValuesParser};

use super::{
    args::{self, Command},
    exit::Exit,
    failure::Failure,
    out::{Environment, Out},
};
use crate::{card, terminal};

/// Writes the script.
pub fn run(wanted: &args::Completions, environment: &Environment) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(wanted.shell, &mut named(Command::command()), "emvtap", &mut script);
    let mut out = Out::stdout(args::Colour::Never, environment);
    out.data(&String::from_utf8_lossy(&script))?;
    Ok(Exit::SUCCESS)
}

/// The command line as a shell should see it: where a name or a file may stand, the names.
fn named(command: Clap) -> Clap {
    let cards = card::builtin::names();
    let terminals: Vec<String> = terminal::names().into_iter().map(str::to_owned).collect();
    let show = |names: Vec<String>| {
        move |look: Clap| {
            look.mut_subcommand("show", |show| {
                show.mut_arg("name", |arg| arg.value_parser(PossibleValuesParser::new(names)))
            })
        }
    };
    command
        .mut_subcommand("pay", |pay| {
            pay.mut_arg("card", |arg| arg.value_parser(PossibleValuesParser::new(cards.clone())))
                .mut_arg("terminal", |arg| arg.value_parser(PossibleValuesParser::new(terminals.clone())))
        })
        .mut_subcommand("card", show(cards))
        .mut_subcommand("terminal", show(terminals))
}
