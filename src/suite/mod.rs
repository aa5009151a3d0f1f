//! The conformance tool: cases as data, subjects that are judged, verdicts.
//!
//! A [`case`] says what is tapped with what, and what must be seen. A [`subject`] does the taps. What was [`seen`] on the wire and
//! at its outputs is all that a verdict rests on: a subject's own opinion of the rules it followed is never asked.
//! [`results`] is what a run leaves behind, and what reports read.

pub mod case;
pub mod results;
pub mod seen;
pub mod subject;
