//! The command `emvtap`: parse, run, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    emvtap::cli::main(std::env::args_os())
}
