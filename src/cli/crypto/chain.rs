//! What a card showed to authenticate itself, collected from a conversation.

use std::collections::BTreeMap;

use crate::{
    apdu::{CommandHeader, Response},
    cli::read::objects::{Objects, template},
    data::{
        Afl,
        dictionary::{
            AFL_94, AIP_82, CDOL1_8C, DF_NAME_84, PAN_5A, PDOL_9F38, READ_RECORD_RESPONSE_TEMPLATE_70,
            SDA_TAG_LIST_9F4A, TRACK_2_EQUIVALENT_DATA_57, UNPREDICTABLE_NUMBER_9F37,
        },
    },
    tlv::{self, Tag},
};

/// The name of the directory, which is no application.
const PPSE: &[u8] = b"2PAY.SYS.DDF01";

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
    pub terminal: BTreeMap<Tag, Vec<u8>>,
    /// The signed records in order.
    pub signed: Vec<u8>,
    /// What kind of dynamic signature there is, if there is one.
    pub dynamic: Dynamic,
}

impl Shown {
    /// Nothing yet of this application.
    pub fn new(aid: Vec<u8>) -> Self {
        Self { aid, objects: Objects::default(), terminal: BTreeMap::new(), signed: Vec::new(), dynamic: Dynamic::Fast }
    }

    /// The last application that was selected in a conversation.
    pub fn collect(exchanges: &[(Vec<u8>, Vec<u8>)]) -> Option<Self> {
        let mut shown = None;
        for (command, response) in exchanges {
            let (Some(command), Some(response)) = (CommandHeader::parse(command), Response::parse(response)) else {
                continue;
            };
            if !response.status.is_ok() {
                continue;
            }
            if command.ins == 0xA4 {
                if command.data != PPSE {
                    let mut new = Self::new(command.data.to_vec());
                    new.objects.take(response.data);
                    new.aid = new.objects.get(DF_NAME_84).map_or(new.aid, <[u8]>::to_vec);
                    shown = Some(new);
                }
            } else if let Some(shown) = &mut shown {
                shown.take(&command, response.data);
            }
        }
        shown
    }

    fn take(&mut self, command: &CommandHeader<'_>, answer: &[u8]) {
        match command.ins {
            0xA8 => {
                let list = self.objects.get(PDOL_9F38).unwrap_or_default().to_vec();
                let values = tlv::objects(command.data).next().and_then(Result::ok).map_or(command.data, |o| o.value);
                self.told(&list, values);
                self.objects.take(answer);
            }
            0xB2 => {
                self.objects.take(answer);
                self.record(command.p2 >> 3, command.p1, answer);
            }
            0x88 => {
                self.dynamic = Dynamic::Internal(command.data.to_vec());
                self.objects.take(answer);
                // Format 1: the signature alone.
                if let Some(object) = tlv::objects(answer).next().and_then(Result::ok)
                    && object.tag == Tag::new(0x80)
                {
                    self.objects.put(crate::data::dictionary::SDAD_9F4B, object.value);
                }
            }
            0xAE => {
                let list = self.objects.get(CDOL1_8C).unwrap_or_default().to_vec();
                self.told(&list, command.data);
                self.dynamic = Dynamic::Combined;
                self.objects.take(answer);
            }
            _ => {}
        }
    }

    /// Takes the answer to a data object list apart.
    fn told(&mut self, list: &[u8], mut values: &[u8]) {
        for entry in tlv::dol_entries(list).map_while(Result::ok) {
            let Some((value, rest)) = values.split_at_checked(entry.length.into()) else { return };
            self.terminal.insert(entry.tag, value.to_vec());
            values = rest;
        }
    }

    fn record(&mut self, sfi: u8, number: u8, answer: &[u8]) {
        let list = self.objects.get(AFL_94).unwrap_or_default();
        let mut records = Afl::parse(list).into_iter().flat_map(Afl::records);
        if records.any(|record| record.sfi == sfi && record.number == number && record.signed) {
            let inside = template(answer, READ_RECORD_RESPONSE_TEMPLATE_70).filter(|_| sfi <= 10);
            self.signed.extend_from_slice(inside.unwrap_or(answer));
        }
    }

    /// A value of the card; empty if it is absent.
    pub fn value(&self, tag: Tag) -> &[u8] {
        self.objects.get(tag).unwrap_or_default()
    }

    /// A value that the terminal sent, of the wanted length.
    pub fn sent<const N: usize>(&self, tag: Tag) -> Option<[u8; N]> {
        self.terminal.get(&tag)?.as_slice().try_into().ok()
    }

    /// The unpredictable number that the card was told.
    pub fn number(&self) -> Option<[u8; 4]> {
        self.sent(UNPREDICTABLE_NUMBER_9F37)
    }

    /// Static data to be authenticated: signed records, and the AIP if the card says so (Book 3, 10.3).
    pub fn static_data(&self) -> Vec<u8> {
        let profile = self.objects.get(AIP_82).filter(|_| self.objects.get(SDA_TAG_LIST_9F4A) == Some(&[0x82]));
        [&self.signed, profile.unwrap_or_default()].concat()
    }

    /// The PAN in ten bytes, padded with F, from 5A or track 2.
    pub fn pan(&self) -> [u8; 10] {
        let source = self.objects.get(PAN_5A).or_else(|| self.objects.get(TRACK_2_EQUIVALENT_DATA_57));
        let digits = source.unwrap_or_default().iter().flat_map(|byte| [byte >> 4, byte & 0x0F]);
        let mut nibbles = digits.take_while(|nibble| *nibble < 10).chain(core::iter::repeat(0x0F));
        let mut next = || nibbles.next().unwrap_or(0x0F);
        core::array::from_fn(|_| next() << 4 | next())
    }
}
