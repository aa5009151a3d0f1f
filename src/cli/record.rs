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
    kernel::event::{Event, Sink},
    report::{Mask, Recording, recording::Header},
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
        let text = self.recording.take();
        if self.failure.is_none() {
            self.failure = self.file.write_all(text.as_bytes()).err();
        }
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
