//! One tap: does what Entry Point wants, and with its Final Outcomes what Book A asks of the reader.

use super::{
    Counterpart, Parts, Selected, Tap, Transaction,
    activation::{Stage, ends_tap, exchange, field_off},
    online::{self, Online},
    reader::Memory,
};
use crate::{
    apdu::{Command, LinkFault, Response, StatusWord},
    crypto::Trust,
    entry::{Combination, EntryPoint, Next, Options, Scene, rules},
    kernel::{
        contract::Activation,
        display::Display,
        event::Event,
        outcome::{Outcome, OutcomeResult, Start},
        rule::Rule,
        shared,
    },
    time::Micros,
    tlv::Tag,
};

/// Everything a tap works with and remembers.
pub(super) struct Session<'a, 'p> {
    pub(super) combinations: &'a mut [Combination],
    pub(super) terminal: &'a [(Tag, Vec<u8>)],
    pub(super) trust: &'a Trust,
    pub(super) currency_exponent: u8,
    /// The terminal that kernels exchange data with.
    pub(super) counterpart: &'a mut dyn Counterpart,
    pub(super) options: &'a Options,
    pub(super) memory: &'a mut Memory,
    pub(super) transaction: &'a Transaction,
    pub(super) parts: Parts<'p>,
    pub(super) display: Display,
    pub(super) now: Micros,
    /// The status word of the final SELECT.
    pub(super) select_status: Option<StatusWord>,
    pub(super) selected: Option<Selected>,
    /// The issuer's answer, once there is one.
    pub(super) online: Option<Online>,
    pub(super) outcomes: Vec<Outcome>,
}

impl Session<'_, '_> {
    /// From the start point to the last Final Outcome.
    pub(super) fn run(mut self, start: Start) -> Tap {
        let stopped = self.transaction(start).err();
        if let Some(fault) = stopped {
            self.stop(fault);
        }
        let disposition = online::disposition(self.outcomes.last(), self.online.as_ref(), stopped);
        let (elapsed, held) = (self.now, self.display.held(self.now));
        Tap { outcomes: self.outcomes, selected: self.selected, disposition, stopped, elapsed, held }
    }

    fn transaction(&mut self, start: Start) -> Result<(), LinkFault> {
        let amount = self.transaction.amount;
        let mut next = self.entry(|entry, scene| entry.begin(start, amount, scene));
        loop {
            let outcome = self.final_outcome(next)?;
            let ui = outcome.ui_on_restart;
            let start = self.follow(&outcome);
            self.outcomes.push(*outcome);
            let Some(start) = start? else { return Ok(()) };
            let has_emv_data = self.online.as_ref().is_some_and(|online| online.issuer.has_emv_data());
            next = self.entry(|entry, scene| entry.restart(start, ui, has_emv_data, scene));
        }
    }

    /// Does what Entry Point wants until an Outcome leaves it.
    fn final_outcome(&mut self, mut next: Next) -> Result<Box<Outcome>, LinkFault> {
        loop {
            next = match next {
                Next::Poll => match self.poll()? {
                    Ok(()) => self.entry(EntryPoint::card_present),
                    Err(fault) => self.entry(|entry, scene| entry.link_error(fault, scene)),
                },
                Next::Select(command) => self.select(&command)?,
                Next::Activate => {
                    let outcome = self.activate()?;
                    self.process(&outcome)?;
                    let mut inside = None;
                    self.with_entry(|entry, scene| inside = entry.outcome(&outcome, scene));
                    match inside {
                        Some(next) => next,
                        None => return Ok(outcome),
                    }
                }
                Next::Done(outcome) => {
                    self.process(&outcome)?;
                    return Ok(outcome);
                }
            };
        }
    }

    /// Polls until there is exactly one card (Book B, 3.2.1.3 to 3.2.1.5). After a collision, "no card" means that all of
    /// them have left: people are told that one may come, and the reader polls on.
    fn poll(&mut self) -> Result<Result<(), LinkFault>, LinkFault> {
        self.event(&Event::FieldOn);
        let (mut collisions, mut colliding) = (0, false);
        loop {
            match self.parts.link.activate() {
                Ok(elapsed) => {
                    self.now += elapsed;
                    if colliding {
                        self.with_entry(|_, scene| scene.collision_over());
                    }
                    self.event(&Event::CardPresent);
                    return Ok(Ok(()));
                }
                Err(LinkFault::Collision) if collisions < self.options.limits.collisions => {
                    if !colliding {
                        self.event(&Event::LinkFault(LinkFault::Collision));
                        self.with_entry(|_, scene| scene.collision());
                    }
                    (collisions, colliding) = (collisions + 1, true);
                }
                Err(LinkFault::NoCard) if colliding => {
                    colliding = false;
                    self.with_entry(|_, scene| scene.collision_over());
                }
                Err(fault) => {
                    self.event(&Event::LinkFault(fault));
                    return if ends_tap(fault) { Err(fault) } else { Ok(Err(fault)) };
                }
            }
        }
    }

    fn select(&mut self, command: &Command) -> Result<Next, LinkFault> {
        let result = exchange(&mut self.parts, command, &mut self.memory.fci, &mut self.now)?;
        let fci = core::mem::take(&mut self.memory.fci);
        let next = match (result, Response::parse(&fci)) {
            (Ok(_), Some(response)) => {
                self.select_status = Some(response.status);
                self.entry(|entry, scene| entry.selected(response, scene))
            }
            (Ok(_), None) => self.entry(|entry, scene| entry.link_error(LinkFault::Protocol, scene)),
            (Err(fault), _) => self.entry(|entry, scene| entry.link_error(fault, scene)),
        };
        self.memory.fci = fci;
        Ok(next)
    }

    /// Activates the kernel of the selected combination (Book B, 3.4.1).
    fn activate(&mut self) -> Result<Box<Outcome>, LinkFault> {
        let Memory { entry, store, fci, response, kept } = &mut *self.memory;
        let selection = entry.selection(self.options);
        let Some((selection, combination)) =
            selection.and_then(|selection| Some((selection, self.combinations.get_mut(selection.combination)?)))
        else {
            return Ok(Box::new(Outcome::new(OutcomeResult::EndApplication)));
        };
        let (aid, kernel_id) = (combination.aid, combination.kernel_id);
        self.selected = Some(Selected { aid, adf_name: selection.adf_name, kernel_id });
        let fresh = selection.after_select;
        let activation = Activation {
            start: selection.start,
            restart: selection.restart,
            indicators: selection.indicators,
            adf_name: selection.adf_name.bytes(),
            aid: aid.bytes(),
            kernel_id: kernel_id.bytes(),
            fci: Response::parse(fci).map(|response| response.data).filter(|_| fresh),
            select_status: self.select_status.filter(|_| fresh),
            issuer: self.online.as_ref().map(|online| &online.issuer),
            removal_timed_out: self.online.as_ref().is_some_and(|online| online.timed_out.is_some()),
        };
        let mut stage = Stage {
            activation: &activation,
            terminal: self.terminal,
            transaction: self.transaction,
            trust: self.trust,
            store,
            response,
            display: &mut self.display,
            now: &mut self.now,
            parts: &mut self.parts,
            counterpart: self.counterpart,
            kept: kept.entry(kernel_id).or_default(),
        };
        stage.play(combination)
    }

    /// Outcome processing up to the point where the results part (Book B, 3.5.1.1 and 3.5.1.2). A card that is to leave does so
    /// while there is a field to see it in.
    fn process(&mut self, outcome: &Outcome) -> Result<(), LinkFault> {
        let is_final = !matches!(outcome.result, OutcomeResult::SelectNext | OutcomeResult::TryAgain);
        self.event(&Event::Outcome { outcome, is_final });
        if let Some(request) = outcome.ui_on_outcome {
            self.with_entry(|_, scene| scene.ui(request));
        }
        if outcome.result == OutcomeResult::TryAgain && self.options.removal_before_try_again {
            self.await_removal()?;
            self.rule(rules::REMOVAL_BEFORE_TRY_AGAIN, format_args!("the card has left"));
        }
        if let Some(hold) = outcome.field_off {
            field_off(self.parts.link, Some(hold), &mut self.now, self.parts.events);
        }
        Ok(())
    }

    /// What the reader does with a Final Outcome; where to start again, if at all. The issuer is asked once.
    fn follow(&mut self, outcome: &Outcome) -> Result<Option<Start>, LinkFault> {
        match outcome.result {
            OutcomeResult::OnlineRequest if self.online.is_none() => {
                let (online, answer) = Online::ask(outcome, &mut self.parts, self.now);
                if let Some(moment) = online.timed_out {
                    self.now = moment;
                    self.rule(rules::REMOVAL_TIMEOUT, format_args!("the removal time-out ran out"));
                    self.with_entry(|_, scene| scene.ui(online::REMOVAL_TIMEOUT));
                }
                self.now = self.now.max(online.arrived);
                online::show(&answer, &online.issuer, self.now, &mut self.parts);
                let start = online.restart(outcome);
                self.online = Some(online);
                if start.is_some() {
                    self.rule(rules::ONLINE_RESTART, format_args!("the answer is for the kernel: restart"));
                }
                Ok(start)
            }
            OutcomeResult::EndApplication if outcome.start.is_some() => {
                self.await_removal()?;
                self.rule(rules::RESTART_AFTER_REMOVAL, format_args!("the card has left: restart"));
                Ok(outcome.start)
            }
            _ => Ok(None),
        }
    }

    /// A card that does not answer properly, or is not there, has left as well.
    fn await_removal(&mut self) -> Result<(), LinkFault> {
        match self.parts.link.wait_for_removal() {
            Ok(elapsed) => self.now += elapsed,
            Err(LinkFault::NoCard) => {}
            Err(fault) if ends_tap(fault) => {
                self.event(&Event::LinkFault(fault));
                return Err(fault);
            }
            Err(fault) => self.event(&Event::LinkFault(fault)),
        }
        Ok(())
    }

    /// The field goes off and stays off (Book A, 8.1.1.10 for a contact card).
    fn stop(&mut self, fault: LinkFault) {
        if fault == LinkFault::ContactCard {
            self.rule(
                shared::rules::CONTACT_CARD,
                format_args!("contact card: the contactless transaction ends, the field stays off"),
            );
        }
        field_off(self.parts.link, None, &mut self.now, self.parts.events);
    }

    fn entry(&mut self, step: impl FnOnce(&mut EntryPoint, &mut Scene<'_>) -> Next) -> Next {
        let mut next = Next::Poll;
        self.with_entry(|entry, scene| next = step(entry, scene));
        next
    }

    fn with_entry(&mut self, step: impl FnOnce(&mut EntryPoint, &mut Scene<'_>)) {
        let mut scene = Scene {
            combinations: self.combinations,
            options: self.options,
            currency_exponent: self.currency_exponent,
            now: &mut self.now,
            display: &mut self.display,
            events: self.parts.events,
        };
        step(&mut self.memory.entry, &mut scene);
    }

    fn event(&mut self, event: &Event<'_>) {
        self.parts.events.event(self.now, event);
    }

    fn rule(&mut self, rule: Rule, note: core::fmt::Arguments<'_>) {
        self.event(&rule.cited(note));
    }
}
