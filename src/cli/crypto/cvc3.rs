//! `emvtap crypto cvc3` and `dcvv`: what takes the place of a cryptogram on a magnetic stripe.

use zeroize::Zeroizing;

use super::{
    input::{Input, array_of, hex_of},
    key::KeyReader,
    method::{card_key, card_of, derive_card},
    page::Page,
};
use crate::{
    bytes::Hex,
    cli::{
        args::crypto::{CardMaster, Cvc3, Dcvv, How, KeyIs},
        exit::Exit,
        failure::Failure,
        out::Environment,
    },
    crypto::{
        SymmetricKey,
        cvc3::{CardData, cvc3, cvc3_digits, cvv, ivcvc3},
    },
};

/// Runs `cvc3`.
pub fn run(verb: &Cvc3, environment: &Environment) -> Result<Exit, Failure> {
    let mut page = Page::new("cvc3", &verb.how);
    let key = key(&mut page, &verb.how, &verb.master)?;
    let iv = match (&verb.track, &verb.ivcvc3) {
        (Some(track), _) => {
            let track = if verb.text { track.as_bytes().to_vec() } else { hex_of("track", track)? };
            if track.is_empty() {
                return Err(Failure::usage("--track is empty"));
            }
            page.text("track", format!("{} bytes", track.len()), "the static part");
            ivcvc3(&key, &track)
        }
        (None, Some(iv)) => array_of("ivcvc3", iv)?,
        (None, None) => return Err(Failure::usage("--track or --ivcvc3")),
    };
    page.bytes("IVCVC3", &iv, "last 2 bytes of the MAC over the track");
    let (number, atc) = (array_of("un", &verb.un)?, array_of("atc", &verb.atc)?);
    page.bytes("block", &[&iv[..], &number, &atc].concat(), "IVCVC3, unpredictable number, ATC");
    if Hex(&number).to_string().bytes().any(|digit| !digit.is_ascii_digit()) {
        page.note("the unpredictable number is not all digits: a terminal in this mode sends decimal digits");
    }
    let found = cvc3(&key, iv, number, atc);
    let all = cvc3_digits(found, 5);
    page.bytes("CVC3", &found, format!("{all} in decimal"));
    let length = usize::from(verb.digits);
    let digits = cvc3_digits(found, length);
    page.text("digits", &digits, format!("the last {}", verb.digits));
    page.result("ivcvc3", Hex(&iv).to_string());
    page.result("cvc3", Hex(&found).to_string());
    page.result("digits", digits.as_str());
    if let Some(wanted) = &verb.cvc3 {
        let wanted = wanted.to_ascii_uppercase();
        let decimal = wanted.len() == length && wanted == digits;
        let holds = decimal || wanted == Hex(&found).to_string();
        let words = if holds {
            "the CVC3 verifies".to_owned()
        } else {
            format!("the CVC3 is {wanted}, computed {} ({digits})", Hex(&found))
        };
        page.verdict(holds, words);
    }
    page.finish(environment)
}

/// Runs `dcvv`.
pub fn dcvv(verb: &Dcvv, environment: &Environment) -> Result<Exit, Failure> {
    let mut page = Page::new("dcvv", &verb.how);
    let key = key(&mut page, &verb.how, &verb.master)?;
    let pan = verb.master.card.pan.as_deref().ok_or_else(|| Failure::usage("--pan is needed"))?;
    let digits = |text: &str, length| text.len() == length && text.bytes().all(|digit| digit.is_ascii_digit());
    if !digits(&verb.expiry, 4) || !digits(&verb.service_code, 3) {
        return Err(Failure::usage("--expiry has four digits (YYMM), --service-code three"));
    }
    let data = CardData { pan, expiry: &verb.expiry, service_code: &verb.service_code };
    let found = crate::crypto::cvc3::dcvv(&key, data, verb.atc, verb.overlay.into());
    let found = found.ok_or_else(|| Failure::usage("--pan has too few digits, or --overlay too many"))?;
    page.text(
        "ATC",
        format!("{:0>width$}", verb.atc, width = usize::from(verb.overlay)),
        "over the first digits of the account number",
    );
    let short = found.get(..3).unwrap_or_default().to_owned();
    page.text("dCVV", &short, "the first three decimal digits");
    page.result("dcvv", short.as_str());
    page.note(
        "the layout of the input is from one public description; --overlay chooses how many digits the counter covers",
    );
    if let Some(wanted) = &verb.dcvv {
        let holds = *wanted == short;
        let static_one = cvv(&key, data).is_some_and(|all| all.starts_with(wanted.as_str()));
        let words = match (holds, static_one) {
            (true, _) => "the dCVV verifies".to_owned(),
            (false, true) => format!("{wanted} is the CVV without the counter, computed {short}"),
            (false, false) => format!("the dCVV is {wanted}, computed {short}"),
        };
        page.verdict(holds, words);
    }
    page.finish(environment)
}

/// The card's key: triple DES.
fn key(
    page: &mut Page<'_>,
    how: &How,
    CardMaster { key, option, card }: &CardMaster,
) -> Result<Zeroizing<[u8; 16]>, Failure> {
    let given = KeyReader::new(how.allow_production_keys).read("key", key, false)?.symmetric("key", false)?;
    if card.key_is == KeyIs::Session {
        return Err(Failure::usage("there is no session key here: --key-is issuer or card"));
    }
    let (pan, psn) = card_of(card, &Input::default())?;
    match &derive_card(page, card_key(*option), card.key_is, &given, (&pan, psn))? {
        SymmetricKey::TripleDes(key) => Ok(Zeroizing::new(*key)),
        SymmetricKey::Aes(_) => Err(Failure::usage("option C is AES; these values are triple DES")),
    }
}
