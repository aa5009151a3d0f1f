//! The block that S4, S5 and S6 share: is there more to fetch, may the kernel go on, and has the card sent what it must
//! (S456.1 to S456.28).

use super::{
    Tap, database,
    fault::{Fault, L2, L3},
    rules,
    s1_idle::time_out,
    s3r1_first_command::Under,
    s6_first_write::ExpectFirstWriteFlag,
    s456_decide,
    state::{State, Step},
    tap::OdaStatus,
};
use crate::{
    data::{
        bits::tvr,
        dictionary::{
            self as d, AMOUNT_AUTHORISED_9F02, CA_PUBLIC_KEY_INDEX_8F,
            PROCEED_TO_FIRST_WRITE_FLAG_DF8110 as FIRST_WRITE, SDA_TAG_LIST_9F4A,
        },
    },
    kernel::contract::Cx,
};

/// Goes on with the next command, waits for the terminal, or makes the reader's own checks.
pub fn go_on(next: Option<Under>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
    if let Some((command, state)) = next {
        if matches!(state, State::S4(_)) {
            tap.dialogue.move_available(cx);
            if tap.dialogue.has_all() {
                cx.rule(rules::S456_3, format_args!("the terminal gets all that it wants"));
                tap.tell_terminal(cx);
            }
        }
        return Ok(Step::Send(command, state));
    }
    if waits_for_first_write(rules::S456_5, tap, cx) {
        tap.dialogue.move_available(cx);
        if tap.dialogue.has_news() {
            cx.rule(rules::S456_8, format_args!("there is something to ask the terminal, or all that it wants"));
            tap.tell_terminal(cx);
        }
        return Ok(Step::Await(time_out(cx), State::S6(ExpectFirstWriteFlag)));
    }
    check_amount(tap, cx)?;
    check_card(tap, cx)?;
    tap.dialogue.flush(cx);
    if !tap.dialogue.to_send.is_empty() {
        cx.rule(rules::S456_22, format_args!("the terminal gets what it wants, as far as it is there"));
        tap.tell_terminal(cx);
    }
    if tap.oda == OdaStatus::Cda {
        prepare_authentication(tap, cx)?;
    }
    s456_decide::decide(tap, cx)
}

/// S456.5 to S456.11, S78.1 to S78.5: whether the terminal has still to say that the card may be written. Absent, or another
/// value than zero: it has not to.
pub fn waits_for_first_write(rule: crate::kernel::rule::Rule, tap: &mut Tap, cx: &mut Cx<'_>) -> bool {
    if !tap.options.data_exchange {
        return false;
    }
    match cx.store.get(FIRST_WRITE) {
        Some([]) => {
            cx.rule(rule, format_args!("Proceed To First Write Flag (DF8110) is empty: the terminal is asked for it"));
            tap.dialogue.need(FIRST_WRITE);
            true
        }
        Some([0x00]) => {
            cx.rule(rule, format_args!("Proceed To First Write Flag (DF8110) is 00: the kernel waits"));
            true
        }
        _ => false,
    }
}

/// S456.12 to S456.15.
fn check_amount(tap: &Tap, cx: &mut Cx<'_>) -> Result<(), Fault> {
    if !cx.store.is_present(AMOUNT_AUTHORISED_9F02) {
        cx.rule(rules::S456_12, format_args!("there is no amount (9F02): end application"));
        return Err(Fault::Quiet(L3::AmountNotPresent));
    }
    if database::amount(AMOUNT_AUTHORISED_9F02, cx) > tap.limit {
        cx.rule(rules::S456_14, format_args!("the amount is over the transaction limit: select next"));
        return Err(Fault::SelectNext { error: L2::MaxLimitExceeded, status: None, keep_field: true });
    }
    Ok(())
}

/// S456.16 to S456.20.
fn check_card(tap: &Tap, cx: &mut Cx<'_>) -> Result<(), Fault> {
    let mandatory = [d::APPLICATION_EXPIRATION_DATE_5F24, d::PAN_5A, d::CDOL1_8C];
    if let Some(missing) = mandatory.into_iter().find(|tag| !cx.store.is_present(*tag)) {
        cx.rule(rules::S456_16, format_args!("the card has sent no {missing}"));
        return Err(Fault::card(L2::CardDataMissing));
    }
    if tap.ids_read(cx) && cx.store.get(d::DS_ID_9F5E) != Some(&storage_identifier(cx)[..]) {
        cx.rule(rules::S456_18, format_args!("DS ID (9F5E) is not PAN and sequence number"));
        return Err(Fault::card(L2::CardDataError));
    }
    Ok(())
}

/// PAN and sequence number as DS ID has them: in whole bytes, eight at least.
fn storage_identifier(cx: &Cx<'_>) -> Vec<u8> {
    let mut nibbles: Vec<u8> = database::digits(cx.store.get(d::PAN_5A).unwrap_or_default()).collect();
    let sequence = database::byte(d::PAN_SEQUENCE_NUMBER_5F34, cx);
    nibbles.extend([sequence >> 4, sequence & 0x0F]);
    let wanted = nibbles.len().next_multiple_of(2).max(16);
    let mut padded = vec![0; wanted - nibbles.len()];
    padded.extend(nibbles);
    padded.chunks(2).map(|pair| pair.iter().fold(0, |byte, nibble| byte << 4 | nibble)).collect()
}

/// S456.24 to S456.28.
fn prepare_authentication(tap: &mut Tap, cx: &mut Cx<'_>) -> Result<(), Fault> {
    let needed = [
        CA_PUBLIC_KEY_INDEX_8F,
        d::ISSUER_PUBLIC_KEY_CERTIFICATE_90,
        d::ISSUER_PUBLIC_KEY_EXPONENT_9F32,
        d::ICC_PUBLIC_KEY_CERTIFICATE_9F46,
        d::ICC_PUBLIC_KEY_EXPONENT_9F47,
        SDA_TAG_LIST_9F4A,
    ];
    if let Some(missing) = needed.into_iter().find(|tag| !cx.store.is_present(*tag)) {
        cx.rule(rules::S456_25, format_args!("the card has sent no {missing}: CDA has failed"));
        database::set_tvr(&[tvr::ICC_DATA_MISSING, tvr::CDA_FAILED], cx);
    }
    let index = database::byte(CA_PUBLIC_KEY_INDEX_8F, cx);
    let rid: [u8; 5] = cx.activation.aid.first_chunk().copied().unwrap_or_default();
    if cx.trust.ca_key(&rid, index).is_none() {
        cx.rule(rules::S456_25, format_args!("there is no CA public key {index:02X}: CDA has failed"));
        database::set_tvr(&[tvr::CDA_FAILED], cx);
    }
    if cx.store.get(SDA_TAG_LIST_9F4A) != Some(&[0x82]) {
        let why = match cx.store.is_present(SDA_TAG_LIST_9F4A) {
            true => "the SDA Tag List (9F4A) does not name the AIP alone",
            false => "the card has sent no SDA Tag List (9F4A), which CDA needs",
        };
        cx.rule(rules::S456_26, format_args!("{why}"));
        return Err(Fault::card(L2::CardDataError));
    }
    // The AIP comes to the static data where they are verified; what is left to see here is whether there is room for it.
    if tap.static_data.len() + 2 > 2048 {
        cx.rule(rules::S456_28, format_args!("the static data have no room for the AIP: CDA has failed"));
        database::set_tvr(&[tvr::CDA_FAILED], cx);
    }
    Ok(())
}
