//! Responses, in the light of the command before them.

use super::{Entry, Kind, Session, StatusWord, Tag, dump, tags, tlv, values};

impl Session {
    /// A command and its response, as far as they are there. What is sensitive in them has been learnt.
    pub fn exchange(&mut self, command: Option<&[u8]>, response: Option<&[u8]>) -> Vec<Entry> {
        let mut entries = Vec::new();
        entries.extend(command.map(|bytes| self.command(bytes)));
        let ins = command.and_then(|bytes| bytes.get(1).copied());
        match response {
            Some(bytes) => entries.push(self.response(bytes, ins, command.unwrap_or_default())),
            None if command.is_some() => {}
            None => entries.push(Entry::wrong("neither a command nor a response")),
        }
        entries
    }

    fn response(&mut self, bytes: &[u8], ins: Option<u8>, command: &[u8]) -> Entry {
        let mut entry = Entry { name: "response".to_owned(), length: Some(bytes.len()), ..Entry::new(Kind::Response) };
        let Some((data, status)) = bytes.split_last_chunk::<2>() else {
            entry.children.push(Entry::wrong("a response has at least two bytes"));
            return entry;
        };
        if matches!(ins, None | Some(0xA4)) {
            self.name_application(data);
        }
        if ins.is_none() {
            self.infer(data);
        }
        self.keep(data);
        entry.children = match self.is_log_record(command, data) {
            true => self.answers(tags::LOG_FORMAT_9F4F, data),
            false => self.response_data(data, ins),
        };
        let status = StatusWord(u16::from_be_bytes(*status));
        entry.children.push(self.status(status, ins));
        if !dump::is_response(bytes) {
            entry.children.push(Entry::wrong("the last two bytes are no status word of ISO 7816-4"));
        }
        entry
    }

    /// The full name in the answer to a partial SELECT tells more than the command.
    fn name_application(&mut self, data: &[u8]) {
        if self.scope().is_none() {
            self.infer(super::find(data, tags::FCI_TEMPLATE_6F).unwrap_or_default());
        }
    }

    fn response_data(&self, data: &[u8], ins: Option<u8>) -> Vec<Entry> {
        if data.is_empty() {
            return Vec::new();
        }
        if let Some(parts) = self.format_1(data, ins) {
            return parts;
        }
        let tree = values::decode(data, self.scope());
        let lens = self.lens();
        if tree.nodes.is_empty() {
            let bytes = if self.mask().is_on() { Vec::new() } else { data.to_vec() };
            let words = format!("{} bytes that are no data objects", data.len());
            return vec![Entry::part("data", &bytes, words)];
        }
        let mut entries: Vec<Entry> = tree.nodes.iter().map(|node| lens.object(node)).collect();
        entries.extend(tree.error.map(|error| lens.problem(error, data.get(error.at..).unwrap_or_default())));
        entries
    }

    /// Values without tags in a template 80 (Book 3, 6.5.5.4, 6.5.8.4, 6.5.9.4).
    fn format_1(&self, data: &[u8], ins: Option<u8>) -> Option<Vec<Entry>> {
        let template = match tlv::objects(data).next() {
            Some(Ok(object)) if object.tag == tags::RESPONSE_MESSAGE_TEMPLATE_FORMAT_1_80 => object,
            _ => return None,
        };
        let rest = usize::MAX;
        let parts: &[(Tag, usize)] = match ins? {
            0xA8 => &[(tags::AIP_82, 2), (tags::AFL_94, rest)],
            0xAE => &[
                (tags::CID_9F27, 1),
                (tags::ATC_9F36, 2),
                (tags::APPLICATION_CRYPTOGRAM_9F26, 8),
                (tags::IAD_9F10, rest),
            ],
            0x88 => &[(tags::SDAD_9F4B, rest)],
            // C-2, A.1: the positions of these objects, which never have tags.
            0xEA => &[
                (tags::DEVICE_RR_ENTROPY_DF8302, 4),
                (tags::MIN_TIME_FOR_PROCESSING_RR_APDU_DF8303, 2),
                (tags::MAX_TIME_FOR_PROCESSING_RR_APDU_DF8304, 2),
                (tags::DEVICE_EST_TRANSMISSION_TIME_RR_R_APDU_DF8305, 2),
            ],
            _ => return None,
        };
        let mut children = Vec::new();
        let mut at = 0;
        for (tag, length) in parts {
            let left = template.value.get(at..).unwrap_or_default();
            let value = left.get(..(*length).min(left.len())).unwrap_or_default();
            if value.is_empty() {
                break;
            }
            let entry = self.lens().object(&values::decode_value(*tag, value, self.scope()));
            children.push(Entry { at: Some(template.value_at + at), ..entry });
            at += value.len();
        }
        Some(vec![Entry {
            at: Some(template.at),
            tag: Some(template.tag),
            name: "Response Message Template Format 1".to_owned(),
            format: "b",
            length: Some(template.value.len()),
            children,
            ..Entry::new(Kind::Object)
        }])
    }
}
