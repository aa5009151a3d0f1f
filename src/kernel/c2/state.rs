//! The states of the machine, and where a step leads.

use super::{
    Tap,
    balance::{ExpectBalanceAfter, ExpectBalanceBefore},
    dialogue,
    fault::{Fault, L3},
    mag_stripe_end::BackingOff,
    r1_relay_resistance::ExpectRelayResistance,
    rules,
    s2_pdol_data::ExpectPdolData,
    s3_gpo::ExpectGpo,
    s4_read_record::{ExpectRecord, TerminateOnNext},
    s5_get_data::ExpectGetData,
    s6_first_write::ExpectFirstWriteFlag,
    s7_mag_stripe_record::ExpectMagStripeRecord,
    s9_generate_ac::ExpectGenerateAc,
    s10_recover_ac::ExpectRecoverAc,
    s11_generate_ac_again::ExpectGenerateAcAgain,
    s12_put_data_before::ExpectPutDataBefore,
    s13_checksum::ExpectChecksum,
    s14_checksum_od_cvm::ExpectChecksumOdCvm,
    s15_put_data_after::ExpectPutDataAfter,
    s78_common::ExpectMagStripeFirstWriteFlag,
};
use crate::{
    apdu::{Command, LinkFault},
    kernel::{
        contract::{Cx, Input},
        outcome::{Outcome, OutcomeResult},
        rule::Rule,
    },
    time::Micros,
};

/// What is awaited.
#[derive(Debug, Default)]
pub enum State {
    /// Nothing: the kernel has not started, or is done.
    #[default]
    Idle,
    S2(ExpectPdolData),
    S3(ExpectGpo),
    R1(ExpectRelayResistance),
    S4(ExpectRecord),
    S4Prime(TerminateOnNext),
    S5(ExpectGetData),
    S6(ExpectFirstWriteFlag),
    S7(ExpectMagStripeRecord),
    S8(ExpectMagStripeFirstWriteFlag),
    S9(ExpectGenerateAc),
    S10(ExpectRecoverAc),
    S11(ExpectGenerateAcAgain),
    S12(ExpectPutDataBefore),
    S13(ExpectChecksum),
    S14(ExpectChecksumOdCvm),
    S15(ExpectPutDataAfter),
    S16(ExpectBalanceBefore),
    S17(ExpectBalanceAfter),
    BackOff(BackingOff),
}

/// Where a step leads.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "a command lives in an array, so that a tap allocates little")]
pub enum Step {
    /// To a command, and the state that reads its answer.
    Send(Command, State),
    /// To a state that waits for the terminal, for so long.
    Await(Micros, State),
    /// To a state that lets time pass.
    Pause(Micros, State),
    /// Nowhere: the state waits on.
    Stay(State),
    /// To the end.
    Done(Box<Outcome>),
}

impl Step {
    pub fn done(outcome: Outcome) -> Self {
        Self::Done(Box::new(outcome))
    }
}

impl State {
    /// What follows from an input.
    pub fn reply(self, input: Input<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        match self {
            Self::Idle if matches!(input, Input::Stop) => Err(stop(rules::S1_2, cx)),
            Self::Idle => Ok(Step::done(Outcome::new(OutcomeResult::EndApplication))),
            Self::S2(state) => state.reply(input, tap, cx),
            Self::S3(state) => state.reply(input, tap, cx),
            Self::R1(state) => state.reply(input, tap, cx),
            Self::S4(state) => state.reply(input, tap, cx),
            Self::S4Prime(state) => state.reply(input, tap, cx),
            Self::S5(state) => state.reply(input, tap, cx),
            Self::S6(state) => state.reply(input, tap, cx),
            Self::S7(state) => state.reply(input, tap, cx),
            Self::S8(state) => state.reply(input, tap, cx),
            Self::S9(state) => state.reply(input, tap, cx),
            Self::S10(state) => state.reply(input, tap, cx),
            Self::S11(state) => state.reply(input, tap, cx),
            Self::S12(state) => state.reply(input, tap, cx),
            Self::S13(state) => state.reply(input, tap, cx),
            Self::S14(state) => state.reply(input, tap, cx),
            Self::S15(state) => state.reply(input, tap, cx),
            Self::S16(state) => state.reply(input, tap, cx),
            Self::S17(state) => state.reply(input, tap, cx),
            Self::BackOff(state) => state.reply(input, tap, cx),
        }
    }

    /// The name, with the book's symbol.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Idle => "S1 idle",
            Self::S2(_) => "S2 waiting for PDOL data",
            Self::S3(_) => "S3 waiting for GPO response",
            Self::R1(_) => "R1 waiting for EXCHANGE RELAY RESISTANCE DATA response",
            Self::S4(_) => "S4 waiting for EMV READ RECORD response",
            Self::S4Prime(_) => "S4' terminate on next RA",
            Self::S5(_) => "S5 waiting for GET DATA response",
            Self::S6(_) => "S6 waiting for EMV mode first write flag",
            Self::S7(_) => "S7 waiting for mag-stripe READ RECORD response",
            Self::S8(_) => "S8 waiting for mag-stripe first write flag",
            Self::S9(_) => "S9 waiting for GENERATE AC response - 1",
            Self::S10(_) => "S10 waiting for RECOVER AC response",
            Self::S11(_) => "S11 waiting for GENERATE AC response - 2",
            Self::S12(_) => "S12 waiting for PUT DATA response before GENERATE AC",
            Self::S13(_) => "S13 waiting for CCC response - 1",
            Self::S14(_) => "S14 waiting for CCC response - 2",
            Self::S15(_) => "S15 waiting for PUT DATA response after GENERATE AC",
            Self::S16(_) => "S16 waiting for pre-GEN AC balance",
            Self::S17(_) => "S17 waiting for post-GEN AC balance",
            Self::BackOff(_) => "back-off before an error of mag-stripe mode",
        }
    }
}

/// The terminal gives data while the card works: taken, and the state waits on.
pub fn update(data: &[u8], rule: Rule, state: State, tap: &mut Tap, cx: &mut Cx<'_>) -> Step {
    if !data.is_empty() {
        cx.rule(rule, format_args!("the terminal gives {} bytes of data: the state waits on", data.len()));
        dialogue::update(data, tap, cx);
    }
    Step::Stay(state)
}

/// The terminal says stop.
pub fn stop(rule: Rule, cx: &mut Cx<'_>) -> Fault {
    cx.rule(rule, format_args!("the terminal says stop: end application"));
    Fault::Quiet(L3::Stop)
}

/// The card is lost: it is to be presented again.
pub fn lost(fault: LinkFault, rule: Rule, cx: &mut Cx<'_>) -> Fault {
    cx.rule(rule, format_args!("{fault}: present the card again"));
    Fault::TryAgain(fault)
}
