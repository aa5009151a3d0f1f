//! S3, Waiting for GPO response: the card's profile decides between EMV mode and mag-stripe mode.

use super::{
    Mode, Tap,
    database::{self, Refused},
    fault::{Fault, L2},
    r1_relay_resistance, rules, s3r1_first_command,
    s7_mag_stripe_record::ExpectMagStripeRecord,
    state::{State, Step, stop, update},
};
use crate::{
    apdu::Response,
    data::{
        Presence, Source,
        bits::{aip_k2 as aip, kernel_configuration as configuration, tvr_relay},
        dictionary::{self as d, AFL_94, AIP_82, RESPONSE_MESSAGE_TEMPLATE_FORMAT_1_80 as FORMAT_1},
    },
    kernel::{
        contract::{Cx, Input},
        shared::records::Reading,
    },
};

/// The entry that the AFL of a card with a mag-stripe record begins with.
const MAG_STRIPE_ENTRY: [u8; 4] = [0x08, 0x01, 0x01, 0x00];

/// Waits for AIP and AFL.
#[derive(Debug)]
pub struct ExpectGpo;

impl ExpectGpo {
    pub fn reply(self, input: Input<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        match input {
            Input::Card(response) => take(response, tap, cx),
            Input::Link(fault) => {
                cx.rule(rules::S3_4, format_args!("{fault} during GET PROCESSING OPTIONS"));
                Err(Fault::GpoLost(fault))
            }
            Input::Terminal(data) => Ok(update(data, rules::S3_2, State::S3(self), tap, cx)),
            Input::Stop => Err(stop(rules::S3_6, cx)),
            Input::Timeout => Ok(Step::Stay(State::S3(self))),
        }
    }
}

fn take(response: Response<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
    let status = response.status;
    if !status.is_ok() {
        cx.rule(rules::S3_8, format_args!("GET PROCESSING OPTIONS answered {status}: select next"));
        return Err(Fault::SelectNext { error: L2::StatusBytes, status: Some(status), keep_field: true });
    }
    if let Err(why) = take_template(response.data, tap, cx) {
        cx.rule(rules::S3_12, format_args!("the answer to GET PROCESSING OPTIONS is not understood: {why}"));
        return Err(Fault::card(L2::ParsingError));
    }
    if let Some(missing) = [AIP_82, AFL_94].into_iter().find(|tag| !cx.store.is_present(*tag)) {
        cx.rule(rules::S3_13, format_args!("the answer to GET PROCESSING OPTIONS has no {missing}"));
        return Err(Fault::card(L2::CardDataMissing));
    }
    let reader = tap.configuration(cx);
    if !configuration::NO_EMV_MODE.is_set(&reader) && database::has(AIP_82, aip::EMV_MODE, cx) {
        cx.rule(rules::S3_16, format_args!("card and reader have EMV mode"));
        return emv_mode(tap, cx);
    }
    if configuration::NO_MAG_STRIPE_MODE.is_set(&reader) {
        cx.rule(
            rules::S3_17,
            format_args!("EMV mode is not common to card and reader, and the reader has no mag-stripe mode"),
        );
        return Err(Fault::card(L2::MagStripeNotSupported));
    }
    cx.rule(rules::S3_15, format_args!("EMV mode is not common to card and reader: mag-stripe mode"));
    mag_stripe_mode(tap, cx)
}

/// S3.10: template 77, or AIP and AFL in a template 80.
fn take_template(data: &[u8], tap: &Tap, cx: &mut Cx<'_>) -> Result<(), Refused> {
    match data.first() {
        Some(0x77) => {
            database::template(data, d::RESPONSE_MESSAGE_TEMPLATE_FORMAT_2_77)?;
            database::parse_and_store(data, &tap.options, cx)
        }
        Some(0x80) => {
            let value = database::template(data, FORMAT_1)?;
            let (profile, locator) = value
                .split_at_checked(2)
                .filter(|(_, locator)| !locator.is_empty() && locator.len().is_multiple_of(4))
                .ok_or(Refused::Length(FORMAT_1))?;
            for (tag, value) in [(AIP_82, profile), (AFL_94, locator)] {
                if cx.store.presence(tag) == Presence::Present {
                    return Err(Refused::Duplicate(tag));
                }
                cx.set(tag, value, Source::Card);
            }
            Ok(())
        }
        _ => Err(Refused::Template),
    }
}

/// S3.30 to S3.65.
fn emv_mode(tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
    let locator = cx.store.get(AFL_94).unwrap_or_default();
    let reader = tap.configuration(cx);
    let skips = locator.starts_with(&MAG_STRIPE_ENTRY) && !configuration::NO_MAG_STRIPE_MODE.is_set(&reader);
    tap.afl.clear();
    tap.afl.extend_from_slice(locator.get(if skips { 4 } else { 0 }..).unwrap_or_default());
    cx.rule(
        rules::S3_30,
        format_args!("the AFL is read {}", if skips { "without its mag-stripe record" } else { "as it is" }),
    );
    choose_limit(rules::S3_33, tap, cx);
    if configuration::RELAY_RESISTANCE.is_set(&reader) && database::has(AIP_82, aip::RELAY_RESISTANCE, cx) {
        cx.rule(rules::S3_60, format_args!("card and reader have relay resistance"));
        return Ok(r1_relay_resistance::exchange(cx));
    }
    cx.rule(rules::S3_65, format_args!("relay resistance is not common to card and reader: not performed"));
    database::set_tvr(&[tvr_relay::RELAY_RESISTANCE_NOT_PERFORMED], cx);
    s3r1_first_command::go_on(tap, cx)
}

/// S3.33 to S3.35, S3.73 to S3.75: the limit with or without verification on the device.
fn choose_limit(rule: crate::kernel::rule::Rule, tap: &mut Tap, cx: &mut Cx<'_>) {
    let on_device = has_on_device_cvm(tap, cx);
    let tag = if on_device {
        d::TRANSACTION_LIMIT_ON_DEVICE_CVM_DF8125
    } else {
        d::TRANSACTION_LIMIT_NO_ON_DEVICE_CVM_DF8124
    };
    tap.limit = database::amount(tag, cx);
    let word = if on_device { "with" } else { "without" };
    cx.rule(rule, format_args!("the transaction limit is that {word} on-device CVM ({tag})"));
}

/// Whether card and reader have on-device cardholder verification.
pub fn has_on_device_cvm(tap: &Tap, cx: &Cx<'_>) -> bool {
    let reader = tap.configuration(cx);
    configuration::ON_DEVICE_CVM.is_set(&reader) && database::has(AIP_82, aip::ON_DEVICE_CARDHOLDER_VERIFICATION, cx)
}

/// S3.70 to S3.81.
fn mag_stripe_mode(tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
    let locator = cx.store.get(AFL_94).unwrap_or_default();
    let record = locator.get(..4).filter(|entry| *entry == MAG_STRIPE_ENTRY).unwrap_or(locator);
    tap.afl.clear();
    tap.afl.extend_from_slice(record);
    cx.rule(rules::S3_70, format_args!("{} bytes of the AFL are read", tap.afl.len()));
    choose_limit(rules::S3_73, tap, cx);
    let first = Reading::first(&tap.afl).ok().flatten();
    let Some(first) = first else {
        cx.rule(rules::S3_80, format_args!("the AFL (94) names no record that could be read"));
        return Err(Fault::card(L2::CardDataError));
    };
    tap.mode = Mode::MagStripe;
    tap.dialogue.move_available(cx);
    if tap.dialogue.has_news() {
        cx.rule(rules::S3_77, format_args!("there is something to ask the terminal, or all that it wants"));
        tap.tell_terminal(cx);
    }
    tap.reading = first.next(&tap.afl);
    Ok(Step::Send(first.command(), State::S7(ExpectMagStripeRecord(first))))
}
