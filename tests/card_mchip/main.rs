//! What simulated Mastercard cards answer, judged by values that somebody else computed and by the recovery functions of
//! `crypto`; and whole taps with Kernel 2 and the issuer.

mod commands;
mod cryptograms;
mod harness;
mod issuer;
#[path = "../taps/mod.rs"]
mod taps;
