//! The card's side of the virtual reader of the vsmartcard project (`vpcd`): whatever is behind a [`Link`](super::Link) lies in a reader
//! that any PC/SC program sees.
//!
//! `vpcd` is a driver of the PC/SC service that listens on TCP, a port for each slot; a card connects to it, and has left
//! when it disconnects. A message is a length in two bytes, high byte first, and as many bytes. From the reader, one byte is
//! a control (`00` power off, `01` power on, `02` reset, `04` send the ATR) and anything longer a command. Only ATR and
//! command are answered.

mod identity;
mod serve;

pub use identity::{Identity, IdentityError};
pub use serve::{End, Seen, Session, Stream, Visit, connect, is_heard};

/// The port of the first slot.
pub const PORT: u16 = 35963;
