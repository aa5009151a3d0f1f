//! What is taken where nobody says otherwise: on the command line and in cases.

/// The built-in card.
pub const CARD: &str = "visa-credit";
/// The built-in terminal.
pub const TERMINAL: &str = "retail-attended";
/// The built-in host.
pub const HOST: &str = "sim";
/// The seed of the built-in unpredictable numbers.
pub const SEED: u64 = 1;
/// The fixed date and time: a Monday on which the built-in cards are valid.
pub const CLOCK: &str = "2026-06-15T12:00:00Z";
