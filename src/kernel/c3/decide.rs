//! After the last answer: all checks, in the order of the book.

use super::{
    Tap, cryptogram, cvm,
    facts::{Facts, Path},
    mandatory, msd,
    oda::{self, Authenticated},
    outcome, refund,
    restrictions::{self, Restricted},
    rules,
};
use crate::{
    data::{
        Source,
        bits::{ffi, ttq},
        dictionary::FORM_FACTOR_INDICATOR_9F6E,
    },
    kernel::{
        contract::Cx,
        fault::Fault,
        outcome::{MessageId, Outcome, UiStatus},
    },
};

/// From everything the card has sent to the Outcome.
///
/// # Errors
/// The faults of what the card sent as a whole (5.4.2, 5.4.3.1).
pub fn decide(tap: &Tap, cx: &mut Cx<'_>) -> Result<Outcome, Fault> {
    release_card(cx);
    if msd::path(&tap.options, cx) == Path::MagStripe {
        return msd::decide(tap, cx);
    }
    if !(tap.options.declining_card_may_omit && cryptogram::declines(cx)) {
        mandatory::check_presence(&tap.options, cx)?;
        if oda::active_online(&tap.options, cx) {
            mandatory::check_authentication_data(cx)?;
        }
    }
    tap.check_repeats()?;
    mandatory::check_pan(cx)?;
    let cryptogram = cryptogram::determine_type(cx)?;
    let mut facts = Facts::new(cryptogram, cx.store);
    note_technology(&facts, cx);
    let refund = refund::way(&tap.options, cx);
    match refund {
        Some(_) => refund::check_type(&mut facts, cx),
        None => cryptogram::check_type(&mut facts, cx),
    }
    if restrictions::check(&mut facts, &tap.options, cx) == Restricted::OtherInterface {
        return Ok(outcome::other_interface(cx));
    }
    if let Some(way) = refund {
        return Ok(refund::complete(way, &facts, &tap.options, cx));
    }
    if oda::authenticate(&mut facts, tap, cx) == Authenticated::ContactChip {
        return Ok(outcome::contact_chip(cx));
    }
    cvm::choose(&mut facts, &tap.options, cx);
    Ok(outcome::complete(&facts, &tap.options, cx))
}

/// 5.4.1.1: nothing more is wanted of the card.
fn release_card(cx: &mut Cx<'_>) {
    cx.rule(rules::CARD_READ, format_args!("everything is read: the card may leave"));
    let request = outcome::ui(MessageId::CARD_READ_OK, UiStatus::CardReadSuccessfully, cx);
    cx.ui(request);
}

/// 4.1.1.1: the reader, not the card, says by which technology the Form Factor Indicator came: contactless.
fn note_technology(facts: &Facts, cx: &mut Cx<'_>) {
    let Some(mut indicator) = cx.store.array::<4>(FORM_FACTOR_INDICATOR_9F6E) else { return };
    if facts.ttq.has(ttq::EMV_MODE) {
        ffi::CONTACTLESS.set(&mut indicator);
        cx.set(FORM_FACTOR_INDICATOR_9F6E, &indicator, Source::Kernel);
        cx.rule(rules::FORM_FACTOR, format_args!("Form Factor Indicator (9F6E) byte 4 bits 4-1 = 0: contactless"));
    }
}
