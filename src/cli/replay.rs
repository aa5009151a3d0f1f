//! `emvtap replay`: what was recorded, shown or run again.

use std::{fs, path::Path};

use clap::ValueEnum;

use super::{
    args::{HOST, Kind, Pay, Replay, SEED, TornLog},
    exit::Exit,
    failure::{Failure, words},
    files::{self, Source},
    out::{Environment, Out},
    pay::{self, Stage},
    reader::args::InReader,
    teller::{End, Headline, Watch},
    values,
};
use crate::{
    bytes::Hex,
    diag::Problem,
    dump,
    entry::Aid,
    host::{Answer, Decline, Host, Offline},
    link::{self, Match},
    report::{Mask, Recorded, recording::Header, redact, replayed},
    run::{RecordedHost, RecordedRandom, Tap},
    terminal::Terminal,
};

/// Runs the verb.
pub fn run(replay: &Replay, environment: &Environment) -> Result<Exit, Failure> {
    let file = replay.file.display().to_string();
    let recorded = read(&replay.file)?;
    if replay.redact {
        return share(replay, &recorded, environment);
    }
    let runs = replay.terminal.is_some() || replay.matching.is_some() || !replay.set.is_empty();
    if runs { again(replay, &file, &recorded, environment) } else { show(replay, &file, &recorded, environment) }
}

/// Reads a recording from disk.
pub fn read(path: &Path) -> Result<Recorded, Failure> {
    let file = path.display().to_string();
    let bytes = fs::read(path).map_err(|error| Problem::file(&file, format!("cannot be read: {}", words(&error))))?;
    let text = dump::text(bytes).map_err(|_| Problem::file(&file, "cannot be read: not UTF-8 text"))?;
    if Recorded::is_one(&text) {
        return Ok(Recorded::read(&file, &text)?);
    }
    let hint = "`emvtap decode` says what a text holds";
    let log = dump::parse(&text)
        .map(|dump| Recorded::from_dump(&dump))
        .ok_or_else(|| Problem::file(&file, "neither a recording nor a log of commands and responses").hint(hint))?;
    if log.exchanges().is_empty() {
        return Err(Problem::file(&file, "no command in it was answered").hint(hint).into());
    }
    Ok(log)
}

/// A recording whose card can answer again.
pub fn runnable(path: &Path) -> Result<Recorded, Failure> {
    let recorded = read(path)?;
    let masked = "card data are masked in this recording: it can be shown, not run";
    if recorded.exchanges().is_empty() {
        return Err(Problem::file(&path.display().to_string(), "no command in it was answered").into());
    }
    if recorded.header.masked {
        let hint = "record with `pay --record FILE`, or with `--format jsonl --unmask`";
        return Err(Problem::file(&path.display().to_string(), masked).hint(hint).into());
    }
    Ok(recorded)
}

/// Of how many lines of a log a person is told what is wrong with them.
const DOUBTS: usize = 5;

/// What a person should know of a recording that is not whole.
pub fn warn(recorded: &Recorded, out: &Out) {
    if recorded.torn {
        out.talk("note", "the last line was cut off and is left away");
    }
    if recorded.header.terminal.is_empty() {
        out.talk("note", "a log of another tool: commands and responses, no times, nothing the terminal thought");
    } else if recorded.end.is_none() {
        out.talk("note", "the recording ends before the transaction did");
    }
    if let Some(redacted) = &recorded.header.redacted {
        let parts = [&["card data are not the card's own".to_owned()], &*redacted.cannot_verify].concat();
        out.talk("note", &format!("redacted: {}", parts.join("; ")));
    }
    for (line, why) in recorded.doubts.iter().take(DOUBTS) {
        out.talk("note", &format!("line {line}: {why}"));
    }
    if let Some(more) = recorded.doubts.len().checked_sub(DOUBTS).filter(|more| *more > 0) {
        out.talk("note", &format!("and {more} more like these"));
    }
}

/// Shows what happened then.
fn show(replay: &Replay, file: &str, recorded: &Recorded, environment: &Environment) -> Result<Exit, Failure> {
    let mut out = Out::open(&replay.output.target, environment, replay.output.unmask)?;
    warn(recorded, &out);
    let header = &recorded.header;
    let seed = header.seed.map_or_else(|| "live".to_owned(), |seed| seed.to_string());
    let amount = format!("{} {}", header.amount, header.currency);
    let mut parts = vec![("card", header.card.as_str())];
    if !header.amount.is_empty() {
        parts.insert(0, ("pay", amount.as_str()));
    }
    if !header.terminal.is_empty() {
        parts.extend([("terminal", header.terminal.as_str()), ("seed", &seed)]);
    }
    let again = format!("emvtap replay {}", super::again::quoted(file));
    let headline = Headline { command: &format!("emvtap replay {file}"), parts: &parts };
    let mut watch = Watch::new(&mut out, &replay.output, &headline, header);
    recorded.tell(&mut watch);
    let outcome = recorded.outcome();
    let (disposition, stopped) = match &recorded.end {
        Some(end) => (end.disposition.as_str(), end.stopped.as_deref()),
        None => ("none", Some("the recording ends here")),
    };
    watch.end(&End { outcome: outcome.as_ref(), disposition, stopped, elapsed: recorded.elapsed(), again: &again })?;
    let result = outcome.map(|outcome| outcome.result);
    Ok(pay::unexpected(replay.expect.as_ref(), result, disposition, &out).unwrap_or(Exit::SUCCESS))
}

/// Runs the kernel again against the recorded answers.
fn again(replay: &Replay, file: &str, recorded: &Recorded, environment: &Environment) -> Result<Exit, Failure> {
    let recorded = runnable(&replay.file).map(|_| recorded)?;
    if recorded.header.amount.is_empty() {
        return Err(Failure::Usage {
            message: "the recording does not say what was to be paid".to_owned(),
            hint: Some(format!(
                "`emvtap pay AMOUNT --replay {}` runs a transaction with its card",
                super::again::quoted(file)
            )),
        });
    }
    let pay = as_pay(replay, file, &recorded.header)?;
    let mut stage = Stage::new(&pay, terminal(replay, &recorded.header)?)?;
    let command = format!("emvtap replay {}", super::again::quoted(file));
    stage.again = super::again::replayed(&command, replay);
    stage.command = command;
    stage.kept = recorded.kept();
    let rule = replay.matching.map_or(Match::Meaning, Match::from);
    let steps = recorded.steps();
    let known = link::without_directory(&steps);
    let mut link = link::Replay::new(steps, rule);
    let mut random = RecordedRandom::new(recorded.numbers(), pay.seed().unwrap_or(SEED));
    let mut host = RecordedHost::new(recorded.answers());
    let mut out = pay::open(&pay, environment)?;
    warn(recorded, &out);
    begin(&mut stage, known, rule, &out);
    let tap = stage.tap(&mut link, &mut host, &mut random, &mut out)?;
    Ok(compare(replay, recorded, &link, rule, &tap, &out))
}

/// Where Entry Point begins: at final selection if nobody asked the recorded card for its directory, because what the card would
/// have answered is unknown.
fn begin(stage: &mut Stage<'_>, known: Option<Vec<Vec<u8>>>, rule: Match, out: &Out) {
    let Some(known) = known else { return };
    let names: Vec<String> = known.iter().map(|name| Hex(name).to_string()).collect();
    let names = names.join(", ");
    if rule == Match::Strict {
        let why = "the recording has no SELECT PPSE, which a terminal sends first";
        out.talk("note", &format!("{why}; `--match meaning` starts at final selection, with {names}"));
        return;
    }
    stage.options.known_applications = known.iter().filter_map(|name| Aid::new(name)).collect();
    out.talk(
        "note",
        &format!(
            "the recording has no SELECT PPSE: Entry Point starts at final selection, with what was selected: {names}"
        ),
    );
}

/// Says where the replay differs, and what comes of it.
fn compare(replay: &Replay, recorded: &Recorded, link: &link::Replay, rule: Match, tap: &Tap, out: &Out) -> Exit {
    let mask = learnt(recorded, replay.output.unmask);
    let (result, disposition) = (tap.outcome().map(|outcome| outcome.result), tap.disposition.name());
    let then = recorded.outcome().map(|outcome| outcome.result);
    let was = recorded.end.as_ref().map(|end| end.disposition.as_str());
    let mut same = true;
    for difference in link.differences() {
        same &= difference.accepted;
        let kind = if difference.accepted { "note" } else { "error" };
        out.talk(kind, &replayed::difference(difference, &mask));
    }
    let went_on = same && rule == Match::Strict;
    if same && link.unsent().next().is_some() {
        let kind = if went_on { "error" } else { "note" };
        out.talk(kind, &replayed::unsent(link, &mask));
        same = !went_on;
    }
    let ends =
        |result: Option<crate::kernel::outcome::OutcomeResult>, disposition: &str| pay::ending(result, disposition);
    if let Some(was) = was.filter(|was| same && (then != result || *was != disposition)) {
        let (then, now) = (ends(then, was), ends(result, disposition));
        out.talk(if rule == Match::Strict { "error" } else { "note" }, &format!("it was {then}, now it is {now}"));
        same = rule == Match::Meaning;
    }
    if let Some(exit) = pay::unexpected(replay.expect.as_ref(), result, disposition, out) {
        return exit;
    }
    if same { Exit::SUCCESS } else { Exit::UNEXPECTED }
}

/// `pay --replay FILE`: another transaction with a recorded card.
pub fn as_card(mut stage: Stage<'_>, path: &Path, environment: &Environment) -> Result<Exit, Failure> {
    let recorded = runnable(path)?;
    let pay = stage.pay;
    let mut host: Box<dyn Host> = match pay.host() {
        // What was found out about the cryptogram was about another transaction.
        HOST => Box::new(RecordedHost::new(recorded.answers().into_iter().map(|answer| Answer {
            cryptogram: None,
            cryptogram_version: None,
            note: "recorded answer".to_owned(),
            ..answer
        }))),
        "decline" => Box::new(Decline),
        "offline" => Box::new(Offline),
        other => {
            let message = format!("`--host {other}` needs the keys of a virtual card");
            let hint = Some("a recorded card has the recorded issuer, or `--host decline|offline`".to_owned());
            return Err(Failure::Usage { message, hint });
        }
    };
    stage.card = recorded.header.card.clone();
    let steps = recorded.steps();
    let known = link::without_directory(&steps);
    let mut link = link::Replay::new(steps, Match::Meaning);
    let mut random = pay::random(pay)?;
    let mut out = pay::open(pay, environment)?;
    warn(&recorded, &out);
    begin(&mut stage, known, Match::Meaning, &out);
    let tap = stage.tap(&mut link, host.as_mut(), random.as_mut(), &mut out)?;
    let mask = learnt(&recorded, pay.output.unmask);
    let mut follows = true;
    for difference in link.differences() {
        follows &= difference.accepted;
        out.talk(if difference.accepted { "note" } else { "error" }, &replayed::difference(difference, &mask));
    }
    match pay::judge(pay, &tap, &out)? {
        _ if !follows => Ok(Exit::INCONCLUSIVE),
        exit => Ok(exit),
    }
}

/// Everything sensitive is known before the first word about it.
fn learnt(recorded: &Recorded, unmask: bool) -> Mask {
    let mut mask = if unmask { Mask::off() } else { Mask::on() };
    for step in recorded.steps() {
        if let link::Step::Exchange { answer: Ok((response, _)), .. } = step {
            mask.learn(&response);
        }
    }
    mask
}

/// The terminal: another one, the one in the recording, or the built-in one it names.
fn terminal(replay: &Replay, header: &Header) -> Result<Source, Failure> {
    match (&replay.terminal, &header.terminal_profile) {
        (Some(name), _) => files::terminal_source(name),
        (None, Some(text)) => Ok(Source { file: header.terminal.clone(), text: text.clone() }),
        (None, None) if Terminal::builtin_text(&header.terminal).is_some() => files::terminal_source(&header.terminal),
        (None, None) if header.terminal.is_empty() => Err(Failure::Usage {
            message: "a log of another tool does not say at which terminal it was".to_owned(),
            hint: Some("say `--terminal NAME|FILE`".to_owned()),
        }),
        (None, None) => Err(Failure::Usage {
            message: format!("the recording does not hold its terminal `{}`", header.terminal),
            hint: Some("say `--terminal NAME|FILE`".to_owned()),
        }),
    }
}

/// The transaction of the header, as `pay` would have been asked for it.
fn as_pay(replay: &Replay, file: &str, header: &Header) -> Result<Pay, Failure> {
    let wrong = |name: &str, why: String| Failure::from(Problem::file(file, format!("`{name}` of the header: {why}")));
    let mut set = Vec::new();
    // What was set belongs to the recorded terminal.
    for text in header.set.iter().filter(|_| replay.terminal.is_none()) {
        set.push(values::overriding(text).map_err(|why| wrong("set", why))?);
    }
    set.extend(replay.set.iter().cloned());
    let zone = if header.clock.len() > "2026-06-15T12:00:00".len() { "" } else { "Z" };
    Ok(Pay {
        amount: header.amount.clone(),
        currency: Some(values::currency(&header.currency).map_err(|why| wrong("currency", why))?),
        kind: Kind::from_str(&header.r#type, false).map_err(|why| wrong("type", why))?,
        other: header.other.clone(),
        card: header.card.clone(),
        replay: None,
        // What went wrong is in the recording.
        fault: Vec::new(),
        terminal: replay.terminal.clone().unwrap_or_else(|| header.terminal.clone()),
        set,
        reader: InReader::default(),
        host: Some(HOST.to_owned()),
        seed: Some(header.seed.unwrap_or(SEED)),
        clock: Some(&header.clock)
            .filter(|clock| !clock.is_empty())
            .map(|clock| values::moment(&format!("{clock}{zone}")).map_err(|why| wrong("clock", why)))
            .transpose()?,
        live: false,
        expect: replay.expect.clone(),
        kept: TornLog::default(),
        record: None,
        output: replay.output.clone(),
    })
}

/// Writes the recording without what identifies a cardholder.
fn share(replay: &Replay, recorded: &Recorded, environment: &Environment) -> Result<Exit, Failure> {
    let mut out = Out::open(&replay.output.target, environment, false)?;
    if recorded.torn {
        out.talk("note", "the last line was cut off and is left away");
    }
    out.data(&redact::redact(recorded))?;
    out.talk("note", "account numbers, tracks, names and unknown objects are replaced; read it before you share it");
    Ok(Exit::SUCCESS)
}
