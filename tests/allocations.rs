//! Between the first and the last command of a tap the terminal asks for no memory: kernel, Entry Point, TLV and the loop around
//! them live on what earlier taps left. The card's work is not counted.

// The counter is the one place of the crate where Rust asks for `unsafe`: it hands everything on to the system's allocator.
#![allow(unsafe_code, reason = "a global allocator cannot be written without")]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

use emvtap::{
    apdu::LinkFault,
    card::{Card, Profile},
    data::Amount,
    host::Offline,
    kernel::event::{Event, Silent, Sink},
    link::{Link, VirtualCard},
    report::{Mask, Recording, recording::Header},
    run::{Parts, Reader, Seeded, Transaction},
    terminal::Terminal,
    time::Micros,
};

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

/// Counts between the answers of the card, from the first command on; what came after the last command is left out.
struct Watched {
    card: VirtualCard,
    commands: usize,
    until_last_command: usize,
}

impl Link for Watched {
    fn activate(&mut self) -> Result<Micros, LinkFault> {
        self.card.activate()
    }

    fn exchange(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<Micros, LinkFault> {
        COUNTS.set(false);
        self.commands += 1;
        self.until_last_command = FOUND.get();
        let result = self.card.exchange(command, response);
        COUNTS.set(true);
        result
    }

    fn deactivate(&mut self, hold: Micros) {
        COUNTS.set(false);
        self.card.deactivate(hold);
    }

    fn wait_for_removal(&mut self) -> Result<Micros, LinkFault> {
        COUNTS.set(false);
        self.card.wait_for_removal()
    }
}

/// Commands of the third tap, and allocations between the first and the last of them.
fn third_tap((card, terminal, cents): (&str, &str, u64), events: &mut dyn Sink) -> (usize, usize) {
    let card = Card::new(&Profile::builtin(card).unwrap(), 1).unwrap();
    let mut link = Watched { card: VirtualCard::new(card), commands: 0, until_last_command: 0 };
    let mut reader = Reader::new(Terminal::builtin(terminal).unwrap().unwrap().configuration());
    let sale = Transaction::purchase(Amount::new(cents).unwrap(), "2026-06-15T12:00:00Z".parse().unwrap());
    let mut random = Seeded::new(1);
    for _ in 0..3 {
        FOUND.set(0);
        link.commands = 0;
        let parts = Parts { link: &mut link, host: &mut Offline, random: &mut random, events };
        let tap = reader.pay(&sale, parts);
        COUNTS.set(false);
        assert!(!tap.outcomes.is_empty());
    }
    (link.commands, link.until_last_command)
}

const TAPS: [(&str, &str, u64); 4] = [
    ("visa-phone", "retail-attended", 2500),
    ("visa-debit-offline", "retail-offline", 25),
    ("mastercard-credit", "mc-attended", 2500),
    ("mastercard-credit-no-cda", "mc-attended", 2500),
];

#[test]
fn a_tap_allocates_nothing_between_its_commands() {
    for tap in TAPS {
        let (commands, allocations) = third_tap(tap, &mut Silent);
        assert!(commands >= 3, "{tap:?}: {commands} commands");
        assert_eq!(allocations, 0, "{tap:?}");
    }
}

#[test]
fn nor_does_its_recording() {
    for tap in TAPS {
        let mut recording = Recording::with_header(Mask::off(), &Header::default());
        let mut written = 0;
        let (_, allocations) = third_tap(tap, &mut |at: Micros, event: &Event<'_>| {
            recording.event(at, event);
            written += recording.hand_over(str::len);
        });
        assert!(written > 1000, "{tap:?}");
        assert_eq!(allocations, 0, "{tap:?}");
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
