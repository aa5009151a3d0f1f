//! Why there is no reader to use, and what cures that.

use core::fmt;

/// Why a reader cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// emvtap was built without the feature `pcsc`.
    NotBuilt,
    /// The PC/SC service does not run.
    NoService,
    /// The PC/SC service does not let this user in.
    NoAccess,
    /// The service knows no reader.
    NoReader,
    /// No reader has this number or name.
    NoSuchReader {
        /// What was asked for.
        wanted: String,
        /// The readers there are.
        known: Vec<String>,
    },
    /// Several readers have it in their names.
    SeveralReaders {
        /// What was asked for.
        wanted: String,
        /// The readers that fit.
        fitting: Vec<String>,
    },
    /// Anything else that PC/SC says.
    Other(String),
}

impl Trouble {
    /// What to do about it: commands where there are some.
    pub fn cure(&self) -> String {
        match self {
            Self::NotBuilt => "install it with readers (Debian, Ubuntu):\n  apt-get install libpcsclite-dev pcscd\n  \
                               cargo install emvtap --features pcsc   (in a checkout: cargo install --path . --features pcsc)"
                .to_owned(),
            Self::NoService => "start it:\n  systemctl enable --now pcscd.socket\nor, without systemd:\n  pcscd\n\
                                if it is not installed:\n  apt-get install pcscd"
                .to_owned(),
            Self::NoAccess => NO_ACCESS_CURE.to_owned(),
            Self::NoReader => "plug it in; if it is, ask what is wrong:\n  emvtap reader doctor".to_owned(),
            Self::NoSuchReader { known, .. } => format!("there is\n{}", numbered(known)),
            Self::SeveralReaders { fitting, .. } => {
                format!("say more of the name, or the number in `emvtap reader list`:\n{}", numbered(fitting))
            }
            Self::Other(_) => "ask what is wrong:\n  emvtap reader doctor".to_owned(),
        }
    }
}

const NO_ACCESS_CURE: &str = "polkit decides who may; write /etc/polkit-1/rules.d/10-pcscd.rules:\n  \
    polkit.addRule(function(action, subject) {\n    \
    if (action.id.indexOf(\"org.debian.pcsc-lite.\") == 0 && subject.isInGroup(\"plugdev\")) return polkit.Result.YES;\n  \
    });\nthen join the group and log in again:\n  usermod -aG plugdev $USER";

fn numbered(names: &[String]) -> String {
    names.iter().map(|name| format!("  {name}")).collect::<Vec<_>>().join("\n")
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotBuilt => f.write_str("this emvtap was built without readers"),
            Self::NoService => f.write_str("the PC/SC service does not run"),
            Self::NoAccess => f.write_str("the PC/SC service does not let this user in"),
            Self::NoReader => f.write_str("there is no reader"),
            Self::NoSuchReader { wanted, .. } => write!(f, "there is no reader `{wanted}`"),
            Self::SeveralReaders { wanted, fitting } => write!(f, "`{wanted}` fits {} readers", fitting.len()),
            Self::Other(what) => write!(f, "PC/SC: {what}"),
        }
    }
}

impl core::error::Error for Trouble {}
