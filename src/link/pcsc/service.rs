//! The PC/SC service: its readers and what happens in them.

use std::{ffi::CString, time::Duration};

use pcsc::{Card, Context, Error, Protocol, Protocols, ReaderState, Scope, ShareMode, State as Flags};

use super::{Patience, PcscLink, Properties, Reader, State, Tell, Trouble, Wanted};
use crate::{bytes::Cursor, link::Stop};

/// How long one call waits at most, so that a wish to stop is heard.
pub(super) const SLICE: Duration = Duration::from_millis(200);

/// A connection to the PC/SC service.
pub struct Service {
    context: Context,
}

impl Service {
    /// Connects to the service.
    ///
    /// # Errors
    /// [`Trouble::NoService`], [`Trouble::NoAccess`], [`Trouble::Other`].
    pub fn open() -> Result<Self, Trouble> {
        Ok(Self { context: Context::establish(Scope::User)? })
    }

    /// The readers, in the order of the service, with what is in them.
    ///
    /// # Errors
    /// What the service says.
    pub fn readers(&self) -> Result<Vec<Reader>, Trouble> {
        let mut states: Vec<ReaderState> =
            names(&self.context)?.into_iter().map(|name| ReaderState::new(name, Flags::UNAWARE)).collect();
        if states.is_empty() {
            return Ok(Vec::new());
        }
        match self.context.get_status_change(Duration::ZERO, &mut states) {
            Ok(()) | Err(Error::Timeout) => {}
            Err(error) => return Err(error.into()),
        }
        Ok((1..).zip(&states).map(|(number, state)| reader(number, state)).collect())
    }

    /// What the driver says about a reader. Asks the driver, not the card.
    pub fn properties(&self, reader: &Reader) -> Properties {
        let direct = CString::new(reader.name.as_str())
            .ok()
            .and_then(|name| self.context.connect(&name, ShareMode::Direct, Protocols::UNDEFINED).ok());
        let Some(card) = direct else { return Properties::default() };
        let mut properties = tlv_properties(&card).unwrap_or_default();
        properties.protocol = card.status2_owned().ok().and_then(|status| match status.protocol2() {
            Some(Protocol::T0) => Some("T=0"),
            Some(Protocol::T1) => Some("T=1"),
            _ => None,
        });
        let _ = card.disconnect(pcsc::Disposition::LeaveCard);
        properties
    }

    /// Tells what is in every reader, and then every change, until somebody wishes to stop or `tell` fails.
    ///
    /// # Errors
    /// What the service says, or `tell`.
    pub fn watch(&self, stop: &Stop, tell: &mut dyn FnMut(&Reader) -> Result<(), Trouble>) -> Result<(), Trouble> {
        let mut known: Vec<Reader> = Vec::new();
        while !stop.is_wanted() {
            let now = self.readers()?;
            for reader in &now {
                if !known
                    .iter()
                    .any(|old| old.name == reader.name && (old.state, &old.atr) == (reader.state, &reader.atr))
                {
                    tell(reader)?;
                }
            }
            for old in known.iter().filter(|old| !now.iter().any(|reader| reader.name == old.name)) {
                tell(&Reader { state: State::Gone, atr: Vec::new(), ..old.clone() })?;
            }
            known = now;
            std::thread::sleep(SLICE);
        }
        Ok(())
    }

    /// A link to the card in a reader. Does not wait for the card yet. `tell` hears what the person should do.
    ///
    /// # Errors
    /// That there is no such reader, or what the service says.
    pub fn link(self, wanted: &Wanted, patience: Patience, stop: Stop, tell: Tell) -> Result<PcscLink, Trouble> {
        let readers = self.readers()?;
        let reader = wanted.pick(&readers)?;
        PcscLink::new(self.context, &reader.name, patience, stop, tell)
    }
}

fn names(context: &Context) -> Result<Vec<CString>, Trouble> {
    match context.list_readers_owned() {
        Ok(names) => Ok(names),
        Err(Error::NoReadersAvailable) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

fn reader(number: usize, state: &ReaderState) -> Reader {
    Reader {
        number,
        name: state.name().to_string_lossy().into_owned(),
        state: meaning(state.event_state()),
        atr: state.atr().to_vec(),
    }
}

/// What the flags of a reader say.
pub(super) fn meaning(flags: Flags) -> State {
    match flags {
        flags if flags.intersects(Flags::UNKNOWN | Flags::UNAVAILABLE | Flags::IGNORE) => State::Gone,
        flags if !flags.contains(Flags::PRESENT) => State::Empty,
        flags if flags.contains(Flags::MUTE) => State::Mute,
        flags if flags.contains(Flags::EXCLUSIVE) => State::InUse,
        _ => State::Card,
    }
}

/// `CM_IOCTL_GET_FEATURE_REQUEST` (PC/SC part 10, 2.2).
const GET_FEATURES: u32 = 3400;
/// The feature that lists the properties (PC/SC part 10, 2.3).
const FEATURE_TLV_PROPERTIES: u8 = 0x12;

/// Asks for the properties of PC/SC part 10, 2.6.14.
fn tlv_properties(card: &Card) -> Option<Properties> {
    let mut buffer = [0; 1024];
    let features = card.control(pcsc::ctl_code(GET_FEATURES.into()), &[], &mut buffer).ok()?;
    let (_, code) = triples(features).find(|(tag, _)| *tag == FEATURE_TLV_PROPERTIES)?;
    let code = u32::from_be_bytes(code.try_into().ok()?);
    let values = card.control(code.into(), &[], &mut buffer).ok()?;
    let mut properties = Properties::default();
    let (mut vendor, mut product) = (None, None);
    for (tag, value) in triples(values) {
        match tag {
            0x08 => properties.firmware = Some(String::from_utf8_lossy(value).trim_end_matches('\0').to_owned()),
            0x0A => properties.apdu_data_max = value.try_into().ok().map(u32::from_le_bytes),
            0x0B => vendor = value.try_into().ok().map(u16::from_le_bytes),
            0x0C => product = value.try_into().ok().map(u16::from_le_bytes),
            _ => {}
        }
    }
    properties.usb = vendor.zip(product);
    Some(properties)
}

/// Tag, length, value, each of the first two in one byte.
fn triples(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut cursor = Cursor::new(bytes);
    core::iter::from_fn(move || {
        let [tag, length] = cursor.array()?;
        Some((tag, cursor.take(length.into())?))
    })
}
