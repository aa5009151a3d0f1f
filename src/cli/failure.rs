//! What keeps a command from doing its work, and the exit code that goes with it.

use std::io;

use super::{exit::Exit, out::Out};
use crate::{diag::Problem, link::pcsc::Trouble};

/// A reason to stop before there is a result.
#[derive(Debug)]
pub enum Failure {
    /// The command line asks for something there is not.
    Usage {
        /// What is wrong.
        message: String,
        /// What to do about it.
        hint: Option<String>,
    },
    /// A file is wrong.
    Input(Problem),
    /// Output cannot be written, or the system lacks something.
    Environment(String),
}

impl Failure {
    /// A mistake on the command line.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), hint: None }
    }

    /// The exit code.
    pub const fn exit(&self) -> Exit {
        match self {
            Self::Usage { .. } => Exit::USAGE,
            Self::Input(_) => Exit::INPUT,
            Self::Environment(_) => Exit::ENVIRONMENT,
        }
    }

    /// Tells the person.
    pub fn tell(&self, out: &Out) {
        match self {
            Self::Usage { message, hint: Some(hint) } => out.talk("error", &format!("{message}\n\nhint: {hint}")),
            Self::Usage { message, hint: None } | Self::Environment(message) => out.talk("error", message),
            Self::Input(problem) => out.talk("error", &problem.to_string()),
        }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Input(problem)
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        let message = format!("{trouble}\n\nhint: {}", trouble.cure());
        match trouble {
            Trouble::SeveralReaders { .. } => Self::Usage { message: trouble.to_string(), hint: Some(trouble.cure()) },
            _ => Self::Environment(message),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Environment(format!("output cannot be written: {}", words(&error)))
    }
}

/// What the system says, in words that are the same on every system.
pub fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::InvalidData => "not UTF-8 text".to_owned(),
        kind => kind.to_string(),
    }
}
