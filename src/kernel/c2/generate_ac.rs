//! What GENERATE AC asks for, and with which data (C-2, 7.6).

use super::{
    Tap, database, dol,
    fault::{Fault, L2},
    rules,
    s3_gpo::has_on_device_cvm,
    tap::OdaStatus,
};
use crate::{
    apdu::{Command, CryptogramRequest},
    crypto::owhf2,
    data::{
        Source,
        bits::{
            application_capabilities_information as aci, ds_ods_info as ods, ds_ods_info_for_reader as usable,
            ds_slot_management_control as slot, ids_status, terminal_risk_management_data as risk, tvr,
        },
        dictionary::{
            self as d, APPLICATION_CAPABILITIES_INFORMATION_9F5D, CDOL1_8C, CDOL1_RELATED_DATA_DF8107, DSDOL_9F5B,
            REFERENCE_CONTROL_PARAMETER_DF8114, TERMINAL_RISK_MANAGEMENT_DATA_9F1D, TVR_95,
        },
    },
    kernel::contract::Cx,
};

/// Bit 5 of Reference Control Parameter: a combined signature is asked for.
pub const SIGNED: u8 = 0x10;

/// What goes to the card with the cryptogram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plan {
    /// The cryptogram alone (GAC.26).
    Plain,
    /// With a signature (GAC.27).
    Signed,
    /// With a signature, and data for the card's storage (GAC.40 to GAC.48).
    Written,
}

/// GAC.1 to GAC.48: the command.
pub fn prepare(tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Command, Fault> {
    let plan = plan(tap, cx)?;
    let signed = if plan == Plan::Plain { 0 } else { SIGNED };
    let p1 = tap.ac_type.bits() | signed;
    cx.set(REFERENCE_CONTROL_PARAMETER_DF8114, &[p1], Source::Kernel);
    let unanswerable = |cx: &mut Cx<'_>, why: &dyn core::fmt::Display| {
        cx.rule(rules::GAC_29, format_args!("CDOL1 (8C) cannot be answered: {why}"));
        Fault::card(L2::CardDataError)
    };
    let cdol = cx.store.get(CDOL1_8C).unwrap_or_default().to_vec();
    let mut data = dol::fill(&cdol, &tap.options, cx).map_err(|why| unanswerable(cx, &why))?;
    cx.set(CDOL1_RELATED_DATA_DF8107, &data, Source::Kernel);
    tap.dsdol_data.clear();
    if plan == Plan::Written {
        let dsdol = cx.store.get(DSDOL_9F5B).unwrap_or_default().to_vec();
        tap.dsdol_data = dol::fill_dsdol(&dsdol, &tap.options, cx).map_err(|why| unanswerable(cx, &why))?;
        data.extend_from_slice(&tap.dsdol_data);
    }
    let command = Command::generate_ac(p1, &data).map_err(|why| unanswerable(cx, &why))?;
    if plan == Plan::Written {
        cx.rule(
            rules::GAC_47,
            format_args!("{} bytes for the card's storage follow the data of CDOL1", tap.dsdol_data.len()),
        );
        database::set_bit(d::IDS_STATUS_DF8128, ids_status::WRITE, true, cx);
    }
    Ok(command)
}

fn plan(tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Plan, Fault> {
    let failed = database::has(TVR_95, tvr::CDA_FAILED, cx);
    if tap.ids_read(cx) {
        return if failed { Ok(without_signature(tap, cx)) } else { with_data_storage(tap, cx) };
    }
    if tap.oda != OdaStatus::Cda || failed {
        return Ok(without_signature(tap, cx));
    }
    if tap.ac_type != CryptogramRequest::Aac {
        cx.rule(rules::GAC_27, format_args!("{} with a signature", tap.ac_type.name()));
        return Ok(Plan::Signed);
    }
    let signs = database::has(APPLICATION_CAPABILITIES_INFORMATION_9F5D, aci::CDA_OVER_EVERY_CRYPTOGRAM, cx);
    cx.rule(rules::GAC_25, format_args!("AAC, which the card {} sign", if signs { "can" } else { "does not" }));
    Ok(if signs { Plan::Signed } else { Plan::Plain })
}

/// GAC.22, GAC.23, GAC.26: a device that verified its holder is believed only with a signature.
fn without_signature(tap: &mut Tap, cx: &mut Cx<'_>) -> Plan {
    let excused =
        tap.options.cdcvm_without_cda && database::has(TERMINAL_RISK_MANAGEMENT_DATA_9F1D, risk::CDCVM_WITHOUT_CDA, cx);
    if has_on_device_cvm(tap, cx) && !excused {
        cx.rule(rules::GAC_23, format_args!("verification on the device without a signature: AAC"));
        tap.ac_type = CryptogramRequest::Aac;
    } else {
        cx.rule(rules::GAC_26, format_args!("{} without a signature", tap.ac_type.name()));
    }
    Plan::Plain
}

/// GAC.3 to GAC.11: whether the data that the terminal wants to write go with this cryptogram.
fn with_data_storage(tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Plan, Fault> {
    if !cx.store.is_present(d::DS_ODS_INFO_DF62) || !cx.store.is_present(DSDOL_9F5B) {
        cx.rule(rules::GAC_3, format_args!("there is nothing to write: data storage is only read"));
        return Ok(Plan::Signed);
    }
    let wanted = cx.store.array(d::DS_AC_TYPE_DF8108).and_then(|[kind]| CryptogramRequest::from_bits(kind));
    let info: Option<[u8; 1]> = cx.store.array(d::DS_ODS_INFO_FOR_READER_DF810A);
    let (Some(wanted), Some(info)) = (wanted, info) else {
        cx.rule(rules::GAC_5, format_args!("the terminal does not say with which cryptogram it wants to write"));
        return Err(Fault::card(L2::IdsDataError));
    };
    let (asked, name) = (tap.ac_type, tap.ac_type.name());
    let fits = wanted == CryptogramRequest::Aac
        || wanted == asked
        || (wanted == CryptogramRequest::Arqc && asked == CryptogramRequest::Tc);
    if fits {
        cx.rule(rules::GAC_7, format_args!("the terminal writes with {}", wanted.name()));
        tap.ac_type = wanted;
        return Ok(write(cx));
    }
    let otherwise = match asked {
        CryptogramRequest::Aac => usable::USABLE_FOR_AAC.is_set(&info),
        CryptogramRequest::Arqc => usable::USABLE_FOR_ARQC.is_set(&info),
        CryptogramRequest::Tc => false,
    };
    if otherwise {
        cx.rule(rules::GAC_9, format_args!("the data are usable for {name} too"));
        return Ok(write(cx));
    }
    if usable::STOP_IF_NO_DS_ODS_TERM.is_set(&info) {
        cx.rule(rules::GAC_10, format_args!("the data are not for {name}, and the terminal wants to stop then"));
        return Err(Fault::card(L2::IdsNoMatchingAc));
    }
    cx.rule(rules::GAC_10, format_args!("the data are not for {name}: data storage is only read"));
    Ok(Plan::Signed)
}

/// GAC.40 to GAC.44: the digest of the terminal's input, if the card wants it.
fn write(cx: &mut Cx<'_>) -> Plan {
    let dsdol = cx.store.get(DSDOL_9F5B).unwrap_or_default().to_vec();
    let input = cx.store.array(d::DS_INPUT_TERM_DF8109).filter(|_| dol::names(&dsdol, d::DS_DIGEST_H_DF61));
    if let Some(digest) = input.and_then(|input| digest(input, cx)) {
        cx.rule(rules::GAC_42, format_args!("DS Digest H (DF61) is computed from the terminal's input"));
        cx.set(d::DS_DIGEST_H_DF61, &digest, Source::Kernel);
    }
    cx.rule(rules::GAC_45, format_args!("signature, and data for the card's storage"));
    Plan::Written
}

/// OWHF2 of version 1, OWHF2AES of version 2. A volatile object of a permanent slot belongs to no operator.
fn digest(input: [u8; 8], cx: &Cx<'_>) -> Option<[u8; 8]> {
    let storage = cx.store.get(d::DS_ID_9F5E)?;
    let anonymous = database::has(d::DS_SLOT_MANAGEMENT_CONTROL_9F6F, slot::PERMANENT, cx)
        && database::has(d::DS_ODS_INFO_DF62, ods::VOLATILE, cx);
    let operator = if anonymous { [0; 8] } else { cx.store.array(d::DS_REQUESTED_OPERATOR_ID_9F5C)? };
    if database::has(APPLICATION_CAPABILITIES_INFORMATION_9F5D, aci::DATA_STORAGE_1, cx) {
        owhf2::owhf2(storage, operator, input)
    } else {
        owhf2::owhf2_aes(storage, operator, input)
    }
}
