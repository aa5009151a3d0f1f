//! The terminal's part of data exchange: what it says to a kernel, and when.

use crate::{
    entry::{DataAnswer, DataReply},
    kernel::contract::{DataRequest, Input},
    time::Micros,
};

/// What the terminal still has to say during one activation.
pub(super) struct Conversation<'a> {
    /// What it has not been asked for.
    unasked: Vec<&'a DataAnswer>,
    /// What it is about to say, with the time at which it does, the earliest first.
    coming: Vec<(Micros, &'a DataReply)>,
    /// Until when the kernel waits; `None` if it does not.
    deadline: Option<Micros>,
}

impl<'a> Conversation<'a> {
    pub(super) fn new(answers: &'a [DataAnswer]) -> Self {
        Self { unasked: answers.iter().collect(), coming: Vec::new(), deadline: None }
    }

    /// Takes what the kernel asks, and gives what it gets.
    pub(super) fn ask(&mut self, request: &DataRequest, now: &mut Micros) -> Input<'a> {
        let (fitting, unasked) =
            core::mem::take(&mut self.unasked).into_iter().partition(|answer| answer.fits(request));
        self.unasked = unasked;
        let fitting: Vec<&'a DataAnswer> = fitting;
        self.coming.extend(fitting.into_iter().map(|answer| (*now + answer.delay, &answer.reply)));
        self.coming.sort_by_key(|(at, _)| *at);
        self.deadline = request.wait.map(|wait| *now + wait);
        self.listen(now)
    }

    /// What the kernel hears next: at once if it does not wait, else within its time.
    pub(super) fn listen(&mut self, now: &mut Micros) -> Input<'a> {
        let Some(deadline) = self.deadline else {
            return self.interject(*now).unwrap_or(Input::Terminal(&[]));
        };
        let next = self.coming.first().map(|(at, _)| *at).filter(|at| *at <= deadline);
        *now = (*now).max(next.unwrap_or(deadline));
        self.interject(*now).unwrap_or(Input::Timeout)
    }

    /// What the terminal has said by now.
    pub(super) fn interject(&mut self, now: Micros) -> Option<Input<'a>> {
        if self.coming.first().is_none_or(|(at, _)| *at > now) {
            return None;
        }
        let (_, reply) = self.coming.remove(0);
        Some(match reply {
            DataReply::Objects(objects) => Input::Terminal(objects),
            DataReply::Stop => Input::Stop,
        })
    }
}
