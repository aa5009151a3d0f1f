//! The status words a card answers (ISO 7816-4, 5.1.3).

use crate::apdu::StatusWord;

/// The selected application is blocked.
pub(super) const BLOCKED: StatusWord = StatusWord(0x6283);
/// The MAC of a script command is wrong.
pub(super) const WRONG_MAC: StatusWord = StatusWord(0x6988);
/// Issuer authentication failed (EMV Book 3, 6.5.4.5).
pub(super) const AUTHENTICATION_FAILED: StatusWord = StatusWord(0x6300);
/// Wrong length.
pub(super) const WRONG_LENGTH: StatusWord = StatusWord(0x6700);
/// Conditions of use not satisfied.
pub(super) const CONDITIONS_NOT_SATISFIED: StatusWord = StatusWord(0x6985);
/// Incorrect parameters in the data field.
pub(super) const WRONG_DATA: StatusWord = StatusWord(0x6A80);
/// File or application not found.
pub(super) const FILE_NOT_FOUND: StatusWord = StatusWord(0x6A82);
/// Record not found.
pub(super) const RECORD_NOT_FOUND: StatusWord = StatusWord(0x6A83);
/// Incorrect P1 or P2.
pub(super) const WRONG_PARAMETERS: StatusWord = StatusWord(0x6A86);
/// Referenced data not found.
pub(super) const REFERENCED_DATA_NOT_FOUND: StatusWord = StatusWord(0x6A88);
/// Instruction not supported.
pub(super) const UNKNOWN_INSTRUCTION: StatusWord = StatusWord(0x6D00);
/// Class not supported.
pub(super) const UNKNOWN_CLASS: StatusWord = StatusWord(0x6E00);
