//! Statements about times.

use super::{Judge, Look};
use crate::suite::{results::Aspect, seen::What};

/// Judges what the check says about times.
pub fn judge(judge: &mut Judge<'_>) {
    field_off(judge);
    held_back(judge);
}

/// How long a Final Outcome comes after the card's last answer, or its loss: the first one, or the one that the check is about.
fn held_back(judge: &mut Judge<'_>) {
    let Some(wanted) = judge.check.held_back_ms else { return };
    let number = judge.check.final_outcome.map_or(0, |number| number.get() - 1);
    let end = judge.scene.outcomes.get(number).map(|(at, _)| *at);
    let before = judge.seen.steps.iter().take(end.unwrap_or(0)).rev();
    let answer = before.clone().find(|step| matches!(step.what, What::Response { .. } | What::Lost { .. }));
    let gap =
        end.and_then(|at| judge.seen.steps.get(at)).zip(answer).map(|(end, from)| end.at_us.saturating_sub(from.at_us));
    let holds = gap.is_some_and(|gap| gap >= wanted.saturating_mul(1000));
    let observed = gap.map_or("no Final Outcome after an answer".to_owned(), milliseconds);
    let look = Look { aspect: Aspect::Timing, what: "held back".to_owned(), step: end };
    judge.find(look, holds, format!("at least {wanted} ms after the card's last answer"), observed);
}

fn milliseconds(us: u64) -> String {
    format!("{}.{:03} ms", us / 1000, us % 1000)
}

/// How long the field was off at a restart.
fn field_off(judge: &mut Judge<'_>) {
    let Some(wanted) = judge.check.field_off_for_ms else { return };
    let mut off: Option<(usize, u64)> = None;
    let mut shortest: Option<(usize, u64)> = None;
    for (at, step) in judge.seen.steps.iter().enumerate() {
        match &step.what {
            What::FieldOff => off = Some((at, step.at_us)),
            What::FieldOn => {
                if let Some((at, since)) = off.take() {
                    let gap = step.at_us.saturating_sub(since);
                    shortest = shortest.filter(|(_, known)| *known <= gap).or(Some((at, gap)));
                }
            }
            _ => {}
        }
    }
    let holds = shortest.is_some_and(|(_, gap)| gap >= wanted.saturating_mul(1000));
    let observed = match shortest {
        Some((_, gap)) => milliseconds(gap),
        None => "no restart".to_owned(),
    };
    let look = Look { aspect: Aspect::Timing, what: "field off".to_owned(), step: shortest.map(|(at, _)| at) };
    judge.find(look, holds, format!("at least {wanted} ms before a restart"), observed);
}
