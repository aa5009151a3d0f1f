//! Everything a person may want to see later.
//!
//! Narration, JSON, recordings and coverage are functions of this stream. Events borrow; what wants to keep them copies.

use core::fmt;

use super::outcome::{Outcome, Start, UiRequest};
use crate::{
    apdu::{LinkFault, StatusWord},
    crypto::cryptogram::CryptogramCheck,
    data::Source,
    time::Micros,
    tlv::Tag,
};

/// Something that happened.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The field was switched on and the reader polls.
    FieldOn,
    /// The field was switched off, for at least the hold time (100 ms units); `None` if no hold time was asked for.
    FieldOff {
        /// Hold time.
        hold: Option<u16>,
    },
    /// One card is in the field.
    CardPresent,
    /// A command goes to the card.
    Command {
        /// The name people know it by.
        name: &'static str,
        /// All bytes.
        bytes: &'a [u8],
    },
    /// The card answered.
    Response {
        /// All bytes, status word included.
        bytes: &'a [u8],
        /// The time from command to response.
        elapsed: Micros,
    },
    /// The air interface failed instead.
    LinkFault(LinkFault),
    /// Entry Point starts, or starts again, here.
    EntryPoint {
        /// At which point.
        start: Start,
        /// Whether the restart flag is set (Book A, 8.1.1.20).
        restart: bool,
    },
    /// A combination entered the candidate list (Book B, 3.3.2.5).
    Candidate {
        /// The card's application.
        adf_name: &'a [u8],
        /// The reader's application.
        aid: &'a [u8],
        /// The kernel that would process it.
        kernel: &'a [u8],
        /// Its priority, 1 to 15; 0 for none.
        priority: u8,
    },
    /// A kernel is activated for a combination (Book B, 3.4.1.1).
    KernelActivated {
        /// The card's application, with an extended selection if there was one.
        adf_name: &'a [u8],
        /// The reader's application.
        aid: &'a [u8],
        /// The kernel, as its identifier's bytes.
        kernel: &'a [u8],
        /// The start point that led here.
        start: Start,
        /// The restart flag.
        restart: bool,
        /// The status word of the final SELECT; `None` on a restart at D.
        select_status: Option<StatusWord>,
    },
    /// The kernel waits in a state of its book.
    State {
        /// The book, as people cite it: `C-3`.
        book: &'static str,
        /// The state's name.
        name: &'static str,
    },
    /// A rule of a book decided something.
    Rule {
        /// The book, as people cite it: `A`, `B`, `C-3`, `2`.
        book: &'static str,
        /// The section or requirement.
        rule: &'static str,
        /// What it decided here and on what grounds.
        note: fmt::Arguments<'a>,
    },
    /// A data object got a value.
    Data {
        /// The object.
        tag: Tag,
        /// Its value.
        value: &'a [u8],
        /// Who gave it.
        source: Source,
    },
    /// Offline data authentication was attempted.
    Oda {
        /// `sda`, `dda`, `cda` or `fdda`.
        method: &'static str,
        /// `None` if it succeeded; otherwise the step that failed and why.
        failure: Option<fmt::Arguments<'a>>,
    },
    /// A User Interface Request reached the display.
    Ui(&'a UiRequest),
    /// A kernel or Entry Point came to an Outcome.
    Outcome {
        /// The Outcome.
        outcome: &'a Outcome,
        /// Whether the reader gets it (Select Next and Try Again stay in Entry Point).
        is_final: bool,
    },
    /// The issuer was asked and answered, or could not be reached.
    Host {
        /// What it found out about the cryptogram and decided.
        answer: &'a HostSummary<'a>,
    },
}

/// What is worth knowing of an online authorisation.
#[derive(Clone, Debug)]
pub struct HostSummary<'a> {
    /// The authorisation response code (8A); `None` if the issuer could not be reached.
    pub response_code: Option<[u8; 2]>,
    /// What the issuer found out about the cryptogram; `None` if it did not look.
    pub cryptogram: Option<CryptogramCheck>,
    /// The cryptogram version it was checked by, as people name it: `CVN 18`.
    pub cryptogram_version: Option<&'a str>,
    /// The authorisation response cryptogram, if it made one.
    pub arpc: Option<&'a [u8]>,
    /// The value of 91.
    pub authentication_data: Option<&'a [u8]>,
    /// Whole 71 and 72 objects.
    pub scripts: &'a [u8],
    /// The issuer's reason, in words.
    pub note: &'a str,
    /// The time it took.
    pub elapsed: Micros,
}

/// Takes events as they happen.
pub trait Sink {
    /// Takes one event that happened `at` microseconds after the start of the transaction.
    fn event(&mut self, at: Micros, event: &Event<'_>);
}

/// Takes no interest in events.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Sink for Silent {
    fn event(&mut self, _: Micros, _: &Event<'_>) {}
}

impl<F: FnMut(Micros, &Event<'_>)> Sink for F {
    fn event(&mut self, at: Micros, event: &Event<'_>) {
        self(at, event);
    }
}
