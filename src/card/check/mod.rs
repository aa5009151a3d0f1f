//! Whether a profile is consistent, as a personalisation bureau would look at it: nothing is transacted, every answer the card
//! can give is laid beside the others and the books.

mod afl;
mod cda;
mod chain;
mod directory;
mod keys;
mod languages;
mod mchip;
mod objects;
mod oda;
mod pdol;
mod qualifiers;
pub mod rules;
mod sizes;
mod tracks;
mod view;

use super::{
    issuing::{self, Issued},
    profile::{Application, Decision, Personality, Profile, Scheme},
};
use crate::{
    crypto::Trust,
    data::{
        bits::{aip_k1, aip_k2},
        dictionary::AIP_82,
    },
    diag::{Check, Finding, Places},
    time::Date,
    tlv::Tag,
};
use view::View;

pub use mchip::kernel_2_refuses;

/// Checks a profile. `places`: where its parts stand; `trust`: the CA keys that terminals have; `today`: for dates. Findings
/// are in the order of their places.
pub fn check(profile: &Profile, places: &Places, trust: &Trust, today: Date) -> Vec<Finding> {
    let mut notes = Notes { places, findings: Vec::new() };
    directory::check(profile, &mut notes);
    for application in &profile.applications {
        let views = View::all(application, places);
        let subject = Subject { application, views: &views, today };
        directory::application(&subject, &mut notes);
        // Without a way to the records nothing else can be said about the answers.
        if !afl::locator(&subject, &mut notes) {
            continue;
        }
        objects::check(&subject, &mut notes);
        match application.personality {
            Personality::Qvsdc(version) => {
                pdol::check(&subject, version, &mut notes);
                qualifiers::check(&subject, &mut notes);
            }
            Personality::Mchip(_) => {
                mchip::check(&subject, &mut notes);
                tracks::check(&subject, &mut notes);
            }
        }
        let before = notes.findings.len();
        afl::check(&subject, &mut notes);
        match application.scheme() {
            Scheme::Visa => oda::check(&subject, &mut notes),
            Scheme::Mastercard => cda::check(&subject, &mut notes),
        }
        let complete = notes.findings.len() == before;
        if !keys::check(&subject, &mut notes) {
            continue;
        }
        sizes::check(&subject, &mut notes);
        // A chain with a known defect cannot verify; to say so again helps nobody.
        if complete && let Some(issued) = issued(&subject, &mut notes) {
            chain::check(&subject, &issued, trust, &mut notes);
        }
    }
    notes.done()
}

/// What is made when the card is.
fn issued(subject: &Subject<'_>, notes: &mut Notes<'_>) -> Option<Issued> {
    issuing::issue(subject.application)
        .map_err(|message| {
            let meant = ["ca", "issuer", "card"].into_iter().find(|name| message.contains(&format!("{name} key")));
            let path = subject.path(&["keys", meant.unwrap_or_default()]);
            notes.say(rules::KEY, &path, message, "take another key");
        })
        .ok()
}

/// An application and all that its terminals may see.
struct Subject<'a> {
    application: &'a Application,
    views: &'a [View<'a>],
    today: Date,
}

impl Subject<'_> {
    /// The path of something in the application.
    fn path(&self, keys: &[&str]) -> Vec<String> {
        path(&self.application.name, keys)
    }

    /// The path of a data object's value.
    fn data(&self, tag: Tag) -> Vec<String> {
        self.path(&["data", &tag.to_string()])
    }

    /// A stated value.
    fn stated(&self, tag: Tag) -> Option<&[u8]> {
        self.application.data.get(&tag).map(Vec::as_slice)
    }

    /// Whether nothing the card has ever matters: it declines everything.
    fn only_declines(&self) -> bool {
        self.application.risk.decision == Decision::Decline
    }

    /// Whether the AIP asks for the legacy mag-stripe mode, where readers take little more than track 2.
    fn is_mag_stripe(&self) -> bool {
        self.application.scheme() == Scheme::Visa
            && self.stated(AIP_82).is_some_and(|value| aip_k1::MAG_STRIPE_MODE.is_set(value))
    }

    /// Whether the AIP of a Mastercard card offers EMV mode (byte 2 bit 8).
    fn has_emv_mode(&self) -> bool {
        self.stated(AIP_82).is_some_and(|value| aip_k2::EMV_MODE.is_set(value))
    }

    /// Whether some transaction shows the object.
    fn shows(&self, tag: Tag) -> bool {
        self.views.iter().any(|view| view.shows(tag))
    }
}

fn path(application: &str, keys: &[&str]) -> Vec<String> {
    ["application", application].iter().chain(keys).map(|key| (*key).to_owned()).collect()
}

/// What has been found.
struct Notes<'a> {
    places: &'a Places,
    findings: Vec<Finding>,
}

impl Notes<'_> {
    /// Notes something down, once.
    fn say(&mut self, check: Check, path: &[String], message: impl Into<String>, hint: impl Into<String>) {
        let finding = Finding { check, problem: self.places.problem(path, message).hint(hint) };
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    fn done(mut self) -> Vec<Finding> {
        let place = |finding: &Finding| {
            let position = finding.problem.position.as_ref();
            (finding.problem.file.clone(), position.map(|at| (at.line, at.column)))
        };
        self.findings.sort_by_cached_key(place);
        self.findings
    }
}
