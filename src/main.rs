//! The command `emvtap`: parse, run, exit code.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    emvtap::cli::main(std::env::args_os())
}
