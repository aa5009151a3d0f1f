//! The second presentment: the issuer's cryptogram for the card (C-3, 6.2.1).

use super::{State, Step, answer, rules, script};
use crate::{
    apdu::Command,
    bytes::Hex,
    kernel::{
        contract::{Cx, Input, IssuerResponse},
        fault::Fault,
    },
};

/// Lengths that issuer authentication data (91) may have.
const LENGTHS: core::ops::RangeInclusive<usize> = 8..=16;

/// Waits for the answer to EXTERNAL AUTHENTICATE, which changes nothing.
#[derive(Debug)]
pub struct ExpectExternalAuthenticate;

/// Begins with issuer authentication, if there is something to authenticate, else with the scripts. The application has been
/// selected again; GET PROCESSING OPTIONS is not sent.
pub fn start(issuer: &IssuerResponse, cx: &mut Cx<'_>) -> Result<Step, Fault> {
    let Some(data) = &issuer.authentication_data else {
        return Ok(script::start(cx));
    };
    if !LENGTHS.contains(&data.len()) {
        let length = data.len();
        cx.rule(
            rules::ISSUER_AUTHENTICATION,
            format_args!("issuer authentication data (91) of {length} bytes, 8 to 16 wanted: left out"),
        );
        return Ok(script::start(cx));
    }
    let command = Command::external_authenticate(data).map_err(|_| Fault::IssuerDataTooLong)?;
    cx.rule(
        rules::ISSUER_AUTHENTICATION,
        format_args!("issuer authentication data (91) {} goes to the card", Hex(data)),
    );
    Ok(Step::Send(command, State::ExternalAuthenticate(ExpectExternalAuthenticate)))
}

impl ExpectExternalAuthenticate {
    /// Goes on with the scripts, whatever the card answered.
    pub fn reply(self, input: Input<'_>, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        match answer(input) {
            Ok(response) => {
                let status = response.status;
                cx.rule(
                    rules::ISSUER_AUTHENTICATION,
                    format_args!("the card answered {status}, which changes nothing"),
                );
                Ok(script::start(cx))
            }
            Err(fault) => Ok(script::abandon(fault, cx)),
        }
    }
}
