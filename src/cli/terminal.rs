//! `emvtap terminal`: what is built in, and what a file says.

use toml::Value;

use super::{
    args::{Look, NewTerminal, Show, ShowTerminal},
    check,
    exit::Exit,
    failure::Failure,
    files, listing,
    out::{Environment, Out},
};
use crate::{
    bytes::Hex,
    terminal::{self, Terminal},
};

/// Runs the verb.
pub fn run(look: &Look, environment: &Environment) -> Result<Exit, Failure> {
    match look {
        Look::List(list) => {
            let entries: Result<Vec<_>, Failure> = terminal::names().into_iter().map(entry).collect();
            listing::write("terminal", &entries?, list, environment)
        }
        Look::Show(show) if show.keys => keys(&show.show, environment),
        Look::Show(ShowTerminal { show, .. }) => {
            files::terminal(&show.name)?;
            listing::show(&files::terminal_source(&show.name)?, show, environment)
        }
        Look::New(new) => self::new(new, environment),
        Look::Check(asked) => {
            let names = terminal::names().into_iter().map(str::to_owned).collect();
            check::run(asked, names, environment, |name, today| {
                let source = files::terminal_source(name)?;
                let terminal = Terminal::from_text(&source.file, &source.text)?;
                let places = terminal::check::places(&source.file, &source.text);
                Ok(terminal::check::check(&terminal, &places, today))
            })
        }
    }
}

fn entry(name: &str) -> Result<listing::Entry, Failure> {
    let terminal = files::terminal(name)?;
    Ok(listing::Entry { name: name.to_owned(), title: terminal.title, description: terminal.description })
}

/// The text of a terminal under another title: a file of one's own says everything.
fn new(new: &NewTerminal, environment: &Environment) -> Result<Exit, Failure> {
    let source = files::terminal_source(&new.like)?;
    let title = format!("title = {}", Value::from(new.name.as_str()));
    let lines = source.text.lines().map(|line| if line.starts_with("title = ") { &title } else { line });
    let text: String = lines.flat_map(|line| [line, "\n"]).collect();
    Terminal::from_text(&source.file, &text)?;
    Out::fresh(&new.target, new.force, environment, false)?.data(&text)?;
    Ok(Exit::SUCCESS)
}

/// The CA public keys a terminal trusts, a line each.
fn keys(show: &Show, environment: &Environment) -> Result<Exit, Failure> {
    let terminal = files::terminal(&show.name)?;
    let mut out = Out::open(&show.target, environment, false)?;
    let head = format!(
        "{:<12} {:<10} {:<5} {:>4}  {:<8} {:<10}  {:<7}  {}",
        "LIST", "RID", "INDEX", "BITS", "EXPONENT", "EXPIRES", "STATUS", "CHECKSUM"
    );
    let mut text = format!("{}\n", out.paint().strong(&head));
    for listed in terminal.listed_keys() {
        let key = &listed.key;
        let expires = key.expires.map_or_else(|| "-".to_owned(), |date| date.to_string());
        text.push_str(&format!(
            "{:<12} {} {:<5} {:>4}  {:<8} {expires:<10}  {:<7}  {}\n",
            listed.list,
            Hex(&key.rid),
            Hex(&[key.index]).to_string(),
            key.key.modulus().len() * 8,
            Hex(key.key.exponent()).to_string(),
            listed.status.name(),
            Hex(&key.checksum()),
        ));
    }
    out.data(&text)?;
    Ok(Exit::SUCCESS)
}
