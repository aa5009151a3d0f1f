//! Kernel 2 driven directly with scripted answers. The expected results are those of the book's tables.

mod authentication;
mod choices;
mod coverage;
mod ends;
mod gpo;
mod harness;
mod mag_stripe;
mod never_panics;
mod procedures;
mod reader;
mod records;
mod relay;
mod signals;
mod storage;
mod tears;
mod torn;
