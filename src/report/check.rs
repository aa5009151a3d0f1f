//! What checks found, as text or JSON (`emvtap.check/1`).

use serde_json::{Value, json};

use super::{Paint, wrap};
use crate::diag::{Finding, Level, Problem};

/// A file and what was found in it.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The file, as the person named it.
    pub file: String,
    /// What was found in it, or why it cannot be read.
    pub findings: Result<Vec<Finding>, Problem>,
}

impl Checked {
    /// How many findings are of a level. A file that cannot be read is one error.
    pub fn count(&self, level: Level) -> usize {
        match &self.findings {
            Ok(findings) => findings.iter().filter(|finding| finding.level() == level).count(),
            Err(_) => usize::from(level == Level::Error),
        }
    }
}

const LEVELS: [Level; 3] = [Level::Error, Level::Warning, Level::Note];

/// Text for people: each finding with its place, then a line for each file.
pub fn text(files: &[Checked], paint: Paint, width: usize) -> String {
    let mut text = String::new();
    for file in files {
        match &file.findings {
            Err(problem) => text.push_str(&finding(Level::Error, "", problem, paint, width)),
            Ok(findings) => {
                for found in findings {
                    let check = found.check;
                    let rule = format!("{} · {} {}", check.name, check.book, check.section);
                    text.push_str(&finding(found.level(), rule.trim_end(), &found.problem, paint, width));
                }
            }
        }
    }
    let column = files.iter().map(|file| file.file.chars().count()).max().unwrap_or(0) + 2;
    for file in files {
        let pad = " ".repeat(column - file.file.chars().count());
        text.push_str(&format!("{}{pad}{}\n", file.file, verdict(file, paint)));
    }
    text
}

fn finding(level: Level, rule: &str, problem: &Problem, paint: Paint, width: usize) -> String {
    let word = format!("{level}:");
    let word = match level {
        Level::Error => paint.bad(&word),
        Level::Warning => paint.notable(&word),
        Level::Note => paint.strong(&word),
    };
    let bare = Problem { hint: None, ..problem.clone() };
    let mut text = format!("{word} {bare}\n");
    if let Some(hint) = &problem.hint {
        let lines = wrap(hint, width.saturating_sub(8).max(20));
        text.push_str(&format!("  hint: {}\n", lines.join("\n        ")));
    }
    if !rule.is_empty() {
        text.push_str(&format!("  {}\n", paint.quiet(&format!("rule: {rule}"))));
    }
    text.push('\n');
    text
}

fn verdict(file: &Checked, paint: Paint) -> String {
    let counts = LEVELS.map(|level| (level, file.count(level)));
    let said: Vec<String> =
        counts.iter().filter(|(_, count)| *count > 0).map(|(level, count)| words(*level, *count)).collect();
    match said.is_empty() {
        true => paint.good("ok"),
        false if file.count(Level::Error) > 0 => paint.bad(&said.join(", ")),
        false => paint.notable(&said.join(", ")),
    }
}

fn words(level: Level, count: usize) -> String {
    format!("{count} {level}{}", if count == 1 { "" } else { "s" })
}

/// One object for programs.
pub fn json(files: &[Checked]) -> Value {
    let count = |level| files.iter().map(|file| file.count(level)).sum::<usize>();
    json!({
        "schema": "emvtap.check/1",
        "files": files.iter().map(file_json).collect::<Vec<_>>(),
        "errors": count(Level::Error),
        "warnings": count(Level::Warning),
        "notes": count(Level::Note),
    })
}

fn file_json(file: &Checked) -> Value {
    let findings: Vec<Value> = match &file.findings {
        Ok(findings) => findings
            .iter()
            .map(|found| {
                let check = found.check;
                finding_json(check.level, check.name, Some((check.book, check.section)), &found.problem)
            })
            .collect(),
        Err(problem) => vec![finding_json(Level::Error, "invalid-file", None, problem)],
    };
    json!({ "file": file.file, "findings": findings })
}

fn finding_json(level: Level, check: &str, rule: Option<(&str, &str)>, problem: &Problem) -> Value {
    let position = problem.position.as_ref();
    json!({
        "level": level.name(),
        "check": check,
        "book": rule.map(|(book, _)| book),
        "rule": rule.map(|(_, section)| section).filter(|section| !section.is_empty()),
        "file": problem.file,
        "line": position.map(|at| at.line),
        "column": position.map(|at| at.column),
        "message": problem.message,
        "hint": problem.hint,
    })
}
