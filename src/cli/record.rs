//! `--record FILE`: the event stream, written down while it happens.

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
};

use super::{
    failure::{Failure, words},
    out::{self, Out},
    teller::End,
};
use crate::{
    apdu::LinkFault,
    data::{Source, dictionary::UNPREDICTABLE_NUMBER_9F37},
    kernel::event::{Event, Sink},
    link::Link,
    report::{Mask, Recording, recording::Header, replayed},
    time::Micros,
};

/// Writes a recording to a file, one event a line. Nothing is held back: after a crash every finished line is there.
pub struct Recorder {
    file: File,
    recording: Recording,
    /// The first failure to write; what comes after it is not written.
    failure: Option<io::Error>,
}

impl Recorder {
    /// Begins a recording with its header. It holds card data in the clear, or nobody could run it: only the owner may read
    /// the file, and the person is told.
    pub fn create(path: &Path, header: &Header, talk: &Out) -> Result<Self, Failure> {
        let file = out::create(path, true).map_err(|error| {
            Failure::Environment(format!("{} cannot be written: {}", path.display(), words(&error)))
        })?;
        let about = format!("{} holds card data in the clear; only you may read it", path.display());
        talk.talk("note", &format!("{about}; `emvtap replay --redact` makes it fit to share"));
        let header = Header { masked: false, ..header.clone() };
        let mut recorder = Self { file, recording: Recording::with_header(Mask::off(), &header), failure: None };
        recorder.pass_on();
        Ok(recorder)
    }

    /// Each line goes to the system in one piece, past any buffer of ours.
    fn pass_on(&mut self) {
        let Self { file, recording, failure } = self;
        recording.hand_over(|text| {
            if failure.is_none() {
                *failure = file.write_all(text.as_bytes()).err();
            }
        });
    }

    /// The last line.
    pub fn end(mut self, end: &End<'_>) -> Result<(), Failure> {
        self.recording.end(end.elapsed, end.disposition, end.stopped);
        self.pass_on();
        let synced = self.failure.map_or_else(|| self.file.sync_data(), Err);
        match synced {
            // A pipe cannot be synced, and need not be.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
            Err(error) => Err(Failure::Environment(format!("the recording cannot be written: {}", words(&error)))),
            Ok(()) => Ok(()),
        }
    }
}

impl Sink for Recorder {
    fn event(&mut self, at: Micros, event: &Event<'_>) {
        self.recording.event(at, event);
        self.pass_on();
    }
}

/// A link whose commands and responses are written down, for verbs that talk to a card without a transaction.
pub struct Taped<'a> {
    link: &'a mut dyn Link,
    recorder: Option<Recorder>,
    now: Micros,
}

impl<'a> Taped<'a> {
    /// Begins to listen.
    pub fn new(link: &'a mut dyn Link, recorder: Option<Recorder>) -> Self {
        Self { link, recorder, now: Micros::ZERO }
    }

    /// An unpredictable number was drawn.
    pub fn draw(&mut self, value: &[u8]) {
        self.write(&Event::Data { tag: UNPREDICTABLE_NUMBER_9F37, value, source: Source::Transaction });
    }

    /// The last line. `stopped`: why it ended early.
    pub fn end(self, stopped: Option<&str>) -> Result<(), Failure> {
        let end = End { outcome: None, disposition: "none", stopped, elapsed: self.now, again: "" };
        self.recorder.map_or(Ok(()), |recorder| recorder.end(&end))
    }

    fn write(&mut self, event: &Event<'_>) {
        if let Some(recorder) = &mut self.recorder {
            recorder.event(self.now, event);
        }
    }

    fn took(&mut self, taken: Result<Micros, LinkFault>) -> Result<Micros, LinkFault> {
        match taken {
            Ok(elapsed) => self.now += elapsed,
            Err(fault) => self.write(&Event::LinkFault(fault)),
        }
        taken
    }
}

impl Link for Taped<'_> {
    fn activate(&mut self) -> Result<Micros, LinkFault> {
        self.write(&Event::FieldOn);
        let taken = self.link.activate();
        let taken = self.took(taken)?;
        self.write(&Event::CardPresent);
        Ok(taken)
    }

    fn exchange(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<Micros, LinkFault> {
        self.write(&Event::Command { name: replayed::name(command), bytes: command });
        let taken = self.link.exchange(command, response);
        let elapsed = self.took(taken)?;
        self.write(&Event::Response { bytes: response, elapsed });
        Ok(elapsed)
    }

    fn deactivate(&mut self, hold: Micros) {
        self.link.deactivate(hold);
    }

    fn wait_for_removal(&mut self) -> Result<Micros, LinkFault> {
        self.link.wait_for_removal()
    }
}
