//! Which cases a person means.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use crate::{
    cli::{args::Selection, failure::Failure, files},
    diag::suggest,
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

/// The suites that a person names, or all that are built in; of these, only those that may have cases with such ids, if
/// there are any.
pub fn suites(names: &[String], ids: &[String]) -> Result<Vec<Suite>, Failure> {
    let builtin = load::names();
    let mut suites = Vec::new();
    let may_have = |name: &&String| load::may_have(name, ids);
    if names.is_empty() {
        let meant = builtin.iter().filter(may_have);
        return meant.filter_map(|name| load::builtin(name)).map(|suite| Ok(suite?)).collect();
    }
    for name in names {
        let inside = format!("{name}/");
        let meant: Vec<_> = builtin.iter().filter(|known| *known == name || known.starts_with(&inside)).collect();
        if !meant.is_empty() {
            for known in meant.into_iter().filter(may_have) {
                suites.extend(load::builtin(known).transpose()?);
            }
        } else if name.ends_with(".toml") || Path::new(name).exists() {
            suites.push(from_disk(name)?);
        } else {
            let folders: BTreeSet<&str> = builtin.iter().filter_map(|known| Some(known.split_once('/')?.0)).collect();
            let known = builtin.iter().map(String::as_str).chain(folders);
            let message = format!("there is no suite `{name}`");
            return Err(Failure::Usage { message, hint: Some(suggest(name, known)) });
        }
    }
    Ok(suites)
}

fn from_disk(name: &str) -> Result<Suite, Failure> {
    let text = files::read(Path::new(name))?;
    let file = name.to_owned();
    let beside = Arc::new(move |other: &str| files::beside(&file, other));
    Ok(load::suite(name, name, &text, beside)?)
}

/// The cases that are meant, in the order of the suites.
pub fn cases(selection: &Selection, suites: &[Suite], catalogue: &Catalogue) -> Result<Vec<Job>, Failure> {
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
            && any(&selection.tag, &|tag| case.tags.iter().any(|known| known == tag))
            && selection.keyword.as_ref().is_none_or(|text| mentions(case, text))
            && failed.as_ref().is_none_or(|failed| failed.contains(&case.id))
    };
    let mut jobs = Vec::new();
    for suite in suites {
        let name: Arc<str> = suite.name.as_str().into();
        let meant = suite.cases.iter().filter(is_meant).cloned();
        jobs.extend(meant.map(|case| Job { suite: Arc::clone(&name), case, not_applicable: None }));
    }
    if let Some((which, of)) = selection.shard {
        let mut at = 0;
        jobs.retain(|_| {
            at += 1;
            (at - 1) % of == which - 1
        });
    }
    Ok(jobs)
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
