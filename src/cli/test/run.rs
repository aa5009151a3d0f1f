//! `emvtap test run`: cases against a subject.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    choose, lint,
    reports::Reports,
    supported,
    told::{Bar, Told},
    who::Who,
};
use crate::{
    cli::{
        again::quoted,
        args::{self, RunFormat, RunTests},
        clock,
        exit::Exit,
        failure::Failure,
        files, interrupt,
        out::{Environment, Out},
        report::{STDOUT, refuse_same},
    },
    link::Stop,
    report::{cases::Depth, shield},
    suite::{
        catalogue::Catalogue,
        expectations::Expectations,
        glob,
        load::{self, Suite},
        perform::Conditions,
        results::{End, RequirementNote, Run, Verdict},
        runner::{self, Job, Manner, Task},
        verdict::{Sum, sum},
    },
};

/// Runs the verb.
pub fn run(flags: &RunTests, environment: &Environment) -> Result<Exit, Failure> {
    let start = Instant::now();
    let who = Who::parse(&flags.subject)?;
    let mut expectations = flags.expectations.as_deref().map(expectations).transpose()?;
    let catalogue = Catalogue::builtin()?;
    let text_aside = outputs(flags)?;
    let suites = choose::suites(&flags.selection.suites, &flags.selection.id)?;
    let ics = supported::ics(flags, &who)?;
    let chosen = choose::cases(&flags.selection, &suites, &catalogue)?;
    let wrong = lint::refuse(&suites, &catalogue);
    if !wrong.is_empty() {
        let talk = Out::stdout(flags.target.color, environment);
        wrong.iter().for_each(|problem| talk.talk("error", &problem.to_string()));
        return Ok(Exit::INPUT);
    }
    let mut out = Out::open(&flags.target, environment, flags.unmask)?;
    if chosen.jobs.is_empty() {
        out.talk("error", &choose::why_nothing(&flags.selection, &suites, &chosen)?);
        return Ok(Exit::NOTHING);
    }
    if let Some(expectations) = &mut expectations {
        expectations.meet(chosen.ids.iter().map(String::as_str));
    }
    let mut jobs = chosen.jobs;
    supported::apply(&ics, &mut jobs);
    let now = clock::utc_now().ok_or_else(|| Failure::Environment("the system clock is not set".to_owned()))?;
    let stop = interrupt::stop();
    let description = who.describe(&stop)?;
    let stale =
        expectations.iter().flat_map(|known| known.stale(now.date, |id| is_left_out(flags, &suites, id))).collect();
    let run = Run {
        emvtap: env!("CARGO_PKG_VERSION").to_owned(),
        subject: flags.subject.clone(),
        name: description.name,
        version: description.version,
        capabilities: description.capabilities,
        suites: suites.iter().map(|suite| (suite.name.clone(), suite.sha256.clone())).collect(),
        ics: ics.shown(),
        ics_digest: ics.digest(),
        seed: flags.seed,
        started: format!("{now}Z"),
        shard: flags.selection.shard.map(|(which, of)| format!("{which}/{of}")),
        command: again(flags, None),
        masked: !flags.unmask,
        strict: flags.strict,
        stale,
        requirements: requirements(&suites, &catalogue),
    };
    let run = if run.masked { shield::run(run) } else { run };
    let task = Arc::new(task(flags, who.clone(), &stop, jobs, &run));
    let threads = who.jobs(flags.jobs);
    let depth = depth(flags);
    let json = match flags.format {
        RunFormat::Json => Some(core::mem::replace(&mut out, Out::stdout(flags.target.color, environment))),
        RunFormat::Text => None,
    };
    let mut out = if text_aside { out.aside() } else { out };
    if depth > Depth::Sum {
        out.data(&headline(&run, task.jobs.len()))?;
    }
    let reports = Reports::open(&flags.report, json, &run, environment)?;
    let mut told = Told {
        run: &run,
        depth,
        reports,
        expectations,
        today: now.date,
        again: Box::new(|id| again(flags, Some(id))),
        verdicts: Vec::new(),
        bar: Bar::new(!flags.quiet && !environment.is_ci()),
        failure: None,
        out,
    };
    let manner = Manner { threads, fail_fast: flags.fail_fast, stop };
    let finish = runner::run(&task, &manner, &mut told);
    told.bar.clear();
    let Told { mut out, reports, expectations, verdicts, failure, .. } = told;
    let duration_us = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
    reports.end(End { duration_us, interrupted: finish.interrupted })?;
    if let Some(failure) = failure {
        return Err(failure.into());
    }
    if flags.format == RunFormat::Text {
        out.data(&summary(&verdicts, duration_us, depth))?;
    }
    for note in expectations.iter().flat_map(|expectations| expectations.notes(now.date, &run.stale)) {
        out.talk("note", &note.to_string());
    }
    if finish.interrupted {
        return Ok(Exit::INTERRUPTED);
    }
    if !verdicts.iter().any(|verdict| verdict.is_judged()) {
        out.talk("note", "nothing was judged: this is no pass");
    }
    if let Some(problem) = finish.problems.into_iter().next() {
        return Err(problem.into());
    }
    let exit = exit(&verdicts, &run);
    if let Some(why) = why(exit, &verdicts, &run) {
        out.talk("note", &format!("exit code {}: {why}", exit.0));
    }
    Ok(exit)
}

/// Refuses to mix outputs. Gives whether text has to stand aside, because a report goes to stdout.
fn outputs(flags: &RunTests) -> Result<bool, Failure> {
    let stdout = Path::new(STDOUT);
    let own = flags.target.output.as_deref().or((flags.format == RunFormat::Json).then_some(stdout));
    let reports = || flags.report.iter().map(|report| report.file.as_path());
    refuse_same(reports().chain(own))?;
    Ok(own.is_none() && reports().any(|file| file == stdout))
}

/// Whether there are such cases beside those that are selected: in the files that were named, or built in.
fn is_left_out(flags: &RunTests, suites: &[Suite], id: &str) -> bool {
    let chosen = &flags.selection;
    let narrowed = !(chosen.id.is_empty() && chosen.spec.is_empty() && chosen.tag.is_empty())
        || chosen.keyword.is_some()
        || chosen.failed_in.is_some();
    let named = || suites.iter().flat_map(|suite| &suite.cases).any(|case| glob::matches(id, &case.id));
    let globs = [id.to_owned()];
    narrowed && (named() || load::names().iter().any(|name| load::may_have(name, &globs)))
}

fn expectations(path: &Path) -> Result<Expectations, Failure> {
    let name = path.display().to_string();
    Ok(Expectations::parse(&name, &files::read(path)?)?)
}

/// Every requirement of the books that the suites are about: what they do not cover is to be seen.
fn requirements(suites: &[Suite], catalogue: &Catalogue) -> BTreeMap<String, RequirementNote> {
    let cited = || suites.iter().flat_map(|suite| &suite.cases).flat_map(|case| case.requirements());
    let books: BTreeSet<&str> =
        cited().filter_map(|id| catalogue.get(id)).map(|requirement| requirement.book.as_str()).collect();
    let mine = catalogue.requirements.iter().filter(|requirement| books.contains(requirement.book.as_str()));
    mine.map(|requirement| (requirement.id.clone(), requirement.note())).collect()
}

fn task(flags: &RunTests, who: Who, stop: &Stop, jobs: Vec<Job>, run: &Run) -> Task {
    let stop = stop.clone();
    Task {
        jobs,
        conditions: Conditions {
            seed: flags.seed,
            timeout: Duration::from_secs(flags.timeout),
            sight: who.sight(),
            requirements: run.requirements.clone(),
        },
        subject: Box::new(move || who.open(&stop)),
    }
}

const fn depth(flags: &RunTests) -> Depth {
    match (flags.format, flags.quiet, flags.verbose) {
        (RunFormat::Json, ..) | (_, true, _) => Depth::Sum,
        (_, _, 0) => Depth::Failures,
        (_, _, 1) => Depth::Cases,
        (_, _, 2) => Depth::Bytes,
        _ => Depth::Everything,
    }
}

/// What is run against whom.
fn headline(run: &Run, cases: usize) -> String {
    let name = [run.name.as_str(), &run.version].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    let name = if name.is_empty() { "nobody knows who".to_owned() } else { name.join(" ") };
    format!(" emvtap test run   subject {} ({name})   {}   seed {}\n\n", run.subject, counted(cases), run.seed)
}

fn counted(cases: usize) -> String {
    format!("{cases} case{}", if cases == 1 { "" } else { "s" })
}

/// The command that runs everything, or one case, again.
fn again(flags: &RunTests, id: Option<&str>) -> String {
    let mut words = vec!["emvtap test run".to_owned()];
    // A built-in case is found by its id alone; one from a file is not.
    let named = flags.selection.suites.iter().filter(|name| id.is_none() || choose::is_on_disk(name));
    words.extend(named.map(|name| quoted(name)));
    if flags.subject != args::BUILTIN {
        words.push(format!("--subject {}", quoted(&flags.subject)));
    }
    if let Some(terminal) = &flags.terminal {
        words.push(format!("--terminal {}", quoted(terminal)));
    }
    if let Some(ics) = &flags.ics {
        words.push(format!("--ics {}", quoted(&ics.display().to_string())));
    }
    if let Some(expectations) = &flags.expectations {
        words.push(format!("--expectations {}", quoted(&expectations.display().to_string())));
    }
    words.extend(flags.strict.then(|| "--strict".to_owned()));
    if flags.timeout != args::TIMEOUT {
        words.push(format!("--timeout {}", flags.timeout));
    }
    match id {
        Some(id) => words.push(format!("--id {}", quoted(id))),
        None => words.extend(selected(flags)),
    }
    words.push(format!("--seed {}", flags.seed));
    words.extend(id.map(|_| "-vv".to_owned()));
    words.join(" ")
}

fn selected(flags: &RunTests) -> Vec<String> {
    let chosen = &flags.selection;
    let mut words = Vec::new();
    for (flag, values) in [("--id", &chosen.id), ("--spec", &chosen.spec), ("--tag", &chosen.tag)] {
        words.extend(values.iter().map(|value| format!("{flag} {}", quoted(value))));
    }
    words.extend(chosen.keyword.iter().map(|text| format!("-k {}", quoted(text))));
    words.extend(chosen.shard.map(|(which, of)| format!("--shard {which}/{of}")));
    words.extend(chosen.failed_in.iter().map(|path| format!("--failed-in {}", quoted(&path.display().to_string()))));
    words
}

/// ` 3 FAIL, 96 PASS · 99 cases in 0.1 s`.
fn summary(verdicts: &[Verdict], duration_us: u64, depth: Depth) -> String {
    let count = |verdict| verdicts.iter().filter(|other| **other == verdict).count();
    let counts = Verdict::ALL.into_iter().map(|verdict| (verdict, count(verdict))).filter(|(_, count)| *count > 0);
    let counts: Vec<String> = counts.map(|(verdict, count)| format!("{count} {verdict}")).collect();
    let (seconds, tenths) = (duration_us / 1_000_000, duration_us / 100_000 % 10);
    let gap = if depth == Depth::Cases { "\n" } else { "" };
    format!("{gap} {}   {} in {seconds}.{tenths} s\n", counts.join(", "), counted(verdicts.len()))
}

fn exit(verdicts: &[Verdict], run: &Run) -> Exit {
    match sum(verdicts.iter().copied(), run.strict) {
        Sum::Expected | Sum::Inconclusive if run.strict && !run.stale.is_empty() => Exit::UNEXPECTED,
        Sum::Expected => Exit::SUCCESS,
        Sum::Unexpected => Exit::UNEXPECTED,
        Sum::Error => Exit::BUG,
        Sum::Nothing => Exit::NOTHING,
        Sum::Inconclusive => Exit::INCONCLUSIVE,
    }
}

/// Why a run is red, where no FAIL says so.
fn why(exit: Exit, verdicts: &[Verdict], run: &Run) -> Option<String> {
    let count = |verdict| verdicts.iter().filter(|other| **other == verdict).count();
    if exit != Exit::UNEXPECTED || count(Verdict::Fail) > 0 {
        return None;
    }
    let reasons = [
        (count(Verdict::UnexpectedPass), "XPASS"),
        (if run.strict { count(Verdict::Warn) } else { 0 }, "WARN, which --strict counts as a failure"),
        (if run.strict { run.stale.len() } else { 0 }, "stale in the expectations, which --strict counts as a failure"),
    ];
    let reasons = reasons.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    Some(reasons.collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What decides about verdicts and exit code goes along, into the command for everything and into that for one case.
    #[test]
    fn a_run_is_run_again_with_what_it_was_judged_by() {
        use clap::Parser;

        use crate::cli::args::{Command, Test, Verb};

        let again = |line: &[&str], id: Option<&str>| {
            let Verb::Test(Test::Run(flags)) = Command::try_parse_from(line).unwrap().verb else { panic!("{line:?}") };
            again(&flags, id)
        };
        let judged = "--expectations 'known failures.toml' --strict --timeout 60";
        let words = ["emvtap", "test", "run", "our.toml", "c3", "--expectations", "known failures.toml", "--strict"];
        let line = [&words[..], &["--timeout", "60", "--tag", "oda", "--seed", "7", "-vv", "-j", "4"]].concat();
        assert_eq!(again(&line, None), format!("emvtap test run our.toml c3 {judged} --tag oda --seed 7"));
        assert_eq!(
            again(&line, Some("OUR-A-001")),
            format!("emvtap test run our.toml {judged} --id OUR-A-001 --seed 7 -vv")
        );
        assert_eq!(again(&["emvtap", "test", "run", "-q"], None), "emvtap test run --seed 1");
    }

    #[test]
    fn the_exit_code_says_its_reason_where_no_failure_does() {
        use Verdict::{Fail, Pass, UnexpectedPass, Warn};
        let strict = Run { strict: true, stale: vec!["C3-OLD-*".to_owned()], ..Run::default() };
        let lax = Run { strict: false, ..strict.clone() };
        let of = |verdicts: &[Verdict], run: &Run| {
            let exit = exit(verdicts, run);
            (exit, why(exit, verdicts, run))
        };
        assert_eq!(of(&[Pass, Warn], &lax), (Exit::SUCCESS, None));
        assert_eq!(of(&[Pass, Fail], &strict), (Exit::UNEXPECTED, None));
        let stale = "1 stale in the expectations, which --strict counts as a failure".to_owned();
        assert_eq!(of(&[Pass], &strict), (Exit::UNEXPECTED, Some(stale.clone())));
        let both = format!("2 WARN, which --strict counts as a failure; {stale}");
        assert_eq!(of(&[Warn, Warn], &strict), (Exit::UNEXPECTED, Some(both)));
        assert_eq!(of(&[UnexpectedPass], &lax), (Exit::UNEXPECTED, Some("1 XPASS".to_owned())));
    }

    #[test]
    fn the_worst_verdict_decides_about_the_exit_code() {
        use Verdict::{
            Error, ExpectedFail, Fail, Inconclusive, NotApplicable, Pass, Skip, UnexpectedPass, Unsupported, Warn,
        };
        for (verdicts, strict, expected) in [
            (&[Pass, ExpectedFail, NotApplicable, Unsupported, Skip, Warn][..], false, Exit::SUCCESS),
            (&[Pass, Warn], true, Exit::UNEXPECTED),
            (&[Pass, Fail, Inconclusive], false, Exit::UNEXPECTED),
            (&[Pass, UnexpectedPass], false, Exit::UNEXPECTED),
            (&[Pass, Inconclusive], false, Exit::INCONCLUSIVE),
            (&[Fail, Error, Pass], false, Exit::BUG),
            (&[Unsupported, NotApplicable, Skip], false, Exit::INCONCLUSIVE),
            (&[Unsupported, Pass], false, Exit::SUCCESS),
            (&[], false, Exit::NOTHING),
        ] {
            let run = Run { strict, ..Run::default() };
            assert_eq!(exit(verdicts, &run), expected, "{verdicts:?}");
        }
    }
}
