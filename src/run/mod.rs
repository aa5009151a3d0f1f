//! The only loop: drives Entry Point and a kernel over a [`Link`](crate::link::Link) to a Final Outcome, asks the
//! [`Host`](crate::host::Host), and does what Book A asks of a reader (8.1.1).
//!
//! A [`Reader`] is made from a configuration and does one tap after the other. Kernels come with the configuration, so a
//! kernel of your own is tested like this:
//!
//! ```
//! use emvtap::{
//!     apdu::LinkFault,
//!     data::Amount,
//!     entry::{Aid, Combination, Configuration, KernelId, TransactionTable},
//!     host::{Answer, Host, Request},
//!     kernel::{contract::{Cx, Input, Kernel, Next}, event::Event, outcome::{Outcome, OutcomeResult}},
//!     link::Link,
//!     run::{Disposition, Parts, Reader, Seeded, Transaction},
//!     time::Micros,
//! };
//!
//! /// Approves whatever was selected.
//! struct Yes;
//!
//! impl Kernel for Yes {
//!     fn start(&mut self, cx: &mut Cx<'_>) -> Next {
//!         assert!(cx.activation.fci.is_some());
//!         Next::Done(Box::new(Outcome::new(OutcomeResult::Approved)))
//!     }
//!     fn reply(&mut self, _: Input<'_>, _: &mut Cx<'_>) -> Next {
//!         unreachable!("this kernel sends nothing")
//!     }
//! }
//!
//! /// A card with one application, which answers SELECT and nothing else.
//! struct OneApplication;
//!
//! impl Link for OneApplication {
//!     fn activate(&mut self) -> Result<Micros, LinkFault> {
//!         Ok(Micros(5_000))
//!     }
//!     fn exchange(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<Micros, LinkFault> {
//!         let ppse = command[5..].starts_with(b"2PAY");
//!         let directory = "6F13A511BF0C0E610C4F07A00000000100018701019000";
//!         let answer = if ppse { directory } else { "6F098407A00000000100019000" };
//!         response.extend(hex::decode(answer).unwrap());
//!         Ok(Micros(10_000))
//!     }
//!     fn deactivate(&mut self, _: Micros) {}
//!     fn wait_for_removal(&mut self) -> Result<Micros, LinkFault> {
//!         Ok(Micros::ZERO)
//!     }
//! }
//!
//! /// Nobody to ask.
//! struct NoHost;
//!
//! impl Host for NoHost {
//!     fn authorise(&mut self, _: Request<'_>) -> Answer {
//!         Answer::default()
//!     }
//! }
//!
//! let aid = Aid::new(&[0xA0, 0, 0, 0, 1, 0, 1]).unwrap();
//! let purchases = TransactionTable {
//!     transaction_types: vec![0x00],
//!     combinations: vec![Combination::new(aid, KernelId::international(0x21), Box::new(Yes))],
//! };
//! let mut reader = Reader::new(Configuration {
//!     tables: vec![purchases],
//!     currency_exponent: 2,
//!     ..Configuration::default()
//! });
//!
//! let sale = Transaction::purchase(Amount::parse("12.50", 2).unwrap(), "2026-11-21T12:00:00Z".parse().unwrap());
//! let mut events = |at: Micros, event: &Event<'_>| println!("{:>7} µs  {event:?}", at.0);
//! let tap = reader.pay(
//!     &sale,
//!     Parts { link: &mut OneApplication, host: &mut NoHost, random: &mut Seeded::new(7), events: &mut events },
//! );
//! assert_eq!(tap.disposition, Disposition::Approved);
//! assert_eq!(tap.selected.unwrap().adf_name.bytes(), [0xA0, 0, 0, 0, 1, 0, 1]);
//! ```
//!
//! What the reader keeps to itself and what it hands out is Book A's: Select Next and Try Again never leave it;
//! [`Tap::outcomes`] are the Final Outcomes, of which there are several when one of them asked for a restart.

mod activation;
mod clean;
mod conversation;
mod issuer_keys;
mod online;
mod random;
mod reader;
mod recorded;
mod tap;
mod transaction;
pub mod usual;
mod value;

pub use conversation::{Counterpart, Said, Table};
pub use issuer_keys::issuer_keys;
pub use random::{Entropy, Random, Seeded};
pub use reader::{Parts, Reader};
pub use recorded::{RecordedHost, RecordedRandom};
pub use transaction::{Disposition, Selected, Tap, Transaction};
pub use value::value_text;
