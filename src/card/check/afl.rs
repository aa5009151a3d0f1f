//! The file locator against the records, and both against what must and must not come twice.

use std::collections::BTreeMap;

use super::{Notes, Subject, mchip, rules, view::View};
use crate::{
    card::{
        files,
        profile::{GpoFormat, RecordId, Scheme},
    },
    data::{
        Afl, Scope,
        dictionary::{
            self, AFL_94, AIP_82, APPLICATION_CRYPTOGRAM_9F26, APPLICATION_EXPIRATION_DATE_5F24, ATC_9F36, CDOL1_8C,
            IAD_9F10, NATC_TRACK2_9F67, PAN_5A, PCVC3_TRACK2_9F65, PUNATC_TRACK2_9F66, TRACK_2_DATA_9F6B,
            TRACK_2_EQUIVALENT_DATA_57,
        },
    },
    tlv::Tag,
};

const MANDATORY: [Tag; 5] = [AIP_82, TRACK_2_EQUIVALENT_DATA_57, IAD_9F10, APPLICATION_CRYPTOGRAM_9F26, ATC_9F36];

/// How many of these in mag-stripe mode.
const MANDATORY_MAG_STRIPE: usize = 2;

/// What Kernel 2 wants in EMV mode.
const MCHIP: [Tag; 5] = [AIP_82, AFL_94, APPLICATION_EXPIRATION_DATE_5F24, PAN_5A, CDOL1_8C];
/// What it wants in mag-stripe mode.
const TRACK: [Tag; 6] = [AIP_82, AFL_94, TRACK_2_DATA_9F6B, PCVC3_TRACK2_9F65, PUNATC_TRACK2_9F66, NATC_TRACK2_9F67];

pub(super) fn check(subject: &Subject<'_>, notes: &mut Notes<'_>) {
    signed(subject, notes);
    records(subject, notes);
    for view in subject.views {
        mandatory(subject, view, notes);
        duplicates(subject, view, notes);
        foreign(subject, view, notes);
    }
}

/// Whether the locator leads anywhere; says why if it does not.
pub(super) fn locator(subject: &Subject<'_>, notes: &mut Notes<'_>) -> bool {
    let application = subject.application;
    let value = files::afl(application);
    if let Err(error) = Afl::parse(&value) {
        let hint = "leave 94 out to have it made from the records";
        notes.say(rules::AFL_FORMAT, &subject.data(AFL_94), format!("the file locator is malformed: {error}"), hint);
        return false;
    }
    if application.gpo.format == GpoFormat::One && value.is_empty() {
        let message = "an answer in format 1 has nothing but AIP and file locator, and there are no records";
        notes.say(rules::GPO_FORMAT, &subject.path(&["gpo", "format"]), message, "use format 2, or add records");
        return false;
    }
    true
}

/// The records of the locator against those of the card.
fn signed(subject: &Subject<'_>, notes: &mut Notes<'_>) {
    let application = subject.application;
    let Some(view) = subject.views.iter().find(|view| !view.records.is_empty()) else { return };
    for (id, signed) in &view.records {
        match application.records.get(id) {
            None => {
                let message = format!("the file locator leads to record {id}, which does not exist");
                notes.say(rules::AFL_RECORD, &subject.data(AFL_94), message, "add the record, or shorten the locator");
            }
            Some(record) if record.oda != *signed => {
                let (locator, made) = if *signed { ("signed", "not") } else { ("not signed", "is") };
                let message = format!("the file locator says that record {id} is {locator}; it {made}");
                notes.say(rules::AFL_SIGNED, &subject.data(AFL_94), message, "change byte 4 of the entry, or `oda`");
            }
            Some(_) => {}
        }
    }
}

fn records(subject: &Subject<'_>, notes: &mut Notes<'_>) {
    let read = |id: &RecordId| subject.views.iter().any(|view| view.records.iter().any(|(known, _)| known == id));
    for id in subject.application.records.keys() {
        let place = subject.path(&["records", &id.to_string()]);
        if !read(id) && !subject.only_declines() {
            let hint = "give 94 in the answer to GET PROCESSING OPTIONS, or drop the record";
            notes.say(rules::AFL_UNREAD, &place, format!("no transaction leads to record {id}"), hint);
        }
        if id.sfi > 10 {
            let message = format!("file {} is for data of payment system or issuer, not for EMV's own", id.sfi);
            notes.say(rules::RECORD_FILE, &place, message, "use files 1 to 10");
        }
    }
}

fn mandatory(subject: &Subject<'_>, view: &View<'_>, notes: &mut Notes<'_>) {
    let scheme = subject.application.scheme();
    let (tags, check) = match scheme {
        Scheme::Visa if subject.is_mag_stripe() => (MANDATORY.get(..MANDATORY_MAG_STRIPE), rules::MANDATORY),
        Scheme::Visa => (MANDATORY.get(..), rules::MANDATORY),
        Scheme::Mastercard if subject.has_emv_mode() => (MCHIP.get(..), rules::MANDATORY_MCHIP),
        Scheme::Mastercard => (TRACK.get(..), rules::MANDATORY_TRACK),
    };
    for tag in tags.unwrap_or_default().iter().copied().filter(|tag| !view.shows(*tag)) {
        let name = dictionary::row(tag, scheme.scope()).map_or("", |row| row.name);
        let message = format!("{tag} ({name}) is mandatory and comes neither here nor in a record");
        notes.say(check, &view.list, message, "add it to the list; without it the kernel ends the application");
    }
}

fn duplicates(subject: &Subject<'_>, view: &View<'_>, notes: &mut Notes<'_>) {
    let check = match subject.application.scheme() {
        Scheme::Visa => rules::DUPLICATE,
        Scheme::Mastercard => rules::DUPLICATE_MCHIP,
    };
    let mut seen: BTreeMap<Tag, Option<RecordId>> = BTreeMap::from([(dictionary::DF_NAME_84, None)]);
    for shown in view.fci.iter().chain(&view.objects) {
        if seen.insert(shown.tag, shown.record).is_some() {
            let message = format!("{} comes twice in one transaction", shown.tag);
            let hint = "a kernel ends the application even if both are the same; keep one";
            notes.say(check, &shown.path, message, hint);
        }
    }
}

fn foreign(subject: &Subject<'_>, view: &View<'_>, notes: &mut Notes<'_>) {
    let scope = subject.application.scheme().scope();
    for shown in view.fci.iter().chain(&view.objects) {
        let tag = shown.tag;
        match dictionary::row(tag, scope) {
            None => {
                let message = format!("no kernel that reads this card knows {tag}");
                notes.say(rules::UNKNOWN_OBJECT, &shown.path, message, "a terminal ignores it; is the tag right?");
            }
            Some(row) if scope == Scope::K2 && mchip::is_parsed(shown) && mchip::kernel_2_refuses(row) => {
                let message = format!("{tag} ({}) is not the card's to give: a parsing error", row.name);
                let hint = "kernel 2 ends the application over it; leave it out";
                notes.say(rules::TERMINAL_OBJECT_MCHIP, &shown.path, message, hint);
            }
            Some(row) if row.origin == dictionary::Origin::Terminal => {
                let message = format!("{tag} ({}) is for the terminal to say", row.name);
                notes.say(rules::TERMINAL_OBJECT, &shown.path, message, "a terminal ignores it; leave it out");
            }
            Some(_) => {}
        }
    }
}
