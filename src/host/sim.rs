//! An issuer that knows its cards' keys: verifies the cryptogram, decides, answers with an ARPC.

use std::{collections::BTreeMap, fmt};

use super::{Answer, Host, Policy, Request, record::Record};
use crate::crypto::{
    cryptogram::{CryptogramCheck, CryptogramData, IssuerAnswer, VisaCvn},
    derive::master_key,
};

/// The response code for a cryptogram that is not good: do not honour (ISO 8583).
const REFUSED: [u8; 2] = *b"05";
const APPROVED: [u8; 2] = *b"00";
/// Card status update, byte 2 bit 8: the issuer approves (EMV CCD).
const CSU_APPROVED: [u8; 4] = [0x00, 0x80, 0x00, 0x00];
const VERSIONS: [VisaCvn; 4] = [VisaCvn::Cvn10, VisaCvn::Cvn17, VisaCvn::Cvn18, VisaCvn::Cvn22];

/// An issuer's master key for application cryptograms, and the cards it is for.
#[derive(Clone)]
pub struct IssuerKey {
    prefix: String,
    key: [u8; 16],
}

impl IssuerKey {
    /// A two-key triple DES key for the cards whose PAN begins with `prefix`, in digits.
    pub fn new(prefix: impl Into<String>, key: [u8; 16]) -> Self {
        Self { prefix: prefix.into(), key }
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
    check: CryptogramCheck,
    version: Option<VisaCvn>,
    note: String,
    /// Master key, counter and cryptogram for the answer to a good one.
    answerable: Option<([u8; 16], [u8; 2], [u8; 8])>,
}

impl Issuer {
    /// An issuer of the cards that these keys are for; of several prefixes that fit, the longest counts.
    pub fn new(keys: impl IntoIterator<Item = IssuerKey>, policy: Policy) -> Self {
        Self { keys: keys.into_iter().collect(), policy, counters: BTreeMap::new() }
    }

    fn verify(&self, record: Record<'_>) -> Verified {
        let unverifiable = |version, note: String| Verified {
            check: CryptogramCheck::Unverifiable,
            version,
            note: format!("the cryptogram cannot be checked: {note}"),
            answerable: None,
        };
        let (cryptogram, data) = match record.cryptogram() {
            Ok(found) => found,
            Err(reason) => return unverifiable(None, reason),
        };
        let Some(version) = VisaCvn::from_iad(data.iad) else {
            return unverifiable(None, "9F10 names no cryptogram version that this issuer knows".to_owned());
        };
        let (pan, key) = match self.key(record) {
            Ok(found) => found,
            Err(reason) => return unverifiable(Some(version), reason),
        };
        let number = record.sequence_number();
        let card_key = master_key(version.master_key_option(), key, &pan, number);
        let name = version.name();
        match version.cryptogram(&card_key, &data) {
            None => unverifiable(Some(version), format!("9F10 is too short for {name}")),
            Some(wanted) if wanted == cryptogram => Verified {
                check: CryptogramCheck::Valid,
                version: Some(version),
                note: String::new(),
                answerable: Some((card_key, data.atc, cryptogram)),
            },
            Some(_) => {
                let reason = explain(cryptogram, &data, key, &pan, number);
                let note = format!("the cryptogram is not the card's over these data{reason}");
                Verified { check: CryptogramCheck::Wrong, version: Some(version), note, answerable: None }
            }
        }
    }

    /// The PAN as F-padded cn and the key of its issuer.
    fn key(&self, record: Record<'_>) -> Result<(Vec<u8>, &[u8; 16]), String> {
        let digits = record.pan_digits()?;
        let pan = hex::decode(if digits.len() % 2 == 1 { format!("{digits}F") } else { digits.clone() });
        let pan = pan.map_err(|_| "the PAN is no number")?;
        let mine = self.keys.iter().filter(|key| digits.starts_with(&key.prefix));
        let key = mine.max_by_key(|key| key.prefix.len()).ok_or("this issuer has no key for the card")?;
        Ok((pan, &key.key))
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
        let Verified { check, version, mut note, answerable } = self.verify(record);
        let mut answer = Answer {
            response_code: Some(REFUSED),
            cryptogram: Some(check),
            cryptogram_version: version.map(VisaCvn::name),
            elapsed: self.policy.delay(),
            ..Answer::default()
        };
        if let (Some(version), Some((card_key, atc, cryptogram))) = (version, answerable) {
            note.extend(self.count(record, atc));
            let code = self.policy.response_code(record.amount());
            if code != APPROVED {
                note.push_str(if note.is_empty() { "" } else { "; " });
                note.push_str(&format!("answered {} as configured", String::from_utf8_lossy(&code)));
            }
            let csu = if code == APPROVED { CSU_APPROVED } else { [0; 4] };
            let decision = IssuerAnswer { response_code: code, csu };
            let data = version.issuer_authentication_data(&card_key, atc, cryptogram, decision);
            answer.response_code = Some(code);
            answer.arpc = data.get(..arpc_length(version)).map(<[u8]>::to_vec);
            answer.authentication_data = Some(data);
            answer.scripts = self.policy.scripts();
        }
        if request.online_pin {
            note.push_str(if note.is_empty() { "" } else { "; " });
            note.push_str("the PIN is taken as right");
        }
        answer.note = note;
        answer
    }
}

const fn arpc_length(version: VisaCvn) -> usize {
    match version {
        VisaCvn::Cvn10 | VisaCvn::Cvn17 => 8,
        VisaCvn::Cvn18 | VisaCvn::Cvn22 => 4,
    }
}

/// What the usual mistakes would have given: another version, another PAN sequence number.
fn explain(cryptogram: [u8; 8], data: &CryptogramData<'_>, key: &[u8; 16], pan: &[u8], number: u8) -> String {
    let gives = |version: VisaCvn, number| {
        let card_key = master_key(version.master_key_option(), key, pan, number);
        version.cryptogram(&card_key, data) == Some(cryptogram)
    };
    if let Some(version) = VERSIONS.into_iter().find(|version| gives(*version, number)) {
        return format!("; it is what {} would give", version.name());
    }
    let numbers = (0..10).flat_map(|tens| (0..10).map(move |ones| tens << 4 | ones));
    let fits = |version| numbers.clone().find(|number| gives(version, *number));
    match VisaCvn::from_iad(data.iad).and_then(fits) {
        Some(right) => format!("; it fits PAN sequence number {right:02X}, not {number:02X}"),
        None => String::new(),
    }
}
