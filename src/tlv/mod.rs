//! BER-TLV and data object lists as EMV uses them. Knows shapes, not meanings.
//!
//! EMV's tags are not X.690's: `9F02` has a number that X.690 would write in one byte, and `DF8117` has three. Lengths are
//! definite, of one to three bytes, and need not be minimal. `00` between objects is filler (EMV Book 3, Annex B).
//!
//! ```
//! use emvtap::tlv::{self, Tag};
//!
//! let fci = [0x6F, 0x07, 0x84, 0x05, 0xA0, 0x00, 0x00, 0x00, 0x03];
//! let template = tlv::objects(&fci).next().unwrap().unwrap();
//! let name = tlv::find(template.value, Tag::new(0x84)).unwrap().unwrap();
//! assert_eq!(name.value, [0xA0, 0x00, 0x00, 0x00, 0x03]);
//! ```

mod dol;
mod reader;
mod tag;
mod writer;

pub use dol::{DolEntries, DolEntry, dol_entries};
pub use reader::{Budget, Error, ErrorKind, Object, Objects, Walk, find, objects, walk};
pub use tag::{Tag, TagError};
pub use writer::{Writer, write_object};
