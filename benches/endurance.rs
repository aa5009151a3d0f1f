//! Taps, one after the other in one process, and the memory that the process has: what a tap keeps would show.
//! `cargo bench --bench endurance` makes 100,000 of them, `cargo bench --bench endurance -- 1000000` a million.

mod common;

use std::{env, fs, time::Duration};

use common::taps::{ONLINE, time};
use emvtap::kernel::event::Silent;

const TAPS: u64 = 100_000;
/// Kilobytes that may come after a hundredth of the taps.
const ALLOWED: u64 = 1024;

/// Kilobytes of the process that are in memory; `None` where the system does not say.
fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse().ok())
}

fn taps(count: u64) -> Duration {
    time(ONLINE, count, &mut Silent)
}

fn main() {
    let taps_wanted = env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(TAPS);
    taps(taps_wanted / 100);
    let early = resident();
    let spent = taps(taps_wanted - taps_wanted / 100);
    let late = resident();
    println!("{taps_wanted} taps, {:.1} µs each", spent.as_secs_f64() * 1e6 / taps_wanted as f64);
    match (early, late) {
        (Some(early), Some(late)) => {
            println!("{early} kB after a hundredth of them, {late} kB at the end");
            assert!(late <= early + ALLOWED, "memory grows");
        }
        _ => println!("this system does not say how much memory a process has"),
    }
}
