//! Kernel 2 driven directly with scripted answers. The expected results are those of the book's tables.

mod ends;
mod gpo;
mod harness;
mod relay;
