//! Entry Point (EMV Contactless Book B): from an amount to an activated kernel, and what becomes of its Outcome.
//!
//! Nothing here does I/O. [`EntryPoint`] is a machine that says what to do [`Next`]; the loop in [`crate::run`] does it
//! and hands over what came of it. The decisions are pure functions, one file each:
//!
//! | file | Book B | what |
//! |---|---|---|
//! | [`preprocessing`] | 3.1.1 | limits and flags become indicators |
//! | [`dynamic_limits`] | C-3, 5.1.2 | other limits, by the card's program |
//! | [`ppse`] | 3.3.1, 3.6 | the card's directory becomes entries |
//! | [`kernel_identifier`] | 3.3.2.5 C, D | 9F2A becomes a requested kernel |
//! | [`candidates`] | 3.3.2.5, 3.3.3.1, 3.3.3.2 | entries and combinations become the candidate list; which is best |
//! | [`selection`] | 3.3.3.3, 3.3.3.6 | the name to select; Visa's Kernel 1 |
//! | [`machine`] | all of it | the order of these steps |
//!
//! ```
//! use emvtap::{data::Amount, entry::{EntryPointData, preprocessing}};
//!
//! let limits = EntryPointData {
//!     cvm_required_limit: Amount::parse("50.00", 2),
//!     ttq: Some([0x26, 0x00, 0x40, 0x00]),
//!     ..EntryPointData::default()
//! };
//! let indicators = preprocessing::indicators(&limits, Amount::parse("50.00", 2).unwrap(), 2, &mut |_, _| ());
//! assert!(indicators.cvm_required_limit_exceeded);
//! assert_eq!(indicators.ttq, Some([0x26, 0x40, 0x40, 0x00]));
//! ```

pub mod candidates;
mod configuration;
mod data_exchange;
pub mod dynamic_limits;
pub mod kernel_identifier;
pub mod machine;
mod options;
mod outcomes;
pub mod ppse;
pub mod preprocessing;
pub mod rules;
mod scene;
pub mod selection;
mod steps;

pub use configuration::{Aid, Combination, Configuration, EntryPointData, KernelId, TransactionTable};
pub use data_exchange::{DataAnswer, DataReply};
pub use dynamic_limits::DynamicLimits;
pub use machine::{EntryPoint, Next};
pub use options::{Limits, Options};
pub use scene::Scene;
