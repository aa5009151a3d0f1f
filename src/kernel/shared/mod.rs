//! What more than one kernel does: taking objects from the card, reading records, offline data authentication.

pub mod card_data;
pub mod oda;
pub mod records;
pub mod rules;
pub mod static_data;
