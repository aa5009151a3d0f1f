//! Other people's programs read our card: what we serve is what PC/SC says, not what we believe.

use std::{path::Path, process::Command};

use crate::pcscd::{Pcscd, result};

#[test]
fn pyscard_reads_our_card() {
    let pcscd = Pcscd::start();
    let _card = pcscd.serve(&["visa-credit", "--repeat", "--uid", "04112233445566"]);
    // The system's Python has the Debian package; a Python of some version manager has not.
    let mut python = Command::new("/usr/bin/python3");
    python.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pcsc/read_card.py"));
    let (code, said) = result(&pcscd.client(python).output().expect("python3-pyscard is needed (see .ci/pcsc)"));
    assert_eq!(code, Some(0), "{said}");
}
