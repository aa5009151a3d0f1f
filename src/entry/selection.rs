//! Final selection: the name to select (Book B, 3.3.3.3) and Visa's Kernel 1 (3.3.3.6).

use super::{Aid, Combination, KernelId, candidates::Candidate};
use crate::{
    data::{
        dictionary::{FCI_PROPRIETARY_TEMPLATE_A5, FCI_TEMPLATE_6F, PDOL_9F38, TTQ_9F66},
        dol,
    },
    kernel::contract::Indicators,
    tlv,
};

/// The registered application provider of Visa.
const VISA: [u8; 5] = [0xA0, 0x00, 0x00, 0x00, 0x03];

/// The name to select: the ADF name, with the card's 9F29 if the combination supports that. An extension that would make
/// the name longer than 16 bytes is left out.
pub fn name(candidate: &Candidate, combination: &Combination) -> Aid {
    let extension = candidate.extension.as_ref().filter(|_| combination.entry.extended_selection == Some(true));
    extension.and_then(|extension| joined(&candidate.adf_name, extension.bytes())).unwrap_or(candidate.adf_name)
}

fn joined(adf_name: &Aid, extension: &[u8]) -> Option<Aid> {
    let mut joined = [0; 16];
    let (head, tail) = joined.split_at_mut_checked(adf_name.bytes().len())?;
    head.copy_from_slice(adf_name.bytes());
    tail.get_mut(..extension.len())?.copy_from_slice(extension);
    Aid::new(joined.get(..adf_name.bytes().len() + extension.len())?)
}

/// Whether the card cannot be processed by Kernel 3: a Visa application whose PDOL is absent, or does not ask for TTQ.
pub fn needs_kernel_1(combination: &Combination, fci: &[u8]) -> bool {
    combination.aid.bytes().starts_with(&VISA) && combination.kernel_id == KernelId::C3 && !asks_for_ttq(fci)
}

/// The combination of the same application with Kernel 1, by its place in the table; `None` if there is none, or
/// pre-processing does not allow it.
pub fn kernel_1(combination: &Combination, combinations: &[Combination], indicators: &[Indicators]) -> Option<usize> {
    combinations.iter().zip(indicators).position(|(other, indicators)| {
        other.aid == combination.aid
            && other.kernel_id == KernelId::international(1)
            && !indicators.contactless_application_not_allowed
    })
}

/// Whether the PDOL has an entry 9F66. Entries are stepped over by tag and length.
fn asks_for_ttq(fci: &[u8]) -> bool {
    let pdol = [FCI_TEMPLATE_6F, FCI_PROPRIETARY_TEMPLATE_A5, PDOL_9F38]
        .into_iter()
        .try_fold(fci, |bytes, tag| Some(tlv::find(bytes, tag)?.ok()?.value));
    dol::contains(pdol.unwrap_or_default(), TTQ_9F66).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Book B, 3.3.3.6.
    #[test]
    fn ttq_is_found_as_an_entry_only() {
        for (fci, expected) in [
            ("6F08 A506 9F3803 9F6604", true),
            ("6F0B A509 9F3806 9F66049F0206", true),
            ("6F0B A509 9F3806 9F02069F6604", true),
            ("6F09 A507 9F3804 9C9F6604", false),
            ("6F09 A507 9F3804 9C049F66", false),
            ("6F08 A506 9F3803 9F0206", false),
            ("6F05 A503 9F3800", false),
            ("6F09 A507 50055649534131", false),
            ("", false),
        ] {
            assert_eq!(asks_for_ttq(&hex::decode(fci.replace(' ', "")).unwrap()), expected, "{fci}");
        }
    }

    #[test]
    fn an_extension_must_fit() {
        let adf_name = Aid::new(&[0xA0, 0, 0, 0, 4, 0, 4]).unwrap();
        assert_eq!(joined(&adf_name, &[4]).unwrap().bytes(), [0xA0, 0, 0, 0, 4, 0, 4, 4]);
        assert_eq!(joined(&adf_name, &[9; 9]).unwrap().bytes().len(), 16);
        assert_eq!(joined(&adf_name, &[9; 10]), None);
    }
}
