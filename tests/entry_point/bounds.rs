//! Every tap ends, whatever card, kernel and air interface do.

use emvtap::{
    apdu::LinkFault,
    entry::{Aid, Combination, Configuration, KernelId, Limits, Options, TransactionTable},
    kernel::{
        contract::{Cx, Input, Kernel, Next},
        event::Silent,
        outcome::{OnlineResponseData, Outcome, OutcomeResult, Start, UiStatus},
    },
    link::Link,
    run::{Disposition, Parts, Random, Reader, Seeded, Transaction},
    time::Micros,
};

use crate::support::{
    any, approved,
    bench::{Bench, Issuer, Trace, sale, tap},
    card::{App, Asked, Card, Trouble, fci},
    end_application, hex, ppse_of, select_next,
    settings::{APP1, APP2, TS1, VISA},
    text, try_again,
};

fn few() -> Options {
    Options { limits: Limits { returns: 2, restarts: 2, collisions: 2 }, ..Options::default() }
}

fn run(options: Options, mut card: Card) -> Trace {
    Bench::new(TS1).options(options).tap(Start::A, &sale(0, "2"), &mut card)
}

fn ended_by_limit(trace: &Trace, what: &str) {
    assert_eq!(trace.results().last(), Some(&OutcomeResult::EndApplication), "{what}");
    assert_eq!(trace.tap.stopped, None, "{what}");
    let cited = trace.rules.iter().filter(|rule| rule.starts_with("emvtap limit")).count();
    assert_eq!(cited, 1, "{what}: {:?}", trace.rules);
}

#[test]
fn a_card_that_never_answers() {
    let card = || Card::new([App::new(APP1)]).trouble(Trouble::Always(LinkFault::Timeout));
    let trace = run(few(), card());
    assert_eq!(trace.selects(), ["PPSE"; 3]);
    ended_by_limit(&trace, "never answers");
    let trace = tap(TS1, Start::A, "2", card());
    assert_eq!(trace.selects().len(), 17, "sixteen returns by default");
}

#[test]
fn a_kernel_that_always_tries_again() {
    let trace = run(few(), Card::new([App::new(APP1).says([try_again()])]));
    assert_eq!(trace.kernels.len(), 3);
    ended_by_limit(&trace, "try again");
}

#[test]
fn a_kernel_that_always_restarts() {
    let trace = run(few(), Card::new([App::new(APP1).says([end_application().start(Start::B)])]));
    assert_eq!(trace.kernels.len(), 3);
    assert_eq!(trace.results(), [OutcomeResult::EndApplication; 4]);
    ended_by_limit(&trace, "restarts");
}

#[test]
fn select_next_ends_with_the_list() {
    let apps = (0..16).map(|at| {
        App::new(&format!("{APP1}{at:02X}"))
            .kernel("23")
            .entry(&format!("4F08{APP1}{at:02X} 9F2A0123"))
            .says([select_next()])
    });
    let trace = run(few(), Card::new(apps));
    assert_eq!(trace.kernels.len(), 16);
    assert_eq!(trace.results(), [OutcomeResult::EndApplication]);
}

#[test]
fn cards_that_always_collide() {
    let trace = run(few(), Card::new([]).trouble(Trouble::Collisions(usize::MAX)));
    ended_by_limit(&trace, "collisions");
    assert!(trace.selects().is_empty());
}

/// What is not the card's doing ends the tap, with the field off.
#[test]
fn stops() {
    for fault in [LinkFault::NoCard, LinkFault::Cancelled, LinkFault::Unusable] {
        let exchanges = [0, 1, 2].map(|at| Trouble::At(at, fault));
        let exchanges = if fault == LinkFault::NoCard { &[][..] } else { &exchanges };
        for &trouble in exchanges.iter().chain(&[Trouble::Poll(0, fault)]) {
            let trace = tap(TS1, Start::A, "2", Card::new([App::new(APP1)]).trouble(trouble));
            assert_eq!(trace.tap.stopped, Some(fault), "{trouble:?}");
            assert!(trace.tap.outcomes.is_empty(), "{trouble:?}");
            assert_eq!(trace.tap.disposition, Disposition::None, "{trouble:?}");
            assert!(matches!(trace.asked.last(), Some(Asked::Deactivate(_))), "{trouble:?}");
        }
    }
}

/// A fault while the kernel works is the kernel's.
#[test]
fn a_kernel_hears_of_faults() {
    let trace = tap(TS1, Start::A, "2", Card::new([App::new(APP1)]).trouble(Trouble::At(2, LinkFault::Timeout)));
    assert_eq!(trace.results(), [OutcomeResult::EndApplication]);
    assert_eq!(trace.kernels.len(), 1);
}

/// A card that has left does not answer (Book B, 3.3.3.7), whatever the link calls that.
#[test]
fn no_card_to_answer_is_a_time_out() {
    for (at, selects) in [(0, vec!["PPSE", "PPSE", APP1]), (1, vec!["PPSE", APP1, "PPSE", APP1])] {
        let card = Card::new([App::new(APP1)]).trouble(Trouble::At(at, LinkFault::NoCard));
        let trace = tap(TS1, Start::A, "2", card);
        assert_eq!(trace.selects(), selects);
        assert_eq!(trace.results(), [OutcomeResult::Approved]);
    }
    let trace = tap(TS1, Start::A, "2", Card::new([App::new(APP1)]).trouble(Trouble::At(2, LinkFault::NoCard)));
    assert_eq!((trace.results(), trace.tap.stopped), (vec![OutcomeResult::EndApplication], None), "the kernel's");
}

/// A card that has left in between: a restart at C falls back to B.
#[test]
fn a_restart_at_c_without_a_card_polls_again() {
    let card =
        Card::new([App::new(APP1).says([any(Start::C), approved()])]).trouble(Trouble::At(3, LinkFault::Timeout));
    let trace = Bench::new(TS1).tap_online(Start::A, &sale(0, "2"), &mut { card }, &mut Issuer::approves(""));
    assert_eq!(trace.selects(), ["PPSE", APP1, APP1, "PPSE", APP1]);
    assert_eq!(trace.starts(), ["A", "B+"]);
}

#[test]
fn a_transaction_type_that_nothing_serves() {
    let other = Transaction { kind: 0x30, ..sale(0, "2") };
    let card = || Card::new([App::new(APP1)]);
    let trace = Bench::new(TS1).tap(Start::A, &other, &mut card());
    assert_eq!(trace.results(), [OutcomeResult::TryAnotherInterface]);
    let trace = Bench::new(TS1).tap(Start::B, &other, &mut card());
    assert_eq!(trace.results(), [OutcomeResult::EndApplication]);
}

/// Dynamic Reader Limits: the combination is selected although the amount is not allowed, and the kernel is activated only if
/// the card's program allows it (c3.md, 13).
#[test]
fn dynamic_reader_limits_decide_after_select() {
    const WITH: &[(&str, &str, &str)] = &[("00", "VISA/03", "TL50 TTQ=26004000 DRL"), ("00", "APP2/22", "TL50")];
    const WITHOUT: &[(&str, &str, &str)] = &[("00", "VISA/03", "TL50 TTQ=26004000"), ("00", "APP2/22", "TL50")];
    let card = || Card::new([App::new(VISA), App::new(APP2).priority(Some(2))]);
    let trace = tap(WITH, Start::A, "50", card());
    assert_eq!(trace.selects(), ["PPSE", VISA], "the other combination stays out");
    assert!(trace.activated().is_empty());
    assert_eq!(trace.results(), [OutcomeResult::EndApplication], "nothing is left");
    assert_eq!(tap(WITH, Start::A, "49.99", card()).activated(), [format!("03 {VISA}")]);
    assert_eq!(tap(WITH, Start::B, "50", card()).activated(), [format!("03 {VISA}")], "no pre-processing, no limits");
    assert_eq!(tap(WITHOUT, Start::A, "50", card()).results(), [OutcomeResult::TryAnotherInterface]);
}

#[test]
fn options_on_messages_and_strictness() {
    let options = Options { not_allowed_status: UiStatus::ReadyToRead, ..Options::default() };
    let trace = Bench::new(TS1).options(options).tap(Start::A, &sale(0, "121"), &mut Card::new([App::new(APP1)]));
    assert_eq!(trace.messages(), ["18 ready-to-read"]);
    // Two entries, of which the second announces more bytes than there are.
    let whole = ppse_of(&hex(&format!("6109 4F07{APP1} 6120 4F07{APP2}")));
    for (strict_ppse, expected) in [(false, OutcomeResult::Approved), (true, OutcomeResult::EndApplication)] {
        let options = Options { strict_ppse, ..Options::default() };
        let trace = run(options, Card::new([App::new(APP1)]).ppse(&text(&whole), 0x9000));
        assert_eq!(trace.results(), [expected]);
    }
}

/// The same seed gives the same bytes.
#[test]
fn taps_are_repeatable() {
    let once = || {
        let trace = tap(TS1, Start::A, "16", Card::new([App::new(APP1).says([try_again(), approved()])]));
        (trace.asked.clone(), format!("{:?}", trace.saw), trace.tap)
    };
    assert_eq!(once(), once());
}

/// Comes to any Outcome, with any parameters.
struct Whim(Seeded);

impl Kernel for Whim {
    fn start(&mut self, _: &mut Cx<'_>) -> Next {
        let mut dice = [0; 5];
        self.0.fill(&mut dice);
        let starts = [None, Some(Start::A), Some(Start::B), Some(Start::C), Some(Start::D)];
        let online = [OnlineResponseData::NotApplicable, OnlineResponseData::EmvData, OnlineResponseData::Any];
        let pick = |at: usize, sides: usize| usize::from(dice[at]) % sides;
        Next::Done(Box::new(Outcome {
            start: starts[pick(1, 5)],
            online_response_data: online[pick(2, 3)],
            field_off: (dice[3] < 50).then_some(u16::from(dice[3])),
            removal_timeout: u16::from(dice[4]),
            ..Outcome::new(OutcomeResult::ALL[pick(0, 7)])
        }))
    }
    fn reply(&mut self, _: Input<'_>, _: &mut Cx<'_>) -> Next {
        Next::Done(Box::new(Outcome::new(OutcomeResult::SelectNext)))
    }
}

/// A card that answers with damaged directories, FCIs, status words and faults.
struct Noise {
    random: Seeded,
    calls: usize,
}

impl Noise {
    fn dice(&mut self) -> u8 {
        let mut byte = [0];
        self.random.fill(&mut byte);
        self.calls += 1;
        byte[0]
    }

    fn fault(&mut self) -> Result<Micros, LinkFault> {
        let faults = [LinkFault::Timeout, LinkFault::Transmission, LinkFault::Protocol, LinkFault::Collision];
        match self.dice() {
            roll @ 0..40 => Err(faults[usize::from(roll) % 4]),
            _ => Ok(Micros(1)),
        }
    }
}

impl Link for Noise {
    fn activate(&mut self) -> Result<Micros, LinkFault> {
        self.fault()
    }
    fn exchange(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<Micros, LinkFault> {
        let entries = format!("6116 4F07{APP1} 870101 500154 9F2A0100 9F290102 6109 4F07{APP2} 610A 4F07{APP1} 8700");
        let list = ppse_of(&hex(&entries));
        let fci = fci(&hex(APP1), "9F0206");
        response.extend(if command[5..].starts_with(b"2PAY") { list } else { fci });
        response.extend([0x90, 0x00]);
        while self.dice() < 80 {
            let (at, byte) = (usize::from(self.dice()) % response.len(), self.dice());
            match byte {
                0..200 => response[at] = byte,
                200..220 => response.truncate(at + 1),
                _ => response.insert(at, byte),
            }
        }
        self.fault()
    }
    fn deactivate(&mut self, _: Micros) {}
    fn wait_for_removal(&mut self) -> Result<Micros, LinkFault> {
        self.fault()
    }
}

/// Any card, any kernel, any order: a Final Outcome after a bounded number of steps.
#[test]
fn noise_ends_in_a_final_outcome() {
    let mut results = std::collections::BTreeSet::new();
    for seed in 0..1000 {
        let table = |kind| TransactionTable {
            transaction_types: vec![kind],
            combinations: [(APP1, 0x21), (APP1, 0x22), (APP2, 0x23)]
                .map(|(aid, kernel)| {
                    let aid = Aid::new(&hex(aid)).unwrap();
                    let mut one =
                        Combination::new(aid, KernelId::international(kernel), Box::new(Whim(Seeded::new(seed))));
                    one.entry.extended_selection = Some(true);
                    one
                })
                .into(),
        };
        let configuration = Configuration { tables: vec![table(0)], currency_exponent: 2, ..Configuration::default() };
        let mut reader = Reader::new(configuration);
        let mut link = Noise { random: Seeded::new(seed + 1), calls: 0 };
        let parts = Parts {
            link: &mut link,
            host: &mut Issuer::approves("910411223344"),
            random: &mut Seeded::new(seed),
            events: &mut Silent,
        };
        let tap = if seed % 2 == 0 { reader.pay(&sale(0, "2"), parts) } else { reader.autorun(&sale(0, "2"), parts) };
        assert_eq!(tap.stopped, None, "seed {seed}");
        results.insert(tap.outcome().unwrap_or_else(|| panic!("seed {seed}: no Outcome")).result.name());
        assert!(link.calls < 20_000, "seed {seed}: {} calls", link.calls);
    }
    let expected = ["approved", "declined", "end-application", "online-request", "try-another-interface"];
    assert_eq!(results.into_iter().collect::<Vec<_>>(), expected, "every final one came up, and no other");
}
