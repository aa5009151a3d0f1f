//! The side of the link that the terminal holds: asks the worker and watches the clock.

use std::{
    ffi::CString,
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use pcsc::Context;

use super::{
    Patience, Tell, Trouble,
    faults::Failed,
    service::SLICE,
    worker::{Answer, Ask, Done, Worker},
};
use crate::{
    apdu::LinkFault,
    link::{Link, Stop},
    time::Micros,
};

/// Beyond the patience for a card: what connecting may take once it is there.
const CONNECTING: Duration = Duration::from_secs(10);
/// How long a driver that did not come back may take to do so before the reader is given up.
const GRACE: Duration = Duration::from_secs(2);

/// A [`Link`] to the card in one reader.
///
/// [`Link::activate`] gives the time from noticing the card to having it, not what the person took. Every other time is
/// measured around PC/SC's call, driver and USB included.
///
/// PC/SC shows no collision: of two cards one is seen, or none.
pub struct PcscLink {
    reader: String,
    patience: Patience,
    stop: Stop,
    asks: Option<Sender<Ask>>,
    answers: Receiver<Answer>,
    worker: Option<JoinHandle<()>>,
    /// Answers that came too late and are still to come.
    owed: usize,
    said: Option<String>,
    atr: Vec<u8>,
}

impl PcscLink {
    pub(super) fn new(
        context: Context,
        reader: &str,
        patience: Patience,
        stop: Stop,
        tell: Tell,
    ) -> Result<Self, Trouble> {
        let name = CString::new(reader).map_err(|_| Trouble::Other("a reader name holds a zero byte".to_owned()))?;
        let (asks, to_do) = mpsc::channel();
        let (done, answers) = mpsc::channel();
        let worker = Worker::new(context, name, patience, stop.clone(), tell, (to_do, done));
        let worker = thread::Builder::new()
            .name("reader".to_owned())
            .spawn(move || worker.run())
            .map_err(|error| Trouble::Other(error.to_string()))?;
        Ok(Self {
            reader: reader.to_owned(),
            patience,
            stop,
            asks: Some(asks),
            answers,
            worker: Some(worker),
            owed: 0,
            said: None,
            atr: Vec::new(),
        })
    }

    /// The reader's name.
    pub fn reader(&self) -> &str {
        &self.reader
    }

    /// What PC/SC said about the last fault, in its own words.
    pub fn said(&self) -> Option<&str> {
        self.said.as_deref()
    }

    /// The ATR of the card that was activated last.
    pub fn atr(&self) -> &[u8] {
        &self.atr
    }

    /// The UID of the card, 4, 7 or 10 bytes: the reader is asked (`FF CA 00 00 00`, PC/SC part 3, 3.2.2.1.3), not the card.
    /// `None` without a card, or if the card is not a contactless one, or the reader does not tell.
    pub fn uid(&mut self) -> Option<Vec<u8>> {
        self.ask(Ask::Uid, self.patience.exchange).ok().map(|done| done.bytes).filter(|uid| !uid.is_empty())
    }

    fn ask(&mut self, ask: Ask, limit: Duration) -> Result<Done, LinkFault> {
        self.collect_owed()?;
        if self.asks.as_ref().is_none_or(|asks| asks.send(ask).is_err()) {
            return Err(self.gone());
        }
        let deadline = Instant::now() + limit;
        loop {
            match self.answers.recv_timeout(SLICE) {
                Ok(Ok(done)) => return Ok(done),
                Ok(Err(Failed { fault, said })) => {
                    self.said = Some(said);
                    return Err(fault);
                }
                Err(RecvTimeoutError::Disconnected) => return Err(self.gone()),
                Err(RecvTimeoutError::Timeout) if self.stop.is_wanted() => {
                    self.owed += 1;
                    return Err(LinkFault::Cancelled);
                }
                Err(RecvTimeoutError::Timeout) if Instant::now() >= deadline => {
                    self.owed += 1;
                    self.said = Some(format!("the driver has not come back for {} s", limit.as_secs()));
                    return Err(LinkFault::Timeout);
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// Late answers answer nothing any more, but while one is due the driver is still busy.
    fn collect_owed(&mut self) -> Result<(), LinkFault> {
        while self.owed > 0 {
            match self.answers.recv_timeout(GRACE) {
                Ok(_) => self.owed -= 1,
                Err(_) => return Err(self.gone()),
            }
        }
        Ok(())
    }

    fn gone(&mut self) -> LinkFault {
        self.said.get_or_insert_with(|| "the driver hangs; unplug the reader and plug it in again".to_owned());
        LinkFault::Unusable
    }
}

impl Link for PcscLink {
    fn activate(&mut self) -> Result<Micros, LinkFault> {
        let done = self.ask(Ask::Activate, self.patience.card + CONNECTING)?;
        self.atr = done.bytes;
        Ok(done.elapsed)
    }

    /// Commands of class `FF` are for readers, not for cards: [`LinkFault::Protocol`].
    fn exchange(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<Micros, LinkFault> {
        if command.first() == Some(&0xFF) {
            self.said = Some("class FF is for the reader, not for the card".to_owned());
            return Err(LinkFault::Protocol);
        }
        let done = self.ask(Ask::Exchange(command.to_vec()), self.patience.exchange)?;
        response.extend_from_slice(&done.bytes);
        Ok(done.elapsed)
    }

    /// Takes the power from the card and lets other programs have the reader. Waits for `hold`.
    fn deactivate(&mut self, hold: Micros) {
        let start = Instant::now();
        let _ = self.ask(Ask::Deactivate, self.patience.exchange);
        let hold = Duration::from_micros(hold.0);
        while !self.stop.is_wanted() {
            match hold.checked_sub(start.elapsed()) {
                Some(left) if !left.is_zero() => thread::sleep(left.min(SLICE)),
                _ => return,
            }
        }
    }

    /// [`LinkFault::Unusable`] if the card stays longer than the patience for cards.
    fn wait_for_removal(&mut self) -> Result<Micros, LinkFault> {
        self.ask(Ask::Removal, self.patience.card + CONNECTING).map(|done| done.elapsed)
    }
}

impl Drop for PcscLink {
    /// Leaves the reader free. A worker that hangs in the driver is left behind; the service frees the reader when the
    /// program ends.
    fn drop(&mut self) {
        self.asks = None;
        let deadline = Instant::now() + GRACE;
        while Instant::now() < deadline {
            if matches!(self.answers.recv_timeout(SLICE), Err(RecvTimeoutError::Disconnected)) {
                if let Some(worker) = self.worker.take() {
                    let _ = worker.join();
                }
                return;
            }
        }
    }
}
