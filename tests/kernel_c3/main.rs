//! Kernel 3 driven directly with scripted answers. The expected results are those of the book's tables.

mod authentication;
mod cvm;
mod decision;
mod gpo;
mod harness;
mod issuer_update;
mod lists;
mod msd;
mod never_panics;
mod outcome;
mod reader;
mod reader_limits;
mod records;
mod refund;
mod restrictions;
mod terminals;
