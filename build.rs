//! Cards, terminals and suites are built in by being there: a new file must be seen.

fn main() {
    println!("cargo::rerun-if-changed=cards");
    println!("cargo::rerun-if-changed=terminals");
    println!("cargo::rerun-if-changed=test-vectors/suites");
    println!("cargo::rerun-if-changed=test-vectors/requirements.toml");
    println!("cargo::rerun-if-changed=test-vectors/ics.toml");
}
