//! One transaction as JSON: schema `emvtap.tap/1`. The names of the fields are a contract with whoever reads them.

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{Exchange, Log, Mask, Reply};
use crate::{
    bytes::Hex,
    data::Amount,
    entry::KernelId,
    host,
    kernel::outcome::{Outcome, Start, Tenths, UiRequest, UiValue, ValueQualifier, decisive},
    time::Micros,
    tlv,
};

/// The name of the schema.
pub const SCHEMA: &str = "emvtap.tap/1";

/// The transaction as JSON with a line end. `disposition` is the final word after the host.
pub fn write(log: &Log, disposition: &str, mask: &Mask) -> String {
    let mut mask = mask.clone();
    learn(log, &mut mask);
    let json = serde_json::to_string_pretty(&tap(log, disposition, &mask)).unwrap_or_default();
    format!("{json}\n")
}

/// Everything sensitive is known before the first byte is written.
fn learn(log: &Log, mask: &mut Mask) {
    for exchange in &log.exchanges {
        if let Reply::Response(bytes, _) = &exchange.reply {
            mask.learn(bytes);
        }
    }
    for data in log.outcomes.iter().flat_map(|outcome| [&outcome.data_record, &outcome.discretionary_data]).flatten() {
        mask.learn_objects(data);
    }
}

#[derive(Serialize)]
struct Tap<'a> {
    schema: &'static str,
    outcome: Option<OutcomeJson>,
    /// Every Final Outcome, in order; more than one if a restart was asked for.
    outcomes: Vec<OutcomeJson>,
    disposition: &'a str,
    kernel: Option<String>,
    /// The reader's application.
    aid: Option<String>,
    /// The card's, as it was selected (Book B, 3.5.1.5): the same, or longer.
    adf_name: Option<String>,
    exchanges: Vec<ExchangeJson>,
    data_record: ObjectMap,
    discretionary_data: ObjectMap,
    ui: Vec<UiJson>,
    rules: Vec<RuleJson>,
    oda: Option<OdaJson>,
    host: Option<HostJson>,
}

#[derive(Serialize)]
struct OutcomeJson {
    result: &'static str,
    start: Option<&'static str>,
    cvm: Option<&'static str>,
    online_response_data: &'static str,
    alternate_interface: Option<&'static str>,
    receipt: bool,
    field_off_ms: Option<u32>,
    removal_timeout_ms: u32,
}

#[derive(Serialize)]
struct ExchangeJson {
    name: &'static str,
    command: String,
    /// `null` if nothing came back.
    response: Option<String>,
    us: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
}

#[derive(Serialize)]
struct UiJson {
    at_us: u64,
    message: Option<String>,
    text: Option<&'static str>,
    status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hold_ms: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<ValueJson>,
}

#[derive(Serialize)]
struct ValueJson {
    qualifier: &'static str,
    minor_units: Option<u64>,
    currency: String,
}

#[derive(Serialize)]
struct RuleJson {
    book: &'static str,
    rule: &'static str,
    note: String,
}

#[derive(Serialize)]
struct OdaJson {
    method: &'static str,
    result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Serialize)]
struct HostJson {
    arqc: Option<&'static str>,
    /// The version it was checked by.
    #[serde(skip_serializing_if = "Option::is_none")]
    cryptogram_version: Option<String>,
    /// `null` if the issuer could not be reached.
    response_code: Option<String>,
    arpc: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    note: String,
}

/// Data objects by tag, in the order they came; of a tag that comes twice, the first.
struct ObjectMap(Vec<(String, String)>);

impl Serialize for ObjectMap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (tag, value) in &self.0 {
            map.serialize_entry(tag, value)?;
        }
        map.end()
    }
}

fn tap<'a>(log: &Log, disposition: &'a str, mask: &Mask) -> Tap<'a> {
    let outcome = decisive(&log.outcomes);
    // What a second presentment tells, the results of issuer scripts, adds to what the request told.
    let discretionary: Vec<u8> =
        log.outcomes.iter().filter_map(|outcome| outcome.discretionary_data.as_deref()).flatten().copied().collect();
    let kernel = log.kernel.as_ref();
    Tap {
        schema: SCHEMA,
        outcome: outcome.map(outcome_json),
        outcomes: log.outcomes.iter().map(outcome_json).collect(),
        disposition,
        kernel: kernel.map(|activated| kernel_name(&activated.kernel)),
        aid: kernel.map(|activated| Hex(&activated.aid).to_string()),
        adf_name: kernel.map(|activated| Hex(&activated.adf_name).to_string()),
        exchanges: log.exchanges.iter().map(|exchange| exchange_json(exchange, mask)).collect(),
        data_record: objects(outcome.and_then(|outcome| outcome.data_record.as_deref()), mask),
        discretionary_data: objects(Some(&discretionary), mask),
        ui: log.ui.iter().map(|(at, request)| ui_json(*at, request)).collect(),
        rules: log
            .rules
            .iter()
            .map(|rule| RuleJson { book: rule.book, rule: rule.rule, note: mask.text(&rule.note).into_owned() })
            .collect(),
        oda: log.oda.as_ref().map(|oda| OdaJson {
            method: oda.method,
            result: if oda.failure.is_none() { "ok" } else { "failed" },
            reason: oda.failure.as_deref().map(|why| mask.text(why).into_owned()),
        }),
        host: log.host.as_ref().map(|host| HostJson {
            arqc: host.cryptogram,
            cryptogram_version: host.cryptogram_version.clone(),
            response_code: host.response_code.map(|code| host::response_code(&code)),
            arpc: host.arpc.as_ref().map(|arpc| Hex(arpc).to_string()),
            note: mask.text(&host.note).into_owned(),
        }),
    }
}

/// `C-3`, or the hex of an identifier that is no kernel's.
pub(super) fn kernel_name(kernel: &[u8]) -> String {
    KernelId::new(kernel).map_or_else(|| Hex(kernel).to_string(), |kernel| kernel.to_string())
}

pub(super) const fn qualifier(qualifier: ValueQualifier) -> &'static str {
    match qualifier {
        ValueQualifier::Amount => "amount",
        ValueQualifier::Balance => "balance",
    }
}

fn milliseconds(units: Tenths) -> u32 {
    u32::from(units) * 100
}

fn outcome_json(outcome: &Outcome) -> OutcomeJson {
    OutcomeJson {
        result: outcome.result.name(),
        start: outcome.start.map(Start::name),
        cvm: outcome.cvm.name(),
        online_response_data: outcome.online_response_data.name(),
        alternate_interface: outcome.alternate_interface.map(|interface| interface.name()),
        receipt: outcome.receipt,
        field_off_ms: outcome.field_off.map(milliseconds),
        removal_timeout_ms: milliseconds(outcome.removal_timeout),
    }
}

fn exchange_json(exchange: &Exchange, mask: &Mask) -> ExchangeJson {
    let (response, us, fault) = match &exchange.reply {
        Reply::Response(bytes, elapsed) => (Some(Hex(&mask.response(bytes)).to_string()), Some(elapsed.0), None),
        Reply::Fault(fault) => (None, None, Some(fault.to_string())),
        Reply::Nothing => (None, None, None),
    };
    ExchangeJson { name: exchange.name, command: Hex(&mask.bytes(&exchange.command)).to_string(), response, us, fault }
}

fn objects(data: Option<&[u8]>, mask: &Mask) -> ObjectMap {
    let mut map: Vec<(String, String)> = Vec::new();
    for object in tlv::objects(data.unwrap_or_default()).map_while(Result::ok) {
        let tag = object.tag.to_string();
        if map.iter().all(|(known, _)| *known != tag) {
            map.push((tag, Hex(&mask.object(object.tag, object.value)).to_string()));
        }
    }
    ObjectMap(map)
}

fn ui_json(at: Micros, request: &UiRequest) -> UiJson {
    UiJson {
        at_us: at.0,
        message: request.message.map(|message| message.to_string()),
        text: request.message.and_then(|message| message.text()),
        status: request.status.map(|status| status.name()),
        hold_ms: (request.hold > 0).then(|| milliseconds(request.hold)),
        language: request.language.map(|language| format!("{language:?}")),
        value: request.value.as_ref().map(value_json),
    }
}

fn value_json(value: &UiValue) -> ValueJson {
    ValueJson {
        qualifier: qualifier(value.qualifier),
        minor_units: Amount::from_bcd(value.value).map(Amount::minor_units),
        currency: Hex(&value.currency).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::report::story;

    fn story_json(mask: &Mask) -> (String, Value) {
        let mut log = Log::default();
        story::approved_online(&mut log);
        let text = write(&log, "approved", mask);
        let value = serde_json::from_str(&text).unwrap();
        (text, value)
    }

    #[test]
    fn the_fields_are_those_of_the_contract() {
        let (text, value) = story_json(&Mask::on());
        let order: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("  \"")?.split('"').next()).collect();
        let contract = "schema outcome outcomes disposition kernel aid adf_name exchanges data_record discretionary_data ui \
                        rules oda host";
        assert_eq!(order.join(" "), contract);
        assert_eq!(value["schema"], "emvtap.tap/1");
        assert_eq!(
            value["outcome"],
            json!({ "result": "online-request", "start": null, "cvm": "no-cvm", "online_response_data": "none",
                    "alternate_interface": null, "receipt": false, "field_off_ms": null, "removal_timeout_ms": 0 })
        );
        assert_eq!((&value["kernel"], &value["aid"]), (&json!("C-3"), &json!("A0000000031010")));
        assert_eq!(value["adf_name"], "A0000000031010");
        assert_eq!(value["disposition"], "approved");
        assert_eq!(value["oda"], Value::Null);
        assert_eq!(
            value["host"],
            json!({ "arqc": "valid", "cryptogram_version": "CVN 18", "response_code": "00", "arpc": "ABCD" })
        );
        assert_eq!(
            value["ui"],
            json!([{ "at_us": 20, "message": "15", "text": "present card", "status": "ready-to-read" }])
        );
        assert_eq!(value["rules"][1], json!({ "book": "B", "rule": "3.1.1.9", "note": "online cryptogram required" }));
        assert_eq!(
            value["exchanges"][1],
            json!({ "name": "SELECT", "command": "00A4040007A000000003101000", "us": 12,
                    "response": "6F1A8407A0000000031010A50F5004564953419F38069F66049F02069000" })
        );
    }

    #[test]
    fn a_card_number_is_masked_in_every_field_and_shown_on_demand() {
        let (text, value) = story_json(&Mask::on());
        assert!(!text.contains(story::PAN), "{text}");
        assert_eq!(value["data_record"]["57"], "476173FFFFFF0119DFFFFFFFFFFFFFFFFF");
        assert_eq!(value["rules"][2]["note"], "card 476173******0119 wants to go online");
        let (text, value) = story_json(&Mask::off());
        assert_eq!(text.matches(story::PAN).count(), 3);
        assert_eq!(value["data_record"]["57"], "4761739001010119D31122011143804400");
    }

    #[test]
    fn a_transaction_without_anything_is_still_an_object() {
        let value: Value = serde_json::from_str(&write(&Log::default(), "none", &Mask::on())).unwrap();
        assert_eq!(value["outcome"], Value::Null);
        assert_eq!(value["data_record"], json!({}));
    }
}
