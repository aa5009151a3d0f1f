//! R1, Waiting for EXCHANGE RELAY RESISTANCE DATA response: whether the card is as near as its answers are quick.
//!
//! All times are whole numbers of 100 µs.

use super::{
    Mode, Tap, database,
    fault::{Fault, L2},
    options::Rounding,
    rules, s3r1_first_command,
    state::{State, Step, lost, stop, update},
};
use crate::{
    apdu::{Command, Response},
    bytes::Cursor,
    data::{
        Source,
        bits::tvr_relay as tvr,
        dictionary::{self as d, UNPREDICTABLE_NUMBER_9F37},
    },
    kernel::contract::{Cx, Input},
    time::Micros,
};

/// How often the exchange is repeated.
const REPEATS_MAX: u8 = 2;

/// Waits for the card's times.
#[derive(Debug)]
pub struct ExpectRelayResistance;

/// S3.61 to S3.64, SR1.23 to SR1.27: a new number goes to the card.
pub fn exchange(cx: &mut Cx<'_>) -> Step {
    let mut entropy = [0; 4];
    cx.random.fill(&mut entropy);
    cx.set(UNPREDICTABLE_NUMBER_9F37, &entropy, Source::Transaction);
    cx.set(d::TERMINAL_RR_ENTROPY_DF8301, &entropy, Source::Kernel);
    cx.rule(rules::S3_61, format_args!("the unpredictable number is drawn again, and is the terminal's entropy"));
    Step::Send(Command::exchange_relay_resistance_data(entropy), State::R1(ExpectRelayResistance))
}

impl ExpectRelayResistance {
    pub fn reply(self, input: Input<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        match input {
            Input::Card(response) => take(response, tap, cx),
            Input::Link(fault) => {
                tap.mode = Mode::Emv;
                Err(lost(fault, rules::SR1_3, cx))
            }
            Input::Terminal(data) => Ok(update(data, rules::SR1_1, State::R1(self), tap, cx)),
            Input::Stop => {
                tap.mode = Mode::Emv;
                Err(stop(rules::SR1_6, cx))
            }
            Input::Timeout => Ok(Step::Stay(State::R1(self))),
        }
    }
}

fn take(response: Response<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
    tap.mode = Mode::Emv;
    if !response.status.is_ok() {
        cx.rule(rules::SR1_11, format_args!("EXCHANGE RELAY RESISTANCE DATA answered {}", response.status));
        return Err(Fault::status(response.status));
    }
    if !take_times(response.data, cx) {
        cx.rule(rules::SR1_14, format_args!("the answer is not a template 80 of ten bytes"));
        return Err(Fault::card(L2::ParsingError));
    }
    let measured = measure(response.elapsed, tap.options.relay_resistance_rounding, cx);
    let times = Times::new(measured, cx);
    if times.is_too_fast() {
        cx.rule(rules::SR1_19, format_args!("{times}: faster than the card says it can be"));
        return Err(Fault::card(L2::CardDataError));
    }
    let repeats = database::byte(d::RRP_COUNTER_DF8307, cx);
    if times.is_too_slow() && repeats < REPEATS_MAX {
        cx.rule(rules::SR1_22, format_args!("{times}: too slow after {repeats} repeats, once more"));
        cx.set(d::RRP_COUNTER_DF8307, &[repeats + 1], Source::Kernel);
        return Ok(exchange(cx));
    }
    conclude(&times, cx);
    s3r1_first_command::go_on(tap, cx)
}

/// SR1.14: entropy of the device, its least and most time, and what it needs to send.
fn take_times(data: &[u8], cx: &mut Cx<'_>) -> bool {
    let Ok(value) = database::template(data, d::RESPONSE_MESSAGE_TEMPLATE_FORMAT_1_80) else { return false };
    if value.len() != 10 {
        return false;
    }
    let mut cursor = Cursor::new(value);
    for (tag, length) in [
        (d::DEVICE_RR_ENTROPY_DF8302, 4),
        (d::MIN_TIME_FOR_PROCESSING_RR_APDU_DF8303, 2),
        (d::MAX_TIME_FOR_PROCESSING_RR_APDU_DF8304, 2),
        (d::DEVICE_EST_TRANSMISSION_TIME_RR_R_APDU_DF8305, 2),
    ] {
        cx.set(tag, cursor.take(length).unwrap_or_default(), Source::Card);
    }
    true
}

/// SR1.18: the time that the card worked, without the time that bytes were on their way.
fn measure(elapsed: Micros, rounding: Rounding, cx: &mut Cx<'_>) -> u32 {
    let units = match rounding {
        Rounding::Down => elapsed.0 / 100,
        Rounding::Up => elapsed.0.div_ceil(100),
    };
    let command = database::word(d::EXPECTED_TXN_TIME_RR_C_APDU_DF8134, cx);
    let device = database::word(d::DEVICE_EST_TRANSMISSION_TIME_RR_R_APDU_DF8305, cx);
    let terminal = database::word(d::EXPECTED_TXN_TIME_RR_R_APDU_DF8135, cx);
    let on_the_way = u64::from(command) + u64::from(device.min(terminal));
    let measured = u16::try_from(units.saturating_sub(on_the_way)).unwrap_or(u16::MAX);
    cx.set(d::MEASURED_RR_PROCESSING_TIME_DF8306, &measured.to_be_bytes(), Source::Kernel);
    cx.rule(
        rules::SR1_18,
        format_args!(
            "{}.{:02} ms from command to answer, {} ms on the way: the card worked {} ms",
            elapsed.0 / 1000,
            elapsed.0 % 1000 / 10,
            Milliseconds(on_the_way),
            Milliseconds(measured.into())
        ),
    );
    measured.into()
}

/// A time in the book's units of 100 µs, as people read it.
struct Milliseconds(u64);

impl core::fmt::Display for Milliseconds {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

/// What the measured time is held against.
struct Times {
    measured: u32,
    least: u32,
    most: u32,
    early: u32,
    late: u32,
}

impl core::fmt::Display for Times {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let [measured, least, most, early, late] =
            [self.measured, self.least, self.most, self.early, self.late].map(|units| Milliseconds(units.into()));
        write!(f, "measured {measured} ms, the card says {least} to {most} ms, grace {early} and {late} ms")
    }
}

impl Times {
    fn new(measured: u32, cx: &Cx<'_>) -> Self {
        Self {
            measured,
            least: database::word(d::MIN_TIME_FOR_PROCESSING_RR_APDU_DF8303, cx),
            most: database::word(d::MAX_TIME_FOR_PROCESSING_RR_APDU_DF8304, cx),
            early: database::word(d::MIN_RELAY_RESISTANCE_GRACE_PERIOD_DF8132, cx),
            late: database::word(d::MAX_RELAY_RESISTANCE_GRACE_PERIOD_DF8133, cx),
        }
    }

    /// SR1.19.
    const fn is_too_fast(&self) -> bool {
        self.measured < self.least.saturating_sub(self.early)
    }

    /// SR1.22 and SR1.28.
    const fn is_too_slow(&self) -> bool {
        self.measured > self.most + self.late
    }
}

/// SR1.28 to SR1.32: what Terminal Verification Results say of the last exchange.
fn conclude(times: &Times, cx: &mut Cx<'_>) {
    let mut bits = [tvr::RELAY_RESISTANCE_PERFORMED; 3];
    let [_, limits, threshold] = &mut bits;
    if times.is_too_slow() {
        cx.rule(rules::SR1_28, format_args!("{times}: relay resistance time limits exceeded"));
        *limits = tvr::RELAY_RESISTANCE_TIME_LIMITS;
    }
    let device = database::word(d::DEVICE_EST_TRANSMISSION_TIME_RR_R_APDU_DF8305, cx);
    let terminal = database::word(d::EXPECTED_TXN_TIME_RR_R_APDU_DF8135, cx);
    let agreement = u32::from(database::byte(d::RR_TRANSMISSION_TIME_MISMATCH_THRESHOLD_DF8137, cx));
    let accuracy = database::word(d::RR_ACCURACY_THRESHOLD_DF8136, cx);
    let over = times.measured.saturating_sub(times.least);
    if per_cent(device, terminal) < agreement || per_cent(terminal, device) < agreement || over > accuracy {
        let [device, terminal, over] = [device, terminal, over].map(|units| Milliseconds(units.into()));
        let note = format_args!(
            "transmission estimated as {device} ms by the card, {terminal} ms by the terminal; {over} ms over the least: threshold \
             exceeded"
        );
        cx.rule(rules::SR1_30, note);
        *threshold = tvr::RELAY_RESISTANCE_THRESHOLD;
    }
    cx.rule(rules::SR1_32, format_args!("{times}: relay resistance performed"));
    database::set_tvr(&bits, cx);
}

/// One as hundredths of the other, cut off; none at all of zero, which agrees with nothing.
fn per_cent(one: u32, other: u32) -> u32 {
    (one * 100).checked_div(other).unwrap_or(0)
}
