//! Commands and responses between terminal and card (ISO 7816-4; EMV Book 3, 6).
//!
//! ```
//! use emvtap::apdu::{Command, Response, StatusWord};
//!
//! let command = Command::select(b"2PAY.SYS.DDF01").unwrap();
//! assert_eq!(command.bytes()[..5], [0x00, 0xA4, 0x04, 0x00, 0x0E]);
//! let response = Response::parse(&[0x6A, 0x82]).unwrap();
//! assert_eq!(response.status, StatusWord(0x6A82));
//! ```

mod command;
mod response;
pub mod status;

pub use command::{Command, CommandHeader, CommandTooLong, CryptogramRequest, DATA_MAX};
pub use response::{LinkFault, Response, StatusWord};
pub use status::StatusMeaning;

#[cfg(test)]
mod tests;
