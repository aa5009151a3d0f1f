//! The start of an activation: what the reader handed over becomes GET PROCESSING OPTIONS (C-3, 5.2).

use super::{INTAKE, State, Step, Tap, external_authenticate, gpo::ExpectGpo};
use crate::{
    apdu::{Command, StatusWord},
    data::{
        Source,
        dictionary::{PDOL_9F38, TTQ_9F66},
        dol::{self, DolError},
    },
    kernel::{contract::Cx, fault::Fault},
};

/// The most that the PDOL may ask for: the data of a command, less the header of template 83.
const PDOL_DATA_MAX: usize = 252;

/// Begins a new transaction, or the second presentment with the issuer's answer.
pub fn start(tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
    match cx.activation.issuer.filter(|issuer| cx.activation.restart && issuer.has_emv_data()) {
        Some(issuer) if tap.options.issuer_update => external_authenticate::start(issuer, cx),
        _ => start_transaction(tap, cx),
    }
}

/// TTQ is the copy that pre-processing made, whatever the configuration says.
fn start_transaction(tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
    if let Some(ttq) = cx.activation.indicators.ttq {
        cx.set(TTQ_9F66, &ttq, Source::Transaction);
    }
    let selected = cx.activation.select_status.is_none_or(StatusWord::is_ok);
    let fci = cx.activation.fci.filter(|_| selected).ok_or(Fault::FciMissing)?;
    INTAKE.take_fci(fci, &mut tap.repeats, cx)?;
    tap.check_repeats_early()?;
    let pdol = cx.store.get(PDOL_9F38).ok_or(Fault::Missing(PDOL_9F38))?;
    let mut buffer = [0; PDOL_DATA_MAX];
    let data = dol::fill(pdol, cx.store, &mut buffer).map_err(|error| match error {
        DolError::Malformed(error) => Fault::PdolMalformed(error),
        DolError::TooLong { .. } => Fault::PdolTooLong,
    })?;
    let command = Command::get_processing_options(data).map_err(|_| Fault::PdolTooLong)?;
    Ok(Step::Send(command, State::Gpo(ExpectGpo)))
}
