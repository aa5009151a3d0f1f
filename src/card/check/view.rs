//! What a terminal gets to see of a transaction: the answer to SELECT, one of the answers to GET PROCESSING OPTIONS, and the
//! records it leads to.

use super::path;
use crate::{
    card::{
        files,
        profile::{Application, Decision, GpoFormat, RecordId},
    },
    data::{
        Afl,
        dictionary::{AFL_94, AIP_82},
    },
    diag::Places,
    tlv::Tag,
};

/// The type of the cryptogram of a transaction, which decides about the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Online,
    Offline,
    Decline,
}

/// One object and where the profile lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub tag: Tag,
    pub path: Vec<String>,
    /// The record, if it is in one.
    pub record: Option<RecordId>,
}

/// One transaction, as far as the profile decides about it.
pub(super) struct View<'a> {
    pub kind: Kind,
    /// The objects of the answer to SELECT, without the name.
    pub fci: Vec<Shown>,
    /// The objects of the answer to GET PROCESSING OPTIONS and of the records.
    pub objects: Vec<Shown>,
    /// The records that are read, in order, with whether the terminal takes them for signed.
    pub records: Vec<(RecordId, bool)>,
    /// The path of the list of the answer.
    pub list: Vec<String>,
    application: &'a Application,
}

impl<'a> View<'a> {
    /// The transactions that can come about. A card that wants to go online declines at readers that cannot.
    pub fn all(application: &'a Application, places: &Places) -> Vec<Self> {
        let kinds: &[Kind] = match application.risk.decision {
            Decision::Online => &[Kind::Online, Kind::Decline],
            Decision::Offline => &[Kind::Online, Kind::Offline, Kind::Decline],
            Decision::Decline => &[Kind::Decline],
        };
        kinds.iter().map(|kind| Self::new(*kind, application, places)).collect()
    }

    fn new(kind: Kind, application: &'a Application, places: &Places) -> Self {
        let (tags, word) = match kind {
            Kind::Online => (&application.gpo.online, "online"),
            Kind::Offline => (&application.gpo.offline, "offline"),
            Kind::Decline => (&application.gpo.decline, "decline"),
        };
        let stated = path(&application.name, &["gpo", word]);
        let list = if places.has(&stated) { stated } else { path(&application.name, &["gpo", "online"]) };
        let listed = match application.gpo.format {
            GpoFormat::One => &vec![AIP_82, AFL_94],
            GpoFormat::Two => tags,
        };
        let mut objects = located(listed, &list, None);
        let records = if listed.contains(&AFL_94) { read(application) } else { Vec::new() };
        for (id, _) in &records {
            let Some(record) = application.records.get(id) else { continue };
            let list = path(&application.name, &["records", &id.to_string(), "objects"]);
            objects.extend(located(&record.objects, &list, Some(*id)));
        }
        Self { kind, fci: selected(application, places), objects, records, list, application }
    }

    /// Whether the terminal gets the object with the answer or in a record. An object that may be computed counts even if its
    /// value turns out empty.
    pub fn shows(&self, tag: Tag) -> bool {
        self.objects.iter().any(|shown| shown.tag == tag)
    }

    /// Where the profile lists the object.
    pub fn find(&self, tag: Tag) -> Option<&Shown> {
        self.objects.iter().find(|shown| shown.tag == tag)
    }

    /// The objects of a record.
    pub fn record(&self, id: RecordId) -> &[Tag] {
        self.application.records.get(&id).map_or(&[], |record| &record.objects)
    }
}

/// The objects of the answer to SELECT. One that is there because it has a value stands where its value does.
fn selected(application: &Application, places: &Places) -> Vec<Shown> {
    let lists = [("proprietary", &application.fci), ("discretionary", &application.fci_discretionary)];
    let mut all = Vec::new();
    for (word, tags) in lists {
        let list = path(&application.name, &["fci", word]);
        if places.has(&list) {
            all.extend(located(tags, &list, None));
        } else {
            all.extend(tags.iter().map(|tag| Shown {
                tag: *tag,
                path: path(&application.name, &["data", &tag.to_string()]),
                record: None,
            }));
        }
    }
    all
}

fn located(tags: &[Tag], list: &[String], record: Option<RecordId>) -> Vec<Shown> {
    let shown = |(at, tag): (usize, &Tag)| Shown { tag: *tag, path: [list, &[at.to_string()]].concat(), record };
    tags.iter().enumerate().map(shown).collect()
}

fn read(application: &Application) -> Vec<(RecordId, bool)> {
    let afl = files::afl(application);
    let record = |record: crate::data::AflRecord| (RecordId { sfi: record.sfi, record: record.number }, record.signed);
    Afl::parse(&afl).map(|afl| afl.records().map(record).collect()).unwrap_or_default()
}
