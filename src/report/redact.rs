//! Makes a recording fit to share: what identifies a cardholder is replaced, the same everywhere, by values of the same length.

use std::{borrow::Cow, collections::BTreeSet};

use serde_json::Value;

use super::{
    Mask, Recorded,
    mask::{is_private, is_secret},
    recording::{Header, Line, Redacted},
};
use crate::{
    bytes::Hex,
    data::dictionary as tags,
    kernel::event::Event,
    link::Step,
    time::Micros,
    tlv::{self, Budget, Tag},
};

/// What a terminal can no longer verify once the account number is another one, by the object that is there.
const LOST: &[(Tag, &str)] = &[
    (
        tags::ICC_PUBLIC_KEY_CERTIFICATE_9F46,
        "card certificate 9F46: blanked, because anybody can read the account number in it; dynamic signatures fail with it",
    ),
    (
        tags::ICC_PIN_ENCIPHERMENT_PK_CERTIFICATE_9F2D,
        "card certificate 9F2D: blanked, because anybody can read the account number in it; PIN encipherment fails with it",
    ),
    (tags::ISSUER_PUBLIC_KEY_CERTIFICATE_90, "issuer certificate 90: names the first digits of the old account number"),
    (
        tags::SSAD_93,
        "static signature 93: blanked, because anybody can check a guess of the account number with the hash in it",
    ),
    (tags::APPLICATION_CRYPTOGRAM_9F26, "cryptogram 9F26: made with a key of the old account number"),
    (tags::CVC3_TRACK1_9F60, "CVC3 9F60 of track 1: made with a key of the old account number"),
    (tags::CVC3_TRACK2_9F61, "CVC3 9F61 of track 2: made with a key of the old account number"),
];

/// The recording as JSON Lines without what identifies a cardholder.
pub fn redact(recorded: &Recorded) -> String {
    let mut mask = Mask::replacing();
    let mut seen = Vec::new();
    for step in recorded.steps() {
        if let Step::Exchange { answer: Ok((response, _)), .. } = step {
            mask.learn(&response);
            let data = response.split_last_chunk::<2>().map_or(&[][..], |(data, _)| data);
            let objects = tlv::walk(data, Budget::default()).map_while(Result::ok).map(|(_, object)| object);
            seen.extend(objects.map(|object| (object.tag, object.value.to_vec())));
        }
    }
    // Objects may also have come from elsewhere: a data record, the store.
    recorded.tell(&mut |_: Micros, event: &Event<'_>| match event {
        Event::Data { tag, value, .. } => mask.learn_object(*tag, value),
        Event::Outcome { outcome, .. } => {
            for data in [&outcome.data_record, &outcome.discretionary_data].into_iter().flatten() {
                mask.learn_objects(data);
            }
        }
        _ => {}
    });
    // A terminal's exception file names other people's cards.
    for digits in exceptions(recorded.header.terminal_profile.as_deref().unwrap_or_default()) {
        let padded = if digits.len() % 2 == 1 { format!("{digits}F") } else { digits };
        mask.learn_object(tags::PAN_5A, &hex::decode(padded).unwrap_or_default());
    }
    // What was redacted before stays so.
    let mut redacted = recorded.header.redacted.clone().unwrap_or_default();
    let replaced: BTreeSet<Tag> =
        seen.iter().filter(|(tag, value)| is_replaced(&mask, *tag, value)).map(|(tag, _)| *tag).collect();
    add(&mut redacted.replaced, replaced.into_iter().map(named));
    let seen: BTreeSet<Tag> = seen.iter().map(|(tag, _)| *tag).collect();
    add(
        &mut redacted.cannot_verify,
        LOST.iter().filter(|(tag, _)| is_in(&seen, *tag)).map(|(_, why)| (*why).to_owned()),
    );
    write(recorded, &mask, redacted)
}

/// Whether an object is one that goes, and has another value then.
fn is_replaced(mask: &Mask, tag: Tag, value: &[u8]) -> bool {
    !tag.is_constructed() && (is_secret(tag) || is_private(tag)) && mask.object(tag, value) != value
}

/// Whether a card gave an object: a cryptogram may be inside a combined signature only (EMV Book 2, 6.6.1).
fn is_in(seen: &BTreeSet<Tag>, tag: Tag) -> bool {
    let signed = [tags::SDAD_9F4B, tags::CID_9F27].iter().all(|tag| seen.contains(tag));
    seen.contains(&tag) || tag == tags::APPLICATION_CRYPTOGRAM_9F26 && signed
}

fn add(list: &mut Vec<String>, more: impl IntoIterator<Item = String>) {
    for text in more {
        if !list.contains(&text) {
            list.push(text);
        }
    }
}

fn named(tag: Tag) -> String {
    let name = tags::rows(tag).first().map_or("an object nobody knows", |row| row.name);
    format!("{tag} {name}")
}

fn write(recorded: &Recorded, mask: &Mask, redacted: Redacted) -> String {
    let whole = recorded.header.clone();
    let text = |text: &str| mask.text(text).into_owned();
    let header = Header {
        card: text(file(&whole.card)),
        terminal: text(if whole.terminal_profile.is_some() { file(&whole.terminal) } else { &whole.terminal }),
        terminal_profile: whole.terminal_profile.as_deref().map(text),
        set: whole.set.iter().map(|set| text(set)).collect(),
        redacted: Some(redacted),
        ..whole
    };
    let mut text = format!("{}\n", serde_json::to_string(&header).unwrap_or_default());
    for line in &recorded.lines {
        text.push_str(&self::line(line, mask));
    }
    if let Some(end) = &recorded.end {
        let (disposition, stopped) = (Value::from(end.disposition.as_str()), Value::from(end.stopped.as_deref()));
        let at = end.at.0;
        text.push_str(&format!(
            "{{\"us\":{at},\"event\":\"end\",\"disposition\":{disposition},\"stopped\":{stopped}}}\n"
        ));
    }
    text
}

/// The name of a file: a path may name a person.
fn file(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or_default()
}

/// The account numbers of `exceptions = ["4012888888881881", "4761739001010010/01"]` in a terminal's profile.
fn exceptions(profile: &str) -> Vec<String> {
    let profile: toml::Table = profile.parse().unwrap_or_default();
    let listed = profile.get("exceptions").and_then(toml::Value::as_array).into_iter().flatten();
    let digits = listed.filter_map(|number| number.as_str()?.split('/').next());
    digits.map(|digits| digits.replace(' ', "")).filter(|digits| digits.bytes().all(|c| c.is_ascii_digit())).collect()
}

/// One line, with its fields in the order they have in every recording: time and event first.
fn line(line: &Line, mask: &Mask) -> String {
    let fields = &line.fields;
    let event = fields.get("event").and_then(Value::as_str).unwrap_or_default();
    let tag = fields.get("tag").and_then(Value::as_str).and_then(|tag| tag.parse().ok());
    let mut text = format!("{{\"us\":{},\"event\":{}", line.at.0, Value::from(event));
    for (name, value) in fields.iter().filter(|(name, _)| !matches!(name.as_str(), "us" | "event")) {
        text.push_str(&format!(",{}:{}", Value::from(name.as_str()), field(event, name, tag, value, mask)));
    }
    text.push_str("}\n");
    text
}

fn field(event: &str, name: &str, tag: Option<Tag>, value: &Value, mask: &Mask) -> Value {
    let Some(text) = value.as_str() else { return value.clone() };
    let hex = |change: &dyn for<'a> Fn(&'a [u8]) -> Cow<'a, [u8]>| match hex::decode(text) {
        Ok(bytes) => Value::from(Hex(&change(&bytes)).to_string()),
        Err(_) => value.clone(),
    };
    match (event, name, tag) {
        ("response", "bytes", _) => hex(&|bytes| mask.response(bytes)),
        ("data", "value", Some(tag)) => hex(&|bytes| mask.object(tag, bytes)),
        ("outcome", "data_record" | "discretionary_data", _) => hex(&|bytes| mask.objects(bytes)),
        ("command", "bytes", _) | ("host", "arpc" | "authentication_data" | "scripts", _) => hex(&|b| mask.bytes(b)),
        (_, "note" | "failure" | "text", _) => Value::from(mask.text(text).into_owned()),
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Recording, story};

    #[test]
    fn nothing_of_the_account_number_is_left_and_lengths_stay() {
        let mut recording = Recording::with_header(Mask::off(), &story::header());
        story::approved_online(&mut recording);
        let text = recording.hand_over(str::to_owned);
        let redacted = redact(&Recorded::read("x", &text).unwrap());
        assert!(text.contains(story::PAN) && !redacted.contains(story::PAN), "{redacted}");
        let again = Recorded::read("y", &redacted).unwrap();
        assert!(again.header.redacted.unwrap().cannot_verify.iter().any(|lost| lost.starts_with("cryptogram 9F26")));
        let lengths = |text: &str| text.lines().skip(1).map(str::len).collect::<Vec<_>>();
        assert_eq!(lengths(&redacted), lengths(&text));
        // The same number everywhere: in the track, the record for the issuer and a sentence.
        assert_eq!(redacted.matches("4761739001000011").count(), text.matches(story::PAN).count());
    }

    #[test]
    fn what_is_signed_about_the_account_number_is_blanked_and_named() {
        let log = "> 00B2010C00\n< 700D9F2D04A1A2A3A49304C1C2C3C49000\n";
        let recorded = Recorded::from_dump(&crate::dump::parse(log).unwrap());
        let redacted = redact(&recorded);
        assert!(redacted.contains("700D9F2D040000000093040000000090"), "{redacted}");
        let header = Recorded::read("y", &redacted).unwrap().header.redacted.unwrap();
        for (tag, lost) in ["9F2D", "93"].iter().zip(&header.cannot_verify) {
            assert!(lost.contains(&format!("{tag}: blanked")), "{lost}");
            assert!(header.replaced.iter().any(|replaced| replaced.starts_with(tag)), "{:?}", header.replaced);
        }
    }

    #[test]
    fn a_terminal_gives_no_account_number_away() {
        let mut recording = Recording::with_header(Mask::off(), &story::header());
        story::approved_online(&mut recording);
        let mut recorded = Recorded::read("x", &recording.hand_over(str::to_owned)).unwrap();
        recorded.header.terminal = "/home/somebody/shop.toml".to_owned();
        let exceptions = format!("exceptions = [\"{}\", \"4539578763621486/01\"]\n", story::PAN);
        recorded.header.terminal_profile = Some(exceptions);
        let header = redact(&recorded).lines().next().unwrap().to_owned();
        for secret in [story::PAN, "4539578763621486", "somebody"] {
            assert!(!header.contains(secret), "{secret} in {header}");
        }
        assert!(header.contains("shop.toml") && header.contains("/01"), "{header}");
    }
}
