//! `emvtap man`: the manual, made from the command line itself.

use clap::{Command as Clap, CommandFactory};

use super::{
    args::{self, Command},
    exit::Exit,
    failure::Failure,
    out::{Environment, Out},
};
use crate::diag::suggest;

/// Writes a page.
pub fn run(wanted: &args::Man, environment: &Environment) -> Result<Exit, Failure> {
    let mut command = Command::command();
    command.build();
    for verb in &wanted.verb {
        command = below(&command, verb)?;
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    let mut out = Out::stdout(args::Colour::Never, environment);
    out.data(&String::from_utf8_lossy(&page))?;
    Ok(Exit::SUCCESS)
}

fn below(command: &Clap, verb: &str) -> Result<Clap, Failure> {
    let names = command.get_subcommands().map(Clap::get_name);
    command.find_subcommand(verb).cloned().ok_or_else(|| Failure::Usage {
        message: format!("there is no verb `{verb}`"),
        hint: Some(suggest(verb, names)),
    })
}
