//! `emvtap crypto cert`: chains of test certificates, and CA public keys.

use super::{
    chain::Shown,
    input::{array_of, hex_of, pan_of},
    oda::Report,
    page::Page,
};
use crate::{
    bytes::Hex,
    card::is_test_pan,
    cli::{
        args::{
            CLOCK,
            crypto::{BuildChain, InspectKeys},
        },
        exit::Exit,
        failure::Failure,
        files,
        out::Environment,
    },
    crypto::{
        CaKey, Trust,
        certificate::{IccSubject, Issued, IssuerSubject, issue_icc, issue_issuer},
        prime::{SeededBytes, primes},
        roca::is_suspicious,
        rsa::{KeyError, PrivateKey},
    },
    data::dictionary::{
        CA_PUBLIC_KEY_INDEX_8F, ICC_PUBLIC_KEY_CERTIFICATE_9F46, ICC_PUBLIC_KEY_EXPONENT_9F47,
        ICC_PUBLIC_KEY_REMAINDER_9F48, ISSUER_PUBLIC_KEY_CERTIFICATE_90, ISSUER_PUBLIC_KEY_EXPONENT_9F32,
        ISSUER_PUBLIC_KEY_REMAINDER_92, PAN_5A,
    },
    time::DateTime,
    tlv::{Tag, write_object},
};

/// The warning about keys of a faulty generator.
const FAULTY: &str =
    "has the fingerprint of a faulty key generator (ROCA, CVE-2017-15361): it can probably be factored";

/// Runs `cert build`.
pub fn build(verb: &BuildChain, environment: &Environment) -> Result<Exit, Failure> {
    if !is_test_pan(&verb.pan) {
        return Err(Failure::usage("--pan is in no published test range: chains are for tests"));
    }
    let mut page = Page::new("cert build", &verb.how);
    page.text("seed", &verb.seed, "the same seed gives the same keys: for tests only");
    let exponent = hex_of("exponent", &verb.exponent)?;
    let ca = key(&mut page, verb, "ca", verb.ca, &exponent)?;
    let issuer = key(&mut page, verb, "issuer", verb.issuer, &exponent)?;
    let card = key(&mut page, verb, "card", verb.card, &exponent)?;
    let (rid, [index]) = (array_of("rid", &verb.rid)?, array_of("index", &verb.index)?);
    let (expiry, serial) = (array_of("expiry", &verb.expiry)?, array_of("serial", &verb.serial)?);
    let ca_key = CaKey::new(rid, index, ca.public().modulus(), ca.public().exponent());
    let ca_key = ca_key.map_err(|error| Failure::usage(format!("--ca: {error}")))?;
    page.bytes("CA checksum", &ca_key.checksum(), "SHA-1 over RID, index, modulus, exponent");
    let mut identifier = [0xFF; 4];
    let _ = hex::decode_to_slice(format!("{:F<8}", verb.pan.get(..6).unwrap_or_default()), &mut identifier);
    let too_long = |what: &str, above: &str| {
        Failure::usage(format!("the {what} key does not go under the {above} key: its certificate has no room for it"))
    };
    if issuer.public().len() > ca.public().len() || card.public().len() > issuer.public().len() {
        return Err(Failure::usage(
            "no key is longer than the one above it: --ca ≥ --issuer ≥ --card (Book 2, table 28)",
        ));
    }
    let subject = IssuerSubject { identifier, expiry, serial, key: issuer.public() };
    let issued = issue_issuer(&ca, subject).map_err(|_| too_long("issuer", "CA"))?;
    let signed = hex_of("signed", &verb.signed)?;
    let mut pan = [0xFF; 10];
    pan.iter_mut().zip(pan_of(&verb.pan)?).for_each(|(to, from)| *to = from);
    let subject = IccSubject { pan, expiry, serial, key: card.public(), static_data: &signed };
    let certified = issue_icc(&issuer, subject).map_err(|_| too_long("card", "issuer"))?;
    let objects = objects(index, &issued, &certified, &issuer, &card);
    let mut tlv = Vec::new();
    for (tag, value) in &objects {
        page.bytes(tag.to_string(), value, "");
        write_object(&mut tlv, *tag, value);
    }
    let map = objects.iter().map(|(tag, value)| (tag.to_string(), Hex(value).to_string().into()));
    page.result("objects", serde_json::Value::Object(map.collect()));
    page.result("tlv", Hex(&tlv).to_string());
    page.result("rid", Hex(&rid).to_string());
    page.result("ca_modulus", Hex(ca.public().modulus()).to_string());
    page.result("ca_exponent", Hex(ca.public().exponent()).to_string());
    page.result("ca_checksum", Hex(&ca_key.checksum()).to_string());
    verify(page, ca_key, &tlv, &pan, &signed, environment)
}

/// Recovers what was made, as a terminal would.
fn verify(
    page: Page<'_>,
    ca: CaKey,
    tlv: &[u8],
    pan: &[u8],
    signed: &[u8],
    environment: &Environment,
) -> Result<Exit, Failure> {
    let mut shown = Shown::given(ca.rid.to_vec(), tlv, signed);
    shown.objects.put(PAN_5A, pan);
    let today: DateTime = CLOCK.parse().map_err(Failure::usage)?;
    let trust = Trust { ca_keys: vec![ca], ..Trust::default() };
    let mut report = Report::new(page, today.date, &shown);
    report.all(&trust);
    let Report { mut page, failed, .. } = report;
    match failed {
        None => page.verdict(true, "the chain verifies"),
        Some(what) => page.verdict(false, what),
    }
    page.finish(environment)
}

fn objects(
    index: u8,
    issued: &Issued,
    certified: &Issued,
    issuer: &PrivateKey,
    card: &PrivateKey,
) -> Vec<(Tag, Vec<u8>)> {
    let mut objects = vec![
        (CA_PUBLIC_KEY_INDEX_8F, vec![index]),
        (ISSUER_PUBLIC_KEY_CERTIFICATE_90, issued.certificate.clone()),
        (ISSUER_PUBLIC_KEY_REMAINDER_92, issued.remainder.clone()),
        (ISSUER_PUBLIC_KEY_EXPONENT_9F32, issuer.public().exponent().to_vec()),
        (ICC_PUBLIC_KEY_CERTIFICATE_9F46, certified.certificate.clone()),
        (ICC_PUBLIC_KEY_REMAINDER_9F48, certified.remainder.clone()),
        (ICC_PUBLIC_KEY_EXPONENT_9F47, card.public().exponent().to_vec()),
    ];
    objects.retain(|(_, value)| !value.is_empty());
    objects
}

/// A key from the seed, as a key file if keys are shown.
fn key(
    page: &mut Page<'_>,
    verb: &BuildChain,
    what: &'static str,
    bits: usize,
    exponent: &[u8],
) -> Result<PrivateKey, Failure> {
    let wrong = |error: KeyError| match error {
        KeyError::ModulusLength => {
            Failure::usage(format!("--{what} {bits}: a key has 512 to 1984 bits, in whole bytes"))
        }
        KeyError::Exponent => Failure::usage("--exponent is 03 or 010001"),
        other => Failure::usage(format!("--{what}: {other}")),
    };
    let [p, q] = primes(&mut SeededBytes::new(&verb.seed, what), bits, exponent).map_err(wrong)?;
    let key = PrivateKey::from_primes(&p, &q, exponent).map_err(wrong)?;
    page.bytes(format!("{what} modulus"), key.public().modulus(), format!("{bits} bits"));
    if page.shows_keys() {
        let (extra, name) = match what {
            "ca" => (format!("rid = \"{}\"\nindex = \"{}\"\n", verb.rid, verb.index), "ca_key_file"),
            "issuer" => (String::new(), "issuer_key_file"),
            _ => (String::new(), "card_key_file"),
        };
        page.result(
            name,
            format!(
                "schema = \"emvtap.key/1\"\ntitle = \"test {what} key, {bits} bits, from seed {}\"\ntest = true\nkind = \
                 \"{what}\"\n{extra}exponent = \"{}\"\np = \"{}\"\nq = \"{}\"\n",
                verb.seed,
                Hex(exponent),
                Hex(&p),
                Hex(&q)
            ),
        );
    }
    Ok(key)
}

/// Runs `cert inspect`.
pub fn inspect(verb: &InspectKeys, environment: &Environment) -> Result<Exit, Failure> {
    let mut page = Page::new("cert inspect", &verb.how);
    match &verb.modulus {
        Some(modulus) => one(verb, &hex_of("modulus", modulus)?, &mut page)?,
        None => {
            let terminal = files::terminal(&verb.terminal)?;
            let mut keys = Vec::new();
            for listed in terminal.listed_keys() {
                let key = &listed.key;
                let name = format!("{} {:02X}", Hex(&key.rid), key.index);
                let bits = key.key.len() * 8;
                let faulty = is_suspicious(key.key.modulus());
                let checksum = Hex(&key.checksum()).to_string();
                page.text(
                    &name,
                    &checksum,
                    format!("{bits} bits, exponent {}, {}", Hex(key.key.exponent()), listed.status.name()),
                );
                if faulty {
                    page.note(format!("{name} {FAULTY}"));
                }
                keys.push(serde_json::json!({
                    "rid": Hex(&key.rid).to_string(), "index": format!("{:02X}", key.index), "bits": bits,
                    "exponent": Hex(key.key.exponent()).to_string(), "checksum": checksum, "status": listed.status.name(),
                    "roca": faulty,
                }));
            }
            page.result("keys", keys);
        }
    }
    page.finish(environment)
}

fn one(verb: &InspectKeys, modulus: &[u8], page: &mut Page<'_>) -> Result<(), Failure> {
    let exponent = hex_of("exponent", verb.exponent.as_deref().unwrap_or_default())?;
    page.text("modulus", format!("{} bits", modulus.len() * 8), "");
    page.bytes("exponent", &exponent, "");
    page.result("bits", modulus.len() * 8);
    let faulty = is_suspicious(modulus);
    page.result("roca", faulty);
    page.text("ROCA", if faulty { "has the fingerprint" } else { "no fingerprint" }, "CVE-2017-15361");
    if faulty {
        page.note(format!("the key {FAULTY}"));
    }
    let rid = verb.rid.as_deref().map_or(Ok([0; 5]), |rid| array_of("rid", rid))?;
    let [index] = verb.index.as_deref().map_or(Ok([0]), |index| array_of("index", index))?;
    let key = match CaKey::new(rid, index, modulus, &exponent) {
        Ok(key) => key,
        Err(error) => {
            page.verdict(false, format!("no key that EMV allows: {error}"));
            return Ok(());
        }
    };
    if verb.rid.is_none() {
        return Ok(());
    }
    let checksum = key.checksum();
    page.bytes("checksum", &checksum, "SHA-1 over RID, index, modulus, exponent");
    page.result("checksum", Hex(&checksum).to_string());
    if let Some(wanted) = &verb.checksum {
        let wanted: [u8; 20] = array_of("checksum", wanted)?;
        let holds = wanted == checksum;
        let words = if holds {
            "the checksum is the key's".to_owned()
        } else {
            format!("the checksum is {}, computed {}", Hex(&wanted), Hex(&checksum))
        };
        page.verdict(holds, words);
    }
    Ok(())
}
