//! Decisions that are told even where only the steps are.

/// A rule by its book and the beginning of its number, and the step that it makes: none where it belongs to the command at hand.
const TOLD: [(&str, &str, Option<&str>); 7] = [
    ("C-2", "SR1.2", None),
    ("C-2", "SR1.3", None),
    ("C-2", "PRE.", Some("restrictions")),
    ("C-2", "CVM.", Some("CVM")),
    ("C-2", "S456.37", Some("risk management")),
    ("C-2", "TAA.", Some("action analysis")),
    ("C-2", "GAC.", Some("action analysis")),
];

/// Whether a rule is told with the steps, and the step it makes.
pub(super) fn decision(book: &str, number: &str) -> Option<Option<&'static str>> {
    TOLD.iter().find(|(of, begin, _)| *of == book && number.starts_with(begin)).map(|(_, _, step)| *step)
}
