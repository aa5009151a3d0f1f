//! The only place that writes: data to stdout or a file, talk to stderr.

use std::{
    fs::{File, OpenOptions},
    io::{self, ErrorKind, IsTerminal, Write},
    path::Path,
};

use super::{
    args::{self, Colour},
    failure::{Failure, words},
};
use crate::report::Paint;

/// What the environment says about output, read once.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    no_color: bool,
    clicolor_force: bool,
    clicolor_off: bool,
    ci: bool,
    dumb: bool,
    columns: Option<usize>,
}

impl Environment {
    /// Reads the variables through `get`.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name| get(name).is_some_and(|value| !value.is_empty());
        Self {
            no_color: set("NO_COLOR"),
            clicolor_force: get("CLICOLOR_FORCE").is_some_and(|value| !value.is_empty() && value != "0"),
            clicolor_off: get("CLICOLOR").as_deref() == Some("0"),
            ci: set("CI"),
            dumb: get("TERM").is_none_or(|term| term == "dumb"),
            columns: get("COLUMNS").and_then(|value| value.parse().ok()).filter(|columns| *columns > 0),
        }
    }

    /// Whether this is a CI job, where nobody watches.
    pub const fn is_ci(&self) -> bool {
        self.ci
    }

    /// Whether to colour: what the person said, then `NO_COLOR`, `CLICOLOR_FORCE`, `CLICOLOR`, then whether somebody
    /// watches on a terminal that can (a CI that offers a terminal without naming it can).
    pub fn paint(&self, choice: Colour, is_terminal: bool) -> Paint {
        let colour = match choice {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto if self.no_color => false,
            Colour::Auto if self.clicolor_force => true,
            Colour::Auto => !self.clicolor_off && is_terminal && (!self.dumb || self.ci),
        };
        if colour { Paint::Colour } else { Paint::Plain }
    }
}

/// How wide a page is that nobody knows the width of.
const WIDTH: usize = 100;

/// Where output goes.
pub struct Out {
    target: Target,
    paint: Paint,
    talk_paint: Paint,
    width: usize,
    /// The reader of a pipe has gone: nobody minds.
    closed: bool,
}

enum Target {
    Stdout(io::Stdout),
    Stderr(io::Stderr),
    File(File),
}

impl Out {
    /// Output that goes to stdout.
    pub fn stdout(colour: Colour, environment: &Environment) -> Self {
        let is_terminal = io::stdout().is_terminal();
        let terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        Self {
            target: Target::Stdout(io::stdout()),
            paint: environment.paint(colour, is_terminal),
            talk_paint: environment.paint(colour, io::stderr().is_terminal()),
            width: environment.columns.or_else(|| terminal().filter(|_| is_terminal)).unwrap_or(WIDTH),
            closed: false,
        }
    }

    /// Output as the flags want it. `private`: only the owner may read a file.
    pub fn open(target: &args::Target, environment: &Environment, private: bool) -> Result<Self, Failure> {
        let mut out = Self::stdout(target.color, environment);
        if let Some(path) = &target.output {
            let file = create(path, private);
            out.target = Target::File(file.map_err(|error| {
                Failure::Environment(format!("{} cannot be written: {}", path.display(), words(&error)))
            })?);
            out.paint = environment.paint(target.color, false);
            out.width = environment.columns.unwrap_or(WIDTH);
        }
        Ok(out)
    }

    /// Output for people beside data that go to stdout.
    pub fn aside(self) -> Self {
        Self { target: Target::Stderr(io::stderr()), paint: self.talk_paint, ..self }
    }

    /// As [`open`](Self::open), for what a person goes on writing by hand: a file that is there stays, unless `force`.
    pub fn fresh(
        target: &args::Target,
        force: bool,
        environment: &Environment,
        private: bool,
    ) -> Result<Self, Failure> {
        match &target.output {
            Some(path) if path.exists() && !force => Err(Failure::Usage {
                message: format!("{} is there already", path.display()),
                hint: Some("--force writes over it".to_owned()),
            }),
            _ => Self::open(target, environment, private),
        }
    }

    /// Whether data are coloured.
    pub const fn paint(&self) -> Paint {
        self.paint
    }

    /// How wide the page is, in characters.
    pub const fn width(&self) -> usize {
        self.width
    }

    /// Writes data, at once.
    pub fn data(&mut self, text: &str) -> io::Result<()> {
        if self.closed || text.is_empty() {
            return Ok(());
        }
        let written = match &mut self.target {
            Target::Stdout(stdout) => stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()),
            Target::Stderr(stderr) => stderr.write_all(text.as_bytes()),
            Target::File(file) => file.write_all(text.as_bytes()),
        };
        match written {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            written => written,
        }
    }

    /// Says something to the person: `error: …`, `note: …`.
    pub fn talk(&self, kind: &str, text: &str) {
        let label = format!("{kind}:");
        let label = if kind == "error" { self.talk_paint.bad(&label) } else { self.talk_paint.strong(&label) };
        say(&format!("{label} {text}"));
    }
}

/// Writes a line to stderr; nobody can be told if that fails.
pub fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Makes a file, or empties it. `private`: only the owner may read it.
pub fn create(path: &Path, private: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    if private {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        let file = options.mode(0o600).open(path)?;
        // The mode counts only for a new file.
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
        return Ok(file);
    }
    let _ = private;
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paint(variables: &[(&str, &str)], choice: Colour, is_terminal: bool) -> bool {
        let get = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        Environment::read(get).paint(choice, is_terminal) == Paint::Colour
    }

    #[test]
    fn a_word_on_the_command_line_beats_the_environment() {
        assert!(paint(&[("NO_COLOR", "1")], Colour::Always, false));
        assert!(!paint(&[("CLICOLOR_FORCE", "1")], Colour::Never, true));
    }

    #[test]
    fn colour_is_for_terminals_that_can_unless_somebody_says_otherwise() {
        let xterm = ("TERM", "xterm");
        assert!(paint(&[xterm], Colour::Auto, true));
        assert!(!paint(&[xterm], Colour::Auto, false));
        assert!(!paint(&[("TERM", "dumb")], Colour::Auto, true));
        assert!(!paint(&[xterm, ("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], Colour::Auto, true));
        assert!(paint(&[xterm, ("NO_COLOR", "")], Colour::Auto, true), "an empty NO_COLOR says nothing");
        assert!(paint(&[("CLICOLOR_FORCE", "1")], Colour::Auto, false));
        assert!(!paint(&[xterm, ("CLICOLOR", "0")], Colour::Auto, true));
        assert!(paint(&[("CI", "true")], Colour::Auto, true));
        assert!(!paint(&[("CI", "true")], Colour::Auto, false));
    }
}
