//! An issuer that knows its cards' keys: verifies the cryptogram, decides, answers with an ARPC.

use std::{collections::BTreeMap, fmt};

use super::{
    Answer, Host, Policy, Request,
    checksum::{self, Positions},
    record::Record,
    version::Known,
};
use crate::crypto::{
    SymmetricKey,
    cryptogram::{CryptogramCheck, CryptogramData, IssuerAnswer},
};

/// The response code for a cryptogram that is not good: do not honour (ISO 8583).
const REFUSED: [u8; 2] = *b"05";
const APPROVED: [u8; 2] = *b"00";
/// Card status update, byte 2 bit 8: the issuer approves (EMV CCD).
const CSU_APPROVED: [u8; 4] = [0x00, 0x80, 0x00, 0x00];

/// A master key of an issuer, and the cards it is for.
#[derive(Clone)]
pub struct IssuerKey {
    prefix: String,
    key: [u8; 16],
    purpose: Purpose,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// Application cryptograms.
    Cryptogram,
    /// CVC3 of mag-stripe mode.
    Checksum(Positions),
}

impl IssuerKey {
    /// A key of 16 bytes for application cryptograms of the cards whose PAN begins with `prefix`, in digits: triple DES, or AES
    /// where the cryptogram version says so.
    pub fn new(prefix: impl Into<String>, key: [u8; 16]) -> Self {
        Self { prefix: prefix.into(), key, purpose: Purpose::Cryptogram }
    }

    /// A two-key triple DES key for the CVC3 on track 2 of the cards whose PAN begins with `prefix`. `pcvc3`, `punatc`, `natc`:
    /// 9F65, 9F66 and 9F67 of these cards, where checksum, unpredictable number and counter stand.
    pub fn checksum(prefix: impl Into<String>, key: [u8; 16], pcvc3: [u8; 2], punatc: [u8; 2], natc: u8) -> Self {
        let positions = Positions { pcvc3: u16::from_be_bytes(pcvc3), punatc: u16::from_be_bytes(punatc), natc };
        Self { prefix: prefix.into(), key, purpose: Purpose::Checksum(positions) }
    }
}

impl fmt::Debug for IssuerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IssuerKey({}.., ..)", self.prefix)
    }
}

/// An issuer. Remembers the highest counter of every card, to notice a cryptogram that comes twice.
#[derive(Debug, Default)]
pub struct Issuer {
    keys: Vec<IssuerKey>,
    policy: Policy,
    counters: BTreeMap<(String, u8), u16>,
}

/// What verification found, before it is told to anybody.
struct Verified {
    /// `None` if the record has no cryptogram, and is of the kind that need not have one.
    check: Option<CryptogramCheck>,
    /// What it was checked by.
    version: Option<&'static str>,
    note: String,
    /// The counter of a good one.
    counter: Option<[u8; 2]>,
    /// What the answer to a good one is made with.
    answerable: Option<Answerable>,
}

struct Answerable {
    known: Known,
    key: SymmetricKey,
    cryptogram: [u8; 8],
}

impl Verified {
    fn unverifiable(version: Option<&'static str>, note: String) -> Self {
        Self {
            check: Some(CryptogramCheck::Unverifiable),
            version,
            note: format!("the cryptogram cannot be checked: {note}"),
            counter: None,
            answerable: None,
        }
    }
}

impl Issuer {
    /// An issuer of the cards that these keys are for; of several prefixes that fit, the longest counts.
    pub fn new(keys: impl IntoIterator<Item = IssuerKey>, policy: Policy) -> Self {
        Self { keys: keys.into_iter().collect(), policy, counters: BTreeMap::new() }
    }

    fn verify(&self, record: Record<'_>) -> Verified {
        if record.has_track_only() {
            return self.know(record);
        }
        if record.has_checksum() {
            return self.verify_checksum(record);
        }
        let (cryptogram, data) = match record.cryptogram() {
            Ok(found) => found,
            Err(reason) => return Verified::unverifiable(None, reason),
        };
        let Some(known) = Known::from_iad(record.rid(), data.iad) else {
            let reason = "9F10 names no cryptogram version that this issuer knows".to_owned();
            return Verified::unverifiable(None, reason);
        };
        let name = known.name;
        let (pan, key, _) = match self.key(record, |purpose| purpose == Purpose::Cryptogram) {
            Ok(found) => found,
            Err(reason) => return Verified::unverifiable(Some(name), reason),
        };
        let number = record.sequence_number();
        let Some(card_key) = known.card_key(key, &pan, number) else {
            return Verified::unverifiable(Some(name), format!("the issuer's key is none for {name}"));
        };
        match known.method.cryptogram(&card_key, &data) {
            None => Verified::unverifiable(Some(name), format!("9F10 is too short for {name}")),
            Some(wanted) if wanted == cryptogram => Verified {
                check: Some(CryptogramCheck::Valid),
                version: Some(name),
                note: String::new(),
                counter: Some(data.atc),
                answerable: known
                    .method
                    .arpc_key(&card_key, data.atc, data.unpredictable_number)
                    .map(|key| Answerable { known, key, cryptogram }),
            },
            Some(_) => {
                let reason = explain(cryptogram, &data, known, key, &pan, number);
                let note = format!("the cryptogram is not the card's over these data{reason}");
                let check = Some(CryptogramCheck::Wrong);
                Verified { check, version: Some(name), note, counter: None, answerable: None }
            }
        }
    }

    /// A record without a cryptogram: whether the card is this issuer's is all that can be seen of it.
    fn know(&self, record: Record<'_>) -> Verified {
        match self.key(record, |_| true) {
            Err(reason) => Verified::unverifiable(None, reason),
            Ok(_) => Verified {
                check: None,
                version: None,
                note: "no cryptogram in the record: track data only".to_owned(),
                counter: None,
                answerable: None,
            },
        }
    }

    /// The CVC3 on track 2 of a card in mag-stripe mode.
    fn verify_checksum(&self, record: Record<'_>) -> Verified {
        let name = checksum::NAME;
        let (pan, key, purpose) = match self.key(record, |purpose| purpose != Purpose::Cryptogram) {
            Ok(found) => found,
            Err(reason) => return Verified::unverifiable(Some(name), reason),
        };
        let Purpose::Checksum(positions) = purpose else {
            return Verified::unverifiable(Some(name), "this issuer has no key for the card".to_owned());
        };
        let seen = self.counter(record);
        match checksum::verify(record.track_2_data().unwrap_or_default(), &positions, key, &pan, seen) {
            Ok(counter) => Verified {
                check: Some(CryptogramCheck::Valid),
                version: Some(name),
                note: String::new(),
                counter: Some(counter.to_be_bytes()),
                answerable: None,
            },
            Err(checksum::Bad::Unreadable(reason)) => Verified::unverifiable(Some(name), reason.to_owned()),
            Err(checksum::Bad::Wrong) => Verified {
                check: Some(CryptogramCheck::Wrong),
                version: Some(name),
                note: "the CVC3 on track 2 is not the card's".to_owned(),
                counter: None,
                answerable: None,
            },
        }
    }

    /// The PAN as F-padded cn and a key of its issuer with what it is for.
    fn key(
        &self,
        record: Record<'_>,
        is_meant: impl Fn(Purpose) -> bool,
    ) -> Result<(Vec<u8>, &[u8; 16], Purpose), String> {
        let digits = record.pan_digits()?;
        let pan = hex::decode(if digits.len() % 2 == 1 { format!("{digits}F") } else { digits.clone() });
        let pan = pan.map_err(|_| "the PAN is no number")?;
        let mine = self.keys.iter().filter(|key| digits.starts_with(&key.prefix) && is_meant(key.purpose));
        let key = mine.max_by_key(|key| key.prefix.len()).ok_or("this issuer has no key for the card")?;
        Ok((pan, &key.key, key.purpose))
    }

    /// The highest counter of a card so far.
    fn counter(&self, record: Record<'_>) -> Option<u16> {
        self.counters.get(&(record.pan_digits().ok()?, record.sequence_number())).copied()
    }

    /// Notes the counter of a card; says so if it is not above all before.
    fn count(&mut self, record: Record<'_>, atc: [u8; 2]) -> Option<String> {
        let atc = u16::from_be_bytes(atc);
        let card = (record.pan_digits().ok()?, record.sequence_number());
        let before = self.counters.get(&card).copied();
        self.counters.insert(card, before.map_or(atc, |before| before.max(atc)));
        before
            .filter(|before| atc <= *before)
            .map(|before| format!("counter {atc} is not above {before}, which was seen before"))
    }
}

impl Host for Issuer {
    fn authorise(&mut self, request: Request<'_>) -> Answer {
        let record = Record(request.data_record);
        let Verified { check, version, mut note, counter, answerable } = self.verify(record);
        let mut answer = Answer {
            response_code: Some(REFUSED),
            cryptogram: check,
            cryptogram_version: version,
            elapsed: self.policy.delay(),
            ..Answer::default()
        };
        note.extend(counter.and_then(|atc| self.count(record, atc)));
        if matches!(check, None | Some(CryptogramCheck::Valid)) {
            let code = self.policy.response_code(record.amount());
            if code != APPROVED {
                note.push_str(if note.is_empty() { "" } else { "; " });
                note.push_str(&format!("answered {} as configured", String::from_utf8_lossy(&code)));
            }
            answer.response_code = Some(code);
            answer.scripts = self.policy.scripts();
            if let Some(answerable) = answerable.filter(|_| self.policy.has_authentication_data()) {
                answerable.answer(code, &mut answer);
            }
        }
        if request.online_pin {
            note.push_str(if note.is_empty() { "" } else { "; " });
            note.push_str("the PIN is taken as right");
        }
        answer.note = note;
        answer
    }
}

impl Answerable {
    /// Adds the issuer authentication data.
    fn answer(&self, response_code: [u8; 2], answer: &mut Answer) {
        let csu = if response_code == APPROVED { CSU_APPROVED } else { [0; 4] };
        let decision = IssuerAnswer { response_code, csu };
        let method = self.known.method.arpc;
        if let Some(arpc) = method.compute(&self.key, self.cryptogram, decision, &[]) {
            answer.authentication_data = Some(method.authentication_data(&arpc, decision, &[]));
            answer.arpc = Some(arpc);
        }
    }
}

/// What the usual mistakes would have given: another version, another PAN sequence number.
fn explain(
    cryptogram: [u8; 8],
    data: &CryptogramData<'_>,
    known: Known,
    key: &[u8; 16],
    pan: &[u8],
    number: u8,
) -> String {
    let gives = |version: &Known, number| {
        let card_key = version.card_key(key, pan, number);
        card_key.and_then(|card_key| version.method.cryptogram(&card_key, data)) == Some(cryptogram)
    };
    if let Some(version) = known.relatives().find(|version| gives(version, number)) {
        return format!("; it is what {} would give", version.name);
    }
    let mut numbers = (0..10).flat_map(|tens| (0..10).map(move |ones| tens << 4 | ones));
    match numbers.find(|number| gives(&known, *number)) {
        Some(right) => format!("; it fits PAN sequence number {right:02X}, not {number:02X}"),
        None => String::new(),
    }
}
