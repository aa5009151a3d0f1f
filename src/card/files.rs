//! The personalised file system: PPSE, FCI templates, records, and the list that leads to them.

use std::{borrow::Cow, collections::BTreeMap};

use super::profile::{Application, PpseEntry, RecordId};
use crate::{
    data::dictionary::{
        ADF_NAME_4F, AFL_94, AIP_82, APPLICATION_LABEL_50, APPLICATION_PREFERRED_NAME_9F12,
        APPLICATION_PRIORITY_INDICATOR_87, APPLICATION_PROGRAM_IDENTIFIER_PROGRAM_ID_9F5A, APPLICATION_TEMPLATE_61,
        ASRPD_9F0A, DF_NAME_84, EXTENDED_SELECTION_9F29, FCI_ISSUER_DISCRETIONARY_DATA_BF0C,
        FCI_PROPRIETARY_TEMPLATE_A5, FCI_TEMPLATE_6F, IIN_42, ISSUER_CODE_TABLE_INDEX_9F11,
        ISSUER_COUNTRY_CODE_ALPHA_2_5F55, KERNEL_IDENTIFIER_9F2A, LANGUAGE_PREFERENCE_5F2D, LOG_ENTRY_9F4D, PDOL_9F38,
        READ_RECORD_RESPONSE_TEMPLATE_70, SDA_TAG_LIST_9F4A,
    },
    tlv::{Tag, Writer},
};

/// The name of the contactless directory (Book B, 3.3.1).
pub(super) const PPSE: &[u8] = b"2PAY.SYS.DDF01";

/// Objects of A5, in the order cards usually have them (EMV Book 1, table 45).
const USUAL_FCI: &[Tag] = &[
    APPLICATION_LABEL_50,
    APPLICATION_PRIORITY_INDICATOR_87,
    PDOL_9F38,
    LANGUAGE_PREFERENCE_5F2D,
    ISSUER_CODE_TABLE_INDEX_9F11,
    APPLICATION_PREFERRED_NAME_9F12,
];

const USUAL_DISCRETIONARY: &[Tag] = &[
    IIN_42,
    ISSUER_COUNTRY_CODE_ALPHA_2_5F55,
    LOG_ENTRY_9F4D,
    ASRPD_9F0A,
    APPLICATION_PROGRAM_IDENTIFIER_PROGRAM_ID_9F5A,
];

/// The objects of A5 that a card with these data has if its profile does not list them.
pub(super) fn usual_fci(data: &BTreeMap<Tag, Vec<u8>>) -> Vec<Tag> {
    USUAL_FCI.iter().copied().filter(|tag| data.contains_key(tag)).collect()
}

/// The objects of BF0C that a card with these data has if its profile does not list them.
pub(super) fn usual_discretionary(data: &BTreeMap<Tag, Vec<u8>>) -> Vec<Tag> {
    USUAL_DISCRETIONARY.iter().copied().filter(|tag| data.contains_key(tag)).collect()
}

/// The answer to SELECT PPSE (Book B, table 3-2).
pub(super) fn ppse(entries: &[PpseEntry]) -> Vec<u8> {
    let mut out = Writer::new();
    out.nest(FCI_TEMPLATE_6F, |fci| {
        fci.object(DF_NAME_84, PPSE);
        fci.nest(FCI_PROPRIETARY_TEMPLATE_A5, |proprietary| {
            proprietary.nest(FCI_ISSUER_DISCRETIONARY_DATA_BF0C, |directory| {
                for entry in entries {
                    directory.nest(APPLICATION_TEMPLATE_61, |out| directory_entry(out, entry));
                }
            });
        });
    });
    out.finish()
}

fn directory_entry(out: &mut Writer, entry: &PpseEntry) {
    out.object(ADF_NAME_4F, &entry.aid);
    if let Some(label) = &entry.label {
        out.object(APPLICATION_LABEL_50, label.as_bytes());
    }
    if let Some(priority) = entry.priority {
        out.object(APPLICATION_PRIORITY_INDICATOR_87, &[priority]);
    }
    if let Some(kernel) = &entry.kernel_identifier {
        out.object(KERNEL_IDENTIFIER_9F2A, kernel);
    }
    if let Some(extension) = &entry.extended_selection {
        out.object(EXTENDED_SELECTION_9F29, extension);
    }
}

/// The answer to SELECT of an application (EMV Book 1, table 45).
pub(super) fn fci(application: &Application) -> Vec<u8> {
    let stated = |tag: Tag| application.data.get(&tag).map(|value| Cow::from(value.as_slice()));
    let mut out = Writer::new();
    out.nest(FCI_TEMPLATE_6F, |fci| {
        fci.object(DF_NAME_84, &application.aid);
        fci.nest(FCI_PROPRIETARY_TEMPLATE_A5, |proprietary| {
            proprietary.raw(&objects(&application.fci, stated));
            if !application.fci_discretionary.is_empty() {
                let discretionary = objects(&application.fci_discretionary, stated);
                proprietary.object(FCI_ISSUER_DISCRETIONARY_DATA_BF0C, &discretionary);
            }
        });
    });
    out.finish()
}

/// The listed objects that have a value, one after the other.
pub(super) fn objects<'a>(list: &[Tag], value: impl Fn(Tag) -> Option<Cow<'a, [u8]>>) -> Vec<u8> {
    let mut out = Writer::new();
    for tag in list {
        if let Some(value) = value(*tag) {
            out.object(*tag, &value);
        }
    }
    out.finish()
}

/// A record: template 70 around its objects.
pub(super) fn record<'a>(list: &[Tag], value: impl Fn(Tag) -> Option<Cow<'a, [u8]>>) -> Vec<u8> {
    let mut out = Writer::new();
    out.object(READ_RECORD_RESPONSE_TEMPLATE_70, &objects(list, value));
    out.finish()
}

/// The application file locator (EMV Book 3, 10.2): stated, or over all records in ascending order. An entry covers records
/// that follow each other in one file, the signed ones first.
pub(super) fn afl(application: &Application) -> Vec<u8> {
    if let Some(stated) = application.data.get(&AFL_94) {
        return stated.clone();
    }
    let mut entries: Vec<[u8; 4]> = Vec::new();
    for (RecordId { sfi, record }, content) in &application.records {
        let file = sfi << 3;
        let signed = u8::from(content.oda);
        match entries.last_mut() {
            Some([last_file, first, last, count])
                if *last_file == file
                    && last.checked_add(1) == Some(*record)
                    && (!content.oda || *count == *last - *first + 1) =>
            {
                *last = *record;
                *count += signed;
            }
            _ => entries.push([file, *record, *record, signed]),
        }
    }
    entries.concat()
}

/// The static data to be authenticated (EMV Book 3, 10.3): signed records in the order of the AFL, and the AIP if 9F4A asks
/// for it.
pub(super) fn static_data<'a>(
    application: &Application,
    value: impl Fn(Tag) -> Option<Cow<'a, [u8]>> + Copy,
) -> Vec<u8> {
    let mut data = Vec::new();
    for (id, signed) in application.records.iter().filter(|(_, record)| record.oda) {
        // Files 1 to 10 hold EMV's own templates: only their content is signed.
        if id.sfi <= 10 {
            data.extend(objects(&signed.objects, value));
        } else {
            data.extend(record(&signed.objects, value));
        }
    }
    if application.data.contains_key(&SDA_TAG_LIST_9F4A) {
        data.extend(application.data.get(&AIP_82).into_iter().flatten());
    }
    data
}
