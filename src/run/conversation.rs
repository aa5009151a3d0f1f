//! The terminal's part of data exchange: what it says to a kernel, and when.

use crate::{
    entry::{DataAnswer, DataReply},
    kernel::contract::{DataRequest, Input},
    time::Micros,
};

/// What a kernel hears of the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// Data objects, one after the other (C-2, the signal DET); none, if the kernel did not wait and nothing has come yet.
    Objects(Vec<u8>),
    /// The transaction is to end (C-2, the signal STOP).
    Stop,
    /// Nothing within the time that the kernel waits (C-2, the signal TIMEOUT).
    Nothing,
}

impl Said {
    /// As a kernel takes it.
    pub fn input(&self) -> Input<'_> {
        match self {
            Self::Objects(objects) => Input::Terminal(objects),
            Self::Stop => Input::Stop,
            Self::Nothing => Input::Timeout,
        }
    }
}

/// The terminal that a kernel exchanges data with. What it says by itself is the table of [`Table`].
pub trait Counterpart {
    /// A kernel is activated: a new dialogue begins.
    fn begin(&mut self);

    /// Takes what the kernel asks and tells, and gives what it hears. `now` is moved on to the moment at which it hears it.
    fn ask(&mut self, request: &DataRequest, now: &mut Micros) -> Said;

    /// What the kernel hears next, within what is left of its time; at once if it does not wait.
    fn listen(&mut self, now: &mut Micros) -> Said;

    /// What the terminal has said by now without being waited for; called until there is nothing more.
    fn interject(&mut self, now: Micros) -> Option<Said>;
}

/// A terminal that says what a table has, each row once in an activation.
#[derive(Clone, Debug)]
pub struct Table {
    answers: Vec<DataAnswer>,
    /// The rows that it has not been asked for.
    unasked: Vec<usize>,
    /// What it is about to say, with the time at which it does, the earliest first.
    coming: Vec<(Micros, DataReply)>,
    /// Until when the kernel waits; `None` if it does not.
    deadline: Option<Micros>,
}

impl Table {
    /// A terminal with these rows.
    pub fn new(answers: &[DataAnswer]) -> Self {
        let mut table = Self { answers: answers.to_vec(), unasked: Vec::new(), coming: Vec::new(), deadline: None };
        table.begin();
        table
    }
}

impl Counterpart for Table {
    fn begin(&mut self) {
        self.unasked = (0..self.answers.len()).collect();
        self.coming.clear();
        self.deadline = None;
    }

    fn ask(&mut self, request: &DataRequest, now: &mut Micros) -> Said {
        let Self { answers, unasked, coming, .. } = self;
        unasked.retain(|row| match answers.get(*row).filter(|answer| answer.fits(request)) {
            Some(answer) => {
                coming.push((*now + answer.delay, answer.reply.clone()));
                false
            }
            None => true,
        });
        coming.sort_by_key(|(at, _)| *at);
        self.deadline = request.wait.map(|wait| *now + wait);
        self.listen(now)
    }

    fn listen(&mut self, now: &mut Micros) -> Said {
        let Some(deadline) = self.deadline else {
            return self.interject(*now).unwrap_or(Said::Objects(Vec::new()));
        };
        let next = self.coming.first().map(|(at, _)| *at).filter(|at| *at <= deadline);
        *now = (*now).max(next.unwrap_or(deadline));
        self.interject(*now).unwrap_or(Said::Nothing)
    }

    fn interject(&mut self, now: Micros) -> Option<Said> {
        if self.coming.first().is_none_or(|(at, _)| *at > now) {
            return None;
        }
        Some(match self.coming.remove(0).1 {
            DataReply::Objects(objects) => Said::Objects(objects),
            DataReply::Stop => Said::Stop,
        })
    }
}
