//! From what is written to what a card is: keys read, values made bytes, references checked.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::{Spanned, de::Deserializer};

use super::{
    Application, Certificates, Cryptogram, GpoAnswer, GpoFormat, Keys, Personality, PpseEntry, Profile, Record,
    RecordId, Risk, Scheme,
    file::{ApplicationFile, CryptogramFile, GpoFile, KeysFile, PpseFile, ProfileFile, RecordFile, RiskFile},
    guard,
    keys::{KeyKind, KeyRing},
    source::{Sources, Texts},
    values::ObjectName,
};
use crate::{
    apdu::StatusWord,
    card::{files, objects},
    crypto::cryptogram::VisaCvn,
    data::{
        dictionary::{APPLICATION_LABEL_50, APPLICATION_PRIORITY_INDICATOR_87},
        text::ObjectValue,
    },
    diag::{self, Places, Problem},
    tlv::Tag,
};

const SCHEMA: &str = "emvtap.card/1";

/// The text of the profile and of what it extends.
fn sources(name: &str, text: &str, texts: Texts<'_>) -> Result<Sources, Problem> {
    Sources::collect(name, text, &|name| {
        super::super::builtin::builtin(name).map(str::to_owned).or_else(|| texts(name))
    })
}

pub(super) fn places(name: &str, text: &str, texts: Texts<'_>) -> Result<Places, Problem> {
    sources(name, text, texts)?.places()
}

pub(super) fn profile(name: &str, text: &str, texts: Texts<'_>) -> Result<Profile, Problem> {
    diag::expect_schema(name, text, SCHEMA)?;
    let sources = sources(name, text, texts)?;
    let merged = sources.merge()?;
    let file = ProfileFile::deserialize(Deserializer::from(merged)).map_err(|error| sources.refused(&error))?;
    let scheme = file.scheme;
    let resolver = Resolver { sources: &sources, keys: KeyRing { sources: &sources, texts }, scheme };
    let mut applications = Vec::new();
    for (application, written) in file.application {
        applications.push(resolver.application(application, written, file.allow_any_pan)?);
    }
    if applications.is_empty() {
        return Err(sources.whole("a card needs an application"));
    }
    applications.sort_by_key(|application| {
        application.data.get(&APPLICATION_PRIORITY_INDICATOR_87).cloned().unwrap_or(vec![0xFF])
    });
    let derived = || applications.iter().map(directory_entry).collect();
    let ppse = file.ppse.map_or_else(derived, |entries| entries.into_iter().map(stated_entry).collect());
    Ok(Profile {
        file: name.to_owned(),
        title: file.title,
        description: file.description,
        ppse,
        applications,
        faults: file.faults,
    })
}

fn stated_entry(written: PpseFile) -> PpseEntry {
    PpseEntry {
        aid: written.aid.0,
        label: written.label,
        priority: written.priority,
        kernel_identifier: written.kernel_identifier.map(|bytes| bytes.0),
        extended_selection: written.extended_selection.map(|bytes| bytes.0),
    }
}

fn directory_entry(application: &Application) -> PpseEntry {
    let data = |tag| application.data.get(&tag);
    PpseEntry {
        aid: application.aid.clone(),
        label: data(APPLICATION_LABEL_50).map(|label| String::from_utf8_lossy(label).into_owned()),
        priority: data(APPLICATION_PRIORITY_INDICATOR_87).and_then(|value| value.first().copied()),
        kernel_identifier: application.kernel_identifier.clone(),
        extended_selection: application.extended_selection.clone(),
    }
}

pub(super) struct Resolver<'a> {
    pub sources: &'a Sources,
    pub keys: KeyRing<'a>,
    scheme: Scheme,
}

impl Resolver<'_> {
    fn application(&self, name: String, written: ApplicationFile, any_pan: bool) -> Result<Application, Problem> {
        let aid = written.aid.get_ref().0.clone();
        if !(5..=16).contains(&aid.len()) {
            let message = format!("an AID has 5 to 16 bytes, found {}", aid.len());
            return Err(self.sources.problem(written.aid.span(), message));
        }
        let mut data = self.data(&written.data, any_pan)?;
        if let Some(label) = written.label {
            data.entry(APPLICATION_LABEL_50).or_insert(label.into_bytes());
        }
        if let Some(priority) = written.priority {
            data.entry(APPLICATION_PRIORITY_INDICATOR_87).or_insert(vec![priority]);
        }
        let keys = self.keys(&written.keys)?;
        let known = Known {
            scheme: self.scheme,
            data: &data,
            keys: &keys,
            running_total: written.risk.offline_total.is_some(),
        };
        let stated = |list| self.tags(list, &known);
        let fci = written.fci.proprietary.map_or_else(|| Ok(files::usual_fci(&data)), stated)?;
        let fci_discretionary =
            written.fci.discretionary.map_or_else(|| Ok(files::usual_discretionary(&data)), stated)?;
        let gpo = self.gpo(written.gpo, &known)?;
        let records = self.records(written.records, &known)?;
        let personality = match self.scheme {
            Scheme::Visa => Personality::Qvsdc(self.visa_version(&written.cryptogram)?),
            Scheme::Mastercard => Personality::Mchip(Box::new(self.mchip(
                &written.cryptogram,
                written.keys.cvc3.as_ref(),
                written.mchip.as_ref().map(Spanned::get_ref),
            )?)),
        };
        if let (Scheme::Visa, Some(table)) = (self.scheme, &written.mchip) {
            return Err(self
                .sources
                .problem(table.span(), "only cards with `scheme = \"mastercard\"` have this table"));
        }
        Ok(Application {
            name,
            aid,
            kernel_identifier: written.kernel_identifier.map(|bytes| bytes.0),
            extended_selection: written.extended_selection.map(|bytes| bytes.0),
            fci,
            fci_discretionary,
            gpo,
            records,
            certificates: Certificates {
                expiry: written.certificates.expiry.0,
                issuer_serial: written.certificates.issuer_serial.0,
                card_serial: written.certificates.card_serial.0,
            },
            personality,
            cryptogram: self.cryptogram(written.cryptogram)?,
            risk: self.risk(&written.risk)?,
            atc: written.counters.atc,
            get_data: written.get_data.into_iter().map(|name| name.0).collect(),
            keys,
            data,
        })
    }

    fn data(
        &self,
        written: &BTreeMap<ObjectName, Spanned<ObjectValue>>,
        any_pan: bool,
    ) -> Result<BTreeMap<Tag, Vec<u8>>, Problem> {
        let mut data = BTreeMap::new();
        for (ObjectName(tag), value) in written {
            let bytes = value
                .get_ref()
                .bytes(*tag, Some(self.scheme.scope()))
                .map_err(|message| self.sources.problem(value.span(), message))?;
            data.insert(*tag, bytes);
        }
        if any_pan {
            return Ok(data);
        }
        let Some((tag, digits)) = guard::real_pans(self.scheme, &data).next() else { return Ok(data) };
        let message = format!("the PAN {} in {tag} is in no published test range", masked(&digits));
        let span = written.get(&ObjectName(tag)).map_or(0..0, Spanned::span);
        Err(self
            .sources
            .problem(span, message)
            .hint("take a test PAN such as 4761739001010010, or say `allow_any_pan = true`"))
    }

    fn keys(&self, written: &KeysFile) -> Result<Keys, Problem> {
        let rsa =
            |name: &Option<Spanned<String>>, kind| name.as_ref().map(|name| self.keys.rsa(name, kind)).transpose();
        Ok(Keys {
            ca: written.ca.as_ref().map(|name| self.keys.ca(name)).transpose()?,
            issuer: rsa(&written.issuer, KeyKind::Issuer)?,
            card: rsa(&written.card, KeyKind::Card)?,
            master: self.keys.master(&written.master)?,
            messaging: written.messaging.as_ref().map(|name| self.keys.master(name)).transpose()?,
        })
    }

    fn tags(&self, list: Vec<Spanned<ObjectName>>, known: &Known<'_>) -> Result<Vec<Tag>, Problem> {
        let tag = |name: Spanned<ObjectName>| {
            let tag = name.get_ref().0;
            known
                .has(tag)
                .map(|()| tag)
                .map_err(|why| self.sources.problem(name.span(), format!("{tag} has no value")).hint(why))
        };
        list.into_iter().map(tag).collect()
    }

    fn gpo(&self, written: GpoFile, known: &Known<'_>) -> Result<GpoAnswer, Problem> {
        let format = match &written.format {
            None => GpoFormat::Two,
            Some(number) => match number.get_ref() {
                1 => GpoFormat::One,
                2 => GpoFormat::Two,
                _ => return Err(self.sources.problem(number.span(), "wanted response format 1 or 2")),
            },
        };
        let online = self.tags(written.online, known)?;
        let or_online = |list: Option<_>| list.map_or_else(|| Ok(online.clone()), |list| self.tags(list, known));
        let refuse = written.refuse.iter().map(|status| StatusWord(u16::from_be_bytes(status.0))).collect();
        Ok(GpoAnswer {
            refuse,
            format,
            offline: or_online(written.offline)?,
            decline: or_online(written.decline)?,
            online,
        })
    }

    fn records(
        &self,
        written: BTreeMap<RecordId, RecordFile>,
        known: &Known<'_>,
    ) -> Result<BTreeMap<RecordId, Record>, Problem> {
        let mut records = BTreeMap::new();
        for (id, record) in written {
            let unsigned = record.objects.iter().find(|name| objects::never_signed(self.scheme, name.get_ref().0));
            if let (true, Some(name)) = (record.oda, unsigned) {
                let message = format!("record {id} is signed, so it cannot hold {}", name.get_ref().0);
                return Err(self.sources.problem(name.span(), message));
            }
            records.insert(id, Record { oda: record.oda, objects: self.tags(record.objects, known)? });
        }
        Ok(records)
    }

    fn visa_version(&self, written: &CryptogramFile) -> Result<VisaCvn, Problem> {
        Ok(match written.version.get_ref() {
            10 => VisaCvn::Cvn10,
            17 => VisaCvn::Cvn17,
            18 => VisaCvn::Cvn18,
            22 => VisaCvn::Cvn22,
            _ => {
                return Err(self.sources.problem(written.version.span(), "wanted cryptogram version 10, 17, 18 or 22"));
            }
        })
    }

    fn cryptogram(&self, written: CryptogramFile) -> Result<Cryptogram, Problem> {
        let room = objects::DISCRETIONARY_ROOM;
        let discretionary = match written.discretionary {
            Some(bytes) if bytes.get_ref().0.len() > room => {
                let message = format!("at most {room} bytes fit into 9F10, found {}", bytes.get_ref().0.len());
                return Err(self.sources.problem(bytes.span(), message));
            }
            Some(bytes) => bytes.into_inner().0,
            None => Vec::new(),
        };
        Ok(Cryptogram { key_index: written.key_index, discretionary })
    }

    fn risk(&self, written: &RiskFile) -> Result<Risk, Problem> {
        let currency = |code: &Spanned<u16>| {
            let bcd = <[u8; 2]>::try_from(hex::decode(format!("{:04}", code.get_ref())).unwrap_or_default());
            bcd.map_err(|_| self.sources.problem(code.span(), "a currency code has three digits"))
        };
        Ok(Risk {
            decision: written.decision,
            offline_limit: written.offline_limit,
            offline_total: written.offline_total,
            currency: written.currency.as_ref().map(currency).transpose()?,
        })
    }
}

/// The first six and last four digits.
fn masked(digits: &str) -> String {
    let hidden = |at: usize| at >= 6 && at + 4 < digits.len();
    digits.chars().enumerate().map(|(at, digit)| if hidden(at) { '*' } else { digit }).collect()
}

/// Where the value of an object can come from.
struct Known<'a> {
    scheme: Scheme,
    data: &'a BTreeMap<Tag, Vec<u8>>,
    keys: &'a Keys,
    running_total: bool,
}

impl Known<'_> {
    fn has(&self, tag: Tag) -> Result<(), String> {
        if self.data.contains_key(&tag) {
            return Ok(());
        }
        let Keys { ca, issuer, card, .. } = self.keys;
        let (is_there, why) = match objects::origin(self.scheme, tag) {
            objects::Origin::Computed => (true, ""),
            objects::Origin::IssuerCertificate => {
                (ca.is_some() && issuer.is_some(), "it needs `keys.ca` and `keys.issuer`")
            }
            objects::Origin::IssuerSignature => (issuer.is_some(), "it needs `keys.issuer`"),
            objects::Origin::CardCertificate => {
                (issuer.is_some() && card.is_some(), "it needs `keys.issuer` and `keys.card`")
            }
            objects::Origin::CardSignature => (card.is_some(), "it needs `keys.card`"),
            objects::Origin::RunningTotal => {
                (self.running_total, "it needs `risk.offline-total`, or a value in `data`")
            }
            objects::Origin::Stated => (false, "give it a value in `data`"),
        };
        if is_there { Ok(()) } else { Err(why.to_owned()) }
    }
}
