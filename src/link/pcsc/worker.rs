//! The side of the link that holds the card: does what it is asked on a thread of its own, because any call may hang.

use std::{
    ffi::CString,
    sync::mpsc::{Receiver, Sender},
    time::Instant,
};

use pcsc::{Card, Context, Disposition, Error, Protocols, ReaderState, ShareMode, State as Flags};

use super::{
    Notice, Patience, State, Tell,
    card::{self, Buffer},
    faults::Failed,
    service::{SLICE, meaning},
};
use crate::{apdu::LinkFault, link::Stop, time::Micros};

/// What the terminal's side wants.
pub(super) enum Ask {
    /// A card.
    Activate,
    /// One command to it.
    Exchange(Vec<u8>),
    /// Its UID.
    Uid,
    /// Power off.
    Deactivate,
    /// To know when it has left.
    Removal,
}

/// What came of it.
pub(super) type Answer = Result<Done, Failed>;

/// What came of it, if it went well.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// The response, the ATR, the UID.
    pub(super) bytes: Vec<u8>,
    /// How long it took.
    pub(super) elapsed: Micros,
}

/// Why the card is no longer held.
enum After {
    /// The terminal's side is gone.
    Closed,
    /// It wants power off.
    Deactivate,
    /// It wants the card anew.
    Activate,
    /// The card has left, or has stayed too long.
    Removal(Answer),
}

pub(super) struct Worker {
    context: Context,
    reader: CString,
    name: String,
    patience: Patience,
    stop: Stop,
    tell: Tell,
    asks: Receiver<Ask>,
    answers: Sender<Answer>,
    buffer: Buffer,
}

impl Worker {
    pub(super) fn new(
        context: Context,
        reader: CString,
        patience: Patience,
        stop: Stop,
        tell: Tell,
        (asks, answers): (Receiver<Ask>, Sender<Answer>),
    ) -> Self {
        let name = reader.to_string_lossy().into_owned();
        Self { context, reader, name, patience, stop, tell, asks, answers, buffer: Buffer::default() }
    }

    /// Works until the terminal's side is gone.
    pub(super) fn run(mut self) {
        while let Ok(ask) = self.asks.recv() {
            match ask {
                Ask::Activate => self.activate(),
                Ask::Deactivate => self.answer(Ok(Done::default())),
                Ask::Exchange(_) | Ask::Uid => {
                    self.answer(Err(Failed::new(LinkFault::Timeout, "there is no card")));
                }
                // It may lie there without power.
                Ask::Removal => {
                    let answer = self.await_removal();
                    self.answer(answer);
                }
            }
        }
    }

    fn answer(&self, answer: Answer) {
        // Nobody may be listening any more; then there is nothing to do about it.
        let _ = self.answers.send(answer);
    }

    /// Gets a card and holds it until it is wanted no more.
    fn activate(&mut self) {
        loop {
            let (card, done) = match self.await_card() {
                Ok(found) => found,
                Err(failed) => return self.answer(Err(failed)),
            };
            match self.hold(card, done) {
                After::Activate => {}
                After::Closed => return,
                After::Deactivate => return self.answer(Ok(Done::default())),
                After::Removal(answer) => return self.answer(answer),
            }
        }
    }

    /// Inside a transaction does what it is asked; after it the card has no power.
    fn hold(&mut self, mut card: Card, done: Done) -> After {
        let after = match card.transaction2() {
            Err((_, error)) => After::Removal(Err(error.into())),
            Ok(transaction) => {
                self.answer(Ok(done));
                let after = self.session(&transaction);
                drop(transaction.end(Disposition::LeaveCard));
                after
            }
        };
        drop(card.disconnect(Disposition::UnpowerCard));
        after
    }

    fn session(&mut self, card: &Card) -> After {
        while let Ok(ask) = self.asks.recv() {
            match ask {
                Ask::Activate => return After::Activate,
                Ask::Deactivate => return After::Deactivate,
                Ask::Removal => return After::Removal(self.await_removal()),
                Ask::Uid => {
                    let answer = self.buffer.uid(card).map_err(|error| self.judge(error.into()));
                    self.answer(answer);
                }
                Ask::Exchange(command) => {
                    let answer = match self.buffer.transmit(card, &command) {
                        Ok(done) if done.bytes.len() < 2 => Err(self.judge(no_status_word())),
                        Ok(done) => Ok(done),
                        Err(error) => Err(self.judge(error.into())),
                    };
                    self.answer(answer);
                }
            }
        }
        After::Closed
    }

    /// Waits for a card and connects to it.
    fn await_card(&mut self) -> Result<(Card, Done), Failed> {
        let start = Instant::now();
        let mut told = None;
        let mut state = [ReaderState::new(self.reader.clone(), Flags::UNAWARE)];
        loop {
            self.look(&mut state)?;
            let [seen] = &state;
            let notice = match meaning(seen.event_state()) {
                State::Gone => return Err(Failed::new(LinkFault::Unusable, "the reader has gone")),
                State::Empty => Notice::Present(self.name.clone()),
                State::Mute => Notice::Mute(self.name.clone()),
                State::InUse => Notice::InUse(self.name.clone()),
                State::Card => {
                    let noticed = Instant::now();
                    match self.context.connect(&self.reader, ShareMode::Exclusive, Protocols::T1) {
                        Ok(card) => {
                            let done = Done { bytes: seen.atr().to_vec(), elapsed: card::micros(noticed.elapsed()) };
                            return Ok((card, done));
                        }
                        Err(Error::SharingViolation) => Notice::InUse(self.name.clone()),
                        Err(Error::ProtoMismatch) => {
                            let said = "the card speaks T=0 only: a contact card; emvtap is a contactless terminal";
                            return Err(Failed::new(LinkFault::ContactCard, said));
                        }
                        Err(Error::UnresponsiveCard) => Notice::Mute(self.name.clone()),
                        // It has left in the meantime.
                        Err(error) if super::faults::fault(error) == LinkFault::Timeout => {
                            Notice::Present(self.name.clone())
                        }
                        Err(error) => return Err(error.into()),
                    }
                }
            };
            if told.as_ref() != Some(&notice) {
                (self.tell)(notice.clone());
                told = Some(notice);
            }
            if start.elapsed() >= self.patience.card {
                let said = format!("no card to use for {} s", self.patience.card.as_secs());
                return Err(Failed::new(LinkFault::NoCard, said));
            }
        }
    }

    /// Sees what is in the reader, at once if that is not known yet, else after a change or a slice of time.
    fn look(&self, state: &mut [ReaderState; 1]) -> Result<(), Failed> {
        if self.stop.is_wanted() {
            return Err(Failed::new(LinkFault::Cancelled, "stopped"));
        }
        state.iter_mut().for_each(ReaderState::sync_current_state);
        match self.context.get_status_change(SLICE, state) {
            Ok(()) | Err(Error::Timeout) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn await_removal(&mut self) -> Answer {
        let start = Instant::now();
        let mut state = [ReaderState::new(self.reader.clone(), Flags::UNAWARE)];
        let mut told = false;
        loop {
            self.look(&mut state)?;
            let [seen] = &state;
            match meaning(seen.event_state()) {
                State::Empty => return Ok(Done { bytes: Vec::new(), elapsed: card::micros(start.elapsed()) }),
                State::Gone => return Err(Failed::new(LinkFault::Unusable, "the reader has gone")),
                _ if start.elapsed() >= self.patience.card => {
                    return Err(Failed::new(LinkFault::Unusable, "the card was not taken away"));
                }
                _ if !told => {
                    (self.tell)(Notice::Remove(self.name.clone()));
                    told = true;
                }
                _ => {}
            }
        }
    }

    /// What an exchange that went wrong means: drivers report a card that left as a damaged transmission, or as an answer
    /// without bytes, and notice its absence a moment later.
    fn judge(&self, mut failed: Failed) -> Failed {
        if !matches!(failed.fault, LinkFault::Transmission | LinkFault::Protocol) {
            return failed;
        }
        let mut state = [ReaderState::new(self.reader.clone(), Flags::UNAWARE)];
        for _ in 0..card::LOOKS {
            let looked = self.look(&mut state);
            let [seen] = &state;
            match looked.map(|()| meaning(seen.event_state())) {
                Ok(State::Empty) => failed.fault = LinkFault::Timeout,
                Ok(State::Gone) => failed.fault = LinkFault::Unusable,
                Ok(_) => continue,
                Err(worse) => return worse,
            }
            break;
        }
        failed
    }
}

/// What an answer of fewer than two bytes is, if the card is still there.
fn no_status_word() -> Failed {
    Failed::new(LinkFault::Protocol, "the answer has no status word")
}
