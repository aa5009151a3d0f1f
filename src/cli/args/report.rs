//! The arguments of `emvtap report`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Colour, ListFormat, Target};

/// Results to evidence.
#[derive(Clone, Debug, Subcommand)]
pub enum Report {
    /// Make reports of results: HTML, JUnit, Markdown, JSON
    Build(BuildReport),
    /// Put the results of shards together; exit code 5 if one is missing
    Merge(MergeResults),
    /// Say what changed between two runs; exit code 1 if something is worse
    Diff(DiffResults),
    /// Say which requirements were judged, and name those that were not
    Coverage(ShowCoverage),
}

impl Report {
    /// When to colour.
    pub const fn colour(&self) -> Colour {
        match self {
            Self::Build(_) | Self::Merge(_) => Colour::Auto,
            Self::Diff(diff) => diff.target.color,
            Self::Coverage(coverage) => coverage.target.color,
        }
    }
}

/// A kind of report, and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The kind.
    pub kind: ReportKind,
    /// The file; `-` is stdout.
    pub file: PathBuf,
}

/// A kind of report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportKind {
    /// One self-contained page.
    Html,
    /// JUnit XML.
    Junit,
    /// A summary.
    Markdown,
    /// The results themselves (`emvtap.results/1`).
    Json,
}

impl ReportKind {
    const NAMES: [(&'static str, Self); 5] = [
        ("html", Self::Html),
        ("junit", Self::Junit),
        ("markdown", Self::Markdown),
        ("md", Self::Markdown),
        ("json", Self::Json),
    ];
}

/// Reads `html=report.html`.
pub fn wanted(text: &str) -> Result<Wanted, String> {
    let example = "wanted KIND=FILE, as in html=report.html; the kinds are html, junit, markdown and json";
    let (name, file) = text.split_once('=').filter(|(_, file)| !file.is_empty()).ok_or(example)?;
    let found = ReportKind::NAMES.iter().find(|(known, _)| *known == name);
    let (_, kind) = found.ok_or_else(|| format!("there is no report `{name}`; {example}"))?;
    Ok(Wanted { kind: *kind, file: file.into() })
}

/// Making reports.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Examples:\n  emvtap report build results.json                                    a summary on stdout\n  \
    emvtap report build results.json --report html=report.html --report junit=report.xml\n  \
    emvtap report build shard-*.json --report html=report.html"
)]
pub struct BuildReport {
    /// Results of `emvtap test run --report json=FILE`; several are shards of one run
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,

    /// What to make, and where it goes (- is stdout); may be repeated [default: markdown=-]
    #[arg(long, value_name = "KIND=FILE", value_parser = wanted)]
    pub report: Vec<Wanted>,

    /// Take what there is for the whole, although shards or the end of a run are missing
    #[arg(long)]
    pub partial: bool,

    /// Show account numbers, tracks, names and objects nobody knows
    #[arg(long)]
    pub unmask: bool,
}

/// Merging shards.
#[derive(Clone, Debug, Args)]
pub struct MergeResults {
    /// The results of the shards
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,

    /// Write to a file instead of stdout
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub output: PathBuf,

    /// Take what there is for the whole, although shards or the end of a run are missing
    #[arg(long)]
    pub partial: bool,
}

/// Comparing two runs.
#[derive(Clone, Debug, Args)]
pub struct DiffResults {
    /// The results before
    #[arg(value_name = "BEFORE")]
    pub before: PathBuf,

    /// The results now
    #[arg(value_name = "NOW")]
    pub now: PathBuf,

    /// What to write
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,

    /// Where it goes, and how
    #[command(flatten)]
    pub target: Target,
}

/// Showing coverage.
#[derive(Clone, Debug, Args)]
pub struct ShowCoverage {
    /// Results; several are shards of one run
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,

    /// Name what was judged and held, too
    #[arg(long)]
    pub all: bool,

    /// Take what there is for the whole, although shards or the end of a run are missing
    #[arg(long)]
    pub partial: bool,

    /// What to write
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,

    /// Where it goes, and how
    #[command(flatten)]
    pub target: Target,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_has_a_kind_and_a_file() {
        assert_eq!(wanted("html=a=b.html"), Ok(Wanted { kind: ReportKind::Html, file: "a=b.html".into() }));
        for bad in ["html", "html=", "pdf=x", ""] {
            assert!(wanted(bad).unwrap_err().contains("html=report.html"), "{bad}");
        }
    }
}
