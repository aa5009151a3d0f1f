//! Cases and requirements.

use super::page::Page;
use crate::{
    cli::failure::Failure,
    diag::{Problem, suggest},
    report::case::statements,
    suite::{
        case::Check,
        catalogue::{Catalogue, Requirement},
        load::{self, Suite},
        plan::Planned,
    },
};

/// Whether a word has the form of a case's id: `C3-CVM-014`, with or without a variant.
pub(super) fn is_id(text: &str) -> bool {
    let id = text.split('/').next().unwrap_or_default().to_uppercase();
    let parts: Vec<&str> = id.split('-').collect();
    let numbered = parts.last().is_some_and(|last| last.len() >= 3 && last.bytes().all(|byte| byte.is_ascii_digit()));
    parts.len() >= 3 && numbered
}

/// Every built-in suite.
pub(in crate::cli) fn builtin() -> Result<Vec<Suite>, Problem> {
    load::names().iter().filter_map(|name| load::builtin(name)).collect()
}

/// The case with this id, or one of its variants.
///
/// # Errors
/// There is none, with the nearest id; or its card or terminal cannot be made.
pub(in crate::cli) fn pages(id: &str, suites: &[Suite]) -> Result<Vec<Page>, Failure> {
    let all = || suites.iter().flat_map(|suite| suite.cases.iter().map(move |case| (suite, case)));
    if let Some((suite, case)) = all().find(|(_, case)| case.id.eq_ignore_ascii_case(id)) {
        return Ok(vec![tapped(head(suite, case), case)?]);
    }
    let variants: Vec<(&Suite, &Planned)> = all().filter(|(_, case)| case.case_id().eq_ignore_ascii_case(id)).collect();
    let Some((suite, first)) = variants.first() else {
        let near =
            all().find(|(_, case)| id.split('/').next().is_some_and(|id| case.case_id().eq_ignore_ascii_case(id)));
        let ids: Vec<&str> = match near {
            Some((_, near)) => all()
                .map(|(_, case)| case)
                .filter(|case| case.case_id() == near.case_id())
                .map(|case| &*case.id)
                .collect(),
            None => all().map(|(_, case)| case.case_id()).collect(),
        };
        let hint = suggest(id, ids.iter().copied());
        let hint =
            if near.is_some() || hint.starts_with("did") { hint } else { "`emvtap test list` names them".to_owned() };
        return Err(Failure::Usage { message: format!("there is no case `{id}`"), hint: Some(hint) });
    };
    let common =
        |check: &&Check| variants.iter().all(|(_, case)| case.checks().any(|other| core::ptr::eq(other, *check)));
    let rows = first.checks().filter(common).flat_map(rows).collect();
    let variants: Vec<Vec<String>> =
        variants.iter().map(|(_, case)| vec![case.id.clone(), own(case, &common)]).collect();
    let count = format!("{} variants", variants.len());
    let page = head(suite, first).list("must be seen in every variant", rows).list(count, variants);
    Ok(vec![
        page.see(format!("emvtap test show {}", first.id)).see(format!("emvtap test run --id '{}/*'", first.case_id())),
    ])
}

/// What must be seen in a variant beside what must be seen in all.
fn own(case: &Planned, common: &dyn Fn(&&Check) -> bool) -> String {
    let own = case.checks().filter(|check| !common(check)).flat_map(statements);
    own.collect::<Vec<_>>().join(" · ")
}

fn head(suite: &Suite, case: &Planned) -> Page {
    let line = case.problem("").position.map_or(0, |at| at.line);
    let applies = case.applies.as_ref().map_or("everywhere".to_owned(), |applies| format!("where {applies}"));
    Page::new("case", case.case_id(), &*case.title)
        .fact("about", &*case.description)
        .fact("suite", format!("{}: {}", suite.name, suite.title))
        .fact("file", format!("{}:{line}", suite.file))
        .fact("applies", applies)
        .fact("tags", case.tags.join(", "))
}

/// A variant with everything that is put in.
fn tapped(page: Page, case: &Planned) -> Result<Page, Failure> {
    let mut page = Page { subject: case.id.clone(), ..page };
    let taps = case.taps()?;
    for (at, tap) in taps.iter().enumerate() {
        let of = if taps.len() == 1 { String::new() } else { format!("tap {}: ", at + 1) };
        let with = if tap.same_card { " with the same card" } else { "" };
        let inputs = tap.inputs.iter().flat_map(|(what, value)| {
            let lines = value.lines().filter(|line| !line.is_empty()).enumerate();
            lines.map(move |(at, line)| vec![if at == 0 { what.clone() } else { String::new() }, line.to_owned()])
        });
        page = page.list(format!("{of}what is tapped{with}"), inputs.collect());
        page = page.list(format!("{of}what must be seen"), tap.checks.iter().flat_map(rows).collect());
    }
    Ok(page.see(format!("emvtap test run --id {} -vv", case.id)))
}

/// A check's statements, with the requirements that say so beside the first.
fn rows(check: &Check) -> Vec<Vec<String>> {
    let ids: Vec<&str> = check.requirement.iter().map(|id| id.get_ref().as_str()).collect();
    let mut rows: Vec<Vec<String>> = statements(check).into_iter().map(|said| vec![String::new(), said]).collect();
    if !check.because.is_empty() {
        rows.push(vec![String::new(), format!("because {}", check.because)]);
    }
    if let Some(cell) = rows.first_mut().and_then(|row| row.first_mut()) {
        *cell = ids.join(" ");
    }
    rows
}

/// The requirement with this id, and the cases that assert something because of it; `None` if there is none.
pub(super) fn requirement(id: &str) -> Result<Option<Page>, Failure> {
    let catalogue = Catalogue::builtin()?;
    let found = catalogue.requirements.iter().find(|requirement| requirement.id.eq_ignore_ascii_case(id));
    let Some(Requirement { id, book, edition, section, level, text, untestable }) = found else { return Ok(None) };
    let suites = builtin()?;
    let cites = |case: &&Planned| case.requirements().contains(&id.as_str());
    let mut cases: Vec<Vec<String>> = Vec::new();
    for case in suites.iter().flat_map(|suite| &suite.cases).filter(cites) {
        let row = vec![case.case_id().to_owned(), case.title.to_string()];
        if !cases.contains(&row) {
            cases.push(row);
        }
    }
    let covered = if cases.is_empty() { "by no case" } else { "" };
    Ok(Some(
        Page::new("requirement", id, text)
            .fact("book", format!("{book}, edition {edition}"))
            .fact("section", section)
            .fact("level", level.name())
            .fact("untestable", untestable.clone().unwrap_or_default())
            .fact("asserted", covered)
            .list("cases that assert it", cases)
            .see(format!("emvtap test run --spec '{id}'")),
    ))
}
