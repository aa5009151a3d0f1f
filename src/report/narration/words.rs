//! Values in words.

use core::fmt::Write as _;

use super::*;
use crate::{
    data::{Amount, decode::decode_value},
    kernel::outcome::{OnlineResponseData, OutcomeResult, Tenths, ValueQualifier},
    terminal::Currency,
    tlv,
};

/// `   0.4     `, with the unit on request.
pub fn time(at: Micros, unit: bool) -> String {
    format!("{}{}", format_args!("{:>6}", milliseconds(at)), if unit { " ms" } else { "" })
}

/// `0.4`: milliseconds to one place.
pub fn milliseconds(at: Micros) -> String {
    let tenths = (at.0 + 50) / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// `1.3 s`.
pub fn tenths(hold: Tenths) -> String {
    format!("{}.{} s", hold / 10, hold % 10)
}

/// At most this many rules stand beside a step; the rest is `-v`.
const CITED_MAX: usize = 3;

/// `B 3.1.1.6 3.1.1.9`: each book once, each rule once.
pub fn cited(rules: &[Cited]) -> String {
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for (book, rule, _) in rules {
        if !seen.contains(&(book, rule)) {
            seen.push((book, rule));
        }
    }
    let mut text = String::new();
    let mut last = "";
    for (book, rule) in seen.iter().take(CITED_MAX) {
        let lead = if text.is_empty() { "" } else { " " };
        let _ = if *book == last { write!(text, "{lead}{rule}") } else { write!(text, "{lead}{book} {rule}") };
        last = book;
    }
    if let Some(more) = seen.len().checked_sub(CITED_MAX).filter(|more| *more > 0) {
        let _ = write!(text, " +{more}");
    }
    text
}

/// The notes of some rules, each once.
pub fn reasons(rules: &[Cited], mask: &Mask) -> Vec<String> {
    let mut reasons: Vec<String> = Vec::new();
    for (_, _, note) in rules {
        let reason = mask.text(note).into_owned();
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    reasons
}

/// Notes one after the other: a number that is compared again is not repeated, and what follows for TTQ stands behind an arrow:
/// `12.50 > floor limit 0.00 · < CVM required limit 50.00 → online cryptogram required`.
pub fn sentence(notes: &[String]) -> String {
    let mut text = String::new();
    let (mut compared, mut followed) = (None, false);
    for note in notes {
        let subject = note.split_once(' ').filter(|(_, rest)| rest.starts_with(['<', '>', '≤', '≥']));
        let (gap, shown) = match (note.strip_prefix("TTQ: "), subject) {
            (Some(bit), _) => (if core::mem::replace(&mut followed, true) { ", " } else { " → " }, bit),
            (None, Some((number, rest))) if compared == Some(number) => (" · ", rest),
            _ => (" · ", note.as_str()),
        };
        compared = subject.map(|(number, _)| number).or(compared);
        text.push_str(if text.is_empty() { "" } else { gap });
        text.push_str(shown);
    }
    text
}

/// `fDDA succeeded: issuer key 1984 bits, card key 1152 bits`, beside a row that says the first half.
pub fn keys(notes: &[String]) -> Vec<String> {
    let parts = |note: &String| match note.split_once(" succeeded: ") {
        Some((_, keys)) => keys.split(", ").map(str::to_owned).collect(),
        None => vec![note.clone()],
    };
    notes.iter().flat_map(parts).collect()
}

/// How many rules explain an Outcome where only the steps are told.
const REASONS: usize = 3;

/// Rules that find something out, or close the transaction, and decide nothing.
const FINDINGS: [(&str, &str); 10] = [
    ("C-3", "4.1.1.1"),
    ("C-3", "4.3.1.1"),
    ("C-3", "5.4.1.1"),
    ("C-2", "S9.26"),
    ("C-2", "S10.20"),
    ("C-2", "S11.6-25e"),
    ("C-2", "S910.70"),
    ("C-2", "S910.81"),
    ("C-2", "S11.110"),
    ("C-2", "S11.121"),
];

/// What ends a transaction before its time is the last that was decided; before an empty candidate list, why it is empty.
fn last(rules: Vec<Cited>) -> (Vec<Cited>, Vec<Cited>) {
    let last = rules.iter().rposition(|(book, rule, _)| !FINDINGS.contains(&(*book, *rule)));
    let is_empty_list = last.and_then(|last| rules.get(last)).is_some_and(|rule| (rule.0, rule.1) == ("B", "3.3.2.7"));
    let (mut at, mut causes) = (0, 0);
    rules.into_iter().partition(|(book, rule, _)| {
        let is_last = last == Some(at);
        at += 1;
        let is_cause = is_empty_list && (*book, *rule) == ("B", "3.3.2.5");
        causes += usize::from(is_cause);
        is_last || is_cause && causes < REASONS
    })
}

/// What Kernel 2 says was wrong with the card's data (Error Indication, byte 2), unless a reason says so already.
pub fn error(outcome: &Outcome, told: &[String]) -> Option<String> {
    let data = outcome.discretionary_data.as_deref()?;
    let value = tlv::find(data, tags::ERROR_INDICATION_DF8115)?.ok()?.value;
    let details = decode_value(tags::ERROR_INDICATION_DF8115, value, Some(Scope::K2)).details();
    let word = details.iter().find_map(|detail| detail.words.strip_prefix("layer 2: "))?.to_owned();
    (word != "OK" && !told.iter().any(|reason| reason.contains(&word))).then_some(word)
}

/// The rules that brought an Outcome about, and the others. A refusal has reasons of its own; else a note that says what follows
/// from what (`…: go online`) tells more than one that says the Outcome again.
pub fn deciding(outcome: &Outcome, rules: Vec<Cited>) -> (Vec<Cited>, Vec<Cited>) {
    if matches!(outcome.result, OutcomeResult::EndApplication | OutcomeResult::SelectNext | OutcomeResult::TryAgain) {
        return last(rules);
    }
    let declined = outcome.result == OutcomeResult::Declined;
    let refuses = |(_, _, note): &Cited| declined && (note.ends_with("decline") || note.ends_with("declined"));
    let concludes = |(book, rule, note): &Cited| note.contains(": ") && !FINDINGS.contains(&(*book, *rule));
    let any = |rule: &Cited| !FINDINGS.contains(&(rule.0, rule.1));
    let choices: [&dyn Fn(&Cited) -> bool; 3] = [&refuses, &concludes, &any];
    let choice = choices.into_iter().find(|choice| rules.iter().any(choice)).unwrap_or(&any);
    let skipped = rules.iter().filter(|rule| choice(rule)).count().saturating_sub(REASONS);
    let mut seen = 0;
    rules.into_iter().partition(|rule| {
        seen += usize::from(choice(rule));
        choice(rule) && seen > skipped
    })
}

/// Notes of one rule; what they begin with alike is said once: `issuer certificate: length ok · trailer ok`.
pub fn joined(notes: &[String]) -> String {
    let mut last = None;
    let mut text = String::new();
    for note in notes {
        let head = note.split_once(": ");
        let shown = match (head, last) {
            (Some((head, rest)), Some(last)) if head == last => rest,
            _ => note,
        };
        last = head.map(|(head, _)| head);
        text.push_str(if text.is_empty() { "" } else { " · " });
        text.push_str(shown);
    }
    text
}

/// `fDDA`, `CDA`.
pub fn method(name: &str) -> String {
    name.strip_prefix('f').map_or_else(|| name.to_uppercase(), |rest| format!("f{}", rest.to_uppercase()))
}

/// The DOL data of a GET PROCESSING OPTIONS command, without template 83.
pub fn dol_data(command: &[u8]) -> Option<&[u8]> {
    let [_, 0xA8, _, _, _, rest @ ..] = command else { return None };
    let template = tlv::objects(rest).next()?.ok()?;
    Some(template.value)
}

/// `"present card" · ready-to-read · held 1.3 s · amount 12.50`.
pub fn ui(request: &UiRequest) -> String {
    let message =
        request.message.map(|id| id.text().map_or_else(|| format!("message {id}"), |text| format!("\"{text}\"")));
    let hold = (request.hold > 0).then(|| format!("held {}", tenths(request.hold)));
    let language = request.language.map(|language| format!("language {language:?}"));
    let value = request.value.and_then(|value| {
        let what = match value.qualifier {
            ValueQualifier::Amount => "amount",
            ValueQualifier::Balance => "balance",
        };
        let amount = Amount::from_bcd(value.value)?;
        Some(match Currency::from_bcd(value.currency) {
            Some(currency) => format!("{what} {} {}", amount.display(currency.exponent()), currency.code()),
            None => format!("{what} {} minor units", amount.minor_units()),
        })
    });
    let status = request.status.map(|status| status.name().to_owned());
    [message, status, hold, language, value].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The parameters of an Outcome that are not N/A.
pub fn outcome(outcome: &Outcome) -> Vec<String> {
    let start = outcome.start.map(|start| format!("start again at {}", start.name()));
    let online = match outcome.online_response_data {
        OnlineResponseData::NotApplicable => None,
        data => Some(format!("online response data {}", data.name())),
    };
    let interface = outcome.alternate_interface.map(|interface| format!("use the {}", interface.name()));
    let field_off = outcome.field_off.map(|hold| format!("field off {}", tenths(hold)));
    let removal =
        (outcome.removal_timeout > 0).then(|| format!("removal time-out {}", tenths(outcome.removal_timeout)));
    let receipt = outcome.receipt.then(|| "receipt".to_owned());
    let parts = [
        Some(outcome.result.name().to_owned()),
        start,
        cvm(outcome.cvm),
        online,
        interface,
        field_off,
        removal,
        receipt,
    ];
    parts.into_iter().flatten().collect()
}

/// The cardholder verification method as people say it.
pub fn cvm(cvm: Cvm) -> Option<String> {
    Some(
        match cvm {
            Cvm::NotApplicable => return None,
            Cvm::NoCvm => "no CVM",
            Cvm::Signature => "signature",
            Cvm::OnlinePin => "online PIN",
            Cvm::ConfirmationCodeVerified => "verified on the device",
        }
        .to_owned(),
    )
}
