//! Whatever comes from a card, in whatever order: the reader ends, in bounded steps, with a Final Outcome or stopped by the
//! link. Nothing panics. The seed is fixed, so that a failure can be seen again.

mod taps;

use std::cell::RefCell;

use emvtap::{
    apdu::LinkFault,
    kernel::outcome::OutcomeResult,
    link::{Link, VirtualCard},
    terminal::TransactionType::Purchase,
    time::Micros,
    tlv::{Tag, write_object},
};
use proptest::{prelude::*, test_runner::RngSeed};
use taps::{Generous, IssuedCard, Place, Told, cards, link, place, tap, terminals, transaction};

/// 63 entries of 255 records in an AFL, and Entry Point's own limits.
const STEPS_MAX: usize = 63 * 255 * 10;

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(3), failure_persistence: None, ..ProptestConfig::default() }
}

thread_local! {
    static CARDS: Vec<IssuedCard> = cards();
    static TERMINALS: RefCell<Vec<Place>> = RefCell::new(places());
}

/// The built-in terminals, and one that does what they do not: mag-stripe mode, issuer update, authentication online.
fn places() -> Vec<Place> {
    let set = |value: [u8; 4]| place("retail-offline", move |terminal| terminal.set(Tag::new(0x9F66), &value).unwrap());
    terminals().into_iter().chain([set([0xB7, 0, 0xC0, 0]), set([0x80, 0, 0x80, 0])]).collect()
}

/// A tap at a terminal, whichever `terminal` comes to.
fn present(link: &mut dyn Link, terminal: usize) -> Told {
    TERMINALS.with_borrow_mut(|terminals| {
        let at = terminal % terminals.len();
        tap(&mut terminals[at], &transaction(Purchase, 20_00), link, &mut Generous)
    })
}

fn ended(told: &Told) -> bool {
    let last = told.tap().outcome().map(|outcome| outcome.result);
    let inside = matches!(last, Some(OutcomeResult::SelectNext | OutcomeResult::TryAgain));
    told.commands < STEPS_MAX && !inside && (last.is_some() || told.tap().stopped.is_some())
}

/// Answers with what it is given, and then with nothing.
struct Noise(std::vec::IntoIter<Result<Vec<u8>, LinkFault>>);

impl Link for Noise {
    fn activate(&mut self) -> Result<Micros, LinkFault> {
        Ok(Micros(1))
    }
    fn exchange(&mut self, _: &[u8], response: &mut Vec<u8>) -> Result<Micros, LinkFault> {
        let answer = self.0.next().unwrap_or(Err(LinkFault::Timeout))?;
        response.extend(answer);
        Ok(Micros(1))
    }
    fn deactivate(&mut self, _: Micros) {}
    fn wait_for_removal(&mut self) -> Result<Micros, LinkFault> {
        Ok(Micros::ZERO)
    }
}

/// What is done to the answer of a real card.
#[derive(Clone, Debug)]
enum Mutation {
    Flip(usize),
    Truncate(usize),
    Extend(Vec<u8>),
    Duplicate(usize, usize),
    Swap(usize, usize),
    Status(u16),
    Object(usize, u32, Vec<u8>),
    /// The answer before it, once more.
    Again,
    Fault(LinkFault),
}

/// A real card whose answers are changed: at these exchanges, in these ways.
struct Mutant {
    card: VirtualCard,
    exchange: usize,
    mutations: Vec<(usize, Mutation)>,
    before: Vec<u8>,
}

impl Mutant {
    fn apply(&self, mutation: &Mutation, answer: &mut Vec<u8>) -> Result<(), LinkFault> {
        let body = answer.len().saturating_sub(2);
        let place = |at: usize| at % body.max(1);
        match mutation {
            Mutation::Flip(bit) if body > 0 => answer[place(bit / 8)] ^= 1 << (bit % 8),
            Mutation::Truncate(count) => drop(answer.drain(body - (place(*count).min(body))..body)),
            Mutation::Extend(more) => drop(answer.splice(body..body, more.iter().copied())),
            Mutation::Duplicate(from, count) if body > 0 => {
                let start = place(*from);
                let part: Vec<u8> = answer[start..body.min(start + count % 64)].to_vec();
                answer.splice(start..start, part);
            }
            Mutation::Swap(one, other) if body > 0 => answer.swap(place(*one), place(*other)),
            Mutation::Status(status) if answer.len() >= 2 => {
                answer.splice(body.., status.to_be_bytes());
            }
            // Inside the outermost template, so that its length still fits: over what stands there.
            Mutation::Object(at, tag, value) if body > 4 => {
                let mut object = Vec::new();
                write_object(&mut object, Tag::new(*tag), value);
                let start = 2 + at % (body - 4);
                let end = body.min(start + object.len());
                object.truncate(end - start);
                answer.splice(start..end, object);
            }
            Mutation::Again => answer.clone_from(&self.before),
            Mutation::Fault(fault) => return Err(*fault),
            _ => {}
        }
        Ok(())
    }
}

impl Link for Mutant {
    fn activate(&mut self) -> Result<Micros, LinkFault> {
        self.card.activate()
    }
    fn exchange(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<Micros, LinkFault> {
        let elapsed = self.card.exchange(command, response)?;
        let good = response.clone();
        for (at, mutation) in &self.mutations {
            if *at == self.exchange {
                self.apply(mutation, response)?;
            }
        }
        self.exchange += 1;
        self.before = good;
        Ok(elapsed)
    }
    fn deactivate(&mut self, hold: Micros) {
        self.card.deactivate(hold);
    }
    fn wait_for_removal(&mut self) -> Result<Micros, LinkFault> {
        self.card.wait_for_removal()
    }
}

fn any_fault() -> impl Strategy<Value = LinkFault> {
    use LinkFault::{Cancelled, Collision, ContactCard, NoCard, Protocol, Timeout, Transmission, Unusable};
    prop::sample::select(vec![Cancelled, Collision, ContactCard, NoCard, Protocol, Timeout, Transmission, Unusable])
}

fn any_tag() -> impl Strategy<Value = u32> {
    let known = [
        0x5A, 0x57, 0x82, 0x84, 0x94, 0x9F38, 0x9F26, 0x9F27, 0x9F10, 0x9F36, 0x9F6C, 0x9F69, 0x8F, 0x77, 0x80, 0x70,
        0xBF0C,
    ];
    prop_oneof![prop::sample::select(known.to_vec()), 1u32..0xFFFF]
}

fn any_mutation() -> impl Strategy<Value = Mutation> {
    let at = || any::<u16>().prop_map(usize::from);
    let few = || prop::collection::vec(any::<u8>(), 0..12);
    let status = prop_oneof![
        prop::sample::select(vec![0x6984, 0x6985, 0x6986, 0x6283, 0x6300, 0x6A82, 0x6A83, 0x6100, 0x6C10]),
        any::<u16>()
    ];
    prop_oneof![
        4 => at().prop_map(Mutation::Flip),
        1 => at().prop_map(Mutation::Truncate),
        1 => few().prop_map(Mutation::Extend),
        2 => (at(), at()).prop_map(|(from, count)| Mutation::Duplicate(from, count)),
        2 => (at(), at()).prop_map(|(one, other)| Mutation::Swap(one, other)),
        1 => status.prop_map(Mutation::Status),
        3 => (at(), any_tag(), few()).prop_map(|(at, tag, value)| Mutation::Object(at, tag, value)),
        1 => Just(Mutation::Again),
        1 => any_fault().prop_map(Mutation::Fault),
    ]
}

/// Random bytes, some of them with the look of an answer.
fn any_answer() -> impl Strategy<Value = Result<Vec<u8>, LinkFault>> {
    let bytes = || prop::collection::vec(any::<u8>(), 0..80);
    let template = (prop::sample::select(vec![0x6F, 0x77, 0x80, 0x70]), bytes()).prop_map(|(tag, value)| {
        let mut answer = Vec::new();
        write_object(&mut answer, Tag::new(tag), &value);
        answer.extend([0x90, 0x00]);
        Ok(answer)
    });
    // As far as an activated kernel, and then anything.
    let good = [
        "6F2A840E325041592E5359532E4444463031A518BF0C15611387010150055445535420 4F07A0000000031010",
        "6F198407A0000000031010A50E9F380B9F66049F02069F37049A03",
        "770A82020000940410010400",
    ]
    .map(|text| {
        let mut answer = hex::decode(text.replace(' ', "")).unwrap();
        answer.extend([0x90, 0x00]);
        Ok(answer)
    });
    prop_oneof![
        3 => bytes().prop_map(Ok),
        3 => template,
        6 => prop::sample::select(good.to_vec()),
        1 => any_fault().prop_map(Err),
    ]
}

proptest! {
    #![proptest_config(config(1500))]

    #[test]
    fn random_bytes_end_a_tap(answers in prop::collection::vec(any_answer(), 0..12), terminal: usize) {
        prop_assert!(ended(&present(&mut Noise(answers.into_iter()), terminal)));
    }
}

proptest! {
    #![proptest_config(config(1500))]

    #[test]
    fn mutated_answers_end_a_tap(
        card in any::<prop::sample::Index>(),
        mutations in prop::collection::vec((0usize..9, any_mutation()), 1..4),
        terminal: usize,
    ) {
        let told = CARDS.with(|cards| {
            let card = link(&cards[card.index(cards.len())]);
            present(&mut Mutant { card, exchange: 0, mutations, before: Vec::new() }, terminal)
        });
        prop_assert!(ended(&told));
    }
}

/// Every fault that ends a tap at once, at every exchange of every card.
#[test]
fn a_link_that_fails_ends_a_tap() {
    use LinkFault::{Cancelled, ContactCard, Unusable};
    for card in &cards() {
        let whole = present(&mut link(card), 0).commands;
        for (exchange, fault) in (0..whole).flat_map(|at| [Cancelled, ContactCard, Unusable].map(|f| (at, f))) {
            let mutations = vec![(exchange, Mutation::Fault(fault))];
            let mut mutant = Mutant { card: link(card), exchange: 0, mutations, before: Vec::new() };
            let told = present(&mut mutant, 0);
            assert!(ended(&told) && told.tap().stopped == Some(fault), "{} at {exchange} with {fault:?}", card.name);
        }
    }
}
