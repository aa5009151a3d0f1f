//! What an application showed while somebody talked to it.

use std::collections::BTreeMap;

use super::Exchanged;
use crate::{
    apdu::CommandHeader,
    data::{Afl, dictionary as tags},
    tlv::{self, Budget, Tag},
};

/// What an application showed.
#[derive(Default)]
pub(super) struct Seen {
    pub aid: Vec<u8>,
    pub values: BTreeMap<Tag, Vec<u8>>,
    /// What the directory says of it and nobody else does.
    pub listed: BTreeMap<Tag, Vec<u8>>,
    pub fci: Vec<Tag>,
    pub fci_discretionary: Vec<Tag>,
    pub gpo: Vec<Tag>,
    pub format_1: bool,
    /// The values of the PDOL.
    pub told: Vec<u8>,
    /// Whether GET PROCESSING OPTIONS was answered.
    complete: bool,
    pub records: BTreeMap<(u8, u8), Vec<Tag>>,
    /// What GET DATA gave, and PUT DATA took.
    pub get_data: Vec<Tag>,
    pub put_data: Vec<Tag>,
    /// What the first GENERATE AC asked for, bits 8 and 7 of P1, and the answer.
    pub cryptogram: Option<Cryptogram>,
    /// The answer to EXCHANGE RELAY RESISTANCE DATA, and the time it took.
    pub relay: Option<(Vec<u8>, u64)>,
    /// POS Cardholder Interaction Information (DF4B) of the first and the last answer that had it.
    pub interactions: Vec<Vec<u8>>,
}

/// An answer to GENERATE AC.
#[derive(Clone)]
pub(super) struct Cryptogram {
    /// The type that was wanted: AAC 0, TC 1, ARQC 2.
    pub asked: u8,
    /// The type that came.
    pub given: u8,
    /// Issuer Application Data.
    pub iad: Vec<u8>,
    /// Whether the values came in template 80.
    pub plain: bool,
}

impl Seen {
    /// Every application that was selected and gave processing options.
    pub(super) fn all(exchanges: &[Exchanged]) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        let mut now: Option<Self> = None;
        let mut directory = Vec::new();
        let mut keep = |seen: Option<Self>| {
            if let Some(mut seen) = seen.filter(|seen| seen.complete) {
                seen.leave_room_for_remainders();
                match all.iter_mut().find(|known| known.aid == seen.aid) {
                    Some(known) => {
                        seen.interactions.splice(0..0, known.interactions.clone());
                        *known = seen;
                    }
                    None => all.push(seen),
                }
            }
        };
        for exchange in exchanges {
            let (Some(command), Some((data, [0x90, 0x00]))) =
                (CommandHeader::parse(&exchange.command), exchange.response.split_last_chunk::<2>())
            else {
                continue;
            };
            match (command.ins, &mut now) {
                // The directory is made from the applications, and what only it says is kept with them.
                (0xA4, _) if command.data.get(1..).is_some_and(|name| name.starts_with(b"PAY.SYS.")) => {
                    directory = data.to_vec();
                    keep(now.take());
                }
                (0xA4, _) => keep(now.replace(Self::selected(command.data, data, &directory))),
                (_, Some(seen)) => seen.answered(&command, data, exchange.took.0),
                _ => {}
            }
        }
        keep(now);
        all
    }

    fn answered(&mut self, command: &CommandHeader<'_>, data: &[u8], took: u64) {
        match command.ins {
            0xA8 => {
                self.complete = true;
                self.told =
                    tlv::objects(command.data).next().and_then(Result::ok).map_or(&[][..], |told| told.value).to_vec();
                self.options(data);
            }
            0xB2 => self.record(command.p2 >> 3, command.p1, data),
            0xCA => self.get_data = [core::mem::take(&mut self.get_data), self.take(data)].concat(),
            0xDA => self.put_data.push(Tag::new(u32::from(u16::from_be_bytes([command.p1, command.p2])))),
            0xEA => {
                self.relay = tlv::objects(data).next().and_then(Result::ok).map(|answer| (answer.value.to_vec(), took))
            }
            0xAE | 0x2A => self.computed(command, data),
            _ => {}
        }
    }

    /// The answer to GENERATE AC or COMPUTE CRYPTOGRAPHIC CHECKSUM.
    fn computed(&mut self, command: &CommandHeader<'_>, data: &[u8]) {
        let Some(Ok(template)) = tlv::objects(data).next() else { return };
        let find = |tag| tlv::find(template.value, tag).and_then(Result::ok).map(|object| object.value.to_vec());
        let plain = template.tag == tags::RESPONSE_MESSAGE_TEMPLATE_FORMAT_1_80;
        if !plain {
            self.interactions.extend(find(tags::POS_CARDHOLDER_INTERACTION_INFORMATION_DF4B));
        }
        if command.ins != 0xAE || self.cryptogram.is_some() {
            return;
        }
        // Information data, counter in two bytes, cryptogram in eight (Book 3, 6.5.5.4).
        let (given, iad) = if plain {
            (template.value.first().copied(), template.value.get(11..).map(<[u8]>::to_vec))
        } else {
            (find(tags::CID_9F27).and_then(|cid| cid.first().copied()), find(tags::IAD_9F10))
        };
        let Some(given) = given.map(|cid| cid >> 6) else { return };
        self.cryptogram = Some(Cryptogram { asked: command.p1 >> 6, given, iad: iad.unwrap_or_default(), plain });
    }

    /// The records that the AFL lists and nobody read.
    pub(super) fn unread(&self) -> Vec<String> {
        let afl = self.values.get(&tags::AFL_94).map(Vec::as_slice).unwrap_or_default();
        let listed = Afl::parse(afl).into_iter().flat_map(Afl::records);
        let unread = listed.filter(|record| !self.records.contains_key(&(record.sfi, record.number)));
        unread.map(|record| format!("{}.{}", record.sfi, record.number)).collect()
    }

    /// The test keys may be longer than the card's, so that more of them does not fit into the certificates. An empty
    /// remainder does not show.
    fn leave_room_for_remainders(&mut self) {
        for (beside, remainder) in [
            (tags::ISSUER_PUBLIC_KEY_EXPONENT_9F32, tags::ISSUER_PUBLIC_KEY_REMAINDER_92),
            (tags::ICC_PUBLIC_KEY_EXPONENT_9F47, tags::ICC_PUBLIC_KEY_REMAINDER_9F48),
        ] {
            if self.values.contains_key(&remainder) {
                continue;
            }
            for list in self.records.values_mut().chain([&mut self.gpo]) {
                if let Some(at) = list.iter().position(|tag| *tag == beside) {
                    list.insert(at + 1, remainder);
                }
            }
        }
    }

    /// `wanted`: what was selected, which may be the beginning of the AID, or go on behind it.
    fn selected(wanted: &[u8], data: &[u8], directory: &[u8]) -> Self {
        let name =
            tlv::walk(data, Budget::default()).map_while(Result::ok).find(|(_, object)| object.tag == tags::DF_NAME_84);
        let name = name.map_or(wanted, |(_, name)| name.value);
        let mut seen = Self { aid: name.to_vec(), listed: listed(directory, name), ..Self::default() };
        let mut objects = tlv::walk(data, Budget::default()).map_while(Result::ok).map(|(_, object)| object);
        let fci = objects.find(|object| object.tag == tags::FCI_PROPRIETARY_TEMPLATE_A5);
        for object in tlv::objects(fci.map_or(&[][..], |fci| fci.value)).map_while(Result::ok) {
            if object.tag == tags::FCI_ISSUER_DISCRETIONARY_DATA_BF0C {
                for object in tlv::objects(object.value).map_while(Result::ok) {
                    seen.fci_discretionary.push(object.tag);
                    seen.values.insert(object.tag, object.value.to_vec());
                }
            } else {
                seen.fci.push(object.tag);
                seen.values.insert(object.tag, object.value.to_vec());
            }
        }
        seen
    }

    fn options(&mut self, data: &[u8]) {
        match tlv::objects(data).next() {
            Some(Ok(template)) if template.tag == tags::RESPONSE_MESSAGE_TEMPLATE_FORMAT_1_80 => {
                self.format_1 = true;
                if let Some((aip, afl)) = template.value.split_at_checked(2) {
                    self.values.insert(tags::AIP_82, aip.to_vec());
                    self.values.insert(tags::AFL_94, afl.to_vec());
                    self.gpo = vec![tags::AIP_82, tags::AFL_94];
                }
            }
            Some(Ok(template)) => self.gpo = self.take(template.value),
            _ => {}
        }
    }

    fn record(&mut self, sfi: u8, number: u8, data: &[u8]) {
        if let Some(Ok(template)) = tlv::objects(data).next() {
            let objects = self.take(template.value);
            self.records.insert((sfi, number), objects);
        }
    }

    /// Remembers the objects of a template; their tags in order.
    fn take(&mut self, template: &[u8]) -> Vec<Tag> {
        let mut order = Vec::new();
        for object in tlv::objects(template).map_while(Result::ok) {
            order.push(object.tag);
            self.values.entry(object.tag).or_insert_with(|| object.value.to_vec());
        }
        order
    }

    /// Gives certificates that stand with other objects in an unsigned record one of their own, at the end of the file.
    pub(super) fn set_certificates_apart(&mut self) {
        const LONG: [Tag; 2] = [tags::ISSUER_PUBLIC_KEY_CERTIFICATE_90, tags::ICC_PUBLIC_KEY_CERTIFICATE_9F46];
        let crowded: Vec<((u8, u8), Tag)> = self
            .records
            .iter()
            .filter(|((sfi, number), objects)| objects.len() > 1 && !self.is_signed(*sfi, *number))
            .flat_map(|(place, objects)| objects.iter().filter(|tag| LONG.contains(tag)).map(|tag| (*place, *tag)))
            .collect();
        for (place, certificate) in crowded {
            let last = self.records.keys().filter(|(sfi, _)| *sfi == place.0).map(|(_, number)| *number).max();
            let Some(free) = last.and_then(|last| last.checked_add(1)) else { continue };
            if let Some(objects) = self.records.get_mut(&place) {
                objects.retain(|tag| *tag != certificate);
            }
            self.records.insert((place.0, free), vec![certificate]);
        }
    }

    /// Whether the AFL lists the record among those that are signed.
    pub(super) fn is_signed(&self, sfi: u8, number: u8) -> bool {
        let afl = self.values.get(&tags::AFL_94).map(Vec::as_slice).unwrap_or_default();
        let Ok(afl) = Afl::parse(afl) else { return false };
        afl.records().any(|record| (record.sfi, record.number, record.signed) == (sfi, number, true))
    }
}

/// The objects of a directory entry.
fn listed(directory: &[u8], aid: &[u8]) -> BTreeMap<Tag, Vec<u8>> {
    let templates = tlv::walk(directory, Budget::default()).map_while(Result::ok).map(|(_, object)| object);
    let entries = templates.filter(|object| object.tag == tags::APPLICATION_TEMPLATE_61).map(|template| {
        let objects = tlv::objects(template.value).map_while(Result::ok);
        objects.map(|object| (object.tag, object.value.to_vec())).collect::<BTreeMap<_, _>>()
    });
    let mut mine = entries.filter(|entry| entry.get(&tags::ADF_NAME_4F).is_some_and(|name| name == aid));
    mine.next().unwrap_or_default()
}
