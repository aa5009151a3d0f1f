//! A simulated contactless card: what it is comes from a profile, what it does from a personality.
//!
//! Shares bytes, tags and numbers with a terminal, but no judgement: where card and kernel agree, they have read the books
//! twice.
//!
//! ```
//! use emvtap::card::{Card, Profile};
//!
//! let mut card = Card::new(&Profile::builtin("visa-credit").unwrap(), 7).unwrap();
//! card.power_on();
//! let mut response = Vec::new();
//! card.transmit(b"\x00\xA4\x04\x00\x0E2PAY.SYS.DDF01\x00", &mut response);
//! assert!(response.ends_with(&[0x90, 0x00]));
//! ```

mod answer;
mod applet;
pub mod builtin;
pub mod check;
pub mod draft;
pub mod fault;
mod files;
mod issuing;
mod mchip;
mod memory;
mod objects;
pub mod profile;
mod qvsdc;
mod risk;
mod status;

use crate::{
    apdu::{CommandHeader, StatusWord},
    diag::Problem,
    time::Micros,
    tlv::Tag,
};

use applet::{Applet, Session};
pub use profile::{Profile, is_test_pan};

/// How long a card thinks about a command. Chosen, not measured: about what cards of the 2020s take.
mod duration {
    use crate::time::Micros;

    pub(super) const SELECT: Micros = Micros(9_000);
    pub(super) const GET_PROCESSING_OPTIONS: Micros = Micros(35_000);
    /// On top, if the card signs with its RSA key.
    pub(super) const SIGNATURE: Micros = Micros(70_000);
    pub(super) const READ_RECORD: Micros = Micros(4_000);
    pub(super) const GENERATE_AC: Micros = Micros(45_000);
    pub(super) const CHECKSUM: Micros = Micros(30_000);
    pub(super) const ISSUER_AUTHENTICATION: Micros = Micros(20_000);
    /// Everything else, errors included.
    pub(super) const OTHER: Micros = Micros(1_500);
}

/// A card. Its counters outlive the field; what is selected does not. Its clones share what issuing made.
#[derive(Clone)]
pub struct Card {
    ppse: Vec<u8>,
    applets: Vec<Applet>,
    selected: Selected,
    seed: u64,
}

#[derive(Clone)]
enum Selected {
    Nothing,
    Directory,
    /// `session` is there once GET PROCESSING OPTIONS has been answered.
    Application {
        at: usize,
        session: Option<Session>,
    },
}

/// Data of a response with its status word and the time it took; without data the status word alone.
type Reply = Result<(Vec<u8>, StatusWord, Micros), StatusWord>;

impl Card {
    /// Issues a card. `seed`: of the unpredictable numbers it makes. A profile that cannot become a card is a [`Problem`].
    pub fn new(profile: &Profile, seed: u64) -> Result<Self, Problem> {
        let issue = |application: &profile::Application| {
            Applet::new(application)
                .map_err(|message| Problem::file(&profile.file, format!("application {}: {message}", application.name)))
        };
        let applets = profile.applications.iter().map(issue).collect::<Result<_, _>>()?;
        Ok(Self { ppse: files::ppse(&profile.ppse), applets, selected: Selected::Nothing, seed })
    }

    /// A card like this one whose unpredictable numbers come from another seed.
    #[must_use]
    pub fn with_seed(&self, seed: u64) -> Self {
        Self { seed, ..self.clone() }
    }

    /// The card enters the field, or enters it again.
    pub fn power_on(&mut self) {
        self.selected = Selected::Nothing;
    }

    /// Answers a command; appends the response, status word included. Gives the time the card took. Any bytes are a command.
    pub fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Micros {
        let (data, status, elapsed) = match self.reply(command) {
            Ok(reply) => reply,
            Err(status) => (Vec::new(), status, duration::OTHER),
        };
        response.extend_from_slice(&data);
        response.extend_from_slice(&[status.sw1(), status.sw2()]);
        elapsed
    }

    fn reply(&mut self, command: &[u8]) -> Reply {
        let command = CommandHeader::parse(command).ok_or(status::WRONG_LENGTH)?;
        match (command.cla, command.ins) {
            (0x00, 0xA4) => self.select(&command),
            (0x00, 0xB2) => self.read_record(&command),
            (0x00, 0x82) => self.external_authenticate(&command),
            (0x80, 0xA8) => self.get_processing_options(&command),
            (0x80, 0xCA) => self.get_data(&command),
            (0x04 | 0x84, _) => self.script(&command),
            (0x80, 0xAE | 0x2A | 0xEA | 0xDA) | (0x00 | 0x80, 0xD0) => self.personal(&command),
            (0x00 | 0x80, _) => Err(status::UNKNOWN_INSTRUCTION),
            _ => Err(status::UNKNOWN_CLASS),
        }
    }

    /// SELECT by name, first or next occurrence; a name may be the beginning of an AID (EMV Book 1, 11.3). A failed SELECT
    /// changes nothing.
    fn select(&mut self, command: &CommandHeader<'_>) -> Reply {
        let next = match (command.p1, command.p2) {
            (0x04, 0x00) => 0,
            (0x04, 0x02) => match &self.selected {
                Selected::Application { at, .. } => *at + 1,
                _ => return Err(status::FILE_NOT_FOUND),
            },
            _ => return Err(status::WRONG_PARAMETERS),
        };
        if command.data == files::PPSE {
            self.selected = Selected::Directory;
            return Ok((self.ppse.clone(), StatusWord::OK, duration::SELECT));
        }
        let mut candidates = self.applets.iter().enumerate().skip(next);
        let found = candidates.find(|(_, applet)| is_selected_by(applet.application(), command.data));
        let (at, applet) = found.ok_or(status::FILE_NOT_FOUND)?;
        let (fci, status) = (files::fci(applet.application()), applet.select_status());
        self.selected = Selected::Application { at, session: None };
        Ok((fci, status, duration::SELECT))
    }

    fn get_processing_options(&mut self, command: &CommandHeader<'_>) -> Reply {
        if (command.p1, command.p2) != (0, 0) {
            return Err(status::WRONG_PARAMETERS);
        }
        let Selected::Application { at, session: session @ None } = &mut self.selected else {
            return Err(status::CONDITIONS_NOT_SATISFIED);
        };
        let applet = self.applets.get_mut(*at).ok_or(status::CONDITIONS_NOT_SATISFIED)?;
        let (answer, made) = applet.get_processing_options(command.data, self.seed)?;
        let signature = if made.is_signed() { duration::SIGNATURE } else { Micros::ZERO };
        *session = Some(made);
        Ok((answer, StatusWord::OK, duration::GET_PROCESSING_OPTIONS + signature))
    }

    fn read_record(&self, command: &CommandHeader<'_>) -> Reply {
        if !command.data.is_empty() {
            return Err(status::WRONG_LENGTH);
        }
        if command.p2 & 0x07 != 0x04 || command.p1 == 0 {
            return Err(status::WRONG_PARAMETERS);
        }
        let Selected::Application { at, session: Some(session) } = &self.selected else {
            return Err(status::CONDITIONS_NOT_SATISFIED);
        };
        let applet = self.applets.get(*at).ok_or(status::CONDITIONS_NOT_SATISFIED)?;
        let record = applet.read_record(session, command.p2 >> 3, command.p1)?;
        Ok((record, StatusWord::OK, duration::READ_RECORD))
    }

    fn get_data(&self, command: &CommandHeader<'_>) -> Reply {
        let Selected::Application { at, .. } = &self.selected else {
            return Err(status::CONDITIONS_NOT_SATISFIED);
        };
        let applet = self.applets.get(*at).ok_or(status::CONDITIONS_NOT_SATISFIED)?;
        let tag = Tag::new(u32::from(u16::from_be_bytes([command.p1, command.p2])));
        applet.get_data(tag).map(|object| (object, StatusWord::OK, duration::OTHER))
    }

    fn external_authenticate(&mut self, command: &CommandHeader<'_>) -> Reply {
        if (command.p1, command.p2) != (0, 0) {
            return Err(status::WRONG_PARAMETERS);
        }
        let Selected::Application { at, .. } = &self.selected else {
            return Err(status::CONDITIONS_NOT_SATISFIED);
        };
        let applet = self.applets.get_mut(*at).ok_or(status::CONDITIONS_NOT_SATISFIED)?;
        applet
            .external_authenticate(command.data)
            .map(|()| (Vec::new(), StatusWord::OK, duration::ISSUER_AUTHENTICATION))
    }

    /// A command that not every personality knows.
    fn personal(&mut self, command: &CommandHeader<'_>) -> Reply {
        let Selected::Application { at, session } = &mut self.selected else {
            return Err(status::CONDITIONS_NOT_SATISFIED);
        };
        let applet = self.applets.get_mut(*at).ok_or(status::CONDITIONS_NOT_SATISFIED)?;
        applet.command(session.as_mut(), command, self.seed)
    }

    fn script(&mut self, command: &CommandHeader<'_>) -> Reply {
        let Selected::Application { at, .. } = &self.selected else {
            return Err(status::CONDITIONS_NOT_SATISFIED);
        };
        let applet = self.applets.get_mut(*at).ok_or(status::CONDITIONS_NOT_SATISFIED)?;
        applet.script_command(command).map(|()| (Vec::new(), StatusWord::OK, duration::ISSUER_AUTHENTICATION))
    }
}

/// Whether a name selects an application: its AID, the beginning of it, or the AID with its extension behind it
/// (Book B, 3.3.3.4).
fn is_selected_by(application: &profile::Application, name: &[u8]) -> bool {
    let extended = application.extended_selection.as_ref();
    let whole = extended.map(|extension| [application.aid.as_slice(), extension].concat());
    name.len() >= 5 && (application.aid.starts_with(name) || whole.as_deref() == Some(name))
}
