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
        dictionary::{CDOL1_8C, CDOL2_8D, PDOL_9F38, SDAD_9F4B, UNPREDICTABLE_NUMBER_9F37},
    },
    tlv::{self, Tag},
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
            application: None,
        };
        shown.objects.take(&[], objects);
        let profile = shown.objects.get(crate::data::dictionary::AIP_82);
        let listed = shown.objects.get(crate::data::dictionary::SDA_TAG_LIST_9F4A) == Some(&[0x82]);
        shown.signed = Ok([signed, profile.filter(|_| listed).unwrap_or_default()].concat());
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
            }
            _ => {}
        }
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
