//! The order of Entry Point's steps (Book B, 3.1 to 3.5), as a machine without I/O.

use super::{
    Aid, Combination, Limits, Options, Scene,
    candidates::{self, Candidate, LeftOut},
    dynamic_limits, outcomes, ppse, preprocessing, rules, selection,
    steps::{limit, select_command},
};
use crate::{
    apdu::{Command, LinkFault, Response},
    bytes::Hex,
    data::Amount,
    kernel::{
        c3::rules::READER_LIMITS,
        contract::Indicators,
        event::Event,
        outcome::{Outcome, OutcomeResult, Start, UiRequest},
        rule::Rule,
    },
};

/// What Entry Point wants next.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "a command is passed on, not stored; a box would be an allocation a step")]
pub enum Next {
    /// Switch the field on and poll; then [`EntryPoint::card_present`], or [`EntryPoint::link_error`].
    Poll,
    /// Send this SELECT; then [`EntryPoint::selected`], or [`EntryPoint::link_error`].
    Select(Command),
    /// Activate the kernel of [`EntryPoint::selection`]; then [`EntryPoint::outcome`].
    Activate,
    /// Entry Point came to an Outcome itself. It is processed like a kernel's (3.5.1) and is always final.
    Done(Box<Outcome>),
}

/// The combination that final selection took, and how the kernel is to be activated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The combination, by its place in the transaction's table.
    pub combination: usize,
    /// The name that was selected, with 9F29 if that was appended.
    pub adf_name: Aid,
    /// What pre-processing found.
    pub indicators: Indicators,
    /// The start point that led here, as [`Options::internal_start_points`] wants it told.
    pub start: Start,
    /// Whether a SELECT led here: not at a restart at D.
    pub after_select: bool,
    /// The Restart flag.
    pub restart: bool,
}

/// The candidate of the last final selection.
#[derive(Clone, Copy, Debug)]
struct Taken {
    candidate: Candidate,
    /// The name that was selected.
    name: Aid,
    /// What the limits of the card's program came to, if those are what counts (C-3, 5.1.2).
    indicators: Option<Indicators>,
}

/// Entry Point. Keeps between steps what Book B retains.
#[derive(Debug)]
pub struct EntryPoint {
    amount: Amount,
    indicators: Vec<Indicators>,
    candidates: Vec<Candidate>,
    taken: Option<Taken>,
    /// Whether this transaction began with pre-processing, without which limits do not count.
    preprocessed: bool,
    /// Where Entry Point started last, be it by itself.
    start: Start,
    /// Where the reader activated it.
    activated_at: Start,
    restart: bool,
    ui_on_restart: Option<UiRequest>,
    /// Whether 91, 71 or 72 wait for the card.
    has_emv_data: bool,
    directory: bool,
    returns: u16,
    restarts: u16,
}

impl Default for EntryPoint {
    fn default() -> Self {
        let Limits { returns, restarts, .. } = Limits::default();
        Self {
            amount: Amount::ZERO,
            indicators: Vec::new(),
            candidates: Vec::new(),
            taken: None,
            preprocessed: false,
            start: Start::A,
            activated_at: Start::A,
            restart: false,
            ui_on_restart: None,
            has_emv_data: false,
            directory: false,
            returns,
            restarts,
        }
    }
}

impl EntryPoint {
    /// A new transaction, at Start A with pre-processing or at any other with Start B without; the Restart flag is 0 (Book A,
    /// 8.1.1.4).
    pub fn begin(&mut self, start: Start, amount: Amount, scene: &mut Scene<'_>) -> Next {
        self.amount = amount;
        self.taken = None;
        self.preprocessed = false;
        self.restart = false;
        self.ui_on_restart = None;
        self.has_emv_data = false;
        (self.returns, self.restarts) = (scene.options.limits.returns, scene.options.limits.restarts);
        self.activated_at = start;
        self.starts(start, scene);
        if start == Start::A {
            return self.preprocess(scene);
        }
        self.indicators.clear();
        self.indicators.extend(scene.combinations.iter().map(|one| preprocessing::untouched(&one.entry)));
        self.activate_protocol(None, scene)
    }

    /// The reader starts again after a Final Outcome (Book A, 8.1.1.20, 8.1.1.22, 8.1.1.23). `ui`: the retained UI Request on
    /// Restart; `has_emv_data`: whether the issuer sent 91, 71 or 72.
    pub fn restart(&mut self, start: Start, ui: Option<UiRequest>, has_emv_data: bool, scene: &mut Scene<'_>) -> Next {
        let Some(left) = self.restarts.checked_sub(1) else { return limit("restarts", scene) };
        self.restarts = left;
        self.restart = true;
        self.ui_on_restart = ui;
        self.has_emv_data = has_emv_data;
        self.activated_at = start;
        self.starts(start, scene);
        if let Some(request) = ui
            && scene.options.ui_on_restart_at_c_and_d
            && start >= Start::C
        {
            scene.ui(request);
        }
        match start {
            Start::A => {
                self.taken = None;
                self.preprocess(scene)
            }
            Start::B => self.activate_protocol(None, scene),
            Start::C => self.select_best(scene),
            Start::D => Next::Activate,
        }
    }

    /// One card is in the field (3.3.2.1).
    pub fn card_present(&mut self, scene: &mut Scene<'_>) -> Next {
        match self.taken {
            Some(Taken { candidate, .. }) if self.has_emv_data => {
                scene.cite(
                    rules::START_OF_SELECTION,
                    format_args!("issuer data for the card: the same combination, without PPSE"),
                );
                self.select(candidate, scene)
            }
            _ if !scene.options.known_applications.is_empty() => {
                self.candidates.clear();
                self.directory(None, scene);
                self.select_best(scene)
            }
            _ => {
                self.candidates.clear();
                self.directory = true;
                select_command(ppse::NAME, "SELECT PPSE")
            }
        }
    }

    /// The card answered the SELECT.
    pub fn selected(&mut self, response: Response<'_>, scene: &mut Scene<'_>) -> Next {
        if core::mem::take(&mut self.directory) {
            self.directory(Some(response), scene);
            return self.select_best(scene);
        }
        let Some(Taken { candidate, .. }) = self.taken else { return self.select_best(scene) };
        if !response.status.is_ok() {
            return self.refused(candidate, response, scene);
        }
        let Some(combination) = scene.combinations.get(candidate.combination) else { return self.select_best(scene) };
        if self.is_over_dynamic_limits(combination, response.data, scene) {
            return self.remove_and_select(candidate, scene);
        }
        if !selection::needs_kernel_1(combination, response.data) {
            return Next::Activate;
        }
        match selection::kernel_1(combination, scene.combinations, &self.indicators) {
            Some(kernel_1) => {
                scene.cite(rules::KERNEL_1, format_args!("the PDOL does not ask for TTQ: Kernel 1"));
                self.switch(candidate, kernel_1);
                Next::Activate
            }
            None => {
                scene.cite(
                    rules::KERNEL_1,
                    format_args!("the PDOL does not ask for TTQ and there is no Kernel 1: next candidate"),
                );
                self.remove_and_select(candidate, scene)
            }
        }
    }

    /// The air interface failed before a kernel was activated (3.3.3.7).
    pub fn link_error(&mut self, fault: LinkFault, scene: &mut Scene<'_>) -> Next {
        scene.cite(rules::LINK_ERROR, format_args!("{fault}: start again at B"));
        self.directory = false;
        self.return_to_b(None, scene)
    }

    /// The kernel came to an Outcome, whose UI Request and Field Off Request have been dealt with (3.5.1.3 to 3.5.1.5).
    /// `None`: it is final.
    pub fn outcome(&mut self, outcome: &Outcome, scene: &mut Scene<'_>) -> Option<Next> {
        match outcome.result {
            OutcomeResult::TryAgain => {
                scene.cite(rules::TRY_AGAIN, format_args!("try again: start again at B"));
                let ui = outcome.ui_on_restart.filter(|_| scene.options.ui_on_restart_of_try_again);
                Some(self.return_to_b(ui, scene))
            }
            OutcomeResult::SelectNext => {
                scene.cite(rules::SELECT_NEXT, format_args!("select next: start again at C"));
                Some(match self.taken {
                    Some(Taken { candidate, .. }) => self.remove_and_select(candidate, scene),
                    None => self.select_best(scene),
                })
            }
            _ => None,
        }
    }

    /// What to activate a kernel with; `None` before final selection.
    pub fn selection(&self, options: &Options) -> Option<Selection> {
        let Taken { candidate, name: adf_name, indicators } = self.taken?;
        let indicators = indicators.or_else(|| self.indicators.get(candidate.combination).copied())?;
        let start = if options.internal_start_points { self.start } else { self.activated_at };
        let (after_select, restart) = (self.start != Start::D, self.restart);
        Some(Selection { combination: candidate.combination, adf_name, indicators, start, after_select, restart })
    }

    fn starts(&mut self, start: Start, scene: &mut Scene<'_>) {
        self.start = start;
        scene.events.event(*scene.now, &Event::EntryPoint { start, restart: self.restart });
    }

    /// 3.1.1.
    fn preprocess(&mut self, scene: &mut Scene<'_>) -> Next {
        self.preprocessed = true;
        self.indicators.clear();
        for one in scene.combinations {
            let mut cite = |rule: Rule, note: core::fmt::Arguments<'_>| {
                scene.events.event(*scene.now, &rule.cited(format_args!("{note} ({:?} {})", one.aid, one.kernel_id)));
            };
            let exponent = scene.currency_exponent;
            self.indicators.push(preprocessing::indicators(&one.entry, self.amount, exponent, &mut cite));
        }
        let mut all = scene.combinations.iter().zip(&self.indicators);
        if all.all(|(combination, indicators)| candidates::is_excluded(combination, indicators)) {
            scene.cite(rules::NOTHING_ALLOWED, format_args!("no combination is allowed"));
            return Next::Done(outcomes::try_another_interface(scene.options));
        }
        self.activate_protocol(None, scene)
    }

    /// 3.2.1.1 and 3.2.1.2. `ui`: the request of a Try Again.
    fn activate_protocol(&mut self, ui: Option<UiRequest>, scene: &mut Scene<'_>) -> Next {
        if !self.restart {
            self.candidates.clear();
        }
        let retained = self.ui_on_restart.filter(|_| self.restart);
        scene.ui(ui.or(retained).unwrap_or(outcomes::PRESENT_CARD));
        Next::Poll
    }

    fn return_to_b(&mut self, ui: Option<UiRequest>, scene: &mut Scene<'_>) -> Next {
        let Some(left) = self.returns.checked_sub(1) else { return limit("returns to start B", scene) };
        self.returns = left;
        self.starts(Start::B, scene);
        self.activate_protocol(ui, scene)
    }

    /// The answer to SELECT PPSE (3.3.2.3 to 3.3.2.5); `None` if the applications are known without it.
    fn directory(&mut self, response: Option<Response<'_>>, scene: &mut Scene<'_>) {
        let Some(response) = response else {
            scene.cite(rules::KNOWN, format_args!("nobody read the directory: the applications that are known"));
            let (combinations, options, indicators) = (scene.combinations, scene.options, &self.indicators);
            let mut tell = |why: LeftOut<'_>| scene.cite(rules::LEFT_OUT, format_args!("{why}"));
            candidates::assume(&mut self.candidates, combinations, indicators, options, &mut tell);
            return self.tell_candidates(scene);
        };
        if !response.status.is_ok() {
            scene.cite(rules::PPSE_REFUSED, format_args!("{} to SELECT PPSE: no candidates", response.status));
        } else if scene.options.strict_ppse && !ppse::is_well_formed(response.data) {
            scene.cite(rules::PPSE_EMPTY, format_args!("the PPSE is not well-formed: no candidates"));
        } else if ppse::entries(response.data).next().is_none() {
            scene.cite(rules::PPSE_EMPTY, format_args!("the PPSE has no entries: no candidates"));
        } else {
            let (combinations, options, indicators) = (scene.combinations, scene.options, &self.indicators);
            let mut tell = |why: LeftOut<'_>| scene.cite(rules::LEFT_OUT, format_args!("{why}"));
            candidates::build(&mut self.candidates, response.data, combinations, indicators, options, &mut tell);
        }
        self.tell_candidates(scene);
    }

    fn tell_candidates(&self, scene: &mut Scene<'_>) {
        for candidate in &self.candidates {
            let Some(combination) = scene.combinations.get(candidate.combination) else { continue };
            let (adf_name, aid) = (candidate.adf_name.bytes(), combination.aid.bytes());
            let (kernel, priority) = (combination.kernel_id.bytes(), candidate.priority);
            scene.events.event(*scene.now, &Event::Candidate { adf_name, aid, kernel, priority });
        }
    }

    /// Step 3 (3.3.2.6, 3.3.2.7) and the choice of final selection (3.3.3.1, 3.3.3.2).
    fn select_best(&mut self, scene: &mut Scene<'_>) -> Next {
        match candidates::best(&self.candidates, scene.options) {
            Some(candidate) => self.select(candidate, scene),
            None => {
                scene.cite(rules::NO_CANDIDATE, format_args!("the candidate list is empty"));
                Next::Done(outcomes::end_application())
            }
        }
    }

    /// 3.3.3.3 and 3.3.3.4.
    fn select(&mut self, candidate: Candidate, scene: &mut Scene<'_>) -> Next {
        let name = match scene.combinations.get(candidate.combination) {
            Some(combination) => selection::name(&candidate, combination),
            None => candidate.adf_name,
        };
        if name != candidate.adf_name {
            scene.cite(rules::EXTENDED_SELECTION, format_args!("extended selection"));
        }
        // The issuer's answer changes nothing about limits.
        let indicators = self.taken.filter(|_| self.has_emv_data).and_then(|taken| taken.indicators);
        self.taken = Some(Taken { candidate, name, indicators });
        select_command(name.bytes(), "SELECT")
    }

    /// 3.3.3.5.
    fn refused(&mut self, candidate: Candidate, response: Response<'_>, scene: &mut Scene<'_>) -> Next {
        if self.has_emv_data {
            scene.cite(
                rules::SELECT_REFUSED,
                format_args!("{} to SELECT, with issuer data at hand: end", response.status),
            );
            return Next::Done(outcomes::end_application());
        }
        scene.cite(rules::SELECT_REFUSED, format_args!("{} to SELECT: next candidate", response.status));
        self.remove_and_select(candidate, scene)
    }

    /// Whether the limits that count for the card's program do not allow the amount (C-3, 5.1.2). Takes note of what they come
    /// to; without limits for the program those of the combination count, which pre-processing has looked at.
    fn is_over_dynamic_limits(&mut self, combination: &Combination, fci: &[u8], scene: &mut Scene<'_>) -> bool {
        if !combination.entry.dynamic_reader_limits || !self.preprocessed || self.has_emv_data {
            return false;
        }
        let program = dynamic_limits::program(fci).unwrap_or_default();
        let set = dynamic_limits::find(&combination.dynamic_limits, program);
        let indicators = set.map(|set| {
            let (program, id) = (Hex(program), Hex(&set.program_id));
            scene.cite(READER_LIMITS, format_args!("9F5A {program}: the limits of program {id} count"));
            let exponent = scene.currency_exponent;
            let mut cite =
                |rule: Rule, note: core::fmt::Arguments<'_>| scene.cite(rule, format_args!("{note} (program {id})"));
            preprocessing::dynamic(set, combination.entry.ttq, self.amount, exponent, &mut cite)
        });
        if let Some(taken) = &mut self.taken {
            taken.indicators = indicators;
        }
        let forbidden =
            self.selection(scene.options).is_some_and(|one| one.indicators.contactless_application_not_allowed);
        if forbidden {
            scene.cite(READER_LIMITS, format_args!("the limits do not allow the amount: next candidate"));
        }
        forbidden
    }

    /// Other kernels for the same directory entry stay (3.5.1.4).
    fn remove_and_select(&mut self, candidate: Candidate, scene: &mut Scene<'_>) -> Next {
        self.candidates.retain(|other| *other != candidate);
        self.starts(Start::C, scene);
        self.select_best(scene)
    }

    /// Puts Kernel 1 in the place of Kernel 3.
    fn switch(&mut self, candidate: Candidate, kernel_1: usize) {
        let switched = Candidate { combination: kernel_1, ..candidate };
        self.candidates.retain(|other| *other != switched);
        self.candidates.iter_mut().filter(|other| **other == candidate).for_each(|other| *other = switched);
        self.taken = self.taken.map(|taken| Taken { candidate: switched, indicators: None, ..taken });
    }
}
