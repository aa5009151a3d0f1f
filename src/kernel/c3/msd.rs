//! The mag-stripe path of cards and readers from before C-3 (VCPS 1.4.2 and 2.x): track data, and always online.

use super::{
    Tap,
    cryptogram::CryptogramType,
    cvm,
    facts::{Disposition, Facts, Path, Ttq},
    mandatory,
    options::Options,
    outcome, rules,
};
use crate::{
    data::{
        bits::{aip_k1, ttq},
        dictionary::AIP_82,
    },
    kernel::{contract::Cx, fault::Fault, outcome::Outcome},
};

/// The path of this transaction. Mag-stripe mode is for products that still have it and readers whose TTQ offer it; where
/// both modes are offered, the AIP says which the card means.
pub fn path(options: &Options, cx: &mut Cx<'_>) -> Path {
    let reader = Ttq::of(cx.store);
    if !options.msd || !reader.has(ttq::MAG_STRIPE_MODE) {
        return Path::Emv;
    }
    let profile: [u8; 2] = cx.store.array(AIP_82).unwrap_or_default();
    let wanted = aip_k1::MAG_STRIPE_MODE.is_set(&profile);
    let (has, emv) = (reader.show(ttq::MAG_STRIPE_MODE), reader.show(ttq::EMV_MODE));
    if wanted {
        cx.rule(rules::MAG_STRIPE, format_args!("AIP byte 2 bit 8 = 1, {has}: mag-stripe mode"));
        return Path::MagStripe;
    }
    if !emv.is_set() {
        cx.rule(rules::MAG_STRIPE, format_args!("AIP byte 2 bit 8 = 0, {has}, but {emv}: mag-stripe mode"));
        return Path::MagStripe;
    }
    Path::Emv
}

/// From track data to an online request. The card's wishes (CTQ) are of no interest: the reader's limits decide about the CVM.
///
/// # Errors
/// [`Fault::Missing`] without Track 2 Equivalent Data; [`Fault::PanMismatch`].
pub fn decide(tap: &Tap, cx: &mut Cx<'_>) -> Result<Outcome, Fault> {
    mandatory::check_track_data(cx)?;
    tap.check_repeats()?;
    mandatory::check_pan(cx)?;
    let online = Facts::new(CryptogramType::Arqc, cx.store);
    let mut facts = Facts { ctq: None, path: Path::MagStripe, ..online };
    facts.raise(Disposition::GoOnline);
    cvm::choose(&mut facts, &tap.options, cx);
    Ok(outcome::complete(&facts, &tap.options, cx))
}
