//! Where unpredictable numbers come from.

pub use crate::kernel::contract::Random;

/// The same bytes for the same seed: SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
/// For tests and repeatable runs, not for live cards.
///
/// ```
/// use emvtap::run::{Random, Seeded};
///
/// let mut numbers = [[0; 4]; 2];
/// let mut random = Seeded::new(7);
/// numbers.iter_mut().for_each(|number| random.fill(number));
/// assert_ne!(numbers[0], numbers[1]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seeded {
    state: u64,
}

impl Seeded {
    /// A generator that starts at this seed.
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.state ^ self.state >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }
}

impl Random for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.iter_mut().zip(self.next().to_le_bytes()).for_each(|(byte, random)| *byte = random);
        }
    }
}

/// The operating system's entropy, asked for and checked once; unpredictable to everybody.
#[derive(Debug)]
pub struct Entropy {
    _opened: (),
}

impl Entropy {
    /// Makes sure that the operating system has entropy to give.
    pub fn open() -> std::io::Result<Self> {
        getrandom::fill(&mut [0])
            .map(|()| Self { _opened: () })
            .map_err(|error| std::io::Error::other(error.to_string()))
    }
}

impl Random for Entropy {
    /// Tries until there is entropy: a predictable number would be worse than none, and a system that had entropy at
    /// [`Entropy::open`] does not run out of it.
    fn fill(&mut self, bytes: &mut [u8]) {
        while getrandom::fill(bytes).is_err() {
            core::hint::spin_loop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// First outputs for seed 1234567, as published with the algorithm on Rosetta Code (Splitmix64).
    #[test]
    fn the_generator_gives_the_published_numbers() {
        let mut random = Seeded::new(1_234_567);
        let numbers: Vec<u64> = (0..5).map(|_| random.next()).collect();
        assert_eq!(
            numbers,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423,
                4_593_380_528_125_082_431,
                16_408_922_859_458_223_821,
            ]
        );
    }

    #[test]
    fn entropy_differs() {
        let mut entropy = Entropy::open().unwrap();
        let (mut one, mut other) = ([0; 16], [0; 16]);
        entropy.fill(&mut one);
        entropy.fill(&mut other);
        assert_ne!(one, other);
    }
}
