//! Who is judged.

use crate::{
    cli::{failure::Failure, out},
    link::{Stop, vpcd},
    suite::{
        Builtin,
        judge::Sight,
        pcsc::{Bench, Pcsc},
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
    /// A terminal that taps a card in the virtual reader at this port, and the program that makes it.
    Pcsc(u16, Option<Vec<String>>),
}

impl Who {
    /// Reads `--subject`.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let words = |command: &str| {
            shim::words_of(command).map_err(|wrong| Failure::Usage {
                message: format!("--subject {text}: {wrong}"),
                hint: Some("write a command behind the colon, like --subject 'shim:python3 terminal.py'".to_owned()),
            })
        };
        let (kind, command) = text.split_once(':').map_or((text, None), |(kind, command)| (kind, Some(command)));
        let (kind, port) = kind.split_once('@').map_or((kind, None), |(kind, port)| (kind, Some(port)));
        let port = port.map_or(Ok(vpcd::PORT), str::parse);
        match (kind, port, command) {
            ("builtin", Ok(vpcd::PORT), None) => Ok(Self::Builtin),
            ("shim", Ok(vpcd::PORT), command) => Ok(Self::Shim(words(command.unwrap_or_default())?)),
            ("pcsc", Ok(port), command) => Ok(Self::Pcsc(port, command.map(words).transpose()?)),
            _ => Err(Failure::Usage {
                message: format!("there is no subject `{text}`"),
                hint: Some("subjects are: builtin, shim:COMMAND, pcsc, pcsc:COMMAND, pcsc@PORT:COMMAND".to_owned()),
            }),
        }
    }

    /// Makes one.
    pub fn open(&self, stop: &Stop) -> Box<dyn Subject> {
        match self {
            Self::Builtin => Box::new(Builtin::default()),
            Self::Shim(command) => Box::new(Shim::new(command.clone(), stop.clone())),
            Self::Pcsc(port, command) => Box::new(Pcsc::new(Bench {
                host: "127.0.0.1".to_owned(),
                port: *port,
                command: command.clone(),
                stop: stop.clone(),
                tell: out::say,
            })),
        }
    }

    /// What of it can be seen.
    pub const fn sight(&self) -> Sight {
        match self {
            Self::Builtin | Self::Shim(_) => Sight::Everything,
            Self::Pcsc(..) => Sight::Commands,
        }
    }

    /// How many cases at a time: what the person wants, unless there is one reader only; a foreign subject may be a device.
    pub fn jobs(&self, wanted: Option<u16>) -> usize {
        let usual = || match self {
            Self::Builtin => std::thread::available_parallelism().map_or(1, usize::from),
            Self::Shim(_) | Self::Pcsc(..) => 1,
        };
        match self {
            Self::Pcsc(..) => 1,
            _ => wanted.map_or_else(usual, usize::from),
        }
    }

    /// Who it says it is.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn describe(&self, stop: &Stop) -> Result<Description, Failure> {
        self.open(stop).describe().map_err(|why| {
            Failure::Environment(match self {
                Self::Pcsc(..) => format!(
                    "{why}\n\nhint: install it into the PC/SC service:\n  apt-get install pcscd vsmartcard-vpcd\n  \
                     systemctl restart pcscd   (or, without systemd: pcscd)"
                ),
                _ => {
                    format!("the subject did not start: {why}\n\nhint: docs/shim.md says what a subject has to say")
                }
            })
        })
    }
}
