//! What a check of a file that can be read finds in it.

use core::fmt;

use super::Problem;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// It cannot work, or a book forbids it.
    Error,
    /// It works, but hardly as it is meant.
    Warning,
    /// Worth knowing.
    Note,
}

impl Level {
    /// The word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One thing that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// Its name, which never changes: `pan-luhn`.
    pub name: &'static str,
    /// How bad a finding is.
    pub level: Level,
    /// The book that says so: `C-3`, `EMV Book 2`, `ISO 4217`.
    pub book: &'static str,
    /// The section; empty if the whole book does.
    pub section: &'static str,
}

/// Something found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub check: Check,
    /// Where, what, and what to do.
    pub problem: Problem,
}

impl Finding {
    /// How bad it is.
    pub const fn level(&self) -> Level {
        self.check.level
    }
}

/// Writes the one table of a room's checks: a constant each, and all of them.
macro_rules! checks {
    ($($name:ident = $text:literal $level:ident $book:literal $section:literal;)*) => {
        $(pub(super) const $name: Check =
            Check { name: $text, level: Level::$level, book: $book, section: $section };)*

        /// Every check, in the order of the table.
        pub const ALL: &[Check] = &[$($name),*];
    };
}

pub(crate) use checks;
