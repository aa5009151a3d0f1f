//! The arguments of `emvtap test list`, `show`, `lint` and `new`.

use clap::Args;

use super::{CARD, ListFormat, Selection, TERMINAL, Target};

/// Naming cases.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:\n  emvtap test list                           every case, suite by suite\n  \
    emvtap test list c3/cvm --variants         every variant of a suite\n  \
    emvtap test list --spec 'C-3/5.7*'         what asserts something about cardholder verification")]
pub struct ListCases {
    /// Which cases
    #[command(flatten)]
    pub selection: Selection,

    /// A line for every variant, not for every case
    #[arg(long)]
    pub variants: bool,

    /// What to write
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,

    /// Where it goes, and how
    #[command(flatten)]
    pub target: Target,
}

/// Showing cases.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Examples:\n  emvtap test show C3-CVM-001                what a case is about, and its variants\n  \
    emvtap test show C3-CVM-001/pin            one variant, with everything that is put in"
)]
pub struct ShowCases {
    /// Ids, with or without a variant
    #[arg(required = true, value_name = "ID")]
    pub ids: Vec<String>,

    /// A suite or file that they are in; may be repeated [default: all that are built in]
    #[arg(long, value_name = "SUITE|FILE")]
    pub suite: Vec<String>,

    /// What to write
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,

    /// Where it goes, and how
    #[command(flatten)]
    pub target: Target,
}

/// Looking for mistakes in case files.
#[derive(Clone, Debug, Args)]
pub struct LintCases {
    /// Built-in suites, or files [default: all that are built in]
    #[arg(value_name = "SUITE|FILE")]
    pub names: Vec<String>,

    /// Let warnings count as errors
    #[arg(long)]
    pub strict: bool,

    /// What to write
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,

    /// Where it goes, and how
    #[command(flatten)]
    pub target: Target,
}

/// Starting a case file.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "For example:\n  emvtap test new OUR-CVM-001 C-3/5.7.1.3 --title \"small amounts need no PIN\" -o our.toml\n  \
    emvtap test lint our.toml && emvtap test run our.toml"
)]
pub struct NewCase {
    /// The id of the case: book, topic, number
    #[arg(value_name = "ID")]
    pub id: String,

    /// The requirements that it asserts, by their ids in the catalogue
    #[arg(required = true, value_name = "REQUIREMENT")]
    pub requirements: Vec<String>,

    /// What is tested, in a line
    #[arg(long, value_name = "TEXT", default_value = "what is tested, in a line")]
    pub title: String,

    /// The card
    #[arg(long, value_name = "CARD", default_value = CARD)]
    pub card: String,

    /// The terminal
    #[arg(long, value_name = "TERMINAL", default_value = TERMINAL)]
    pub terminal: String,

    /// Write over a file that is there
    #[arg(long)]
    pub force: bool,

    /// Where it goes, and how
    #[command(flatten)]
    pub target: Target,
}
