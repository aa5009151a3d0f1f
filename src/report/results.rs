//! Results of conformance runs (`emvtap.results/1`) to text and back.
//!
//! The text is one JSON object, laid out so that it can be written as the run goes and read after a crash: the run stands on the
//! first line, every case has a line of its own, the end stands on the last.

use std::collections::BTreeSet;

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    diag::{self, Problem},
    suite::results::{CaseResult, End, Results, Run, SCHEMA},
};

/// The first lines, to be written before the first case.
pub fn head(run: &Run) -> String {
    format!("{{\"schema\":\"{SCHEMA}\",\"run\":{},\n\"cases\":[", line(run))
}

/// A case. `first`: none came before it.
pub fn case(case: &CaseResult, first: bool) -> String {
    format!("{}\n{}", if first { "" } else { "," }, line(case))
}

/// What stands behind the last case.
pub fn tail(end: End) -> String {
    format!("\n],\n\"end\":{}}}\n", line(&end))
}

/// A whole run. One that nobody saw the end of is written as it was found: without one.
pub fn write(results: &Results) -> String {
    let cases = results.cases.iter().enumerate().map(|(at, result)| case(result, at == 0));
    let end = results.end.map_or_else(|| "\n]}\n".to_owned(), tail);
    format!("{}{}{end}", head(&results.run), cases.collect::<String>())
}

/// These types hold nothing that JSON cannot say.
fn line(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Reads results. `file`: its name in messages. What a crash left behind is read up to the last whole case, and has no end.
///
/// # Errors
/// The text is no results, or of another version; a line that is no case although others come after it.
pub fn read(file: &str, text: &str) -> Result<Results, Problem> {
    let wrong = |message: String| {
        let (message, hint) = diag::explain(&message);
        let hint = hint.unwrap_or_else(|| "`emvtap test run --report json=FILE` writes results".to_owned());
        Problem::file(file, message).hint(hint)
    };
    let schema = schema(text).ok_or_else(|| wrong("these are no results of a conformance run".to_owned()))?;
    if schema != SCHEMA {
        return Err(wrong(format!("wanted schema `{SCHEMA}`, found `{schema}`")));
    }
    let results = match serde_json::from_str(text) {
        Ok(results) => results,
        Err(error) if error.is_eof() || error.is_syntax() => torn(file, text)?,
        Err(error) => {
            let at = place(text, error.line(), error.column());
            let (message, hint) = diag::explain(&error.to_string());
            return Err(Problem { hint, ..Problem::at(file, text, at, message) });
        }
    };
    refuse_twins(file, text, &results)?;
    Ok(results)
}

/// A case has one result: nobody knows which of two counts.
fn refuse_twins(file: &str, text: &str, results: &Results) -> Result<(), Problem> {
    let mut known = BTreeSet::new();
    let Some(twin) = results.cases.iter().find(|case| !known.insert(case.id.as_str())) else { return Ok(()) };
    let id = line(&twin.id);
    let second = text.match_indices(&id).find(|(at, _)| {
        let before = text.get(..*at).unwrap_or_default();
        before.trim_end().ends_with(':') && before.contains(&id)
    });
    let message = format!("the case {} is in it twice", twin.id);
    let problem = match second {
        Some((at, _)) => Problem::at(file, text, at..at + id.len(), message),
        None => Problem::file(file, message),
    };
    Err(problem.hint("results of several runs are files of their own; `emvtap report merge` puts shards together"))
}

/// The value of the first key, which must be the schema.
fn schema(text: &str) -> Option<&str> {
    let rest = text.trim_start().strip_prefix('{')?.trim_start().strip_prefix("\"schema\"")?;
    rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?.split('"').next()
}

/// Line and column, both from 1, as an offset.
fn place(text: &str, line: usize, column: usize) -> core::ops::Range<usize> {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let at = before + column.saturating_sub(1);
    at..at + 1
}

/// Results whose end is missing: line by line.
fn torn(file: &str, text: &str) -> Result<Results, Problem> {
    let mut start = 0;
    let mut lines = text.split_inclusive('\n').map(|line| {
        let span = start..start + line.trim_end().len();
        start += line.len();
        (span, line.trim().trim_start_matches(',').trim_end_matches(','))
    });
    let at = |span, message: String| Problem::at(file, text, span, message);
    let Some((span, head)) = lines.next() else { return Err(Problem::file(file, "the file is empty")) };
    let run: Head = parse(&format!("{head}}}")).map_err(|why| at(span, format!("the run cannot be read: {why}")))?;
    let mut results =
        Results { schema: SCHEMA.to_owned(), run: run.run, cases: Vec::new(), end: None, lacks: Vec::new() };
    let mut broken: Option<(core::ops::Range<usize>, String)> = None;
    for (span, line) in lines.filter(|(_, line)| line.starts_with('{')) {
        // Only what was being written when the run died may be broken.
        if let Some((span, why)) = broken {
            return Err(at(span, format!("this is no case: {why}")));
        }
        match parse(line) {
            Ok(case) => results.cases.push(case),
            Err(why) => broken = Some((span, why)),
        }
    }
    Ok(results)
}

/// The first line.
#[derive(serde::Deserialize)]
struct Head {
    run: Run,
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn what_is_written_is_read_again() {
        let results = sample::results();
        let text = write(&results);
        assert_eq!(text.lines().count(), results.cases.len() + 4);
        assert_eq!(read("r.json", &text).unwrap(), results);
        let pretty = serde_json::to_string_pretty(&results).unwrap();
        assert_eq!(read("r.json", &pretty).unwrap(), results, "the layout is for us, not for others");
    }

    #[test]
    fn wherever_a_crash_cuts_the_whole_cases_are_read() {
        let results = sample::results();
        let text = write(&results);
        let head = head(&results.run).len();
        let mut read_cases = Vec::new();
        for at in (head..text.len()).filter(|at| text.is_char_boundary(*at)) {
            let torn = read("r.json", &text[..at]).unwrap();
            assert!(torn.cases.len() <= results.cases.len());
            assert_eq!(torn.cases[..], results.cases[..torn.cases.len()]);
            read_cases.push(torn.cases.len());
        }
        assert!(read_cases.is_sorted() && read_cases.last() == Some(&results.cases.len()));
        for at in 0..head - 12 {
            let _ = read("r.json", &text[..at]);
        }
    }

    #[test]
    fn a_case_that_is_in_it_twice_is_refused_at_its_place() {
        let mut results = sample::results();
        results.cases.push(results.cases[0].clone());
        let problem = read("r.json", &write(&results)).unwrap_err();
        assert_eq!(problem.message, "the case C3-CVM-014 is in it twice");
        assert_eq!(problem.position.unwrap().line, 2 + results.cases.len());
    }

    #[test]
    fn what_is_no_result_is_refused() {
        let message = |text: &str| read("r.json", text).unwrap_err().message;
        assert_eq!(message("{}"), "these are no results of a conformance run");
        assert!(message("{\"schema\":\"emvtap.results/2\"}").contains("found `emvtap.results/2`"));
        let text = write(&sample::results()).replacen("\"verdict\":\"PASS\"", "\"verdict\":\"PASSED\"", 1);
        let problem = read("r.json", &text).unwrap_err();
        assert!(problem.message.contains("unknown value `PASSED`"), "{problem}");
        let text = write(&sample::results()).replacen("{\"id\"", "{\"id", 1);
        assert!(read("r.json", &text).unwrap_err().message.contains("this is no case"));
    }
}
