//! What happened, as text or data: pure functions of the event stream, and of the results of conformance runs.
//!
//! [`Narration`] tells a person, [`Recording`] writes the stream down, [`tap_json`] sums a transaction up. [`Mask`] stands
//! between all of them and what identifies a cardholder.

pub mod case;
pub mod cases;
pub mod check;
mod columns;
pub mod compare;
pub mod coverage;
pub mod decode;
pub mod failure;
mod gist;
pub mod html;
pub mod jsonl;
pub mod junit;
mod log;
pub mod markdown;
mod mask;
pub mod merge;
mod narration;
mod objects;
mod paint;
pub mod reactions;
pub mod recording;
pub mod redact;
pub mod replayed;
pub mod results;
#[cfg(test)]
mod sample;
pub mod shield;
#[cfg(test)]
mod story;
pub mod tally;
pub mod tap_json;

pub use columns::wrap;
pub use jsonl::Recording;
pub use log::{Activated, Exchange, Host, Log, Oda, Reply, Rule};
pub use mask::Mask;
pub use narration::{Detail, Ending, Narration};
pub use paint::Paint;
pub use recording::Recorded;
