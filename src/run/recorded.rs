//! The issuer and the unpredictable numbers of a recorded transaction.

use std::collections::VecDeque;

use super::{Random, Seeded};
use crate::host::{Answer, Host, Request};

/// An issuer that answers what the recorded one answered; unreachable once that is used up.
#[derive(Clone, Debug, Default)]
pub struct RecordedHost {
    answers: VecDeque<Answer>,
}

impl RecordedHost {
    /// A host with these answers, in order.
    pub fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self { answers: answers.into_iter().collect() }
    }
}

impl Host for RecordedHost {
    fn authorise(&mut self, _: Request<'_>) -> Answer {
        let nobody = || Answer {
            note: "nobody was asked in the recording: unable to go online".to_owned(),
            ..Answer::default()
        };
        self.answers.pop_front().unwrap_or_else(nobody)
    }
}

/// The numbers of a recording, in order, each length by itself; those of a seed once they are used up.
#[derive(Clone, Debug)]
pub struct RecordedRandom {
    numbers: VecDeque<Vec<u8>>,
    after: Seeded,
}

impl RecordedRandom {
    /// These numbers, then those of `seed`.
    pub fn new(numbers: impl IntoIterator<Item = Vec<u8>>, seed: u64) -> Self {
        Self { numbers: numbers.into_iter().collect(), after: Seeded::new(seed) }
    }
}

impl Random for RecordedRandom {
    fn fill(&mut self, bytes: &mut [u8]) {
        let fitting = self.numbers.iter().position(|number| number.len() == bytes.len());
        match fitting.and_then(|at| self.numbers.remove(at)) {
            Some(number) => bytes.copy_from_slice(&number),
            None => self.after.fill(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_recorded_comes_first_and_once() {
        let mut random = RecordedRandom::new([vec![1, 2, 3, 4]], 7);
        let (mut first, mut second, mut seeded) = ([0; 4], [0; 4], [0; 4]);
        random.fill(&mut first);
        random.fill(&mut second);
        Seeded::new(7).fill(&mut seeded);
        assert_eq!((first, second), ([1, 2, 3, 4], seeded));

        let approval = Answer { response_code: Some(*b"00"), ..Answer::default() };
        let mut host = RecordedHost::new([approval.clone()]);
        let request = Request { data_record: &[], online_pin: false };
        assert_eq!(host.authorise(request), approval);
        assert_eq!(host.authorise(request).response_code, None);
    }
}
