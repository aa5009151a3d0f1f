//! Statements about times.

use super::{Judge, Look};
use crate::suite::{results::Aspect, seen::What};

/// Judges how long the field was off at a restart.
pub fn judge(judge: &mut Judge<'_>) {
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
        Some((_, gap)) => format!("{}.{:03} ms", gap / 1000, gap % 1000),
        None => "no restart".to_owned(),
    };
    let look = Look { aspect: Aspect::Timing, what: "field off".to_owned(), step: shortest.map(|(at, _)| at) };
    judge.find(look, holds, format!("at least {wanted} ms before a restart"), observed);
}
