//! What is remembered from one exchange to the next: the kernel in force, the lists that the card has sent, the currency.

use super::{
    Hex, Kind, Lens, Mask, Options, Scope, StatusWord, Tag, application, codes, entry::Entry, find, reactions, tags,
    tlv, values,
};
use crate::{bytes::Cursor, data::codes::CurrencyCode, tlv::Budget};

/// The state of a conversation.
pub struct Session {
    forced: Option<Scope>,
    followed: Option<Scope>,
    currency: Option<CurrencyCode>,
    mask: Mask,
    lists: Vec<(Tag, Vec<u8>)>,
    /// How many GENERATE AC there were since the application was selected.
    cryptograms: usize,
    /// Whether the application's answer to SELECT has been seen.
    selected: bool,
    /// The file of the card's transaction log.
    log_file: Option<u8>,
    /// Whether the input says that it is masked.
    pub masked_before: bool,
}

impl Session {
    /// The state before anything is known.
    pub fn new(options: &Options) -> Self {
        Self {
            forced: options.scope,
            followed: None,
            currency: None,
            mask: if options.unmasked { Mask::off() } else { Mask::on() },
            lists: Vec::new(),
            cryptograms: 0,
            selected: false,
            log_file: None,
            masked_before: false,
        }
    }

    /// Whose meaning of tags counts.
    pub fn scope(&self) -> Option<Scope> {
        self.forced.or(self.followed)
    }

    /// How objects are looked at now.
    pub const fn lens(&self) -> Lens<'_> {
        let scope = if self.forced.is_some() { self.forced } else { self.followed };
        Lens { mask: &self.mask, scope, currency: self.currency, masked_before: self.masked_before }
    }

    /// What hides sensitive values.
    pub const fn mask(&self) -> &Mask {
        &self.mask
    }

    /// Remembers what is sensitive in data objects.
    pub fn learn(&mut self, objects: &[u8]) {
        self.mask.learn_objects(objects);
        self.mask.learn(objects);
    }

    /// Remembers what is sensitive in a response.
    pub fn learn_response(&mut self, response: &[u8]) {
        self.mask.learn(response);
    }

    /// Remembers what is sensitive in an object.
    pub fn learn_object(&mut self, tag: Tag, value: &[u8]) {
        self.mask.learn_object(tag, value);
        if tag.is_constructed() {
            self.learn(value);
        }
    }

    /// Takes kernel and currency from data objects, if they name them and agree.
    pub fn infer(&mut self, objects: &[u8]) {
        let mut scopes: Vec<Scope> = Vec::new();
        for (_, object) in tlv::walk(objects, Budget::default()).map_while(Result::ok) {
            let is_name = matches!(object.tag, tags::ADF_NAME_4F | tags::DF_NAME_84 | tags::AID_TERMINAL_9F06);
            let application = is_name.then(|| application::named(object.value)).flatten();
            if let Some(scope) = application.and_then(|application| application.scope)
                && !scopes.contains(&scope)
            {
                scopes.push(scope);
            }
        }
        if let [only] = scopes.as_slice() {
            self.followed = Some(*only);
        }
        self.note_currency(objects);
    }

    fn note_currency(&mut self, objects: &[u8]) {
        self.currency = find(objects, tags::TRANSACTION_CURRENCY_CODE_5F2A).and_then(codes::currency).or(self.currency);
    }

    /// An application, or a directory, is selected by this name: what was known of the last one is void.
    pub fn select(&mut self, name: &[u8]) {
        self.lists.clear();
        (self.cryptograms, self.selected, self.log_file) = (0, false, None);
        self.followed = application::named(name).and_then(|application| application.scope);
    }

    /// Keeps the lists that a response has.
    pub fn keep(&mut self, data: &[u8]) {
        const LISTS: [Tag; 6] =
            [tags::PDOL_9F38, tags::CDOL1_8C, tags::CDOL2_8D, tags::DDOL_9F49, tags::UDOL_9F69, tags::LOG_FORMAT_9F4F];
        for (_, object) in tlv::walk(data, Budget::default()).map_while(Result::ok) {
            self.selected |= object.tag == tags::FCI_TEMPLATE_6F;
            if matches!(object.tag, tags::LOG_ENTRY_9F4D | tags::VISA_LOG_ENTRY_DF60) {
                self.log_file = object.value.first().copied();
            }
            if LISTS.contains(&object.tag) {
                self.lists.retain(|(tag, _)| *tag != object.tag);
                self.lists.push((object.tag, object.value.to_vec()));
            }
        }
    }

    fn list_of(&self, tag: Tag) -> Option<&[u8]> {
        self.lists.iter().find(|(known, _)| *known == tag).map(|(_, value)| value.as_slice())
    }

    /// Which list the data of a GENERATE AC answer.
    pub fn next_cryptogram(&mut self) -> Tag {
        self.cryptograms += 1;
        if self.cryptograms == 1 { tags::CDOL1_8C } else { tags::CDOL2_8D }
    }

    /// Whether a response is a record of the card's transaction log, which has values and no data objects (EMV Book 3, D3).
    pub fn is_log_record(&self, command: &[u8], data: &[u8]) -> bool {
        let [_, 0xB2, _, p2, ..] = *command else { return false };
        let template = tags::READ_RECORD_RESPONSE_TEMPLATE_70;
        let is_template = tlv::objects(data).next().is_some_and(|object| object.is_ok_and(|it| it.tag == template));
        self.log_file == Some(p2 >> 3) && !data.is_empty() && !is_template
    }

    /// The values for a list, which the command has, or a log record: one object for each entry, and what does not fit.
    pub fn answers(&mut self, list: Tag, data: &[u8]) -> Vec<Entry> {
        let name = tags::rows(list).first().map_or("list", |row| row.name);
        let Some(dol) = self.list_of(list).map(<[u8]>::to_vec) else {
            return self.unlisted(list, name, data);
        };
        let entries: Vec<_> = tlv::dol_entries(&dol).map_while(Result::ok).collect();
        let wanted: usize = entries.iter().map(|entry| usize::from(entry.length)).sum();
        let mut cursor = Cursor::new(data);
        let mut found = Vec::new();
        for entry in &entries {
            let Some(value) = cursor.take(entry.length.into()) else { break };
            found.push((entry.tag, cursor.position() - value.len(), value));
        }
        let currency = found.iter().find(|(tag, ..)| *tag == tags::TRANSACTION_CURRENCY_CODE_5F2A);
        self.currency = currency.and_then(|(.., value)| codes::currency(value)).or(self.currency);
        let lens = self.lens();
        let mut answers: Vec<Entry> = found
            .into_iter()
            .map(|(tag, at, value)| {
                let mut node = values::decode_value(tag, value, lens.scope);
                // The list may ask for other lengths than the object has.
                node.faults.clear();
                Entry { at: Some(at), ..lens.object(&node) }
            })
            .collect();
        if wanted != data.len() {
            let (sent, missing) = (data.len(), entries.get(answers.len()));
            let missing = missing.map_or_else(String::new, |entry| {
                format!("; {} is not all there", super::title(entry.tag, lens.scope))
            });
            let holder = if list == tags::LOG_FORMAT_9F4F { "record" } else { "command" };
            answers.push(Entry::wrong(format!(
                "{name} asks for {wanted:02X}h = {wanted} bytes, the {holder} has {sent:02X}h = {sent}{missing}"
            )));
        }
        answers
    }

    fn unlisted(&self, list: Tag, name: &str, data: &[u8]) -> Vec<Entry> {
        let bytes = self.mask.bytes(data);
        match data {
            [] if self.selected => vec![Entry::note(format!("no values: the card sent no {name}"))],
            [] => vec![Entry::note("no values")],
            _ if self.selected && list == tags::PDOL_9F38 => {
                vec![
                    Entry::part("values", &bytes, ""),
                    Entry::wrong(format!("the card sent no {name}, the command has {} bytes of values", data.len())),
                ]
            }
            _ => vec![Entry::part(
                "values",
                &bytes,
                format!("no {name} ({list}) has been seen that would tell them apart"),
            )],
        }
    }

    /// A status word after a command with this instruction.
    pub fn status(&self, status: StatusWord, ins: Option<u8>) -> Entry {
        let text = status_words(status, ins, self.scope());
        let value = Some(status.0.to_be_bytes().to_vec());
        Entry { name: "SW1 SW2".to_owned(), value, text, ..Entry::new(Kind::Status) }
    }
}

/// What a status word says, and what it does after a command with this instruction.
pub fn status_words(status: StatusWord, ins: Option<u8>, scope: Option<Scope>) -> String {
    let meaning = status.meaning();
    let mut text = meaning.map_or("no general meaning", |meaning| meaning.words).to_owned();
    if let Some(tries) = status.tries_left() {
        text = format!("verification failed, {tries} tries left");
    }
    match context(status.0, ins, scope) {
        Some(context) => format!("{text}; {context}"),
        None => text,
    }
}

/// What a status word says after a certain command.
fn context(status: u16, ins: Option<u8>, scope: Option<Scope>) -> Option<String> {
    let words = match (ins?, status) {
        (0xA4, 0x6A82) => "after SELECT: no such application on the card, or no more of them",
        (0xA4, 0x6A81) => "after SELECT: the card is blocked, or cannot select by name",
        (0xA4, 0x6283) => "after SELECT: the application is blocked",
        (0xA8, 0x6700) => "after GPO: the values do not have the length that the PDOL asks for",
        (0xA8, status) if status != 0x9000 => return after_options(status, scope),
        (0xAE, 0x6700) => "after GENERATE AC: the data do not have the length that the CDOL asks for",
        (0xAE, 0x6985) => "after GENERATE AC: not in this state, or too many of them",
        (0xB2, 0x6A83) => "after READ RECORD: the file has no record of this number",
        (0xCA, 0x6A88) => "after GET DATA: the card does not give out this object",
        (0x82, 0x6300) => "after EXTERNAL AUTHENTICATE: the issuer's cryptogram is wrong",
        (0x20, 0x6983 | 0x6984) => "after VERIFY: no tries are left",
        _ => return None,
    };
    Some(words.to_owned())
}

/// What follows after GPO: for the kernel of the application, or for all if it is not known and some make more of this word than
/// of others.
fn after_options(status: u16, scope: Option<Scope>) -> Option<String> {
    let all: Vec<_> = reactions::to(status).filter(|one| one.after == reactions::Command::Gpo).collect();
    let of_kernel = all.iter().find(|one| scope.is_some() && Scope::kernel(one.kernel) == scope);
    if let Some(one) = of_kernel {
        return Some(format!("after GPO: {}", one.words));
    }
    if scope.is_some() || !all.iter().any(|one| one.status == status) {
        return None;
    }
    let words: Vec<String> = all.iter().map(|one| format!("{}: {}", one.who(), one.words)).collect();
    Some(format!("after GPO: {}", words.join("; ")))
}

/// Bytes as upper-case hex.
pub fn hex(bytes: &[u8]) -> String {
    Hex(bytes).to_string()
}
