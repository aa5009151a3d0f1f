//! `emvtap crypto oda`: certificates and signatures of a card, step by step.

use super::{
    block::Block,
    chain::{Dynamic, Shown},
    input::hex_of,
    page::Page,
};
use serde_json::json;

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
        SSAD_93, TRANSACTION_CURRENCY_CODE_5F2A, UNPREDICTABLE_NUMBER_9F37,
    },
    diag::Problem,
    host::Record,
    report::Log,
    time::Date,
    tlv::Tag,
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
    let mut trust = terminal.trust().clone();
    trust.ca_keys.splice(0..0, own_ca(verb, &shown)?);
    let mut report = Report::new(page, verb.clock.date, &shown);
    report.all(&trust);
    let Report { mut page, failed, signatures, .. } = report;
    match failed {
        None if signatures == 0 => {
            page.verdict(true, "every certificate holds; the card showed no signature over its data")
        }
        None => page.verdict(true, "every certificate and signature holds"),
        Some(what) => page.verdict(false, what),
    }
    page.finish(environment)
}

/// The CA key that the arguments state, under the RID and index that the card names.
fn own_ca(verb: &Oda, shown: &Shown) -> Result<Option<CaKey>, Failure> {
    let Some(modulus) = &verb.ca_modulus else { return Ok(None) };
    let (Some(rid), [index]) = (shown.aid.first_chunk(), shown.value(CA_PUBLIC_KEY_INDEX_8F)) else {
        return Err(Failure::usage("--ca-modulus: the card names no CA key (8F), or the AID is too short"));
    };
    let key = CaKey::new(*rid, *index, &hex_of("ca-modulus", modulus)?, &hex_of("ca-exponent", &verb.ca_exponent)?);
    key.map(Some).map_err(|error| Failure::usage(format!("--ca-modulus: {error}")))
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
    let mut shown = Shown::collect(recorded.exchanges())
        .ok_or_else(|| Problem::file(&path.display().to_string(), "no application was selected in it"))?;
    if shown.recovered && shown.number().is_none() {
        // The card was told before it was torn away; the data record says what.
        let mut log = Log::default();
        recorded.tell(&mut log);
        let records = log.outcomes.iter().rev().filter_map(|outcome| outcome.data_record.as_deref());
        let number = records.filter_map(|record| Record(record).value(UNPREDICTABLE_NUMBER_9F37)).next();
        number.into_iter().for_each(|number| shown.terminal.put(UNPREDICTABLE_NUMBER_9F37, number, Source::Terminal));
    }
    Ok(shown)
}

/// What is being verified, and what has failed first.
pub(super) struct Report<'p> {
    pub page: Page<'p>,
    pub today: Date,
    pub shown: &'p Shown,
    pub failed: Option<String>,
    /// How many signatures over data were there.
    signatures: usize,
}

impl<'p> Report<'p> {
    /// Nothing is verified yet.
    pub const fn new(page: Page<'p>, today: Date, shown: &'p Shown) -> Self {
        Self { page, today, shown, failed: None, signatures: 0 }
    }

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
        self.page.result("ca_key", json!({
            "rid": Hex(rid).to_string(), "index": format!("{index:02X}"), "bits": bits, "checksum": Hex(&ca.checksum()).to_string(),
        }));
        if shown.pan() == [0xFF; 10] {
            return self.fail("the card showed no account number (5A or 57), which certificates name");
        }
        self.fingerprint("CA key", &ca.key);
        let exponent = (ISSUER_PUBLIC_KEY_EXPONENT_9F32, "issuer key");
        if let Some(missing) =
            self.missing(exponent, ISSUER_PUBLIC_KEY_CERTIFICATE_90, ISSUER_PUBLIC_KEY_REMAINDER_92, &ca.key)
        {
            return self.fail(missing);
        }
        let Some(issuer) = self.issuer(ca, trust) else { return };
        self.page.result("issuer_key_bits", issuer.key.len() * 8);
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
        let exponent = (ICC_PUBLIC_KEY_EXPONENT_9F47, "card key");
        let (certificate, remainder) = (ICC_PUBLIC_KEY_CERTIFICATE_9F46, ICC_PUBLIC_KEY_REMAINDER_9F48);
        if let Some(missing) = self.missing(exponent, certificate, remainder, &issuer.key) {
            return self.fail(missing);
        }
        let Some(icc) = self.icc(&issuer.key, data) else { return };
        self.page.result("card_key_bits", icc.key.len() * 8);
        self.fingerprint("card key", &icc.key);
        if shown.value(SDAD_9F4B).is_empty() {
            self.page.note("the card showed no dynamic signature (9F4B)");
        } else {
            self.dynamic(&icc.key);
        }
    }

    /// What a certificate needs beside it and the card did not send: without it only the hash would be found wrong.
    fn missing(
        &self,
        (exponent, whose): (Tag, &str),
        certificate: Tag,
        remainder: Tag,
        above: &PublicKey,
    ) -> Option<String> {
        let lacks = |tag: Tag| self.shown.value(tag).is_empty();
        if lacks(exponent) {
            return Some(format!("the card showed no {exponent}, the exponent of the {whose}"));
        }
        // The length of the certified key stands in the certificate, behind what Book 2, tables 6 and 14 put before it.
        let at = if certificate == ISSUER_PUBLIC_KEY_CERTIFICATE_90 { 13 } else { 19 };
        let block = above.recover(self.shown.value(certificate)).ok()?;
        if (block.first(), block.last()) != (Some(&0x6A), Some(&0xBC)) {
            return None;
        }
        let (length, room) = (usize::from(*block.get(at)?), block.len().checked_sub(at + 2 + 21)?);
        (length > room && lacks(remainder)).then(|| {
            format!("the card showed no {remainder}: {} bytes of a key of {length} are missing", length - room)
        })
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
        self.signatures += 1;
        let ssad = self.shown.value(SSAD_93);
        let mut steps = Vec::new();
        let result = verify_ssad(issuer, ssad, data, &mut |step, passed| steps.push((step, passed)));
        let block = Block::of(issuer, ssad, Structure::StaticSignature);
        self.steps("static signature (93)", &block, &steps, result.as_ref().err(), &[]);
        if let Ok(found) = result {
            self.page.bytes("data authentication code", &found.data_authentication_code, "9F45");
            self.page.result("data_authentication_code", Hex(&found.data_authentication_code).to_string());
        }
    }

    fn dynamic(&mut self, key: &PublicKey) {
        let shown = self.shown;
        self.signatures += 1;
        let data = match &shown.dynamic {
            Dynamic::Internal(data) => Some(data.clone()),
            Dynamic::Combined => shown.number().map(|number| number.to_vec()),
            Dynamic::Fast => self.fast(),
        };
        let Some(data) = data else {
            let hint = match (&shown.dynamic, shown.recovered) {
                (_, true) => {
                    "it is that of a torn transaction (RECOVER AC): --set 9F37=… with the number of the tap before"
                }
                (Dynamic::Fast, _) if shown.application.is_none() => {
                    "--ddol-data for DDA; for fDDA 9F69 of the card, and --set 9F37=… 9F02=… 5F2A=…"
                }
                _ => "--set 9F37=…, and 9F02 and 5F2A for fDDA",
            };
            return self.fail(format!("what the terminal put into the dynamic signature (9F4B) is not known: {hint}"));
        };
        let name = match shown.dynamic {
            Dynamic::Fast => "dynamic signature (9F4B, fDDA)",
            Dynamic::Internal(_) => "dynamic signature (9F4B, DDA)",
            Dynamic::Combined => "dynamic signature (9F4B, CDA)",
        };
        self.page.bytes("terminal data", &data, "hashed after the signed data");
        let sdad = shown.value(SDAD_9F4B);
        // The second format is Kernel 3's, for transactions that go online.
        let fast = [FORMAT_DYNAMIC, FORMAT_DYNAMIC_ONLINE];
        let formats = if shown.dynamic == Dynamic::Fast { &fast[..] } else { &fast[..1] };
        let mut steps = Vec::new();
        let result = verify_sdad(key, sdad, formats, &data, &mut |step, passed| steps.push((step, passed)));
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
        let amount = shown.terminal.array(AMOUNT_AUTHORISED_9F02);
        let currency = shown.terminal.array(TRANSACTION_CURRENCY_CODE_5F2A);
        let (amount, currency) = match version {
            FddaVersion::V00 => (amount.unwrap_or_default(), currency.unwrap_or_default()),
            FddaVersion::V01 => (amount?, currency?),
        };
        Some(version.terminal_data(shown.number()?, amount, currency, related))
    }

    fn signed(&mut self, found: &Sdad, key: &PublicKey) {
        self.page.bytes("dynamic data", &found.dynamic_data, "");
        if let Some(number) = found.icc_dynamic_number() {
            self.page.bytes("dynamic number", number, "9F4C");
            self.page.result("dynamic_number", Hex(number).to_string());
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
                    let (expected, found) = match *step {
                        // Both are account numbers, or begin one.
                        Step::Pan => (self.page.account(expected), self.page.account(found)),
                        Step::IssuerIdentifier => (self.page.account(expected), found.clone()),
                        _ => (expected.clone(), found.clone()),
                    };
                    self.page.check(format!("  {}", step.name()), &expected, &found, false, &rule);
                }
            }
        }
        if let Some(failed) = failed {
            self.fail(format!("{what}: it does not hold that {}", failed.step.words()));
        }
    }
}
