//! Signals outside a transaction: STOP before it, CLEAN.

use emvtap::{
    apdu::StatusWord,
    crypto::Trust,
    data::{Source, Store},
    kernel::{
        c2::{C2, Kept},
        contract::{Activation, Cx, Indicators, Input, Kernel, Next},
        display::Display,
        event::Event,
        outcome::{Outcome, Start},
    },
    run::Seeded,
    time::{Date, Micros},
    tlv::Tag,
};

use crate::harness::{CITED, Scene, find, hex, text};

/// Lets a kernel do something outside a transaction.
fn outside(kept: &[u8], act: impl FnOnce(&mut C2, &mut Cx<'_>) -> Box<Outcome>) -> (Outcome, Vec<u8>) {
    let aid = hex("A0000000041010");
    let activation = Activation {
        start: Start::B,
        restart: false,
        indicators: Indicators::default(),
        adf_name: &aid,
        aid: &aid,
        kernel_id: &[0x02],
        fci: None,
        select_status: Some(StatusWord::OK),
        issuer: None,
        removal_timed_out: false,
    };
    let mut store = Store::new();
    store.put(Tag::new(0x9F21), &hex("120501"), Source::Transaction);
    let (mut kept, trust) = (kept.to_vec(), Trust::default());
    let mut events = |_: Micros, event: &Event<'_>| {
        if let Event::Rule { book: "C-2", rule, .. } = event {
            CITED.with_borrow_mut(|cited| cited.insert(rule.to_string()));
        }
    };
    let mut cx = Cx {
        activation: &activation,
        store: &mut store,
        trust: &trust,
        today: Date::new(2026, 11, 21).unwrap(),
        now: Micros::ZERO,
        display: &mut Display::default(),
        random: &mut Seeded::new(1),
        kept: &mut kept,
        events: &mut events,
    };
    let outcome = act(&mut C2::default(), &mut cx);
    (*outcome, kept)
}

#[test]
pub fn a_stop_before_the_transaction_ends_it() {
    let (outcome, _) = outside(&[], |kernel, cx| match kernel.reply(Input::Stop, cx) {
        Next::Done(outcome) => outcome,
        other => panic!("{other:?}"),
    });
    assert_eq!(text(&outcome.discretionary_data.unwrap()), "DF8115060000020000FF");
}

#[test]
pub fn old_torn_transactions_are_cleaned_away() {
    let tear = |sequence: &str, time: &str, kept: &[u8]| {
        let scene = Scene::default().card(0x9F51, "9F3704").terminal(0xDF811D, "05").card(0x5F34, sequence);
        scene.terminal(0x9F21, time).no_cda().kept(kept).lose(0xAE, 0).run().kept
    };
    let kept = tear("02", "120001", &tear("01", "120000", &[]));
    let (outcome, kept) = outside(&kept, |kernel, cx| kernel.clean(cx).unwrap());
    let told = find(&outcome.discretionary_data.unwrap(), 0xFF8101).unwrap();
    assert_eq!(find(&hex(&told), 0x5F34).unwrap(), "01");
    assert_eq!(Kept::parse(&kept).unwrap().torn.len(), 1);
}
