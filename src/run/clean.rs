//! Between transactions: kernels forget what they have kept for too long (C-2, the signal CLEAN).

use super::{Reader, Seeded};
use crate::{
    crypto::Trust,
    data::{
        Source, Store,
        dictionary::{TRANSACTION_DATE_9A, TRANSACTION_TIME_9F21},
    },
    entry::Combination,
    kernel::{
        contract::{Activation, Cx, Indicators},
        display::Display,
        event::{Event, Sink},
        outcome::{Outcome, Start},
    },
    time::{DateTime, Micros},
    tlv::Tag,
};

impl Reader {
    /// Has the first kernel that keeps anything forget what is too old by now: Kernel 2 the torn transactions beyond their lifetime
    /// (DF811C), which are in the discretionary data of its Outcome. `None` if no kernel keeps anything.
    pub fn clean(&mut self, now: DateTime, events: &mut dyn Sink) -> Option<Box<Outcome>> {
        let (configuration, memory) = (&mut self.configuration, &mut self.memory);
        let mut combinations = configuration.tables.iter_mut().flat_map(|table| &mut table.combinations);
        let outcome = combinations.find_map(|combination| {
            load(&mut memory.store, &configuration.terminal, combination, now);
            let kept = memory.kept.entry(combination.kernel_id).or_default();
            clean(combination, &mut memory.store, &configuration.trust, kept, now, events)
        })?;
        events.event(Micros::ZERO, &Event::Outcome { outcome: &outcome, is_final: true });
        Some(outcome)
    }
}

/// What reader and terminal know.
fn load(store: &mut Store, terminal: &[(Tag, Vec<u8>)], combination: &Combination, now: DateTime) {
    store.clear();
    let configured = terminal.iter().chain(&combination.data);
    configured.for_each(|(tag, value)| store.put(*tag, value, Source::Terminal));
    store.put(TRANSACTION_DATE_9A, &now.date.to_bcd(), Source::Transaction);
    store.put(TRANSACTION_TIME_9F21, &now.time_bcd(), Source::Transaction);
}

fn clean(
    combination: &mut Combination,
    store: &mut Store,
    trust: &Trust,
    kept: &mut Vec<u8>,
    now: DateTime,
    events: &mut dyn Sink,
) -> Option<Box<Outcome>> {
    let (aid, kernel_id) = (combination.aid, combination.kernel_id);
    // No card is there, and nothing is drawn.
    let activation = Activation {
        start: Start::A,
        restart: false,
        indicators: Indicators::default(),
        adf_name: &[],
        aid: aid.bytes(),
        kernel_id: kernel_id.bytes(),
        fci: None,
        select_status: None,
        issuer: None,
        removal_timed_out: false,
    };
    combination.kernel.clean(&mut Cx {
        activation: &activation,
        store,
        trust,
        today: now.date,
        now: Micros::ZERO,
        display: &mut Display::default(),
        random: &mut Seeded::new(0),
        kept,
        events,
    })
}
