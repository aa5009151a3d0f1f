//! `explain`.

use clap::Args;

use super::{ListFormat, Target};
use crate::cli::explain::After;

/// What to explain.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Without a kind before it (tag, sw, message, aid, kernel, rule, outcome, currency, case, requirement) SUBJECT is \
    the first of these that it can be: an Outcome, a case, a requirement, a rule with its book, a kernel's name, a known tag, a status word (4 digits), an \
    application identifier (10 digits or more), a message identifier (2 digits), the name of a data object, a currency.\n\n\
    Examples:\n  emvtap explain 9F66                        a tag, or its name: TTQ\n  \
    emvtap explain 9F66 36004000               what a value says, bit by bit\n  \
    emvtap explain 9F66 36004000 36204000      what differs between two\n  \
    emvtap explain TTQ byte 2 bit 7            one bit\n  \
    emvtap explain 6984 --after gpo --kernel 3 a status word, and what follows\n  \
    emvtap explain message 1C                  a message on the display\n  \
    emvtap explain A0000000031010              an application, or a provider: A000000003\n  \
    emvtap explain kernel 810978               a kernel identifier, as 9F2A has it\n  \
    emvtap explain C-3 5.4.2.1                 a rule, or a section: B 3.1.1\n  \
    emvtap explain C3-CVM-001                  a case of the conformance suites\n  \
    emvtap explain try-again                   an Outcome"
)]
pub struct Explain {
    /// What: see below
    #[arg(required = true, value_name = "SUBJECT")]
    pub subject: Vec<String>,

    /// The command a status word came after
    #[arg(long, value_enum, value_name = "COMMAND")]
    pub after: Option<After>,

    /// Only what it means to this kernel, 1 to 8
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u8).range(1..=8))]
    pub kernel: Option<u8>,

    /// What to write
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,

    /// Where it goes, and how
    #[command(flatten)]
    pub target: Target,
}
