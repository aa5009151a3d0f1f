//! Between the first and the last command of a tap the terminal asks for no memory: kernel, Entry Point, TLV and the loop around
//! them live on what earlier taps left. The card's work and the issuer's are not counted.

#![allow(clippy::inconsistent_digit_grouping, reason = "the last two digits are cents")]
// The counter is the one place of the crate where Rust asks for `unsafe`: it hands everything on to the system's allocator.
#![allow(unsafe_code, reason = "a global allocator cannot be written without")]

mod taps;

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

use emvtap::{
    apdu::LinkFault,
    card::fault::Fault,
    host::{Answer, Host, Request},
    kernel::event::{Event, Silent, Sink},
    link::{Faulty, Link},
    report::{Mask, Recording, recording::Header},
    run::{Parts, Seeded, Transaction},
    terminal::TransactionType,
    time::Micros,
};
use taps::{IssuedCard, Place};

thread_local! {
    static COUNTS: Cell<bool> = const { Cell::new(false) };
    static FOUND: Cell<usize> = const { Cell::new(0) };
}

struct Counter;

impl Counter {
    fn count() {
        if COUNTS.get() {
            FOUND.set(FOUND.get() + 1);
        }
    }
}

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counter {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        Self::count();
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        Self::count();
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[global_allocator]
static COUNTER: Counter = Counter;

/// Does something that is not the terminal's work.
fn uncounted<T>(work: impl FnOnce() -> T) -> T {
    let counts = COUNTS.replace(false);
    let result = work();
    COUNTS.set(counts);
    result
}

/// Counts from the first answer of the card on, and notes at each command what was found until then.
struct Watched<L> {
    link: L,
    commands: usize,
    until_last_command: usize,
}

impl<L: Link> Link for Watched<L> {
    fn activate(&mut self) -> Result<Micros, LinkFault> {
        uncounted(|| self.link.activate())
    }

    fn exchange(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<Micros, LinkFault> {
        self.commands += 1;
        self.until_last_command = FOUND.get();
        let result = uncounted(|| self.link.exchange(command, response));
        COUNTS.set(true);
        result
    }

    fn deactivate(&mut self, hold: Micros) {
        uncounted(|| self.link.deactivate(hold));
    }

    fn wait_for_removal(&mut self) -> Result<Micros, LinkFault> {
        uncounted(|| self.link.wait_for_removal())
    }
}

/// An issuer whose work does not count.
struct Elsewhere<H>(H);

impl<H: Host> Host for Elsewhere<H> {
    fn authorise(&mut self, request: Request<'_>) -> Answer {
        uncounted(|| self.0.authorise(request))
    }
}

/// A card at a terminal, with faults by their names.
struct Story {
    card: &'static str,
    terminal: &'static str,
    kind: TransactionType,
    minor_units: u64,
    fault: Option<&'static str>,
}

const SALE: Story = Story { card: "", terminal: "", kind: TransactionType::Purchase, minor_units: 25_00, fault: None };

impl Story {
    /// What the third tap of a reader did, each of a fresh card: commands, and allocations between the first and the last of them.
    fn third_tap(&self, events: &mut dyn Sink) -> (usize, usize) {
        let card = taps::card(self.card);
        let mut place = taps::place(self.terminal, |_| {});
        let faults = taps::faults().into_iter().find(|(name, _)| Some(name.as_str()) == self.fault);
        assert_eq!(faults.is_some(), self.fault.is_some(), "{self}");
        let faults = faults.map_or(Vec::new(), |(_, faults)| faults);
        let transaction = taps::transaction(self.kind, self.minor_units);
        let mut tap = || tap(&card, &mut place, &transaction, &faults, events);
        let _ = (tap(), tap());
        tap()
    }
}

impl std::fmt::Display for Story {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at {}, {:?}, {}", self.card, self.terminal, self.kind, self.fault.unwrap_or("no fault"))
    }
}

/// Commands of a tap of a fresh card, and allocations between the first and the last of them.
fn tap(
    card: &IssuedCard,
    place: &mut Place,
    transaction: &Transaction,
    faults: &[Fault],
    events: &mut dyn Sink,
) -> (usize, usize) {
    let faults = card.profile.faults.iter().chain(faults).cloned();
    let mut link = Watched { link: Faulty::new(taps::link(card), faults), commands: 0, until_last_command: 0 };
    let mut host = Elsewhere(taps::issuer(&card.profile, ""));
    let parts = Parts { link: &mut link, host: &mut host, random: &mut Seeded::new(1), events };
    FOUND.set(0);
    let tap = place.reader.pay(transaction, parts);
    COUNTS.set(false);
    assert!(!tap.outcomes.is_empty());
    (link.commands, link.until_last_command)
}

/// Cards that come to an Outcome and then to more commands: what that takes is in [`SOME`].
const MORE_THAN_ONE_OUTCOME: [&str; 4] =
    ["visa-phone-locked", "visa-second-choice", "visa-issuer-update", "mastercard-torn"];

#[test]
fn a_tap_of_a_built_in_card_allocates_nothing_between_its_commands() {
    let mut places =
        ["retail-attended", "mc-attended", "retail-update", "mc-offline"].map(|name| taps::place(name, |_| {}));
    let sale = taps::transaction(SALE.kind, SALE.minor_units);
    for card in taps::cards().iter().filter(|card| !MORE_THAN_ONE_OUTCOME.contains(&card.name.as_str())) {
        for place in &mut places {
            let _ = (tap(card, place, &sale, &[], &mut Silent), tap(card, place, &sale, &[], &mut Silent));
            let (commands, allocations) = tap(card, place, &sale, &[], &mut Silent);
            assert!(commands >= 1, "{} at {}: {commands} commands", card.name, place.name);
            assert_eq!(allocations, 0, "{} at {}", card.name, place.name);
        }
    }
}

const NONE: [Story; 14] = [
    Story { card: "visa-debit-offline", terminal: "retail-offline", minor_units: 25, ..SALE },
    Story { card: "visa-phone", terminal: "transit-gate", ..SALE },
    Story { card: "visa-credit", terminal: "atm", kind: TransactionType::Cash, ..SALE },
    Story { card: "visa-phone", terminal: "retail-attended", kind: TransactionType::Refund, ..SALE },
    Story { card: "mastercard-credit", terminal: "mc-attended", kind: TransactionType::Refund, ..SALE },
    Story { card: "mastercard-mag-stripe", terminal: "mc-attended", minor_units: 600_00, ..SALE },
    Story { card: "mastercard-relay-slow", terminal: "mc-unattended", ..SALE },
    Story { card: "mastercard-data-storage", terminal: "mc-attended", ..SALE },
    // Taps that fail.
    Story { card: "visa-phone", terminal: "retail-attended", fault: Some("no-cryptogram"), ..SALE },
    Story { card: "visa-debit-offline", terminal: "retail-offline", fault: Some("wrong-signature"), ..SALE },
    Story { card: "visa-debit-offline", terminal: "retail-offline", fault: Some("truncated-record"), ..SALE },
    Story { card: "mastercard-credit", terminal: "mc-attended", fault: Some("record-6a83"), ..SALE },
    Story { card: "mastercard-credit", terminal: "mc-attended", fault: Some("truncated-gpo"), ..SALE },
    Story { card: "mastercard-credit", terminal: "mc-attended", fault: Some("endless-afl"), ..SALE },
];

#[test]
fn other_taps_allocate_nothing_between_their_commands() {
    for story in &NONE {
        let (commands, allocations) = story.third_tap(&mut Silent);
        assert!(commands >= 3, "{story}: {commands} commands");
        assert_eq!(allocations, 0, "{story}");
    }
}

#[test]
fn nor_does_their_recording() {
    for story in NONE.iter().filter(|story| story.fault.is_none()) {
        let mut recording = Recording::with_header(Mask::off(), &Header::default());
        let mut written = 0;
        let (_, allocations) = story.third_tap(&mut |at: Micros, event: &Event<'_>| {
            recording.event(at, event);
            written += recording.hand_over(str::len);
        });
        assert!(written > 1000, "{story}");
        assert_eq!(allocations, 0, "{story}");
    }
}

/// An Outcome of a kernel is a value of its own, as are its data; so is the list of Final Outcomes.
const OUTCOME: &str = "an Outcome before the last command";
/// A torn transaction goes into the log, and the log to the reader, which keeps it from tap to tap.
const LOG: &str = "a record of the torn log, and the Outcome of the torn tap";
/// What kernel and terminal tell each other are values of their own; certificates are verified before the last command, and big
/// numbers ask for memory.
const DIALOGUE: &str = "data exchange, and cryptography before the last PUT DATA";

/// Where there is a reason to ask for memory: how often at most.
const SOME: [(Story, usize, &str); 10] = [
    (Story { card: "visa-phone-locked", terminal: "retail-attended", ..SALE }, 1, OUTCOME),
    (Story { card: "visa-second-choice", terminal: "retail-attended", ..SALE }, 1, OUTCOME),
    (Story { card: "visa-issuer-update", terminal: "retail-update", ..SALE }, 3, OUTCOME),
    (Story { card: "visa-phone", terminal: "retail-attended", fault: Some("one-byte"), ..SALE }, 1, OUTCOME),
    (Story { card: "visa-phone", terminal: "retail-attended", fault: Some("gpo-6986-always"), ..SALE }, 16, OUTCOME),
    (Story { card: "mastercard-credit", terminal: "mc-attended", fault: Some("tear-gpo"), ..SALE }, 2, OUTCOME),
    (Story { card: "mastercard-phone", terminal: "mc-attended", minor_units: 600_00, ..SALE }, 5, OUTCOME),
    (Story { card: "mastercard-torn", terminal: "mc-attended", ..SALE }, 16, LOG),
    (Story { card: "mastercard-credit", terminal: "mc-data-exchange", ..SALE }, 49, DIALOGUE),
    (Story { card: "mastercard-data-storage", terminal: "mc-data-exchange", ..SALE }, 58, DIALOGUE),
];

#[test]
fn what_has_to_last_is_allocated() {
    for (story, most, reason) in &SOME {
        let (_, allocations) = story.third_tap(&mut Silent);
        assert!(allocations > 0, "{story}: the reason is gone: {reason}");
        assert!(allocations <= *most, "{story}: {allocations} allocations, more than for {reason}");
    }
}

#[test]
fn the_counter_counts() {
    COUNTS.set(true);
    let before = FOUND.get();
    let memory = std::hint::black_box(vec![1, 2, 3]);
    COUNTS.set(false);
    assert_eq!((memory.len(), FOUND.get() - before), (3, 1));
}
