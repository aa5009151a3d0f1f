//! EMV contactless: a terminal, a card and an issuer in one library.
//!
//! One tap flows through the rooms from left to right: [`run`] polls a [`link`], [`entry`] selects an application and
//! activates a [`kernel`], the kernel speaks [`apdu`] to the card and decides with [`data`] and [`crypto`], the
//! [`host`] authorises, and [`report`] tells people from the events what happened and why. [`card`] simulates the other
//! side; it shares bytes and cryptography with the kernel and nothing else.
//!
//! Entry Point and kernels do no I/O and read no clock: the same inputs give the same bytes.

#![forbid(unsafe_code)]
// Nothing in this library may panic on what a card, a terminal or a file says, and every number conversion is deliberate.
#![cfg_attr(
    not(test),
    deny(
        clippy::as_conversions,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::string_slice,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]

pub mod apdu;
pub mod bytes;
pub mod card;
pub mod cli;
pub mod crypto;
pub mod data;
pub mod diag;
pub mod dump;
pub mod entry;
pub mod host;
pub mod kernel;
pub mod link;
pub mod report;
pub mod run;
pub mod suite;
pub mod terminal;
pub mod time;
pub mod tlv;
