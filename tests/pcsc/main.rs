//! The real thing: our terminal and other people's programs at our cards, through pcscd and the virtual reader of
//! vsmartcard. Each test has a service of its own.

mod other_clients;
mod pcscd;
mod taps;
mod tears;
