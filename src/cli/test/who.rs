//! Who is judged.

use crate::{
    cli::failure::Failure,
    link::Stop,
    suite::{
        Builtin,
        judge::Sight,
        shim::{self, Shim},
        subject::{Description, Subject},
    },
};

/// A subject that a person names.
#[derive(Clone, Debug)]
pub enum Who {
    /// The kernels of this program.
    Builtin,
    /// A child process.
    Shim(Vec<String>),
}

impl Who {
    /// Reads `--subject`.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        if let Some(command) = text.strip_prefix("shim:") {
            let words = shim::words_of(command).map_err(|wrong| Failure::Usage {
                message: format!("--subject {text}: {wrong}"),
                hint: Some(
                    "write the command that starts the subject, like --subject 'shim:python3 terminal.py'".to_owned(),
                ),
            });
            return Ok(Self::Shim(words?));
        }
        match text {
            "builtin" => Ok(Self::Builtin),
            _ => Err(Failure::Usage {
                message: format!("there is no subject `{text}`"),
                hint: Some("subjects are: builtin, shim:COMMAND, pcsc".to_owned()),
            }),
        }
    }

    /// Makes one.
    pub fn open(&self, stop: &Stop) -> Box<dyn Subject> {
        match self {
            Self::Builtin => Box::new(Builtin::default()),
            Self::Shim(command) => Box::new(Shim::new(command.clone(), stop.clone())),
        }
    }

    /// What of it can be seen.
    pub const fn sight(&self) -> Sight {
        match self {
            Self::Builtin | Self::Shim(_) => Sight::Everything,
        }
    }

    /// How many cases at a time, unless the person says so: a foreign subject may be a device.
    pub fn jobs(&self) -> usize {
        match self {
            Self::Builtin => std::thread::available_parallelism().map_or(1, usize::from),
            Self::Shim(_) => 1,
        }
    }

    /// Who it says it is.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn describe(&self, stop: &Stop) -> Result<Description, Failure> {
        self.open(stop).describe().map_err(|why| {
            Failure::Environment(format!(
                "the subject did not start: it {why}\n\nhint: docs/shim.md says what a subject has to say"
            ))
        })
    }
}
