//! Arguments of `emvtap test`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{Colour, LintCases, ListCases, NewCase, SEED, ShowCases, Target, Wanted, wanted};

/// The subject that need not be named.
pub const BUILTIN: &str = "builtin";
/// How long a case may take, in seconds, unless the person says otherwise.
pub const TIMEOUT: u64 = 10;

/// Conformance suites.
#[derive(Clone, Debug, Subcommand)]
pub enum Test {
    /// Run cases against a subject and judge what is seen of it
    Run(Box<RunTests>),
    /// Name the cases
    List(Box<ListCases>),
    /// Print cases as a person reads them: what is put in, and what must be seen
    Show(ShowCases),
    /// Look for mistakes in case files; exit code 6 if there are errors
    Lint(LintCases),
    /// Start a case file of your own
    New(NewCase),
    /// Be a subject: the built-in kernels behind the shim protocol, on stdin and stdout
    #[command(hide = true)]
    Shim,
}

impl Test {
    /// When to colour.
    pub const fn colour(&self) -> Colour {
        match self {
            Self::Run(run) => run.target.color,
            Self::List(list) => list.target.color,
            Self::Show(show) => show.target.color,
            Self::Lint(lint) => lint.target.color,
            Self::New(new) => new.target.color,
            Self::Shim => Colour::Auto,
        }
    }
}

/// Which cases.
#[derive(Clone, Debug, Default, Args)]
pub struct Selection {
    /// Built-in suites (c3, c3/cvm), or case files [default: all that are built in]
    #[arg(value_name = "SUITE|FILE")]
    pub suites: Vec<String>,

    /// Only cases with such an id, with * and ?; may be repeated
    #[arg(long, value_name = "GLOB", help_heading = "Selection")]
    pub id: Vec<String>,

    /// Only cases that cite such a requirement, by id or by book and section: 'C-3/5.4*'; may be repeated
    #[arg(long, value_name = "GLOB", help_heading = "Selection")]
    pub spec: Vec<String>,

    /// Only cases with this tag; may be repeated
    #[arg(long, value_name = "TAG", help_heading = "Selection")]
    pub tag: Vec<String>,

    /// Only cases with this text in id, title or description
    #[arg(short = 'k', value_name = "TEXT", help_heading = "Selection")]
    pub keyword: Option<String>,

    /// Only every Nth of the selected cases: 2/5 is the second fifth
    #[arg(long, value_name = "M/N", value_parser = shard, help_heading = "Selection")]
    pub shard: Option<(usize, usize)>,

    /// Only cases that failed in the results of an earlier run
    #[arg(long, value_name = "FILE", help_heading = "Selection")]
    pub failed_in: Option<PathBuf>,
}

/// Running cases.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Verdicts: PASS, FAIL, WARN (a should), INCONCLUSIVE, N/A (by the ICS), UNSUPPORTED (the subject says so), SKIP, \
    XFAIL and XPASS (with --expectations), ERROR (emvtap itself).\n\n\
    Examples:\n  emvtap test run                            everything, against the built-in kernels\n  \
    emvtap test run c3/cvm ep                  some suites\n  \
    emvtap test run --id 'C3-CVM-*' -vv        some cases, with every byte\n  \
    emvtap test run --subject 'shim:python3 my_terminal.py'\n  \
    emvtap test run --report html=report.html --report junit=junit.xml\n  \
    emvtap test run --failed-in results.json   what failed last time"
)]
pub struct RunTests {
    /// Which cases
    #[command(flatten)]
    pub selection: Selection,

    /// Who is judged: builtin, shim:COMMAND (see docs/shim.md), or pcsc (a terminal that taps a card that emvtap serves)
    #[arg(long, value_name = "SUBJECT", default_value = BUILTIN, help_heading = "Subject")]
    pub subject: String,

    /// The terminal that the subject is, a built-in one or a file: its profile says what the subject supports
    #[arg(long, value_name = "NAME|FILE", help_heading = "Subject")]
    pub terminal: Option<String>,

    /// What the subject supports; cases that need more are N/A
    #[arg(long, value_name = "FILE", help_heading = "Subject")]
    pub ics: Option<PathBuf>,

    /// Seconds that a case may take
    #[arg(long, value_name = "SECONDS", default_value_t = TIMEOUT, value_parser = clap::value_parser!(u64).range(1..), help_heading = "Running")]
    pub timeout: u64,

    /// How many cases at a time [default: one for each processor; 1 for foreign subjects]
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = "Running")]
    pub jobs: Option<u16>,

    /// Stop at the first failure
    #[arg(long, help_heading = "Running")]
    pub fail_fast: bool,

    /// Where unpredictable numbers come from that a case does not state
    #[arg(long, value_name = "N", default_value_t = SEED, help_heading = "Running")]
    pub seed: u64,

    /// Known failures
    #[arg(long, value_name = "FILE", help_heading = "Judging")]
    pub expectations: Option<PathBuf>,

    /// Let warnings count as failures, and expectations that mean no case
    #[arg(long, help_heading = "Judging")]
    pub strict: bool,

    /// Write a report: html=FILE, junit=FILE, json=FILE, markdown=FILE; may be repeated
    #[arg(long, value_name = "KIND=FILE", value_parser = wanted, help_heading = "Output")]
    pub report: Vec<Wanted>,

    /// Show account numbers, tracks, names and objects nobody knows, in reports too
    #[arg(long, help_heading = "Output")]
    pub unmask: bool,

    /// What to write to stdout: text, or the results as JSON
    #[arg(long, value_enum, default_value_t = RunFormat::Text, help_heading = "Output")]
    pub format: RunFormat,

    /// Every case; twice: with every statement and byte; three times: with what the bytes mean
    #[arg(short, long, action = clap::ArgAction::Count, help_heading = "Output")]
    pub verbose: u8,

    /// Only the sum
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,

    /// Where output goes, and how
    #[command(flatten)]
    pub target: Target,
}

/// How to write what came of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RunFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

/// Reads `--shard`.
fn shard(text: &str) -> Result<(usize, usize), String> {
    let wanted = || "wanted M/N, like 2/5 for the second of five".to_owned();
    let (which, of) = text.split_once('/').ok_or_else(wanted)?;
    let (which, of) = (which.parse().map_err(|_| wanted())?, of.parse().map_err(|_| wanted())?);
    if which == 0 || which > of { Err(wanted()) } else { Ok((which, of)) }
}
