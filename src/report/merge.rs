//! One result from the shards of a run.

use std::collections::{BTreeMap, BTreeSet};

use crate::suite::results::{End, Results, Run, Verdict};

/// Why results cannot be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlike {
    /// Which of the results, from 0, differs from the first.
    pub at: usize,
    /// In what, and how.
    pub message: String,
}

/// The shards of a run that are not among these results, as `3/5`; none where results are no shards.
pub fn missing(parts: &[Results]) -> Vec<String> {
    let shards: BTreeSet<(usize, usize)> = parts.iter().flat_map(shards).collect();
    let Some((_, of)) = shards.first().copied() else { return Vec::new() };
    (1..=of).filter(|which| !shards.contains(&(*which, of))).map(|which| format!("{which}/{of}")).collect()
}

/// Which shards results are, each as number and count.
fn shards(results: &Results) -> Vec<(usize, usize)> {
    let one = |shard: &str| {
        let (which, of) = shard.split_once('/')?;
        Some((which.parse().ok()?, of.parse().ok()?))
    };
    results.run.shard.iter().flat_map(|shard| shard.split(AND)).filter_map(one).collect()
}

/// Between the names of several shards.
const AND: &str = " + ";

/// Id → place in the whole run: shards take the cases in turn. Empty if these are not single shards of one run.
fn places_in_run(parts: &[Results]) -> BTreeMap<String, usize> {
    let mut places = BTreeMap::new();
    let mut counts = BTreeSet::new();
    for part in parts {
        let [(which, of)] = *shards(part) else { return BTreeMap::new() };
        counts.insert(of);
        let place = |at: usize| (at * of + which).saturating_sub(1);
        places.extend(part.cases.iter().enumerate().map(|(at, case)| (case.id.clone(), place(at))));
    }
    if counts.len() == 1 { places } else { BTreeMap::new() }
}

/// Puts results together: cases as the whole run would have them, if these are shards, else by suite; where a case is in several, the one
/// that ran counts.
///
/// # Errors
/// They are not of the same run: subject, versions, ICS, suites, seed, or selection and number of shards differ, or a case has different
/// verdicts.
pub fn merge(parts: Vec<Results>) -> Result<Option<Results>, Unlike> {
    let in_run = places_in_run(&parts);
    let shards: BTreeSet<(usize, usize)> = parts.iter().flat_map(shards).collect();
    let is_whole = missing(&parts).is_empty();
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
    let shards: Vec<String> = shards.into_iter().map(|(which, of)| format!("{which}/{of}")).collect();
    whole.run.command = unsharded(&whole.run.command);
    whole.run.shard = (!is_whole).then(|| shards.join(AND));
    if !in_run.is_empty() {
        whole.cases.sort_by_key(|case| in_run.get(&case.id).copied());
        return Ok(Some(whole));
    }
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
    if let (Some(of), Some(other_of)) = (divided(one), divided(other)) {
        if of != other_of {
            return Err(format!("a shard of {other_of}, before one of {of}"));
        }
        let (one, other) = (unsharded(&one.command), unsharded(&other.command));
        if one != other {
            return Err(format!("another selection: `{other}`, before `{one}`"));
        }
    }
    let changed =
        one.suites.iter().find(|(name, digest)| other.suites.get(*name).is_some_and(|found| found != *digest));
    changed.map_or(Ok(()), |(name, _)| Err(format!("another version of the suite `{name}`")))
}

/// Into how many shards the run was divided; `None` if it was not.
fn divided(run: &Run) -> Option<&str> {
    run.shard.as_ref()?.rsplit_once('/').map(|(_, of)| of)
}

/// The command of the run that this is a shard of.
fn unsharded(command: &str) -> String {
    match command.split_once(" --shard ") {
        None => command.to_owned(),
        Some((before, after)) => {
            format!("{before}{}", after.find(' ').and_then(|at| after.get(at..)).unwrap_or_default())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn halves() -> Vec<Results> {
        let of = |keep: usize| {
            let mut part = sample::results();
            let mut at = 0;
            part.cases.retain(|_| {
                at += 1;
                at % 2 == keep
            });
            part.run.shard = Some(format!("{}/2", 2 - keep));
            part.run.command.push_str(&format!(" --shard {}/2", 2 - keep));
            part
        };
        vec![of(1), of(0)]
    }

    #[test]
    fn shards_are_the_run_again() {
        let whole = merge(halves()).unwrap().unwrap();
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
    fn the_order_of_shards_does_not_matter_and_their_command_is_that_of_the_whole() {
        let ids = |results: &Results| results.cases.iter().map(|case| case.id.clone()).collect::<Vec<_>>();
        let wanted = sample::results();
        for parts in [halves(), halves().into_iter().rev().collect()] {
            assert_eq!(missing(&parts), Vec::<String>::new());
            let whole = merge(parts).unwrap().unwrap();
            assert_eq!(ids(&whole), ids(&wanted));
            assert_eq!((whole.run.command, whole.run.shard), (wanted.run.command.clone(), None));
        }
    }

    #[test]
    fn a_shard_that_is_missing_is_told_and_stays_told() {
        let part = |which: usize| {
            let mut part = halves().remove(which % 2);
            part.run.shard = Some(format!("{which}/3"));
            part
        };
        assert_eq!(missing(&[part(3), part(1)]), ["2/3"]);
        let some = merge(vec![part(3), part(1)]).unwrap().unwrap();
        assert_eq!(some.run.shard.as_deref(), Some("1/3 + 3/3"));
        assert_eq!(missing(&[some.clone(), part(2)]), Vec::<String>::new());
        assert_eq!(missing(&[some]), ["2/3"]);
    }

    #[test]
    fn shards_of_other_selections_are_refused() {
        let refused = |change: fn(&mut Run)| {
            let mut parts = halves();
            change(&mut parts[1].run);
            merge(parts).unwrap_err().message
        };
        assert_eq!(refused(|run| run.shard = Some("2/3".to_owned())), "a shard of 3, before one of 2");
        let message = refused(|run| run.command = "emvtap test run ep --shard 2/2 --seed 1".to_owned());
        assert!(message.starts_with("another selection: `emvtap test run ep --seed 1`, before `"), "{message}");
    }

    #[test]
    fn results_of_different_runs_are_refused() {
        let refused = |change: fn(&mut Results)| {
            let mut parts = halves();
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
        let mut parts = halves();
        let mut ran = sample::results().cases[8].clone();
        assert_eq!(ran.verdict, Verdict::Skip);
        ran.verdict = Verdict::Pass;
        parts[1].cases.push(ran);
        let whole = merge(parts).unwrap().unwrap();
        assert!(whole.cases.iter().all(|case| case.verdict != Verdict::Skip));
    }
}
