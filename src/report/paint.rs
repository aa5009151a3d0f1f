//! Colour. It never carries meaning alone: every word that is coloured says the same without.

use anstyle::{AnsiColor, Style};

/// Whether text is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paint {
    /// Escape sequences are written.
    Colour,
    /// Plain text.
    #[default]
    Plain,
}

impl Paint {
    fn with(self, style: Style, text: &str) -> String {
        match self {
            Self::Colour if !text.is_empty() => format!("{style}{text}{style:#}"),
            _ => text.to_owned(),
        }
    }

    /// It went as one would wish.
    pub fn good(self, text: &str) -> String {
        self.with(AnsiColor::Green.on_default(), text)
    }

    /// It did not.
    pub fn bad(self, text: &str) -> String {
        self.with(AnsiColor::Red.on_default().bold(), text)
    }

    /// It is neither, but worth seeing.
    pub fn notable(self, text: &str) -> String {
        self.with(AnsiColor::Yellow.on_default(), text)
    }

    /// Headlines.
    pub fn strong(self, text: &str) -> String {
        self.with(Style::new().bold(), text)
    }

    /// References and units.
    pub fn quiet(self, text: &str) -> String {
        self.with(Style::new().dimmed(), text)
    }
}
