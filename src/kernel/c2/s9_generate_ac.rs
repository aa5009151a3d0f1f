//! S9, Waiting for GENERATE AC response - 1; and what every answer with a cryptogram goes through first.

use super::{
    Tap, balance,
    database::{self, Refused},
    fault::{Fault, L2},
    numbers::{FIRST, Numbers},
    rules, s910_common,
    state::{State, Step},
    torn,
};
use crate::{
    apdu::{CryptogramRequest, LinkFault, Response},
    data::{
        Presence, Source,
        dictionary::{
            APPLICATION_CRYPTOGRAM_9F26, ATC_9F36, CID_9F27, IAD_9F10, REFERENCE_CONTROL_PARAMETER_DF8114,
            RESPONSE_MESSAGE_TEMPLATE_FORMAT_1_80 as FORMAT_1, RESPONSE_MESSAGE_TEMPLATE_FORMAT_2_77 as FORMAT_2,
            SDAD_9F4B,
        },
    },
    kernel::contract::{Cx, Input},
    tlv,
};

/// Waits for the cryptogram.
#[derive(Debug)]
pub struct ExpectGenerateAc;

impl ExpectGenerateAc {
    pub fn reply(self, input: Input<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        match input {
            Input::Card(response) => {
                take(response, Formats::Both, &FIRST, tap, cx)?;
                go_on(&FIRST, tap, cx)
            }
            Input::Link(fault) => Err(lost(fault, tap, cx)),
            Input::Terminal(_) | Input::Stop | Input::Timeout => Ok(Step::Stay(State::S9(self))),
        }
    }
}

/// S9.5 to S9.15: the card may or may not have made the cryptogram.
fn lost(fault: LinkFault, tap: &mut Tap, cx: &mut Cx<'_>) -> Fault {
    if torn::is_recoverable(tap, cx) {
        cx.rule(rules::S9_11, format_args!("{fault}: the transaction is torn, it can be recovered"));
        torn::remember(tap, cx);
        return Fault::TryAgain(fault);
    }
    if tap.ids_write(cx) {
        cx.rule(rules::S9_6, format_args!("{fault}: nobody knows whether the card has written"));
        return Fault::OtherCardAfterLink(fault);
    }
    cx.rule(rules::S9_9, format_args!("{fault}: present the card again"));
    Fault::TryAgain(fault)
}

/// Templates that an answer may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formats {
    /// 77, or 80.
    Both,
    /// 77 only.
    Second,
}

/// S9.16 to S9.24: the answer, up to the type of its cryptogram.
pub fn take(
    response: Response<'_>,
    formats: Formats,
    numbers: &Numbers,
    tap: &mut Tap,
    cx: &mut Cx<'_>,
) -> Result<(), Fault> {
    if !response.status.is_ok() {
        cx.rule(numbers.status, format_args!("GENERATE AC answered {}", response.status));
        return Err(Fault::status(response.status));
    }
    let taken = match response.data.first() {
        Some(0x77) => take_format_2(response.data, tap, cx),
        Some(0x80) if formats == Formats::Both => take_format_1(response.data, tap, cx),
        _ => Err(Refused::Template),
    };
    if let Err(why) = taken {
        cx.rule(numbers.parse, format_args!("the answer with the cryptogram is not understood: {why}"));
        return Err(Fault::card(L2::ParsingError));
    }
    if let Some(missing) = [ATC_9F36, CID_9F27].into_iter().find(|tag| !cx.store.is_present(*tag)) {
        cx.rule(numbers.missing, format_args!("the answer with the cryptogram has no {missing}"));
        return Err(Fault::card(L2::CardDataMissing));
    }
    check_type(numbers, cx)
}

fn take_format_2(data: &[u8], tap: &mut Tap, cx: &mut Cx<'_>) -> Result<(), Refused> {
    let value = database::template(data, FORMAT_2)?;
    database::parse_and_store(data, &tap.options, cx)?;
    tap.answer.clear();
    for object in tlv::objects(value).map_while(Result::ok).filter(|object| object.tag != SDAD_9F4B) {
        tap.answer.extend_from_slice(object_bytes(value, &object));
    }
    Ok(())
}

/// The object with its tag and length, as the card wrote them.
fn object_bytes<'a>(whole: &'a [u8], object: &tlv::Object<'_>) -> &'a [u8] {
    whole.get(object.at..object.value_at + object.value.len()).unwrap_or_default()
}

/// CID, ATC, cryptogram and Issuer Application Data without tags.
fn take_format_1(data: &[u8], tap: &mut Tap, cx: &mut Cx<'_>) -> Result<(), Refused> {
    let value = database::template(data, FORMAT_1)?;
    if !(11..=43).contains(&value.len()) {
        return Err(Refused::Length(FORMAT_1));
    }
    tap.answer.clear();
    let mut rest = value;
    for (tag, length) in [(CID_9F27, 1), (ATC_9F36, 2), (APPLICATION_CRYPTOGRAM_9F26, 8), (IAD_9F10, value.len() - 11)]
    {
        let (object, after) = rest.split_at_checked(length).ok_or(Refused::Length(FORMAT_1))?;
        rest = after;
        if tag == IAD_9F10 && object.is_empty() {
            continue;
        }
        if cx.store.presence(tag) == Presence::Present {
            return Err(Refused::Duplicate(tag));
        }
        cx.set(tag, object, Source::Card);
    }
    Ok(())
}

/// S9.23 and S9.24: the card may ask for less than the reader, not for more.
fn check_type(numbers: &Numbers, cx: &mut Cx<'_>) -> Result<(), Fault> {
    use CryptogramRequest::{Aac, Arqc, Tc};
    let asked =
        CryptogramRequest::from_bits(database::byte(REFERENCE_CONTROL_PARAMETER_DF8114, cx)).unwrap_or_default();
    let cid = database::byte(CID_9F27, cx);
    let given = CryptogramRequest::from_bits(cid);
    let allowed = match given {
        Some(Tc) => asked == Tc,
        Some(Arqc) => asked != Aac,
        Some(Aac) => true,
        None => false,
    };
    let (asked, given) = (asked.name(), given.map_or("a reserved type", CryptogramRequest::name));
    if allowed {
        cx.rule(numbers.cid, format_args!("{asked} was asked for, the card gives {given} (9F27 {cid:02X})"));
        Ok(())
    } else {
        cx.rule(numbers.cid, format_args!("{asked} was asked for, the card may not give {given} (9F27 {cid:02X})"));
        Err(Fault::card(L2::CardDataError))
    }
}

/// S9.25: the balance, then the rest.
pub fn go_on(numbers: &'static Numbers, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
    match balance::read_after(numbers, tap, cx) {
        Some(step) => Ok(step),
        None => s910_common::after_balance(numbers, tap, cx),
    }
}
