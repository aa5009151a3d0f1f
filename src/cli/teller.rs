//! Who is told what happens, and in which form: the same for a transaction that runs and for one that was recorded.

use std::io;

use super::{
    args::{Format, Output},
    failure::Failure,
    out::Out,
    record::Recorder,
};
use crate::{
    kernel::{
        event::{Event, Sink},
        outcome::Outcome,
    },
    report::{Detail, Ending, Log, Mask, Narration, Recording, recording::Header, tap_json},
    time::Micros,
};

/// The first line for people: the command, and what it runs with.
pub struct Headline<'a> {
    /// `emvtap pay 12.50`.
    pub command: &'a str,
    /// Names and values.
    pub parts: &'a [(&'a str, &'a str)],
}

/// How a transaction ended.
pub struct End<'a> {
    /// The last Final Outcome.
    pub outcome: Option<&'a Outcome>,
    /// `approved`, `declined`, `none`.
    pub disposition: &'a str,
    /// Why it ended early.
    pub stopped: Option<&'a str>,
    /// How long it took.
    pub elapsed: Micros,
    /// The command that shows it again.
    pub again: &'a str,
}

/// Who is told.
enum Teller {
    Person(Box<Narration>),
    Lines(Recording),
    Program(Box<Log>, Mask),
}

/// Hands events to the teller, and what he tells to the output; and to the recorder before him.
pub struct Watch<'a> {
    out: &'a mut Out,
    teller: Teller,
    recorder: Option<Recorder>,
    /// The first failure to write; what comes after it is not written.
    failure: Option<io::Error>,
}

impl<'a> Watch<'a> {
    /// Begins with the first line. `header`: what a recording says first.
    pub fn new(out: &'a mut Out, output: &Output, headline: &Headline<'_>, header: &Header) -> Self {
        let mask = if output.unmask { Mask::off() } else { Mask::on() };
        let teller = match output.format {
            Format::Json => Teller::Program(Box::default(), mask),
            Format::Jsonl => {
                let masked = header.masked || mask.is_on();
                Teller::Lines(Recording::with_header(mask, &Header { masked, ..header.clone() }))
            }
            Format::Text => {
                let mut narration = Narration::new(out.width(), out.paint(), detail(output), mask);
                narration.headline(headline.command, headline.parts);
                Teller::Person(Box::new(narration))
            }
        };
        let mut watch = Self { out, teller, recorder: None, failure: None };
        watch.pass_on();
        watch
    }

    /// Also writes everything down.
    pub fn record(&mut self, recorder: Option<Recorder>) {
        self.recorder = recorder;
    }

    fn pass_on(&mut self) {
        let Self { out, teller, failure, .. } = self;
        let mut write = |text: &str| {
            if failure.is_none() {
                *failure = out.data(text).err();
            }
        };
        match teller {
            Teller::Person(narration) => write(&narration.take()),
            Teller::Lines(recording) => recording.hand_over(write),
            Teller::Program(..) => {}
        }
    }

    /// The last lines.
    pub fn end(mut self, end: &End<'_>) -> Result<(), Failure> {
        let recorded = self.recorder.take().map_or(Ok(()), |recorder| recorder.end(end));
        match &mut self.teller {
            Teller::Person(narration) => narration.end(&Ending {
                outcome: end.outcome,
                disposition: end.disposition,
                stopped: end.stopped,
                elapsed: end.elapsed,
                again: end.again,
            }),
            Teller::Lines(recording) => recording.end(end.elapsed, end.disposition, end.stopped),
            Teller::Program(log, mask) => {
                let text = tap_json::write(log, end.disposition, mask);
                self.failure = self.out.data(&text).err();
            }
        }
        self.pass_on();
        recorded?;
        self.failure.map_or(Ok(()), |error| Err(error.into()))
    }
}

impl Sink for Watch<'_> {
    fn event(&mut self, at: Micros, event: &Event<'_>) {
        if let Some(recorder) = &mut self.recorder {
            recorder.event(at, event);
        }
        match &mut self.teller {
            Teller::Person(narration) => narration.event(at, event),
            Teller::Lines(recording) => recording.event(at, event),
            Teller::Program(log, _) => log.event(at, event),
        }
        self.pass_on();
    }
}

const fn detail(output: &Output) -> Detail {
    match output.verbose {
        _ if output.quiet => Detail::Ending,
        0 => Detail::Steps,
        1 => Detail::Rules,
        2 => Detail::Bytes,
        _ => Detail::Everything,
    }
}
