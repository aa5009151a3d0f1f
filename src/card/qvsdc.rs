//! The personality of a Visa card in EMV mode (qVSDC): one command, GET PROCESSING OPTIONS, decides everything.

mod compute;
mod script;

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use super::{
    answer, files,
    issuing::{self, Issued},
    profile::{Application, GpoFormat, RecordId},
    risk::{CryptogramType, TerminalData, decide},
    status,
};
use crate::{
    apdu::StatusWord,
    crypto::cryptogram::VisaCvn,
    data::dictionary::{
        AFL_94, AIP_82, APPLICATION_CRYPTOGRAM_9F26, ATC_9F36, AVAILABLE_OFFLINE_SPENDING_AMOUNT_9F5D,
        CARD_AUTHENTICATION_RELATED_DATA_9F69, CID_9F27, IAD_9F10, PDOL_9F38, RESPONSE_MESSAGE_TEMPLATE_FORMAT_1_80,
        RESPONSE_MESSAGE_TEMPLATE_FORMAT_2_77, SDAD_9F4B,
    },
    tlv::{DolEntry, Tag, Writer},
};

/// AIP byte 2 bit 8: mag-stripe mode (VCPS).
const MAG_STRIPE_MODE: u8 = 0x80;

/// An application with its counters, which outlive the field.
#[derive(Clone)]
pub(super) struct Applet {
    pub application: Application,
    version: VisaCvn,
    issued: Arc<Issued>,
    /// What cryptograms come from, derived when the card was made.
    master_key: [u8; 16],
    pdol: Vec<DolEntry>,
    atc: u16,
    spent: u64,
    /// The cryptogram that waits for the issuer's answer.
    pending: Option<Pending>,
    /// The last cryptogram, which script commands are bound to.
    last: Option<Pending>,
    /// How many GET PROCESSING OPTIONS have been refused.
    refused: usize,
    availability: Availability,
}

/// Whether the issuer lets an application be used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Availability {
    Open,
    Blocked,
}

#[derive(Clone, Copy)]
struct Pending {
    atc: [u8; 2],
    cryptogram: [u8; 8],
}

/// What a transaction has put into the card's answers, until the next selection.
#[derive(Clone, Default)]
pub(super) struct Session {
    objects: BTreeMap<Tag, Vec<u8>>,
}

impl Session {
    /// Whether the card signed with its own key, which takes time.
    pub fn is_signed(&self) -> bool {
        self.objects.contains_key(&SDAD_9F4B)
    }
}

impl Applet {
    /// Issues an application. An error is a message in words.
    pub fn new(application: &Application, version: VisaCvn) -> Result<Self, String> {
        let pdol = answer::list(application, PDOL_9F38)?;
        let issued = Arc::new(issuing::issue(application)?);
        let applet = Self {
            application: application.clone(),
            version,
            issued,
            master_key: compute::master_key(application, version),
            pdol,
            atc: application.atc,
            spent: 0,
            pending: None,
            last: None,
            refused: 0,
            availability: Availability::Open,
        };
        applet.check_sizes()?;
        Ok(applet)
    }

    /// The answer to GET PROCESSING OPTIONS and what the transaction leaves for the records. `data`: the command's data field.
    pub fn get_processing_options(&mut self, data: &[u8], seed: u64) -> Result<(Vec<u8>, Session), StatusWord> {
        let values = answer::command_template(data)?;
        let terminal = TerminalData::split(&self.pdol, values).ok_or(status::WRONG_LENGTH)?;
        self.refuse(&terminal)?;
        // A counter at its end makes the card useless (EMV Book 2, 8.1.3 leaves no value to reuse).
        self.atc = self.atc.checked_add(1).ok_or(status::CONDITIONS_NOT_SATISFIED)?;
        let (kind, spent) = decide(&self.application.risk, &terminal, self.spent);
        self.spent = spent;
        let session = self.transact(&terminal, kind, seed);
        Ok((self.gpo_answer(&session, kind), session))
    }

    /// Whether there will be no transaction: as the profile wants it, because the application is blocked, or because card and
    /// reader have no mode in common.
    fn refuse(&mut self, terminal: &TerminalData) -> Result<(), StatusWord> {
        if let Some(status) = self.application.gpo.refuse.get(self.refused) {
            self.refused += 1;
            return Err(*status);
        }
        let [_, aip_2] = self.stated::<2>(AIP_82);
        let mag_stripe = aip_2 & MAG_STRIPE_MODE != 0 && terminal.mag_stripe_mode();
        match self.availability {
            Availability::Open if terminal.emv_mode() || mag_stripe => Ok(()),
            _ => Err(status::CONDITIONS_NOT_SATISFIED),
        }
    }

    /// What SELECT answers with: a warning if the application is blocked (EMV Book 1, 12.3.1).
    pub fn select_status(&self) -> StatusWord {
        match self.availability {
            Availability::Open => StatusWord::OK,
            Availability::Blocked => status::BLOCKED,
        }
    }

    fn transact(&mut self, terminal: &TerminalData, kind: CryptogramType, seed: u64) -> Session {
        let atc = self.atc.to_be_bytes();
        let mut session = Session::default();
        session.objects.insert(ATC_9F36, atc.to_vec());
        session.objects.insert(CID_9F27, vec![kind.cid()]);
        session.objects.insert(AFL_94, files::afl(&self.application));
        session.objects.insert(IAD_9F10, self.application_data(kind));
        if let Some(total) = self.application.risk.offline_total {
            let left = format!("{:012}", total.saturating_sub(self.spent));
            session.objects.insert(AVAILABLE_OFFLINE_SPENDING_AMOUNT_9F5D, hex::decode(left).unwrap_or_default());
        }
        let cryptogram = self.cryptogram(terminal, &session);
        session.objects.insert(APPLICATION_CRYPTOGRAM_9F26, cryptogram.to_vec());
        session.objects.insert(CARD_AUTHENTICATION_RELATED_DATA_9F69, self.authentication_related_data(seed));
        if self.shows(kind, SDAD_9F4B)
            && let Some(signature) = self.sign(terminal, &session)
        {
            session.objects.insert(SDAD_9F4B, signature);
        }
        self.last = Some(Pending { atc, cryptogram });
        self.pending = self.last.filter(|_| kind == CryptogramType::Arqc);
        session
    }

    fn gpo_answer(&self, session: &Session, kind: CryptogramType) -> Vec<u8> {
        let value = |tag| self.value(session, tag);
        let mut out = Writer::new();
        match self.application.gpo.format {
            GpoFormat::One => {
                let content = [AIP_82, AFL_94].into_iter().filter_map(value).flat_map(Cow::into_owned);
                out.object(RESPONSE_MESSAGE_TEMPLATE_FORMAT_1_80, &content.collect::<Vec<u8>>());
            }
            GpoFormat::Two => {
                out.object(RESPONSE_MESSAGE_TEMPLATE_FORMAT_2_77, &files::objects(self.gpo_list(kind), value));
            }
        }
        out.finish()
    }

    fn gpo_list(&self, kind: CryptogramType) -> &[Tag] {
        match kind {
            CryptogramType::Aac => &self.application.gpo.decline,
            CryptogramType::Tc => &self.application.gpo.offline,
            CryptogramType::Arqc => &self.application.gpo.online,
        }
    }

    /// Whether a terminal gets to see `tag` in a transaction with this result.
    fn shows(&self, kind: CryptogramType, tag: Tag) -> bool {
        let list = self.gpo_list(kind);
        let has_records = list.contains(&AFL_94) || self.application.gpo.format == GpoFormat::One;
        list.contains(&tag)
            || has_records && self.application.records.values().any(|record| record.objects.contains(&tag))
    }

    /// What is sent for `tag`: as stated, as computed, or as issued. An empty computed or issued value is not sent.
    fn value<'a>(&'a self, session: &'a Session, tag: Tag) -> Option<Cow<'a, [u8]>> {
        let made =
            || session.objects.get(&tag).or_else(|| self.issued.objects.get(&tag)).filter(|value| !value.is_empty());
        self.application.data.get(&tag).or_else(made).map(|value| Cow::from(value.as_slice()))
    }

    /// A record (READ RECORD). `6A82` without such a file, `6A83` without such a record.
    pub fn read_record(&self, session: &Session, sfi: u8, record: u8) -> Result<Vec<u8>, StatusWord> {
        match self.application.records.get(&RecordId { sfi, record }) {
            Some(content) => Ok(files::record(&content.objects, |tag| self.value(session, tag))),
            None if self.application.records.keys().any(|id| id.sfi == sfi) => Err(status::RECORD_NOT_FOUND),
            None => Err(status::FILE_NOT_FOUND),
        }
    }

    /// An object that the profile opens to GET DATA, with tag and length.
    pub fn get_data(&self, tag: Tag) -> Result<Vec<u8>, StatusWord> {
        let mut session = Session::default();
        session.objects.insert(ATC_9F36, self.atc.to_be_bytes().to_vec());
        let open = self.application.get_data.contains(&tag);
        let object = files::objects(&[tag], |tag| self.value(&session, tag).filter(|_| open));
        if object.is_empty() { Err(status::REFERENCED_DATA_NOT_FOUND) } else { Ok(object) }
    }

    /// EXTERNAL AUTHENTICATE: the issuer's answer to the last cryptogram, once. `6300` if it is not the issuer's.
    pub fn external_authenticate(&mut self, data: &[u8]) -> Result<(), StatusWord> {
        if !(8..=16).contains(&data.len()) {
            return Err(status::WRONG_LENGTH);
        }
        let Pending { atc, cryptogram } = self.pending.take().ok_or(status::CONDITIONS_NOT_SATISFIED)?;
        let version = self.version;
        let answer = compute::issuer_answer(version, data).ok_or(status::WRONG_LENGTH)?;
        if version.issuer_authentication_data(&self.master_key, atc, cryptogram, answer) != data {
            return Err(status::AUTHENTICATION_FAILED);
        }
        self.spent = 0;
        Ok(())
    }

    /// Refuses what does not fit into a response (EMV Book 2, annex D1: 254 bytes a record; Book 3: 256 a response).
    fn check_sizes(&self) -> Result<(), String> {
        let mut trial = Session::default();
        let signature = self.issued.card_key.as_ref().map_or(0, |key| key.public().len());
        let lengths = [
            (ATC_9F36, 2),
            (CID_9F27, 1),
            (APPLICATION_CRYPTOGRAM_9F26, 8),
            (CARD_AUTHENTICATION_RELATED_DATA_9F69, 8),
            (AVAILABLE_OFFLINE_SPENDING_AMOUNT_9F5D, 6),
            (IAD_9F10, self.application_data(CryptogramType::Arqc).len()),
            (AFL_94, files::afl(&self.application).len()),
            (SDAD_9F4B, signature),
        ];
        trial.objects.extend(lengths.map(|(tag, length)| (tag, vec![0xFF; length])));
        for (id, record) in &self.application.records {
            answer::fits(&format!("record {id}"), &files::record(&record.objects, |tag| self.value(&trial, tag)), 254)?;
        }
        for kind in [CryptogramType::Arqc, CryptogramType::Tc, CryptogramType::Aac] {
            answer::fits("the answer to GET PROCESSING OPTIONS", &self.gpo_answer(&trial, kind), 256)?;
        }
        answer::fits("the answer to SELECT", &files::fci(&self.application), 256)
    }
}
