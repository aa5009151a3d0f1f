//! One case, from its first tap to its verdict.

use std::{
    any::Any,
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use super::{
    budget::Budget,
    judge::{Sight, judge},
    plan::Planned,
    resolve::PlannedTap,
    results::{CaseResult, RequirementNote, TapResult, Verdict},
    seen::{Ended, Seen},
    subject::{Assignment, Subject},
    verdict::rule,
};
use crate::{
    card::Card,
    diag::Problem,
    host::Host,
    link::{Faulty, VirtualCard},
};

/// What is the same for all cases of a run.
#[derive(Clone, Debug)]
pub struct Conditions {
    /// Of the unpredictable numbers of cards and terminals.
    pub seed: u64,
    /// How long a case may take.
    pub timeout: Duration,
    /// What of the subject can be seen.
    pub sight: Sight,
    /// The requirements, for the level of each.
    pub requirements: BTreeMap<String, RequirementNote>,
}

/// What came of a case.
#[derive(Debug)]
pub struct Performance {
    /// The result.
    pub result: CaseResult,
    /// What its file has wrong, if that is why it could not be run.
    pub problem: Option<Problem>,
    /// Whether the subject must not be used again, because emvtap failed inside it.
    pub broke_subject: bool,
}

/// Does the taps of a case and judges them.
pub fn perform(case: &Planned, subject: &mut dyn Subject, conditions: &Conditions) -> Performance {
    let start = Instant::now();
    let mut stage = Stage { conditions, deadline: start + conditions.timeout, holder: None };
    let mut result = blank(case);
    let (mut problem, mut broke_subject) = (None, false);
    subject.reset();
    match case.taps() {
        Ok(taps) => {
            for (at, tap) in taps.iter().enumerate() {
                match stage.tap(tap, subject) {
                    Ok(seen) => {
                        let findings = judge(&tap.checks, at, &seen, conditions.sight, &conditions.requirements);
                        result.findings.extend(findings);
                        let over = seen.ended != Ended::Done;
                        result.taps.push(TapResult { inputs: tap.inputs.clone(), seen });
                        if over {
                            break;
                        }
                    }
                    Err(Trouble::Problem(found)) => problem = Some(found),
                    Err(Trouble::Panic(what)) => {
                        broke_subject = true;
                        result.reason = format!("emvtap failed in tap {}: {what}", at + 1);
                    }
                }
                if problem.is_some() || broke_subject {
                    break;
                }
            }
        }
        Err(found) => problem = Some(found),
    }
    if let Some(problem) = &problem {
        result.reason = problem.to_string();
    }
    if problem.is_some() || broke_subject {
        result.verdict = Verdict::Error;
    } else {
        let ruling = rule(&result.findings, result.taps.iter().map(|tap| &tap.seen.ended));
        (result.verdict, result.reason) = (ruling.verdict, ruling.reason);
    }
    result.duration_us = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
    Performance { result, problem, broke_subject }
}

/// A result that says what the case is and nothing of what came of it.
pub fn blank(case: &Planned) -> CaseResult {
    CaseResult {
        id: case.id.clone(),
        title: case.title.to_string(),
        description: case.description.to_string(),
        tags: case.tags.to_vec(),
        applies: case.applies.as_ref().map(ToString::to_string).unwrap_or_default(),
        ..CaseResult::default()
    }
}

enum Trouble {
    Problem(Problem),
    Panic(String),
}

struct Stage<'a> {
    conditions: &'a Conditions,
    deadline: Instant,
    /// The card of the tap before, and its issuer.
    holder: Option<Holder>,
}

struct Holder {
    card: Card,
    host: Box<dyn Host>,
}

impl Stage<'_> {
    fn tap(&mut self, tap: &PlannedTap, subject: &mut dyn Subject) -> Result<Seen, Trouble> {
        let Holder { card, mut host } = match self.holder.take().filter(|_| tap.same_card) {
            Some(Holder { card, host }) => Holder { card, host },
            None => {
                let card = tap.issue(self.conditions.seed).map_err(Trouble::Problem)?;
                Holder { card, host: tap.host.open(&tap.card) }
            }
        };
        let assignment = Assignment {
            terminal: &tap.terminal,
            terminal_toml: &tap.terminal_toml,
            transaction: &tap.transaction,
            autorun: tap.autorun,
            clean: tap.clean,
            unpredictable_numbers: &tap.unpredictable_numbers,
            seed: self.conditions.seed,
            deadline: self.deadline,
            card: &tap.card,
        };
        let mut link = Faulty::new(VirtualCard::new(card), tap.faults.iter().cloned());
        let mut budget = Budget::new(&mut link, self.deadline);
        let seen = catch_unwind(AssertUnwindSafe(|| subject.tap(&assignment, &mut budget, host.as_mut())));
        let mut seen = seen.map_err(|panic| Trouble::Panic(words(panic.as_ref())))?;
        seen.removals = budget.removals();
        if let Some(spent) = budget.spent() {
            seen.ended = Ended::TimedOut(spent);
        }
        self.holder = Some(Holder { card: link.into_inner().into_card(), host });
        Ok(seen)
    }
}

/// What a panic said.
fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("something unexpected").to_owned()
}
