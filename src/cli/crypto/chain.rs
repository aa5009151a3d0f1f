//! What a card showed to authenticate itself: of a conversation, or given object by object.

use crate::{
    cli::read::{
        authenticity,
        dynamic::{sent, told},
        look::{Application, Exchange, Look},
        objects::Objects,
    },
    data::{
        Source, Store,
        dictionary::{
            APPLICATION_CRYPTOGRAM_9F26, ATC_9F36, CDOL1_8C, CDOL2_8D, CID_9F27, IAD_9F10, PDOL_9F38, SDAD_9F4B,
            UNPREDICTABLE_NUMBER_9F37,
        },
    },
    tlv::{self, Tag, write_object},
};

/// How the card made its dynamic signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dynamic {
    /// In GET PROCESSING OPTIONS or a record: fDDA
    Fast,
    /// With INTERNAL AUTHENTICATE, over these data
    Internal(Vec<u8>),
    /// With GENERATE AC: CDA
    Combined,
}

/// Everything about one application.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Its AID.
    pub aid: Vec<u8>,
    /// What the card sent.
    pub objects: Objects,
    /// What the terminal sent.
    pub terminal: Store,
    /// Static data to be authenticated, or why they are not known.
    pub signed: Result<Vec<u8>, String>,
    /// What kind of dynamic signature there is, if there is one.
    pub dynamic: Dynamic,
    /// Whether the dynamic signature is the one of a torn transaction (C-2, RECOVER AC).
    pub recovered: bool,
    /// The conversation, if there was one.
    pub application: Option<Application>,
}

impl Shown {
    /// Objects one after the other, of an application that nobody talked to. `signed`: what the records contribute to the
    /// static data.
    pub fn given(aid: Vec<u8>, objects: &[u8], signed: &[u8]) -> Self {
        let mut shown = Self {
            aid,
            objects: Objects::default(),
            terminal: Store::new(),
            signed: Ok(Vec::new()),
            dynamic: Dynamic::Fast,
            recovered: false,
            application: None,
        };
        shown.objects.take(&[], objects);
        shown.signed = authenticity::listed(&shown.objects).map(|listed| [signed, listed].concat());
        shown
    }

    /// The last application of a conversation that showed anything.
    pub fn collect(exchanges: Vec<(Vec<u8>, Vec<u8>)>) -> Option<Self> {
        let application = Look::follow(exchanges).applications.pop()?;
        let mut shown = Self {
            aid: application.aid.bytes().to_vec(),
            objects: application.objects.clone(),
            terminal: Store::new(),
            signed: authenticity::signed(&application),
            dynamic: Dynamic::Fast,
            recovered: false,
            application: None,
        };
        for exchange in application.exchanges.iter().filter(|exchange| exchange.parsed().status.is_ok()) {
            shown.take(exchange);
        }
        shown.application = Some(application);
        Some(shown)
    }

    fn take(&mut self, exchange: &Exchange) {
        match exchange.command.get(1) {
            Some(0xA8) => self.told(PDOL_9F38, sent(exchange)),
            Some(0x88) => {
                self.dynamic = Dynamic::Internal(sent(exchange).to_vec());
                // Format 1: the signature alone.
                let answer = tlv::objects(exchange.parsed().data).next().and_then(Result::ok);
                if let Some(object) = answer.filter(|object| object.tag == Tag::new(0x80)) {
                    self.objects.put(SDAD_9F4B, object.value);
                }
            }
            Some(0xAE) => {
                let again = self.dynamic == Dynamic::Combined;
                self.told(if again { CDOL2_8D } else { CDOL1_8C }, sent(exchange));
                self.dynamic = Dynamic::Combined;
                self.format_1(exchange.parsed().data);
            }
            // RECOVER AC: the answer to GENERATE AC of a tap before.
            Some(0xD0) => {
                self.recovered = true;
                self.dynamic = Dynamic::Combined;
            }
            _ => {}
        }
    }

    /// The answer to GENERATE AC without tags (Book 3, 6.5.5.4): information data, counter, cryptogram, issuer's data.
    fn format_1(&mut self, answer: &[u8]) {
        let first = tlv::objects(answer).next().and_then(Result::ok).filter(|object| object.tag == Tag::new(0x80));
        let Some((cid, rest)) = first.and_then(|object| object.value.split_at_checked(1)) else { return };
        let Some((counter, rest)) = rest.split_at_checked(2) else { return };
        let Some((cryptogram, issuer)) = rest.split_at_checked(8) else { return };
        let objects =
            [(CID_9F27, cid), (ATC_9F36, counter), (APPLICATION_CRYPTOGRAM_9F26, cryptogram), (IAD_9F10, issuer)];
        for (tag, value) in objects.into_iter().filter(|(_, value)| !value.is_empty()) {
            self.objects.put(tag, value);
        }
    }

    /// Everything that was told, one object after the other: the terminal's own first.
    pub fn objects(&self) -> Vec<u8> {
        let mut objects = Vec::new();
        for (tag, value) in self.terminal.iter().map(|(tag, value, _)| (tag, value)).chain(self.objects.iter()) {
            write_object(&mut objects, tag, value);
        }
        objects
    }

    /// Takes the answer to a data object list apart.
    fn told(&mut self, list: Tag, values: &[u8]) {
        let list = self.objects.get(list).unwrap_or_default().to_vec();
        for entry in tlv::dol_entries(&list).map_while(Result::ok) {
            if let Some(value) = told(&list, values, entry.tag) {
                self.terminal.put(entry.tag, value, Source::Terminal);
            }
        }
    }

    /// A value of the card; empty if it is absent.
    pub fn value(&self, tag: Tag) -> &[u8] {
        self.objects.get(tag).unwrap_or_default()
    }

    /// The unpredictable number that the card was told.
    pub fn number(&self) -> Option<[u8; 4]> {
        self.terminal.array(UNPREDICTABLE_NUMBER_9F37)
    }

    /// The PAN in ten bytes, padded with F, from 5A or track 2.
    pub fn pan(&self) -> [u8; 10] {
        authenticity::pan(&self.objects)
    }
}
