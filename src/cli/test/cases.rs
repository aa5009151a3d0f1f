//! `emvtap test list`, `show` and `new`: cases as people read and begin them.

use std::collections::BTreeMap;

use serde_json::json;

use super::choose;
use crate::{
    cli::{
        args::{ListCases, ListFormat, NewCase, ShowCases},
        exit::Exit,
        explain,
        failure::Failure,
        files,
        out::{Environment, Out},
    },
    report::wrap,
    suite::{
        catalogue::Catalogue,
        load::{self, Suite},
        runner::Job,
    },
};

/// Names cases, suite by suite.
pub fn list(list: &ListCases, environment: &Environment) -> Result<Exit, Failure> {
    let catalogue = Catalogue::builtin()?;
    let suites = choose::suites(&list.selection.suites, &list.selection.id)?;
    let chosen = choose::cases(&list.selection, &suites, &catalogue)?;
    let mut out = Out::open(&list.target, environment, false)?;
    if chosen.jobs.is_empty() {
        out.talk("error", &choose::why_nothing(&list.selection, &suites, &chosen)?);
        return Ok(Exit::NOTHING);
    }
    let jobs = chosen.jobs;
    let text = match list.format {
        ListFormat::Json => as_json(&jobs),
        ListFormat::Text => as_text(&suites, &jobs, list.variants, &out),
    };
    out.data(&text)?;
    Ok(Exit::SUCCESS)
}

fn as_json(jobs: &[Job]) -> String {
    let case = |job: &Job| {
        json!({
            "id": job.case.id, "case": job.case.case_id(), "title": &*job.case.title, "suite": &*job.suite,
            "variant": job.case.variant, "tags": &*job.case.tags, "requirements": job.case.requirements(),
            "applies": job.case.applies.as_ref().map(ToString::to_string), "taps": job.case.plan.len(),
        })
    };
    let cases: Vec<_> = jobs.iter().map(case).collect();
    let whole = json!({ "schema": "emvtap.case-list/1", "cases": cases });
    format!("{}\n", serde_json::to_string_pretty(&whole).unwrap_or_default())
}

/// A headline for each suite, a line for each case or variant, and the sum.
fn as_text(suites: &[Suite], jobs: &[Job], variants: bool, out: &Out) -> String {
    let mut text = String::new();
    let (mut cases, mut files) = (0, 0);
    for suite in suites {
        let mut rows: Vec<(&str, usize, &str)> = Vec::new();
        for job in jobs.iter().filter(|job| *job.suite == *suite.name) {
            let id = if variants { job.case.id.as_str() } else { job.case.case_id() };
            match rows.last_mut().filter(|(last, ..)| *last == id) {
                Some((_, count, _)) => *count += 1,
                None => rows.push((id, 1, &job.case.title)),
            }
        }
        if rows.is_empty() {
            continue;
        }
        files += 1;
        cases += rows.len();
        text.push_str(&format!("{}  {}\n", out.paint().strong(&suite.name), suite.title));
        let column = rows.iter().map(|(id, ..)| id.chars().count()).max().unwrap_or(0);
        for (id, count, title) in rows {
            let count = if variants || count == 1 { String::new() } else { format!("×{count}") };
            let lead = format!("  {id:<column$} {count:>4}  ");
            let room = out.width().saturating_sub(lead.chars().count()).max(20);
            let title = wrap(title, room).join(&format!("\n{}", " ".repeat(lead.chars().count())));
            text.push_str(&format!("{lead}{title}\n"));
        }
        text.push('\n');
    }
    let sum = match variants {
        true => String::new(),
        false => format!(" of {}", counted(cases, "case")),
    };
    text.push_str(&format!("{}{sum} in {}\n", counted(jobs.len(), "variant"), counted(files, "suite")));
    text
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Prints cases.
pub fn show(show: &ShowCases, environment: &Environment) -> Result<Exit, Failure> {
    let suites = choose::suites(&show.suite, &[])?;
    let mut pages = Vec::new();
    for id in &show.ids {
        pages.extend(explain::case::pages(id, &suites)?);
    }
    explain::write(&pages, show.format, &show.target, environment)?;
    Ok(Exit::SUCCESS)
}

/// Begins a case file.
pub fn new(new: &NewCase, environment: &Environment) -> Result<Exit, Failure> {
    let catalogue = Catalogue::builtin()?;
    let mut texts = BTreeMap::new();
    for id in &new.requirements {
        let requirement = catalogue.get(id).ok_or_else(|| Failure::Usage {
            message: format!("there is no requirement `{id}`"),
            hint: Some(catalogue.suggest(id)),
        })?;
        texts.insert(id, &requirement.text);
    }
    let taken = explain::case::builtin()?.iter().flat_map(|suite| &suite.cases).any(|case| case.case_id() == new.id);
    if taken || load::retired().any(|(id, _)| id == new.id) {
        let hint = Some("an id is never used again: take the next number, or a topic of your own".to_owned());
        return Err(Failure::Usage { message: format!("there is a case `{}`, or there was one", new.id), hint });
    }
    files::card(&new.card)?;
    files::terminal(&new.terminal)?;
    let mut out = Out::fresh(&new.target, new.force, environment, false)?;
    out.data(&scaffold(new, &texts))?;
    Ok(Exit::SUCCESS)
}

fn scaffold(new: &NewCase, texts: &BTreeMap<&String, &String>) -> String {
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let ids: Vec<String> = new.requirements.iter().map(|id| quoted(id)).collect();
    let said: String = texts.iter().map(|(id, text)| format!("# {id}: {text}\n")).collect();
    format!(
        "# See docs/cases.md for everything that can stand here.\nschema = \"emvtap.case/1\"\ntitle = \"my cases\"\n\n\
         # What holds for every case of the file.\n[given]\ncard = {}\nterminal = {}\namount = \"25.00\"\n\n\
         [[case]]\nid = {}\ntitle = {}\n# applies = \"c3.issuer-update\"\n\n\
         # What differs here: card-with and terminal-with lie over the profiles.\n[case.given]\n\
         # card-with.application.visa.data.CTQ = \"8000\"\n\n{said}[[case.check]]\nrequirement = [{}]\n\
         outcome = \"online-request\"\n# cvm = \"no-cvm\"\n# sent.GPO.TTQ = \"byte 2 bit 7 = 0\"\n",
        quoted(&new.card),
        quoted(&new.terminal),
        quoted(&new.id),
        quoted(&new.title),
        ids.join(", "),
    )
}
