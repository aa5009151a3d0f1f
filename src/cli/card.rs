//! `emvtap card`: what is built in, and what a file says.

use super::{
    args::{LookAtCards, NewCard},
    check,
    exit::Exit,
    failure::Failure,
    files, listing,
    out::{Environment, Out},
    replay,
};
use crate::{
    card::{
        self, Profile,
        draft::{self, Exchanged},
        fault::catalogue,
    },
    crypto::Trust,
    diag::Problem,
    link::{self, Step},
    terminal::ca_keys,
    time::Micros,
};

/// Runs the verb.
pub fn run(look: &LookAtCards, environment: &Environment) -> Result<Exit, Failure> {
    match look {
        LookAtCards::List(list) if list.faults => listing::write("fault", &faults()?, &list.list, environment),
        LookAtCards::List(list) => {
            let entries: Result<Vec<_>, Failure> = card::builtin::names().into_iter().map(entry).collect();
            listing::write("card", &entries?, &list.list, environment)
        }
        LookAtCards::Show(show) => {
            files::card(&show.name)?;
            listing::show(&files::card_source(&show.name)?, show, environment)
        }
        LookAtCards::New(new) => self::new(new, environment),
        LookAtCards::Check(asked) => {
            let trust = Trust { ca_keys: ca_keys()?, ..Trust::default() };
            check::run(asked, card::builtin::names(), environment, |name, today| {
                let (profile, places) = files::placed_card(name)?;
                Ok(card::check::check(&profile, &places, &trust, today))
            })
        }
        LookAtCards::Read(read) => super::read::run(read, environment),
        LookAtCards::Serve(serve) => super::serve::run(serve, environment),
    }
}

fn entry(name: String) -> Result<listing::Entry, Failure> {
    let profile = Profile::builtin(&name)?;
    Ok(listing::Entry { name, title: profile.title, description: profile.description })
}

/// A line for each name; faults that share one are one.
fn faults() -> Result<Vec<listing::Entry>, Failure> {
    let said = catalogue()?.iter().filter(|fault| !fault.text.is_empty());
    let entry = |fault: &card::fault::Fault| listing::Entry {
        name: fault.name.clone(),
        title: fault.text.clone(),
        description: String::new(),
    };
    Ok(said.map(entry).collect())
}

/// Writes a profile to go on from, after checking that it is one.
fn new(new: &NewCard, environment: &Environment) -> Result<Exit, Failure> {
    let (toml, notes, private) = match &new.from {
        None => {
            let base = files::card(&new.extends)?;
            (draft::scaffold(&new.name, &new.extends, &base), Vec::new(), false)
        }
        Some(path) => {
            let exchanges = exchanged(replay::runnable(path)?.steps());
            let wrong = |why: String| Problem::file(&path.display().to_string(), why);
            let draft = draft::from_exchanges(&new.name, &exchanges, new.allow_any_pan).map_err(|why| {
                let problem = wrong(why);
                if new.allow_any_pan || !problem.message.contains("test range") {
                    return problem;
                }
                problem.hint("`emvtap replay --redact` puts a test number in its place; or say --allow-any-pan")
            })?;
            (draft.toml, draft.notes, new.allow_any_pan)
        }
    };
    Profile::parse(&new.name, &toml, &|_| None)?;
    let mut out = Out::fresh(&new.target, new.force, environment, private)?;
    out.data(&toml)?;
    for note in &notes {
        out.talk("note", note);
    }
    Ok(Exit::SUCCESS)
}

/// What the card was asked and what it answered, without the time through the air.
fn exchanged(steps: Vec<Step>) -> Vec<Exchanged> {
    let answered = |step| match step {
        Step::Exchange { command, answer: Ok((response, elapsed)) } => {
            let air = link::air_time(command.len()) + link::air_time(response.len());
            Some(Exchanged { command, response, took: Micros(elapsed.0.saturating_sub(air.0)) })
        }
        _ => None,
    };
    steps.into_iter().filter_map(answered).collect()
}
