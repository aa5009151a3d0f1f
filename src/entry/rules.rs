//! The rules of Books A and B that Entry Point and the reader around it cite. Those that kernels follow too are in
//! [`kernel::shared::rules`](crate::kernel::shared::rules).

use crate::kernel::{
    registry,
    rule::{Rule, rules},
};

rules! {
    "A" {
        REMOVAL_TIMEOUT = "8.1.1.21" "the card may leave once the removal time-out has run out";
        ONLINE_RESTART = "8.1.1.22" "the issuer's answer goes to the kernel that asked for it";
        RESTART_AFTER_REMOVAL = "8.1.1.23" "a transaction that ended starts again once the card has left";
    }
    "B" {
        STATUS_CHECK = "3.1.1.3" "an amount of one unit of the currency may be a status check";
        ZERO_AMOUNT = "3.1.1.4" "a zero amount may be forbidden";
        TRANSACTION_LIMIT = "3.1.1.5" "an amount that reaches the transaction limit is not allowed";
        READER_FLOOR_LIMIT = "3.1.1.6" "an amount above the reader's floor limit exceeds it";
        TERMINAL_FLOOR_LIMIT = "3.1.1.7" "without a reader floor limit the Terminal Floor Limit (9F1B) counts";
        CVM_LIMIT = "3.1.1.8" "an amount that reaches the CVM required limit needs a CVM";
        ONLINE_ABOVE_FLOOR_LIMIT = "3.1.1.9" "above the floor limit TTQ ask for an online cryptogram";
        ONLINE_STATUS_CHECK = "3.1.1.10" "for a status check TTQ ask for an online cryptogram";
        ONLINE_ZERO_AMOUNT = "3.1.1.11" "a zero amount goes online, which an offline-only reader cannot";
        CVM_REQUIRED = "3.1.1.12" "from the CVM required limit on TTQ ask for a CVM";
        NOTHING_ALLOWED = "3.1.1.13" "when no combination is allowed the cardholder uses another interface";
        COLLISION = "3.2.1.4" "more than one card: the cardholder is asked for one";
        COLLISION_OVER = "3.2.1.5" "after a collision the reader polls on";
        START_OF_SELECTION = "3.3.2.1" "issuer data goes to the application that was selected before";
        KNOWN = "3.3.2.2" "the card's directory is asked for its applications, unless they are known";
        PPSE_REFUSED = "3.3.2.3" "a card that does not answer SELECT PPSE with 9000 has no candidates";
        PPSE_EMPTY = "3.3.2.4" "a directory without entries gives no candidates";
        LEFT_OUT = "3.3.2.5" "an entry that suits no combination of the reader is no candidate";
        NO_CANDIDATE = "3.3.2.7" "without candidates the application ends";
        EXTENDED_SELECTION = "3.3.3.3" "Extended Selection is appended to the ADF name";
        SELECT_REFUSED = "3.3.3.5" "an application that cannot be selected gives way to the next";
        KERNEL_1 = "3.3.3.6" "a Visa application whose PDOL does not ask for TTQ is not for Kernel 3";
        LINK_ERROR = "3.3.3.7" "an error of the air interface before a kernel runs leads back to polling";
        TRY_AGAIN = "3.5.1.3" "Try Again leads back to polling";
        SELECT_NEXT = "3.5.1.4" "Select Next leads to the next candidate";
    }
    "emvtap" {
        LIMIT = "limit" "every tap ends, whatever the card does";
        REMOVAL_BEFORE_TRY_AGAIN = "removal-before-try-again" "where the reader is to, it waits until the card has left before it \
            tries again";
    }
}

/// Every rule that is cited anywhere: Books A and B, those of the kernels, and Books 2 and 3.
pub fn of_every_book() -> impl Iterator<Item = Rule> {
    ALL.iter().copied().chain(registry::rules())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_number_appears_once() {
        let mut seen = BTreeSet::new();
        for rule in of_every_book() {
            assert!(seen.insert((rule.book, rule.number)), "{rule} has two rows");
        }
        assert!(seen.len() > 80);
    }

    #[test]
    fn words_are_a_line_without_an_end() {
        for rule in of_every_book() {
            assert!(!rule.words.is_empty() && !rule.words.ends_with('.') && !rule.words.contains('\n'), "{rule}");
        }
    }
}
