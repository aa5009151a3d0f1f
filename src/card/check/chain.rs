//! The certificates, recovered as a terminal would.

use super::{Notes, Subject, rules, view::View};
use crate::{
    card::{files, issuing::Issued},
    crypto::{
        CaKey, Trust,
        certificate::{IccInput, IssuerInput, Step, StepFailed, recover_icc, recover_issuer},
        rsa::PublicKey,
        signature::verify_ssad,
    },
    data::dictionary::{
        AIP_82, APPLICATION_EXPIRATION_DATE_5F24, CA_PUBLIC_KEY_INDEX_8F, ICC_PUBLIC_KEY_CERTIFICATE_9F46,
        ICC_PUBLIC_KEY_EXPONENT_9F47, ICC_PUBLIC_KEY_REMAINDER_9F48, ISSUER_PUBLIC_KEY_CERTIFICATE_90,
        ISSUER_PUBLIC_KEY_EXPONENT_9F32, ISSUER_PUBLIC_KEY_REMAINDER_92, SDA_TAG_LIST_9F4A, SDAD_9F4B, SSAD_93,
    },
    time::Date,
    tlv::Tag,
};

const ISSUER: &str = "issuer certificate";
const CARD: &str = "card certificate";
const STATIC_SIGNATURE: &str = "signature over the static data (93)";

struct Chain<'a> {
    subject: &'a Subject<'a>,
    issued: &'a Issued,
    view: &'a View<'a>,
}

pub(super) fn check(subject: &Subject<'_>, issued: &Issued, trust: &Trust, notes: &mut Notes<'_>) {
    let certified = subject.views.iter().find(|view| view.shows(ISSUER_PUBLIC_KEY_CERTIFICATE_90));
    let Some(view) = certified else { return };
    let chain = Chain { subject, issued, view };
    let rid = subject.application.aid.get(..5).unwrap_or_default();
    let index = chain.value(CA_PUBLIC_KEY_INDEX_8F).first().copied();
    let place = subject.path(&["keys", "ca"]);
    let Some(ca) = index.and_then(|index| trust.ca_key(rid, index)) else {
        let message = format!("no terminal knows CA key {:02X} of this application", index.unwrap_or_default());
        let stated = subject.stated(CA_PUBLIC_KEY_INDEX_8F).is_some();
        let place = if stated { subject.data(CA_PUBLIC_KEY_INDEX_8F) } else { place };
        notes.say(rules::CA_KEY_UNKNOWN, &place, message, "use a key of `terminals/ca`, or add it there");
        return;
    };
    expiries(subject, ca, notes);
    if let Err((name, failed)) = chain.recover(ca, trust) {
        let expired = failed.step == Step::Expiry;
        let check = match name {
            _ if expired => rules::CERTIFICATE_EXPIRED,
            STATIC_SIGNATURE => rules::STATIC_SIGNATURE,
            _ => rules::CERTIFICATE_CHAIN,
        };
        let place = if expired { subject.path(&["certificates", "expiry"]) } else { chain.place(name, failed.step) };
        let message = match failed.step {
            // What the certificate has is an account number, too.
            Step::Pan => format!("the {name} is of another account number than the application"),
            step => format!(
                "the {name} fails at {}: {} wanted, {} found",
                step.name(),
                shortened(&failed.expected),
                shortened(&failed.found)
            ),
        };
        notes.say(check, &place, message, "a terminal fails offline data authentication over this");
    }
}

/// Nobody reads long hex.
fn shortened(text: &str) -> String {
    if text.chars().count() <= 40 {
        text.to_owned()
    } else {
        format!("{}…", text.chars().take(40).collect::<String>())
    }
}

impl Chain<'_> {
    /// What the terminal gets; empty if it does not get it.
    fn value(&self, tag: Tag) -> &[u8] {
        let value = self.subject.stated(tag).or_else(|| self.issued.objects.get(&tag).map(Vec::as_slice));
        value.filter(|_| self.view.shows(tag)).unwrap_or_default()
    }

    fn recover(&self, ca: &CaKey, trust: &Trust) -> Result<(), (&'static str, StepFailed)> {
        let pan = self.subject.application.pan();
        let issuer = IssuerInput {
            certificate: self.value(ISSUER_PUBLIC_KEY_CERTIFICATE_90),
            remainder: self.value(ISSUER_PUBLIC_KEY_REMAINDER_92),
            exponent: self.value(ISSUER_PUBLIC_KEY_EXPONENT_9F32),
            pan: &pan,
        };
        let today = self.subject.today;
        let issuer = recover_issuer(ca, issuer, trust, today, &mut |_, _| ()).map_err(|failed| (ISSUER, failed))?;
        self.static_signature(&issuer.key)?;
        if !self.view.shows(ICC_PUBLIC_KEY_CERTIFICATE_9F46) {
            return Ok(());
        }
        let static_data = self.static_data();
        let card = IccInput {
            certificate: self.value(ICC_PUBLIC_KEY_CERTIFICATE_9F46),
            remainder: self.value(ICC_PUBLIC_KEY_REMAINDER_9F48),
            exponent: self.value(ICC_PUBLIC_KEY_EXPONENT_9F47),
            pan: &pan,
            static_data: &static_data,
        };
        recover_icc(&issuer.key, card, today, &mut |_, _| ()).map(|_| ()).map_err(|failed| (CARD, failed))
    }

    /// 93 where it is what counts: without 9F4B.
    fn static_signature(&self, issuer: &PublicKey) -> Result<(), (&'static str, StepFailed)> {
        let signature = self.value(SSAD_93);
        if signature.is_empty() || self.view.shows(SDAD_9F4B) {
            return Ok(());
        }
        let verified = verify_ssad(issuer, signature, &self.static_data(), &mut |_, _| ());
        verified.map(|_| ()).map_err(|failed| (STATIC_SIGNATURE, failed))
    }

    /// The signed records as the terminal reads them (EMV Book 3, 10.3).
    fn static_data(&self) -> Vec<u8> {
        let value = |tag| Some(self.value(tag).into()).filter(|value: &std::borrow::Cow<'_, [u8]>| !value.is_empty());
        let mut data = Vec::new();
        for (id, _) in self.view.records.iter().filter(|(_, signed)| *signed) {
            let objects = self.view.record(*id);
            data.extend(if id.sfi <= 10 { files::objects(objects, value) } else { files::record(objects, value) });
        }
        if self.view.shows(SDA_TAG_LIST_9F4A) {
            data.extend_from_slice(self.value(AIP_82));
        }
        data
    }

    /// The stated value that is most likely wrong, or the keys.
    fn place(&self, name: &str, step: Step) -> Vec<String> {
        let (certificate, remainder, exponent) = match name {
            STATIC_SIGNATURE => (SSAD_93, SSAD_93, SSAD_93),
            ISSUER => {
                (ISSUER_PUBLIC_KEY_CERTIFICATE_90, ISSUER_PUBLIC_KEY_REMAINDER_92, ISSUER_PUBLIC_KEY_EXPONENT_9F32)
            }
            _ => (ICC_PUBLIC_KEY_CERTIFICATE_9F46, ICC_PUBLIC_KEY_REMAINDER_9F48, ICC_PUBLIC_KEY_EXPONENT_9F47),
        };
        let stated = [certificate, remainder, exponent].into_iter().find(|tag| self.subject.stated(*tag).is_some());
        match (stated, step) {
            (Some(tag), _) => self.subject.data(tag),
            (None, Step::Length | Step::Trailer) if name == ISSUER => self.subject.path(&["keys", "ca"]),
            (None, _) if name == CARD => self.subject.path(&["keys", "card"]),
            (None, _) => self.subject.path(&["keys", "issuer"]),
        }
    }
}

/// The last days of CA key, certificates and application, which should come in this order.
fn expiries(subject: &Subject<'_>, ca: &CaKey, notes: &mut Notes<'_>) {
    let certificates = Date::end_of_month(subject.application.certificates.expiry);
    let application = subject.stated(APPLICATION_EXPIRATION_DATE_5F24).and_then(|value| value.try_into().ok());
    let application = application.and_then(Date::from_bcd);
    let place = subject.path(&["certificates", "expiry"]);
    if let (Some(certificates), Some(application)) = (certificates, application)
        && (subject.today..application).contains(&certificates)
    {
        let message = format!("the certificates end on {certificates}, before the application on {application}");
        notes.say(rules::CERTIFICATE_EXPIRY, &place, message, "let certificates live as long as the application");
    }
    let Some(last) = ca.expires else { return };
    if last < subject.today {
        let message = format!("the CA key has expired on {last}");
        notes.say(rules::CA_KEY_EXPIRED, &subject.path(&["keys", "ca"]), message, "take a key that is still in use");
    } else if certificates.is_some_and(|certificates| certificates > last) {
        let message = format!("the certificates outlive the CA key, which ends on {last}");
        notes.say(rules::CERTIFICATE_EXPIRY, &place, message, "let certificates end before the CA key");
    }
}
