//! The conformance tool: cases as data, subjects that are judged, verdicts.
//!
//! A [`case`] says what is tapped with what, and what must be seen; [`load`] reads files of them, and [`plan`] makes the variants.
//! A [`subject`] does the taps. What was [`seen`] on the wire and at its outputs is all that a verdict rests on: a subject's own
//! opinion of the rules it followed is never asked. [`judge`] turns it into findings, [`verdict`] findings into a verdict, and
//! [`expectations`] know which failures are known. [`results`] is what a run leaves behind, and what reports read.
//!
//! ```
//! let suites = emvtap::suite::load::names().into_iter().filter_map(|name| emvtap::suite::load::builtin(&name));
//! for suite in suites {
//!     let case = &suite.unwrap().cases[0];
//!     assert!(!case.taps().unwrap().is_empty(), "{}", case.id);
//! }
//! ```

pub mod answer;
pub mod budget;
mod builtin;
pub mod case;
pub mod catalogue;
mod child;
pub mod command;
pub mod expectations;
pub mod expression;
mod fragment;
pub mod glob;
pub mod ics;
pub mod judge;
pub mod lint;
pub mod load;
mod needs;
mod observe;
pub mod pattern;
pub mod pcsc;
pub mod perform;
pub mod plan;
mod profiles;
pub mod resolve;
pub mod results;
pub mod runner;
pub mod seen;
mod settings;
pub mod shim;
mod stock;
pub mod subject;
mod vary;
pub mod verdict;

pub use builtin::Builtin;
