//! A profile from what a card once answered: the objects, records and lists are the card's, the keys are test keys.

use std::collections::BTreeMap;

use super::{is_test_pan, objects, objects::Origin, profile::Scheme};
use crate::{
    apdu::CommandHeader,
    bytes::Hex,
    data::{Afl, dictionary as tags},
    tlv::{self, Budget, Tag},
};

/// A profile, and what a person should know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// `emvtap.card/1`.
    pub toml: String,
    /// What is not as it was on the card.
    pub notes: Vec<String>,
}

/// A variant of a built-in card, to be filled in by hand.
pub fn scaffold(name: &str, extends: &str) -> String {
    format!(
        "# What differs from {extends}; everything else is as it says.\nschema = \"emvtap.card/1\"\nextends = \"{extends}\"\n\
         title = {}\ndescription = \"\"\n\n[application.visa.data]\n# \"9F6C\" = \"8000\"   # CTQ: online PIN required\n\n\
         # [application.visa.risk]\n# decision = \"offline\"\n",
        quoted(name)
    )
}

/// Drafts a profile of all applications that gave processing options and have a personality; of an application that was
/// selected more than once, its last state. What is left out is among the notes.
///
/// `exchanges`: commands and responses with status word, in order. `any_pan`: also account numbers that are in no published
/// test range.
///
/// # Errors
/// In words: no application was read, it is of no scheme there is a personality for, or its account number may be real.
pub fn from_exchanges(name: &str, exchanges: &[(Vec<u8>, Vec<u8>)], any_pan: bool) -> Result<Draft, String> {
    let all = Seen::all(exchanges);
    if all.is_empty() {
        let why = "no application was selected and answered GET PROCESSING OPTIONS";
        return Err(format!("{why}; `emvtap card read` sends it with --gpo"));
    }
    let (drawn, left): (Vec<_>, Vec<_>) = all.into_iter().partition(|seen| seen.aid.starts_with(VISA));
    let left: Vec<String> = left.iter().map(|seen| Hex(&seen.aid).to_string()).collect();
    if drawn.is_empty() {
        return Err(format!("there is no personality for cards of {}; only Visa (A000000003) so far", left.join(", ")));
    }
    let real = drawn.iter().filter_map(Seen::pan).any(|pan| !is_test_pan(&pan));
    if real && !any_pan {
        return Err("the account number is in no published test range: this may be somebody's card".to_owned());
    }
    let mut notes = notes(&drawn);
    notes.extend(left.iter().map(|aid| format!("left out: application {aid}, whose scheme has no personality here")));
    Ok(Draft { toml: toml(name, &drawn, real), notes })
}

fn toml(name: &str, drawn: &[Seen], real: bool) -> String {
    let mut text = format!(
        "# Drafted from a recording. Objects, records and lists are the card's; keys are test keys.\n\
         schema = \"emvtap.card/1\"\ntitle = {}\ndescription = \"drafted from a recording; test keys\"\nscheme = \"visa\"\n",
        quoted(name)
    );
    if real {
        text.push_str("allow_any_pan = true\n");
    }
    for (seen, number) in drawn.iter().zip(1..) {
        let table = if number == 1 { "visa".to_owned() } else { format!("visa-{number}") };
        text.push_str(&seen.toml(&table));
    }
    text
}

fn notes(drawn: &[Seen]) -> Vec<String> {
    let mut notes = vec![
        "keys are test keys: the card's own are unknown, so certificates, signatures and cryptograms are made anew"
            .to_owned(),
    ];
    if drawn.iter().any(|seen| seen.values.contains_key(&tags::ISSUER_PUBLIC_KEY_CERTIFICATE_90)) {
        notes.push("certificates are of the emvtap test CA E1: a terminal needs the CA keys `emvtap-test`".to_owned());
    }
    for seen in drawn {
        let unread = seen.unread();
        if !unread.is_empty() {
            let aid = Hex(&seen.aid);
            notes
                .push(format!("left out: records {} of {aid}, which the AFL lists and nobody read", unread.join(", ")));
        }
    }
    notes
}

const VISA: &[u8] = &[0xA0, 0x00, 0x00, 0x00, 0x03];

/// What an application showed.
#[derive(Default)]
struct Seen {
    aid: Vec<u8>,
    values: BTreeMap<Tag, Vec<u8>>,
    fci: Vec<Tag>,
    fci_discretionary: Vec<Tag>,
    gpo: Vec<Tag>,
    format_1: bool,
    /// Whether GET PROCESSING OPTIONS was answered.
    complete: bool,
    records: BTreeMap<(u8, u8), Vec<Tag>>,
}

impl Seen {
    /// Every application that was selected and gave processing options.
    fn all(exchanges: &[(Vec<u8>, Vec<u8>)]) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        let mut now: Option<Self> = None;
        let mut keep = |seen: Option<Self>| {
            if let Some(mut seen) = seen.filter(|seen| seen.complete) {
                seen.leave_room_for_remainders();
                match all.iter_mut().find(|known| known.aid == seen.aid) {
                    Some(known) => *known = seen,
                    None => all.push(seen),
                }
            }
        };
        for (command, response) in exchanges {
            let (Some(command), Some((data, [0x90, 0x00]))) =
                (CommandHeader::parse(command), response.split_last_chunk::<2>())
            else {
                continue;
            };
            match (command.ins, &mut now) {
                // The directory is made from the applications.
                (0xA4, _) if command.data.get(1..).is_some_and(|name| name.starts_with(b"PAY.SYS.")) => {
                    keep(now.take())
                }
                (0xA4, _) => keep(now.replace(Self::selected(command.data, data))),
                (0xA8, Some(seen)) => {
                    seen.complete = true;
                    seen.options(data);
                }
                (0xB2, Some(seen)) => seen.record(command.p2 >> 3, command.p1, data),
                _ => {}
            }
        }
        keep(now);
        all
    }

    /// The records that the AFL lists and nobody read.
    fn unread(&self) -> Vec<String> {
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

    fn selected(aid: &[u8], data: &[u8]) -> Self {
        let mut seen = Self { aid: aid.to_vec(), ..Self::default() };
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

    /// The digits of the account number.
    fn pan(&self) -> Option<String> {
        let digits = |tag: Tag| {
            let text = Hex(self.values.get(&tag)?).to_string();
            text.split(['D', 'F']).next().map(str::to_owned)
        };
        digits(tags::PAN_5A).or_else(|| digits(tags::TRACK_2_EQUIVALENT_DATA_57))
    }

    /// Whether the AFL lists the record among those that are signed.
    fn is_signed(&self, sfi: u8, number: u8) -> bool {
        let afl = self.values.get(&tags::AFL_94).map(Vec::as_slice).unwrap_or_default();
        let Ok(afl) = Afl::parse(afl) else { return false };
        afl.records().any(|record| (record.sfi, record.number, record.signed) == (sfi, number, true))
    }

    /// The objects whose recorded value the profile states.
    fn stated(&self) -> impl Iterator<Item = (Tag, &Vec<u8>)> {
        const ELSEWHERE: [Tag; 2] = [tags::APPLICATION_LABEL_50, tags::APPLICATION_PRIORITY_INDICATOR_87];
        // What a running total was then is all that is known of it.
        let states = |tag: Tag| {
            matches!(objects::origin(Scheme::Visa, tag), Origin::Stated | Origin::RunningTotal)
                && !ELSEWHERE.contains(&tag)
        };
        self.values.iter().filter(move |(tag, _)| states(**tag)).map(|(tag, value)| (*tag, value))
    }

    /// Decision and cryptogram version, as the issuer application data say (VIS: length, key index, version, results).
    fn decision(&self) -> (&'static str, u8) {
        let iad = self.values.get(&tags::IAD_9F10).map(Vec::as_slice).unwrap_or_default();
        let version = iad.get(2).copied().filter(|version| [10, 17, 18, 22].contains(version)).unwrap_or(18);
        let kind = self.values.get(&tags::CID_9F27).and_then(|cid| cid.first()).map(|cid| cid >> 6);
        let kind = kind.or_else(|| iad.get(4).map(|results| results >> 4 & 0b11));
        let decision = match kind {
            Some(0b00) => "decline",
            Some(0b01) => "offline",
            _ => "online",
        };
        (decision, version)
    }

    /// The tables of one application.
    fn toml(&self, table: &str) -> String {
        let (decision, version) = self.decision();
        let mut text = format!("\n[application.{table}]\naid = \"{}\"\n", Hex(&self.aid));
        if let Some(label) = self.values.get(&tags::APPLICATION_LABEL_50) {
            text.push_str(&format!("label = {}\n", quoted(&String::from_utf8_lossy(label))));
        }
        if let Some([priority]) = self.values.get(&tags::APPLICATION_PRIORITY_INDICATOR_87).map(Vec::as_slice) {
            text.push_str(&format!("priority = {priority}\n"));
        }
        text.push_str(&format!("\n[application.{table}.data]\n"));
        for (tag, value) in self.stated() {
            let name = tags::rows(tag).first().map_or("unknown", |row| row.name);
            text.push_str(&format!("\"{tag}\" = \"{}\"  # {name}\n", Hex(value)));
        }
        text.push_str(&format!("\n[application.{table}.fci]\n"));
        text.push_str(&format!(
            "proprietary = {}\ndiscretionary = {}\n",
            list(&self.fci),
            list(&self.fci_discretionary)
        ));
        text.push_str(&format!("\n[application.{table}.gpo]\n"));
        if self.format_1 {
            text.push_str("format = 1\n");
        }
        text.push_str(&format!("online = {}\n", list(&self.gpo)));
        if !self.records.is_empty() {
            text.push_str(&format!("\n[application.{table}.records]\n"));
        }
        for ((sfi, number), objects) in &self.records {
            let oda = if self.is_signed(*sfi, *number) { "oda = true, " } else { "" };
            text.push_str(&format!("\"{sfi}.{number}\" = {{ {oda}objects = {} }}\n", list(objects)));
        }
        text.push_str(&format!(
            "\n[application.{table}.keys]\nca = \"visa-ca-e1\"\nissuer = \"visa-issuer-a\"\ncard = \"visa-card-a\"\n\
             master = \"visa-master-a\"\n"
        ));
        text.push_str(&format!("\n[application.{table}.cryptogram]\nversion = {version}\n"));
        text.push_str(&format!("\n[application.{table}.risk]\ndecision = \"{decision}\"\n"));
        text
    }
}

fn list(tags: &[Tag]) -> String {
    let quoted: Vec<String> = tags.iter().map(|tag| format!("\"{tag}\"")).collect();
    format!("[{}]", quoted.join(", "))
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
