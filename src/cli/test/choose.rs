//! Which cases a person means.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    cli::{
        again::quoted,
        args::Selection,
        failure::{Failure, words},
        files,
    },
    diag::{Problem, suggest},
    report::results,
    suite::{
        catalogue::Catalogue,
        glob,
        load::{self, Suite},
        plan::Planned,
        results::Verdict,
        runner::Job,
    },
};

/// The suites that a person names, each once, or all that are built in; of these, only those that may have cases with such ids, if
/// there are any. A folder stands for the case files in it.
pub fn suites(names: &[String], ids: &[String]) -> Result<Vec<Suite>, Failure> {
    let builtin = load::names();
    let may_have = |name: &&String| load::may_have(name, ids);
    if names.is_empty() {
        let meant = builtin.iter().filter(may_have);
        return meant.filter_map(|name| load::builtin(name)).map(|suite| Ok(suite?)).collect();
    }
    let (mut suites, mut taken, mut files_taken) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for name in names {
        let meant = builtin_named(name, &builtin);
        if !meant.is_empty() {
            for known in meant.into_iter().filter(may_have).filter(|known| taken.insert(known.as_str())) {
                suites.extend(load::builtin(known).transpose()?);
            }
            continue;
        }
        for file in on_disk(name)?.ok_or_else(|| unknown(name, &builtin))? {
            if files_taken.insert(fs::canonicalize(&file).unwrap_or_else(|_| PathBuf::from(&file))) {
                suites.push(from_disk(&file)?);
            }
        }
    }
    Ok(suites)
}

/// The built-in suites that a name means: one, or all of a book.
fn builtin_named<'a>(name: &str, builtin: &'a [String]) -> Vec<&'a String> {
    let name = name.trim_end_matches('/');
    let inside = format!("{name}/");
    builtin.iter().filter(|known| *known == name || known.starts_with(&inside)).collect()
}

/// Whether a name means a file or folder, and no built-in suite.
pub fn is_on_disk(name: &str) -> bool {
    builtin_named(name, &load::names()).is_empty()
}

/// Whether a suite is a person's own.
pub fn is_own(suite: &Suite) -> bool {
    suite.name == suite.file
}

/// The case files that a name means: itself, or those in the folder of this name, in alphabetical order; `None` if it looks like none.
fn on_disk(name: &str) -> Result<Option<Vec<String>>, Failure> {
    let path = Path::new(name);
    if !path.is_dir() {
        return Ok((name.ends_with(".toml") || path.exists()).then(|| vec![name.to_owned()]));
    }
    let unreadable = |error: io::Error| Problem::file(name, format!("cannot be read: {}", words(&error)));
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        if file.extension().is_some_and(|extension| extension == "toml") && file.is_file() {
            files.push(file);
        }
    }
    files.sort();
    let cases = files.iter().filter(|file| !is_other(file)).map(|file| file.display().to_string());
    let cases: Vec<String> = cases.collect();
    if cases.is_empty() {
        return Err(Failure::Usage {
            message: format!("there is no case file in `{name}`"),
            hint: Some("case files end with .toml; `emvtap test new` begins one".to_owned()),
        });
    }
    Ok(Some(cases))
}

/// Whether a file says that it is something else that lies beside cases: a card, a terminal, known failures. Whatever says nothing is
/// taken for cases, so that a mistake is told.
fn is_other(file: &Path) -> bool {
    const KINDS: [&str; 6] = ["card", "terminal", "host", "expectations", "ics", "ca-keys"];
    let Ok(text) = fs::read_to_string(file) else { return false };
    let Ok(table) = toml::from_str::<toml::Table>(&text) else { return false };
    let schema =
        table.get("schema").and_then(|schema| schema.as_str()).and_then(|schema| schema.strip_prefix("emvtap."));
    schema.and_then(|schema| schema.split('/').next()).is_some_and(|kind| KINDS.contains(&kind))
}

fn unknown(name: &str, builtin: &[String]) -> Failure {
    let folders: BTreeSet<&str> = builtin.iter().filter_map(|known| Some(known.split_once('/')?.0)).collect();
    let known = builtin.iter().map(String::as_str).chain(folders);
    let hint = match builtin_ids().any(|id| means(name, id)) {
        true => format!("a case is selected by its id: --id {}", quoted(name)),
        false => suggest(name, known),
    };
    Failure::Usage { message: format!("there is no suite `{name}`"), hint: Some(hint) }
}

/// The ids of all built-in cases, without variants.
fn builtin_ids() -> impl Iterator<Item = &'static str> {
    load::names().into_iter().flat_map(|name| load::ids(&name).map(|(id, _)| id).collect::<Vec<_>>())
}

/// Whether a glob means a case, or a variant of it.
fn means(glob: &str, id: &str) -> bool {
    glob::matches(glob, id) || glob.split_once('/').is_some_and(|(case, _)| glob::matches(case, id))
}

fn from_disk(name: &str) -> Result<Suite, Failure> {
    let text = files::read(Path::new(name))?;
    let file = name.to_owned();
    let beside = Arc::new(move |other: &str| files::beside(&file, other));
    Ok(load::suite(name, name, &text, beside)?)
}

/// The cases that a person means.
pub struct Chosen {
    /// Those that are run here.
    pub jobs: Vec<Job>,
    /// The ids of those of all shards.
    pub ids: Vec<String>,
}

/// The cases that are meant, in the order of the suites.
pub fn cases(selection: &Selection, suites: &[Suite], catalogue: &Catalogue) -> Result<Chosen, Failure> {
    let failed = selection.failed_in.as_deref().map(failed_in).transpose()?;
    let is_meant = |case: &&Planned| {
        let any =
            |globs: &[String], holds: &dyn Fn(&str) -> bool| globs.is_empty() || globs.iter().any(|glob| holds(glob));
        let cites = |glob: &str| {
            case.requirements().iter().any(|id| {
                let place = catalogue.get(id).map(|requirement| requirement.place());
                glob::matches(glob, id) || place.is_some_and(|place| glob::matches(glob, &place))
            })
        };
        any(&selection.id, &|glob| glob::matches(glob, &case.id) || glob::matches(glob, case.case_id()))
            && any(&selection.spec, &cites)
            && any(&selection.tag, &|tag| case.tags.iter().any(|known| known.eq_ignore_ascii_case(tag)))
            && selection.keyword.as_ref().is_none_or(|text| mentions(case, text))
            && failed.as_ref().is_none_or(|failed| failed.contains(&case.id))
    };
    let mut jobs = Vec::new();
    for suite in suites {
        let name: Arc<str> = suite.name.as_str().into();
        let meant = suite.cases.iter().filter(is_meant).cloned();
        jobs.extend(meant.map(|case| Job { suite: Arc::clone(&name), case, not_applicable: None }));
    }
    let ids = jobs.iter().map(|job| job.case.id.clone()).collect();
    if let Some((which, of)) = selection.shard {
        let mut at = 0;
        jobs.retain(|_| {
            at += 1;
            (at - 1) % of == which - 1
        });
    }
    Ok(Chosen { jobs, ids })
}

/// Why nothing is selected, as far as that can be told, with a hint.
pub fn why_nothing(selection: &Selection, suites: &[Suite], chosen: &Chosen) -> Result<String, Failure> {
    if let Some((which, of)) = selection.shard.filter(|_| !chosen.ids.is_empty()) {
        return Ok(format!("no case is left for shard {which}/{of}: only {} selected", counted(chosen.ids.len())));
    }
    if let Some(path) = &selection.failed_in
        && failed_in(path)?.is_empty()
    {
        return Ok(format!("nothing failed in {}", path.display()));
    }
    let cases = || suites.iter().flat_map(|suite| &suite.cases);
    let ids: Vec<&str> = builtin_ids().map(|id| -> &str { id }).chain(cases().map(Planned::case_id)).collect();
    let is_any = |glob: &str| ids.iter().any(|id| means(glob, id));
    if let Some(glob) = selection.id.iter().find(|glob| !is_any(glob)) {
        let wider = [format!("{glob}-*"), format!("{glob}*")].into_iter().find(|wider| is_any(wider));
        let near = suggest(glob, ids.iter().copied());
        let hint = match wider {
            Some(wider) => format!("--id {} means all cases that begin so", quoted(&wider)),
            None if near.starts_with("did you mean") => near,
            None => LIST.to_owned(),
        };
        return Ok(format!("no case is selected: none has the id `{glob}`\n\nhint: {hint}"));
    }
    let tags: BTreeSet<&str> = cases().flat_map(|case| case.tags.iter()).map(String::as_str).collect();
    let is_known = |tag: &String| tags.iter().any(|known| known.eq_ignore_ascii_case(tag));
    if let Some(tag) = selection.tag.iter().find(|tag| !is_known(tag)) {
        let hint = suggest(tag, tags.iter().copied());
        return Ok(format!("no case is selected: none has the tag `{tag}`\n\nhint: {hint}"));
    }
    Ok(format!("no case is selected\n\nhint: {LIST}"))
}

const LIST: &str = "`emvtap test list` names them";

fn counted(cases: usize) -> String {
    if cases == 1 { "1 case is".to_owned() } else { format!("{cases} cases are") }
}

fn mentions(case: &Planned, text: &str) -> bool {
    let text = text.to_lowercase();
    [case.id.as_str(), &case.title, &case.description].iter().any(|part| part.to_lowercase().contains(&text))
}

/// The ids of the cases that failed in a run.
fn failed_in(path: &Path) -> Result<Vec<String>, Failure> {
    let name = path.display().to_string();
    let text = files::read(path)?;
    let failed =
        |verdict| matches!(verdict, Verdict::Fail | Verdict::UnexpectedPass | Verdict::Error | Verdict::Inconclusive);
    let cases = results::read(&name, &text)?.cases.into_iter();
    Ok(cases.filter(|case| failed(case.verdict)).map(|case| case.id).collect())
}
