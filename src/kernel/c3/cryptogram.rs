//! The type of the cryptogram (C-3, 5.4.3).

use super::{
    facts::{Disposition, Facts},
    rules,
};
use crate::{
    data::{
        Source, bits,
        dictionary::{CID_9F27, IAD_9F10},
    },
    kernel::{contract::Cx, fault::Fault},
};

/// What the card answered GET PROCESSING OPTIONS with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CryptogramType {
    /// `00`: the card declines.
    Aac,
    /// `01`: the card approves offline.
    Tc,
    /// `10`: the card wants an online authorisation.
    Arqc,
    /// `11`: reserved.
    Rfu,
}

impl CryptogramType {
    /// From bits 8 and 7 of a CID.
    const fn from_cid(cid: u8) -> Self {
        match cid >> 6 {
            0b00 => Self::Aac,
            0b01 => Self::Tc,
            0b10 => Self::Arqc,
            _ => Self::Rfu,
        }
    }

    /// As people name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aac => "AAC",
            Self::Tc => "TC",
            Self::Arqc => "ARQC",
            Self::Rfu => "RFU cryptogram type 11",
        }
    }
}

/// 5.4.3.1: takes the type from the CID, and builds a CID from the Issuer Application Data if the card sent none.
///
/// # Errors
/// [`Fault::CryptogramTypeUnknown`] without a CID and with an IAD of fewer than five bytes.
pub fn determine_type(cx: &mut Cx<'_>) -> Result<CryptogramType, Fault> {
    if let Some([cid]) = cx.store.array(CID_9F27) {
        let cryptogram = CryptogramType::from_cid(cid);
        let name = cryptogram.name();
        cx.rule(rules::CRYPTOGRAM_TYPE, format_args!("CID (9F27) {cid:02X} bits 8-7 say {name}"));
        return Ok(cryptogram);
    }
    let results = cx.store.get(IAD_9F10).and_then(|iad| iad.get(4)).copied().ok_or(Fault::CryptogramTypeUnknown)?;
    let cid = (results & 0x30) << 2;
    let cryptogram = CryptogramType::from_cid(cid);
    let name = cryptogram.name();
    cx.rule(
        rules::CRYPTOGRAM_TYPE,
        format_args!("no CID (9F27); IAD (9F10) byte 5 is {results:02X}, bits 6-5 say {name}"),
    );
    cx.set(CID_9F27, &[cid], Source::Kernel);
    Ok(cryptogram)
}

/// Whether the card has declined, as far as it can be told from what it sent.
pub fn declines(cx: &Cx<'_>) -> bool {
    let by_iad = || cx.store.get(IAD_9F10).and_then(|iad| iad.get(4)).map(|results| (results & 0x30) << 2);
    let cid = cx.store.array(CID_9F27).map(|[cid]| cid).or_else(by_iad);
    cid.map(CryptogramType::from_cid).is_some_and(|kind| matches!(kind, CryptogramType::Aac | CryptogramType::Rfu))
}

/// 5.4.3.2: what the type asks of the reader.
pub fn check_type(facts: &mut Facts, cx: &mut Cx<'_>) {
    let online = bits::ttq::ONLINE_CRYPTOGRAM_REQUIRED;
    let shown = facts.ttq.show(online);
    match facts.cryptogram {
        CryptogramType::Arqc => {
            facts.raise(Disposition::GoOnline);
            cx.rule(rules::CRYPTOGRAM_CHECK, format_args!("the card answered with an ARQC: go online"));
        }
        CryptogramType::Tc if facts.ttq.has(online) => {
            facts.raise(Disposition::GoOnline);
            cx.rule(rules::CRYPTOGRAM_CHECK, format_args!("the card answered with a TC, but {shown}: go online"));
        }
        CryptogramType::Tc => {
            cx.rule(
                rules::CRYPTOGRAM_CHECK,
                format_args!("the card answered with a TC and {shown}: approve offline, if all else allows"),
            );
        }
        declined @ (CryptogramType::Aac | CryptogramType::Rfu) => {
            facts.raise(Disposition::Decline);
            cx.rule(rules::CRYPTOGRAM_CHECK, format_args!("the card answered with an {}: decline", declined.name()));
        }
    }
}
