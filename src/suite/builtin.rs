//! Our own Entry Point and kernels as a subject.

use std::{cell::RefCell, collections::BTreeSet};

use super::{
    observe::{Coded, Watched, WatchedTerminal, seen},
    seen::{Ended, Seen, Step},
    subject::{Assignment, Description, Subject},
};
use crate::{
    apdu::LinkFault,
    entry::KernelId,
    host::Host,
    kernel::{event::Event, outcome::Start},
    link::Link,
    run::{Disposition, Parts, Reader, RecordedRandom, Table},
    terminal::Terminal,
    time::Micros,
};

/// The kernels of this crate, driven by [`Reader`].
#[derive(Debug, Default)]
pub struct Builtin {
    /// The reader of the last tap, and where its terminal lies in memory: for the next tap at the same terminal.
    reader: Option<(usize, Reader)>,
    /// The rules that were cited, if somebody wants to know.
    cited: Option<BTreeSet<(String, String)>>,
}

impl Builtin {
    /// One that remembers which rules it has cited: for questions about the cases. No verdict rests on them.
    pub fn citing() -> Self {
        Self { cited: Some(BTreeSet::new()), ..Self::default() }
    }

    /// Book and number of every rule that was cited so far.
    pub fn cited(&self) -> impl Iterator<Item = &(String, String)> {
        self.cited.iter().flatten()
    }

    fn reader(&mut self, terminal: &Terminal) -> &mut Reader {
        let place = core::ptr::from_ref(terminal).addr();
        let reader = match self.reader.take() {
            Some((known, reader)) if known == place => reader,
            before => {
                // The terminal is another one now, and remembers all the same.
                let mut reader = Reader::new(terminal.configuration()).with_options(terminal.entry_options());
                let kept = before.map(|(_, reader)| reader.kept(KernelId::C2).to_vec());
                reader.keep(KernelId::C2, kept.unwrap_or_default());
                reader
            }
        };
        &mut self.reader.insert((place, reader)).1
    }
}

impl Subject for Builtin {
    fn describe(&mut self) -> Result<Description, String> {
        Ok(Description {
            name: "emvtap".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            capabilities: Vec::new(),
        })
    }

    fn reset(&mut self) {
        self.reader = None;
    }

    fn tap(&mut self, assignment: &Assignment<'_>, link: &mut dyn Link, host: &mut dyn Host) -> Seen {
        let steps = RefCell::new(Vec::new());
        let mut host = Watched { host, steps: &steps };
        let mut random = RecordedRandom::new(assignment.unpredictable_numbers.iter().cloned(), assignment.seed);
        let mut cited = self.cited.take();
        let mut coded = Coded::default();
        let mut events = |at: Micros, event: &Event<'_>| {
            if let (Some(cited), Event::Rule { book, rule, .. }) = (&mut cited, event) {
                cited.insert(((*book).to_owned(), (*rule).to_owned()));
            }
            steps.borrow_mut().extend(seen(event, &mut coded).map(|what| Step { at_us: at.0, what }));
        };
        let reader = self.reader(assignment.terminal);
        let (ended, disposition) = if assignment.clean {
            let ended = match reader.clean(assignment.transaction.when, &mut events) {
                Some(_) => Ended::Done,
                None => Ended::Unsupported("CLEAN".to_owned()),
            };
            (ended, Disposition::None)
        } else {
            let parts = Parts { link, host: &mut host, random: &mut random, events: &mut events };
            let mut rows = Table::new(&assignment.terminal.data_exchange());
            let mut terminal = WatchedTerminal { terminal: &mut rows, steps: &steps };
            let start = if assignment.autorun { Start::B } else { Start::A };
            let tap = reader.pay_at(&mut terminal, start, assignment.transaction, parts);
            let ended = match tap.stopped {
                Some(LinkFault::Unusable) => Ended::Broken(LinkFault::Unusable.to_string()),
                _ => Ended::Done,
            };
            (ended, tap.disposition)
        };
        self.cited = cited;
        Seen { steps: steps.into_inner(), ended, disposition: disposition.name().to_owned(), ..Seen::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        card::{Card, Profile},
        host::Decline,
        link::VirtualCard,
        run::Transaction,
        suite::seen::What,
        tlv::Tag,
    };

    fn tap(host: &mut dyn Host, numbers: &[Vec<u8>]) -> Seen {
        let terminal = Terminal::builtin("retail-attended").unwrap().unwrap();
        let toml = toml::from_str(Terminal::builtin_text("retail-attended").unwrap()).unwrap();
        let card = Profile::builtin("visa-credit").unwrap();
        let amount = crate::data::Amount::new(25_00).unwrap();
        let transaction = Transaction::purchase(amount, "2026-06-15T12:00:00Z".parse().unwrap());
        let assignment = Assignment {
            terminal: &terminal,
            terminal_toml: &toml,
            transaction: &transaction,
            autorun: false,
            clean: false,
            unpredictable_numbers: numbers,
            seed: 1,
            deadline: std::time::Instant::now(),
            card: &card,
        };
        let mut link = VirtualCard::new(Card::new(&card, 1).unwrap());
        Builtin::default().tap(&assignment, &mut link, host)
    }

    #[test]
    fn a_tap_is_seen_from_outside() {
        let seen = tap(&mut Decline, &[vec![1, 2, 3, 4]]);
        assert_eq!((seen.ended, seen.disposition.as_str()), (Ended::Done, "declined"));
        let words: Vec<_> = seen
            .steps
            .iter()
            .map(|step| match &step.what {
                What::FieldOn => "on",
                What::FieldOff => "off",
                What::Command { .. } => "command",
                What::Response { .. } => "response",
                What::Lost { .. } => "lost",
                What::Ui(_) => "ui",
                What::Online { .. } => "online",
                What::Host { .. } => "host",
                What::DataExchange { .. } => "data exchange",
                What::Outcome(_) => "outcome",
            })
            .collect();
        let after = words.iter().position(|word| *word == "outcome").unwrap();
        assert!(words[..after].contains(&"on") && words[after..].contains(&"online"), "{words:?}");
        let record = seen.steps.iter().find_map(|step| match &step.what {
            What::Outcome(outcome) => Some(&outcome.data_record),
            _ => None,
        });
        assert_eq!(record.unwrap()[&Tag::new(0x9F37).to_string()], "01020304");
        assert!(seen.steps.is_sorted_by_key(|step| step.at_us));
    }
}
