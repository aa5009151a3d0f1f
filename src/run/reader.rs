//! The reader: what lives longer than a tap.

use std::collections::BTreeMap;

use super::{Counterpart, Random, Table, Tap, Transaction, activation::field_off, tap::Session};
use crate::{
    data::Store,
    entry::{Configuration, EntryPoint, KernelId, Options},
    host::Host,
    kernel::{
        display::Display,
        event::Sink,
        outcome::{MessageId, Start, UiRequest, UiStatus},
    },
    link::Link,
    time::Micros,
};

/// A contactless reader with its terminal.
#[derive(Debug)]
pub struct Reader {
    pub(super) configuration: Configuration,
    options: Options,
    pub(super) memory: Memory,
}

/// Buffers that every tap uses again.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) entry: EntryPoint,
    pub(super) store: Store,
    /// The answer to the last SELECT.
    pub(super) fci: Vec<u8>,
    /// The answer to the kernel's last command.
    pub(super) response: Vec<u8>,
    /// What kernels keep from one transaction to the next, by their numbers.
    pub(super) kept: BTreeMap<KernelId, Vec<u8>>,
}

/// What a reader works with during a tap.
pub struct Parts<'a> {
    /// The card.
    pub link: &'a mut dyn Link,
    /// The issuer, for Outcomes that are online requests.
    pub host: &'a mut dyn Host,
    /// Where unpredictable numbers come from: four bytes at every activation of a kernel (Book A, 8.1.1.8).
    pub random: &'a mut dyn Random,
    /// Who watches.
    pub events: &'a mut dyn Sink,
}

impl Reader {
    /// A reader with a configuration and the default [`Options`].
    pub fn new(configuration: Configuration) -> Self {
        Self { configuration, options: Options::default(), memory: Memory::default() }
    }

    /// The same with other choices where the books leave one.
    pub fn with_options(self, options: Options) -> Self {
        Self { options, ..self }
    }

    /// What it is configured with, its kernels included.
    pub const fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// What the kernels of a number keep from one transaction to the next, in their own form: the torn transactions of Kernel 2
    /// ([`Kept`](crate::kernel::c2::Kept)). Empty if they keep nothing.
    pub fn kept(&self, kernel: KernelId) -> &[u8] {
        self.memory.kept.get(&kernel).map(Vec::as_slice).unwrap_or_default()
    }

    /// Gives the kernels of a number back what they have kept, before the first transaction.
    pub fn keep(&mut self, kernel: KernelId, bytes: Vec<u8>) {
        self.memory.kept.insert(kernel, bytes);
    }

    /// A new transaction of a reader with variable amounts (Autorun = No): Start A, with pre-processing (Book A, 8.1.1.5).
    /// Before it, such a reader is [idle](Self::idle).
    ///
    /// Comes back when a Final Outcome asks for nothing more, or the link has none to give. The field is left as the
    /// Outcome asks for: on, unless it has a Field Off Request.
    pub fn pay(&mut self, transaction: &Transaction, parts: Parts<'_>) -> Tap {
        self.tap(Start::A, transaction, parts, None)
    }

    /// A transaction of a reader that is always on, with a fixed amount (Autorun = Yes): Start B, without pre-processing;
    /// TTQ is used as configured (Book A, 8.1.1.6; Book B, 3.2.1.1).
    pub fn autorun(&mut self, transaction: &Transaction, parts: Parts<'_>) -> Tap {
        self.tap(Start::B, transaction, parts, None)
    }

    /// [`pay`](Self::pay), or with [`Start::B`] [`autorun`](Self::autorun), at a terminal that exchanges data with kernels in a
    /// way of its own, and not by the table of the configuration.
    pub fn pay_at(
        &mut self,
        counterpart: &mut dyn Counterpart,
        start: Start,
        transaction: &Transaction,
        parts: Parts<'_>,
    ) -> Tap {
        self.tap(start, transaction, parts, Some(counterpart))
    }

    /// Between transactions of a reader with variable amounts: field off, Welcome, status Idle (Book A, 8.1.1.5). Call it
    /// once [`Tap::held`] has passed; its events are at the time zero.
    pub fn idle(&mut self, link: &mut dyn Link, events: &mut dyn Sink) {
        let mut now = Micros::ZERO;
        field_off(link, None, &mut now, events);
        Display::default().show(UiRequest::new(MessageId::WELCOME, UiStatus::Idle), now, events);
    }

    /// Kernels are chosen from the first table that serves the transaction type; a type that none serves has none.
    fn tap(
        &mut self,
        start: Start,
        transaction: &Transaction,
        parts: Parts<'_>,
        counterpart: Option<&mut dyn Counterpart>,
    ) -> Tap {
        let Configuration { terminal, tables, trust, currency_exponent, data_exchange } = &mut self.configuration;
        let table = tables.iter_mut().find(|table| table.transaction_types.contains(&transaction.kind));
        let mut rows = Table::new(data_exchange);
        let session = Session {
            combinations: table.map(|table| &mut table.combinations[..]).unwrap_or_default(),
            terminal,
            trust,
            currency_exponent: *currency_exponent,
            counterpart: counterpart.unwrap_or(&mut rows),
            options: &self.options,
            memory: &mut self.memory,
            transaction,
            parts,
            display: Display::default(),
            now: Micros::ZERO,
            select_status: None,
            selected: None,
            online: None,
            outcomes: Vec::new(),
        };
        session.run(start)
    }
}
