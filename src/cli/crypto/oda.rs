//! `emvtap crypto oda`: certificates and signatures of a card, step by step.

use super::{
    chain::{Dynamic, Shown},
    input::hex_of,
    page::Page,
};
use crate::{
    bytes::Hex,
    cli::{
        args::crypto::Oda,
        exit::Exit,
        failure::Failure,
        files,
        out::Environment,
        read::{dynamic, look::Application},
        replay,
    },
    crypto::{
        CaKey, Trust,
        certificate::{
            IccCertificate, IccInput, IssuerCertificate, IssuerInput, Step, StepFailed, Structure, recover_icc,
            recover_issuer,
        },
        roca::is_suspicious,
        rsa::PublicKey,
        signature::{FORMAT_DYNAMIC, FORMAT_DYNAMIC_ONLINE, FddaVersion, Sdad, verify_sdad, verify_ssad},
    },
    data::Source,
    data::dictionary::{
        AMOUNT_AUTHORISED_9F02, CA_PUBLIC_KEY_INDEX_8F, CARD_AUTHENTICATION_RELATED_DATA_9F69,
        ICC_PUBLIC_KEY_CERTIFICATE_9F46, ICC_PUBLIC_KEY_EXPONENT_9F47, ICC_PUBLIC_KEY_REMAINDER_9F48,
        ISSUER_PUBLIC_KEY_CERTIFICATE_90, ISSUER_PUBLIC_KEY_EXPONENT_9F32, ISSUER_PUBLIC_KEY_REMAINDER_92, SDAD_9F4B,
        SSAD_93, TRANSACTION_CURRENCY_CODE_5F2A,
    },
    diag::Problem,
    time::Date,
};

/// Runs the verb.
pub fn run(verb: &Oda, environment: &Environment) -> Result<Exit, Failure> {
    let terminal = files::terminal(&verb.terminal)?;
    let mut shown = shown(verb)?;
    for over in &verb.set {
        shown.terminal.put(over.tag, &over.value, Source::Terminal);
    }
    let mut page = Page::new("oda", &verb.how);
    page.text("application", Hex(&shown.aid).to_string(), "");
    page.text("date", verb.clock.date.to_string(), "by which certificates expire");
    let mut report = Report { page, today: verb.clock.date, shown: &shown, failed: None };
    report.all(terminal.trust());
    let Report { mut page, failed, .. } = report;
    match failed {
        None => page.verdict(true, "every certificate and signature holds"),
        Some(what) => page.verdict(false, what),
    }
    page.finish(environment)
}

fn shown(verb: &Oda) -> Result<Shown, Failure> {
    if let Some(text) = &verb.tlv {
        let aid = hex_of("aid", verb.aid.as_deref().unwrap_or_default())?;
        let signed = verb.signed.as_deref().map_or(Ok(Vec::new()), |text| hex_of("signed", text))?;
        let mut shown = Shown::given(aid, &hex_of("tlv", text)?, &signed);
        if let Some(data) = &verb.ddol_data {
            shown.dynamic = Dynamic::Internal(hex_of("ddol-data", data)?);
        }
        return Ok(shown);
    }
    let path = verb.file.as_deref().ok_or_else(|| Failure::usage("a file, or --tlv"))?;
    let recorded = replay::runnable(path)?;
    Shown::collect(recorded.exchanges())
        .ok_or_else(|| Problem::file(&path.display().to_string(), "no application was selected in it").into())
}

/// What is being verified, and what has failed first.
pub(super) struct Report<'p> {
    pub page: Page<'p>,
    pub today: Date,
    pub shown: &'p Shown,
    pub failed: Option<String>,
}

impl Report<'_> {
    fn fail(&mut self, what: impl Into<String>) {
        self.failed.get_or_insert(what.into());
    }

    /// Everything that the card showed.
    pub fn all(&mut self, trust: &Trust) {
        let shown = self.shown;
        if shown.value(ISSUER_PUBLIC_KEY_CERTIFICATE_90).is_empty() {
            return self.fail("the card showed no issuer certificate (90): there is nothing to verify");
        }
        let rid = shown.aid.get(..5).unwrap_or_default();
        let [index] = shown.value(CA_PUBLIC_KEY_INDEX_8F) else {
            return self.fail("the card names no CA key (8F)");
        };
        let Some(ca) = trust.ca_key(rid, *index) else {
            return self.fail(format!("the terminal has no CA key {index:02X} of {}", Hex(rid)));
        };
        let bits = ca.key.len() * 8;
        self.page.text(
            "CA key",
            format!("{} {index:02X}", Hex(rid)),
            format!("{bits} bits, checksum {}", Hex(&ca.checksum())),
        );
        self.fingerprint("CA key", &ca.key);
        let Some(issuer) = self.issuer(ca, trust) else { return };
        self.fingerprint("issuer key", &issuer.key);
        let data = match &shown.signed {
            Ok(data) => data,
            Err(missing) => return self.fail(format!("static data: {missing}")),
        };
        self.page.text("static data", format!("{} bytes", data.len()), "signed records, and the AIP if 9F4A says so");
        if !shown.value(SSAD_93).is_empty() {
            self.ssad(&issuer.key, data);
        }
        if shown.value(ICC_PUBLIC_KEY_CERTIFICATE_9F46).is_empty() {
            return;
        }
        let Some(icc) = self.icc(&issuer.key, data) else { return };
        self.fingerprint("card key", &icc.key);
        if shown.value(SDAD_9F4B).is_empty() {
            self.page.note("the card showed no dynamic signature (9F4B)");
        } else {
            self.dynamic(&icc.key);
        }
    }

    fn fingerprint(&mut self, what: &str, key: &PublicKey) {
        if is_suspicious(key.modulus()) {
            self.page.note(format!(
                "the {what} has the fingerprint of a faulty key generator (ROCA, CVE-2017-15361): it can probably be factored"
            ));
        }
    }

    fn issuer(&mut self, ca: &CaKey, trust: &Trust) -> Option<IssuerCertificate> {
        let (shown, pan) = (self.shown, self.shown.pan());
        let input = IssuerInput {
            certificate: shown.value(ISSUER_PUBLIC_KEY_CERTIFICATE_90),
            remainder: shown.value(ISSUER_PUBLIC_KEY_REMAINDER_92),
            exponent: shown.value(ISSUER_PUBLIC_KEY_EXPONENT_9F32),
            pan: &pan,
        };
        let mut steps = Vec::new();
        let result = recover_issuer(ca, input, trust, self.today, &mut |step, passed| steps.push((step, passed)));
        let block = Block::of(&ca.key, input.certificate, Structure::IssuerCertificate);
        let failed = result.as_ref().err();
        self.steps("issuer certificate (90)", &block, &steps, failed, input.exponent);
        let found = result.ok()?;
        self.page.text("issuer key", format!("{} bits", found.key.len() * 8), format!("serial {}", Hex(&found.serial)));
        Some(found)
    }

    fn icc(&mut self, issuer: &PublicKey, data: &[u8]) -> Option<IccCertificate> {
        let (shown, pan) = (self.shown, self.shown.pan());
        let input = IccInput {
            certificate: shown.value(ICC_PUBLIC_KEY_CERTIFICATE_9F46),
            remainder: shown.value(ICC_PUBLIC_KEY_REMAINDER_9F48),
            exponent: shown.value(ICC_PUBLIC_KEY_EXPONENT_9F47),
            pan: &pan,
            static_data: data,
        };
        let mut steps = Vec::new();
        let result = recover_icc(issuer, input, self.today, &mut |step, passed| steps.push((step, passed)));
        let block = Block::of(issuer, input.certificate, Structure::IccCertificate);
        self.steps("card certificate (9F46)", &block, &steps, result.as_ref().err(), input.exponent);
        let found = result.ok()?;
        self.page.text("card key", format!("{} bits", found.key.len() * 8), format!("serial {}", Hex(&found.serial)));
        Some(found)
    }

    fn ssad(&mut self, issuer: &PublicKey, data: &[u8]) {
        let ssad = self.shown.value(SSAD_93);
        let mut steps = Vec::new();
        let result = verify_ssad(issuer, ssad, data, &mut |step, passed| steps.push((step, passed)));
        let block = Block::of(issuer, ssad, Structure::StaticSignature);
        self.steps("static signature (93)", &block, &steps, result.as_ref().err(), &[]);
        if let Ok(found) = result {
            self.page.bytes("data authentication code", &found.data_authentication_code, "9F45");
        }
    }

    fn dynamic(&mut self, key: &PublicKey) {
        let shown = self.shown;
        let data = match &shown.dynamic {
            Dynamic::Internal(data) => Some(data.clone()),
            Dynamic::Combined => shown.number().map(|number| number.to_vec()),
            Dynamic::Fast => self.fast(),
        };
        let Some(data) = data else {
            let hint = "--set 9F37=…, and 9F02 and 5F2A for fDDA";
            return self.fail(format!("what the terminal put into the dynamic signature (9F4B) is not known: {hint}"));
        };
        let name = match shown.dynamic {
            Dynamic::Fast => "dynamic signature (9F4B, fDDA)",
            Dynamic::Internal(_) => "dynamic signature (9F4B, DDA)",
            Dynamic::Combined => "dynamic signature (9F4B, CDA)",
        };
        self.page.bytes("terminal data", &data, "hashed after the signed data");
        let sdad = shown.value(SDAD_9F4B);
        let formats = [FORMAT_DYNAMIC, FORMAT_DYNAMIC_ONLINE];
        let mut steps = Vec::new();
        let result = verify_sdad(key, sdad, &formats, &data, &mut |step, passed| steps.push((step, passed)));
        let block = Block::of(key, sdad, Structure::DynamicSignature);
        self.steps(name, &block, &steps, result.as_ref().err(), &[]);
        if let Ok(found) = result {
            self.signed(&found, key);
        }
    }

    /// What fDDA hashes (C-3, annex C).
    fn fast(&self) -> Option<Vec<u8>> {
        let shown = self.shown;
        let related = shown.value(CARD_AUTHENTICATION_RELATED_DATA_9F69);
        let version = FddaVersion::from_card_authentication_related_data(related)?;
        let amount = shown.terminal.array(AMOUNT_AUTHORISED_9F02).unwrap_or_default();
        let currency = shown.terminal.array(TRANSACTION_CURRENCY_CODE_5F2A).unwrap_or_default();
        Some(version.terminal_data(shown.number()?, amount, currency, related))
    }

    fn signed(&mut self, found: &Sdad, key: &PublicKey) {
        self.page.bytes("dynamic data", &found.dynamic_data, "");
        if let Some(number) = found.icc_dynamic_number() {
            self.page.bytes("dynamic number", number, "9F4C");
        }
        if let Some(application) = self.shown.application.as_ref().filter(|_| self.shown.dynamic == Dynamic::Combined) {
            self.combined(application, key);
        }
    }

    /// What CDA signs besides: cryptogram information data, cryptogram, transaction data (Book 2, 6.6.2).
    fn combined(&mut self, application: &Application, key: &PublicKey) {
        for check in dynamic::checks(application, key) {
            match check.result {
                Ok(words) => self.page.text(check.what, words, "Book 2 6.6.2 steps 6 and 10 to 12"),
                Err(why) => {
                    self.page.check(
                        check.what,
                        "what the card signed",
                        &why,
                        false,
                        "Book 2 6.6.2 steps 6 and 10 to 12",
                    );
                    self.fail(format!("{}: {why}", check.what));
                }
            }
        }
    }

    /// Every step that was made: what it wants, what it found.
    fn steps(
        &mut self,
        what: &str,
        block: &Block,
        steps: &[(Step, bool)],
        failed: Option<&StepFailed>,
        exponent: &[u8],
    ) {
        self.page.text(what, "", "");
        for (step, passed) in steps {
            let rule = step.rule(block.structure).map_or(String::new(), |rule| format!("Book 2 {rule}"));
            let found = block.found(*step, exponent);
            match failed.filter(|failed| failed.step == *step && !passed) {
                None => self.page.check(format!("  {}", step.name()), &found, &found, true, &rule),
                Some(StepFailed { expected, found, .. }) => {
                    let hidden = |text: &str| {
                        if *step == Step::Pan { "another account number".to_owned() } else { text.to_owned() }
                    };
                    self.page.check(format!("  {}", step.name()), &hidden(expected), &hidden(found), false, &rule);
                }
            }
        }
        if let Some(failed) = failed {
            self.fail(format!("{what}: {}", failed.step.words().to_owned() + " does not hold"));
        }
    }
}

/// A recovered block, to show what is in it.
struct Block {
    structure: Structure,
    length: usize,
    bytes: Vec<u8>,
}

impl Block {
    fn of(key: &PublicKey, signature: &[u8], structure: Structure) -> Self {
        Self { structure, length: signature.len(), bytes: key.recover(signature).unwrap_or_default() }
    }

    fn part(&self, from: usize, to: usize) -> String {
        Hex(self.bytes.get(from..to).unwrap_or_default()).to_string()
    }

    /// What a step that passed found.
    fn found(&self, step: Step, exponent: &[u8]) -> String {
        let end = self.bytes.len();
        let is_issuer = self.structure == Structure::IssuerCertificate;
        match step {
            Step::Length => format!("{} bytes", self.length),
            Step::Trailer => self.part(end.saturating_sub(1), end),
            Step::Header => self.part(0, 1),
            Step::Format => self.part(1, 2),
            Step::HashAlgorithm | Step::KeyAlgorithm => "01".to_owned(),
            Step::Hash => self.part(end.saturating_sub(21), end.saturating_sub(1)),
            Step::IssuerIdentifier => self.part(2, 6),
            Step::Pan => "the card's".to_owned(),
            Step::Expiry if is_issuer => format!("{} (MMYY)", self.part(6, 8)),
            Step::Expiry => format!("{} (MMYY)", self.part(12, 14)),
            Step::Revocation => "not revoked".to_owned(),
            Step::Remainder => "complete".to_owned(),
            Step::Exponent => Hex(exponent).to_string(),
            Step::DynamicData => format!("{} (hex) bytes", self.part(3, 4)),
        }
    }
}
