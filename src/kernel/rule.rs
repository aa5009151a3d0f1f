//! Rules of books: one row each, so that a number with meaning appears once.

use core::fmt;

use super::event::Event;

/// A requirement of a book, as the code cites it where it decides something.
///
/// ```
/// use emvtap::{entry::rules, kernel::c3};
///
/// let rule = c3::rules::CRYPTOGRAM_TYPE;
/// assert_eq!(rule.to_string(), "C-3 5.4.3.1");
/// assert!(rules::of_every_book().any(|other| other == rule));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Rule {
    /// The book, as people cite it: `A`, `B`, `C-3`, `2`; `emvtap` for what no book says.
    pub book: &'static str,
    /// The section or requirement.
    pub number: &'static str,
    /// What it asks for, in a line of our own words.
    pub words: &'static str,
}

impl Rule {
    /// The event that says that the rule decided something: what, and on what grounds.
    pub const fn cited(self, note: fmt::Arguments<'_>) -> Event<'_> {
        Event::Rule { book: self.book, rule: self.number, note }
    }
}

/// Book and number.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.book, self.number)
    }
}

/// Makes a table of rules: a constant for each, and `ALL` of them in this order.
macro_rules! rules {
    ($($book:literal { $($name:ident = $number:literal $words:literal;)* })*) => {
        $($(
            #[doc = concat!($book, " ", $number, ": ", $words)]
            pub const $name: $crate::kernel::rule::Rule =
                $crate::kernel::rule::Rule { book: $book, number: $number, words: $words };
        )*)*

        /// Every rule of this table.
        pub const ALL: &[$crate::kernel::rule::Rule] = &[$($($name,)*)*];
    };
}

pub(crate) use rules;
