use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::suite::{
    case::Ui,
    results::Difference,
    seen::{OutcomeSeen, Step, UiSeen, What},
    verdict::rule,
};

const PPSE: &str = "00A404000E325041592E5359532E444446303100";
const SELECT: &str = "00A4040007A000000003101000";
/// An FCI whose PDOL asks for 9F66 (4), 9F02 (6) and 9F37 (4).
const FCI: &str = "6F1B8407A0000000031010A510500456495341";

fn step(at_us: u64, what: What) -> Step {
    Step { at_us, what }
}

fn exchange(at: u64, command: &str, response: &str) -> [Step; 2] {
    let response = What::Response { hex: response.to_owned(), us: 1000 };
    [step(at, What::Command { hex: command.to_owned() }), step(at + 1000, response)]
}

fn ui(message: &str, status: &str) -> What {
    What::Ui(UiSeen { message: Some(message.to_owned()), status: Some(status.to_owned()), ..UiSeen::default() })
}

/// A Visa tap with a restart: TTQ 36004000, 12.50, an ARQC, no CVM.
fn tap() -> Seen {
    let mut steps = vec![step(0, ui("15", "ready-to-read")), step(0, What::FieldOn)];
    steps.extend(exchange(1_000, PPSE, "6F009000"));
    // PDOL: 9F6604 9F0206 9F3704.
    let fci = format!("{}9F38099F66049F02069F37049000", FCI.replace("6F1B", "6F1D").replace("A510", "A512"));
    steps.extend(exchange(20_000, SELECT, &fci));
    steps.extend(exchange(40_000, "80A8000010830E360040000000000012501122334400", "770A82022000940408010100 9000"));
    steps.extend(exchange(60_000, "00B2010C00", "70009000"));
    steps.push(step(70_000, What::FieldOff));
    steps.push(step(80_500, What::FieldOn));
    steps.push(step(90_000, ui("17", "card-read-successfully")));
    let record = [("9F26", "1122334455667788"), ("9F36", "0001")];
    steps.push(step(
        91_000,
        What::Outcome(OutcomeSeen {
            result: "online-request".to_owned(),
            cvm: Some("no-cvm".to_owned()),
            online_response_data: "emv-data".to_owned(),
            field_off_ms: Some(1300),
            data_record: record.map(|(tag, value)| (tag.to_owned(), value.to_owned())).into(),
            ..OutcomeSeen::default()
        }),
    ));
    steps.push(step(91_000, What::Online { tags: BTreeMap::new() }));
    let host =
        What::Host { response_code: Some("00".to_owned()), cryptogram: Some("valid".to_owned()), note: String::new() };
    steps.push(step(92_000, host));
    Seen { steps, disposition: "approved".to_owned(), ..Seen::default() }
}

fn findings(check: &str, seen: &Seen) -> Vec<Finding> {
    let check: Check = toml::from_str(&format!("requirement = ['R-1']\n{check}")).unwrap();
    judge(&[check], 0, seen, Sight::Everything, &BTreeMap::new())
}

/// The only finding.
fn one(check: &str) -> Finding {
    let mut found = findings(check, &tap());
    assert_eq!(found.len(), 1, "{check}: {found:#?}");
    found.remove(0)
}

#[test]
fn statements_hold_and_fail() {
    for (yes, no) in [
        ("outcome = 'online-request'", "outcome = 'approved'"),
        ("outcome = ['approved', 'online-request']", "outcome = ['approved', 'declined']"),
        ("outcomes = ['online-request']", "outcomes = ['online-request', 'approved']"),
        ("disposition = 'approved'", "disposition = 'none'"),
        ("cvm = 'no-cvm'", "cvm = 'none'"),
        ("start = 'none'", "start = 'B'"),
        ("online-response-data = 'emv-data'", "online-response-data = 'any'"),
        ("alternate-interface = 'none'", "alternate-interface = 'contact-chip'"),
        ("receipt = false", "receipt = true"),
        ("field-off-ms = 1300", "field-off-ms = -1"),
        ("removal-timeout-ms = 0", "removal-timeout-ms = 100"),
        ("data-record = {ATC = '0001'}", "data-record = {'9F36' = '0002'}"),
        ("data-record = {'9F27' = 'absent'}", "data-record = {'9F27' = 'present'}"),
        ("discretionary-data = {'9F6E' = 'absent'}", "discretionary-data = {'9F36' = '0001'}"),
        ("online = true", "online = false"),
        ("cryptogram = 'valid'", "cryptogram = 'wrong'"),
        (
            "commands = ['SELECT PPSE', 'SELECT', 'GPO', 'READ RECORD 1.1']",
            "commands = ['SELECT PPSE', 'SELECT', 'GPO']",
        ),
        ("sends = ['SELECT PPSE', 'GPO']", "sends = ['GPO', 'SELECT PPSE']"),
        ("never-sends = ['GENERATE AC']", "never-sends = ['READ RECORD']"),
        ("sent = {GPO = {TTQ = 'byte 1 bit 6 = 1'}}", "sent = {GPO = {'9F66' = 'byte 2 bit 7 = 1'}}"),
        ("sent = {GPO = {'9F02' = '000000001250'}}", "sent = {GPO = {'9F02' = '000000001251'}}"),
        ("sent = {GPO = {'9F37' = '1122????'}}", "sent = {GPO = {'9F37' = 'not 11223344'}}"),
        ("sent-data = {GPO = '830E ???????? ???????????? ????????'}", "sent-data = {GPO = 'length 17'}"),
        ("sent-data = {'SELECT PPSE' = 'length 14'}", "sent-data = {'GET DATA 9F5D' = 'present'}"),
        ("selected = 'A0000000031010'", "selected = 'A0000000032010'"),
        (
            "ui = [{message = '15'}, {message = '17', status = 'card-read-successfully'}]",
            "ui = [{message = '17'}, {message = '15'}]",
        ),
        ("never-ui = [{message = '1B'}]", "never-ui = [{status = 'ready-to-read'}]"),
        ("well-formed = true", "uis = []"),
        ("field-off-for-ms = 10", "field-off-for-ms = 11"),
        // The last answer comes at 61 ms, the Outcome at 91.
        ("held-back-ms = 30", "held-back-ms = 31"),
    ] {
        assert_eq!(one(yes).verdict, Verdict::Pass, "{:#?}", one(yes));
        assert_eq!(one(no).verdict, Verdict::Fail, "{:#?}", one(no));
    }
}

#[test]
fn a_difference_is_told_by_bit_and_meaning() {
    let found = one("sent = {GPO = {'9F66' = '36404000'}}");
    let wanted = Difference {
        at: "byte 2 bit 7".to_owned(),
        means: "CVM required".to_owned(),
        expected: "1".to_owned(),
        observed: "0".to_owned(),
    };
    assert_eq!((found.differences.as_slice(), found.step), (&[wanted][..], Some(6)));
    assert_eq!((found.expected.as_str(), found.observed.as_str()), ("36404000", "36004000"));
    let found = one("data-record = {'9F36' = '0002'}");
    let difference = &found.differences[0];
    assert_eq!((difference.at.as_str(), difference.expected.as_str()), ("byte 2", "02"));
}

#[test]
fn a_difference_in_a_list_is_told_by_its_object() {
    let found = one("sent-data = {GPO = '830E36404000000000001350A?B2C3D4'}");
    let told: Vec<_> = found.differences.iter().map(|bit| (bit.at.as_str(), bit.means.is_empty())).collect();
    assert_eq!(told[..2], [("9F66 byte 2 bit 7", false), ("9F02 byte 5", true)], "{:#?}", found.differences);
    assert!(told[2..].iter().all(|(at, _)| at.starts_with("9F37 byte ")), "{told:?}");
}

#[test]
fn what_the_card_does_not_ask_for_is_inconclusive() {
    let found = one("sent = {GPO = {'9F35' = '22'}}");
    assert_eq!(found.verdict, Verdict::Inconclusive);
    assert_eq!(found.observed, "the card's PDOL does not ask for 9F35");
    assert_eq!(rule(&[found], [&Ended::Done]).verdict, Verdict::Inconclusive);
}

#[test]
fn without_an_outcome_nothing_about_it_holds() {
    let mut seen = tap();
    seen.steps.retain(|step| !matches!(step.what, What::Outcome(_)));
    for check in ["cvm = 'none'", "receipt = false", "data-record = {'9F26' = 'absent'}", "outcome = ['approved']"] {
        assert_eq!(findings(check, &seen)[0].verdict, Verdict::Fail, "{check}");
    }
}

#[test]
fn a_check_may_be_about_an_outcome_before_a_restart() {
    let mut seen = tap();
    let before =
        OutcomeSeen { result: "end-application".to_owned(), start: Some("B".to_owned()), ..OutcomeSeen::default() };
    seen.steps.insert(0, step(0, What::Outcome(before)));
    let holds = |check: &str| findings(check, &seen).iter().all(|finding| finding.verdict == Verdict::Pass);
    assert!(holds("final-outcome = 1\noutcome = 'end-application'\nstart = 'B'\ndata-record = { '9F26' = 'absent' }"));
    assert!(holds("final-outcome = 2\noutcome = 'online-request'") && holds("outcome = 'online-request'"));
    assert!(!holds("final-outcome = 3\noutcome = 'online-request'") && !holds("final-outcome = 1\nstart = 'none'"));
}

#[test]
fn a_should_is_a_warning() {
    let note = RequirementNote { level: "should".to_owned(), ..RequirementNote::default() };
    let check: Check = toml::from_str("requirement = ['R-1']\ncvm = 'signature'").unwrap();
    let found = judge(&[check], 0, &tap(), Sight::Everything, &BTreeMap::from([("R-1".to_owned(), note)]));
    assert_eq!(found[0].verdict, Verdict::Warn);
    assert_eq!(rule(&found, [&Ended::Done]).verdict, Verdict::Warn);
}

#[test]
fn a_subject_that_spoils_a_tap_fails_and_one_that_cannot_does_not() {
    let rule_of = |ended: Ended| {
        let seen = Seen { ended, ..tap() };
        rule(&findings("outcome = 'online-request'", &seen), [&seen.ended])
    };
    assert_eq!(rule_of(Ended::Done).verdict, Verdict::Pass);
    assert_eq!(rule_of(Ended::TimedOut("no answer for 10 s".into())).reason, "no answer for 10 s");
    assert_eq!(rule_of(Ended::Misbehaved("said nonsense".into())).verdict, Verdict::Fail);
    assert_eq!(rule_of(Ended::Unsupported("refunds".into())).verdict, Verdict::Unsupported);
    assert_eq!(rule_of(Ended::Broken("no reader".into())).verdict, Verdict::Inconclusive);
}

#[test]
fn an_ill_formed_command_counts_however_the_tap_ends() {
    for (ended, count, verdict) in [
        (Ended::Done, 2, Verdict::Fail),
        (Ended::Unsupported("refunds".into()), 1, Verdict::Fail),
        (Ended::Misbehaved("said nonsense".into()), 2, Verdict::Fail),
        (Ended::TimedOut("no answer for 10 s".into()), 2, Verdict::Fail),
        (Ended::Broken("no reader".into()), 0, Verdict::Inconclusive),
    ] {
        let mut seen = Seen { ended, ..tap() };
        seen.steps.insert(0, step(0, What::Command { hex: "80A80000058300".to_owned() }));
        let found = findings("outcome = 'online-request'", &seen);
        assert_eq!((found.len(), rule(&found, [&seen.ended]).verdict), (count, verdict), "{:?}", seen.ended);
        if let Some(form) = found.last() {
            assert_eq!((form.requirements[0].as_str(), form.step), ("3/6.3.2-form", Some(0)));
            assert_eq!(form.observed, "command 1, 80A80000058300: Lc says 5 bytes, 2 follow");
        }
    }
}

#[test]
fn of_a_terminal_that_only_taps_commands_are_judged() {
    let check: Check = toml::from_str("requirement = ['R-1']\ncvm = 'signature'\nsends = ['GPO']").unwrap();
    let found = judge(&[check], 0, &tap(), Sight::Commands, &BTreeMap::new());
    assert_eq!(found.len(), 1);
    assert_eq!(rule(&found, [&Ended::Done]).verdict, Verdict::Pass);
    assert_eq!(rule(&[], [&Ended::Done]).verdict, Verdict::Inconclusive);
    // Nobody gives such a terminal its unpredictable numbers, but everything else of the command is looked at.
    for (check, verdict) in [
        ("sent = {GPO = {'9F37' = 'A1B2C3D4'}}", Verdict::NotApplicable),
        ("sent-data = {GPO = '830E36004000000000001250A1B2C3D4'}", Verdict::NotApplicable),
        ("sent = {GPO = {'9F37' = 'length 4'}}", Verdict::Pass),
        ("sent = {GPO = {'9F02' = '000000001251'}}", Verdict::Fail),
    ] {
        let check: Check = toml::from_str(&format!("requirement = ['R-1']\n{check}")).unwrap();
        let found = judge(core::slice::from_ref(&check), 0, &tap(), Sight::Commands, &BTreeMap::new());
        assert_eq!(found[0].verdict, verdict, "{check:?}");
        assert_eq!(rule(&found, [&Ended::Done]).verdict == Verdict::Inconclusive, verdict == Verdict::NotApplicable);
    }
}

/// A check with one statement, and the same statement with another value.
type Pair = (Check, Check);

fn pair(change: impl Fn(&mut Check, bool)) -> Pair {
    let of = |right| {
        let mut check = Check::default();
        change(&mut check, right);
        check
    };
    (of(true), of(false))
}

/// Everything that can be stated about a tap, each with a wrong twin.
fn statements(seen: &Seen) -> Vec<Pair> {
    let scene = Scene::of(seen);
    let (_, outcome) = scene.deciding().unwrap();
    let pick = |right: bool, word: &str| OneOf::One(if right { word.to_owned() } else { format!("{word}x") });
    let none = |word: &Option<String>| word.clone().unwrap_or_else(|| "none".to_owned());
    let names: Vec<String> = scene.exchanges.iter().map(|exchange| exchange.name.clone()).collect();
    let mut all = vec![
        pair(|check, right| check.outcome = Some(pick(right, &outcome.result))),
        pair(|check, right| check.cvm = Some(pick(right, &none(&outcome.cvm)))),
        pair(|check, right| check.start = Some(pick(right, &none(&outcome.start)))),
        pair(|check, right| check.online_response_data = Some(pick(right, &outcome.online_response_data))),
        pair(|check, right| check.disposition = Some(pick(right, &seen.disposition))),
        pair(|check, right| check.receipt = Some(outcome.receipt == right)),
        pair(|check, right| {
            check.field_off_ms = Some(outcome.field_off_ms.map_or(-1, i64::from) + i64::from(!right) * 100);
        }),
        pair(|check, right| {
            check.removal_timeout_ms = Some(i64::from(outcome.removal_timeout_ms) + i64::from(!right));
        }),
        pair(|check, right| {
            let missing = usize::from(!right);
            check.commands = Some(names[..names.len() - missing].to_vec());
        }),
        pair(|check, right| {
            let name = if right { names[0].clone() } else { "RECOVER AC".to_owned() };
            check.sends = Some(vec![name]);
        }),
        pair(|check, right| {
            let name = if right { "RECOVER AC".to_owned() } else { names[0].clone() };
            check.never_sends = Some(vec![name]);
        }),
    ];
    for (tag, value) in &outcome.data_record {
        let text = |right: bool| Pattern::One(if right { value.clone() } else { flipped(value) });
        all.push(pair(|check, right| check.data_record = Some(BTreeMap::from([(tag.clone(), text(right))]))));
    }
    for exchange in scene.exchanges.iter().filter(|exchange| !exchange.data().is_empty()) {
        let data = hex::encode_upper(exchange.data());
        let text = |right: bool| Pattern::One(if right { data.clone() } else { flipped(&data) });
        // Only the first command of a name is looked at.
        if names.iter().position(|name| *name == exchange.name).map(|at| scene.exchanges[at].step)
            == Some(exchange.step)
        {
            all.push(pair(|check, right| {
                check.sent_data = Some(BTreeMap::from([(exchange.name.clone(), text(right))]))
            }));
        }
    }
    for (_, request) in &scene.ui {
        let UiSeen { message, status, hold_ms, language, qualifier, value } = (*request).clone();
        let stated = Ui { message, status, hold_ms: hold_ms.or(Some(0)), language, qualifier, value };
        all.push(pair(|check, right| check.ui = Some(vec![if right { stated.clone() } else { unlike(&stated) }])));
        all.push(pair(|check, right| {
            check.never_ui = Some(vec![if right { unlike(&stated) } else { stated.clone() }])
        }));
    }
    all
}

/// A request that is never shown here.
fn unlike(ui: &Ui) -> Ui {
    Ui { message: Some("ZZ".to_owned()), ..ui.clone() }
}

/// The same hex with the last bit turned over.
fn flipped(hex: &str) -> String {
    let mut bytes = hex::decode(hex).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    hex::encode_upper(bytes)
}

fn a_request() -> impl Strategy<Value = UiSeen> {
    let message = prop::option::of(prop::sample::select(vec!["15", "17", "1B", "03"]));
    let status = prop::option::of(prop::sample::select(vec!["ready-to-read", "processing-error"]));
    (message, status, prop::option::of(0..3000_u32), prop::option::of(0..99_999_u64)).prop_map(
        |(message, status, hold_ms, value)| UiSeen {
            message: message.map(str::to_owned),
            status: status.map(str::to_owned),
            hold_ms,
            value,
            ..UiSeen::default()
        },
    )
}

fn an_outcome() -> impl Strategy<Value = OutcomeSeen> {
    let objects = prop::collection::btree_map(
        prop::sample::select(vec!["9F26", "9F36", "82", "57", "DF01"]),
        prop::collection::vec(any::<u8>(), 1..12),
        0..4,
    );
    let results = prop::sample::select(vec!["approved", "declined", "online-request", "end-application"]);
    let cvm = prop::option::of(prop::sample::select(vec!["no-cvm", "signature", "online-pin"]));
    (results, cvm, any::<bool>(), prop::option::of(0..20_u32), 0..3_u32, objects).prop_map(
        |(result, cvm, receipt, off, removal_timeout_ms, objects)| OutcomeSeen {
            result: result.to_owned(),
            cvm: cvm.map(str::to_owned),
            receipt,
            field_off_ms: off.map(|off| off * 100),
            removal_timeout_ms,
            data_record: objects.into_iter().map(|(tag, value)| (tag.to_owned(), hex::encode_upper(value))).collect(),
            ..OutcomeSeen::default()
        },
    )
}

/// A tap nobody designed: any commands, any answers, some of them lost.
fn a_tap() -> impl Strategy<Value = Seen> {
    let data = || prop::collection::vec(any::<u8>(), 1..20);
    let command = prop_oneof![
        Just(hex::decode(PPSE).unwrap()),
        (0..255_u8, 0..31_u8).prop_map(|(record, file)| vec![0x00, 0xB2, record, file << 3 | 4, 0x00]),
        data().prop_map(|data| [&[0x80, 0xA8, 0, 0, data.len() as u8][..], &data, &[0]].concat()),
        data().prop_map(|data| [&[0x80, 0xAE, 0x80, 0, data.len() as u8][..], &data, &[0]].concat()),
    ];
    let exchange = (command, prop::option::of(data()));
    let exchanges = prop::collection::vec(exchange, 1..8);
    let requests = prop::collection::vec(a_request(), 0..4);
    let outcomes = prop::collection::vec(an_outcome(), 1..3);
    (exchanges, requests, outcomes).prop_map(|(exchanges, requests, outcomes)| {
        let mut steps = Vec::new();
        for (command, response) in exchanges {
            steps.push(What::Command { hex: hex::encode_upper(command) });
            steps.push(match response {
                Some(response) => What::Response { hex: hex::encode_upper(response), us: 1 },
                None => What::Lost { reason: "timeout".to_owned() },
            });
        }
        steps.extend(requests.into_iter().map(What::Ui));
        steps.extend(outcomes.into_iter().map(What::Outcome));
        let steps = steps.into_iter().zip(0..).map(|(what, at_us)| Step { at_us, what }).collect();
        Seen { steps, disposition: "none".to_owned(), ..Seen::default() }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_a_tap_shows_holds_on_it_and_nothing_else_does(seen in a_tap()) {
        for (right, wrong) in statements(&seen) {
            let verdicts = |check: Check| -> Vec<Verdict> {
                let found = judge(&[check], 0, &seen, Sight::Everything, &BTreeMap::new());
                // Random commands have no form.
                let stated = found.into_iter().filter(|finding| finding.what != "form of the commands");
                stated.map(|finding| finding.verdict).collect()
            };
            prop_assert_eq!(verdicts(right.clone()), [Verdict::Pass], "{:#?}", right);
            prop_assert_eq!(verdicts(wrong.clone()), [Verdict::Fail], "{:#?}", wrong);
        }
    }

    #[test]
    fn patterns_hold_on_the_bytes_they_are_made_of(value in prop::collection::vec(any::<u8>(), 1..9), at in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let holds = |text: &str| text.parse::<Statement>().unwrap().holds(Some(&value));
        let hex = hex::encode(&value);
        let at = at.index(value.len());
        let set = value[at] >> bit & 1;
        let name = format!("byte {} bit {}", at + 1, bit + 1);
        let (same, other) = (format!("{name} = {set}"), format!("{name} = {}", 1 - set));
        prop_assert!(holds(&same));
        prop_assert!(!holds(&other));
        let mut masked: Vec<char> = hex.chars().collect();
        masked[2 * at] = '?';
        let masked: String = masked.into_iter().collect();
        prop_assert!(holds(&hex) && holds(&masked));
        let (not, other) = (format!("not {hex}"), flipped(&hex));
        prop_assert!(!holds(&not) && !holds(&other));
    }
}
