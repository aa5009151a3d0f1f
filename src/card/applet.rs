//! An application of either personality.

use super::{
    Reply, mchip,
    profile::{Application, Personality},
    qvsdc, status,
};
use crate::{
    apdu::{CommandHeader, StatusWord},
    tlv::Tag,
};

/// An application with its counters, which outlive the field.
#[derive(Clone)]
pub(super) enum Applet {
    Qvsdc(Box<qvsdc::Applet>),
    Mchip(Box<mchip::Applet>),
}

/// What a transaction leaves for the commands after GET PROCESSING OPTIONS.
#[derive(Clone)]
pub(super) enum Session {
    Qvsdc(qvsdc::Session),
    Mchip(Box<mchip::Session>),
}

impl Session {
    /// Whether the card signed with its own key, which takes time.
    pub fn is_signed(&self) -> bool {
        matches!(self, Self::Qvsdc(session) if session.is_signed())
    }
}

impl Applet {
    /// Issues an application. An error is a message in words.
    pub fn new(application: &Application) -> Result<Self, String> {
        match &application.personality {
            Personality::Qvsdc(version) => Ok(Self::Qvsdc(Box::new(qvsdc::Applet::new(application, *version)?))),
            Personality::Mchip(settings) => Ok(Self::Mchip(Box::new(mchip::Applet::new(application, settings)?))),
        }
    }

    pub fn application(&self) -> &Application {
        match self {
            Self::Qvsdc(applet) => &applet.application,
            Self::Mchip(applet) => &applet.application,
        }
    }

    /// What SELECT answers with.
    pub fn select_status(&self) -> StatusWord {
        match self {
            Self::Qvsdc(applet) => applet.select_status(),
            Self::Mchip(_) => StatusWord::OK,
        }
    }

    /// GET PROCESSING OPTIONS. `data`: the command's data field.
    pub fn get_processing_options(&mut self, data: &[u8], seed: u64) -> Result<(Vec<u8>, Session), StatusWord> {
        match self {
            Self::Qvsdc(applet) => {
                applet.get_processing_options(data, seed).map(|(answer, session)| (answer, Session::Qvsdc(session)))
            }
            Self::Mchip(applet) => {
                let (answer, session) = applet.get_processing_options(data, seed)?;
                Ok((answer, Session::Mchip(Box::new(session))))
            }
        }
    }

    /// READ RECORD.
    pub fn read_record(&self, session: &Session, sfi: u8, record: u8) -> Result<Vec<u8>, StatusWord> {
        match (self, session) {
            (Self::Qvsdc(applet), Session::Qvsdc(session)) => applet.read_record(session, sfi, record),
            (Self::Mchip(applet), Session::Mchip(session)) => applet.read_record(session, sfi, record),
            _ => Err(status::CONDITIONS_NOT_SATISFIED),
        }
    }

    /// GET DATA.
    pub fn get_data(&self, tag: Tag) -> Result<Vec<u8>, StatusWord> {
        match self {
            Self::Qvsdc(applet) => applet.get_data(tag),
            Self::Mchip(applet) => applet.get_data(tag),
        }
    }

    /// EXTERNAL AUTHENTICATE, which nobody sends to a Mastercard card: Kernel 2 is done when the issuer answers.
    pub fn external_authenticate(&mut self, data: &[u8]) -> Result<(), StatusWord> {
        match self {
            Self::Qvsdc(applet) => applet.external_authenticate(data),
            Self::Mchip(_) => Err(status::UNKNOWN_INSTRUCTION),
        }
    }

    /// A script command.
    pub fn script_command(&mut self, command: &CommandHeader<'_>) -> Result<(), StatusWord> {
        match self {
            Self::Qvsdc(applet) => applet.script_command(command),
            Self::Mchip(_) => Err(status::UNKNOWN_INSTRUCTION),
        }
    }

    /// A command of one personality. `session`: there once GET PROCESSING OPTIONS has been answered.
    pub fn command(&mut self, session: Option<&mut Session>, command: &CommandHeader<'_>, seed: u64) -> Reply {
        match (self, session) {
            (Self::Qvsdc(_), _) => Err(status::UNKNOWN_INSTRUCTION),
            (Self::Mchip(applet), Some(Session::Mchip(session))) => applet.command(session, command, seed),
            (Self::Mchip(_), _) => Err(status::CONDITIONS_NOT_SATISFIED),
        }
    }
}
