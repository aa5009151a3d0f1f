//! What a person asked of a terminal that has another effect than one may think.

use super::args::Pay;
use crate::{
    data::{Amount, dictionary::TERMINAL_CAPABILITIES_9F33},
    entry::KernelId,
    terminal::{Currency, Terminal},
};

/// A sentence for each. `before`: the currency the terminal's file states.
pub fn of(pay: &Pay, terminal: &Terminal, before: Currency) -> Vec<String> {
    let has_kernel_2 = terminal.combinations.iter().any(|one| *one.implementation().get_ref() == KernelId::C2);
    let sets_capabilities = pay.set.iter().any(|over| over.tag == TERMINAL_CAPABILITIES_9F33);
    let capabilities =
        "--set 9F33 has no effect at kernel 2, which makes it of DF8117, DF8118 or DF8119, and DF811F: set those";
    let limits = || {
        let (old, new) = (before, terminal.currency);
        let shown = |currency: Currency| Amount::new(1000).map(|units| units.display(currency.exponent()).to_string());
        format!(
            "the terminal's limits keep their minor units: what was {} {} is {} {}",
            shown(old).unwrap_or_default(),
            old.code(),
            shown(new).unwrap_or_default(),
            new.code()
        )
    };
    let is_shifted = before.exponent() != terminal.currency.exponent();
    let capabilities = (sets_capabilities && has_kernel_2).then(|| capabilities.to_owned());
    [capabilities, is_shifted.then(limits)].into_iter().flatten().collect()
}
