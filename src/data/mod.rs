//! What data objects mean: the only place that knows.

mod afl;
pub mod aids;
mod amount;
pub mod application;
pub mod bits;
pub mod codes;
pub mod decode;
pub mod dictionary;
pub mod dol;
mod index;
mod pan;
pub mod scope;
mod store;
pub mod text;
mod track2;

pub use afl::{Afl, AflEntry, AflError, AflErrorKind, AflRecord};
pub use amount::Amount;
pub use pan::Pan;
pub use scope::{Scope, Scopes};
pub use store::{Presence, Source, Store};
pub use track2::{Track2, Track2Error};
