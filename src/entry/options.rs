//! What the books leave open, and where editions and laboratories differ.

use serde::{Deserialize, Deserializer, de::Error as _};

use super::Aid;
use crate::kernel::outcome::UiStatus;

/// Choices, each with a stated default. In a terminal profile they are the keys of `[entry]`, in kebab-case, without the limits
/// and the known applications.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Options {
    /// Whether priority 0, or none, ranks equal to priority 15, so that the PPSE's order decides between them (Book B,
    /// 3.3, introduction). Default: true. With `false`, 15 ranks above 0.
    pub priority_zero_equals_fifteen: bool,
    /// Whether the UI Request on Restart is shown at a restart at C and D too, although 3.2.1.2 belongs to Start B
    /// (Book A, B.7 wants it for a card that is held). Default: true.
    pub ui_on_restart_at_c_and_d: bool,
    /// Whether the UI Request on Restart of a Try Again is shown in place of message 15 (Book A, B.8 has one, although the
    /// Restart flag is 0). Default: true.
    pub ui_on_restart_of_try_again: bool,
    /// Whether a card has to leave before a Try Again polls for one. Default: false: Start B at once (3.5.1.3), which finds a
    /// card that stayed, as often as [`Limits::returns`] says; removal is awaited for a restart after End Application only
    /// (Book A, 8.1.1.23).
    pub removal_before_try_again: bool,
    /// The status that goes with message 18 when pre-processing allows no combination (3.1.1.13). Default: Processing
    /// Error; Book A, B.4 has Ready to Read for kernels.
    #[serde(deserialize_with = "not_allowed")]
    pub not_allowed_status: UiStatus,
    /// Whether a PPSE answer that is not well-formed BER-TLV counts as one without entries. Default: false: the entries in
    /// front of the defect count.
    pub strict_ppse: bool,
    /// Whether a kernel is told of the start points that Entry Point returns to by itself: C after Select Next, a refused
    /// SELECT or a candidate without Kernel 1, B after Try Again and errors of the air interface. Default: true. With
    /// `false` it is told the one at which the reader activated Entry Point, restarts included. The public type-approval
    /// tests look at start points only where both are the same.
    pub internal_start_points: bool,
    /// Whether a domestic Kernel Identifier (9F2A with bits 8-7 = 10 or 11) whose short identifier is 0, "the kernel associated
    /// with the ADF name", stands for whatever kernel the reader has for the application (3.3.2.5 C leaves it outside).
    /// Default: false: such an entry is skipped.
    pub domestic_kernel_zero_is_any: bool,
    /// Applications that are taken for what the card's directory lists, in this order, without asking for it (3.3.2.2): for a
    /// recorded card whose directory nobody read. Default: none: the directory is asked for.
    #[serde(skip)]
    pub known_applications: Vec<Aid>,
    /// How long a tap may go on.
    #[serde(skip)]
    pub limits: Limits,
}

/// The two statuses that books and implementations show with message 18.
fn not_allowed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<UiStatus, D::Error> {
    let word = String::deserialize(deserializer)?;
    let known = [UiStatus::ProcessingError, UiStatus::ReadyToRead];
    let wrong = || D::Error::custom(format!("`{word}` is not `processing-error` or `ready-to-read`"));
    known.into_iter().find(|status| status.name() == word).ok_or_else(wrong)
}

impl Default for Options {
    fn default() -> Self {
        Self {
            priority_zero_equals_fifteen: true,
            ui_on_restart_at_c_and_d: true,
            ui_on_restart_of_try_again: true,
            removal_before_try_again: false,
            not_allowed_status: UiStatus::ProcessingError,
            strict_ppse: false,
            internal_start_points: true,
            domestic_kernel_zero_is_any: false,
            known_applications: Vec::new(),
            limits: Limits::default(),
        }
    }
}

/// Bounds that make every tap end, whatever the card does. A tap that reaches one ends with End Application and an event
/// that says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Returns to Start B inside Entry Point: Try Again and errors of the air interface (3.3.3.7, 3.5.1.3). Default: 16.
    pub returns: u16,
    /// Restarts by the reader after a Final Outcome (Book A, 8.1.1.22 and 8.1.1.23). Default: 16.
    pub restarts: u16,
    /// Polls in a row that find more than one card (3.2.1.4). Default: 1000.
    pub collisions: u16,
}

impl Default for Limits {
    fn default() -> Self {
        Self { returns: 16, restarts: 16, collisions: 1000 }
    }
}
