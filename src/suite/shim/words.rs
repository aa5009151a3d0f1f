//! What subjects say, in the words of `emvtap.tap/1`: upper and lower case, underscores and hyphens mean the same.

use std::collections::BTreeMap;

use crate::{
    bytes::Hex,
    kernel::{
        contract::DataRequest,
        outcome::{AlternateInterface, Cvm, OnlineResponseData, OutcomeResult},
    },
    run::{Disposition, Said},
    suite::{
        child, observe,
        seen::{OutcomeSeen, UiSeen},
    },
    time::Micros,
    tlv::{Tag, Writer},
};

use super::message::SaidMessage;

/// Outcomes that leave Entry Point.
pub(super) const FINAL: [OutcomeResult; 5] = [
    OutcomeResult::Approved,
    OutcomeResult::Declined,
    OutcomeResult::OnlineRequest,
    OutcomeResult::TryAnotherInterface,
    OutcomeResult::EndApplication,
];
const CVMS: [Cvm; 4] = [Cvm::NoCvm, Cvm::Signature, Cvm::OnlinePin, Cvm::ConfirmationCodeVerified];
const ONLINE: [OnlineResponseData; 3] =
    [OnlineResponseData::NotApplicable, OnlineResponseData::EmvData, OnlineResponseData::Any];
const INTERFACES: [AlternateInterface; 2] = [AlternateInterface::ContactChip, AlternateInterface::MagStripe];

/// Bytes from hex; spaces do not count.
pub(super) fn bytes(what: &str, text: &str) -> Result<Vec<u8>, String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    hex::decode(&digits).map_err(|_| format!("{what} `{}`, which is not hex", shortened(text)))
}

/// No more of a text than fits a line.
pub(super) fn shortened(text: &str) -> String {
    let mut beginning: String = text.chars().take(80).collect();
    let is_cut = beginning.len() < text.len();
    beginning = child::printable(&beginning);
    if is_cut { format!("{beginning}…") } else { beginning }
}

/// Data objects in the runner's writing, and as bytes.
pub(super) fn objects(
    what: &str,
    tags: &BTreeMap<String, String>,
) -> Result<(BTreeMap<String, String>, Vec<u8>), String> {
    let (mut map, mut out) = (BTreeMap::new(), Writer::new());
    for (name, value) in tags {
        let tag = tag(name).ok_or_else(|| format!("{what} `{}`, which is no tag", shortened(name)))?;
        let value = bytes(&format!("{what} {name}"), value)?;
        map.insert(tag.to_string(), Hex(&value).to_string());
        out.object(tag, &value);
    }
    Ok((map, out.finish()))
}

/// What a kernel asks and tells, from the words of a message.
pub(super) fn request(
    needed: &[String],
    to_send: &BTreeMap<String, String>,
    wait: Option<u64>,
) -> Result<DataRequest, String> {
    let mut data_needed = Vec::new();
    for name in needed {
        let tag = tag(name).ok_or_else(|| format!("needed `{}`, which is no tag", shortened(name)))?;
        data_needed.extend(tag.bytes().into_iter().skip(4 - tag.len()));
    }
    let wait = wait.map(|ms| Micros(ms.saturating_mul(1000)));
    Ok(DataRequest { data_needed, data_to_send: objects("to_send", to_send)?.1, wait })
}

/// What the terminal says, as a message, and back.
pub(super) fn said(said: &Said) -> SaidMessage {
    match said {
        Said::Objects(data) => SaidMessage { data: observe::objects(data), ..SaidMessage::default() },
        Said::Stop => SaidMessage { stop: true, ..SaidMessage::default() },
        Said::Nothing => SaidMessage { timeout: true, ..SaidMessage::default() },
    }
}

/// See [`said`]. What is no data object is nothing.
pub(super) fn heard(message: &SaidMessage) -> Said {
    match message {
        SaidMessage { stop: true, .. } => Said::Stop,
        SaidMessage { timeout: true, .. } => Said::Nothing,
        SaidMessage { data, .. } => Said::Objects(objects("data", data).unwrap_or_default().1),
    }
}

/// A final word.
pub(super) fn disposition(text: &str) -> Result<Disposition, String> {
    let known = [Disposition::Approved, Disposition::Declined, Disposition::None];
    let found = known.into_iter().find(|known| known.name() == plain(text));
    found.ok_or_else(|| format!("a disposition `{}`", shortened(text)))
}

/// A tag from hex.
pub(super) fn tag(text: &str) -> Option<Tag> {
    text.trim().to_ascii_uppercase().parse::<crate::data::text::TagText>().ok().map(|tag| tag.0)
}

fn plain(word: &str) -> String {
    word.trim().to_ascii_lowercase().replace(['_', ' '], "-")
}

/// One of these names, or nothing; anything else is nonsense.
fn one_of(what: &str, word: Option<&str>, names: &[&'static str]) -> Result<Option<&'static str>, String> {
    let word = plain(word.unwrap_or_default());
    if matches!(word.as_str(), "" | "none" | "n/a") {
        return Ok(None);
    }
    let known = names.iter().find(|name| **name == word);
    known
        .map(|name| Some(*name))
        .ok_or_else(|| format!("an outcome whose {what} is `{}`; known are {}", shortened(&word), names.join(", ")))
}

/// An Outcome in the runner's writing, and its result.
pub(super) fn outcome(said: &OutcomeSeen) -> Result<(OutcomeSeen, OutcomeResult), String> {
    let names = FINAL.map(OutcomeResult::name);
    let result = one_of("result", Some(&said.result), &names)?;
    let result = FINAL.into_iter().find(|known| Some(known.name()) == result);
    let result = result.ok_or_else(|| format!("an outcome without a result; known are {}", names.join(", ")))?;
    let cvms: Vec<_> = CVMS.iter().filter_map(|cvm| cvm.name()).collect();
    let start = said.start.as_ref().map(|start| start.to_ascii_lowercase());
    let start = one_of("start", start.as_deref(), &["a", "b", "c", "d"])?;
    let owned = |name: Option<&str>| name.map(ToOwned::to_owned);
    let online =
        one_of("online_response_data", Some(&said.online_response_data), &ONLINE.map(OnlineResponseData::name))?;
    let interface = said.alternate_interface.as_deref();
    let seen = OutcomeSeen {
        result: result.name().to_owned(),
        start: start.map(str::to_ascii_uppercase),
        cvm: owned(one_of("cvm", said.cvm.as_deref(), &cvms)?),
        online_response_data: online.unwrap_or(OnlineResponseData::NotApplicable.name()).to_owned(),
        alternate_interface: owned(one_of(
            "alternate_interface",
            interface,
            &INTERFACES.map(AlternateInterface::name),
        )?),
        data_record: objects("data_record", &said.data_record)?.0,
        discretionary_data: objects("discretionary_data", &said.discretionary_data)?.0,
        coded: objects("coded", &said.coded)?.0,
        ..said.clone()
    };
    Ok((seen, result))
}

/// A User Interface Request in the runner's writing.
pub(super) fn ui(said: &UiSeen) -> UiSeen {
    let word = |word: &Option<String>| word.as_deref().map(plain).filter(|word| word != "none" && !word.is_empty());
    UiSeen {
        message: word(&said.message).map(|message| message.to_ascii_uppercase()),
        status: word(&said.status),
        hold_ms: said.hold_ms.filter(|hold| *hold > 0),
        language: word(&said.language),
        qualifier: word(&said.qualifier),
        value: said.value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_hyphens_do_not_count() {
        let said: OutcomeSeen = serde_json::from_str(
            r#"{ "result": "ONLINE_REQUEST", "cvm": "Online PIN", "start": "b", "data_record": { "9f26": "ab 01" } }"#,
        )
        .unwrap();
        let (seen, result) = outcome(&said).unwrap();
        assert_eq!(result, OutcomeResult::OnlineRequest);
        assert_eq!(
            (seen.result.as_str(), seen.cvm.as_deref(), seen.start.as_deref()),
            ("online-request", Some("online-pin"), Some("B"))
        );
        assert_eq!(seen.data_record["9F26"], "AB01");
        let said: UiSeen =
            serde_json::from_str(r#"{ "message": "1c", "status": "READY_TO_READ", "hold_ms": 0 }"#).unwrap();
        let seen = ui(&said);
        assert_eq!(
            (seen.message.as_deref(), seen.status.as_deref(), seen.hold_ms),
            (Some("1C"), Some("ready-to-read"), None)
        );
    }

    #[test]
    fn nonsense_is_named() {
        for (said, why) in [
            (r#"{ "result": "maybe" }"#, "result is `maybe`"),
            (r#"{ "result": "select-next" }"#, "result is `select-next`"),
            (r#"{ "result": "" }"#, "without a result"),
            (r#"{ "result": "approved", "cvm": "guess" }"#, "cvm is `guess`; known are no-cvm, signature"),
            (
                r#"{ "result": "approved", "data_record": { "9F26": "xyz" } }"#,
                "data_record 9F26 `xyz`, which is not hex",
            ),
            (r#"{ "result": "approved", "data_record": { "tag": "00" } }"#, "`tag`, which is no tag"),
        ] {
            let error = outcome(&serde_json::from_str(said).unwrap()).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }
}
