//! The faults that have a name: `cards/faults.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Fault;
use crate::diag::{self, Problem};

const SCHEMA: &str = "emvtap.faults/1";
const FILE: &str = "cards/faults.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalogue {
    #[serde(rename = "schema")]
    _schema: String,
    fault: Vec<Fault>,
}

static CATALOGUE: LazyLock<Result<Vec<Fault>, Problem>> = LazyLock::new(|| {
    let text = crate::card::builtin::faults();
    diag::expect_schema(FILE, text, SCHEMA)?;
    let catalogue: Catalogue = diag::from_toml(FILE, text)?;
    Ok(catalogue.fault)
});

/// Every built-in fault, in the order of the file.
pub fn catalogue() -> Result<&'static [Fault], Problem> {
    CATALOGUE.as_deref().map_err(Clone::clone)
}

/// What happens under this name; empty if there is no such fault.
pub fn named(name: &str) -> Result<Vec<Fault>, Problem> {
    Ok(catalogue()?.iter().filter(|fault| fault.name == name).cloned().collect())
}

/// What to do about a name that no fault has: the nearest one, if there is one.
pub fn unknown(name: &str) -> Option<String> {
    let faults = catalogue().unwrap_or_default();
    let hint = diag::suggest(name, faults.iter().map(|fault| fault.name.as_str()));
    hint.starts_with("did you mean").then_some(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_a_line_about_it() {
        let faults = catalogue().unwrap_or_else(|problem| panic!("{problem}"));
        for fault in faults {
            let said = faults.iter().any(|other| other.name == fault.name && !other.text.is_empty());
            assert!(said && fault.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
        }
        assert!(named("no-such-fault").unwrap().is_empty());
        assert_eq!(unknown("tear-gpu").as_deref(), Some("did you mean `tear-gpo`?"));
        assert_eq!(unknown("something else entirely"), None);
    }
}
