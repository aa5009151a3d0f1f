//! Command APDUs: one constructor a command.

use core::fmt;

use crate::bytes::{Cursor, Hex};

mod payment;

pub use payment::CryptogramRequest;

/// The most data a short command carries.
pub const DATA_MAX: usize = 255;

/// A command APDU in a buffer of its own, with the name people know it by.
#[derive(Clone, Copy)]
pub struct Command {
    name: &'static str,
    buffer: [u8; 4 + 1 + DATA_MAX + 1],
    length: usize,
}

/// The data does not fit a short command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandTooLong;

impl fmt::Display for CommandTooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the data of a command has at most {DATA_MAX} bytes")
    }
}

impl core::error::Error for CommandTooLong {}

impl Command {
    /// A command with data and Le = 00 (case 4), with Le only if there is no data (case 2).
    fn new(name: &'static str, header: [u8; 4], data: &[u8], le: bool) -> Result<Self, CommandTooLong> {
        let mut command = Self { name, buffer: [0; 4 + 1 + DATA_MAX + 1], length: 0 };
        command.push(&header);
        if !data.is_empty() {
            command.push(&[u8::try_from(data.len()).map_err(|_| CommandTooLong)?]);
            command.push(data);
        }
        if le {
            command.push(&[0]);
        }
        Ok(command)
    }

    fn push(&mut self, bytes: &[u8]) {
        if let Some(room) = self.buffer.get_mut(self.length..self.length + bytes.len()) {
            room.copy_from_slice(bytes);
            self.length += bytes.len();
        }
    }

    /// SELECT by name, first occurrence (`00 A4 04 00`). `name`: ADF or directory name, to 16 bytes.
    pub fn select(name: &[u8]) -> Result<Self, CommandTooLong> {
        Self::new("SELECT", [0x00, 0xA4, 0x04, 0x00], name, true)
    }

    /// GET PROCESSING OPTIONS (`80 A8 00 00`). `pdol_data`: the values the PDOL asks for; goes out inside template 83.
    pub fn get_processing_options(pdol_data: &[u8]) -> Result<Self, CommandTooLong> {
        let length = u8::try_from(pdol_data.len()).map_err(|_| CommandTooLong)?;
        let mut template = [0; DATA_MAX + 3];
        let header: &[u8] = match length {
            0..=0x7F => &[0x83, length],
            _ => &[0x83, 0x81, length],
        };
        let whole = header.len() + pdol_data.len();
        let room = template.get_mut(..whole).ok_or(CommandTooLong)?;
        let (head, body) = room.split_at_mut(header.len());
        head.copy_from_slice(header);
        body.copy_from_slice(pdol_data);
        Self::new("GET PROCESSING OPTIONS", [0x80, 0xA8, 0x00, 0x00], room, true)
    }

    /// READ RECORD (`00 B2`). `sfi`: 1 to 30; `record`: 1 to 255.
    pub fn read_record(sfi: u8, record: u8) -> Self {
        let mut command = Self { name: "READ RECORD", buffer: [0; 4 + 1 + DATA_MAX + 1], length: 0 };
        command.push(&[0x00, 0xB2, record, sfi << 3 | 0x04, 0x00]);
        command
    }

    /// EXTERNAL AUTHENTICATE (`00 82 00 00`). `data`: issuer authentication data, 8 to 16 bytes. No Le.
    pub fn external_authenticate(data: &[u8]) -> Result<Self, CommandTooLong> {
        Self::new("EXTERNAL AUTHENTICATE", [0x00, 0x82, 0x00, 0x00], data, false)
    }

    /// A command somebody else has built (an issuer script command, a test): at most 261 bytes, sent as it is.
    pub fn raw(name: &'static str, bytes: &[u8]) -> Result<Self, CommandTooLong> {
        let mut command = Self { name, buffer: [0; 4 + 1 + DATA_MAX + 1], length: 0 };
        if bytes.len() > command.buffer.len() {
            return Err(CommandTooLong);
        }
        command.push(bytes);
        Ok(command)
    }

    /// The same command under a more telling name (`SELECT PPSE`).
    pub const fn named(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    /// The name people know the command by.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The bytes that go to the card.
    pub fn bytes(&self) -> &[u8] {
        self.buffer.get(..self.length).unwrap_or_default()
    }
}

impl PartialEq for Command {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Command {}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, Hex(self.bytes()))
    }
}

/// The parts of a short command APDU, as a card sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandHeader<'a> {
    /// Class.
    pub cla: u8,
    /// Instruction.
    pub ins: u8,
    /// First parameter.
    pub p1: u8,
    /// Second parameter.
    pub p2: u8,
    /// The data field; empty when there is none.
    pub data: &'a [u8],
    /// Expected length of the response data as sent (0 means 256), when the command has the field.
    pub le: Option<u8>,
}

impl<'a> CommandHeader<'a> {
    /// Splits a short command APDU; `None` if the bytes are none (ISO 7816-3, 12.1.3).
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let mut cursor = Cursor::new(bytes);
        let [cla, ins, p1, p2] = cursor.array()?;
        let command = Self { cla, ins, p1, p2, data: &[], le: None };
        let Some(p3) = cursor.byte() else { return Some(command) };
        if cursor.is_empty() {
            return Some(Self { le: Some(p3), ..command });
        }
        let data = cursor.take(p3.into()).filter(|data| !data.is_empty())?;
        let le = cursor.byte();
        cursor.is_empty().then_some(Self { data, le, ..command })
    }
}
