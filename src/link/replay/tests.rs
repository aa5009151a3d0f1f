use super::*;

const SELECT: &str = "00A4040007A000000003101000";
const FCI: &str = "6F148407A0000000031010A5099F38069F02069F37049000";
const GPO_1: &str = "80A800000C830A00000000125011223344 00";
const GPO_2: &str = "80A800000C830A00000000125055667788 00";

fn bytes(text: &str) -> Vec<u8> {
    hex::decode(text.replace(' ', "")).unwrap()
}

fn recording(rule: Match) -> Replay {
    let exchange = |command, answer| Step::Exchange { command: bytes(command), answer: Ok((bytes(answer), Micros(9))) };
    Replay::new(
        vec![
            Step::Activation(Ok(Micros(5))),
            exchange(SELECT, FCI),
            exchange(GPO_1, "7700 9000"),
            exchange("00B2010C00", "6A83"),
        ],
        rule,
    )
}

fn send(link: &mut Replay, command: &str) -> Result<Vec<u8>, LinkFault> {
    let mut response = Vec::new();
    link.exchange(&bytes(command), &mut response).map(|_| response)
}

#[test]
fn the_same_commands_get_the_recorded_answers() {
    let mut link = recording(Match::Strict);
    assert_eq!(link.activate(), Ok(Micros(5)));
    assert_eq!(send(&mut link, SELECT), Ok(bytes(FCI)));
    assert_eq!(send(&mut link, GPO_1), Ok(bytes("77009000")));
    assert_eq!(link.unsent().collect::<Vec<_>>(), [bytes("00B2010C00")]);
    assert!(link.differences().is_empty());
    assert_eq!(link.activate(), Err(LinkFault::NoCard), "there was one card");
}

#[test]
fn another_unpredictable_number_is_accepted_by_meaning_only_and_named() {
    for (rule, expected) in [(Match::Meaning, Ok(bytes("77009000"))), (Match::Strict, Err(LinkFault::Cancelled))] {
        let mut link = recording(rule);
        link.activate().unwrap();
        send(&mut link, SELECT).unwrap();
        assert_eq!(send(&mut link, GPO_2), expected);
        let [difference] = link.differences() else { panic!("{rule:?}") };
        assert_eq!((difference.number, difference.accepted), (2, rule == Match::Meaning));
        let number = ObjectDifference { tag: Tag::new(0x9F37), recorded: bytes("11223344"), found: bytes("55667788") };
        assert_eq!(difference.objects, [number]);
    }
}

#[test]
fn another_way_ends_the_tap() {
    let mut link = recording(Match::Meaning);
    link.activate().unwrap();
    assert_eq!(send(&mut link, "00A4040007A000000004101000"), Err(LinkFault::Cancelled));
    let [difference] = link.differences() else { panic!() };
    assert_eq!((difference.recorded.clone(), difference.accepted), (bytes(SELECT), false));
}

/// As logs of other readers have it: a directory of the contact side, a first try that was refused, counters in between.
#[test]
fn by_meaning_what_only_reads_is_passed_over_and_records_come_in_any_order() {
    let exchange = |command: &str, answer: &str| Step::Exchange {
        command: bytes(command),
        answer: Ok((bytes(answer), Micros(9))),
    };
    let steps = vec![
        Step::Activation(Ok(Micros(5))),
        exchange("80CA9F7F00", "6A88"),
        exchange("00A4040002AABB00", "6A82"),
        exchange(SELECT, FCI),
        exchange("80CA9F3600", "9F360200019000"),
        exchange("80A8000002830000", "6700"),
        exchange(GPO_1, "77009000"),
        exchange("00B2010C00", "70009000"),
        exchange("00B2020C00", "7002500090 00"),
        exchange("00A4040002AABB00", "6A82"),
        exchange("00B2030C00", "6A83"),
    ];
    let mut link = Replay::new(steps.clone(), Match::Meaning);
    link.activate().unwrap();
    assert_eq!(send(&mut link, SELECT), Ok(bytes(FCI)));
    assert_eq!(send(&mut link, GPO_2), Ok(bytes("77009000")), "of those that mean the same, the one as long");
    assert_eq!(send(&mut link, "00B2020C00"), Ok(bytes("7002500090 00")));
    assert_eq!(send(&mut link, "00B2010C00"), Ok(bytes("70009000")));
    assert_eq!(send(&mut link, "00B2010C00"), Ok(bytes("70009000")), "a record may be read twice");
    let passed: Vec<_> =
        link.differences().iter().map(|difference| (difference.number, difference.passed_over)).collect();
    assert_eq!(passed, [(1, 2), (2, 2)]);
    assert_eq!(link.unsent().count(), 2);
    assert_eq!(send(&mut link, "00B2030C00"), Err(LinkFault::Cancelled), "of another application");

    let mut link = Replay::new(steps, Match::Strict);
    link.activate().unwrap();
    assert_eq!(send(&mut link, SELECT), Err(LinkFault::Cancelled));
}

#[test]
fn nothing_is_made_up_after_the_end() {
    let mut link = Replay::new(vec![], Match::Meaning);
    assert_eq!(link.activate(), Err(LinkFault::NoCard));
    assert_eq!(send(&mut link, SELECT), Err(LinkFault::Cancelled));
    assert!(link.differences()[0].recorded.is_empty());
}

/// A log that begins with an application: nobody asked for a directory, and none is made up.
#[test]
fn applications_are_known_where_nobody_asked_for_a_directory() {
    let exchange = |command: &str, answer: &str| Step::Exchange {
        command: bytes(command),
        answer: Ok((bytes(answer), Micros(9))),
    };
    let steps = vec![
        Step::Activation(Ok(Micros(5))),
        exchange("00A404000E315041592E5359532E444446303100", "6F009000"),
        exchange("00A4040007A000000025010400", "6A82"),
        exchange("00A4040005A00000000300", FCI),
        exchange(SELECT, FCI),
    ];
    assert_eq!(without_directory(&steps), Some(vec![bytes("A0000000031010")]));
    let mut link = Replay::new(steps.clone(), Match::Meaning);
    link.activate().unwrap();
    assert_eq!(send(&mut link, SELECT), Ok(bytes(FCI)), "the same bytes before the same meaning");
    let mut link = Replay::new(steps[..4].to_vec(), Match::Meaning);
    link.activate().unwrap();
    assert_eq!(send(&mut link, SELECT), Ok(bytes(FCI)), "the beginning of its name selected it");
    let ppse = [steps, vec![exchange("00A404000E325041592E5359532E444446303100", "6A82")]].concat();
    assert_eq!(without_directory(&ppse), None);
    assert_eq!(without_directory(&[]), None);
}

#[test]
fn of_two_selections_the_one_that_goes_on_counts() {
    let exchange = |command: &str, answer: &str| Step::Exchange {
        command: bytes(command),
        answer: Ok((bytes(answer), Micros(9))),
    };
    let steps = vec![
        Step::Activation(Ok(Micros(5))),
        exchange(SELECT, FCI),
        exchange("00B2010C00", "6985"),
        exchange(SELECT, FCI),
        exchange(GPO_1, "77009000"),
        exchange("00B2010C00", "70009000"),
    ];
    let mut link = Replay::new(steps, Match::Meaning);
    link.activate().unwrap();
    for (command, answer) in [(SELECT, FCI), (GPO_1, "77009000"), ("00B2010C00", "70009000")] {
        assert_eq!(send(&mut link, command), Ok(bytes(answer)));
    }
}
