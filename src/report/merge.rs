//! One result from the shards of a run.

use std::collections::BTreeMap;

use crate::suite::results::{End, Results, Run, Verdict};

/// Why results cannot be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlike {
    /// Which of the results, from 0, differs from the first.
    pub at: usize,
    /// In what, and how.
    pub message: String,
}

/// Puts results together: cases by suite and in the order of the shards; where a case is in several, the one that ran counts.
///
/// # Errors
/// They are not of the same run: subject, versions, ICS, suites or seed differ, or a case has different verdicts.
pub fn merge(parts: Vec<Results>) -> Result<Option<Results>, Unlike> {
    let mut parts = parts.into_iter().enumerate();
    let Some((_, mut whole)) = parts.next() else { return Ok(None) };
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (at, case) in whole.cases.iter().enumerate() {
        places.insert(case.id.clone(), at);
    }
    for (at, part) in parts {
        same_run(&whole.run, &part.run).map_err(|message| Unlike { at, message })?;
        whole.run.started = core::mem::take(&mut whole.run.started).min(part.run.started);
        whole.run.suites.extend(part.run.suites);
        whole.run.requirements.extend(part.run.requirements);
        whole.end = both(whole.end, part.end);
        for case in part.cases {
            let Some(place) = places.get(&case.id) else {
                places.insert(case.id.clone(), whole.cases.len());
                whole.cases.push(case);
                continue;
            };
            match whole.cases.get_mut(*place) {
                Some(known) if known.verdict == Verdict::Skip => *known = case,
                Some(known) if known.verdict != case.verdict && case.verdict != Verdict::Skip => {
                    let message = format!("{} is {} here, {} before", case.id, case.verdict, known.verdict);
                    return Err(Unlike { at, message });
                }
                _ => {}
            }
        }
    }
    whole.run.shard = None;
    let suites: Vec<String> = super::tally::suites(&whole).into_iter().map(|(name, _)| name.to_owned()).collect();
    let place: BTreeMap<&str, usize> = suites.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
    whole.cases.sort_by_key(|case| place.get(case.suite.as_str()).copied());
    Ok(Some(whole))
}

/// Shards run beside each other: the time is that of all together.
fn both(one: Option<End>, other: Option<End>) -> Option<End> {
    let (one, other) = (one?, other?);
    let duration_us = one.duration_us.saturating_add(other.duration_us);
    Some(End { duration_us, interrupted: one.interrupted || other.interrupted })
}

/// Says in what two runs differ that must be the same.
fn same_run(one: &Run, other: &Run) -> Result<(), String> {
    let seeds = (one.seed.to_string(), other.seed.to_string());
    for (what, one, other) in [
        ("emvtap", &one.emvtap, &other.emvtap),
        ("subject", &one.subject, &other.subject),
        ("name of the subject", &one.name, &other.name),
        ("version of the subject", &one.version, &other.version),
        ("digest of the ICS", &one.ics_digest, &other.ics_digest),
        ("seed", &seeds.0, &seeds.1),
    ] {
        if one != other {
            return Err(format!("another {what}: `{other}`, before `{one}`"));
        }
    }
    let changed =
        one.suites.iter().find(|(name, digest)| other.suites.get(*name).is_some_and(|found| found != *digest));
    changed.map_or(Ok(()), |(name, _)| Err(format!("another version of the suite `{name}`")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn shards() -> Vec<Results> {
        let of = |keep: usize| {
            let mut part = sample::results();
            let mut at = 0;
            part.cases.retain(|_| {
                at += 1;
                at % 2 == keep
            });
            part.run.shard = Some(format!("{}/2", 2 - keep));
            part
        };
        vec![of(1), of(0)]
    }

    #[test]
    fn shards_are_the_run_again() {
        let whole = merge(shards()).unwrap().unwrap();
        let mut wanted = sample::results();
        let ids = |results: &Results| {
            let mut ids: Vec<_> = results.cases.iter().map(|case| case.id.clone()).collect();
            ids.sort();
            ids
        };
        assert_eq!(ids(&whole), ids(&wanted));
        let suites: Vec<_> = super::super::tally::suites(&whole).iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(suites, ["c3/cvm", "ep/pre"]);
        assert_eq!(whole.end.unwrap().duration_us, 2 * wanted.end.take().unwrap().duration_us);
        assert_eq!(merge(Vec::new()), Ok(None));
    }

    #[test]
    fn results_of_different_runs_are_refused() {
        let refused = |change: fn(&mut Results)| {
            let mut parts = shards();
            change(&mut parts[1]);
            merge(parts).unwrap_err().message
        };
        assert!(refused(|part| part.run.version = "8".into()).contains("version of the subject: `8`, before `7`"));
        assert!(refused(|part| part.run.seed = 2).contains("seed"));
        assert!(refused(|part| part.run.suites.get_mut("ep/pre").unwrap().push('x')).contains("suite `ep/pre`"));
        let twice = refused(|part| {
            let mut again = sample::results().cases[0].clone();
            again.verdict = Verdict::Pass;
            part.cases.push(again);
        });
        assert_eq!(twice, "C3-CVM-014 is PASS here, FAIL before");
    }

    #[test]
    fn a_case_that_ran_counts_more_than_one_that_was_skipped() {
        let mut parts = shards();
        let mut ran = sample::results().cases[8].clone();
        assert_eq!(ran.verdict, Verdict::Skip);
        ran.verdict = Verdict::Pass;
        parts[1].cases.push(ran);
        let whole = merge(parts).unwrap().unwrap();
        assert!(whole.cases.iter().all(|case| case.verdict != Verdict::Skip));
    }
}
