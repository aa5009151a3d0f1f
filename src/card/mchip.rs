//! The personality of a Mastercard card (M/Chip), as Kernel 2 meets it: EMV mode, mag-stripe mode, relay resistance, data storage,
//! recovery of torn transactions.

mod checksum;
mod compute;
mod device;
mod generate_ac;
mod relay;
mod storage;
mod values;

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use super::{
    Reply, answer, duration, files,
    issuing::{self, Issued},
    profile::{Application, DeviceVerification, GpoFormat, Mchip, RecordId},
    status,
};
use crate::{
    apdu::{CommandHeader, StatusWord},
    crypto::SymmetricKey,
    data::dictionary::{
        AFL_94, AIP_82, ATC_9F36, CDOL1_8C, DRDOL_9F51, DSDOL_9F5B, OFFLINE_ACCUMULATOR_BALANCE_9F50, PDOL_9F38,
        RESPONSE_MESSAGE_TEMPLATE_FORMAT_1_80, RESPONSE_MESSAGE_TEMPLATE_FORMAT_2_77, UDOL_9F69,
    },
    tlv::{DolEntry, Tag, Writer},
};
use generate_ac::Answered;
use storage::Slot;
use values::Values;

/// Most bytes of a data envelope (C-2, annex A).
const ENVELOPE_MAX: usize = 192;

/// An application with its counters and stored data, which outlive the field.
#[derive(Clone)]
pub(super) struct Applet {
    pub application: Application,
    settings: Arc<Mchip>,
    issued: Arc<Issued>,
    /// What cryptograms come from, derived when the card was made; `None` if the issuer's key is of the other cipher.
    card_key: Option<SymmetricKey>,
    lists: Arc<Lists>,
    atc: u16,
    /// What has been approved offline, in minor units.
    spent: u64,
    /// Whether the owner has been verified on the device for the next transaction.
    verified: bool,
    /// What PUT DATA has written.
    written: BTreeMap<Tag, Vec<u8>>,
    slot: Option<Slot>,
    /// The last answer to GENERATE AC, for RECOVER AC.
    last: Option<Answered>,
    /// How many GET PROCESSING OPTIONS have been refused.
    refused: usize,
}

/// The data object lists of the card.
struct Lists {
    pdol: Vec<DolEntry>,
    cdol1: Vec<DolEntry>,
    udol: Vec<DolEntry>,
    drdol: Vec<DolEntry>,
    dsdol: Vec<DolEntry>,
}

impl Lists {
    fn of(application: &Application) -> Result<Self, String> {
        Ok(Self {
            pdol: answer::list(application, PDOL_9F38)?,
            cdol1: answer::list(application, CDOL1_8C)?,
            udol: answer::list(application, UDOL_9F69)?,
            drdol: answer::list(application, DRDOL_9F51)?,
            dsdol: answer::list(application, DSDOL_9F5B)?,
        })
    }
}

/// A transaction, until the next selection.
#[derive(Clone)]
pub(super) struct Session {
    /// The values of the PDOL as they came, and by tag.
    pdol_data: Vec<u8>,
    told: Values,
    /// What the card computes for this transaction.
    objects: BTreeMap<Tag, Vec<u8>>,
    relay: relay::Exchanged,
    /// Whether the cryptogram or checksum, one a transaction, has been given.
    is_spent: bool,
}

impl Session {
    /// The one cryptogram of the transaction is given out now.
    fn spend(&mut self) -> Result<(), StatusWord> {
        if self.is_spent {
            return Err(status::CONDITIONS_NOT_SATISFIED);
        }
        self.is_spent = true;
        Ok(())
    }
}

impl Applet {
    /// Issues an application. An error is a message in words.
    pub fn new(application: &Application, settings: &Mchip) -> Result<Self, String> {
        let applet = Self {
            application: application.clone(),
            settings: Arc::new(settings.clone()),
            issued: Arc::new(issuing::issue(application)?),
            card_key: compute::card_key(application, settings),
            lists: Arc::new(Lists::of(application)?),
            atc: application.atc,
            spent: 0,
            verified: settings.device_verification == DeviceVerification::Done,
            written: BTreeMap::new(),
            slot: settings.storage.as_ref().map(|storage| Slot::new(application, storage)),
            last: None,
            refused: 0,
        };
        applet.check_sizes()?;
        Ok(applet)
    }

    /// The answer to GET PROCESSING OPTIONS and the transaction it begins. `data`: the command's data field.
    pub fn get_processing_options(&mut self, data: &[u8], seed: u64) -> Result<(Vec<u8>, Session), StatusWord> {
        let values = answer::command_template(data)?;
        let told = Values::split(&self.lists.pdol, values).ok_or(status::WRONG_LENGTH)?;
        if let Some(status) = self.application.gpo.refuse.get(self.refused) {
            self.refused += 1;
            return Err(*status);
        }
        // A counter at its end makes the card useless (EMV Book 2, 8.1.3 leaves no value to reuse).
        self.atc = self.atc.checked_add(1).ok_or(status::CONDITIONS_NOT_SATISFIED)?;
        let mut objects = self.own_objects();
        if let Some(slot) = &mut self.slot {
            objects.extend(slot.open(&told, answer::unpredictable(seed ^ u64::from(self.atc) << 8)));
        }
        let session =
            Session { pdol_data: values.to_vec(), told, objects, relay: relay::Exchanged::default(), is_spent: false };
        Ok((self.gpo_answer(&session), session))
    }

    /// What is known of a transaction before it has begun.
    fn own_objects(&self) -> BTreeMap<Tag, Vec<u8>> {
        let mut objects =
            BTreeMap::from([(ATC_9F36, self.atc.to_be_bytes().to_vec()), (AFL_94, files::afl(&self.application))]);
        if let Some(total) = self.application.risk.offline_total {
            let left = format!("{:012}", total.saturating_sub(self.spent));
            objects.insert(OFFLINE_ACCUMULATOR_BALANCE_9F50, hex::decode(left).unwrap_or_default());
        }
        objects
    }

    fn gpo_answer(&self, session: &Session) -> Vec<u8> {
        let value = |tag| self.value(&session.objects, tag);
        let mut out = Writer::new();
        match self.application.gpo.format {
            GpoFormat::One => {
                let content = [AIP_82, AFL_94].into_iter().filter_map(value).flat_map(Cow::into_owned);
                out.object(RESPONSE_MESSAGE_TEMPLATE_FORMAT_1_80, &content.collect::<Vec<u8>>());
            }
            GpoFormat::Two => {
                let content = files::objects(&self.application.gpo.online, value);
                out.object(RESPONSE_MESSAGE_TEMPLATE_FORMAT_2_77, &content);
            }
        }
        out.finish()
    }

    /// What is sent for `tag`: as written, as stated, as computed, or as issued.
    fn value<'a>(&'a self, objects: &'a BTreeMap<Tag, Vec<u8>>, tag: Tag) -> Option<Cow<'a, [u8]>> {
        let stated = || self.written.get(&tag).or_else(|| self.application.data.get(&tag));
        let made = || objects.get(&tag).or_else(|| self.issued.objects.get(&tag));
        stated().or_else(made).map(|value| Cow::from(value.as_slice()))
    }

    /// A stated object of a known length; `None` if it is not stated, or longer or shorter.
    fn stated<const N: usize>(&self, tag: Tag) -> Option<[u8; N]> {
        self.application.data.get(&tag)?.as_slice().try_into().ok()
    }

    /// A record (READ RECORD). `6A82` without such a file, `6A83` without such a record.
    pub fn read_record(&self, session: &Session, sfi: u8, record: u8) -> Result<Vec<u8>, StatusWord> {
        match self.application.records.get(&RecordId { sfi, record }) {
            Some(content) => Ok(files::record(&content.objects, |tag| self.value(&session.objects, tag))),
            None if self.application.records.keys().any(|id| id.sfi == sfi) => Err(status::RECORD_NOT_FOUND),
            None => Err(status::FILE_NOT_FOUND),
        }
    }

    /// An object that the profile opens to GET DATA, with tag and length.
    pub fn get_data(&self, tag: Tag) -> Result<Vec<u8>, StatusWord> {
        let objects = self.own_objects();
        let open = self.application.get_data.contains(&tag);
        let object = files::objects(&[tag], |tag| self.value(&objects, tag).filter(|_| open));
        if object.is_empty() { Err(status::REFERENCED_DATA_NOT_FOUND) } else { Ok(object) }
    }

    /// The commands of Kernel 2 after GET PROCESSING OPTIONS.
    pub fn command(&mut self, session: &mut Session, command: &CommandHeader<'_>, seed: u64) -> Reply {
        match command.ins {
            0xAE => self.generate_ac(session, command, seed),
            0x2A => self.compute_checksum(session, command),
            0xEA => self.exchange_relay_resistance(session, command, seed),
            // Class 00 or 80: implementations of the book differ.
            0xD0 => self.recover_ac(session, command),
            0xDA => self.put_data(command),
            _ => Err(status::UNKNOWN_INSTRUCTION),
        }
    }

    /// PUT DATA without secure messaging: what the profile opens to it.
    fn put_data(&mut self, command: &CommandHeader<'_>) -> Reply {
        let tag = Tag::new(u32::from(u16::from_be_bytes([command.p1, command.p2])));
        if !self.settings.put_data.contains(&tag) {
            return Err(status::REFERENCED_DATA_NOT_FOUND);
        }
        if command.data.len() > ENVELOPE_MAX {
            return Err(status::WRONG_LENGTH);
        }
        self.written.insert(tag, command.data.to_vec());
        Ok((Vec::new(), StatusWord::OK, duration::ISSUER_AUTHENTICATION))
    }

    /// Refuses what does not fit into a response (EMV Book 2, annex D1: 254 bytes a record; Book 3: 256 a response).
    fn check_sizes(&self) -> Result<(), String> {
        let mut objects = self.own_objects();
        if let Some(slot) = &self.slot {
            objects.extend(slot.longest());
        }
        for (id, record) in &self.application.records {
            let record = files::record(&record.objects, |tag| self.value(&objects, tag));
            answer::fits(&format!("record {id}"), &record, 254)?;
        }
        let session = Session {
            pdol_data: Vec::new(),
            told: Values::default(),
            objects,
            relay: relay::Exchanged::default(),
            is_spent: false,
        };
        answer::fits("the answer to GET PROCESSING OPTIONS", &self.gpo_answer(&session), 256)?;
        answer::fits("the answer to SELECT", &files::fci(&self.application), 256)
    }
}
