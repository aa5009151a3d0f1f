//! emvtap beside published crates on the same bytes: everything is first shown to come to the same result, then timed in turns,
//! the best of many rounds. `cargo run --release` prints nanoseconds, and multiples of emvtap's. With `--features gmp` GMP is one
//! of the peers; it needs the system's library (Debian: libgmp-dev).

#[cfg(feature = "gmp")]
mod gmp;
mod rsa;
mod tlv;

use std::{hint::black_box, time::Instant};

const ROUNDS: usize = 300;

/// What does the same as the others, and a number that shows that it did.
struct Peer<I: ?Sized> {
    name: &'static str,
    work: Box<dyn FnMut(&I) -> usize>,
}

impl<I: ?Sized> Peer<I> {
    fn new(name: &'static str, work: impl FnMut(&I) -> usize + 'static) -> Self {
        Self { name, work: Box::new(work) }
    }
}

fn main() {
    tlv::compare();
    rsa::compare();
}

/// Times the peers in turns, each `repeat` times a round, and prints the best round of each beside that of the first, emvtap.
fn compare<I: ?Sized>(title: &str, input: &I, repeat: usize, peers: &mut [Peer<I>]) {
    let mut best = vec![f64::MAX; peers.len()];
    let results: Vec<usize> = peers.iter_mut().map(|peer| (peer.work)(input)).collect();
    for (peer, result) in peers.iter().zip(&results) {
        if *result != results[0] {
            println!("  ({} comes to {result}, not {})", peer.name, results[0]);
        }
    }
    for _ in 0..ROUNDS {
        for (peer, best) in peers.iter_mut().zip(&mut best) {
            let start = Instant::now();
            (0..repeat).for_each(|_| {
                black_box((peer.work)(black_box(input)));
            });
            *best = best.min(start.elapsed().as_secs_f64() * 1e9 / repeat as f64);
        }
    }
    for (peer, time) in peers.iter().zip(&best) {
        println!("  {title:12} {:24} {time:9.0} ns  {:6.2}", peer.name, time / best[0]);
    }
}
